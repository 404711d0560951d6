"""The shipped rulebooks: all of them, one by name, the one of a force in force on a day."""

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from cr_app.policy.catalogue import shipped_catalogue
from cr_app.policy.facts import BadFacts
from cr_app.policy.rulebook_files import read_rulebooks
from cr_app.policy.rules import AuthorityNeeded, RemedyAction, Rule, Rulebook, Venue
from cr_app.policy.toml_tables import BadRulebook
from cr_app.policy.wording import did_you_mean, shown

__all__ = [
    "FOLDER",
    "AuthorityNeeded",
    "BadRulebook",
    "NoRulebook",
    "RemedyAction",
    "Rule",
    "Rulebook",
    "Venue",
    "all_rulebooks",
    "known_venues",
    "rulebook_in_force",
    "rulebook_named",
]

FOLDER = Path(__file__).parent / "rulebooks"


class NoRulebook(BadFacts):
    """No rulebook answers to a force on a day, or to a name."""


@cache
def all_rulebooks() -> Mapping[str, Rulebook]:
    """Return every shipped rulebook by name, such as met/2023-08-01."""
    return read_rulebooks(FOLDER, shipped_catalogue())


@cache
def known_venues() -> frozenset[str]:
    """Return the codes of the venues listed in any rulebook."""
    return frozenset(venue.code for rulebook in all_rulebooks().values() for venue in rulebook.venues)


def rulebook_named(name: str) -> Rulebook:
    """Return the rulebook of this name; NoRulebook when there is none."""
    rulebooks = all_rulebooks()
    if name not in rulebooks:
        raise NoRulebook(f"There is no rulebook {shown(name)}{did_you_mean(name, rulebooks)}.")
    return rulebooks[name]


@lru_cache(maxsize=256)
def _of_force(force: str) -> tuple[Rulebook, ...]:
    own = [rulebook for rulebook in all_rulebooks().values() if rulebook.force == force]
    return tuple(sorted(own, key=lambda rulebook: rulebook.in_force_from, reverse=True)) if force else ()


def rulebook_in_force(force: str, on: date) -> Rulebook:
    """Return the force's own rulebook in force on a day; NoRulebook, never the national one, when it has none."""
    own = _of_force(force)
    for rulebook in own:
        if rulebook.in_force_from <= on:
            return rulebook
    if not own:
        raise NoRulebook(f"The force {shown(force)} has no rulebook, so its cases cannot be judged.")
    first = own[-1].in_force_from
    raise NoRulebook(f"The decided_on date {on} is before the first rulebook of force {force}, in force from {first}.")
