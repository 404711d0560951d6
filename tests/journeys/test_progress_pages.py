"""The pages of agreed actions: what they show, what they ask, and that nothing typed is lost or done twice."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.audit.models import Access, Entry
from cr_app.cases.models import ActionProgress, Case, Correction, Victim
from cr_app.pages.moments import written
from cr_app.policy.rulebook import rulebook_named
from tests import make, make_authority
from tests.cast import PASSWORD, Cast, give_password, sign_in
from tests.journeys.browsing import Page, day, open_page, page_of
from tests.journeys.test_query_counts import cost
from tests.make_progress import recorded, standing, with_actions

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
# By the clock in London: the day itself lasts until midnight there.
LEAP_DAYS = (
    (datetime(2028, 2, 28, 12, tzinfo=UTC), "Open"),
    (datetime(2028, 2, 29, 23, 59, tzinfo=UTC), "Due today"),
    (datetime(2028, 3, 1, 0, 1, tzinfo=UTC), "Overdue"),
)
LONG = "Wörter" * 80


@pytest.fixture
def amina(client: Client, cast: Cast) -> Client:
    """The browser in which Amina Khan is signed in."""
    return sign_in(client, cast.amina)


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def on(name: str, when: date) -> dict[str, str]:
    return day(name, str(when.day), str(when.month), str(when.year))


def form_of(reference: str, number: int = 1) -> str:
    return reverse("case_progress_record", args=[reference, standing(reference, number).action.pk])


def post(client: Client, page: Page, **answers: Any) -> Page:
    """Send an open page as it stands but for some answers."""
    return page_of(client.post(page.path, page.form | answers), page.path)


def done(**answers: str) -> dict[str, str]:
    return {"outcome": "completed", "said_by": "The manager", **on("happened_on", timezone.localdate()), **answers}


def offered(page: Page) -> list[str]:
    """Return the outcomes that can be chosen."""
    return [node.attrs["value"] for node in page.tree.find_all("input") if node.attrs.get("name") == "outcome"]


def main_of(page: Page) -> str:
    (main,) = page.tree.find_all("main")
    return main.text()


def test_the_list_tells_how_each_stands_with_the_old_dates_and_the_whole_history(amina: Client, cast: Cast) -> None:
    reference = make.issued(
        cast.amina,
        with_actions(
            make.apology(undertaking=LONG),
            make.apology(remedy="financial-compensation", undertaking="Pay", amount=Decimal("1012.40")),
            make.apology(due_on=timezone.localdate()),
        ),
    )
    recorded(reference, cast.amina, "date_changed", 1, due_on=in_days(20))
    recorded(reference, cast.grace, "partly", 1, due_on=in_days(25), left="The last page")
    recorded(reference, cast.amina, "completed", 2, evidence="Receipt 0042\nseen")
    page = open_page(amina, reverse("case_progress", args=[reference]))
    shown = main_of(page)
    agreed, then, now = (written(in_days(days)) for days in (14, 20, 25))
    assert now in shown
    assert f"As agreed: {agreed}" in shown
    assert f"Then: {then}" in shown
    for words in ("£1,012.40", "Due today", "Partly done", "Completed", "The last page", "In hospital until Monday."):
        assert words in shown, words
    assert cast.grace.title in shown
    assert "Receipt 0042" in shown
    assert shown.index("In hospital") < shown.index("Receipt 0042")
    assert page.html.count("Record what came of it") == 3
    for sentence in rulebook_named("met/2023-08-01").non_compliance:
        assert sentence in shown
    access = Access.objects.latest("pk")
    assert (access.subjects, access.page) == ([f"case:{reference}"], "progress")


def test_an_overdue_action_is_said_to_be_from_the_day_after(amina: Client, cast: Cast) -> None:
    with time_machine.travel(datetime(2028, 2, 20, 12, tzinfo=UTC), tick=False):
        reference = make.issued(cast.amina, with_actions(make.apology(due_on=date(2028, 2, 29))))
    path = reverse("case_progress", args=[reference])
    for at, tag in LEAP_DAYS:
        with time_machine.travel(at, tick=False):
            sign_in(amina, cast.amina)
            page = open_page(amina, path)
            (said,) = [node.text() for node in page.tree.find_all(class_="govuk-tag")][1:]
            assert said == tag


def test_what_came_of_an_action_is_recorded_without_scripts(amina: Client, cast: Cast) -> None:
    reference = make.issued(cast.amina)
    path = form_of(reference, 2)
    page = open_page(amina, path)
    assert offered(page) == ["completed", "partly", "not_complied", "date_changed"]
    assert not [node for node in page.tree.find_all("input") if "checked" in node.attrs]
    response = amina.post(path, page.form | done(reason="Typed before another outcome was chosen"))
    assert response["Location"] == reverse("case_progress", args=[reference])
    row = ActionProgress.objects.get()
    assert (row.outcome, row.said_by, row.reason) == ("completed", "The manager", "")
    last = open_page(amina, form_of(reference, 1))
    assert "this completes the case" in last.html
    assert post(amina, last, **done()).status == 302
    assert make.read(reference).status == "completed"
    shown = main_of(open_page(amina, reverse("case_progress", args=[reference])))
    assert "Everything that was agreed has been done." in shown
    assert "Record what came of it" not in shown
    assert amina.get(form_of(reference, 1)).status_code == 403


def test_each_outcome_asks_for_its_own_answers_and_for_no_others(amina: Client, cast: Cast) -> None:
    reference = make.issued(cast.amina)
    wanted = {
        "": ["Select what came of it"],
        "completed": ["Enter the day on which it was done, or on which it was found not to be done", "Say who says so"],
        "partly": [
            "Enter the day on which it was done, or on which it was found not to be done",
            "Say what is still to be done",
            "Enter the day by which it is now to be done",
            "Say who says so",
        ],
        "not_complied": [
            "Enter the day on which it was done, or on which it was found not to be done",
            "Say why it was not complied with",
            "Say who says so",
        ],
        "date_changed": ["Enter the day by which it is now to be done", "Say why the date changes"],
    }
    for outcome, sentences in wanted.items():
        # What is not asked with an outcome cannot be wrong.
        wrong = {} if outcome in ("partly", "date_changed") else {"due_on_day": "99"}
        page = post(amina, open_page(amina, form_of(reference)), outcome=outcome, **wrong)
        assert (page.status, page.summary) == (422, sentences)
        assert set(page.summary_targets) <= page.ids
        assert len(page.errors) == len(sentences)
    assert not ActionProgress.objects.exists()


def test_days_out_of_bounds_are_told_beside_their_boxes(amina: Client, cast: Cast) -> None:
    reference = make.issued(cast.amina)
    today = timezone.localdate()
    tried = [
        (done() | on("happened_on", in_days(1)), "Enter the day it happened as today or a day in the past"),
        (
            done() | on("happened_on", in_days(-1)),
            f"Enter the day it happened as {written(today)}, when it was issued, or later",
        ),
        (
            {"outcome": "date_changed", "reason": "So.", **on("due_on", in_days(-1))},
            f"Enter the new date as {written(today)}, or later",
        ),
        (
            {"outcome": "date_changed", "reason": "So.", **on("due_on", in_days(14))},
            f"It is due on {written(in_days(14))} already. Enter another day.",
        ),
        (
            {"outcome": "date_changed", "reason": "So.", **day("due_on", "29", "2", "2027")},
            "Enter a real date for the new date: February 2027 has no day 29",
        ),
    ]
    for answers, sentence in tried:
        page = post(amina, open_page(amina, form_of(reference)), **answers)
        assert page.status in (403, 422)
        assert page.summary == [sentence]
        assert page.form["outcome"] == answers["outcome"]
    assert not ActionProgress.objects.exists()


def test_a_double_click_records_once_and_leads_on(amina: Client, cast: Cast) -> None:
    reference = make.issued(cast.amina, with_actions(make.apology()))
    page = open_page(amina, form_of(reference))
    # The first of these completes the case, so that the form would not be shown any more.
    assert [post(amina, page, **done()).status for _ in range(3)] == [302, 302, 302]
    assert ActionProgress.objects.count() == 1
    reference = make.issued(cast.amina, with_actions(make.apology()))
    page = open_page(amina, form_of(reference))
    changed = {"outcome": "date_changed", "reason": "So.", **on("due_on", in_days(20))}
    assert [post(amina, page, **changed).status for _ in range(2)] == [302, 302]
    assert ActionProgress.objects.count() == 2


def test_what_was_recorded_meanwhile_is_shown_and_nothing_typed_is_lost(amina: Client, cast: Cast) -> None:
    reference = make.issued(cast.amina)
    page = open_page(amina, form_of(reference))
    recorded(reference, cast.grace, "date_changed", 1, due_on=in_days(21), reason="She has moved house.")
    stale = post(amina, page, **done(evidence="Letter seen <b>today</b>"))
    assert stale.status == 409
    shown = main_of(stale)
    assert "Something else has been recorded of this action" in shown
    assert "She has moved house." in shown
    assert (stale.form["evidence"], stale.form["outcome"]) == ("Letter seen <b>today</b>", "completed")
    refused = Entry.objects.filter(outcome="refused").latest("pk")
    assert refused.subject == f"case:{reference}"
    assert post(amina, stale).status == 302
    assert [row.outcome for row in standing(reference).progress] == ["date_changed", "completed"]


def test_an_outcome_that_does_not_fit_any_more_is_told_with_what_was_typed(amina: Client, cast: Cast) -> None:
    reference = make.issued(cast.amina)
    page = open_page(amina, form_of(reference))
    recorded(reference, cast.grace, "completed", 1)
    stale = post(amina, page, **done(outcome="not_complied", reason="Never came."))
    assert (stale.status, stale.form["reason"]) == (409, "Never came.")
    told = post(amina, stale)
    assert told.summary == ["This action is recorded as completed. Open it again first, if that is wrong."]
    assert (told.form["outcome"], told.form["reason"]) == ("not_complied", "Never came.")
    assert post(amina, open_page(amina, form_of(reference)), outcome="reopened", reason="Another case.").status == 302
    assert main_of(open_page(amina, reverse("case_progress", args=[reference]))).count("Open again") == 1


def test_a_case_that_was_rescinded_meanwhile_refuses_and_gives_back_what_was_typed(amina: Client, cast: Cast) -> None:
    reference = make.issued(cast.amina)
    page = open_page(amina, form_of(reference))
    Case.objects.filter(reference=reference).update(status="rescinded")
    told = post(amina, page, **done(evidence="Letter seen"))
    assert told.status == 403
    assert told.summary == ["This case is rescinded, so nothing more is recorded of its agreed actions."]
    assert told.form["evidence"] == "Letter seen"
    shown = main_of(open_page(amina, reverse("case_progress", args=[reference])))
    assert "Not followed up any more" in shown
    assert "Record what came of it" not in shown
    assert amina.get(page.path).status_code == 403


def test_not_complied_with_shows_what_follows_by_the_rulebook_it_was_decided_under(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    grace = sign_in(Client(), cast.grace)
    page = open_page(grace, form_of(reference))
    shown = main_of(page)
    assert "the offence may be looked at again" in shown
    assert "met/2023-08-01" in shown
    answers = {"outcome": "not_complied", "reason": "Moved away.", "said_by": "The offender"}
    assert post(grace, page, **answers, **on("happened_on", timezone.localdate())).status == 302
    shown = main_of(open_page(grace, reverse("case_progress", args=[reference])))
    assert "When all are completed, the case is, and that counts as done late." in shown
    assert "Recorded of action 1: not complied with. This case is now not complied with" in shown
    assert offered(open_page(grace, page.path)) == ["completed", "partly", "reopened"]


def test_what_was_typed_into_a_session_that_had_ended_comes_back(client: Client, cast: Cast) -> None:
    give_password(cast.amina)
    with time_machine.travel(MORNING, tick=False) as clock:
        reference = make.issued(cast.amina)
        path = form_of(reference)
        sign_in(client, cast.amina)
        page = open_page(client, path)
        clock.move_to(MORNING + timedelta(hours=2))
        client.post(path, page.form | done(evidence="Receipt 77"))
        client.post("/sign-in/", {"login": "4127", "password": PASSWORD, "next": path})
        back = open_page(client, path)
        assert "What you typed before you were signed out is here" in back.html
        assert back.form["evidence"] == "Receipt 77"
        assert post(client, back).status == 302
    assert ActionProgress.objects.get().evidence == "Receipt 77"


def test_a_case_in_which_nothing_was_agreed_says_so(cast: Cast) -> None:
    reference = make_authority.asked(cast.kieran, make.kent().but(actions=()))
    make_authority.granted(reference, cast.laura)
    make.issue_it(reference, cast.kieran)
    shown = main_of(open_page(sign_in(Client(), cast.kieran), reverse("case_progress", args=[reference])))
    assert "Nothing was agreed in this case, so there is nothing to follow up." in shown


def test_a_case_that_was_not_issued_has_no_such_page_and_an_action_is_its_own_cases(amina: Client, cast: Cast) -> None:
    draft = make.complete_shop_theft(cast.amina)
    assert amina.get(reverse("case_progress", args=[draft])).status_code == 403
    assert amina.get(form_of(draft)).status_code == 403
    other, issued = make.issued(cast.tom), make.issued(cast.amina)
    for pk in (standing(other).action.pk, 0):
        assert amina.get(reverse("case_progress_record", args=[issued, pk])).status_code == 404


def test_a_corrected_name_is_said_as_it_stands_with_the_one_at_issue_beside_it(amina: Client, cast: Cast) -> None:
    draft = make.complete(cast.amina, with_actions(victims=(make.person(),)))
    victim = Victim.objects.get(case__reference=draft)
    make.row(draft, cast.amina, "action", make.apology(victim_id=victim.pk))
    make.submit_it(draft, cast.amina)
    make.issue_it(draft, cast.amina)
    about = {"case": make.read(draft), "reason": "Misspelt.", "at": timezone.now(), "by": cast.amina}
    Correction.objects.create(column="last_names", old="Ransome", new="Ransomes", **about)
    Correction.objects.create(victim=victim, column="last_names", old="Haddad", new="Hadad", **about)
    for path in (reverse("case_progress", args=[draft]), form_of(draft)):
        shown = main_of(open_page(amina, path))
        assert "Jade Ransomes" in shown
        assert "Noor Hadad" in shown
        assert "Recorded at issue as: Noor Haddad" in shown


def test_the_pages_cost_the_same_for_one_action_and_for_eight(
    amina: Client, cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    costs = []
    for many in (1, 8):
        reference = make.issued(cast.amina, with_actions(*[make.apology() for _ in range(many)]))
        for number in range(1, many + 1):
            recorded(reference, cast.grace, "date_changed", number, due_on=in_days(20))
        paths = (reverse("case_progress", args=[reference]), form_of(reference))
        costs.append([cost(partial(open_page, amina, path)) for path in paths])
    with capsys.disabled():
        print(f"\n  agreed actions: {costs[0][0]} queries for the list, {costs[0][1]} for the form")  # noqa: T201
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 20
