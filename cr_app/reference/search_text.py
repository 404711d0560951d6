"""How offence types are written for searching, and how close one comes to what was typed. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

_SECTION = re.compile(r"\b(?:sections?|secs?|ss?)\b[.\s]*(?=\d)")
_INITIALS = re.compile(r"\b([a-z])\.(?=[a-z]\b)")
_SLASH = re.compile(r"(?<!\d)/|/(?!\d)")
_APOSTROPHES = re.compile("['\u2019]")
_REST = re.compile(r"[^a-z0-9/]+")
_CODE = re.compile(r"(?P<kind>\d{1,3})\s*[/.\-\s]\s*(?P<part>\d{0,2}[a-z]?)")
_DIGITS = re.compile(r"\d{2,5}")
# Words that nearly every offence has: they find nothing by themselves.
_SMALL = frozenset(
    {"a", "act", "an", "and", "at", "by", "etc", "for", "from", "in", "into", "is", "of", "on", "or", "other", "than",
     "the", "to", "under", "with"}
)  # fmt: skip
# The share of the typed words, in hundredths, that an answer has; and what is shown rather than nothing.
MOST_WORDS, HALF_THE_WORDS = 55.0, 45.0
_LONGEST = 100


@dataclass(frozen=True)
class Named:
    """What an offence type can be found by."""

    code: str
    title: str
    statute: str
    also_called: tuple[str, ...]
    is_common: bool


def folded(text: str) -> str:
    """Return `text` as it is compared: small letters without accents or marks, `section 1` and `s.1` as s1."""
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark)).casefold()
    bare = _APOSTROPHES.sub("", _INITIALS.sub(r"\1", _SECTION.sub("s", bare)).replace("&", " and "))
    return " ".join(_REST.sub(" ", _SLASH.sub(" ", bare)).split())


def search_words(typed: str) -> tuple[str, ...]:
    """Return the words to look for, folded; the small ones only where there are no others."""
    words = folded(typed[:_LONGEST]).split()[:12]
    telling = [word for word in words if word not in _SMALL]
    return tuple(dict.fromkeys(telling or words))


def search_line(code: str, title: str, statute: str, also_called: Iterable[str]) -> str:
    """Return the text that a search reads: code with and without its slash, title, statute, everyday names."""
    return " ".join(
        [code.lower(), code.replace("/", "").lower(), *(folded(each) for each in (title, statute, *also_called))]
    )


def code_beginnings(typed: str) -> tuple[str, ...]:
    """Return how the codes begin that `typed` can mean: 46/0 begins 46/00, 4600 is 46/00; none for other text."""
    text = typed.strip().lower()
    written = _CODE.fullmatch(text)
    if written:
        return (f"{int(written['kind'])}/{written['part'].upper()}",)
    if not _DIGITS.fullmatch(text):
        return ()
    # Without its slash: 4600 and 04600 are 46/00, 10501 is 105/01, 46 begins 46/00.
    text = text.lstrip("0") or "0"
    split = (f"{text[:-2]}/{text[-2:]}",) if len(text) > 2 else ()
    return (*split, f"{text}/") if len(text) <= 3 else split


def closeness(typed: str, words: tuple[str, ...], named: Named, *, enough: float = MOST_WORDS) -> float:
    """Return how well an offence type answers what was typed, 0 for not at all; more is better."""
    if any(named.code.startswith(beginning) for beginning in code_beginnings(typed)):
        return 1000.0 - len(named.code)
    names = [folded(each) for each in (named.title, *named.also_called)]
    found_in = " ".join([*names, folded(named.statute), named.code.lower()]).split()
    covered = sum(_best(word, found_in) for word in words) / len(words)
    if covered < enough:
        return 0.0
    whole = " ".join(words)
    alike = max(fuzz.token_sort_ratio(whole, name) for name in names)
    exact = 30.0 if whole in names else 0.0
    return covered + alike / 2 + exact + (4.0 if named.is_common else 0.0)


def _best(word: str, among: Iterable[str]) -> float:
    """Return how well the best of the words answers one typed: the word itself, its beginning, a misspelling."""
    best = 0.0
    for other in among:
        if other == word:
            return 100.0
        if len(word) >= 3 and other.startswith(word):
            best = max(best, 94.0)
        elif len(word) >= 4 and len(other) >= 4 and word.isalpha():
            alike = fuzz.ratio(word, other)
            best = max(best, alike if alike >= 72.0 else 0.0)
    return best
