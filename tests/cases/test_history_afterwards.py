"""The history of what follows issue: in words, from and to, with no document's content in it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.cases.actions.progress import Came, record_progress
from cr_app.cases.models import AgreedAction, Document
from cr_app.cases.presenting.timeline import page_title
from cr_app.pages.moments import written
from tests import make
from tests.cast import Cast, sign_in
from tests.matrix.tables import CASE_PAGES
from tests.pages.markup import Node, read


@pytest.mark.parametrize("name", sorted({*CASE_PAGES, "follow_up"}))
def test_every_page_of_a_case_has_words_in_the_trail(name: str) -> None:
    plain = name.removeprefix("case_").replace("_", " ").capitalize()
    if plain not in ("Case", "History"):
        assert page_title(name) != plain
        assert page_title(name.replace("_", " ").removeprefix("case ")) != plain


@pytest.fixture
def issued(cast: Cast) -> str:
    """A case of Amina's with one action and one victim."""
    return make.issued(cast.amina, make.shop_theft().but(actions=(make.apology(),)))


def items(reference: str, officer: Officer) -> list[Node]:
    """Return what happened to a case, the newest first."""
    response = sign_in(Client(), officer).get(reverse("case_history", args=[reference]))
    return read(response.content.decode()).find_all("li", class_="cr-timeline__item")


def changes(item: Node) -> dict[str, str]:
    """Return what each field was and is, by its words."""
    rows = item.find_all("div", class_="govuk-summary-list__row")
    return {row.find_all("dt")[0].text(): row.find_all("dd")[0].text() for row in rows}


def record(reference: str, officer: Officer, came: Came, seen: int) -> None:
    """Record what came of the one action of a case."""
    record_progress(reference, AgreedAction.objects.get(case__reference=reference).pk, by=officer, came=came, seen=seen)


def test_issuing_tells_which_documents_were_made_and_nothing_of_what_they_say(cast: Cast, issued: str) -> None:
    (newest, *_) = items(issued, cast.amina)
    assert newest.text().startswith("Constable Amina Khan issued the Community Resolution.")
    said = newest.text()
    victim = make.record(issued).victims[0].name
    for line in (
        "The offender's copy: English, version 1",
        f"Letter to the victim, {victim}: English, version 1",
        "Entry for the crime report: English, version 1",
    ):
        assert line in said
    for document in Document.objects.filter(case__reference=issued):
        assert document.digest not in said
        assert document.content[:40] not in said
    assert "{" not in said
    assert "blocks" not in said


def test_a_changed_date_says_what_it_was_and_is_and_the_reason_once(cast: Cast, issued: str) -> None:
    before = AgreedAction.objects.get(case__reference=issued).due_on
    later = before + timedelta(days=10)
    record(issued, cast.amina, Came("date_changed", due_on=later, reason="He was in hospital."), 0)
    newest = items(issued, cast.amina)[0]
    assert changes(newest)["By when?"] == f"From: {written(before)} To: {written(later)}"
    assert newest.text().count("He was in hospital.") == 1
    assert "happened" not in newest.text().split("What changed")[0]


def test_a_date_that_stays_goes_without_saying(cast: Cast, issued: str) -> None:
    today = timezone.localdate()
    record(issued, cast.amina, Came("completed", happened_on=today, said_by="The shop", evidence="A receipt"), 0)
    newest = items(issued, cast.amina)[0]
    assert "recorded that every agreed action is done" in newest.text()
    found = changes(newest)
    assert "By when?" not in found
    assert found["What came of it?"] == "From: nothing To: Completed"
    assert found["On which day was that?"] == f"From: nothing To: {written(today)}"
    assert found["Agreed action"] == "From: nothing To: 1. Write a letter of apology"
    assert not [label for label in found if "_" in label or label.islower()]
