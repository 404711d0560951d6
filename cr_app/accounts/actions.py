"""What is done to officers' accounts, each in one transaction with its entry in the trail."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from cr_app.accounts.models import Officer, Unit
from cr_app.accounts.queries import is_officers_number
from cr_app.accounts.roles import Role
from cr_app.accounts.warrant_numbers import is_warrant_number, normal_warrant_number
from cr_app.audit.trail import ANONYMOUS, Actor, Change, record
from cr_app.pages.text import clean
from cr_app.policy.facts import BadFacts
from cr_app.policy.ranks import rank_named
from cr_app.reference.models import Force

# Who the officer is; what may be erased from the trail one day. The warrant number names the account and stays.
_PERSONAL = frozenset({"email", "given_names", "family_name"})
_RECORDED = (
    "warrant_number", "email", "given_names", "family_name", "substantive_rank", "acting_rank", "acting_from",
    "acting_until", "force_id", "unit_id", "roles", "must_change_password",
)  # fmt: skip


class BadOfficer(ValueError):
    """The officer cannot be added as described; the message is the sentence that says why and what to do."""


@dataclass(frozen=True)
class NewOfficer:
    """An officer as described by whoever adds one; nothing of it has been checked yet."""

    warrant_number: str
    email: str
    given_names: str
    family_name: str
    rank: str
    force: str
    unit: str
    area: str = ""
    roles: Collection[str] = ()
    acting_rank: str = ""
    acting_from: date | None = None
    acting_until: date | None = None


def add_officer(new: NewOfficer, *, password: str, must_change_password: bool, by: Actor, command: str = "") -> Officer:
    """Add an officer who can sign in with `password`, and the unit when the force has none of that name.

    Raises BadOfficer with one sentence for the first thing that is wrong.
    """
    officer = _described(new)
    officer.must_change_password = must_change_password
    _check_password(password, officer)
    officer.set_password(password)
    with transaction.atomic():
        changes = []
        officer.unit, unit_is_new = Unit.objects.get_or_create(
            force_id=officer.force_id,
            name=_text(new.unit, "the unit", 100),
            defaults={"area": _text(new.area, "the area", 100)},
        )
        if unit_is_new:
            new_unit = {"name": officer.unit.name, "force_id": officer.force_id, "area": officer.unit.area}
            changes.append(Change("create", "accounts.unit", str(officer.unit.pk), new=new_unit))
        officer.save(force_insert=True)
        changes.append(
            Change("create", "accounts.officer", str(officer.pk), new=_recorded(officer), personal=_PERSONAL)
        )
        details = {"officer": officer.warrant_number} | ({"command": command} if command else {})
        record("officer.added", actor=by, subject=officer.subject, changes=changes, details=details)
    return officer


def change_password(officer: Officer, password: str, *, by: Actor) -> None:
    """Give the officer a new password, which the caller has checked."""
    officer.set_password(password)
    officer.must_change_password = False
    with transaction.atomic():
        officer.save(update_fields=["password", "must_change_password"])
        record("officer.password_changed", actor=by, subject=officer.subject)


def note_signed_in(officer: Officer, *, method: str) -> None:
    """Record a sign-in, in the transaction that makes its session."""
    record("officer.signed_in", actor=officer.as_actor(), subject=officer.subject, details={"method": method})


def note_signed_out(officer: Officer, *, because: str) -> None:
    """Record the end of a session, in the transaction that deletes it."""
    record("officer.signed_out", actor=officer.as_actor(), subject=officer.subject, details={"because": because})


def note_sign_in_failed(tried: str, *, by: Actor = ANONYMOUS, was_locked: bool, lock_began: bool, minutes: int) -> None:
    """Record a refused sign-in, and that it closed the lock when it did.

    `tried` is kept when it is some officer's number or digits alone: whatever else was typed may be a password.
    """
    subject = f"officer:{tried}" if is_officers_number(tried) else ""
    name = {"sign_in_name": tried} if subject or (tried.isdigit() and is_warrant_number(tried)) else {}
    because = "locked" if was_locked else "wrong warrant number or password"
    with transaction.atomic():
        record(
            "officer.sign_in_failed", actor=by, subject=subject, outcome="refused", details={**name, "because": because}
        )
        if lock_began:
            record(
                "officer.locked_out", actor=by, subject=subject, outcome="refused", details={**name, "minutes": minutes}
            )


def _described(new: NewOfficer) -> Officer:
    """Return the officer that `new` describes, not saved yet; raises BadOfficer."""
    number = normal_warrant_number(new.warrant_number)
    if not is_warrant_number(number):
        raise BadOfficer("Give a warrant number of 2 to 12 letters and digits, with single hyphens inside if need be.")
    if is_officers_number(number):
        raise BadOfficer(f"An officer with warrant number {number} is here already.")
    officer = Officer(
        warrant_number=number,
        email=_email(new.email),
        given_names=_text(new.given_names, "the given names", 90),
        family_name=_text(new.family_name, "the family name", 100),
        substantive_rank=_rank(new.rank),
        force_id=_force(new.force),
        roles=_roles(new.roles),
    )
    if not officer.family_name:
        raise BadOfficer("Give a family name; for an officer with one name only, give that.")
    if not _text(new.unit, "the unit", 100):
        raise BadOfficer("Name the officer's unit.")
    _act_up(officer, new)
    return officer


def _act_up(officer: Officer, new: NewOfficer) -> None:
    if not new.acting_rank:
        if new.acting_from or new.acting_until:
            raise BadOfficer("Name the acting rank that these days are for.")
        return
    officer.acting_rank = _rank(new.acting_rank)
    if rank_named(officer.acting_rank).order <= rank_named(officer.substantive_rank).order:
        raise BadOfficer(f"Give an acting rank above {officer.substantive_rank}.")
    if new.acting_from is None:
        raise BadOfficer("Say from which day the officer acts in the higher rank.")
    if new.acting_until is not None and new.acting_until < new.acting_from:
        raise BadOfficer("Give a last day of acting that is not before the first.")
    officer.acting_from, officer.acting_until = new.acting_from, new.acting_until


def _text(text: str, what: str, limit: int) -> str:
    try:
        return clean(text, what=what, limit=limit)
    except ValidationError as error:
        raise BadOfficer(f"{error.messages[0]}.") from None


def _email(text: str) -> str:
    address = _text(text, "the email address", 254)
    try:
        validate_email(address)
    except ValidationError:
        raise BadOfficer("Give an email address such as a.khan@police.example.") from None
    if Officer.objects.filter(email__iexact=address).exists():
        raise BadOfficer(f"Another officer has the email address {address}.")
    return address


def _rank(text: str) -> str:
    try:
        return rank_named(text.strip()).name
    except BadFacts as error:
        raise BadOfficer(str(error)) from None


def _force(code: str) -> str:
    if not Force.objects.filter(code=code[:10].replace("\0", "")).exists():
        raise BadOfficer(f"{code!r} is not the code of a force; run load_reference first, then see the list of forces.")
    return code


def _roles(names: Collection[str]) -> list[str]:
    unknown = sorted(set(names) - {role.value for role in Role})
    if unknown:
        raise BadOfficer(f"{unknown[0]!r} is not a role; the roles are {', '.join(Role)}.")
    return [role.value for role in Role if role.value in names]


def _check_password(password: str, officer: Officer) -> None:
    try:
        validate_password(password, officer)
    except ValidationError as error:
        raise BadOfficer(f"The password will not do. {error.messages[0]}") from None


def _recorded(officer: Officer) -> dict[str, object]:
    values = {name: getattr(officer, name) for name in _RECORDED}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
