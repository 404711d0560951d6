"""On duty or off duty, and absences: the officer's own, and those that an administrator records."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cr_app.accounts import access, parked
from cr_app.accounts.actions.absences import end_absence, record_absence
from cr_app.accounts.actions.describing import BadOfficer
from cr_app.accounts.actions.duty import go_off_duty, go_on_duty
from cr_app.accounts.forms.duty import AbsenceForm, DutyForm
from cr_app.accounts.presenting import absence_lines, duty_said
from cr_app.accounts.queries import absences_to_come
from cr_app.accounts.roles import Duty, duties
from cr_app.accounts.signed_in import officer_of


@require_http_methods(["GET", "POST"])
def duty(request: HttpRequest) -> HttpResponse:
    """Show and switch whether the officer takes requests, and show when she is away."""
    officer = officer_of(request)
    access.require_decider(officer)
    now = timezone.now()
    typed = parked.posted_or_given_back(request)
    form = DutyForm(typed, now=now)
    if request.method == "POST":
        if "off" in request.POST:
            go_off_duty(officer)
            return redirect("duty")
        if form.is_valid():
            try:
                go_on_duty(officer, until=form.cleaned_data["until"], at=now)
            except BadOfficer as refused:
                form.add_error("until", str(refused))
            else:
                return redirect("duty")
    context = {
        "title": "On duty",
        "form": form,
        "banner": parked.banner_for(request, typed),
        "has_switch": Duty.ON_DUTY_SWITCH in duties(officer.given_roles()),
        "is_on_duty": officer.is_on_duty(now),
        "duty": duty_said(officer, now),
        "absences": absence_lines(absences_to_come(officer, timezone.localdate(now)), timezone.localdate(now)),
        "absence_url": reverse("officer_absence", args=[officer.pk]),
        "submit_label": "Take requests until then",
    }
    return render(request, "accounts/duty.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def absence(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that an officer is away, and who takes what is asked meanwhile."""
    by = officer_of(request)
    officer = access.absentee_for(by, pk)
    typed = parked.posted_or_given_back(request)
    form = AbsenceForm(typed)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            record_absence(pk, by=by, from_on=told["from_on"], until_on=told["until_on"], cover=told["cover"])
        except BadOfficer as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, "The absence is recorded")
            return redirect(_back(by.pk, pk))
    access.record_look(by, [officer], page="officer absence")
    context = {
        "title": "Record an absence",
        "caption": officer.title,
        "form": form,
        "banner": parked.banner_for(request, typed),
        "back_url": _back(by.pk, pk),
        "submit_label": "Record it",
    }
    return render(request, "accounts/absence.html", context, status=422 if form.errors else 200)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an absence, or take one back that has not begun."""
    by = officer_of(request)
    ended = end_absence(pk, by=by)
    messages.success(request, "The absence has ended")
    return redirect(_back(by.pk, ended.officer_id))


def _back(own: int, pk: int) -> str:
    return reverse("duty") if pk == own else reverse("officer", args=[pk])
