"""The witness: a file outside the database that keeps every signed checkpoint, one after another, and only grows.

A note is followed by one empty line. A crash may tear the last one off: the piece stays where it is, and the note is
written again after it. Whoever owns the file can make it append-only, mail it or print it (docs/operations.md).
"""

import contextlib
import fcntl
import logging
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from cr_app.audit.checkpoints import NotSigned, Statement, VerifierKey, open_note
from cr_app.audit.tree import NotProved, check_consistency

# Gives the proof that the log of the second size only adds to that of the first.
Consistency: TypeAlias = Callable[[int, int], list[bytes]]

_log = logging.getLogger(__name__)

_SIGNATURE = "— "
# Base64 of the key's id and an Ed25519 signature.
_SIGNATURE_LENGTH = 92
_MODE = 0o644
_LOCK_SECONDS = 10.0
# The end of the file that is read to find its last note; ten notes and more fit into it.
_TAIL_BYTES = 8192
# Written at once, and forced to the disk at once; about 200 kB.
_NOTES_AT_ONCE = 500
_BLOCKS = re.compile(r"\n{2,}")
_WHOLE_END = b"\n\n"


class CannotWitness(Exception):
    """The witness cannot be read or written; the sentence says why."""


class Contradiction(Exception):
    """A checkpoint that does not go with what the witness has seen; the sentence says how."""


@dataclass(frozen=True)
class Seen:
    """A note that the witness holds, and what it states."""

    note: str
    statement: Statement


class Witness:
    """The witness in the file of this path."""

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is read or made yet."""
        self.path = path

    def notes(self) -> Iterator[str]:
        """Yield each note, oldest first; see `read_notes`."""
        return read_notes(self.path)

    def last(self, verifier: VerifierKey) -> Seen | None:
        """Return the last whole note, None where there is none; read from the end, however long the file is.

        Raises CannotWitness where the file cannot be read or its last note is not signed by this key.
        """
        with self._opened() as descriptor:
            return self._last(descriptor, verifier)

    def accept(self, note: str, verifier: VerifierKey, consistency: Consistency) -> bool:
        """Write one signed checkpoint after the last; False where that is as late or later. Raises as `accept_all` does."""
        return self.accept_all([note], verifier, consistency) == 1

    def accept_all(self, notes: Iterable[str], verifier: VerifierKey, consistency: Consistency) -> int:
        """Write those signed checkpoints that are later than the last one, and return how many; they are on the disk then.

        Raises Contradiction for one that does not add to the one before it in its epoch, NotSigned for one of another
        key, and CannotWitness where the file cannot be written. Two processes may call it at once.
        """
        handed, remaining = 0, iter(notes)
        while batch := list(islice(remaining, _NOTES_AT_ONCE)):
            handed += self._accept_batch(batch, verifier, consistency)
        return handed

    def _accept_batch(self, notes: Sequence[str], verifier: VerifierKey, consistency: Consistency) -> int:
        with self._opened() as descriptor, _locked(descriptor, self.path):
            seen = self._last(descriptor, verifier)
            last, later = seen.statement if seen else None, []
            for note in notes:
                statement = open_note(note, verifier)
                if last is None or _is_later(statement, last, consistency):
                    later.append(note)
                    last = statement
            if later:
                self._append(descriptor, later)
        return len(later)

    def is_torn(self) -> bool:
        """Tell whether the file ends within a note."""
        with self._opened() as descriptor:
            return _is_torn(descriptor)

    def must_be_writable(self) -> None:
        """Raise CannotWitness unless the file can be opened to append to it."""
        with self._opened():
            pass

    def is_there(self) -> bool:
        """Tell whether there is a file, or anything else, of this name."""
        return self.path.exists()

    def make(self) -> None:
        """Make an empty file where there is none; raise CannotWitness where that cannot be done."""
        with self._opened(os.O_CREAT):
            pass

    @contextlib.contextmanager
    def _opened(self, more: int = 0) -> Iterator[int]:
        try:
            if more:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | more, _MODE)
        except OSError as error:
            raise CannotWitness(f"The witness {self.path} cannot be written: {error.strerror}.") from None
        try:
            yield descriptor
        except OSError as error:
            raise CannotWitness(f"The witness {self.path} cannot be read or written: {error.strerror}.") from None
        finally:
            os.close(descriptor)

    def _last(self, descriptor: int, verifier: VerifierKey) -> Seen | None:
        size = os.fstat(descriptor).st_size
        reach = _TAIL_BYTES
        while True:
            start = max(0, size - reach)
            end = os.pread(descriptor, size - start, start).decode(errors="replace")
            if found := last_of(end, verifier.name, is_whole=start == 0):
                try:
                    return Seen(found, open_note(found, verifier))
                except NotSigned as error:
                    raise CannotWitness(f"The last note of the witness {self.path} does not hold. {error}") from None
            if start == 0:
                # A first note that was torn off begins as every note does.
                if not f"{verifier.name}\n".startswith(end[: len(verifier.name) + 1]):
                    raise CannotWitness(f"The witness {self.path} holds no signed note, but something else.")
                return None
            reach *= 2

    def _append(self, descriptor: int, notes: Sequence[str]) -> None:
        text = "".join(f"{note}\n" for note in notes).encode()
        if _is_torn(descriptor):
            _log.warning("The witness ended within a note: the piece is left, and the note written after it.")
            text = _WHOLE_END + text
        written = os.write(descriptor, text)
        os.fsync(descriptor)
        if written < len(text):
            raise CannotWitness(f"The witness {self.path} took a part of a note only: is its disk full?")


def read_notes(path: Path) -> Iterator[str]:
    """Yield each note of a witness's file, oldest first, in memory one at a time; raise CannotWitness where it cannot be read.

    A piece that a crash tore off is left out where the note after it begins as it does, and at the end of the file;
    any other piece is yielded as it stands, and whoever opens it finds that nobody signed it.
    """
    try:
        with path.open("rb") as file:
            for note in _whole(_notes_of(_blocks_of(file))):
                yield note.decode(errors="replace")
    except OSError as error:
        raise CannotWitness(f"The witness {path} cannot be read: {error.strerror}.") from None


def last_of(text: str, name: str, *, is_whole: bool) -> str:
    """Return the last whole note of the key of this name in the end of a witness's file, or nothing where it holds none.

    `is_whole`: it is the whole file; of a part of one the first piece may have lost its beginning.
    """
    parts = _BLOCKS.split(text)
    begun = f"{_SIGNATURE}{name} "
    # What no empty line ends is torn, and so is a signature that is too short, where only that line was written anew.
    for place in range(len(parts) - 2, 0, -1):
        is_torn = begun.startswith(parts[place]) or re.fullmatch(
            f"{re.escape(begun)}[^ \n]{{0,{_SIGNATURE_LENGTH - 1}}}", parts[place]
        )
        if parts[place].startswith(_SIGNATURE) and not is_torn and (place > 1 or is_whole):
            return f"{parts[place - 1]}\n\n{parts[place]}\n"
    return ""


def _is_later(new: Statement, last: Statement, consistency: Consistency) -> bool:
    """Tell whether `new` comes after `last`; raise Contradiction where the two cannot be of one log."""
    if new.epoch != last.epoch:
        return new.epoch > last.epoch
    if new.size < last.size:
        return False
    if new.size == last.size:
        if new.root != last.root:
            raise Contradiction(f"The witness has seen another checkpoint of size {new.size}: the log was forked.")
        return False
    try:
        check_consistency(last.size, last.root, new.size, new.root, consistency(last.size, new.size))
    except NotProved as error:
        raise Contradiction(
            f"The log of size {new.size} does not only add to that of {last.size}, which the witness has seen. {error}"
        ) from None
    return True


def _blocks_of(lines: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield what stands between empty lines, and whether one ended it."""
    block: list[bytes] = []
    for line in lines:
        if line != b"\n":
            block.append(line)
        elif block:
            yield b"".join(block), True
            block = []
    if block:
        yield b"".join(block), False


