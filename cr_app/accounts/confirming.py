"""Before what matters most, the officer confirms with the password that it is still she who sits there."""

import time
from urllib.parse import urlencode

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cr_app.accounts import parked
from cr_app.accounts.sessions import SIGNED_IN_AT


def confirm_first(request: HttpRequest) -> HttpResponse | None:
    """Return the way to the page that asks for the password; None when it was given there within the last 5 minutes.

    The time is ACCOUNT_REAUTHENTICATION_TIMEOUT. What was posted is parked: the page that comes back shows it again, to
    be sent by the officer's own hand, and nothing of it is done before.
    """
    if has_confirmed(request):
        return None
    path = request.path if request.method == "POST" else request.get_full_path()
    response = redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': path})}")
    if request.method == "POST" and (key := parked.shown_to_whom(request)) == request.user.pk and key is not None:
        parked.park(request, response, key)
    return response


def has_confirmed(request: HttpRequest) -> bool:
    """Tell whether the password was given within the last 5 minutes, to sign in or at the page that asks for it."""
    try:
        return bool(_confirmed(request))
    except ReauthenticationRequired:
        # allauth counts what was given on that page alone.
        signed_in_at = int(request.session.get(SIGNED_IN_AT, 0))
        return time.time() - signed_in_at < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


@reauthentication_required  # type: ignore[untyped-decorator]
def _confirmed(request: HttpRequest) -> bool:
    return True
