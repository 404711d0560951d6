"""Officers and units, read."""

from collections.abc import Collection
from datetime import date

from django.db.models import Count, Q, QuerySet

from cr_app.accounts.models import Absence, Officer, Unit
from cr_app.accounts.roles import Role
from cr_app.accounts.warrant_numbers import is_warrant_number, normal_warrant_number
from cr_app.audit.queries import done_to
from cr_app.policy.ranks import RANKS

# Whoever did one of these to an account can act under it, or has said what it may decide.
_CHANGES_ACCOUNTS = ("officer.added", "officer.changed", "officer.password_changed")
_OF_RANKS = {"acting", *(word for rank in RANKS for word in f"{rank.abbreviation} {rank.name}".lower().split())}


def officer_named(warrant_number: str) -> Officer | None:
    """Return the officer of this warrant number, however it is typed, with force and unit; None when there is none."""
    number = normal_warrant_number(warrant_number)
    if not is_warrant_number(number):
        return None
    return Officer.objects.select_related("force", "unit").filter(warrant_number=number).first()


def is_officers_number(warrant_number: str) -> bool:
    """Tell whether some officer, active or not, has this warrant number in its normal form."""
    return is_warrant_number(warrant_number) and Officer.objects.filter(warrant_number=warrant_number).exists()


def officers_of_unit(unit: Unit, *, role: Role | None = None) -> QuerySet[Officer]:
    """Return the active officers of a unit, those with `role` when one is given: whom a case may be handed to."""
    officers = Officer.objects.select_related("force", "unit").filter(unit=unit, is_active=True)
    return officers if role is None else officers.filter(roles__contains=[role.value])


def deciders_of(force_code: str, role: Role) -> QuerySet[Officer]:
    """Return the active officers of a force to whom `role` has been given, with force and unit."""
    return Officer.objects.select_related("force", "unit").filter(
        force_id=force_code, is_active=True, roles__contains=[role.value]
    )


def administrators_of(force_code: str) -> QuerySet[Officer]:
    """Return the active administrators of a force: who can give a role, record a rank or an absence."""
    return deciders_of(force_code, Role.ADMINISTRATOR)


def absences_on(force_code: str, day: date) -> dict[int, Absence]:
    """Return the absence of each officer of a force who is away on `day`, by the officer's key, with who covers."""
    found = Absence.objects.select_related("covered_by__force", "covered_by__unit").filter(
        officer__force_id=force_code, from_on__lte=day, until_on__gte=day, ended_at__isnull=True
    )
    return {absence.officer_id: absence for absence in found}


def units_of_force(force_code: str) -> QuerySet[Unit]:
    """Return the units of a force in the order of their names."""
    return Unit.objects.filter(force_id=force_code)


def units_with_numbers(force_code: str) -> QuerySet[Unit]:
    """Return the units of a force, each with `officers_now`, how many active officers it has."""
    return units_of_force(force_code).annotate(officers_now=Count("officers", filter=Q(officers__is_active=True)))


def officers_listed(
    force_code: str, *, unit: int | None = None, role: Role | None = None, is_active: bool | None = True
) -> QuerySet[Officer]:
    """Return officers of a force by name, narrowed to a unit, a role, open or closed accounts (None: both)."""
    found = Officer.objects.select_related("force", "unit").filter(force_id=force_code)
    if unit is not None:
        found = found.filter(unit_id=unit)
    if role is not None:
        found = found.filter(roles__contains=[role.value])
    if is_active is not None:
        found = found.filter(is_active=is_active)
    return found.order_by("family_name", "given_names", "pk")


def officers_found(force_code: str, sought: str) -> QuerySet[Officer]:
    """Return officers of a force, open accounts or closed, by exact warrant number or by every word of a name.

    A name is found as pages write it, too: with rank and warrant number before it, and with either apostrophe.
    """
    words = sought.replace("\u2019", "'").split()
    # As pages name an officer, with rank and number; the rank may have been another then, so it finds nobody by itself.
    telling = [word for word in words if word.lower().removeprefix("a/") not in _OF_RANKS] or words
    named = Q()
    for word in telling:
        of_name = Q(family_name__icontains=word) | Q(given_names__icontains=word)
        named &= of_name | Q(warrant_number=normal_warrant_number(word))
    number = Q(warrant_number=normal_warrant_number(sought))
    return officers_listed(force_code, is_active=None).filter(named | number)


def accounts_of_theirs(officers: Collection[int]) -> frozenset[str]:
    """Return the warrant numbers of those whose accounts any of these officers added, changed or gave a password."""
    subjects = done_to(_CHANGES_ACCOUNTS, by=[str(pk) for pk in officers])
    return frozenset(subject.removeprefix("officer:") for subject in subjects)


def has_hand_in_account(officer: Officer, *, of: Officer) -> bool:
    """Tell whether an officer added, changed or gave a password to another's account, and so could act under it."""
    return of.pk != officer.pk and of.warrant_number in accounts_of_theirs([officer.pk])


def absences_to_come(officer: Officer, day: date) -> QuerySet[Absence]:
    """Return the officer's absences that are not over on `day` and were not ended, the first one first."""
    found = officer.absences.select_related("covered_by__unit", "covered_by__force")
    return found.filter(until_on__gte=day, ended_at__isnull=True)
