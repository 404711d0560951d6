"""The desk: requests by when they are due and how they stand, the ledger, totals published elsewhere."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Duty, duties
from cr_app.disclosure.models import InformationRequest, PublishedTotal, Release
from cr_app.disclosure.presenting.asking import back_to, due_tag, period_in_words, rows_in_words
from cr_app.disclosure.queries.desk import (
    MOST_DONE,
    ImportOfForce,
    Listed,
    Standing,
    asked_of,
    groups_of,
    withdrawal_of,
)
from cr_app.pages.moments import moment, written

_NOT_OURS = (
    "It is not what the records of this force give for the same days and offences, nor what they gave when it was published or "
    "entered, or as of an import or a release, so it tells nothing of them for certain. Check it: what was counted, and when, may "
    "be another thing."
)
_NOT_COUNTED = (
    "Counting took longer than it may, so this page cannot say which of these are taken into account. Open it again in some "
    "minutes."
)
_NOT_LISTED = "Counting took longer than it may, so this page cannot list them. Open it again in some minutes."
# Short, so that they stand in one line where there is room for a column of text.
_TABS = (
    ("Requests", "foi_requests"),
    ("Releases", "releases"),
    ("Totals elsewhere", "published_total"),
    ("Imported cases", "foi_imports"),
    ("Policy", "foi_policy"),
)
CLOSED = "closed"


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
    who: str


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
    if standing.is_at_work:
        return "Being worked out", "light-blue", _at_work(request)
    if request.refused_at is not None and request.refused_version == request.version:
        words = f"It could not be worked out on {moment(request.refused_at)}. {request.refused_because}"
        return "Could not be worked out", "red", words
    if worked is None:
        return "Not worked out", "grey", ""
    if standing.is_proposed and standing.proposal is not None:
        return "Proposed", "purple", f"Proposed by {standing.proposal.by.name}: it waits for a second person."
    if not standing.is_current:
        sentence = "Something has changed since it was worked out: work it out again."
        return "To work out again", "orange", sentence
    return "Worked out", "blue", f"Worked out on {moment(worked.at)}. It was not proposed yet."


def _at_work(request: InformationRequest) -> str:
    since, who = timezone.localtime(request.working_since), request.working_by
    return f"Being worked out since {since:%H:%M}{f', for {who.name}' if who else ''}."


def title_of(standing: Standing) -> str:
    """Return what a request is called: its title, or its reference and the number of its table."""
    request = standing.request
    return request.title or f"{request.reference}, table {request.part}"


def requests_page(
    open_ones: Listed, done: Sequence[Standing], closed: Listed, *, by: Officer, today: date
) -> dict[str, Any]:
    """Return what the desk shows: the open requests, one's own first, then what was answered and closed last."""
    hers = [each for each in open_ones.standings if each.request.made_by_id == by.pk]
    others = [each for each in open_ones.standings if each.request.made_by_id != by.pk]
    return {
        **_desk(),
        "is_desk": True,
        "own_lines": [_request_line(each, today) for each in hers],
        "other_lines": [_request_line(each, today) for each in others],
        "others_title": "Entered by others" if hers or open_ones.page.number > 1 else "",
        "page_obj": open_ones.page,
        "page_pattern": "?page=",
        "done_lines": [_request_line(each, today) for each in done],
        "has_more": len(done) >= MOST_DONE,
        "closed_lines": [_request_line(each, today) for each in closed.standings],
        "closed_url": f"{reverse('foi_requests')}?{urlencode({'show': CLOSED})}" if closed.page.has_next() else "",
    }


def found_page(listed: Listed, wanted: str, *, today: date) -> dict[str, Any]:
    """Return what was found of what somebody looked for."""
    empty = "No request has this in its reference or title. Check it, or look for a part of it."
    return _list(listed, f"Requests with “{wanted}”", empty, {"find": wanted}, today)


def closed_page(listed: Listed, *, today: date) -> dict[str, Any]:
    """Return every request that was closed without an answer of the desk."""
    return _list(listed, "Closed requests", "No request was closed.", {"show": CLOSED}, today)


