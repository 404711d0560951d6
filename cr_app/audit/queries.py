"""Reading the trail: a record's timeline in words, who looked at it and why, its rows derived anew from entries."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Generic, TypeAlias, TypeVar

from django.db.models import F, QuerySet

from cr_app.audit.canonical import JSON, is_digest
from cr_app.audit.events import CHANGES, REASON, actor_in_words, describe, label_of
from cr_app.audit.models import Access, ActorKind, Entry, Outcome

Line = TypeVar("Line")
Row = TypeVar("Row", Entry, Access)


class Erased(Enum):
    """What stands where a personal value was, and has been erased."""

    ERASED = "(erased)"

    def __str__(self) -> str:
        """Say so."""
        return self.value


ERASED = Erased.ERASED
Value: TypeAlias = "JSON | Erased"
RowKey: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class FromTo:
    """One field of one row before and after; None on the side where the row was not there, or the field blank."""

    row: str
    key: str
    field: str
    label: str
    operation: str
    old: Value
    new: Value


@dataclass(frozen=True)
class TimelineLine:
    """One entry as a page tells it."""

    id: int
    at: datetime
    actor: str
    actor_key: str
    warrant_number: str
    event: str
    outcome: str
    sentence: str
    reason: str
    refusal: str
    changes: tuple[FromTo, ...]


@dataclass(frozen=True)
class LookLine:
    """One look at a record as a page tells it; `implied` is a look that one's own work or duty brings, which needs no reason."""

    id: int
    at: datetime
    actor: str
    actor_key: str
    warrant_number: str
    kind: str
    page: str
    implied: bool
    reason: str
    recipient: str
    outcome: str


@dataclass(frozen=True)
class LinePage(Generic[Line]):
    """Lines, newest first, and the key to give as `before` for those that follow; None when these are the last."""

    lines: tuple[Line, ...]
    next_before: int | None


@dataclass(frozen=True)
class Kept:
    """What the trail keeps of one happening of a kind: when, to what, and its details that are not personal."""

    at: datetime
    subject: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class LastChange:
    """Who last changed a record, and when."""

    at: datetime
    actor: str
    actor_key: str
    warrant_number: str


def timeline_of(
    subject: str, *, labels: Mapping[str, str] | None = None, limit: int = 50, before: int | None = None
) -> LinePage[TimelineLine]:
    """Return a record's entries in words, newest first, refused attempts among them, in two queries."""
    entries = Entry.objects.filter(subject=subject).defer("body").prefetch_related("personal").order_by("-id")
    found, next_before = _page(entries, limit, before)
    return LinePage(tuple(_timeline_line(entry, labels or {}) for entry in found), next_before)


def looks_at(subject: str, *, limit: int = 50, before: int | None = None) -> LinePage[LookLine]:
    """Return who looked at a record, when, where and why, newest first: two queries however many there are."""
    accesses = Access.objects.filter(subjects__contains=[subject]).defer("body").prefetch_related("personal")
    # In the order of ids, but not by their index: the few looks at one record are taken for many, and it would be read whole.
    found, next_before = _page(accesses.order_by((F("id") + 0).desc()), limit, before)
    return LinePage(tuple(_look_line(access) for access in found), next_before)


def sitting_reason(actor_key: str, subject: str, sitting: str, since: datetime | None = None) -> str:
    """Return the reason that an officer last gave in this sitting for looking at a record; "" when none was given."""
    if not sitting:
        return ""
    given = Access.objects.filter(
        actor_kind=ActorKind.OFFICER,
        actor_key=actor_key,
        sitting=sitting,
        implied=False,
        outcome=Outcome.DONE,
        subjects__contains=[subject],
        personal__path=REASON,
    )
    if since is not None:
        given = given.filter(at__gte=since)
    value = given.order_by("-id").values_list("personal__value", flat=True).first()
    return "" if value is None else str(json.loads(value))


def reason_given(actor_key: str, subject: str, sitting: str, since: datetime | None = None) -> bool:
    """Tell whether an officer has said in this sitting why they look at a record."""
    return sitting_reason(actor_key, subject, sitting, since) != ""


def last_change(subject: str) -> LastChange | None:
    """Return who last changed a record, and when; None for a record that nobody has changed yet."""
    entries = Entry.objects.filter(subject=subject, outcome=Outcome.DONE).order_by("-id")
    found = entries.values_list("at", "actor_kind", "rank", "actor_name", "actor_key", "warrant_number").first()
    if found is None:
        return None
    at, kind, rank, name, key, warrant_number = found
    return LastChange(at, actor_in_words(kind, rank, name), key, warrant_number)


def who_did(subject: str, events: Collection[str]) -> frozenset[str]:
    """Return the keys of the officers who did any of these things to a record; refused attempts do not count."""
    entries = Entry.objects.filter(
        subject=subject, event__in=list(events), outcome=Outcome.DONE, actor_kind=ActorKind.OFFICER
    )
    return frozenset(entries.order_by().values_list("actor_key", flat=True).distinct())


