"""Chooses what to withhold, so that nothing withheld can be worked out and the least is lost. Pure."""

import numpy as np

from cr_app.disclosure.suppression.puzzle import Bounds, Protection, Puzzle, Unprotectable
from cr_app.disclosure.suppression.reaching import Reach
from cr_app.disclosure.suppression.solver import TOLERANCE, Vector
from cr_app.disclosure.suppression.watching import Watch


def protect(puzzle: Puzzle) -> Protection:
    """Return what to withhold of a table, with the proof.

    Raises Unprotectable where not even withholding everything that may be is enough.
    """
    must = frozenset(
        place for place, cell in enumerate(puzzle.cells) if (cell.is_small or cell.is_chosen) and _may(puzzle, place)
    )
    if not must and not puzzle.guarded:
        return Protection(frozenset(), {}, is_least=True)
    watch = Watch(puzzle)
    withheld = _enough(puzzle, watch, must)
    withheld = _fewer(puzzle, watch, must, withheld)
    reached = watch.bounds(watch.targets(withheld), withheld)
    bounds = {place: reached[place] for place in sorted(withheld)}
    guarded = {place: reached[watch.cells + place] for place in range(len(puzzle.guarded))}
    return Protection(
        withheld,
        bounds,
        guarded,
        pinned_before=frozenset(place for place, each in bounds.items() if each.is_narrower_than(puzzle.width)),
        guarded_before=frozenset(place for place, each in guarded.items() if each.is_narrower_than(puzzle.width)),
    )


def _enough(puzzle: Puzzle, watch: Watch, must: frozenset[int]) -> frozenset[int]:
    """Add cells until nothing is narrow, for each narrow count the cheapest that let it move."""
    everything = frozenset(place for place in range(len(puzzle.cells)) if _may(puzzle, place))
    reach = Reach(puzzle)
    withheld = must
    while narrow := watch.narrow(withheld):
        added: set[int] = set()
        for target in narrow:
            so_far = withheld | added
            if added and not watch.narrow(so_far, among=frozenset({target})):
                continue
            found = _widening(puzzle, watch, reach, target, so_far)
            if not found - so_far:
                return _greatest(puzzle, watch, must, everything)
            added |= found
        withheld |= added
    return withheld


def _widening(puzzle: Puzzle, watch: Watch, reach: Reach, target: int, withheld: frozenset[int]) -> frozenset[int]:
    prices: Vector = np.array(
        [0.0 if place in withheld else cell.loss for place, cell in enumerate(puzzle.cells)], np.float64
    )
    now = watch.bounds([target], withheld)[target]
    count = (puzzle.cells + puzzle.guarded)[target].count
    best: tuple[float, frozenset[int]] | None = None
    ends = (now.low + watch.needed(target), (now.high or 0) - watch.needed(target))
    for by in (end - count for end in ends):
        moved = reach.cheapest(target, by, prices)
        if moved is not None:
            used = frozenset(np.flatnonzero(np.abs(moved) > TOLERANCE).tolist()) - withheld
            cost = sum(puzzle.cells[place].loss for place in used)
            if used and (best is None or cost < best[0]):
                best = cost, used
    return best[1] if best else frozenset()


def _greatest(puzzle: Puzzle, watch: Watch, must: frozenset[int], everything: frozenset[int]) -> frozenset[int]:
    """Return the most that can be withheld so that none of it is narrow."""
    withheld = everything
    while narrow := watch.narrow(withheld):
        if stuck := [target for target in narrow if target in must or target >= watch.cells]:
            raise Unprotectable(
                f"Even with everything withheld that may be, {len(stuck)} of the counts could be worked out too closely: "
                "withhold zeros too, or ask for longer periods or larger groups.",
                cells=tuple(target for target in stuck if target < watch.cells),
                guarded=tuple(target - watch.cells for target in stuck if target >= watch.cells),
            )
        withheld -= frozenset(narrow)
    return withheld


def _fewer(puzzle: Puzzle, watch: Watch, must: frozenset[int], withheld: frozenset[int]) -> frozenset[int]:
    """Open what need not be withheld, the dearest first."""
    for place in sorted(withheld - must, key=lambda place: (-puzzle.cells[place].loss, place)):
        if not watch.narrow(withheld - {place}, first=True):
            withheld -= {place}
    return withheld


def _may(puzzle: Puzzle, place: int) -> bool:
    cell = puzzle.cells[place]
    return cell.may_be_withheld and cell.count >= puzzle.floor
