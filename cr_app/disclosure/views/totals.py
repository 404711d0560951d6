"""Totals of the same cases that others published: the list, one more, and one that is withdrawn."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cr_app.accounts.roles import Duty
from cr_app.accounts.signed_in import officer_of
from cr_app.cases.reasons import banner_for, restored, tell
from cr_app.disclosure.access import Busy, require_duty, total_for
from cr_app.disclosure.actions.totals import add_published_total, withdraw_total
from cr_app.disclosure.asked import BadRequest, TookTooLong
from cr_app.disclosure.forms.deciding import WithdrawForm
from cr_app.disclosure.forms.totals import PublishedTotalForm
from cr_app.disclosure.presenting.desk import totals_page, withdraw_page
from cr_app.disclosure.queries import desk as queries
from cr_app.disclosure.queries.beside import moments_open
from cr_app.disclosure.releases import agreeing_totals
from cr_app.pages.refusals import NotAllowed

_ANSWERED = ["GET", "HEAD", "POST"]


@require_http_methods(_ANSWERED)
def elsewhere(request: HttpRequest) -> HttpResponse:
    """Show the totals of the same cases that others published, and take one more."""
    officer = officer_of(request)
    require_duty(officer, Duty.ANSWER_REQUESTS)
    typed = request.POST if request.method == "POST" else restored(request)
    form = PublishedTotalForm(typed)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            kept = add_published_total(
                by=officer,
                source=told["source"],
                published_on=told["published_on"],
                period=form.period,
                groups=form.groups,
                basis=told["basis"],
                count=told["count"],
            )
        except NotAllowed as refused:
            tell(request, form, refused)
        except (BadRequest, Busy) as error:
            form.add_error(None, str(error))
        else:
            what_for = (
                "It counts for what is worked out from now on."
                if kept.is_ours
                else "The records did not give it when it was entered, nor before, so what was worked out still holds."
            )
            messages.success(request, f"The total is kept. {what_for}")
            return redirect("published_total")
    try:
        agreeing: frozenset[int] | None = agreeing_totals(
            officer.force_id, counted_at=timezone.now(), also=moments_open(officer.force_id)
        )
    except TookTooLong:
        agreeing = None
    context = totals_page(queries.totals_of(officer.force_id), agreeing) | {
        "form": form,
        "banner": banner_for(request, typed),
    }
    return render(request, "disclosure/totals.html", context, status=422 if form.errors else 200)


@require_http_methods(_ANSWERED)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a total, with the reason; one that was withdrawn leads back to the list."""
    officer = officer_of(request)
    total = total_for(officer, pk)
    typed = request.POST if request.method == "POST" else restored(request)
    form = WithdrawForm(typed)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_total(pk, by=officer, reason=form.cleaned_data["reason"])
        except NotAllowed as refused:
            tell(request, form, refused)
        except (BadRequest, Busy) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The total is withdrawn. No table is protected beside it from now on.")
            return redirect("published_total")
    elif queries.withdrawal_of(total) is not None:
        return redirect("published_total")
    context = withdraw_page(total) | {"form": form, "banner": banner_for(request, typed)}
    return render(request, "disclosure/withdraw.html", context, status=422 if form.errors else 200)
