"""What was seen of the watched counts: the values that unknowns gave them, and for which choices these still hold. Pure."""

import numpy as np
from numpy.typing import NDArray

from cr_app.disclosure.suppression.solver import TOLERANCE, Meter, Vector

# How many solutions are kept at most: a power of two.
_MOST = 4096
# What it takes to look at one value that was seen, in the units of the meter.
_EACH = 0.0005


class Seen:
    """A line for each solution: values of the targets, the cells that are not as published, and whether its unknowns are whole.

    `truth` are the true values, the first `cells` of which are those of the table; `shown` are the least and the largest value
    that a cell may have which is not withheld.
    """

    def __init__(self, truth: Vector, cells: int, shown: tuple[Vector, Vector], meter: Meter) -> None:
        """Begin with the truth alone."""
        self._truth, self._cells, self._shown, self._meter = truth, cells, shown, meter
        # Each grows by doubling.
        self._values = np.zeros((64, len(truth)))
        self._differs = np.zeros((64, cells), np.float32)
        self._whole = np.zeros(64, np.bool_)
        self._lines = 0
        self.keep(truth, is_whole=True)

    def keep(self, values: Vector, *, is_whole: bool) -> None:
        """Keep the values that a solution gives."""
        if self._lines == _MOST:
            # The oldest but the truth are forgotten: they agree with few of the sets that are looked at now.
            kept = slice(self._lines // 2, self._lines)
            for each in (self._values, self._differs, self._whole):
                each[1 : 1 + self._lines - self._lines // 2] = each[kept].copy()
            self._lines = 1 + self._lines - self._lines // 2
        if self._lines == len(self._values):
            self._values = np.concatenate([self._values, np.zeros_like(self._values)])
            self._differs = np.concatenate([self._differs, np.zeros_like(self._differs)])
            self._whole = np.concatenate([self._whole, np.zeros_like(self._whole)])
        lower, upper = self._shown
        cells = values[: self._cells]
        self._values[self._lines] = values
        self._differs[self._lines] = (cells < lower - TOLERANCE) | (cells > upper + TOLERANCE)
        self._whole[self._lines] = is_whole
        self._lines += 1

    def spread(
        self, withheld: frozenset[int], targets: NDArray[np.int32], *, is_rough: bool = False
    ) -> tuple[Vector, Vector]:
        """Return the least and the largest value of targets that was seen so far and agrees with what is published.

        In whole numbers, unless it is rough. Of what is no target, the truth.
        """
        shown = np.ones(self._cells, np.float32)
        shown[sorted(withheld)] = 0
        agreeing: NDArray[np.bool_] = self._differs[: self._lines] @ shown == 0
        if not is_rough:
            agreeing &= self._whole[: self._lines]
        lines = np.flatnonzero(agreeing)
        seen = self._values[lines[:, np.newaxis], targets]
        self._meter.spent += _EACH * (self._lines * self._cells + 8 * seen.size)
        low, high = self._truth.copy(), self._truth.copy()
        # Counts are whole: fractions show no more than the whole numbers between them.
        low[targets] = np.ceil(seen.min(axis=0) - TOLERANCE)
        high[targets] = np.floor(seen.max(axis=0) + TOLERANCE)
        return low, high
