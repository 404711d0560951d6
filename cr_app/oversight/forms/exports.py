"""What is exported of the trail, what for, and to whom."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms

from cr_app.pages.fields import ChoiceField, ChoicesField, DateField, LongTextField, Option, TextField

CASE, PERIOD = "case", "period"
LONGEST_DAYS = 31
NO_CASE = "No case of your force has this reference, or it is one of your own. Check it and enter it again"
_DECLARED = (
    "I may disclose this to the recipient named, for the purpose named. I have checked that no less would do, "
    "and I send it in a way that fits what it holds."
)


class ExportForm(forms.Form):
    """One case or some days, what for, to whom, and the declaration."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    what = ChoiceField(
        "What do you export?",
        missing="Select what you export",
        options=(
            Option(
                CASE,
                "The trail of one case",
                hint="All that was done with it, and every look at it alone, with what was entered and by whom.",
            ),
            Option(
                PERIOD,
                "The trail of some days",
                hint="All that officers of your force did: their names, warrant numbers and network addresses, and the "
                "references of cases, but no answers, parties, reasons or search terms.",
            ),
        ),
    )
    reference = TextField(
        "Which case?",
        what="the reference of the case",
        hint="Its reference, such as 7KQM2PXR.",
        width=10,
        required=False,
        spellcheck=False,
    )
    first = DateField("First day", what="the first day", required=False)
    last = DateField("Last day", what="the last day", hint=f"At most {LONGEST_DAYS} days.", required=False)
    recipient = TextField(
        "Who gets it?",
        hint="The person and the organisation, for example the clerk of the court named in the order.",
        missing="Enter who gets it",
        max_length=200,
    )
    purpose = LongTextField(
        "What for?",
        hint="For example: disclosure ordered by the court, with its reference. It is kept with your name, and stands in the export.",
        missing="Say what the export is for",
        max_length=1000,
        rows=3,
    )
    declared = ChoicesField(
        "Your declaration", options=(Option("yes", _DECLARED),), missing="Tick the declaration, or do not export"
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Take the day up to which a period may reach; ask for what goes with the choice."""
        super().__init__(*args, **kwargs)
        self._today = today
        self.fields["reference"].widget.attrs["data-ask-when"] = f"what={CASE}"
        self.fields["first"].widget.attrs["data-ask-when"] = f"what={PERIOD}"
        self.fields["last"].widget.attrs["data-ask-when"] = f"what={PERIOD}"

    def renewed(self) -> "ExportForm":
        """Return the form as it was typed with a token that was not used, for whoever sends it once more."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["token"] = str(uuid4())  # type: ignore[index]
        return self

    def clean_reference(self) -> str:
        """Return the reference as it is written."""
        return str(self.cleaned_data.get("reference") or "").replace(" ", "").replace("-", "").upper()

    def clean(self) -> dict[str, Any]:
        """Want the case, or a period that is not too long and not to come."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("what") == CASE and not cleaned.get("reference") and "reference" not in self.errors:
            self.add_error("reference", "Enter the reference of the case")
        if cleaned.get("what") == PERIOD:
            self._check_period(cleaned)
        return cleaned

    def _check_period(self, cleaned: dict[str, Any]) -> None:
        for name, called in (("first", "first"), ("last", "last")):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, f"Enter the {called} day")
        first, last = cleaned.get("first"), cleaned.get("last")
        if not first or not last:
            return
        if last > self._today:
            self.add_error("last", "Enter a last day that is not to come")
        elif first > last:
            self.add_error("last", "Enter a last day that is not before the first")
        elif last - first >= timedelta(days=LONGEST_DAYS):
            words = f"Choose {LONGEST_DAYS} days or fewer. For a longer period ask whoever runs the service for export_audit_trail"
            self.add_error("last", words)
