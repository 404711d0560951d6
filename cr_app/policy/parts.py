"""Cuts a rulebook into parts that share no fact but authority and the list of offences, and tabulates each.

A table holds, for what is known and asked of a part, every weight it may come to after some further answers, and for
each fact still null the shifts of weight that answering it may bring. Tables are kept: parts are small, few states of
them occur, and so assessing a case costs a handful of look-ups.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product

from cr_app.policy.conditions import UNSUITABLE, Effect, Special
from cr_app.policy.disposals import DISPOSALS
from cr_app.policy.facts import Facts, VictimFacts
from cr_app.policy.findings import NOT_AVAILABLE, QUIET, REFERRED, REQUIRED, WAITING, exemptions_of
from cr_app.policy.logic import VICTIM, Answer, Asks, Formula, Kleene, Leaf, Not, OffenceLeaf, OneOf, both, reader
from cr_app.policy.rules import Rulebook
from cr_app.policy.weights import NOTHING, ONLY_NOTHING, Shifts, Weight, Weights, heavier, shift, weight, weights

Truths = tuple[Kleene, ...]
AGE_THEN, AGE_NOW = "offender.age_at_offence", "offender.age_at_decision"
_SUITABLE = Asks("professional_standards", OneOf(("suitable",), (UNSUITABLE,)))
_UNSUITABLE = Asks("professional_standards", OneOf((UNSUITABLE,), ("suitable",)))


@dataclass(frozen=True, eq=False)
class AtomState:
    """What is known of a fact: the truth of its leaves now, and what it may become once answered (none: it is)."""

    now: Truths
    answers: tuple[Truths, ...] = ()


@dataclass(frozen=True, eq=False)
class Atom:
    """A fact of a part with the leaves that look at it."""

    path: str
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True)
class _Rule:
    """One rule, ready to be weighed from the truth of its leaves."""

    effect: Effect
    applies: Formula
    satisfied: Formula | None

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        asked = self.applies.leaves() + (self.satisfied.leaves() if self.satisfied else ())
        return (*asked, _SUITABLE, _UNSUITABLE) if self.effect is Effect.REFERRAL else asked

    def weigh(self, truth: Mapping[Leaf, Kleene]) -> Weight:
        value = self.applies.value(truth)
        if self.satisfied is not None:
            satisfied = self.satisfied.value(truth)
            if value is False or satisfied is True:
                return NOTHING
            unmet = value is True and satisfied is False
            return weight(REQUIRED if unmet else WAITING, excluded=False)
        if value is None:
            return weight(WAITING, excluded=False)
        if value is False:
            return NOTHING
        if self.effect is Effect.EXCLUSION:
            return weight(QUIET, excluded=True)
        if self.effect is Effect.REFERRAL and not truth[_UNSUITABLE]:
            return NOTHING if truth[_SUITABLE] else weight(REFERRED, excluded=False)
        return weight(NOT_AVAILABLE, excluded=False)


@dataclass(frozen=True, eq=False)
class _Scale:
    """A rule of a part, which of the part's leaves it has, and what it weighed for each of their truths."""

    rule: _Rule
    places: tuple[int, ...]
    seen: dict[Truths, Weight]

    def weigh(self, truths: Sequence[Kleene]) -> Weight:
        own = tuple([truths[place] for place in self.places])
        found = self.seen.get(own)
        if found is None:
            found = self.seen[own] = self.rule.weigh(dict(zip(self.rule.leaves, own, strict=True)))
        return found


@dataclass(frozen=True, eq=False)
class Part:
    """Rules that hang together by the facts they share, those facts, and what they ask of the offences."""

    scales: tuple[_Scale, ...]
    atoms: tuple[Atom, ...]
    offences: tuple[OffenceLeaf, ...]
    read: Callable[[Facts | VictimFacts], tuple[Answer, ...]]

    @cached_property
    def disposals(self) -> Atom | None:
        """The list of earlier disposals, when a rule of the part looks at it."""
        return next((atom for atom in self.atoms if atom.path == DISPOSALS), None)

    @cached_property
    def has_ages(self) -> bool:
        """Whether a rule of the part looks at an age."""
        return any(atom.path in (AGE_THEN, AGE_NOW) for atom in self.atoms)


