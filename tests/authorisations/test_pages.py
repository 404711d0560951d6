"""The page on which somebody decides: who may, who may not, looking is harmless, and what a decision leads to."""

import json
from functools import partial

import pytest
from django.urls import reverse

from cr_app.audit.models import Access, Entry
from cr_app.authorisations import actions
from cr_app.authorisations.models import Decision
from cr_app.cases.actions import submission
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case
from tests import make, make_authority
from tests.authorisations import making
from tests.authorisations.pages import REASONS, answers, box, client_of, decide, path_of, refusals, review, statuses
from tests.cast import Cast
from tests.journeys.browsing import open_page, page_of
from tests.journeys.test_query_counts import cost

MOST_PER_REVIEW = 26

DECIDED = {
    "granted": (make.knife, Status.READY, "You granted authority."),
    "refused": (make.knife, Status.REFUSED, "You refused authority."),
    "returned": (make.knife, Status.DRAFT, "You asked for more."),
    "suitable": (make.police, Status.READY, "You found it suitable."),
    "unsuitable": (make.police, Status.NOT_USED, "You found it unsuitable."),
}


@pytest.mark.parametrize("outcome", DECIDED)
def test_each_decision_is_taken_once_and_told_on_the_same_page(cast: Cast, outcome: str) -> None:
    story, status, banner = DECIDED[outcome]
    is_authority = story is make.knife
    reference = making.asked(cast.amina, story()) if is_authority else making.referred(cast.amina, story())
    decider = cast.priya if is_authority else cast.yusuf
    client = client_of(decider)
    page = review(client, reference)
    sent = page.form | answers(outcome)
    first, again = client.post(page.path, sent), client.post(page.path, sent)
    assert first["Location"] == again["Location"] == page.path
    assert make.read(reference).status_now is status
    decision = Decision.objects.get()
    assert (decision.outcome, decision.reasons, decision.decided_by) == (outcome, REASONS, decider)
    assert decision.digest == make.frozen(reference).digest
    shown = open_page(client, page.path)
    assert banner in shown.html
    assert ("If this was a mistake" in shown.html) is (outcome in ("granted", "suitable"))
    assert not box(shown).find_all("form")
    assert "A tool of her trade" in box(shown).text()
    assert reverse("authority_queue") in shown.html
    assert refusals(reference) == []


def test_the_page_of_an_early_referral_names_what_was_not_answered_yet(cast: Cast) -> None:
    early = make.referred_early(cast.amina)
    said = review(client_of(cast.yusuf), early).tree.text()
    assert "Not answered yet when it was referred" in said
    assert "covers what is filled in there later" in said
    whole = making.referred(cast.amina, make.police().but(report="8/26"))
    assert "Not answered yet" not in review(client_of(cast.yusuf), whole).tree.text()


def test_the_page_shows_every_answer_what_happened_and_the_exception_first(cast: Cast) -> None:
    reference = making.asked(cast.amina, make.knife_and_hate())
    page = review(client_of(cast.priya), reference)
    titles = [node.text() for node in page.tree.find_all(class_="govuk-summary-card__title")]
    first = ["The incident", "Offences", "Exceptional circumstances", "The advice sought", "The offender's history"]
    assert titles[:5] == first
    shown = {node.text() for node in page.tree.find_all(class_="govuk-summary-list__value")}
    asked = [node.text() for node in page.tree.find_all(class_="govuk-summary-list__key")]
    content = json.loads(make.frozen(reference).content)
    for section in content["sections"]:
        for answer in section["answers"]:
            assert answer["question"] in asked
            assert " ".join(answer["answer"].split()) in {" ".join(text.split()) for text in shown}
    assert len(asked) == sum(len(section["answers"]) for section in content["sections"])
    said = page.tree.find_all(id="decision")[0].text()
    assert "Offensive weapon, pointed or bladed article" in said
    assert "Hate crime" in said
    assert "substantive Inspector or above" in said


