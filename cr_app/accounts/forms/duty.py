"""On duty until when, and from which day to which one is away."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cr_app.accounts.forms.offering import offer
from cr_app.pages import moments
from cr_app.pages.fields import ChoiceField, DateField, Divider, Option, TextField, TimeField

# When shifts end; another time may be typed.
SHIFT_ENDS = (dt.time(6, 0), dt.time(14, 0), dt.time(22, 0))
_OTHER = "other"


class DutyForm(forms.Form):
    """Until when the officer takes requests: the end of a shift, or another time of day within a day from now."""

    until = ChoiceField("Until when do you take requests?", missing="Select until when you take requests")
    other = TimeField(
        "Another time",
        hint="For example 17:30. A time that has passed today means tomorrow.",
        what="the time until which you take requests",
        required=False,
    )

    def __init__(self, *args: Any, now: dt.datetime, **kwargs: Any) -> None:
        """Offer the ends of the shifts after `now`, the soonest first."""
        super().__init__(*args, **kwargs)
        self.now = timezone.localtime(now)
        ends = sorted(self._next(end) for end in SHIFT_ENDS)
        options = [Option(self._key(end), self.words(end)) for end in ends]
        offer(self, "until", (*options, Divider(), Option(_OTHER, "Another time, given below")))
        self._ends = {self._key(end): end for end in ends}

    def clean(self) -> dict[str, Any]:
        """Put the moment under `until`."""
        typed: dict[str, Any] = super().clean() or {}
        chosen = typed.get("until")
        if chosen == _OTHER and "other" in typed:
            if typed["other"] is None:
                raise ValidationError({"other": "Enter the time until which you take requests"})
            try:
                typed["until"] = self._next(typed["other"])
            except ValidationError as error:
                self.add_error("other", error)
        elif chosen:
            typed["until"] = self._ends.get(chosen)
        return typed

    def words(self, moment: dt.datetime) -> str:
        """Return a moment of today or tomorrow as it is said."""
        local = timezone.localtime(moment)
        day = "Today" if local.date() == self.now.date() else "Tomorrow"
        return f"{day} at {local:%H:%M}"

    def _next(self, time: dt.time) -> dt.datetime:
        today = self.now.date()
        day = today if time > self.now.time() else today + dt.timedelta(days=1)
        return moments.at_london(day, time, what="the time")

    @staticmethod
    def _key(moment: dt.datetime) -> str:
        return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


class AbsenceForm(forms.Form):
    """The days, and who takes what is asked meanwhile."""

    from_on = DateField("First day away", missing="Enter the first day away, for example 27 3 2026")
    until_on = DateField("Last day away", missing="Enter the last day away, for example 27 3 2026")
    cover = TextField(
        "Warrant number of whoever takes requests meanwhile (optional)",
        hint="An officer of the same force. Both names are kept with whatever they decide.",
        what="the warrant number of whoever takes requests meanwhile",
        max_length=24,
        width=10,
        spellcheck=False,
        required=False,
    )
