"""What a check of the trail is asked to look at besides."""

import re
from uuid import UUID, uuid4

from django import forms

from cr_app.audit.checkpoints import NotSigned, open_note
from cr_app.audit.keys import NoKey, verifier_key
from cr_app.pages.fields import ChoicesField, LongTextField, Option

_PASTE = "Paste a checkpoint of this trail, all of it, from its first line to the line that begins with a dash"
# Lines of a signature begin with a long dash, which keyboards and mail turn into others.
_DASH = re.compile(r"^(?:--?|[\u2010-\u2015\u2212])\s+")
_QUOTED = re.compile(r"^\s*(?:>\s?)+")


class CheckForm(forms.Form):
    """A kept checkpoint to check against, and whether to compare the cases; both may be left alone."""

    token = forms.UUIDField(
        widget=forms.HiddenInput,
        required=False,
        error_messages={"invalid": "Open this page anew and ask again: what came with the form could not be read"},
    )
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
        """Return the note as it was signed; refuse what this log's key has not signed, which is said why.

        Where the key cannot be read from here, the check says so.
        """
        note = as_signed(str(self.cleaned_data.get("against") or ""))
        if note:
            try:
                open_note(note, verifier_key())
            except NotSigned as error:
                raise forms.ValidationError(f"{_PASTE}. {error}") from None
            except NoKey:
                pass
        return note


def as_signed(pasted: str) -> str:
    """Return a signed note from what mail and paper make of it: quoted, set in, with other ends of lines and dashes."""
    lines = [_QUOTED.sub("", line).strip() for line in pasted.splitlines()]
    note = "\n".join(_DASH.sub("— ", line) for line in lines).strip()
    return f"{note}\n" if note else ""