def test_looking_changes_nothing_and_leaves_one_access(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    client = client_of(cast.priya)
    entries, version = Entry.objects.count(), make.read(reference).version
    for name in ("authority_review", "authority_interest", "case_authority"):
        before = Access.objects.count()
        path = reverse(name, args=[reference])
        assert client.get(path).status_code == 200
        assert Access.objects.count() == before + 1
        look = Access.objects.latest("id")
        assert (look.subjects, look.implied, look.actor_key) == ([f"case:{reference}"], True, str(cast.priya.pk))
        assert client.head(path).status_code == 200
    assert (Entry.objects.count(), make.read(reference).version) == (entries, version)
    assert not Decision.objects.exists()


def test_who_was_not_asked_says_why_first_and_then_may_decide(cast: Cast) -> None:
    making.put_on_duty(cast.priya)
    reference = making.asked(cast.amina)
    helen = client_of(cast.helen)
    page = review(helen, reference)
    assert page.status == 200
    look = Access.objects.filter(actor_key=str(cast.helen.pk), page="authority review").latest("id")
    assert not look.implied
    decide(helen, page, "granted")
    assert make.read(reference).status_now is Status.READY


REFUSED = {
    "an acting inspector": ("daniel", "an acting or temporary rank does not count here"),
    "the recording officer": ("amina", "You recorded this case"),
    "a sergeant of the unit": ("grace", "role of authorising officer"),
    "another constable": ("tom", "role of authorising officer"),
    "a reviewer": ("ruth", "role of authorising officer"),
}


@pytest.mark.parametrize("who", REFUSED)
def test_who_may_not_decide_reads_why_sees_no_control_and_is_refused_by_the_server(cast: Cast, who: str) -> None:
    name, reason = REFUSED[who]
    reference = making.asked(cast.amina)
    priya = review(client_of(cast.priya), reference)
    officer = cast.everybody()[name]
    client = client_of(officer)
    page = review(client, reference)
    assert reason in box(page).text()
    assert not box(page).find_all("form")
    assert cast.priya.name in box(page).text()
    # Neither without the page's own stamp nor with somebody else's.
    for stamp in ("", priya.form["stamp"]):
        sent = client.post(page.path, answers("granted") | {"stamp": stamp})
        told = page_of(sent, page.path)
        assert told.status == 403
        assert reason in told.html
        assert "A tool of her trade" in told.html
    assert refusals(reference) == [(officer.warrant_number, "authority_review")] * 2
    assert statuses(reference) == ["awaiting_authority"]


def test_a_party_to_the_case_and_who_declared_an_interest_may_not_decide(cast: Cast) -> None:
    victim = make.person(warrant_number=cast.helen.warrant_number)
    reference = making.asked(cast.amina, make.knife().but(victims=(victim,)))
    told = review(client_of(cast.helen), reference)
    assert "You are a party to this case" in box(told).text()
    priya = client_of(cast.priya)
    page = review(priya, reference)
    form = open_page(priya, reverse("authority_interest", args=[reference]))
    assert priya.post(form.path, form.form | {"reason": " "}).status_code == 422
    led = priya.post(form.path, form.form | {"reason": "The offender is my cousin."})
    assert led["Location"] == reverse("authority_queue")
    assert "You declared an interest" in open_page(priya, led["Location"]).html
    asked = decide(priya, page, "granted")
    assert asked.path.startswith("/cases/")
    led = priya.post(asked.path, {"reason": "I opened it before I knew."})
    refused = open_page(priya, led["Location"])
    assert "You declared an interest in this case" in box(refused).text()
    assert "A tool of her trade" in refused.html
    assert "Nobody in the force may decide" in box(refused).text()
    assert cast.colin.name in box(refused).text()
    assert refusals(reference) == [(cast.priya.warrant_number, "authority_review")]
    assert not Decision.objects.exists()


def test_a_name_like_ones_own_is_a_warning_and_no_bar(cast: Cast) -> None:
    victim = make.person(first_names=cast.priya.given_names, last_names=cast.priya.family_name)
    reference = making.asked(cast.amina, make.knife().but(victims=(victim,)))
    client = client_of(cast.priya)
    page = review(client, reference)
    assert "has a name like yours" in page.html
    decide(client, page, "granted")
    assert make.read(reference).status_now is Status.READY


def test_another_force_finds_nothing_there(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    owen = client_of(cast.owen)
    for name in ("authority_review", "authority_interest", "case_authority"):
        path = reverse(name, args=[reference])
        assert owen.get(path).status_code == 404
        assert reference not in owen.get(path).content.decode().replace(path, "")
    assert owen.post(path_of(reference), answers("granted")).status_code == 404
    assert not Decision.objects.exists()


def test_a_draft_never_submitted_is_nobodys_to_decide(cast: Cast) -> None:
    reference = make.complete(cast.amina, make.knife())
    client = client_of(cast.priya)
    assert review(client, reference).status == 403
    assert client.post(path_of(reference), answers("granted")).status_code == 403


def test_what_changed_since_it_was_returned_stands_side_by_side(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    seen = making.seen(reference)
    actions.return_with_question(reference, by=cast.priya, reasons=making.QUESTION, seen=seen)
    make.answer(reference, cast.amina, "rationale", case__rationale="The employer confirms it.")
    make_authority.answered(reference, cast.amina, "He says it is the firm's.")
    making.ask_about(reference, cast.amina)
    page = review(client_of(cast.priya), reference)
    assert "What changed since it was returned" in page.html
    (asked, *_) = page.tree.find_all(class_="govuk-inset-text")
    assert f"Asked: {making.QUESTION}" in asked.text()
    assert "Answered: He says it is the firm's." in asked.text()
    (table,) = page.tree.find_all("table")
    cells = [node.text() for node in table.find_all("td")]
    assert cells == [make.knife().answers["case.rationale"], "The employer confirms it."]


def test_a_voided_grant_stays_in_sight_with_what_changed(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    making.grant(reference, cast.priya)
    submission.reopen(reference, by=cast.amina)
    make.answer(reference, cast.amina, "rationale", case__rationale="Another reason altogether.")
    making.ask_about(reference, cast.amina)
    page = review(client_of(cast.priya), reference)
    assert "Voided" in page.html
    assert "Another reason altogether." in page.html
    status = open_page(client_of(cast.amina), reverse("case_authority", args=[reference]))
    assert "Voided" in status.html
    assert making.REASONS in status.html


def test_no_two_cases_are_decided_by_one_form(cast: Cast) -> None:
    first, second = (making.asked(cast.amina, make.knife().but(report=f"{n}/26")) for n in (1, 2))
    client = client_of(cast.priya)
    page = review(client, first)
    sent = client.post(path_of(second), page.form | answers("granted"))
    assert (sent.status_code, sent["Location"]) == (302, path_of(second))
    assert not Decision.objects.exists()
    both = {"reference": [first, second], **(page.form | answers("granted"))}
    client.post(page.path, both)
    assert list(Decision.objects.values_list("case__reference", flat=True)) == [first]
    assert Case.objects.get(reference=second).status_now is Status.AWAITING_AUTHORITY


def test_reading_a_request_costs_no_more_than_its_bound(cast: Cast) -> None:
    reference = making.asked(cast.amina, make.two_victims().but(offences=(make.KNIFE,)))
    priya, amina = client_of(cast.priya), client_of(cast.amina)
    work = {
        "review": partial(priya.get, path_of(reference)),
        "whom it waits for": partial(amina.get, reverse("case_authority", args=[reference])),
    }
    for page in work.values():
        page()  # what is read once in a process
    counts = {name: cost(page) for name, page in work.items()}
    assert {name: count for name, count in counts.items() if count > MOST_PER_REVIEW} == {}, counts
