"""Requests for tests: cases submitted and asked about, officers on duty or away, decisions as the pages send them."""

from datetime import datetime, timedelta

from django.utils import timezone

from cr_app.accounts.models import Absence, Officer
from cr_app.authorisations import actions
from cr_app.authorisations.actions import Seen
from cr_app.authorisations.models import Kind, Request
from cr_app.authorisations.queries import kind_of
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case
from tests import make

REASONS = "A work tool, carried home, and nobody was threatened."
QUESTION = "What does the employer say of the knife?"


def asked(officer: Officer, story: make.Story | None = None, *, status: Status = Status.AWAITING_AUTHORITY) -> str:
    """Return the reference of a case that was submitted and asked about."""
    reference = make.complete(officer, story or make.knife())
    assert ask_about(reference, officer) is status
    return reference


def ask_about(reference: str, officer: Officer) -> Status:
    """Submit a draft as its review page shows it now, and ask."""
    return actions.submit_and_ask(reference, by=officer, seen=make.reviewed(reference))


def referred(officer: Officer, story: make.Story | None = None) -> str:
    """Return the reference of a case that waits for professional standards."""
    return asked(officer, story or make.police(), status=Status.REFERRED)


def seen(reference: str) -> Seen:
    """Return what the page shows now."""
    return seen_at(reference, timezone.now())


def seen_at(reference: str, shown_at: datetime) -> Seen:
    """Return what the page showed at a moment."""
    kind = kind_of(make.read(reference)) or Kind.AUTHORITY
    return Seen.of(make.frozen(reference), kind, shown_at)


def grant(reference: str, by: Officer, reasons: str = REASONS) -> Status:
    """Grant authority on the page as it is now."""
    return actions.grant(reference, by=by, reasons=reasons, seen=seen(reference))


def put_on_duty(*officers: Officer, hours: float = 8) -> None:
    """Have officers take requests for some hours."""
    for officer in officers:
        officer.on_duty_until = timezone.now() + timedelta(hours=hours)
        officer.save(update_fields=["on_duty_until"])


def send_away(officer: Officer, cover: Officer | None = None) -> None:
    """Record that an officer is away today, and who covers."""
    today = timezone.localdate()
    Absence.objects.create(
        officer=officer,
        from_on=today,
        until_on=today,
        covered_by=cover,
        recorded_by=officer,
        recorded_at=timezone.now(),
    )


def asked_of(reference: str) -> list[tuple[str, str, int]]:
    """Return who was asked about a case: warrant number, that of the absent officer or "", and the round."""
    rows = Request.objects.filter(case__reference=reference).select_related("officer", "covering_for").order_by("pk")
    return [
        (row.officer.warrant_number, row.covering_for.warrant_number if row.covering_for else "", row.round)
        for row in rows
    ]


def case_of(reference: str) -> Case:
    """Return the case as the tables hold it now."""
    return make.read(reference)


def after(hours: float) -> datetime:
    """Return a moment so many hours from now."""
    return timezone.now() + timedelta(hours=hours)
