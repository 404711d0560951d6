"""Record what came of an agreed action after issue; the case is completed, or not complied with, by what is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Right
from cr_app.cases import access
from cr_app.cases.actions.changes import Changes
from cr_app.cases.actions.submission import move
from cr_app.cases.lifecycle import FOLLOWED, Move, Status
from cr_app.cases.models import ActionProgress, Case
from cr_app.cases.queries import ActionStanding, Record, Standing, standing_of, standings_of
from cr_app.pages.moments import written
from cr_app.pages.refusals import AccessDenied, NotAllowed, Stale

COMPLETED, PARTLY, NOT_COMPLIED, DATE_CHANGED, REOPENED = (
    *(ActionProgress.COMPLETED, ActionProgress.PARTLY, ActionProgress.NOT_COMPLIED),
    *(ActionProgress.DATE_CHANGED, ActionProgress.REOPENED),
)
# What can be recorded of an action that stands so; what was recorded in error is opened again first.
OFFERED: Mapping[Standing, tuple[str, ...]] = {
    Standing.OPEN: (COMPLETED, PARTLY, NOT_COMPLIED, DATE_CHANGED),
    Standing.NOT_COMPLIED: (COMPLETED, PARTLY, REOPENED),
    Standing.COMPLETED: (REOPENED,),
}
# What must be said with each outcome.
WANTED: Mapping[str, tuple[str, ...]] = {
    COMPLETED: ("happened_on", "said_by"),
    PARTLY: ("happened_on", "left", "due_on", "said_by"),
    NOT_COMPLIED: ("happened_on", "reason", "said_by"),
    DATE_CHANGED: ("due_on", "reason"),
    REOPENED: ("reason",),
}
_WITH_EVIDENCE = frozenset({COMPLETED, PARTLY, NOT_COMPLIED})
# The outcome as the trail's sentence says it: "recorded agreed action 2 as partly done".
_SAID = {
    COMPLETED: "completed",
    PARTLY: "partly done",
    NOT_COMPLIED: "not complied with",
    DATE_CHANGED: "due on another day",
    REOPENED: "open again",
}
_STALE = (
    "Something else has been recorded of this action since you opened this page. Read it, then record what still holds."
)
_NOT_OFFERED = {
    Standing.OPEN: "This action is open: there is nothing to open again.",
    Standing.NOT_COMPLIED: "This action is recorded as not complied with. Record it as done, or open it again first.",
    Standing.COMPLETED: "This action is recorded as completed. Open it again first, if that is wrong.",
}


@dataclass(frozen=True)
class Came:
    """What came of an action, as somebody says it; `due_on` is the new date, where there is one."""

    outcome: str
    happened_on: date | None = None
    due_on: date | None = None
    left: str = ""
    evidence: str = ""
    said_by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Followed:
    """One action of an issued case: its number among them, and how it and the others stand."""

    number: int
    standing: ActionStanding
    others: tuple[ActionStanding, ...]

    @property
    def is_last_open(self) -> bool:
        """Tell whether every other action is completed, so that completing this one completes the case."""
        return all(other.standing is Standing.COMPLETED for other in self.others)


class WrongAnswer(NotAllowed):
    """One answer does not fit the action as it stands; `field` is the one, and the sentence says what to do."""

    def __init__(self, sentence: str, *, field: str, subject: str) -> None:
        super().__init__(sentence, subject=subject)
        self.field = field


def followed(case: Case, pk: int) -> Followed:
    """Return the action of this key of this very case; raises AccessDenied where it has none such."""
    standings = standings_of(Record(case).actions)
    for number, standing in enumerate(standings, start=1):
        if standing.action.pk == pk:
            return Followed(number, standing, tuple(other for other in standings if other is not standing))
    raise AccessDenied("No such agreed action.", subject=case.subject)


def issued_on(case: Case) -> date:
    """Return the day on which a case was issued; nothing happened to its actions before."""
    if case.issued_at is None:
        raise NotAllowed("This case was not issued, so there is nothing to follow up.", subject=case.subject)
    return timezone.localdate(case.issued_at)


def require_followed(case: Case) -> None:
    """Raise NotAllowed where a case was not issued, or is over."""
    issued_on(case)
    if case.status_now not in FOLLOWED:
        raise NotAllowed(
            f"This case is {case.status_now.phrase}, so nothing more is recorded of its agreed actions.",
            subject=case.subject,
        )


def record_progress(reference: str, pk: int, *, by: Officer, came: Came, seen: int) -> Status:
    """Record what came of an action and return how the case stands then; the same form sent again does nothing more.

    The case is completed once every action is, late where it had not been complied with; it is not complied with as soon
    as one is recorded so. `seen` is how many records of the action the page showed. Raises Stale where there is another
    since, WrongAnswer and NotAllowed where it may not be recorded, AccessDenied for an action of another case.
    """
    at = timezone.now()
    with transaction.atomic():
        case = access.lock_case(by, reference, Right.FOLLOW_UP)
        found = followed(case, pk)
        came = _needed(came)
        if _was_recorded(found.standing, came, by=by, seen=seen):
            return case.status_now
        require_followed(case)
        if seen != len(found.standing.progress):
            raise Stale(_STALE, subject=case.subject)
        _check(case, found.standing, came, on=timezone.localdate(at))
        changes = Changes(case, by=by, at=at)
        row = _row(case, found.standing, came, by=by, at=at)
        changes.create(row)
        event = _move(changes, found, row)
        details: dict[str, object] = {"number": found.number, "outcome": _SAID[came.outcome]}
        if event == "case.progress_recorded":
            details["due_on"] = row.due_on.isoformat()
        changes.record(event, reason=came.reason, details=details)
    return case.status_now


def asked_with(outcome: str) -> tuple[str, ...]:
    """Return what is asked with an outcome: what must be said, and what may be."""
    return (*WANTED.get(outcome, ()), *(("evidence",) if outcome in _WITH_EVIDENCE else ()))


def _needed(came: Came) -> Came:
    """Return it without what its outcome does not ask."""
    return replace(Came(came.outcome), **{name: getattr(came, name) for name in asked_with(came.outcome)})


def _row(case: Case, before: ActionStanding, came: Came, *, by: Officer, at: datetime) -> ActionProgress:
    return ActionProgress(
        case=case,
        action=before.action,
        number=len(before.progress) + 1,
        outcome=came.outcome,
        happened_on=came.happened_on,
        due_on=came.due_on or before.due_on,
        left=came.left,
        evidence=came.evidence,
        said_by=came.said_by,
        reason=came.reason,
        at=at,
        by=by,
    )


_SENT = ("number", "outcome", "happened_on", "due_on", "left", "evidence", "said_by", "reason", "by_id")


def _was_recorded(now: ActionStanding, came: Came, *, by: Officer, seen: int) -> bool:
    """Tell whether the next record after those seen is this very one, by the same officer: a second click."""
    if not 0 <= seen < len(now.progress):
        return False
    kept = now.progress[seen]
    sent = _row(kept.case, standing_of(now.action, now.progress[:seen]), came, by=by, at=kept.at)
    return all(getattr(kept, name) == getattr(sent, name) for name in _SENT)


def _check(case: Case, now: ActionStanding, came: Came, *, on: date) -> None:
    """Raise WrongAnswer for the first answer that does not fit."""

    def refuse(field: str, sentence: str) -> None:
        raise WrongAnswer(sentence, field=field, subject=case.subject)

    if came.outcome not in OFFERED[now.standing]:
        refuse("outcome", _NOT_OFFERED[now.standing])
    for name in WANTED[came.outcome]:
        if not getattr(came, name):
            refuse(name, "This must be said. Enter it.")
    first = issued_on(case)
    if came.happened_on is not None and not first <= came.happened_on <= on:
        refuse("happened_on", f"Enter a day from {written(first)}, when it was issued, to today.")
    if came.due_on is not None and came.due_on < on:
        refuse("due_on", "Enter today or a day to come.")
    if came.outcome == DATE_CHANGED and came.due_on == now.due_on:
        refuse("due_on", f"It is due on {written(now.due_on)} already. Enter another day.")


def _move(changes: Changes, found: Followed, row: ActionProgress) -> str:
    """Move the case where this record decides it; return the event that tells of it."""
    status = changes.case.status_now
    if row.outcome == COMPLETED and found.is_last_open:
        if status is Status.ISSUED:
            move(changes, Move.COMPLETE, Status.COMPLETED)
            event = "case.completed"
        else:
            move(changes, Move.COMPLY_LATE, Status.COMPLETED)
            event = "case.complied_late"
    elif row.outcome == NOT_COMPLIED and status is Status.ISSUED:
        move(changes, Move.RECORD_NOT_COMPLIED, Status.NOT_COMPLIED, reason=row.reason)
        event = "case.not_complied"
    else:
        return "case.progress_recorded"
    changes.tell("status_from", status.value)
    changes.tell("status_to", changes.case.status)
    return event
