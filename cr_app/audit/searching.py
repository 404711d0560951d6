"""Searching the trail: what happened and who looked, by what a reviewer asks, newest first and paged by key.

Lines hold no personal value: what stands apart in the tables of personal values is not read here at all. A page costs one
query, and as much at the end of the trail as at its beginning: the key of a line, not a number of lines, says where a
page begins.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeAlias, TypeVar

from django.db.models import Count, F, Func, Q, QuerySet
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import ExtractHour

from cr_app.audit.canonical import is_digest
from cr_app.audit.events import CHANGES, actor_in_words, describe, label_of
from cr_app.audit.models import Access, ActorKind, Entry, Outcome
from cr_app.audit.queries import FromTo, LookLine, TimelineLine
from cr_app.pages.moments import LONDON

NIGHT_BEGINS, NIGHT_ENDS = 22, 6
REFUSED, DONE = Outcome.REFUSED.value, Outcome.DONE.value

Line = TypeVar("Line")
Row = TypeVar("Row", Entry, Access)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLACE = re.compile(r"([0-9a-f]{1,14})-([0-9a-f]{1,15})")
# Details that name a record besides the one that it happened to, which may be closed to whoever reads the line.
_ANOTHER = {"copied_from": "another"}
# So many of those that stand out are looked up at once.
_AT_ONCE = 200
_SHARED = ("id", "at", "actor_kind", "actor_key", "warrant_number", "rank", "actor_name", "outcome")


@dataclass(frozen=True)
class Place:
    """Where a line stands in the order of time, and then of ids; its text tells nobody anything."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1):x}-{self.id:x}"

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        """Return the place that a text names; None for anything made up."""
        found = _PLACE.fullmatch(text)
        if found is None:
            return None
        return cls(_EPOCH + timedelta(microseconds=int(found[1], 16)), int(found[2], 16))


# Names the looks that stand out, so many of those before or after a place, from there on: places in the order of time.
Among: TypeAlias = Callable[[Place | None, Place | None, int], Sequence[Place]]


@dataclass(frozen=True)
class Criteria:
    """What is searched for; what is left empty narrows nothing.

    `since` is included, `until` is not. `among` narrows looks to those that it names; `leaving_out` names
    subjects of which nothing may be found; `alone`: no look is found that was at others besides the subject.
    """

    subject: str = ""
    actor_key: str = ""
    event: str = ""
    since: datetime | None = None
    until: datetime | None = None
    outcome: str = ""
    out_of_hours: bool = False
    among: Among | None = None
    leaving_out: Collection[str] = ()
    alone: bool = False


@dataclass(frozen=True)
class Scope:
    """Whose doings may be found: of officers alone, those with these keys, or all but those with others; or anybody's.

    A long list costs more to plan with than to look up in, so the shorter of the two is the one to give. `force` is of what the
    system alone does, and finds what it did to this force's records, as the entry names them.
    """

    keys: Collection[str] | None = None
    leaving_out: Collection[str] = ()
    officers_only: bool = True
    force: str = ""

    def holds(self, key: str) -> bool:
        """Tell whether what the officer with this key does may be found."""
        return key not in self.leaving_out and (self.keys is None or key in self.keys)


ANYBODY = Scope(officers_only=False)


@dataclass(frozen=True)
class FoundEntry:
    """One happening, told without its personal values, and what it happened to."""

    line: TimelineLine
    subject: str


@dataclass(frozen=True)
class FoundLook:
    """One look, told without its reason and recipient, and at which records."""

    line: LookLine
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class FoundPage(Generic[Line]):
    """Lines, newest first, and the places from which newer and older ones go on; None where there are none."""

    lines: tuple[Line, ...]
    newer: Place | None
    older: Place | None


@dataclass(frozen=True)
class Activity:
    """What one officer did and looked at in a period, in numbers."""

    events: Mapping[tuple[str, str], int]
    looks: int
    refused_looks: int
    records: int
    out_of_hours: int

    @property
    def entries(self) -> int:
        """How many things were done or refused."""
        return sum(self.events.values())


def find_entries(
    criteria: Criteria,
    *,
    scope: Scope,
    before: Place | None = None,
    after: Place | None = None,
    limit: int = 50,
    labels: Mapping[str, str] | None = None,
) -> FoundPage[FoundEntry]:
    """Return a page of what was done or refused: those older than `before`, newer than `after`, or the newest."""
    rows = _narrowed(Entry.objects.all(), criteria, scope)
    if scope.force:
        rows = rows.filter(actor_kind=ActorKind.SYSTEM, details__forces__contains=[scope.force])
    if criteria.subject:
        rows = rows.filter(subject=criteria.subject)
    if criteria.event:
        rows = rows.filter(event=criteria.event)
    rows = _but_for(criteria.leaving_out, rows)
    read = _read(rows.only(*_SHARED, "event", "subject", "details"), before, after, limit)
    found, newer, older = _paged(read, before, after, limit)
    return FoundPage(tuple(_found_entry(entry, labels or {}) for entry in found), newer, older)


