"""The desk: requests by when they are due and how they stand, the ledger, totals published elsewhere."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.urls import reverse

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Duty, duties
from cr_app.disclosure.models import PublishedTotal, Release
from cr_app.disclosure.presenting.asking import due_tag, period_in_words, rows_in_words
from cr_app.disclosure.queries.desk import MOST_DONE, Standing, asked_of, groups_of
from cr_app.pages.moments import moment, written

_NOT_OURS = (
    "It is not what the records of this force give for the same days and offences, so it tells nothing of them for certain. "
    "Check it: what was counted, and when, may be another thing."
)
_TABS = (
    ("Requests", "foi_requests"),
    ("Releases", "releases"),
    ("Totals published elsewhere", "published_total"),
    ("The policy", "foi_policy"),
)


def tabs(here: str) -> list[dict[str, object]]:
    """Return the pages of the desk, the one that is open marked."""
    return [{"title": title, "url": reverse(name), "is_current": name == here} for title, name in _TABS]


def tabs_for(officer: Officer, here: str) -> list[dict[str, object]]:
    """Return the pages of the desk for whoever works there; none for anybody else."""
    return tabs(here) if Duty.ANSWER_REQUESTS in duties(officer.given_roles()) else []


@dataclass(frozen=True)
class RequestLine:
    """One request in a list."""

    title: str
    url: str
    what: str
    tag: str
    colour: str
    state: str
    when: str
    due: dict[str, str] | None


def state_of(standing: Standing) -> tuple[str, str, str]:
    """Return how a request stands: a tag, its colour, and a sentence."""
    if standing.release is not None:
        release = standing.release
        return "Released", "green", f"Released as number {release.number} by {release.released_by.name}."
    request = standing.request
    if request.closed_at is not None and request.closed_by is not None:
        words = f"Closed by {request.closed_by.name}, {moment(request.closed_at)}: {request.closed_because}"
        return "Closed", "grey", words
    worked = standing.worked_out
    if worked is None:
        return "Not worked out", "grey", ""
    if standing.is_proposed and standing.proposal is not None:
        return "Proposed", "purple", f"Proposed by {standing.proposal.by.name}: it waits for a second person."
    if not standing.is_current:
        sentence = "Something has changed since it was worked out: work it out again."
        return "To work out again", "orange", sentence
    return "Worked out", "blue", f"Worked out on {moment(worked.at)}. It was not proposed yet."


def title_of(standing: Standing) -> str:
    """Return what a request is called: its title, or its reference and the number of its table."""
    request = standing.request
    return request.title or f"{request.reference}, table {request.part}"


def requests_page(
    open_ones: Sequence[Standing], done: Sequence[Standing], closed: Sequence[Standing], *, today: date
) -> dict[str, Any]:
    """Return what the desk shows."""
    return {
        "title": "Requests for statistics",
        "tabs": tabs("foi_requests"),
        "new_url": reverse("foi_new"),
        "releases_url": reverse("releases"),
        "open_lines": [_request_line(each, today) for each in open_ones],
        "done_lines": [_request_line(each, today) for each in done],
        "closed_lines": [_request_line(each, today) for each in closed],
        "has_more": len(done) >= MOST_DONE,
    }


def _request_line(standing: Standing, today: date) -> RequestLine:
    request, asked = standing.request, asked_of(standing.request)
    tag, colour, state = state_of(standing)
    is_open = standing.is_open
    return RequestLine(
        title=title_of(standing),
        url=reverse("foi_request", args=[request.pk]),
        what=(f"{request.reference}, table {request.part}. " if request.title else "")
        + f"{rows_in_words(asked)}, {period_in_words(asked)}",
        tag=tag,
        colour=colour,
        state=state,
        when=f"Received {written(request.received_on)}, {'due' if is_open else 'was due'} {written(request.due_on)}",
        due=due_tag(request.due_on, today) if is_open else None,
    )


def releases_page(page: "Page[Release]") -> dict[str, Any]:
    """Return what a page of the ledger shows."""
    return {
        "title": "Releases",
        "tabs": tabs("releases"),
        "page_obj": page,
        "lines": [_release_line(release) for release in page],
    }


def _release_line(release: Release) -> dict[str, object]:
    asked = asked_of(release.request)
    return {
        "url": reverse("release", args=[release.number]),
        "number": release.number,
        "day": written(release.released_at.date()),
        "reference": f"{release.request.reference}, table {release.request.part}",
        "title": release.request.title,
        "what": f"{rows_in_words(asked)}, {period_in_words(asked)}",
        "proposed_by": release.proposed_by.name,
        "released_by": release.released_by.name,
        "when": moment(release.released_at),
    }


def totals_page(totals: Sequence[PublishedTotal], agreeing: Collection[int]) -> dict[str, Any]:
    """Return what the page of totals published elsewhere shows; `agreeing` are those that are what the records give."""
    return {
        "title": "Totals published elsewhere",
        "tabs": tabs("published_total"),
        "lines": [_total_line(total, is_ours=total.pk in agreeing) for total in totals],
    }


def _total_line(total: PublishedTotal, *, is_ours: bool) -> dict[str, object]:
    groups = groups_of(total.groups)
    what = "all offences" if not groups else f"offences {', '.join(code for group in groups for code in group.codes)}"
    counted = "Community Resolutions" if total.basis == "cases" else "Offences"
    return {
        "source": total.source,
        "what": f"{total.count:,} {counted.lower() if total.basis == 'offences' else counted} for {what}, "
        f"{written(total.period_from)} to {written(total.period_to)}, published {written(total.published_on)}",
        "tag": "Taken into account" if is_ours else "Left out",
        "colour": "green" if is_ours else "orange",
        "note": "" if is_ours else _NOT_OURS,
        "who": total.by.name,
        "when": moment(total.at),
    }
