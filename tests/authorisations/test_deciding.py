"""Decisions: one path, bound to what was read, made once, told in the trail."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit.models import Entry
from cr_app.audit.queries import replay, timeline_of
from cr_app.authorisations import actions
from cr_app.authorisations.actions import AlreadyDecided, MayNotDecide, StaleMatter
from cr_app.authorisations.models import Decision, Outcome
from cr_app.authorisations.queries import rows_of
from cr_app.cases.actions import submission
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import StatusChange
from cr_app.cases.queries import rows_now
from cr_app.pages.refusals import AccessDenied, NotAllowed
from tests import make, make_authority
from tests.authorisations import making
from tests.cast import Cast


def test_a_grant_makes_the_case_ready_and_keeps_who_when_as_what_and_of_what(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    shown_at = timezone.now()
    seen = making.seen_at(reference, shown_at)
    assert actions.grant(reference, by=cast.priya, reasons=f"  {making.REASONS}\r\n", seen=seen) is Status.READY
    case, decision = make.read(reference), Decision.objects.get()
    assert (case.authority_decision, case.authority_by, case.authority_number) == ("granted", cast.priya, "2051")
    assert (case.authority_rank, case.authority_is_substantive) == ("Inspector", True)
    assert case.authority_snapshot == decision.snapshot == make.frozen(reference)
    assert (decision.digest, decision.reasons, decision.shown_at) == (seen.digest, making.REASONS, shown_at)
    assert (decision.asked_by, decision.recorded_by, decision.decided_by) == (cast.amina, cast.amina, cast.priya)
    assert decision.asked_at == StatusChange.objects.get(case=case, move="submit").at
    line = timeline_of(case.subject).lines[0]
    assert line.sentence.startswith("Inspector Priya Shah granted authority as Inspector")
    assert line.reason == making.REASONS
    assert replay(case.subject) == rows_now(case) | rows_of(case)


@pytest.mark.parametrize(
    ("outcome", "status", "event"),
    [
        ("grant", Status.READY, "case.authority_granted"),
        ("refuse", Status.REFUSED, "case.authority_refused"),
        ("return_with_question", Status.DRAFT, "case.returned"),
    ],
)
def test_each_decision_needs_reasons_and_is_one_move_and_one_entry(
    cast: Cast, outcome: str, status: Status, event: str
) -> None:
    reference, decide = making.asked(cast.amina), getattr(actions, outcome)
    seen = making.seen(reference)
    for nothing in ("", " \n\t ", "\u200b"):
        with pytest.raises(NotAllowed, match="Give your reasons"):
            decide(reference, by=cast.priya, reasons=nothing, seen=seen)
    for unkept in ("a" * 4_001, "a\x00b", "a\u202eb"):
        with pytest.raises(NotAllowed, match=r"4,000|cannot be kept|order of the letters"):
            decide(reference, by=cast.priya, reasons=unkept, seen=seen)
    before = Entry.objects.count()
    assert decide(reference, by=cast.priya, reasons="é" * 4_000, seen=seen) is status
    assert [entry.event for entry in Entry.objects.order_by("id")[before:]] == [event]
    assert StatusChange.objects.latest("pk").to_status == status
    assert replay(make.read(reference).subject) == rows_now(make.read(reference)) | rows_of(make.read(reference))


def test_the_same_decision_sent_twice_is_made_once_and_another_is_refused(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    seen = making.seen(reference)
    assert actions.grant(reference, by=cast.priya, reasons=making.REASONS, seen=seen) is Status.READY
    assert actions.grant(reference, by=cast.priya, reasons=making.REASONS, seen=seen) is Status.READY
    assert Decision.objects.count() == 1
    with pytest.raises(AlreadyDecided, match=r"^You granted authority on ") as own:
        actions.refuse(reference, by=cast.priya, reasons=making.REASONS, seen=seen)
    with pytest.raises(
        AlreadyDecided, match=r"^Inspector 2051 Priya Shah granted authority on .* at \d\d:\d\d"
    ) as told:
        actions.grant(reference, by=cast.helen, reasons=making.REASONS, seen=seen)
    assert (own.value.answer_status, told.value.decision) == (409, Decision.objects.get())
    assert Decision.objects.count() == 1


def test_a_returned_case_goes_round_again_with_a_decision_on_each_snapshot(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    first = making.seen(reference)
    actions.return_with_question(reference, by=cast.priya, reasons=making.QUESTION, seen=first)
    # Sent twice it is made once, also when the case has moved on.
    assert actions.return_with_question(reference, by=cast.priya, reasons=making.QUESTION, seen=first) is Status.DRAFT
    make_authority.answered(reference, cast.amina, "The employer confirms that it is his work knife.")
    assert making.ask_about(reference, cast.amina) is Status.AWAITING_AUTHORITY
    with pytest.raises(StaleMatter, match="submitted again") as stale:
        actions.grant(reference, by=cast.priya, reasons=making.REASONS, seen=first)
    assert [change.new for change in stale.value.changed] == [
        making.QUESTION,
        "The employer confirms that it is his work knife.",
    ]
    assert making.grant(reference, cast.priya) is Status.READY
    assert [decision.outcome for decision in Decision.objects.order_by("pk")] == [Outcome.RETURNED, Outcome.GRANTED]


def test_a_case_taken_back_is_stale_and_says_what_changed(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    seen = making.seen(reference)
    submission.reopen(reference, by=cast.amina)
    with pytest.raises(StaleMatter, match=r"^PC 4127 Amina Khan took this case back on ") as stale:
        actions.grant(reference, by=cast.priya, reasons=making.REASONS, seen=seen)
    assert stale.value.changed == ()
    make.answer(reference, cast.amina, "rationale", case__rationale="Another reason.")
    with pytest.raises(StaleMatter) as stale:
        actions.grant(reference, by=cast.priya, reasons=making.REASONS, seen=seen)
    assert [(change.old != change.new, change.new) for change in stale.value.changed] == [(True, "Another reason.")]
    assert not Decision.objects.exists()


def test_what_is_not_the_snapshot_of_this_case_decides_nothing(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    other = making.asked(cast.amina, make.knife().but(report="99/26"))
    right = making.seen(reference)
    for seen in (replace(right, digest="0" * 64), making.seen(other), replace(right, number=2)):
        with pytest.raises(StaleMatter) as stale:
            actions.grant(reference, by=cast.priya, reasons=making.REASONS, seen=seen)
        assert stale.value.changed == ()


def test_whoever_may_not_is_told_every_reason(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    with pytest.raises(MayNotDecide) as told:
        making.grant(reference, cast.daniel)
    assert told.value.reasons == (
        "Authority for this case needs a substantive Inspector or above. You are acting as Inspector, and your "
        "substantive rank is Sergeant: an acting or temporary rank does not count here.",
    )
    with pytest.raises(MayNotDecide) as told:
        making.grant(reference, cast.amina)
    assert len(told.value.reasons) == 3
    with pytest.raises(AccessDenied):
        making.grant(reference, cast.owen)
    assert making.grant(reference, cast.priya) is Status.READY


def test_the_rank_is_that_of_the_day_of_deciding(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    cast.daniel.substantive_rank, cast.daniel.acting_rank, cast.daniel.acting_from = "Inspector", "", None
    cast.daniel.substantive_since = timezone.localdate() + timedelta(days=2)
    cast.daniel.substantive_before = "Sergeant"
    cast.daniel.save()
    with pytest.raises(MayNotDecide, match="Your rank is Sergeant"):
        making.grant(reference, cast.daniel)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert making.grant(reference, cast.daniel) is Status.READY


def test_a_substantive_inspector_acting_above_decides_by_the_substantive_rank(cast: Cast) -> None:
    cast.priya.acting_rank, cast.priya.acting_from = "Chief Inspector", timezone.localdate()
    cast.priya.save()
    reference = making.asked(cast.amina)
    assert making.grant(reference, cast.priya) is Status.READY
    assert (make.read(reference).authority_rank, make.read(reference).authority_is_substantive) == ("Inspector", True)


def test_professional_standards_find_and_an_inspector_cannot(cast: Cast) -> None:
    reference = making.referred(cast.amina)
    with pytest.raises(AccessDenied) as denied:
        making.grant(reference, cast.priya)
    assert denied.value.known
    # What waits for them is no request for authority, whoever sends one.
    with pytest.raises(NotAllowed, match="waits for no such decision"):
        making.grant(reference, cast.yusuf)
    assert (
        actions.find_suitable(reference, by=cast.yusuf, reasons="Minor.", seen=making.seen(reference)) is Status.READY
    )
    case = make.read(reference)
    assert (case.professional_standards_decision, case.is_restricted) == ("suitable", True)
    assert replay(case.subject) == rows_now(case) | rows_of(case)


def test_unsuitable_closes_the_case(cast: Cast) -> None:
    reference = making.referred(cast.amina)
    seen = making.seen(reference)
    assert actions.find_unsuitable(reference, by=cast.yusuf, reasons="Serious.", seen=seen) is Status.NOT_USED
    # The case is final now; the same sent again is answered the same.
    assert actions.find_unsuitable(reference, by=cast.yusuf, reasons="Serious.", seen=seen) is Status.NOT_USED
    assert timeline_of(make.read(reference).subject).lines[0].event == "case.unsuitable"


def test_suitable_leads_to_authority_which_is_asked_for_at_once(cast: Cast) -> None:
    making.put_on_duty(cast.priya)
    reference = making.referred(cast.amina, make.police_knife())
    seen = making.seen(reference)
    for _ in range(2):
        found = actions.find_suitable(reference, by=cast.yusuf, reasons="Minor, off duty.", seen=seen)
        assert found is Status.AWAITING_AUTHORITY
    assert making.asked_of(reference) == [("1904", "", 0), ("2051", "", 0)]
    with pytest.raises(AccessDenied):
        making.grant(reference, cast.helen)
    assert making.grant(reference, cast.priya) is Status.READY
    assert [line.event for line in timeline_of(make.read(reference).subject).lines[:3]] == [
        "case.authority_granted",
        "case.decision_asked",
        "case.suitable",
    ]


def test_a_page_opened_on_a_referral_decides_nothing_of_the_authority_that_follows(cast: Cast) -> None:
    cast.helen.roles = ["authorising_officer", "professional_standards"]
    cast.helen.save()
    reference = making.referred(cast.amina, make.police_knife())
    referral = making.seen(reference)
    actions.find_suitable(reference, by=cast.yusuf, reasons="Minor.", seen=referral)
    assert make.frozen(reference).digest == referral.digest
    for decide in (actions.return_with_question, actions.find_unsuitable):
        with pytest.raises(AlreadyDecided, match="found this case suitable"):
            decide(reference, by=cast.helen, reasons="Not so.", seen=referral)
    assert make.read(reference).status_now is Status.AWAITING_AUTHORITY
    # Nor does what is no longer asked decide by the page of what is.
    with pytest.raises(NotAllowed, match="waits for no such decision"):
        actions.find_unsuitable(reference, by=cast.helen, reasons="Not so.", seen=making.seen(reference))
    assert Decision.objects.count() == 1


def test_a_case_submitted_again_unchanged_is_read_again(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    first = making.seen(reference)
    submission.reopen(reference, by=cast.amina)
    making.ask_about(reference, cast.amina)
    assert make.frozen(reference).digest == first.digest
    with pytest.raises(StaleMatter, match="Read it again") as stale:
        actions.grant(reference, by=cast.priya, reasons=making.REASONS, seen=first)
    assert stale.value.changed == ()
    assert making.grant(reference, cast.priya) is Status.READY


@pytest.mark.parametrize(
    ("lost", "sentence"),
    [
        ({"is_active": False}, "Your account is closed"),
        ({"roles": ["recording_officer"]}, "role of authorising officer"),
        ({"substantive_rank": "Sergeant"}, "Your rank is Sergeant"),
    ],
)
def test_what_was_lost_while_waiting_for_the_lock_counts(cast: Cast, lost: dict[str, object], sentence: str) -> None:
    reference = making.asked(cast.amina)
    # The officer as the request read her, before any of this happened.
    Officer.objects.filter(pk=cast.priya.pk).update(**lost)
    with pytest.raises(MayNotDecide, match=sentence):
        making.grant(reference, cast.priya)
    assert not Decision.objects.exists()
