"""What a case keeps of a decision made on it: authority, professional standards' finding, and the crime report entry.

Who may decide is no matter of these: the caller has checked it, and has created the row of the decision, on which the
database insists, before anything is recorded here.
"""

import re
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Right
from cr_app.cases import access, lifecycle
from cr_app.cases.actions.changes import Changes
from cr_app.cases.actions.submission import move, prepare_review
from cr_app.cases.judgement import deciding_sentences, judge_supposing_entry, wants_entry
from cr_app.cases.lifecycle import Move, Status
from cr_app.cases.models import Case, Snapshot
from cr_app.cases.queries import Record
from cr_app.pages.refusals import NotAllowed
from cr_app.policy.assessment import Assessment, Verdict

# As forces number their crime reports and the entries on them. It stands in the trail as plain text, so no words: a name
# and a date of birth would take more letters than the prefix and the suffix of a number.
NO_ENTRY_REFERENCE = (
    "Enter the reference as it is on the crime report: letters and numbers, at most 40 in all, and no words"
)
_ENTRY_REFERENCE = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9 /.:-]{0,39}")
_LETTERS = re.compile(r"[A-Z]+")
_MOST_GROUPS, _LONGEST_GROUP = 2, 6


def record_authority(
    changes: Changes,
    *,
    granted: bool,
    rank: str,
    is_substantive: bool,
    number: str,
    snapshot: Snapshot,
    reason: str,
) -> Status:
    """Record authority granted or refused on a snapshot, make the move, and return the status it leads to.

    Granted, the case is assessed again as if the entry for the crime report were recorded: ready where it is then
    available, otherwise a draft with what is still wanted. Raises NotAllowed where the lifecycle has no such move.
    """
    case = changes.case
    changes.update(
        case,
        authority_decision="granted" if granted else "refused",
        authority_rank=rank,
        authority_is_substantive=is_substantive,
        authority_number=number,
        authority_by=changes.by,
        authority_at=changes.at,
        authority_snapshot=snapshot,
    )
    if not granted:
        move(changes, Move.REFUSE, Status.REFUSED, reason=reason)
        return Status.REFUSED
    assessment = judge_supposing_entry(Record(case), on=timezone.localdate(changes.at))
    to = Status.READY if assessment.verdict is Verdict.AVAILABLE else Status.DRAFT
    _tell_what_follows(changes, assessment, deciding_sentences(assessment))
    move(changes, Move.GRANT, to, reason=reason)
    return to


def record_suitability(changes: Changes, *, suitable: bool, snapshot: Snapshot, reason: str) -> Status:
    """Record what professional standards found of a snapshot, make the move, and return the status it leads to.

    Suitable, the case goes on from where it stands: a draft while pages are open or something blocks, otherwise to
    authority or ready. Raises NotAllowed where the lifecycle has no such move.
    """
    case = changes.case
    changes.update(
        case,
        professional_standards_decision="suitable" if suitable else "unsuitable",
        professional_standards_by=changes.by,
        professional_standards_at=changes.at,
        professional_standards_snapshot=snapshot,
    )
    if not suitable:
        move(changes, Move.FIND_UNSUITABLE, Status.NOT_USED, reason=reason)
        return Status.NOT_USED
    review = prepare_review(case, on=timezone.localdate(changes.at), is_submitted=True)
    to = lifecycle.status_after(review.verdict) if review.may_submit else Status.DRAFT
    _tell_what_follows(changes, review.decisive, review.wanted if to is Status.DRAFT else ())
    move(changes, Move.FIND_SUITABLE, to, reason=reason)
    return to


def _tell_what_follows(changes: Changes, assessment: Assessment, wanted: tuple[str, ...]) -> None:
    """Have the entry carry what the rules say once this is decided, and what they still want of the case, if anything."""
    changes.tell("verdict", str(assessment.verdict))
    changes.tell("rulebook", assessment.rulebook)
    if wanted:
        changes.tell("wanted", " ".join(wanted))


def return_with_question(changes: Changes, *, question: str) -> Status:
    """Return a case that waits for a decision to its officer, with what is to be answered before it is submitted again.

    An answer to an earlier question stays in the snapshot that it was submitted with.
    """
    changes.update(changes.case, question=question, reply=None)
    move(changes, Move.RETURN, Status.DRAFT, reason=question)
    return Status.DRAFT


def as_entry_reference(typed: str) -> str:
    """Return a reference of an entry as it is kept, in capitals and single spaces; "" for what cannot be one."""
    kept = " ".join(typed.upper().split())
    groups = _LETTERS.findall(kept)
    has_no_words = len(groups) <= _MOST_GROUPS and all(len(group) <= _LONGEST_GROUP for group in groups)
    return kept if has_no_words and _ENTRY_REFERENCE.fullmatch(kept) else ""


def may_record_entry(case: Case, *, at: datetime) -> bool:
    """Tell whether a case is ready and an exception was authorised for it, so that its entry may be recorded."""
    return (
        case.status_now is Status.READY
        and case.authority_decision is not None
        and wants_entry(Record(case), on=timezone.localdate(at))
    )


def require_entry(case: Case, *, at: datetime) -> None:
    """Raise NotAllowed where no entry for the crime report is to be made, or not now."""
    if case.status_now is not Status.READY:
        raise NotAllowed(
            f"This case is {case.status_now.phrase}. An entry is made once authority is given, and before the Community "
            "Resolution is issued.",
            subject=case.subject,
        )
    if not may_record_entry(case, at=at):
        raise NotAllowed("No exception was authorised for this case, so it needs no entry.", subject=case.subject)


def record_crime_report_entry(reference: str, *, by: Officer, entry_reference: str) -> None:
    """Record the reference of the entry made on the crime report for an exception that was authorised.

    It may be corrected until the case is issued. Raises NotAllowed where the case is not ready or was no exception, and
    for what cannot be a reference.
    """
    at = timezone.now()
    with transaction.atomic():
        case = access.lock_case(by, reference, Right.ISSUE)
        require_entry(case, at=at)
        kept = as_entry_reference(entry_reference)
        if not kept:
            raise NotAllowed(f"{NO_ENTRY_REFERENCE}.", subject=case.subject)
        if kept == case.crime_report_entry_reference:
            return
        changes = Changes(case, by=by, at=at)
        changes.update(case, crime_report_entry_reference=kept)
        changes.record("case.entry_recorded", details={"entry_reference": kept})
