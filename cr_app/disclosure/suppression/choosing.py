"""Chooses what to withhold, so that nothing withheld can be worked out and the least is lost. Pure."""

import math
from dataclasses import dataclass

import numpy as np

from cr_app.disclosure.suppression.adding import enough, fewer, greatest, opened, quickly, refuse_if_hopeless
from cr_app.disclosure.suppression.alike import protected_alike
from cr_app.disclosure.suppression.condensing import condensed
from cr_app.disclosure.suppression.cutting import Cutter
from cr_app.disclosure.suppression.least import Master
from cr_app.disclosure.suppression.puzzle import Protection, Puzzle
from cr_app.disclosure.suppression.solver import INFINITE, TOLERANCE, Exhausted, Meter, Unsolved, Vector, share_of
from cr_app.disclosure.suppression.watching import Watch


@dataclass(frozen=True)
class Work:
    """How much is done for the least loss: rounds in fractions, rounds in whole numbers with the nodes of each, and effort.

    `effort` is that of all programmes of the search together, in the units of `Meter`; once it is spent the best answer so far
    stands. The proof that it is safe is never cut short: but after so much work it rests on linear programmes alone, and where
    `most` is not enough for it there is no answer.
    """

    fraction_rounds: int = 60
    whole_rounds: int = 60
    nodes: int = 1_000
    effort: float = 8_000_000
    most: float = 150_000_000

    @property
    def for_fractions(self) -> float:
        """Return after what effort no further round in fractions begins."""
        return self.effort * _FRACTIONS

    @property
    def for_whole(self) -> float:
        """Return after what effort no further round in whole numbers begins."""
        return self.effort * _WHOLE


_FRACTIONS, _WHOLE = 0.3, 0.65
# Of so many cells and guarded sums on, the least loss is not looked for, nor whole numbers.
_LARGE = 3_000
# Of so many guarded sums on whole numbers are not looked for either.
_MANY_GUARDED = 1_000
# How much of the effort goes into telling what could be shown.
_TOLD = 0.3
# Every so many rounds the choice is made safe by adding cells. Until a choice is safe, one near the least is as good.
_ROUNDS_BETWEEN, _GAP = 4, 0.01
# What share of the effort goes into opening what need not be withheld, whatever was spent before, and besides into the ends of
# intervals.
_FEWER = 0.5
_EXACT = 0.4


def protect(puzzle: Puzzle, *, work: Work | None = None, meter: Meter | None = None) -> Protection:
    """Return what to withhold of a table, with the proof. Where several tables are tried, `meter` counts the work of all.

    Raises Unprotectable where not even withholding everything that may be is enough, Unsolved where the work allowed does not
    tell, ValueError for a puzzle that contradicts itself.
    """
    if not puzzle.guarded and not any(cell.is_small or cell.is_chosen for cell in puzzle.cells):
        return Protection(frozenset(), {}, is_least=True)
    allowed = work or Work()
    with share_of(meter, allowed.most) as own:
        return protected_alike(condensed(puzzle), lambda distinct: _protected(distinct, allowed, own))


def could_be_shown(puzzle: Puzzle, withheld: frozenset[int], among: frozenset[int]) -> frozenset[int]:
    """Return which cells of `among`, each by itself, could be shown with the others withheld, and nothing would be narrow.

    That is no small count, none that a person keeps back, and no guarded sum: cells that protect each other alone do not count.
    Where it takes much work it is told of the first of them only.
    """
    must = frozenset(place for place in withheld if puzzle.cells[place].is_small or puzzle.cells[place].is_chosen)
    watch = Watch(condensed(puzzle), always=must, exact_until=0)
    found = set[int]()
    for place in sorted(among & withheld):
        if watch.meter.spent > Work().effort * _TOLD:
            break
        if not watch.narrow(withheld - {place}, first=True, is_rough=True):
            found.add(place)
    return frozenset(found)


def _protected(puzzle: Puzzle, work: Work, meter: Meter) -> Protection:
    may = frozenset(
        place
        for place, cell in enumerate(puzzle.cells)
        if (cell.may_be_withheld or cell.is_small or cell.is_chosen) and cell.count >= puzzle.floor
    )
    must = frozenset(place for place in may if puzzle.cells[place].is_small or puzzle.cells[place].is_chosen)
    if not must and not puzzle.guarded:
        return Protection(frozenset(), {}, is_least=True)
    is_large = len(puzzle.cells) + len(puzzle.guarded) > _LARGE or len(puzzle.guarded) > _MANY_GUARDED
    watch = Watch(puzzle, meter=meter, exact_until=-1 if is_large else work.effort)
    if is_large:
        # One programme for all choices: to lay it out anew takes longer than what it then leaves out saves.
        watch.outsider.see(may)
    withheld, is_least = _chosen(watch, must, may, work)
    # It is proved: the ends of intervals are looked for as far as their own share goes.
    meter.most = INFINITE
    reached = watch.bounds(watch.targets(withheld), withheld, until=meter.spent + work.effort * _EXACT)
    bounds = {place: reached[place] for place in sorted(withheld)}
    guarded = {place: reached[watch.cells + place] for place in range(len(puzzle.guarded))}
    return Protection(
        withheld,
        bounds,
        guarded,
        pinned_before=watch.pinned(bounds),
        guarded_before=frozenset(at - watch.cells for at in watch.pinned(reached) if at >= watch.cells),
        is_least=is_least,
    )


