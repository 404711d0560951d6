"""Replays records: what the entries say a record's rows are, beside what its tables say now.

The trail knows no record's tables, so whoever owns them registers how they are read.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cr_app.audit.models import Entry
from cr_app.audit.queries import ERASED, RowKey, Value, replay

Rows: TypeAlias = Mapping[RowKey, Mapping[str, object]]
# A record is read again when something was added to it meanwhile.
_TRIES = 5
_AT_ONCE = 500


@dataclass(frozen=True)
class _Records:
    """How the records of one kind are found: their keys in some order, and the rows of one, None where there is none."""

    all_keys: Callable[[], Iterable[str]]
    rows: Callable[[str], Rows | None]


@dataclass(frozen=True)
class Replayed:
    """How many records were replayed, how many values could not be compared because they were erased from the trail.

    `kept` of those still stand in `holding` of the records.
    """

    records: int
    erased: int
    kept: int
    holding: int


@dataclass(frozen=True)
class Compared:
    """Where the rows of one record differ from its entries, in words that name rows and columns.

    `erased` values of the entries could not be compared; `kept` of them still stand in the rows.
    """

    differences: tuple[str, ...]
    erased: int = 0
    kept: int = 0


_registered: dict[str, _Records] = {}


def register(kind: str, *, keys: Callable[[], Iterable[str]], rows: Callable[[str], Rows | None]) -> None:
    """Have records of this kind, whose subjects are kind:key, replayed: `keys` yields all, `rows` reads one."""
    _registered[kind] = _Records(keys, rows)


def check_all(add: Callable[[str, str], None]) -> Replayed:
    """Replay every record of every kind registered.

    `add` is given the record, as case:7KQM2PXR, and a sentence about it for each difference from its entries.
    """
    records = erased = kept = holding = 0
    for kind, of_kind in _registered.items():
        for key in of_kind.all_keys():
            found = compare(f"{kind}:{key}", of_kind.rows, key)
            records += 1
            erased += found.erased
            kept += found.kept
            holding += found.kept > 0
            for difference in found.differences:
                add(f"{kind}:{key}", f"{kind.capitalize()} {key}: {difference}.")
        for key in _keys_with_entries(kind):
            if of_kind.rows(key) is None and replay(f"{kind}:{key}"):
                add(f"{kind}:{key}", f"{kind.capitalize()} {key}: it has entries, and is not there any more.")
    return Replayed(records, erased, kept, holding)


def compare(subject: str, rows_of: Callable[[str], Rows | None], key: str) -> Compared:
    """Return where the rows of a record differ from what its entries say; an erased value goes with any."""
    told = replay(subject)
    for _ in range(_TRIES):
        rows = rows_of(key)
        found = _compare(told, rows or {})
        if not found.differences:
            return found
        # Equal before and after, so that nothing was added while the rows were read.
        again = replay(subject)
        if again == told:
            return found
        told = again
    return found


def _compare(told: Mapping[RowKey, Mapping[str, Value]], rows: Rows) -> Compared:
    if rows and not told:
        return Compared(("it has no entries",))
    differences: list[str] = []
    erased = kept = 0
    for row, key in sorted(told.keys() | rows.keys()):
        expected, present = told.get((row, key)), rows.get((row, key))
        if present is None:
            differences.append(f"its entries tell of {row} {key}, which is not there")
        elif expected is None:
            differences.append(f"{row} {key} is there, but no entry tells of it")
        else:
            names = [name for name, value in expected.items() if value is ERASED]
            erased += len(names)
            kept += sum(present.get(name) not in (None, "") for name in names)
            differences += [
                f"the column {name} of {row} {key} says something else than its entries"
                for name in sorted(expected.keys() | present.keys())
                if not _same(name, expected, present)
            ]
    return Compared(tuple(differences), erased, kept)


def _same(name: str, expected: Mapping[str, Value], present: Mapping[str, object]) -> bool:
    if name not in expected or name not in present:
        return False
    value = expected[name]
    return value is ERASED or (type(value) is type(present[name]) and value == present[name])


def _keys_with_entries(kind: str) -> Iterator[str]:
    """Yield the keys of all records of a kind that any entry is about, a few hundred at a time."""
    prefix = f"{kind}:"
    entries = Entry.objects.filter(subject__startswith=prefix).order_by("subject").values_list("subject", flat=True)
    found = list(entries.distinct()[:_AT_ONCE])
    while found:
        yield from (subject.removeprefix(prefix) for subject in found)
        found = list(entries.filter(subject__gt=found[-1]).distinct()[:_AT_ONCE])
