"""The id and the address of a request."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from cr_app.audit.requests import RequestContext, address_of, current_request


def test_each_request_has_an_id_of_its_own_and_none_is_left_behind() -> None:
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(current_request())
        if request.path == "/broken":
            raise ZeroDivisionError
        return HttpResponse()

    serve = RequestContext(view)
    assert serve(RequestFactory().get("/"))["X-Request-Id"] != serve(RequestFactory().get("/"))["X-Request-Id"]
    with pytest.raises(ZeroDivisionError):
        serve(RequestFactory().get("/broken"))
    assert len({each.id for each in seen if each}) == 3
    assert current_request() is None


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "address"),
    [
        (False, "198.51.100.9", "192.0.2.1"),
        (True, "198.51.100.9", "198.51.100.9"),
        (True, "203.0.113.66, 198.51.100.9", "198.51.100.9"),
        (True, None, "192.0.2.1"),
        (True, "198.51.100.9, <script>", ""),
        (True, "198.51.100.9, " + "1" * 5_000, ""),
    ],
)
def test_only_our_own_proxy_is_believed(
    settings: Settings, behind_proxy: bool, forwarded: str | None, address: str
) -> None:
    settings.BEHIND_PROXY = behind_proxy
    headers: dict[str, Any] = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    assert address_of(RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", **headers)) == address


def test_a_server_on_a_unix_socket_knows_no_address() -> None:
    assert address_of(RequestFactory().get("/", REMOTE_ADDR="")) == ""
