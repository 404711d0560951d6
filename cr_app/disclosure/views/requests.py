"""The pages of requests: the desk, a new one, one with what was worked out for it, and its cells."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cr_app.accounts.roles import Duty
from cr_app.accounts.signed_in import officer_of
from cr_app.cases.reasons import banner_for, keep, restored, tell
from cr_app.disclosure.access import Busy, request_for, require_duty
from cr_app.disclosure.actions import requests as actions
from cr_app.disclosure.actions.closing import close_request
from cr_app.disclosure.asked import BadRequest, moment_from, read_asked
from cr_app.disclosure.forms.asking import TOO_MANY, PasteForm, RequestForm, answers_of, with_more_rows
from cr_app.disclosure.forms.deciding import DECISIONS, CellForm, CloseForm
from cr_app.disclosure.forms.finding import FindForm
from cr_app.disclosure.forms.named_rows import MOST
from cr_app.disclosure.presenting.desk import CLOSED, closed_page, found_page, requests_page
from cr_app.disclosure.presenting.working import (
    cell_page,
    close_page,
    form_page,
    labels_of,
    moments_to_count,
    refused_words,
    request_page,
    stale_page,
)
from cr_app.disclosure.queries import desk as queries
from cr_app.disclosure.releases import CannotProtect, withdrawn_beside
from cr_app.pages.refusals import NotAllowed, Refusal, Stale

if TYPE_CHECKING:
    from cr_app.accounts.models import Officer

_ANSWERED = ["GET", "HEAD", "POST"]
_AT_WORK = "The table is being worked out at this moment, and a decision would undo that: decide when it is done."


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """Show the requests that are open, one's own first, and those answered and closed last; or what was looked for."""
    officer = officer_of(request)
    require_duty(officer, Duty.ANSWER_REQUESTS)
    form, page, today = FindForm(request.GET or None), request.GET.get("page", ""), timezone.localdate()
    force, wanted = officer.force_id, form.cleaned_data["find"] if form.is_valid() else ""
    if wanted:
        context = found_page(queries.found_requests(force, wanted, page=page), wanted, today=today)
    elif request.GET.get("show") == CLOSED:
        context = closed_page(queries.closed_requests(force, page=page), today=today)
    else:
        context = requests_page(
            queries.open_requests(officer, page=page),
            queries.answered_requests(force),
            queries.closed_requests(force, per_page=queries.MOST_DONE),
            by=officer,
            today=today,
        )
    return render(request, "disclosure/requests.html", context | {"form": form}, status=422 if form.errors else 200)


@require_http_methods(_ANSWERED)
def new(request: HttpRequest) -> HttpResponse:
    """Take a new request; more rows to name, or a request read from JSON, only fill in the form."""
    officer = officer_of(request)
    require_duty(officer, Duty.ANSWER_REQUESTS)
    typed = request.POST if request.method == "POST" else restored(request)
    form, paste = _form(officer, typed), PasteForm()
    if typed is not None and "read" in typed:
        paste = PasteForm(typed)
        form = _read_from(officer, paste, typed=form)
        if not paste.errors:
            messages.success(request, "The form is filled in from the REQUEST.json. Check it, then save it.")
    elif typed is not None and "more" in typed:
        form = _form(officer, initial=with_more_rows(form.typed()), as_of=_moment(typed.get("as_of", "")))
    elif request.method == "POST" and form.is_valid():
        try:
            made = actions.make_request(form.asked(), by=officer, title=form.cleaned_data["title"])
        except (NotAllowed, BadRequest, Busy) as refused:
            _say(request, form, refused)
        else:
            return redirect("foi_request", made.pk)
    context = form_page(standing=None) | {"form": form, "paste": paste, "banner": banner_for(request, typed)}
    wrong = form.errors or paste.errors
    return render(request, "disclosure/request_form.html", context, status=422 if wrong else 200)


def _say(request: HttpRequest, form: RequestForm, refused: Refusal | BadRequest) -> None:
    """Say on the form what was refused; a request that cannot be answered, or not now, is no attempt at anything."""
    if isinstance(refused, Refusal) and not isinstance(refused, Busy):
        tell(request, form, refused)
    else:
        form.add_error(None, str(refused))


