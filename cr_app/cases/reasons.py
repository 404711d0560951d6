"""Ask why: who opens a case that is not their own work is asked for the reason first."""

from collections.abc import Callable
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from cr_app.accounts import parked
from cr_app.accounts.signed_in import officer_of
from cr_app.audit.denials import keep_refusal
from cr_app.pages.refusals import NeedsReason, Refusal


class AskWhy:
    """Middleware: leads a look that needs a reason to the page that asks for it, and from there back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what serves the request."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Redirect where a reason is needed; leave everything else alone."""
        return way_to_why(exception) if isinstance(exception, NeedsReason) else None


def way_to_why(needed: NeedsReason) -> HttpResponse:
    """Return the way to the page that asks for a reason, and from there back."""
    reference = needed.subject.partition(":")[2]
    return redirect(f"{reverse('case_why', args=[reference])}?{urlencode({'next': needed.next_path})}")


RESTORED = {
    "title": "Important",
    "heading": "What you typed before you were signed out is here",
    "text": "It is not saved yet. Check it, then save.",
}


def restored(request: HttpRequest) -> QueryDict | None:
    """Return what this officer posted here before being signed out, once."""
    return parked.take(request, request.path) if request.method == "GET" else None


def give_back(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Park what was posted for the officer to whom the page was shown; the page shows it again when it is next opened."""
    officer = officer_of(request)
    if parked.shown_to_whom(request) == officer.pk:
        parked.park(request, response, officer.pk)
    return response


def banner_for(request: HttpRequest, typed: QueryDict | None) -> dict[str, str] | None:
    """Return the banner that says so, where a page shows what was given back."""
    return RESTORED if typed is not None and request.method == "GET" else None


def tell(request: HttpRequest, form: forms.BaseForm, refusal: Refusal, field: str | None = None) -> None:
    """Say on the form what was refused, with everything typed kept, and keep the refusal in the trail after its rollback."""
    keep(request, refusal)
    form.add_error(field, refusal.sentence)


def keep(request: HttpRequest, refusal: Refusal) -> None:
    """Keep a refusal in the trail, after its rollback, where the page itself says what was refused."""
    keep_refusal(request, refusal)
