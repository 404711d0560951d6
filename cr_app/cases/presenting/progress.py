"""The agreed actions of an issued case: how each stands, and all that was recorded of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.roles import Right, Sight
from cr_app.cases.actions.progress import Followed
from cr_app.cases.forms.progress import ProgressForm
from cr_app.cases.lifecycle import FOLLOWED, Status
from cr_app.cases.models import ActionProgress, Case, Correction
from cr_app.cases.queries import ActionStanding, Record, Standing, corrections_of
from cr_app.cases.queries.names import name_now
from cr_app.cases.questions import AFTERWARDS
from cr_app.pages.moments import moment, written
from cr_app.policy.rulebook import rulebook_named
from cr_app.policy.rules import Rulebook

_OUTCOME = AFTERWARDS["progress.outcome"]
_WORDS = {
    Standing.COMPLETED: ("Completed", "green"),
    Standing.NOT_COMPLIED: ("Not complied with", "red"),
}
_SAYS = {
    Status.ISSUED: "Record what comes of each. When all are completed, the case is.",
    Status.COMPLETED: "Everything that was agreed has been done. Nothing more is recorded of it.",
    Status.NOT_COMPLIED: "It was recorded that something agreed was not complied with, and the case stays so, also where "
    "that was opened again as recorded in error. When all are completed, the case is, and that counts as done late.",
    Status.RESCINDED: "The Community Resolution was rescinded, so nothing more is recorded of what was agreed.",
}
_NOTHING = "Nothing was agreed in this case, so there is nothing to follow up."


@dataclass(frozen=True)
class Past:
    """One record of an action: what came of it, who recorded it and when, and what was said."""

    words: str
    when: str
    iso: str
    by: str
    rows: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class ActionCard:
    """One agreed action as its page shows it; `url` is where it is recorded, "" for whoever may not."""

    number: int
    title: str
    tag: str
    colour: str
    rows: tuple[dict[str, Any], ...]
    past: tuple[Past, ...]
    url: str


def progress_page(case: Case, sight: Sight, *, at: datetime) -> dict[str, Any]:
    """Return what the page of the agreed actions of an issued case shows."""
    record = Record(case)
    cards = action_cards(record, may_record=may_record(case, sight), on=timezone.localdate(at))
    return {
        "case": case,
        "offender": name_now(case.offender, record.corrections),
        "title": "Agreed actions",
        "says": _SAYS[case.status_now] if cards else _NOTHING,
        "status_colour": case.status_now.colour,
        "cards": cards,
        "follows": follows_of(case) if case.status_now in FOLLOWED and cards else {},
        "back_url": reverse("case", args=[case.reference]),
    }


def action_cards(record: Record, *, may_record: bool, on: date) -> tuple[ActionCard, ...]:
    """Return the agreed actions of a case that was issued, as they stand on a day, each with its whole history."""
    case, rulebook = record.case, _rulebook(record.case)
    return tuple(
        _card(case, number, standing, rulebook, record.corrections, may_record=may_record, on=on)
        for number, standing in enumerate(record.standings, start=1)
    )


def may_record(case: Case, sight: Sight) -> bool:
    """Tell whether something can be recorded of the case's actions, and by whoever sees it so."""
    return sight.may(Right.FOLLOW_UP) and case.status_now in FOLLOWED


def follows_of(case: Case) -> dict[str, Any]:
    """Return what follows from not complying, by the rulebook that the case was decided under."""
    rulebook = _rulebook(case)
    return {"sentences": rulebook.non_compliance, "source": f"{rulebook.title} ({rulebook.name})"}


def record_page(case: Case, found: Followed, form: ProgressForm, *, on: date) -> dict[str, Any]:
    """Return what the page shows on which something is recorded of one action."""
    corrections = corrections_of(case)
    card = _card(case, found.number, found.standing, _rulebook(case), corrections, may_record=False, on=on)
    return {
        "case": case,
        "offender": name_now(case.offender, corrections),
        "form": form,
        "title": "What came of this action?",
        "card": card,
        "follows": follows_of(case),
        "submit_label": "Record it",
        "back_url": reverse("case_progress", args=[case.reference]),
        "keep_title": True,
    }


