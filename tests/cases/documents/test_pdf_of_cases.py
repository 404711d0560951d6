"""Every kind of document of real cases as a PDF: all its words, accessible, in both languages and both sizes."""

import io
from dataclasses import replace
from datetime import date, timedelta

import page
import pytest
from django.utils import timezone
from pypdf import PdfReader

from cr_app.cases.actions.documents import ENGLISH, WELSH, may_be_in
from cr_app.cases.actions.issue import issue
from cr_app.cases.documents.composing import compose, kinds_for, told_of
from cr_app.cases.documents.pdf import pdf_of
from cr_app.cases.documents.sheets import Sheet, read_sheet
from cr_app.cases.models import Document
from tests import make
from tests.cases.documents.sheet_read import DRAWN, tags_of, text_of, worded
from tests.cases.test_documents import rescinded
from tests.cast import Cast

FIVE = (make.SHOP_THEFT, make.CANNABIS, "125/12", "149/00", "195/94")
LONG = "Wolfeschlegelsteinhausenbergerdorff" * 5


def sheets_of(reference: str) -> list[Sheet]:
    """Return every document of a case in every language it is made in."""
    told = told_of(make.read(reference))
    found = [
        compose(kind, told, language=language, victim=victim, at=timezone.now())
        for kind, victim in kinds_for(told)
        for language in (ENGLISH, WELSH)
        if may_be_in(kind, language)
    ]
    assert {sheet.language for sheet in found} == {ENGLISH, WELSH}
    return found


def checked(told: Sheet) -> tuple[int, int]:
    """Hold that both PDFs of a sheet have all its words and are accessible; return how many pages each has."""
    pages = []
    for large in (False, True):
        pdf = pdf_of(told, large=large)
        # A word longer than a line comes back in pieces.
        assert text_of(pdf, told).replace(" ", "") == worded(told).replace(" ", "")
        assert page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1).is_compliant
        pages.append(len(PdfReader(io.BytesIO(pdf)).pages))
    return pages[0], pages[1]


def action(place: int) -> make.Answers:
    due: date = timezone.localdate() + timedelta(days=7 * place)
    return make.apology(undertaking=f"Undertaking {place}: " + "write, call, pay and come back. " * 10, due_on=due)


@pytest.mark.parametrize("story", [make.shop_theft, make.child, make.mental_health, make.cannabis])
def test_each_kind_of_document_is_printed_whole(cast: Cast, story: make.Story) -> None:
    reference = make.issued(cast.amina, story())  # type: ignore[operator]
    for told in sheets_of(reference):
        assert checked(told) <= (3, 6)


def test_notices_of_a_rescission_are_printed_whole(cast: Cast) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    rescinded(reference, cast.priya)
    sheets = sheets_of(reference)
    assert {sheet.kind for sheet in sheets} == set(Document.KINDS)
    for told in sheets:
        checked(told)


def test_five_offences_three_victims_and_long_names_take_pages_and_lose_nothing(cast: Cast) -> None:
    victims = (
        make.shop(organisation_name=f"{LONG} Stores"),
        make.person(),
        make.person(first_names="Zoë", last_names=LONG),
    )
    story = make.shop_theft().but(offences=FIVE, victims=victims, actions=tuple(action(place) for place in range(1, 5)))
    reference = make.submitted(cast.amina, story)
    drawings = {"offender": DRAWN, "officer": DRAWN}
    signed = replace(make.signatures(reference, cast.amina), drawings=drawings)
    assert issue(reference, by=cast.amina, signatures=signed, seen=make.frozen(reference).digest) is None
    copy = Document.objects.get(case__reference=reference, kind=Document.OFFENDER_COPY)
    drawn = [tag["/Alt"] for tag in tags_of(pdf_of(read_sheet(copy.content))) if tag["/S"] == "/Figure"]
    assert len(drawn) == 2
    assert all(drawn)
    for told in sheets_of(reference):
        normal, large = checked(told)
        assert 1 < normal < large
