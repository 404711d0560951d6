"""The PDF: the table's cells tagged under their headings, its notes and refusal notice, whatever the labels are."""

import io
import re
import resource
from pathlib import Path
from typing import Any

import page
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from cr_app.cases.documents.lettering import MARK
from cr_app.disclosure.export.content import Content
from cr_app.disclosure.export.pdf_file import pdf_of
from tests.cases.documents.sheet_read import tags_of
from tests.disclosure.export.labels import ODD
from tests.disclosure.export.told import OPEN, SUPPRESSED, asked_by, content, table_of_rows

A4, A4_ON_ITS_SIDE, A3_ON_ITS_SIDE = (595, 842), (842, 595), (1191, 842)
YEARS = tuple(f"{year}/{(year + 1) % 100:02}" for year in range(2010, 2022))


def text_of(pdf: bytes) -> str:
    """Return the text of all pages, its white space folded."""
    return re.sub(r"\s+", " ", " ".join(each.extract_text() for each in PdfReader(io.BytesIO(pdf)).pages))


def problems(pdf: bytes) -> list[str]:
    """Return what the validator says against a PDF under PDF/UA-1."""
    profile = page.ValidationProfile.PDF_UA_1
    return [failure.message for failure in page.validate_pdf_bytes(pdf, profile=profile).failures]


def test_it_says_table_notes_and_refusal_notice() -> None:
    told = content(SUPPRESSED, asked_by("group"), title="Theft and damage")
    said = text_of(pdf_of(told))
    assert "Offence group 2020 2021 Total Theft [c] [c] 31 Criminal damage [c] [c] 22 Total 24 29 53" in said
    for text in (
        told.heading,
        told.digest,
        told.standing,
        told.desk,
        *(note.text for note in told.notes),
        *told.refusal_notice,
    ):
        assert text in said.replace("- ", "-") or text in said
    assert "Refusal notice" not in text_of(pdf_of(content(OPEN, asked_by("group"))))


def test_it_is_accessible_and_its_table_is_tagged_with_headings() -> None:
    pdf = pdf_of(content(table_of_rows(ODD), asked_by("group")))
    assert problems(pdf) == []
    reader = PdfReader(io.BytesIO(pdf))
    root: Any = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en-GB", True)
    kinds = [tag["/S"] for tag in tags_of(pdf)]
    assert [kind for kind in kinds if kind.startswith("/H")] == ["/H1", "/H2", "/H2", "/H2"]
    assert (kinds.count("/Table"), kinds.count("/TH")) == (1, 4)
    assert kinds.count("/TD") == 4 * (len(ODD) + 1)


def test_a_long_table_has_its_headings_on_every_page_and_is_tagged_once() -> None:
    labels = [f"Offence number {number}" for number in range(70)]
    told = content(table_of_rows(labels, (*YEARS, "Total")), asked_by("offence"))
    pdf = pdf_of(told)
    pages = [each.extract_text() for each in PdfReader(io.BytesIO(pdf)).pages]
    on = [text for text in pages if "Offence number" in text]
    assert len(on) > 2
    assert all(re.sub(r"\s+", " ", text).count("2010/11 2011/12") == 1 for text in on)
    assert all(label in "".join(on) for label in labels)
    assert [tag["/S"] for tag in tags_of(pdf)].count("/TH") == len(YEARS) + 2


def test_180_offence_types_by_12_years_are_accessible_too() -> None:
    labels = [f"Offence number {number}" for number in range(180)]
    assert problems(pdf_of(content(table_of_rows(labels, (*YEARS, "Total")), asked_by("offence")))) == []


@pytest.mark.parametrize(
    ("columns", "size"),
    [(("2020", "Total"), A4), ((*YEARS, "Total"), A4_ON_ITS_SIDE), ((*YEARS, *YEARS[:8], "Total"), A3_ON_ITS_SIDE)],
)
def test_a_wide_table_takes_a_wider_page_and_nothing_is_cut_off(
    columns: tuple[str, ...], size: tuple[int, int]
) -> None:
    reader = PdfReader(io.BytesIO(pdf_of(content(table_of_rows(["Theft"], columns), asked_by("group")))))
    assert {(round(each.mediabox.width), round(each.mediabox.height)) for each in reader.pages} == {size}
    said = " ".join(each.extract_text() for each in reader.pages)
    assert f"7,{len(columns) - 1:03}" in said


def test_every_page_says_at_its_foot_what_it_is() -> None:
    told = content(table_of_rows([f"Row {number}" for number in range(90)]), asked_by("group"))
    pages = PdfReader(io.BytesIO(pdf_of(told))).pages
    assert len(pages) > 2
    for place, each in enumerate(pages, start=1):
        said = re.sub(r"\s+", " ", each.extract_text())
        assert f"{told.asked.reference}, table 1. {told.standing}. {told.force_name}." in said
        assert told.digest[:12] in said
        assert f"Page {place} of {len(pages)}" in said


def test_the_same_release_is_the_same_file_whatever_was_made_between() -> None:
    first = pdf_of(content())
    assert pdf_of(content(number=4)) != first
    assert pdf_of(content()) == first


def test_many_large_tables_one_after_the_other_take_the_memory_of_one() -> None:
    large = table_of_rows([f"Offence type {number} of the catalogue" for number in range(180)], YEARS, shown=True)

    def grown(number: int) -> int:
        """Make the PDF of another large release; return how many megabytes this process then holds."""
        assert len(pdf_of(content(large, asked_by("offence"), title=f"Table {number}"))) > 100_000
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * resource.getpagesize() // 2**20

    before = max(grown(1), grown(2))
    # Where the compiler keeps each, these take 120 MB or more.
    assert max(grown(number) for number in range(3, 6)) - before < 60


def test_what_the_fonts_lack_is_marked_and_a_note_says_so() -> None:
    def said(label: str) -> str:
        return text_of(pdf_of(content(table_of_rows([label]), asked_by("group"))))

    assert MARK in said("王小明")
    assert f"{MARK} stands for a character that cannot be printed here." in said("王小明")
    assert MARK not in said("Ynys Môn, Ŵŷ")


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=40), st.text(min_size=1, max_size=40))
def test_no_text_whatever_keeps_it_from_being_made(title: str, label: str) -> None:
    assert pdf_of(_any(title, label)).startswith(b"%PDF")


def _any(title: str, label: str) -> Content:
    return content(table_of_rows([label, title], [title]), title=title)
