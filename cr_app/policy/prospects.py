"""What may become of authority: the standings it may come to, and those that one more answer on it may change.

A standing is two levels: that of an exclusion that holds, and that of the rules that ask authority for every case.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from cr_app.policy.conditions import Effect, Special
from cr_app.policy.facts import AuthorityFacts, ExceptionFacts, Facts
from cr_app.policy.findings import EXCLUDED, NOT_AVAILABLE, QUIET, REQUIRED, SUPERVISED, WAITING
from cr_app.policy.ranks import RANKS
from cr_app.policy.rules import AuthorityNeeded, Rulebook
from cr_app.policy.standing import GRANTED, REFUSED, exception_standing, standing_of
from cr_app.policy.weights import Standings, StandingShifts

_YES_NO = (True, False)


@dataclass(frozen=True, slots=True)
class Prospects:
    """The standings authority may come to, and for each of its null facts the shifts that answering may bring."""

    standings: Standings
    shifts: tuple[tuple[str, StandingShifts], ...]


def prospects_of(facts: Facts, rulebook: Rulebook) -> Prospects:
    """Return what may become of authority in a case."""
    return _prospects(facts.authority, facts.exception, rulebook)


def _standing(authority: AuthorityFacts, exception: ExceptionFacts, rulebook: Rulebook) -> tuple[int, int]:
    """Return the level of an exclusion that holds, and of the rules for every case."""
    refused = authority.decision == REFUSED
    specials, needed = _wants(rulebook)
    supervised = QUIET if all(standing_of(authority, one).accepted for one in needed) else SUPERVISED
    if refused and Special.AUTHORITY_REFUSED in specials:
        return NOT_AVAILABLE, NOT_AVAILABLE if needed else QUIET
    if not exception_standing(authority, exception, rulebook.authority).accepted:
        return EXCLUDED, supervised
    if Special.CRIME_REPORT not in specials or exception.recorded_on_crime_report:
        return QUIET, supervised
    return (WAITING if exception.recorded_on_crime_report is None else REQUIRED), supervised


@lru_cache(maxsize=64)
def _wants(rulebook: Rulebook) -> tuple[frozenset[Special], tuple[AuthorityNeeded, ...]]:
    """Return which questions about authority a rulebook asks, and from whom it wants authority for every case."""
    rules = rulebook.rules
    specials = frozenset(rule.shape.special for rule in rules)
    return specials, tuple(rule.authority for rule in rules if rule.effect is Effect.AUTHORITY and rule.authority)


@lru_cache(maxsize=4096)
def _prospects(authority: AuthorityFacts, exception: ExceptionFacts, rulebook: Rulebook) -> Prospects:
    """Return the prospects. An answer that lifts nothing is the same here as none, so it need not be tried."""
    now: dict[str, str | bool | None] = {
        "exception.grounds_documented": exception.grounds_documented,
        "exception.investigation_team_advice": exception.investigation_team_advice,
        "exception.recorded_on_crime_report": exception.recorded_on_crime_report,
        "authority.decision": authority.decision,
        "authority.rank": authority.rank,
        "authority.substantive": authority.substantive,
        "authority.is_recording_officer": authority.is_recording_officer,
    }
    answers: dict[str, tuple[str | bool, ...]] = {
        "exception.grounds_documented": (True,),
        "exception.investigation_team_advice": (True,),
        "exception.recorded_on_crime_report": _YES_NO,
        "authority.decision": (GRANTED, REFUSED),
        "authority.rank": _ranks(rulebook),
        "authority.substantive": (True,),
        "authority.is_recording_officer": (False,),
    }
    paths = tuple(now)
    options = [(now[path], *(answers[path] if now[path] is None else ())) for path in paths]
    reached: dict[tuple[str | bool | None, ...], tuple[int, int]] = {}
    for chosen in product(*options):
        reached[chosen] = _standing(*_answered(dict(zip(paths, chosen, strict=True))), rulebook)
    shifts: list[tuple[str, StandingShifts]] = []
    for place, path in enumerate(paths):
        if now[path] is None:
            pairs = {
                (reached[(*chosen[:place], None, *chosen[place + 1 :])], after)
                for chosen, after in reached.items()
                if chosen[place] is not None
            }
            shifts.append((path, frozenset(pair for pair in pairs if pair[0] != pair[1])))
    return Prospects(frozenset(reached.values()), tuple(shifts))


def _ranks(rulebook: Rulebook) -> tuple[str, ...]:
    """Return one rank at each floor that the rulebook sets; lower ranks lift nothing."""
    floors = {rulebook.authority.rank.order, *(rule.authority.rank.order for rule in rulebook.rules if rule.authority)}
    return tuple(next(rank.name for rank in RANKS if rank.order == floor) for floor in sorted(floors))


def _answered(values: dict[str, str | bool | None]) -> tuple[AuthorityFacts, ExceptionFacts]:
    def text(path: str) -> str | None:
        value = values[path]
        return value if isinstance(value, str) else None

    def flag(path: str) -> bool | None:
        value = values[path]
        return value if isinstance(value, bool) else None

    return (
        AuthorityFacts(
            text("authority.decision"),
            text("authority.rank"),
            flag("authority.substantive"),
            flag("authority.is_recording_officer"),
        ),
        ExceptionFacts(
            flag("exception.grounds_documented"),
            flag("exception.investigation_team_advice"),
            flag("exception.recorded_on_crime_report"),
        ),
    )
