"""A case's rows as the trail keeps them: plain values by column, so that a replay can be compared with the tables."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Protocol, TypeAlias

from cr_app.cases.models import (
    ActionProgress,
    AgreedAction,
    Case,
    CaseOffence,
    Contact,
    Correction,
    Document,
    EarlierDisposal,
    ExceptionGrounds,
    Offender,
    Rescission,
    Signature,
    SigningRefusal,
    Snapshot,
    StatusChange,
    Victim,
    Void,
)


class Row(Protocol):
    """A row that belongs to one case and is kept in the trail: its name there, and the columns that tell nothing of a person."""

    ROW: ClassVar[str]
    PLAIN: ClassVar[frozenset[str]]
    pk: Any
    _meta: ClassVar[Any]

    def save(self, *, force_insert: bool = ..., update_fields: Iterable[str] | None = ...) -> None:
        """Write the row."""

    def delete(self) -> object:
        """Remove the row."""


CaseRow: TypeAlias = (
    Case
    | Offender
    | Victim
    | CaseOffence
    | EarlierDisposal
    | AgreedAction
    | ExceptionGrounds
    | Signature
    | Snapshot
    | StatusChange
    | Void
    | SigningRefusal
    | Document
    | ActionProgress
    | Contact
    | Correction
    | Rescission
)
ROW_MODELS: tuple[type[CaseRow], ...] = (
    Case,
    Offender,
    Victim,
    CaseOffence,
    EarlierDisposal,
    AgreedAction,
    ExceptionGrounds,
    Signature,
    Snapshot,
    StatusChange,
    Void,
    SigningRefusal,
    Document,
    ActionProgress,
    Contact,
    Correction,
    Rescission,
)


def value_kept(value: object) -> object:
    """Return a column's value as the trail keeps it: text, whole number, yes/no or nothing; times in UTC to the microsecond."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, str):
        return str(value)
    return value


def values_of(row: Row) -> dict[str, object]:
    """Return every column of a row but its key, as the trail keeps it."""
    return {
        field.attname: value_kept(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if not field.primary_key
    }


def personal_columns(row: Row) -> frozenset[str]:
    """Return the columns whose values can be erased from the trail: all but those that the model names as plain."""
    return frozenset(field.attname for field in row._meta.concrete_fields) - row.PLAIN