def find_accesses(
    criteria: Criteria,
    *,
    scope: Scope,
    before: Place | None = None,
    after: Place | None = None,
    limit: int = 50,
) -> FoundPage[FoundLook]:
    """Return a page of looks as find_entries does; an event narrows nothing here, since a look is none."""
    rows = _narrowed(Access.objects.all(), criteria, scope)
    if criteria.subject:
        rows = rows.filter(subjects__contains=[criteria.subject])
    if criteria.alone:
        rows = rows.filter(subjects__len=1)
    moment = _SORTED if criteria.subject else _AT
    rows = _looks_but_for(criteria.leaving_out, rows)
    wanted = (*_SHARED, "kind", "subjects", "page", "implied", "reason_digest")
    rows = rows.only(*wanted)
    if criteria.among is not None:
        read = _read_among(rows, criteria.among, before, after, limit)
    else:
        read = _read(rows, before, after, limit, moment)
    found, newer, older = _paged(read, before, after, limit)
    return FoundPage(tuple(_found_look(access) for access in found), newer, older)


def activity_of(
    actor_key: str, *, since: datetime, until: datetime, leaving_out: Collection[str] = frozenset()
) -> Activity:
    """Return what an officer did from `since` and before `until`, in three queries.

    Nothing that happened to a subject of `leaving_out` is counted, nor a look at such alone.
    """
    period = Criteria(actor_key=actor_key, since=since, until=until)
    entries = _but_for(leaving_out, _narrowed(Entry.objects.all(), period, Scope())).order_by()
    accesses = _looks_but_for(leaving_out, _narrowed(Access.objects.all(), period, Scope())).order_by()
    counted = (
        _with_hour(entries)
        .values_list("event", "outcome")
        .annotate(number=Count("id"), of_night=Count("id", filter=_NIGHT))
    )
    events: dict[tuple[str, str], int] = {}
    by_night = 0
    for event, outcome, number, of_night in counted:
        events[event, outcome] = number
        by_night += of_night
    looks = _with_hour(accesses).aggregate(
        all=Count("id"), refused=Count("id", filter=Q(outcome=REFUSED)), night=Count("id", filter=_NIGHT)
    )
    named = accesses.annotate(record=_Each(F("subjects"))).values("record").distinct()
    return Activity(
        events=events,
        looks=looks["all"],
        refused_looks=looks["refused"],
        records=sum(
            1 for (record,) in named.values_list("record") if record.startswith("case:") and record not in leaving_out
        ),
        out_of_hours=by_night + looks["night"],
    )


def is_out_of_hours(at: datetime) -> bool:
    """Tell whether a moment lies between 22:00 and 06:00 by the clock in London."""
    hour = at.astimezone(LONDON).hour
    return hour >= NIGHT_BEGINS or hour < NIGHT_ENDS


class _Each(Func):
    """The members of an array, one a row."""

    function = "unnest"
    set_returning = True


# The same moment, in a form that no index is in the order of. Of one record there are few looks, but the database, which
# keeps no numbers of single members of an array, takes them for many and would read all looks of all records by time.
_AT = F("at")
_SORTED = _AT + timedelta(0)
_NIGHT = Q(hour__gte=NIGHT_BEGINS) | Q(hour__lt=NIGHT_ENDS)


def _with_hour(rows: QuerySet[Row]) -> QuerySet[Row]:
    return rows.alias(hour=ExtractHour("at", tzinfo=LONDON))


def _narrowed(rows: QuerySet[Row], criteria: Criteria, scope: Scope) -> QuerySet[Row]:
    """Narrow by what entries and accesses share."""
    if scope.officers_only:
        rows = rows.filter(actor_kind=ActorKind.OFFICER)
    if criteria.actor_key:
        rows = rows.filter(actor_kind=ActorKind.OFFICER, actor_key=criteria.actor_key)
    if not (criteria.actor_key and scope.holds(criteria.actor_key)):
        if scope.keys is not None:
            rows = rows.filter(actor_key__in=list(scope.keys))
        if scope.leaving_out:
            rows = rows.exclude(actor_key__in=list(scope.leaving_out))
    if criteria.since is not None:
        rows = rows.filter(at__gte=criteria.since)
    if criteria.until is not None:
        rows = rows.filter(at__lt=criteria.until)
    if criteria.outcome:
        rows = rows.filter(outcome=criteria.outcome)
    if criteria.out_of_hours:
        rows = _with_hour(rows).filter(_NIGHT)
    return rows


