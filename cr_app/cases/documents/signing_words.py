"""What an offender and an appropriate adult read on the page on which they sign, in their language."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cr_app.cases.documents.sheets import Language
from cr_app.cases.documents.spoken import speaking

# What leads to the other language is in that language.
_OTHER = {"en-gb": "Darllenwch hyn yn Gymraeg", "cy": "Read this in English"}


@dataclass(frozen=True)
class SigningWords:
    """Every label and sentence of the part of the issue page that is handed over; all are plain text.

    `heading` and `intro` come first, then `refuse`, what to do instead of signing; `declaration` stands above the names;
    `type_name` and `adult_type_name` label what is typed, which is always enough; `draw` and `adult_draw` label where a
    finger, a pen or a mouse may draw; `drawn` and `not_drawn` are what a screen reader is told of it; `other_language`
    leads to the same page in the other language, and is in that language.
    """

    heading: str
    intro: str
    declaration: str
    type_name: str
    type_hint: str
    adult_heading: str
    adult_intro: str
    adult_declaration: str
    adult_type_name: str
    adult_type_hint: str
    draw: str
    adult_draw: str
    draw_hint: str
    clear: str
    by_keyboard: str
    drawn: str
    not_drawn: str
    refuse: str
    other_language: str


def signing_words(language: Language, *, is_child: bool, needs_adult: bool) -> SigningWords:
    """Return the words in one language, for an adult or a child; those for an appropriate adult are "" where none signs."""
    with speaking(language):
        words = _child() if is_child else _adult()
    if needs_adult:
        return words
    return SigningWords(**{name: "" if name.startswith("adult_") else text for name, text in vars(words).items()})


def _adult() -> SigningWords:
    return SigningWords(
        heading=_("Your signature"),
        intro=_("Sign only if you have read this, or it was read to you, and you agree. Signing is your choice."),
        declaration=_(
            "By signing, I say: this was explained to me, I accept responsibility, and I agree to what is written here."
        ),
        type_name=_("Type your full name to sign"),
        type_hint=_("Or say it, watch it being typed, and say that it is right."),
        **_of_the_adult(
            _("By signing, I say: this was read and explained to this person while I was here."),
        ),
        **_drawing(),
        refuse=_("If you do not want to sign, tell the officer and hand the device back."),
    )


def _child() -> SigningWords:
    return SigningWords(
        heading=_("Your turn to sign"),
        intro=_("Only sign if you know what this means and you agree. You do not have to."),
        declaration=_(
            "By signing, I say: I was told what this means. I own up to what I did. I agree to what it says here."
        ),
        type_name=_("Type your full name"),
        type_hint=_("Or say your name, and we will type it. Look if it is right."),
        **_of_the_adult(
            _("By signing, I say: this was read and explained to this young person while I was here."),
        ),
        **_drawing(),
        refuse=_("If you do not want to sign, tell the officer and hand the device back."),
    )


def _of_the_adult(declaration: str) -> dict[str, str]:
    return {
        "adult_heading": _("The signature of the appropriate adult"),
        "adult_intro": _("You look after the interests of the person beside you. You do not decide for them."),
        "adult_declaration": declaration,
        "adult_type_name": _("Appropriate adult: type your full name to sign"),
        "adult_type_hint": _("You must be here now."),
    }


def _drawing() -> dict[str, str]:
    return {
        "draw": _("Your signature, drawn (optional)"),
        "adult_draw": _("The signature of the appropriate adult, drawn (optional)"),
        "draw_hint": _("Draw in the box with a finger, a pen or a mouse."),
        "clear": _("Clear the drawing"),
        "by_keyboard": _("You do not have to draw. The name that you type is your signature."),
        "drawn": _("A signature is drawn."),
        "not_drawn": _("Nothing is drawn."),
        "other_language": _OTHER[get_language() or "en-gb"],
    }
