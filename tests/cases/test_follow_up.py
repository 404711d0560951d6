"""What is to be followed up: who sees it, when an action counts as overdue, who was not told, and what a list names."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Role
from cr_app.audit.models import Access
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import ActionProgress, AgreedAction, Case, Contact, Correction, Victim
from cr_app.cases.presenting.calendar import SHOWN, UNTOLD, Asked, calendar_page, who_is_untold
from cr_app.cases.queries import Record
from cr_app.cases.queries.follow_up import (
    Scope,
    When,
    counts_by_officer,
    open_actions_read,
    to_follow_up,
    untold_read,
)
from cr_app.cases.queries.telling import still_to_tell
from tests import make
from tests import make_afterwards as after
from tests.cast import Cast, sign_in
from tests.make_progress import recorded
from tests.pages.markup import read


def progress(reference: str, officer: Officer, outcome: str, *, due_on: date | None = None, place: int = 0) -> None:
    """Add what came of an action of a case, as its own day says or with another date."""
    action = AgreedAction.objects.filter(case__reference=reference).order_by("position")[place]
    before = ActionProgress.objects.filter(action=action).order_by("number").last()
    ActionProgress.objects.create(
        case=action.case,
        action=action,
        number=1 + (before.number if before else 0),
        outcome=outcome,
        happened_on=timezone.localdate(),
        due_on=due_on or (before.due_on if before else action.due_on),
        left="The rest." if outcome == ActionProgress.PARTLY else "",
        said_by="The shop",
        reason="He was in hospital.",
        at=timezone.now(),
        by=officer,
    )


def told(
    reference: str, officer: Officer, *, of: str = "decision", place: int | None = 0, result: str = "reached"
) -> None:
    """Add a contact with a victim of a case, or with the offender where no place is given."""
    case = make.read(reference)
    victim = None if place is None else Victim.objects.filter(case=case).order_by("position")[place]
    now = timezone.now()
    Contact.objects.create(
        case=case, victim=victim, happened_at=now, how="phone", result=result, told=of, at=now, by=officer
    )


def due(scope: Scope, *when: When, on: date) -> list[str]:
    """Return the cases of the open actions that are due then, in order."""
    return [each.case.reference for each in open_actions_read(to_follow_up(scope).actions(*(when or When), on=on))]


def untold(scope: Scope) -> dict[str, str]:
    """Return who was not told, by case."""
    return {each.case.reference: who_is_untold(each) for each in untold_read(to_follow_up(scope).cases)}


def opened(officer: Officer, query: str = "") -> Any:
    """Return the page as this officer sees it."""
    response = sign_in(Client(), officer).get(f"{reverse('follow_up')}{query}")
    assert response.status_code == 200
    return response


def one_action(report: str = make.REPORT) -> make.Story:
    """Return a plain story in which one thing is agreed."""
    return make.shop_theft().but(actions=(make.apology(),), report=report)


@pytest.fixture
def issued(cast: Cast) -> str:
    """A case of Amina's with one action and one victim."""
    return make.issued(cast.amina, one_action())


def test_an_action_is_overdue_from_the_day_after_and_not_on_the_day(cast: Cast, issued: str) -> None:
    day = AgreedAction.objects.get(case__reference=issued).due_on
    scope = Scope(cast.amina)
    found = {
        days: [when for when in When if due(scope, when, on=day + timedelta(days=days))] for days in (-8, -7, -1, 0, 1)
    }
    assert found == {-8: [When.LATER], -7: [When.SOON], -1: [When.SOON], 0: [When.TODAY], 1: [When.OVERDUE]}


@time_machine.travel("2028-02-10 12:00", tick=False)
def test_what_is_due_on_a_leap_day_is_overdue_on_the_first_of_march(cast: Cast) -> None:
    story = make.shop_theft().but(actions=(make.apology(due_on=date(2028, 2, 29)),))
    reference = make.issued(cast.amina, story)
    scope = Scope(cast.amina)
    assert due(scope, When.TODAY, on=date(2028, 2, 29)) == [reference]
    assert due(scope, When.OVERDUE, on=date(2028, 2, 29)) == []
    assert due(scope, When.OVERDUE, on=date(2028, 3, 1)) == [reference]
    with time_machine.travel("2028-03-01 12:00", tick=False):
        assert "1 day overdue" in opened(cast.amina).content.decode()


def test_a_day_begins_at_midnight_on_the_clock_on_the_wall_in_summer(cast: Cast) -> None:
    with time_machine.travel("2026-07-01 12:00Z", tick=False) as clock:
        days = (date(2026, 7, 10), date(2026, 7, 11), date(2026, 7, 12))
        actions = tuple(make.apology(due_on=day) for day in days)
        make.issued(cast.amina, make.shop_theft().but(actions=actions))
        clock.move_to("2026-07-10 22:30Z")
        text = read(opened(cast.amina).content.decode()).text()
        assert ("Due today" in text, "Due tomorrow" in text, "1 day overdue" in text) == (True, True, False)
        clock.move_to("2026-07-10 23:30Z")
        text = read(opened(cast.amina).content.decode()).text()
        assert ("Due today" in text, "Due tomorrow" in text, "1 day overdue" in text) == (True, True, True)