def done_to(events: Collection[str], *, by: Collection[str]) -> frozenset[str]:
    """Return the records to which any of the officers with these keys did any of these things, in one query."""
    entries = Entry.objects.filter(
        actor_key__in=list(by), event__in=list(events), outcome=Outcome.DONE, actor_kind=ActorKind.OFFICER
    )
    return frozenset(entries.order_by().values_list("subject", flat=True).distinct())


def kept_of(event: str) -> Iterator[Kept]:
    """Yield every entry of an event that was done, oldest first, one at a time: details may be large."""
    for pk in list(Entry.objects.filter(event=event, outcome=Outcome.DONE).order_by("id").values_list("pk", flat=True)):
        at, subject, details = Entry.objects.values_list("at", "subject", "details").get(pk=pk)
        yield Kept(at, subject, details)


def replay(subject: str) -> dict[RowKey, dict[str, Value]]:
    """Return the rows of a record as its entries leave them, by table and key; an erased value reads ERASED.

    In the order of their ids: an action writes its entry while it holds the record's lock, so ids grow as the changes
    came, while a transaction may have taken its own number before it waited for that lock.
    """
    rows: dict[RowKey, dict[str, Value]] = {}
    entries = Entry.objects.filter(subject=subject, outcome=Outcome.DONE, details__has_key=CHANGES)
    for entry in entries.only("details").prefetch_related("personal").order_by("id"):
        personal = _values_of(entry)
        for index, change in enumerate(entry.details[CHANGES]):
            key = (change["row"], change["key"])
            if change["operation"] == "delete":
                rows.pop(key, None)
            else:
                rows.setdefault(key, {}).update(_side(change, index, "new", personal))
    return rows


def _page(rows: QuerySet[Row], limit: int, before: int | None) -> tuple[list[Row], int | None]:
    """Read one line more than asked for, to know whether others follow; by key, so that page 1,000 costs no more."""
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: limit + 1])
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def _timeline_line(entry: Entry, labels: Mapping[str, str]) -> TimelineLine:
    personal = _values_of(entry)
    details = {name: _put_back(value, name, personal) for name, value in entry.details.items() if name != CHANGES}
    changes = entry.details.get(CHANGES, [])
    return TimelineLine(
        id=entry.id,
        at=entry.at,
        actor=actor_in_words(entry.actor_kind, entry.rank, entry.actor_name),
        actor_key=entry.actor_key,
        warrant_number=entry.warrant_number,
        event=entry.event,
        outcome=entry.outcome,
        sentence=describe(entry, {**details, CHANGES: changes}, labels),
        reason=_text(details.get(REASON)),
        refusal=_text(details.get("sentence")),
        changes=tuple(
            pair
            for index, change in enumerate(changes)
            for pair in _pairs(change, index, labels, personal)
            if pair.label
        ),
    )


def _look_line(access: Access) -> LookLine:
    personal = _values_of(access)
    return LookLine(
        id=access.id,
        at=access.at,
        actor=actor_in_words(access.actor_kind, access.rank, access.actor_name),
        actor_key=access.actor_key,
        warrant_number=access.warrant_number,
        kind=access.kind,
        page=access.page,
        implied=access.implied,
        reason=_text(personal.get(REASON, ERASED if access.reason_digest else None)),
        recipient=_text(personal.get("recipient", ERASED if access.recipient_digest else None)),
        outcome=access.outcome,
    )


def _pairs(
    change: Mapping[str, Any], index: int, labels: Mapping[str, str], personal: Mapping[str, JSON]
) -> list[FromTo]:
    """Return the from and to of each field of one change, leaving out fields blank on both sides."""
    old = _side(change, index, "old", personal)
    new = _side(change, index, "new", personal)
    return [
        FromTo(
            row=change["row"],
            key=change["key"],
            field=name,
            label=label_of(change["row"], name, labels),
            operation=change["operation"],
            old=old.get(name),
            new=new.get(name),
        )
        for name in dict.fromkeys([*new, *old])
        if not (_blank(old.get(name)) and _blank(new.get(name)))
    ]


def _side(change: Mapping[str, Any], index: int, side: str, personal: Mapping[str, JSON]) -> dict[str, Value]:
    """Return one side of a change with its personal values put back."""
    here = f"{CHANGES}.{index}.{side}"
    return {name: _put_back(value, f"{here}.{name}", personal) for name, value in change[side].items()}


def _values_of(happening: Entry | Access) -> dict[str, JSON]:
    """Return the personal values that are still kept, by path."""
    return {each.path: json.loads(each.value) for each in happening.personal.all()}


def _put_back(value: JSON, path: str, personal: Mapping[str, JSON]) -> Value:
    return personal.get(path, ERASED) if is_digest(value) else value


def _blank(value: Value) -> bool:
    return value is None or value == ""


def _text(value: Value) -> str:
    return "" if value is None else str(value)
