"""Whoever types what is handed over word for word is told so beside the question: the veil knows only what is on record."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.cases.documents.composing import compose, kinds_for, told_of
from cr_app.cases.models import Document
from cr_app.cases.questions import QUESTIONS
from tests import make
from tests.cases.documents import canaries
from tests.cast import Cast, sign_in
from tests.journeys.browsing import open_page

# What of a case is typed freely, by the canary that sings in it.
TYPED = {
    "canarycircumstancesbrief": "case.circumstances_brief",
    "canaryaccount": "case.account",
    "canaryrationale": "case.rationale",
    "canaryyouthjusticeadvice": "case.youth_justice_advice",
    "canarywishes": "victim.wishes",
    "canarydeparture": "victim.departure_reason",
    "canaryprofessionaladvice": "victim.professional_advice",
    "canarycapacityhow": "victim.capacity_how",
    "canaryfor": "action.undertaking",
}
OFFENDERS, VICTIMS = "The offender gets this in writing", ("The victim reads this", "a victim may read it")


@pytest.fixture
def read_by(cast: Cast) -> dict[str, set[str]]:
    """The keys of what is typed freely, by the kind of sheet on which it is found."""
    told = told_of(make.read(canaries.issued(cast.amina, "child")))
    found: dict[str, set[str]] = {}
    for kind, victim in kinds_for(told):
        said = canaries.plain(compose(kind, told, language="en", victim=victim, at=timezone.now()).content())
        found.setdefault(kind, set()).update(key for canary, key in TYPED.items() if canary in said)
    return found


def test_each_answer_that_is_handed_over_says_to_whom(read_by: dict[str, set[str]]) -> None:
    hints = {key: QUESTIONS[key].hint for key in TYPED.values()}
    assert read_by[Document.OFFENDER_COPY] == {key for key, hint in hints.items() if OFFENDERS in hint}
    assert read_by[Document.VICTIM_LETTER] == {
        key for key, hint in hints.items() if any(words in hint for words in VICTIMS)
    }
    # What police alone read is not warned of.
    assert read_by[Document.OFFENDER_COPY] | read_by[Document.VICTIM_LETTER] < set(TYPED.values())


def test_before_it_is_submitted_an_officer_is_told_what_will_be_handed_over(client: Client, cast: Cast) -> None:
    reference = make.complete_shop_theft(cast.amina)
    check = open_page(sign_in(client, cast.amina), reverse("case_check", args=[reference]))
    said = check.tree.find_all("main")[0].text()
    assert "are handed to the offender in writing" in said
    assert said.index("read every document before anybody signs") < said.index("Declaration")