@dataclass(frozen=True, slots=True)
class Possible:
    """The weights a part may come to, and for each of its facts the shifts that answering it may bring."""

    weights: Weights
    shifts: tuple[Shifts, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What may become of a part: as the offences stand, and once they are listed when they are not yet.

    `listing` are the shifts that listing the offences may bring, with all else as it is.
    """

    unlisted: Possible
    listed: Possible
    listing: Shifts

    @property
    def is_quiet(self) -> bool:
        """Whether the part weighs nothing, whatever is answered."""
        return self.unlisted.weights == ONLY_NOTHING and self.listed.weights == ONLY_NOTHING


@dataclass(frozen=True, eq=False)
class Plan:
    """A rulebook cut into the parts of a case, and into those of each victim."""

    case: tuple[Part, ...]
    victim: tuple[Part, ...]


@lru_cache(maxsize=64)
def plan_of(rulebook: Rulebook) -> Plan:
    """Return the parts of a rulebook; advice, authority and exemptions by themselves weigh nothing."""
    exempt = exemptions_of(rulebook)
    case: list[_Rule] = []
    victim: list[_Rule] = []
    for rule in rulebook.rules:
        shape = rule.shape
        if rule.effect in (Effect.ADVICE, Effect.AUTHORITY, Effect.EXEMPTION) or shape.special is not Special.NONE:
            continue
        applies = both(shape.applies, Not(exempt[rule.id])) if rule.id in exempt else shape.applies
        (victim if shape.each_victim else case).append(_Rule(rule.effect, applies, shape.satisfied))
    return Plan(tuple(_parts(case)), tuple(_parts(victim)))


def _parts(rules: list[_Rule]) -> Iterator[Part]:
    """Yield the rules in groups that share a fact, or a question about the offences."""
    groups: list[tuple[set[str | Leaf], list[_Rule]]] = []
    for rule in rules:
        keys: set[str | Leaf] = {leaf if isinstance(leaf, OffenceLeaf) else leaf.path for leaf in rule.leaves}
        joined = [rule]
        for group in [group for group in groups if group[0] & keys]:
            groups.remove(group)
            keys |= group[0]
            joined = group[1] + joined
        groups.append((keys, joined))
    for _, joined in groups:
        yield _part(tuple(joined))


@lru_cache(maxsize=256)
def _part(rules: tuple[_Rule, ...]) -> Part:
    """Return the part of some rules, the same one for every rulebook that has these rules."""
    leaves = tuple(dict.fromkeys(leaf for rule in rules for leaf in rule.leaves))
    offences = tuple(leaf for leaf in leaves if isinstance(leaf, OffenceLeaf))
    plain = [leaf for leaf in leaves if not isinstance(leaf, OffenceLeaf)]
    paths = dict.fromkeys(leaf.path for leaf in plain)
    atoms = tuple(Atom(path, tuple(leaf for leaf in plain if leaf.path == path)) for path in paths)
    order = (*offences, *(leaf for atom in atoms for leaf in atom.leaves))
    scales = tuple(_Scale(rule, tuple(map(order.index, rule.leaves)), {}) for rule in rules)
    return Part(scales, atoms, offences, reader(*(path.removeprefix(VICTIM) for path in paths if path != DISPOSALS)))


@lru_cache(maxsize=65536)
def table_of(part: Part, states: tuple[AtomState, ...], offences: Truths) -> Table:
    """Return the table of a part; the truths of what it asks of offences are None while none is listed.

    Any combination of sorts of offence is taken for possible: a case may list several, and each sort has an offence.
    """
    if not part.offences or offences[0] is not None:
        known = [_weigh_all(part, states, offences)]
        possible = _possible(states, known)
        return Table(possible, possible, _listing(known[0], known))
    before = _weigh_all(part, states, offences)
    after = [_weigh_all(part, states, truths) for truths in product((True, False), repeat=len(part.offences))]
    return Table(_possible(states, [before]), _possible(states, after), _listing(before, after))


_Weighed = dict[tuple[int, ...], Weight]


def _weigh_all(part: Part, states: tuple[AtomState, ...], offences: Truths) -> _Weighed:
    """Return the weight after each set of answers: for each fact 0 as it is now, or the number of an answer."""
    weighed: _Weighed = {}
    options = [(state.now, *state.answers) for state in states]
    for chosen in product(*(range(len(some)) for some in options)):
        truths = list(offences)
        for some, choice in zip(options, chosen, strict=True):
            truths += some[choice]
        total = NOTHING
        for scale in part.scales:
            total = heavier(total, scale.weigh(truths))
        weighed[chosen] = total
    return weighed


def _possible(states: tuple[AtomState, ...], several: list[_Weighed]) -> Possible:
    shifts = [0] * len(states)
    for weighed in several:
        for chosen, after in weighed.items():
            for place, choice in enumerate(chosen):
                if choice:
                    before = weighed[(*chosen[:place], 0, *chosen[place + 1 :])]
                    if before != after:
                        shifts[place] |= shift(before, after)
    return Possible(weights(one for weighed in several for one in weighed.values()), tuple(shifts))


def _listing(before: _Weighed, after: list[_Weighed]) -> Shifts:
    bits = 0
    for weighed in after:
        for chosen, one in weighed.items():
            bits |= shift(before[chosen], one)
    return bits
