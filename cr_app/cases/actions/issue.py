"""Issue a Community Resolution: it becomes final."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Right
from cr_app.cases import access, lifecycle
from cr_app.cases.actions.changes import Changes
from cr_app.cases.actions.documents import add_documents
from cr_app.cases.actions.submission import move
from cr_app.cases.comparing import changes_kept, what_voided
from cr_app.cases.documents.composing import reading_sheet, told_of
from cr_app.cases.documents.sheets import Language, digest_of
from cr_app.cases.drawing import NotADrawing, read_drawing
from cr_app.cases.facts import ages_of
from cr_app.cases.judgement import deciding_sentences, judge, judge_supposing_entry, wants_entry
from cr_app.cases.lifecycle import Move, Status
from cr_app.cases.models import Case, Signature, Snapshot, Void
from cr_app.cases.queries import Record, latest_snapshot, lock_person, signatures_of, voids_of
from cr_app.cases.situation import ADULT_AT
from cr_app.cases.standing import adult_refused, plain_name, reasons_against
from cr_app.pages.refusals import NotAllowed, Stale
from cr_app.policy.assessment import Verdict


@dataclass(frozen=True)
class Signatures:
    """The names typed at issue; the appropriate adult's, with the time of arrival, where one must be present.

    `drawings` are what was drawn beside the names, by role, for whoever drew one; `language` is the one in which it was
    read to the offender and the appropriate adult, and `read` the digest of what was read, None where no page was.
    """

    offender: str
    officer: str
    appropriate_adult: str = ""
    appropriate_adult_at: datetime | None = None
    drawings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    language: Language = "en"
    read: str | None = None

    @property
    def names(self) -> dict[str, str]:
        """Return who signs, by role, in the order in which they sign."""
        given = {
            "offender": self.offender.strip(),
            "appropriate_adult": self.appropriate_adult.strip(),
            "officer": self.officer.strip(),
        }
        return {role: name for role, name in given.items() if name}

    def drawing_of(self, role: str) -> str | None:
        """Return what that role drew, in its one form; None where it drew nothing. Raises NotADrawing."""
        return read_drawing(self.drawings.get(role, "")) or None

    def language_of(self, role: str) -> Language:
        """Return the language in which it was read to that role; an officer signs in English."""
        return "en" if role == "officer" else self.language


@dataclass(frozen=True)
class SentBack:
    """The case was not issued: today's rules say otherwise than when it was submitted; `sentences` say why."""

    sentences: tuple[str, ...]


class EntryWanted(NotAllowed):
    """An exception was authorised and its entry on the crime report has no reference yet; the sentence says what to do."""

    SENTENCE: ClassVar[str] = (
        "An exception was authorised for this case. Make the entry on the crime report and record its reference here, "
        "then issue the Community Resolution."
    )


def entry_is_wanted(record: Record, *, at: datetime) -> bool:
    """Tell whether all that keeps a case from being issued is the entry on the crime report."""
    on = timezone.localdate(at)
    return (
        record.case.authority_decision is not None
        and not record.case.crime_report_entry_reference
        and wants_entry(record, on=on)
        and judge_supposing_entry(record, on=on).verdict is Verdict.AVAILABLE
    )


def needs_appropriate_adult(record: Record, *, at: datetime) -> bool:
    """Tell whether an appropriate adult must be there when the offender signs: always for a child, and where mental health is flagged."""
    age = ages_of(record, on=timezone.localdate(at)).at_decision
    return record.offender.mental_health_concern is True or (age is not None and age < ADULT_AT)


def reading_digest(case: Case, *, language: Language, at: datetime) -> str:
    """Return the digest of what is read out before anybody signs: whoever signs is bound to those very words."""
    return digest_of(reading_sheet(told_of(case), language=language, at=at).content())


