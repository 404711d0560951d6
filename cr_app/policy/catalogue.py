"""Offence types as the rules see them, read from the shipped Home Office catalogue."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

_TABLE = Path(__file__).parent / "data" / "offences.csv"
INDICTABLE_ONLY = "indictable only"
EXCLUSION_CATEGORIES = ("domestic_abuse", "hate_crime", "sexual_offence", "firearm", "weapon_or_blade")


@dataclass(frozen=True, slots=True)
class OffenceKind:
    """One offence type; `exclusion_category` is what its code brings by itself, empty for none.

    `basis` says which of mode of trial and maximum are sourced and which are to be confirmed by a force before use.
    """

    code: str
    title: str
    group: str
    subgroup: str
    statute: str
    mode_of_trial: str
    max_penalty: str
    exclusion_category: str
    basis: str

    @property
    def is_indictable_only(self) -> bool:
        """Whether it is triable only on indictment."""
        return self.mode_of_trial == INDICTABLE_ONLY


Catalogue = Mapping[str, OffenceKind]


@cache
def shipped_catalogue() -> Catalogue:
    """Return the shipped catalogue: Home Office code to offence type, in the order of the file."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        kinds = [
            OffenceKind(
                code=row["ho_code"],
                title=row["title"],
                group=row["group"],
                subgroup=row["subgroup"],
                statute=row["statute"],
                mode_of_trial=row["mode_of_trial"],
                max_penalty=row["max_penalty"],
                exclusion_category=row["exclusion_category"],
                basis=row["basis"],
            )
            for row in csv.DictReader(lines)
        ]
    return MappingProxyType({kind.code: kind for kind in kinds})
