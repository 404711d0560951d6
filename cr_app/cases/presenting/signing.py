"""The pages of signing: who signs in which order and language, what is read out before, and what may be done instead."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.forms.boundfield import BoundField
from django.urls import reverse
from django.utils import timezone

from cr_app.cases.actions.refusing import SIGNERS
from cr_app.cases.documents.sheets import Language, Sheet
from cr_app.cases.documents.signing_words import SigningWords, signing_words
from cr_app.cases.facts import ages_of
from cr_app.cases.forms.signing import IssueForm, SigningRefusedForm
from cr_app.cases.models import Case, SigningRefusal
from cr_app.cases.presenting.instead import disposals_to_consider
from cr_app.cases.queries import Record, signing_refusals_of
from cr_app.cases.situation import ADULT_AT
from cr_app.pages.moments import moment

# The other language of each.
_OTHER: dict[Language, Language] = {"en": "cy", "cy": "en"}


@dataclass(frozen=True)
class Pad:
    """What is read at the place to draw on, and what a screen reader is told of it."""

    draw: str
    draw_hint: str
    by_keyboard: str
    clear: str
    drawn: str
    not_drawn: str


@dataclass(frozen=True)
class Part:
    """What one person signs: a heading, sentences, questions beside, the name to type and the pad to draw on.

    `is_handed` where the device is handed over for it: nothing in it leads to a page of the officer's. `lang` is the language
    of all of it but of errors.
    """

    role: str
    heading: str
    sentences: tuple[str, ...]
    name: BoundField
    drawing: BoundField
    pad: Pad
    name_hint: str = ""
    also: tuple[BoundField, ...] = ()
    is_handed: bool = False
    lang: Language = "en"


_OFFICERS_PAD = Pad(
    draw="Officer's signature, drawn (optional)",
    draw_hint="Draw in the box with a finger, a pen or a mouse.",
    by_keyboard="The name that you type is your signature.",
    clear="Clear the drawing",
    drawn="A signature is drawn.",
    not_drawn="Nothing is drawn.",
)


def words_for(record: Record, *, language: Language, with_adult: bool, at: datetime) -> SigningWords:
    """Return what the offender and the appropriate adult read beside the boxes, worded for a child where it is one."""
    age = ages_of(record, on=timezone.localdate(at)).at_decision
    return signing_words(
        language,
        is_child=age is not None and age < ADULT_AT,
        needs_adult=with_adult,
    )


def issue_page(case: Case, form: IssueForm, reading: Sheet, *, at: datetime) -> dict[str, Any]:
    """Return what the page shows: `reading`, which is read out first, the offender's part, the officer's last."""
    reference, language = case.reference, reading.language
    with_adult = "appropriate_adult" in form.fields
    words = words_for(Record(case), language=language, with_adult=with_adult, at=at)
    return {
        "case": case,
        "form": form,
        "title": "Issue the Community Resolution",
        "language": language,
        "other_language": _OTHER[language],
        "with_adult": with_adult,
        "words": words,
        "reading": reading,
        "parts": tuple(_parts(form, words, language)),
        "refusals": tuple(_said(refusal) for refusal in signing_refusals_of(case)),
        "preview_url": f"{reverse('case_documents_preview', args=[reference])}?language={language}",
        "refused_url": reverse("case_signing_refused", args=[reference]),
        "submit_label": "Sign and issue",
        "back_url": reverse("case", args=[reference]),
    }


def refused_page(case: Case, form: SigningRefusedForm, *, on: date) -> dict[str, Any]:
    """Return what the page shows on which is recorded that somebody would not sign, with what may be done then."""
    reference = case.reference
    return {
        "case": case,
        "form": form,
        "title": "Somebody will not sign",
        "keep_title": True,
        "refusals": tuple({"sentence": _said(refusal), "said": refusal.said} for refusal in signing_refusals_of(case)),
        "instead": disposals_to_consider(Record(case), on=on),
        "issue_url": reverse("case_issue", args=[reference]),
        "not_used_url": reverse("case_not_used", args=[reference]),
        "submit_label": "Record that they will not sign",
        "back_url": reverse("case", args=[reference]),
    }


def _said(refusal: SigningRefusal) -> str:
    return f"The {SIGNERS[refusal.role]} would not sign on {moment(refusal.at)}."


def _parts(form: IssueForm, words: SigningWords, language: Language) -> Iterator[Part]:
    pad = {"by_keyboard": words.by_keyboard, "clear": words.clear, "drawn": words.drawn, "not_drawn": words.not_drawn}
    yield Part(
        role="offender",
        heading=words.heading,
        sentences=(words.intro, words.refuse, words.declaration),
        name=form["offender"],
        name_hint=words.type_hint,
        drawing=form["offender_drawing"],
        pad=Pad(draw=words.draw, draw_hint=words.draw_hint, **pad),
        is_handed=True,
        lang=language,
    )
    if "appropriate_adult" in form.fields:
        yield Part(
            role="appropriate-adult",
            heading=words.adult_heading,
            sentences=(words.adult_intro, words.refuse, words.adult_declaration),
            name=form["appropriate_adult"],
            name_hint=words.adult_type_hint,
            drawing=form["appropriate_adult_drawing"],
            pad=Pad(draw=words.adult_draw, draw_hint=words.draw_hint, **pad),
            is_handed=True,
            lang=language,
        )
    yield Part(
        role="officer",
        heading="The officer",
        sentences=("They read this or had it read to them, and I saw them sign.",),
        also=tuple(form[name] for name in ("appropriate_adult_at",) if name in form.fields),
        name=form["officer"],
        drawing=form["officer_drawing"],
        pad=_OFFICERS_PAD,
    )
