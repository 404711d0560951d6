"""Watches, for each set of withheld cells, which counts an outsider could work out too closely. Pure.

Unknowns once found that agree with what is published are kept: they show at once, for any later set they agree with, that
a count may be so large or so small, and only what they do not show is looked for by a linear programme.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from cr_app.disclosure.suppression.attack import Outsider
from cr_app.disclosure.suppression.puzzle import NO_LOWER, Bounds, Puzzle, Terms
from cr_app.disclosure.suppression.solver import TOLERANCE, Vector, is_whole, matrix_of

# How many programmes look for many counts at once before each is looked for by itself.
_SWEEPS = 12


class Watch:
    """What must stay wide: the cells that are withheld, and each guarded sum. Targets are cells first, then guarded sums.

    `always` are cells to watch instead of those that are withheld, and `width` how wide each of them must stay.
    """

    def __init__(
        self,
        puzzle: Puzzle,
        *,
        shown: tuple[Vector, Vector] | None = None,
        always: frozenset[int] | None = None,
        width: int | None = None,
    ) -> None:
        """Take in the puzzle; raises ValueError where it contradicts itself."""
        self.puzzle = puzzle
        self.outsider = Outsider(puzzle, shown)
        self.cells = len(puzzle.cells)
        self.terms: list[Terms] = [cell.terms for cell in puzzle.cells] + [each.terms for each in puzzle.guarded]
        self.truth: Vector = np.array(
            [*(cell.count for cell in puzzle.cells), *(each.count for each in puzzle.guarded)], np.float64
        )
        self._sums = matrix_of(self.terms, len(puzzle.unknowns))
        self._always = always
        self._widths = np.full(len(self.terms), puzzle.width)
        self._widths[: self.cells] = puzzle.width if width is None else width
        self._earlier: Outsider | None = None
        self._before: dict[int, int | None] = {}
        # Grows by doubling: values of the targets, one line for each solution seen.
        self._seen = np.zeros((64, len(self.terms)))
        self._seen[0] = self.truth
        self._lines = 1

    def narrow(
        self,
        withheld: frozenset[int],
        *,
        among: frozenset[int] | None = None,
        first: bool = False,
        is_rough: bool = False,
    ) -> list[int]:
        """Return the targets that are narrower than they may be, of `among` if given; only one of them if `first`.

        If `is_rough`, it misses those that are narrow only because counts are whole.
        """
        targets = np.array([each for each in self.targets(withheld) if among is None or each in among], np.int32)
        low, high = self.spread(withheld)
        unsure = targets[(high - low)[targets] < self._widths[targets]]
        if not len(unsure):
            return []
        self.outsider.see(withheld)
        if len(unsure) > _SWEEPS:
            self._sweep(unsure, low, high, is_rough)
        found = []
        for target in unsure:
            for sign in (-1, 1):
                if high[target] - low[target] < self._widths[target]:
                    self._include(self._look(target, sign, is_rough), low, high)
            width = high[target] - low[target]
            if width < self._widths[target] - TOLERANCE and width + TOLERANCE < self.needed(int(target)):
                found.append(int(target))
                if first:
                    return found
        return found

    def bounds(self, targets: Iterable[int], withheld: frozenset[int]) -> dict[int, Bounds]:
        """Return the bounds of targets."""
        low, high = self.spread(withheld)
        self.outsider.see(withheld)
        found = {}
        for target in targets:
            # What was seen at the floor cannot be lower: no programme need tell.
            least = self.puzzle.floor if target in withheld else 0 if self._is_sum(target) else NO_LOWER
            if low[target] > least:
                self._include(self._look(target, 1), low, high)
            self._include(self._look(target, -1), low, high)
            found[target] = self.outsider.bounds_between(low[target], high[target])
        return found

    def needed(self, target: int) -> int:
        """Return how wide a target must stay: the width, or what it was before this table where that is less."""
        before = self.before(target)
        width = int(self._widths[target])
        return width if before is None else min(width, before)

    def before(self, target: int) -> int | None:
        """Return how wide a target is from what was known before alone; None where nothing bounds it."""
        if not self.puzzle.known:
            return None
        if target not in self._before:
            if self._earlier is None:
                self._earlier = Outsider(self.puzzle)
                self._earlier.see(None)
            self._before[target] = self._earlier.bounds(self.terms[target]).width
        return self._before[target]

    def targets(self, withheld: frozenset[int]) -> list[int]:
        """Return what is watched when `withheld` are kept back."""
        return [*sorted(withheld if self._always is None else self._always), *range(self.cells, len(self.terms))]

    def spread(self, withheld: frozenset[int]) -> tuple[Vector, Vector]:
        """Return the least and the largest value of each target that was seen so far and agrees with what is published."""
        shown: NDArray[np.bool_] = np.ones(self.cells, np.bool_)
        shown[sorted(withheld)] = False
        seen = self._seen[: self._lines]
        cells = seen[:, : self.cells][:, shown]
        lower, upper = self.outsider.shown
        agreeing = ((cells >= lower[shown]) & (cells <= upper[shown])).all(axis=1)
        return seen[agreeing].min(axis=0), seen[agreeing].max(axis=0)

    def _sweep(self, unsure: NDArray[np.int32], low: Vector, high: Vector, is_rough: bool) -> None:
        """Look for many targets at once: some as large, some as small as can be, by turns that are the same each time."""
        turns = np.random.default_rng(0)
        for _ in range(_SWEEPS):
            unsure = unsure[(high - low)[unsure] < self._widths[unsure]]
            if len(unsure) < 2:
                return
            weights = np.zeros(len(self.terms))
            weights[unsure] = turns.choice((-1.0, 1.0), len(unsure))
            for sign in (1, -1):
                self._include(self._furthest(self._costs(weights * sign), is_rough), low, high)

    def _look(self, target: int, sign: int, is_rough: bool = False) -> Vector:
        weights = np.zeros(len(self.terms))
        weights[target] = sign
        return self._furthest(self._costs(weights), is_rough)

    def _costs(self, weights: Vector) -> Vector:
        return self._sums.times_turned(weights)

    def _furthest(self, costs: Vector, is_rough: bool = False) -> Vector:
        unknowns = self.outsider.furthest(costs, is_rough=is_rough)
        if is_rough and not is_whole(unknowns):
            return self._sums.times(unknowns)
        values = self._sums.times(np.round(unknowns))
        if self._lines == len(self._seen):
            self._seen = np.concatenate([self._seen, np.zeros_like(self._seen)])
        self._seen[self._lines] = values
        self._lines += 1
        return values

    def _include(self, values: Vector, low: Vector, high: Vector) -> None:
        np.minimum(low, values, out=low)
        np.maximum(high, values, out=high)

    def _is_sum(self, target: int) -> bool:
        return all(times > 0 for _, times in self.terms[target])
