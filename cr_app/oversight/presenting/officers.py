"""What an officer did in a period, as the supervisors' page tells it."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from cr_app.audit.searching import REFUSED, Activity
from cr_app.oversight.actions.officers import DAYS, Reviewed
from cr_app.oversight.forms.events import event_in_words
from cr_app.oversight.models import Flag, Rule
from cr_app.oversight.presenting.searching import lines_of, pages_of
from cr_app.pages.moments import moment, written


@dataclass(frozen=True)
class KindLine:
    """How often an officer did one kind of thing, and was refused it."""

    words: str
    done: int
    refused: int


@dataclass(frozen=True)
class FlagLine:
    """One red flag that names the officer."""

    when: str
    rule: str
    url: str
    is_reviewed: bool


def officer_page(reviewed: Reviewed, *, at_key: bool) -> dict[str, Any]:
    """Return what the page shows; `at_key` where its entries are not the newest."""
    officer, activity = reviewed.officer, reviewed.activity
    address = reverse("trail_officer", args=[officer.pk])
    results = reviewed.results
    return {
        "title": "What an officer did",
        "who": officer.title,
        "unit": str(officer.unit),
        "is_closed": not officer.is_active,
        "back_url": reverse("trail"),
        "days": reviewed.days,
        "since": written(reviewed.since),
        "tabs": [
            {"title": f"{days} days", "url": f"{address}?days={days}", "is_current": days == reviewed.days}
            for days in DAYS
        ],
        "figures": _figures(activity),
        "kinds": _kinds(activity),
        "flags": [_flag_line(flag) for flag in reviewed.flags],
        "has_more_flags": reviewed.has_more_flags,
        "lines": lines_of(results),
    } | pages_of(address, {"days": str(reviewed.days)}, results, at_key=at_key)


def _figures(activity: Activity) -> list[tuple[str, str]]:
    refused = sum(number for (_, outcome), number in activity.events.items() if outcome == REFUSED)
    total = activity.entries + activity.looks
    share = f" ({activity.out_of_hours * 100 / total:.0f}%)" if total else ""
    return [
        ("Things done or tried", f"{activity.entries:,}"),
        ("Refused attempts", f"{refused:,}"),
        ("Looks at records", f"{activity.looks:,}"),
        ("Looks refused", f"{activity.refused_looks:,}"),
        ("Cases looked at", f"{activity.records:,}"),
        ("Out of hours, from 22:00 to 06:00", f"{activity.out_of_hours:,} of {total:,}{share}"),
    ]


def _kinds(activity: Activity) -> list[KindLine]:
    numbers: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for (event, outcome), number in activity.events.items():
        numbers[event][outcome == REFUSED] += number
    lines = [KindLine(event_in_words(event), done, refused) for event, (done, refused) in numbers.items()]
    return sorted(lines, key=lambda line: (-line.done - line.refused, line.words))


def _flag_line(flag: Flag) -> FlagLine:
    url = reverse("red_flag", args=[flag.pk])
    return FlagLine(moment(flag.at), Rule(flag.rule).label, url, bool(flag.reviews.all()))
