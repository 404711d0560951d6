"""Police ranks in order, read from the shipped table; equal order is equal rank."""

import csv
from dataclasses import dataclass
from pathlib import Path

from cr_app.policy.facts import BadFacts
from cr_app.policy.wording import shown

_TABLE = Path(__file__).parent / "data" / "ranks.csv"


@dataclass(frozen=True, slots=True)
class Rank:
    """One rank: its full name, its abbreviation and its place in the order (higher commands lower)."""

    name: str
    abbreviation: str
    order: int


def _read() -> tuple[Rank, ...]:
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return tuple(Rank(row["name"], row["abbrev"], int(row["order"])) for row in csv.DictReader(lines))


RANKS: tuple[Rank, ...] = _read()
_BY_NAME = {rank.name.casefold(): rank for rank in RANKS}


def rank_named(text: str) -> Rank:
    """Return the rank with this full name, in any case; raise BadFacts for anything else, abbreviations too."""
    found = _BY_NAME.get(text.casefold())
    if found is None:
        raise BadFacts(f"The rank {shown(text)} is not known: give its full name, such as Inspector.")
    return found
