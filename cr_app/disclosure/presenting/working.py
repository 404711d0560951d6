"""The pages of one request: what was asked, what was worked out, a cell, the proposal, and the second person."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from cr_app.accounts.models import Officer
from cr_app.disclosure.actions.releasing import why_another, withdrawn_after
from cr_app.disclosure.asked import Asked
from cr_app.disclosure.export.content import Content, read_content
from cr_app.disclosure.models import CellChoice, PublishedTotal, Release, WorkedOut
from cr_app.disclosure.presenting.asking import asked_rows, back_to, differences, due_tag
from cr_app.disclosure.presenting.desk import state_of, title_of
from cr_app.disclosure.presenting.preview import choice_lines, extracted_in_words, table_shown, why_shown
from cr_app.disclosure.presenting.withdrawn import withdrawn_shown
from cr_app.disclosure.queries.desk import Standing, asked_of
from cr_app.disclosure.queries.records import imported_since
from cr_app.disclosure.queries.state import unused_choices
from cr_app.disclosure.working_days import note_on
from cr_app.pages.moments import moment, written
from cr_app.pages.refusals import Refusal

_IMPORTED_SINCE = (
    "Cases of this period were imported after the moment as of which this request counts, so none of them is counted."
)


def request_page(
    standing: Standing,
    worked_out: WorkedOut | None,
    choices: Iterable[CellChoice],
    *,
    by: Officer,
    today: date,
    withdrawn: Sequence[PublishedTotal] = (),
) -> dict[str, Any]:
    """Return what the page of a request shows; `worked_out` is what was worked out last, with its content.

    `withdrawn` are the totals beside it that were withdrawn, as for whoever proposes or releases it.
    """
    request, is_open = standing.request, standing.is_open
    tag, colour, state = state_of(standing)
    asked = asked_of(request)
    context: dict[str, Any] = {
        "title": title_of(standing),
        "caption": caption_of(standing),
        "tag": tag,
        "colour": colour,
        "state": state,
        "due": due_tag(request.due_on, today) if is_open else None,
        "warnings": [*filter(None, [note_on(request.received_on)]), *_left_out(asked)] if is_open else [],
        "rows": asked_rows(asked, due_on=request.due_on),
        "change_url": reverse("foi_change", args=[request.pk]) if is_open else "",
        "close_url": reverse("foi_close", args=[request.pk]) if is_open else "",
        "may_work_out": is_open and not standing.is_at_work,
        "at_work": is_open and standing.is_at_work,
        "page_url": reverse("foi_request", args=[request.pk]),
        "holds": standing.is_current,
        "is_proposed": standing.is_proposed,
        "work_out_url": reverse("foi_work_out", args=[request.pk]),
        "release_url": reverse("release", args=[standing.release.number]) if standing.release else "",
    }
    context |= back_to("foi_requests", label="Requests")
    if worked_out is None or not is_open:
        return context
    context |= _worked_out(worked_out, choices, pk=request.pk, is_as_asked=standing.is_as_asked, may_choose=True)
    context |= withdrawn_shown(withdrawn)
    is_ready = standing.is_current and not standing.is_at_work
    if is_ready and not standing.is_proposed and not context["are_unused"]:
        context["propose_url"] = reverse("foi_propose", args=[request.pk])
    if standing.is_proposed:
        context["proposal"] = proposal_of(standing, by=by, withdrawn=withdrawn)
    return context


def _worked_out(
    worked_out: WorkedOut, choices: Iterable[CellChoice], *, pk: int, is_as_asked: bool, may_choose: bool
) -> dict[str, Any]:
    content, unused = read_content(worked_out.content), frozenset(unused_choices(worked_out))
    return {
        "preview_title": "The table as it would leave" if is_as_asked else "The table as it was worked out before",
        "extracted": extracted_in_words(content, by=worked_out.by.name, at=worked_out.at),
        "choices": choice_lines(choices, unused=unused, address=reverse("foi_cell", args=[pk]) if may_choose else ""),
        "are_unused": bool(unused),
        **table_shown(content),
        **why_shown(content, worked_out.why, pk=pk, may_choose=may_choose),
    }


def _left_out(asked: Asked) -> list[str]:
    """Return the warning that cases are left out for the moment as of which they are counted; none where none are."""
    return [_IMPORTED_SINCE] if imported_since(asked) else []


def caption_of(standing: Standing) -> str:
    """Return whose request it is, above the heading."""
    return f"Request {standing.request.reference}, table {standing.request.part}"


def proposal_of(standing: Standing, *, by: Officer, withdrawn: Sequence[PublishedTotal]) -> dict[str, str] | None:
    """Return who proposed it, when, with what note, and the way on for whoever reads: None where nothing is proposed."""
    proposal = standing.proposal
    if proposal is None:
        return None
    why = why_not(standing, by=by, withdrawn=withdrawn)
    return {
        "who": proposal.by.name,
        "when": moment(proposal.at),
        "note": proposal.note,
        "url": "" if why else reverse("foi_release", args=[standing.request.pk]),
        "why_not": why,
    }


def form_page(*, standing: Standing | None) -> dict[str, Any]:
    """Return what surrounds the form of a request, a new one or one that there is."""
    if standing is None:
        lead = (
            "One request here is one table. Where somebody asks for two tables, enter the same reference twice. "
            "You see what it comes to before anything leaves."
        )
        return {"title": "Enter a request", "submit_label": "Save and go on", "lead": lead} | back_to(
            "foi_requests", label="Requests"
        )
    return {
        "title": "Change the request",
        "caption": caption_of(standing),
        "submit_label": "Save the changes",
        "lead": "What was worked out for it is worked out again, and proposed again.",
    } | back_to("foi_request", standing.request.pk, label=title_of(standing))


def stale_page(standing: Standing, yours: Asked, title: str) -> dict[str, Any]:
    """Return where what somebody else saved meanwhile differs from what was typed."""
    request = standing.request
    saved = f"{request.changed_by.name} saved it on {moment(request.changed_at)}."
    return {
        "stale": f"{saved} What you typed is below and is not saved.",
        "differing": differences(asked_of(request), request.title, yours, title)
        or [{"question": "Every answer", "theirs": "The same", "yours": "The same"}],
    }


def refused_words(refusal: Refusal) -> dict[str, str]:
    """Return what was refused, for the top of a page."""
    return {"title": refusal.answer_title, "sentence": refusal.sentence}


def close_page(standing: Standing) -> dict[str, Any]:
    """Return what surrounds the form that closes a request."""
    return {
        "title": "Close the request",
        "caption": caption_of(standing),
        "keep_title": True,
        "submit_label": "Close it",
    } | back_to("foi_request", standing.request.pk, label=title_of(standing))


def cell_page(standing: Standing, worked_out: WorkedOut) -> dict[str, Any]:
    """Return what surrounds the form of one cell: the table as it stands."""
    content = read_content(worked_out.content)
    context = {"title": "Decide on a cell", "caption": title_of(standing), **table_shown(content), "chart": None}
    return context | back_to("foi_request", standing.request.pk, label=title_of(standing))


def labels_of(worked_out: WorkedOut, choices: Iterable[CellChoice]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the labels of the rows and of the columns of what was worked out, then those of decisions that it lacks."""
    table, decided = read_content(worked_out.content).table, tuple(choices)
    rows = dict.fromkeys((*table.rows, *(each.row for each in decided)))
    columns = dict.fromkeys((*table.columns, *(each.column for each in decided)))
    return tuple(rows), tuple(columns)


