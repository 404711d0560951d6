"""The least that must be withheld of a small table, found exactly and apart from the suppressor: what its loss is measured by.

An integer programme proposes what to withhold; the attacker looks at it. For each count that it works out too closely, as
much more is withheld as still does not protect it: then at least one of the cells that are left must be withheld too. Each
such finding is a cut, and the first proposal that holds is the best, as no cut excludes anything that protects.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.disclosure.attacker import Name, Programme, Range, Sum

# A search that takes more rounds than this is given up: the table is not small enough.
MOST_ROUNDS = 400


class TooLarge(Exception):
    """The exact search would take too long."""


@dataclass(frozen=True)
class Whole:
    """A table with everything in it: what an outsider sees depends on which values are withheld.

    `must` be withheld, `may` be withheld (the former among them); each costs its `loss`.
    """

    values: Mapping[Name, int]
    sums: Sequence[Sum]
    must: frozenset[Name]
    may: frozenset[Name]
    loss: Mapping[Name, float]
    width: int
    floor: int


def least_withheld(table: Whole) -> frozenset[Name]:
    """Return what to withhold at the least loss so that all of it keeps the width; raises TooLarge where it gives up."""
    return _Search(table).least()


class _Search:
    def __init__(self, table: Whole) -> None:
        self.table = table
        self.names = sorted(table.values)
        self.place = {name: place for place, name in enumerate(self.names)}
        self.lines = [{self.place[total]: 1, **{self.place[part]: -1 for part in parts}} for total, parts in table.sums]
        told: list[Range] = [(table.values[name], table.values[name]) for name in self.names]
        self.outsider = Programme(told, [(line, 0) for line in self.lines])
        self.withheld: frozenset[int] = frozenset()
        self.may = sorted((self.place[name] for name in table.may), key=self._loss)
        self.must = frozenset(self.place[name] for name in table.must)
        self.chooser = Chooser(self.must, {place: self._loss(place) for place in self.may})

    def _loss(self, place: int) -> float:
        return self.table.loss[self.names[place]]

    def least(self) -> frozenset[Name]:
        for line in self.lines:
            # Whoever knows all of a sum but one number knows that one too.
            for place in line:
                if place in self.chooser.places:
                    self.chooser.demand(
                        place, [other for other in line if other != place and other in self.chooser.places]
                    )
        for _ in range(MOST_ROUNDS):
            proposed = self.chooser.cheapest()
            self._withhold(proposed)
            narrow = [place for place in sorted(proposed) if self._is_narrow(place)]
            if not narrow:
                return frozenset(self.names[place] for place in proposed)
            for place in narrow:
                self._withhold(proposed)
                self.chooser.demand(place, self._left(place))
        raise TooLarge

    def _left(self, target: int) -> list[int]:
        """Withhold as much more as leaves the target narrow; return the cells that are left."""
        left = []
        for place in self.may:
            if place in self.withheld:
                continue
            self._withhold(self.withheld | {place})
            if not self._is_narrow(target):
                self._withhold(self.withheld - {place})
                left.append(place)
        return left

    def _withhold(self, chosen: frozenset[int]) -> None:
        for place in chosen - self.withheld:
            self.outsider.set_range(place, (self.table.floor, None))
        for place in self.withheld - chosen:
            value = self.table.values[self.names[place]]
            self.outsider.set_range(place, (value, value))
        self.withheld = chosen

    def _is_narrow(self, place: int) -> bool:
        largest, _ = self.outsider.largest(place)
        return largest is not None and largest - self.outsider.least(place)[0] < self.table.width


class Chooser:
    """Proposes the cheapest cells that meet all demands so far, by an integer programme made anew for each proposal."""

    def __init__(self, must: frozenset[int], losses: Mapping[int, float]) -> None:
        """Begin without demands but for what must be."""
        self.places = list(losses)
        self._losses = losses
        self._at = {place: at for at, place in enumerate(self.places)}
        self._must = must
        self._demands: dict[tuple[int, frozenset[int]], None] = {}

    def demand(self, place: int, others: Sequence[int]) -> None:
        """Where the place is withheld, one of the others must be too."""
        self._demands[place, frozenset(others)] = None

    def cheapest(self) -> frozenset[int]:
        """Return the cheapest cells that meet every demand."""
        count = len(self.places)
        ranges: list[Range] = [(1 if place in self._must else 0, 1) for place in self.places]
        rows = []
        for number, (place, others) in enumerate(self._demands):
            # The others together are the place and something more.
            ranges.append((0, None))
            rows.append(({**{self._at[each]: 1 for each in others}, self._at[place]: -1, count + number: -1}, 0))
        programme = Programme(ranges, rows)
        programme.make_whole()
        weights = {self._at[place]: loss for place, loss in self._losses.items()}
        _, chosen = programme.extreme(weights, largest=False)
        return frozenset(place for place, is_chosen in zip(self.places, chosen, strict=False) if is_chosen > 0.5)
