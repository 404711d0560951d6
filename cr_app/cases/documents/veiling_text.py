"""A text as the veil reads it: in small letters without accents, and words in their order whatever is between them. Pure."""

import re
import unicodedata

_FOLDS = {**dict.fromkeys("’‘ʼ`´", "'"), **dict.fromkeys("‐‑–", "-"), "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d"}


def folded(text: str) -> str:
    """Return a text in small letters without accents, each apostrophe plain: as long as it was, letter for letter."""
    if text.isascii():
        return text.lower().replace("`", "'")
    return "".join(_FOLDS.get(letter) or _plain(letter) for letter in text)


def phrase(typed: str) -> str:
    """Return a pattern for words in this order, whatever is between them; an apostrophe may be left out."""
    words = re.findall(r"[\w'@.+/-]+", folded(unicodedata.normalize("NFC", typed)))
    spoken = r"[\s,.]+".join(re.escape(word.strip(".")).replace("'", "'?") for word in words)
    return rf"(?<!\w){spoken}(?!\w)"


def _plain(letter: str) -> str:
    base = unicodedata.normalize("NFKD", letter)[:1].lower()
    return base if len(base) == 1 else letter
