"""What every template may use of accounts."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cr_app.accounts import parked
from cr_app.accounts.models import Officer


def shown_to(request: HttpRequest) -> dict[str, object]:
    """Give `shown_to`, the value of the hidden field of accounts/_shown_to.html, signed only when a page uses it.

    And `idle_seconds`, after which a session that does nothing ends; `is_typed_kept` tells the pages that ask for a
    password whether something waits at the page that they lead to.
    """

    def value() -> str:
        return parked.shown_to(request.user, request.path) if isinstance(request.user, Officer) else ""

    def is_typed_kept() -> bool:
        next_url = request.POST.get("next", "") or request.GET.get("next", "")
        return parked.is_kept(request, next_url.partition("?")[0])

    return {
        "shown_to": SimpleLazyObject(value),
        "idle_seconds": settings.SESSION_IDLE_SECONDS,
        "is_typed_kept": SimpleLazyObject(is_typed_kept),
    }
