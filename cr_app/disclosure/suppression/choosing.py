"""Chooses what to withhold, so that nothing withheld can be worked out and the least is lost. Pure."""

import math
from dataclasses import dataclass

import numpy as np

from cr_app.disclosure.suppression.adding import enough, fewer, greatest
from cr_app.disclosure.suppression.cutting import Cutter
from cr_app.disclosure.suppression.least import Master
from cr_app.disclosure.suppression.puzzle import Protection, Puzzle
from cr_app.disclosure.suppression.solver import TOLERANCE, Unsolved, Vector
from cr_app.disclosure.suppression.watching import Watch


@dataclass(frozen=True)
class Work:
    """How much is done for the least loss: rounds in fractions, rounds in whole numbers with the nodes of each, and steps.

    Once so many steps of the simplex method were taken in rounds in whole numbers, no other round begins.
    """

    fraction_rounds: int
    whole_rounds: int
    nodes: int
    steps: int


# Tables of at most so many cells are searched further.
_SMALL = 450
_FAR, _NEAR = Work(60, 60, 1_000, 30_000), Work(30, 8, 500, 30_000)
# Every so many rounds the choice is made safe by adding cells; one that loses hardly more than any could is good enough.
_ROUNDS_BETWEEN, _CLOSE = 4, 0.02


def protect(puzzle: Puzzle, *, work: Work | None = None) -> Protection:
    """Return what to withhold of a table, with the proof.

    Raises Unprotectable where not even withholding everything that may be is enough, ValueError for a puzzle that contradicts
    itself.
    """
    may = frozenset(
        place
        for place, cell in enumerate(puzzle.cells)
        if (cell.may_be_withheld or cell.is_small or cell.is_chosen) and cell.count >= puzzle.floor
    )
    must = frozenset(place for place in may if puzzle.cells[place].is_small or puzzle.cells[place].is_chosen)
    if not must and not puzzle.guarded:
        return Protection(frozenset(), {}, is_least=True)
    watch = Watch(puzzle)
    withheld, is_least = _chosen(watch, must, may, work or (_FAR if len(puzzle.cells) <= _SMALL else _NEAR))
    reached = watch.bounds(watch.targets(withheld), withheld)
    bounds = {place: reached[place] for place in sorted(withheld)}
    guarded = {place: reached[watch.cells + place] for place in range(len(puzzle.guarded))}
    return Protection(
        withheld,
        bounds,
        guarded,
        pinned_before=frozenset(place for place, each in bounds.items() if each.is_narrower_than(puzzle.width)),
        guarded_before=frozenset(place for place, each in guarded.items() if each.is_narrower_than(puzzle.width)),
        is_least=is_least,
    )


def _chosen(watch: Watch, must: frozenset[int], may: frozenset[int], work: Work) -> tuple[frozenset[int], bool]:
    """Return a choice that protects, and whether it is proved that none loses less."""
    if not watch.narrow(must):
        return must, True
    cutter = Cutter(watch, must, may)
    master = Master(cutter)
    choice, best = must, None
    try:
        _cut_fractions(master, work.fraction_rounds)
        for number in range(work.whole_rounds):
            if master.steps > work.steps:
                break
            choice, is_proved = master.in_whole(work.nodes)
            narrow = watch.narrow(choice)
            if not narrow:
                return (choice, True) if is_proved else (fewer(watch, must, choice), False)
            if number % _ROUNDS_BETWEEN == _ROUNDS_BETWEEN - 1:
                best = _better(watch, best, fewer(watch, must, enough(watch, must, may, choice)))
                if _loss(watch, best) - _loss(watch, choice) < _CLOSE * _loss(watch, best - must):
                    return best, False
            _cut_choice(master, narrow, choice)
    except Unsolved:
        # Nothing satisfies all inequalities, unless the work ran out: what is the most that can be withheld?
        greatest(watch, must, may)
    return _better(watch, best, fewer(watch, must, enough(watch, must, may, choice))), False


def _better(watch: Watch, one: frozenset[int] | None, other: frozenset[int]) -> frozenset[int]:
    return other if one is None or _loss(watch, other) < _loss(watch, one) else one


def _loss(watch: Watch, withheld: frozenset[int]) -> float:
    return math.fsum(watch.puzzle.cells[place].loss for place in withheld)


def _cut_fractions(master: Master, rounds: int) -> None:
    """Add what choices in shares miss, until they miss nothing; raises Unsolved where no choice is left."""
    watch = master.cutter.watch
    losses: list[float] = []
    for _ in range(rounds):
        shares = master.in_fractions()
        losses.append(master.loss_of(shares))
        if len(losses) > _PATIENCE and losses[-1] < losses[-1 - _PATIENCE] * _PROGRESS:
            return
        whole = frozenset(np.flatnonzero(shares > 1 - TOLERANCE).tolist())
        partly = np.flatnonzero((shares > TOLERANCE) & (shares <= 1 - TOLERANCE)).tolist()
        is_done = True
        for target in (*watch.narrow(whole, is_rough=True), *partly):
            cut = master.cutter.cut(target, shares)
            if cut is not None and cut.lacks(shares) > _MISSED:
                master.add(cut)
                is_done = False
        if is_done:
            return


def _cut_choice(master: Master, narrow: list[int], choice: frozenset[int]) -> None:
    """Add what a choice in whole cells misses."""
    shares: Vector = np.zeros(len(master.cutter.watch.puzzle.cells))
    shares[sorted(choice)] = 1
    for target in narrow:
        for least_share in (_A_LITTLE, 0.0):
            cut = master.cutter.cut(target, shares, least_share=least_share)
            if cut is not None and cut.lacks(shares) > _MISSED:
                break
        else:
            cut = master.cutter.another(target, choice)
        master.add(cut)


# Fractions are left when so many rounds have not raised the least loss by a thousandth.
_PATIENCE, _PROGRESS = 6, 1.001
# What counts as missed, and the share that cells have which are not chosen, so that prices tell them apart.
_MISSED = 1e-4
_A_LITTLE = 1e-3
