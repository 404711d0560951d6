"""What came of agreed actions, recorded by the same action as the page calls."""

from datetime import date
from typing import Any

from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.cases.actions.progress import Came, record_progress
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import AgreedAction
from cr_app.cases.queries import ActionStanding, standings_of
from tests import make

_SAYS: dict[str, dict[str, Any]] = {
    "completed": {"said_by": "The manager of the shop", "evidence": "Receipt 0042"},
    "partly": {"said_by": "The offender", "left": "£6 of it"},
    "not_complied": {"said_by": "The offender", "reason": "Would not do it."},
    "date_changed": {"reason": "In hospital until Monday."},
    "reopened": {"reason": "That was another case."},
}


def came(outcome: str, *, due_on: date | None = None, **said: Any) -> Came:
    """Return an outcome with all that is said with it, found out today."""
    happened = {} if outcome in ("date_changed", "reopened") else {"happened_on": timezone.localdate()}
    return Came(outcome, due_on=due_on, **{**happened, **_SAYS[outcome], **said})


def standing(reference: str, number: int = 1) -> ActionStanding:
    """Return how an action of a case stands, by its number among them."""
    return standings_of(AgreedAction.objects.filter(case__reference=reference))[number - 1]


def recorded(reference: str, officer: Officer, outcome: str, number: int = 1, **said: Any) -> Status:
    """Record what came of an action, its page opened just now; return how the case stands then."""
    now = standing(reference, number)
    return record_progress(reference, now.action.pk, by=officer, came=came(outcome, **said), seen=len(now.progress))


def with_actions(*actions: make.Answers, **changed: Any) -> make.Story:
    """Return a plain story with these agreed actions."""
    return make.shop_theft().but(actions=actions, **changed)
