"""A sheet as a PDF: the same words, tagged for whoever listens, the same bytes each time, and never an error for a name."""

import hashlib
import io
import re
from typing import Any

import page
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from cr_app.cases.documents.lettering import FONTS, MARK, held_characters, lettered
from cr_app.cases.documents.pdf import pdf_of
from cr_app.cases.documents.sheets import Block, Bullets, Fact, Facts, Heading, Language, Paragraph, Signed
from tests.cases.documents.sheet_read import DRAWN, feet_of, folded, sheet, sizes_of, tags_of, text_of, worded

A4 = (595, 842)
LARGE = pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
LANGUAGES = pytest.mark.parametrize("language", ["en", "cy"])


def problems(pdf: bytes) -> list[str]:
    """Return what the validator says against a PDF under PDF/UA-1."""
    return [
        failure.message for failure in page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1).failures
    ]


@LARGE
def test_a_pdf_says_the_words_of_its_sheet_in_their_order(*, large: bool) -> None:
    told = sheet(actions=40)
    assert text_of(pdf_of(told, large=large), told) == worded(told)
    # Positive control: a word more, and they differ.
    assert text_of(pdf_of(sheet("en", Paragraph("more", "More."), actions=40), large=large), told) != worded(told)


@LANGUAGES
@LARGE
def test_a_pdf_is_accessible(language: Language, *, large: bool) -> None:
    assert problems(pdf_of(sheet(language, actions=40), large=large)) == []


def test_the_validator_refuses_a_pdf_without_tags() -> None:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[FONTS])
    untagged = typst.compile(b"= A heading", font_paths=fonts, ignore_system_fonts=True, pdf_tags=False)
    assert problems(untagged) != []


@LARGE
def test_tags_tell_headings_lists_drawings_and_languages(*, large: bool) -> None:
    pdf = pdf_of(sheet("cy"), large=large)
    reader = PdfReader(io.BytesIO(pdf))
    root: Any = reader.trailer["/Root"]
    assert (root["/Lang"], reader.metadata and reader.metadata.title) == ("cy-GB", "Your copy")
    assert root["/MarkInfo"]["/Marked"]
    tags = tags_of(pdf)
    kinds = [tag["/S"] for tag in tags]
    assert [kind for kind in kinds if kind.startswith("/H")] == ["/H1", "/H2", "/H2"]
    assert {"/L", "/LI", "/Lbl", "/LBody"} <= set(kinds)
    assert [tag["/Alt"] for tag in tags if tag["/S"] == "/Figure"] == ["Drawn by Jade Ransome"]
    # What an officer typed is English within the Welsh.
    assert "en-GB" in {tag.get("/Lang") for tag in tags}
    assert "en-GB" not in {
        tag.get("/Lang") for tag in tags_of(pdf_of(sheet("en"), large=large)) if tag["/S"] != "/Document"
    }


@LARGE
def test_the_same_sheet_is_the_same_file(*, large: bool) -> None:
    first = hashlib.sha256(pdf_of(sheet(), large=large)).digest()
    pdf_of(sheet(actions=7), large=not large)
    assert hashlib.sha256(pdf_of(sheet(), large=large)).digest() == first
    assert hashlib.sha256(pdf_of(sheet(actions=3), large=large)).digest() != first


def test_large_print_has_nothing_under_18_points() -> None:
    told = sheet(actions=30)
    assert min(sizes_of(pdf_of(told, large=True))) >= 18
    assert min(sizes_of(pdf_of(told))) < 11


@LARGE
@LANGUAGES
def test_every_page_is_a4_and_says_at_its_foot_what_it_is(language: Language, *, large: bool) -> None:
    told = sheet(language, actions=60)
    pdf = pdf_of(told, large=large)
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) > 1
    assert {(round(each.mediabox.width), round(each.mediabox.height)) for each in pages} == {A4}
    digits = hashlib.sha256(told.content().encode()).hexdigest()[:12]
    number = {"en": "Page {0} of {1}", "cy": "Tudalen {0} o {1}"}[language]
    for place, foot in enumerate(feet_of(pdf, told), start=1):
        assert foot.startswith(told.foot)
        assert digits in foot
        assert number.format(place, len(pages)) in foot


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Siân Ní Dhálaigh-O'Toole", "Siân Ní Dhálaigh-O'Toole"),
        ("Łukasz Żółć, Гаврило, Ελένη, Ŵyn Ŷ", "Łukasz Żółć, Гаврило, Ελένη, Ŵyn Ŷ"),
        ("王小明", MARK * 3),
        ("محمد", MARK * 4),
        ("Jo \U0001f600\ufe0f", f"Jo {MARK}"),
        ("e\u0302dward", "êdward"),
        ("a\u202eb\u200bc\u00add\x00", "abcd"),
        ("no\u00a0break\u2011hyphen", "no\u00a0break-hyphen"),
        ("\ue000\ufffe\u0378", MARK * 3),
    ],
)
@LARGE
def test_a_name_in_any_script_is_printed_or_marked(name: str, shown: str, *, large: bool) -> None:
    assert lettered(name) == shown
    told = sheet("en", Facts("named", (Fact("Name", name),)), Signed("again", "Witness", name, "", "", ""))
    pdf = pdf_of(told, large=large)
    said = text_of(pdf, told)
    if "\u0395" not in name:
        assert folded(shown).replace("\u00a0", " ") in said.replace("\u00a0", " ")
    assert (f"{MARK} stands for a character that cannot be printed here." in said) == (MARK in shown)
    assert problems(pdf) == []


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.text(alphabet=st.characters(codec="utf-8", min_codepoint=0x80), max_size=30))
def test_no_text_whatever_keeps_a_pdf_from_being_made(first: str, second: str) -> None:
    told = sheet("en", Paragraph("any", first), Facts("named", (Fact(second, first, "en"), Fact(first, second))))
    assert pdf_of(told).startswith(b"%PDF")


