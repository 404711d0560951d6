"""The file itself: read once, so that what is imported is what its digest says, and refused as a whole where it must be. Pure."""

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cr_app.disclosure.import_file.mapping import HEADER, SEPARATORS, BadFile, Translation

MOST_ROWS = 1_000_000
MOST_BYTES = 512 * 2**20


@dataclass(frozen=True)
class Source:
    """A file's text with its digest and header; line 1 is the header."""

    digest: str
    header: list[str]
    lines: int
    content: bytes

    def after(self, line: int) -> Iterator[tuple[int, str]]:
        """Yield each line after the one named, with its number, without its end; blank lines too."""
        for number, raw in enumerate(io.BytesIO(self.content), start=1):
            if number > line:
                yield number, raw.decode().rstrip("\r\n")


def read_source(path: Path, translation: Translation) -> Source:
    """Read a file and check its header; raises BadFile with one sentence for what cannot be imported at all."""
    content = _content_of(path)
    digest = hashlib.sha256(content).hexdigest()
    _hold_to_utf8(path, content)
    content = content.removeprefix(codecs.BOM_UTF8)
    first, _, rest = content.partition(b"\n")
    header = _header_of(path, first.decode().rstrip("\r"), translation)
    if not rest.strip():
        raise BadFile(f"{path} has a header and no rows.")
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    if lines - 1 > MOST_ROWS:
        raise BadFile(
            f"{path} has {lines - 1:,} rows, and an import takes {MOST_ROWS:,}: split it, and keep the rows of a case together."
        )
    return Source(digest=digest, header=header, lines=lines, content=content)


def _content_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadFile(
                f"{path} is larger than {MOST_BYTES // 2**20} MiB: split it, and keep the rows of a case together."
            )
        return path.read_bytes()
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror or type(error).__name__}.") from None
    except ValueError as error:
        if isinstance(error, BadFile):
            raise
        raise BadFile("The name of the file holds a NUL character.") from None


def _hold_to_utf8(path: Path, content: bytes) -> None:
    for number, raw in enumerate(io.BytesIO(content), start=1):
        try:
            raw.decode()
        except UnicodeDecodeError:
            raise BadFile(f"Line {number:,} of {path} is not UTF-8: save the file as CSV in UTF-8.") from None


def _header_of(path: Path, text: str, translation: Translation) -> list[str]:
    """Return the names of the file's columns; every column of ours is among them, or is a constant."""
    if not text.strip():
        raise BadFile(f"{path} is empty, or its first line is: that line names the columns.")
    other = next((each for each in SEPARATORS if each in text), "")
    if other and translation.separator not in text:
        raise BadFile(
            f"{path} separates its columns with {SEPARATORS[other]}: save it with commas, or name the separator in a mapping."
        )
    names = _names_of(path, text, translation.separator)
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise BadFile(f"{path} has the column {twice[0]!r} twice.")
    wanted = [translation.heading_of(column) for column in HEADER if column not in translation.constants]
    for column, heading in translation.columns.items():
        if heading not in names:
            raise BadFile(
                f"The mapping says that {path} calls {column} {heading!r}, and it has no such column: correct the mapping."
            )
    if missing := [name for name in wanted if name not in names]:
        raise BadFile(f"{path} has no column {missing[0]!r}: its first line must name {', '.join(wanted)}.")
    if not translation.ignores_others and (unknown := [name for name in names if name not in wanted]):
        raise BadFile(
            f"{path} has a column {unknown[0]!r} that is not known: leave it out, or say ignore_other_columns in a mapping."
        )
    return names


def _names_of(path: Path, text: str, separator: str) -> list[str]:
    try:
        names = [name.strip() for name in next(csv.reader([text], delimiter=separator, strict=True))]
    except csv.Error:
        names = []
    if not names or any(len(name) > 100 or not name.isprintable() for name in names):
        raise BadFile(f"The first line of {path} does not name columns: each is a text of at most 100 characters.")
    return names
