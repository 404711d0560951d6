"""The veil: what was typed about a case, without what its reader may not see of others. Pure.

A name is found whatever its accents, apostrophes and spaces, whole or one word of it. Rather too much is veiled than
too little: a word that is also a name is veiled wherever it is written as a name.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from cr_app.cases.documents.veiling_addresses import EMAIL, PHONE, POSTCODE, phones_in, reached_at, spaced
from cr_app.cases.documents.veiling_text import folded, phrase
from cr_app.cases.documents.veiling_words import MONTHS, NOT_A_NAME, ORDINARY, SHORT_WORDS, TITLES

# A part of a name from which on it is veiled by itself; two letters only where they are plainly a name.
_A_PART, _A_SHORT_PART = 3, 2

_ANYBODYS = re.compile("|".join((EMAIL, PHONE, POSTCODE)))
_TITLE_BEFORE = re.compile(rf"(?:{'|'.join(sorted(TITLES))})\.?\s+$")


@dataclass(frozen=True)
class Hidden:
    """Somebody whom a reader may not know: what stands in their place, and what would give them away.

    `names` are of persons, `offices` of organisations; `lines` addresses and what else was typed as one; `numbers`
    identifiers and postcodes.
    """

    stands: str
    names: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    born_on: date | None = None


@dataclass(frozen=True)
class Span:
    """A piece of a text, and what stands in its place."""

    start: int
    end: int
    stands: str


@dataclass(frozen=True)
class Veil:
    """What one reader may not see: `words` are single words of names, `patterns` all else, `shown` what may stand always."""

    words: Mapping[str, str]
    patterns: tuple[tuple[re.Pattern[str], str], ...]
    shown: tuple[re.Pattern[str], ...]
    not_shown: str

    def free(self, typed: str | None) -> str:
        """Return a text without what its reader may not see, and without anybody's e-mail, telephone or postcode."""
        return self._veiled(typed or "", also=((_ANYBODYS, self.not_shown),))

    def known(self, typed: str | None) -> str:
        """Return what the reader must be able to act on: without what is known of others, yet with a number to ring."""
        return self._veiled(typed or "", also=())

    def _veiled(self, typed: str, *, also: tuple[tuple[re.Pattern[str], str], ...]) -> str:
        text = unicodedata.normalize("NFC", typed)
        plain = folded(text)
        spans = [
            Span(*found.span(), stands)
            for pattern, stands in (*self.patterns, *also)
            for found in pattern.finditer(plain)
        ]
        spans += self._names_in(text, plain)
        may_stand = [found.span() for pattern in self.shown for found in pattern.finditer(plain)]
        kept = [span for span in spans if not any(start <= span.start and span.end <= end for start, end in may_stand)]
        return _with(text, _joined(kept, text))

    def _names_in(self, text: str, plain: str) -> list[Span]:
        found = []
        for word in _WORD.finditer(plain):
            start = word.start()
            for piece in _pieces(word.group()):
                stands = self.words.get(piece)
                at = start + word.group().find(piece)
                if stands is not None and _is_written_as_name(piece, text[at], plain[:at]):
                    found.append(Span(at, at + len(piece), stands))
        return found


_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


def veil_over(hidden: Iterable[Hidden], *, own: Hidden, shown: Iterable[str], not_shown: str) -> Veil:
    """Return the veil for a reader: over everybody `hidden`, but not over what is their `own` or what is `shown` anyway."""
    hidden = tuple(hidden)
    own_words = _words_of(own)
    words: dict[str, str] = {}
    patterns: dict[str, str] = {}

    def hide(found: dict[str, str], key: str, stands: str) -> None:
        found[key] = stands if found.get(key, stands) == stands else not_shown

    own_patterns = set(_patterns_of(own))
    for each in hidden:
        for word in _words_of(each) - own_words:
            hide(words, word, each.stands)
        names = set(_name_patterns(each))
        for pattern in _patterns_of(each):
            if pattern not in own_patterns:
                hide(patterns, pattern, each.stands if pattern in names else not_shown)
    return Veil(
        words=words,
        patterns=tuple((re.compile(pattern), stands) for pattern, stands in patterns.items()),
        # A borough may also be somebody's name.
        shown=tuple(re.compile(phrase(name)) for name in shown if name.strip() and folded(name) not in words),
        not_shown=not_shown,
    )


