"""What a choice offers where that is known only when the form is made."""

from collections.abc import Iterable

from django import forms

from cr_app.accounts.models import Unit
from cr_app.pages.fields import ChoiceField, Option
from cr_app.pages.widgets import Choice


def offer(form: forms.Form, name: str, options: Iterable[Choice]) -> None:
    """Have a question of the form offer these answers."""
    field = form.fields[name]
    assert isinstance(field, ChoiceField)  # noqa: S101 - tells the type checker
    field.options = options


def units_offered(units: Iterable[Unit]) -> tuple[Option, ...]:
    """Return units as answers."""
    return tuple(Option(str(unit.pk), str(unit)) for unit in units)