def test_what_holds_now_counts_the_changed_date_the_part_done_and_what_was_reopened(cast: Cast, issued: str) -> None:
    scope, today = Scope(cast.amina), timezone.localdate()
    progress(issued, cast.amina, ActionProgress.DATE_CHANGED, due_on=today - timedelta(days=2))
    assert due(scope, When.OVERDUE, on=today) == [issued]
    page = opened(cast.amina).content.decode()
    assert "2 days overdue" in page
    assert "Agreed for" in page
    progress(issued, cast.amina, ActionProgress.PARTLY, due_on=today)
    assert due(scope, When.TODAY, on=today) == [issued]
    assert "Partly done." in opened(cast.amina).content.decode()
    for outcome in (ActionProgress.COMPLETED, ActionProgress.NOT_COMPLIED):
        progress(issued, cast.amina, outcome)
        assert due(scope, on=today) == []
        # A date that changes later says nothing of what came of it.
        progress(issued, cast.amina, ActionProgress.DATE_CHANGED, due_on=today - timedelta(days=9))
        assert due(scope, on=today) == []
        progress(issued, cast.amina, ActionProgress.REOPENED)
        assert due(scope, When.OVERDUE, on=today) == [issued]


def test_what_is_not_issued_or_was_completed_or_rescinded_has_nothing_due(cast: Cast, issued: str) -> None:
    make.submitted(cast.amina, make.shop_theft().but(report="1/26"))
    done = make.issued(cast.amina, one_action("2/26"))
    scope, today = Scope(cast.amina), timezone.localdate()
    assert due(scope, on=today) == [issued, done]
    recorded(done, cast.amina, "completed")
    assert make.read(done).status == Status.COMPLETED
    assert due(scope, on=today) == [issued]
    after.rescinded(issued, cast.priya)
    assert due(scope, on=today) == []


def test_victims_count_as_told_one_by_one_and_only_of_the_decision(cast: Cast) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    scope = Scope(cast.amina)
    assert untold(scope) == {reference: "Victims 1 and 2 of 2 not told of the decision"}
    told(reference, cast.amina, of="nothing", place=1, result="no_answer")
    assert untold(scope) == {reference: "Victims 1 and 2 of 2 not told of the decision"}
    assert "1 attempt in vain, the last one on" in opened(cast.amina).content.decode()
    told(reference, cast.amina, place=0)
    assert untold(scope) == {reference: "Victim 2 of 2 not told of the decision"}
    told(reference, cast.amina, place=1)
    assert untold(scope) == {}


def test_of_a_rescission_both_parties_are_told_whatever_they_knew_before(cast: Cast, issued: str) -> None:
    told(issued, cast.amina)
    scope = Scope(cast.amina)
    assert untold(scope) == {}
    after.rescinded(issued, cast.priya)
    assert untold(scope) == {issued: "The victim and the offender not told of the rescission"}
    told(issued, cast.amina, of="rescission", place=None)
    assert untold(scope) == {issued: "The victim not told of the rescission"}
    told(issued, cast.amina, of="rescission")
    assert untold(scope) == {}


@pytest.mark.parametrize("place", [0, None], ids=["a victim's name", "the offender's name"])
def test_of_a_correction_whose_name_it_is_is_told_anew_each_time(cast: Cast, issued: str, place: int | None) -> None:
    told(issued, cast.amina)
    scope, case = Scope(cast.amina), make.read(issued)
    whose = "The offender" if place is None else "The victim"

    def correct(new: str) -> None:
        victim = None if place is None else Victim.objects.get(case=case)
        Correction.objects.create(
            case=case,
            victim=victim,
            column="last_names",
            old=f"Not {new}",
            new=new,
            reason="Misheard",
            at=timezone.now(),
            by=cast.amina,
        )

    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        correct("Haddad")
        assert untold(scope) == {issued: f"{whose} not told that a name was corrected"}
        told(issued, cast.amina, of="correction", place=0 if place is None else None)
        assert len(untold(scope)) == 1
        told(issued, cast.amina, of="correction", place=place)
        assert untold(scope) == {}
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        correct("Hadid")
        assert untold(scope) == {issued: f"{whose} not told that a name was corrected"}


