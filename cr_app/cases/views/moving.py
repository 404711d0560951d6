"""Hand a case over, end it, or take it back to a draft."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cr_app.accounts.roles import Right
from cr_app.accounts.signed_in import officer_of
from cr_app.cases import access
from cr_app.cases.actions import submission
from cr_app.cases.forms import NotUsedForm, ReassignForm, WithdrawForm
from cr_app.cases.lifecycle import Move, may
from cr_app.cases.presenting.instead import disposals_to_consider
from cr_app.cases.queries import Record
from cr_app.cases.reasons import banner_for, tell
from cr_app.cases.views.looking import look, posted_or_restored
from cr_app.pages.refusals import NotAllowed


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Withdraw a draft that was opened in error."""
    return _end(request, reference, Move.WITHDRAW)


@require_http_methods(["GET", "POST"])
def not_used(request: HttpRequest, reference: str) -> HttpResponse:
    """Record that a Community Resolution was considered and not used."""
    return _end(request, reference, Move.RECORD_NOT_USED)


_ENDINGS: dict[Move, tuple[type[WithdrawForm] | type[NotUsedForm], str, str]] = {
    Move.WITHDRAW: (WithdrawForm, "Withdraw this draft", "Withdraw it"),
    Move.RECORD_NOT_USED: (NotUsedForm, "Considered and not used", "Record it as not used"),
}


def _end(request: HttpRequest, reference: str, move: Move) -> HttpResponse:
    form_class, title, button = _ENDINGS[move]
    typed = posted_or_restored(request)
    form = form_class(typed)
    if request.method == "POST" and form.is_valid():
        action = submission.withdraw if move is Move.WITHDRAW else submission.record_not_used
        action(reference, by=officer_of(request), reason=form.cleaned_data["reason"])
        return redirect("case", reference)
    found = look(request, reference, page=move.value)
    access.require(officer_of(request), found, Right.EDIT)
    if not may(found.status_now, move):
        raise NotAllowed(f"This case is {found.status_now.phrase}: this cannot be done to it.", subject=found.subject)
    context = {
        "form": form,
        "title": title,
        "banner": banner_for(request, typed),
        "submit_label": button,
        "case": found,
        "back_url": reverse("case", args=[reference]),
        "is_withdrawal": move is Move.WITHDRAW,
        "instead": disposals_to_consider(Record(found), on=timezone.localdate()),
    }
    return render(request, "cases/end.html", context, status=422 if form.errors else 200)


@require_POST
def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a submitted case back to a draft."""
    submission.reopen(reference, by=officer_of(request))
    return redirect("case_record", reference)


@require_http_methods(["GET", "POST"])
def reassign(request: HttpRequest, reference: str) -> HttpResponse:
    """Hand a case over to another officer."""
    officer = officer_of(request)
    typed = posted_or_restored(request)
    form = ReassignForm(typed)
    if request.method == "POST" and form.is_valid():
        try:
            submission.reassign(
                reference,
                by=officer,
                to=form.cleaned_data["warrant_number"],
                reason=form.cleaned_data["reason"],
            )
        except submission.NoSuchOfficer as refused:
            tell(request, form, refused, "warrant_number")
        else:
            return redirect("case", reference)
    found = look(request, reference, page="reassign")
    access.require(officer, found, Right.REASSIGN)
    context = {
        "form": form,
        "title": "Hand this case over",
        "banner": banner_for(request, typed),
        "case": found,
        "submit_label": "Hand it over",
        "back_url": reverse("case", args=[reference]),
    }
    return render(request, "cases/reassign.html", context, status=422 if form.errors else 200)
