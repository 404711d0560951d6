"""The form of a correction: whose name and which part of it, what it should say, and why."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms

from cr_app.accounts.forms.offering import offer
from cr_app.cases.actions.correcting import SAME, NameCorrection
from cr_app.cases.queries.names import StandingName
from cr_app.cases.questions import AFTERWARDS
from cr_app.pages.fields import ChoiceField, LongTextField, NameField, Option


class CorrectionForm(forms.Form):
    """Which name, as it stands; what it should say; why. `old` is what it said when the correction was checked."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    key = ChoiceField("Which name is wrong?", what="which name is wrong")
    new = NameField(
        "What should it say?",
        hint="This part of the name alone, as they write it.",
        missing="Enter what it should say",
        what="the name",
        max_length=200,
    )
    reason = LongTextField(
        AFTERWARDS["correction.reason"].text,
        hint="For example: misspelt, as the passport shows. It is kept with your name and the time.",
        missing="Say why the name is corrected",
        max_length=1000,
        rows=3,
    )

    def __init__(
        self,
        *args: Any,
        names: Sequence[StandingName],
        options: Sequence[Option],
        is_checked: bool = False,
        **kwargs: Any,
    ) -> None:
        """Offer these names, each as one of the options; once it `is_checked`, whether it changes anything is no matter here.

        Sent a second time, it changes nothing any more.
        """
        kwargs["initial"] = {"token": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.is_checked = is_checked
        self.names = {name.key: name for name in names}
        offer(self, "key", options)

    @property
    def chosen(self) -> StandingName:
        """Return the name chosen, as it stands; only once one was chosen."""
        return self.names[self.cleaned_data["key"]]

    def clean(self) -> dict[str, Any]:
        """Refuse a correction that changes nothing."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("key") and cleaned.get("new") == self.chosen.now and not self.is_checked:
            self.add_error("new", SAME)
        return cleaned

    def correction(self, *, old: str) -> NameCorrection:
        """Return the correction of what the name said when it was checked."""
        kept = self.cleaned_data
        return NameCorrection(key=kept["key"], old=old, new=kept["new"], reason=kept["reason"])
