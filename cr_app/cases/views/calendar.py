"""The calendar of the desk: what is to be followed up after issue."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cr_app.accounts.roles import FOLLOWING_UP, Role
from cr_app.accounts.signed_in import officer_of
from cr_app.cases import access
from cr_app.cases.presenting.calendar import SECTIONS, Asked, calendar_page
from cr_app.pages.refusals import NotAllowed


@require_safe
def follow_up(request: HttpRequest) -> HttpResponse:
    """Show what is overdue, due and still to be told, one's own or a sergeant's unit's; one access names the cases shown."""
    officer = officer_of(request)
    if not FOLLOWING_UP & officer.given_roles():
        raise NotAllowed("Your role follows up no cases. Ask your administrator if that is wrong.")
    is_unit = request.GET.get("of") == "unit" and officer.has_role(Role.SERGEANT)
    only = request.GET.get("only", "")
    asked = Asked(
        is_unit=is_unit,
        of=_number(request.GET.get("officer", "")) if is_unit else None,
        only=only if only in SECTIONS else "",
        page=_number(request.GET.get("page", "")) or 1,
    )
    context = calendar_page(officer, asked, at=timezone.now())
    access.record_list(officer, context["references"], page="follow_up")
    return render(request, "cases/calendar.html", context)


def _number(text: str) -> int | None:
    """Return the number that an address gives; None for anything made up."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
