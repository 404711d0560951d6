"""The choice of least loss among all that satisfy the inequalities found so far. Pure."""

import numpy as np

from cr_app.disclosure.suppression.cutting import Cut, Cutter
from cr_app.disclosure.suppression.solver import INFINITE, Programme, Vector, matrix_of


class Master:
    """The programme that chooses: a column for each cell that may be withheld and need not, a row for each inequality."""

    def __init__(self, cutter: Cutter) -> None:
        """Begin without any inequality."""
        self.cutter = cutter
        puzzle = cutter.watch.puzzle
        self._places = np.array(sorted(cutter.may), np.int32)
        self._column_of = {int(place): column for column, place in enumerate(self._places)}
        self._size = len(self._places)
        self._costs: Vector = np.array([puzzle.cells[place].loss for place in self._places], np.float64)
        self._shares: Vector = np.zeros(len(puzzle.cells))
        self._shares[sorted(cutter.must)] = 1
        self._programme = Programme(
            matrix_of([], self._size),
            columns=(np.zeros(self._size), np.ones(self._size)),
            rows=(np.zeros(0), np.zeros(0)),
            meter=cutter.watch.meter,
        )

    def add(self, cut: Cut) -> None:
        """Add an inequality."""
        columns = [self._column_of[place] for place in cut.places]
        times = list(cut.times)
        if cut.target is not None:
            columns.append(self._column_of[cut.target])
            times.append(-cut.least)
        least = cut.least if cut.target is None else 0.0
        self._programme.add_row(np.array(columns, np.int32), np.array(times, np.float64), least, INFINITE)

    def in_fractions(self) -> Vector:
        """Return the share of each cell that loses least by the inequalities so far; raises Unsolved where there is none."""
        shares = self._shares.copy()
        shares[self._places] = np.clip(self._programme.least(self._costs), 0, 1)
        return shares

    def loss_of(self, shares: Vector) -> float:
        """Return what shares of cells lose."""
        return float(self._costs @ shares[self._places])

    def in_whole(self, nodes: int, gap: float) -> tuple[frozenset[int], bool]:
        """Return the choice of least loss by the inequalities so far, and whether it is proved that none loses less.

        A choice is enough that loses `gap` of the least more at most. Raises Unsolved where there is none, or none was found
        within so many nodes.
        """
        everything = np.arange(self._size, dtype=np.int32)
        found = self._programme.least_whole(self._costs, everything, nodes=nodes, gap=gap)
        chosen = frozenset(int(place) for place in self._places[found.columns > 0.5])
        return chosen | self.cutter.must, found.is_proved
