"""A case that comes back with a question is answered on a page of its own, and the answer stands beside the question."""

import json
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.audit.models import Entry
from cr_app.audit.queries import replay
from cr_app.authorisations.queries import rows_of
from cr_app.cases import journey
from cr_app.cases.actions import submission
from cr_app.cases.actions.answers import StaleAnswers, save_answers
from cr_app.cases.actions.start import start_another
from cr_app.cases.actions.submission import NotReady
from cr_app.cases.comparing import answers_in, changes_kept
from cr_app.cases.facts import facts_of
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Void
from cr_app.cases.queries import rows_now
from cr_app.pages.refusals import NotAllowed
from tests import make, make_authority
from tests.authorisations.pages import client_of, review
from tests.cast import Cast, sign_in
from tests.journeys.browsing import Page, open_page, page_of
from tests.make_authority import QUESTION, REPLY

ASKS = "The question you were asked"


@pytest.fixture
def returned(cast: Cast) -> str:
    """A case that an Inspector has returned with a question."""
    reference = make_authority.asked(cast.amina, make.knife())
    make_authority.returned(reference, cast.priya)
    return reference


def shown_in(reference: str) -> dict[str, str]:
    """Return the question and the answer as the last snapshot shows them, by key."""
    keys = ("case.question", "case.reply")
    return {each.key: each.answer for each in answers_in(make.frozen(reference).content) if each.key in keys}


def page(cast: Cast, reference: str) -> Page:
    """Open the page that asks, as the officer of the case."""
    return open_page(sign_in(Client(), cast.amina), address(reference))


def address(reference: str) -> str:
    """Return the address of the page that asks."""
    return reverse("case_step", args=[reference, "question"])


def again(reference: str, cast: Cast) -> Status:
    """Submit the case as it is, and ask again."""
    return make.submit_it(reference, cast.amina)


# The page


def test_the_page_says_what_was_asked_by_whom_and_when_and_asks_for_an_answer(cast: Cast, returned: str) -> None:
    found = page(cast, returned)
    (asked,) = found.tree.find_all(class_="govuk-inset-text")
    assert QUESTION in asked.text()
    assert "Insp 2051 Priya Shah" in asked.text()
    (heading,) = found.tree.find_all("h1")
    assert (heading.text(), "What is your answer?" in found.html) == (ASKS, True)
    client = sign_in(Client(), cast.amina)
    empty = page_of(client.post(found.path, found.form | {"reply": " "}), found.path)
    assert (empty.status, empty.errors) == (422, ["Answer the question"])
    assert QUESTION in empty.html
    assert client.post(found.path, found.form | {"reply": REPLY}).status_code == 302
    assert make.read(returned).reply == REPLY


def test_it_comes_right_after_the_start_and_leads_on_once_it_is_answered(cast: Cast, returned: str) -> None:
    before = make.saved(returned).situation
    assert journey.pages_left(before) == (journey.QUESTION,)
    assert journey.next_page(journey.Page("rationale"), before) == journey.QUESTION
    assert journey.path(before)[:2] == (journey.Page("start"), journey.QUESTION)
    make_authority.answered(returned, cast.amina)
    assert journey.pages_left(make.saved(returned).situation) == ()


def test_a_case_that_nobody_returned_is_asked_nothing_and_takes_no_answer(cast: Cast) -> None:
    reference = make.complete_shop_theft(cast.amina)
    assert journey.QUESTION not in journey.path(make.saved(reference).situation)
    found = page(cast, reference)
    assert "Nobody has asked you anything about this case" in found.html
    assert not found.tree.find_all("textarea")
    with pytest.raises(NotAllowed, match="does not ask this"):
        make.answer(reference, cast.amina, "question", case__reply=REPLY)


def test_the_desk_the_case_and_the_task_list_lead_there(cast: Cast, returned: str) -> None:
    client = sign_in(Client(), cast.amina)
    there = f'href="{address(returned)}"'
    places = [reverse("desk"), *(reverse(name, args=[returned]) for name in ("case", "case_record", "case_check"))]
    for place in places:
        html = client.get(place).content.decode()
        assert there in html, place
        assert QUESTION in html, place
    listed = open_page(client, reverse("case_record", args=[returned]))
    (task,) = [node.text() for node in listed.tree.find_all(class_="govuk-task-list__item") if ASKS in node.text()]
    assert "Not started" in task
    make_authority.answered(returned, cast.amina)
    assert there not in client.get(reverse("desk")).content.decode()
    told = client.get(reverse("case", args=[returned])).content.decode()
    assert "It is answered. The answer goes back with the case when it is submitted." in told
    # Whoever only reads the case is not led to a page that is not theirs.
    assert there not in sign_in(Client(), cast.grace).get(reverse("case", args=[returned])).content.decode()


