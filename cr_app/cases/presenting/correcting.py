"""The pages of a correction in words: the names as they stand, and what follows from putting one right."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from cr_app.cases.models import Case
from cr_app.cases.queries import Record, corrections_of, documents_of
from cr_app.cases.queries.names import StandingName, name_now, standing_names
from cr_app.cases.questions import AFTERWARDS
from cr_app.pages.fields import Option


def names_to_correct(case: Case) -> tuple[StandingName, ...]:
    """Return the names of a case as they stand."""
    return standing_names(Record(case), corrections_of(case))


def name_options(names: Sequence[StandingName]) -> tuple[Option, ...]:
    """Return the names to choose from: each as it stands, whose it is, and what it said before."""
    victims = list(dict.fromkeys(name.victim.pk for name in names if name.victim))
    return tuple(Option(name.key, name.now or "Not given", _whose(name, victims)) for name in names)


def correction_page(case: Case, names: Sequence[StandingName]) -> dict[str, Any]:
    """Return what the page of a correction shows besides its form."""
    return {
        "case": case,
        "title": "Correct a name",
        "offender_name": name_now(case.offender, corrections_of(case)),
        "has_corrections": any(name.is_corrected for name in names),
        "back_url": reverse("case", args=[case.reference]),
    }


def confirming_page(case: Case, name: StandingName, *, new: str, reason: str) -> dict[str, Any]:
    """Return what is shown before a correction is made: what the name says and will say, and what follows."""
    victims = [victim.pk for victim in Record(case).victims]
    rows = [
        {"key": "Whose name", "value": _whose(name, victims, with_earlier=False)},
        {"key": "What it says now", "value": name.now or "Not given"},
        {"key": "What it will say", "value": new},
        {"key": "Why", "value": reason},
    ]
    if name.is_corrected:
        rows.insert(2, {"key": "What it said when it was issued", "value": name.issued or "Not given"})
    return {
        "case": case,
        "title": "Check the correction",
        "rows": rows,
        "follows": _follows(case),
        "back_url": reverse("case_correct", args=[case.reference]),
    }


def _follows(case: Case) -> tuple[str, ...]:
    found = dict.fromkeys(document.kind for document in documents_of(case))
    kinds = [AFTERWARDS["document.kind"].text_of(kind) for kind in found]
    made = [
        f"A new version is made of each document: {', '.join(kind[0].lower() + kind[1:] for kind in kinds)}. The versions "
        "before are kept, and can be opened."
    ]
    return (
        "What the name said stays on the record, with the correction beside it, your reason, your name and the time.",
        *(made if kinds else ()),
        "The signatures stay as they were given. Nothing else of the decision changes.",
        "Whoever was given a document with the wrong name is to be told, and is given the new version.",
    )


def _whose(name: StandingName, victims: Sequence[int], *, with_earlier: bool = True) -> str:
    """Return whose it is and which part: "Victim 2, last names. When it was issued: Boatang"."""
    person = "Offender"
    if name.victim is not None:
        person = "Victim" if len(victims) == 1 else f"Victim {victims.index(name.victim.pk) + 1}"
    column = AFTERWARDS["correction.column"].text_of(name.column)
    words = f"{person}, {column[0].lower()}{column[1:]}"
    return f"{words}. When it was issued: {name.issued}" if with_earlier and name.is_corrected else words
