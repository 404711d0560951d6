"""How an agreed action stands by what was recorded of it: a table of named cases, and laws that hold of any history."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cr_app.cases.actions.progress import OFFERED
from cr_app.cases.models import ActionProgress, AgreedAction
from cr_app.cases.queries import ActionStanding, Standing, standing_of

AGREED = date(2028, 2, 22)
LEAP, LATER = date(2028, 2, 29), date(2028, 3, 7)
ACTION = AgreedAction(pk=1, position=1, remedy="apology", undertaking="Write a letter", due_on=AGREED)
Told = tuple[str, date, str]


def stands(*told: Told) -> ActionStanding:
    rows = [
        ActionProgress(action=ACTION, number=number, outcome=outcome, due_on=due_on, left=left)
        for number, (outcome, due_on, left) in enumerate(told, start=1)
    ]
    return standing_of(ACTION, rows)


TABLE: dict[str, tuple[tuple[Told, ...], tuple[Standing, date, str]]] = {
    "nothing yet": ((), (Standing.OPEN, AGREED, "")),
    "completed": ((("completed", AGREED, ""),), (Standing.COMPLETED, AGREED, "")),
    "partly, with a new date": ((("partly", LEAP, "£6"),), (Standing.OPEN, LEAP, "£6")),
    "partly, then a changed date": (
        (("partly", LEAP, "£6"), ("date_changed", LATER, "")),
        (Standing.OPEN, LATER, "£6"),
    ),
    "partly twice": ((("partly", LEAP, "£6"), ("partly", LATER, "£2")), (Standing.OPEN, LATER, "£2")),
    "partly, then completed": ((("partly", LEAP, "£6"), ("completed", LEAP, "")), (Standing.COMPLETED, LEAP, "")),
    "completed in error after partly": (
        (("partly", LEAP, "£6"), ("completed", LEAP, ""), ("reopened", LEAP, "")),
        (Standing.OPEN, LEAP, "£6"),
    ),
    "not complied": ((("not_complied", AGREED, ""),), (Standing.NOT_COMPLIED, AGREED, "")),
    "not complied in error": ((("not_complied", AGREED, ""), ("reopened", AGREED, "")), (Standing.OPEN, AGREED, "")),
    "not complied, then late": (
        (("not_complied", AGREED, ""), ("completed", AGREED, "")),
        (Standing.COMPLETED, AGREED, ""),
    ),
    "not complied, then partly": (
        (("not_complied", AGREED, ""), ("partly", LEAP, "£6")),
        (Standing.OPEN, LEAP, "£6"),
    ),
    "the date changed and changed back": (
        (("date_changed", LEAP, ""), ("date_changed", AGREED, "")),
        (Standing.OPEN, AGREED, ""),
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_an_action_stands_by_what_was_recorded_of_it(name: str) -> None:
    told, wanted = TABLE[name]
    found = stands(*told)
    assert (found.standing, found.due_on, found.left) == wanted
    assert found.first_due_on == AGREED


@pytest.mark.parametrize(
    ("day", "is_overdue"),
    [(date(2028, 2, 28), False), (LEAP, False), (date(2028, 3, 1), True)],
)
def test_due_on_a_leap_day_is_not_overdue_on_it_and_is_on_the_day_after(day: date, is_overdue: bool) -> None:
    assert stands(("date_changed", LEAP, "")).is_overdue(day) is is_overdue
    for outcome in ("completed", "not_complied"):
        assert not stands((outcome, LEAP, "")).is_overdue(day)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Told, ...]:
    """Histories as they can come about: each outcome one that is offered as the action stands."""
    told: tuple[Told, ...] = ()
    for _ in range(draw(st.integers(0, 8))):
        now = stands(*told)
        outcome = draw(st.sampled_from(OFFERED[now.standing]))
        due_on = now.due_on
        if outcome in ("partly", "date_changed"):
            due_on = AGREED + timedelta(days=draw(st.integers(0, 400)))
        told = (*told, (outcome, due_on, draw(st.sampled_from(["£6", "£2"])) if outcome == "partly" else ""))
    return told


@given(histories())
def test_of_any_history_the_newest_outcome_and_the_newest_date_hold(told: tuple[Told, ...]) -> None:
    found = stands(*told)
    outcomes = [outcome for outcome, _, _ in told if outcome != "date_changed"]
    assert found.due_on == (told[-1][1] if told else AGREED)
    assert (found.standing is Standing.COMPLETED) == (outcomes[-1:] == ["completed"])
    assert (found.standing is Standing.NOT_COMPLIED) == (outcomes[-1:] == ["not_complied"])
    lefts = [left for outcome, _, left in told if outcome == "partly"]
    assert found.left == ("" if found.standing is Standing.COMPLETED or not lefts else lefts[-1])
    # A date changes nothing else; nothing that was recorded is lost.
    assert stands(*told, ("date_changed", LATER, "")).standing is found.standing
    assert [row.outcome for row in found.progress] == [outcome for outcome, _, _ in told]
