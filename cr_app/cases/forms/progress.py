"""The form for what came of one agreed action: an outcome, and what is said with it."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from cr_app.cases.actions.progress import OFFERED, WANTED, Came, asked_with
from cr_app.cases.queries import ActionStanding, Standing
from cr_app.cases.questions import AFTERWARDS
from cr_app.pages.fields import ChoiceField, DateField, LongTextField, TextField
from cr_app.pages.moments import written
from cr_app.pages.widgets import Option

_LABELS = {key.removeprefix("progress."): question.text for key, question in AFTERWARDS.items()}
_OUTCOME = AFTERWARDS["progress.outcome"]
_HINTS = {
    "partly": "Some of it is done. You say what is left, and by when.",
    "not_complied": "The case is then not complied with, until everything is done after all.",
    "date_changed": "There is a reason to allow more time, or less. The old date stays on the record.",
    "reopened": "What was recorded last is wrong. It stays on the record, and the action is open again.",
}
_STAYS = (
    "What was recorded last is wrong. It stays on the record, and the action is open again. The case stays not complied "
    "with: once everything is done, that counts as done late."
)
_COMPLETES = "Nothing else is left, so this completes the case. Nothing more can be recorded then."
_MISSING = {
    "happened_on": "Enter the day on which it was done, or on which it was found not to be done",
    "left": "Say what is still to be done",
    "due_on": "Enter the day by which it is now to be done",
    "said_by": "Say who says so",
}
_WHY = {
    "not_complied": "Say why it was not complied with",
    "date_changed": "Say why the date changes",
    "reopened": "Say what was recorded in error",
}


class ProgressForm(forms.Form):
    """What came of an action; every field but the outcome is wanted with some outcomes only, and left out with others."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=30_000)
    left = TextField(_LABELS["left"], hint="Where it is partly done.", max_length=500, required=False)
    due_on = DateField(_LABELS["due_on"], what="the new date", earliest=timezone.localdate, required=False)
    evidence = LongTextField(
        f"{_LABELS['evidence']} (optional)",
        hint="For example a receipt and its number, or a letter that you have seen.",
        what="what shows it",
        max_length=1000,
        rows=3,
        required=False,
    )
    reason = LongTextField(
        _LABELS["reason"],
        hint="Why it was not complied with, why the date changes, or what was recorded in error.",
        what="the reason",
        max_length=1000,
        rows=3,
        required=False,
    )
    said_by = TextField(
        _LABELS["said_by"], hint="For example the offender, the manager of the shop, or you yourself.", required=False
    )

    def __init__(
        self, *args: Any, standing: ActionStanding, completes_case: bool, issued_on: date, **kwargs: Any
    ) -> None:
        """Offer what can be recorded of an action that stands so, and whatever was chosen when it stood otherwise."""
        super().__init__(*args, **kwargs)
        offered = OFFERED[standing.standing]
        sent = str(self.data.get("outcome") or "") if self.is_bound else ""
        # Sent again, or late: the action says what came of it in between.
        chosen = [*offered, *([sent] if sent in WANTED and sent not in offered else [])]
        self.fields["outcome"] = ChoiceField(
            _LABELS["outcome"],
            options=[Option(one, *_words(one, standing, completes_case=completes_case)) for one in chosen],
            missing="Select what came of it",
        )
        self.fields["happened_on"] = DateField(
            _LABELS["happened_on"],
            hint="The day on which it was done, or found not to be done.",
            what="the day it happened",
            earliest=issued_on,
            earliest_is="when it was issued",
            no_future=True,
            required=False,
        )
        until = written(standing.due_on)
        self.fields["due_on"].help_text = f"Where it is partly done, or the date changes. Until now: {until}."
        self.order_fields(["seen", "outcome", "happened_on", "left", "due_on", "evidence", "reason", "said_by"])
        for name, field in self.fields.items():
            asking = [outcome for outcome in WANTED if name in asked_with(outcome)]
            if asking:
                field.widget.attrs["data-ask-when"] = " ".join(f"outcome={outcome}" for outcome in asking)

    def clean(self) -> dict[str, Any]:
        """Ask for what the outcome wants, and forget whatever else was typed."""
        cleaned = super().clean() or {}
        outcome = cleaned.get("outcome", "")
        wanted = WANTED.get(outcome, ())
        for name in wanted:
            if name not in self.errors and cleaned.get(name) in (None, ""):
                self.add_error(name, _WHY[outcome] if name == "reason" else _MISSING[name])
        kept = {"outcome", "seen", *asked_with(outcome)}
        for name in self.errors.keys() - kept:
            # Not asked with this outcome, so it cannot be wrong; without an outcome nothing else is asked.
            if name in self.fields:
                del self.errors[name]
        return cleaned

    def came(self) -> Came:
        """Return what was said, once the form is valid."""
        said = self.cleaned_data
        return Came(
            outcome=said["outcome"],
            happened_on=said.get("happened_on"),
            due_on=said.get("due_on"),
            left=said.get("left", ""),
            evidence=said.get("evidence", ""),
            said_by=said.get("said_by", ""),
            reason=said.get("reason", ""),
        )


def _words(outcome: str, standing: ActionStanding, *, completes_case: bool) -> tuple[str, str]:
    """Return the words of an outcome, and the hint that says what it brings."""
    hint = _COMPLETES if outcome == "completed" and completes_case else _HINTS.get(outcome, "")
    hint = _STAYS if outcome == "reopened" and standing.standing is Standing.NOT_COMPLIED else hint
    late = standing.standing is Standing.NOT_COMPLIED and outcome in ("completed", "partly")
    return f"{_OUTCOME.text_of(outcome)}{', late' if late else ''}", hint
