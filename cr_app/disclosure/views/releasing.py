"""The pages on which one analyst proposes and another releases."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cr_app.accounts.confirming import confirm_first
from cr_app.accounts.roles import Duty
from cr_app.accounts.signed_in import officer_of
from cr_app.cases.reasons import banner_for, keep, restored
from cr_app.disclosure.access import Busy, request_for, require_duty
from cr_app.disclosure.actions import releasing as actions
from cr_app.disclosure.asked import BadRequest
from cr_app.disclosure.forms.deciding import ProposeForm, ReleaseForm
from cr_app.disclosure.presenting.working import propose_page, refused_words, release_it_page, why_not
from cr_app.disclosure.queries import desk as queries
from cr_app.disclosure.releases import withdrawn_beside
from cr_app.pages.refusals import NotAllowed, Refusal, Stale

_ANSWERED = ["GET", "HEAD", "POST"]
_CAME_BACK = {
    "title": "Important",
    "heading": "Nothing has been released yet",
    "text": "Read the page again, tick the declaration, then release it.",
}


@require_http_methods(_ANSWERED)
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose what was worked out, with a note to the second person."""
    officer = officer_of(request)
    standing = queries.standing_of(request_for(officer, pk))
    if standing.worked_out is None or not standing.is_open:
        return redirect("foi_request", pk)
    typed = request.POST if request.method == "POST" else restored(request)
    form = ProposeForm(typed, initial={"worked_out": standing.worked_out.pk})
    refused: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose(pk, by=officer, note=form.cleaned_data["note"], worked_out=form.cleaned_data["worked_out"])
        except (NotAllowed, Stale) as error:
            _keep(request, error)
            refused, standing = error, queries.standing_of(request_for(officer, pk))
        else:
            messages.success(request, "It is proposed. Somebody else of your desk releases it.")
            return redirect("foi_request", pk)
    worked_out = queries.worked_out_in_full(standing.worked_out) if standing.worked_out else None
    if worked_out is None:
        return redirect("foi_request", pk)
    context = propose_page(standing, worked_out, withdrawn_beside(standing.request)) | {
        "form": form,
        "banner": banner_for(request, typed),
    }
    context["refused"] = refused_words(refused) if refused else None
    status = refused.answer_status if refused else 422 if form.errors else 200
    return render(request, "disclosure/propose.html", context, status=status)


@require_http_methods(_ANSWERED)
def release_it(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a second person what is proposed, and take the release, after the password was given.

    Of a request that was released or closed the page leads to the request, which says so.
    """
    officer = officer_of(request)
    require_duty(officer, Duty.RELEASE)
    standing = queries.standing_of(request_for(officer, pk))
    if request.method != "POST" and not standing.is_open:
        return redirect("foi_request", pk)
    typed = request.POST if request.method == "POST" else restored(request)
    form = ReleaseForm(typed if request.method == "POST" else None, initial=_proposed(standing))
    refused: Refusal | None = None
    # Counting may take a while, so it is done once: before the password is asked for, or after the release was refused.
    withdrawn = [] if request.method == "POST" else withdrawn_beside(standing.request)
    is_hers = request.method == "POST" or not why_not(standing, by=officer, withdrawn=withdrawn)
    if is_hers and (confirming := confirm_first(request)) is not None:
        return confirming
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.release(pk, by=officer, proposal=form.cleaned_data["proposal"])
        except (NotAllowed, Stale) as error:
            _keep(request, error)
            refused, standing = error, queries.standing_of(request_for(officer, pk))
            form = ReleaseForm(initial=_proposed(standing))
        except BadRequest as bad:
            form.add_error(None, str(bad))
        else:
            messages.success(request, f"It is released as number {made.number}.")
            return redirect("release", made.number)
    withdrawn = withdrawn_beside(standing.request) if request.method == "POST" else withdrawn
    worked_out = queries.worked_out_in_full(standing.worked_out) if standing.worked_out else None
    context = release_it_page(
        standing, worked_out, queries.choices_of(standing.request), by=officer, withdrawn=withdrawn
    )
    context["form"] = None if context["why_not"] else form
    context["refused"] = refused_words(refused) if refused else None
    context["banner"] = _CAME_BACK if typed is not None and request.method == "GET" else None
    status = refused.answer_status if refused else 422 if form.errors else 200
    return render(request, "disclosure/release_it.html", context, status=status)


def _keep(request: HttpRequest, refusal: Refusal) -> None:
    """Keep what was tried and refused; that others are at it at the same moment is no attempt at anything."""
    if not isinstance(refusal, Busy):
        keep(request, refusal)


def _proposed(standing: queries.Standing) -> dict[str, int]:
    return {"proposal": standing.proposal.pk} if standing.proposal else {}