def _list(listed: Listed, title: str, empty: str, query: dict[str, str], today: date) -> dict[str, Any]:
    return _desk() | {
        "list_title": title,
        "lines": [_request_line(each, today) for each in listed.standings],
        "empty": empty,
        "page_obj": listed.page,
        "page_pattern": f"?{urlencode(query)}&page=",
        "desk_url": reverse("foi_requests"),
    }


def _desk() -> dict[str, Any]:
    return {
        "title": "Requests for statistics",
        "tabs": tabs("foi_requests"),
        "new_url": reverse("foi_new"),
        "releases_url": reverse("releases"),
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
        who=request.made_by.name,
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
        "day": written(timezone.localdate(release.released_at)),
        "reference": f"{release.request.reference}, table {release.request.part}",
        "title": release.request.title,
        "what": f"{rows_in_words(asked)}, {period_in_words(asked)}",
        "proposed_by": release.proposed_by.name,
        "released_by": release.released_by.name,
        "when": moment(release.released_at),
    }


def totals_page(totals: Sequence[PublishedTotal], agreeing: Collection[int] | None) -> dict[str, Any]:
    """Return what the page of totals published elsewhere shows.

    `agreeing` are those that are what the records give; None where counting took too long to know.
    """
    return {
        "title": "Totals published elsewhere",
        "tabs": tabs("published_total"),
        "warnings": [_NOT_COUNTED] if agreeing is None else [],
        "lines": [_total_line(total, is_ours=None if agreeing is None else total.pk in agreeing) for total in totals],
    }


def _total_line(total: PublishedTotal, *, is_ours: bool | None) -> dict[str, object]:
    withdrawal = withdrawal_of(total)
    told: dict[str, object] = {
        "source": total.source,
        "what": total_in_words(total),
        "who": total.by.name,
        "when": moment(total.at),
    }
    if withdrawal is not None:
        said = f"Withdrawn by {withdrawal.by.name}, {moment(withdrawal.at)}: {withdrawal.reason}"
        return told | {"tag": "Withdrawn", "colour": "grey", "note": said}
    told["withdraw_url"] = reverse("total_withdraw", args=[total.pk])
    if is_ours is None:
        return told
    return told | {
        "tag": "Taken into account" if is_ours else "Left out",
        "colour": "green" if is_ours else "orange",
        "note": "" if is_ours else _NOT_OURS,
    }


def total_in_words(total: PublishedTotal) -> str:
    """Return what was published: how many, of what, for which days, and when it was."""
    groups = groups_of(total.groups)
    what = "all offences" if not groups else f"offences {', '.join(code for group in groups for code in group.codes)}"
    counted = "Community Resolutions" if total.basis == "cases" else "offences"
    return (
        f"{total.count:,} {counted} for {what}, "
        f"{written(total.period_from)} to {written(total.period_to)}, published {written(total.published_on)}"
    )


def withdraw_page(total: PublishedTotal) -> dict[str, Any]:
    """Return what surrounds the form that withdraws a total."""
    return {
        "title": "Withdraw a total",
        "caption": total.source,
        "keep_title": True,
        "submit_label": "Withdraw it",
        "sentence": f"{total_in_words(total)}.",
    } | back_to("published_total", label="Totals published elsewhere")


def imports_page(found: Sequence[ImportOfForce] | None) -> dict[str, Any]:
    """Return what the page of imported cases shows: a line for each import that has cases of the force.

    `found` is None where counting them took too long.
    """
    return {
        "title": "Imported cases",
        "tabs": tabs("foi_imports"),
        "warnings": [_NOT_LISTED] if found is None else [],
        "lines": [
            {
                "number": each.pk,
                "day": written(timezone.localdate(each.completed_at)),
                "when": moment(each.completed_at),
                "what": f"{each.cases:,} {'case' if each.cases == 1 else 'cases'} of your force, issued from "
                f"{written(each.first)} to {written(each.last)}.",
                "rejected": "No line of the file was rejected."
                if not each.rejected
                else f"{each.rejected:,} {'line' if each.rejected == 1 else 'lines'} of the file "
                f"{'was' if each.rejected == 1 else 'were'} rejected: whoever imported it has the list.",
                "digest": each.digest,
            }
            for each in found or ()
        ],
    }
