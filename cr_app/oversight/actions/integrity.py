"""Ask for a check of the trail, and carry it out in a process of its own, which says how far it is and how it ended."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import Q
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Duty
from cr_app.audit import trail
from cr_app.audit.keys import NoKey, verifier_key
from cr_app.audit.verifying import CannotVerify, Report, verify
from cr_app.audit.witness import CannotWitness
from cr_app.oversight import access
from cr_app.oversight.models import CheckOutcome, IntegrityCheck
from cr_app.oversight.queries.integrity import free_checks

# Held while a check is asked for, so that two who ask at once share one.
_LOCK = 0x636865636B
SENTENCES_KEPT = 100
_PAUSE = 1.0
_VERDICTS = {
    CheckOutcome.HOLDS: "it holds",
    CheckOutcome.BROKEN: "it does not hold",
    CheckOutcome.FAILED: "the check could not be finished",
}


def ask_for_check(token: UUID, *, by: Officer, against: str = "", cases: bool = False) -> IntegrityCheck:
    """Ask for a check, and return it; one of the same kind that has not ended is joined instead of doubled.

    `against` is a signed checkpoint kept elsewhere, `cases` compares every case with its entries as well. The same
    token asks once. Raises NotAllowed for anybody without that duty.
    """
    access.require_duty(by, Duty.CHECK_INTEGRITY)
    asked = {"against": against, "cases": cases}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        same = IntegrityCheck.objects.filter(Q(token=token) | Q(ended_at__isnull=True, report__asked=asked))
        running = same.order_by("asked_at").first()
        if running is not None:
            return running
        return IntegrityCheck.objects.create(token=token, asked_by=by, asked_at=timezone.now(), report={"asked": asked})


def run_next_check() -> IntegrityCheck | None:
    """Carry out the check that waits longest, or one whose process has fallen silent; return it, None where none waits.

    How it ended stands in the check and in the trail, in one transaction.
    """
    check = _take_up()
    if check is None:
        return None
    try:
        outcome, found = _carry_out(check)
    except (CannotVerify, CannotWitness, NoKey) as error:
        outcome, found = CheckOutcome.FAILED, {"why": str(error)}
    except (Error, psycopg.Error, OSError) as error:
        why = f"The database or a file did not answer ({type(error).__name__}). Ask for the check again."
        outcome, found = CheckOutcome.FAILED, {"why": why}
    return _end(check, outcome, found)


def _take_up() -> IntegrityCheck | None:
    at = timezone.now()
    with transaction.atomic():
        check = free_checks(at).select_for_update(skip_locked=True).order_by("asked_at").first()
        if check is None:
            return None
        check.started_at, check.alive_at, check.checked, check.to_check = at, at, 0, 0
        check.save(update_fields=["started_at", "alive_at", "checked", "to_check"])
    return check


def _carry_out(check: IntegrityCheck) -> tuple[CheckOutcome, dict[str, object]]:
    asked = check.report["asked"]
    report = verify(
        witness=settings.TRAIL_WITNESS_FILE,
        verifier=verifier_key(),
        against=[asked["against"]] if asked["against"] else [],
        progress=_Progress(check),
        cases=asked["cases"],
    )
    return (CheckOutcome.HOLDS if report.holds else CheckOutcome.BROKEN), _kept(report)


class _Progress:
    """Writes how far a check is, at most once a second: that it is alive, too."""

    def __init__(self, check: IntegrityCheck) -> None:
        self._check = check
        self._written = 0.0

    def __call__(self, done: int, total: int) -> None:
        # The last one always: it tells that the rows are done.
        if time.monotonic() - self._written < _PAUSE and done < total:
            return
        self._written = time.monotonic()
        IntegrityCheck.objects.filter(pk=self._check.pk, ended_at__isnull=True).update(
            checked=done, to_check=total, alive_at=timezone.now()
        )


def _kept(report: Report) -> dict[str, object]:
    """Return what a page says of a report; its sentences name rows and never a personal value."""
    return {
        "size": report.size,
        "root": report.root.hex(),
        "epoch": report.epoch,
        "checkpoints": report.checkpoints,
        "sealed_at": _text_of(report.sealed_at),
        "witnessed": report.witnessed,
        "unsealed": report.unsealed.count,
        "rows": report.rows,
        "personal": report.personal,
        "erased": report.erased,
        "cases": report.cases,
        "problems": [problem.sentence for problem in report.problems[:SENTENCES_KEPT]],
        "problem_count": report.problem_count,
        "notices": list(report.notices),
    }


def _text_of(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at is not None else None


def _end(check: IntegrityCheck, outcome: CheckOutcome, found: Mapping[str, object]) -> IntegrityCheck:
    """Keep how a check ended, once: another process may have taken it up and been faster."""
    with transaction.atomic():
        now = IntegrityCheck.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=check.pk)
        if now.ended_at is not None:
            return now
        now.ended_at = now.alive_at = timezone.now()
        now.outcome, now.report = outcome, {**now.report, **found}
        rows = found.get("rows")
        if isinstance(rows, int):
            now.checked = now.to_check = rows
        now.save(update_fields=["ended_at", "alive_at", "outcome", "report", "checked", "to_check"])
        details: dict[str, object] = {"verdict": _VERDICTS[outcome]}
        if outcome is not CheckOutcome.FAILED:
            details |= {"size": found["size"], "problems": found["problem_count"]}
        trail.record("trail.checked", actor=now.asked_by.as_actor(), details=details)
    return now
