"""The lists of whoever decides: what is in them, for whom, veiled from whom, and at what cost."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cr_app.accounts.models import Officer, Unit
from cr_app.authorisations import actions
from cr_app.authorisations.access import is_routed, look_to_decide
from cr_app.authorisations.models import Kind, Outcome
from cr_app.authorisations.queries import Filters, RequestLine, decided, queue, returned, waiting, waiting_count
from cr_app.cases.actions.submission import reassign, reopen
from cr_app.pages.refusals import AccessDenied
from cr_app.reference.models import Force
from tests import make, make_authority
from tests.authorisations import making
from tests.cast import Cast

MINE = Filters(mine=True)
MOST_FOR_A_STANDING = 14


def references(officer: Officer, filters: Filters = Filters(), hours: float = 0) -> list[str]:  # noqa: B008
    """Return what waits in an officer's list, so many hours from now."""
    return [line.reference for line in waiting(officer, filters, at=making.after(hours)).lines]


def line_for(officer: Officer, reference: str, hours: float = 0) -> RequestLine:
    """Return the line of a case in an officer's list."""
    lines = waiting(officer, at=making.after(hours)).lines
    return next(line for line in lines if line.reference == reference)


def urgent(**changed: object) -> make.Story:
    """Return a knife of somebody who is detained or waiting."""
    return make.knife().answering({"case.detained_or_waiting": True}).but(**changed)


def test_what_waits_is_listed_oldest_first_with_age_target_asker_and_exclusions(cast: Cast) -> None:
    making.put_on_duty(cast.priya)
    with time_machine.travel(timezone.now() - timedelta(hours=2)):
        first = making.asked(cast.amina, urgent())
    second = making.asked(cast.tom, make.knife_and_hate().but(report="2/26"))
    making.referred(cast.tom, make.police().but(report="3/26"))
    assert references(cast.priya) == [first, second]
    oldest, newest = waiting(cast.priya).lines
    assert (oldest.is_late, oldest.is_urgent, newest.is_late, newest.is_urgent) == (True, True, False, False)
    assert oldest.due_at == oldest.at + timedelta(minutes=60)
    assert newest.due_at == newest.at + timedelta(hours=24)
    assert newest.exclusions == ("Hate crime", "Offensive weapon, pointed or bladed article")
    assert (newest.asked_by, newest.offender, newest.kind) == (cast.tom.title, "Jade Ransome", Kind.AUTHORITY)
    assert references(cast.priya, Filters(late=True)) == [first]
    assert references(cast.priya, Filters(unit=cast.helen.unit_id)) == []
    assert references(cast.priya, Filters(unit=cast.priya.unit_id)) == [first, second]


def test_what_was_asked_of_others_is_veiled(cast: Cast) -> None:
    making.put_on_duty(cast.priya, cast.helen)
    reference = making.asked(cast.amina)
    assert not line_for(cast.priya, reference).is_veiled
    line = line_for(cast.helen, reference)
    assert line == RequestLine(
        reference=reference,
        crime_report_reference=make.REPORT,
        unit=str(cast.amina.unit),
        kind=Kind.AUTHORITY,
        at=line.at,
        due_at=line.due_at,
    )
    assert (references(cast.helen, MINE), waiting_count(cast.helen), waiting_count(cast.priya)) == ([], 0, 1)


def test_once_late_it_is_everybodys_on_duty_though_no_command_ran(cast: Cast) -> None:
    making.put_on_duty(cast.priya, cast.helen, hours=100)
    making.put_on_duty(cast.daniel, hours=100)
    reference = making.asked(cast.amina)
    assert references(cast.helen, MINE, hours=23) == []
    assert references(cast.helen, MINE, hours=25) == [reference]
    assert waiting_count(cast.helen, at=making.after(25)) == 1
    # Who could not decide on it anyway is not asked, and reads nothing of it.
    assert references(cast.daniel, MINE, hours=25) == []
    assert line_for(cast.daniel, reference, hours=25).is_veiled
    making.send_away(cast.helen)
    assert references(cast.helen, MINE, hours=0) == []


def test_late_with_nobody_on_duty_it_is_everybodys(cast: Cast) -> None:
    making.put_on_duty(cast.priya)
    reference = making.asked(cast.amina)
    assert references(cast.helen, MINE, hours=25) == [reference]


def test_what_nobody_could_be_asked_about_waits_for_whoever_can_now(cast: Cast) -> None:
    for officer in (cast.priya, cast.helen):
        officer.roles = ["recording_officer"]
        officer.save()
    reference = making.asked(cast.amina)
    cast.helen.roles = ["authorising_officer"]
    cast.helen.save()
    assert references(cast.helen, MINE) == [reference]


