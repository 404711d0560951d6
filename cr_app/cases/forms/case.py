"""Forms about a case as a whole: why one looks, a reason, a hand-over, a search."""

from django import forms

from cr_app.cases.actions.authority import NO_ENTRY_REFERENCE, as_entry_reference
from cr_app.pages.fields import LongTextField, TextField


class ReasonForm(forms.Form):
    """Why an officer looks at a case that is not their own work."""

    reason = LongTextField(
        "Why are you looking at this record?",
        hint="Your reason is kept with your name and the time. It holds until you sign out.",
        missing="Say why you are looking at this record",
        max_length=500,
        rows=3,
    )


class WithdrawForm(forms.Form):
    """Why a draft was opened in error."""

    reason = LongTextField(
        "Why was this draft opened in error?",
        hint="A withdrawn draft is not counted. If a Community Resolution was considered and not used, record that instead.",
        missing="Say why this draft was opened in error",
        max_length=1000,
        rows=3,
    )


class NotUsedForm(forms.Form):
    """Why a Community Resolution was considered and not used."""

    reason = LongTextField(
        "Why was a Community Resolution not used?",
        hint="Say what decided it, and how the offence is dealt with instead.",
        missing="Say why a Community Resolution was not used",
        max_length=4000,
        rows=5,
    )


class ReassignForm(forms.Form):
    """To whom a case goes, and why."""

    warrant_number = TextField(
        "Warrant number of the officer who takes it over",
        missing="Enter the warrant number of the officer who takes it over",
        max_length=24,
        width=10,
        spellcheck=False,
    )
    reason = LongTextField("Why?", missing="Say why the case is handed over", max_length=1000, rows=3)


class EntryForm(forms.Form):
    """The reference of the entry that was made on the crime report."""

    entry_reference = TextField(
        "What is the reference of the entry on the crime report?",
        hint="As it is numbered there, for example DETS 14 or 2312345/26-7. Letters and numbers, at most 40.",
        missing="Enter the reference of the entry on the crime report",
        max_length=40,
        width=20,
        spellcheck=False,
    )

    def clean_entry_reference(self) -> str:
        """Refuse what cannot be a reference; it stands in the trail, so it holds no words."""
        kept = as_entry_reference(str(self.cleaned_data["entry_reference"]))
        if not kept:
            raise forms.ValidationError(NO_ENTRY_REFERENCE)
        return kept


class SearchForm(forms.Form):
    """What to search for."""

    sought = TextField(
        "Find a case",
        hint="Crime report reference, case reference, PNC ID or CRO number exactly; or a name among your own cases.",
        missing="Enter a reference, a number or a name",
        max_length=200,
        spellcheck=False,
    )
