"""Forms of the moment of signing: names typed and drawn, and that somebody would not sign."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from cr_app.accounts.models import Officer
from cr_app.cases.actions.issue import Signatures
from cr_app.cases.actions.refusing import SIGNERS, Signer
from cr_app.cases.documents.sheets import Language
from cr_app.cases.documents.signing_words import SigningWords
from cr_app.cases.drawing import NotADrawing, read_drawing, shown_drawing
from cr_app.cases.standing import plain_name
from cr_app.pages.fields import ChoiceField, DateTimeField, LongTextField, NameField
from cr_app.pages.fields.answer import Answer

ROLES = ("offender", "appropriate_adult", "officer")
# The button that shows the page in the other language sends this with what was typed.
IN_LANGUAGE = "in_language"


def language_of(typed: QueryDict | None, asked: QueryDict) -> Language:
    """Return the language that a page is to be in: the one it is turned to, the one it was in, or the one its address asks for."""
    told = typed if typed is not None else asked
    return language_named(told.get(IN_LANGUAGE) or told.get("language") or "")


def language_named(text: str) -> Language:
    """Return the language of that code; English for anything else."""
    return "cy" if text == "cy" else "en"


def is_adult_in(typed: QueryDict | None) -> bool:
    """Tell whether an appropriate adult signed what was sent, whether or not one is needed by now."""
    return typed is not None and any(
        typed.get(name, "").strip() for name in ("appropriate_adult", "appropriate_adult_drawing")
    )


class DrawingField(Answer):
    """A signature drawn beside a typed name, as strokes; "" where nothing was drawn. What cannot be kept is not shown again."""

    def __init__(self) -> None:
        """Ask for nothing: a drawing is never wanted."""
        super().__init__(what="the drawn signature", required=False, widget=forms.Widget())

    def prepare_value(self, value: object) -> str:
        """Return the drawing in its one form, "" for what is none."""
        return shown_drawing(str(value or ""))

    def to_python(self, value: object) -> str:
        """Return the drawing in its one form."""
        try:
            return read_drawing(str(value or ""))
        except NotADrawing as unread:
            raise ValidationError(str(unread), code="drawing") from None


class IssueForm(forms.Form):
    """The signatures, typed and perhaps drawn, and the appropriate adult named again where one must be there.

    The offender's and the appropriate adult's questions are in the language in which the page is read to them. `seen` and
    `read` bind whoever signs to the case and to the words that they were shown.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    read = forms.CharField(widget=forms.HiddenInput, required=False)
    language = forms.CharField(widget=forms.HiddenInput, required=False)
    offender = NameField(missing="Enter the offender's name as their signature")
    offender_drawing = DrawingField()
    appropriate_adult = NameField(missing="Enter the appropriate adult's name as their signature")
    appropriate_adult_drawing = DrawingField()
    appropriate_adult_at = DateTimeField(
        "Since when has the appropriate adult been here?",
        missing="Enter since when the appropriate adult has been here, with the time",
        no_future=True,
    )
    officer = NameField("Officer: type your own full name to sign", missing="Enter your name as your signature")
    officer_drawing = DrawingField()

    def __init__(
        self,
        *args: Any,
        signing_officer: Officer,
        with_adult: bool,
        words: SigningWords,
        today: date,
        kept: QueryDict | None = None,
        **kwargs: Any,
    ) -> None:
        """Word the questions, the appropriate adult's `with_adult`; `kept` is what was typed before the page was turned."""
        came = {"day": str(today.day), "month": str(today.month), "year": str(today.year), "time": ""}
        kwargs["initial"] = {"appropriate_adult_at": came, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.signing_officer = signing_officer
        if not with_adult:
            for name in ("appropriate_adult", "appropriate_adult_drawing", "appropriate_adult_at"):
                del self.fields[name]
        else:
            self.fields["appropriate_adult"].label = words.adult_type_name
        self.fields["offender"].label = words.type_name
        if kept is not None:
            self._keep(kept)

    def _keep(self, typed: QueryDict) -> None:
        """Fill in what was typed, with nothing said of it yet."""
        for name, field in self.fields.items():
            if name not in ("language", "read"):
                self.initial[name] = field.widget.value_from_datadict(typed, {}, name)

    def clean_language(self) -> Language:
        """Read the language in which it was read out."""
        return language_named(self.cleaned_data["language"])

    def clean_officer(self) -> str:
        """Refuse a name that is not the officer's own."""
        typed = str(self.cleaned_data["officer"])
        if plain_name(typed) != plain_name(self.signing_officer.name):
            raise forms.ValidationError(f"Enter your own name as it is on your account: {self.signing_officer.name}")
        return typed

    @property
    def signatures(self) -> Signatures:
        """Return what was signed; for a valid form."""
        given = self.cleaned_data
        return Signatures(
            offender=given["offender"],
            officer=given["officer"],
            appropriate_adult=given.get("appropriate_adult", ""),
            appropriate_adult_at=given.get("appropriate_adult_at"),
            drawings={role: given[f"{role}_drawing"] for role in ROLES if given.get(f"{role}_drawing")},
            language=given["language"],
            read=given["read"],
        )


class SigningRefusedForm(forms.Form):
    """Who would not sign, and what they said."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    role = ChoiceField(
        "Who will not sign?",
        options=tuple((role, f"The {words}") for role, words in SIGNERS.items()),
        missing="Select who will not sign",
    )
    said = LongTextField(
        "What did they say?",
        hint="In their own words. It is kept in the record and in its history.",
        missing="Say what they said, or that they said nothing",
        max_length=1000,
        rows=4,
    )

    def __init__(self, *args: Any, needs_adult: bool, **kwargs: Any) -> None:
        """Ask who where an appropriate adult signs too: otherwise it can only be the offender."""
        kwargs["initial"] = {"token": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if not needs_adult:
            del self.fields["role"]

    @property
    def signer(self) -> Signer:
        """Return who would not sign; for a valid form."""
        return "appropriate_adult" if self.cleaned_data.get("role") == "appropriate_adult" else "offender"
