"""The form of a rescission: the reasons, and what is declared with them."""

from django import forms

from cr_app.cases.questions import AFTERWARDS
from cr_app.pages.fields import ChoicesField, LongTextField, Option


class RescindForm(forms.Form):
    """Why it is rescinded; `seen` is how the case stood on the page."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = LongTextField(
        AFTERWARDS["rescission.reason"].text,
        hint="Say what was wrong with the decision. The officer reads this. It is kept with your name and rank, and is not "
        "printed on what the parties are given.",
        what="your reasons",
        missing="Say why it is rescinded",
        max_length=4000,
        rows=6,
    )
    declared = ChoicesField(
        "Your declaration",
        options=(
            Option(
                "yes",
                "I have read the record, I am no party to it and have no interest of my own in it, and I rescind this Community Resolution",
            ),
        ),
        what="the declaration",
        missing="Tick the declaration to rescind it",
    )
