"""Patterns for what reaches somebody: lines of addresses, streets in them, postcodes, e-mails, telephones. Pure.

All of them are matched against a text in small letters without accents, as `folded` of `veiling_text` returns it.
"""

import re
import unicodedata
from collections.abc import Iterator

from cr_app.cases.documents.veiling_text import folded, phrase

EMAIL = r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+"
PHONE = r"(?<![\w/])(?:\+44[\s().-]*(?:\(?0\)?)?|0)(?:[\s().-]*\d){9,10}(?![\w/])"
POSTCODE = r"(?<!\w)[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}(?!\w)"

_LEAST_LINE = 4
# Kinds of streets and of houses with a name, each with the ways in which it is shortened.
_STREETS = (
    *("road rd", "street st str", "lane ln", "avenue ave av", "close cl", "drive dr", "court ct", "square sq"),
    *("gardens garden gdns gdn", "terrace terr ter tce", "place pl", "crescent cres", "grove gr", "house hse"),
    *("buildings building bldgs bldg", "mansions mans", "parade pde", "estate est", "towers tower", "row", "way"),
    *("walk", "mews", "hill", "rise", "view", "green", "yard", "passage", "broadway", "embankment", "lodge", "heights"),
    *("wharf", "quay"),
)
_SHORT = {written: street.replace(" ", "|") for street in _STREETS for written in street.split()}
_KIND = "|".join(sorted(_SHORT, key=len, reverse=True))
# A number, up to three words and the kind of street; without a number one word, which begins with a capital.
_NUMBERED = re.compile(rf"(?<!\w)(\d+\s?[a-z]?)\s*,?\s+((?:[^\W\d_][\w'-]*\s+){{1,3}}?)({_KIND})(?!\w)")
_NAMED = re.compile(rf"(?<!\w)([^\W\d_][\w'-]*)\s+({_KIND})(?!\w)")
# What is left of a street without its number, and gives nobody away: one word, or "the street".
_NO_STREET = re.compile(rf"\S*|the\s+(?:{_KIND})")


def reached_at(typed: str) -> list[str]:
    """Return patterns for all by which somebody is reached in what was typed as an address, however it is punctuated."""
    typed = unicodedata.normalize("NFC", typed)
    plain = folded(typed)
    found = [phrase(line) for line in _lines_of(typed)]
    found += [rf"(?<![\w.+'-]){re.escape(email)}(?![\w-])" for email in re.findall(EMAIL, plain)]
    found += [spaced(postcode) for postcode in re.findall(POSTCODE, plain)]
    return [*found, *_streets_in(typed, plain), *phones_in(typed)]


def spaced(code: str) -> str:
    """Return a pattern for a code, as a postcode, whatever spaces are in it."""
    plain = re.sub(r"\s", "", folded(code))
    between = r"\s*".join(re.escape(each) for each in plain)
    return rf"(?<!\w){between}(?!\w)"


def phones_in(typed: str) -> list[str]:
    """Return patterns for each telephone number in a text, with the country's code or without, however it is spaced."""
    found = []
    for number in re.findall(r"\+?\d[\d\s().-]{7,}\d", typed):
        digits = re.sub(r"\D", "", number)
        significant = re.sub(r"^(?:0044|44|0)0?", "", digits)
        between = r"[\s().-]*".join(significant)
        found.append(rf"(?:\(?(?:(?:\+|00)?44[\s().-]*0?|0)[\s().-]*)?{between}(?!\d)")
    return found


def _lines_of(typed: str) -> list[str]:
    """Return the lines of an address that give it away, a street also without its number."""
    found = []
    for line in re.split(r"[\n,;]", typed):
        kept = line.strip()
        street = re.sub(r"^\d+\s*\w?\s+", "", kept)
        for each in (kept, "" if _NO_STREET.fullmatch(folded(street)) else street):
            if len(each) >= _LEAST_LINE and re.search(r"[^\W\d]", each):
                found.append(each)
    return found


def _streets_in(typed: str, plain: str) -> Iterator[str]:
    """Yield patterns for the streets in an address, with their numbers and alone, in full and as they are shortened."""
    for number, name, kind in _NUMBERED.findall(plain):
        yield _street(name, kind, number)
        if name.strip() != "the":
            yield _street(name, kind)
    for named in _NAMED.finditer(plain):
        if typed[named.start()].isupper() and named.group(1) != "the":
            yield _street(named.group(1), named.group(2))


def _street(name: str, kind: str, number: str = "") -> str:
    before = r"\s*".join(number.replace(" ", "")) + r"\s*,?\s+" if number else ""
    words = r"\s+".join(re.escape(word).replace("'", "'?") for word in name.split())
    return rf"(?<!\w){before}{words}\s+(?:{_SHORT[kind]})(?!\w)"
