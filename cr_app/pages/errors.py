"""Pages for what goes wrong before or after a view: named in settings (CSRF) and in urls.py (handlers)."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string

from cr_app.pages.refusals import Refusal


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Tell that the form was not accepted and how to send it again; `reason` is for the log of Django alone."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that could not be read (handler400)."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer PermissionDenied (handler403); what it was about stays unsaid."""
    return render(
        request,
        "refused.html",
        {"title": "You cannot do this", "sentence": "Ask your sergeant or an administrator."},
        status=403,
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that leads nowhere (handler404)."""
    return render(request, "404.html", status=404)


def not_answered(request: HttpRequest, response: HttpResponseNotAllowed) -> HttpResponse:
    """Return a refused method's answer, which is empty as Django makes it, with a page in words."""
    response.content = render_to_string("405.html", request=request).encode()
    response.headers["Content-Length"] = str(len(response.content))
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours (handler500), touching neither the session nor the database."""
    return HttpResponse(render_to_string("500.html"), status=500)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a refusal with its status, its title and its sentence."""
    context = {"title": refusal.answer_title, "sentence": refusal.answer_sentence, "refusal": refusal}
    return render(request, "refused.html", context, status=refusal.answer_status)
