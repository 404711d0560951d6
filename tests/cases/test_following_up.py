"""Who follows a case up after issue: one rule for every page and action of it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cr_app.accounts.models import Officer
from cr_app.cases.actions.documents import make_document, make_missing
from cr_app.cases.models import ActionProgress, Case, Contact, Correction, Document
from cr_app.pages.refusals import NotAllowed
from tests import make
from tests.cast import Cast, sign_in
from tests.make_afterwards import contacted, corrected, rescinded, victims
from tests.make_progress import recorded, standing, with_actions

FORMS = ("case_progress_record", "case_correct")
LISTS = ("case_progress", "case_contacts", "case_documents", "case")


def everything(reference: str, by: Officer) -> dict[str, Callable[[], object]]:
    """Return whatever is done after issue by whoever follows a case up."""
    return {
        "progress": lambda: recorded(reference, by, "completed"),
        "contact": lambda: contacted(reference, by, victims(reference)[0]),
        "correction": lambda: corrected(reference, by),
        "document": lambda: make_document(reference, by=by, kind="offender_copy", victim=None, language="cy"),
        "missing documents": lambda: make_missing(reference, by=by),
    }


def held() -> list[int]:
    return [model.objects.count() for model in (ActionProgress, Contact, Correction, Document)]


def addresses(reference: str) -> dict[str, str]:
    first = standing(reference).action.pk
    names = {name: reverse(name, args=[reference]) for name in (*LISTS, "case_correct")}
    return names | {"case_progress_record": reverse("case_progress_record", args=[reference, first])}


def restricted(officer: Officer) -> str:
    """Return a restricted case that was issued."""
    reference = make.submitted(officer)
    Case.objects.filter(reference=reference).update(is_restricted=True)
    make.issue_it(reference, officer)
    return reference


def test_nobody_follows_up_a_case_to_which_they_are_a_party_nor_is_led_to(cast: Cast) -> None:
    story = with_actions(make.apology(), victims=(make.shop(warrant_number=cast.grace.warrant_number),))
    reference = make.issued(cast.amina, story)
    before = held()
    for work in everything(reference, cast.grace).values():
        with pytest.raises(NotAllowed, match="You are a party to this case, so another officer follows it up"):
            work()
    assert held() == before
    client, places = sign_in(Client(), cast.grace), addresses(reference)
    for name in FORMS:
        shown = client.get(places[name])
        assert (shown.status_code, "You are a party to this case" in shown.content.decode()) == (403, True), name
    for name in LISTS:
        page = client.get(places[name]).content.decode()
        for words in ("Record what came of", "Record the contact", "Record a contact", "Make it in Welsh"):
            assert words not in page, (name, words)
        assert places["case_correct"] not in page
    # The control: the same sergeant where a shop is the victim.
    other = make.issued(cast.amina)
    assert addresses(other)["case_correct"] in client.get(reverse("case", args=[other])).content.decode()
    for work in everything(other, cast.grace).values():
        work()
    assert held() != before


def test_professional_standards_follow_up_a_restricted_case_beside_its_officer(cast: Cast) -> None:
    reference = restricted(cast.amina)
    Officer.objects.filter(pk=cast.amina.pk).update(is_active=False)
    before = held()
    client = sign_in(Client(), cast.yusuf)
    for name, place in addresses(reference).items():
        assert client.get(place).status_code == 200, name
    for work in everything(reference, cast.yusuf).values():
        work()
    assert all(now > then for now, then in zip(held(), before, strict=True))
    # A case that was not referred is no matter of theirs.
    plain = make.issued(cast.tom)
    assert client.get(addresses(plain)["case_progress_record"]).status_code == 404


def test_both_parties_are_told_of_a_rescission_by_professional_standards_once_its_officer_left(cast: Cast) -> None:
    reference = restricted(cast.amina)
    Officer.objects.filter(pk=cast.amina.pk).update(is_active=False)
    Officer.objects.filter(pk=cast.yusuf.pk).update(substantive_rank="Inspector")
    cast.yusuf.refresh_from_db()
    page = sign_in(Client(), cast.yusuf).get(reverse("case_rescind", args=[reference])).content.decode()
    assert "Professional standards then tell them and record it." in page
    assert cast.amina.title not in page.partition("What follows")[2].partition("</ul>")[0]
    rescinded(reference, cast.yusuf)
    for victim in (*victims(reference), None):
        contacted(reference, cast.yusuf, victim, told="rescission")
