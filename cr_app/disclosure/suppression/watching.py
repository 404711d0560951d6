"""Watches, for each set of withheld cells, which counts an outsider could work out too closely. Pure.

Unknowns once found that agree with what is published are kept: they show at once, for any later set they agree with, that
a count may be so large or so small, and only what they do not show is looked for by a linear programme. Those are kept best
that move few cells besides: they agree with most sets.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cr_app.disclosure.suppression.attack import Outsider
from cr_app.disclosure.suppression.puzzle import NO_LOWER, Bounds, Puzzle, Terms
from cr_app.disclosure.suppression.reaching import Reach
from cr_app.disclosure.suppression.seen import Seen
from cr_app.disclosure.suppression.solver import INFINITE, TOLERANCE, Meter, Vector, is_whole, matrix_of
from cr_app.disclosure.suppression.spreading import Priced, Spread

# Of how many counts on programmes look for all of them at once, how many such there are at most, and how many of them may show
# of fewer than so many counts that they are wide: to look for each by itself is no dearer then.
_MANY, _SWEEPS, _IDLE, _WORTH_IT = 12, 200, 3, 3
# Up to how many unknowns those are looked for that move few cells, and up to _MANY counts are looked at one by one.
_FEW_UNKNOWNS = 3_000
# What share of many counts must be shown to be wide by one programme before others are looked at one by one.
_WORTH_WHILE = 0.1
# How many are looked at one by one where it is asked whether any is narrow.
_FIRST_LOOK = 6
# Which way all of them are looked for at first.
_FIRST = (True, False)


class Watch:
    """What must stay wide: the cells that are withheld, and each guarded sum. Targets are cells first, then guarded sums.

    `always` are cells to watch instead of those that are withheld, and `width` how wide each of them must stay. `meter` counts
    the work of all programmes. Once that is more than `exact_until`, what linear programmes reach, rounded inwards, counts
    without whole unknowns that reach it.
    """

    def __init__(
        self,
        puzzle: Puzzle,
        *,
        shown: tuple[Vector, Vector] | None = None,
        always: frozenset[int] | None = None,
        width: int | None = None,
        meter: Meter | None = None,
        exact_until: float = INFINITE,
    ) -> None:
        """Take in the puzzle; raises ValueError where it contradicts itself."""
        self.puzzle = puzzle
        self.meter = meter or Meter()
        self._exact_until = exact_until
        self.outsider = Outsider(puzzle, shown, meter=self.meter)
        self.cells = len(puzzle.cells)
        self.terms: list[Terms] = [cell.terms for cell in puzzle.cells] + [each.terms for each in puzzle.guarded]
        self.truth: Vector = np.array(
            [*(cell.count for cell in puzzle.cells), *(each.count for each in puzzle.guarded)], np.float64
        )
        self._sums = matrix_of(self.terms, len(puzzle.unknowns))
        self._together = Spread(self.outsider.statements, self._sums, self.outsider.truth, self.meter)
        self._always = always
        self._rule = np.full(len(self.terms), puzzle.width)
        self._rule[: self.cells] = puzzle.width if width is None else width
        self._rule[self.cells :] = [each.width_beside(puzzle.width) for each in puzzle.guarded]
        # What is wanted of each: less than the rule once it is known to have been narrower before.
        self._widths = self._rule.copy()
        # Where each cell is published as it is, few cells are moved; where it is rounded, everything is. Of many unknowns those
        # that move fewest take long to find.
        self._is_large = len(puzzle.unknowns) > _FEW_UNKNOWNS
        self._reach = Reach(puzzle, self.meter) if shown is None and not self._is_large else None
        self._widest: Reach | None = None
        self._prices: Vector = np.array(
            [0.0 if cell.is_small or cell.is_chosen else cell.loss for cell in puzzle.cells], np.float64
        )
        self._earlier: Outsider | None = None
        self._before: dict[int, int | None] = {}
        self._seen = Seen(self.truth, self.cells, self.outsider.shown, self.meter)

    def narrow(
        self,
        withheld: frozenset[int],
        *,
        among: frozenset[int] | None = None,
        first: bool = False,
        is_rough: bool = False,
        until: float = INFINITE,
    ) -> list[int]:
        """Return the targets that are narrower than they may be, of `among` if given; only one of them if `first`.

        Once so much work is done as `until` says, the rest is not looked at.
        If `is_rough`, it misses those that are narrow only because counts are whole.
        """
        is_rough = is_rough or self.meter.spent > self._exact_until
        targets = np.array([each for each in self.targets(withheld) if among is None or each in among], np.int32)
        low, high = self._spread(withheld, targets, is_rough=is_rough)
        if first and self._is_large:
            # To look at the first one takes as long as to look for all.
            self._widen_many(targets, withheld, low, high, is_rough=is_rough, worth=_WORTH_WHILE)
        if first:
            # Where much is narrow, one of the first is: that is soon told.
            unsure = targets[(high - low)[targets] < self._widths[targets]][:_FIRST_LOOK]
            self.outsider.see(withheld)
            for target in unsure if len(unsure) == _FIRST_LOOK else ():
                if self._is_narrow(int(target), withheld, low, high, is_rough=is_rough):
                    return [int(target)]
        unsure = self._widen_many(targets, withheld, low, high, is_rough=is_rough)
        if len(unsure):
            self.outsider.see(withheld)
        found: list[int] = []
        for target in unsure:
            if self.meter.spent > until:
                return found
            if self._is_narrow(int(target), withheld, low, high, is_rough=is_rough):
                found.append(int(target))
                if first:
                    return found
        return found

    def _is_narrow(self, target: int, withheld: frozenset[int], low: Vector, high: Vector, *, is_rough: bool) -> bool:
        if high[target] - low[target] < self._widths[target]:
            self._widen(target, withheld, low, high, is_rough=is_rough)
        width = high[target] - low[target]
        return bool(width < self._widths[target] - TOLERANCE and width + TOLERANCE < self.needed(target))

    def bounds(self, targets: Iterable[int], withheld: frozenset[int], *, until: float = INFINITE) -> dict[int, Bounds]:
        """Return the bounds of targets.

        Once so much work is done, they are what was seen to be reached: an outsider can tell no more, and perhaps less.
        """
        places = np.array([*targets], np.int32)
        low, high = self._spread(withheld, places)
        self.outsider.see(withheld)
        found = {}
        for target in map(int, places):
            # What was seen at the floor cannot be lower: no programme need tell.
            least = self.puzzle.floor if target in withheld else 0 if self._is_sum(target) else NO_LOWER
            if self.meter.spent > until:
                if high[target] - low[target] < self._widths[target]:
                    rough = self._spread(withheld, np.array([target], np.int32), is_rough=True)
                    low[target], high[target] = rough[0][target], rough[1][target]
                found[target] = self.outsider.bounds_between(low[target], high[target])
                continue
            for sign in (1, -1) if low[target] > least else (-1,):
                self._reach_end(target, sign, withheld, low, high)
            found[target] = self.outsider.bounds_between(low[target], high[target])
        return found

    def rough_bounds(self, target: int, withheld: frozenset[int]) -> tuple[float, float]:
        """Return the least and the largest value of a target in fractions; infinite where nothing bounds it."""
        self.outsider.see(withheld)
        low, high = (float(self._keep(self._look(target, sign))[target]) for sign in (1, -1))
        low, high = (
            math.copysign(INFINITE, each) if self.outsider.is_unbounded(each) else each for each in (low, high)
        )
        return low, high

    def seen_widths(self, withheld: frozenset[int], targets: NDArray[np.int32]) -> Vector:
        """Return how wide each target was seen to be so far."""
        low, high = self._spread(withheld, targets, is_rough=True)
        widths: Vector = (high - low)[targets]
        return widths

    def moving(self, target: int, by: int, may: frozenset[int], prices: Vector) -> frozenset[int] | None:
        """Return the cells of `may` that move, at the least price, when a target moves so far; None where it cannot."""
        if self._reach is None:
            unknowns = self._moved_alone(target, by, may, prices)
        else:
            if self._widest is None:
                self._widest = Reach(self.puzzle, self.meter)
            self._widest.see(may)
            unknowns = self._widest.cheapest(target, by, prices)
        if unknowns is None:
            return None
        moved = np.abs(self._sums_of(unknowns) - self.truth)[: self.cells] > TOLERANCE
        self._include(unknowns, may, self.truth.copy(), self.truth.copy())
        return frozenset(np.flatnonzero(moved).tolist())

    def _moved_alone(self, target: int, by: int, may: frozenset[int], prices: Vector) -> Vector | None:
        """Return unknowns by which one target is moved so far, where cells are published as ranges; None where it cannot."""
        free = frozenset(place for place in may if not prices[place])
        unknowns = self._together.moved(
            np.array([target]),
            np.array([float(by)]),
            self.outsider.said(free),
            priced=self._priced(may - free, prices),
            is_rough=True,
        )
        if unknowns is None:
            return None
        moved = float(self._sums_of(unknowns)[target] - self.truth[target])
        return unknowns if abs(moved) > abs(by) - TOLERANCE else None

    def _priced(self, cells: frozenset[int], prices: Vector) -> Priced:
        places = np.array(sorted(cells), np.intp)
        return Priced(places, prices[places], self.truth[places] - self.puzzle.floor)

    def moving_many(
        self, targets: Sequence[int], withheld: frozenset[int], may: frozenset[int], *, turn: int, price: float = 1.0
    ) -> frozenset[int]:
        """Return the cells of `may` that move, at what they lose, when as many of these targets as can be move as far as needed.

        Another `turn` lets other targets move up, or down. At a higher `price` fewer cells are moved, and those for many targets.
        """
        low, high = self._spread(withheld, np.array(targets, np.int32), is_rough=True)
        losses: Vector = np.array([cell.loss for cell in self.puzzle.cells], np.float64)
        wanted, priced = np.array(targets, np.intp), self._priced(may - withheld, losses * price)
        unknowns = self._together.moved(
            wanted, self._by(wanted, low, high, turn), self.outsider.said(withheld), priced=priced, is_rough=True
        )
        if unknowns is None:
            return frozenset()
        moved = np.abs(self._sums_of(unknowns) - self.truth)[: self.cells] > TOLERANCE
        added = frozenset(np.flatnonzero(moved).tolist()) & may
        self._include(unknowns, withheld | added, low, high)
        return added

    def seen_unsure(self, withheld: frozenset[int]) -> list[int]:
        """Return the targets that were not seen to be wide so far."""
        targets = np.array(self.targets(withheld), np.int32)
        low, high = self._spread(withheld, targets, is_rough=True)
        return [int(each) for each in targets[(high - low)[targets] < self._widths[targets]]]

    def unsure(self, withheld: frozenset[int], *, worth: float = 0.0) -> list[int]:
        """Return the targets that are not shown to be wide, by what was seen and by looking for many at once.

        Looking ends where it shows less than the share `worth` of them to be wide.
        """
        targets = np.array(self.targets(withheld), np.int32)
        low, high = self._spread(withheld, targets, is_rough=True)
        return [int(each) for each in self._widen_many(targets, withheld, low, high, is_rough=True, worth=worth)]

    def needed(self, target: int) -> int:
        """Return how wide a target must stay: the width, or what it was before this table where that is less."""
        before = self.before(target)
        if before is not None and before < self._widths[target]:
            self._widths[target] = before
        return int(self._widths[target])

    def before(self, target: int) -> int | None:
        """Return how wide a target is from what was known before alone; None where nothing bounds it."""
        if not self.puzzle.known:
            return None
        if target not in self._before:
            if self._earlier is None:
                self._earlier = Outsider(self.puzzle, meter=self.meter)
                self._earlier.see(None)
            self._before[target] = self._earlier.bounds(self.terms[target], enough=float(self._rule[target])).width
        return self._before[target]

    def pinned(self, found: Mapping[int, Bounds]) -> frozenset[int]:
        """Return those of these targets that are narrower than they must be, and were so before this table."""
        return frozenset(
            target
            for target, bounds in found.items()
            if bounds.is_narrower_than(int(self._rule[target])) and self.needed(target) < self._rule[target]
        )

    def targets(self, withheld: frozenset[int]) -> list[int]:
        """Return what is watched when `withheld` are kept back."""
        return [*sorted(withheld if self._always is None else self._always), *range(self.cells, len(self.terms))]

    def _spread(
        self, withheld: frozenset[int], targets: NDArray[np.int32], *, is_rough: bool = False
    ) -> tuple[Vector, Vector]:
        """Return the least and the largest value of targets that was seen so far and agrees with what is published.

        In whole numbers, unless it is rough. Of what is no target, the truth.
        """
        return self._seen.spread(withheld, targets, is_rough=is_rough)

    def _widen_many(
        self,
        targets: NDArray[np.int32],
        withheld: frozenset[int],
        low: Vector,
        high: Vector,
        *,
        is_rough: bool,
        worth: float = 0.0,
    ) -> NDArray[np.int32]:
        """Look for many targets at once, by turns that are the same each time; return those that are not shown to be wide.

        Where `worth` is given, a turn that shows less than that share of them to be wide is the last.
        """
        unsure = targets[(high - low)[targets] < self._widths[targets]]
        idle = 0
        for turn in range(_SWEEPS):
            if len(unsure) <= (1 if self._is_large else _MANY):
                break
            by = self._by(unsure, low, high, turn)
            unknowns = self._together.moved(unsure, by, self.outsider.said(withheld), is_rough=is_rough)
            if unknowns is None or not self._include(unknowns, withheld, low, high):
                break
            still = unsure[(high - low)[unsure] < self._widths[unsure]]
            gained = len(unsure) - len(still)
            idle = 0 if gained >= _WORTH_IT else idle + 1
            is_last = idle == _IDLE or gained < worth * len(unsure)
            unsure = still
            if is_last:
                break
        return unsure

    def _by(self, targets: NDArray[np.integer], low: Vector, high: Vector, turn: int) -> Vector:
        """Return by how much each target is to move so that it is wide: first all up, then all down, then by the turn."""
        width, truth = self._widths[targets], self.truth[targets]
        any_way = np.random.default_rng(turn).random(len(targets)) < 0.5
        up = np.full(len(targets), _FIRST[turn]) if turn < len(_FIRST) else any_way
        by: Vector = np.where(up, low[targets] + width - truth, high[targets] - width - truth)
        return by

    def _widen(self, target: int, withheld: frozenset[int], low: Vector, high: Vector, *, is_rough: bool) -> None:
        """Look for unknowns by which a target is wide enough: first for such as move few cells."""
        width = float(self._widths[target])
        if self._reach is not None:
            self._reach.see(withheld)
            for by in (low[target] + width, high[target] - width):
                if self._nudge(target, float(by - self.truth[target]), withheld, low, high, is_rough=is_rough):
                    return
        is_rough = is_rough or self.meter.spent > self._exact_until
        ends = [(sign, self._look(target, sign)) for sign in (-1, 1)]
        values = [float(self._sums_of(unknowns)[target]) for _, unknowns in ends]
        if self._reach is not None and values[0] - values[1] >= width:
            # It is wide by moving both ways, less than all the way.
            for value in (
                min(math.floor(values[0] + TOLERANCE), low[target] + width),
                math.ceil(values[1] - TOLERANCE),
            ):
                self._nudge(target, float(value - self.truth[target]), withheld, low, high, is_rough=is_rough)
                if high[target] - low[target] >= width:
                    return
        for sign, unknowns in ends:
            if is_rough or is_whole(unknowns):
                self._include(unknowns, withheld, low, high)
            elif values[0] - values[1] > min(width, self.needed(target)) - 1:
                self._include(self._look(target, sign, is_exact=True), withheld, low, high)
            if high[target] - low[target] >= width:
                return

    def _nudge(
        self, target: int, by: float, withheld: frozenset[int], low: Vector, high: Vector, *, is_rough: bool
    ) -> bool:
        """Look for unknowns by which a target moves so far or a little further; whole ones, unless it is rough."""
        if self._reach is None or not by:
            return False
        for further in (0, 1):
            unknowns = self._reach.cheapest(target, by + math.copysign(further, by), self._prices)
            if unknowns is None:
                return False
            if is_whole(unknowns) or is_rough:
                return self._include(unknowns, withheld, low, high)
        return False

    def _reach_end(self, target: int, sign: int, withheld: frozenset[int], low: Vector, high: Vector) -> None:
        """Move one end of what a target is seen to be as far as it goes."""
        unknowns = self._look(target, sign)
        value = float(self._sums_of(unknowns)[target])
        if self.outsider.is_unbounded(value):
            (low if sign > 0 else high)[target] = value
        elif is_whole(unknowns):
            self._include(unknowns, withheld, low, high)
        elif target >= self.cells:
            # Of what no table shows, what was seen is enough to tell: whole numbers that reach further take long to find.
            return
        elif self._exact_until < 0:
            # What linear programmes reach, rounded inwards, is what was proved.
            low[target] = min(low[target], math.ceil(value - TOLERANCE))
            high[target] = max(high[target], math.floor(value + TOLERANCE))
        elif low[target] > math.ceil(value - TOLERANCE) if sign > 0 else high[target] < math.floor(value + TOLERANCE):
            self._include(self._look(target, sign, is_exact=True), withheld, low, high)

    def _look(self, target: int, sign: int, *, is_exact: bool = False) -> Vector:
        """Return the unknowns that make a target as small, or with sign -1 as large, as can be; in fractions unless exact."""
        weights = np.zeros(len(self.terms))
        weights[target] = sign
        return self.outsider.furthest(self._sums.times_turned(weights), is_rough=not is_exact)

    def _sums_of(self, unknowns: Vector) -> Vector:
        return self._sums.times(unknowns)

    def _include(self, unknowns: Vector, withheld: frozenset[int], low: Vector, high: Vector) -> bool:
        """Take what was found into what is seen; whole unknowns only if they give just what is published."""
        if is_whole(unknowns):
            unknowns = np.round(unknowns)
            if not self.outsider.agrees(unknowns, withheld):
                return False
        values = self._keep(unknowns)
        np.minimum(low, np.ceil(values - TOLERANCE), out=low)
        np.maximum(high, np.floor(values + TOLERANCE), out=high)
        return True

    def _keep(self, unknowns: Vector) -> Vector:
        values = self._sums_of(unknowns)
        self._seen.keep(values, is_whole=is_whole(unknowns))
        return values

    def _is_sum(self, target: int) -> bool:
        return all(times > 0 for _, times in self.terms[target])
