"""Whom a case names beside its parties: an adviser or a professional, who is a person, an office, or both in one line. Pure."""

import re

from cr_app.cases.documents.veiling_text import folded
from cr_app.cases.documents.veiling_words import NOT_A_NAME, OF_OFFICES, TITLES

# By one of these words a line names an office, and nobody in it.
_LISTED = """
agency association authority branch camhs centre charity cid clinic cmht college council court cps department
desk foundation group hospital hub justice liaison limited line ltd nhs office partnership plc police probation
project school service services social squad station surgery team teams trust unit youth
"""
_OFFICES = frozenset(_LISTED.split())
_BETWEEN = re.compile(r"\s*[\n,;/()]\s*|\s+(?:of|from|at|for|and)\s+")
_TITLE = re.compile(rf"\b(?:{'|'.join(sorted(TITLES))})\b\.?\s+", re.IGNORECASE)


def persons_and_offices(typed: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of persons and those of offices in what was typed as one: DS Brown, of the Robbery Squad."""
    persons, offices = [], []
    for part in _BETWEEN.split(typed or ""):
        if not _OFFICES.intersection(folded(part).split()):
            persons.append(_named(part))
            continue
        offices.append(part)
        *before, after = _TITLE.split(part)
        if before:
            # A title before an office's name is somebody's who is in it: PC Brown CID.
            persons.append(_named(" ".join(word for word in after.split() if folded(word) not in _OFFICES)))
    return _filled(persons), _filled([*offices, typed or ""] if offices else offices)


def _named(part: str) -> str:
    """Return what is a name in what was typed of a person: not what they are, as in "mental health nurse Sarah Khan"."""
    words = [word for word in part.split() if folded(word).strip(".") not in NOT_A_NAME | OF_OFFICES]
    capital = [word for word in words if not word[0].islower()]
    return " ".join(capital or words)


def _filled(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for value in values if value.strip()))
