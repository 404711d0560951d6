"""Adds cells until nothing is narrow, and opens again what need not be withheld: quick, and always an answer. Pure."""

import math
from collections.abc import Iterable

import numpy as np

from cr_app.disclosure.suppression.puzzle import Unprotectable
from cr_app.disclosure.suppression.solver import INFINITE, TOLERANCE, Vector
from cr_app.disclosure.suppression.watching import Watch

# How much further a count is moved at most than it needs, where the cells that let it move so far make it no wider.
_FURTHER = (0, 1, 2, 4)
# From how many narrow counts on cells are added for many of them at once, and how often at most.
_MANY, _TURNS = 100, 80
# Up to how many counts are looked at one by one instead. What cells that are moved for many counts cost, for all of these
# together and then for so many at a time, and what share of them a turn for all must gain so that there is another.
_FEW, _TOGETHER, _PARTS = 12, 12, 8
_PRICES, _GAINED, _WORTH_IT, _IDLE = (64.0, 16.0, 4.0, 1.0), 0.05, 3, 2
# What share of the counts a turn must show to be wide before more is withheld.
_WORTH_WHILE = 0.1


def enough(
    watch: Watch, must: frozenset[int], may: frozenset[int], withheld: frozenset[int], *, is_rough: bool = False
) -> frozenset[int]:
    """Return what is withheld with more, until nothing is narrow: for each narrow count the cheapest that let it move.

    Cells that nothing makes wide are shown. If `is_rough`, what is narrow only because counts are whole is not looked for.
    Raises Unprotectable where not even withholding everything that may be is enough.
    """
    is_begun = False
    while narrow := watch.narrow(withheld, is_rough=is_rough):
        if len(narrow) > _MANY and not is_begun:
            withheld, is_begun = quickly(watch, may, withheld), True
            continue
        stuck: set[int] = set()
        more: set[int] = set()
        for target in narrow:
            so_far = withheld | more
            if more and not watch.narrow(so_far, among=frozenset({target}), is_rough=is_rough):
                continue
            found = _widening(watch, may, target, so_far) or _at_both_ends(watch, may, target, so_far)
            if not found:
                stuck.add(target)
            more |= found
        if stuck:
            if any(target in must or target >= watch.cells for target in stuck):
                return greatest(watch, must, may)
            may -= stuck
            withheld -= stuck
        withheld |= more & may
    return withheld


