"""Whom a case waits for, since when and until when, and who can help, in words."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from cr_app.authorisations.models import Decision, Kind
from cr_app.authorisations.presenting.decisions import decision_cards
from cr_app.authorisations.presenting.waiting import Age, age_of
from cr_app.authorisations.queries import AskedOfficer, EligibleOfficer, Standing
from cr_app.authorisations.routing import MOST_ROUNDS
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case, Void
from cr_app.cases.queries.names import offender_now
from cr_app.pages.moments import moment, span

_WAITS = {
    Kind.AUTHORITY: "Waiting for authority",
    Kind.SUITABILITY: "Waiting for professional standards",
}
_WAITS_FOR_NOTHING = {
    Status.DRAFT: "This case is a draft, so nobody is asked to decide now. Submit it to have it decided.",
    Status.READY: "Nothing more has to be decided: this case is ready to issue.",
    Status.REFUSED: "Authority was refused. No Community Resolution can be given in this case.",
}


def who_can(case: Case, standing: Standing) -> dict[str, Any]:
    """Return who may decide, and where nobody there may, who can help and how.

    A restricted case opens to those alone of whom it was or is to be asked, so that no others are named.
    """
    return {
        "wanted": standing.needed,
        "eligible": [{"name": each.officer.title, "note": _presence(each)} for each in _reached(case, standing)],
        "not_started": [each.title for each in standing.not_started],
        "needs_administrator": standing.nobody,
        "is_closed_to_others": _is_for_those_asked(case, standing),
        "administrators": [{"name": each.title, "email": each.email} for each in standing.administrators],
    }


def _is_for_those_asked(case: Case, standing: Standing) -> bool:
    return case.is_restricted and standing.kind is Kind.AUTHORITY


def _reached(case: Case, standing: Standing) -> tuple[EligibleOfficer, ...]:
    """Return who may decide and can open the case, or could but for being away."""
    if not _is_for_those_asked(case, standing):
        return standing.eligible
    asked = {each.officer.pk for each in (*standing.asked, *standing.to_ask)}
    return tuple(each for each in standing.eligible if each.officer.pk in asked or each.is_absent)


def waiting_page(case: Case, standing: Standing, *, at: datetime) -> dict[str, Any]:
    """Return how a case waits: what is asked and of whom, since when, until when, and what follows when that passes."""
    return {
        "heading": _WAITS[standing.kind],
        "standing": {
            "age": waiting_age(standing, at=at),
            "is_urgent": is_urgent(case, standing),
            "rows": [
                {"key": "Who may decide", "value": _capital(standing.needed)},
                {"key": "Asked by", "value": standing.asked_by.title},
                {"key": "Asked", "value": f"{moment(standing.asked_since)}, {span(at - standing.asked_since)} ago"},
                {"key": "Target", "value": _target(standing, at)},
            ],
            "asked": [_asked(each, standing) for each in (*standing.asked, *standing.to_ask)],
            "follows": _what_follows(standing, at),
            "note": _note(case, standing),
        },
        "who": who_can(case, standing),
        # With somebody asked and there, no more is to be done than to wait.
        "needs_help": standing.nobody or (standing.kind is Kind.AUTHORITY and not standing.is_on_hand),
    }


def settled_page(case: Case) -> dict[str, Any]:
    """Return what is said of a case that waits for nobody."""
    return {
        "heading": case.status_label,
        "standing": None,
        "sentence": _WAITS_FOR_NOTHING.get(case.status_now, "Nothing waits for a decision in this case."),
    }


def case_authority_page(
    case: Case, standing: Standing | None, decisions: tuple[Decision, ...], voids: tuple[Void, ...], *, at: datetime
) -> dict[str, Any]:
    """Return what the page about a case's authority says to whoever may see the case."""
    shown = waiting_page(case, standing, at=at) if standing is not None else settled_page(case)
    return shown | {
        "case": case,
        "title": f"{shown['heading']}: case {case.reference}",
        "offender_name": offender_now(case),
        "decisions": decision_cards(decisions, voids),
        "case_url": reverse("case", args=[case.reference]),
        "back_url": reverse("case", args=[case.reference]),
        "back_label": "The case",
    }


def waiting_age(standing: Standing, *, at: datetime) -> Age:
    """Return how long a request waits against its target."""
    return age_of(standing.asked_since, standing.due_at, at=at)


def is_urgent(case: Case, standing: Standing) -> bool:
    """Tell whether somebody is detained or waits, so that the shorter target holds."""
    return standing.kind is Kind.AUTHORITY and case.detained_or_waiting is True


def _asked(each: AskedOfficer, standing: Standing) -> dict[str, str]:
    on_duty = {one.officer.pk for one in standing.eligible if one.is_on_duty and not one.is_absent}
    notes = ["on duty"] if each.officer.pk in on_duty else []
    if each.asked_at is None:
        notes.append("to be asked now")
    elif each.round:
        notes.append(f"reminded {moment(each.asked_at)}")
    if each.is_absent:
        notes.append("away")
    elif not each.may_decide:
        notes.append("can no longer decide on it")
    return {
        "name": each.officer.title,
        "covering_for": each.covering_for.title if each.covering_for else "",
        "note": ", ".join(notes),
    }


def _presence(each: EligibleOfficer) -> str:
    if each.is_absent:
        return f"away, covered by {each.covered_by.title}" if each.covered_by else "away"
    return "on duty" if each.is_on_duty else ""


def _target(standing: Standing, at: datetime) -> str:
    age = waiting_age(standing, at=at)
    return f"{_capital(span(timedelta(minutes=standing.minutes)))}, by {age.due_at}: {age.against_target}"


def _what_follows(standing: Standing, at: datetime) -> str:
    if standing.nobody:
        return ""
    if standing.kind is Kind.SUITABILITY:
        return "Professional standards are asked all together, and reminded when the target passes."
    if standing.round >= MOST_ROUNDS:
        return "The force has been asked as often as it is asked. Ring one of them, or your duty officer."
    following = standing.asked_since + timedelta(minutes=standing.minutes * (standing.round + 1))
    if following <= at:
        return ""
    asked = {each.officer.pk for each in (*standing.asked, *standing.to_ask)}
    if not any(each.officer.pk not in asked and not each.is_absent for each in standing.eligible):
        return f"If nobody decides by {moment(following)}, those asked are reminded. Nobody else may decide on it."
    others = "everybody on duty in the force who may decide" if not standing.round else "they are reminded, and others"
    return f"If nobody decides by {moment(following)}, {others} will be asked too."


def _note(case: Case, standing: Standing) -> str:
    if standing.nobody or standing.kind is not Kind.AUTHORITY or standing.is_on_hand:
        return ""
    if _is_for_those_asked(case, standing):
        return (
            "Nobody who may decide is on duty now. Ring one of those who have been asked: they can decide whether on "
            "duty or not. This case is restricted, so nobody else can open it."
        )
    return "Nobody who may decide is on duty now. Ring one of those below: they can decide whether on duty or not."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
