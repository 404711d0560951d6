"""Earlier local cases of the same person."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case, Correction

# A Community Resolution that was given and not rescinded counts as an earlier disposal.
GIVEN = (Status.ISSUED, Status.COMPLETED, Status.NOT_COMPLIED)


@dataclass(frozen=True)
class EarlierCase:
    """An earlier local case of the same person; a restricted one counts, and is shown to nobody."""

    reference: str
    crime_report_reference: str
    status: Status
    given_on: date | None
    offence_codes: tuple[str, ...]
    offence_titles: tuple[str, ...]
    is_same_report: bool
    is_restricted: bool

    @property
    def counts(self) -> bool:
        """Tell whether it counts as an earlier disposal."""
        return self.status in GIVEN


def _of_same_person(case: Case) -> QuerySet[Case, Any] | None:
    """Return the keys of cases about the same person: exact PNC ID or CRO number, or the same report, last name and birth.

    A last name that was corrected is compared as it was issued and as it was put right.
    """
    offender = case.offender
    wanted: list[QuerySet[Case, Any]] = []
    if offender.pnc_id:
        wanted.append(Case.objects.filter(offender__pnc_id=offender.pnc_id))
    if offender.cro_number:
        wanted.append(Case.objects.filter(offender__cro_number=offender.cro_number))
    if offender.last_names and offender.born_on:
        put_right = Correction.objects.filter(
            case=OuterRef("pk"), victim__isnull=True, column="last_names", new__iexact=offender.last_names
        )
        # One question, as a report has few cases: to make up a second costs more than to answer it.
        wanted.append(
            Case.objects.filter(
                Q(offender__last_names__iexact=offender.last_names) | Exists(put_right),
                force_id=case.force_id,
                crime_report_reference=case.crime_report_reference,
                offender__born_on=offender.born_on,
            )
        )
    if not wanted:
        return None
    first, *others = [found.order_by().values_list("pk") for found in wanted]
    return first.union(*others) if others else first


def earlier_cases_of(case: Case) -> tuple[EarlierCase, ...]:
    """Return other local cases of the same person, newest first, withdrawn ones left out."""
    same = _of_same_person(case)
    # The keys alone first: most people are known for the first time, and there it ends.
    keys = {pk for (pk,) in same} - {case.pk} if same is not None else set()
    if not keys:
        return ()
    principal_first = ["offences__position"]
    others = (
        Case.objects.filter(pk__in=keys, force_id=case.force_id)
        .exclude(status=Status.WITHDRAWN)
        .annotate(
            codes=ArrayAgg("offences__offence_type_id", order_by=principal_first, filter=Q(offences__isnull=False)),
            titles=ArrayAgg(
                "offences__offence_type__title", order_by=principal_first, filter=Q(offences__isnull=False)
            ),
        )
        .order_by("-created_at")[:50]
    )
    return tuple(
        EarlierCase(
            reference=other.reference,
            crime_report_reference=other.crime_report_reference,
            status=other.status_now,
            given_on=_day_given(other),
            offence_codes=tuple(other.codes or ()),
            offence_titles=tuple(
                f"{title} ({code})" for title, code in zip(other.titles or (), other.codes or (), strict=True)
            ),
            is_same_report=other.crime_report_reference == case.crime_report_reference,
            is_restricted=other.is_restricted,
        )
        for other in others
    )


def lock_person(case: Case) -> None:
    """Make whoever decides about the same person wait until this transaction ends: by PNC ID, CRO number, name and birth."""
    offender = case.offender
    keys = {
        f"{case.force_id} pnc {offender.pnc_id}" if offender.pnc_id else "",
        f"{case.force_id} cro {offender.cro_number}" if offender.cro_number else "",
        f"{case.force_id} name {offender.last_names} {offender.born_on}".casefold() if offender.born_on else "",
    }
    with connection.cursor() as cursor:
        # In one order, so that two who wait for each other's keys cannot both wait for ever.
        for key in sorted(keys - {""}):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _day_given(case: Case) -> date | None:
    return timezone.localdate(case.issued_at) if case.issued_at else None
