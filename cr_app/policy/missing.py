"""Which facts, not asked yet, may still change the verdict.

A null fact is missing when, after some answers (or none) to other null facts, answering it changes the verdict. Trying
every answer is out of the question; `parts`, `prospects` and `weights` come to the same from what each part of a
rulebook may weigh. The tests hold this to the definition, word for word, on cases with few facts left open.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product

from cr_app.policy.disposals import DISPOSALS, DisposalLeaf
from cr_app.policy.facts import Facts, null_facts
from cr_app.policy.findings import WAITING
from cr_app.policy.logic import Answer, Asks, Known
from cr_app.policy.parts import (
    AGE_NOW,
    AGE_THEN,
    Atom,
    AtomState,
    Part,
    Plan,
    Possible,
    Table,
    Truths,
    plan_of,
    table_of,
)
from cr_app.policy.prospects import prospects_of
from cr_app.policy.rules import Rulebook
from cr_app.policy.weights import (
    NOTHING,
    ONLY_NOTHING,
    Weights,
    answer_matters,
    members,
    shift,
    shifts_together,
    standing_matters,
    still,
    together,
    weight,
    weights,
)

Bounds = tuple[int | None, int | None]
_UNBOUND: Bounds = (None, None)


@dataclass(frozen=True, slots=True)
class _Open:
    """A part as it stands in a case: its table, and the null facts that each of its facts stands for."""

    table: Table
    asked: tuple[tuple[str, ...], ...]
    victim: int = -1

    def named(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        """Return the paths with the index of the victim in them."""
        return paths if self.victim < 0 else tuple(path.replace("[]", f"[{self.victim}]") for path in paths)


def missing_from(known: Known, rulebook: Rulebook) -> tuple[str, ...]:
    """Return the missing facts of a case that is not already out of reach of a Community Resolution."""
    facts = known.facts
    opened = [one for one in _opened(known, plan_of(rulebook)) if not one.table.is_quiet]
    prospects = prospects_of(facts, rulebook)
    found: set[str] = set()
    for possibles in _as_listed(opened, unlisted=known.kinds is None):
        whole, rests = _rests([possible.weights for possible in possibles])
        for one, possible, rest in zip(opened, possibles, rests, strict=True):
            for paths, shifts in zip(one.asked, possible.shifts, strict=True):
                if paths and shifts and answer_matters(shifts, rest, prospects.standings):
                    found.update(one.named(paths))
        found.update(path for path, shifts in prospects.shifts if standing_matters(shifts, whole))
    if known.kinds is None:
        listing = shift(NOTHING, NOTHING)
        for one in opened:
            listing = shifts_together(listing, one.table.listing)
        if answer_matters(listing, ONLY_NOTHING, prospects.standings):
            found.add("offences")
    return tuple(path for path in null_facts(facts) if path in found) if found else ()


def _as_listed(opened: list[_Open], *, unlisted: bool) -> Iterator[list[Possible]]:
    """Yield what the parts may come to as the offences stand and, when none is listed yet, once some are."""
    yield [one.table.unlisted for one in opened]
    if unlisted:
        yield [one.table.listed for one in opened]


def _rests(several: list[Weights]) -> tuple[Weights, list[Weights]]:
    """Return what all the parts may weigh together and, for each, what the others may."""
    before = [ONLY_NOTHING]
    for one in several:
        before.append(together(before[-1], one))
    rests: list[Weights] = []
    after = ONLY_NOTHING
    for place in range(len(several) - 1, -1, -1):
        rests.append(together(before[place], after))
        after = together(several[place], after)
    return before[-1], rests[::-1]


def _opened(known: Known, plan: Plan) -> Iterator[_Open]:
    """Yield the parts of the rulebook as they stand in the case, those of each victim too."""
    facts = known.facts
    for part in plan.case:
        bounds = (facts.offender.age_at_offence, facts.offender.age_at_decision) if part.has_ages else _UNBOUND
        disposals, codes = _disposals_state(part.disposals, facts) if part.disposals else (None, ())
        truths = _offence_truths(part, known) if part.offences else ()
        one = _case_part(part, part.read(facts), bounds, disposals, truths)
        if codes:
            asked = (
                codes if atom is part.disposals else paths for atom, paths in zip(part.atoms, one.asked, strict=True)
            )
            one = _Open(one.table, tuple(asked))
        yield one
    if facts.victims is None:
        if plan.victim:
            yield _Open(_victims_not_asked(plan), (("victims",),))
        return
    for index, victim in enumerate(facts.victims):
        for part in plan.victim:
            yield _victim_part(part, part.read(victim), index)


@lru_cache(maxsize=65536)
def _case_part(
    part: Part, answers: tuple[Answer, ...], bounds: Bounds, disposals: AtomState | None, truths: Truths
) -> _Open:
    """Return a part as it stands with these answers; the ages bound each other, and disposals come as a state."""
    given = iter(answers)
    states: list[AtomState] = []
    asked: list[tuple[str, ...]] = []
    for atom in part.atoms:
        if disposals is not None and atom is part.disposals:
            states.append(disposals)
            asked.append(())
            continue
        answer = next(given)
        least = bounds[0] if atom.path == AGE_NOW else None
        most = bounds[1] if atom.path == AGE_THEN else None
        states.append(_plain_state(atom, answer, least, most))
        asked.append((atom.path,) if answer is None else ())
    return _Open(table_of(part, tuple(states), truths), tuple(asked))


@lru_cache(maxsize=65536)
def _victim_part(part: Part, answers: tuple[Answer, ...], index: int) -> _Open:
    """Return a part of a victim as it stands with these answers."""
    states = tuple(_plain_state(atom, answer) for atom, answer in zip(part.atoms, answers, strict=True))
    asked = tuple((atom.path,) if answer is None else () for atom, answer in zip(part.atoms, answers, strict=True))
    return _Open(table_of(part, states, ()), asked, index)


def _offence_truths(part: Part, known: Known) -> Truths:
    return tuple(None if known.kinds is None else any(map(leaf.holds, known.kinds)) for leaf in part.offences)


@lru_cache(maxsize=4096)
def _plain_state(atom: Atom, answer: Answer, least: int | None = None, most: int | None = None) -> AtomState:
    """Return the state of a fact from its answer; a number not given yet may only be within the bounds."""
    tests = [leaf.test for leaf in atom.leaves if isinstance(leaf, Asks)]
    if answer is not None:
        return AtomState(tuple(test.holds(answer) for test in tests))
    answers: dict[Truths, None] = {}
    for test in tests:
        for sample in test.samples:
            if isinstance(sample, int) and least is not None:
                sample = max(sample, least)
            if isinstance(sample, int) and most is not None:
                sample = min(sample, most)
            answers[tuple(other.holds(sample) for other in tests)] = None
    return AtomState((None,) * len(tests), tuple(answers))


def _disposals_state(atom: Atom, facts: Facts) -> tuple[AtomState, tuple[str, ...]]:
    """Return the state of the earlier disposals: the list itself, or the codes in it that are not asked yet."""
    leaves = [leaf for leaf in atom.leaves if isinstance(leaf, DisposalLeaf)]
    listed = facts.offender.previous_disposals
    if listed is None:
        return _disposals_not_asked(atom), (DISPOSALS,)
    now = tuple(leaf.of_list(listed, facts.decided_on)[0] for leaf in leaves)
    if None not in now:
        return AtomState(now), ()
    codes = tuple(f"{DISPOSALS}[{i}].offence_code" for i, one in enumerate(listed) if one.offence_code is None)
    answers = product(*((True, False) if value is None else (value,) for value in now))
    return AtomState(now, tuple(answers)), codes


_ANY_DAY = date(2020, 1, 1)


@lru_cache(maxsize=64)
def _disposals_not_asked(atom: Atom) -> AtomState:
    leaves = [leaf for leaf in atom.leaves if isinstance(leaf, DisposalLeaf)]
    answers: dict[Truths, None] = {}
    for parts in product(*(tuple(leaf.samples(_ANY_DAY)) for leaf in leaves)):
        listed = tuple(disposal for part in parts for disposal in part)
        answers[tuple(leaf.of_list(listed, _ANY_DAY)[0] for leaf in leaves)] = None
    return AtomState((None,) * len(leaves), tuple(answers))


@lru_cache(maxsize=64)
def _victims_not_asked(plan: Plan) -> Table:
    """Return the table of the list of victims while it is not asked: none, or any number of victims in any state."""
    now = weight(WAITING, excluded=False)
    one_victim = ONLY_NOTHING
    for part in plan.victim:
        states = tuple(_plain_state(atom, None) for atom in part.atoms)
        one_victim = together(one_victim, table_of(part, states, ()).unlisted.weights)
    after = together(one_victim, one_victim) | ONLY_NOTHING
    shifts = 0
    for one in members(after):
        shifts |= shift(now, one)
    possible = Possible(weights((now,)) | after, (shifts,))
    return Table(possible, possible, still(possible.weights))
