"""Search the lists of requests: what was sought is kept apart from the address, and each search is in the trail."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit import trail
from cr_app.authorisations.queries import RequestPage
from cr_app.cases.access import record_list
from cr_app.cases.actions.searching import KEPT_FOR
from cr_app.cases.queries import search_of


def sought_by(officer: Officer, token: UUID | None) -> str:
    """Return what this officer searches for under a token; "" for nobody else's, or where it is more than a day old."""
    search = search_of(officer, token, since=timezone.now() - KEPT_FOR) if token is not None else None
    return search.sought if search is not None else ""


def record_found(officer: Officer, found: RequestPage, *, page: str, sought: str = "") -> None:
    """Record the cases that a list shows to an officer, and what was searched for in it."""
    with transaction.atomic():
        if sought:
            trail.record(
                "case.searched",
                actor=officer.as_actor(),
                details={
                    "by": "reference or name, in requests",
                    "found": found.total,
                    "terms": sought,
                    "references": [line.reference for line in found.lines],
                },
            )
        shown = {line.reference for line in found.lines if not line.is_veiled}
        record_list(officer, sorted(shown), page=page)