@LARGE
@pytest.mark.parametrize("lines", range(0, 40, 6))
def test_what_belongs_together_stands_on_one_page_wherever_it_falls(lines: int, *, large: bool) -> None:
    actions = [
        Facts(f"agreed_{place}", (Fact(f"First {place}", "Write a letter. " * 12), Fact(f"Last {place}", "27 March")))
        for place in range(8)
    ]
    told = sheet(
        "en", Paragraph("above", "\n".join("Above." for _ in range(lines))), Heading("what", "Agreed"), *actions
    )
    pages = [each.extract_text() for each in PdfReader(io.BytesIO(pdf_of(told, large=large))).pages]
    assert len(pages) > 1
    for page_text in pages:
        assert re.findall(r"First (\d)", page_text) == re.findall(r"Last (\d)", page_text)
        # A heading stays with what it heads.
        assert ("Agreed" in page_text) == ("First 0" in page_text)


def test_signatures_are_one_part_with_their_heading_and_what_stands_between() -> None:
    name = Signed("name", "Witness", "Jo Bell", "")
    told = sheet("en", Heading("more", "More"), Paragraph("said", "Said."), name, name, Bullets("list", ("One",)), name)
    assert [block for part in told.parts() for block in part] == list(told.blocks)
    longer = [[block.type for block in part] for part in told.parts() if len(part) > 1]
    assert longer == [["heading", "signed", "signed"], ["heading", "paragraph", "signed", "signed"]]


def signing(signers: int) -> list[Block]:
    """Return a declaration under its heading, and signatures that were drawn."""
    return [
        Heading("again", "All sign"),
        Paragraph("declared", "By signing, I say that I agree. " * 3),
        *(Signed(f"by_{n}", f"Signer {n}.", f"Name {n}.", f"At {n}.", DRAWN, "Drawn") for n in range(signers)),
    ]


@LARGE
@pytest.mark.parametrize("lines", range(0, 42, 3))
def test_signatures_stand_on_one_page_with_their_heading_wherever_they_fall(lines: int, *, large: bool) -> None:
    told = sheet("en", Paragraph("above", "\n".join("Above." for _ in range(lines))), *signing(3))
    pdf = pdf_of(told, large=large)
    pages = [each.extract_text() for each in PdfReader(io.BytesIO(pdf)).pages]
    words = ("All sign", "By signing", *(f"{what} {n}." for what in ("Signer", "Name", "At") for n in range(3)))
    on = [{word for word in words if word in page_text} for page_text in pages]
    assert [found for found in on if found] == [set(words)]
    assert text_of(pdf, told) == worded(told)
    assert problems(pdf) == []


@LARGE
def test_more_signatures_than_a_page_holds_break_between_them_and_none_is_cut_off(*, large: bool) -> None:
    told = sheet("en", *signing(14))
    pdf = pdf_of(told, large=large)
    assert text_of(pdf, told) == worded(told)
    for each in PdfReader(io.BytesIO(pdf)).pages:
        said = each.extract_text()
        assert (
            re.findall(r"Signer (\d+)\.", said) == re.findall(r"Name (\d+)\.", said) == re.findall(r"At (\d+)\.", said)
        )
    assert problems(pdf) == []


@LARGE
def test_what_is_longer_than_a_page_breaks_and_nothing_of_it_is_cut_off(*, large: bool) -> None:
    lines = "\n".join(f"Line {place}." for place in range(150))
    told = sheet("en", Facts("long", (Fact("Said", lines), Fact("And then", "The end."))))
    pdf = pdf_of(told, large=large)
    assert text_of(pdf, told) == worded(told)
    assert problems(pdf) == []


@LARGE
def test_a_word_longer_than_a_line_breaks(*, large: bool) -> None:
    word = "x" * 200
    told = sheet("en", Facts("named", (Fact("Name", word), Fact(word, "A label as long"))))
    pdf = pdf_of(told, large=large)
    lines = [line for each in PdfReader(io.BytesIO(pdf)).pages for line in each.extract_text().splitlines()]
    assert max(len(folded(line)) for line in lines) < 100
    assert text_of(pdf, told).replace(" ", "").count(word) == 2


@pytest.mark.parametrize(
    "drawing", ["M0 0", '"/><script>alert(1)</script>', "M1 2 L3 4 C5 6 7 8 9 10", "M1 2 L3 4\n", ""]
)
def test_only_strokes_of_whole_numbers_are_drawn(drawing: str) -> None:
    told = sheet("en", Signed("again", "Witness", "Jo Bell", "", drawing, "Drawn by Jo Bell"))
    figures = [tag for tag in tags_of(pdf_of(told)) if tag.get("/Alt") == "Drawn by Jo Bell"]
    assert len(figures) == (1 if drawing == "M0 0" else 0)


def test_the_fonts_hold_welsh_and_the_mark() -> None:
    assert {ord(letter) for letter in "ŵŷŴŶâêîôûäëïöüÂÊÎÔÛ£€–—“”‘’" + MARK} <= held_characters()
    assert not {0x738B, 0x645, 0x1F600, 0xE000, 0x202E} & held_characters()
