"""What came of agreed actions: any order, dates, three victims, stale and double, who may, and how the case moves by it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit.models import Entry
from cr_app.audit.queries import replay
from cr_app.authorisations.queries import rows_of
from cr_app.cases.actions.changes import Changes
from cr_app.cases.actions.progress import WrongAnswer, record_progress
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import ActionProgress, AgreedAction, Case, StatusChange, Victim
from cr_app.cases.queries import Standing, rows_now
from cr_app.pages.refusals import AccessDenied, NotAllowed, Stale
from tests import make
from tests.cast import Cast, sign_in
from tests.make_progress import came, recorded, standing, with_actions


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def events(reference: str) -> list[str]:
    """Return what the trail holds since the issue."""
    found = Entry.objects.filter(subject=f"case:{reference}", outcome="done").order_by("pk")
    names = list(found.values_list("event", flat=True))
    return names[names.index("case.issued") + 1 :]


def last_entry(reference: str) -> Entry:
    return Entry.objects.filter(subject=f"case:{reference}").latest("pk")


def test_a_case_is_completed_when_its_last_action_is_in_whatever_order(cast: Cast) -> None:
    for order in ((1, 2), (2, 1)):
        reference = make.issued(cast.amina)
        assert recorded(reference, cast.amina, "completed", order[0]) is Status.ISSUED
        assert recorded(reference, cast.amina, "completed", order[1]) is Status.COMPLETED
        assert events(reference) == ["case.progress_recorded", "case.completed"]
        assert {**last_entry(reference).details}.items() >= {
            "number": order[1],
            "outcome": "completed",
            "status_from": "issued",
            "status_to": "completed",
        }.items()
        move = StatusChange.objects.filter(case__reference=reference).latest("pk")
        assert (move.move, move.to_status) == ("complete", "completed")


def test_one_action_not_complied_with_is_a_case_not_complied_with_until_all_are_done_late(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    assert recorded(reference, cast.amina, "not_complied", 1) is Status.NOT_COMPLIED
    assert recorded(reference, cast.amina, "not_complied", 2) is Status.NOT_COMPLIED
    assert recorded(reference, cast.amina, "completed", 2) is Status.NOT_COMPLIED
    assert recorded(reference, cast.amina, "partly", 1, due_on=in_days(3)) is Status.NOT_COMPLIED
    assert recorded(reference, cast.amina, "completed", 1) is Status.COMPLETED
    assert events(reference) == [
        *("case.not_complied", "case.progress_recorded", "case.progress_recorded", "case.progress_recorded"),
        "case.complied_late",
    ]
    moves = StatusChange.objects.filter(case__reference=reference).order_by("pk")
    assert [(move.move, move.reason) for move in moves][-2:] == [
        ("record_not_complied", "Would not do it."),
        ("comply_late", ""),
    ]


def test_three_victims_each_have_their_own_and_one_partly_done_keeps_the_case_open(cast: Cast) -> None:
    names = ("Archway Stores", "Tufnell Stores", "Holloway Stores")
    draft = make.complete(
        cast.amina, with_actions(make.apology(), victims=tuple(make.shop(organisation_name=name) for name in names))
    )
    for victim in Victim.objects.filter(case__reference=draft):
        make.row(draft, cast.amina, "action", make.apology(victim_id=victim.pk))
    make.submit_it(draft, cast.amina)
    make.issue_it(draft, cast.amina)
    new_date = in_days(20)
    recorded(draft, cast.amina, "partly", 3, due_on=new_date, left="The second page")
    for number in (4, 1, 2):
        assert recorded(draft, cast.amina, "completed", number) is Status.ISSUED
    assert [standing(draft, number).standing for number in (1, 2, 3, 4)] == [
        *(Standing.COMPLETED, Standing.COMPLETED, Standing.OPEN, Standing.COMPLETED)
    ]
    third = standing(draft, 3)
    assert third.action.victim is not None
    assert (third.action.victim.name, third.due_on, third.left) == ("Tufnell Stores", new_date, "The second page")
    assert third.first_due_on == in_days(14)
    assert recorded(draft, cast.amina, "completed", 3) is Status.COMPLETED


def test_a_changed_date_holds_and_the_old_one_stays(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    with pytest.raises(WrongAnswer, match=r"is due on .* already"):
        recorded(reference, cast.amina, "date_changed", due_on=in_days(14))
    recorded(reference, cast.amina, "date_changed", due_on=in_days(30))
    now = standing(reference)
    assert (now.due_on, now.first_due_on, now.standing) == (in_days(30), in_days(14), Standing.OPEN)
    entry = last_entry(reference)
    assert (entry.event, entry.details["due_on"]) == ("case.progress_recorded", in_days(30).isoformat())
    # The case itself is final: its row was left alone.
    assert make.read(reference).version == entry.details["version"]


def test_due_today_is_done_in_time_and_a_leap_day_is_a_day_like_any_other(cast: Cast) -> None:
    with time_machine.travel(datetime(2028, 2, 20, 12, tzinfo=UTC), tick=False):
        reference = make.issued(cast.amina, with_actions(make.apology(due_on=date(2028, 2, 25))))
        recorded(reference, cast.amina, "date_changed", due_on=date(2028, 2, 29))
    with time_machine.travel(datetime(2028, 2, 29, 22, tzinfo=UTC), tick=False):
        now = standing(reference)
        assert (now.due_on, now.is_overdue(timezone.localdate())) == (date(2028, 2, 29), False)
        # Today is a date that can be given once more.
        recorded(reference, cast.amina, "partly", due_on=date(2028, 2, 29))
        assert recorded(reference, cast.amina, "completed") is Status.COMPLETED
    assert ActionProgress.objects.latest("pk").happened_on == date(2028, 2, 29)


def test_in_summer_today_is_the_day_in_this_country(cast: Cast) -> None:
    first, last = date(2026, 7, 1), date(2026, 7, 8)
    # Half past midnight, summer time, of the day after the one in UTC.
    with time_machine.travel(datetime(2026, 6, 30, 23, 30, tzinfo=UTC), tick=False):
        reference = make.issued(cast.amina, with_actions(make.apology(due_on=last), make.apology(due_on=last)))
        with pytest.raises(WrongAnswer, match="Enter a day from 1 July 2026"):
            recorded(reference, cast.amina, "completed", 1, happened_on=date(2026, 6, 30))
        recorded(reference, cast.amina, "completed", 1, happened_on=first)
    with time_machine.travel(datetime(2026, 7, 8, 22, 30, tzinfo=UTC), tick=False):
        assert not standing(reference, 2).is_overdue(timezone.localdate())
        recorded(reference, cast.amina, "partly", 2, due_on=last)
    with time_machine.travel(datetime(2026, 7, 8, 23, 30, tzinfo=UTC), tick=False):
        assert standing(reference, 2).is_overdue(timezone.localdate())
        with pytest.raises(WrongAnswer, match="Enter today or a day to come"):
            recorded(reference, cast.amina, "partly", 2, due_on=last)
        done = recorded(reference, cast.amina, "completed", 2, happened_on=date(2026, 7, 9))
        assert done is Status.COMPLETED


def test_not_complied_with_in_error_and_opened_again_leaves_the_case_so_until_all_is_done_late(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    recorded(reference, cast.amina, "not_complied", 1)
    assert recorded(reference, cast.amina, "reopened", 1) is Status.NOT_COMPLIED
    client = sign_in(Client(), cast.amina)
    page = client.get(reverse("case_progress", args=[reference])).content.decode()
    assert "the case stays so, also where that was opened again as recorded in error" in page
    recorded(reference, cast.amina, "not_complied", 1)
    form = client.get(reverse("case_progress_record", args=[reference, standing(reference).action.pk]))
    assert "The case stays not complied with: once everything is done, that counts as done late." in str(form.content)
    recorded(reference, cast.amina, "completed", 1)
    assert recorded(reference, cast.amina, "completed", 2) is Status.COMPLETED
    assert events(reference)[-1] == "case.complied_late"


def test_an_action_that_would_change_more_of_a_final_case_than_its_status_fails(cast: Cast) -> None:
    case = make.read(make.issued(cast.amina))
    changes = Changes(case, by=cast.amina, at=timezone.now())
    changes.update(case, rationale="Another.")
    with pytest.raises(RuntimeError, match="rationale would be lost"):
        changes.record("case.progress_recorded", details={"number": 1, "outcome": "completed"})


def test_what_was_recorded_in_error_is_opened_again_while_the_case_is(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    recorded(reference, cast.amina, "completed", 1)
    with pytest.raises(WrongAnswer, match="Open it again first"):
        recorded(reference, cast.amina, "not_complied", 1)
    recorded(reference, cast.amina, "reopened", 1)
    assert standing(reference, 1).standing is Standing.OPEN
    with pytest.raises(WrongAnswer, match="nothing to open again"):
        recorded(reference, cast.amina, "reopened", 1)
    recorded(reference, cast.amina, "completed", 2)
    assert recorded(reference, cast.amina, "completed", 1) is Status.COMPLETED
    with pytest.raises(NotAllowed, match="This case is completed, so nothing more is recorded"):
        recorded(reference, cast.amina, "reopened", 1)


@pytest.mark.parametrize(
    ("outcome", "said", "field"),
    [
        ("completed", {"happened_on": in_days(2)}, "happened_on"),
        ("completed", {"happened_on": in_days(-1)}, "happened_on"),
        ("completed", {"happened_on": None}, "happened_on"),
        ("completed", {"said_by": ""}, "said_by"),
        ("partly", {"due_on": None}, "due_on"),
        ("partly", {"due_on": in_days(-1)}, "due_on"),
        ("partly", {"due_on": in_days(3), "left": ""}, "left"),
        ("not_complied", {"reason": ""}, "reason"),
        ("date_changed", {"due_on": in_days(3), "reason": ""}, "reason"),
        ("reopened", {}, "outcome"),
    ],
)
def test_what_cannot_be_so_is_refused_with_the_answer_that_is_wrong(
    cast: Cast, outcome: str, said: dict[str, Any], field: str
) -> None:
    reference = make.issued(cast.amina)
    with pytest.raises(WrongAnswer) as refused:
        recorded(reference, cast.amina, outcome, **said)
    assert refused.value.field == field
    assert not ActionProgress.objects.exists()


def test_what_an_outcome_does_not_ask_is_left_out(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    recorded(reference, cast.amina, "completed", reason="Typed before.", left="Nothing", due_on=in_days(50))
    row = ActionProgress.objects.get()
    assert (row.reason, row.left, row.due_on, row.evidence) == ("", "", in_days(14), "Receipt 0042")


def test_the_same_form_sent_again_does_nothing_more_and_another_one_is_told(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    first, second = (standing(reference, number).action.pk for number in (1, 2))
    for _ in range(2):
        record_progress(reference, first, by=cast.amina, came=came("date_changed", due_on=in_days(9)), seen=0)
    assert ActionProgress.objects.count() == 1
    # The sergeant saw none of it, or meant something else.
    with pytest.raises(Stale):
        record_progress(reference, first, by=cast.grace, came=came("date_changed", due_on=in_days(9)), seen=0)
    with pytest.raises(Stale):
        record_progress(reference, first, by=cast.amina, came=came("completed"), seen=0)
    for seen in (2, -1, 70_000):
        with pytest.raises(Stale):
            record_progress(reference, first, by=cast.amina, came=came("completed"), seen=seen)
    record_progress(reference, first, by=cast.amina, came=came("completed"), seen=1)
    for _ in range(2):
        sent = record_progress(reference, second, by=cast.amina, came=came("completed"), seen=0)
        assert sent is Status.COMPLETED
    assert ActionProgress.objects.count() == 3
    assert events(reference) == [*["case.progress_recorded"] * 2, "case.completed"]


def test_its_officer_and_the_sergeant_of_its_unit_follow_a_case_up_and_nobody_else(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    recorded(reference, cast.grace, "completed", 1)
    row = ActionProgress.objects.get()
    assert row.by == cast.grace
    assert make.read(reference).officer == cast.amina
    for other in (cast.tom, cast.priya, cast.marcus, cast.ruth):
        with pytest.raises(NotAllowed, match="Only the officer whose case this is"):
            recorded(reference, other, "completed", 2)
    for far in (cast.kieran, cast.colin):
        with pytest.raises(AccessDenied):
            recorded(reference, far, "completed", 2)
    assert ActionProgress.objects.count() == 1


def test_a_restricted_case_is_closed_to_the_sergeant_and_followed_up_by_its_officer(cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    Case.objects.filter(reference=reference).update(is_restricted=True)
    make.issue_it(reference, cast.amina)
    with pytest.raises(AccessDenied):
        recorded(reference, cast.grace, "completed", 1)
    recorded(reference, cast.amina, "completed", 1)
    assert recorded(reference, cast.amina, "completed", 2) is Status.COMPLETED


def test_a_sergeant_who_is_a_victim_of_the_case_does_not_follow_it_up(cast: Cast) -> None:
    story = with_actions(make.apology(), victims=(make.shop(warrant_number=cast.grace.warrant_number),))
    reference = make.issued(cast.amina, story)
    with pytest.raises(NotAllowed, match="You are a party to this case"):
        recorded(reference, cast.grace, "completed")
    assert recorded(reference, cast.amina, "completed") is Status.COMPLETED


def test_an_action_of_another_case_is_not_there(cast: Cast) -> None:
    reference, other = make.issued(cast.amina), make.issued(cast.tom)
    with pytest.raises(AccessDenied):
        record_progress(reference, standing(other).action.pk, by=cast.amina, came=came("completed"), seen=0)


def test_a_case_that_was_not_issued_or_is_rescinded_refuses(cast: Cast) -> None:
    ready = make.submitted(cast.amina)
    with pytest.raises(NotAllowed, match="was not issued"):
        recorded(ready, cast.amina, "completed")
    reference = make.issued(cast.amina)
    Case.objects.filter(reference=reference).update(status="rescinded")
    for outcome in ("completed", "not_complied", "reopened"):
        with pytest.raises(NotAllowed, match="This case is rescinded, so nothing more is recorded"):
            recorded(reference, cast.amina, outcome)


def replayed(reference: str) -> None:
    case = Case.objects.get(reference=reference)
    assert replay(case.subject) == rows_now(case) | rows_of(case)


def test_a_case_with_progress_is_what_its_entries_say(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    told: tuple[tuple[Officer, str, int], ...] = (
        (cast.amina, "date_changed", 1),
        (cast.grace, "partly", 1),
        (cast.amina, "not_complied", 2),
        (cast.amina, "reopened", 2),
        (cast.grace, "completed", 2),
        (cast.amina, "completed", 1),
    )
    for number, (officer, outcome, action) in enumerate(told, start=1):
        due = {"due_on": in_days(20 + number)} if outcome in ("partly", "date_changed") else {}
        recorded(reference, officer, outcome, action, **due)
        replayed(reference)
    assert make.read(reference).status_now is Status.COMPLETED
    # The control: it is compared, so that a row nobody told of would be seen.
    first = AgreedAction.objects.filter(case__reference=reference).first()
    assert first is not None
    ActionProgress.objects.create(
        case=first.case, action=first, number=9, outcome="reopened", due_on=first.due_on, reason="No entry.",
        at=timezone.now(), by=cast.amina,
    )  # fmt: skip
    with pytest.raises(AssertionError):
        replayed(reference)
