"""One case: read it, its history, print it, and say why one looks."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cr_app.accounts.signed_in import officer_of
from cr_app.cases import access
from cr_app.cases.forms import ReasonForm
from cr_app.cases.presenting import history_page, timeline_page
from cr_app.cases.views.looking import look, posted_or_restored, sitting_of, whole_page


@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a case as it stands, and what may be done with it."""
    found = look(request, reference, page="case")
    context = whole_page(request, found, at=timezone.now())
    context["copy_token"] = uuid4()
    return render(request, "cases/case.html", context)


@require_GET
def history(request: HttpRequest, reference: str) -> HttpResponse:
    """Tell what happened to a case, in words, and who looked at it and why; each list goes on from a key of its own."""
    found = look(request, reference, page="history")
    before, looks = (_key(request.GET.get(name, "")) for name in ("before", "looks"))
    context = timeline_page(found, before=before) | history_page(found, before=looks)
    return render(request, "cases/history.html", context | {"before": before, "looks_before": looks})


def _key(text: str) -> int | None:
    """Return the key that an address gives for where a list goes on; None for anything made up."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


@require_GET
def printed(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the whole record for printing."""
    found = look(request, reference, page="print")
    context = whole_page(request, found, at=timezone.now())
    context |= {"printed_at": timezone.localtime(), "back_url": reverse("case", args=[reference])}
    return render(request, "cases/printed.html", context)


@require_http_methods(["GET", "POST"])
def why(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask why the officer looks at a case that is not their own work; it holds for the sitting."""
    officer = officer_of(request)
    access.may_look(officer, reference)
    typed = posted_or_restored(request)
    form = ReasonForm(typed)
    if request.method == "POST" and form.is_valid():
        access.give_reason(officer, reference, reason=form.cleaned_data["reason"], sitting=sitting_of(request))
        return redirect(_within(reference, request.GET.get("next", "")))
    context = {"form": form, "title": "Why are you looking at this?", "back_url": reverse("desk")}
    return render(request, "cases/why.html", context, status=422 if form.errors else 200)


def _within(reference: str, path: str) -> str:
    """Return a path of this service about this very case, whatever was asked for."""
    is_ours = path.startswith("/") and "//" not in path and "\\" not in path
    return path if is_ours and reference in path.split("/") else reverse("case", args=[reference])
