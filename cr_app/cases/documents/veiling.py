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
from cr_app.cases.documents.veiling_names import (
    POLICE_TITLES,
    WORD,
    Known,
    Written,
    named_by_police_title,
    of_organisations,
    of_persons,
    readings,
    stands_as_name,
    title_before,
    unspaced,
    whole,
)
from cr_app.cases.documents.veiling_text import folded, phrase, spelled_out
from cr_app.cases.documents.veiling_words import MONTHS

_ANYBODYS = re.compile("|".join((EMAIL, PHONE, POSTCODE)))


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
    """What one reader may not see: `words` are single words of names, `patterns` all else.

    `own` are the words of the reader's own name, `shown` is what may stand always.
    """

    words: Mapping[str, Known]
    own: frozenset[str]
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
        found = [Span(title_before(plain, span.start), span.end, span.stands) for span in kept]
        return _with(text, _joined(found, text))

    def _names_in(self, text: str, plain: str) -> list[Span]:
        found = []
        is_plain = text.isascii()
        for word in WORD.finditer(plain):
            for name, start, end, is_plural in readings(word.group()):
                at = word.start() + start
                known = self.words.get(name)
                if known is None and not is_plain:
                    known = self.words.get(spelled_out(text[at : word.start() + end]))
                # A plural may be the reader's own name.
                if known is None or (is_plural and word.group()[start:end] in self.own):
                    continue
                if stands_as_name(name, known.written, text, plain, at, is_plural=is_plural):
                    found.append(Span(at, word.start() + end, known.stands))
        return found


def veil_over(
    hidden: Iterable[Hidden], *, own: Hidden, shown: Iterable[str], not_shown: str, officers: Iterable[str] = ()
) -> Veil:
    """Return the veil for a reader: over everybody `hidden`, but not over what is their `own` or what is `shown` anyway.

    The `officers` of the case stand where a text names them by their police title, whoever else is of that name.
    """
    hidden = tuple(hidden)
    own_words = _words_of(own)
    words: dict[str, Known] = {}
    patterns: dict[str, str] = {}

    def stands_now(there: str, stands: str) -> str:
        return stands if there == stands else not_shown

    own_patterns = set(_patterns_of(own))
    for each in hidden:
        for word, written in _words_of(each).items():
            if word not in own_words:
                there = words.get(word, Known(each.stands, written))
                words[word] = Known(stands_now(there.stands, each.stands), min(there.written, written))
        names = set(_name_patterns(each))
        for pattern in _patterns_of(each):
            if pattern not in own_patterns:
                stands = each.stands if pattern in names else not_shown
                patterns[pattern] = stands_now(patterns.get(pattern, stands), stands)
    # A borough, and an organisation, may also be somebody's name.
    persons = {word for word, known in words.items() if known.written is Written.PERSON}
    may_stand = [phrase(name) for name in shown if name.strip() and folded(name) not in persons]
    may_stand += [pattern for name in own.names for pattern in unspaced(name)]
    may_stand += [named_by_police_title(name) for name in officers if name.strip()]
    return Veil(
        words=words,
        own=frozenset(own_words),
        patterns=tuple((re.compile(pattern), stands) for pattern, stands in patterns.items()),
        shown=tuple(re.compile(pattern) for pattern in may_stand),
        not_shown=not_shown,
    )


def _words_of(somebody: Hidden) -> dict[str, Written]:
    return of_organisations(somebody.offices) | of_persons(somebody.names)


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
    offices = [phrase(name) for name in hidden.offices if len(name.split()) > 1]
    return (*(pattern for name in hidden.names for pattern in whole(name)), *offices)


def _number(typed: str) -> str:
    """Return a pattern for an identifier or a postcode, however it is spaced; of a PNC ID also the short form.

    The number of an officer is found with a title, noughts and the letters of a division joined to it.
    """
    plain = re.sub(r"\s", "", folded(typed))
    warrant = re.fullmatch(r"0*(\d{2,})[a-z]{0,2}", plain)
    if warrant:
        return rf"(?<!\w){POLICE_TITLES}?0*{warrant.group(1)}[a-z]{{0,2}}(?!\w)"
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
