"""Search for a case: what was sought is kept apart from the address, and each search is in the trail."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Right
from cr_app.audit import trail
from cr_app.cases import access, queries
from cr_app.cases.models import Search
from cr_app.cases.queries import Line
from cr_app.pages.refusals import AccessDenied, NotAllowed

KEPT_FOR = timedelta(days=1)
MOST_FOUND = 50


@dataclass(frozen=True)
class Found:
    """What a search found: cases to open, and references of restricted records of which no more may be shown."""

    sought: str
    lines: tuple[Line, ...]
    restricted: tuple[str, ...]
    is_cut: bool


def keep_search(officer: Officer, sought: str) -> UUID:
    """Keep what an officer searches for and return the token that stands for it; searches older than a day go.

    Raises NotAllowed for an officer whose roles show no case.
    """
    if not access.may_search(officer):
        raise NotAllowed(
            "Your role shows no cases, so there is nothing to search. Ask your administrator if that is wrong."
        )
    at = timezone.now()
    with transaction.atomic():
        Search.objects.filter(searched_at__lt=at - KEPT_FOR).delete()
        search = Search.objects.create(officer=officer, sought=sought, searched_at=at)
    return search.token


def find(officer: Officer, token: UUID) -> Found:
    """Return what the officer's search finds, and record search and list. Raises AccessDenied for anybody else's token."""
    search = queries.search_of(officer, token, since=timezone.now() - KEPT_FOR)
    if search is None:
        raise AccessDenied("No such search, or more than a day old.")
    cases = queries.cases_found(officer, search.sought, limit=MOST_FOUND + 1)
    seen = access.sights_of(officer, cases)
    shown = [case for case in cases if seen[case.pk].may(Right.SEE)][:MOST_FOUND]
    asked = {case.reference for case in shown if seen[case.pk].needs_reason}
    lines = tuple(queries.veiled(line) if line.reference in asked else line for line in queries.lines_of(shown))
    restricted = tuple(case.reference for case in cases if seen[case.pk].knows_of_it)
    with transaction.atomic():
        trail.record(
            "case.searched",
            actor=officer.as_actor(),
            details={
                "by": "reference or name",
                "found": len(lines),
                "terms": search.sought,
                "references": [*(line.reference for line in lines), *restricted],
            },
        )
        access.record_list(officer, [line.reference for line in lines if not line.is_veiled], page="search")
    return Found(
        sought=search.sought,
        lines=lines,
        restricted=restricted,
        is_cut=len(cases) > MOST_FOUND,
    )
