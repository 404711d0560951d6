"""One line of a list of requests, and the page it stands on."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from cr_app.accounts.models import Officer, Unit
from cr_app.accounts.queries import units_of_force
from cr_app.authorisations.models import Kind, Outcome

A_PAGE = 25


@dataclass(frozen=True)
class Filters:
    """What narrows a list: `mine` asked of (or decided by) this officer, past the target, somebody detained or waiting, of
    one unit, what is searched for; page and its size.

    `sought` is an exact reference of the case or its crime report, or part of the offender's name; a name finds only what
    is shown to this officer with its name.
    """

    mine: bool = False
    late: bool = False
    urgent: bool = False
    unit: int | None = None
    sought: str = ""
    page: int = 1
    size: int = A_PAGE

    @property
    def references(self) -> tuple[str, str]:
        """Return what is searched for as a case and as a crime report is named."""
        exact = self.sought.upper()
        return exact.replace(" ", "").replace("-", ""), exact

    @property
    def words(self) -> list[str]:
        """Return the words of which each is part of the name of an offender who is searched for."""
        return self.sought.split()[:6]


EVERYTHING = Filters()


@dataclass(frozen=True)
class RequestLine:
    """One case in a list. A veiled one says its references, its unit and its age, and nothing else.

    `at` is when it was asked, returned or decided, as the list goes; `due_at` only where it waits. `note` is the
    question it was returned with; `is_void` says that an answer has changed since, so that the decision no longer
    counts; `is_own` that this very officer decided.
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
    is_own: bool = False
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


def units_to_filter(officer: Officer) -> QuerySet[Unit]:
    """Return the units by which an officer's lists can be narrowed."""
    return units_of_force(officer.force_id)
