"""The form of a request: what somebody asked for, and how small counts are protected."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone

from cr_app.disclosure.asked import (
    EARLIEST,
    LARGEST_THRESHOLD,
    LEAST_THRESHOLD,
    MOST_YEARS,
    USUAL_THRESHOLD,
    Asked,
    BadRequest,
    asked_from,
    checked,
)
from cr_app.disclosure.forms.named_rows import AT_FIRST, MORE, MOST, RowOfForm, read_groups, row_fields, typed_rows
from cr_app.pages.fields import (
    ChoiceField,
    DateField,
    LongTextField,
    Option,
    ReferenceField,
    TextField,
    WholeNumberField,
)

NOW = ""
_LONGEST_COUNT = 9
TOO_MANY = (
    f"It names {{number}} rows, and a request here takes {MOST}: enter it as two, or have manage.py disclose draft it"
)
_BREAKDOWNS = (
    Option("", "None"),
    Option("age_band", "Age of the offender, in bands"),
    Option("sex", "Sex of the offender"),
    Option("ethnicity", "Ethnicity of the offender, self-defined"),
    Option("unit", "Unit"),
    Option("victim", "Victim: a person, an organisation, none"),
    Option("exception", "Authorised exception or not"),
)


class RequestForm(forms.Form):
    """One table that somebody asked for. Rows that are named follow the other questions, a few at first."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    row_count = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    reference = ReferenceField(
        "Reference of the request",
        what="the reference of the request",
        hint="As the person who asked knows it, for example 01.FOI.22.024759.",
        max_length=40,
    )
    received_on = DateField(
        "When was it received?",
        what="the day on which it was received",
        hint="The answer is due 20 working days later.",
        no_future=True,
        earliest=date(2005, 1, 1),
        earliest_is="when the Act came into force",
    )
    title = TextField(
        "Title",
        what="the title",
        hint="What the table is called in the files that leave. Left empty, it is called after what it counts.",
        max_length=120,
        required=False,
    )
    period_from = DateField("First day of the period", what="the first day", earliest=EARLIEST)
    period_to = DateField("Last day of the period", what="the last day")
    years = ChoiceField(
        "Which years are the columns?",
        what="which years are the columns",
        options=(
            Option("calendar", "Calendar years", "1 January to 31 December, such as 2021."),
            Option("financial", "Financial years", "1 April to 31 March, such as 2021/22."),
        ),
        initial="calendar",
    )
    rows_by = ChoiceField(
        "What are the rows?",
        missing="Select what the rows are",
        options=(
            Option(
                "group", "Offence groups", "Such as theft offences. Groups with no case in the period are left out."
            ),
            Option("offence", "Offence types", "Each code of the catalogue with a case in the period."),
            Option(
                "named", "Rows that you name", "Each with the offence codes that it counts, at the end of this page."
            ),
        ),
    )
    breakdown = ChoiceField(
        "Breakdown",
        hint="Each row is split further. Finer tables have more small counts, so more is withheld.",
        options=_BREAKDOWNS,
        drop=True,
        required=False,
    )
    basis = ChoiceField(
        "What is counted?",
        what="what is counted",
        options=(
            Option("cases", "Community Resolutions", "Each case once, under its principal offence."),
            Option("offences", "Offences", "Every offence that a Community Resolution dealt with."),
        ),
        initial="cases",
    )
    method = ChoiceField(
        "How are small counts protected?",
        what="how small counts are protected",
        options=(
            Option("combine", "Combine", "Rows with small counts become one row, so that most totals stay exact."),
            Option("suppress", "Suppress", "Small counts show as [c], and so does what they could be worked out from."),
            Option("round", "Round", "Every count goes to the nearest 5, so that rows may not add up to totals."),
        ),
        initial="combine",
    )
    threshold = WholeNumberField(
        "Threshold",
        what="the threshold",
        hint=f"Counts from 1 to one less are small. Usually {USUAL_THRESHOLD}: counts of 1 to {USUAL_THRESHOLD - 1} are small.",
        least=LEAST_THRESHOLD,
        most=LARGEST_THRESHOLD,
        initial=USUAL_THRESHOLD,
    )
    zeros = ChoiceField(
        "Zeros",
        what="what happens to zeros",
        options=(
            Option("show", "Show them", "That nothing happened says nothing about anybody, as a rule."),
            Option(
                "withhold", "Withhold them like small counts", "Where it would tell that somebody did not do something."
            ),
        ),
        initial="show",
    )
    as_of = ChoiceField(
        "Count the cases as they stood",
        hint="Cases are issued and taken back every day. Two tables of the same cases that were counted at different "
        "times differ by single people; counted as of the same moment they agree.",
        drop=True,
        required=False,
    )

    def __init__(self, *args: Any, moments: Iterable[tuple[datetime, str]] = (), force: str, **kwargs: Any) -> None:
        """Take the moments as of which cases may be counted, in words, and the force whose cases are counted."""
        super().__init__(*args, **kwargs)
        self._force = force
        options = {at.isoformat(): words for at, words in moments}
        given = self.initial.get("as_of")
        if isinstance(given, datetime):
            self.initial["as_of"] = given = given.isoformat()
        as_of = self.fields["as_of"]
        if isinstance(as_of, ChoiceField):
            as_of.options = (Option(NOW, "When the table is worked out"), *(Option(*each) for each in options.items()))
        self.how_many = self._rows_wanted()
        self.initial["row_count"] = self.how_many
        for row in range(self.how_many):
            self.fields.update(row_fields(row))

    def _rows_wanted(self) -> int:
        given = self.data.get("row_count") if self.is_bound else self.initial.get("row_count")
        return max(AT_FIRST, min(_count_in(given), MOST))

    @property
    def questions(self) -> tuple[BoundField, ...]:
        """Return every question but those of rows, the hidden ones among them."""
        return tuple(field for field in self if not field.name.startswith("row_") or field.name == "row_count")

    @property
    def rows(self) -> tuple[RowOfForm, ...]:
        """Return the rows that may be named."""
        return tuple(RowOfForm(self, row) for row in range(self.how_many))

    @property
    def has_room(self) -> bool:
        """Tell whether more rows may be added."""
        return self.how_many < MOST

    def typed(self) -> dict[str, object]:
        """Return what was typed in each question, right or wrong."""
        return {
            name: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            for name, field in self.fields.items()
        }

    def clean(self) -> dict[str, Any]:
        """Want a period that begins before it ends, and rows where they are named."""
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("period_from"), cleaned.get("period_to")
        if begins and ends and begins > ends:
            self.add_error("period_to", "Enter a last day that is not before the first")
        elif begins and ends and ends.year - begins.year > MOST_YEARS:
            self.add_error("period_to", f"Ask for {MOST_YEARS} years or fewer")
        elif ends and ends >= timezone.localdate():
            self.add_error("period_to", "Enter a last day that is over, so that the answer stays true")
        cleaned["groups"] = read_groups(self, self.how_many) if cleaned.get("rows_by") == "named" else ()
        if (number := _count_in(self.data.get("row_count"))) > MOST:
            self.add_error(None, TOO_MANY.format(number=number))
        if not self.errors:
            try:
                # Read as REQUEST.json is, so that nothing is kept that could not be read again.
                checked(asked_from(self.asked().as_json()))
            except BadRequest as error:
                self.add_error(None, str(error))
        return cleaned

    def asked(self) -> Asked:
        """Return the request as it is understood."""
        told = self.cleaned_data
        as_of = told.get("as_of")
        return Asked(
            reference=told["reference"],
            received_on=told["received_on"],
            force=self._force,
            period_from=told["period_from"],
            period_to=told["period_to"],
            years=told["years"],
            rows_by=told["rows_by"],
            groups=told["groups"],
            breakdown=told.get("breakdown") or "",
            basis=told["basis"],
            threshold=told["threshold"],
            zeros=told["zeros"],
            method=told["method"],
            as_of=datetime.fromisoformat(as_of) if as_of else None,
        )


