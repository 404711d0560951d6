"""Every page asks for a signed-in officer, and loses nothing of what was typed when the session has ended."""

from collections.abc import Callable, Mapping, Sequence

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from cr_app.accounts import parked
from cr_app.accounts.models import Officer
from cr_app.pages import errors

_CHANGE_PASSWORD = "account_change_password"  # noqa: S105


class SignInRequired:
    """Sends whoever is not signed in to sign in, parking what was posted; a first password is changed first.

    Does what Django's LoginRequiredMiddleware does, and like it leaves alone views marked `login_not_required`: for
    these neither session nor officer is read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what serves the request."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request and clear the cookies of parked answers that were given back."""
        response = self.get_response(request)
        parked.clear_spent_cookies(request, response)
        return response

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: Sequence[object],
        view_kwargs: Mapping[str, object],
    ) -> HttpResponseBase | None:
        """Answer in the view's place when nobody is signed in, or while the officer has a password made by others."""
        if not getattr(view_func, "login_required", True):
            return None
        if not isinstance(request.user, Officer):
            return _sign_in_first(request)
        match = request.resolver_match
        if request.user.must_change_password and (match is None or match.url_name != _CHANGE_PASSWORD):
            return redirect(_CHANGE_PASSWORD)
        return None


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    """Redirect to the sign-in page, and from there back: what was posted waits there for the same officer."""
    if request.method in {"GET", "HEAD"}:
        return redirect_to_login(request.get_full_path(), reverse("account_login"))
    officer_key = parked.shown_to_whom(request) if request.method == "POST" else None
    response = redirect_to_login(request.path, reverse("account_login"))
    if officer_key is not None and parked.park(request, response, officer_key):
        return response
    # The address may answer a POST alone, so the way back is the desk.
    return redirect("account_login")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is no longer good: signing in again in another tab changes it.

    The form is parked for the officer to whom it was shown, and shown again when that officer is signed in here, to be
    sent by her own hand; nothing of it is saved. Any other form gets the page that says so.
    """
    officer_key = parked.shown_to_whom(request)
    is_hers = not request.user.is_authenticated or request.user.pk == officer_key
    if officer_key is not None and is_hers:
        sign_in = redirect_to_login(request.path, reverse("account_login"))
        response = HttpResponseRedirect(request.path) if request.user.is_authenticated else sign_in
        if parked.park(request, response, officer_key):
            return response
    return errors.csrf_failure(request, reason)