def both(reference: str, scope: Scope) -> tuple[list[int | None], list[int | None]]:
    """Return who of a case is still to be told, as the list of the calendar and as the page of the case have it."""
    listed = [each.waiting for each in untold_read(to_follow_up(scope).cases) if each.case.reference == reference]
    people = [still.victim for waiting in listed for still in waiting]
    assert len(listed) == bool(people), "a case is listed for nobody"
    return people, [still.victim for still in still_to_tell(Record(make.read(reference)))]


@pytest.mark.parametrize("day", ["2026-01-15", "2026-07-01"], ids=["winter", "summer"])
@pytest.mark.parametrize("minutes", [-1, 0, 20], ids=["before", "in the same minute", "after"])
def test_the_list_and_the_case_name_the_same_people_in_winter_and_summer(cast: Cast, day: str, minutes: int) -> None:
    scope = Scope(cast.amina)
    with time_machine.travel(f"{day} 10:00:30Z", tick=False) as clock:
        issued = make.issued(cast.amina, one_action())
        told(issued, cast.amina)
        assert both(issued, scope) == ([], [])
        clock.move_to(f"{day} 10:30:30Z")
        after.corrected(issued, cast.amina)
        assert both(issued, scope) == ([None], [None])
        clock.move_to(datetime.fromisoformat(f"{day}T10:30:00Z") + timedelta(minutes=minutes))
        told(issued, cast.amina, of="correction", place=None)
        expected: list[int | None] = [] if minutes >= 0 else [None]
        assert both(issued, scope) == (expected, expected)


def test_only_attempts_since_it_came_up_count_as_in_vain(cast: Cast, issued: str) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=True) as clock:
        for _ in range(3):
            told(issued, cast.amina, of="nothing", result="no_answer")
        told(issued, cast.amina)
        clock.shift(timedelta(hours=1))
        after.rescinded(issued, cast.priya)
        (line,) = untold_read(to_follow_up(Scope(cast.amina)).cases)
        assert (line.tried, line.last_tried_at) == (0, None)
        clock.shift(timedelta(minutes=5))
        told(issued, cast.amina, of="nothing", place=None, result="no_answer")
        (line,) = untold_read(to_follow_up(Scope(cast.amina)).cases)
        assert line.tried == 1


def test_a_sergeant_chooses_her_unit_and_one_of_its_officers(cast: Cast) -> None:
    amina, tom = make.issued(cast.amina), make.issued(cast.tom, make.shop_theft().but(report="1/26"))
    marcus = make.issued(cast.marcus, make.shop_theft().but(report="2/26"))
    page = opened(cast.grace, "?of=unit").content.decode()
    assert (amina in page, tom in page) == (True, True)
    assert marcus not in page
    for section in read(page).find_all("section", class_="cr-pile"):
        assert [node.text() for node in section.find_all("h3")] == [cast.amina.title, cast.tom.title]
    narrowed = opened(cast.grace, f"?of=unit&officer={cast.tom.pk}").content.decode()
    assert (amina in narrowed, tom in narrowed) == (False, True)
    assert amina not in opened(cast.grace).content.decode()


def test_who_is_no_sergeant_sees_their_own_whatever_is_asked(cast: Cast, issued: str) -> None:
    for query in ("?of=unit", f"?of=unit&officer={cast.amina.pk}", "?only=nothing&page=x", "?page=99999999999999"):
        assert issued not in opened(cast.tom, query).content.decode(), query
        assert issued in opened(cast.amina, query).content.decode(), query
    refused = sign_in(Client(), cast.ruth).get(reverse("follow_up"))
    assert refused.status_code == 403


