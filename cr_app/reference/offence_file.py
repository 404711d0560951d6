"""A force's own list of offence types as a file: read whole, checked whole, every bad row one sentence."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError

from cr_app.pages.text import clean
from cr_app.reference.models import EXCLUSION_CATEGORIES, MODES_OF_TRIAL

REQUIRED = ("code",)
TEXTS = {
    "title": 200, "group": 100, "subgroup": 100, "statute": 200, "mode_of_trial": 20, "max_penalty": 120,
    "exclusion_category": 20, "basis": 200, "also_called": 1000,
}  # fmt: skip
COLUMNS = (*REQUIRED, *TEXTS, "withdrawn_on")
NEEDED_BY_A_NEW_TYPE = ("title", "group", "statute", "mode_of_trial")
_CODE = re.compile(r"[0-9]{1,3}/[0-9]{2}[A-Z]?")
_LARGEST = 5_000_000
_MOST_ROWS = 10_000


class BadFile(ValueError):
    """The file cannot be loaded; `sentences` says why, one for each bad row."""

    def __init__(self, *sentences: str) -> None:
        """Keep the sentences."""
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Row:
    """One row: the line it begins on, the code, the texts that were given and the day of withdrawal, if any."""

    line: int
    code: str
    texts: dict[str, str] = field(default_factory=dict)
    withdrawn_on: date | None = None


@dataclass(frozen=True)
class OffenceFile:
    """A file that was read: its rows and the digest of its bytes."""

    rows: tuple[Row, ...]
    digest: str


def read_offence_file(path: Path) -> OffenceFile:
    """Read a CSV file with a heading; raises BadFile with a sentence for every row that is wrong in itself."""
    content = _content(path)
    rows: list[Row] = []
    problems: list[str] = []
    first_lines: dict[str, int] = {}
    for line, cells in _cells(content):
        try:
            row = _row(line, cells)
        except ValidationError as error:
            problems.append(f"Line {line}: {error.messages[0].rstrip('.')}.")
            continue
        if row.code in first_lines:
            problems.append(f"Line {line}: the code {row.code} stands on line {first_lines[row.code]} already.")
        first_lines.setdefault(row.code, line)
        rows.append(row)
    if problems:
        raise BadFile(*problems)
    if not rows:
        raise BadFile("The file has no rows below its heading.")
    return OffenceFile(tuple(rows), hashlib.sha256(content.encode()).hexdigest())


def _content(path: Path) -> str:
    try:
        raw = path.read_bytes() if path.is_file() else None
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror or error}.") from None
    if raw is None:
        raise BadFile(f"{path} is not a file.")
    if len(raw) > _LARGEST:
        raise BadFile(f"{path} is larger than {_LARGEST // 1_000_000} MB: split it.")
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile(f"{path} is not a text file in UTF-8: export it as CSV UTF-8.") from None
    if "\0" in content:
        raise BadFile(f"{path} has NUL bytes: export it as CSV UTF-8.")
    return content


def _cells(content: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row's first line and its cells by column."""
    reader = csv.reader(io.StringIO(content), strict=True)
    try:
        heading = [name.strip().lower().replace("ho_code", "code") for name in next(reader, [])]
        _check_heading(heading)
        line = reader.line_num
        for count, row in enumerate(reader):
            if count >= _MOST_ROWS:
                raise BadFile(f"The file has more than {_MOST_ROWS:,} rows: split it.")
            if any(cell.strip() for cell in row):
                yield (
                    line + 1,
                    {"": str(len(row))} if len(row) != len(heading) else dict(zip(heading, row, strict=True)),
                )
            line = reader.line_num
    except csv.Error as error:
        raise BadFile(f"Line {reader.line_num}: this is not CSV ({error}).") from None


def _check_heading(heading: list[str]) -> None:
    if "code" not in heading:
        raise BadFile(f"The first line must name the columns, code among them; the columns are {', '.join(COLUMNS)}.")
    unknown = [name for name in heading if name not in COLUMNS]
    if unknown:
        raise BadFile(f"Line 1: {clean(unknown[0])!r} is not a column; the columns are {', '.join(COLUMNS)}.")
    if len(set(heading)) < len(heading):
        raise BadFile("Line 1: a column stands there twice.")


def _row(line: int, cells: dict[str, str]) -> Row:
    if "" in cells:
        raise ValidationError(f"it has {cells['']} cells, which is not what the heading has")
    code = clean(cells["code"], what="the code", limit=12).upper()
    if not _CODE.fullmatch(code):
        raise ValidationError(f"{code!r} is not an offence code such as 46/00")
    texts = {name: clean(cells.get(name, ""), what=name, limit=limit) for name, limit in TEXTS.items()}
    mode, category = texts["mode_of_trial"], texts["exclusion_category"]
    if mode and mode not in MODES_OF_TRIAL:
        raise ValidationError(f"{mode!r} is not a mode of trial; write {', '.join(MODES_OF_TRIAL)}")
    if category and category not in EXCLUSION_CATEGORIES:
        raise ValidationError(f"{category!r} is not an exclusion category; write {', '.join(EXCLUSION_CATEGORIES)}")
    return Row(line, code, {name: text for name, text in texts.items() if text}, _day(cells.get("withdrawn_on", "")))


def _day(text: str) -> date | None:
    written = text.strip()
    if not written:
        return None
    try:
        day = date.fromisoformat(written) if len(written) == 10 else None
    except ValueError:
        day = None
    if day is None:
        raise ValidationError(f"{clean(written)!r} is not a date; write withdrawn_on as 2026-11-30")
    return day
