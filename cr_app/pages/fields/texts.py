"""Answers typed in one box or a large one: text, names, numbers, identifiers."""

import datetime as dt
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils import timezone

from cr_app.pages import identifiers, moments
from cr_app.pages.fields.answer import Answer
from cr_app.pages.text import LONG, SHORT, clean
from cr_app.pages.widgets import LongTextBox, TextBox


class TextField(Answer):
    """One line of clean text; "" when not answered."""

    def __init__(
        self,
        question: str = "",
        *,
        max_length: int = SHORT,
        width: int | None = None,
        autocomplete: str = "off",
        inputmode: str = "",
        spellcheck: bool = True,
        input_type: str = "text",
        prefix: str = "",
        suffix: str = "",
        attrs: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.max_length = max_length
        written: dict[str, str] = {"autocomplete": autocomplete, **(attrs or {})}
        if inputmode:
            written["inputmode"] = inputmode
        if not spellcheck:
            written["spellcheck"] = "false"
        kwargs.setdefault("widget", TextBox(written, input_type=input_type, width=width, prefix=prefix, suffix=suffix))
        super().__init__(question, **kwargs)

    def to_python(self, value: object) -> Any:
        """Return the text clean, and read as this kind of answer."""
        text = clean("" if value is None else str(value), what=self.what, limit=self.max_length)
        return self.read(text) if text else self.nothing()

    def read(self, text: str) -> Any:
        """Return the answer in its one form, or raise a ValidationError."""
        return text

    def nothing(self) -> Any:
        """Return what stands for no answer."""
        return ""


class LongTextField(Answer):
    """Several lines of clean text, ends of line as LF; a count of what is left."""

    def __init__(self, question: str = "", *, max_length: int = LONG, rows: int = 8, **kwargs: Any) -> None:
        self.max_length = max_length
        kwargs.setdefault("widget", LongTextBox(rows=rows, limit=max_length))
        super().__init__(question, **kwargs)

    def to_python(self, value: object) -> str:
        """Return the text clean, lines kept."""
        return clean("" if value is None else str(value), what=self.what, limit=self.max_length, lines=True)


class NameField(TextField):
    """A name as its bearer writes it: any script, apostrophes and hyphens of any shape; at least one letter."""

    def __init__(self, question: str = "", **kwargs: Any) -> None:
        super().__init__(question, **{"spellcheck": False, "width": 20, **kwargs})

    def read(self, text: str) -> str:
        """Return the name as typed."""
        if not any(letter.isalpha() for letter in text):
            raise ValidationError(f"Enter {self.what} in letters", code="letters")
        return text


class PostcodeField(TextField):
    """A UK postcode, in capitals with one space."""

    called = "the postcode"

    def __init__(self, question: str = "What is the postcode?", **kwargs: Any) -> None:
        super().__init__(question, **{"spellcheck": False, "width": 10, **kwargs})

    def read(self, text: str) -> str:
        """Return the postcode in its one form."""
        return identifiers.read_postcode(text)


class ReferenceField(TextField):
    """A reference or number that people pass on: ASCII letters, digits and / - . space, kept in capitals.

    Other letters are refused: some look like these, and some grow longer in capitals than the limit allows.
    """

    called = "the reference"
    _REFERENCE = re.compile(r"[A-Z0-9/\-. ]*[A-Z0-9][A-Z0-9/\-. ]*")

    def __init__(self, question: str = "", **kwargs: Any) -> None:
        super().__init__(question, **{"spellcheck": False, "width": 20, **kwargs})

    def read(self, text: str) -> str:
        """Return the reference in capitals."""
        kept = text.upper()
        if not text.isascii() or not self._REFERENCE.fullmatch(kept):
            raise ValidationError(
                f"Enter {self.what} in letters A to Z and numbers; only / - . and spaces may stand between them",
                code="letters",
            )
        return kept


class PhoneField(TextField):
    """A telephone number, digits in groups as typed; `longest` bounds the one form in which it is kept."""

    called = "the telephone number"
    longest = 30

    def __init__(self, question: str = "What is the telephone number?", **kwargs: Any) -> None:
        fixed = {"spellcheck": False, "width": 20, "input_type": "tel"}
        super().__init__(question, **{**fixed, **kwargs})

    def read(self, text: str) -> str:
        """Return the number in its one form."""
        kept = identifiers.read_phone(text)
        if len(kept) > self.longest:
            raise ValidationError(
                f"Shorten {self.what} to {self.longest} characters or fewer, its spaces and extension counted",
                code="too_long",
            )
        return kept


class EmailField(TextField):
    """An e-mail address."""

    called = "the email address"

    def __init__(self, question: str = "What is the email address?", **kwargs: Any) -> None:
        fixed = {"spellcheck": False, "input_type": "email", "max_length": 254}
        super().__init__(question, **{**fixed, **kwargs})

    def read(self, text: str) -> str:
        """Return the address as typed."""
        EmailValidator(message="Enter an email address, for example name@example.com")(text)
        return text


class PncIdField(TextField):
    """A PNC ID as YYYY/NNNNNNNL, its check letter computed."""

    called = "the PNC ID"
    example = identifiers.PNC_EXAMPLE

    def __init__(self, question: str = "What is the PNC ID?", **kwargs: Any) -> None:
        super().__init__(question, **{"spellcheck": False, "width": 20, **kwargs})

    def read(self, text: str) -> str:
        """Return the PNC ID in its long form."""
        return identifiers.read_pnc_id(text, this_year=timezone.localdate().year)


class CroNumberField(TextField):
    """A CRO number as NNNNNN/YYL or SFYY/NNNNNNL, its check letter computed."""

    called = "the CRO number"
    example = identifiers.CRO_EXAMPLE

    def __init__(self, question: str = "What is the CRO number?", **kwargs: Any) -> None:
        super().__init__(question, **{"spellcheck": False, "width": 20, **kwargs})

    def read(self, text: str) -> str:
        """Return the CRO number in its one form."""
        return identifiers.read_cro_number(text)


class NumberField(TextField, ABC):
    """A number: a very long one is refused like any other that cannot be read, before it is looked at."""

    def to_python(self, value: object) -> Any:
        """Return the number."""
        text = "" if value is None else str(value)
        if len(text) > self.max_length:
            raise self.refusal()
        return super().to_python(text)

    def nothing(self) -> None:
        """Return None: no number is not 0."""

    @abstractmethod
    def refusal(self) -> ValidationError:
        """Return the refusal of what is no such number."""


class MoneyField(NumberField):
    """An amount in pounds and pence as a Decimal, no less than a penny; None when not answered."""

    called = "the amount"
    example = "12.40"
    _AMOUNT = re.compile(r"£?\s*(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{2}))?", re.ASCII)

    def __init__(
        self,
        question: str = "",
        *,
        least: Decimal = Decimal("0.01"),
        largest: Decimal = Decimal("999999.99"),
        **kwargs: Any,
    ) -> None:
        self.least = least
        self.largest = largest
        fixed = {"spellcheck": False, "width": 10, "inputmode": "decimal", "prefix": "£"}
        super().__init__(question, **{**fixed, **kwargs})

    def read(self, text: str) -> Decimal:
        """Return the amount, two places."""
        match = self._AMOUNT.fullmatch(text)
        if not match:
            raise self.refusal()
        amount = Decimal(f"{match[1].replace(',', '')}.{match[2] or '00'}")
        if amount < self.least:
            raise ValidationError(f"Enter {self.what} as £{self.least:,} or more", code="least")
        if amount > self.largest:
            raise ValidationError(f"Enter {self.what} as £{self.largest:,} or less", code="largest")
        return amount

    def refusal(self) -> ValidationError:
        """Return the refusal of what is no amount."""
        return ValidationError(f"Enter {self.what} in pounds and pence, for example {self.example}", code="format")


class WholeNumberField(NumberField):
    """A whole number between two bounds; None when not answered."""

    called = "the number"

    def __init__(self, question: str = "", *, least: int = 0, most: int = 999_999, **kwargs: Any) -> None:
        self.least = least
        self.most = most
        fixed = {"spellcheck": False, "width": max(2, min(5, len(str(most)))), "inputmode": "numeric"}
        super().__init__(question, **{**fixed, **kwargs})

    def read(self, text: str) -> int:
        """Return the number."""
        digits = text.replace(",", "").replace(" ", "")
        if not re.fullmatch(r"-?[0-9]{1,20}", digits) or not self.least <= int(digits) <= self.most:
            raise self.refusal()
        return int(digits)

    def refusal(self) -> ValidationError:
        """Return the refusal of what is no whole number within bounds."""
        bounds = f"from {self.least:,} to {self.most:,}"
        return ValidationError(f"Enter {self.what} as a whole number {bounds}", code="bounds")


class TimeField(TextField):
    """A time of day; None when not answered."""

    called = "the time"
    example = moments.TIME_EXAMPLE

    def __init__(self, question: str = "", **kwargs: Any) -> None:
        super().__init__(question, **{"spellcheck": False, "width": 5, **kwargs})

    def prepare_value(self, value: object) -> object:
        """Return a kept time as 14:10, and what was typed as it was typed."""
        return f"{value:%H:%M}" if isinstance(value, dt.time) else value

    def read(self, text: str) -> dt.time:
        """Return the time."""
        return moments.read_time(text, what=self.what)

    def nothing(self) -> None:
        """Return None."""