def _but_for(subjects: Collection[str], entries: QuerySet[Entry]) -> QuerySet[Entry]:
    return entries.exclude(subject__in=list(subjects)) if subjects else entries


def _looks_but_for(subjects: Collection[str], accesses: QuerySet[Access]) -> QuerySet[Access]:
    """Leave out looks at these alone; a list that showed others too is found, and told without them."""
    if not subjects:
        return accesses
    return accesses.exclude(subjects__len__gt=0, subjects__contained_by=list(subjects))


def _read(
    rows: QuerySet[Row],
    before: Place | None,
    after: Place | None,
    limit: int,
    moment: F | CombinedExpression = _AT,
) -> list[Row]:
    """Read one row more than asked for, to know whether others follow; the bound on `at` is what an index begins at."""
    if after is not None:
        rows = rows.filter(at__gte=after.at).filter(Q(at__gt=after.at) | Q(id__gt=after.id))
        rows = rows.order_by(moment.asc(), "id")
    else:
        rows = rows.order_by(moment.desc(), "-id")
        if before is not None:
            rows = rows.filter(at__lte=before.at).filter(Q(at__lt=before.at) | Q(id__lt=before.id))
    return list(_streamed(rows[: limit + 1]))


def _read_among(
    rows: QuerySet[Access], among: Among, before: Place | None, after: Place | None, limit: int
) -> list[Access]:
    """Read as _read does what is among the rows that stand out, some of these after the others until there are enough."""
    found: list[Access] = []
    while len(found) <= limit:
        places = among(before, after, _AT_ONCE)
        ids = [place.id for place in places]
        found += _read(rows.filter(id__in=ids), None, after, len(ids))
        if len(places) < _AT_ONCE:
            break
        before, after = (None, places[-1]) if after is not None else (places[-1], None)
    return found[: limit + 1]


def _paged(
    found: list[Row], before: Place | None, after: Place | None, limit: int
) -> tuple[list[Row], Place | None, Place | None]:
    """Return the rows of a page, newest first, and the places of its ends from which others go on."""
    goes_on, found = len(found) > limit, found[:limit]
    if after is not None:
        found.reverse()
    if not found:
        return [], None, None
    first, last = Place(found[0].at, found[0].id), Place(found[-1].at, found[-1].id)
    is_newest = not goes_on if after is not None else before is None
    is_oldest = not goes_on and after is None
    return found, None if is_newest else first, None if is_oldest else last


def _streamed(rows: QuerySet[Row]) -> Iterator[Row]:
    return rows.iterator(chunk_size=100)


def _found_entry(entry: Entry, labels: Mapping[str, str]) -> FoundEntry:
    changes = entry.details.get(CHANGES, [])
    plain = {name: value for name, value in entry.details.items() if name != CHANGES and not is_digest(value)}
    plain |= {name: words for name, words in _ANOTHER.items() if name in plain}
    line = TimelineLine(
        id=entry.id,
        at=entry.at,
        actor=actor_in_words(entry.actor_kind, entry.rank, entry.actor_name),
        actor_key=entry.actor_key if entry.actor_kind == ActorKind.OFFICER else "",
        warrant_number=entry.warrant_number,
        event=entry.event,
        outcome=entry.outcome,
        sentence=describe(entry, {**plain, CHANGES: changes}, labels),
        reason="",
        refusal="",
        changes=tuple(_named(change, name, labels) for change in changes for name in change["new"] or change["old"]),
    )
    return FoundEntry(line, entry.subject)


def _named(change: Mapping[str, Any], name: str, labels: Mapping[str, str]) -> FromTo:
    """Return which field a change was of, without what it was and is."""
    label = label_of(change["row"], name, labels)
    return FromTo(change["row"], change["key"], name, label, change["operation"], None, None)


def _found_look(access: Access) -> FoundLook:
    line = LookLine(
        id=access.id,
        at=access.at,
        actor=actor_in_words(access.actor_kind, access.rank, access.actor_name),
        actor_key=access.actor_key if access.actor_kind == ActorKind.OFFICER else "",
        warrant_number=access.warrant_number,
        kind=access.kind,
        page=access.page,
        implied=access.implied,
        reason="",
        recipient="",
        outcome=access.outcome,
    )
    return FoundLook(line, tuple(access.subjects))
