"""Officers added, and changed by an administrator of their force."""

import hashlib
import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils import timezone

from cr_app.accounts import access
from cr_app.accounts.actions import describing as described
from cr_app.accounts.actions.changing import OF_A_UNIT, altered, created, values_of
from cr_app.accounts.actions.describing import BadOfficer
from cr_app.accounts.actions.telling import tell_of_change
from cr_app.accounts.models import Officer, Unit
from cr_app.accounts.queries import is_officers_number
from cr_app.accounts.warrant_numbers import is_warrant_number, normal_warrant_number
from cr_app.audit.trail import Actor, record
from cr_app.pages.refusals import NotAllowed, Stale

# Who the officer is; what may be erased from the trail one day. The warrant number names the account and stays.
_NAMES = frozenset({"given_names", "family_name"})
_PERSONAL = _NAMES | {"email"}
# What an administrator may change; the officer hears of it when it is more than a name.
_CHANGEABLE = (
    "email", "given_names", "family_name", "substantive_rank", "substantive_since", "substantive_before", "acting_rank",
    "acting_from", "acting_until", "unit_id", "roles", "is_active", "on_duty_until",
)  # fmt: skip
_RECORDED = ("warrant_number", "force_id", "must_change_password", *_CHANGEABLE)
OWN_ACCOUNT = "Nobody changes their own account: another administrator must do it."


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What an account says of an officer, be it new or changed; nothing of it has been checked yet."""

    email: str
    given_names: str
    family_name: str
    rank: str
    rank_since: date | None = None
    acting_rank: str = ""
    acting_from: date | None = None
    acting_until: date | None = None
    roles: Collection[str] = ()


@dataclass(frozen=True, kw_only=True)
class NewOfficer(Particulars):
    """An officer as described by whoever adds one."""

    warrant_number: str
    force: str
    unit: str
    area: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangedOfficer(Particulars):
    """An officer as an administrator wants the account to be."""

    unit: int
    is_active: bool


def add_officer(new: NewOfficer, *, password: str, must_change_password: bool, by: Actor, command: str = "") -> Officer:
    """Add an officer who can sign in with `password`, and the unit when the force has none of that name.

    Raises BadOfficer with one sentence for the first thing that is wrong.
    """
    officer = _described(new)
    officer.must_change_password = must_change_password
    described.check_password(password, officer)
    officer.set_password(password)
    with transaction.atomic():
        changes = []
        officer.unit, unit_is_new = Unit.objects.get_or_create(
            force_id=officer.force_id,
            name=described.text_of(new.unit, "the unit", 100, "unit"),
            defaults={"area": described.text_of(new.area, "the area", 100, "area")},
        )
        if unit_is_new:
            changes.append(created(officer.unit, OF_A_UNIT))
        _save(officer, force_insert=True)
        changes.append(created(officer, _RECORDED, personal=_PERSONAL))
        details = {"officer": officer.warrant_number} | ({"command": command} if command else {})
        record("officer.added", actor=by, subject=officer.subject, changes=changes, details=details)
    return officer


def add_colleague(new: NewOfficer, *, unit: int, password: str, by: Officer) -> Officer:
    """Add an officer to the administrator's own force and to the unit with this key; the password is a first one."""
    access.require_administrator(by)
    if new.force != by.force_id:
        raise NotAllowed("You look after the officers of your own force alone.")
    found = Unit.objects.filter(pk=unit, force_id=by.force_id).first()
    if found is None:
        raise BadOfficer("Select a unit of your force.", "unit")
    return add_officer(replace(new, unit=found.name), password=password, must_change_password=True, by=by.as_actor())


def change_officer(pk: int, *, by: Officer, to: ChangedOfficer, seen: str) -> Officer:
    """Change an account to what the administrator wants; its officer is told by mail after the commit.

    `seen` is the digest of what the page showed: raises Stale when the account has changed since. Closing an account
    ends its sessions. Raises NotAllowed for one's own account and BadOfficer for what cannot be kept.
    """
    with transaction.atomic():
        officer = _lock_another(pk, by)
        if seen != digest_of(officer):
            raise Stale("Somebody else has changed this account since you opened it.", subject=officer.subject)
        before = values_of(officer, _CHANGEABLE)
        _assign(officer, to)
        change = altered(officer, before, personal=_PERSONAL)
        if change is None:
            return officer
        _save(officer, update_fields=[name.removesuffix("_id") for name in change.new])
        if not officer.is_active:
            _end_sessions(officer)
        details = {"officer": officer.warrant_number}
        record("officer.changed", actor=by.as_actor(), subject=officer.subject, changes=[change], details=details)
        if not _NAMES.issuperset(change.new):
            tell_of_change(officer, former=str(before["email"]))
    return officer


