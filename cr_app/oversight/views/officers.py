"""What one officer did and looked at, for a reviewer of the force."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cr_app.accounts.signed_in import officer_of
from cr_app.oversight.actions.officers import DAYS, review
from cr_app.oversight.presenting.officers import officer_page
from cr_app.oversight.views.searching import places_of

_DAYS = 30


@require_safe
def officer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an officer's activity in the last 7, 30 or 90 days, and the latest entries."""
    asked = request.GET.get("days", "")
    days = next((days for days in DAYS if str(days) == asked), _DAYS)
    before, after = places_of(request)
    reviewed = review(officer_of(request), pk, days=days, before=before, after=after)
    return render(request, "oversight/officer.html", officer_page(reviewed, at_key=bool(before or after)))
