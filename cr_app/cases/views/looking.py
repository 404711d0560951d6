"""What the pages of a case share: the look that is recorded, and what was typed before a sign-in."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict

from cr_app.accounts.signed_in import officer_of
from cr_app.cases import access
from cr_app.cases.presenting import case_page
from cr_app.cases.reasons import restored


def posted_or_restored(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, or on a GET what this officer had posted here before being signed out, once."""
    return request.POST if request.method == "POST" else restored(request)


def sitting_of(request: HttpRequest) -> str:
    """Return what stands for this session in the trail."""
    return access.sitting_digest(request.session.session_key)


def look(request: HttpRequest, reference: str, *, page: str) -> Any:
    """Return the case for reading, the look recorded; raises as the door does."""
    return access.look(officer_of(request), reference, page=page, sitting=sitting_of(request), path=request.path)


def whole_page(request: HttpRequest, found: Any, *, at: datetime) -> dict[str, Any]:
    """Return what the page of a case shows, and record the look at earlier cases of the same person that it tells of."""
    officer = officer_of(request)
    context = case_page(found, access.sight_of(officer, found), at=at)
    access.record_beside(officer, found.reference, context["earlier_cases"], sitting=sitting_of(request))
    return context
