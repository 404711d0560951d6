"""Officers as the supervisors' pages need them: by key, all keys of a force, and the red flags that name one."""

from datetime import datetime

from cr_app.accounts.models import Officer
from cr_app.oversight.models import Flag


def officer_of_key(pk: int) -> Officer | None:
    """Return the officer with this key, with force and unit; None when there is none."""
    return Officer.objects.select_related("force", "unit").filter(pk=pk).first()


def keys_of_force(force_id: str) -> frozenset[str] | None:
    """Return the keys, as the trail has them, of the officers of a force; None where there are no others."""
    keys: set[str] = set()
    others = False
    for pk, force in Officer.objects.order_by().values_list("pk", "force_id"):
        if force == force_id:
            keys.add(str(pk))
        else:
            others = True
    return frozenset(keys) if others else None


def flags_of(officer: Officer, *, since: datetime, limit: int) -> list[Flag]:
    """Return the red flags that name an officer as the one who acted, newest first."""
    found = Flag.objects.filter(force_id=officer.force_id, actor_key=str(officer.pk), at__gte=since)
    return list(found.prefetch_related("reviews").order_by("-at", "-id")[:limit])
