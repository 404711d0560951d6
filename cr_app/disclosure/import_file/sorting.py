"""Sorts rows into cases and their further offences, whatever lies between the rows of a case. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from cr_app.disclosure.import_file.rows import Rejected, Row, impossible_dates

Key = tuple[str, str]
Offence = tuple[str, bool]

# What the rows of a case say alike; a blank in a later row says nothing.
SHARED = (
    *("unit", "decided_on", "issued_on", "offender_age", "offender_sex", "offender_ethnicity"),
    *("victim_kind", "victim_agrees", "exception"),
)
IMPORTED_BEFORE = "reference", "this case was imported before, with another file"
FIRST_REJECTED = "reference", "the first row of this case was rejected; put that right first"
LISTED_TWICE = "offence_code", "an earlier row of this case has the same offence"


@dataclass
class Standing:
    """A case that was taken from an earlier row: its key in the table, that row, and its offences so far."""

    pk: int
    first: Row
    offences: set[Offence]


class NewCase(NamedTuple):
    """The first row of a case, with its principal offence."""

    pk: int
    row: Row


class FurtherOffence(NamedTuple):
    """A later row of a case, with what it leaves blank filled from the first."""

    case_pk: int
    row: Row


class Sorter:
    """Takes the rows of a file in their order, and remembers which cases had a first row that was rejected."""

    def __init__(self, say: Callable[[str, str], str]) -> None:
        """Take how a sentence about a column is worded."""
        self._say = say
        self._without_first: set[Key] = set()

    def sort(
        self,
        read: Row | Rejected,
        *,
        standing: dict[Key, Standing],
        before: frozenset[Key] | set[Key],
        next_pk: Callable[[], int],
    ) -> NewCase | FurtherOffence | Rejected:
        """Return what a row is; `standing` are this file's cases, to which a new one is added, `before` those of others."""
        if isinstance(read, Rejected):
            self.remember(read, standing)
            return read
        key = read.key
        if key in before:
            return Rejected(read.line, self._say(*IMPORTED_BEFORE), key)
        case = standing.get(key)
        if case is None:
            if key in self._without_first:
                return Rejected(read.line, self._say(*FIRST_REJECTED), key)
            made = NewCase(next_pk(), read)
            standing[key] = Standing(made.pk, read, {(read.offence_code, read.encouraging_or_assisting)})
            return made
        return self._further(case, read)

    def remember(self, rejected: Rejected, standing: Mapping[Key, Standing]) -> None:
        """Remember a rejected row that would have been the first of its case."""
        if rejected.key is not None and rejected.key not in standing:
            self._without_first.add(rejected.key)

    def _further(self, case: Standing, row: Row) -> FurtherOffence | Rejected:
        first = case.first
        for column in SHARED:
            said = getattr(row, column)
            if said not in (None, "") and said != getattr(first, column):
                return Rejected(
                    row.line, self._say(column, f"is not what line {first.line} says of the same case"), row.key
                )
        whole = first._replace(
            line=row.line,
            offence_code=row.offence_code,
            encouraging_or_assisting=row.encouraging_or_assisting,
            offence_on=row.offence_on,
        )
        if wrong := impossible_dates(whole):
            return Rejected(row.line, self._say(*wrong), row.key)
        offence = row.offence_code, row.encouraging_or_assisting
        if offence in case.offences:
            return Rejected(row.line, self._say(*LISTED_TWICE), row.key)
        case.offences.add(offence)
        return FurtherOffence(case.pk, whole)
