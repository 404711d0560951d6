"""Pages of sign-in and sign-out that differ from allauth's own."""

from typing import Any

from allauth.account.views import LogoutView
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET


class SignOutView(LogoutView):  # type: ignore[misc]
    """Asks on GET, signs out on POST, and has the browser forget every page and cookie."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out; Back on a shared terminal then shows nothing."""
        response: HttpResponse = super().post(*args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response


sign_out = SignOutView.as_view()


@require_GET
def stay(request: HttpRequest) -> HttpResponse:
    """Answer nothing: that it was asked keeps the session from ending of idleness."""
    return HttpResponse(status=204)


@login_not_required
@require_GET
def ask_who(request: HttpRequest) -> HttpResponse:
    """Say whom to ask for an account or a new password: neither is to be had here."""
    return render(request, "accounts/ask_who.html")