# What it takes to go back


def test_without_an_answer_it_does_not_go_back(cast: Cast, returned: str) -> None:
    make.answer(returned, cast.amina, "rationale", case__rationale="Bent to answer what was asked.")
    with pytest.raises(NotReady, match=ASKS):
        again(returned, cast)
    make_authority.answered(returned, cast.amina)
    assert again(returned, cast) is Status.AWAITING_AUTHORITY
    assert shown_in(returned) == {"case.question": QUESTION, "case.reply": REPLY}


def test_professional_standards_get_their_answer_too_though_other_pages_are_still_open(cast: Cast) -> None:
    reference = make.referred_early(cast.amina)
    make_authority.returned(reference, cast.yusuf, "Was he on duty?")
    review = submission.prepare_review(make.read(reference), on=timezone.localdate())
    assert review.open_pages == (journey.QUESTION,)
    with pytest.raises(NotReady, match=ASKS):
        again(reference, cast)
    make_authority.answered(reference, cast.amina, "Off duty since six.")
    assert again(reference, cast) is Status.REFERRED
    assert shown_in(reference) == {"case.question": "Was he on duty?", "case.reply": "Off duty since six."}


def test_a_second_question_wants_its_own_answer_and_the_first_stays_as_it_was_submitted(
    cast: Cast, returned: str
) -> None:
    make_authority.answered(returned, cast.amina)
    again(returned, cast)
    first = make.frozen(returned)
    make_authority.returned(returned, cast.priya, "And who called the police?")
    case = make.read(returned)
    assert (case.question, case.reply) == ("And who called the police?", None)
    with pytest.raises(NotReady):
        again(returned, cast)
    make_authority.answered(returned, cast.amina, "The guard did.")
    again(returned, cast)
    assert REPLY in first.content
    assert shown_in(returned) == {"case.question": "And who called the police?", "case.reply": "The guard did."}


def test_an_answer_to_the_question_before_is_not_taken_for_one_to_this(cast: Cast, returned: str) -> None:
    opened = make.seen(returned, journey.QUESTION)
    make_authority.answered(returned, cast.amina)
    again(returned, cast)
    make_authority.returned(returned, cast.priya, "And who called the police?")
    with pytest.raises(StaleAnswers):
        save_answers(
            returned, by=cast.amina, page=journey.QUESTION, answers={"case.reply": "The shop keeper."}, seen=opened
        )
    assert make.read(returned).reply is None


def test_a_page_left_open_since_the_question_before_shows_the_new_one_and_keeps_what_was_written(
    cast: Cast, returned: str
) -> None:
    left_open = page(cast, returned)
    make_authority.answered(returned, cast.amina)
    again(returned, cast)
    make_authority.returned(returned, cast.priya, "And who called the police?")
    client = sign_in(Client(), cast.amina)
    sent = page_of(client.post(left_open.path, left_open.form | {"reply": "The shop keeper."}), left_open.path)
    assert sent.status == 409
    assert "And who called the police?" in sent.html
    assert sent.form["reply"] == "The shop keeper."
    assert make.read(returned).reply is None
    assert client.post(sent.path, sent.form).status_code == 302
    assert make.read(returned).reply == "The shop keeper."


# What the answer is part of


def test_whoever_decides_reads_the_answer_under_the_question(cast: Cast, returned: str) -> None:
    make_authority.answered(returned, cast.amina)
    again(returned, cast)
    found = review(client_of(cast.priya), returned)
    (asked,) = found.tree.find_all(class_="govuk-inset-text")
    assert asked.text().index(f"Asked: {QUESTION}") < asked.text().index(f"Answered: {REPLY}")
    assert "No other answer has changed since." in found.html
    (card,) = [node for node in found.tree.find_all(class_="govuk-summary-card") if REPLY in node.text()]
    assert "Question and answer" in card.text()
    assert QUESTION in card.text()


