"""Which request is being served: its id and address, for every entry that it writes."""

import ipaddress
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class ServedRequest:
    """The id given to a request and the address it came from ("" when the server does not know)."""

    id: uuid.UUID
    address: str


_current: ContextVar[ServedRequest | None] = ContextVar("cr_request", default=None)


def current_request() -> ServedRequest | None:
    """Return the request being served in this thread; None in a command."""
    return _current.get()


class RequestContext:
    """Middleware, outermost: gives each request its id, which the answer carries too, and notes its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what serves the request."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request with its id and address known to the trail."""
        # Lockout and logs read the same place, so all of them agree on the address.
        request.META["REMOTE_ADDR"] = address_of(request)
        served = ServedRequest(id=uuid.uuid4(), address=request.META["REMOTE_ADDR"])
        token = _current.set(served)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        response["X-Request-Id"] = str(served.id)
        return response


def address_of(request: HttpRequest) -> str:
    """Return the address a request came from: behind our own proxy the last one forwarded, which that proxy wrote."""
    address = request.META.get("REMOTE_ADDR", "")
    if getattr(settings, "BEHIND_PROXY", False):
        address = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or address
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return ""


def page_of(request: HttpRequest) -> str:
    """Name the page as the URLs name it: the address itself can hold anything that somebody types."""
    match = request.resolver_match
    return match.view_name if match else ""
