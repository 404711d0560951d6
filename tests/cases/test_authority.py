"""What a case keeps of authority and of professional standards' finding, and where each leads it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit.models import Entry
from cr_app.cases import lifecycle
from cr_app.cases.actions import submission
from cr_app.cases.actions.authority import (
    as_entry_reference,
    record_authority,
    record_crime_report_entry,
    record_suitability,
    return_with_question,
)
from cr_app.cases.actions.changes import Changes
from cr_app.cases.actions.issue import EntryWanted, SentBack
from cr_app.cases.judgement import deciding_sentences, judge_supposing_entry
from cr_app.cases.lifecycle import Move, Status
from cr_app.cases.models import Case, StatusChange, Void
from cr_app.cases.presenting import notices_of
from cr_app.cases.queries import notes_with_voids, returned_notes, waiting_since
from cr_app.pages.refusals import AccessDenied, NotAllowed
from tests import make, make_authority
from tests.cases.test_submitting import events_of, moves_of
from tests.cast import Cast, sign_in
from tests.pages.markup import read


def test_a_knife_is_granted_entered_on_the_crime_report_and_issued(cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.knife())
    assert make.read(reference).status_now is Status.AWAITING_AUTHORITY
    assert make_authority.granted(reference, cast.priya) is Status.READY
    case = make.read(reference)
    assert (case.authority_decision, case.authority_rank, case.authority_is_substantive) == (
        "granted",
        "Inspector",
        True,
    )
    assert (case.authority_by, case.authority_number) == (cast.priya, "2051")
    assert case.authority_snapshot == make.frozen(reference)
    with pytest.raises(EntryWanted, match="crime report"):
        make.issue_it(reference, cast.amina)
    assert make.read(reference).status_now is Status.READY
    record_crime_report_entry(reference, by=cast.amina, entry_reference=" dets  14 ")
    assert make.read(reference).crime_report_entry_reference == "DETS 14"
    assert make.issue_it(reference, cast.amina) is None
    assert moves_of(reference) == [("submit", "awaiting_authority"), ("grant", "ready"), ("issue", "issued")]
    assert not Void.objects.exists()


def test_the_order_to_issue_voids_nothing_the_appropriate_adult_named_again_among_it(cast: Cast) -> None:
    story = make.knife().answering({"offender.born_on": make.birthday(15)})
    reference = make.submitted(cast.amina, story)
    make_authority.granted(reference, cast.priya)
    record_crime_report_entry(reference, by=cast.amina, entry_reference="DETS 14")
    assert make.signatures(reference, cast.amina).appropriate_adult == "Theresa Quill"
    assert make.issue_it(reference, cast.amina) is None
    case = make.read(reference)
    assert (case.status_now, case.authority_decision) == (Status.ISSUED, "granted")
    assert not Void.objects.exists()
    assert "voided" not in "".join(str(entry.details) for entry in Entry.objects.filter(subject=case.subject))


def test_a_refusal_ends_the_case_but_for_recording_that_it_was_not_used(cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.knife())
    assert make_authority.refused(reference, cast.priya) is Status.REFUSED
    with pytest.raises(NotAllowed):
        submission.reopen(reference, by=cast.amina)
    submission.record_not_used(reference, by=cast.amina, reason="Charged instead.")
    assert moves_of(reference)[-2:] == [("refuse", "refused"), ("record_not_used", "not_used")]
    assert StatusChange.objects.latest("pk").reason == "Charged instead."


def test_a_question_brings_the_case_back_and_keeps_what_was_asked(cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.knife())
    assert make_authority.returned(reference, cast.priya) is Status.DRAFT
    last = StatusChange.objects.latest("pk")
    assert (last.move, last.reason, last.by) == ("return_with_question", make_authority.QUESTION, cast.priya)
    make_authority.answered(reference, cast.amina)
    assert make.submit_it(reference, cast.amina) is Status.AWAITING_AUTHORITY
    assert make_authority.granted(reference, cast.priya) is Status.READY


def test_what_is_still_wanted_after_a_grant_keeps_a_draft(cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.knife())
    # As an older version may have left it: the rationale is gone, and nothing says so.
    Case.objects.filter(reference=reference).update(rationale=None)
    assert make_authority.granted(reference, cast.priya) is Status.DRAFT


def test_a_grant_that_leads_to_a_draft_says_which_rule_still_wants_what(cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.knife())
    # As an older version may have left it, or as today's rules say otherwise than those it was submitted under.
    Case.objects.filter(reference=reference).update(evidence_sufficient=False)
    (wanted,) = deciding_sentences(judge_supposing_entry(make.record(reference), on=timezone.localdate()))
    assert make_authority.granted(reference, cast.priya) is Status.DRAFT
    entry = Entry.objects.get(event="case.authority_granted")
    assert entry.details["rulebook"] == make.frozen(reference).case.rulebook
    assert entry.details["verdict"] != "available"
    assert entry.personal.get(path="wanted").value == f'"{wanted}"'
    client = sign_in(Client(), cast.amina)
    for name in ("case", "case_record", "case_history"):
        said = " ".join(read(client.get(reverse(name, args=[reference])).content.decode()).text().split())
        assert wanted in said, name
        assert "it stands" not in said, name
    assert f"granted authority as Inspector, and something is still wanted ({wanted})." in said


def test_a_grant_that_makes_a_case_ready_wants_nothing(cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.knife())
    make_authority.granted(reference, cast.priya)
    entry = Entry.objects.get(event="case.authority_granted")
    assert (entry.details["verdict"], "wanted" in entry.details) == ("available", False)


@pytest.mark.parametrize(
    "reference_of_entry", ["DETS 14", "2312345/26-7", "CR 2312345/26 A", "14:2", "REPORT 7/26 DETS"]
)
def test_references_as_forces_write_them_are_taken(reference_of_entry: str) -> None:
    assert as_entry_reference(reference_of_entry) == reference_of_entry


def test_what_is_held_stands_only_where_it_does(cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.knife())
    make_authority.granted(reference, cast.priya)
    submission.reopen(reference, by=cast.amina)
    case = make.read(reference)
    assert "If you submit it unchanged, it stands." in _said_of(case)
    # On the day of a birthday what was authorised is another age, though nobody has changed anything.
    born = case.offender.born_on
    assert born
    with time_machine.travel(timezone.now() + timedelta(days=366), tick=False):
        said = _said_of(case)
    assert "it does not stand" in said
    assert "it stands." not in said
    Case.objects.filter(pk=case.pk).update(rationale=None)
    said = _said_of(make.read(reference))
    assert "It cannot be submitted as it is: something is still wanted." in said
    assert "it stands." not in said


def _said_of(case: Case) -> str:
    return " ".join(sentence for notice in notices_of(case) for sentence in notice.sentences)


@pytest.mark.parametrize("has_entry", [True, False])
def test_a_granted_case_that_todays_rulebook_judges_otherwise_goes_back_with_the_reasons(
    cast: Cast, *, has_entry: bool
) -> None:
    warned = {"kind": "cannabis_warning", "given_on": date(2022, 1, 5), "offence_code": make.CANNABIS}
    with time_machine.travel(datetime(2023, 7, 31, 11, tzinfo=UTC), tick=False):
        story = make.knife().but(offences=(make.KNIFE, make.CANNABIS), disposals=(warned,))
        reference = make.submitted(cast.amina, story.answering({"case.has_earlier_disposals": True}))
    with time_machine.travel(datetime(2023, 7, 31, 12, tzinfo=UTC), tick=False):
        assert make_authority.granted(reference, cast.priya) is Status.READY
        if has_entry:
            record_crime_report_entry(reference, by=cast.amina, entry_reference="DETS 14")
    with time_machine.travel(datetime(2023, 8, 1, 11, tzinfo=UTC), tick=False):
        # Under the rulebook of 2019 a second possession was no bar.
        sent_back = make.issue_it(reference, cast.amina)
    assert isinstance(sent_back, SentBack)
    assert "first offence only" in " ".join(sent_back.sentences)
    assert "crime report" not in " ".join(sent_back.sentences)
    case = make.read(reference)
    assert (case.status_now, case.authority_decision, case.issued_at) == (Status.DRAFT, "granted", None)
    assert StatusChange.objects.latest("pk").reason == " ".join(sent_back.sentences)
    assert events_of(reference)[-1] == "case.sent_back"
    assert not Void.objects.exists()


# Professional standards


@pytest.mark.parametrize(
    ("story", "follows"),
    [(make.police, Status.READY), (make.police_knife, Status.AWAITING_AUTHORITY)],
    ids=["nothing else", "an exclusion too"],
)
def test_suitable_leads_on_from_where_the_case_stands(
    cast: Cast, story: Callable[[], make.Story], follows: Status
) -> None:
    reference = make.submitted(cast.amina, story())
    assert make_authority.found_suitable(reference, cast.yusuf) is follows
    assert make.read(reference).professional_standards_by == cast.yusuf
    if follows is Status.AWAITING_AUTHORITY:
        assert make_authority.granted(reference, cast.priya) is Status.READY
        record_crime_report_entry(reference, by=cast.amina, entry_reference="DETS 15")
    assert make.issue_it(reference, cast.amina) is None


def test_an_early_referral_found_suitable_goes_on_being_filled_in_and_nothing_is_voided(cast: Cast) -> None:
    reference = make.referred_early(cast.amina)
    assert make_authority.found_suitable(reference, cast.yusuf) is Status.DRAFT
    assert "what was not answered yet may be filled in" in _said_of(make.read(reference))
    assert "change, add or remove" not in _said_of(make.read(reference))
    make.answer_pages(reference, cast.amina, make.police())
    assert "If you submit it as it is, it stands." in _said_of(make.read(reference))
    assert make.read(reference).professional_standards_decision == "suitable"
    assert not Void.objects.exists()
    assert make.submit_it(reference, cast.amina) is Status.READY
    assert not Void.objects.exists()
    assert make.issue_it(reference, cast.amina) is None


def test_what_an_early_referral_showed_is_covered_all_the_same(cast: Cast) -> None:
    reference = make.referred_early(cast.amina)
    make_authority.found_suitable(reference, cast.yusuf)
    make.answer(reference, cast.amina, "offender-details", offender__warrant_number="5556")
    void = Void.objects.get()
    assert (void.kind, void.given_by, void.given_rank) == (Void.SUITABILITY, cast.yusuf, "")
    assert make.read(reference).professional_standards_decision is None


def test_unsuitable_closes_the_case(cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.police())
    assert make_authority.found_unsuitable(reference, cast.yusuf) is Status.NOT_USED
    assert make.read(reference).professional_standards_decision == "unsuitable"


# The entry for the crime report


def test_an_entry_is_for_an_exception_that_is_ready_and_by_its_officer_alone(cast: Cast) -> None:
    plain, waits = make.submitted(cast.amina), make.submitted(cast.amina, make.knife())
    with pytest.raises(NotAllowed, match="No exception"):
        record_crime_report_entry(plain, by=cast.amina, entry_reference="DETS 14")
    with pytest.raises(NotAllowed, match="awaiting authority"):
        record_crime_report_entry(waits, by=cast.amina, entry_reference="DETS 14")
    make_authority.granted(waits, cast.priya)
    tries: list[tuple[Officer, type[Exception]]] = [
        (cast.grace, NotAllowed),
        (cast.priya, NotAllowed),
        (cast.kieran, AccessDenied),
    ]
    for officer, error in tries:
        with pytest.raises(error):
            record_crime_report_entry(waits, by=officer, entry_reference="DETS 14")
    no_references = ("", "  ", "see the report", "x" * 41, "14; DROP", "Ø 14")
    words = ("JOHN SMITH BORN 1 MAY 1980", "Smith born 1980 London", "JOHN SMITH B 1980", "SMITHSON 1980")
    for no_reference in (*no_references, *words):
        with pytest.raises(NotAllowed, match="letters and numbers"):
            record_crime_report_entry(waits, by=cast.amina, entry_reference=no_reference)
    assert make.read(waits).crime_report_entry_reference is None
    record_crime_report_entry(waits, by=cast.amina, entry_reference="DETS 14")
    record_crime_report_entry(waits, by=cast.amina, entry_reference="DETS 14")
    record_crime_report_entry(waits, by=cast.amina, entry_reference="DETS 15")
    assert events_of(waits).count("case.entry_recorded") == 2
    make.issue_it(waits, cast.amina)
    with pytest.raises(NotAllowed, match="issued"):
        record_crime_report_entry(waits, by=cast.amina, entry_reference="DETS 16")


def test_a_force_where_every_case_needs_authority_wants_no_entry_for_it(cast: Cast) -> None:
    reference = make.submitted(cast.kieran, make.kent())
    assert make_authority.granted(reference, cast.laura) is Status.READY
    with pytest.raises(NotAllowed, match="No exception"):
        record_crime_report_entry(reference, by=cast.kieran, entry_reference="DETS 14")
    assert make.issue_it(reference, cast.kieran) is None


# The lifecycle


def test_every_decision_on_a_case_that_does_not_wait_for_it_is_refused_and_changes_nothing(cast: Cast) -> None:
    ready = make.submitted(cast.amina)
    snapshot = make.frozen(ready)
    given: dict[str, Any] = {
        "rank": "Inspector",
        "is_substantive": True,
        "number": "2051",
        "snapshot": snapshot,
        "reason": "So.",
    }
    decisions: dict[Move, Callable[[Changes], object]] = {
        Move.GRANT: lambda changes: record_authority(changes, granted=True, **given),
        Move.REFUSE: lambda changes: record_authority(changes, granted=False, **given),
        Move.FIND_SUITABLE: lambda changes: record_suitability(changes, suitable=True, snapshot=snapshot, reason="So."),
        Move.FIND_UNSUITABLE: lambda changes: record_suitability(
            changes, suitable=False, snapshot=snapshot, reason="So."
        ),
        Move.RETURN: lambda changes: return_with_question(changes, question="Who?"),
    }
    before = StatusChange.objects.count()
    for status in Status:
        for move, decide in decisions.items():
            if lifecycle.may(status, move):
                continue
            case = make.read(ready)
            case.status = status.value
            with pytest.raises(NotAllowed, match="This case is "), transaction.atomic():
                decide(Changes(case, by=cast.priya, at=timezone.now()))
    assert StatusChange.objects.count() == before


def test_what_others_left_to_its_officer_stands_on_the_desk_with_why(cast: Cast) -> None:
    early, asked = make.referred_early(cast.amina), make.submitted(cast.amina, make.knife().but(report="8/26"))
    make_authority.found_suitable(early, cast.yusuf)
    make_authority.returned(asked, cast.priya)
    notes = returned_notes([make.read(early), make.read(asked)])
    assert sorted((note.words, note.awaits_reply) for note in notes.values()) == [
        ("Found suitable. Something is still wanted.", False),
        (make_authority.QUESTION, True),
    ]
    submission.withdraw(early, by=cast.amina, reason="Opened twice.")
    make_authority.answered(asked, cast.amina)
    assert returned_notes([make.read(asked)])[make.read(asked).pk].awaits_reply is False
    make.submit_it(asked, cast.amina)
    submission.reopen(asked, by=cast.amina)
    assert returned_notes([make.read(early), make.read(asked)]) == {}


def test_a_draft_on_the_desk_says_what_is_void_until_it_is_submitted_again(cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.knife())
    make_authority.granted(reference, cast.priya)
    submission.reopen(reference, by=cast.amina)
    assert notes_with_voids([make.read(reference)], {}) == {}
    make.answer(reference, cast.amina, "rationale", case__rationale="Another reason.")
    (note,) = notes_with_voids([make.read(reference)], {}).values()
    assert note.words == "The authority given is void."
    make.submit_it(reference, cast.amina)
    make_authority.returned(reference, cast.priya)
    assert notes_with_voids([make.read(reference)], {}) == {}


# What the database insists on


def test_no_case_carries_authority_that_nobody_decided(cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.knife())
    given = {
        "authority_decision": "granted",
        "authority_rank": "Inspector",
        "authority_is_substantive": True,
        "authority_number": "2051",
        "authority_by": cast.priya,
        "authority_at": timezone.now(),
        "authority_snapshot": make.frozen(reference),
    }
    with pytest.raises(DatabaseError, match="no such authority"), transaction.atomic():
        Case.objects.filter(reference=reference).update(**given)
    make_authority.granted(reference, cast.priya)
    with pytest.raises(DatabaseError, match="only with a void"), transaction.atomic():
        Case.objects.filter(reference=reference).update(**dict.fromkeys(given))


def test_a_case_waits_since_it_came_to_stand_as_it_does(cast: Cast) -> None:
    reference = make.complete(cast.amina, make.knife())
    assert waiting_since(make.read(reference)) is None
    make.submit_it(reference, cast.amina)
    assert waiting_since(make.read(reference)) == StatusChange.objects.latest("pk").at