def _notes_of(blocks: Iterable[tuple[bytes, bool]]) -> Iterator[tuple[bytes, bool]]:
    """Yield texts with their signatures, and texts without, and whether something follows that says they were ended."""
    mark = _SIGNATURE.encode()
    text = b""
    for block, is_ended in blocks:
        # A signature may be torn off within its mark.
        if text and (block.startswith(mark) or mark.startswith(block.removesuffix(b"\n"))):
            yield text + b"\n" + block, is_ended
            text = b""
            continue
        if text:
            yield text, True
        text = block
    if text:
        yield text, False


def _whole(notes: Iterable[tuple[bytes, bool]]) -> Iterator[bytes]:
    """Leave out the pieces that the note after them repeats, and one at the end."""
    before = b""
    for note, is_ended in notes:
        if before and (note == before or not note.startswith(before.removesuffix(b"\n"))):
            yield before
        before = note if is_ended else b""
    if before:
        yield before


def _is_torn(descriptor: int) -> bool:
    """Tell whether the file ends otherwise than with a line of signature and an empty line."""
    size = os.fstat(descriptor).st_size
    end = os.pread(descriptor, _TAIL_BYTES, max(0, size - _TAIL_BYTES))
    last_line = end.rstrip(b"\n").rpartition(b"\n")[2]
    return size > 0 and not (end.endswith(_WHOLE_END) and last_line.startswith(_SIGNATURE.encode()))


@contextlib.contextmanager
def _locked(descriptor: int, path: Path) -> Iterator[None]:
    until = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() > until:
                raise CannotWitness(f"Another process has held the witness {path} for too long.") from None
            time.sleep(0.01)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
