"""What is written for a child reads at the age of twelve, and what is written for an adult at little more."""

import re
from dataclasses import fields

import pytest
from django.utils import timezone

from cr_app.cases.documents.composing import compose, reading_sheet, told_of
from cr_app.cases.documents.offender_words import OffenderWords, words_for
from cr_app.cases.documents.sheets import Bullets, Heading, Paragraph, Sheet, Signed
from cr_app.cases.documents.signing_words import signing_words
from cr_app.cases.documents.spoken import speaking
from cr_app.cases.models import Document
from tests import make
from tests.cast import Cast
from tests.make_afterwards import rescinded

# Who has turned twelve is in the sixth grade; newspapers for everybody are written at the ninth.
OF_TWELVE, OF_EVERYBODY = 6.0, 9.0
# The words of the officer and of the law are not ours.
NOT_OURS = {"circumstances", "account", "offence_list", "incident", "about", "contact_rows"}


def syllables(word: str) -> int:
    """Return how many vowels a word is spoken with, by its letters: groups of them, but for a silent e at its end."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    if len(plain) <= 3:
        return 1
    spoken = re.sub(r"(?<=[^aeiouyl])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouysxz])es$", "", plain)
    return max(1, len(re.findall(r"[aeiouy]+", spoken)))


def grade(sentences: list[str]) -> float:
    """Return the school grade of a text. Source: Kincaid and others 1975, Navy Research Branch Report 8-75.

    0.39 words a sentence + 11.8 syllables a word - 15.59; a heading or a bullet is a sentence.
    """
    texts = [
        part for sentence in sentences for part in re.split(r"[.!?:]\W+|[.!?:]$", sentence) if re.search(r"\w", part)
    ]
    words = [word for text in texts for word in re.findall(r"[A-Za-z'’-]+", text)]
    return 0.39 * len(words) / len(texts) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def ours(sheet: Sheet) -> list[str]:
    """Return what we say on a sheet: not what an officer typed, what the law is called, or who is who."""
    said = [sheet.title]
    for block in sheet.blocks:
        match block:
            case Heading(text=text):
                said.append(text)
            case Paragraph(key=key, text=text) if key not in NOT_OURS:
                said.append(text)
            case Bullets(key=key, items=items) if key not in NOT_OURS:
                said += items
            case Signed(role=role):
                said.append(role)
    return said


def every_sentence(words: OffenderWords) -> list[str]:
    """Return the words of a copy, one by one."""
    found: list[str] = []
    for field in fields(words):
        said = getattr(words, field.name)
        found += said if isinstance(said, tuple) else [said]
    return found


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("The cat sat on the mat. The dog ran to the cat.", -2.0, 1.0),
        (
            "Sometimes we play football in the garden after school, and my brother kicks the ball over the fence.",
            4.0,
            9.0,
        ),
        (
            "Notwithstanding the aforementioned considerations, the administration of an out-of-court disposal necessitates "
            "contemporaneous documentation of proportionality.",
            20.0,
            40.0,
        ),
    ],
)
def test_the_measure_tells_a_primer_from_a_statute(text: str, least: float, most: float) -> None:
    assert least < grade([text]) < most


def test_syllables_are_counted_as_they_are_spoken() -> None:
    known = {"cat": 1, "police": 2, "agreed": 2, "asked": 1, "resolution": 4, "officer": 3, "little": 2, "harmed": 1}
    assert {word: syllables(word) for word in known} == known


def test_the_childs_copy_and_notice_read_at_the_age_of_twelve(cast: Cast) -> None:
    reference = make.issued(cast.amina, make.child().but(victims=(make.shop(), make.person())))
    rescinded(reference, cast.priya)
    told, at = told_of(make.read(reference)), timezone.now()
    for sheet in (
        reading_sheet(told, language="en", at=at),
        compose(Document.OFFENDER_COPY, told, language="en", at=at),
        compose(Document.OFFENDER_NOTICE, told, language="en", at=at),
    ):
        assert sheet.reader == "child"
        assert grade(ours(sheet)) <= OF_TWELVE, sheet.kind


def test_no_sentence_for_a_child_is_long_and_nothing_is_harder_than_for_an_adult() -> None:
    with speaking("en"):
        child, adult = every_sentence(words_for(is_child=True)), every_sentence(words_for(is_child=False))
    assert grade(child) < grade(adult) <= OF_EVERYBODY
    spoken = [part for text in child for part in re.split(r"[.!?:“”]", text)]
    assert max(len(part.split()) for part in spoken) <= 15


@pytest.mark.parametrize("is_child", [True, False])
def test_what_is_read_while_signing_is_as_plain(is_child: bool) -> None:
    words = signing_words("en", is_child=is_child, needs_adult=True)
    said = [getattr(words, field.name) for field in fields(words) if field.name != "other_language"]
    assert grade(said) <= (OF_TWELVE if is_child else OF_EVERYBODY)


def test_the_letters_read_as_everybody_can(cast: Cast) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    rescinded(reference, cast.priya)
    told, at = told_of(make.read(reference)), timezone.now()
    for kind in (Document.VICTIM_LETTER, Document.VICTIM_NOTICE):
        for victim in told.victims:
            sheet = compose(kind, told, language="en", victim=victim, at=at)
            assert grade(ours(sheet)) <= OF_EVERYBODY, kind
    assert grade(ours(compose(Document.OFFENDER_COPY, told, language="en", at=at))) <= OF_EVERYBODY
