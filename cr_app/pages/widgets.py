"""Controls of a form: what they read from a POST; how they look is in templates/cr/."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.datastructures import MultiValueDict

from cr_app.pages.moments import PARTS


@dataclass(frozen=True)
class Option:
    """One answer to choose: what is sent, what is read, a hint; an exclusive one goes with no other."""

    value: str
    label: str
    hint: str = ""
    exclusive: bool = False


@dataclass(frozen=True)
class Divider:
    """A word between options, such as "or"."""

    label: str = "or"


Choice = Option | Divider | tuple[str, str] | tuple[str, str, str]


def options_from(choices: Iterable[Choice]) -> tuple[Option | Divider, ...]:
    """Return options from Option, Divider, (value, label) or (value, label, hint)."""
    return tuple(choice if isinstance(choice, (Option, Divider)) else Option(*choice) for choice in choices)


class TextBox(forms.TextInput):
    """One line of text, perhaps with a prefix or suffix and a width in characters (2, 3, 4, 5, 10, 20 or 30)."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        input_type: str = "text",
        width: int | None = None,
        prefix: str = "",
        suffix: str = "",
    ) -> None:
        super().__init__(attrs)
        self.input_type = input_type
        self.width = width
        self.prefix = prefix
        self.suffix = suffix


class LongTextBox(forms.Textarea):
    """Several lines of text, with a count of what is left when there is a limit."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, rows: int = 5, limit: int | None = None) -> None:
        super().__init__(attrs)
        self.rows = rows
        self.limit = limit


class Boxes(forms.Widget):
    """Several small boxes that make one answer; the value is a mapping of box to what was typed."""

    use_fieldset = True
    parts: ClassVar[tuple[str, ...]] = PARTS

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        """Return what was typed in each box, "" where nothing was."""
        return {part: str(data.get(f"{name}_{part}") or "") for part in self.parts}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Tell whether none of the boxes was sent."""
        return all(f"{name}_{part}" not in data for part in self.parts)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """Return the id of the first box."""
        return f"{id_}_{index or self.parts[0]}" if id_ else id_


class DateBoxes(Boxes):
    """Day, month and year, each in its own box."""


class MomentBoxes(Boxes):
    """Day, month, year and time, each in its own box."""

    parts = (*PARTS, "time")


class OptionsWidget(forms.Widget):
    """Answers to choose from."""

    options: tuple[Option | Divider, ...] = ()
    inline = False

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """Return the id of the first option."""
        return f"{id_}_{index or '0'}" if id_ else id_


class Radios(OptionsWidget):
    """One answer of several, all in sight."""

    use_fieldset = True


class Drop(OptionsWidget):
    """One answer of many, in a list that opens."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """Return the id of the list itself."""
        return id_


class Ticks(OptionsWidget):
    """Any number of answers."""

    use_fieldset = True

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Sequence[str]:
        """Return every value sent under the name."""
        return data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name) or []

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Tell nothing: boxes that are not ticked are not sent."""
        return False
