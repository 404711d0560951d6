"""The cheapest cells to withhold so that one count can be further from its true value. Pure."""

import numpy as np

from cr_app.disclosure.suppression.puzzle import Puzzle, Terms
from cr_app.disclosure.suppression.solver import INFINITE, Programme, Unsolved, Vector, matrix_of

# What moving a cell costs that is withheld already: next to nothing, but not nothing.
_TINY = 1e-4


class Reach:
    """Moves of the unknowns, up and down, at the price of the cells that they move."""

    def __init__(self, puzzle: Puzzle, may: frozenset[int]) -> None:
        """Lay out a programme: how far each unknown moves up and down, and each sum of several of them.

        Only the cells in `may` can be withheld, and so move.
        """
        self.puzzle = puzzle
        self.size = len(puzzle.unknowns)
        self.alone: dict[int, int] = {}
        sums: list[tuple[int, Terms]] = []
        for place, cell in enumerate(puzzle.cells):
            if len(cell.terms) == 1 and cell.terms[0][1] == 1:
                self.alone[place] = cell.terms[0][0]
            else:
                sums.append((place, cell.terms))
        self.summed = {place: 2 * self.size + 2 * number for number, (place, _) in enumerate(sums)}
        columns = 2 * self.size + 2 * len(sums)
        rows: list[list[tuple[int, float]]] = []
        for place, terms in sums:
            rows.append([*self._moves(terms), (self.summed[place], -1.0), (self.summed[place] + 1, 1.0)])
        low, high = [0.0] * len(sums), [0.0] * len(sums)
        for known in puzzle.known:
            value = sum(puzzle.unknowns[unknown] * times for unknown, times in known.terms)
            rows.append(self._moves(known.terms))
            low.append(known.low - value)
            high.append(INFINITE if known.high is None else known.high - value)
        for guarded in puzzle.guarded:
            rows.append(self._moves(guarded.terms))
            low.append(-INFINITE)
            high.append(INFINITE)
        self._guarded_row = len(sums) + len(puzzle.known)
        upper = np.full(columns, INFINITE)
        upper[self.size : 2 * self.size] = puzzle.unknowns
        for place, cell in enumerate(puzzle.cells):
            up, down = self._columns(place)
            if place not in may:
                upper[up] = upper[down] = 0
            else:
                upper[down] = min(upper[down], cell.count - puzzle.floor)
        self._upper: Vector = upper
        self._programme = Programme(
            matrix_of(rows, columns), columns=(np.zeros(columns), upper), rows=(np.array(low), np.array(high))
        )

    def cheapest(self, target: int, by: int, prices: Vector) -> Vector | None:
        """Return how far each cell moves when a target moves `by`, at least cost; None where it cannot.

        `prices` are what each cell costs that moves by one.
        """
        costs = np.zeros(len(self._upper))
        for place in range(len(self.puzzle.cells)):
            up, down = self._columns(place)
            costs[up] += prices[place] + _TINY
            costs[down] += prices[place] + _TINY
        place = target - len(self.puzzle.cells)
        if place >= 0:
            row = np.array([self._guarded_row + place], np.int32)
            self._programme.bound_rows(row, np.array([float(by)]), np.array([float(by)]))
            try:
                return self._moved(self._programme.least(costs))
            except Unsolved:
                return None
            finally:
                self._programme.bound_rows(row, np.array([-INFINITE]), np.array([INFINITE]))
        both = np.array(self._columns(target), np.int32)
        wanted = np.array([max(by, 0), max(-by, 0)], np.float64)
        if np.any(wanted > self._upper[both]):
            return None
        self._programme.bound_columns(both, wanted, wanted)
        try:
            return self._moved(self._programme.least(costs))
        except Unsolved:
            return None
        finally:
            self._programme.bound_columns(both, np.zeros(2), self._upper[both])

    def _moved(self, columns: Vector) -> Vector:
        ups = np.array([self._columns(place)[0] for place in range(len(self.puzzle.cells))], np.int32)
        downs = np.array([self._columns(place)[1] for place in range(len(self.puzzle.cells))], np.int32)
        return columns[ups] - columns[downs]

    def _columns(self, place: int) -> tuple[int, int]:
        if place in self.alone:
            return self.alone[place], self.alone[place] + self.size
        return self.summed[place], self.summed[place] + 1

    def _moves(self, terms: Terms) -> list[tuple[int, float]]:
        return [
            pair for unknown, times in terms for pair in ((unknown, float(times)), (unknown + self.size, -float(times)))
        ]
