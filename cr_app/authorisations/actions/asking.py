"""Ask for a decision: when a case is submitted, and again each time the target passes."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit import trail
from cr_app.authorisations.actions.kept import keep_rows
from cr_app.authorisations.actions.mailing import tell_of_requests
from cr_app.authorisations.models import Request
from cr_app.authorisations.queries import AskedOfficer, case_named, standing_of
from cr_app.authorisations.queries.matters import WAITS_FOR
from cr_app.cases.actions.submission import submit
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case
from cr_app.pages.refusals import Refusal

_log = logging.getLogger(__name__)
ESCALATE = trail.system_actor("escalate")


@dataclass(frozen=True)
class Tally:
    """How many officers were asked about how many cases, and in how many others it could not be worked out whom to ask."""

    officers: int = 0
    cases: int = 0
    failed: int = 0


def submit_and_ask(reference: str, *, by: Officer, seen: str) -> Status:
    """Submit a draft and, where it then waits for a decision, ask for it; returns and raises as `submit` does."""
    with transaction.atomic():
        status = submit(reference, by=by, seen=seen)
        case = case_named(reference) if status in WAITS_FOR else None
        if case is not None:
            ask(case, actor=by.as_actor(), at=timezone.now())
    return status


def ask_others(now: datetime) -> Tally:
    """Ask about every case that waits whoever is to be asked now; run again, or twice at once, it asks nobody twice.

    Each case in a transaction of its own, under its lock; a case that is locked is being decided, and is left for the
    next time. One that fails is logged by its key and the kind of failure, and keeps nobody from being asked about others.
    """
    waiting = Case.objects.filter(status__in=list(WAITS_FOR)).order_by("submitted_at", "pk")
    asked, failed = [], 0
    for pk in waiting.values_list("pk", flat=True):
        try:
            asked.append(_ask_again(pk, now))
        except (Refusal, DatabaseError) as error:
            failed += 1
            _log.error("Nobody could be asked about the case with key %s: %s", pk, type(error).__name__)
    return Tally(officers=sum(asked), cases=sum(1 for count in asked if count), failed=failed)


def ask(case: Case, *, actor: trail.Actor, at: datetime) -> int:
    """Ask whoever is to be asked about a locked case now, with one entry and a message to each; return how many were asked.

    The case keeps its version and who last changed it. Nobody is asked where somebody asked in this round can still
    decide, or where nobody is eligible: the pages then say who can help.
    """
    standing = standing_of(case, at)
    if standing is None or not standing.to_ask:
        return 0
    rows = [
        Request(
            case=case,
            snapshot=standing.snapshot,
            kind=standing.kind,
            officer=each.officer,
            covering_for=each.covering_for,
            round=each.round,
            asked_at=at,
        )
        for each in standing.to_ask
    ]
    trail.record(
        "case.decision_asked",
        actor=actor,
        subject=case.subject,
        changes=keep_rows(rows),
        details={
            "kind": standing.kind.value,
            "asked": ", ".join(_named(each) for each in standing.to_ask),
            "round": standing.round,
        },
        at=at,
    )
    before = {each.officer.pk for each in standing.asked}
    tell_of_requests(case.reference, [(each.officer.email, each.officer.pk in before) for each in standing.to_ask])
    return len(rows)


def _ask_again(pk: int, now: datetime) -> int:
    with transaction.atomic():
        found = Case.objects.select_for_update(of=("self",), skip_locked=True).select_related("offender")
        case = next(iter(found.filter(pk=pk, status__in=list(WAITS_FOR))), None)
        return ask(case, actor=ESCALATE, at=now) if case is not None else 0


def _named(asked: AskedOfficer) -> str:
    absent = f" for {asked.covering_for.title}" if asked.covering_for else ""
    return f"{asked.officer.title}{absent}"
