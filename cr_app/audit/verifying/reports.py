"""What a verification found, in sentences that name a row or a place and never a personal value. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

# So many are kept in words; the rest is counted.
PROBLEMS_KEPT = 1_000


class Kind(StrEnum):
    """What does not hold."""

    CHANGED = "changed"
    COLUMNS = "columns"
    PERSONAL = "personal"
    GONE = "gone"
    INSERTED = "inserted"
    ORDER = "order"
    GAP = "gap"
    TREE = "tree"
    CHECKPOINT = "checkpoint"
    WITNESS = "witness"
    KEPT = "kept"
    RESTORED = "restored"
    LATE = "late"
    MISSING = "missing"
    CASE = "case"


@dataclass(frozen=True)
class Problem:
    """One thing that does not hold: a sentence, and which row of which table and place in the log it is about.

    `subject` is the record that it names, such as case:7KQM2PXR.
    """

    kind: Kind
    sentence: str
    table: str = ""
    row_id: int | None = None
    index: int | None = None
    subject: str = ""


@dataclass
class Problems:
    """Problems as they are found: the first ones in words, all of them counted."""

    kept: list[Problem] = field(default_factory=list)
    count: int = 0

    def add(self, problem: Problem) -> None:
        """Take one more."""
        self.count += 1
        if len(self.kept) < PROBLEMS_KEPT:
            self.kept.append(problem)

    def add_all(self, found: Iterable[Problem], count: int) -> None:
        """Take those of a part: `count` of them, of which some may not be kept in words."""
        before = self.count
        for problem in found:
            self.add(problem)
        self.count = before + count


@dataclass(frozen=True)
class Waiting:
    """What is not sealed yet: how many rows, and the time of the oldest."""

    count: int
    oldest_at: datetime | None


@dataclass(frozen=True)
class Report:
    """What one verification found; it `holds` when there is no problem.

    `rows` counts the rows of the log that were read, `personal` their personal values that are still kept and were
    checked, `erased` those that are not kept any more. `notices` are sentences about what is no problem.
    """

    size: int
    root: bytes
    epoch: int
    checkpoints: int
    sealed_at: datetime | None
    witnessed: int
    unsealed: Waiting
    rows: int
    personal: int
    erased: int
    cases: int | None
    erased_in_cases: int
    problems: tuple[Problem, ...]
    problem_count: int
    notices: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing was found that does not hold."""
        return self.problem_count == 0

    @property
    def is_cut(self) -> bool:
        """Whether there are more problems than are told in words."""
        return self.problem_count > len(self.problems)


def named(table: str, row_id: int, index: int | None = None) -> str:
    """Name a row at the beginning of a sentence: "Entry 12, place 7 of the log"."""
    return f"{table.capitalize()} {row_id}" + ("" if index is None else f", place {index} of the log")
