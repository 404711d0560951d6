"""Watches, for each set of withheld cells, which counts an outsider could work out too closely. Pure.

Unknowns once found that agree with what is published are kept: they show at once, for any later set they agree with, that
a count may be so large or so small, and only what they do not show is looked for by a linear programme.
"""

import numpy as np
from numpy.typing import NDArray

from cr_app.disclosure.suppression.attack import Outsider
from cr_app.disclosure.suppression.puzzle import Bounds, Puzzle, Terms
from cr_app.disclosure.suppression.solver import Vector, matrix_of


class Watch:
    """What must stay wide: the cells that are withheld, and each guarded sum. Targets are cells first, then guarded sums."""

    def __init__(self, puzzle: Puzzle) -> None:
        """Take in the puzzle; raises ValueError where it contradicts itself."""
        self.puzzle = puzzle
        self.outsider = Outsider(puzzle)
        self.cells = len(puzzle.cells)
        self.terms: list[Terms] = [cell.terms for cell in puzzle.cells] + [each.terms for each in puzzle.guarded]
        self._sums = matrix_of(self.terms, len(puzzle.unknowns))
        self._truth: Vector = self._sums.times(self.outsider.truth)
        self._seen: Vector = self._truth[np.newaxis, :].copy()
        self._before: dict[int, int | None] = {}

    def narrow(
        self, withheld: frozenset[int], *, among: frozenset[int] | None = None, first: bool = False
    ) -> list[int]:
        """Return the targets that are narrower than they may be, of `among` if given; only one of them if `first`."""
        low, high = self._spread(withheld)
        self.outsider.see(withheld)
        found = []
        for target in self._targets(withheld):
            if among is not None and target not in among:
                continue
            for sign in (-1, 1):
                if high[target] - low[target] < self.puzzle.width:
                    values = self._look(target, sign)
                    low, high = np.minimum(low, values), np.maximum(high, values)
            if high[target] - low[target] < self.puzzle.width:
                before = self.before(target)
                self.outsider.see(withheld)
                if before is None or high[target] - low[target] < min(self.puzzle.width, before):
                    found.append(target)
                    if first:
                        return found
        return found

    def reach(self, target: int, withheld: frozenset[int]) -> Bounds:
        """Return the bounds of one target."""
        self.outsider.see(withheld)
        return self.outsider.bounds(self.terms[target])

    def needed(self, target: int) -> int:
        """Return how wide a target must stay: the width, or what it was before this table where that is less."""
        before = self.before(target)
        return self.puzzle.width if before is None else min(self.puzzle.width, before)

    def before(self, target: int) -> int | None:
        """Return how wide a target is from what was known before alone; None where nothing bounds it."""
        if target not in self._before:
            self.outsider.see(None)
            self._before[target] = self.outsider.bounds(self.terms[target]).width
        return self._before[target]

    def _targets(self, withheld: frozenset[int]) -> list[int]:
        return [*sorted(withheld), *range(self.cells, len(self.terms))]

    def _look(self, target: int, sign: int) -> Vector:
        costs = np.zeros(len(self.puzzle.unknowns))
        for unknown, times in self.terms[target]:
            costs[unknown] += sign * times
        values = self._sums.times(self.outsider.furthest(costs))
        self._seen = np.vstack([self._seen, values])
        return values

    def _spread(self, withheld: frozenset[int]) -> tuple[Vector, Vector]:
        shown: NDArray[np.bool_] = np.ones(self.cells, np.bool_)
        shown[sorted(withheld)] = False
        agreeing = (self._seen[:, : self.cells][:, shown] == self._truth[: self.cells][shown]).all(axis=1)
        seen = self._seen[agreeing]
        return seen.min(axis=0), seen.max(axis=0)
