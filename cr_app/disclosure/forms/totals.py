"""A total of the same cases that somebody else published."""

from datetime import date
from typing import Any

from django import forms

from cr_app.disclosure.asked import EARLIEST, Group
from cr_app.disclosure.forms.named_rows import CodesField
from cr_app.pages.fields import ChoiceField, DateField, Option, TextField, WholeNumberField

ALL, SOME = "all", "some"
_LARGEST = 9_999_999


class PublishedTotalForm(forms.Form):
    """Who published which count, of what, for which days."""

    source = TextField(
        "Where was it published?",
        what="where it was published",
        hint="For example: Home Office, Crime outcomes in England and Wales 2024 to 2025, table 2.1.",
        max_length=300,
    )
    published_on = DateField("When was it published?", what="the day on which it was published", no_future=True)
    period_from = DateField("First day that it covers", what="the first day", earliest=EARLIEST)
    period_to = DateField("Last day that it covers", what="the last day", no_future=True)
    basis = ChoiceField(
        "What does it count?",
        missing="Select what it counts",
        options=(Option("cases", "Community Resolutions"), Option("offences", "Offences")),
    )
    what = ChoiceField(
        "Which offences?",
        missing="Select which offences it counts",
        options=(Option(ALL, "All offences"), Option(SOME, "Some offences")),
    )
    codes = CodesField(
        "Their codes",
        what="the offence codes",
        hint="With commas between them, for example 46/00, 49/10.",
        max_length=4000,
        required=False,
        attrs={"data-ask-when": f"what={SOME}"},
        spellcheck=False,
    )
    count = WholeNumberField("The total that was published", what="the total", most=_LARGEST)

    def clean(self) -> dict[str, Any]:
        """Want a period that begins before it ends, and codes where some offences are counted."""
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("period_from"), cleaned.get("period_to")
        if begins and ends and begins > ends:
            self.add_error("period_to", "Enter a last day that is not before the first")
        if cleaned.get("what") == SOME and not cleaned.get("codes") and "codes" not in self.errors:
            self.add_error("codes", "Enter the codes of the offences that it counts")
        return cleaned

    @property
    def groups(self) -> tuple[Group, ...]:
        """Return what it counts as rows of a request are; none is every offence."""
        codes: tuple[str, ...] = self.cleaned_data["codes"] if self.cleaned_data["what"] == SOME else ()
        return (Group("Some offences", codes),) if codes else ()

    @property
    def period(self) -> tuple[date, date]:
        """Return the first and the last day that it covers."""
        return self.cleaned_data["period_from"], self.cleaned_data["period_to"]
