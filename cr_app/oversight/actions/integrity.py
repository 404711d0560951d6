"""Ask for a check of the trail, and carry it out in a process of its own, which says how far it is and how it ended."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import Error, connection, transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Duty
from cr_app.audit import trail
from cr_app.audit.keys import NoKey, verifier_key
from cr_app.audit.verifying import CannotVerify, Problem, Report, verify
from cr_app.audit.verifying.reports import named
from cr_app.audit.witness import CannotWitness
from cr_app.oversight import access
from cr_app.oversight.access import Standing
from cr_app.oversight.actions.searching import record_shown
from cr_app.oversight.models import CheckOutcome, IntegrityCheck
from cr_app.oversight.queries.integrity import free_checks
from cr_app.oversight.queries.officers import subjects_of_force

# Held while a check is asked for, so that two who ask at once share one.
_LOCK = 0x636865636B
SENTENCES_KEPT = 100
_PAUSE = 1.0
_OFFICER = "officer:"
_VERDICTS = {
    CheckOutcome.HOLDS: "it holds",
    CheckOutcome.BROKEN: "it does not hold",
    CheckOutcome.FAILED: "the check could not be finished",
}


def ask_for_check(token: UUID, *, by: Officer, against: str = "", cases: bool = False) -> IntegrityCheck:
    """Ask for a check, and return it; one of the same kind that has not ended is joined instead of doubled.

    `against` is a signed checkpoint kept elsewhere, `cases` compares every case with its entries as well. The same
    token asks once; who asked is in the trail from then on, however the check ends. Raises NotAllowed for anybody
    without that duty.
    """
    access.require_duty(by, Duty.CHECK_INTEGRITY)
    asked = {"against": against, "cases": cases}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        before = IntegrityCheck.objects.filter(token=token).first()
        if before is not None:
            return before
        running = IntegrityCheck.objects.filter(ended_at__isnull=True, report__asked=asked).order_by("asked_at").first()
        details = {"what": "the trail and every case" if cases else "the trail"}
        if running is not None:
            details["joined"] = "joining a check that runs"
        trail.record("trail.check_asked", actor=by.as_actor(), details=details)
        return running or IntegrityCheck.objects.create(
            token=token, asked_by=by, asked_at=timezone.now(), report={"asked": asked}
        )


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
    """Return what pages say of a report.

    Each sentence comes with the record and the row that it is about, "" for none: not every reviewer may know of every
    record, and is told the row alone.
    """
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
        "findings": [
            [problem.subject, problem.sentence, _row_of(problem)] for problem in report.problems[:SENTENCES_KEPT]
        ],
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


def _row_of(problem: Problem) -> str:
    return named(problem.table, problem.row_id, problem.index) if problem.table and problem.row_id is not None else ""


@dataclass(frozen=True)
class Finding:
    """One thing that a check found, about a record or "" for none; the sentence is "" where the record is not open."""

    subject: str
    sentence: str
    row: str
    standing: Standing


def findings_of(check: IntegrityCheck, reader: Officer) -> tuple[Finding, ...]:
    """Return what a check found as this reviewer may read it, and record the look at the records that it names."""
    found: Sequence[tuple[str, str, str]] = check.report.get("findings", ())
    standings = access.standing_of(reader, (subject for subject, _, _ in found))
    officers = {subject for subject, _, _ in found if subject.startswith(_OFFICER)}
    own_force = subjects_of_force(reader.force_id, officers)

    def standing(subject: str) -> Standing:
        if subject in officers:
            return Standing.OPEN if subject in own_force else Standing.UNKNOWN
        return standings.get(subject, Standing.OPEN)

    read = [(subject, sentence, row, standing(subject)) for subject, sentence, row in found]
    told = [Finding(*each) for each in read if each[-1] is Standing.OPEN]
    closed = [Finding("", "", row, stands) for _, _, row, stands in read if stands is not Standing.OPEN]
    looked_at = [each.subject for each in told if each.subject.startswith(("case:", _OFFICER))]
    record_shown(reader, looked_at, page="integrity_check")
    return (*told, *closed)