def propose_page(standing: Standing, worked_out: WorkedOut, withdrawn: Sequence[PublishedTotal]) -> dict[str, Any]:
    """Return what surrounds the form of a proposal."""
    content = read_content(worked_out.content)
    withheld = content.protection.withheld
    return {
        "title": "Propose to release it",
        "caption": caption_of(standing),
        "keep_title": True,
        "submit_label": "Propose it",
        "warnings": _left_out(asked_of(standing.request)),
        "sentence": f"{content.heading}: worked out on {moment(worked_out.at)}, "
        + (f"with {withheld:,} of its cells withheld." if withheld else "with nothing withheld."),
        **withdrawn_shown(withdrawn),
    } | back_to("foi_request", standing.request.pk, label=title_of(standing))


def release_it_page(
    standing: Standing,
    worked_out: WorkedOut | None,
    choices: Iterable[CellChoice],
    *,
    by: Officer,
    withdrawn: Sequence[PublishedTotal],
) -> dict[str, Any]:
    """Return what the second person reads: the same preview, who proposed it, and why she may not release it if so."""
    request = standing.request
    context: dict[str, Any] = {
        "title": "Release it",
        "caption": f"{caption_of(standing)}: {title_of(standing)}" if request.title else caption_of(standing),
        "rows": asked_rows(asked_of(request), due_on=request.due_on),
        "request_url": reverse("foi_request", args=[request.pk]),
        "proposal": proposal_of(standing, by=by, withdrawn=withdrawn),
        "why_not": why_not(standing, by=by, withdrawn=withdrawn),
        "warnings": _left_out(asked_of(request)),
        **withdrawn_shown(withdrawn),
    }
    if worked_out is not None:
        context |= _worked_out(worked_out, choices, pk=request.pk, is_as_asked=True, may_choose=False)
    return context | back_to("foi_request", request.pk, label=title_of(standing))


