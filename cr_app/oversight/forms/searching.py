"""What to search the trail for."""

from collections.abc import Mapping
from typing import Any

from django import forms

from cr_app.audit.searching import DONE, REFUSED
from cr_app.cases.access import subject_of
from cr_app.oversight.actions.searching import LOOKS, THINGS, Sought
from cr_app.oversight.forms.events import event_options
from cr_app.pages.fields import ChoiceField, ChoicesField, DateField, Option, TextField

OUT_OF_HOURS, OWN_RECORD, UNUSUAL_VOLUME = "out_of_hours", "own_record", "unusual_volume"
STANDING_OUT = {
    OUT_OF_HOURS: "Out of hours, from 22:00 to 06:00",
    OWN_RECORD: "Own or a relative's record looked up",
    UNUSUAL_VOLUME: "An unusual number of records looked at",
}
OUTCOMES = {DONE: "Done", REFUSED: "Refused attempts only"}


class TrailSearchForm(forms.Form):
    """What to find: things done or looks, and at least one thing to find them by."""

    what = ChoiceField(
        "What do you want to find?",
        options=(
            Option(THINGS, "Things done or refused", "Such as cases submitted, decisions and refused attempts"),
            Option(LOOKS, "Looks at records", "Who looked at which record, and on what page"),
        ),
        missing="Select what you want to find",
    )
    reference = TextField(
        "Case reference",
        what="the case reference",
        hint="8 letters and numbers, for example 7KQM2PXR",
        required=False,
        width=10,
        max_length=40,
        spellcheck=False,
    )
    officer = TextField(
        "Officer",
        what="the officer",
        hint="A warrant number, or a name, of your force",
        required=False,
        width=20,
        max_length=100,
        spellcheck=False,
    )
    event = ChoiceField("Event", options=(), drop=True, required=False)
    since = DateField(
        "From", what="the first day", hint="The first day, for example 27 3 2026", required=False, no_future=True
    )
    until = DateField("Until", what="the last day", hint="The last day, included", required=False)
    outcome = ChoiceField(
        "Outcome",
        options=(Option("", "Any outcome"), *(Option(value, words) for value, words in OUTCOMES.items())),
        drop=True,
        required=False,
    )
    standing_out = ChoicesField(
        "What stands out",
        options=tuple(Option(value, words) for value, words in STANDING_OUT.items()),
        hint="The last two are kept of looks at records",
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the events there are."""
        super().__init__(*args, **kwargs)
        field = self.fields["event"]
        if isinstance(field, ChoiceField):
            field.options = event_options()

    def clean_reference(self) -> str:
        """Return the reference in its one form; refuse what cannot be one."""
        typed = str(self.cleaned_data["reference"]).upper().replace(" ", "").replace("-", "")
        if typed and not subject_of(typed):
            raise forms.ValidationError(
                "Enter the case reference as 8 letters and numbers, for example 7KQM2PXR; it has no I, L, O or U"
            )
        return typed

    def clean(self) -> dict[str, Any]:
        """Want something to search by, dates the right way round, and what goes together."""
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "Enter a last day that is the first day or later")
        out = cleaned.get("standing_out") or ()
        what = cleaned.get("what")
        if what == LOOKS and cleaned.get("event"):
            self.add_error("event", "Select “Things done or refused” to find an event, or “Any event”")
        if what == THINGS and ({OWN_RECORD, UNUSUAL_VOLUME} & set(out)):
            self.add_error(
                "standing_out", "Select “Looks at records” to find records looked up or an unusual number of them"
            )
        wanted = ("reference", "officer", "event", "since", "until", "outcome", "standing_out")
        if what and not self.errors and not any(cleaned.get(name) for name in wanted):
            self.add_error("reference", "Enter or select at least one thing to search by, such as a case or an officer")
        return cleaned

    def sought(self, officer: int | None) -> Sought:
        """Return what is sought, once the form is valid and the officer known."""
        given = self.cleaned_data
        return Sought(
            what=given["what"],
            reference=given["reference"],
            officer=officer,
            event=given["event"],
            since=given["since"],
            until=given["until"],
            outcome=given["outcome"],
            **{name: name in given["standing_out"] for name in STANDING_OUT},
        )


def typed_in(sought: Sought, officer: str) -> Mapping[str, Any]:
    """Return what a form shows of a search made before."""
    return {
        "what": sought.what,
        "reference": sought.reference,
        "officer": officer,
        "event": sought.event,
        "since": sought.since,
        "until": sought.until,
        "outcome": sought.outcome,
        "standing_out": [name for name in STANDING_OUT if getattr(sought, name)],
    }
