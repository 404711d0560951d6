"""Nothing that leaves holds a withheld count: counts are planted in a table, it is protected, and every part of every file is read.

A count that is shown must be found by the same search, or it finds nothing anywhere.
"""

import io
import json
import random
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import openpyxl
import pytest
from pypdf import PdfReader
from pypdf.generic import StreamObject

from cr_app.disclosure.export.content import Content
from cr_app.disclosure.export.files import FORMS, file_of
from cr_app.disclosure.suppression.choosing import protect
from cr_app.disclosure.suppression.puzzle import Cell, Puzzle
from cr_app.disclosure.tables import ReleasedTable
from tests.disclosure.export.labels import ODD
from tests.disclosure.export.told import ASKED, content

THRESHOLD = 5
YEARS = ("2017", "2018", "2019", "2020", "2021")
SUPPRESS = replace(ASKED, method="suppress", rows_by="group", groups=())


@dataclass(frozen=True)
class Planted:
    """True counts, the totals last in each direction, and what was released of them."""

    counts: tuple[tuple[int, ...], ...]
    content: Content

    def withheld(self) -> set[int]:
        """Return the withheld counts of five digits: nothing else in a file is such a number."""
        return {n for n in self._counts(is_withheld=True) if n > 9999} - set(self._counts(is_withheld=False))

    def shown(self) -> set[int]:
        """Return the counts of five digits that are shown."""
        return {n for n in self._counts(is_withheld=False) if n > 9999}

    def _counts(self, *, is_withheld: bool) -> list[int]:
        values = self.content.table.values
        return [
            count
            for row, line in enumerate(self.counts)
            for column, count in enumerate(line)
            if (values[row][column] is None) == is_withheld
        ]