def why_not(standing: Standing, *, by: Officer, withdrawn: Sequence[PublishedTotal]) -> str:
    """Return why this officer cannot release what is proposed; "" where she can."""
    if standing.release is not None:
        return f"It was released already, as number {standing.release.number}."
    if standing.request.closed_at is not None:
        return "The request was closed."
    if not standing.is_proposed or standing.proposal is None:
        return "Nothing is proposed that still holds: it is worked out and proposed again first."
    return why_another(standing.proposal, by=by, withdrawn=withdrawn) or withdrawn_after(standing.proposal, withdrawn)


def release_page(release: Release, files: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return what the page of a release shows; `files` are the word and the name of each form."""
    content: Content = read_content(release.content)
    rows = [
        {"key": "Request", "value": f"{content.asked.reference}, table {content.part}"},
        {"key": "Released", "value": f"{moment(release.released_at)} by {release.released_by.name}"},
        {"key": "Proposed by", "value": release.proposed_by.name},
        {"key": "Counted", "value": _counted(content)},
        {"key": "Period", "value": f"{written(content.asked.period_from)} to {written(content.asked.period_to)}"},
    ]
    return {
        "title": f"Release {release.number}",
        "caption": content.heading,
        "rows": rows,
        "files": [
            {"title": title, "url": reverse("release_file", args=[release.number, form])} for form, title in files
        ],
        "digest": release.digest,
        "collided": [f"Release {each.release}: {each.what}" for each in content.collisions],
        **table_shown(content),
        **back_to("releases", label="Releases"),
    }


def _counted(content: Content) -> str:
    as_of = content.asked.as_of
    return moment(content.extracted_at) + (f", cases as they stood on {moment(as_of)}" if as_of else "")


def moments_to_count(releases: Iterable[Release], now_set: datetime | None) -> list[tuple[datetime, str]]:
    """Return the moments as of which cases may be counted: those of releases, and the one that a request has already."""
    found = {each.extracted_at: f"On {moment(each.extracted_at)}, as release {each.number} did" for each in releases}
    if now_set is not None and now_set not in found:
        found = {now_set: f"On {moment(now_set)}"} | found
    return list(found.items())
