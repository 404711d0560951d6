"""What the browser prints of a document: the signatures on one page, with their heading, wherever they fall."""

import io
from collections.abc import Callable

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from pypdf import PdfReader

from cr_app.cases.documents.sheets import Heading, Paragraph, Signed
from tests.browser.seat import Seat
from tests.cases.documents.sheet_read import DRAWN, sheet

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-2")]

STATIC = settings.BASE_DIR / "static"
SIGNERS = ("The young person", "The adult beside", "The officer")
WORDS = ("All sign", "By signing", *SIGNERS, *(f"At {who}" for who in SIGNERS))


def pages_of(seat: Seat, lines: int, *, large: bool, styles: str) -> list[set[str]]:
    """Return what of the signatures stands on each printed page of a sheet with so many lines above them."""
    told = sheet(
        "en",
        Paragraph("above", "\n".join("Above." for _ in range(lines))),
        Heading("again", "All sign"),
        Paragraph("declared", "By signing, I say that I agree. " * 3),
        *(Signed(who, who, "Jo Bell", f"At {who}", DRAWN, "Drawn") for who in SIGNERS),
    )
    words = {"sheet": told, "alone": True, "is_large": large, "digest_line": "Check code 0123"}
    paper = (STATIC / ("paper-large.css" if large else "paper.css")).read_text(encoding="utf-8")
    page = seat.context.new_page()
    page.set_content(
        f"<!doctype html><style>{styles}{paper}</style>{render_to_string('cases/_sheet.html', words)}",
        wait_until="load",
    )
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    texts = [" ".join(each.extract_text().split()) for each in PdfReader(io.BytesIO(printed)).pages]
    return [found for found in ({word for word in WORDS if word in text} for text in texts) if found]


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
def test_signatures_are_printed_on_one_page_with_their_heading(take_seat: Callable[..., Seat], *, large: bool) -> None:
    seat = take_seat()
    styles = (STATIC / "cr.css").read_text(encoding="utf-8")
    for lines in range(0, 42, 3):
        assert pages_of(seat, lines, large=large, styles=styles) == [set(WORDS)], lines
    # Positive control: nothing else in the styles keeps them together.
    apart = styles.replace(".cr-sheet__signatures,", "")
    assert apart != styles
    assert any(len(pages_of(seat, lines, large=large, styles=apart)) > 1 for lines in range(0, 42, 6))
