"""Tables that count the same invented cases, as the suppressor's puzzle and as an outsider sees them.

The two are put together in different ways: a puzzle from the pieces that each cell counts, what an outsider sees from the
sums that the labels of a table tell. Pieces come in there only where two tables, or merged rows, hang together by them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from cr_app.disclosure.suppression.puzzle import Cell, Guarded, Known, Puzzle, Terms
from tests.disclosure.attacker import Name, Range, Seen, Sum
from tests.disclosure.least import Whole

Place = tuple[int, ...]
# What is added to a difference, so that it is never below 0.
SHIFT = 100_000
# A rounded value tells that the count is so near.
ROUNDED_TO, ROUNDED_BY = 5, 2


@dataclass(frozen=True)
class Axis:
    """Rows, columns or the values of a breakdown: what each label counts, and which labels are sums of which."""

    leaves: tuple[tuple[int, ...], ...]
    sums: tuple[tuple[int, tuple[int, ...]], ...] = ()

    def finest(self) -> list[int]:
        """Return the places that are not sums of others."""
        totals = {total for total, _ in self.sums}
        return [place for place in range(len(self.leaves)) if place not in totals]


@dataclass(frozen=True)
class World:
    """The cases: how many by row and stretch of time, also by the values of breakdowns, and in a later extraction."""

    base: np.ndarray
    splits: Mapping[str, np.ndarray] = field(default_factory=dict)
    later: np.ndarray | None = None

    def count(self, piece: Name) -> int:
        """Return how many cases a piece counts."""
        kind, leaf = str(piece[0]), tuple(map(int, piece[1:]))
        if kind in self.splits:
            return int(self.splits[kind][leaf])
        earlier = int(self.base[leaf])
        later = earlier if self.later is None else int(self.later[leaf])
        return {"kept": min(earlier, later), "grown": max(later - earlier, 0), "fallen": max(earlier - later, 0)}[
            str(kind)
        ]


@dataclass(frozen=True)
class Grid:
    """A table: its axes are rows, columns and, where it is broken down, values, of which the last is all of them."""

    name: str
    axes: tuple[Axis, ...]
    split: str = ""
    is_later: bool = False
    is_rounded: bool = False

    def places(self) -> Iterator[Place]:
        """Return the place of each cell."""
        return product(*(range(len(axis.leaves)) for axis in self.axes))

    def sums(self) -> Iterator[Sum]:
        """Return which cells are sums of which, by the labels."""
        for along, axis in enumerate(self.axes):
            others = [range(len(each.leaves)) for each in (*self.axes[:along], *self.axes[along + 1 :])]
            for (total, parts), rest in product(axis.sums, product(*others)):
                before, after = rest[:along], rest[along:]
                yield (self.name, *before, total, *after), tuple((self.name, *before, each, *after) for each in parts)


@dataclass(frozen=True)
class Story:
    """Tables published one after the other; each is protected against those before it.

    `is_elsewhere`: the first was published by others, who withhold nothing. `chosen` and `opened` are cells of the last table
    that a person keeps back or lets stand; `merged` rows of it are nowhere but in the row that combines them.
    """

    kind: str
    world: World
    grids: tuple[Grid, ...]
    width: int = 5
    floor: int = 1
    is_elsewhere: bool = False
    is_tied: bool = False
    chosen: frozenset[Place] = frozenset()
    opened: frozenset[Place] = frozenset()
    merged: tuple[int, ...] = ()

    def pieces(self, grid: Grid, place: Place) -> Counter[Name]:
        """Return what a cell counts, of which nobody publishes anything by itself."""
        axes = grid.axes
        if self.is_tied and grid.split and len(axes[2].leaves[place[2]]) == self.world.splits[grid.split].shape[2]:
            axes = axes[:2]
        found: Counter[Name] = Counter()
        for leaf in product(*(axis.leaves[at] for axis, at in zip(axes, place, strict=False))):
            found.update(self._pieces_of(grid, leaf))
        return found

    def _pieces_of(self, grid: Grid, leaf: tuple[int, ...]) -> list[Name]:
        if len(leaf) > 2:
            return [(grid.split, *leaf)]
        row, stretch = leaf
        found: list[Name] = [("kept", row, stretch)]
        if self.world.later is not None:
            risen = int(self.world.later[row, stretch]) - int(self.world.base[row, stretch])
            if grid.is_later and risen > 0:
                found.append(("grown", row, stretch))
            if not grid.is_later and risen < 0:
                found.append(("fallen", row, stretch))
        return found

    def ties(self) -> Iterator[Sum]:
        """Return that cases are the sum of those of each value."""
        used = {grid.split for grid in self.grids if grid.split}
        if len(self.grids) == 1 and not self.is_tied:
            return
        rows, stretches = self.world.base.shape
        for name, row, stretch in product(sorted(used), range(rows), range(stretches)):
            values = range(self.world.splits[name].shape[2])
            yield ("kept", row, stretch), tuple((name, row, stretch, value) for value in values)

    def count(self, grid: Grid, place: Place) -> int:
        """Return a cell's true count."""
        return sum(often * self.world.count(piece) for piece, often in self.pieces(grid, place).items())

    def counts(self, grid: Grid) -> dict[Place, int]:
        """Return a table's true counts."""
        return {place: self.count(grid, place) for place in grid.places()}

    def is_small(self, count: int) -> bool:
        """Tell whether a count is one that is withheld for itself."""
        return self.floor <= count < self.width

    def differences(self) -> dict[Place, int]:
        """Return the cells of a later extraction that differ by a few from the earlier one, with the difference."""
        if not self.grids[-1].is_later:
            return {}
        earlier, later = (self.counts(grid) for grid in self.grids)
        found = {place: later[place] - earlier[place] for place in later if place in earlier}
        return {place: risen for place, risen in found.items() if 0 < abs(risen) < self.width}


