"""What signed checkpoints state about the log: those in the database, those that the witness keeps, those kept elsewhere."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cr_app.audit.checkpoints import ALGORITHM, NotSigned, Statement, VerifierKey, open_note
from cr_app.audit.models import Checkpoint
from cr_app.audit.verifying.reports import Kind, Problem, Problems
from cr_app.audit.witness import CannotWitness, read_notes

_AT_ONCE = 1_000


class CannotVerify(Exception):
    """What a verification needs cannot be read; the sentence says what."""


@dataclass(frozen=True)
class Stated:
    """A statement in as few bytes as may be, since there can be many."""

    epoch: int
    size: int
    root: bytes

    @classmethod
    def of(cls, statement: Statement) -> "Stated":
        """Keep what matters here."""
        return cls(statement.epoch, statement.size, statement.root)


@dataclass
class Checkpoints:
    """The checkpoints in the database, in the order they were made."""

    all: list[Stated] = field(default_factory=list)
    count: int = 0
    latest: Checkpoint | None = None
    # Of each note, so that the same note is not checked once more in the witness.
    digests: set[bytes] = field(default_factory=set)

    @property
    def size(self) -> int:
        """How long the log is by its latest checkpoint."""
        return self.latest.size if self.latest else 0

    @property
    def last_of_epochs(self) -> dict[int, int]:
        """The largest size of each epoch."""
        found: dict[int, int] = {}
        for each in self.all:
            found[each.epoch] = max(each.size, found.get(each.epoch, 0))
        return found

    @property
    def restarts(self) -> frozenset[int]:
        """The places at which the order of transactions begins anew: where an epoch begins, and after its first round."""
        firsts: dict[int, int] = {}
        for each in self.all:
            firsts[each.epoch] = min(each.size, firsts.get(each.epoch, each.size))
        begun = sorted(firsts)[1:]
        return frozenset(self.last_of_epochs[each] for each in sorted(firsts)[:-1]) | {firsts[each] for each in begun}


def read_checkpoints(using: str, verifier: VerifierKey, problems: Problems) -> Checkpoints:
    """Return the checkpoints of the database that the key has signed; the others are named."""
    found = Checkpoints()
    last_id = 0
    while rows := list(Checkpoint.objects.using(using).filter(pk__gt=last_id).order_by("pk")[:_AT_ONCE]):
        for row in rows:
            found.count += 1
            try:
                statement = open_note(row.note, verifier)
            except NotSigned as error:
                problems.add(_of_checkpoint(row, f"it is not signed by the key of the log. {error}"))
                continue
            if not _says(row, statement, verifier):
                problems.add(_of_checkpoint(row, "its columns say something else than its signed note."))
                continue
            found.all.append(Stated.of(statement))
            found.digests.add(_digest(row.note))
            if found.latest is None or (row.epoch, row.size) > (found.latest.epoch, found.latest.size):
                found.latest = row
        last_id = rows[-1].pk
    return found


def _says(row: Checkpoint, statement: Statement, verifier: VerifierKey) -> bool:
    return (row.epoch, row.size, bytes(row.root), row.made_at, row.origin, row.algorithm, row.key_id) == (
        statement.epoch,
        statement.size,
        statement.root,
        statement.made_at,
        statement.origin,
        ALGORITHM,
        verifier.key_id,
    )


def _of_checkpoint(row: Checkpoint, what: str) -> Problem:
    name = f"Checkpoint {row.pk} (epoch {row.epoch}, size {row.size})"
    return Problem(Kind.CHECKPOINT, f"{name}: {what}", "checkpoint", row.pk)


@dataclass
class Witnessed:
    """What the witness keeps: its statements in their order."""

    all: list[Stated] = field(default_factory=list)
    # The place in the file of one that the database does not have word for word.
    unknown: list[tuple[int, Stated]] = field(default_factory=list)


def read_witness(path: Path) -> list[str]:
    """Return the notes in the witness's file, none where there is no file; raise CannotVerify where it cannot be read."""
    try:
        return list(read_notes(path)) if path.exists() else []
    except (CannotWitness, OSError) as error:
        raise CannotVerify(f"The witness {path} cannot be read ({type(error).__name__}).") from None


def open_witness(
    notes: Iterable[str], verifier: VerifierKey, checkpoints: Checkpoints, problems: Problems
) -> Witnessed:
    """Return what the witness's notes state; those that the key has not signed are named."""
    found = Witnessed()
    for place, note in enumerate(notes, 1):
        try:
            statement = open_note(note, verifier)
        except NotSigned as error:
            sentence = f"Note {place} of the witness is not signed by the key of the log. {error}"
            problems.add(Problem(Kind.WITNESS, sentence, "witness", place))
            continue
        stated = Stated.of(statement)
        found.all.append(stated)
        if _digest(note) not in checkpoints.digests:
            found.unknown.append((place, stated))
    return found


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


def hold_to(roots: dict[int, bytes], stated: Iterable[Stated], size: int) -> Iterator[Stated]:
    """Yield the statements about a size that the log has, whose root is not the log's."""
    return (each for each in stated if each.size <= size and roots[each.size] != each.root)


def in_words(at: datetime) -> str:
    """Write a time for a sentence: "21 November 2026 at 05:28:00 UTC"."""
    return f"{at.astimezone(UTC):%-d %B %Y at %H:%M:%S} UTC"


def _digest(note: str) -> bytes:
    return hashlib.sha256(note.encode()).digest()
