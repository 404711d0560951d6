"""Find a case; the address of what was found holds no name."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from cr_app.accounts.roles import DECIDING, Role
from cr_app.accounts.signed_in import officer_of
from cr_app.cases.actions.searching import find, keep_search
from cr_app.cases.forms import SearchForm


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Take what is searched for and lead to the results, whose address holds no name."""
    officer = officer_of(request)
    form = SearchForm(request.POST)
    if not form.is_valid():
        return render(request, "cases/found.html", {"form": form, "title": "Find a case", "lines": ()}, status=422)
    return redirect("case_found", keep_search(officer, form.cleaned_data["sought"]))


@require_GET
def found(request: HttpRequest, token: UUID) -> HttpResponse:
    """Show what a search found."""
    officer = officer_of(request)
    results = find(officer, token)
    context = {
        "form": SearchForm(initial={"sought": results.sought}),
        "title": "Search results",
        "results": results,
        "back_url": reverse("desk"),
        "searched": True,
        "may_record": officer.has_role(Role.RECORDING_OFFICER),
        # A restricted case that authority was asked for opens from there, and only there.
        "decides": bool(DECIDING & officer.given_roles()),
    }
    return render(request, "cases/found.html", context)
