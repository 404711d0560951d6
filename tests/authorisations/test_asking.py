"""Asking for decisions: at submission, when the target passes, when somebody has an interest; never twice."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cr_app.audit.models import Entry
from cr_app.audit.queries import replay, timeline_of
from cr_app.authorisations import actions
from cr_app.authorisations.actions import Tally
from cr_app.authorisations.models import Interest, Request
from cr_app.authorisations.queries import rows_of, standing_of
from cr_app.cases.actions import submission
from cr_app.cases.actions.authority import record_crime_report_entry
from cr_app.cases.lifecycle import Status
from cr_app.cases.queries import rows_now
from cr_app.pages.refusals import AccessDenied, NotAllowed
from tests import make
from tests.authorisations import making
from tests.cast import Cast

URGENT, OTHERWISE = 60, 24 * 60
MINUTE = timedelta(minutes=1)


def waiting_knife() -> make.Story:
    """Return a knife of somebody who waits at the station."""
    return make.knife().answering({"case.detained_or_waiting": True})


def test_submitting_asks_who_is_on_duty_in_the_unit_and_tells_the_trail_last(cast: Cast) -> None:
    making.put_on_duty(cast.priya, cast.helen)
    reference = making.asked(cast.amina)
    assert making.asked_of(reference) == [("2051", "", 0)]
    case = make.read(reference)
    line, submitted = timeline_of(case.subject).lines[:2]
    assert line.sentence.startswith("Constable Amina Khan asked Insp 2051 Priya Shah to decide on authority")
    assert submitted.event == "case.submitted"
    # Asking is no change of the case: its version stays, and so does who last changed it.
    details = Entry.objects.get(event="case.submitted").details
    assert (case.version, case.changed_by) == (details["version"], cast.amina)
    assert replay(case.subject) == rows_now(case) | rows_of(case)


def test_nobody_on_duty_asks_every_eligible_officer_of_the_force(cast: Cast) -> None:
    # Daniel acts as Inspector only, and Owen is of another force.
    assert making.asked_of(making.asked(cast.amina)) == [("2051", "", 0), ("2077", "", 0)]


def test_what_needs_no_authority_asks_nobody_and_a_second_click_asks_nobody_again(cast: Cast) -> None:
    plain = make.complete_shop_theft(cast.amina)
    assert making.ask_about(plain, cast.amina) is Status.READY
    assert not Request.objects.exists()
    reference = make.complete(cast.amina, make.knife().but(report="2/26"))
    seen = make.reviewed(reference)
    for _ in range(2):
        assert actions.submit_and_ask(reference, by=cast.amina, seen=seen) is Status.AWAITING_AUTHORITY
    assert len(making.asked_of(reference)) == 2
    assert Entry.objects.filter(event="case.decision_asked").count() == 1


def test_a_referral_asks_professional_standards_all_together(cast: Cast) -> None:
    reference = making.referred(cast.amina)
    assert making.asked_of(reference) == [("1904", "", 0)]
    assert "to decide on suitability" in timeline_of(make.read(reference).subject).lines[0].sentence


def test_the_cover_is_asked_in_the_place_of_who_is_away_and_both_names_stay(cast: Cast) -> None:
    making.send_away(cast.priya, cover=cast.helen)
    reference = making.asked(cast.amina)
    assert making.asked_of(reference) == [("2077", "2051", 0)]
    assert "asked Insp 2077 Helen Brandt for Insp 2051 Priya Shah to decide" in (
        timeline_of(make.read(reference).subject).lines[0].sentence
    )
    making.grant(reference, cast.helen)
    case = make.read(reference)
    assert case.decisions.get().covering_for == cast.priya
    assert "granted authority as Inspector, for Insp 2051 Priya Shah" in timeline_of(case.subject).lines[0].sentence


@pytest.mark.parametrize(("story", "minutes"), [(waiting_knife(), URGENT), (make.knife(), OTHERWISE)])
def test_each_time_the_target_passes_the_force_is_asked_and_who_was_is_reminded(
    cast: Cast, story: make.Story, minutes: int
) -> None:
    making.put_on_duty(cast.priya, cast.helen, hours=1_000)
    reference = making.asked(cast.amina, story)
    since = timezone.now()
    target = timedelta(minutes=minutes)
    assert actions.ask_others(since + target - MINUTE) == Tally()
    assert actions.ask_others(since + target + MINUTE) == Tally(officers=2, cases=1)
    assert actions.ask_others(since + target + 2 * MINUTE) == Tally()
    assert making.asked_of(reference) == [("2051", "", 0), ("2051", "", 1), ("2077", "", 1)]
    assert timeline_of(make.read(reference).subject).lines[0].sentence.startswith("The system (escalate) asked ")
    # Never run for a while, it asks once for all that was missed; and in the end no more.
    assert actions.ask_others(since + 4 * target) == Tally(officers=2, cases=1)
    assert actions.ask_others(since + 100 * target) == Tally(officers=2, cases=1)
    assert actions.ask_others(since + 200 * target) == Tally()
    assert {number for _, _, number in making.asked_of(reference)} == {0, 1, 4, 5}
    case = make.read(reference)
    assert replay(case.subject) == rows_now(case) | rows_of(case)


def test_who_is_away_or_conflicted_since_is_replaced_without_waiting_for_the_target(cast: Cast) -> None:
    making.put_on_duty(cast.priya)
    reference = making.asked(cast.amina)
    assert actions.ask_others(timezone.now()) == Tally()
    making.send_away(cast.priya)
    assert actions.ask_others(timezone.now()) == Tally(officers=1, cases=1)
    assert making.asked_of(reference) == [("2051", "", 0), ("2077", "", 0)]


def test_only_what_still_waits_is_asked_about(cast: Cast) -> None:
    granted, reopened = making.asked(cast.amina), making.asked(cast.amina, make.knife().but(report="2/26"))
    making.grant(granted, cast.priya)
    submission.reopen(reopened, by=cast.amina)
    assert actions.ask_others(making.after(100)) == Tally()


def test_with_nobody_eligible_nobody_is_asked_until_somebody_is(cast: Cast) -> None:
    for officer in (cast.priya, cast.helen):
        officer.roles = ["recording_officer"]
        officer.save()
    reference = making.asked(cast.amina)
    assert (making.asked_of(reference), actions.ask_others(making.after(100))) == ([], Tally())
    standing = standing_of(make.read(reference), timezone.now())
    assert standing is not None
    assert standing.nobody
    assert standing.administrators == (cast.colin,)
    cast.helen.roles = ["authorising_officer"]
    cast.helen.save()
    assert actions.ask_others(timezone.now()) == Tally(officers=1, cases=1)
    assert making.asked_of(reference) == [("2077", "", 0)]


def test_an_interest_bars_its_officer_and_asks_others_in_the_same_transaction(cast: Cast) -> None:
    making.put_on_duty(cast.priya)
    reference = making.asked(cast.amina)
    version = make.read(reference).version
    actions.declare_interest(reference, by=cast.priya, reason="The offender's mother is my neighbour.")
    actions.declare_interest(reference, by=cast.priya, reason="Again, and otherwise.")
    assert Interest.objects.get().reason == "The offender's mother is my neighbour."
    assert making.asked_of(reference) == [("2051", "", 0), ("2077", "", 0)]
    asked, declared = timeline_of(make.read(reference).subject).lines[:2]
    assert (asked.event, declared.event) == ("case.decision_asked", "case.interest_declared")
    assert declared.reason == "The offender's mother is my neighbour."
    case = make.read(reference)
    assert case.version == version
    assert replay(case.subject) == rows_now(case) | rows_of(case)
    with pytest.raises(actions.MayNotDecide, match="declared an interest"):
        making.grant(reference, cast.priya)
    assert making.grant(reference, cast.helen) is Status.READY


def test_an_interest_asks_nobody_where_another_who_was_asked_can_decide(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    actions.declare_interest(reference, by=cast.priya, reason="A neighbour.")
    assert making.asked_of(reference) == [("2051", "", 0), ("2077", "", 0)]


def test_an_interest_needs_words_an_open_case_and_somebody_who_decides(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    with pytest.raises(NotAllowed, match="Say what your interest"):
        actions.declare_interest(reference, by=cast.priya, reason=" \n")
    with pytest.raises(NotAllowed, match="You decide on no cases"):
        actions.declare_interest(reference, by=cast.grace, reason="A neighbour.")
    with pytest.raises(AccessDenied):
        actions.declare_interest(reference, by=cast.owen, reason="A neighbour.")
    with pytest.raises(AccessDenied):
        actions.declare_interest(reference, by=cast.colin, reason="A neighbour.")
    making.grant(reference, cast.helen)
    record_crime_report_entry(reference, by=cast.amina, entry_reference="DETS 14")
    assert make.issue_it(reference, cast.amina) is None
    with pytest.raises(NotAllowed, match="changes nothing of it"):
        actions.declare_interest(reference, by=cast.priya, reason="A neighbour.")
    assert not Interest.objects.exists()


def test_a_cover_named_after_asking_is_asked_at_the_next_run(cast: Cast) -> None:
    making.put_on_duty(cast.priya)
    reference = making.asked(cast.amina)
    making.send_away(cast.priya, cover=cast.helen)
    actions.ask_others(timezone.now())
    assert making.asked_of(reference) == [("2051", "", 0), ("2077", "2051", 0)]


def test_standing_says_since_when_of_whom_and_until_when_though_no_command_ran(cast: Cast) -> None:
    making.put_on_duty(cast.priya, hours=1_000)
    reference = making.asked(cast.amina, waiting_knife())
    since = timezone.now()
    now = standing_of(make.read(reference), since)
    assert now is not None
    assert (now.kind, now.needed, now.minutes, now.round) == (
        "authority",
        "a substantive Inspector or above",
        URGENT,
        0,
    )
    assert (now.asked_by, now.is_late, now.nobody, now.is_on_hand) == (cast.amina, False, False, True)
    assert [(each.officer, each.may_decide) for each in now.asked] == [(cast.priya, True)]
    assert (now.to_ask, {each.officer for each in now.eligible}) == ((), {cast.priya, cast.helen})
    late = standing_of(make.read(reference), since + timedelta(minutes=URGENT + 1))
    assert late is not None
    assert (late.is_late, late.round, len(late.asked)) == (True, 1, 1)
    assert [(each.officer, each.asked_at) for each in late.to_ask] == [(cast.priya, None)]
    making.grant(reference, cast.priya)
    assert standing_of(make.read(reference), since) is None


def test_what_waits_since_it_was_found_suitable_counts_from_then(cast: Cast) -> None:
    reference = making.referred(cast.amina, make.police_knife())
    with time_machine.travel(timezone.now() + timedelta(hours=20)):
        actions.find_suitable(reference, by=cast.yusuf, reasons="Minor.", seen=making.seen(reference))
        at = timezone.now()
        standing = standing_of(make.read(reference), at)
    assert standing is not None
    assert at - standing.asked_since < MINUTE
    assert standing.asked_by == cast.amina
