"""Adds cells until nothing is narrow, and opens again what need not be withheld: quick, and always an answer. Pure."""

import math

import numpy as np

from cr_app.disclosure.suppression.puzzle import Unprotectable
from cr_app.disclosure.suppression.solver import TOLERANCE, Vector
from cr_app.disclosure.suppression.watching import Watch

# How much further a count is moved at most than it needs, where the cells that let it move so far make it no wider.
_FURTHER = (0, 1, 2, 4)


def enough(
    watch: Watch, must: frozenset[int], may: frozenset[int], withheld: frozenset[int], *, is_rough: bool = False
) -> frozenset[int]:
    """Return what is withheld with more, until nothing is narrow: for each narrow count the cheapest that let it move.

    If `is_rough`, what is narrow only because counts are whole is not looked for. Raises Unprotectable where not even
    withholding everything that may be is enough.
    """
    while narrow := watch.narrow(withheld, is_rough=is_rough):
        added: set[int] = set()
        for target in narrow:
            so_far = withheld | added
            if added and not watch.narrow(so_far, among=frozenset({target}), is_rough=is_rough):
                continue
            found = _widening(watch, may, target, so_far)
            if not found:
                return greatest(watch, must, may)
            added |= found
        withheld |= added
    return withheld


def quickly(watch: Watch, may: frozenset[int], withheld: frozenset[int]) -> frozenset[int]:
    """Return what is withheld with the cheapest cells that let each count move as far as needed, or what can be so done.

    One programme for each count finds both that it is wide and what makes it so; some are more than need be.
    """
    cells = watch.puzzle.cells
    losses: Vector = np.array([cell.loss for cell in cells], np.float64)
    stuck: set[int] = set()
    while unsure := [target for target in watch.unsure(withheld) if target not in stuck]:
        for target in unsure:
            prices = losses.copy()
            prices[sorted(withheld)] = 0
            needed = watch.puzzle.width
            moved = watch.moving(target, needed, may, prices)
            if moved is None:
                moved = watch.moving(target, -needed, may, prices)
            # What moves both ways only is for `enough`.
            stuck.add(target)
            withheld |= moved or frozenset()
    return withheld


def fewer(watch: Watch, must: frozenset[int], withheld: frozenset[int], *, until: float) -> frozenset[int]:
    """Return what is withheld without what need not be, the dearest opened first, until so much work is done.

    What is narrow only because counts are whole is not looked for.
    """
    cells = watch.puzzle.cells
    for place in sorted(withheld - must, key=lambda place: (-cells[place].loss, place)):
        if watch.meter.spent > until:
            break
        if not watch.narrow(withheld - {place}, first=True, is_rough=True):
            withheld -= {place}
    return withheld


def greatest(watch: Watch, must: frozenset[int], may: frozenset[int]) -> frozenset[int]:
    """Return the most that can be withheld so that none of it is narrow; raises Unprotectable where that is too little."""
    withheld = may
    while narrow := watch.narrow(withheld, is_open=True):
        _refuse(watch, [target for target in narrow if target in must or target >= watch.cells])
        withheld -= frozenset(narrow)
    return withheld


def refuse_if_hopeless(watch: Watch, must: frozenset[int], may: frozenset[int]) -> None:
    """Raise Unprotectable where a count that must be withheld, or a guarded sum, is narrow whatever is withheld."""
    wanted = must | frozenset(range(watch.cells, len(watch.terms)))
    _refuse(watch, watch.narrow(may, among=wanted, is_open=True))


def _refuse(watch: Watch, stuck: list[int]) -> None:
    if stuck:
        raise Unprotectable(
            f"Even with everything withheld that may be, {len(stuck)} of the counts could be worked out too closely: "
            "withhold zeros too, or ask for longer periods or larger groups.",
            cells=tuple(target for target in stuck if target < watch.cells),
            guarded=tuple(target - watch.cells for target in stuck if target >= watch.cells),
        )


def _widening(watch: Watch, may: frozenset[int], target: int, withheld: frozenset[int]) -> frozenset[int]:
    """Return the cheapest cells that let a target be as far as needed from the other end of what it may be."""
    cells = watch.puzzle.cells
    prices: Vector = np.array([0.0 if place in withheld else cell.loss for place, cell in enumerate(cells)], np.float64)
    low, high = watch.rough_bounds(target, withheld)
    needed, count = watch.needed(target), round(watch.truth[target])
    for further in _FURTHER:
        best: tuple[float, frozenset[int]] | None = None
        for end in (math.ceil(low - TOLERANCE) + needed + further, math.floor(high + TOLERANCE) - needed - further):
            used = (watch.moving(target, end - count, may, prices) or frozenset()) - withheld
            loss = sum(cells[place].loss for place in used)
            if used and (best is None or loss < best[0]):
                best = loss, used
        if best:
            return best[1]
    return frozenset()
