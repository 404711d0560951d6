"""The pages of integrity: how sealing stands, the last checkpoint to keep, and a check with how far it is."""

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cr_app.accounts.roles import Duty
from cr_app.accounts.signed_in import officer_of
from cr_app.cases.reasons import banner_for, restored
from cr_app.oversight import access
from cr_app.oversight.actions.integrity import ask_for_check, findings_of
from cr_app.oversight.forms.integrity import CheckForm
from cr_app.oversight.presenting.integrity import check_page, integrity_page
from cr_app.oversight.queries.integrity import check_of, last_checks, latest_checkpoint, sealing_now
from cr_app.pages.refusals import AccessDenied


@require_http_methods(["GET", "HEAD", "POST"])
def integrity(request: HttpRequest) -> HttpResponse:
    """Show how sealing stands and the last checks; a POST asks for one, which a process of its own carries out."""
    officer, at = officer_of(request), timezone.now()
    access.require_duty(officer, Duty.CHECK_INTEGRITY)
    typed = request.POST if request.method == "POST" else restored(request)
    form = CheckForm(typed) if typed else CheckForm(initial={"token": uuid4()})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        check = ask_for_check(asked["token"], by=officer, against=asked["against"], cases=bool(asked["cases"]))
        return redirect("integrity_check", check.token)
    context = integrity_page(sealing_now(at), last_checks(), officer, at=at)
    context |= {"form": form, "banner": banner_for(request, typed)}
    return render(request, "oversight/integrity.html", context, status=422 if form.errors else 200)


@require_safe
def integrity_check(request: HttpRequest, token: UUID) -> HttpResponse:
    """Show how far a check is, or what it found."""
    officer = officer_of(request)
    access.require_duty(officer, Duty.CHECK_INTEGRITY)
    check = check_of(token)
    if check is None:
        raise AccessDenied("No such check.")
    context = check_page(check, officer, findings_of(check, officer), at=timezone.now())
    return render(request, "oversight/check.html", context)


@require_safe
def integrity_note(request: HttpRequest) -> HttpResponse:
    """Answer with the latest checkpoint as the signed note that it is, to be kept elsewhere."""
    access.require_duty(officer_of(request), Duty.CHECK_INTEGRITY)
    latest = latest_checkpoint()
    if latest is None:
        raise AccessDenied("Nothing is sealed yet.")
    response = HttpResponse(latest.note, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="trail-checkpoint-{latest.epoch}-{latest.size}.txt"'
    return response
