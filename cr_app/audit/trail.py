"""The only writer of the trail: `record` what was done or refused, `look` at what was shown.

Both are called last in the action's own transaction, so that no action stands without its entry and no entry without
its action. The canonical bytes hold salted digests where values are personal; the values and salts stand apart.
"""

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, TypeAlias, TypedDict
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, transaction

from cr_app.audit.bodies import access_body, entry_body
from cr_app.audit.canonical import DIGEST_KEY, FORMAT_VERSION, JSON, SALT_BYTES, NotCanonical, checked, digest_of
from cr_app.audit.events import CHANGES, EVENTS, REASON, REFUSED_DETAILS, REFUSED_PERSONAL, Event
from cr_app.audit.models import Access, AccessKind, AccessPersonal, Entry, EntryPersonal, Outcome
from cr_app.audit.requests import current_request

ActorKind: TypeAlias = Literal["officer", "system", "anonymous"]
Operation: TypeAlias = Literal["create", "update", "delete"]

_SUBJECT = re.compile(r"[a-z_]{1,20}:[A-Za-z0-9._-]{1,59}")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,62}")
_SUBJECTS_IN_ONE = 500


class NotRecordable(ValueError):
    """The caller asks for an entry that the trail cannot hold: a mistake in code, never in what an officer typed."""


@dataclass(frozen=True)
class Actor:
    """Who acts, as they are now; the trail keeps the words, no reference."""

    kind: ActorKind
    key: str = ""
    warrant_number: str = ""
    rank: str = ""
    name: str = ""


ANONYMOUS = Actor(kind="anonymous")


def system_actor(name: str) -> Actor:
    """Return the actor for work that no officer does, such as a management command."""
    return Actor(kind="system", key=name, name=name)


@dataclass(frozen=True)
class Change:
    """One row created, updated or deleted: typed new and old values by field, and the fields whose values are personal.

    A create carries all values in `new`, an update the changed ones in both, a delete all of them in `old`.
    """

    operation: Operation
    row: str
    key: str
    new: Mapping[str, object] = field(default_factory=dict)
    old: Mapping[str, object] = field(default_factory=dict)
    personal: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Personal:
    """A personal value on its way to its own table."""

    path: str
    value: str
    salt: bytes


class _Shared(TypedDict):
    """The columns that entries and accesses share."""

    at: datetime
    actor_kind: str
    actor_key: str
    warrant_number: str
    rank: str
    actor_name: str
    outcome: str
    request_id: UUID | None
    address: str
    format_version: int


