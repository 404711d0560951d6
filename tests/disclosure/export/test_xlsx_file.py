"""The workbook: cell by cell what was released, and behind it nothing: its parts are listed, and read."""

import io
import re
import zipfile
from datetime import datetime

import openpyxl
import pytest

from cr_app.disclosure.export.plain import begins_as_formula, one_line
from cr_app.disclosure.export.xlsx_file import xlsx_of
from cr_app.disclosure.tables import Combined, ReleasedTable
from tests.disclosure.export.labels import FORMULAS, ODD
from tests.disclosure.export.told import SUPPRESSED, asked_by, content, table_of_rows

PARTS = {
    "[Content_Types].xml",
    "_rels/.rels",
    "docProps/app.xml",
    "docProps/core.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/theme/theme1.xml",
    "xl/workbook.xml",
    "xl/worksheets/sheet1.xml",
    "xl/worksheets/sheet2.xml",
}
# What could hold something that is not seen. Each is an element's name, or the value of an attribute.
HIDING = re.compile(
    r"<(definedName|externalReference|pivot|comment|legacyDrawing|drawing|oleObject|control|customSheetView|customProp"
    r"|hyperlink|autoFilter|f\b|dataValidation|conditionalFormatting|extLst|rowBreaks|fileSharing|webPublish|phoneticPr|printerSettings"
    r"|headerFooter|oddHeader|mc:)|(hidden|veryHidden|collapsed|outlineLevel|zeroHeight|r:id=\"rId\d+\"\s*/?>\s*</pageSetup)",
)
ODD_CONTENT = content(table_of_rows(ODD), asked_by("group"), title="=1+1")


def parts_of(kept: bytes) -> dict[str, str]:
    """Return every part of a workbook as text."""
    with zipfile.ZipFile(io.BytesIO(kept)) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist()}


def test_every_cell_is_what_was_released() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of(content(SUPPRESSED, asked_by("group")))))
    assert book.sheetnames == ["Table", "Notes"]
    sheet = book["Table"]
    assert [[cell.value for cell in line] for line in sheet.iter_rows()] == [
        ["Offence group", "2020", "2021", "Total"],
        ["Theft", "[c]", "[c]", 31],
        ["Criminal damage", "[c]", "[c]", 22],
        ["Total", 24, 29, 53],
    ]
    assert [[cell.data_type for cell in line] for line in sheet.iter_rows(min_row=2)] == [list("sssn")] * 2 + [
        list("snnn")
    ]
    assert sheet.freeze_panes == "B2"


def test_notes_and_the_refusal_notice_stand_on_a_sheet_of_their_own() -> None:
    told = content(SUPPRESSED, asked_by("group"))
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_of(told)))["Notes"]
    said = [(line[0].value, line[1].value) for line in sheet.iter_rows()]
    assert said[0] == (told.heading, None)
    assert said[1:] == [
        *((note.about, note.text) for note in (*told.about(), *told.notes)),
        *(("Refusal notice", paragraph) for paragraph in told.refusal_notice),
    ]


def test_any_label_stays_text_also_when_somebody_edits_its_cell() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_of(ODD_CONTENT)))["Table"]
    labels = [line[0] for line in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in labels] == [*map(one_line, ODD), "Total"]
    assert {cell.data_type for cell in labels} == {"s"}
    assert [cell.quotePrefix for cell in labels] == [label in FORMULAS for label in (*ODD, "Total")]
    assert [label in FORMULAS for label in ODD] == [begins_as_formula(label) for label in ODD]


def test_its_parts_are_those_of_the_list_and_hide_nothing() -> None:
    parts = parts_of(xlsx_of(ODD_CONTENT))
    assert set(parts) == PARTS
    found = {name: HIDING.search(re.sub(r"<t[ >].*?</t>", "", text, flags=re.S)) for name, text in parts.items()}
    assert not {name: match.group() for name, match in found.items() if match and name != "xl/theme/theme1.xml"}
    # Positive control: where there is something of the kind, it is found.
    assert HIDING.search('<sheet name="Counts" sheetId="3" state="hidden"/>')
    assert HIDING.search("<c><f>1+1</f></c>")


def test_no_author_company_printer_or_clock_is_in_it() -> None:
    kept = xlsx_of(content())
    parts = parts_of(kept)
    assert re.findall(r"<dc:creator>(.*?)</dc:creator>|<cp:lastModifiedBy>(.*?)</", parts["docProps/core.xml"]) in (
        [],
        [("", ""), ("", "")],
    )
    assert "<Company></Company>" in parts["docProps/app.xml"]
    assert "Manager" not in parts["docProps/app.xml"]
    book = openpyxl.load_workbook(io.BytesIO(kept))
    assert book.properties.created == book.properties.modified == datetime(2000, 1, 1)  # noqa: DTZ001 (files have no zone)
    with zipfile.ZipFile(io.BytesIO(kept)) as opened:
        assert {part.date_time for part in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not opened.comment
        assert not any(part.extra or part.comment for part in opened.infolist())


def test_texts_and_rows_are_written_once_and_no_string_is_left_over() -> None:
    parts = parts_of(xlsx_of(content(SUPPRESSED, asked_by("group"))))
    strings = re.findall(r"<si>(.*?)</si>", parts["xl/sharedStrings.xml"], flags=re.S)
    used = {
        int(place)
        for name in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml")
        for place in re.findall(r't="s"><v>(\d+)</v>', parts[name])
    }
    assert used == set(range(len(strings)))


def test_the_same_release_is_the_same_file() -> None:
    first = xlsx_of(content())
    assert xlsx_of(ODD_CONTENT) != first
    assert xlsx_of(content()) == first


@pytest.mark.parametrize("rows", [1, 180])
def test_a_note_longer_than_a_cell_goes_on_in_the_next(rows: int) -> None:
    label = "Combined"
    merged = tuple(f"{row} {'x' * 290}" for row in range(rows))
    table = ReleasedTable((label, "Total"), ("2020",), ((9,), (9,)), combined=(Combined(label, merged),))
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_of(content(table))))["Notes"]
    about = "Combined row"
    said = [str(line[1].value) for line in sheet.iter_rows() if line[0].value == about]
    assert len(said) == (1 if rows == 1 else 2)
    assert all(each in "".join(said) for each in merged)
