"""The folder of an export: written whole or not at all, its digest, and the same as one zip file."""

import hashlib
import json
import secrets
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cr_app.audit.canonical import JSON
from cr_app.audit.exporting.readme import README
from cr_app.audit.proofs import LogDamaged

FORMAT = "community-resolutions export 1"
# Shipped as they stand, so that what is tested here is what a recipient runs.
_PROGRAMS = ("verify.py", "show.py")
# The earliest time that a zip file can hold: two exports of the same rows are the same bytes.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


class CannotExport(Exception):
    """Nothing was exported; the sentence says why."""


@dataclass(frozen=True)
class Moment:
    """When an export was made, and of which checkpoint: made as of it once more, the same rows are the same bytes."""

    epoch: int
    size: int
    not_sealed: int
    made_at: str

    @property
    def text(self) -> str:
        """Return it as a line that `of` reads."""
        return f"{self.epoch} {self.size} {self.not_sealed} {self.made_at}"

    @classmethod
    def of(cls, text: str) -> "Moment":
        """Return the moment that was written as this line."""
        epoch, size, not_sealed, made_at = text.split(" ")
        return cls(int(epoch), int(size), int(not_sealed), made_at)


@dataclass(frozen=True)
class Exported:
    """What an export holds: rows, the size of the log it is proved from, and the digest of its files.

    `not_sealed` counts the rows asked for that were too new to be sealed, which are therefore not in it. `subjects` are
    the records that it shows: the case, or all of a period, which then has its days too. `of_other_times` counts the
    rows of a period that stand between its first and its last one and were written for another time.
    """

    rows: int
    moment: Moment
    digest: str
    withheld: int
    subjects: tuple[str, ...]
    from_on: str = ""
    until_on: str = ""
    of_other_times: int = 0

    @property
    def size(self) -> int:
        """How many rows the log had that it is proved from."""
        return self.moment.size

    @property
    def not_sealed(self) -> int:
        """How many of the rows asked for were too new."""
        return self.moment.not_sealed

    @property
    def what(self) -> str:
        """What was exported, in words."""
        if self.from_on:
            first, last = map(date.fromisoformat, (self.from_on, self.until_on))
            return f"the trail from {spoken(first)} to {spoken(last)}"
        return self.subjects[0].replace(":", " ")


def spoken(day: date) -> str:
    """Return a day in words: 1 November 2026."""
    return f"{day.day} {day:%B %Y}"


def must_be_new(to: Path) -> None:
    """Raise CannotExport where there is anything but an empty folder under this name."""
    if to.is_symlink() or (to.exists() and (not to.is_dir() or any(to.iterdir()))):
        raise CannotExport(f"{to} is there already, and not an empty folder: name another.")


def must_be_few(rows: int, at_most: int | None) -> None:
    """Raise CannotExport where an export would have more rows than whoever waits for it can."""
    if at_most is not None and rows > at_most:
        raise CannotExport(
            f"There are more than {at_most:,} rows. Choose fewer days, or ask whoever runs the service for export_audit_trail."
        )


@contextmanager
def new_folder(to: Path) -> Iterator[Path]:
    """Give a folder to write into, which gets its name `to` when all is written, and goes when anything fails.

    Raises CannotExport where there is something under that name, or nothing can be written there.
    """
    try:
        must_be_new(to)
        to.parent.mkdir(parents=True, exist_ok=True)
        draft = to.with_name(f".{to.name}.{secrets.token_hex(4)}")
        draft.mkdir(mode=0o700)
    except OSError as error:
        raise CannotExport(f"{to} cannot be written ({error.strerror}): name another folder.") from None
    try:
        yield draft
        # Takes the place of an empty folder, of nothing else.
        draft.rename(to)
    except OSError as error:
        raise CannotExport(f"{to} cannot be written ({error.strerror}): nothing was exported.") from None
    except LogDamaged as error:
        raise CannotExport(f"{error} Nothing was exported: run verify_audit_trail.") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def write_rows(folder: Path, rows: Iterable[Mapping[str, JSON]]) -> None:
    """Write the rows, each a line of ASCII that can be written in one way alone."""
    with (folder / "rows.jsonl").open("w", encoding="ascii", newline="\n") as file:
        for row in rows:
            file.write(f"{json.dumps(row, sort_keys=True, separators=(',', ':'))}\n")


def write_rest(folder: Path, about: Mapping[str, JSON], *, checkpoint: str, key: str) -> None:
    """Write what goes with the rows: what they are, checkpoint, key, what to do with it all, and the programs."""
    texts = {
        "about.json": f"{json.dumps({'format': FORMAT, **about}, indent=1, sort_keys=True)}\n",
        "checkpoint": checkpoint,
        "verifier-key": f"{key}\n",
        "README.txt": README,
    }
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())
    for name in _PROGRAMS:
        shutil.copyfile(Path(__file__).with_name(name), folder / name)


def digest_of(folder: Path) -> str:
    """Return the digest of an export: SHA-256 of what `sha256sum` prints of its files in the order of their bytes."""
    lines = hashlib.sha256()
    for path in _files(folder):
        with path.open("rb") as file:
            lines.update(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n".encode())
    return lines.hexdigest()


def write_zip(folder: Path, path: Path) -> None:
    """Write the files of an export into one zip file, in a folder named like it; the same files make the same bytes."""
    with zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED) as archive:
        for each in _files(folder):
            entry = zipfile.ZipInfo(f"{path.stem}/{each.name}", _ZIP_TIME)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, _READABLE, 3
            with each.open("rb") as file, archive.open(entry, "w", force_zip64=True) as packed:
                shutil.copyfileobj(file, packed, 1 << 20)


def _files(folder: Path) -> list[Path]:
    return sorted((path for path in folder.iterdir() if path.is_file()), key=lambda path: path.name)