def record(
    event: str,
    *,
    actor: Actor,
    subject: str = "",
    reason: str = "",
    outcome: str = "done",
    changes: Iterable[Change] = (),
    details: Mapping[str, object] | None = None,
    at: datetime | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> Entry:
    """Write one entry, and apart from it its personal values, in the caller's transaction: one query, or two.

    Raises NotRecordable outside a transaction, for an unknown event, an undeclared detail and a value without
    canonical bytes.
    """
    _require_transaction(using)
    entry, apart = entry_of(
        event,
        actor=actor,
        subject=subject,
        reason=reason,
        outcome=outcome,
        changes=changes,
        details=details or {},
        at=at,
    )
    entry.save(force_insert=True, using=using)
    if apart:
        EntryPersonal.objects.using(using).bulk_create(apart)
    return entry


def entry_of(
    event: str,
    *,
    actor: Actor,
    subject: str,
    reason: str = "",
    outcome: str = "done",
    changes: Iterable[Change],
    details: Mapping[str, object],
    at: datetime | None,
) -> tuple[Entry, list[EntryPersonal]]:
    """Return an entry as `record` writes it and the values that stand apart from it, with nothing written yet.

    Raises NotRecordable for an unknown event, an undeclared detail and a value without canonical bytes.
    """
    kind = EVENTS.get(event)
    if kind is None:
        raise NotRecordable(f"{event} is not an event of cr_app/audit/events.py.")
    apart: list[_Personal] = []
    kept = _kept_details(kind, outcome, details, apart)
    if reason:
        kept[REASON] = _kept(REASON, reason, is_personal=True, apart=apart)
    kept_changes: list[JSON] = [_kept_change(index, change, apart) for index, change in enumerate(changes)]
    if kept_changes:
        kept[CHANGES] = kept_changes
    entry = Entry(event=event, subject=_valid_subject(subject), details=kept, **_shared(actor, outcome, at))
    entry.body = entry_body(entry)
    return entry, [EntryPersonal(entry=entry, path=each.path, value=each.value, salt=each.salt) for each in apart]


def look(
    *,
    actor: Actor,
    subjects: Sequence[str],
    page: str,
    kind: str,
    implied: bool,
    reason: str = "",
    sitting: str = "",
    recipient: str = "",
    outcome: str = "done",
    at: datetime | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> Access:
    """Write one look at the records named, in the caller's transaction: one query, two with a reason or a recipient.

    `sitting` is a digest of the session, never its key. Raises NotRecordable as `record` does, and for a disclosure
    to nobody.
    """
    _require_transaction(using)
    if kind not in AccessKind.values:
        raise NotRecordable(f"{kind} is not a kind of access.")
    if kind == AccessKind.DISCLOSURE and not recipient:
        raise NotRecordable("A disclosure names its recipient.")
    apart: list[_Personal] = []
    access = Access(
        kind=kind,
        subjects=[_valid_subject(subject) for subject in subjects],
        page=_valid_text("page", page),
        implied=implied,
        sitting=_valid_text("sitting", sitting),
        reason_digest=_digest_kept("reason", reason, apart),
        recipient_digest=_digest_kept("recipient", recipient, apart),
        **_shared(actor, outcome, at),
    )
    access.body = access_body(access)
    access.save(force_insert=True, using=using)
    if apart:
        AccessPersonal.objects.using(using).bulk_create(
            AccessPersonal(access=access, path=each.path, value=each.value, salt=each.salt) for each in apart
        )
    return access


def look_at_all(
    subjects: Sequence[str],
    *,
    actor: Actor,
    page: str,
    kind: str,
    implied: bool,
    reason: str = "",
    recipient: str = "",
    using: str = DEFAULT_DB_ALIAS,
) -> None:
    """Write a look at any number of records, as so many accesses that none names more than a list may."""
    for start in range(0, max(1, len(subjects)), _SUBJECTS_IN_ONE):
        look(
            actor=actor,
            subjects=subjects[start : start + _SUBJECTS_IN_ONE],
            page=page,
            kind=kind,
            implied=implied,
            reason=reason,
            recipient=recipient,
            using=using,
        )


def _require_transaction(using: str) -> None:
    if not transaction.get_connection(using).in_atomic_block:
        raise NotRecordable("The trail is written inside the transaction of what it tells of: open one first.")


def _shared(actor: Actor, outcome: str, at: datetime | None) -> _Shared:
    """Say what every happening says: when, who, in which request, how it ended."""
    if outcome not in Outcome.values:
        raise NotRecordable(f"{outcome} is not an outcome.")
    if at is not None and at.tzinfo is None:
        raise NotRecordable("A time of the trail has a time zone.")
    served = current_request()
    return {
        "at": datetime.now(UTC) if at is None else at,
        "actor_kind": actor.kind,
        "actor_key": _valid_text("actor", actor.key),
        "warrant_number": _valid_text("warrant number", actor.warrant_number),
        "rank": _valid_text("rank", actor.rank),
        "actor_name": _valid_text("name", actor.name),
        "outcome": outcome,
        "request_id": served.id if served else None,
        "address": served.address if served else "",
        "format_version": FORMAT_VERSION,
    }


def _valid_subject(subject: str) -> str:
    if subject and not _SUBJECT.fullmatch(subject):
        raise NotRecordable("A subject is a kind and a key, such as case:7KQM2PXR.")
    return subject


def _valid_text(name: str, text: str) -> str:
    value = _valid(name, text)
    if not isinstance(value, str):
        raise NotRecordable(f"{name} is not text.")
    return value


def _valid(path: str, value: object) -> JSON:
    try:
        return checked(value)
    except NotCanonical as error:
        # Names the place and the kind of value, never the value.
        raise NotRecordable(f"{path} holds {error}.") from None


def _kept_details(kind: Event, outcome: str, details: Mapping[str, object], apart: list[_Personal]) -> dict[str, JSON]:
    """Check the details against what the event declares and put the personal ones apart."""
    declared, personal = kind.details, kind.personal
    if outcome == Outcome.REFUSED:
        declared, personal = declared | REFUSED_DETAILS, personal | REFUSED_PERSONAL
    unknown = sorted(details.keys() - declared)
    if unknown:
        raise NotRecordable(f"{kind.name} does not declare {', '.join(unknown)}: see cr_app/audit/events.py.")
    return {key: _kept(key, value, is_personal=key in personal, apart=apart) for key, value in details.items()}


def _kept_change(index: int, change: Change, apart: list[_Personal]) -> dict[str, JSON]:
    """Return what the entry keeps of one change, its personal values put apart."""
    here = f"{CHANGES}.{index}"
    kept: dict[str, JSON] = {"operation": change.operation, "row": change.row, "key": _valid_text("key", change.key)}
    for side, values in (("new", change.new), ("old", change.old)):
        wrong = sorted(name for name in values if not _FIELD.fullmatch(name))
        if wrong:
            raise NotRecordable(f"{change.row} has a change with a field named {wrong[0]!r}.")
        kept[side] = {
            name: _kept(f"{here}.{side}.{name}", value, is_personal=name in change.personal, apart=apart)
            for name, value in values.items()
        }
    return kept


def _kept(path: str, value: object, *, is_personal: bool, apart: list[_Personal]) -> JSON:
    """Return the value, or its digest with value and salt put apart; an absent value is nobody's personal data."""
    valid = _valid(path, value)
    if not is_personal or valid is None or valid == "":
        return valid
    salt = os.urandom(SALT_BYTES)
    apart.append(_Personal(path, json.dumps(valid, ensure_ascii=False, separators=(",", ":")), salt))
    return digest_of(valid, salt)


def _digest_kept(path: str, text: str, apart: list[_Personal]) -> str:
    kept = _kept(path, text, is_personal=True, apart=apart)
    return str(kept[DIGEST_KEY]) if isinstance(kept, dict) else ""
