"""Rounded tables: every count to the nearest multiple of five, and the totals that would give a small one away. Pure."""

from dataclasses import replace

import numpy as np

from cr_app.disclosure.suppression.puzzle import Protection, Puzzle, Unprotectable, guarded_narrower
from cr_app.disclosure.suppression.watching import Watch

BASE = 5
# What a multiple of five leaves open on either side.
EITHER_SIDE = BASE // 2
# How far apart the bounds of a small count stay: as far as those of a count that is rounded to 0.
LEAST_WIDTH = EITHER_SIDE


def rounded(count: int) -> int:
    """Return the nearest multiple of five: 2 becomes 0, 3 becomes 5."""
    return (count + EITHER_SIDE) // BASE * BASE


def range_of(count: int) -> tuple[int, int]:
    """Return the least and the largest count that are rounded to what `count` is rounded to."""
    middle = rounded(count)
    return max(0, middle - EITHER_SIDE), middle + EITHER_SIDE


def totals_to_withhold(puzzle: Puzzle) -> Protection:
    """Return which cells to withhold of a table whose every value is rounded by itself.

    An outsider knows each published cell within two. The bounds of each small count (`Cell.is_small`) stay two apart, of
    each guarded sum the puzzle's width, or as far as they were before this table. `withheld` are sums of several unknowns
    where those are enough, the dearest published first; `bounds` are those of the small counts. `Puzzle.floor` is not looked at:
    a cell withheld here may be 0. Raises Unprotectable where withholding every cell that may be is not enough.
    """
    puzzle = replace(puzzle, floor=0)
    ranges = [range_of(cell.count) for cell in puzzle.cells]
    shown = (np.array([low for low, _ in ranges], np.float64), np.array([high for _, high in ranges], np.float64))
    small = frozenset(place for place, cell in enumerate(puzzle.cells) if cell.is_small)
    chosen = frozenset(place for place, cell in enumerate(puzzle.cells) if cell.is_chosen)
    watch = Watch(puzzle, shown=shown, always=small, width=LEAST_WIDTH)
    withheld = _enough(puzzle, watch, chosen)
    for place in sorted(withheld - chosen, key=lambda place: _order(puzzle, place)):
        if not watch.narrow(withheld - {place}, first=True):
            withheld -= {place}
    reached = watch.bounds(watch.targets(withheld), withheld)
    guarded = {place: reached[watch.cells + place] for place in range(len(puzzle.guarded))}
    return Protection(
        withheld,
        {place: reached[place] for place in sorted(small)},
        guarded,
        pinned_before=frozenset(place for place in small if reached[place].is_narrower_than(LEAST_WIDTH)),
        guarded_before=guarded_narrower(puzzle, guarded),
    )


def _enough(puzzle: Puzzle, watch: Watch, chosen: frozenset[int]) -> frozenset[int]:
    if not watch.narrow(chosen):
        return chosen
    may = frozenset(place for place, cell in enumerate(puzzle.cells) if cell.may_be_withheld) | chosen
    totals = frozenset(place for place in may if len(puzzle.cells[place].terms) > 1) | chosen
    for candidates in (totals, may):
        stuck = watch.narrow(candidates)
        if not stuck:
            return candidates
    raise Unprotectable(
        f"Even with every total withheld, {len(stuck)} of the rounded counts could be worked out too closely: "
        "ask for longer periods or larger groups, or withhold small counts instead of rounding.",
        cells=tuple(target for target in stuck if target < watch.cells),
        guarded=tuple(target - watch.cells for target in stuck if target >= watch.cells),
    )


def _order(puzzle: Puzzle, place: int) -> tuple[bool, float, int]:
    """Return what is published again first: single counts, then the dearest."""
    return len(puzzle.cells[place].terms) > 1, -puzzle.cells[place].loss, place
