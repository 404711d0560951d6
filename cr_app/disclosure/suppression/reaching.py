"""The cheapest cells to withhold so that one count can be further from its true value. Pure."""

import numpy as np

from cr_app.disclosure.suppression.puzzle import Puzzle, Terms
from cr_app.disclosure.suppression.solver import INFINITE, Meter, Programme, Unsolved, Vector, matrix_of

# What moving a cell costs that is withheld already: little, but not nothing.
_LITTLE = 0.01


class Reach:
    """Moves of the unknowns, up and down, at the price of the cells that they move: as few as can be, one count by so much."""

    def __init__(self, puzzle: Puzzle, meter: Meter) -> None:
        """Lay out a programme: how far each unknown moves up and down, and each sum of several of them."""
        self.cells = len(puzzle.cells)
        self.size = len(puzzle.unknowns)
        sums: list[Terms] = []
        up: list[int] = []
        for cell in puzzle.cells:
            if len(cell.terms) == 1 and cell.terms[0][1] == 1:
                up.append(cell.terms[0][0])
            else:
                up.append(2 * self.size + len(sums))
                sums.append(cell.terms)
        self._up = np.array(up, np.int32)
        self._down = np.array([at + (self.size if at < self.size else len(sums)) for at in up], np.int32)
        self._moved_by = dict(enumerate(zip(self._up.tolist(), self._down.tolist(), strict=True)))
        columns = 2 * self.size + 2 * len(sums)
        rows: list[list[tuple[int, float]]] = [
            [*self._moves(terms), (2 * self.size + at, -1.0), (2 * self.size + len(sums) + at, 1.0)]
            for at, terms in enumerate(sums)
        ]
        low, high = [0.0] * len(sums), [0.0] * len(sums)
        for known in (*puzzle.told, *puzzle.known):
            value = sum(puzzle.unknowns[unknown] * times for unknown, times in known.terms)
            rows.append(self._moves(known.terms))
            low.append(known.low - value)
            high.append(INFINITE if known.high is None else known.high - value)
        # What moves up when a target does, and what down; or, of a guarded sum of several, in which row.
        self._row_of = dict[int, int]()
        for target, guarded in enumerate(puzzle.guarded, start=self.cells):
            if len(guarded.terms) == 1 and guarded.terms[0][1] == 1:
                self._moved_by[target] = guarded.terms[0][0], self.size + guarded.terms[0][0]
                continue
            self._row_of[target] = len(rows)
            rows.append(self._moves(guarded.terms))
            low.append(-INFINITE)
            high.append(INFINITE)
        self._least: Vector = np.full(columns, INFINITE)
        self._least[self.size : 2 * self.size] = puzzle.unknowns
        self._room: Vector = np.array([cell.count - puzzle.floor for cell in puzzle.cells], np.float64)
        self._upper = self._least.copy()
        self._seen: frozenset[int] | None = None
        self._all = np.arange(columns, dtype=np.int32)
        self._truth: Vector = np.array(puzzle.unknowns, np.float64)
        self._programme = Programme(
            matrix_of(rows, columns),
            columns=(np.zeros(columns), self._upper),
            rows=(np.array(low), np.array(high)),
            meter=meter,
        )

    def see(self, withheld: frozenset[int]) -> None:
        """Let only these cells move."""
        if withheld == self._seen:
            return
        self._seen = withheld
        may = np.zeros(self.cells, np.bool_)
        may[sorted(withheld)] = True
        self._upper = self._least.copy()
        np.minimum.at(self._upper, self._up, np.where(may, INFINITE, 0.0))
        np.minimum.at(self._upper, self._down, np.where(may, self._room, 0.0))
        self._programme.bound_columns(self._all, np.zeros(len(self._all)), self._upper)

    def cheapest(self, target: int, by: float, prices: Vector) -> Vector | None:
        """Return the unknowns nearest the truth, by the prices of cells that move, when a target moves `by`; None if it cannot.

        `prices` are what each cell costs that moves by one.
        """
        costs = np.zeros(len(self._all))
        np.add.at(costs, self._up, prices + _LITTLE)
        np.add.at(costs, self._down, prices + _LITTLE)
        if target in self._row_of:
            row = np.array([self._row_of[target]], np.int32)
            self._programme.bound_rows(row, np.array([by]), np.array([by]))
            try:
                return self._moved(self._programme.least(costs))
            except Unsolved:
                return None
            finally:
                self._programme.bound_rows(row, np.array([-INFINITE]), np.array([INFINITE]))
        both = np.array(self._moved_by[target], np.int32)
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
        return self._truth + columns[: self.size] - columns[self.size : 2 * self.size]

    def _moves(self, terms: Terms) -> list[tuple[int, float]]:
        return [
            pair for unknown, times in terms for pair in ((unknown, float(times)), (unknown + self.size, -float(times)))
        ]
