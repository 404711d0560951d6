"""Makes bare cases: rows in a status, with no life before it."""

from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case, Offender


def a_case_that_is(status: Status, officer: Officer) -> str:
    """Return the reference of a bare case in a status, with no life before it."""
    now = timezone.now()
    about = {"force_id": officer.force_id, "unit_id": officer.unit_id, "recorded_by": officer, "officer": officer}
    about |= {"created_at": now, "changed_at": now, "changed_by": officer, "decided_on": timezone.localdate()}
    case = Case.objects.create(reference=status[:8].upper(), issued_at=now, issued_by=officer, **about)
    # Whoever is a party follows nothing up, so that the door asks who the people are.
    Offender.objects.create(case=case)
    for each in (*_BEFORE.get(status, ()), status):
        Case.objects.filter(pk=case.pk).exclude(status=each).update(status=each)
    return case.reference


# What a draft must be before it can be this, as the database holds it to.
_BEFORE = {
    Status.REFUSED: (Status.AWAITING_AUTHORITY,),
    Status.ISSUED: (Status.READY,),
    **dict.fromkeys((Status.COMPLETED, Status.NOT_COMPLIED, Status.RESCINDED), (Status.READY, Status.ISSUED)),
}
