"""A case's rows as the trail keeps them: plain values by column, so that a replay can be compared with the tables."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeAlias

from cr_app.cases.models import (
    AgreedAction,
    Case,
    CaseOffence,
    EarlierDisposal,
    Offender,
    Signature,
    Snapshot,
    StatusChange,
    Victim,
)

Row: TypeAlias = (
    Case | Offender | Victim | CaseOffence | EarlierDisposal | AgreedAction | Signature | Snapshot | StatusChange
)
ROW_MODELS: tuple[type[Row], ...] = (
    Case,
    Offender,
    Victim,
    CaseOffence,
    EarlierDisposal,
    AgreedAction,
    Signature,
    Snapshot,
    StatusChange,
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
