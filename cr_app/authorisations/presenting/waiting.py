"""How long a request waits against its target, in words."""

from dataclasses import dataclass
from datetime import datetime

from cr_app.pages.moments import moment, span


@dataclass(frozen=True)
class Age:
    """How long ago it was asked, and how that stands against the target."""

    asked: str
    against_target: str
    is_late: bool
    asked_at: str
    due_at: str


def age_of(asked_since: datetime, due_at: datetime, *, at: datetime) -> Age:
    """Return how a request stands at a moment."""
    is_late = at >= due_at
    return Age(
        asked=f"asked {span(at - asked_since)} ago",
        against_target=f"late by {span(at - due_at)}" if is_late else f"{span(due_at - at)} left",
        is_late=is_late,
        asked_at=moment(asked_since),
        due_at=moment(due_at),
    )
