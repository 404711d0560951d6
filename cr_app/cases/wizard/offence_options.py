"""The offence types that a search offers, with what the force's rulebook says of each alone."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from cr_app.policy.assessment import assess
from cr_app.policy.catalogue import OffenceKind
from cr_app.policy.facts import Facts, OffenceFact
from cr_app.policy.rules import Rulebook
from cr_app.reference.queries import common_offence_types, search_offence_types

MOST_FOUND = 12
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class OffenceOption:
    """One offence type to choose; `exclusions` are the rules that exclude it unless authorised."""

    code: str
    title: str
    statute: str
    mode: str
    exclusions: tuple[str, ...]


def options_for(sought: str, rulebook: Rulebook, *, force_code: str, on: date) -> list[OffenceOption]:
    """Return what a search finds, best first; the types often used where nothing is sought."""
    cleaned = "".join(character for character in sought[:LONGEST_SEARCH] if character.isprintable()).strip()
    kinds = (
        search_offence_types(cleaned, on=on, force_code=force_code, limit=MOST_FOUND)
        if cleaned
        else common_offence_types(on=on)
    )
    return [
        OffenceOption(
            code=kind.code,
            title=kind.title,
            statute=kind.statute,
            mode=kind.mode_of_trial,
            exclusions=exclusions_of(kind, rulebook, on=on),
        )
        for kind in kinds
    ]


class Kind(Protocol):
    """What is needed of an offence type to judge it alone."""

    code: str
    mode_of_trial: str
    exclusion_category: str


def exclusions_of(kind: Kind, rulebook: Rulebook, *, on: date) -> tuple[str, ...]:
    """Return the titles of the exclusions that an offence type brings by itself under a rulebook."""
    alone = OffenceKind(kind.code, "", "", "", "", kind.mode_of_trial, "", kind.exclusion_category, "")
    facts = Facts(decided_on=on, force=rulebook.force, offences=(OffenceFact(kind.code),))
    return tuple(
        rulebook.rule(finding.rule).title
        for finding in assess(facts, rulebook, {kind.code: alone}).findings
        if finding.effect == "exclusion" and finding.state == "applies"
    )


def note_on(kind: Kind, rulebook: Rulebook, *, on: date) -> str:
    """Return in words what a listed offence type excludes by itself; "" where nothing."""
    found = exclusions_of(kind, rulebook, on=on)
    return f"{', '.join(found)}: excluded unless authorised" if found else ""
