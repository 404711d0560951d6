"""The pages of requests: the desk, a new one, one with what was worked out for it, and its cells."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cr_app.accounts.roles import Duty
from cr_app.accounts.signed_in import officer_of
from cr_app.cases.reasons import banner_for, keep, restored, tell
from cr_app.disclosure.access import request_for, require_duty
from cr_app.disclosure.actions import requests as actions
from cr_app.disclosure.actions.closing import close_request
from cr_app.disclosure.asked import BadRequest, moment_from, read_asked
from cr_app.disclosure.forms.asking import TOO_MANY, PasteForm, RequestForm, answers_of, with_more_rows
from cr_app.disclosure.forms.deciding import DECISIONS, CellForm, CloseForm
from cr_app.disclosure.forms.named_rows import MOST
from cr_app.disclosure.presenting.desk import requests_page
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
from cr_app.pages.refusals import NotAllowed, Refusal, Stale

if TYPE_CHECKING:
    from cr_app.accounts.models import Officer

_ANSWERED = ["GET", "HEAD", "POST"]


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """Show the requests that are open, the first due first, and those answered last."""
    officer = officer_of(request)
    require_duty(officer, Duty.ANSWER_REQUESTS)
    open_ones = queries.open_requests(officer.force_id)
    done = queries.answered_requests(officer.force_id)
    closed = queries.closed_requests(officer.force_id)
    context = requests_page(open_ones, done, closed, today=timezone.localdate())
    return render(request, "disclosure/requests.html", context)


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
    elif typed is not None and "more" in typed:
        form = _form(officer, initial=with_more_rows(form.typed()), as_of=_moment(typed.get("as_of", "")))
    elif request.method == "POST" and form.is_valid():
        try:
            made = actions.make_request(form.asked(), by=officer, title=form.cleaned_data["title"])
        except (NotAllowed, BadRequest) as refused:
            _say(request, form, refused)
        else:
            return redirect("foi_request", made.pk)
    context = form_page(standing=None) | {"form": form, "paste": paste, "banner": banner_for(request, typed)}
    wrong = form.errors or paste.errors
    return render(request, "disclosure/request_form.html", context, status=422 if wrong else 200)


def _say(request: HttpRequest, form: RequestForm, refused: Refusal | BadRequest) -> None:
    """Say on the form what was refused; a request that cannot be answered is no attempt at anything."""
    if isinstance(refused, Refusal):
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
                return _form(officer, initial=answers_of(asked, title="", version=0), as_of=asked.as_of)
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


def _shown(request: HttpRequest, pk: int, *, refused: Refusal | None = None) -> HttpResponse:
    officer = officer_of(request)
    standing = queries.standing_of(request_for(officer, pk))
    worked_out = queries.worked_out_in_full(standing.worked_out) if standing.worked_out else None
    choices = queries.choices_of(standing.request)
    context = request_page(standing, worked_out, choices, by=officer, today=timezone.localdate())
    context["refused"] = refused_words(refused) if refused else None
    status = refused.answer_status if refused else 200
    return render(request, "disclosure/request.html", context, status=status)


@require_POST
def work_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Work out the table of a request; twice in a row it is worked out once."""
    try:
        actions.work_out_request(pk, by=officer_of(request))
    except (NotAllowed, Stale, BadRequest) as refused:
        request_for(officer_of(request), pk)
        told = refused if isinstance(refused, Refusal) else NotAllowed(str(refused))
        keep(request, told)
        return _shown(request, pk, refused=told)
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
    if request.method == "POST" and form.is_valid():
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
        except (NotAllowed, Stale) as refused:
            tell(request, form, refused)
        except BadRequest as error:
            form.add_error(None, str(error))
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
        except NotAllowed as refused:
            tell(request, form, refused)
        else:
            messages.success(request, "The request is closed.")
            return redirect("foi_requests")
    elif not standing.is_open:
        return redirect("foi_request", pk)
    context = close_page(standing) | {"form": form, "banner": banner_for(request, typed)}
    return render(request, "disclosure/close.html", context, status=422 if form.errors else 200)
