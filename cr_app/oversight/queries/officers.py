"""Officers as the supervisors' pages need them: by key, all keys of a force, and the red flags that name one."""

from collections.abc import Collection
from datetime import datetime

from cr_app.accounts.models import Officer
from cr_app.audit.searching import Scope
from cr_app.cases.models import Case
from cr_app.oversight.models import Flag


def officer_of_key(pk: int) -> Officer | None:
    """Return the officer with this key, with force and unit; None when there is none."""
    return Officer.objects.select_related("force", "unit").filter(pk=pk).first()


def force_scope(force_id: str) -> Scope:
    """Return whose doings a reviewer of a force may find: its officers', told by whichever list of officers is shorter."""
    own: set[str] = set()
    others: set[str] = set()
    for pk, force in Officer.objects.order_by().values_list("pk", "force_id"):
        (own if force == force_id else others).add(str(pk))
    if len(others) < len(own):
        return Scope(leaving_out=frozenset(others))
    return Scope(keys=frozenset(own))


def subjects_of_force(force_id: str, subjects: Collection[str]) -> frozenset[str]:
    """Return those of these officers, as the trail names them, who are of a force."""
    numbers = [subject.removeprefix("officer:") for subject in subjects]
    if not numbers:
        return frozenset()
    found = Officer.objects.filter(force_id=force_id, warrant_number__in=numbers).order_by()
    return frozenset(f"officer:{number}" for number in found.values_list("warrant_number", flat=True))


def own_cases(officer: Officer) -> frozenset[str]:
    """Return the references of the cases that an officer recorded or that were reassigned to the officer."""
    of_force = Case.objects.filter(force_id=officer.force_id).order_by().values_list("reference", flat=True)
    return frozenset(of_force.filter(officer=officer).union(of_force.filter(recorded_by=officer)))


def flags_of(officer: Officer, *, since: datetime, leaving_out: Collection[str], limit: int) -> list[Flag]:
    """Return the red flags that name an officer as the one who acted, newest first, but for those of some records."""
    found = Flag.objects.filter(force_id=officer.force_id, actor_key=str(officer.pk), at__gte=since)
    if leaving_out:
        found = found.exclude(subject__in=list(leaving_out))
    return list(found.prefetch_related("reviews").order_by("-at", "-id")[:limit])
