"""Search the trail: what was sought is kept apart from the address, and search and list are in the trail themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Duty
from cr_app.audit import searching, trail
from cr_app.audit.events import OF_THE_SYSTEM
from cr_app.audit.queries import LookLine, TimelineLine
from cr_app.audit.searching import ANYBODY, Criteria, FoundEntry, FoundLook, FoundPage, Place, Scope
from cr_app.cases.presenting.from_to import LABELS
from cr_app.oversight.access import Closed, Standing, closed_to, require_duty, standing_of
from cr_app.oversight.models import Rule, TrailSearch
from cr_app.oversight.queries.officers import force_scope, officer_of_key
from cr_app.oversight.queries.searching import flagged_looks, search_of
from cr_app.pages.moments import LONDON
from cr_app.pages.refusals import AccessDenied

KEPT_FOR = timedelta(days=1)
ON_A_PAGE = 50
# A look at a list names so many of its records, and how many others.
MOST_NAMED = 5
THINGS, LOOKS = "things", "looks"

_KINDS = {THINGS: "things done or refused", LOOKS: "looks at records"}
_BY = {
    "reference": "case",
    "officer": "officer",
    "event": "event",
    "since": "dates",
    "until": "dates",
    "outcome": "outcome",
    "out_of_hours": "hours",
    "own_record": "own records looked up",
    "unusual_volume": "unusual volume",
}


@dataclass(frozen=True)
class Sought:
    """What a reviewer searches for; dates are London's and both included."""

    what: str
    reference: str = ""
    officer: int | None = None
    event: str = ""
    since: date | None = None
    until: date | None = None
    outcome: str = ""
    out_of_hours: bool = False
    own_record: bool = False
    unusual_volume: bool = False

    @property
    def tells_what(self) -> bool:
        """Tell whether being found says more of a happening than its time and its record."""
        return bool(self.officer or self.event or self.outcome or self.own_record or self.unusual_volume)

    def kept(self) -> dict[str, Any]:
        """Return what is kept of it: what was chosen, dates as text."""
        chosen = {name: value for name, value in vars(self).items() if value}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in chosen.items()}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Sought":
        """Return what was kept."""
        days = {name: date.fromisoformat(kept[name]) for name in ("since", "until") if name in kept}
        return cls(**{**kept, **days})


@dataclass(frozen=True)
class Results:
    """A page of what a search finds, how each record stands to the reviewer, and whose pages she may open.

    `officer` is the one searched for. `leaves_out`: records closed to her are left out, since being found would tell
    what happened to them. `leaves_lists`: so are lists that showed the one searched for, which is closed to her.
    """

    sought: Sought
    entries: tuple[FoundEntry, ...]
    looks: tuple[FoundLook, ...]
    newer: Place | None
    older: Place | None
    standings: Mapping[str, Standing]
    colleagues: Scope
    leaves_out: bool
    leaves_lists: bool = False
    officer: Officer | None = None


def keep_search(officer: Officer, sought: Sought) -> UUID:
    """Keep what a reviewer searches for, record it, and return the token that stands for it; old searches go.

    Raises NotAllowed for an officer who may not see the trail.
    """
    require_duty(officer, Duty.SEE_TRAIL)
    at = timezone.now()
    kept = sought.kept()
    with transaction.atomic():
        TrailSearch.objects.filter(searched_at__lt=at - KEPT_FOR).delete()
        search = TrailSearch.objects.create(officer=officer, criteria=kept, searched_at=at)
        trail.record(
            "trail.searched",
            actor=officer.as_actor(),
            details={
                "kind": _KINDS[sought.what],
                "by": ", ".join(dict.fromkeys(_BY[name] for name in kept if name in _BY)),
                "terms": ", ".join(f"{name} {value}" for name, value in kept.items() if name != "what"),
            },
        )
    return search.token


def find(officer: Officer, token: UUID, *, before: Place | None = None, after: Place | None = None) -> Results:
    """Return a page of what the search finds, and record which records it shows.

    Raises AccessDenied for a token of anybody else's, or more than a day old.
    """
    require_duty(officer, Duty.SEE_TRAIL)
    sought = search_again(officer, token)
    if sought is None:
        raise AccessDenied("No such search, or more than a day old.")
    about = officer_of_key(sought.officer) if sought.officer else None
    closed = closed_to(officer)
    colleagues = force_scope(officer.force_id)
    scope = _scope(officer, sought, colleagues)
    page = _page(_criteria(officer, sought, closed), scope, sought.what, before, after)
    return shown(officer, sought, page, colleagues=colleagues, closed=closed, page="trail_found", about=about)


def _scope(officer: Officer, sought: Sought, colleagues: Scope) -> Scope:
    """Return whose doings are searched: to one case everything counts, whoever did it; otherwise what the own force's officers did.

    Of what the system alone does, such as an import, what it did to the own force's records.
    """
    if sought.reference:
        return ANYBODY
    if sought.event in OF_THE_SYSTEM:
        return Scope(officers_only=False, force=officer.force_id)
    return colleagues


