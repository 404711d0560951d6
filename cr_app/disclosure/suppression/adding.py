"""Adds cells until nothing is narrow, and opens again what need not be withheld: quick, and always an answer. Pure."""

import numpy as np

from cr_app.disclosure.suppression.puzzle import Unprotectable
from cr_app.disclosure.suppression.reaching import Reach
from cr_app.disclosure.suppression.solver import TOLERANCE, Vector
from cr_app.disclosure.suppression.watching import Watch


def enough(watch: Watch, must: frozenset[int], may: frozenset[int], withheld: frozenset[int]) -> frozenset[int]:
    """Return what is withheld with more, until nothing is narrow: for each narrow count the cheapest that let it move.

    Raises Unprotectable where not even withholding everything that may be is enough.
    """
    reach = Reach(watch.puzzle, may)
    while narrow := watch.narrow(withheld):
        added: set[int] = set()
        for target in narrow:
            so_far = withheld | added
            if added and not watch.narrow(so_far, among=frozenset({target})):
                continue
            found = _widening(watch, reach, target, so_far)
            if not found:
                return greatest(watch, must, may)
            added |= found
        withheld |= added
    return withheld


def fewer(watch: Watch, must: frozenset[int], withheld: frozenset[int]) -> frozenset[int]:
    """Return what is withheld without what need not be, the dearest opened first."""
    cells = watch.puzzle.cells
    for place in sorted(withheld - must, key=lambda place: (-cells[place].loss, place)):
        if not watch.narrow(withheld - {place}, first=True):
            withheld -= {place}
    return withheld


def greatest(watch: Watch, must: frozenset[int], may: frozenset[int]) -> frozenset[int]:
    """Return the most that can be withheld so that none of it is narrow; raises Unprotectable where that is too little."""
    withheld = may
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


def _widening(watch: Watch, reach: Reach, target: int, withheld: frozenset[int]) -> frozenset[int]:
    """Return the cheapest cells that let a target be as far as needed from the other end of what it may be."""
    cells = watch.puzzle.cells
    prices: Vector = np.array([0.0 if place in withheld else cell.loss for place, cell in enumerate(cells)], np.float64)
    now = watch.bounds([target], withheld)[target]
    needed, count = watch.needed(target), round(watch.truth[target])
    best: tuple[float, frozenset[int]] | None = None
    for end in (now.low + needed, (now.high or 0) - needed):
        moved = reach.cheapest(target, end - count, prices)
        if moved is None:
            continue
        used = frozenset(np.flatnonzero(np.abs(moved) > TOLERANCE).tolist()) - withheld
        loss = sum(cells[place].loss for place in used)
        if used and (best is None or loss < best[0]):
            best = loss, used
    return best[1] if best else frozenset()
