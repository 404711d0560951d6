"""Clean text: what is kept, what is refused, and what the sentence says."""

import pytest
from django.core.exceptions import ValidationError

from cr_app.pages.text import clean, showable

KEPT = {
    "an apostrophe, straight": ("O'Neill", "O'Neill"),
    "an apostrophe, curly": ("O’Neill", "O’Neill"),
    "a hyphen": ("Anne-Marie", "Anne-Marie"),
    "right to left": ("עֲדִינָה", "עֲדִינָה"),
    "Persian with a joiner": ("می\u200cخواهم", "می\u200cخواهم"),
    "composed to NFC": ("Zoe\u0308", "Zoë"),
    "an emoji family": ("\U0001f469\u200d\U0001f467 ok", "\U0001f469\u200d\U0001f467 ok"),
    "spaces around and between": ("  a \t b\u00a0c ", "a b c"),
    "lines in a one-line answer": ("a\r\nb", "a b"),
    "a soft hyphen from a document": ("co\u00adoperate", "cooperate"),
    "a byte order mark": ("\ufeffname", "name"),
    "nothing": ("", ""),
    "blank": (" \n ", ""),
    "markup": ("<b>&amp;", "<b>&amp;"),
}


@pytest.mark.parametrize(("typed", "kept"), KEPT.values(), ids=KEPT)
def test_text_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert clean(typed) == kept
    assert clean(kept) == kept


def test_lines_are_kept_where_they_are_asked_for_and_end_in_lf() -> None:
    assert clean("one\r\ntwo\rthree\n\nfour  \u2028five\n\n", lines=True) == "one\ntwo\nthree\n\nfour\nfive"


REFUSED = {
    "NUL": ("a\x00b", "control"),
    "a lone surrogate": ("a\ud800b", "control"),
    "escape": ("a\x1bb", "control"),
    "a C1 control": ("a\x9bb", "control"),
    "bytes that were not text": ("a\ufffdb", "control"),
    "an override of direction": ("abc\u202etxt.exe", "reordering"),
    "an isolate": ("abc\u2066x\u2069", "reordering"),
}


@pytest.mark.parametrize(("typed", "code"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("lines", [True, False])
def test_what_cannot_be_kept_is_refused_in_a_sentence_that_says_what_to_do(typed: str, code: str, lines: bool) -> None:
    with pytest.raises(ValidationError) as refusal:
        clean(typed, what="their name", lines=lines)
    assert refusal.value.code == code
    assert refusal.value.messages[0].startswith("Type their name again")


def test_the_limit_counts_what_is_kept() -> None:
    assert len(clean("é" * 200)) == 200
    assert len(clean(" " * 50 + "e\u0301" * 200 + " ")) == 200
    with pytest.raises(ValidationError) as refusal:
        clean("é" * 201, what="their name")
    assert refusal.value.messages == ["Shorten their name to 200 characters or fewer; it has 201 now"]


def test_anything_can_be_shown_again() -> None:
    assert showable("a\x00\ud800b\n’") == "a��b\n’"
    assert showable(None) == ""
    assert showable("\ud800").encode()