def give_first_password(pk: int, *, by: Officer, password: str) -> Officer:
    """Give an officer who has lost the password a first one again, to be changed at once; open sessions end.

    The officer is told by mail: whoever signs in with it is seen to have been let in by this administrator.
    """
    with transaction.atomic():
        officer = _lock_another(pk, by)
        if not officer.is_active:
            raise NotAllowed("This account is closed: open it first.", subject=officer.subject)
        officer.set_password(password)
        officer.must_change_password = True
        officer.save(update_fields=["password", "must_change_password"])
        _end_sessions(officer)
        record("officer.password_changed", actor=by.as_actor(), subject=officer.subject)
        tell_of_change(officer)
    return officer


def made_password() -> str:
    """Return a first password that nobody guesses, to be shown once."""
    return secrets.token_urlsafe(15)


def digest_of(officer: Officer) -> str:
    """Return what stands for the account as a page shows it; any change of it is another digest."""
    return hashlib.sha256(json.dumps(values_of(officer, _CHANGEABLE[:-1])).encode()).hexdigest()


def _lock_another(pk: int, by: Officer) -> Officer:
    officer = access.lock_officer(by, pk)
    if officer.pk == by.pk:
        raise NotAllowed(OWN_ACCOUNT, subject=officer.subject)
    return officer


def _described(new: NewOfficer) -> Officer:
    """Return the officer that `new` describes, not saved yet; raises BadOfficer."""
    number = normal_warrant_number(new.warrant_number)
    if not is_warrant_number(number):
        raise BadOfficer(
            "Give a warrant number of 2 to 12 letters and digits, with single hyphens inside if need be.",
            "warrant_number",
        )
    if is_officers_number(number):
        raise BadOfficer(f"An officer with warrant number {number} is here already.", "warrant_number")
    officer = Officer(warrant_number=number, force_id=described.force_of(new.force))
    _describe(officer, new)
    if not described.text_of(new.unit, "the unit", 100, "unit"):
        raise BadOfficer("Name the officer's unit.", "unit")
    return officer


def _describe(officer: Officer, told: Particulars) -> None:
    officer.email = described.email_of(told.email, officer)
    officer.given_names = described.text_of(told.given_names, "the given names", 90, "given_names")
    officer.family_name = described.name_of(told.family_name)
    officer.roles = described.roles_of(told.roles)
    described.promote(officer, told.rank, told.rank_since)
    described.act_up(officer, told.acting_rank, told.acting_from, told.acting_until)


def _assign(officer: Officer, to: ChangedOfficer) -> None:
    _describe(officer, to)
    unit = Unit.objects.filter(pk=to.unit, force_id=officer.force_id).first()
    if unit is None:
        raise BadOfficer("Select a unit of this officer's force.", "unit")
    officer.unit = unit
    officer.is_active = to.is_active
    if not officer.is_active:
        officer.on_duty_until = None


def _save(officer: Officer, *, force_insert: bool = False, update_fields: list[str] | None = None) -> None:
    """Save, and say in a sentence what another page has saved a moment before."""
    try:
        with transaction.atomic():
            officer.save(force_insert=force_insert, update_fields=update_fields)
    except IntegrityError as error:
        said = str(error)
        if "no_two_officers_share_an_email_address" in said:
            raise BadOfficer(f"Another officer has the email address {officer.email}.", "email") from None
        if "warrant_number" in said:
            number = officer.warrant_number
            raise BadOfficer(f"An officer with warrant number {number} is here already.", "warrant_number") from None
        raise


def _end_sessions(officer: Officer) -> None:
    """Delete the officer's sessions; none says outside its own bytes whose it is, so the live ones are read."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(officer.pk):
            session.delete()
