"""field_of(question) -> the form field that asks it."""

from collections.abc import Callable
from typing import Any

from django import forms

from cr_app.cases.questions import Kind, Question
from cr_app.pages import fields

Maker = Callable[[Question, dict[str, Any]], forms.Field]


def field_of(question: Question, *, required: bool) -> forms.Field:
    """Return the field that asks a question, in its words."""
    common: dict[str, Any] = {"hint": question.hint, "required": required}
    if question.wanted:
        common["missing"] = question.wanted
    elif question.kind in (Kind.DATE, Kind.MOMENT):
        common["what"] = "this date" if question.kind is Kind.DATE else "this date and time"
    else:
        common["what"] = _within_a_sentence(
            question.text.removesuffix("?").removesuffix(" (optional)").partition(", if ")[0]
        )
    return _MAKERS[question.kind](question, common)


def _within_a_sentence(words: str) -> str:
    """Return a question's words as they stand inside a sentence: PNC ID keeps its capitals."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _options(question: Question) -> list[tuple[str, str, str]]:
    return [(choice.value, choice.text, choice.hint) for choice in question.choices]


def _long(question: Question, common: dict[str, Any]) -> forms.Field:
    rows = 4 if question.max_length <= 2000 else 6
    return fields.LongTextField(question.text, max_length=question.max_length, rows=rows, **common)


def _amount(question: Question, common: dict[str, Any]) -> forms.Field:
    return fields.WholeNumberField(question.text, least=question.minimum, most=question.maximum, width=3, **common)


_MAKERS: dict[Kind, Maker] = {
    Kind.TEXT: lambda q, common: fields.TextField(q.text, max_length=q.max_length, **common),
    Kind.REFERENCE: lambda q, common: fields.ReferenceField(q.text, max_length=q.max_length, **common),
    Kind.LONG: _long,
    Kind.NAME: lambda q, common: fields.NameField(q.text, **common),
    Kind.YES_NO: lambda q, common: fields.YesNoField(q.text, **common),
    Kind.CHOICE: lambda q, common: fields.ChoiceField(q.text, options=_options(q), **common),
    Kind.LIST: lambda q, common: fields.ChoiceField(q.text, drop=True, **common),
    Kind.DATE: lambda q, common: fields.DateField(q.text, no_future=q.latest == "now", **common),
    Kind.MOMENT: lambda q, common: fields.DateTimeField(q.text, no_future=q.latest == "now", **common),
    Kind.POSTCODE: lambda q, common: fields.PostcodeField(q.text, **common),
    Kind.PHONE: lambda q, common: fields.PhoneField(q.text, **common),
    Kind.EMAIL: lambda q, common: fields.EmailField(q.text, **common),
    Kind.PNC: lambda q, common: fields.PncIdField(q.text, **common),
    Kind.CRO: lambda q, common: fields.CroNumberField(q.text, **common),
    Kind.MONEY: lambda q, common: fields.MoneyField(q.text, **{**common, "what": "how much is to be paid"}),
    Kind.WHOLE: _amount,
}
