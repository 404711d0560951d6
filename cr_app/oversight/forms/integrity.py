"""What a check of the trail is asked to look at besides."""

from uuid import UUID, uuid4

from django import forms

from cr_app.pages.fields import ChoicesField, LongTextField, Option


class CheckForm(forms.Form):
    """A kept checkpoint to check against, and whether to compare the cases; both may be left alone."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    cases = ChoicesField(
        "Check the cases as well?",
        options=(Option("yes", "Also compare every case with its entries"),),
        hint="Shows a case that was changed past the trail. Takes longer.",
        required=False,
    )
    against = LongTextField(
        "A checkpoint that was kept elsewhere (optional)",
        hint="Paste all of it, from its first line to the line that begins with a dash. "
        "It shows whether the trail of today only adds to the trail of then.",
        max_length=4000,
        rows=7,
        required=False,
    )

    def clean_token(self) -> UUID:
        """Give a form that came without a token one of its own: it then asks once more, which does no harm."""
        return self.cleaned_data.get("token") or uuid4()

    def clean_against(self) -> str:
        """End the note as notes end; what the box or the mail took from its end is white space alone."""
        text = str(self.cleaned_data.get("against") or "")
        return f"{text}\n" if text else ""