def test_an_inspector_who_recorded_cases_before_follows_them_up(cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    Case.objects.filter(reference=reference).update(officer=cast.priya)
    make.issue_it(reference, cast.priya)
    Officer.objects.filter(pk=cast.priya.pk).update(roles=[Role.AUTHORISING_OFFICER])
    assert reference in opened(cast.priya).content.decode()
    desk = read(sign_in(Client(), cast.priya).get("/").content.decode())
    assert "Not told yet" in desk.text()
    assert "Recently issued" not in desk.text()
    # Her cases alone: no unit is shown to who is no sergeant.
    assert reference not in opened(cast.helen, "?of=unit").content.decode()


def test_a_restricted_case_whose_officer_left_stands_on_the_desk_of_professional_standards(cast: Cast) -> None:
    title = "Restricted, and the officer has left"
    reference = make.submitted(cast.amina, one_action())
    Case.objects.filter(reference=reference).update(is_restricted=True)
    make.issue_it(reference, cast.amina)
    assert title not in sign_in(Client(), cast.yusuf).get("/").content.decode()
    Officer.objects.filter(pk=cast.amina.pk).update(is_active=False)
    page = sign_in(Client(), cast.yusuf).get("/").content.decode()
    assert title in page
    assert reference in page
    assert reference not in sign_in(Client(), cast.grace).get("/").content.decode()
    told(reference, cast.amina)
    recorded(reference, cast.yusuf, "completed")
    assert title not in sign_in(Client(), cast.yusuf).get("/").content.decode()


def test_a_restricted_case_is_followed_up_by_its_officer_and_told_to_no_sergeant(cast: Cast, issued: str) -> None:
    scope, today = Scope(cast.grace, is_unit=True), timezone.localdate()
    closed = make.submitted(cast.amina, one_action("1/26"))
    Case.objects.filter(reference=closed).update(is_restricted=True)
    make.issue_it(closed, cast.amina)
    assert due(scope, on=today) == [issued]
    assert list(untold(scope)) == [issued]
    assert [
        (each.officer, sum(each.due.values()), each.untold) for each in counts_by_officer(to_follow_up(scope), on=today)
    ] == [(cast.amina.pk, 1, 1)]
    assert closed not in opened(cast.grace, "?of=unit").content.decode()
    assert closed in opened(cast.amina).content.decode()


def test_one_access_names_the_cases_shown_and_no_victim_or_undertaking_is(cast: Cast, issued: str) -> None:
    action, victim = AgreedAction.objects.get(case__reference=issued), Victim.objects.get(case__reference=issued)
    response = opened(cast.amina)
    accesses = Access.objects.filter(request_id=response["X-Request-Id"])
    assert [(each.page, each.subjects) for each in accesses] == [("follow_up", [f"case:{issued}"])]
    page = response.content.decode()
    assert make.record(issued).offender.name in page
    for text in (action.undertaking, victim.name, victim.last_names, victim.contact):
        assert text
        assert text not in page
    assert "no-store" in response["Cache-Control"]


def test_two_actions_of_one_case_are_told_apart_by_their_numbers(cast: Cast) -> None:
    reference = make.issued(cast.amina, make.shop_theft().but(actions=(make.apology(), make.apology(), make.apology())))
    recorded(reference, cast.amina, "completed", 2)
    rows = open_actions_read(to_follow_up(Scope(cast.amina)).actions(*When, on=timezone.localdate()))
    assert [row.number for row in rows] == [1, 3]
    page = opened(cast.amina).content.decode()
    assert ("1. Apologise" in page, "2. Apologise" in page, "3. Apologise" in page) == (True, False, True)


def test_an_empty_calendar_says_so(cast: Cast) -> None:
    assert "Nothing is to be followed up" in opened(cast.tom).content.decode()
    assert "By officer" not in opened(cast.grace, "?of=unit").content.decode()


def test_a_long_list_says_that_it_is_cut_and_the_rest_is_paged(cast: Cast) -> None:
    for number in range(SHOWN + 2):
        make.issued(cast.amina, make.shop_theft().but(report=f"{number + 1}/26"))
    context = calendar_page(cast.amina, Asked(), at=timezone.now())
    lists = {each.key: each for each in context["sections"]}
    assert (lists[UNTOLD].shown, lists[UNTOLD].total) == (SHOWN, SHOWN + 2)
    page = opened(cast.amina).content.decode()
    assert f"The first {SHOWN} are shown." in page
    assert f"See all {SHOWN + 2}" in page
    alone = opened(cast.amina, f"?only={UNTOLD}").content.decode()
    assert len(read(alone).find_all("li", class_="cr-line")) == SHOWN + 2


def test_more_than_the_most_is_not_counted_and_the_page_says_so(cast: Cast) -> None:
    for number in range(3):
        make.issued(cast.amina, one_action(f"{number + 1}/26"))
    context = calendar_page(cast.amina, Asked(), at=timezone.now(), most=2)
    assert context["most"] == 2
    assert {each.key: each.total for each in context["sections"]}[UNTOLD] == 2
    page = read(render_to_string("cases/calendar.html", context)).text()
    assert "the first 2 actions and the first 2 cases are counted and listed" in page
    # The control: as many as the most are all of them.
    assert calendar_page(cast.amina, Asked(), at=timezone.now(), most=3)["most"] == 0


def test_the_calendar_costs_the_same_however_much_there_is(cast: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{reverse('follow_up')}?of=unit").status_code == 200
        return len(queries)

    client = sign_in(Client(), cast.grace)
    make.issued(cast.amina)
    cost()
    one = cost()
    for number in range(4):
        make.issued(cast.tom, make.shop_theft().but(report=f"{number + 1}/26"))
    assert cost() == one <= 20


def test_a_corrected_name_stands_with_the_one_issued(cast: Cast, issued: str) -> None:
    case = make.read(issued)
    before = case.offender.name
    Correction.objects.create(
        case=case, column="last_names", old="Ransome", new="Ransom", reason="Misread", at=timezone.now(), by=cast.amina
    )
    lines = read(opened(cast.amina).content.decode()).find_all("p", class_="cr-line__who")
    assert [line.find_all("bdi")[0].text() for line in lines] == [f"Jade Ransom, issued as {before}"] * 2
