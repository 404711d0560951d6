"""One row of a file of closed cases, read strictly: its values, or a sentence that says what is wanted. Pure.

A sentence names the column and never what stood in it: rejects are read by people who may not know whom a row is about.
"""

import csv
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from cr_app.disclosure.asked import EARLIEST
from cr_app.disclosure.import_file.mapping import HEADER, BadFile, Translation

LONGEST_LINE, LONGEST_REFERENCE, LONGEST_UNIT, LONGEST_REASON = 4000, 40, 100, 300
YOUNGEST, OLDEST = 10, 120
SEXES = ("female", "male", "other", "not_known")
VICTIM_KINDS = ("none", "person", "organisation")
_YES, _NO = frozenset({"true", "yes", "y", "t", "1"}), frozenset({"false", "no", "n", "f", "0"})
# What no value can hold, so that values that are joined can be told apart.
_BETWEEN = "\x1f"


class Row(NamedTuple):
    """A row as it is stored: a case and one offence. None, or an empty text, is not known."""

    line: int
    reference: str
    force: str
    unit: str
    offence_code: str
    encouraging_or_assisting: bool
    offence_on: date | None
    decided_on: date | None
    issued_on: date
    offender_age: int | None
    offender_sex: str
    offender_ethnicity: str | None
    victim_kind: str
    victim_agrees: bool | None
    exception: bool | None

    @property
    def key(self) -> tuple[str, str]:
        """The force and reference, which tell a case from others."""
        return self.force, self.reference


class Rejected(NamedTuple):
    """A line that is not imported, and why; `key` is the force and reference, where these could be read."""

    line: int
    reason: str
    key: tuple[str, str] | None = None


@dataclass(frozen=True)
class Known:
    """What values may be: forces, offence codes with the force that added them, ethnicity codes; and which day it is."""

    forces: frozenset[str]
    codes: Mapping[str, str | None]
    ethnicities: frozenset[str]
    today: date


class _Wrong(ValueError):
    """What is wrong with a row."""


def canonical_of(row: Row) -> str:
    """Return the values of a row as FILE.csv has them, in the order of its header, with U+001F between them."""
    return _BETWEEN.join(
        (
            row.reference,
            row.force,
            row.unit,
            row.offence_code,
            _word(row.encouraging_or_assisting),
            row.offence_on.isoformat() if row.offence_on else "",
            row.decided_on.isoformat() if row.decided_on else "",
            row.issued_on.isoformat(),
            "" if row.offender_age is None else str(row.offender_age),
            row.offender_sex,
            row.offender_ethnicity or "",
            row.victim_kind,
            _word(row.victim_agrees),
            _word(row.exception),
        )
    )


def row_digest(row: Row, *, salt: bytes) -> bytes:
    """Return the first 16 bytes of the HMAC-SHA-256 (RFC 2104) of a row's canonical text in UTF-8, under its batch's salt."""
    return hmac.digest(salt, canonical_of(row).encode(), "sha256")[:16]


def impossible_dates(row: Row) -> tuple[str, str] | None:
    """Return the column whose date cannot be, and why; None where all can."""
    if row.decided_on and row.decided_on > row.issued_on:
        return "issued_on", "is before the day of the decision"
    if row.offence_on and row.offence_on > row.issued_on:
        return "issued_on", "is before the day of the offence"
    if row.offence_on and row.decided_on and row.offence_on > row.decided_on:
        return "decided_on", "is before the day of the offence"
    return None


