"""Ask why: who opens a case that is not their own work is asked for the reason first."""

from collections.abc import Callable
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cr_app.audit.denials import actor_of, record_refusal
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
        if not isinstance(exception, NeedsReason):
            return None
        reference = exception.subject.partition(":")[2]
        return redirect(f"{reverse('case_why', args=[reference])}?{urlencode({'next': exception.next_path})}")


def tell(request: HttpRequest, form: forms.BaseForm, refusal: Refusal, field: str | None = None) -> None:
    """Say on the form what was refused, with everything typed kept, and keep the refusal in the trail after its rollback."""
    keep(request, refusal)
    form.add_error(field, refusal.sentence)


def keep(request: HttpRequest, refusal: Refusal) -> None:
    """Keep a refusal in the trail, after its rollback, where the page itself says what was refused."""
    record_refusal(refusal, actor_of(request), page=request.path, method=request.method or "")
