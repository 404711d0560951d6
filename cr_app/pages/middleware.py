"""Headers that every page carries, and the methods that no page answers."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from cr_app.pages import errors

ANSWERED = ("GET", "HEAD", "POST", "OPTIONS")


class PageHeaders:
    """Keeps pages out of every cache and other origins' reach, and answers other methods with 405."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_answered = request.method in ANSWERED
        response = self.get_response(request) if is_answered else HttpResponseNotAllowed(ANSWERED)
        if isinstance(response, HttpResponseNotAllowed):
            response = errors.not_answered(request, response)
        if not request.path.startswith(str(settings.STATIC_URL)):
            # A page may show personal data: Back on a shared terminal must not bring it out of a cache.
            response.headers["Cache-Control"] = "no-store"
            response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response
