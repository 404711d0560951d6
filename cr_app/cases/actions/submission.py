"""Submit a case, take it back, or end it: the moves of the officer whose case it is, up to issue."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.queries import officer_named
from cr_app.accounts.roles import Right, Role
from cr_app.audit.queries import who_did
from cr_app.cases import access, journey, lifecycle
from cr_app.cases.actions.changes import Changes
from cr_app.cases.actions.voiding import Voided, make_void, voided_by_submitting, without
from cr_app.cases.judgement import (
    deciding_sentences,
    judge,
    judge_supposing_authority,
    judge_supposing_entry,
    rulebook_for,
)
from cr_app.cases.lifecycle import Move, Status
from cr_app.cases.models import Case, Snapshot, StatusChange
from cr_app.cases.queries import Record, latest_snapshot
from cr_app.cases.review import Section, content_of, digest_of, review_of
from cr_app.cases.situation import situation_of
from cr_app.cases.standing import is_party, reasons_against
from cr_app.pages.refusals import NotAllowed, Stale
from cr_app.policy.assessment import Assessment, Verdict


@dataclass(frozen=True)
class Review:
    """What the review page shows of a draft: sections, assessment, what is left, and the digest a submission is bound to.

    `decisive` decides what follows: for a case that has authority, as if the entry for the crime report were recorded.
    `voided` is what submitting voids, since something that it covered has changed by itself.
    """

    record: Record
    sections: tuple[Section, ...]
    assessment: Assessment
    open_pages: tuple[journey.Page, ...]
    blocks: tuple[str, ...]
    content: str
    digest: str
    decisive: Assessment
    voided: tuple[Voided, ...]

    @property
    def verdict(self) -> Verdict:
        """Return the verdict that decides what follows."""
        return self.decisive.verdict

    @property
    def wanted(self) -> tuple[str, ...]:
        """Return in sentences what stands in the way of submitting; where nothing does, of issuing; () where nothing does."""
        if self.open_pages:
            return (_left_open(self.open_pages),)
        return self.blocks or deciding_sentences(self.decisive)

    @property
    def may_submit(self) -> bool:
        """Tell whether nothing stands in the way of submitting."""
        return not self.open_pages and not self.blocks


# Whoever has decided on a case is not its officer afterwards.
DECISIONS = frozenset(
    {"case.authority_granted", "case.authority_refused", "case.suitable", "case.unsuitable", "case.returned"}
)


class Submit(Protocol):
    """What submits a draft as it was reviewed: `submit`, or what does more in the same transaction."""

    def __call__(self, reference: str, *, by: Officer, seen: str) -> Status:
        """Return the status that the case then has."""


class NoSuchOfficer(NotAllowed):
    """A case cannot be handed to the officer named; the sentence says why."""


class NotReady(NotAllowed):
    """The case may not be submitted yet; `blocks` are the sentences that say why."""

    def __init__(self, blocks: tuple[str, ...], *, subject: str) -> None:
        super().__init__("This case cannot be submitted yet. " + " ".join(blocks), subject=subject)
        self.blocks = blocks


def prepare_review(case: Case, *, on: date, is_submitted: bool = False) -> Review:
    """Return what the review page shows of a case on a day, and whether it may be submitted.

    A referral may be made early, with no page done but the question of whoever returned it; for anything else every page
    must be done and the case must assess as available once valid authority is supposed, so that nobody is asked to
    authorise a half-empty form. What authority or suitability covers and has changed by itself counts as voided already,
    but in a case that `is_submitted`: there it stands.
    """
    record = Record(case)
    rulebook = rulebook_for(case.force_id, on=on)
    situation = situation_of(record, rulebook, on=on)
    sections = review_of(record, rulebook, situation, on=on)
    answers = [answer for section in sections for answer in section.answers]
    voided = () if is_submitted else voided_by_submitting(case, answers)
    judged = without(record, voided)
    assessment = judge(judged, on=on)
    decisive = judge_supposing_entry(judged, on=on) if judged.case.authority_decision else assessment
    left = journey.pages_left(situation)
    content = content_of(record, rulebook, assessment, sections, open_pages=left, on=on)
    may_leave_open = assessment.verdict is Verdict.REFERRAL_REQUIRED
    open_pages = tuple(page for page in left if page == journey.QUESTION or not may_leave_open)
    return Review(
        record=record,
        sections=sections,
        assessment=assessment,
        open_pages=open_pages,
        blocks=_blocks(judged, situation, decisive, on=on) if not open_pages else (),
        content=content,
        digest=digest_of(content),
        decisive=decisive,
        voided=voided,
    )


def submit(reference: str, *, by: Officer, seen: str) -> Status:
    """Submit a draft as it was reviewed and return the status that its verdict leads to; `seen` is the review's digest.

    Freezes a snapshot, and voids what covered an answer that has changed by itself. Authority that still stands is kept:
    nobody is asked again. Raises Stale where anything shown has changed since, NotReady where something is open, and
    NotAllowed where the case is no draft. Sent twice it does nothing more.
    """
    at = timezone.now()
    today = timezone.localdate(at)
    with transaction.atomic():
        case = access.lock_case(by, reference, Right.SUBMIT)
        if not case.is_draft and _was_submitted_with(case, seen):
            return case.status_now
        _check(case, Move.SUBMIT)
        review = prepare_review(case, on=today)
        if review.digest != seen:
            raise Stale(
                "Something on this page has changed since you opened it. Read it again, then submit.",
                subject=case.subject,
            )
        if not review.may_submit:
            raise NotReady(review.wanted, subject=case.subject)
        to = lifecycle.status_after(review.verdict)
        changes = Changes(case, by=by, at=at)
        make_void(changes, review.voided)
        number = (case.snapshots.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        changes.create(
            Snapshot(case=case, number=number, taken_at=at, taken_by=by, content=review.content, digest=review.digest)
        )
        changes.update(
            case,
            decided_on=today,
            submitted_at=at,
            rulebook=review.assessment.rulebook,
            is_restricted=case.is_restricted or to is Status.REFERRED,
        )
        move(changes, Move.SUBMIT, to)
        changes.record(
            "case.submitted",
            details={
                "verdict": str(review.verdict),
                "rulebook": review.assessment.rulebook,
                "status_from": Status.DRAFT.value,
                "status_to": to.value,
                "snapshot": review.digest,
            },
        )
    return to


def reopen(reference: str, *, by: Officer) -> None:
    """Take a submitted case back to a draft. Nothing it was given is voided until an answer changes."""
    _make_move(reference, by=by, move_made=Move.REOPEN, to=Status.DRAFT, event="case.reopened", right=Right.EDIT)


def withdraw(reference: str, *, by: Officer, reason: str) -> None:
    """Withdraw a draft that was opened in error; it is not counted. Raises NotAllowed without a reason."""
    _make_move(
        reference,
        by=by,
        move_made=Move.WITHDRAW,
        to=Status.WITHDRAWN,
        event="case.withdrawn",
        right=Right.EDIT,
        reason=reason,
    )


def record_not_used(reference: str, *, by: Officer, reason: str) -> None:
    """Record that a Community Resolution was considered and not used. Raises NotAllowed without a reason."""
    _make_move(
        reference,
        by=by,
        move_made=Move.RECORD_NOT_USED,
        to=Status.NOT_USED,
        event="case.not_used",
        right=Right.EDIT,
        reason=reason,
    )


def reassign(reference: str, *, by: Officer, to: str, reason: str) -> None:
    """Hand an open case to another recording officer of the force, named by warrant number; both names stay.

    A sergeant of its unit does, or of a case that was referred professional standards. Raises NotAllowed for a closed
    case or without a reason, NoSuchOfficer for one who is unknown, may not record, is a party, has decided on this very
    case or declared an interest in it.
    """
    at = timezone.now()
    with transaction.atomic():
        case = access.lock_case(by, reference, Right.REASSIGN)
        # A refused case still has to be recorded as not used by somebody.
        if not case.is_open and case.status_now is not Status.REFUSED:
            raise NotAllowed("Only an open case can be reassigned.", subject=case.subject)
        if not reason.strip():
            raise NotAllowed("Give the reason.", subject=case.subject)
        officer = officer_named(to)
        if officer is None or officer.force_id != case.force_id or not officer.has_role(Role.RECORDING_OFFICER):
            raise NoSuchOfficer(
                "No recording officer of your force has that warrant number. Check it and try again",
                subject=case.subject,
            )
        if is_party(officer, Record(case)):
            raise NoSuchOfficer(
                "That officer is a party to this case. Enter another warrant number", subject=case.subject
            )
        if officer.as_actor().key in who_did(case.subject, DECISIONS):
            raise NoSuchOfficer(
                "That officer has decided on this case. Enter another warrant number", subject=case.subject
            )
        if access.has_interest(officer, case):
            raise NoSuchOfficer(
                "That officer has declared an interest in this case. Enter another warrant number",
                subject=case.subject,
            )
        if officer.pk == case.officer_id:
            # Sent twice, or already done: there is nothing to hand over.
            return
        changes = Changes(case, by=by, at=at)
        before = case.officer
        changes.update(case, officer=officer, unit=officer.unit)
        changes.record(
            "case.reassigned",
            reason=reason,
            details={
                "from_officer": before.warrant_number,
                "from_name": before.title,
                "to_officer": officer.warrant_number,
                "to_name": officer.title,
            },
        )


def move(changes: Changes, move_made: Move, to: Status, *, reason: str = "") -> None:
    """Make one move of the lifecycle table and keep it as a row of its own. Raises NotAllowed where the table has none."""
    case = changes.case
    _check(case, move_made, to, reason=reason)
    changes.create(
        StatusChange(
            case=case,
            move=move_made.value,
            from_status=case.status,
            to_status=to.value,
            at=changes.at,
            by=changes.by,
            reason=reason,
        )
    )
    changes.update(case, status=to.value)


def _check(case: Case, move_made: Move, to: Status | None = None, *, reason: str | None = None) -> None:
    try:
        lifecycle.check(case.status_now, move_made, to, reason="given" if reason is None else reason)
    except lifecycle.MoveNotAllowed as refused:
        raise NotAllowed(refused.sentence, subject=case.subject) from refused


def _make_move(
    reference: str,
    *,
    by: Officer,
    move_made: Move,
    to: Status,
    event: str,
    right: Right,
    reason: str = "",
) -> None:
    at = timezone.now()
    with transaction.atomic():
        case = access.lock_case(by, reference, right)
        if case.status_now is to and _last_move_is(case, move_made, by, at):
            return
        before = case.status
        changes = Changes(case, by=by, at=at)
        move(changes, move_made, to, reason=reason)
        changes.record(event, reason=reason, details={"status_from": before, "status_to": to.value})


def _last_move_is(case: Case, move_made: Move, by: Officer, at: datetime) -> bool:
    """Tell whether the same officer has just made the same move: a second click, which does nothing more."""
    last = StatusChange.objects.filter(case=case).order_by("-pk").first()
    return last is not None and last.move == move_made and last.by_id == by.pk and (at - last.at).total_seconds() < 60


def _left_open(pages: tuple[journey.Page, ...]) -> str:
    """Return in a sentence which pages still want an answer, each named once."""
    titles = dict.fromkeys(
        "Safeguards for the victim" if page.slug == journey.VICTIM_SAFEGUARDS else journey.STEP[page.slug].title
        for page in pages
    )
    return f"Some questions are not answered yet: {', '.join(titles)}."


def _was_submitted_with(case: Case, seen: str) -> bool:
    snapshot = latest_snapshot(case)
    return snapshot is not None and snapshot.digest == seen


def _blocks(record: Record, situation: journey.Situation, assessment: Assessment, *, on: date) -> tuple[str, ...]:
    """Return why a case with every page done may still not be submitted; nothing where it may."""
    against = reasons_against(record, record.case.officer)
    if against:
        return against
    if record.case.same_report_answer == "same" and situation.same_person_cases > 0:
        return ("You said that this is the same matter as a record that exists. Withdraw this draft.",)
    if assessment.verdict in (Verdict.AVAILABLE, Verdict.REFERRAL_REQUIRED):
        return ()
    if assessment.verdict is Verdict.AUTHORITY_REQUIRED:
        supposed = judge_supposing_authority(record, on=on)
        if supposed.verdict is Verdict.AVAILABLE:
            return ()
        return deciding_sentences(supposed)
    return deciding_sentences(assessment)
