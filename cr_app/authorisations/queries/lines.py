"""One line of a list of requests, and the page it stands on."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from cr_app.accounts.models import Officer, Unit
from cr_app.accounts.queries import units_of_force
from cr_app.accounts.roles import Role
from cr_app.accounts.warrant_numbers import normal_warrant_number
from cr_app.authorisations.models import Kind, Outcome
from cr_app.cases.models import Case, Snapshot, Victim
from cr_app.policy.findings import APPLIES
from cr_app.policy.rulebook import NoRulebook, rulebook_named

A_PAGE = 25


@dataclass(frozen=True)
class Filters:
    """What narrows a list: `mine` asked of (or decided by) this officer, past the target, of one unit; page and its size."""

    mine: bool = False
    late: bool = False
    unit: int | None = None
    page: int = 1
    size: int = A_PAGE


EVERYTHING = Filters()


@dataclass(frozen=True)
class RequestLine:
    """One case in a list. A veiled one says its references, its unit and its age, and nothing else.

    `at` is when it was asked, returned or decided, as the list goes; `due_at` only where it waits. `note` is the
    question it was returned with; `is_void` says that an answer has changed since, so that the decision counts no more.
    """

    reference: str
    crime_report_reference: str
    unit: str
    kind: Kind
    at: datetime
    due_at: datetime | None = None
    is_late: bool = False
    is_veiled: bool = True
    is_urgent: bool = False
    is_restricted: bool = False
    offender: str = ""
    offence: str = ""
    exclusions: tuple[str, ...] = ()
    asked_by: str = ""
    covering_for: str = ""
    decided_by: str = ""
    outcome: Outcome | None = None
    is_void: bool = False
    note: str = ""


@dataclass(frozen=True)
class RequestPage:
    """One page of a list, and how many lines and pages there are."""

    lines: tuple[RequestLine, ...]
    number: int
    pages: int
    total: int


NOTHING = RequestPage((), number=1, pages=1, total=0)


def place_of(filters: Filters, total: int) -> tuple[int, int]:
    """Return the page to show and how many there are: the first for what is too low, the last for what is too high."""
    pages = max((total + filters.size - 1) // filters.size, 1)
    return min(max(filters.page, 1), pages), pages


def kinds_for(officer: Officer) -> tuple[Kind, ...]:
    """Return what an officer's roles let them decide on."""
    kinds = {Role.AUTHORISING_OFFICER: Kind.AUTHORITY, Role.PROFESSIONAL_STANDARDS: Kind.SUITABILITY}
    return tuple(kind for role, kind in kinds.items() if officer.has_role(role))


def units_to_filter(officer: Officer) -> QuerySet[Unit]:
    """Return the units by which an officer's lists can be narrowed."""
    return units_of_force(officer.force_id)


def numbers_in(cases: Iterable[Case]) -> dict[int, set[str]]:
    """Return the warrant numbers of the parties to each case, in their normal form: one query, besides the offenders."""
    listed = {case.pk: case for case in cases}
    found = {pk: {case.offender.warrant_number} for pk, case in listed.items()}
    victims = Victim.objects.filter(case__in=listed, warrant_number__isnull=False)
    for case, number in victims.values_list("case_id", "warrant_number"):
        found[case].add(number)
    return {pk: {normal_warrant_number(number) for number in numbers if number} for pk, numbers in found.items()}


def exclusions_in(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the titles of the exclusions that applied when a snapshot was taken."""
    kept = json.loads(snapshot.content)
    try:
        titles = {rule.id: rule.title for rule in rulebook_named(kept["rulebook"]).rules}
    except NoRulebook:
        titles = {}
    return tuple(
        titles.get(each["rule"], each["rule"])
        for each in kept["findings"]
        if each["effect"] == "exclusion" and each["state"] == APPLIES
    )
