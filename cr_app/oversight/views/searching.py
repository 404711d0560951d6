"""The search of the trail: its form, and what it found."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cr_app.accounts.roles import Duty
from cr_app.accounts.signed_in import officer_of
from cr_app.audit.searching import Place
from cr_app.cases.reasons import banner_for, restored
from cr_app.oversight.access import require_duty
from cr_app.oversight.actions.officers import number_of, officers_searched_for
from cr_app.oversight.actions.searching import find, keep_search, search_again, standing_to_search
from cr_app.oversight.forms.searching import TrailSearchForm, typed_in
from cr_app.oversight.presenting.searching import found_page, not_searched_for, several_officers

if TYPE_CHECKING:
    from cr_app.accounts.models import Officer


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Take what to search the trail for, and lead to what it finds, whose address says nothing of it."""
    officer = officer_of(request)
    require_duty(officer, Duty.SEE_TRAIL)
    typed = request.POST if request.method == "POST" else restored(request)
    form = TrailSearchForm(typed, initial=_searched_before(request) if typed is None else None)
    if request.method == "POST":
        named = _check_against_records(officer, form)
        if form.is_valid():
            return redirect("trail_found", keep_search(officer, form.sought(named)))
    context = {"title": "Search the trail", "form": form, "banner": banner_for(request, typed)}
    return render(request, "oversight/search.html", context, status=422 if form.errors else 200)


def _check_against_records(officer: "Officer", form: TrailSearchForm) -> int | None:
    """Say on the form what its reference or officer is not; return the key of the officer searched for."""
    form.is_valid()
    reference, name = form.cleaned_data.get("reference", ""), form.cleaned_data.get("officer", "")
    named = officers_searched_for(officer, name) if name else ()
    if reference and (refused := not_searched_for(standing_to_search(officer, reference))):
        form.add_error("reference", refused)
    if name and len(named) != 1:
        form.add_error("officer", several_officers(named))
    return named[0].pk if len(named) == 1 else None


def _searched_before(request: HttpRequest) -> dict[str, object]:
    """Return what the form begins with: the search that the address names, where it is this officer's own."""
    try:
        token = UUID(request.GET.get("search", ""))
    except ValueError:
        return {}
    officer = officer_of(request)
    sought = search_again(officer, token)
    return dict(typed_in(sought, number_of(officer, sought.officer))) if sought else {}


@require_safe
def found(request: HttpRequest, token: UUID) -> HttpResponse:
    """Show a page of what a search found; the address says from which line it goes on, and nothing else."""
    before, after = places_of(request)
    results = find(officer_of(request), token, before=before, after=after)
    return render(request, "oversight/found.html", found_page(token, results, at_key=bool(before or after)))


def places_of(request: HttpRequest) -> tuple[Place | None, Place | None]:
    """Return before and after which line a page goes on; made-up ones are left aside."""
    return Place.parse(request.GET.get("before", "")), Place.parse(request.GET.get("after", ""))
