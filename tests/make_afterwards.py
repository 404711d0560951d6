"""What follows an issue, done by the same actions as the pages call: a contact, a correction, a rescission."""

from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.cases.actions.contacts import Attempt, record_contact
from cr_app.cases.actions.correcting import NameCorrection, correct_name
from cr_app.cases.actions.rescinding import rescind, seen_state
from cr_app.cases.models import Case, Document, Victim

WRONG = "The value was £1,240, which nobody had asked about."
MISSPELT = "Misspelt: the passport shows it."


def victims(reference: str) -> list[Victim]:
    """Return the victims of a case in their order."""
    return list(Victim.objects.filter(case__reference=reference).order_by("position"))


def attempt(victim: Victim | None, **changed: Any) -> Attempt:
    """Return a telephone call, just now, in which somebody was told of the decision."""
    told: dict[str, Any] = {
        "victim": victim.pk if victim else None,
        "happened_at": timezone.now(),
        "how": "phone",
        "result": "reached",
        "told": "decision",
        "note": "Content with it.",
    }
    return Attempt(**(told | changed))


def contacted(
    reference: str, by: Officer, victim: Victim | None, *, token: UUID | None = None, **changed: Any
) -> Attempt:
    """Record a contact and return it."""
    made = attempt(victim, **changed)
    record_contact(reference, by=by, attempt=made, token=token or uuid4())
    return made


def corrected(
    reference: str,
    by: Officer,
    key: str = "offender.last_names",
    *,
    old: str = "Ransome",
    new: str = "Ransom",
    reason: str = MISSPELT,
    token: UUID | None = None,
) -> tuple[Document, ...] | None:
    """Correct a name and return the documents made anew."""
    correction = NameCorrection(key=key, old=old, new=new, reason=reason)
    return correct_name(reference, by=by, correction=correction, token=token or uuid4())


def rescinded(reference: str, by: Officer, *, reason: str = WRONG, seen: str | None = None) -> tuple[Document, ...]:
    """Rescind a case as its page shows it now and return the notices."""
    shown = seen_state(Case.objects.get(reference=reference)) if seen is None else seen
    return rescind(reference, by=by, reason=reason, seen=shown)
