"""What the search of the trail reads besides the trail: the search itself, and the looks that a red flag points to."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from cr_app.accounts.models import Officer
from cr_app.audit.searching import Among, Place
from cr_app.oversight.models import Flag, TrailSearch


def search_of(officer: Officer, token: UUID, *, since: datetime) -> TrailSearch | None:
    """Return what this officer searched the trail for under `token` since a time; nobody else's."""
    return TrailSearch.objects.filter(token=token, officer=officer, searched_at__gte=since).first()


def flagged_looks(force_id: str, rules: Collection[str]) -> Among:
    """Return what names the looks to which red flags of these rules point in a force; a flag has the time of its look."""
    flags = Flag.objects.filter(force_id=force_id, rule__in=list(rules), access_id__isnull=False)

    def named(before: Place | None, after: Place | None, limit: int) -> list[Place]:
        found = flags.order_by("at", "access_id") if after is not None else flags.order_by("-at", "-access_id")
        if after is not None:
            found = found.filter(at__gte=after.at).filter(Q(at__gt=after.at) | Q(access_id__gt=after.id))
        elif before is not None:
            found = found.filter(at__lte=before.at).filter(Q(at__lt=before.at) | Q(access_id__lt=before.id))
        return [Place(at, access) for at, access in found.values_list("at", "access_id")[:limit] if access is not None]

    return named
