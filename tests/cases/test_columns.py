"""What a question takes fits the column that keeps it: nothing that a form accepts fails in the database."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models

from cr_app.cases.models import AgreedAction, Case, CaseOffence, EarlierDisposal, ExceptionGrounds, Offender, Victim
from cr_app.cases.questions import QUESTIONS, Kind, Question, grounds_question
from cr_app.cases.wizard.forms.asked import field_of

_ROWS: dict[str, type[models.Model]] = {
    model.ROW: model for model in (Case, Offender, Victim, CaseOffence, EarlierDisposal, AgreedAction, ExceptionGrounds)
}
TYPED = (Kind.TEXT, Kind.REFERENCE, Kind.LONG, Kind.NAME, Kind.POSTCODE, Kind.PHONE, Kind.EMAIL, Kind.PNC, Kind.CRO)
# Letters that grow in capitals or in another normal form, figures apart, and the longest of each number.
_FILLERS = ("x", "ß", "ﬃ", "ŉ", "\u0958", "1 ", "é")
_WRITTEN = (
    "1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 ext 123456",
    "+44 20 7946 0018 extension 123456",
    "SW1A 2AA",
    "2003/0011985X",
    "265416/21G",
)


GROUNDS_ASKED = grounds_question("weapon-or-blade", "Offensive weapon, pointed or bladed article")
ASKED = [*QUESTIONS.values(), GROUNDS_ASKED]


def column_of(question: Question) -> "models.Field[Any, Any]":
    """Return the column that keeps the answers to a question."""
    name = "circumstances" if question is GROUNDS_ASKED else question.field
    return _ROWS[question.row]._meta.get_field(name)  # type: ignore[return-value]


def accepted(question: Question) -> Iterator[str]:
    """Yield what the field keeps of everything long that could be typed."""
    field = field_of(question, required=False)
    limit = getattr(field, "max_length", 0)
    fillers = (filler * (length // len(filler)) for filler in _FILLERS for length in (limit // 3, limit, limit + 1))
    email = f"{'a' * 60}@{'b.' * ((limit - 61 - 11) // 2)}example.com"
    for typed in (*fillers, email, *_WRITTEN):
        try:
            yield str(field.clean(typed))
        except ValidationError:
            continue


@pytest.mark.parametrize(
    "question",
    [question for question in ASKED if question.kind in TYPED],
    ids=lambda question: question.key,
)
def test_the_longest_answer_fits_its_column(question: Question) -> None:
    longest = max(map(len, accepted(question)))
    assert longest > 0
    room = column_of(question).max_length
    assert room is None or longest <= room


@pytest.mark.parametrize(
    "question", [question for question in QUESTIONS.values() if question.choices], ids=lambda question: question.key
)
def test_every_choice_fits_its_column(question: Question) -> None:
    room = getattr(column_of(question), "max_length", None)
    assert room is None or max(len(choice.value) for choice in question.choices) <= room


def test_money_fits_its_column_and_its_check() -> None:
    (question,) = (question for question in QUESTIONS.values() if question.kind is Kind.MONEY)
    field = field_of(question, required=False)
    column = column_of(question)
    for typed in ("0.01", "999,999.99"):
        column.clean(field.clean(typed), None)
    for typed in ("0", "0.00", "1000000", "999,999,999.99"):
        with pytest.raises(ValidationError, match="Enter how much is to be paid as £"):
            field.clean(typed)
