"""What the search of the trail reads besides the trail: the search itself, and the looks that a red flag points to."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from cr_app.accounts.models import Officer
from cr_app.oversight.models import Flag, TrailSearch


def search_of(officer: Officer, token: UUID, *, since: datetime) -> TrailSearch | None:
    """Return what this officer searched the trail for under `token` since a time; nobody else's."""
    return TrailSearch.objects.filter(token=token, officer=officer, searched_at__gte=since).first()


def flagged_looks(force_id: str, rules: Collection[str]) -> QuerySet[Flag, Any]:
    """Return, as a query, the accesses to which red flags of these rules point in a force."""
    flags = Flag.objects.filter(force_id=force_id, rule__in=list(rules), access_id__isnull=False)
    return flags.order_by().values("access_id")