class Reader:
    """Reads the rows of one file, whose columns stand in an order of their own."""

    def __init__(self, header: list[str], translation: Translation, known: Known) -> None:
        """Take the header as it was checked: every column of ours is in it, or is a constant."""
        self._translation = translation
        self._known = known
        self._width = len(header)
        self._separator = translation.separator
        places = {name: place for place, name in enumerate(header)}
        self._columns = [
            (
                None if column in translation.constants else places[translation.heading_of(column)],
                translation.constants.get(column, ""),
                translation.values.get(column),
            )
            for column in HEADER
        ]
        self._days: dict[str, date | None] = {}

    def read(self, line: int, text: str) -> Row | Rejected:
        """Return the values of a line, or why it is rejected."""
        key: tuple[str, str] | None = None
        try:
            values = self._values(text)
            # Also of a row that is wrong elsewhere: its case has a first row that was rejected.
            key = values[1], values[0]
        except _Wrong as error:
            return Rejected(line, str(error), key)
        try:
            return self._row(line, values)
        except _Wrong as error:
            return Rejected(line, _joined(self._faults(values) or [str(error)]), key)

    def say(self, column: str, words: str) -> str:
        """Return a sentence about a column, with what the file calls it."""
        heading = self._translation.heading_of(column)
        named = "" if heading == column else f" (in the file: {heading})"
        return f"{column}{named}: {words}."

    def _values(self, text: str) -> list[str]:
        """Return the values of a line in the order of HEADER, translated."""
        if len(text) > LONGEST_LINE:
            raise _Wrong(f"The line is longer than {LONGEST_LINE:,} characters.")
        fields = self._fields(text)
        if len(fields) != self._width:
            raise _Wrong(f"The line has {len(fields):,} values where the header has {self._width}.")
        found = []
        for place, constant, translated in self._columns:
            value = constant if place is None else fields[place].strip()
            found.append(value if translated is None else translated.get(value, value))
        return found

    def _fields(self, text: str) -> list[str]:
        if not text.isprintable():
            text = text.replace("\N{NO-BREAK SPACE}", " ")
            if "\0" in text:
                raise _Wrong("The line holds a NUL character.")
            if not text.replace("\t", " ").isprintable():
                raise _Wrong("The line holds a character that cannot be printed.")
            if self._separator != "\t" and "\t" in text:
                raise _Wrong("The line holds a tab.")
        if '"' not in text:
            return text.split(self._separator)
        try:
            fields = next(csv.reader([text], delimiter=self._separator, strict=True))
        except csv.Error:
            raise _Wrong(
                "A quoted value does not end on its line, or goes on after it: no value holds a line break."
            ) from None
        if any('"' in value for value in fields):
            raise _Wrong("A value holds a quotation mark.")
        return fields

    def _row(self, line: int, values: list[str]) -> Row:
        reference, force, unit, code, encouraging, offence_on, decided_on, issued_on = values[:8]
        age, sex, ethnicity, victim_kind, agrees, exception = values[8:]
        issued = self._issued(issued_on)
        row = Row(
            line=line,
            reference=self._reference(reference),
            force=self._force(force),
            unit=self._unit(unit),
            offence_code=self._code(code, force),
            encouraging_or_assisting=self._truth("encouraging_or_assisting", encouraging) is True,
            offence_on=self._day("offence_on", offence_on),
            decided_on=self._day("decided_on", decided_on),
            issued_on=issued,
            offender_age=self._age(age),
            offender_sex=self._one_of("offender_sex", sex.casefold(), SEXES),
            offender_ethnicity=self._ethnicity(ethnicity.upper()),
            victim_kind=self._one_of("victim_kind", victim_kind.casefold(), VICTIM_KINDS),
            victim_agrees=self._truth("victim_agrees", agrees),
            exception=self._truth("exception", exception),
        )
        if wrong := impossible_dates(row):
            raise self._wrong(*wrong)
        return row

    def _faults(self, values: list[str]) -> list[str]:
        """Return everything that is wrong with the values of a row by themselves, so that it is put right once."""
        reference, force, unit, code, encouraging, offence_on, decided_on, issued_on = values[:8]
        age, sex, ethnicity, victim_kind, agrees, exception = values[8:]
        checks: tuple[Callable[[], object], ...] = (
            lambda: self._reference(reference),
            lambda: self._force(force),
            lambda: self._unit(unit),
            # Of a force that is not known nobody knows which codes it added.
            lambda: self._code(code, force) if force in self._known.forces else None,
            lambda: self._truth("encouraging_or_assisting", encouraging),
            lambda: self._day("offence_on", offence_on),
            lambda: self._day("decided_on", decided_on),
            lambda: self._issued(issued_on),
            lambda: self._age(age),
            lambda: self._one_of("offender_sex", sex.casefold(), SEXES),
            lambda: self._ethnicity(ethnicity.upper()),
            lambda: self._one_of("victim_kind", victim_kind.casefold(), VICTIM_KINDS),
            lambda: self._truth("victim_agrees", agrees),
            lambda: self._truth("exception", exception),
        )
        found = []
        for check in checks:
            try:
                check()
            except _Wrong as error:
                found.append(str(error))
        return found

    def _reference(self, text: str) -> str:
        self._hold(text != "" and len(text) <= LONGEST_REFERENCE, "reference", _REFERENCE)
        return text

    def _force(self, text: str) -> str:
        self._hold(text in self._known.forces, "force", "write the two digits of a force that this service knows")
        return text

    def _unit(self, text: str) -> str:
        self._hold(len(text) <= LONGEST_UNIT, "unit", f"write at most {LONGEST_UNIT} characters")
        return text

    def _code(self, text: str, force: str) -> str:
        self._hold(self._known.codes.get(text, "") in (None, force), "offence_code", _CODE)
        return text

    def _issued(self, text: str) -> date:
        issued = self._day("issued_on", text)
        if issued is None:
            raise self._wrong("issued_on", "is wanted, since cases are counted by it")
        self._hold(issued <= self._known.today, "issued_on", "is in the future")
        self._hold(issued >= EARLIEST, "issued_on", f"is before {EARLIEST:%Y}")
        return issued

    def _hold(self, is_right: bool, column: str, words: str) -> None:
        if not is_right:
            raise self._wrong(column, words)

    def _wrong(self, column: str, words: str) -> _Wrong:
        return _Wrong(self.say(column, words))

    def _day(self, column: str, text: str) -> date | None:
        if text == "":
            return None
        if text not in self._days:
            self._days[text] = self._parsed(text)
        found = self._days[text]
        if found is None:
            example = date(2021, 3, 9).strftime(self._translation.date_format or "%Y-%m-%d")
            raise self._wrong(column, f"write a day such as {example}")
        return found

    def _parsed(self, text: str) -> date | None:
        """Return the day that a text says; None for what is no day."""
        try:
            if self._translation.date_format:
                return datetime.strptime(text, self._translation.date_format).date()  # noqa: DTZ007
            return date.fromisoformat(text) if len(text) == 10 and text[4] == text[7] == "-" else None
        except ValueError:
            return None

    def _truth(self, column: str, text: str) -> bool | None:
        if text == "":
            return None
        word = text.casefold()
        self._hold(word in _YES or word in _NO, column, "write true or false, or nothing where it is not known")
        return word in _YES

    def _age(self, text: str) -> int | None:
        if text == "":
            return None
        is_whole = text.isascii() and text.isdigit() and len(text) <= 3
        is_right = is_whole and YOUNGEST <= int(text) <= OLDEST
        self._hold(is_right, "offender_age", f"write whole years from {YOUNGEST} to {OLDEST}, or nothing")
        return int(text)

    def _one_of(self, column: str, text: str, offered: tuple[str, ...]) -> str:
        self._hold(text == "" or text in offered, column, f"write one of {', '.join(offered)}, or nothing")
        return text

    def _ethnicity(self, text: str) -> str | None:
        self._hold(text == "" or text in self._known.ethnicities, "offender_ethnicity", _ETHNICITY)
        return text or None


_REFERENCE = f"write the case's reference, at most {LONGEST_REFERENCE} characters"
_CODE = "write a code of the offence catalogue, such as 46/00"
_ETHNICITY = "write a self-defined code such as W1 or NS, or nothing"


_MORE = " More is wrong with it."


def _joined(reasons: list[str]) -> str:
    """Return the sentences as one text, no longer than a rejected line may have."""
    text = ""
    for place, reason in enumerate(reasons):
        longer = f"{text} {reason}".strip()
        is_last = place == len(reasons) - 1
        if len(longer) + (0 if is_last else len(_MORE)) > LONGEST_REASON:
            return f"{text}{_MORE}"
        text = longer
    return text


def _word(value: bool | None) -> str:
    return "" if value is None else "true" if value else "false"


__all__ = ["BadFile", "Known", "Reader", "Rejected", "Row", "canonical_of", "impossible_dates", "row_digest"]