class PasteForm(forms.Form):
    """A request as REQUEST.json has it, to fill in the form from."""

    request = LongTextField(
        "REQUEST.json",
        what="the request",
        hint=f"As manage.py disclose takes it, with at most {MOST} named rows. It fills in the form above, and nothing is saved yet.",
        missing="Paste the request",
        max_length=100_000,
        rows=6,
    )


def with_more_rows(typed: Mapping[str, object]) -> dict[str, object]:
    """Return what was typed, with some more rows to fill in."""
    return {**typed, "row_count": min(max(_count_in(typed.get("row_count")), AT_FIRST) + MORE, MOST)}


def _count_in(told: object) -> int:
    """Return how many rows a form says that it has; as many as at first where it says no number."""
    text = str(told or "").strip().lstrip("0")
    return int(text[:_LONGEST_COUNT]) if text.isascii() and text.isdigit() else AT_FIRST


def answers_of(asked: Asked, *, title: str, version: int) -> dict[str, object]:
    """Return what the form holds for a request that there is."""
    return {
        "seen": version,
        "row_count": max(AT_FIRST, len(asked.groups)),
        "reference": asked.reference,
        "received_on": asked.received_on,
        "title": title,
        "period_from": asked.period_from,
        "period_to": asked.period_to,
        "years": asked.years,
        "rows_by": asked.rows_by,
        "breakdown": asked.breakdown,
        "basis": asked.basis,
        "method": asked.method,
        "threshold": asked.threshold,
        "zeros": asked.zeros,
        "as_of": asked.as_of,
        **typed_rows(asked.groups),
    }