def _form(
    officer: "Officer",
    typed: QueryDict | None = None,
    *,
    initial: dict[str, Any] | None = None,
    as_of: datetime | None = None,
) -> RequestForm:
    releases = queries.extractions_of(officer.force_id)
    # A moment that was read from JSON or an address is no release's, and stays on offer.
    as_of = as_of or (_moment(typed.get("as_of", "")) if typed is not None else None)
    return RequestForm(typed, initial=initial, moments=moments_to_count(releases, as_of), force=officer.force_id)


def _read_from(officer: "Officer", paste: PasteForm, *, typed: RequestForm) -> RequestForm:
    """Return the form as the JSON fills it in, or as it was typed where something is wrong with the JSON."""
    if paste.is_valid():
        try:
            asked = read_asked(paste.cleaned_data["request"])
        except BadRequest as error:
            paste.add_error("request", str(error))
        else:
            if asked.force != officer.force_id:
                paste.add_error("request", "This request is for another force: only your own answers it here")
            elif len(asked.groups) > MOST:
                paste.add_error("request", TOO_MANY.format(number=len(asked.groups)))
            else:
                # REQUEST.json has no title, so the one that was typed stays.
                filled_in = answers_of(asked, title=str(typed.typed()["title"] or ""), version=0)
                return _form(officer, initial=filled_in, as_of=asked.as_of)
    answers = typed.typed()
    return _form(officer, initial=answers, as_of=_moment(str(answers["as_of"] or "")))


@require_http_methods(_ANSWERED)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a request asks; what two analysts typed at the same time is shown side by side."""
    officer = officer_of(request)
    found = request_for(officer, pk)
    asked = queries.asked_of(found)
    typed = request.POST if request.method == "POST" else restored(request)
    answers = answers_of(asked, title=found.title, version=found.version)
    asked_moment = _moment(request.GET.get("as_of", ""))
    if typed is None and asked_moment is not None:
        answers["as_of"] = asked_moment
    typed_moment = _moment(typed.get("as_of", "")) if typed is not None else None
    form = _form(officer, typed, initial=answers, as_of=asked_moment or typed_moment or asked.as_of)
    standing = queries.standing_of(found)
    context, status = form_page(standing=standing), 422
    if typed is not None and "more" in typed:
        form = _form(officer, initial=with_more_rows(form.typed()), as_of=typed_moment or asked.as_of)
    elif request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.change_request(pk, form.asked(), by=officer, seen=told["seen"] or 0, title=told["title"])
        except Busy as busy:
            _say(request, form, busy)
        except Stale as refused:
            keep(request, refused)
            standing = queries.standing_of(request_for(officer, pk))
            context |= stale_page(standing, form.asked(), told["title"])
            form = _form(
                officer, initial=form.typed() | {"seen": standing.request.version}, as_of=typed_moment or asked.as_of
            )
            return _form_shown(request, context | {"form": form}, status=refused.answer_status)
        except (NotAllowed, BadRequest) as refused_or_bad:
            _say(request, form, refused_or_bad)
        else:
            messages.success(request, "The request is saved.")
            return redirect("foi_request", pk)
    elif not standing.is_open:
        raise NotAllowed(
            "It is answered or closed, so it cannot be changed. Enter a new request.", subject=found.subject
        )
    context |= {"form": form, "banner": banner_for(request, typed)}
    return _form_shown(request, context, status=status if form.errors else 200)


def _form_shown(request: HttpRequest, context: dict[str, Any], *, status: int) -> HttpResponse:
    return render(request, "disclosure/request_form.html", context, status=status)


def _moment(text: str) -> datetime | None:
    """Return the moment of an address or a form, None where it says none."""
    try:
        return moment_from(text.replace(" ", "+"))
    except BadRequest:
        return None


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a request: what was asked, and what was worked out as it would leave, with why."""
    return _shown(request, pk)


