"""What every template may use of accounts."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cr_app.accounts import parked
from cr_app.accounts.models import Officer


def shown_to(request: HttpRequest) -> dict[str, object]:
    """Give `shown_to`, the value of the hidden field of accounts/_shown_to.html, signed only when a page uses it.

    And `idle_seconds`, after which a session that does nothing ends.
    """

    def value() -> str:
        return parked.shown_to(request.user, request.path) if isinstance(request.user, Officer) else ""

    return {"shown_to": SimpleLazyObject(value), "idle_seconds": settings.SESSION_IDLE_SECONDS}
