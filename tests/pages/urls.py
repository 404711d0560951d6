"""Addresses for the tests of what every page shares: a question page, a refusal, a fault."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from cr_app.pages import errors, refusals
from cr_app.pages.fields import DateField, NameField, YesNoField


class Several(forms.Form):
    """Three questions."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    last_names = NameField("What is their last name?", what="their last name")
    born = DateField("What is their date of birth?", what="their date of birth", hint="For example, 27 3 1999")
    abuse = YesNoField("Was it domestic abuse?", what="it was domestic abuse")


class Single(forms.Form):
    """One question, and a hidden version."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    abuse = YesNoField("Was it domestic abuse?", what="it was domestic abuse")


def several(request: HttpRequest) -> HttpResponse:
    """Show three questions, or what is wrong with the answers."""
    form = Several(request.POST if request.method == "POST" else None)
    return render(request, "step.html", {"form": form, "title": "About the offender", "caption": "Offender"})


def single(request: HttpRequest) -> HttpResponse:
    """Show one question."""
    return render(request, "step.html", {"form": Single(), "title": "Domestic abuse", "back_url": "/several/"})


def refused(request: HttpRequest, kind: str) -> HttpResponse:
    """Answer a refusal."""
    kinds: dict[str, refusals.Refusal] = {
        "not-allowed": refusals.NotAllowed("You asked for this yourself, so another inspector decides."),
        "denied": refusals.AccessDenied("Case 7KQM2PXR is of another force.", subject="case:7KQM2PXR"),
        "known": refusals.AccessDenied("Ask professional standards.", known=True),
        "stale": refusals.Stale("Somebody saved this at 14:35."),
    }
    return errors.refused(request, kinds[kind])


def fault(request: HttpRequest) -> HttpResponse:
    """Go wrong."""
    raise RuntimeError("secret detail")


urlpatterns = [
    path("", several, name="desk"),
    path("sign-out/", several, name="account_logout"),
    path("several/", several),
    path("single/", single),
    path("refused/<str:kind>/", refused),
    path("fault/", fault),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
