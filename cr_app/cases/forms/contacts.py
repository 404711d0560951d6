"""The form of one attempt to reach a victim or the offender."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms

from cr_app.accounts.forms.offering import offer
from cr_app.cases.actions.contacts import Attempt, fault_in
from cr_app.cases.queries.telling import NOTHING
from cr_app.cases.questions import AFTERWARDS
from cr_app.cases.questions.afterwards import HOW, RESULTS, TOLD
from cr_app.pages.fields import ChoiceField, DateTimeField, LongTextField

# What stands for the offender where victims go by their keys.
OFFENDER = "offender"


class ContactForm(forms.Form):
    """Who was tried, when and how, what came of it, and what they were told."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    victim_id = ChoiceField(AFTERWARDS["contact.victim_id"].text, what="who it was")
    happened_at = DateTimeField(
        AFTERWARDS["contact.happened_at"].text,
        missing="Enter when it was, with the time",
        what="the date and time of the contact",
        no_future=True,
    )
    how = ChoiceField(
        AFTERWARDS["contact.how"].text,
        what="how it was",
        options=[(choice.value, choice.text) for choice in HOW],
    )
    result = ChoiceField(
        AFTERWARDS["contact.result"].text,
        what="what came of it",
        options=[(choice.value, choice.text) for choice in RESULTS],
    )
    told = ChoiceField(
        AFTERWARDS["contact.told"].text,
        hint="Only where they were reached, or something was sent to them.",
        what="what they were told",
    )
    note = LongTextField(
        AFTERWARDS["contact.note"].text,
        hint="For example what they said, or when to try again. You can leave this.",
        required=False,
        max_length=1000,
        rows=3,
    )

    def __init__(
        self, *args: Any, people: Mapping[str, str], since: Mapping[str, datetime], at: datetime, **kwargs: Any
    ) -> None:
        """Offer these people, by key, and what they may have been told by now."""
        first = next(iter(people)) if len(people) == 1 else ""
        kwargs["initial"] = {"token": uuid4(), "victim_id": first, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.since, self.at = since, at
        offer(self, "victim_id", people.items())
        told = [choice for choice in TOLD if choice.value == NOTHING or choice.value in since]
        offer(self, "told", [(choice.value, choice.text) for choice in told])

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot be so, beside the answer that says so."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and (fault := fault_in(self.attempt, self.since, at=self.at)) is not None:
            self.add_error(fault.field, fault.sentence)
        return cleaned

    @property
    def attempt(self) -> Attempt:
        """Return what was written down; only once every answer is there."""
        kept = self.cleaned_data
        return Attempt(
            victim=None if kept["victim_id"] == OFFENDER else int(kept["victim_id"]),
            happened_at=kept["happened_at"],
            how=kept["how"],
            result=kept["result"],
            told=kept["told"],
            note=kept["note"],
        )
