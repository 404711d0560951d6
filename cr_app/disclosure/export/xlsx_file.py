"""The table and its notes as a workbook, written cell by cell from what is released: there is nothing behind what is seen.

No formula, link, defined name, filter, comment, hidden sheet, author or printer; the same bytes each time.
"""

import io
import textwrap
from datetime import UTC, datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cr_app.disclosure.export.content import Content
from cr_app.disclosure.export.plain import begins_as_formula, one_line
from cr_app.disclosure.tables import WITHHELD

# A file's own date, which says nothing of anybody's clock.
MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
# A cell holds 32,767 characters: a longer note goes on in the next one.
_MOST = 30_000
_LEAST_WIDTH, _LARGEST_HEADING, _LARGEST_LABEL, _ABOUT, _NOTE = 9, 16, 60, 34, 100
# In points; a row is never higher than this.
_LINE, _HIGHEST = 15, 405


def xlsx_of(content: Content) -> bytes:
    """Return a workbook of two sheets, Table and Notes; withheld values are the text `WITHHELD`, others are numbers."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, _OPTIONS) as book:
        book.set_properties({"created": MADE, "title": one_line(content.heading)})
        book.set_size(20_000, 12_000)
        look = _Looks(book)
        _write_table(book.add_worksheet("Table"), content, look)
        _write_notes(book.add_worksheet("Notes"), content, look)
    return kept.getvalue()


class _Looks:
    """The formats of a workbook: each as it is, and with the mark that keeps text as text when somebody edits the cell."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        """Make them."""
        top = {"valign": "top", "text_wrap": True}
        wanted: dict[str, dict[str, object]] = {
            "heading": {**top, "bold": True, "bottom": 1},
            "column": {**top, "bold": True, "bottom": 1, "align": "right"},
            "label": dict(top),
            "title": {"bold": True, "font_size": 14},
        }
        self._plain = {name: book.add_format(each) for name, each in wanted.items()}
        self._marked = {name: book.add_format({**each, "quote_prefix": True}) for name, each in wanted.items()}
        self.number: Format = book.add_format({"num_format": "#,##0", "valign": "top"})
        self.withheld: Format = book.add_format({"align": "right", "valign": "top"})

    def of(self, name: str, text: str) -> Format:
        """Return the format of a text."""
        return (self._marked if begins_as_formula(text) else self._plain)[name]


def _write_table(sheet: Worksheet, content: Content, look: _Looks) -> None:
    table = content.table
    _write_text(sheet, 0, 0, content.row_heading, look, "heading")
    _make_room(sheet, 0, *((label, _LARGEST_HEADING) for label in table.columns))
    for column, label in enumerate(table.columns, start=1):
        _write_text(sheet, 0, column, label, look, "column")
    width = min(_LARGEST_LABEL, max(map(len, (content.row_heading, *table.rows))) + 2)
    for row, (label, values) in enumerate(zip(table.rows, table.values, strict=True), start=1):
        _make_room(sheet, row, (label, width))
        _write_text(sheet, row, 0, label, look, "label")
        for column, value in enumerate(values, start=1):
            if value is None:
                sheet.write_string(row, column, WITHHELD, look.withheld)
            else:
                sheet.write_number(row, column, value, look.number)
    sheet.set_column(0, 0, width)
    sheet.set_column(
        1, len(table.columns), max(_LEAST_WIDTH, *(min(len(label), _LARGEST_HEADING) + 2 for label in table.columns))
    )
    sheet.freeze_panes(1, 1)
    _on_paper(sheet)
    sheet.set_landscape()


def _write_notes(sheet: Worksheet, content: Content, look: _Looks) -> None:
    said = [(note.about, note.text) for note in (*content.about(), *content.notes)]
    said += [("Refusal notice", text) for text in content.refusal_notice]
    lines = [(about, text[at : at + _MOST]) for about, text in said for at in range(0, len(text) or 1, _MOST)]
    _write_text(sheet, 0, 0, content.heading, look, "title")
    for row, (about, text) in enumerate(lines, start=1):
        _make_room(sheet, row, (about, _ABOUT), (text, _NOTE))
        _write_text(sheet, row, 0, about, look, "label")
        _write_text(sheet, row, 1, text, look, "label")
    sheet.set_column(0, 0, _ABOUT)
    sheet.set_column(1, 1, _NOTE)
    _on_paper(sheet)


def _write_text(sheet: Worksheet, row: int, column: int, text: str, look: _Looks, name: str) -> None:
    sheet.write_string(row, column, one_line(text), look.of(name, text))


def _make_room(sheet: Worksheet, row: int, *texts: tuple[str, int]) -> None:
    """Make a row as high as its texts are in columns of these widths, which not every program does by itself."""
    lines = max(len(textwrap.wrap(text, width)) for text, width in texts)
    if lines > 1:
        sheet.set_row(row, min(_HIGHEST, lines * _LINE))


def _on_paper(sheet: Worksheet) -> None:
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
