"""What others decide on the tests' cases: authority granted, refused, returned; professional standards' finding.

Each writes the row of the decision and what the case keeps of it in one transaction, with its entry, as the actions of
authority do; who may decide is not asked here. Every one returns the status that follows.
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.authorisations.models import Decision, Kind, Outcome
from cr_app.cases.actions.authority import record_authority, record_suitability, return_with_question
from cr_app.cases.actions.changes import Changes
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Snapshot
from cr_app.cases.queries import latest_snapshot, waiting_since, whole_cases

REASONS = "Exceptional: a work tool, no threat to anybody, and a first matter."
QUESTION = "Who saw the blade first?"


def granted(reference: str, by: Officer, reasons: str = REASONS) -> Status:
    """Grant authority on the case as it was submitted."""
    return _decide(reference, by, Outcome.GRANTED, reasons, "case.authority_granted", _authority(granted=True))


def refused(reference: str, by: Officer, reasons: str = REASONS) -> Status:
    """Refuse authority on the case as it was submitted."""
    return _decide(reference, by, Outcome.REFUSED, reasons, "case.authority_refused", _authority(granted=False))


def found_suitable(reference: str, by: Officer, reasons: str = REASONS) -> Status:
    """Find a referred case suitable."""
    return _decide(reference, by, Outcome.SUITABLE, reasons, "case.suitable", _suitability(suitable=True))


def found_unsuitable(reference: str, by: Officer, reasons: str = REASONS) -> Status:
    """Find a referred case unsuitable."""
    return _decide(reference, by, Outcome.UNSUITABLE, reasons, "case.unsuitable", _suitability(suitable=False))


def returned(reference: str, by: Officer, question: str = QUESTION) -> Status:
    """Return a case that waits for a decision, with a question."""

    def keep(changes: Changes, snapshot: Snapshot, decision: Decision) -> Status:
        return return_with_question(changes, question=decision.reasons)

    return _decide(reference, by, Outcome.RETURNED, question, "case.returned", keep)


Keep = Callable[[Changes, Snapshot, Decision], Status]


def _authority(*, granted: bool) -> Keep:
    def keep(changes: Changes, snapshot: Snapshot, decision: Decision) -> Status:
        return record_authority(
            changes,
            granted=granted,
            rank=decision.rank,
            is_substantive=decision.is_substantive,
            number=decision.number,
            snapshot=snapshot,
            reason=decision.reasons,
        )

    return keep


def _suitability(*, suitable: bool) -> Keep:
    def keep(changes: Changes, snapshot: Snapshot, decision: Decision) -> Status:
        return record_suitability(changes, suitable=suitable, snapshot=snapshot, reason=decision.reasons)

    return keep


def _decide(reference: str, by: Officer, outcome: Outcome, reasons: str, event: str, keep: Keep) -> Status:
    at = timezone.now()
    held = by.rank_on(timezone.localdate(at))
    with transaction.atomic():
        case = whole_cases().select_for_update(of=("self",)).get(reference=reference)
        snapshot = latest_snapshot(case)
        assert snapshot is not None
        before = case.status
        decision = Decision(
            case=case,
            snapshot=snapshot,
            digest=snapshot.digest,
            kind=Kind.SUITABILITY if case.status_now is Status.REFERRED else Kind.AUTHORITY,
            outcome=outcome,
            reasons=reasons,
            asked_by=case.officer,
            asked_at=waiting_since(case),
            recorded_by=case.recorded_by,
            decided_by=by,
            decided_at=at,
            shown_at=at,
            rank=held.rank.name,
            is_substantive=not held.is_acting,
            number=by.warrant_number,
        )
        changes = Changes(case, by=by, at=at)
        changes.create(decision)
        to = keep(changes, snapshot, decision)
        details: dict[str, Any] = {"status_from": before, "status_to": to.value, "snapshot": snapshot.digest}
        if event.startswith("case.authority"):
            details["rank"] = held.rank.name
        changes.record(event, reason=reasons, details=details)
    return to
