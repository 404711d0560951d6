"""Reading the sealed log onwards, leaf after leaf, and what stands around a happening: for whoever looks for what stands out.

The order of leaves is the order in which nothing is missed: a row written by a transaction that ended late has a later
leaf, while its id may be smaller than others that were read before.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from cr_app.audit.events import CHANGES
from cr_app.audit.models import Access, AccessKind, ActorKind, Entry, Leaf, LeafTable, Outcome


@dataclass(frozen=True)
class Done:
    """One entry as it was kept, its personal values left as the digests that stand for them."""

    id: int
    at: datetime
    actor_key: str
    event: str
    subject: str
    outcome: str
    details: Mapping[str, Any]

    @property
    def changes(self) -> Sequence[Mapping[str, Any]]:
        """Return the changes of rows that the entry carries."""
        found = self.details.get(CHANGES)
        return found if isinstance(found, list) else ()

    def row(self, name: str) -> Mapping[str, Any]:
        """Return the new values of the first row of this kind that the entry carries; nothing where it has none."""
        return next((change["new"] for change in self.changes if change["row"] == name), {})


@dataclass(frozen=True)
class Looked:
    """One look at records; `sitting` is "" for a list, which names many, and set where one record was opened."""

    id: int
    at: datetime
    actor_key: str
    subjects: tuple[str, ...]
    page: str
    kind: str
    implied: bool
    outcome: str
    sitting: str

    @property
    def was_refused(self) -> bool:
        """Tell whether nothing was shown: somebody tried."""
        return self.outcome == Outcome.REFUSED

    @property
    def is_disclosure(self) -> bool:
        """Tell whether the records left the system, as in an export."""
        return self.kind == AccessKind.DISCLOSURE

    @property
    def is_opening(self) -> bool:
        """Tell whether records were opened, handed out, or tried to be opened; what a list showed was not."""
        return bool(self.sitting) or self.is_disclosure or self.was_refused


@dataclass(frozen=True)
class Stretch:
    """What officers did and looked at in a stretch of the log, in the order of its leaves; the next begins at `end`."""

    done: tuple[Done, ...]
    looked: tuple[Looked, ...]
    end: int


_DONE = ("id", "at", "actor_key", "event", "subject", "outcome", "details")
_LOOKED = ("id", "at", "actor_key", "subjects", "page", "kind", "implied", "outcome", "sitting")


def stretch_from(start: int, *, limit: int) -> Stretch:
    """Return up to `limit` leaves of the sealed log from `start` on, in three queries."""
    leaves = list(
        Leaf.objects.filter(index__gte=start).order_by("index").values_list("index", "table", "row_id")[:limit]
    )
    places: dict[str, dict[int, int]] = {table: {} for table in LeafTable.values}
    for index, table, row_id in leaves:
        places[table][row_id] = index
    entries = _done(Entry.objects.filter(pk__in=places[LeafTable.ENTRY], actor_kind=ActorKind.OFFICER))
    accesses = _looked(Access.objects.filter(pk__in=places[LeafTable.ACCESS], actor_kind=ActorKind.OFFICER))
    return Stretch(
        done=tuple(sorted(entries, key=lambda entry: places[LeafTable.ENTRY][entry.id])),
        looked=tuple(sorted(accesses, key=lambda access: places[LeafTable.ACCESS][access.id])),
        end=leaves[-1][0] + 1 if leaves else start,
    )


def leaves_after(start: int) -> int:
    """Return how many leaves the sealed log has from `start` on."""
    last = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else max(0, last + 1 - start)


def happened_to(subjects: Collection[str], events: Collection[str]) -> dict[str, tuple[tuple[int, str, datetime], ...]]:
    """Return which of these events happened to each of these records: entry, event and time, oldest first, in one query."""
    found: dict[str, list[tuple[int, str, datetime]]] = defaultdict(list)
    if subjects:
        rows = Entry.objects.filter(subject__in=list(subjects), event__in=list(events), outcome=Outcome.DONE)
        for subject, pk, event, at in rows.order_by("id").values_list("subject", "id", "event", "at"):
            found[subject].append((pk, event, at))
    return {subject: tuple(entries) for subject, entries in found.items()}


def done_by(actors: Collection[str], events: Collection[str], *, since: datetime) -> dict[str, tuple[Done, ...]]:
    """Return what each of these officers did of these events since a time, oldest first, in one query."""
    found: dict[str, list[Done]] = defaultdict(list)
    if actors:
        rows = Entry.objects.filter(
            actor_key__in=list(actors), event__in=list(events), outcome=Outcome.DONE, actor_kind=ActorKind.OFFICER
        )
        for entry in _done(rows.filter(at__gte=since).order_by("id")):
            found[entry.actor_key].append(entry)
    return {actor: tuple(entries) for actor, entries in found.items()}


def looks_on(page: str, subjects: Collection[str]) -> dict[tuple[str, str], tuple[datetime, ...]]:
    """Return when each officer opened each of these records on one page, by officer and record, in one query."""
    found: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    if subjects:
        wanted = set(subjects)
        rows = Access.objects.filter(subjects__overlap=list(wanted), page=page, outcome=Outcome.DONE)
        for look in _looked(rows.order_by("id")):
            for subject in wanted.intersection(look.subjects):
                found[look.actor_key, subject].append(look.at)
    return {key: tuple(times) for key, times in found.items()}


def opened_by(actors: Collection[str], *, since: datetime, until: datetime) -> dict[str, tuple[Looked, ...]]:
    """Return what each of these officers opened, handed out or tried to open in a time, oldest first, in one query.

    A list opens nothing: what was opened was shown in a sitting, one record on a page.
    """
    found: dict[str, list[Looked]] = defaultdict(list)
    if actors:
        rows = Access.objects.filter(
            ~Q(sitting="") | Q(kind=AccessKind.DISCLOSURE) | Q(outcome=Outcome.REFUSED),
            actor_key__in=list(actors),
            at__gte=since,
            at__lte=until,
            actor_kind=ActorKind.OFFICER,
        )
        for look in _looked(rows.order_by("at", "id")):
            found[look.actor_key].append(look)
    return {actor: tuple(looks) for actor, looks in found.items()}


def _done(rows: QuerySet[Entry]) -> list[Done]:
    return [Done(*values) for values in rows.values_list(*_DONE)]


def _looked(rows: QuerySet[Access]) -> list[Looked]:
    found = rows.values_list(*_LOOKED)
    return [Looked(pk, at, key, tuple(subjects), *rest) for pk, at, key, subjects, *rest in found]
