"""Submitting, issuing and the other moves of a case's own officer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit.models import Entry
from cr_app.cases import journey, lifecycle
from cr_app.cases.actions import submission
from cr_app.cases.actions.issue import SentBack, Signatures, issue
from cr_app.cases.actions.start import start_another
from cr_app.cases.lifecycle import Move, Status
from cr_app.cases.models import Case, CaseOffence, Signature, Snapshot, StatusChange, Victim
from cr_app.pages.refusals import AccessDenied, NotAllowed, Stale
from cr_app.reference.models import OffenceType
from tests import make
from tests.cast import Cast
from tests.make_bare import a_case_that_is

NOT_YET = "cannot be submitted yet"
# What is told otherwise than in the plain shop theft, and the words that the refusal must hold.
OPEN_OR_REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "under ten": ({"offender.born_on": make.birthday(9)}, "under 10"),
    "no evidence": ({"case.evidence_sufficient": False}, "evidence"),
    "responsibility not accepted": (
        {"case.accepts_responsibility": False, "case.admits_offence": False},
        "responsibility",
    ),
    "does not agree": ({"case.agrees_to_take_part": False}, "agree"),
    "not less serious": ({"case.less_serious": False}, "serious"),
    "consequences not explained": ({"case.consequences_explained": False}, "consequences"),
    "history not checked": ({"case.pnc_checked": False}, "history"),
    "a child without an appropriate adult": (
        {"offender.born_on": make.birthday(15), "offender.appropriate_adult_present": False},
        "appropriate adult",
    ),
    "a child without youth justice": (
        {"offender.born_on": make.birthday(15), "case.youth_justice_consulted": False},
        "outh justice",
    ),
    "no capacity": (
        {"offender.mental_health_concern": True, "offender.capacity_evident": False},
        "capacity",
    ),
    "no professional": (
        {"offender.mental_health_concern": True, "offender.professional_consulted": "no"},
        "professional",
    ),
    "no appropriate adult": (
        {"offender.mental_health_concern": True, "offender.appropriate_adult_present": False},
        "appropriate adult",
    ),
    "the same matter as a record that exists": ({"case.same_report_answer": "same"}, "same matter"),
}


def moves_of(reference: str) -> list[tuple[str, str]]:
    """Return the moves of a case and where each led, oldest first."""
    rows = StatusChange.objects.filter(case__reference=reference).order_by("pk")
    return list(rows.values_list("move", "to_status"))


def events_of(reference: str) -> list[str]:
    """Return the events of a case's entries, oldest first."""
    return list(Entry.objects.filter(subject=f"case:{reference}").order_by("id").values_list("event", flat=True))


@pytest.mark.parametrize("name", OPEN_OR_REFUSED)
def test_a_rule_that_is_not_met_keeps_a_case_from_being_submitted(cast: Cast, name: str) -> None:
    told, words = OPEN_OR_REFUSED[name]
    if name.startswith("the same matter"):
        make.complete_shop_theft(cast.tom)
    reference = make.complete(cast.amina, make.shop_theft().answering(told))
    with pytest.raises(submission.NotReady) as refused:
        make.submit_it(reference, cast.amina)
    assert NOT_YET in refused.value.sentence
    assert words in refused.value.sentence
    assert make.read(reference).status_now is Status.DRAFT
    assert not Snapshot.objects.filter(case__reference=reference).exists()


def test_no_reparation_keeps_a_met_case_from_being_submitted_but_not_one_of_kent(cast: Cast) -> None:
    nothing_agreed = make.shop_theft().but(actions=())
    with pytest.raises(submission.NotReady, match="eparation"):
        make.submit_it(make.complete(cast.amina, nothing_agreed), cast.amina)
    assert make.submit_it(make.complete(cast.kieran, nothing_agreed), cast.kieran) is Status.AWAITING_AUTHORITY


def test_a_second_possession_of_cannabis_is_never_submitted_and_a_first_is(cast: Cast) -> None:
    with pytest.raises(submission.NotReady, match="annabis"):
        make.submit_it(make.complete(cast.amina, make.cannabis_again()), cast.amina)
    assert make.submit_it(make.complete(cast.amina, make.cannabis()), cast.amina) is Status.READY


def test_a_case_with_an_open_page_is_not_submitted(cast: Cast) -> None:
    reference = make.complete_shop_theft(cast.amina)
    with make.undone():
        make.answer(reference, cast.amina, "rationale", case__rationale=None)
        with pytest.raises(submission.NotReady, match="not answered"):
            make.submit_it(reference, cast.amina)
    assert make.submit_it(reference, cast.amina) is Status.READY


