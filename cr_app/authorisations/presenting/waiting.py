"""How long a request waits against its target, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cr_app.pages.moments import moment

_HOUR, _DAY = 60, 24 * 60
# Up to here hours are told with their minutes; from two days on, days alone.
_MINUTES_MATTER, _DAYS_ALONE = 6 * _HOUR, 2 * _DAY


@dataclass(frozen=True)
class Age:
    """How long ago it was asked, and how that stands against the target."""

    asked: str
    against_target: str
    is_late: bool
    asked_at: str
    due_at: str


def span(length: timedelta) -> str:
    """Return a length of time as it is spoken: 35 minutes, 2 hours 5 minutes, 9 hours, 3 days."""
    minutes = max(int(length.total_seconds() // 60), 0)
    if minutes == 0:
        return "less than a minute"
    if minutes < _HOUR:
        return counted(minutes, "minute")
    if minutes < _MINUTES_MATTER:
        hours, rest = divmod(minutes, _HOUR)
        return counted(hours, "hour") + (f" {counted(rest, 'minute')}" if rest else "")
    return counted(minutes // _HOUR, "hour") if minutes < _DAYS_ALONE else counted(minutes // _DAY, "day")


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


def counted(number: int, what: str) -> str:
    """Return a number of things: 1 minute, 2 minutes."""
    return f"{number} {what}{'' if number == 1 else 's'}"
