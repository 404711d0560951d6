"""The outsider: what can be worked out of any sum of unknowns, from what is published and what was before. Pure.

Bounds are found by linear programmes and reached by whole numbers: each end of an interval comes with unknowns that are whole,
agree with everything published and give just that value, so that nobody can rule it out, however clever.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cr_app.disclosure.suppression.puzzle import NO_LOWER, Bounds, Puzzle, Terms
from cr_app.disclosure.suppression.solver import (
    INFINITE,
    TOLERANCE,
    Meter,
    Programme,
    Solution,
    Vector,
    is_whole,
    matrix_of,
)

# How far a search for whole numbers goes where a linear programme gives fractions.
_NODES = 2_000


def bounds_of(puzzle: Puzzle, withheld: frozenset[int], targets: Iterable[Terms]) -> list[Bounds]:
    """Return what an outsider can work out of each target if `withheld` of the table are kept back.

    Raises ValueError for a puzzle that contradicts itself.
    """
    outsider = Outsider(puzzle)
    outsider.see(withheld)
    return [outsider.bounds(terms) for terms in targets]


@dataclass(frozen=True)
class Sight:
    """The prices that bound how far a sum reaches.

    `cells` are the prices of what is said of each cell: positive where its lower bound holds, negative where its upper. `given` is
    what comes of all else: of what was known before, and that no unknown is less than 0.
    """

    cells: dict[int, float]
    given: float


class Outsider:
    """An outsider to whom the table is shown with other cells withheld each time.

    What is said of one unknown alone bounds its column in the programme, or settles it; what is said of several is a row.
    """

    def __init__(
        self, puzzle: Puzzle, shown: tuple[Vector, Vector] | None = None, *, meter: Meter | None = None
    ) -> None:
        """Take in the puzzle; raises ValueError where its counts are not the sums of its unknowns or Known is not true.

        `shown` are the least and the largest value that a cell may have which is not withheld; without it, its count.
        `meter` counts the work.
        """
        self._meter = meter
        self.puzzle = puzzle
        self.truth: Vector = np.array(puzzle.unknowns, np.float64)
        counts: Vector = np.array([cell.count for cell in puzzle.cells], np.float64)
        self.shown = shown or (counts, counts)
        self._cells = len(counts)
        published = (*puzzle.told, *puzzle.known)
        self._told = len(puzzle.told)
        self._terms = [cell.terms for cell in puzzle.cells] + [known.terms for known in published]
        self._known = (
            np.array([known.low for known in published], np.float64),
            np.array([INFINITE if known.high is None else known.high for known in published], np.float64),
        )
        self.statements = matrix_of(self._terms, len(self.truth))
        self._value: Vector = self.statements.times(self.truth)
        _check(puzzle, self._value)
        # No count that anything bounds comes near it: what reaches beyond half of it is not bounded at all.
        self._cap = 8.0 * (sum(puzzle.unknowns) + sum(known.high or known.low for known in published) + 1000)
        alone = np.array([len(each) == 1 and each[0][1] == 1 for each in self._terms], np.bool_)
        self._single = np.flatnonzero(alone)
        self._unknown = np.array([self._terms[place][0][0] for place in self._single], np.int32)
        self._alone_of: dict[int, list[int]] = {}
        for place, unknown in zip(self._single, self._unknown, strict=True):
            self._alone_of.setdefault(int(unknown), []).append(int(place))
        self._several = np.flatnonzero(~alone)
        self._open: frozenset[int] | None = frozenset()
        self._lay_out(frozenset())

    def see(self, withheld: frozenset[int] | None) -> None:
        """Look at the table with `withheld` kept back; with None, at nothing but what was known before."""
        if self._open is not None and (withheld is None or not withheld <= self._open):
            self._lay_out(None if withheld is None else self._open | withheld)
        elif self._open is None and withheld is not None:
            self._lay_out(withheld)
        self._bound(*self.said(withheld))

    def see_cells(self, lower: Vector, upper: Vector) -> None:
        """Look at the table with each cell between two values; none may be open that is not among the last `see`."""
        self._bound(np.concatenate([lower, self._known[0]]), np.concatenate([upper, self._known[1]]))

    def sight(self, terms: Terms, sign: int) -> Sight:
        """Return what bounds how small a sum can be, or, with sign -1, how large."""
        costs = np.zeros(len(self.truth))
        for unknown, times in terms:
            costs[unknown] += sign * times
        if not len(self._free):
            return Sight({}, 0.0)
        solution = self._programme.priced(costs[self._free])
        cells: dict[int, float] = {}
        given = 0.0
        for row in np.flatnonzero(np.abs(solution.row_prices) > TOLERANCE):
            place, price = int(self._several[row]), float(solution.row_prices[row])
            if place < self._cells:
                cells[place] = cells.get(place, 0.0) + price
            else:
                given += abs(price) * self._slack(place, price)
        for column in np.flatnonzero(np.abs(solution.column_prices) > TOLERANCE):
            unknown, price = int(self._free[column]), float(solution.column_prices[column])
            closest = self._closest(unknown, price)
            if closest is not None and closest < self._cells:
                cells[closest] = cells.get(closest, 0.0) + price
            else:
                given += abs(price) * (self.truth[unknown] if closest is None else self._slack(closest, price))
        return Sight(cells, given)

    def _closest(self, unknown: int, price: float) -> int | None:
        """Return which statement of an unknown alone bounds it closest; None where only that it is not below 0."""
        best, least = None, self.truth[unknown] if price > 0 else INFINITE
        for place in self._alone_of.get(unknown, ()):
            slack = self._slack(place, price)
            if slack < least or (slack == least and place < self._cells):
                best, least = place, slack
        return best

    def _slack(self, place: int, price: float) -> float:
        """Return how far the truth of a statement is from its lower bound, or, for a negative price, from its upper."""
        lower, upper = self._bounds
        return float(self._value[place] - lower[place] if price > 0 else upper[place] - self._value[place])

    def _bound(self, lower: Vector, upper: Vector) -> None:
        self._bounds = lower, upper
        least, most = self._alone(lower, upper)
        self._programme.bound_columns(self._places, least[self._free], most[self._free])
        self._programme.bound_rows(
            self._rows, lower[self._several] - self._settled, upper[self._several] - self._settled
        )

    def bounds(self, terms: Terms, *, enough: float = INFINITE) -> Bounds:
        """Return the least and the largest whole value that a sum can have.

        Where linear programmes put `enough` between them, whole numbers that reach them are not looked for; where those are not
        found within the work allowed, the end is that of the linear programme, rounded inwards: never nearer than it is.
        """
        costs = np.zeros(len(self.truth))
        for unknown, times in terms:
            costs[unknown] += times
        ends = [self.furthest(costs * sign, is_rough=True) for sign in (1, -1)]
        low, high = math.ceil(float(costs @ ends[0]) - TOLERANCE), math.floor(float(costs @ ends[1]) + TOLERANCE)
        if high - low < enough:
            if not is_whole(ends[0]) and (least := self._whole_end(costs)) is not None:
                low = round(float(costs @ least))
            if not is_whole(ends[1]) and (most := self._whole_end(-costs)) is not None:
                high = round(float(costs @ most))
        return self.bounds_between(low, high)

    def _whole_end(self, costs: Vector) -> Vector | None:
        """Return whole unknowns of least cost, proved to be that; None where the work allowed does not prove it."""
        solution = self._search(costs)
        if not solution.is_proved:
            return None
        found = self.truth.copy()
        found[self._free] = np.round(solution.columns)
        return found

    def _search(self, costs: Vector) -> Solution:
        return self._programme.least_whole(costs[self._free], self._places, nodes=_NODES, start=self.truth[self._free])

    def agrees(self, unknowns: Vector, withheld: frozenset[int]) -> bool:
        """Tell whether unknowns are what they may be, and give everything published where `withheld` is kept back."""
        lower, upper = self.said(withheld)
        values = self.statements.times(unknowns)
        return bool(np.all(unknowns >= 0) and np.all(values >= lower) and np.all(values <= upper))

    def is_unbounded(self, value: float) -> bool:
        """Tell whether a value found is beyond anything that bounds a count."""
        return abs(value) > self._cap / 2

    def bounds_between(self, low: float, high: float) -> Bounds:
        """Return bounds for the least and the largest value found: what is beyond all counts is no bound."""
        return Bounds(NO_LOWER if low < -self._cap / 2 else round(low), None if high > self._cap / 2 else round(high))

    def furthest(self, costs: Vector, *, is_rough: bool = False) -> Vector:
        """Return whole unknowns of least cost that agree with everything seen; where that is enough, perhaps not whole."""
        found = self.truth.copy()
        if len(self._free):
            columns = self._programme.least(costs[self._free])
            if is_rough:
                found[self._free] = columns
                return found
            if not is_whole(columns):
                columns = self._search(costs).columns
            found[self._free] = np.round(columns)
        return found

    def _lay_out(self, withheld: frozenset[int] | None) -> None:
        """Make the programme for whatever is withheld of these cells or fewer: what is settled even then is left out."""
        self._open = withheld
        lower, upper = self.said(withheld)
        least, most = self._alone(lower, upper)
        for place in self._several:
            if upper[place] == 0 and all(times > 0 for _, times in self._terms[place]):
                most[[unknown for unknown, _ in self._terms[place]]] = 0
        self._free: NDArray[np.intp] = np.flatnonzero(least < most)
        self._places = np.arange(len(self._free), dtype=np.int32)
        self._rows = np.arange(len(self._several), dtype=np.int32)
        place_of = {int(unknown): place for place, unknown in enumerate(self._free)}
        rows = [self._terms[place] for place in self._several]
        fixed = self.truth.copy()
        fixed[self._free] = 0
        self._settled: Vector = matrix_of(rows, len(self.truth)).times(fixed)
        free = [[(place_of[unknown], times) for unknown, times in row if unknown in place_of] for row in rows]
        wide = np.full(len(rows), INFINITE)
        self._programme = Programme(
            matrix_of(free, len(self._free)),
            columns=(least[self._free], most[self._free]),
            rows=(-wide, wide),
            is_moving=True,
            meter=self._meter,
        )

    def said(self, withheld: frozenset[int] | None) -> tuple[Vector, Vector]:
        """Return the least and the largest value of each statement if `withheld` are kept back; if None, before this table."""
        if withheld is None:
            own = self._cells + self._told
            lower, upper = np.full(own, -INFINITE), np.full(own, INFINITE)
            return (
                np.concatenate([lower, self._known[0][self._told :]]),
                np.concatenate([upper, self._known[1][self._told :]]),
            )
        lower, upper = self.shown[0].copy(), self.shown[1].copy()
        kept = np.array(sorted(withheld), np.int32)
        lower[kept], upper[kept] = self.puzzle.floor, INFINITE
        return np.concatenate([lower, self._known[0]]), np.concatenate([upper, self._known[1]])

    def _alone(self, lower: Vector, upper: Vector) -> tuple[Vector, Vector]:
        least, most = np.zeros(len(self.truth)), np.full(len(self.truth), self._cap)
        np.maximum.at(least, self._unknown, lower[self._single])
        np.minimum.at(most, self._unknown, upper[self._single])
        return least, most


def _check(puzzle: Puzzle, sums: Vector) -> None:
    for cell, value in zip(puzzle.cells, sums, strict=False):
        if cell.count != value:
            raise ValueError("A cell's count is not the sum of its unknowns.")
    for known, value in zip((*puzzle.told, *puzzle.known), sums[len(puzzle.cells) :], strict=True):
        if value < known.low or (known.high is not None and value > known.high):
            raise ValueError("What is said to be known of a sum is not true of the unknowns.")