def _shown(request: HttpRequest, pk: int, *, refused: Refusal | BadRequest | None = None) -> HttpResponse:
    officer = officer_of(request)
    standing = queries.standing_of(request_for(officer, pk))
    worked_out = queries.worked_out_in_full(standing.worked_out) if standing.worked_out else None
    choices = queries.choices_of(standing.request)
    withdrawn = withdrawn_beside(standing.request) if worked_out and standing.is_open else []
    context = request_page(standing, worked_out, choices, by=officer, today=timezone.localdate(), withdrawn=withdrawn)
    status = refused.answer_status if isinstance(refused, Refusal) else 422 if refused else 200
    if isinstance(refused, CannotProtect | BadRequest):
        # That no such table can be made is no attempt at anything.
        title = refused.title if isinstance(refused, CannotProtect) else "It cannot be worked out"
        context["refused"], status = {"title": title, "sentence": str(refused)}, 422
    elif isinstance(refused, Busy):
        # Where it is being worked out the page says itself since when, and for whom.
        context["pressed_again"] = True
        context["refused"] = None if standing.is_at_work else refused_words(refused)
    elif isinstance(refused, Refusal):
        keep(request, refused)
        context["refused"] = refused_words(refused)
    return render(request, "disclosure/request.html", context, status=status)


@require_http_methods(_ANSWERED)
def work_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Work out the table of a request; twice in a row it is worked out once. The address opened again leads to the request."""
    officer = officer_of(request)
    if request.method != "POST":
        return redirect("foi_request", request_for(officer, pk).pk)
    try:
        actions.work_out_request(pk, by=officer)
    except (NotAllowed, Stale, BadRequest) as refused:
        return _shown(request, pk, refused=refused)
    messages.success(request, "The table is worked out.")
    return redirect("foi_request", pk)


@require_http_methods(_ANSWERED)
def cell(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep back or open one cell against the proposal, with a reason; the rest is worked out around it."""
    officer = officer_of(request)
    standing = queries.standing_of(request_for(officer, pk))
    if not standing.is_open:
        sentence = "It is answered or closed, so nothing of it can be decided any more."
        raise NotAllowed(sentence, subject=standing.request.subject)
    if standing.worked_out is None:
        return redirect("foi_request", pk)
    worked_out = queries.worked_out_in_full(standing.worked_out)
    rows, columns = labels_of(worked_out, queries.choices_of(standing.request))
    typed = request.POST if request.method == "POST" else restored(request)
    begun = {name: request.GET.get(name, "") for name in ("row", "column")}
    form = CellForm(typed, initial=begun, rows=rows, columns=columns)
    if request.method == "POST" and standing.is_at_work:
        form.add_error(None, _AT_WORK)
    elif request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.choose_cell(
                pk,
                by=officer,
                row=told["row"],
                column=told["column"],
                is_withheld=DECISIONS[told["what"]],
                reason=told["reason"],
            )
        except (Busy, BadRequest) as error:
            form.add_error(None, str(error))
        except (NotAllowed, Stale) as refused:
            tell(request, form, refused)
        else:
            return work_out(request, pk)
    context = cell_page(standing, worked_out) | {"form": form, "banner": banner_for(request, typed)}
    return render(request, "disclosure/cell.html", context, status=422 if form.errors else 200)


@require_http_methods(_ANSWERED)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a request that is not answered here, with the reason."""
    officer = officer_of(request)
    standing = queries.standing_of(request_for(officer, pk))
    typed = request.POST if request.method == "POST" else restored(request)
    form = CloseForm(typed)
    if request.method == "POST" and form.is_valid():
        try:
            close_request(pk, by=officer, reason=form.cleaned_data["reason"])
        except Busy as busy:
            form.add_error(None, str(busy))
        except NotAllowed as refused:
            tell(request, form, refused)
        else:
            messages.success(request, "The request is closed.")
            return redirect("foi_requests")
    elif not standing.is_open:
        return redirect("foi_request", pk)
    context = close_page(standing) | {"form": form, "banner": banner_for(request, typed)}
    return render(request, "disclosure/close.html", context, status=422 if form.errors else 200)