def loss_of(count: int, mean: float) -> float:
    """Return what it costs to withhold a cell: one for the cell, and for its count as for the mean of all."""
    return 1.0 + count / max(mean, 1.0)


def puzzle_of(
    story: Story, number: int, earlier: Sequence[frozenset[Place]], *, without_nothing: bool = False
) -> tuple[Puzzle, list[Place]]:
    """Return the puzzle of a story's table, after what was withheld of those before it; and the place of each cell.

    `without_nothing` leaves out pieces of which it is known already that they are 0; of a first table, all that it shows as 0.
    """
    grid = story.grids[number]
    counts = story.counts(grid)
    zero: set[Name] = set()
    if without_nothing and story.floor:
        for told in story.grids[: max(number, 1)]:
            nothing = [place for place, count in story.counts(told).items() if not count and not told.is_rounded]
            zero.update(piece for place in nothing for piece in story.pieces(told, place))
    at: dict[Name, int] = {}
    unknowns: list[int] = []

    def terms(pieces: Mapping[Name, int]) -> Terms:
        for piece in pieces:
            if piece not in at and piece not in zero:
                at[piece] = len(unknowns)
                unknowns.append(story.world.count(piece))
        return tuple((at[piece], often) for piece, often in pieces.items() if often and piece not in zero)

    is_last = number == len(story.grids) - 1
    close = story.differences() if is_last else {}
    mean = sum(counts.values()) / len(counts)
    cells = [
        Cell(
            terms(story.pieces(grid, place)),
            count,
            is_small=(story.is_small(count) or (place in close and count >= story.floor))
            and not (is_last and place in story.opened),
            may_be_withheld=count >= story.floor and not (is_last and place in story.opened),
            is_chosen=is_last and place in story.chosen,
            loss=loss_of(count, mean),
        )
        for place, count in counts.items()
    ]
    known, guarded = [], []
    for before, withheld in zip(story.grids[:number], earlier, strict=True):
        for place, (low, high) in _told(story, before, withheld).items():
            pieces = story.pieces(before, place)
            if (low, high) != (0, None):
                known.append(Known(terms(pieces), low, high))
            if place in withheld:
                guarded.append(Guarded(terms(pieces), story.count(before, place), f"{before.name} {place}"))
    for place, risen in close.items():
        pieces = story.pieces(grid, place)
        pieces.subtract(story.pieces(story.grids[0], place))
        guarded.append(Guarded(terms(pieces), risen, f"difference {place}"))
    for piece in merged_pieces(story) if is_last else ():
        guarded.append(Guarded(terms({piece: 1}), story.world.count(piece), f"merged {piece}"))
    for total, parts in story.ties():
        known.append(Known(terms({total: 1, **dict.fromkeys(parts, -1)}), 0, 0))
    known = [each for each in known if each.terms]
    puzzle = Puzzle(tuple(unknowns), tuple(cells), story.width, story.floor, tuple(known), tuple(guarded))
    return puzzle, list(counts)


