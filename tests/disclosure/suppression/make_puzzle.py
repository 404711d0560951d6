"""Puzzles of tables with totals, for tests."""

import itertools
from collections.abc import Sequence

import numpy as np

from cr_app.disclosure.suppression.puzzle import Cell, Guarded, Known, Puzzle, Terms

WIDTH = 5


def terms(*unknowns: int) -> Terms:
    """Return the sum of unknowns."""
    return tuple((unknown, 1) for unknown in unknowns)


def cell(unknowns: Sequence[int], sum_of: Terms, *, floor: int = 1, everything: int = 1) -> Cell:
    """Return a cell as the desk makes it: small from the floor to 4, no zero withheld where zeros are shown."""
    count = sum(unknowns[unknown] * times for unknown, times in sum_of)
    is_small = 1 <= count < WIDTH or (count == 0 and floor == 0)
    return Cell(sum_of, count, is_small, count >= floor, loss=1 + count / max(1, everything))


def table(
    counts: Sequence[Sequence[int]],
    *,
    floor: int = 1,
    known: tuple[Known, ...] = (),
    guarded: tuple[Guarded, ...] = (),
) -> Puzzle:
    """Return a table of rows and columns with totals: cell (r, c) of it is at `place(counts, r, c)`."""
    return cube(np.array(counts), floor=floor, known=known, guarded=guarded)


def cube(
    counts: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]",
    *,
    floor: int = 1,
    known: tuple[Known, ...] = (),
    guarded: tuple[Guarded, ...] = (),
) -> Puzzle:
    """Return a table of any number of dimensions, each with a total."""
    unknowns = tuple(int(count) for count in counts.flat)
    numbers = np.arange(counts.size).reshape(counts.shape)
    cells = []
    for places in itertools.product(*([*range(size), None] for size in counts.shape)):
        among = tuple(slice(None) if place is None else place for place in places)
        sum_of = terms(*(int(each) for each in np.atleast_1d(numbers[among]).ravel()))
        cells.append(cell(unknowns, sum_of, floor=floor, everything=sum(unknowns)))
    return Puzzle(unknowns, tuple(cells), WIDTH, floor, known, guarded)


def place(counts: Sequence[Sequence[int]], row: int, column: int) -> int:
    """Return where a cell stands in `table(counts)`; -1 is the total."""
    width, height = len(counts[0]) + 1, len(counts) + 1
    return (row % height) * width + column % width
