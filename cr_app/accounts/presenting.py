"""Officers and absences as pages show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django import forms
from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.forms.officers import said
from cr_app.accounts.models import Absence, Officer, Unit
from cr_app.accounts.roles import Duty, Role, duties
from cr_app.pages.moments import moment, written
from cr_app.pages.refusals import Stale


@dataclass(frozen=True)
class OfficerLine:
    """An officer in a list."""

    url: str
    title: str
    unit: str
    roles: str
    note: str


@dataclass(frozen=True)
class AbsenceLine:
    """An absence in a list."""

    text: str
    cover: str
    end_url: str
    end_words: str


def lines_of(officers: Iterable[Officer], absent: Mapping[int, Absence]) -> tuple[OfficerLine, ...]:
    """Return officers for a list; `absent` are those away today."""
    return tuple(
        OfficerLine(
            url=reverse("officer", args=[officer.pk]),
            title=officer.title,
            unit=str(officer.unit),
            roles=roles_said(officer),
            note="Closed" if not officer.is_active else "Away" if officer.pk in absent else "",
        )
        for officer in officers
    )


def roles_said(officer: Officer) -> str:
    """Return the officer's roles in the order of the list of roles."""
    return ", ".join(role.words for role in Role if officer.has_role(role)) or "No role yet"


def absence_lines(absences: Iterable[Absence], today: date) -> tuple[AbsenceLine, ...]:
    """Return absences for a list, each with what ends it."""
    return tuple(
        AbsenceLine(
            text=_days(absence),
            cover=f"Covered by {absence.covered_by.title}" if absence.covered_by else "Covered by nobody",
            end_url=reverse("absence_end", args=[absence.pk]),
            end_words="End it now" if absence.from_on <= today else "Take it back",
        )
        for absence in absences
    )


def duty_said(officer: Officer, at: datetime) -> str:
    """Return whether the officer takes requests, and until when."""
    if officer.on_duty_until is None or not officer.is_on_duty(at):
        return "Off duty"
    return f"On duty until {moment(officer.on_duty_until)}"


def account_rows(officer: Officer, at: datetime) -> list[dict[str, str]]:
    """Return the account as rows of a summary list."""
    held = officer.rank_on(timezone.localdate(at))
    rows = [
        ("Name", officer.name),
        ("Warrant number", officer.warrant_number),
        ("Email address", officer.email),
        ("Unit", str(officer.unit)),
        ("Rank today", held.words),
        ("Substantive rank", _substantive(officer)),
        ("Acting rank", _acting(officer)),
        ("Roles", roles_said(officer)),
    ]
    if Duty.ON_DUTY_SWITCH in duties(officer.given_roles()):
        rows.append(("Requests for authority", duty_said(officer, at)))
    account = "Open" if officer.is_active else "Closed"
    if officer.is_active and officer.must_change_password:
        account = "Open; the first password has not been changed yet"
    rows.append(("Account", account))
    return [{"key": key, "value": value} for key, value in rows]


def conflict(
    form: forms.Form, saved: Mapping[str, object], refused: Stale, *, units: Iterable[Unit] = (), keep_url: str
) -> dict[str, object]:
    """Return what a page shows where somebody else has saved first: what differs between the saved and the typed."""
    return {
        "conflict": _differences(form, saved, units),
        "conflict_sentence": refused.sentence,
        "keep_theirs_url": keep_url,
    }


def _differences(form: forms.Form, saved: Mapping[str, object], units: Iterable[Unit]) -> list[dict[str, str]]:
    named = {str(unit.pk): str(unit) for unit in units}
    rows = []
    for name, theirs in saved.items():
        yours = form.cleaned_data.get(name)
        if said(yours) != said(theirs):
            words = [named.get(str(value), said(value)) if name == "unit" else said(value) for value in (theirs, yours)]
            rows.append({"question": str(form.fields[name].label), "theirs": words[0], "yours": words[1]})
    return rows


def _days(absence: Absence) -> str:
    if absence.from_on == absence.until_on:
        return written(absence.from_on)
    return f"{written(absence.from_on)} to {written(absence.until_on)}"


def _substantive(officer: Officer) -> str:
    if officer.substantive_since is None:
        return officer.substantive_rank
    before = f"; {officer.substantive_before} before" if officer.substantive_before else ""
    return f"{officer.substantive_rank}, from {written(officer.substantive_since)}{before}"


def _acting(officer: Officer) -> str:
    if officer.acting_from is None:
        return "None"
    until = f" to {written(officer.acting_until)}" if officer.acting_until else ", no end known"
    return f"{officer.acting_rank}, from {written(officer.acting_from)}{until}"