def _chosen(watch: Watch, must: frozenset[int], may: frozenset[int], work: Work) -> tuple[frozenset[int], bool]:
    """Return a choice that protects, and whether it is proved that none loses less."""
    if not watch.narrow(must, first=True, is_rough=True) and not watch.narrow(must, first=True):
        return must, True
    try:
        if len(watch.terms) > _LARGE:
            begun = quickly(watch, may, must)
            refuse_if_hopeless(watch, must, may, withheld=begun)
            return _safe(watch, must, may, begun, work), False
        refuse_if_hopeless(watch, must, may)
        return _searched(watch, must, may, work)
    except Exhausted:
        # Withheld together, everything is wide: what is not needed of that is opened as far as a share of its own goes.
        watch.meter.most += 2 * work.effort
        most = greatest(watch, must, may)
        opened = fewer(watch, must, most, until=watch.meter.spent + work.effort * _FEWER)
        return enough(watch, must, may, opened), False


def _searched(watch: Watch, must: frozenset[int], may: frozenset[int], work: Work) -> tuple[frozenset[int], bool]:
    """Return the choice of least loss that the work for it finds, and whether it is proved to be that."""
    cutter = Cutter(watch, must, may)
    master = Master(cutter)
    choice, best = must, None
    gap = _GAP
    try:
        shares = _cut_fractions(master, work)
        # Where no round in whole numbers is left, what has a fair share is a beginning.
        choice = must | frozenset(np.flatnonzero(shares > _FAIR).tolist())
        for number in range(work.whole_rounds):
            if watch.meter.spent > work.for_whole:
                break
            choice, is_proved = master.in_whole(work.nodes, gap)
            narrow = watch.narrow(choice, is_rough=True, until=work.for_whole) or watch.narrow(
                choice, until=work.for_whole
            )
            if watch.meter.spent > work.for_whole:
                break
            if not narrow and is_proved and not gap:
                return choice, True
            if not narrow:
                # Safe, and near the least: is it the least?
                best = _better(watch, best, choice)
                if not gap:
                    break
                gap = 0.0
            elif number % _ROUNDS_BETWEEN == _ROUNDS_BETWEEN - 1:
                best = _better(watch, best, _safe(watch, must, may, choice, work))
            _cut_choice(master, narrow, choice, work)
    except Unsolved:
        # Nothing satisfies all inequalities, unless the work ran out: what is the most that can be withheld?
        greatest(watch, must, may)
    except Exhausted:
        if best is None:
            raise
        return best, False
    try:
        return _better(watch, best, _safe(watch, must, may, choice, work)), False
    except Exhausted:
        if best is None:
            raise
        return best, False


def _safe(
    watch: Watch, must: frozenset[int], may: frozenset[int], choice: frozenset[int], work: Work
) -> frozenset[int]:
    """Return a choice with what it lacks, without what it need not have."""
    wide = enough(watch, must, may, quickly(watch, may, choice), is_rough=True)
    if len(watch.terms) > _LARGE:
        # To try whether a cell can be opened takes as long as all else.
        return enough(watch, must, may, opened(watch, must, wide))
    until = max(work.effort, watch.meter.spent + work.effort * _FEWER)
    return enough(watch, must, may, fewer(watch, must, wide, until=until))


def _better(watch: Watch, one: frozenset[int] | None, other: frozenset[int]) -> frozenset[int]:
    return other if one is None or _loss(watch, other) < _loss(watch, one) else one


def _loss(watch: Watch, withheld: frozenset[int]) -> float:
    return math.fsum(watch.puzzle.cells[place].loss for place in withheld)


def _cut_fractions(master: Master, work: Work) -> Vector:
    """Add what choices in shares miss, until they miss nothing; return the last. Raises Unsolved where no choice is left."""
    watch = master.cutter.watch
    shares: Vector = np.zeros(watch.cells)
    losses: list[float] = []
    for _ in range(work.fraction_rounds):
        shares = master.in_fractions()
        losses.append(master.loss_of(shares))
        if len(losses) > _PATIENCE and losses[-1] < losses[-1 - _PATIENCE] * _PROGRESS:
            return shares
        whole = frozenset(np.flatnonzero(shares > 1 - TOLERANCE).tolist())
        partly = np.flatnonzero((shares > TOLERANCE) & (shares <= 1 - TOLERANCE)).tolist()
        is_done = True
        for target in (*watch.narrow(whole, is_rough=True, until=work.for_fractions), *partly):
            if watch.meter.spent > work.for_fractions:
                return shares
            cut = master.cutter.cut(target, shares)
            if cut is not None and cut.lacks(shares) > _MISSED:
                master.add(cut)
                is_done = False
        if is_done:
            return shares
    return shares


def _cut_choice(master: Master, narrow: list[int], choice: frozenset[int], work: Work) -> None:
    """Add what a choice in whole cells misses."""
    shares: Vector = np.zeros(len(master.cutter.watch.puzzle.cells))
    shares[sorted(choice)] = 1
    explained: set[int] = set()
    for target in narrow:
        if master.cutter.watch.meter.spent > work.for_whole:
            return
        # Counts that bound each other gain by the same cells: one of them is enough for this round.
        if len(narrow) > _MANY and target in explained:
            continue
        for least_share in (_A_LITTLE, 0.0):
            cut = master.cutter.cut(target, shares, least_share=least_share)
            if cut is not None and cut.lacks(shares) > _MISSED:
                break
        else:
            cut = master.cutter.another(target, choice)
        master.add(cut)
        explained |= cut.reason


# Fractions are left when so many rounds have not raised the least loss by a thousandth.
_PATIENCE, _PROGRESS = 6, 1.001
# From which share on a cell belongs to a first choice, and how many narrow counts are many.
_FAIR, _MANY = 0.25, 30
# What counts as missed, and the share that cells have which are not chosen, so that prices tell them apart.
_MISSED = 1e-4
_A_LITTLE = 1e-3