def test_late_and_asked_again_it_is_not_shown_to_a_third_who_comes_on_duty(cast: Cast) -> None:
    making.put_on_duty(cast.priya, hours=100)
    reference = making.asked(cast.amina)
    actions.ask_others(making.after(25))
    making.put_on_duty(cast.helen, hours=100)
    assert line_for(cast.helen, reference, hours=26).is_veiled
    assert references(cast.helen, MINE, hours=26) == []
    with time_machine.travel(making.after(26)):
        assert not is_routed(cast.helen, make.read(reference))
    # When the target has passed once more it is hers too, here as at the door.
    with time_machine.travel(making.after(49)):
        assert is_routed(cast.helen, make.read(reference))
    assert references(cast.helen, MINE, hours=49) == [reference]


def test_a_restricted_one_that_nobody_asked_can_decide_on_waits_for_whoever_can_though_no_command_ran(
    cast: Cast,
) -> None:
    making.put_on_duty(cast.priya)
    cast.helen.roles = ["recording_officer"]
    cast.helen.save()
    reference = making.referred(cast.amina, make.police_knife())
    actions.find_suitable(reference, by=cast.yusuf, reasons="Minor.", seen=making.seen(reference))
    actions.declare_interest(reference, by=cast.priya, reason="A neighbour.")
    assert [row[0] for row in making.asked_of(reference)] == ["1904", "2051"]
    assert references(cast.helen) == references(cast.priya) == []
    cast.helen.roles = ["authorising_officer"]
    cast.helen.save()
    assert is_routed(cast.helen, make.read(reference))
    assert references(cast.helen) == references(cast.helen, MINE) == [reference]
    assert (line_for(cast.helen, reference).offender, waiting_count(cast.helen)) == ("Jade Ransome", 1)
    assert references(cast.priya) == []


def test_a_force_without_a_rulebook_has_an_empty_list(cast: Cast) -> None:
    making.asked(cast.amina)
    cast.priya.force = Force.objects.create(code="98", name="Force without a rulebook")
    cast.priya.unit = Unit.objects.create(force=cast.priya.force, name="Its unit")
    cast.priya.save()
    assert (references(cast.priya), waiting_count(cast.priya)) == ([], 0)


@pytest.mark.parametrize("how", ["own", "interest", "party"])
def test_a_list_shows_nothing_of_a_case_to_whoever_may_not_decide_on_it(cast: Cast, how: str) -> None:
    making.put_on_duty(cast.helen)
    story = urgent(victims=(make.person(warrant_number="20 51"),)) if how == "party" else urgent()
    reference = making.asked(cast.priya if how == "own" else cast.amina, story)
    if how == "interest":
        actions.declare_interest(reference, by=cast.priya, reason="A neighbour.")
    line = line_for(cast.priya, reference, hours=500)
    assert (line.is_veiled, line.offender) == (True, "")
    assert references(cast.priya, MINE, hours=500) == []


def test_a_restricted_case_is_in_no_list_but_of_professional_standards_and_of_whom_it_is_routed_to(cast: Cast) -> None:
    making.put_on_duty(cast.priya, cast.helen)
    reference = making.referred(cast.amina, make.police_knife())
    assert references(cast.yusuf, MINE) == [reference]
    assert line_for(cast.yusuf, reference).is_restricted
    assert [references(each) for each in (cast.priya, cast.helen, cast.daniel)] == [[], [], []]
    actions.find_suitable(reference, by=cast.yusuf, reasons="Minor.", seen=making.seen(reference))
    assert [references(each) for each in (cast.priya, cast.helen, cast.daniel)] == [[reference], [], []]
    assert references(cast.yusuf) == []
    making.grant(reference, cast.priya)
    assert [line.reference for line in decided(cast.priya).lines] == [reference]
    assert decided(cast.helen).lines == ()
    # Both decisions on it are theirs to see the fact of; the Inspector's reasons stay veiled.
    assert [(line.reference, line.is_veiled) for line in decided(cast.yusuf).lines] == [(reference, False)]


@pytest.mark.parametrize("shut_by", ["void", "interest"])
def test_a_restricted_case_decided_on_is_veiled_once_the_door_has_shut(cast: Cast, shut_by: str) -> None:
    reference = making.referred(cast.amina, make.police_knife())
    actions.find_suitable(reference, by=cast.yusuf, reasons="Minor.", seen=making.seen(reference))
    making.grant(reference, cast.priya)
    assert [line.offender for line in decided(cast.priya).lines] == ["Jade Ransome"]
    if shut_by == "interest":
        actions.declare_interest(reference, by=cast.priya, reason="I see now that I know him.")
    else:
        reopen(reference, by=cast.amina)
        make.answer(reference, cast.amina, "rationale", case__rationale="Another reason altogether.")
    (line,) = decided(cast.priya).lines
    assert (line.reference, line.is_veiled, line.is_restricted) == (reference, True, True)
    assert (line.offender, line.offence, line.exclusions, line.decided_by, line.outcome) == ("", "", (), "", None)
    with pytest.raises(AccessDenied):
        look_to_decide(cast.priya, reference, page="authority", sitting="s" * 64)