def with_totals(inner: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """Return counts with their totals, last in each direction."""
    lines = [(*line, sum(line)) for line in inner]
    return (*lines, tuple(map(sum, zip(*lines, strict=True))))


def to_withhold(inner: Sequence[Sequence[int]]) -> set[tuple[int, int]]:
    """Return which places of a table must not be shown, as the programme decides that proves it."""
    rows, columns = len(inner), len(inner[0])
    places = [(row, column) for row in range(rows + 1) for column in range(columns + 1)]
    cells = []
    for (row, column), count in zip(places, (n for line in with_totals(inner) for n in line), strict=True):
        terms = tuple(
            (one * columns + other, 1)
            for one in (range(rows) if row == rows else [row])
            for other in (range(columns) if column == columns else [column])
        )
        cells.append(Cell(terms, count, is_small=0 < count < THRESHOLD, may_be_withheld=count > 0))
    puzzle = Puzzle(tuple(n for line in inner for n in line), tuple(cells), width=THRESHOLD, floor=1)
    return {places[place] for place in protect(puzzle).withheld}


def released(inner: Sequence[Sequence[int]], labels: Sequence[str], withheld: set[tuple[int, int]]) -> Planted:
    """Return a table of these counts as it leaves."""
    lines = with_totals(inner)
    values = tuple(
        tuple(None if (row, column) in withheld else count for column, count in enumerate(line))
        for row, line in enumerate(lines)
    )
    table = ReleasedTable((*labels, "Total"), (*YEARS[: len(inner[0])], "Total"), values)
    return Planted(lines, content(table, SUPPRESS, title="=1+1"))


@lru_cache(maxsize=1)
def planted() -> Planted:
    """Return a table of odd labels whose counts are numbers of five digits of their own, with small ones among them."""
    chance = random.Random(24759)
    numbers = iter(chance.sample(range(10_000, 60_000), len(ODD) * len(YEARS)))
    inner = [[next(numbers) for _ in YEARS] for _ in ODD]
    for row in chance.sample(range(len(ODD)), 16):
        inner[row][chance.randrange(len(YEARS))] = chance.choice((0, 1, 2, 3, 4))
    return released(inner, ODD, to_withhold(inner))


def parts_of(kept: Content) -> dict[str, str]:
    """Return every part of every file as text, and the files' names: what is packed is unpacked."""
    files = {form: file_of(kept, form) for form in FORMS}
    parts = {f"{form}: name": f"{file.name} {file.content_type}" for form, file in files.items()}
    parts |= {form: files[form].body.decode() for form in ("csv", "txt", "svg", "json")}
    with zipfile.ZipFile(io.BytesIO(files["xlsx"].body)) as opened:
        parts |= {f"xlsx: {name}": opened.read(name).decode() for name in opened.namelist()}
    reader = PdfReader(io.BytesIO(files["pdf"].body))
    parts["pdf: text"] = " ".join(each.extract_text() for each in reader.pages)
    parts["pdf: about"] = f"{reader.metadata} {reader.xmp_metadata and reader.xmp_metadata.rdf_root.toxml()}"
    for number in range(1, int(str(reader.trailer["/Size"]))):
        found = reader.get_object(number)
        stream = found.get_data() if isinstance(found, StreamObject) else b""
        parts[f"pdf: {number}"] = f"{found!r} {stream.decode('latin-1')}"
    return parts


def holding(numbers: set[int], parts: dict[str, str]) -> dict[str, set[int]]:
    """Return which of the numbers stand in which parts: by themselves, with or without a comma."""
    written = {f"{number:{comma}}": number for number in numbers for comma in ("", ",")}
    by_itself = re.compile(r"(?<![0-9A-Za-z.])(\d{1,3}(?:,\d{3})+|\d{5,})(?![0-9A-Za-z])")
    return {
        name: found
        for name, text in parts.items()
        if (found := {written[each] for each in by_itself.findall(text) if each in written})
    }


def test_no_part_of_any_file_holds_a_withheld_count() -> None:
    table = planted()
    assert len(table.withheld()) >= 9
    assert holding(table.withheld(), parts_of(table.content)) == {}


def test_the_same_search_finds_every_count_that_is_shown() -> None:
    table = planted()
    found = holding(table.shown(), parts_of(table.content))
    every = table.shown()
    assert all(found[part] == every for part in ("csv", "xlsx: xl/worksheets/sheet1.xml", "pdf: text", "json"))
    # The picture has the totals of the years.
    assert found["svg"] == set(table.counts[-1][:-1])
    # A withheld count is found where it is written.
    some = min(table.withheld())
    assert holding({some}, {"a": f"x {some:,} y", "b": f'"{some}"', "c": f"a{some}f"}) == {"a": {some}, "b": {some}}


def test_every_withheld_place_is_marked_in_every_file_and_is_never_0() -> None:
    table = planted().content.table
    withheld = len(table.withheld)
    parts = parts_of(planted().content)
    assert json.loads(parts["json"])["table"]["values"] == [list(line) for line in table.values]
    assert parts["csv"].count('"[c]"') == withheld + 1  # One label is "[c]".
    assert parts["pdf: text"].count("[c]") >= withheld
    book = openpyxl.load_workbook(io.BytesIO(file_of(planted().content, "xlsx").body))
    lines = [[cell.value for cell in line] for line in book["Table"].iter_rows(min_row=2, min_col=2)]
    assert lines == [["[c]" if value is None else value for value in line] for line in table.values]


@pytest.mark.parametrize("moved", [1, -1])
def test_two_truths_that_publish_the_same_give_the_same_files_byte_for_byte(moved: int) -> None:
    def files(small: int) -> tuple[ReleasedTable, dict[str, bytes]]:
        inner = [[small, 40 - small, 71], [30 - small, 20 + small, 82], [15_301, 16_402, 93]]
        kept = released(inner, ("Theft", "Arson", "Fraud"), {(0, 0), (0, 1), (1, 0), (1, 1)}).content
        return kept.table, {form: file_of(kept, form).body for form in FORMS}

    assert files(3 + moved) == files(3)
