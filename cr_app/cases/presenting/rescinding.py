"""The page of a rescission in words: what it does, what follows, and who may do it."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Right
from cr_app.cases import access
from cr_app.cases.actions.rescinding import rank_needed, reasons_against_rescinding
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case
from cr_app.cases.queries import Record, Standing, corrections_of, rescission_of, standings_of
from cr_app.cases.queries.names import name_now
from cr_app.pages.moments import moment


def rescinding_page(case: Case, officer: Officer, *, at: datetime) -> dict[str, Any]:
    """Return what the page shows; `reasons` are why this officer may not rescind it, and there is then no form."""
    record, needed = Record(case), rank_needed(case)
    rescission = rescission_of(case)
    may_be = "professional standards" if case.is_restricted else "an authorising officer of the force"
    return {
        "case": case,
        "title": "Rescind the Community Resolution",
        "offender_name": name_now(case.offender, corrections_of(case)),
        "status_colour": case.status_now.colour,
        "follows": _follows(record),
        "reasons": reasons_against_rescinding(officer, case, at=at),
        "who_can": ""
        if case.status_now is Status.RESCINDED
        else f"It takes {may_be}, {needed.words}, who did not record this case or change it, does not have it, and is "
        "no party to it. Whoever gave authority for it may.",
        "rescinded": f"{rescission.by.title}, as {rescission.rank}, on {moment(rescission.at)}." if rescission else "",
        "back_url": reverse("case", args=[case.reference]),
    }


def _follows(record: Record) -> tuple[str, ...]:
    """Return in sentences what rescinding does to this very case."""
    case = record.case
    still_open = sum(each.standing is Standing.OPEN for each in standings_of(record.actions))
    victims = () if case.has_no_victim else record.victims
    parties = "the offender"
    if victims:
        parties = "the offender and the victim" if len(victims) == 1 else f"the offender and {len(victims)} victims"
    found = [
        "The Community Resolution no longer counts: not as an outcome, and not as an earlier disposal of this person. It is "
        "counted as rescinded.",
        "The record, its signatures and its documents stay as they are, with your reasons, your name and your rank.",
    ]
    if still_open:
        what = "1 agreed action is" if still_open == 1 else f"{still_open} agreed actions are"
        found.append(f"{what} still open. The offender no longer has to do what is left.")
    return (
        *found,
        f"A notice is made for {parties}. {_who_tells(case)}.",
        "The offence is open again. What is done about it instead is decided and recorded elsewhere.",
        "This cannot be undone.",
    )


def _who_tells(case: Case) -> str:
    """Say who tells both parties: whoever follows the case up now, its officer left out where she does so no more."""
    does = access.sight_of(case.officer, case).may(Right.FOLLOW_UP) and case.officer.is_active
    if does:
        others = "professional standards" if case.is_restricted else "a sergeant of the unit"
        return f"{case.officer.title}, or {others}, then tells them and records it"
    if case.is_restricted:
        return "Professional standards then tell them and record it"
    return "A sergeant of the unit then tells them and records it"
