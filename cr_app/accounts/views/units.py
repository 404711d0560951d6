"""The administrator's pages about units."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from cr_app.accounts import access, parked
from cr_app.accounts.actions.describing import BadOfficer
from cr_app.accounts.actions.units import UnitNames, add_unit, rename_unit
from cr_app.accounts.forms.officers import UnitForm
from cr_app.accounts.presenting import conflict
from cr_app.accounts.queries import units_with_numbers
from cr_app.accounts.signed_in import officer_of
from cr_app.audit.denials import keep_refusal
from cr_app.pages.refusals import Stale


@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """List the units of the force."""
    by = officer_of(request)
    access.require_administrator(by)
    context = {"title": f"Units of {by.force.name}", "units": units_with_numbers(by.force_id)}
    return render(request, "accounts/units.html", context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a unit."""
    by = officer_of(request)
    access.require_administrator(by)
    typed = parked.posted_or_given_back(request)
    form = UnitForm(typed)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_unit(_names(form), by=by)
        except BadOfficer as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, f"{added.name} is added")
            return redirect("units")
    context = {
        "title": "Add a unit",
        "form": form,
        "banner": parked.banner_for(request, typed),
        "back_url": reverse("units"),
        "submit_label": "Add this unit",
    }
    return render(request, "accounts/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a unit."""
    by = officer_of(request)
    found = access.unit_for(by, pk)
    typed = parked.posted_or_given_back(request)
    shown = {"seen_name": found.name, "seen_area": found.area}
    form = UnitForm(typed, initial={"name": found.name, "area": found.area} | shown)
    context: dict[str, object] = {}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            seen = UnitNames(form.cleaned_data["seen_name"], form.cleaned_data["seen_area"])
            try:
                rename_unit(pk, by=by, to=_names(form), seen=seen)
            except BadOfficer as refused:
                form.add_error(refused.field or None, str(refused))
            except Stale as refused:
                keep_refusal(request, refused)
                found = access.unit_for(by, pk)
                saved = {"name": found.name, "area": found.area}
                context = conflict(form, saved, refused, keep_url=reverse("units"))
                data = request.POST.copy()
                data["seen_name"], data["seen_area"] = found.name, found.area
                form, status = UnitForm(data), refused.answer_status
            else:
                messages.success(request, "The unit is saved")
                return redirect("units")
    context |= {
        "title": "Change this unit",
        "caption": str(found),
        "form": form,
        "banner": parked.banner_for(request, typed),
        "back_url": reverse("units"),
        "submit_label": "Save",
    }
    return render(request, "accounts/form.html", context, status=status)


def _names(form: UnitForm) -> UnitNames:
    return UnitNames(form.cleaned_data["name"], form.cleaned_data["area"])
