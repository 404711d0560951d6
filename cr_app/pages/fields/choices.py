"""Answers chosen from a list."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from cr_app.pages.fields.answer import Answer
from cr_app.pages.widgets import Choice, Divider, Drop, Option, OptionsWidget, Radios, Ticks, options_from


class OptionsField(Answer):
    """An answer chosen from a list; `options` may be set when the form is made."""

    asks = "Select"
    widget: type[OptionsWidget] = Radios

    def __init__(
        self, question: str = "", *, options: Iterable[Choice] = (), inline: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(question, **kwargs)
        self.widget.inline = inline
        self.options = options_from(options)

    @property
    def options(self) -> tuple[Option | Divider, ...]:
        """The options, in order."""
        return self._options

    @options.setter
    def options(self, choices: Iterable[Choice]) -> None:
        self._options = self.widget.options = options_from(choices)

    def __deepcopy__(self, memo: dict[int, Any]) -> "OptionsField":
        field: OptionsField = super().__deepcopy__(memo)
        field.options = self._options
        return field

    def offered(self, value: str) -> Option:
        """Return the option of that value, or raise a ValidationError for one that was never offered."""
        for option in self._options:
            if isinstance(option, Option) and option.value == value:
                return option
        lead = "This answer was not offered" if self.what == self.called else f"{self.asks} {self.what}"
        raise ValidationError(f"{lead}: choose one of the answers shown", code="invalid_choice")

    def label_of(self, value: str) -> str:
        """Return the words of a value."""
        return self.offered(value).label


class ChoiceField(OptionsField):
    """One answer of several, as radios or, with `drop`, a list that opens; "" when not answered."""

    def __init__(self, question: str = "", *, drop: bool = False, **kwargs: Any) -> None:
        super().__init__(question, **{"widget": Drop if drop else Radios, **kwargs})

    def to_python(self, value: object) -> str:
        """Return the value chosen."""
        return self.offered(str(value)).value if value not in (None, "") else ""


class ChoicesField(OptionsField):
    """Any number of answers as a tuple in the order of the list; empty when none is ticked."""

    widget = Ticks

    def to_python(self, value: object) -> tuple[str, ...]:
        """Return the values chosen, each once."""
        sent = [value] if isinstance(value, str) else list(value) if isinstance(value, Iterable) else []
        chosen = {self.offered(str(one)) for one in sent if one}
        alone = [option for option in chosen if option.exclusive]
        if alone and len(chosen) > 1:
            raise ValidationError(f"Select “{alone[0].label}” or the others, not both", code="exclusive")
        return tuple(option.value for option in self._options if option in chosen)


class YesNoField(OptionsField):
    """Yes or no, nothing chosen beforehand: True, False, or None when not answered."""

    called = "this is so"
    asks = "Select yes if"

    def __init__(self, question: str = "", *, yes_hint: str = "", no_hint: str = "", **kwargs: Any) -> None:
        options = (Option("yes", "Yes", yes_hint), Option("no", "No", no_hint))
        fixed: dict[str, Any] = {"inline": not (yes_hint or no_hint), "options": options}
        super().__init__(question, **{**fixed, **kwargs})

    def prepare_value(self, value: object) -> object:
        """Return "yes" or "no" for a kept answer, and what was sent as it was sent."""
        return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value

    def to_python(self, value: object) -> bool | None:
        """Return the answer."""
        if value in (None, ""):
            return None
        if value not in ("yes", "no", True, False):
            raise ValidationError("Select yes or no", code="invalid_choice")
        return value in ("yes", True)
