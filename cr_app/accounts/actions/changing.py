"""Rows as the trail keeps them: created with all their values, or changed from what they were."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db.models import Model

from cr_app.audit.trail import Change

NOTHING_PERSONAL: frozenset[str] = frozenset()
# All that is kept of a unit.
OF_A_UNIT = ("name", "force_id", "area")


def values_of(row: Model, names: Collection[str]) -> dict[str, object]:
    """Return the values of these fields, days and times as text."""
    return {name: _plain(getattr(row, name)) for name in names}


def created(row: Model, names: Collection[str], *, personal: frozenset[str] = NOTHING_PERSONAL) -> Change:
    """Return a row as it was saved for the first time."""
    return Change("create", row._meta.label_lower, str(row.pk), new=values_of(row, names), personal=personal)


def altered(row: Model, before: Mapping[str, object], *, personal: frozenset[str] = NOTHING_PERSONAL) -> Change | None:
    """Return how a row differs now from the values it had; None where it does not."""
    after = values_of(row, before)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return None
    return Change(
        "update",
        row._meta.label_lower,
        str(row.pk),
        new={name: after[name] for name in changed},
        old={name: before[name] for name in changed},
        personal=personal,
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value
