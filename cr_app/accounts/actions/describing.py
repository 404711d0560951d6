"""What is typed about an officer or a unit, held to what can be kept; each mistake is one sentence."""

from collections.abc import Collection
from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.ranks import rank_held
from cr_app.accounts.roles import TAKING_PART, Role
from cr_app.pages.moments import written
from cr_app.pages.text import clean
from cr_app.policy.facts import BadFacts
from cr_app.policy.ranks import rank_named
from cr_app.reference.models import Force

# A promotion may be recorded ahead of its day, but hardly by years.
_AHEAD = timedelta(days=366)


class BadOfficer(ValueError):
    """This cannot be kept as described; the message is the sentence that says why, `field` the answer it is about."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


def text_of(text: str, what: str, limit: int, field: str = "") -> str:
    """Return clean text of at most `limit` characters."""
    try:
        return clean(text, what=what, limit=limit)
    except ValidationError as error:
        raise BadOfficer(f"{error.messages[0]}.", field) from None


def name_of(text: str) -> str:
    """Return a family name, which every officer has."""
    name = text_of(text, "the family name", 100, "family_name")
    if not name:
        raise BadOfficer("Give a family name; for an officer with one name only, give that.", "family_name")
    return name


def email_of(text: str, officer: Officer) -> str:
    """Return an email address that no officer has but this one, who may not be saved yet."""
    address = text_of(text, "the email address", 254, "email")
    try:
        validate_email(address)
    except ValidationError:
        raise BadOfficer("Give an email address such as a.khan@police.example.", "email") from None
    if Officer.objects.filter(email__iexact=address).exclude(pk=officer.pk).exists():
        raise BadOfficer(f"Another officer has the email address {address}.", "email")
    return address


def rank_of(text: str, field: str = "rank") -> str:
    """Return the name of a rank as the table of ranks writes it."""
    try:
        return rank_named(text.strip()).name
    except BadFacts as error:
        raise BadOfficer(str(error), field) from None


def force_of(code: str) -> str:
    """Return the code of a force that is there."""
    if not Force.objects.filter(code=code[:10].replace("\0", "")).exists():
        raise BadOfficer(f"{code!r} is not the code of a force; run load_reference first, then see the list of forces.")
    return code


def roles_of(names: Collection[str]) -> list[str]:
    """Return the roles in the order of the list of roles; whoever looks after accounts takes no part in cases."""
    unknown = sorted(set(names) - {role.value for role in Role})
    if unknown:
        raise BadOfficer(f"{unknown[0]!r} is not a role; the roles are {', '.join(Role)}.", "roles")
    roles = [role for role in Role if role.value in names]
    if Role.ADMINISTRATOR in roles and (with_it := [role.words for role in roles if role in TAKING_PART]):
        raise BadOfficer(
            "Whoever looks after accounts takes no part in cases: "
            f"give {Role.ADMINISTRATOR.words} without {' or '.join(with_it)}.",
            "roles",
        )
    return [role.value for role in roles]


def check_password(password: str, officer: Officer) -> None:
    """Hold a first password to the rules of the settings."""
    try:
        validate_password(password, officer)
    except ValidationError as error:
        raise BadOfficer(f"The password will not do. {error.messages[0]}") from None


def promote(officer: Officer, rank: str, since: date | None) -> None:
    """Set the substantive rank, `since` a day or, where that is not known, as if always; above the rank held, a day is wanted.

    With a day, the rank that was held until then stays known. Where none is, the rank counts from always, so that its
    day may not be one to come; and one promotion is to come at a time, since one rank is kept as held before it.
    """
    name, today = rank_of(rank), timezone.localdate()
    if since is not None and since > today + _AHEAD:
        raise BadOfficer("Give a first day in the rank that is within a year from now.", "rank_since")
    today_held = officer.rank_on(today).substantive if officer.substantive_rank else None
    if since is None and today_held is not None and rank_named(name).order > today_held.order:
        raise BadOfficer(
            f"Give the first day in the rank: without one, {name} would count as held from always.", "rank_since"
        )
    before = officer.substantive_before if since is not None else ""
    if name != officer.substantive_rank and officer.substantive_rank and since is not None:
        if officer.substantive_since is not None and today < officer.substantive_since < since:
            raise BadOfficer(
                f"{officer.substantive_rank} from {written(officer.substantive_since)} is recorded already: wait for that "
                "day, or take it back first.",
                "rank_since",
            )
        held = officer.rank_on(since - timedelta(days=1)).substantive.name
        before = held if held != name else ""
    if since is not None and since > today and not before:
        raise BadOfficer(
            f"Give a first day that is not to come: no other rank is known that counts until then, so {name} would count "
            "today.",
            "rank_since",
        )
    officer.substantive_rank, officer.substantive_since, officer.substantive_before = name, since, before


def act_up(officer: Officer, rank: str, first: date | None, last: date | None) -> None:
    """Set the acting rank and its days, or none; the substantive rank has been set."""
    if not rank:
        if first or last:
            raise BadOfficer("Name the acting rank that these days are for.", "acting_rank")
        officer.acting_rank, officer.acting_from, officer.acting_until = "", None, None
        return
    name = rank_of(rank, "acting_rank")
    if first is None:
        if rank_named(name).order <= rank_named(officer.substantive_rank).order:
            raise BadOfficer(f"Give an acting rank above {officer.substantive_rank}.", "acting_rank")
        raise BadOfficer("Say from which day the officer acts in the higher rank.", "acting_from")
    if last is not None and last < first:
        raise BadOfficer("Give a last day of acting that is not before the first.", "acting_until")
    held = rank_held(
        officer.substantive_rank, name, first, last,
        since=officer.substantive_since, before=officer.substantive_before, on=first,
    )  # fmt: skip
    if not held.is_acting:
        on = f" on {written(first)}" if officer.substantive_before else ""
        raise BadOfficer(f"Give an acting rank above {held.substantive.name}{on and f', held{on}'}.", "acting_rank")
    officer.acting_rank, officer.acting_from, officer.acting_until = name, first, last
