"""What a row of a table counts, by codes, and how release.json says so; no count is in it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Kind(NamedTuple):
    """Offences of one code, either committed or encouraged and assisted."""

    code: str
    encouraging: bool


@dataclass(frozen=True)
class Row:
    """A row by what it counts: these kinds, of one value of the breakdown; an empty value is all of them.

    `merged` are the rows that it stands for, which an outsider knows to be in it. `among` are the values under which its cases
    are counted now, where its own is not what it was.
    """

    label: str
    kinds: frozenset[Kind]
    value: str = ""
    merged: tuple["Row", ...] = ()
    among: frozenset[str] = frozenset()

    @property
    def values(self) -> tuple[str, ...]:
        """Return the values that it counts; the empty one is all of them."""
        return tuple(sorted(self.among)) or (self.value,)


def rows_as_json(base: Iterable[Row], values: Sequence[str]) -> list[dict[str, object]]:
    """Return the definition of each base row as release.json has it: its label, what it counts, the values it is split by."""
    told = []
    for row in base:
        kept: dict[str, object] = {"label": row.label, "counts": _parts(row.kinds)}
        if values:
            kept["values"] = list(values)
        told.append(kept)
    return told


def rows_from_json(told: object) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """Return the base rows and the values of a release.json; raises ValueError for what defines none."""
    if not isinstance(told, list):
        raise ValueError("It does not say what its rows count.")
    rows, values = [], tuple[str, ...]()
    for each in told:
        if not isinstance(each, dict) or not isinstance(each.get("label"), str):
            raise ValueError("A row of it has no label.")
        rows.append(Row(each["label"], _kinds(each.get("counts"))))
        values = tuple(map(str, each.get("values") or ()))
    return tuple(rows), values


def _parts(kinds: frozenset[Kind]) -> list[Mapping[str, object]]:
    """Return kinds as lists of codes: those counted in either way, those plainly, those encouraged and assisted."""
    plain = {kind.code for kind in kinds if not kind.encouraging}
    encouraged = {kind.code for kind in kinds if kind.encouraging}
    parts = [(plain & encouraged, None), (plain - encouraged, False), (encouraged - plain, True)]
    return [{"codes": sorted(codes), "encouraging_or_assisting": which} for codes, which in parts if codes]


def _kinds(told: object) -> frozenset[Kind]:
    if not isinstance(told, list):
        raise ValueError("A row of it does not say what it counts.")
    found = set[Kind]()
    for part in told:
        codes, which = (
            (part.get("codes"), part.get("encouraging_or_assisting")) if isinstance(part, dict) else (None, None)
        )
        if not isinstance(codes, list) or not (which is None or isinstance(which, bool)):
            raise ValueError("A row of it does not say what it counts.")
        both = (False, True) if which is None else (which,)
        found |= {Kind(str(code), each) for code in codes for each in both}
    return frozenset(found)