def merged_pieces(story: Story) -> list[Name]:
    """Return the small counts of rows that stand nowhere but in a row that combines them."""
    pieces = [("kept", row, stretch) for row in story.merged for stretch in range(story.world.base.shape[1])]
    return [piece for piece in pieces if 0 < story.world.count(piece) < story.width]


def _told(story: Story, grid: Grid, withheld: frozenset[Place]) -> dict[Place, Range]:
    """Return what a published table tells of its cells."""
    counts = story.counts(grid)
    if grid.is_rounded:
        near = {place: (count + ROUNDED_BY) // ROUNDED_TO * ROUNDED_TO for place, count in counts.items()}
        return {place: (max(value - ROUNDED_BY, 0), value + ROUNDED_BY) for place, value in near.items()}
    return {place: (story.floor, None) if place in withheld else (count, count) for place, count in counts.items()}


def seen_of(story: Story, withheld: Sequence[frozenset[Place]], *, is_last_told: bool = True) -> Seen:
    """Return what an outsider has of the first tables of a story, as many as there are withheld sets.

    Unless `is_last_told` the last of them has its labels only, as before it was published.
    """
    grids = story.grids[: len(withheld)]
    told: dict[Name, Range] = {("shift",): (SHIFT, SHIFT)}
    sums: list[Sum] = []
    for grid, kept_back in zip(grids, withheld, strict=True):
        if is_last_told or grid is not grids[-1]:
            told |= {(grid.name, *place): each for place, each in _told(story, grid, kept_back).items()}
        sums += grid.sums()
        if len(story.grids) > 1 or story.merged:
            sums += _pieces_under(story, grid)
    sums += story.ties() if len(story.grids) > 1 else ()
    if len(grids) == len(story.grids):
        for place in story.differences():
            both: Name = ("both", *place)
            difference: Name = ("difference", *place)
            sums.append((both, ((story.grids[0].name, *place), difference)))
            sums.append((both, ((story.grids[1].name, *place), ("shift",))))
    return Seen(told, sums)


def _pieces_under(story: Story, grid: Grid) -> Iterable[Sum]:
    """Return that each cell which is no sum of others is one of pieces."""
    for place in product(*(axis.finest() for axis in grid.axes)):
        pieces = story.pieces(grid, place)
        assert set(pieces.values()) <= {1}
        yield (grid.name, *place), tuple(pieces)


def whole_of(story: Story) -> Whole:
    """Return a story's only table for the exact search of the least loss."""
    (grid,) = story.grids
    counts: dict[Name, int] = {(grid.name, *place): count for place, count in story.counts(grid).items()}
    mean = sum(counts.values()) / len(counts)
    return Whole(
        counts,
        list(grid.sums()),
        must=frozenset(name for name, count in counts.items() if story.is_small(count)),
        may=frozenset(name for name, count in counts.items() if count >= story.floor),
        loss={name: loss_of(count, mean) for name, count in counts.items()},
        width=story.width,
        floor=story.floor,
    )
