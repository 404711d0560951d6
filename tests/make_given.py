"""Makes bare cases that were issued, for counting: rows with offences, an offender and victims, and no life before them."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import count

from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case, CaseOffence, Offender, Rescission, Victim

_numbers = count(1)


def given(
    officer: Officer,
    at: datetime,
    offences: Sequence[str | tuple[str, bool]] = ("46/00",),
    *,
    decided_on: date | None = None,
    born_on: date | None = None,
    estimated_age: int | None = None,
    sex: str | None = None,
    ethnicity: str | None = None,
    victims: Sequence[str] = (),
    has_no_victim: bool | None = None,
    is_restricted: bool = False,
    life: Sequence[Status] = (Status.READY, Status.ISSUED),
) -> Case:
    """Issue a case at a moment; an offence is a code, or a code with whether it is of encouraging or assisting.

    Another `life` are other statuses after the draft.
    """
    now = timezone.now()
    case = Case.objects.create(
        reference=f"GVN{next(_numbers):05}",
        crime_report_reference="2312345/26",
        force_id=officer.force_id,
        unit_id=officer.unit_id,
        recorded_by=officer,
        officer=officer,
        changed_by=officer,
        created_at=now,
        changed_at=now,
        is_restricted=is_restricted,
        has_no_victim=has_no_victim,
        decided_on=decided_on or timezone.localdate(at),
    )
    told = {"born_on": born_on, "estimated_age": estimated_age, "sex": sex, "self_defined_ethnicity_id": ethnicity}
    Offender.objects.create(case=case, **told)
    for position, kind in enumerate(victims, start=1):
        Victim.objects.create(case=case, position=position, kind=kind)
    for position, each in enumerate(offences, start=1):
        code, encouraging = (each, False) if isinstance(each, str) else each
        CaseOffence.objects.create(
            case=case, position=position, offence_type_id=code, encouraging_or_assisting=encouraging
        )
    for status in life:
        issue = {"issued_at": at, "issued_by": officer} if status is Status.ISSUED else {}
        Case.objects.filter(pk=case.pk).update(status=status, **issue)
    return case


def rescinded_at(case: Case, at: datetime, by: Officer) -> None:
    """Rescind an issued case at a moment."""
    Rescission.objects.create(case=case, rank="inspector", is_substantive=True, reason="Wrong.", at=at, by=by)
    Case.objects.filter(pk=case.pk).update(status=Status.RESCINDED)