def issue(reference: str, *, by: Officer, signatures: Signatures, seen: str) -> SentBack | None:
    """Issue a case that is ready, with its signatures; None when it is issued, also when the same form issued it before.

    Its documents are made with it, the offender's copy also in the language in which it was read. The case is assessed
    again today: another verdict sends it back to draft and the sentences say why. Raises EntryWanted where an exception
    has no entry on the crime report yet, NotAllowed where a signature is missing or the case is not ready, and Stale
    where `seen` is not the snapshot it was submitted with or what was read is no longer what is signed.
    """
    at = timezone.now()
    with transaction.atomic():
        case = access.lock_case(by, reference, Right.ISSUE)
        snapshot = latest_snapshot(case)
        if case.status_now is Status.ISSUED and _is_the_same(case, snapshot, by=by, signatures=signatures, seen=seen):
            return None
        if not lifecycle.may(case.status_now, Move.ISSUE):
            raise NotAllowed(f"This case is {case.status_now.phrase}, so it cannot be issued.", subject=case.subject)
        # Two cases of one person issued at once would each miss the other.
        lock_person(case)
        record = Record(case)
        if entry_is_wanted(record, at=at):
            raise EntryWanted(EntryWanted.SENTENCE, subject=case.subject)
        if snapshot is None or snapshot.digest != seen:
            raise Stale(
                "The case has been submitted again since you opened this page. Read it again.", subject=case.subject
            )
        # A birthday at midnight changes what is read without a change of the case.
        if signatures.read not in (None, reading_digest(case, language=signatures.language, at=at)):
            raise Stale(
                "What is read out has changed since it was read. Read it again before anybody signs.",
                subject=case.subject,
            )
        _check_signatures(case, record, by=by, signatures=signatures, at=at)
        # An entry that is wanted was asked for above: here it is no reason to send a case back.
        assess_it = judge if case.authority_decision is None else judge_supposing_entry
        assessment = assess_it(record, on=timezone.localdate(at))
        changes = Changes(case, by=by, at=at)
        if assessment.verdict is not Verdict.AVAILABLE:
            sentences = (*_void_since_submitted(case), *deciding_sentences(assessment))
            move(changes, Move.ISSUE, Status.DRAFT, reason=" ".join(sentences))
            changes.record(
                "case.sent_back",
                reason=" ".join(sentences),
                details={
                    "verdict": str(assessment.verdict),
                    "rulebook": assessment.rulebook,
                    "verdict_before": str(Verdict.AVAILABLE),
                    "status_from": Status.READY.value,
                    "status_to": Status.DRAFT.value,
                },
            )
            return SentBack(sentences)
        _sign(changes, case, signatures, at=at)
        changes.update(case, issued_at=at, issued_by=by)
        move(changes, Move.ISSUE, Status.ISSUED)
        add_documents(changes, because="issued", language=signatures.language)
        changes.record(
            "case.issued",
            details={
                "verdict": str(assessment.verdict),
                "rulebook": assessment.rulebook,
                "status_from": Status.READY.value,
                "status_to": Status.ISSUED.value,
                "snapshot": snapshot.digest,
            },
        )
    return None


def _void_since_submitted(case: Case) -> tuple[str, ...]:
    """Say what was taken from a submitted case, which its officer did not change."""
    return tuple(
        f"{'Authority' if void.kind == Void.AUTHORITY else 'The finding of suitability'} is void: "
        f"{void.voided_by.title} {what_voided(changes_kept(void.changed))}."
        for void in voids_of(case)
        if case.submitted_at is not None and void.voided_at > case.submitted_at
    )


def _is_the_same(case: Case, snapshot: Snapshot | None, *, by: Officer, signatures: Signatures, seen: str) -> bool:
    given = {
        signature.role: (signature.name, signature.drawing, signature.language) for signature in signatures_of(case)
    }
    try:
        sent = {
            role: (name, signatures.drawing_of(role), signatures.language_of(role))
            for role, name in signatures.names.items()
        }
    except NotADrawing:
        return False
    return case.issued_by_id == by.pk and snapshot is not None and snapshot.digest == seen and given == sent


def _check_signatures(case: Case, record: Record, *, by: Officer, signatures: Signatures, at: datetime) -> None:
    """Raise NotAllowed unless everybody who must sign does, nobody signs for another, and no party stands in as the adult."""
    if not signatures.offender.strip() or not signatures.officer.strip():
        raise NotAllowed("Both the offender and the officer must sign.", subject=case.subject)
    if plain_name(signatures.offender) != plain_name(record.offender.name):
        raise NotAllowed(
            f"The offender signs with their own name as it is on the record: {record.offender.name}.",
            subject=case.subject,
        )
    if plain_name(signatures.officer) != plain_name(by.name):
        raise NotAllowed(f"Sign with your own name as it is on your account: {by.name}.", subject=case.subject)
    against = reasons_against(record, by)
    if against:
        raise NotAllowed(" ".join(against), subject=case.subject)
    adult, came = signatures.appropriate_adult.strip(), signatures.appropriate_adult_at
    if needs_appropriate_adult(record, at=at) and (not adult or came is None):
        raise NotAllowed(
            "The appropriate adult must be present now: name them, and when they came.", subject=case.subject
        )
    if came is not None and came > at:
        raise NotAllowed("The appropriate adult cannot have come later than now. Check the time.", subject=case.subject)
    refused = adult_refused(adult, record, by)
    if refused:
        raise NotAllowed(f"{refused}.", subject=case.subject)
    _check_drawings(case, signatures)


def _check_drawings(case: Case, signatures: Signatures) -> None:
    """Raise NotAllowed where a drawing cannot be kept, or is of somebody who does not sign."""
    if not set(signatures.drawings) <= set(signatures.names):
        raise NotAllowed("A signature was drawn for somebody whose name is missing.", subject=case.subject)
    try:
        for role in signatures.names:
            signatures.drawing_of(role)
    except NotADrawing as unread:
        raise NotAllowed(f"{unread}.", subject=case.subject) from unread


def _sign(changes: Changes, case: Case, signatures: Signatures, *, at: datetime) -> None:
    for role, name in signatures.names.items():
        changes.create(
            Signature(
                case=case,
                role=role,
                name=name,
                signed_at=at,
                present_from=signatures.appropriate_adult_at if role == "appropriate_adult" else None,
                drawing=signatures.drawing_of(role),
                language=signatures.language_of(role),
            )
        )
