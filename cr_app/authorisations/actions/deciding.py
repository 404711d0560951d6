"""Decide on a case that waits: one path for every decision, bound to the snapshot that was read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self, assert_never

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.authorisations import access, rules
from cr_app.authorisations.actions.asking import ask
from cr_app.authorisations.actions.mailing import tell_of_change
from cr_app.authorisations.actions.refusals import AlreadyDecided, MayNotDecide, StaleMatter
from cr_app.authorisations.actions.wording import cleaned
from cr_app.authorisations.models import Decision, Kind, Outcome, Request
from cr_app.authorisations.queries import decider_of, kind_of, matter_of, officer_now
from cr_app.cases.actions import authority
from cr_app.cases.actions.changes import Changes
from cr_app.cases.actions.submission import prepare_review
from cr_app.cases.comparing import ChangedAnswer, answers_in, changes_between
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case, Snapshot
from cr_app.cases.queries import latest_snapshot, status_changes_of, waiting_since
from cr_app.pages.moments import moment
from cr_app.pages.refusals import NotAllowed

_EVENTS = {
    Outcome.GRANTED: "case.authority_granted",
    Outcome.REFUSED: "case.authority_refused",
    Outcome.SUITABLE: "case.suitable",
    Outcome.UNSUITABLE: "case.unsuitable",
    Outcome.RETURNED: "case.returned",
}


@dataclass(frozen=True)
class Seen:
    """What the officer had before them: what was asked, by which submission, its digest, and when the page was shown."""

    kind: str
    number: int
    digest: str
    shown_at: datetime

    @classmethod
    def of(cls, snapshot: Snapshot, kind: Kind, shown_at: datetime) -> Self:
        """Return what a page that shows this snapshot, for a decision of this kind, had on it."""
        return cls(kind.value, snapshot.number, snapshot.digest, shown_at)


def grant(reference: str, *, by: Officer, reasons: str, seen: Seen) -> Status:
    """Grant authority for a case as it was read, and return the status that it leads to.

    Raises MayNotDecide with every reason, AlreadyDecided where another was first, StaleMatter where the case is not as it
    was read, NotAllowed without reasons, and AccessDenied as the door does. The same decision sent twice is made once.
    """
    return _decide(reference, Kind.AUTHORITY, Outcome.GRANTED, by=by, reasons=reasons, seen=seen)


def refuse(reference: str, *, by: Officer, reasons: str, seen: Seen) -> Status:
    """Refuse authority for a case as it was read; raises as `grant` does."""
    return _decide(reference, Kind.AUTHORITY, Outcome.REFUSED, by=by, reasons=reasons, seen=seen)


def find_suitable(reference: str, *, by: Officer, reasons: str, seen: Seen) -> Status:
    """Find a referred case suitable; where it then waits for authority, that is asked for at once. Raises as `grant` does."""
    return _decide(reference, Kind.SUITABILITY, Outcome.SUITABLE, by=by, reasons=reasons, seen=seen)


def find_unsuitable(reference: str, *, by: Officer, reasons: str, seen: Seen) -> Status:
    """Find a referred case unsuitable, which closes it; raises as `grant` does."""
    return _decide(reference, Kind.SUITABILITY, Outcome.UNSUITABLE, by=by, reasons=reasons, seen=seen)


def return_with_question(reference: str, *, by: Officer, reasons: str, seen: Seen) -> Status:
    """Return a case to its officer with a question, whatever it waits for; raises as `grant` does."""
    return _decide(reference, None, Outcome.RETURNED, by=by, reasons=reasons, seen=seen)


def _decide(reference: str, kind: Kind | None, outcome: Outcome, *, by: Officer, reasons: str, seen: Seen) -> Status:
    with transaction.atomic():
        case = access.lock_to_decide(by, reference, reading=seen.number)
        # Whoever waited for the lock may have lost role, rank or account meanwhile.
        at, by = timezone.now(), officer_now(by)
        words = cleaned(reasons, case, what="your reasons", missing="Give your reasons, or the question that you ask.")
        waits_for, snapshot = kind_of(case), latest_snapshot(case)
        if waits_for is None or snapshot is None or waits_for != seen.kind or kind not in (None, waits_for):
            return _made_before(case, outcome, by=by, words=words, seen=seen, at=at)
        matter = matter_of(case, waits_for, at)
        answer = rules.may_decide(decider_of(by, at), matter)
        if not answer.allowed:
            raise MayNotDecide(answer, subject=case.subject)
        access.require_deciding(by, case)
        if (snapshot.number, snapshot.digest) != (seen.number, seen.digest):
            raise _submitted_again(case, seen, snapshot)
        decision = _decision(case, snapshot, waits_for, outcome, matter, by=by, reasons=words, seen=seen, at=at)
        changes = Changes(case, by=by, at=at)
        changes.create(decision)
        before = case.status
        status = _record(changes, decision)
        changes.record(_EVENTS[outcome], reason=words, details=_details(decision, before, status))
        tell_of_change(reference, case.officer)
        if status is Status.AWAITING_AUTHORITY:
            ask(case, actor=by.as_actor(), at=at)
    return status


def _submitted_again(case: Case, seen: Seen, now: Snapshot) -> StaleMatter:
    changed = _changed_since(case, seen, now.content)
    what = "Read what changed, then decide." if changed else "Read it again, then decide."
    return StaleMatter(
        f"This case was submitted again after you opened the page. {what}", changed, subject=case.subject
    )


def _decision(
    case: Case,
    snapshot: Snapshot,
    kind: Kind,
    outcome: Outcome,
    matter: rules.Matter,
    *,
    by: Officer,
    reasons: str,
    seen: Seen,
    at: datetime,
) -> Decision:
    rank, is_substantive = rules.rank_decided_in(by.rank_on(timezone.localdate(at)), matter)
    asked = Request.objects.filter(snapshot=snapshot, kind=kind, officer=by).select_related("covering_for")
    request = asked.order_by("-pk").first()
    return Decision(
        case=case,
        snapshot=snapshot,
        digest=snapshot.digest,
        kind=kind,
        outcome=outcome,
        reasons=reasons,
        asked_by=snapshot.taken_by,
        asked_at=waiting_since(case) or snapshot.taken_at,
        recorded_by=case.recorded_by,
        decided_by=by,
        decided_at=at,
        shown_at=seen.shown_at,
        rank=rank.name,
        is_substantive=is_substantive,
        number=by.warrant_number,
        covering_for=request.covering_for if request else None,
    )


def _record(changes: Changes, decision: Decision) -> Status:
    """Have the case keep what was decided, and return where it then stands."""
    match Outcome(decision.outcome):
        case Outcome.GRANTED | Outcome.REFUSED:
            return authority.record_authority(
                changes,
                granted=decision.outcome == Outcome.GRANTED,
                rank=decision.rank,
                is_substantive=decision.is_substantive,
                number=decision.number,
                snapshot=decision.snapshot,
                reason=decision.reasons,
            )
        case Outcome.SUITABLE | Outcome.UNSUITABLE:
            return authority.record_suitability(
                changes,
                suitable=decision.outcome == Outcome.SUITABLE,
                snapshot=decision.snapshot,
                reason=decision.reasons,
            )
        case Outcome.RETURNED:
            return authority.return_with_question(changes, question=decision.reasons)
        case unknown:
            assert_never(unknown)


def _details(decision: Decision, before: str, status: Status) -> dict[str, object]:
    details: dict[str, object] = {
        "status_from": str(before),
        "status_to": status.value,
        "snapshot": decision.digest,
    }
    if decision.covering_for is not None:
        details["covering_for"] = decision.covering_for.title
    if decision.outcome in (Outcome.GRANTED, Outcome.REFUSED):
        details["rank"] = decision.rank
    return details


def _made_before(case: Case, outcome: Outcome, *, by: Officer, words: str, seen: Seen, at: datetime) -> Status:
    """Answer a decision on a case that waits for it no more: the same one again, another's, or the case was taken back."""
    made = Decision.objects.filter(case=case, snapshot__number=seen.number, digest=seen.digest, kind=seen.kind)
    decision = made.select_related("decided_by").first()
    if decision is not None:
        own = decision.decided_by_id == by.pk
        if own and decision.outcome == outcome and decision.reasons == words:
            return case.status_now
        raise AlreadyDecided(decision, own=own, subject=case.subject)
    last = status_changes_of(case)[-1:]
    if last and case.is_draft:
        now = prepare_review(case, on=timezone.localdate(at)).content
        raise StaleMatter(
            f"{last[0].by.title} took this case back on {moment(last[0].at)}, so it waits for no decision now.",
            _changed_since(case, seen, now),
            subject=case.subject,
        )
    raise NotAllowed(f"This case is {case.status_now.phrase}, so it waits for no such decision.", subject=case.subject)


def _changed_since(case: Case, seen: Seen, content: str) -> tuple[ChangedAnswer, ...]:
    """Return what a reading shows otherwise than the snapshot that was read; nothing where that is not of this case."""
    read = Snapshot.objects.filter(case=case, number=seen.number, digest=seen.digest).first()
    return changes_between(answers_in(read.content), answers_in(content)) if read is not None else ()
