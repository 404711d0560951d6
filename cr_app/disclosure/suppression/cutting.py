"""What any safe choice must satisfy: inequalities from the prices of the outsider's programmes. Pure.

After M. Fischetti and J. J. Salazar, "Solving the cell suppression problem on tabular data with linear constraints",
Management Science 47 (2001): if an outsider's programme bounds a count too closely, its prices say which cells, withheld in
addition, could widen that; at least as much of them must be withheld as the count lacks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cr_app.disclosure.suppression.attack import Outsider, Sight
from cr_app.disclosure.suppression.solver import INFINITE, TOLERANCE, Vector
from cr_app.disclosure.suppression.watching import Watch

# How little of a cell's share is left that already bars one way, when prices of the other are looked for.
_BARRED = 0.01


@dataclass(frozen=True)
class Cut:
    """At least `least` of the cells, each as often as `times` says: of all if `target` is withheld, else of none.

    `reason` are the cells of which what is said bounds the target.
    """

    places: tuple[int, ...]
    times: tuple[float, ...]
    least: float
    target: int | None
    reason: frozenset[int] = frozenset()

    def lacks(self, shares: Vector) -> float:
        """Return by how much a choice, or shares of one, misses it."""
        wanted = self.least * (1.0 if self.target is None else float(shares[self.target]))
        return wanted - float(np.dot(self.times, shares[list(self.places)]))


class Cutter:
    """Finds inequalities that a choice misses. `must` are cells that are withheld in any case, `may` those that can be."""

    def __init__(self, watch: Watch, must: frozenset[int], may: frozenset[int]) -> None:
        """Lay out a programme for every choice of cells."""
        self.watch = watch
        self.must = must
        self._signs = (-1, 1)
        self.may = may - must
        puzzle = watch.puzzle
        self._outsider = Outsider(puzzle, meter=watch.meter)
        self._outsider.see(must | may)
        self._counts: Vector = np.array([cell.count for cell in puzzle.cells], np.float64)
        self._kept = np.array(sorted(must), np.int32)
        self._choice = np.array(sorted(self.may), np.int32)

    def cut(self, target: int, shares: Vector, *, least_share: float = 0.0) -> Cut | None:
        """Return the inequality that one target gives of a choice of shares; None where the target is wide in any case."""
        needed = self.watch.needed(target)
        reach = np.maximum(shares, least_share)
        # The two ways in turn, so that none is always looked for first.
        self._signs = self._signs[::-1]
        sights: list[Sight] = []
        for sign in self._signs:
            self._outsider.see_cells(*self._within(target, needed, reach))
            sights.append(self._outsider.sight(self.watch.terms[target], sign))
            # The other way had better be barred by the same cells: each then counts once instead of two of them.
            reach[list(sights[-1].cells)] *= _BARRED
        return self._from(target, needed, sights)

    def _within(self, target: int, needed: int, shares: Vector) -> tuple[Vector, Vector]:
        """Return between what values an outsider sees each cell, if of each the given share is withheld."""
        floor, chosen = self.watch.puzzle.floor, self._choice
        lower, upper = self._counts.copy(), self._counts.copy()
        lower[chosen] -= np.minimum(self._counts[chosen] - floor, needed) * shares[chosen]
        upper[chosen] += needed * shares[chosen]
        own = [target] if target < self.watch.cells else []
        for places in (self._kept, own):
            lower[places], upper[places] = floor, INFINITE
        return lower, upper

    def _from(self, target: int, needed: int, sights: Sequence[Sight]) -> Cut | None:
        puzzle = self.watch.puzzle
        times: dict[int, float] = {}
        given = 0.0
        for sight in sights:
            given += sight.given
            for place, price in sight.cells.items():
                below = float(self._counts[place]) - puzzle.floor
                if place == target or place in self.must:
                    given += price * below if price > 0 else 0.0
                elif place in self.may:
                    times[place] = times.get(place, 0.0) + (price * below if price > 0 else float(needed))
        least = needed - given
        kept = {place: min(each, least) for place, each in sorted(times.items()) if each > TOLERANCE}
        if least < TOLERANCE:
            return None
        condition = None if target in self.must or target >= self.watch.cells else target
        reason = frozenset(place for sight in sights for place in sight.cells)
        return Cut(tuple(kept), tuple(kept.values()), least, condition, reason)

    def another(self, target: int, withheld: frozenset[int]) -> Cut:
        """Return that some cell must be withheld besides these, if the target is."""
        places = tuple(sorted(self.may - withheld))
        condition = None if target in self.must or target >= self.watch.cells else target
        return Cut(places, (1.0,) * len(places), 1.0, condition)