def quickly(watch: Watch, may: frozenset[int], withheld: frozenset[int]) -> frozenset[int]:
    """Return what is withheld with cells that let many counts at once move as far as needed: first such as serve many of them.

    Of these cells those are kept without which something would not have been seen to be wide. Some counts may still be narrow.
    """
    must, turns, idle = withheld, 0, 0
    unsure = watch.unsure(withheld, worth=_WORTH_WHILE)
    for price in _PRICES:
        # At first each turn is for all of them; where that gains little, for some at a time, at lower prices.
        is_for_all = price == _PRICES[0]
        together = len(unsure) if is_for_all else max(_TOGETHER, len(unsure) // _PARTS)
        waiting = unsure
        while waiting and len(unsure) > _FEW and turns < _TURNS:
            withheld |= watch.moving_many(waiting[:together], withheld, may, turn=turns, price=price)
            turns += 1
            still = frozenset(watch.seen_unsure(withheld))
            gained, many = len(unsure) - len(still), len(unsure)
            unsure = [each for each in unsure if each in still] + sorted(still - frozenset(unsure))
            idle = 0 if gained >= max(_WORTH_IT, _GAINED * many) else idle + 1
            is_again = is_for_all and idle < _IDLE
            waiting = unsure if is_again else [each for each in waiting[together:] if each in still]
    return opened(watch, must, withheld)


def opened(watch: Watch, must: frozenset[int], withheld: frozenset[int]) -> frozenset[int]:
    """Return what is withheld without what changes nothing of what was seen to be wide, the dearest opened first."""
    unsure = frozenset(watch.seen_unsure(withheld))
    for place in _dearest(watch, withheld - must):
        without = withheld - {place}
        if unsure.issuperset(watch.seen_unsure(without)):
            withheld = without
    return withheld


def fewer(watch: Watch, must: frozenset[int], withheld: frozenset[int], *, until: float) -> frozenset[int]:
    """Return what is withheld without what need not be, the dearest opened first, until so much work is done.

    Many are tried at once, and then by halves. What is narrow only because counts are whole is not looked for.
    """
    order = _dearest(watch, withheld - must)
    size = max(1, len(order) // 8)
    waiting = [order[at : at + size] for at in range(0, len(order), size)]
    while waiting and watch.meter.spent < until:
        together = waiting.pop(0)
        if not watch.narrow(withheld - frozenset(together), first=True, is_rough=True):
            withheld -= frozenset(together)
        elif len(together) > 1:
            half = len(together) // 2
            waiting[:0] = [together[:half], together[half:]]
    return withheld


def _dearest(watch: Watch, among: frozenset[int]) -> list[int]:
    cells = watch.puzzle.cells
    return sorted(among, key=lambda place: (-cells[place].loss, place))


def greatest(watch: Watch, must: frozenset[int], may: frozenset[int]) -> frozenset[int]:
    """Return the most that can be withheld so that none of it is narrow; raises Unprotectable where that is too little."""
    withheld = may
    while narrow := watch.narrow(withheld):
        _refuse(watch, [target for target in narrow if target in must or target >= watch.cells])
        withheld -= frozenset(narrow)
    return withheld


def refuse_if_hopeless(
    watch: Watch, must: frozenset[int], may: frozenset[int], withheld: frozenset[int] = frozenset()
) -> None:
    """Raise Unprotectable where a count that must be withheld, or a guarded sum, is narrow whatever is withheld.

    What was seen to be wide with `withheld` kept back is so with more. What is narrow only because counts are whole is not
    looked for: that is for `enough`.
    """
    wanted = must | frozenset(range(watch.cells, len(watch.terms)))
    if withheld:
        wanted &= frozenset(watch.seen_unsure(withheld))
    _refuse(watch, watch.narrow(may, among=wanted, is_rough=True))


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
    low, high = watch.rough_bounds(target, withheld)
    needed = watch.needed(target)
    for further in _FURTHER:
        ends = [math.ceil(low - TOLERANCE) + needed + further] if low != -INFINITE else []
        ends += [math.floor(high + TOLERANCE) - needed - further] if high != INFINITE else []
        if best := _cheapest(watch, may, withheld, target, [(end,) for end in ends]):
            return best
    return frozenset()


def _at_both_ends(watch: Watch, may: frozenset[int], target: int, withheld: frozenset[int]) -> frozenset[int]:
    """Return the cheapest cells found that let a target move both ways, as far from each other as needed."""
    low, high = watch.rough_bounds(target, may)
    needed, count = watch.needed(target), round(watch.truth[target])
    least = count - needed if low == -INFINITE else max(count - needed, math.ceil(low - TOLERANCE))
    most = count if high == INFINITE else min(count, math.floor(high + TOLERANCE) - needed)
    begins = dict.fromkeys((most, (least + most) // 2, least)) if least <= most else ()
    return _cheapest(watch, may, withheld, target, ((begin, begin + needed) for begin in begins))


def _cheapest(
    watch: Watch, may: frozenset[int], withheld: frozenset[int], target: int, ways: Iterable[tuple[int, ...]]
) -> frozenset[int]:
    """Return the cells besides what is withheld that let a target have these values, by the way that loses least."""
    cells, count = watch.puzzle.cells, round(watch.truth[target])
    prices: Vector = np.array([0.0 if place in withheld else cell.loss for place, cell in enumerate(cells)], np.float64)
    best: tuple[float, frozenset[int]] | None = None
    for values in ways:
        moves = [watch.moving(target, value - count, may, prices) for value in values if value != count]
        if any(move is None for move in moves):
            continue
        used = frozenset().union(*(move for move in moves if move is not None)) - withheld
        loss = math.fsum(cells[place].loss for place in used)
        if used and (best is None or loss < best[0]):
            best = loss, used
    return best[1] if best else frozenset()