def test_a_submission_is_bound_to_what_was_read(cast: Cast) -> None:
    reference = make.complete_shop_theft(cast.amina)
    seen = make.reviewed(reference)
    make.answer(reference, cast.amina, "seriousness", case__gravity_score=4)
    with pytest.raises(Stale):
        submission.submit(reference, by=cast.amina, seen=seen)
    assert make.read(reference).status_now is Status.DRAFT
    assert submission.submit(reference, by=cast.amina, seen=make.reviewed(reference)) is Status.READY


def test_submitting_twice_makes_one_move_one_snapshot_and_one_entry(cast: Cast) -> None:
    reference = make.complete_shop_theft(cast.amina)
    seen = make.reviewed(reference)
    assert [submission.submit(reference, by=cast.amina, seen=seen) for _ in range(2)] == [Status.READY, Status.READY]
    assert moves_of(reference) == [("submit", "ready")]
    assert Snapshot.objects.filter(case__reference=reference).count() == 1
    assert events_of(reference).count("case.submitted") == 1


def test_a_submission_keeps_day_rulebook_and_verdict(cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    case = make.read(reference)
    assert (case.decided_on, case.rulebook, case.is_restricted) == (timezone.localdate(), "met/2023-08-01", False)
    entry = Entry.objects.get(subject=case.subject, event="case.submitted")
    assert (entry.details["verdict"], entry.details["status_to"]) == ("available", "ready")
    assert entry.details["snapshot"] == make.frozen(reference).digest


def test_a_referral_may_be_made_early_and_restricts_the_case_for_good(cast: Cast) -> None:
    reference = make.case(cast.amina)
    make.answer(reference, cast.amina, "offender-details", offender__police_officer_or_staff=False)
    with pytest.raises(submission.NotReady):
        make.submit_it(reference, cast.amina)
    make.answer(reference, cast.amina, "offender-details", offender__police_officer_or_staff=True)
    assert make.submit_it(reference, cast.amina) is Status.REFERRED
    assert make.read(reference).is_restricted
    submission.reopen(reference, by=cast.amina)
    make.answer(reference, cast.amina, "offender-details", offender__police_officer_or_staff=False)
    assert make.read(reference).is_restricted


def test_only_its_own_officer_submits(cast: Cast) -> None:
    reference = make.complete_shop_theft(cast.amina)
    for officer, error in ((cast.grace, NotAllowed), (cast.priya, NotAllowed), (cast.kieran, AccessDenied)):
        with pytest.raises(error):
            make.submit_it(reference, officer)
    assert make.submit_it(reference, cast.amina) is Status.READY


# Each move that an officer makes of their own: what it is called with besides the case.
OWN_MOVES: dict[Move, Callable[[str, Officer], object]] = {
    Move.SUBMIT: lambda reference, by: submission.submit(reference, by=by, seen="0" * 64),
    Move.WITHDRAW: lambda reference, by: submission.withdraw(reference, by=by, reason="Opened twice."),
    Move.RECORD_NOT_USED: lambda reference, by: submission.record_not_used(reference, by=by, reason="Charged."),
    Move.REOPEN: lambda reference, by: submission.reopen(reference, by=by),
    Move.ISSUE: lambda reference, by: issue(
        reference, by=by, signatures=Signatures("Jade Ransome", "Amina Khan"), seen=""
    ),
}


def test_every_move_that_is_not_open_is_refused_by_its_action_in_a_sentence(cast: Cast) -> None:
    tried = 0
    for status in Status:
        reference = a_case_that_is(status, cast.amina)
        for move, make_it in OWN_MOVES.items():
            if lifecycle.may(status, move) or (status, move) == (Status.ISSUED, Move.ISSUE):
                continue
            with pytest.raises(NotAllowed) as refused:
                make_it(reference, cast.amina)
            assert refused.value.sentence.startswith("This case is "), (status, move)
            tried += 1
    assert not StatusChange.objects.exists()
    assert tried == len(Status) * len(OWN_MOVES) - sum(len(lifecycle.rule_for(move).starts) for move in OWN_MOVES) - 1


@pytest.mark.parametrize("move", [Move.WITHDRAW, Move.RECORD_NOT_USED])
def test_an_ending_wants_its_reason_and_is_made_once(cast: Cast, move: Move) -> None:
    action = {Move.WITHDRAW: submission.withdraw, Move.RECORD_NOT_USED: submission.record_not_used}[move]
    end = {Move.WITHDRAW: Status.WITHDRAWN, Move.RECORD_NOT_USED: Status.NOT_USED}[move]
    reference = make.case(cast.amina)
    with pytest.raises(NotAllowed, match="Give the reason"):
        action(reference, by=cast.amina, reason="  ")
    assert make.read(reference).status_now is Status.DRAFT
    action(reference, by=cast.amina, reason="A good reason.")
    action(reference, by=cast.amina, reason="A good reason.")
    assert moves_of(reference) == [(str(move), str(end))]
    assert len(events_of(reference)) == 2
    with time_machine.travel(timezone.now() + timedelta(minutes=5)), pytest.raises(NotAllowed):
        action(reference, by=cast.amina, reason="A good reason.")


def test_a_reopened_case_is_a_draft_again_with_everything_it_had(cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    submission.reopen(reference, by=cast.amina)
    submission.reopen(reference, by=cast.amina)
    assert moves_of(reference) == [("submit", "ready"), ("reopen", "draft")]
    assert make.read(reference).rationale == make.shop_theft().answers["case.rationale"]
    assert make.submit_it(reference, cast.amina) is Status.READY


# Issuing


def test_issuing_takes_the_signatures_and_happens_once(cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    for offender, officer in (("", "Amina Khan"), ("Jade Ransome", "  ")):
        with pytest.raises(NotAllowed, match="must sign"):
            issue(
                reference, by=cast.amina, signatures=Signatures(offender, officer), seen=make.frozen(reference).digest
            )
    assert [make.issue_it(reference, cast.amina) for _ in range(2)] == [None, None]
    case = make.read(reference)
    assert (case.status_now, case.issued_by_id) == (Status.ISSUED, cast.amina.pk)
    assert sorted(Signature.objects.filter(case=case).values_list("role", "name")) == [
        ("offender", "Jade Ransome"),
        ("officer", "Amina Khan"),
    ]
    assert moves_of(reference) == [("submit", "ready"), ("issue", "issued")]
    assert events_of(reference).count("case.issued") == 1


@pytest.mark.parametrize("story", ["child", "mental_health"])
def test_an_appropriate_adult_is_named_again_with_the_time(cast: Cast, story: str) -> None:
    reference = make.submitted(cast.amina, getattr(make, story)())
    good = make.signatures(reference, cast.amina)
    seen = make.frozen(reference).digest
    for wrong in (
        replace(good, appropriate_adult=""),
        replace(good, appropriate_adult_at=None),
        replace(good, appropriate_adult="amina khan"),
        replace(good, appropriate_adult="Jade Ransome"),
    ):
        with pytest.raises(NotAllowed, match="appropriate adult"):
            issue(reference, by=cast.amina, signatures=wrong, seen=seen)
    assert make.read(reference).status_now is Status.READY
    assert issue(reference, by=cast.amina, signatures=good, seen=seen) is None
    adult = Signature.objects.get(case__reference=reference, role="appropriate_adult")
    assert (adult.name, adult.present_from) == ("Theresa Quill", good.appropriate_adult_at)


def test_a_case_submitted_again_is_not_issued_by_the_page_that_was_open(cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    seen = make.frozen(reference).digest
    submission.reopen(reference, by=cast.amina)
    make.answer(reference, cast.amina, "rationale", case__rationale="Another reason.")
    make.submit_it(reference, cast.amina)
    with pytest.raises(Stale):
        issue(reference, by=cast.amina, signatures=make.signatures(reference, cast.amina), seen=seen)
    assert make.issue_it(reference, cast.amina) is None


def test_only_its_own_officer_issues(cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    for officer, error in ((cast.grace, NotAllowed), (cast.priya, NotAllowed), (cast.owen, AccessDenied)):
        with pytest.raises(error):
            make.issue_it(reference, officer)
    assert make.issue_it(reference, cast.amina) is None


def test_another_verdict_on_the_day_of_issue_sends_the_case_back_with_the_reason(cast: Cast) -> None:
    warned = {"kind": "cannabis_warning", "given_on": date(2022, 1, 5), "offence_code": make.CANNABIS}
    with time_machine.travel(datetime(2023, 7, 31, 11, tzinfo=UTC), tick=False):
        story = make.cannabis().but(disposals=(warned,)).answering({"case.has_earlier_disposals": True})
        stays, goes = (make.submitted(cast.amina, story.but(report=f"{place}/23")) for place in (1, 2))
        # Under the rulebook of 2019 a second possession is no bar.
        assert make.issue_it(stays, cast.amina) is None
    with time_machine.travel(datetime(2023, 8, 1, 11, tzinfo=UTC), tick=False):
        sent_back = make.issue_it(goes, cast.amina)
        assert isinstance(sent_back, SentBack)
        assert "annabis" in " ".join(sent_back.sentences)
    case = make.read(goes)
    assert (case.status_now, case.issued_at) == (Status.DRAFT, None)
    assert moves_of(goes) == [("submit", "ready"), ("issue", "draft")]
    last = StatusChange.objects.filter(case=case).latest("pk")
    assert last.reason == " ".join(sent_back.sentences)
    assert events_of(goes)[-1] == "case.sent_back"
    assert not Signature.objects.filter(case=case).exists()


def test_a_case_issued_elsewhere_since_counts_on_the_day_of_issue(cast: Cast) -> None:
    story = make.cannabis().answering({"offender.pnc_id": "2003/0011985X"})
    waiting = make.submitted(cast.amina, story.but(report="1/26"))
    make.issued(cast.tom, story.but(report="2/26").answering({"offender.born_on": make.birthday(31)}))
    sent_back = make.issue_it(waiting, cast.amina)
    assert isinstance(sent_back, SentBack)
    assert make.read(waiting).status_now is Status.DRAFT


def test_a_child_who_turns_18_before_the_issue_needs_no_appropriate_adult_any_more(cast: Cast) -> None:
    story = make.child().answering({"offender.born_on": make.birthday(18, tomorrow=True)})
    today, tomorrow = make.submitted(cast.amina, story), make.submitted(cast.amina, story.but(report="9/26"))
    alone = Signatures("Jade Ransome", "Amina Khan")
    with pytest.raises(NotAllowed, match="appropriate adult"):
        issue(today, by=cast.amina, signatures=alone, seen=make.frozen(today).digest)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert issue(tomorrow, by=cast.amina, signatures=alone, seen=make.frozen(tomorrow).digest) is None


# Handing over


def reassign(reference: str, by: Officer, to: str) -> None:
    submission.reassign(reference, by=by, to=to, reason="Amina Khan is on leave.")


def test_a_sergeant_of_the_unit_hands_over_an_open_case_and_both_names_stay(cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    for officer, error in (
        (cast.amina, NotAllowed),
        (cast.tom, NotAllowed),
        (cast.priya, NotAllowed),
        (cast.laura, AccessDenied),
    ):
        with pytest.raises(error):
            reassign(reference, officer, "4213")
    reassign(reference, cast.grace, " 4213 ")
    case = make.read(reference)
    assert (case.officer, case.recorded_by, case.status_now) == (cast.tom, cast.amina, Status.READY)
    entry = Entry.objects.get(subject=case.subject, event="case.reassigned")
    assert (entry.details["from_officer"], entry.details["to_officer"]) == ("4127", "4213")
    assert make.issue_it(reference, cast.tom) is None


def test_a_case_goes_to_a_recording_officer_of_the_force_alone(cast: Cast) -> None:
    reference = make.case(cast.amina)
    for number in ("46-9123", "1733", "9999", ""):
        with pytest.raises(submission.NoSuchOfficer):
            reassign(reference, cast.grace, number)
    reassign(reference, cast.grace, "4519")
    case = make.read(reference)
    assert (case.officer, case.unit) == (cast.marcus, cast.marcus.unit)


def test_a_closed_case_is_not_handed_over(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    with pytest.raises(NotAllowed, match="open case"):
        reassign(reference, cast.grace, "4213")


# A co-offender


def test_another_case_from_the_incident_copies_it_without_anybodys_views(cast: Cast) -> None:
    source = make.issued(cast.amina, make.two_victims().but(offences=(make.SHOP_THEFT, "149/00")))
    OffenceType.objects.filter(code="149/00").update(withdrawn_on=timezone.localdate())
    token = uuid4()
    copy = start_another(source, by=cast.amina, token=token)
    assert start_another(source, by=cast.amina, token=token) == copy
    assert Case.objects.count() == 2
    old, new = make.record(source), make.record(copy)
    for name in ("occurred_from", "place", "borough", "circumstances_brief", "body_worn_video", "venue"):
        assert getattr(new.case, name) == getattr(old.case, name), name
    assert (new.case.copied_from, new.case.status_now) == (old.case, Status.DRAFT)
    assert [each.offence_type_id for each in new.offences] == [make.SHOP_THEFT]
    assert [victim.name for victim in new.victims] == [victim.name for victim in old.victims]
    assert {(each.consulted, each.agrees, each.wishes, each.mental_health_concern) for each in new.victims} == {
        (None, None, None, None)
    }
    assert (new.offender.last_names, new.case.rationale, new.case.domestic_abuse) == (None, None, None)
    assert (new.actions, new.disposals) == ((), ())
    assert events_of(copy) == ["case.copied"]
    left = {page.slug for page in journey.pages_left(make.saved(copy).situation)}
    assert {"victims", "offender", "circumstances"} <= left
    assert not {"start", "incident", "offences"} & left


def test_only_ones_own_case_is_copied(cast: Cast) -> None:
    source = make.submitted(cast.amina)
    for officer, error in ((cast.tom, NotAllowed), (cast.kieran, AccessDenied)):
        with pytest.raises(error):
            start_another(source, by=officer, token=uuid4())
    assert Case.objects.count() == 1
    assert CaseOffence.objects.count() == 1
    assert Victim.objects.count() == 1
