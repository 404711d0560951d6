"""How allauth signs officers in and out here: each with its entry in the trail, in the same transaction."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from axes.helpers import get_cool_off
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from cr_app.accounts import parked, sessions
from cr_app.accounts.actions import signing_in
from cr_app.accounts.lockout import number_tried
from cr_app.accounts.models import Officer
from cr_app.audit.trail import ANONYMOUS


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Local accounts that administrators make: no sign-up, no password by mail.

    allauth calls these methods itself, so no signal is needed for the trail.
    """

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "Check your warrant number and password: they are not right together",
        "incorrect_password": "Check your password: it is not right",
        "enter_current_password": "Check your current password: it is not right",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account here but an administrator."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Follow `next` to an address of this very host alone."""
        return bool(url) and url_has_allowed_host_and_scheme(url, allowed_hosts=set())

    def is_ajax(self, request: HttpRequest) -> bool:
        """Answer every request with a page."""
        return False

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Say nothing that the next page does not show by itself, but that the password is changed."""
        if args and args[0] == "account/messages/password_changed.txt":
            super().add_message(request, level, *args, **kwargs)

    def login(self, request: HttpRequest, user: Officer) -> None:
        """Begin the officer's session; what other officers have parked in this browser goes."""
        with transaction.atomic():
            super().login(request, user)
            sessions.begin(request.session)
            parked.forget_those_of_others(request, user)
            signing_in.note_signed_in(user, method="password")

    def logout(self, request: HttpRequest) -> None:
        """End the officer's session."""
        with transaction.atomic():
            if isinstance(request.user, Officer):
                signing_in.note_signed_out(request.user, because="asked to")
            super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record the failure, and the lock when this failure closed it."""
        lock_began = getattr(request, "lock_began", False)
        cool_off = get_cool_off(request)
        signing_in.note_sign_in_failed(
            number_tried(request, credentials),
            by=request.user.as_actor() if isinstance(request.user, Officer) else ANONYMOUS,
            was_locked=getattr(request, "axes_locked_out", False) and not lock_began,
            lock_began=lock_began,
            minutes=int(cool_off.total_seconds() // 60) if cool_off else 0,
        )

    def set_password(self, user: Officer, password: str) -> None:
        """Keep the new password of an officer who changes it by the page."""
        signing_in.change_password(user, password, by=user.as_actor())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go to the desk, where the message says that it is changed."""
        return resolve_url(settings.LOGIN_REDIRECT_URL)
