"""What the form of every step has in common."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django import forms

from cr_app.accounts.models import Officer
from cr_app.cases.journey import Step
from cr_app.cases.queries import Record
from cr_app.cases.questions import Kind, Question, questions_of
from cr_app.cases.situation import keys_asked
from cr_app.cases.wizard.forms.asked import field_of
from cr_app.pages.fields import ChoiceField, DateField, DateTimeField
from cr_app.pages.widgets import Choice
from cr_app.policy.rules import Rulebook


@dataclass(frozen=True)
class Asking:
    """What a form may need to know besides what is posted: the officer, the day, the rulebook and the case so far."""

    officer: Officer
    today: date
    rulebook: Rulebook
    case_so_far: Record | None = None
    item: int | None = None

    @property
    def record(self) -> Record:
        """Return the case so far; only the page that starts one has none."""
        if self.case_so_far is None:
            raise LookupError("No case has been started yet.")
        return self.case_so_far

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Return the questions by key, in the words of this rulebook."""
        return questions_of(self.rulebook)

    def keys_asked(self, step: Step) -> tuple[str, ...]:
        """Return the keys that a step asks of this case today."""
        return keys_asked(step, self.record, self.rulebook, on=self.today)


class StepForm(forms.Form):
    """The questions of one step; `answers` after cleaning are keyed row.field, None where a question was left."""

    # The keys asked, and those that must be answered; subclasses set both.
    keys: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, asking: Asking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asking = asking
        needed = self.needed_keys()
        for key in self.asked_keys():
            question = asking.questions[key]
            self.fields[question.name] = field_of(question, required=key in needed)
        self.prepare()

    def asked_keys(self) -> tuple[str, ...]:
        """Return the keys that this page asks of this case."""
        return self.keys

    def needed_keys(self) -> tuple[str, ...]:
        """Return the keys that must be answered before this page is saved."""
        return self.needs

    def prepare(self) -> None:
        """Set what depends on the case: options, bounds, hints."""

    def offer(self, name: str, options: Iterable[Choice]) -> None:
        """Set the options of a choice."""
        field = self.fields[name]
        if isinstance(field, ChoiceField):
            field.options = tuple(options)

    def bound(self, name: str, *, earliest: date, because: str = "") -> None:
        """Set the first day that a date may be, and in words why."""
        field = self.fields[name]
        if isinstance(field, DateField | DateTimeField):
            field.earliest, field.earliest_is = earliest, because

    def ask_when(self, answer: str, *names: str) -> None:
        """Have scripts hide these questions until `answer` is given: name=value, several of them apart by a space.

        Without scripts all are asked; either way what was left is forgotten or required by `clean`.
        """
        for name in names:
            self.fields[name].widget.attrs["data-ask-when"] = answer

    @property
    def answers(self) -> dict[str, Any]:
        """Return the cleaned answers by key; a choice or date left empty is None, text left empty stays empty."""
        return {key: self._kept(key) for key in self.asked_keys()}

    def _kept(self, key: str) -> Any:
        question = self.asking.questions[key]
        value = self.cleaned_data.get(question.name)
        chosen = question.kind in (Kind.CHOICE, Kind.LIST)
        return None if chosen and value == "" else value

    def require(self, name: str, sentence: str) -> None:
        """Refuse the page, with a sentence beside the field, where it was left empty and nothing else is wrong with it."""
        if self.cleaned_data.get(name) in (None, "") and name not in self.errors:
            self.add_error(name, sentence)

    def forget(self, *names: str) -> None:
        """Leave these unanswered: another answer makes them meaningless."""
        for name in names:
            self.cleaned_data[name] = None
            self.errors.pop(name, None)


def initial_of(questions: Iterable[Question], rows: Mapping[str, object]) -> dict[str, Any]:
    """Return what the fields of these questions start with, from the rows that hold the answers, by the name of the row.

    The exceptional circumstances are a row by exclusion, and are handed on as their texts by the exclusion's rule.
    """
    initial: dict[str, Any] = {}
    for question in questions:
        row, name = rows[question.row], question.field
        if isinstance(row, Mapping):
            value = row.get(name)
        elif question.kind is Kind.LIST and hasattr(row, f"{name}_id"):
            value = getattr(row, f"{name}_id")
        else:
            value = getattr(row, name)
        is_chosen = question.kind in (Kind.CHOICE, Kind.LIST) and value is not None
        initial[question.name] = str(value) if is_chosen else value
    return initial
