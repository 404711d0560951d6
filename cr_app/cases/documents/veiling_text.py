"""A text as the veil reads it: in small letters without accents, and words in their order whatever is between them. Pure."""

import re
import unicodedata

# Letters that are also written as two, in names above all: Mueller is Müller.
_SPELLED = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ß": "ss", "æ": "ae", "œ": "oe"}
_SPELLED_ONES = re.compile("|".join(_SPELLED))

_FOLDS = {**dict.fromkeys("’‘ʼ`´", "'"), **dict.fromkeys("‐‑–", "-"), "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d"}


def folded(text: str) -> str:
    """Return a text in small letters without accents, each apostrophe plain: as long as it was, letter for letter."""
    if text.isascii():
        return text.lower().replace("`", "'")
    return "".join(_FOLDS.get(letter) or _plain(letter) for letter in text)


def spelled_out(text: str) -> str:
    """Return a text in small letters without accents, with two letters for each that is also written so: not as long as it was."""
    if text.isascii():
        return folded(text)
    lower = unicodedata.normalize("NFC", text).lower()
    return folded(_SPELLED_ONES.sub(lambda found: _SPELLED[found.group()], lower))


def phrase(typed: str) -> str:
    """Return a pattern for words in this order, whatever is between them; an apostrophe may be left out."""
    words = re.findall(r"[\w'@.+/-]+", folded(unicodedata.normalize("NFC", typed)))
    spoken = r"[\s,.]+".join(re.escape(word.strip(".")).replace("'", "'?") for word in words)
    return rf"(?<!\w){spoken}(?!\w)"


def _plain(letter: str) -> str:
    apart = unicodedata.normalize("NFKD", letter)
    # A syllable of Hangul is more than its first letter with marks.
    small = (apart[0] if all(map(unicodedata.combining, apart[1:])) else letter).lower()
    return small if len(small) == 1 else letter
