"""What persons decide on what was worked out: a cell kept back or opened, a proposal, a release."""

from collections.abc import Iterable
from typing import Any

from django import forms

from cr_app.pages.fields import ChoiceField, ChoicesField, LongTextField, Option

WITHHOLD, OPEN, AS_PROPOSED = "withhold", "open", "as_proposed"
# What each comes to: keep it back, open it, take an earlier decision on it back.
DECISIONS = {WITHHOLD: True, OPEN: False, AS_PROPOSED: None}
_DECLARED = (
    "I have read the whole table and what is withheld in it. I know of nothing beside it that would tell who is "
    "counted. I release it to whoever asked, and so to everybody."
)


class CellForm(forms.Form):
    """What becomes of one cell against the proposal, and why."""

    row = ChoiceField("Row", missing="Select the row of the cell", drop=True)
    column = ChoiceField("Column", missing="Select the column of the cell", drop=True)
    what = ChoiceField(
        "What becomes of this cell?",
        missing="Select what becomes of this cell",
        options=(
            Option(
                WITHHOLD,
                "Keep it back",
                "Also where its count is not small, or where it is withheld only to protect another: then it stays withheld "
                "whatever becomes of that one. The rest is worked out around it.",
            ),
            Option(
                OPEN,
                "Open it",
                "Also where its count is small. It is no personal data by itself: what counts is whether somebody could be "
                "found with what else is known.",
            ),
            Option(AS_PROPOSED, "Leave it as proposed", "Takes back what was decided on it before."),
        ),
    )
    reason = LongTextField(
        "Why?",
        hint="The second person reads this. It is kept with your name, and it leaves in no file.",
        missing="Say why",
        max_length=1000,
        rows=4,
    )

    def __init__(self, *args: Any, rows: Iterable[str], columns: Iterable[str], **kwargs: Any) -> None:
        """Take the labels of the table."""
        super().__init__(*args, **kwargs)
        for name, labels in (("row", rows), ("column", columns)):
            field = self.fields[name]
            if isinstance(field, ChoiceField):
                field.options = (Option("", "Select"), *(Option(label, label) for label in labels))


class CloseForm(forms.Form):
    """Why a request is not answered here."""

    reason = LongTextField(
        "Why is it closed?",
        hint="For example: entered by mistake, withdrawn by whoever asked, refused on cost, answered by letter.",
        missing="Say why it is closed",
        max_length=1000,
        rows=3,
    )


class WithdrawForm(forms.Form):
    """Why a total published elsewhere counts no more."""

    reason = LongTextField(
        "Why is it withdrawn?",
        hint="For example: mistyped, and entered again; published in error, and corrected since.",
        missing="Say why it is withdrawn",
        max_length=1000,
        rows=3,
    )


class ProposeForm(forms.Form):
    """That what was worked out be released, with a word to the second person."""

    worked_out = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    note = LongTextField(
        "Note to the second person",
        what="your note",
        hint="What to look at, for example cells that you opened. You may leave it empty. It leaves in no file.",
        max_length=2000,
        rows=3,
        required=False,
    )


class ReleaseForm(forms.Form):
    """The declaration of the second person."""

    proposal = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    declared = ChoicesField(
        "Your declaration", options=(Option("yes", _DECLARED),), missing="Tick the declaration, or do not release"
    )
