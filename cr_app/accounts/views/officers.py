"""The administrator's pages about officers; every change is in the trail, and no case is shown."""

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cr_app.accounts import access, parked
from cr_app.accounts.actions import officers as actions
from cr_app.accounts.actions.describing import BadOfficer
from cr_app.accounts.confirming import confirm_first
from cr_app.accounts.forms.officers import FilterForm, FindOfficerForm, NewOfficerForm, OfficerForm, answers_of
from cr_app.accounts.presenting import absence_lines, account_rows, conflict, lines_of
from cr_app.accounts.queries import (
    absences_on,
    absences_to_come,
    administrators_of,
    officers_found,
    officers_listed,
    units_of_force,
)
from cr_app.accounts.roles import Role
from cr_app.accounts.signed_in import officer_of
from cr_app.audit.denials import keep_refusal
from cr_app.pages.refusals import NotAllowed, Stale

if TYPE_CHECKING:
    from cr_app.accounts.models import Officer

ON_A_PAGE = 50


@require_http_methods(["GET", "POST"])
def officers(request: HttpRequest) -> HttpResponse:
    """List the officers of the force, narrowed by unit, role and account; a POST finds them by number or name."""
    by = officer_of(request)
    access.require_administrator(by)
    find = FindOfficerForm(request.POST if request.method == "POST" else None)
    narrow = FilterForm(request.GET, units=units_of_force(by.force_id))
    narrow.is_valid()
    searched = request.method == "POST" and find.is_valid()
    if searched:
        found = officers_found(by.force_id, find.cleaned_data["sought"])
    else:
        role, unit = narrow.cleaned_data.get("role"), narrow.cleaned_data.get("unit")
        found = officers_listed(
            by.force_id,
            unit=int(unit) if unit else None,
            role=Role(role) if role else None,
            is_active={"closed": False, "all": None}.get(narrow.cleaned_data.get("accounts", ""), True),
        )
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    access.record_look(by, listed, page="officers found" if searched else "officers")
    context = {
        "title": f"Officers of {by.force.name}",
        "lines": lines_of(listed, absences_on(by.force_id, timezone.localdate())),
        "total": page.paginator.count,
        "page_obj": page,
        "page_pattern": f"?{_narrowed(request)}page=",
        "form": find,
        "narrow": narrow,
        "is_narrowed": bool(_narrowed(request)),
        "searched": searched,
        "is_cut": searched and page.has_next(),
    }
    return render(request, "accounts/officers.html", context, status=422 if find.errors else 200)


def _narrowed(request: HttpRequest) -> str:
    kept = QueryDict(mutable=True)
    for name in ("unit", "role", "accounts"):
        if request.GET.get(name):
            kept[name] = request.GET[name]
    return f"{kept.urlencode()}&" if kept else ""


@require_GET
def officer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an account and when its officer is away."""
    by = officer_of(request)
    found = access.officer_for(by, pk)
    now = timezone.now()
    today = timezone.localdate(now)
    access.record_look(by, [found], page="officer")
    others = [each.title for each in administrators_of(by.force_id) if each.pk != by.pk]
    context = {
        "title": found.title,
        "officer": found,
        "rows": account_rows(found, now),
        "absences": absence_lines(absences_to_come(found, today), today),
        "is_own": found.pk == by.pk,
        "others": others,
        "back_url": reverse("officers"),
    }
    return render(request, "accounts/officer.html", context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add an officer, and show the first password once."""
    by = officer_of(request)
    access.require_administrator(by)
    if (confirm := confirm_first(request)) is not None:
        return confirm
    typed = parked.posted_or_given_back(request)
    form = NewOfficerForm(typed, units=units_of_force(by.force_id), initial={"roles": [Role.RECORDING_OFFICER.value]})
    if request.method == "POST" and form.is_valid():
        password = actions.made_password()
        try:
            added = actions.add_colleague(
                _new(form, by.force_id), unit=int(form.cleaned_data["unit"]), password=password, by=by
            )
        except BadOfficer as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            return _show_password(request, added, password, "is added")
    context = {
        "title": "Add an officer",
        "form": form,
        "banner": parked.banner_for(request, typed),
        "back_url": reverse("officers"),
        "submit_label": "Add this officer",
    }
    return render(request, "accounts/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an account: names, unit, ranks with their days, roles, open or closed."""
    by = officer_of(request)
    found = access.officer_for(by, pk)
    if found.pk == by.pk:
        raise NotAllowed(actions.OWN_ACCOUNT, subject=found.subject)
    if (confirm := confirm_first(request)) is not None:
        return confirm
    typed = parked.posted_or_given_back(request)
    units = units_of_force(found.force_id)
    saved = answers_of(found)
    form = OfficerForm(typed, units=units, initial=saved | {"seen": actions.digest_of(found)})
    context: dict[str, object] = {}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.change_officer(pk, by=by, to=_changed(form), seen=form.cleaned_data["seen"])
            except BadOfficer as refused:
                form.add_error(refused.field or None, str(refused))
            except Stale as refused:
                keep_refusal(request, refused)
                found = access.officer_for(by, pk)
                saved = answers_of(found)
                context = conflict(form, saved, refused, units=units, keep_url=reverse("officer", args=[pk]))
                # What is shown now is what the next press is bound to.
                data = request.POST.copy()
                data["seen"] = actions.digest_of(found)
                form, status = OfficerForm(data, units=units, initial=saved), refused.answer_status
            else:
                messages.success(request, "The account is saved")
                return redirect("officer", pk)
    access.record_look(by, [found], page="officer change")
    context |= {
        "title": "Change this account",
        "caption": found.title,
        "form": form,
        "banner": parked.banner_for(request, typed),
        "back_url": reverse("officer", args=[pk]),
        "submit_label": "Save",
    }
    return render(request, "accounts/form.html", context, status=status)


@require_POST
def first_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an officer who has lost the password a first one again, and show it once."""
    by = officer_of(request)
    access.officer_for(by, pk)
    if confirm_first(request) is not None:
        # There is nothing to give back: the button is on the officer's page.
        return redirect(f"{reverse('account_reauthenticate')}?next={reverse('officer', args=[pk])}")
    password = actions.made_password()
    found = actions.give_first_password(pk, by=by, password=password)
    return _show_password(request, found, password, "has a new first password")


def _show_password(request: HttpRequest, found: "Officer", password: str, done: str) -> HttpResponse:
    access.record_look(officer_of(request), [found], page="first password")
    context = {
        "title": "First password",
        "done": f"{found.title} {done}",
        "password": password,
        "officer_url": reverse("officer", args=[found.pk]),
    }
    return render(request, "accounts/first_password.html", context)


def _new(form: NewOfficerForm, force: str) -> actions.NewOfficer:
    told = form.cleaned_data
    return actions.NewOfficer(warrant_number=told["warrant_number"], force=force, unit="", **_particulars(told))


def _changed(form: OfficerForm) -> actions.ChangedOfficer:
    told = form.cleaned_data
    return actions.ChangedOfficer(unit=int(told["unit"]), is_active=told["is_active"], **_particulars(told))


def _particulars(told: Mapping[str, Any]) -> dict[str, Any]:
    return {field.name: told[field.name] for field in fields(actions.Particulars)}
