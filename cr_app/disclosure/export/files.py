"""The files of a release: one table of what there is, by the word that an address has for it."""

from collections.abc import Callable
from dataclasses import dataclass

from cr_app.disclosure.export.chart import chart_file
from cr_app.disclosure.export.content import Content
from cr_app.disclosure.export.csv_file import csv_of
from cr_app.disclosure.export.json_file import json_of
from cr_app.disclosure.export.names import file_name
from cr_app.disclosure.export.notes_file import notes_text
from cr_app.disclosure.export.pdf_file import pdf_of
from cr_app.disclosure.export.xlsx_file import xlsx_of


@dataclass(frozen=True)
class Form:
    """One form in which a release leaves: its name on pages, its type, how its name ends, and what makes it."""

    name: str
    content_type: str
    ending: str
    made_by: Callable[[Content], bytes]


@dataclass(frozen=True)
class File:
    """A file to hand out."""

    name: str
    content_type: str
    body: bytes


FORMS: dict[str, Form] = {
    "csv": Form("Table as CSV", "text/csv; charset=utf-8", ".csv", csv_of),
    "xlsx": Form(
        "Table and notes as a workbook (XLSX)",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".xlsx",
        xlsx_of,
    ),
    "pdf": Form("Table, notes and refusal notice as PDF", "application/pdf", ".pdf", pdf_of),
    "txt": Form("Notes as plain text", "text/plain; charset=utf-8", "-notes.txt", notes_text),
    "svg": Form("Chart (SVG)", "image/svg+xml", ".svg", chart_file),
    "json": Form("release.json", "application/json", ".json", json_of),
}


def file_of(content: Content, form: str) -> File:
    """Return the file of this form; raises KeyError for a form that there is not."""
    wanted = FORMS[form]
    return File(file_name(content, wanted.ending), wanted.content_type, wanted.made_by(content))
