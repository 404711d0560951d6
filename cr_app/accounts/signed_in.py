"""Who is signed in."""

from django.http import HttpRequest

from cr_app.accounts.models import Officer
from cr_app.pages.refusals import AccessDenied


def officer_of(request: HttpRequest) -> Officer:
    """Return the officer who is signed in; raises AccessDenied for nobody, which the sign-in gate never lets happen."""
    if not isinstance(request.user, Officer):
        raise AccessDenied("Nobody is signed in.")
    return request.user
