"""What each rule of a rulebook says of the facts: its state, the sentence for it, and because of which facts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from cr_app.policy.conditions import UNSUITABLE, Effect, Special
from cr_app.policy.facts import Facts
from cr_app.policy.logic import Answer, Asks, Formula, Judged, Known, OneHolds, reader
from cr_app.policy.paths import in_schema_order
from cr_app.policy.rules import Rule, Rulebook
from cr_app.policy.standing import REFUSED, exception_standing, rejection, standing_of

APPLIES, CLEAR, LIFTED = "applies", "clear", "lifted"
MET, UNMET, NOT_ASKED = "met", "unmet", "not_asked"

# How much a finding weighs: the lowest of a case decides its verdict. An exclusion outweighs what is unmet or unknown,
# an authority rule, which asks a supervisor for every case, does not.
NOT_AVAILABLE, REFERRED, EXCLUDED, REQUIRED, WAITING, SUPERVISED, QUIET = 1, 2, 3, 4, 5, 6, 7

_LEVELS = {
    (Effect.BAR, APPLIES): NOT_AVAILABLE,
    (Effect.REFERRAL, APPLIES): REFERRED,
    (Effect.EXCLUSION, APPLIES): EXCLUDED,
    (Effect.REQUIREMENT, UNMET): REQUIRED,
    (Effect.BAR, NOT_ASKED): WAITING,
    (Effect.REFERRAL, NOT_ASKED): WAITING,
    (Effect.EXCLUSION, NOT_ASKED): WAITING,
    (Effect.REQUIREMENT, NOT_ASKED): WAITING,
    (Effect.AUTHORITY, APPLIES): SUPERVISED,
}


FindingJson = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule said: its state, the sentence the officer reads, the facts that decide it or are awaited."""

    rule: str
    effect: str
    state: str
    says: str
    because: tuple[str, ...]
    source: str

    def to_json(self) -> FindingJson:
        """Return the finding as plain JSON values, keys in the order of the contract."""
        return {
            "rule": self.rule,
            "effect": self.effect,
            "state": self.state,
            "says": self.says,
            "because": list(self.because),
            "source": self.source,
        }


Answers = tuple[Answer, ...]
Weighed = tuple[Finding, int]
_MOST_KEPT = 10_000


class _Said(NamedTuple):
    """The state of a rule before words are put to it."""

    state: str
    because: tuple[str, ...]
    level: int = QUIET
    wording: str = ""
    more: str = ""


@dataclass(frozen=True, eq=False)
class _Asked:
    """A rule that rests on a few answers of the case alone, with what it said of those it has seen."""

    rule: Rule
    read: Callable[[Facts], Answers]
    seen: dict[Answers, Weighed]

    def weighed(self, known: Known) -> Weighed:
        answers = self.read(known.facts)
        found = self.seen.get(answers)
        if found is None:
            if len(self.seen) >= _MOST_KEPT:
                self.seen.clear()
            found = self.seen[answers] = _finished(self.rule, _plain(self.rule, known, None))
        return found


def find(known: Known, rulebook: Rulebook) -> tuple[tuple[Finding, ...], int]:
    """Return one finding a rule, in the order of the rulebook, and the level of the heaviest."""
    victims = _victims(known)
    lifted = False
    exclusions: dict[str, _Said] = {}
    excluded: list[Judged] = []
    exempt = exemptions_of(rulebook)
    ready = _ready(rulebook)
    for one in ready:
        if isinstance(one, Rule) and one.effect is Effect.EXCLUSION:
            said, judged = _exclusion(one, rulebook, known, exempt.get(one.id))
            exclusions[one.id] = said
            excluded.append(judged)
            lifted = lifted or (said.state == LIFTED and judged[0] is True)
    findings: list[Finding] = []
    heaviest = QUIET
    for one in ready:
        if isinstance(one, _Asked):
            finding, level = one.weighed(known)
        else:
            if one.effect is Effect.EXCLUSION:
                said = exclusions[one.id]
            elif one.shape.special is Special.AUTHORITY_REFUSED:
                said = _refused(rulebook, known.facts, excluded)
            elif one.shape.special is Special.CRIME_REPORT and not lifted:
                said = _Said(CLEAR, ())
            else:
                said = _plain(one, known, victims)
            finding, level = _finished(one, said)
        findings.append(finding)
        if level < heaviest:
            heaviest = level
    return tuple(findings), heaviest


@lru_cache(maxsize=64)
def _ready(rulebook: Rulebook) -> tuple[_Asked | Rule, ...]:
    """Return the rules in order, those that rest on a few answers of the case ready to be looked up by them."""
    return tuple(_asked(rule) or rule for rule in rulebook.rules)


def _asked(rule: Rule) -> _Asked | None:
    shape = rule.shape
    if shape.special is not Special.NONE or shape.each_victim or rule.effect in (Effect.EXCLUSION, Effect.AUTHORITY):
        return None
    leaves = shape.applies.leaves() + (shape.satisfied.leaves() if shape.satisfied else ())
    if not all(isinstance(leaf, Asks) for leaf in leaves):
        return None
    paths = dict.fromkeys(leaf.path for leaf in leaves)
    decided = ("professional_standards",) if rule.effect is Effect.REFERRAL else ()
    return _Asked(rule, reader(*paths, *decided), {})


@lru_cache(maxsize=65536)
def _finished(rule: Rule, said: _Said) -> Weighed:
    """Return the finding of a rule with its words, and its level."""
    level = said.level if said.level != QUIET else _LEVELS.get((rule.effect, said.state), QUIET)
    says = rule.says[said.wording or said.state] + said.more
    return Finding(rule.id, rule.effect.value, said.state, says, in_schema_order(said.because), rule.source), level


