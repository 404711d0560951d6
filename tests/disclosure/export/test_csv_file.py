"""The table as CSV: what any program reads as a table, and no spreadsheet as a formula."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cr_app.disclosure.export.csv_file import csv_of
from cr_app.disclosure.export.notes_file import notes_text
from cr_app.disclosure.export.plain import begins_as_formula, guarded, one_line
from tests.disclosure.export.labels import FORMULAS, ODD, ORDINARY
from tests.disclosure.export.told import OPEN, SUPPRESSED, asked_by, content, table_of_rows


def read(kept: bytes) -> list[list[str]]:
    """Return every line, as any program reads it."""
    return list(csv.reader(io.StringIO(kept.decode("utf-8-sig"), newline="")))


def test_it_is_the_table_and_nothing_else() -> None:
    assert csv_of(content(SUPPRESSED, asked_by("group"))) == (
        b'"Offence group","2020","2021","Total"\r\n'
        b'"Theft","[c]","[c]",31\r\n'
        b'"Criminal damage","[c]","[c]",22\r\n'
        b'"Total",24,29,53\r\n'
    )


@pytest.mark.parametrize("label", FORMULAS)
def test_what_a_spreadsheet_might_run_gets_an_apostrophe(label: str) -> None:
    assert begins_as_formula(label)
    assert guarded(label) == "'" + one_line(label)
    assert read(csv_of(content(table_of_rows([label]))))[1][0] == "'" + one_line(label)


@pytest.mark.parametrize("label", ORDINARY)
def test_an_ordinary_label_stays_as_it_is(label: str) -> None:
    assert read(csv_of(content(table_of_rows([label]))))[1] == [label, "[c]", "101", "102"]


def test_headings_are_guarded_too() -> None:
    assert read(csv_of(content(table_of_rows(["A"], ["=1", "Total"]))))[0] == ["Category", "'=1", "Total"]


def test_text_stands_in_quotes_so_that_no_other_separator_splits_it() -> None:
    line = csv_of(content(table_of_rows(["A;=1+1"]))).decode().splitlines()[1]
    assert line.startswith('"A;=1+1",')


def test_a_byte_order_mark_leads_only_where_a_letter_needs_it() -> None:
    mark = b"\xef\xbb\xbf"
    assert csv_of(content(table_of_rows(["Ynys Môn"]))).startswith(mark)
    assert not csv_of(content(table_of_rows(["Anglesey"]))).startswith(mark)
    assert notes_text(content(title="Ynys Môn")).startswith(mark)
    assert not notes_text(content()).startswith(mark)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=12), min_size=1, max_size=4))
def test_any_text_is_one_cell_of_one_line_and_begins_no_formula(labels: list[str]) -> None:
    lines = read(csv_of(content(table_of_rows(labels))))
    assert [line[0] for line in lines[1:]] == [*map(guarded, labels), "Total"]
    assert {len(line) for line in lines} == {4}
    assert not any(begins_as_formula(line[0]) and not line[0].startswith("'") for line in lines)


def test_notes_as_text_say_what_the_other_files_say_in_lines_of_a_screen() -> None:
    told = content(table_of_rows(ODD), asked_by("group"), title="=1+1")
    lines = notes_text(told).decode("utf-8-sig").split("\r\n")
    assert lines[0] == "=1+1"
    assert max(map(len, lines)) <= 100
    said = " ".join(" ".join(lines).split())
    for note in (*told.about(), *told.notes):
        assert f"{note.about}: {note.text}" in said
    assert all(paragraph in said for paragraph in told.refusal_notice)
    assert b"Refusal notice" not in notes_text(content(OPEN, asked_by("group")))