@pytest.mark.parametrize("how", ["interest", "party"])
def test_professional_standards_see_nothing_of_a_referred_case_in_which_they_have_a_part(cast: Cast, how: str) -> None:
    story = make.police().but(victims=(make.person(warrant_number="1904"),)) if how == "party" else make.police()
    reference = making.referred(cast.amina, story)
    if how == "interest":
        assert references(cast.yusuf) == [reference]
        actions.declare_interest(reference, by=cast.yusuf, reason="My brother.")
    assert (references(cast.yusuf), waiting_count(cast.yusuf)) == ([], 0)
    with pytest.raises(AccessDenied):
        look_to_decide(cast.yusuf, reference, page="authority", sitting="s" * 64)


def test_only_whoever_decides_has_lists_and_only_of_their_force(cast: Cast) -> None:
    making.asked(cast.amina)
    kent = making.asked(cast.kieran, make.kent())
    for officer in (cast.amina, cast.grace, cast.ruth, cast.colin, cast.olivia):
        assert (references(officer), waiting_count(officer), decided(officer).total) == ([], 0, 0)
    assert references(cast.laura) == references(cast.owen) == [kent]


def test_returned_until_submitted_again_and_then_decided(cast: Cast) -> None:
    making.put_on_duty(cast.priya)
    reference = making.asked(cast.amina)
    actions.return_with_question(reference, by=cast.priya, reasons=making.QUESTION, seen=making.seen(reference))
    (line,) = returned(cast.priya).lines
    assert (line.note, line.outcome, line.offender) == (making.QUESTION, Outcome.RETURNED, "Jade Ransome")
    (veiled,) = returned(cast.helen).lines
    assert (veiled.is_veiled, veiled.note, veiled.outcome) == (True, "", None)
    assert returned(cast.helen, MINE).lines == ()
    assert (references(cast.priya), decided(cast.priya).total) == ([], 0)
    make_authority.answered(reference, cast.amina)
    making.ask_about(reference, cast.amina)
    assert returned(cast.priya).lines == ()
    making.grant(reference, cast.priya)
    (line,) = decided(cast.priya, MINE).lines
    assert (line.outcome, line.decided_by, line.is_void) == (Outcome.GRANTED, "Inspector 2051 Priya Shah", False)
    assert decided(cast.helen).lines[0].is_veiled
    reopen(reference, by=cast.amina)
    make.answer(reference, cast.amina, "rationale", case__rationale="Another reason.")
    (line,) = decided(cast.priya, MINE).lines
    assert (line.outcome, line.is_void) == (Outcome.GRANTED, True)


def test_a_case_handed_over_stays_in_the_list_and_bars_its_new_officer(cast: Cast) -> None:
    making.put_on_duty(cast.priya)
    reference = making.asked(cast.amina)
    reassign(reference, by=cast.grace, to="3302", reason="Leave.")
    assert references(cast.priya, MINE) == [reference]
    reassign(reference, by=cast.grace, to="2051", reason="Leave.")
    assert references(cast.priya, MINE) == []


def test_pages_are_counted_and_a_number_out_of_range_shows_the_nearest(cast: Cast) -> None:
    made = [making.asked(cast.amina, make.knife().but(report=f"{number}/26")) for number in range(3)]
    assert references(cast.priya, Filters(size=2)) == made[:2]
    last = waiting(cast.priya, Filters(page=99, size=2))
    assert ([line.reference for line in last.lines], last.number, last.pages, last.total) == (made[2:], 2, 2, 3)
    assert waiting(cast.priya, Filters(page=-1)).number == 1
    actions.return_with_question(made[0], by=cast.priya, reasons="Why?", seen=making.seen(made[0]))
    making.grant(made[1], cast.priya)
    for show in (returned, decided):
        assert (show(cast.priya, Filters(page=99, size=1)).number, show(cast.helen).total) == (1, 1)


def test_a_page_costs_the_same_number_of_queries_however_much_is_on_it(cast: Cast) -> None:
    making.put_on_duty(cast.priya)

    def cost() -> tuple[int, ...]:
        found = []
        for show in (waiting, returned, decided, waiting_count):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                show(cast.priya)
            found.append(len(queries))
        return tuple(found)

    def more(number: int) -> None:
        waits, back, granted = (
            making.asked(cast.amina, make.knife().but(report=f"{number}{place}/26")) for place in range(3)
        )
        assert waits
        actions.return_with_question(back, by=cast.priya, reasons="Why?", seen=making.seen(back))
        making.grant(granted, cast.priya)

    more(0)
    few = cost()
    for number in (1, 2, 3):
        more(number)
    assert cost() == few
    assert max(few) <= 12


def test_what_is_to_be_asked_anew_costs_so_much_a_case_and_a_page_of_them_at_most(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    making.put_on_duty(cast.priya, cast.helen, hours=100)
    monkeypatch.setattr(queue, "A_PAGE", 3)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            waiting(cast.helen, MINE, at=making.after(25))
        return len(queries)

    costs = []
    for number in range(5):
        making.asked(cast.amina, make.knife().but(report=f"{number}/26"))
        costs.append(cost())
    each = costs[1] - costs[0]
    assert costs == [costs[0], costs[0] + each, costs[0] + 2 * each, costs[0] + 2 * each, costs[0] + 2 * each]
    assert each <= MOST_FOR_A_STANDING