def _words_of(somebody: Hidden) -> set[str]:
    """Return the single words that give somebody away: no titles, and no words that every second organisation has."""
    return _single(somebody.names, but=TITLES) | _single(somebody.offices, but=TITLES | NOT_A_NAME)


def _single(names: tuple[str, ...], *, but: frozenset[str]) -> set[str]:
    return {
        piece
        for name in names
        for word in _WORD.findall(folded(unicodedata.normalize("NFC", name)))
        for piece in _pieces(word)
        if len(piece) >= _A_SHORT_PART and piece not in but
    }


def _pieces(word: str) -> set[str]:
    """Return a word with what it is made of: Smith-Jones is also Smith, and Jones; O'Neill is also Neill."""
    parts = {word, *word.split("-"), *re.split(r"['-]", word)}
    if word.endswith("'s"):
        parts.add(word[:-2])
    return {part for part in parts if part == word or len(part) >= _A_SHORT_PART}


def _is_written_as_name(word: str, first: str, before: str) -> bool:
    """Tell whether a word that is known as a name stands there as one, by its first letter and what is before it."""
    if len(word) < _A_PART:
        return not first.islower() and (word not in SHORT_WORDS or _TITLE_BEFORE.search(before) is not None)
    return word not in ORDINARY or not first.islower()


def _patterns_of(hidden: Hidden) -> tuple[str, ...]:
    found = [*_name_patterns(hidden)]
    for line in hidden.lines:
        found += reached_at(line)
    for phone in hidden.phones:
        found += phones_in(phone)
    found += [_number(number) for number in hidden.numbers if number.strip()]
    found += _days(hidden.born_on) if hidden.born_on else []
    return tuple(dict.fromkeys(found))


def _name_patterns(hidden: Hidden) -> tuple[str, ...]:
    return tuple(phrase(name) for name in (*hidden.names, *hidden.offices) if len(name.split()) > 1)


def _number(typed: str) -> str:
    """Return a pattern for an identifier or a postcode, however it is spaced; of a PNC ID also the short form."""
    plain = re.sub(r"\s", "", folded(typed))
    pnc = re.fullmatch(r"(?:\d\d)?(\d\d)/0*(\d+)([a-z])", plain)
    if pnc:
        year, serial, letter = pnc.groups()
        return rf"(?<!\d)(?:\d\d)?{year}\s*/\s*0*{serial}\s*{letter}?(?!\w)"
    return spaced(plain)


def _days(on: date) -> list[str]:
    """Return patterns for a day as people write it: 3/5/1996, 03.05.96, 1996-05-03, 3rd May 1996, May 3 96."""
    dash = r"\s*[/.\-\s]\s*"
    year = rf"(?:{on.year}|{on.year % 100:02})"
    named = rf"(?:{'|'.join(MONTHS[on.month])})\.?"
    numbered = rf"0?{on.day}(?:st|nd|rd|th|af|il|ydd|fed|eg|ain)?"
    return [
        rf"(?<!\d)0?{on.day}{dash}0?{on.month}{dash}{year}(?!\d)",
        rf"(?<!\d){on.year}{dash}0?{on.month}{dash}0?{on.day}(?!\d)",
        rf"(?<!\w){numbered}\s*(?:of\s+|o\s+)?{named}[\s,]*{year}(?!\d)",
        rf"(?<!\w){named}\s*{numbered}[\s,]*{year}(?!\d)",
    ]


def _joined(spans: list[Span], text: str) -> list[Span]:
    """Return spans that do not overlap, longer ones first; what says the same twice in a row says it once."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        last = found[-1] if found else None
        if last is None or span.start >= last.end:
            between = text[last.end : span.start] if last else "x"
            if last is not None and last.stands == span.stands and not between.strip(" ,"):
                found[-1] = Span(last.start, span.end, last.stands)
            else:
                found.append(span)
        elif span.end > last.end:
            found[-1] = Span(last.start, span.end, last.stands)
    return found


def _with(text: str, spans: list[Span]) -> str:
    pieces, reached = [], 0
    for span in spans:
        pieces += [text[reached : span.start], span.stands]
        reached = span.end
    return "".join([*pieces, text[reached:]])