def _rulebook(case: Case) -> Rulebook:
    """Return the rulebook that a case was decided under."""
    return rulebook_named(case.rulebook or "")


def _card(
    case: Case,
    number: int,
    standing: ActionStanding,
    rulebook: Rulebook,
    corrections: Iterable[Correction],
    *,
    may_record: bool,
    on: date,
) -> ActionCard:
    action = standing.action
    titles = {remedy.code: remedy.title for remedy in rulebook.remedy_actions}
    rows: list[dict[str, Any]] = [{"key": "What", "value": titles.get(action.remedy, action.remedy)}]
    if action.amount is not None:
        rows.append({"key": "Amount", "value": f"£{action.amount:,.2f}"})
    rows.append({"key": "For whom", "lines": _for_whom(standing, corrections)})
    rows.append({"key": "Due", "lines": _dates(standing)})
    if standing.left:
        rows.append({"key": "Still to be done", "value": standing.left})
    tag, colour = _tag(standing, case.status_now, on=on)
    return ActionCard(
        number=number,
        title=f"{number}. {action.undertaking}",
        tag=tag,
        colour=colour,
        rows=tuple(rows),
        past=tuple(_past(row) for row in standing.progress),
        url=reverse("case_progress_record", args=[case.reference, action.pk]) if may_record else "",
    )


def _for_whom(standing: ActionStanding, corrections: Iterable[Correction]) -> tuple[str, ...]:
    victim = standing.action.victim
    if victim is None:
        return ("The community, or nobody in particular",)
    now = name_now(victim, corrections)
    return (now,) if now == victim.name else (now, f"Recorded at issue as: {victim.name}")


def _dates(standing: ActionStanding) -> tuple[str, ...]:
    """Return the date that holds now and, below it, each one before: as it was agreed, and as it was changed."""
    dates = [standing.first_due_on]
    for row in standing.progress:
        if row.due_on != dates[-1]:
            dates.append(row.due_on)
    *before, now = dates
    earlier = [f"{'As agreed' if place == 0 else 'Then'}: {written(each)}" for place, each in enumerate(before)]
    return (written(now), *earlier)


def _tag(standing: ActionStanding, status: Status, *, on: date) -> tuple[str, str]:
    if standing.standing in _WORDS:
        return _WORDS[standing.standing]
    if status not in FOLLOWED:
        return "Not followed up any more", "grey"
    if standing.is_overdue(on):
        return "Overdue", "red"
    if standing.due_on == on:
        return "Due today", "orange"
    return ("Partly done", "light-blue") if standing.left else ("Open", "blue")


def _past(row: ActionProgress) -> Past:
    happened = f", on {written(row.happened_on)}" if row.happened_on else ""
    said = {
        "left": row.left,
        "due_on": written(row.due_on) if row.outcome in (ActionProgress.PARTLY, ActionProgress.DATE_CHANGED) else "",
        "evidence": row.evidence,
        "reason": row.reason,
        "said_by": row.said_by,
    }
    return Past(
        words=f"{_OUTCOME.text_of(row.outcome)}{happened}",
        when=moment(row.at),
        iso=row.at.isoformat(),
        by=row.by.title,
        rows=tuple(
            {"key": AFTERWARDS[f"progress.{name}"].text, "value": value} for name, value in said.items() if value
        ),
    )


def said_of(number: int, outcome: str, status: Status, *, was: Status) -> str:
    """Return what is said once something was recorded of an action: what it was, and where it took the case."""
    words = f"Recorded of action {number}: {_OUTCOME.text_of(outcome).lower()}"
    return words if status is was else f"{words}. This case is now {status.phrase}"
