"""Asks one field one thing, as a form would."""

from typing import Any, cast

from django import forms
from django.http import QueryDict

from cr_app.pages.fields.answer import Answer


def form_of(field: forms.Field, **sent: object) -> forms.Form:
    """Return a form with the one field `x`, bound to what was sent: `x`, or the boxes `day`, `month`… of it."""
    data = QueryDict(mutable=True)
    for name, value in sent.items():
        key = "x" if name == "x" else f"x_{name}"
        data.setlist(key, list(value) if isinstance(value, (list, tuple)) else [cast(str, value)])
    one_question: type[forms.Form] = type("OneQuestion", (forms.Form,), {"x": field})
    return one_question(data)


def answer(field: Answer, **sent: object) -> Any:
    """Return what the field makes of what was sent, or its one sentence when it refuses."""
    form = form_of(field, **sent)
    return form.cleaned_data["x"] if form.is_valid() else sentence(form)


def sentence(form: forms.Form) -> str:
    """Return the one sentence that the form refuses `x` with."""
    (only,) = form.errors["x"]
    return str(only)
