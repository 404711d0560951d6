"""Clean text: one form of what was typed, or a sentence that says what to type instead."""

import re
import unicodedata

from django.core.exceptions import ValidationError

SHORT = 200
LONG = 10_000

# Carried along unseen by copying from other programs: soft hyphen, zero-width space, word joiner, byte order mark.
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
# Embeddings, overrides and isolates make text read in another order than it is stored.
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# NUL and the other control characters but line feed; the replacement character stands for bytes that were not text.
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffd]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029\x0b\x0c]")
_UNSHOWABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


def clean(text: str, *, what: str = "your answer", limit: int = SHORT, lines: bool = False) -> str:
    """Return `text` in NFC, trimmed, ends of line as LF (spaces unless `lines`), at most `limit` characters.

    NUL, lone surrogates, control characters and characters that reorder text raise a ValidationError that says so.
    """
    text = _UNSEEN.sub("", _LINE_END.sub("\n", text)).replace("\t", " ")
    if _CONTROL.search(text) or _SURROGATE.search(text):
        raise ValidationError(
            f"Type {what} again: it has a character that cannot be kept, perhaps from copying and pasting",
            code="control",
        )
    if _REORDERING.search(text):
        raise ValidationError(
            f"Type {what} again: it has a hidden character that changes the order of the letters", code="reordering"
        )
    text = unicodedata.normalize("NFC", text)
    text = _tidy_lines(text) if lines else " ".join(text.split())
    if len(text) > limit:
        raise ValidationError(
            f"Shorten {what} to {limit:,} characters or fewer; it has {len(text):,} now", code="too_long"
        )
    return text


def showable(value: object) -> str:
    """Return what was typed so that a page can always be encoded: what cannot be shown becomes the replacement mark."""
    return "" if value is None else _UNSHOWABLE.sub("\ufffd", str(value))


def _tidy_lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()
