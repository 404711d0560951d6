"""Absences: recorded by the officer herself or an administrator of the force, and ended early."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from cr_app.accounts import access
from cr_app.accounts.actions.changing import altered, created, values_of
from cr_app.accounts.actions.describing import BadOfficer
from cr_app.accounts.models import Absence, Officer
from cr_app.accounts.queries import officer_named
from cr_app.audit.trail import record

LONGEST = timedelta(days=366)


def record_absence(pk: int, *, by: Officer, from_on: date, until_on: date, cover: str = "") -> Absence:
    """Record that the officer with this key is away, and by warrant number who takes what is asked of her meanwhile.

    Raises BadOfficer for days or a cover that will not do.
    """
    today = timezone.localdate()
    if until_on < from_on:
        raise BadOfficer("Give a last day that is not before the first.", "until_on")
    if until_on < today:
        raise BadOfficer("Give a last day that is not past: an absence that is over is not recorded.", "until_on")
    if until_on - from_on > LONGEST:
        raise BadOfficer("Give a last day within a year of the first.", "until_on")
    with transaction.atomic():
        officer = access.lock_absentee(by, pk)
        covered_by = _cover(officer, cover) if cover.strip() else None
        overlapping = officer.absences.filter(from_on__lte=until_on, until_on__gte=from_on, ended_at__isnull=True)
        if overlapping.exists():
            raise BadOfficer("An absence is recorded for some of these days already: end that one first.", "from_on")
        absence = Absence.objects.create(
            officer=officer, from_on=from_on, until_on=until_on, covered_by=covered_by,
            recorded_by=by, recorded_at=timezone.now(),
        )  # fmt: skip
        details = {"officer": officer.warrant_number}
        details |= {"cover": covered_by.warrant_number} if covered_by else {}
        change = created(absence, ("officer_id", "from_on", "until_on", "covered_by_id"))
        record(
            "officer.absence_recorded", actor=by.as_actor(), subject=officer.subject, changes=[change], details=details
        )
    return absence


def end_absence(pk: int, *, by: Officer) -> Absence:
    """End an absence from now on, or take one back that has not begun; one that has ended stays as it is."""
    with transaction.atomic():
        absence = access.absence_for(by, pk)
        officer = access.lock_absentee(by, absence.officer_id)
        absence.refresh_from_db()
        before = values_of(absence, ["ended_at"])
        absence.ended_at = absence.ended_at or timezone.now()
        if change := altered(absence, before):
            absence.save(update_fields=["ended_at"])
            record(
                "officer.absence_ended",
                actor=by.as_actor(),
                subject=officer.subject,
                changes=[change],
                details={"officer": officer.warrant_number},
            )
    return absence


def _cover(officer: Officer, number: str) -> Officer:
    found = officer_named(number)
    if found is None or found.force_id != officer.force_id or not found.is_active:
        raise BadOfficer("Check the warrant number: no active officer of this force has it.", "cover")
    if found.pk == officer.pk:
        raise BadOfficer("Name another officer: nobody covers for themselves.", "cover")
    decides = officer.deciding_roles()
    if decides and not decides & found.deciding_roles():
        raise BadOfficer(f"Name another officer: {found.title} has no role to decide requests.", "cover")
    return found
