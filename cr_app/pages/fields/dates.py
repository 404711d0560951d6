"""Answers in several boxes: a date, with or without a time."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from cr_app.pages import moments
from cr_app.pages.fields.answer import Answer
from cr_app.pages.text import clean
from cr_app.pages.widgets import Boxes, DateBoxes, MomentBoxes

Bound = dt.date | Callable[[], dt.date]
# No part of a date is longer; what is goes on as typed, to be refused by the box it is in.
LONGEST = 40


class BoxesField(Answer):
    """A date, with or without a time, within bounds that may be set when the form is made."""

    called = "the date"
    example = moments.EXAMPLE

    def __init__(
        self,
        question: str = "",
        *,
        earliest: Bound | None = None,
        earliest_is: str = "",
        latest: Bound | None = None,
        latest_is: str = "",
        no_future: bool = False,
        autocomplete: str = "",
        **kwargs: Any,
    ) -> None:
        self.earliest, self.earliest_is = earliest, earliest_is
        self.latest, self.latest_is = latest, latest_is
        self.no_future = no_future
        self.autocomplete = autocomplete
        super().__init__(question, **kwargs)

    def typed(self, value: object) -> dict[str, str] | None:
        """Return what is in each box, or None when nothing is."""
        boxes = value if isinstance(value, Mapping) else {}
        texts = {part: self._clean_box(part, str(text or "")) for part, text in boxes.items()}
        return texts if any(texts.values()) else None

    def _clean_box(self, part: str, text: str) -> str:
        if len(text) > LONGEST:
            return text
        try:
            return clean(text, what=self.what)
        except ValidationError as error:
            raise moments.WrongPart(error.messages[0], part, "control") from None

    def within(self, date: dt.date) -> dt.date:
        """Return the date, or raise WrongPart where it is out of bounds."""
        if self.no_future and date > timezone.localdate():
            raise moments.WrongPart(f"Enter {self.what} as today or a day in the past", "day", "future")
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        latest = self.latest() if callable(self.latest) else self.latest
        if earliest and date < earliest:
            because = f", {self.earliest_is}" if self.earliest_is else ""
            raise moments.WrongPart(
                f"Enter {self.what} as {moments.written(earliest)}{because}, or later", "day", "early"
            )
        if latest and date > latest:
            because = f", {self.latest_is}" if self.latest_is else ""
            raise moments.WrongPart(
                f"Enter {self.what} as {moments.written(latest)}{because}, or earlier", "day", "late"
            )
        return date

    def has_changed(self, initial: object, data: object) -> bool:
        """Tell whether the boxes differ from what they were filled with."""
        return bool(self.prepare_value(initial) != self.prepare_value(data))


def _boxes_of(date: dt.date) -> dict[str, str]:
    return {"day": str(date.day), "month": str(date.month), "year": str(date.year)}


class DateField(BoxesField):
    """A date in three boxes, months by number or name; None when not answered."""

    widget = DateBoxes

    def prepare_value(self, value: object) -> object:
        """Return the three boxes."""
        return _boxes_of(value) if isinstance(value, dt.date) else value

    def to_python(self, value: object) -> dt.date | None:
        """Return the date, or raise WrongPart."""
        if isinstance(value, dt.date):
            return self.within(value)
        typed = self.typed(value)
        return self.within(moments.read_date(typed, what=self.what)) if typed else None


class DateTimeField(BoxesField):
    """A date in three boxes and a time, kept in UTC; None when not answered."""

    widget: type[Boxes] = MomentBoxes
    example = f"{moments.EXAMPLE} at 14:35"

    def prepare_value(self, value: object) -> object:
        """Return the four boxes, in London's time."""
        if not isinstance(value, dt.datetime):
            return value
        local = value.astimezone(moments.LONDON)
        return {**_boxes_of(local.date()), "time": f"{local:%H:%M}"}

    def to_python(self, value: object) -> dt.datetime | None:
        """Return the moment in UTC, or raise WrongPart."""
        typed = self.typed(value)
        if typed is None:
            return None
        date = self.within(moments.read_date(typed, what=self.what))
        if not typed.get("time"):
            raise moments.WrongPart(f"Add the time to {self.what}, for example 14:35", "time", "incomplete")
        moment = moments.at_london(date, moments.read_time(typed["time"], what=self.what), what=self.what)
        if self.no_future and moment > timezone.now():
            raise moments.WrongPart(f"Check {self.what}: that time has not come yet", "time", "future")
        return moment
