"""How long a sign-in lasts: a while without a request, and a shift at most."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from cr_app.accounts.actions.signing_in import note_signed_out
from cr_app.accounts.models import Officer

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
# The time last seen is written this often at most, so that a request costs no query of its own.
_SEEN_EVERY = 60


def begin(session: SessionBase) -> None:
    """Note that the session's officer has just signed in."""
    session[SIGNED_IN_AT] = session[SEEN_AT] = int(time.time())


class SessionLimits:
    """Ends a session that was idle, or lasted, too long; the request goes on as nobody's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what serves the request."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request, first ending or renewing the session it came with."""
        if SESSION_KEY in request.session:
            now = int(time.time())
            because = _why_over(request.session, now)
            if because:
                _end(request, because)
            else:
                _renew(request.session, now)
        return self.get_response(request)


def _why_over(session: SessionBase, now: int) -> str:
    if now - int(session.get(SIGNED_IN_AT, now)) >= settings.SESSION_ABSOLUTE_SECONDS:
        return "signed in for too long"
    if now - int(session.get(SEEN_AT, now)) >= settings.SESSION_IDLE_SECONDS:
        return "idle for too long"
    return ""


def _renew(session: SessionBase, now: int) -> None:
    if SIGNED_IN_AT not in session:
        session[SIGNED_IN_AT] = now
    # A tenth of a short limit, so that a busy officer is never taken for an idle one.
    if now - int(session.get(SEEN_AT, 0)) >= min(_SEEN_EVERY, settings.SESSION_IDLE_SECONDS // 10):
        session[SEEN_AT] = now


def _end(request: HttpRequest, because: str) -> None:
    with transaction.atomic():
        if isinstance(request.user, Officer):
            note_signed_out(request.user, because=because)
        request.session.flush()
    request.user = AnonymousUser()