def test_a_question_and_answer_of_a_round_before_stand_side_by_side_with_those_of_this(
    cast: Cast, returned: str
) -> None:
    make_authority.answered(returned, cast.amina)
    again(returned, cast)
    make_authority.returned(returned, cast.priya, "And who called the police?")
    make_authority.answered(returned, cast.amina, "The guard did.")
    again(returned, cast)
    found = review(client_of(cast.priya), returned)
    (asked,) = found.tree.find_all(class_="govuk-inset-text")
    assert "Answered: The guard did." in asked.text()
    (table,) = found.tree.find_all("table")
    cells = [node.text() for node in table.find_all("td")]
    assert cells == [QUESTION, "And who called the police?", REPLY, "The guard did."]


def test_another_answer_after_the_grant_voids_it(cast: Cast, returned: str) -> None:
    make_authority.answered(returned, cast.amina)
    again(returned, cast)
    assert make_authority.granted(returned, cast.priya) is Status.READY
    submission.reopen(returned, by=cast.amina)
    make_authority.answered(returned, cast.amina, "Nobody did.")
    assert make.read(returned).authority_decision is None
    (changed,) = changes_kept(Void.objects.get().changed)
    assert (changed.question, changed.old, changed.new) == ("What is your answer?", REPLY, "Nobody did.")


def test_a_question_asked_after_it_was_found_suitable_takes_nothing_from_that(cast: Cast) -> None:
    reference = make_authority.asked(cast.amina, make.police_knife())
    make_authority.returned(reference, cast.yusuf, "Was he on duty?")
    make_authority.answered(reference, cast.amina, "Off duty since six.")
    again(reference, cast)
    assert make_authority.found_suitable(reference, cast.yusuf) is Status.AWAITING_AUTHORITY
    make_authority.returned(reference, cast.priya)
    make_authority.answered(reference, cast.amina)
    make_authority.answered(reference, cast.amina, "The guard, on second thoughts.")
    assert again(reference, cast) is Status.AWAITING_AUTHORITY
    assert make.read(reference).professional_standards_decision == "suitable"
    assert not Void.objects.exists()
    # What they were answered themselves they rely on.
    assert make_authority.granted(reference, cast.priya) is Status.READY
    submission.reopen(reference, by=cast.amina)
    make.answer(reference, cast.amina, "rationale", case__rationale="Another.")
    assert sorted(Void.objects.values_list("kind", flat=True)) == ["authority", "suitability"]


def test_an_answer_that_professional_standards_were_given_voids_what_they_found(cast: Cast) -> None:
    reference = make_authority.asked(cast.amina, make.police())
    make_authority.returned(reference, cast.yusuf, "Was he on duty?")
    make_authority.answered(reference, cast.amina, "Off duty since six.")
    again(reference, cast)
    make_authority.found_suitable(reference, cast.yusuf)
    submission.reopen(reference, by=cast.amina)
    make_authority.answered(reference, cast.amina, "On duty.")
    assert Void.objects.get().kind == "suitability"


def test_the_rules_see_nothing_of_it(cast: Cast, returned: str) -> None:
    day = timezone.localdate()
    before = facts_of(make.record(returned), on=day)
    make_authority.answered(returned, cast.amina)
    assert facts_of(make.record(returned), on=day) == before


def test_another_record_of_the_incident_is_asked_nothing(cast: Cast, returned: str) -> None:
    make_authority.answered(returned, cast.amina)
    copied = make.read(start_another(returned, by=cast.amina, token=uuid4()))
    assert (copied.question, copied.reply) == (None, None)


def test_both_are_personal_in_the_trail_and_replayed_from_it(cast: Cast, returned: str) -> None:
    make_authority.answered(returned, cast.amina)
    again(returned, cast)
    make_authority.returned(returned, cast.priya, "And who called the police?")
    case = make.read(returned)
    assert replay(case.subject) == rows_now(case) | rows_of(case)
    entries = Entry.objects.filter(subject=case.subject)
    assert entries.filter(event="case.returned").count() == 2
    bodies = "".join(json.dumps(entry.details) + bytes(entry.body).decode() for entry in entries)
    for words in (QUESTION, REPLY, "And who called the police?"):
        assert words not in bodies
