"""The narrowest of many intervals, found without working out all of them. Pure."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cr_app.disclosure.suppression.condensing import condensed
from cr_app.disclosure.suppression.puzzle import Guarded, Puzzle, Terms
from cr_app.disclosure.suppression.rounding import range_of
from cr_app.disclosure.suppression.solver import TOLERANCE, Vector
from cr_app.disclosure.suppression.watching import Watch

# Of sums that are seen to be so many times as wide as the puzzle's width, it does not matter how wide they are.
_WIDE = 2


def least_width(
    puzzle: Puzzle, withheld: frozenset[int], sums: Sequence[Terms], *, is_rounded: bool = False
) -> int | None:
    """Return how far apart the bounds of that sum are whose bounds are nearest; None where none of them has an upper bound.

    Bounds are those of linear programmes, rounded inwards: they hang on what is published alone. `is_rounded`: what is not
    withheld is published as ranges.
    """
    if not sums:
        return None
    truth = puzzle.unknowns
    guarded = tuple(Guarded(terms, sum(truth[unknown] * times for unknown, times in terms), "") for terms in sums)
    puzzle = condensed(replace(puzzle, guarded=guarded, width=_WIDE * puzzle.width))
    watch = Watch(puzzle, shown=_ranges(puzzle) if is_rounded else None, exact_until=0)
    watch.unsure(withheld)
    waiting = np.arange(watch.cells, watch.cells + len(sums), dtype=np.int32)
    least: int | None = None
    while len(waiting):
        widths = watch.seen_widths(withheld, waiting)
        if least is not None and widths.min() >= least:
            break
        at = int(widths.argmin())
        low, high = watch.rough_bounds(int(waiting[at]), withheld)
        waiting = np.delete(waiting, at)
        if math.isfinite(low) and math.isfinite(high):
            width = math.floor(high + TOLERANCE) - math.ceil(low - TOLERANCE)
            least = width if least is None else min(least, width)
    return least


def _ranges(puzzle: Puzzle) -> tuple[Vector, Vector]:
    ranges = np.array([range_of(cell.count) for cell in puzzle.cells], np.float64).reshape(-1, 2)
    return ranges[:, 0].copy(), ranges[:, 1].copy()
