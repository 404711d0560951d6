"""What to search the trail for; events grouped, in plain words."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from cr_app.audit.events import EVENTS
from cr_app.audit.searching import DONE, REFUSED
from cr_app.cases.access import subject_of
from cr_app.oversight.actions.searching import LOOKS, THINGS, Sought
from cr_app.pages.fields import ChoiceField, ChoicesField, DateField, Divider, Option, TextField

_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Refused attempts", ("access.refused", "action.refused")),
    (
        "Recording a case",
        (
            *("case.started", "case.copied", "case.answers_saved", "case.row_added", "case.row_changed"),
            *("case.row_removed", "case.submitted", "case.reopened", "case.withdrawn", "case.not_used"),
            *("case.entry_recorded", "case.issued", "case.sent_back", "case.reassigned"),
        ),
    ),
    (
        "Deciding on a case",
        (
            *("case.decision_asked", "case.authority_granted", "case.authority_refused", "case.returned"),
            *("case.suitable", "case.unsuitable", "case.interest_declared", "case.rescinded"),
        ),
    ),
    ("After it is issued", ("case.completed", "case.not_complied", "case.complied_late")),
    ("Searching", ("case.searched", "trail.searched")),
    ("Overseeing", ("trail.checked", "trail.exported", "trail.values_erased", "flag.reviewed")),
    (
        "Signing in and duty",
        (
            *("officer.signed_in", "officer.signed_out", "officer.sign_in_failed", "officer.locked_out"),
            *("officer.password_changed", "officer.on_duty", "officer.off_duty"),
        ),
    ),
    (
        "Accounts, units and absences",
        (
            *("officer.added", "officer.changed", "officer.absence_recorded", "officer.absence_ended"),
            *("unit.added", "unit.changed"),
        ),
    ),
    ("Reference tables", ("reference.loaded", "offences.loaded", "offence.withdrawn")),
)
# Where the words of an event lean on what it carries.
_WORDS = {
    "access.refused": "Was refused a page or a record",
    "action.refused": "Tried what may not be done",
    "case.answers_saved": "Saved answers",
    "case.copied": "Started a case from another",
    "case.decision_asked": "Asked officers to decide",
    "case.row_added": "Added an offence, victim or other row",
    "case.row_changed": "Changed an offence, victim or other row",
    "case.row_removed": "Removed an offence, victim or other row",
    "case.sent_back": "Sent the case back when the rules said otherwise",
    "offence.withdrawn": "Withdrew an offence type",
    "officer.absence_ended": "Ended an absence",
    "officer.absence_recorded": "Recorded an absence",
    "officer.added": "Added an officer",
    "officer.changed": "Changed an officer's account",
    "officer.on_duty": "Said they are on duty",
    "reference.loaded": "Loaded a reference table",
    "trail.exported": "Exported some of the trail",
    "trail.values_erased": "Erased personal values",
    "flag.reviewed": "Looked into a red flag",
    "unit.added": "Added a unit",
    "unit.changed": "Changed a unit",
}
_PART = re.compile(r"\[[^\]]*\]")
OUT_OF_HOURS, OWN_RECORD, UNUSUAL_VOLUME = "out_of_hours", "own_record", "unusual_volume"
STANDING_OUT = {
    OUT_OF_HOURS: "Out of hours, from 22:00 to 06:00",
    OWN_RECORD: "Own or a relative's record looked up",
    UNUSUAL_VOLUME: "An unusual number of records looked at",
}
OUTCOMES = {DONE: "Done", REFUSED: "Refused attempts only"}


def event_in_words(name: str) -> str:
    """Return a kind of happening as a list shows it: "Granted authority"."""
    event = EVENTS.get(name)
    words = _WORDS.get(name) or _PART.sub("", event.words if event else name)
    return f"{words[:1].upper()}{words[1:]}"


def event_options() -> list[Option | Divider]:
    """Return every event under the word of its group; one that has no group yet stands last."""
    options: list[Option | Divider] = [Option("", "Any event")]
    for group, names in _GROUPS:
        options += [Divider(group), *(Option(name, event_in_words(name)) for name in names if name in EVENTS)]
    grouped = {name for _, names in _GROUPS for name in names}
    others = sorted(set(EVENTS) - grouped)
    return [*options, *([Divider("Other")] if others else []), *(Option(name, event_in_words(name)) for name in others)]


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
