"""How a name is known in a text: whole, a part of it, in the plural, without its apostrophe; and what is no name. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from cr_app.cases.documents.veiling_text import folded, phrase, spelled_out
from cr_app.cases.documents.veiling_words import NOT_A_NAME, OF_OFFICES, ORDINARY, SHORT_WORDS, TITLES

# A part of a name from which on it is veiled by itself; two letters only where they are plainly a name.
_A_PART, _A_SHORT_PART = 3, 2
# The plural of a name, or what belongs to it, by the least letters of the name; and what looks like one, and is a word.
_PLURALS = {"s": 3, "es": 4}
_NO_PLURALS = frozenset(
    ("bus", "does", "gas", "has", "hers", "his", "its", "lets", "news", "ours", "plus", "says", "this", "thus", "was")
)
# How far back a title, or the end of the sentence before, is looked for.
_BACK = 24

WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
# Thai to Burmese, Khmer, Kana, Han, Hangul, and the Han letters beyond the basic plane.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff]+"
)
_SPACED = r"['\s-]*"
_WORDS_OF_ONE_LETTER = ("a", "i")
_TITLE_BEFORE = re.compile(rf"(?:{'|'.join(sorted(TITLES))})\.?\s+$")
_STARTS = re.compile(r"(?:^|[.!?:\n])[\s\"'(\[“‘-]*$")
# Titles that tell whether somebody is a man or a woman, also of two together.
_SEX = r"(?:mr|mrs|ms|miss|mx|mister|sir|dame)"
_SEX_BEFORE = re.compile(rf"(?<!\w)(?:{_SEX}\.?\s+(?:and|&)\s+)?{_SEX}\.?\s+$")
# Titles of police, as they stand before a name or a number.
POLICE_TITLES = (
    r"(?:pc|pcso|ps|sgt|sergeant|insp|inspector|constable|dc|ds|di|dci|chief inspector|supt|superintendent|officer)"
)


class Written(IntEnum):
    """Of what a word is a name, and so how it must be written to be one; what is stricter counts less."""

    # Of a person: however it is written, but for words that are also names.
    PERSON = 1
    # The whole name of an organisation: with a capital.
    ORGANISATION = 2
    # One word of many in the name of an organisation: with a capital that no sentence gave it.
    PART = 3


@dataclass(frozen=True)
class Known:
    """What stands in place of a word, and how the word must be written."""

    stands: str
    written: Written


def of_persons(names: Iterable[str]) -> dict[str, Written]:
    """Return the single words that give a person away: no titles; of two words also what they are together."""
    names = tuple(names)
    return dict.fromkeys(_single(names, but=TITLES) | _together(names), Written.PERSON)


def of_organisations(names: Iterable[str]) -> dict[str, Written]:
    """Return the single words that give an organisation away: none that every second one has."""
    names = tuple(names)
    parts = dict.fromkeys(_single(names, but=TITLES | NOT_A_NAME | OF_OFFICES), Written.PART)
    whole = {word for name in names if len(name.split()) == 1 for word in _single((name,), but=frozenset())}
    return {**parts, **dict.fromkeys(whole, Written.ORGANISATION)}


def whole(name: str) -> Iterator[str]:
    """Yield patterns for a name, and for its words, that no single word is found by: Noor Haddad, O Neill, Mary Anne, 李 小龙."""
    if len(name.split()) > 1:
        yield phrase(name)
    for word in WORD.findall(folded(unicodedata.normalize("NFC", name))):
        parts = [re.escape(part) for part in re.split(r"['-]", word)]
        # "A wood" is no A'Wood.
        if len(parts) > 1 and parts[0] not in _WORDS_OF_ONE_LETTER:
            yield rf"(?<!\w){_SPACED.join(parts)}(?:e?s)?(?!\w)"
    yield from unspaced(name)


def unspaced(name: str) -> Iterator[str]:
    """Yield patterns for the words of a name in a script that puts no spaces, or that is typed with and without them.

    In such a text a word has no end. By custom the first letter of three or more is the family's name.
    """
    for word in _UNSPACED.findall(folded(unicodedata.normalize("NFC", name))):
        yield r"\s*".join(word)
        if len(word) > _A_SHORT_PART:
            yield r"\s*".join(word[1:])


def readings(word: str) -> Iterator[tuple[str, int, int, bool]]:
    """Yield each name that a word of a text may be, in small letters: the name, from where, to where, whether in the plural."""
    for piece in _pieces(word):
        start = word.find(piece)
        end = start + len(piece)
        if start < 0:
            # It has lost its apostrophe or hyphen: it is what it was with it.
            spoken = re.search("['-]?".join(re.escape(letter) for letter in piece), word)
            start, end = spoken.span() if spoken else (0, len(word))
        yield piece, start, end, False
        for added, least in _PLURALS.items():
            one = piece.removesuffix(added)
            if one != piece and len(one) >= least and piece not in _NO_PLURALS:
                yield one, start, end, True


def stands_as_name(name: str, written: Written, text: str, plain: str, at: int, *, is_plural: bool) -> bool:
    """Tell whether a word that is known as a name stands as one in a text at a place, by its first letter and what precedes it."""
    is_capital = not text[at].islower()
    before = plain[max(0, at - _BACK) : at]
    if is_plural:
        is_plain = name not in ORDINARY or _STARTS.search(before) is None
        return written is Written.PERSON and is_capital and is_plain
    match written:
        case Written.PERSON if len(name) < _A_PART:
            return is_capital and (name not in SHORT_WORDS or _TITLE_BEFORE.search(before) is not None)
        case Written.PERSON:
            return is_capital or name not in ORDINARY
        case Written.ORGANISATION:
            return is_capital
        case Written.PART:
            return is_capital and len(name) >= _A_PART and _STARTS.search(before) is None


def title_before(plain: str, at: int) -> int:
    """Return where a title begins that stands before a place and tells a man from a woman; the place where there is none."""
    found = _SEX_BEFORE.search(plain[max(0, at - _BACK) : at])
    return at - len(found.group()) if found else at


def named_by_police_title(name: str) -> str:
    """Return a pattern for an officer as a text names one: PC Khan, PC 4127 Khan, Sergeant A. Khan."""
    *first, last = folded(unicodedata.normalize("NFC", name)).split() or [""]
    given = "".join(rf"(?:(?:{re.escape(each)}|{re.escape(each[0])}\.?)\s*)?" for each in first[:1])
    return rf"(?<!\w){POLICE_TITLES}\.?\s+(?:\d+\s+)?{given}{phrase(last)}"


def _single(names: Iterable[str], *, but: frozenset[str]) -> set[str]:
    return {
        piece
        for name in names
        for said in (folded(unicodedata.normalize("NFC", name)), spelled_out(name))
        for word in WORD.findall(said)
        for piece in _pieces(word)
        if len(piece) >= _A_SHORT_PART and piece not in but
    }


def _together(names: Iterable[str]) -> set[str]:
    """Return each two words of a name that were written as one: Maryanne, SmithJones."""
    found = set()
    for name in names:
        words = [word for word in WORD.findall(folded(unicodedata.normalize("NFC", name))) if word not in TITLES]
        found |= {one + other for one, other in pairwise(words) if min(len(one), len(other)) >= _A_PART}
    return found


def _pieces(word: str) -> set[str]:
    """Return a word with what it is made of: Smith-Jones is also Smith, Jones and SmithJones; O'Neill Neill and ONeill."""
    said = word.removesuffix("'s")
    parts = {word, said, *re.split(r"['-]", word)}
    for each in (said, *said.split("-")):
        parts |= {each, each.replace("'", ""), re.sub("['-]", "", each)}
    return {part for part in parts if part == word or len(part) >= _A_SHORT_PART}
