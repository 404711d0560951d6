"""Five wrong passwords lock a warrant number, and an address, for ten minutes: what django-axes counts."""

from collections.abc import Mapping
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.http import HttpRequest

from cr_app.accounts.warrant_numbers import normal_warrant_number


def number_tried(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Return the warrant number that was tried, in one form, so that no spelling escapes the count."""
    given = credentials or {}
    tried = given.get("username") or given.get("login") or request.POST.get("login", "")
    return normal_warrant_number(str(tried).replace("\0", ""))[:255]


class Lockout(AxesDatabaseHandler):  # type: ignore[misc]
    """Counts failures in the database, where all workers see them, and forgets them after ten minutes."""

    def user_login_failed(
        self, sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        """Count the failure; `request.lock_began` tells whether this one closed the lock."""
        was_locked = getattr(request, "axes_locked_out", False)
        super().user_login_failed(sender, credentials, request, **kwargs)
        if request is not None:
            request.lock_began = not was_locked and getattr(  # type: ignore[attr-defined]
                request, "axes_locked_out", False
            )

    def reset_user_attempts(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Forget, after a success, the failures for that warrant number alone.

        The address keeps its count of the others: who has an account must not win fresh guesses at a colleague's.
        """
        forgotten: int = AccessAttempt.objects.filter(username=number_tried(request, credentials)).delete()[0]
        return forgotten