def search_again(officer: Officer, token: UUID) -> Sought | None:
    """Return what this officer searched for under a token; None for anybody else's, or where it is more than a day old."""
    search = search_of(officer, token, since=timezone.now() - KEPT_FOR)
    return Sought.of(search.criteria) if search is not None else None


def standing_to_search(officer: Officer, reference: str) -> Standing:
    """Return how the case of this reference stands to the officer; it is searched for where it is open or withheld."""
    subject = f"case:{reference}"
    return standing_of(officer, [subject])[subject]


def shown(
    officer: Officer,
    sought: Sought,
    found: FoundPage[FoundEntry] | FoundPage[FoundLook],
    *,
    colleagues: Scope,
    closed: Closed,
    page: str,
    about: Officer | None,
) -> Results:
    """Return a page as it may be shown to the officer, and record the records that it names, and whom it is `about`."""
    entries = tuple(line for line in found.lines if isinstance(line, FoundEntry))
    looks = tuple(
        replace(line, subjects=_named(line, closed, sought)) for line in found.lines if isinstance(line, FoundLook)
    )
    subjects = {entry.subject for entry in entries} | {subject for look in looks for subject in look.subjects}
    named = [about.subject] if about is not None else []
    named += [entry.subject for entry in entries] + [
        subject for look in looks for subject in look.subjects[:MOST_NAMED]
    ]
    lines: list[TimelineLine | LookLine] = [*(entry.line for entry in entries), *(look.line for look in looks)]
    actors = [f"officer:{line.warrant_number}" for line in lines if line.warrant_number]
    record_shown(officer, named if any(named) else actors, page=page)
    return Results(
        sought=sought,
        entries=entries,
        looks=looks,
        newer=found.newer,
        older=found.older,
        standings=standing_of(officer, subjects),
        colleagues=colleagues,
        leaves_out=sought.tells_what,
        leaves_lists=sought.what == LOOKS and not sought.tells_what and _subject(sought) in closed.withheld,
        officer=about,
    )


def record_shown(officer: Officer, subjects: Iterable[str], *, page: str) -> None:
    """Record that a page of the supervisors showed these records and officers; nothing where it showed none."""
    named = list(dict.fromkeys(subject for subject in subjects if subject))
    if not named:
        return
    with transaction.atomic():
        trail.look(actor=officer.as_actor(), subjects=named, page=page, kind="consultation", implied=True)


def _subject(sought: Sought) -> str:
    return f"case:{sought.reference}" if sought.reference else ""


def _named(look: FoundLook, closed: Closed, sought: Sought) -> tuple[str, ...]:
    """Return the records of a look that may be named, the one searched for first.

    A list that showed a closed record among others is told without it, or one could tell from the list who saw it; where
    it showed none but restricted ones, these alone are named, and nobody with them.
    """
    told = [subject for subject in look.subjects if subject not in closed.all]
    told = told or [subject for subject in look.subjects if subject not in closed.gone]
    return tuple(sorted(told, key=lambda subject: subject != _subject(sought)))


def _page(
    criteria: Criteria, scope: Scope, what: str, before: Place | None, after: Place | None
) -> FoundPage[FoundEntry] | FoundPage[FoundLook]:
    if criteria.subject and criteria.subject in criteria.leaving_out:
        # Lists that showed it among others would be found, and tell who looked.
        return FoundPage((), None, None)
    if what == LOOKS:
        return searching.find_accesses(criteria, scope=scope, before=before, after=after, limit=ON_A_PAGE)
    return searching.find_entries(criteria, scope=scope, before=before, after=after, limit=ON_A_PAGE, labels=LABELS)


def _criteria(officer: Officer, sought: Sought, closed: Closed) -> Criteria:
    rules = [
        rule
        for rule, is_wanted in (
            (Rule.OWN_RECORD, sought.own_record),
            (Rule.UNUSUAL_VOLUME, sought.unusual_volume),
        )
        if is_wanted
    ]
    subject = _subject(sought)
    return Criteria(
        subject=subject,
        actor_key=str(sought.officer) if sought.officer else "",
        event=sought.event,
        since=begin_of(sought.since) if sought.since else None,
        until=begin_of(sought.until + timedelta(days=1)) if sought.until else None,
        outcome=sought.outcome,
        out_of_hours=sought.out_of_hours,
        among=flagged_looks(officer.force_id, rules) if rules else None,
        leaving_out=closed.all if sought.tells_what else closed.gone,
        # Found by its dates as well, a list would tell who looked at the record searched for.
        alone=subject in closed.withheld,
    )


def begin_of(day: date) -> datetime:
    """Return the moment at which a day begins in London."""
    return datetime.combine(day, time(0), tzinfo=LONDON)
