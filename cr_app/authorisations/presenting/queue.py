"""The lists of whoever decides: what waits, what was returned, what was decided."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Role
from cr_app.authorisations.models import Outcome
from cr_app.authorisations.presenting.waiting import age_of
from cr_app.authorisations.queries import RequestLine, RequestPage
from cr_app.cases.forms import SearchForm
from cr_app.pages.moments import moment

WAITING, RETURNED, DECIDED = "waiting", "returned", "decided"
TABS = {WAITING: "Waiting", RETURNED: "Returned", DECIDED: "Decided"}
_EMPTY = {
    WAITING: "Nothing waits for a decision. You will get an e-mail when you are asked.",
    RETURNED: "Nothing that was returned with a question waits for its answer.",
    DECIDED: "Nothing has been decided yet.",
}
# What stands for a case of which nothing is shown before a reason is given.
_VEILED = {
    WAITING: "Asked of other officers",
    RETURNED: "Returned by another officer",
    DECIDED: "Decided by another officer",
}
_VEILED_OWN = {RETURNED: "Returned by you", DECIDED: "Decided by you"}
_ASKS_WHY = "You will be asked why you are looking at it."
_RESTRICTED = "It is restricted, and does not open to you any more."
_EMPTY_NARROWED = "Nothing fits what you chose. Show all to see the others."
_EMPTY_SEARCHED = (
    "Nothing found. A name is looked for in what was asked of you or decided by you; another request is found by its "
    "exact reference. Show all to see the others."
)
_OUTCOME_COLOURS = {Outcome.GRANTED: "green", Outcome.SUITABLE: "green", Outcome.RETURNED: "yellow"}


@dataclass(frozen=True)
class Tag:
    """A word or two in colour."""

    text: str
    colour: str


@dataclass(frozen=True)
class QueueLine:
    """One request as the list shows it; a veiled one names nobody, and `veil` says what stands before it."""

    reference: str
    crime_report_reference: str
    url: str
    when: str
    tags: tuple[Tag, ...]
    unit: str
    who: str
    offence: str
    exclusions: str
    asked_by: str
    note: str
    veil: str


def queue_page(
    officer: Officer, tab: str, found: RequestPage, *, query: dict[str, str], at: datetime
) -> dict[str, Any]:
    """Return what a list shows; `query` is what narrows it, as the address says it."""
    is_narrowed = bool(query)
    address = reverse("authority_queue")
    kept = urlencode({"tab": tab, **query})
    # What is searched for is looked for in every list.
    kept_search = {"search": query["search"]} if "search" in query else {}
    return {
        "title": "Requests for authority" if officer.has_role(Role.AUTHORISING_OFFICER) else "Referred cases",
        "tab": tab,
        "tabs": [
            {"title": title, "url": f"{address}?{urlencode({'tab': name} | kept_search)}", "is_current": name == tab}
            for name, title in TABS.items()
        ],
        "heading": _heading(tab, found.total),
        "lines": [line_of(line, tab, at=at) for line in found.lines],
        "empty": _EMPTY_SEARCHED if kept_search else _EMPTY_NARROWED if is_narrowed else _EMPTY[tab],
        "is_narrowed": is_narrowed,
        "narrowed_by": {"tab": tab, **query},
        "kept_search": kept_search.get("search", ""),
        "clear_url": f"{address}?{urlencode({'tab': tab})}",
        "page_obj": _page(found),
        "page_pattern": f"?{kept}&page=",
        "duty": _duty(officer, at),
        "form": SearchForm(),
    }


def line_of(line: RequestLine, tab: str, *, at: datetime) -> QueueLine:
    """Return one request as the list shows it."""
    return QueueLine(
        reference=line.reference,
        crime_report_reference=line.crime_report_reference,
        url=reverse("authority_review", args=[line.reference]),
        when=_when(line, tab, at),
        tags=_tags(line, tab, at),
        unit=line.unit,
        who=_veiled(line, tab) if line.is_veiled else line.offender or "Offender not named",
        offence=line.offence,
        exclusions="; ".join(line.exclusions),
        asked_by=line.asked_by + (f", for {line.covering_for}" if line.covering_for else ""),
        note=line.note,
        veil=(_RESTRICTED if line.is_restricted else _ASKS_WHY) if line.is_veiled else "",
    )


def _veiled(line: RequestLine, tab: str) -> str:
    return _VEILED_OWN.get(tab, _VEILED[tab]) if line.is_own else _VEILED[tab]


def _heading(tab: str, total: int) -> str:
    words = {
        WAITING: "waiting, the oldest first",
        RETURNED: "returned, the longest ago first",
        DECIDED: "decided, the latest first",
    }
    return f"{total} {words[tab]}" if total else TABS[tab]


def _when(line: RequestLine, tab: str, at: datetime) -> str:
    if tab == WAITING and line.due_at is not None:
        age = age_of(line.at, line.due_at, at=at)
        return f"{age.asked[0].upper()}{age.asked[1:]}; {age.against_target}"
    done = "Returned" if tab == RETURNED else "Decided"
    by = f", {line.decided_by}" if line.decided_by else ""
    return f"{done} {moment(line.at)}{by}"


def _tags(line: RequestLine, tab: str, at: datetime) -> tuple[Tag, ...]:
    tags = []
    if tab == WAITING and line.is_late:
        tags.append(Tag("Late", "red"))
    if tab == WAITING and line.is_urgent:
        tags.append(Tag("Detained or waiting", "orange"))
    if tab == DECIDED and line.outcome is not None:
        tags.append(Tag(line.outcome.label, _OUTCOME_COLOURS.get(line.outcome, "red")))
    if line.is_void:
        tags.append(Tag("Voided", "red"))
    if line.is_restricted:
        tags.append(Tag("Restricted", "purple"))
    return tuple(tags)


def _page(found: RequestPage) -> Page[int]:
    """Return the place in the list as the pagination shows it; the lines themselves stand apart."""
    return Paginator(range(found.pages), 1).page(found.number)


def _duty(officer: Officer, at: datetime) -> dict[str, object] | None:
    """Return what the switch says; None for professional standards, who are asked all together."""
    if not officer.has_role(Role.AUTHORISING_OFFICER):
        return None
    is_on = officer.is_on_duty(at)
    until = moment(officer.on_duty_until) if officer.on_duty_until is not None and is_on else ""
    return {"is_on": is_on, "until": until, "url": reverse("duty")}
