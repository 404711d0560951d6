"""Rounded tables: every count to the nearest multiple of five, and the totals that would give a small one away. Pure."""

from dataclasses import replace

import numpy as np

from cr_app.disclosure.suppression.adding import enough, fewer, quickly
from cr_app.disclosure.suppression.condensing import condensed
from cr_app.disclosure.suppression.puzzle import Protection, Puzzle, Unprotectable
from cr_app.disclosure.suppression.solver import INFINITE, Meter, share_of
from cr_app.disclosure.suppression.watching import Watch

BASE = 5
# What a multiple of five leaves open on either side.
EITHER_SIDE = BASE // 2
# How far apart the bounds of a small count stay: as far as those of a count that is rounded to 0.
LEAST_WIDTH = EITHER_SIDE
# Of so many guarded sums on whole numbers are not looked for.
_MANY_GUARDED = 1_000
# How much dearer it is to withhold a single count than a sum.
_DEARER = 3.0
# After how much work whole numbers are no longer looked for, what is allowed at most, and what share of the first goes besides
# into publishing totals again, and into the ends of intervals.
_EFFORT, _MOST, _EXACT = 8_000_000, 150_000_000, 0.5


def rounded(count: int) -> int:
    """Return the nearest multiple of five: 2 becomes 0, 3 becomes 5."""
    return (count + EITHER_SIDE) // BASE * BASE


def range_of(count: int) -> tuple[int, int]:
    """Return the least and the largest count that are rounded to what `count` is rounded to."""
    middle = rounded(count)
    return max(0, middle - EITHER_SIDE), middle + EITHER_SIDE


def totals_to_withhold(puzzle: Puzzle, *, meter: Meter | None = None) -> Protection:
    """Return which cells to withhold of a table whose every value is rounded by itself.

    An outsider knows each published cell within two. The bounds of each small count (`Cell.is_small`) stay two apart, of
    each guarded sum the puzzle's width, or as far as they were before this table. `withheld` are sums of several unknowns
    rather than single ones; `bounds` are those of the small counts and of what is withheld. `Puzzle.floor` is not looked at: a
    cell withheld here may be 0. Raises Unprotectable where withholding every cell that may be is not enough, Unsolved where
    the work allowed does not tell; where several tables are tried, `meter` counts the work of all.
    """
    with share_of(meter, _MOST) as own:
        return _protected(puzzle, own)


def _protected(puzzle: Puzzle, meter: Meter) -> Protection:
    cells = tuple(cell if len(cell.terms) > 1 else replace(cell, loss=cell.loss * _DEARER) for cell in puzzle.cells)
    puzzle = condensed(replace(puzzle, cells=cells, floor=0))
    ranges = [range_of(cell.count) for cell in puzzle.cells]
    shown = (np.array([low for low, _ in ranges], np.float64), np.array([high for _, high in ranges], np.float64))
    small = frozenset(place for place, cell in enumerate(puzzle.cells) if cell.is_small)
    watch = Watch(
        puzzle,
        shown=shown,
        always=small,
        width=LEAST_WIDTH,
        meter=meter,
        exact_until=_EFFORT if len(puzzle.guarded) < _MANY_GUARDED else -1,
    )
    withheld = _withheld(puzzle, watch, small)
    # It is proved: the ends of intervals are looked for as far as their own share goes.
    meter.most = INFINITE
    reached = watch.bounds(
        [*sorted(small | withheld), *range(watch.cells, len(watch.terms))],
        withheld,
        until=meter.spent + _EFFORT * _EXACT,
    )
    guarded = {place: reached[watch.cells + place] for place in range(len(puzzle.guarded))}
    return Protection(
        withheld,
        {place: reached[place] for place in sorted(small | withheld)},
        guarded,
        pinned_before=watch.pinned({place: reached[place] for place in small}),
        guarded_before=frozenset(at - watch.cells for at in watch.pinned(reached) if at >= watch.cells),
    )


def _withheld(puzzle: Puzzle, watch: Watch, small: frozenset[int]) -> frozenset[int]:
    chosen = frozenset(place for place, cell in enumerate(puzzle.cells) if cell.is_chosen)
    may = frozenset(place for place, cell in enumerate(puzzle.cells) if cell.may_be_withheld) | chosen
    is_large = len(puzzle.guarded) >= _MANY_GUARDED
    if is_large:
        # One programme for all choices: to lay it out anew takes longer than what it then leaves out saves.
        watch.outsider.see(may)
    if not watch.narrow(chosen, first=True, is_rough=True) and not watch.narrow(chosen, first=True):
        return chosen
    begun, among = chosen, None
    if is_large:
        begun = quickly(watch, may, chosen)
        among = frozenset(watch.seen_unsure(begun))
    if stuck := watch.narrow(may, among=among, is_rough=True):
        raise Unprotectable(
            f"Even with every value withheld that may be, {len(stuck)} of the rounded counts could be worked out too closely: "
            "ask for longer periods or larger groups, or withhold small counts instead of rounding.",
            cells=tuple(target for target in stuck if target < watch.cells),
            guarded=tuple(target - watch.cells for target in stuck if target >= watch.cells),
        )
    wide = enough(watch, small, may, begun, is_rough=True)
    kept = fewer(watch, chosen, wide, until=max(_EFFORT, watch.meter.spent + _EFFORT * _EXACT))
    return enough(watch, small, may, kept)
