"""Record attempts to reach a victim or the offender, and what they were told: so that it can be shown later."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Right
from cr_app.cases import access
from cr_app.cases.actions.changes import Changes
from cr_app.cases.actions.once import first_time
from cr_app.cases.models import Case, Contact
from cr_app.cases.queries import Record, corrections_of, rescission_of
from cr_app.cases.queries.telling import CORRECTION, DECISION, NOTHING, RESCISSION, to_the_minute
from cr_app.pages.moments import moment
from cr_app.pages.refusals import NotAllowed

# What came of it where somebody can have been told something: spoken to, or sent it.
TELLS = frozenset({"reached", "sent"})
# How something can be sent, and how nobody answers or takes a message.
SENDS = frozenset({"letter", "email", "text", "other"})
_SPEAKS = frozenset({"phone", "in_person", "other"})
_OF_SPEAKING = frozenset({"no_answer", "left_message"})
_TOLD_OF = {
    DECISION: "the Community Resolution was issued",
    CORRECTION: "the name was corrected",
    RESCISSION: "it was rescinded",
}


@dataclass(frozen=True)
class Attempt:
    """One attempt: to reach which victim, or the offender where `victim` is None; when, how, what came of it, what was told."""

    victim: int | None
    happened_at: datetime
    how: str
    result: str
    told: str
    note: str = ""


@dataclass(frozen=True)
class Fault:
    """What is wrong with an attempt as it was written down: in which answer, and the sentence that says so."""

    field: str
    sentence: str


def require_followed(case: Case) -> None:
    """Raise NotAllowed for a case that was never issued: nobody is told anything of it, and nothing of it is corrected."""
    if case.issued_at is None:
        raise NotAllowed(
            f"This case is {case.status_now.phrase}: this is done once the Community Resolution is issued.",
            subject=case.subject,
        )


def told_since(case: Case) -> Mapping[str, datetime]:
    """Return of what somebody may have been told, and from when on: of a correction or a rescission once there is one."""
    since = {DECISION: case.issued_at} if case.issued_at else {}
    corrections = corrections_of(case)
    if corrections:
        since[CORRECTION] = corrections[0].at
    rescission = rescission_of(case)
    if rescission is not None:
        since[RESCISSION] = rescission.at
    return since


def fault_in(attempt: Attempt, since: Mapping[str, datetime], *, at: datetime) -> Fault | None:
    """Return what cannot be so of an attempt; None where it can.

    Times are told by the minute: what happened in the minute of the issue may have happened after it.
    """
    if attempt.happened_at > at:
        return Fault("happened_at", "Check when this was: that time has not come yet")
    if attempt.result == "sent" and attempt.how not in SENDS:
        return Fault("result", "Nothing is sent by speaking to somebody: select what came of it, or how it was")
    if attempt.result in _OF_SPEAKING and attempt.how not in _SPEAKS:
        return Fault("result", "A letter, an e-mail or a text has no answer at once: select that it was sent")
    if attempt.told == NOTHING:
        return None
    if attempt.result not in TELLS:
        return Fault("told", "Nobody was reached and nothing was sent, so select that they were told nothing")
    if attempt.told not in since:
        return Fault("told", "Select what they were told")
    started = since[attempt.told]
    if attempt.happened_at < to_the_minute(started):
        return Fault(
            "happened_at",
            f"Nobody can have been told before {_TOLD_OF[attempt.told]}, {moment(started)}. Check when this was",
        )
    return None


def record_contact(reference: str, *, by: Officer, attempt: Attempt, token: UUID) -> None:
    """Record one attempt; sent twice, once.

    Raises NotAllowed where the case was not issued or what was written down cannot be so, and Stale where the token was
    used for something else.
    """
    at = timezone.now()
    with transaction.atomic():
        case = access.lock_case(by, reference, Right.FOLLOW_UP)
        require_followed(case)
        if first_time(token, by=by, answers=asdict(attempt), at=at, about=f"{reference} contact") is not None:
            return
        whom = _whom(case, attempt.victim)
        fault = fault_in(attempt, told_since(case), at=at)
        if fault is not None:
            raise NotAllowed(f"{fault.sentence}.", subject=case.subject)
        changes = Changes(case, by=by, at=at)
        changes.create(
            Contact(
                case=case,
                victim_id=attempt.victim,
                happened_at=attempt.happened_at,
                how=attempt.how,
                result=attempt.result,
                told=attempt.told,
                note=attempt.note,
                at=at,
                by=by,
            )
        )
        changes.record(
            "case.contact_recorded",
            details={
                "whom": whom,
                "result": RESULTS[attempt.result],
                "told": "" if attempt.told == NOTHING else attempt.told,
            },
        )


# As the trail and the pages say what came of it.
RESULTS = {
    "reached": "reached",
    "sent": "sent",
    "left_message": "message left",
    "no_answer": "no answer",
    "wrong": "wrong number or address",
}


def _whom(case: Case, victim: int | None) -> str:
    """Return whom an attempt was to reach, as the trail says it. Raises NotAllowed for a victim of no such case."""
    if victim is None:
        return "offender"
    keys = [each.pk for each in Record(case).victims]
    if victim not in keys:
        raise NotAllowed("This case has no such victim. Choose one from the list.", subject=case.subject)
    return "victim" if len(keys) == 1 else f"victim {keys.index(victim) + 1}"
