"""The canonical bytes of an entry and of an access, field by field, as docs/audit.md lists them. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from cr_app.audit.canonical import JSON, encode


class HappeningLike(Protocol):
    """What entries and accesses share."""

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


class EntryLike(HappeningLike, Protocol):
    """An entry, whether a row of the table or read from an export."""

    event: str
    subject: str
    details: dict[str, JSON]


class AccessLike(HappeningLike, Protocol):
    """An access, whether a row of the table or read from an export."""

    kind: str
    page: str
    implied: bool
    sitting: str
    reason_digest: str
    recipient_digest: str

    @property
    def subjects(self) -> Sequence[str]:
        """The records looked at, in the order shown."""


def time_text(at: datetime) -> str:
    """Write a time in UTC and microseconds, such as 2026-11-21T05:28:00.000001Z; raise ValueError without a zone."""
    if at.tzinfo is None:
        raise ValueError("A time of the trail has a time zone.")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _shared(happening: HappeningLike) -> dict[str, JSON]:
    return {
        "format": happening.format_version,
        "at": time_text(happening.at),
        "actor": {
            "kind": happening.actor_kind,
            "key": happening.actor_key,
            "warrant_number": happening.warrant_number,
            "rank": happening.rank,
            "name": happening.actor_name,
        },
        "outcome": happening.outcome,
        "request": None if happening.request_id is None else str(happening.request_id),
        "address": happening.address,
    }


def entry_body(entry: EntryLike) -> bytes:
    """Return the canonical bytes of an entry: all but id and transaction id, personal values as their digests."""
    return encode(
        {
            **_shared(entry),
            "table": "entry",
            "event": entry.event,
            "subject": entry.subject,
            "details": entry.details,
        }
    )


def access_body(access: AccessLike) -> bytes:
    """Return the canonical bytes of an access: all but id and transaction id, reason and recipient as their digests."""
    return encode(
        {
            **_shared(access),
            "table": "access",
            "kind": access.kind,
            "subjects": list(access.subjects),
            "page": access.page,
            "implied": access.implied,
            "sitting": access.sitting,
            "reason": access.reason_digest,
            "recipient": access.recipient_digest,
        }
    )
