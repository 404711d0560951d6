"""Units of a force, added and renamed by its administrators."""

from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction

from cr_app.accounts import access
from cr_app.accounts.actions.changing import OF_A_UNIT, altered, created, values_of
from cr_app.accounts.actions.describing import BadOfficer, text_of
from cr_app.accounts.models import Officer, Unit
from cr_app.audit.trail import record
from cr_app.pages.refusals import Stale


@dataclass(frozen=True)
class UnitNames:
    """What a unit is called, and where it works."""

    name: str
    area: str = ""


def add_unit(to: UnitNames, *, by: Officer) -> Unit:
    """Add a unit to the administrator's own force; raises BadOfficer for a name that is taken or will not do."""
    access.require_administrator(by)
    to = _cleaned(to)
    unit = Unit(force_id=by.force_id, name=to.name, area=to.area)
    with transaction.atomic():
        _save(unit)
        change = created(unit, OF_A_UNIT)
        record("unit.added", actor=by.as_actor(), subject=_subject(unit), changes=[change], details={"unit": str(unit)})
    return unit


def rename_unit(pk: int, *, by: Officer, to: UnitNames, seen: UnitNames) -> Unit:
    """Rename a unit, or move it to another area; raises Stale when it is not called what the page showed."""
    to = _cleaned(to)
    with transaction.atomic():
        unit = access.lock_unit(by, pk)
        before = values_of(unit, ("name", "area"))
        if before != asdict(seen):
            raise Stale("Somebody else has changed this unit since you opened it.", subject=_subject(unit))
        unit.name, unit.area = to.name, to.area
        change = altered(unit, before)
        if change is None:
            return unit
        _save(unit)
        record(
            "unit.changed", actor=by.as_actor(), subject=_subject(unit), changes=[change], details={"unit": str(unit)}
        )
    return unit


def _cleaned(to: UnitNames) -> UnitNames:
    name = text_of(to.name, "the name of the unit", 100, "name")
    if not name:
        raise BadOfficer("Enter the name of the unit.", "name")
    return UnitNames(name, text_of(to.area, "the area", 100, "area"))


def _save(unit: Unit) -> None:
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as error:
        if "a_force_has_no_two_units_of_one_name" not in str(error):
            raise
        raise BadOfficer(f"The force has a unit called {unit.name} already.", "name") from None


def _subject(unit: Unit) -> str:
    return f"unit:{unit.pk}"
