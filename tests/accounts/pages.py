"""A URL configuration for tests of the door alone: sign-in, a desk, a form that can be parked, a page for everybody."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from cr_app.accounts import parked

_PAGE = """<form method="post">{% csrf_token %}{% include "accounts/_shown_to.html" %}
<textarea name="circumstances">{{ form.circumstances.value }}</textarea>
{% for flag in form.flags.value %}<input type="checkbox" name="flags" value="{{ flag }}" checked>{% endfor %}</form>"""


class AnswerForm(forms.Form):
    """Two questions."""

    circumstances = forms.CharField()
    flags = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], required=False)


def desk(request: HttpRequest) -> HttpResponse:
    """The page after signing in."""
    return HttpResponse("desk")


def form_page(request: HttpRequest, reference: str = "") -> HttpResponse:
    """A page of questions; what was parked is shown again, bound."""
    if request.method == "POST":
        form = AnswerForm(request.POST)
        if form.is_valid():
            return HttpResponse(f"saved {form.cleaned_data['circumstances']}")
    else:
        kept = parked.take(request, request.path)
        form = AnswerForm(kept) if kept is not None else AnswerForm()
    return HttpResponse(engines["django"].from_string(_PAGE).render({"form": form}, request))


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """A page that asks for nobody."""
    return HttpResponse("well")


urlpatterns = [
    path("", desk, name="desk"),
    path("form/<slug:reference>/", form_page, name="form"),
    path("follow-up/", desk, name="follow_up"),
    path("health/", health, name="health"),
    path("", include("cr_app.accounts.urls")),
]
