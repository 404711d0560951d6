"""What signed checkpoints state about the log: those in the database, those that the witness keeps, those kept elsewhere."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from cr_app.audit.checkpoints import ALGORITHM, NotSigned, Statement, VerifierKey, open_note
from cr_app.audit.models import Checkpoint
from cr_app.audit.verifying.reports import Kind, Problem, Problems
from cr_app.audit.witness import CannotWitness, read_notes

_AT_ONCE = 1_000


class CannotVerify(Exception):
    """What a verification needs cannot be read; the sentence says what."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement in as few bytes as may be, since there can be many."""

    epoch: int
    size: int
    root: bytes

    @classmethod
    def of(cls, statement: Statement) -> "Stated":
        """Keep what matters of every one."""
        return cls(statement.epoch, statement.size, statement.root)


@dataclass
class Epoch:
    """The first and the last checkpoint of an epoch."""

    first: Statement
    last: Statement


@dataclass
class Checkpoints:
    """The checkpoints in the database, in the order they were made, by what their notes say."""

    all: list[Stated] = field(default_factory=list)
    count: int = 0
    # Of each note, so that the same note is not opened once more in the witness.
    digests: dict[bytes, Stated] = field(default_factory=dict)
    last_id: int = 0
    epochs: dict[int, Epoch] = field(default_factory=dict)

    def add(self, note: str, statement: Statement) -> None:
        """Take one more."""
        stated = self.digests[_digest(note)] = Stated.of(statement)
        self.all.append(stated)
        epoch = self.epochs.setdefault(statement.epoch, Epoch(statement, statement))
        epoch.first = min(epoch.first, statement, key=lambda each: each.size)
        epoch.last = max(epoch.last, statement, key=lambda each: each.size)

    @property
    def latest(self) -> Statement | None:
        """The largest of the last epoch."""
        return self.epochs[max(self.epochs)].last if self.epochs else None

    @property
    def size(self) -> int:
        """How long the log is by its latest checkpoint."""
        return self.latest.size if self.latest else 0

    @property
    def last_of_epochs(self) -> dict[int, int]:
        """The largest size of each epoch."""
        return {number: epoch.last.size for number, epoch in self.epochs.items()}

    def sealed_at(self, using: str, index: int) -> datetime | None:
        """Return when the place was first covered by a checkpoint."""
        first = bisect_right(self.all, index, key=lambda each: each.size)
        if first == len(self.all):
            return None
        stated = self.all[first]
        rows = Checkpoint.objects.using(using).filter(epoch=stated.epoch, size=stated.size)
        return rows.values_list("made_at", flat=True).first()

    @cached_property
    def restarts(self) -> tuple[tuple[Statement, Statement], ...]:
        """Of each epoch but the first: the last checkpoint before it, and its own first."""
        numbers = sorted(self.epochs)
        return tuple((self.epochs[before].last, self.epochs[after].first) for before, after in pairwise(numbers))

    @property
    def breaks(self) -> frozenset[int]:
        """The places at which the order of transactions begins anew: where an epoch begins, and after its first round."""
        return frozenset(each.size for pair in self.restarts for each in pair)


def read_checkpoints(using: str, verifier: VerifierKey, problems: Problems) -> Checkpoints:
    """Return the checkpoints of the database that the key has signed; the others are named, and columns that differ."""
    found = Checkpoints()
    while rows := list(Checkpoint.objects.using(using).filter(pk__gt=found.last_id).order_by("pk")[:_AT_ONCE]):
        for row in rows:
            found.count += 1
            try:
                statement = open_note(row.note, verifier)
            except NotSigned as error:
                problems.add(_of_checkpoint(row, f"it is not signed by the key of the log. {error}"))
                continue
            if not _says(row, statement, verifier):
                problems.add(_of_checkpoint(row, "its columns say something else than its signed note."))
            found.add(row.note, statement)
        found.last_id = rows[-1].pk
    return found


def _says(row: Checkpoint, statement: Statement, verifier: VerifierKey) -> bool:
    stated = Statement(row.origin, row.size, bytes(row.root), row.epoch, row.made_at, row.horizon, row.database)
    return (stated, row.algorithm, row.key_id) == (statement, ALGORITHM, verifier.key_id)


def _of_checkpoint(row: Checkpoint, what: str) -> Problem:
    name = f"Checkpoint {row.pk} (epoch {row.epoch}, size {row.size})"
    return Problem(Kind.CHECKPOINT, f"{name}: {what}", "checkpoint", row.pk)


@dataclass
class Witnessed:
    """What the witness keeps: its statements in their order."""

    all: list[Stated] = field(default_factory=list)
    # The place in the file of one that the database does not have word for word.
    unknown: list[tuple[int, Stated]] = field(default_factory=list)


def read_witness(
    path: Path, verifier: VerifierKey, checkpoints: Checkpoints, using: str, problems: Problems
) -> Witnessed:
    """Return what the witness's notes state, nothing where there is no file; those that the key has not signed are named.

    A note that a checkpoint has word for word is not opened again. Notes of checkpoints made since those were read are
    left for the next time. Raises CannotVerify where the file cannot be read.
    """
    found = Witnessed()
    for place, note in enumerate(_notes(path), 1):
        if known := checkpoints.digests.get(_digest(note)):
            found.all.append(known)
            continue
        # The database has a checkpoint before the witness has it.
        if Checkpoint.objects.using(using).filter(pk__gt=checkpoints.last_id, note=note).exists():
            continue
        try:
            stated = Stated.of(open_note(note, verifier))
        except NotSigned as error:
            sentence = f"Note {place} of the witness is not signed by the key of the log. {error}"
            problems.add(Problem(Kind.WITNESS, sentence, "witness", place))
            continue
        found.all.append(stated)
        found.unknown.append((place, stated))
    return found


def _notes(path: Path) -> Iterator[str]:
    try:
        if path.exists():
            yield from read_notes(path)
    except (CannotWitness, OSError) as error:
        raise CannotVerify(f"The witness {path} cannot be read ({type(error).__name__}).") from None


def note_in(text: str) -> str:
    """Return the note in a file of one, however its lines end and whatever empty lines stand around it."""
    return "\n".join(text.splitlines()).strip("\n") + "\n"


def open_kept(notes: Sequence[str], verifier: VerifierKey) -> list[Statement]:
    """Return what checkpoints kept elsewhere state; raise CannotVerify for one that the key has not signed."""
    found: list[Statement] = []
    for note in notes:
        try:
            found.append(open_note(note, verifier))
        except NotSigned as error:
            raise CannotVerify(f"The checkpoint that was kept is not one of this log. {error}") from None
    return found


def hold_to(roots: Mapping[int, bytes], stated: Iterable[Stated], size: int) -> Iterator[Stated]:
    """Yield the statements about a size that the log has, whose root is not the log's."""
    return (each for each in stated if each.size <= size and roots[each.size] != each.root)


def in_words(at: datetime) -> str:
    """Write a time for a sentence: "21 November 2026 at 05:28:00 UTC"."""
    return f"{at.astimezone(UTC):%-d %B %Y at %H:%M:%S} UTC"


def _digest(note: str) -> bytes:
    return hashlib.sha256(note.encode()).digest()
