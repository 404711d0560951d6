"""The outsider: what can be worked out of any sum of unknowns, from what is published and what was before. Pure.

Bounds are found by linear programmes and reached by whole numbers: each end of an interval comes with unknowns that are whole,
agree with everything published and give just that value, so that nobody can rule it out, however clever.
"""

from collections.abc import Iterable

import numpy as np

from cr_app.disclosure.suppression.puzzle import NO_LOWER, Bounds, Puzzle, Terms
from cr_app.disclosure.suppression.solver import INFINITE, TOLERANCE, Programme, Solution, Vector, is_whole, matrix_of

# How far a search for whole numbers goes where a linear programme gives fractions.
_NODES = 2_000


def bounds_of(puzzle: Puzzle, withheld: frozenset[int], targets: Iterable[Terms]) -> list[Bounds]:
    """Return what an outsider can work out of each target if `withheld` of the table are kept back.

    Raises ValueError for a puzzle that contradicts itself.
    """
    outsider = Outsider(puzzle)
    outsider.see(withheld)
    return [outsider.bounds(terms) for terms in targets]


class Outsider:
    """An outsider to whom the table is shown with other cells withheld each time."""

    def __init__(self, puzzle: Puzzle, shown: tuple[Vector, Vector] | None = None) -> None:
        """Take in the puzzle; raises ValueError where its counts are not the sums of its unknowns or Known is not true.

        `shown` are the least and the largest value that a cell may have which is not withheld; without it, its count.
        """
        self.puzzle = puzzle
        size = len(puzzle.unknowns)
        terms = [cell.terms for cell in puzzle.cells] + [known.terms for known in puzzle.known]
        sums = matrix_of(terms, size)
        self.truth: Vector = np.array(puzzle.unknowns, np.float64)
        self.counts: Vector = np.array([cell.count for cell in puzzle.cells], np.float64)
        _check(puzzle, sums.times(self.truth))
        self.shown = shown or (self.counts, self.counts)
        self._known = (
            np.array([known.low for known in puzzle.known], np.float64),
            np.array([INFINITE if known.high is None else known.high for known in puzzle.known], np.float64),
        )
        # No count that anything bounds comes near it: what reaches beyond half of it is not bounded at all.
        self._cap = 8.0 * (sum(puzzle.unknowns) + sum(known.high or known.low for known in puzzle.known) + 1000)
        # What is said of one unknown bounds its column; only what is said of several is a row.
        alone = np.array([len(each) == 1 and each[0][1] == 1 for each in terms], np.bool_)
        self._single = np.flatnonzero(alone)
        self._unknown = np.array([terms[place][0][0] for place in self._single], np.int32)
        self._several = np.flatnonzero(~alone)
        self._rows = np.arange(len(self._several), dtype=np.int32)
        self._columns = np.arange(size, dtype=np.int32)
        free = np.full(len(self._several), INFINITE)
        self._programme = Programme(
            matrix_of([terms[place] for place in self._several], size),
            columns=(np.zeros(size), np.full(size, self._cap)),
            rows=(-free, free),
        )

    def see(self, withheld: frozenset[int] | None) -> None:
        """Look at the table with `withheld` kept back; with None, at nothing but what was known before."""
        if withheld is None:
            lower, upper = np.full(len(self.counts), -INFINITE), np.full(len(self.counts), INFINITE)
        else:
            lower, upper = self.shown[0].copy(), self.shown[1].copy()
            kept = np.array(sorted(withheld), np.int32)
            lower[kept], upper[kept] = self.puzzle.floor, INFINITE
        self.see_cells(lower, upper)

    def see_cells(self, lower: Vector, upper: Vector) -> None:
        """Look at the table with each cell between two values, and at what was known before."""
        lower, upper = np.concatenate([lower, self._known[0]]), np.concatenate([upper, self._known[1]])
        self._seen = lower, upper
        least, most = np.zeros(len(self.truth)), np.full(len(self.truth), self._cap)
        np.maximum.at(least, self._unknown, lower[self._single])
        np.minimum.at(most, self._unknown, upper[self._single])
        self._programme.bound_columns(self._columns, least, most)
        self._programme.bound_rows(self._rows, lower[self._several], upper[self._several])

    def bounds(self, terms: Terms) -> Bounds:
        """Return the least and the largest whole value that a sum can have."""
        costs = np.zeros(len(self.truth))
        for unknown, times in terms:
            costs[unknown] += times
        low, high = (float(costs @ self.furthest(costs * sign)) for sign in (1, -1))
        return self.bounds_between(low, high)

    def bounds_between(self, low: float, high: float) -> Bounds:
        """Return bounds for the least and the largest value found: what is beyond all counts is no bound."""
        return Bounds(NO_LOWER if low < -self._cap / 2 else round(low), None if high > self._cap / 2 else round(high))

    def priced(self, costs: Vector) -> tuple[Solution, Vector, Vector]:
        """Return the solution of least cost, fractions or not, with the prices of what is said of each cell and Known.

        A price is what another unit of the bound that holds would change; positive of a lower bound, negative of an upper.
        The last are the prices of the unknowns themselves where nothing said of them alone holds.
        """
        solution = self._programme.least(costs)
        prices = np.zeros(len(self.counts) + len(self.puzzle.known))
        prices[self._several] = solution.row_prices
        own = solution.column_prices.copy()
        for place, unknown in zip(self._single, self._unknown, strict=True):
            # Of several that speak of the same unknown, the first that holds carries its price.
            holds = self._seen[0 if own[unknown] > 0 else 1][place]
            if own[unknown] and abs(solution.columns[unknown] - holds) < TOLERANCE:
                prices[place], own[unknown] = own[unknown], 0
        return solution, prices, own

    def furthest(self, costs: Vector) -> Vector:
        """Return whole unknowns of least cost that agree with everything seen."""
        solution = self._programme.least(costs)
        if is_whole(solution.columns):
            return np.round(solution.columns)
        everything = np.arange(len(self.truth), dtype=np.int32)
        return np.round(self._programme.least_whole(costs, everything, nodes=_NODES, start=self.truth).columns)


def _check(puzzle: Puzzle, sums: Vector) -> None:
    for cell, value in zip(puzzle.cells, sums, strict=False):
        if cell.count != value:
            raise ValueError("A cell's count is not the sum of its unknowns.")
    for known, value in zip(puzzle.known, sums[len(puzzle.cells) :], strict=True):
        if value < known.low or (known.high is not None and value > known.high):
            raise ValueError("What is said to be known of a sum is not true of the unknowns.")