@lru_cache(maxsize=64)
def exemptions_of(rulebook: Rulebook) -> dict[str, Formula]:
    """Return, for each exclusion that an exemption of the rulebook lifts, when that is so."""
    found: dict[str, tuple[Formula, ...]] = {}
    for rule in rulebook.rules:
        lifts = rule.parameters.get("lifts")
        if rule.effect is Effect.EXEMPTION and isinstance(lifts, tuple):
            for exclusion in lifts:
                found[exclusion] = (*found.get(exclusion, ()), rule.shape.applies)
    return {exclusion: OneHolds(formulas) for exclusion, formulas in found.items()}


def _victims(known: Known) -> Sequence[Known] | None:
    victims = known.facts.victims
    if victims is None:
        return None
    return [Known(known.facts, known.kinds, victim, f"victims[{i}].") for i, victim in enumerate(victims)]


def _exclusion(rule: Rule, rulebook: Rulebook, known: Known, exempt: Formula | None) -> tuple[_Said, Judged]:
    """Return what an exclusion says, and whether it holds (its exemption considered, authority not)."""
    value, facts = rule.shape.applies.judge(known)
    if exempt is not None:
        freed, why = exempt.judge(known)
        if freed is True:
            because = why if value is None else facts + why
            return _Said(LIFTED if value else CLEAR, because), (False, because)
        if value is True:
            value, facts = (True, facts + why) if freed is False else (None, why)
        elif value is None and freed is None:
            facts += why
    if value is None:
        return _Said(NOT_ASKED, facts), (None, facts)
    if value is False:
        return _Said(CLEAR, facts), (False, facts)
    standing = exception_standing(known.facts.authority, known.facts.exception, rulebook.authority)
    if standing.accepted:
        return _Said(LIFTED, facts + standing.rests_on), (True, facts)
    return _Said(APPLIES, facts + standing.failed, more=rejection(standing, rulebook.authority)), (True, facts)


def _refused(rulebook: Rulebook, facts: Facts, excluded: Sequence[Judged]) -> _Said:
    """Return whether authority was refused where it was needed: for an exclusion that holds, or for every case."""
    decision = ("authority.decision",)
    if facts.authority.decision != REFUSED:
        return _Said(CLEAR, decision if facts.authority.decision else ())
    holding = tuple(path for value, paths in excluded if value for path in paths)
    if any(value for value, _ in excluded) or any(rule.effect is Effect.AUTHORITY for rule in rulebook.rules):
        return _Said(APPLIES, holding + decision)
    awaited = tuple(path for value, paths in excluded if value is None for path in paths)
    if awaited:
        return _Said(NOT_ASKED, awaited)
    return _Said(CLEAR, tuple(path for _, paths in excluded for path in paths) or decision)


def _plain(rule: Rule, known: Known, victims: Sequence[Known] | None) -> _Said:
    if rule.effect is Effect.REQUIREMENT:
        return _requirement(rule, known, victims)
    if rule.effect is Effect.AUTHORITY and rule.authority is not None:
        standing = standing_of(known.facts.authority, rule.authority)
        if standing.accepted:
            return _Said(LIFTED, standing.rests_on)
        return _Said(APPLIES, standing.failed, more=rejection(standing, rule.authority))
    applies = rule.shape.applies
    value, facts = _any_victim(applies, victims) if rule.shape.each_victim else applies.judge(known)
    if value is None:
        return _Said(NOT_ASKED, facts)
    if value is False:
        return _Said(CLEAR, facts)
    return _referral(known, facts) if rule.effect is Effect.REFERRAL else _Said(APPLIES, facts)


def _referral(known: Known, facts: tuple[str, ...]) -> _Said:
    decided = known.facts.professional_standards
    if decided is None:
        return _Said(APPLIES, facts)
    facts = (*facts, "professional_standards")
    if decided == UNSUITABLE:
        return _Said(APPLIES, facts, level=NOT_AVAILABLE, wording=UNSUITABLE)
    return _Said(LIFTED, facts)


def _any_victim(formula: Formula, victims: Sequence[Known] | None) -> Judged:
    if not victims:
        return (None if victims is None else False), ("victims",)
    judged = [formula.judge(victim) for victim in victims]
    values = [value for value, _ in judged]
    outcome = True if True in values else None if None in values else False
    return outcome, tuple(path for value, paths in judged if value is outcome for path in paths)


def _requirement(rule: Rule, known: Known, victims: Sequence[Known] | None) -> _Said:
    if not rule.shape.each_victim:
        return _one_requirement(rule, known)
    if not victims:
        return _Said(NOT_ASKED if victims is None else CLEAR, ("victims",))
    said = [_one_requirement(rule, victim) for victim in victims]
    for state in (UNMET, NOT_ASKED):
        if any(one.state == state for one in said):
            return _Said(state, tuple(path for one in said if one.state == state for path in one.because))
    state = CLEAR if all(one.state == CLEAR for one in said) else MET
    return _Said(state, tuple(path for one in said for path in one.because))


def _one_requirement(rule: Rule, known: Known) -> _Said:
    applies, why = rule.shape.applies.judge(known)
    if applies is False or rule.shape.satisfied is None:
        return _Said(CLEAR, why)
    satisfied, how = rule.shape.satisfied.judge(known)
    if satisfied is True:
        return _Said(MET, why + how if applies else how)
    if applies is True and satisfied is False:
        return _Said(UNMET, why + how)
    return _Said(NOT_ASKED, (why if applies is None else ()) + (how if satisfied is None else ()))
