"""Rounding: every value to the nearest 5 on its own, and totals withheld where they would undo that."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cr_app.disclosure.reports import ROUNDED_TO, SLACK
from cr_app.disclosure.suppression.attack import bounds_of
from cr_app.disclosure.suppression.puzzle import Bounds, Known, Protection, Puzzle, Terms

# The least that the bounds of a small count must be apart: rounding leaves 0 to 2, or 3 to 7.
LEAST = 2


def rounded(number: int) -> int:
    """Return the nearest multiple of 5."""
    return (number + SLACK) // ROUNDED_TO * ROUNDED_TO


def protect_rounded(puzzle: Puzzle) -> Protection:
    """Return which rounded values to withhold, so that no small count is narrower than `LEAST`, with the proof.

    What is guarded stays as wide as the puzzle wants it. What earlier publications narrow more than that alone gets no narrower.
    """
    return _Rounding(puzzle).protection()


@dataclass(frozen=True)
class _Target:
    """A small count, or something guarded: how wide it must stay, and whether it is pinned before this table."""

    terms: Terms
    least: int
    is_pinned: bool


class _Rounding:
    def __init__(self, puzzle: Puzzle) -> None:
        self.puzzle = replace(puzzle, cells=(), guarded=())
        self.cells, self.guarded = puzzle.cells, puzzle.guarded
        self.small = [
            at for at, cell in enumerate(puzzle.cells) if 0 < cell.count < puzzle.width and cell.may_be_withheld
        ]
        wanted = [(puzzle.cells[at].terms, LEAST) for at in self.small]
        wanted += [(each.terms, puzzle.width) for each in puzzle.guarded]
        before = bounds_of(self.puzzle, frozenset(), [terms for terms, _ in wanted])
        self.targets = [
            _Target(terms, min(least, _width(bounds, least)), _width(bounds, least) < least)
            for (terms, least), bounds in zip(wanted, before, strict=True)
        ]

    def protection(self) -> Protection:
        withheld = {at for at, cell in enumerate(self.cells) if cell.is_chosen}
        while narrow := self._narrow(withheld):
            more = self._next(withheld, narrow[0])
            if more is None:
                break
            withheld.add(more)
        found = self._bounds(withheld, [each.terms for each in self.targets])
        small = len(self.small)
        bounds = dict(
            zip(
                sorted(withheld), self._bounds(withheld, [self.cells[at].terms for at in sorted(withheld)]), strict=True
            )
        )
        bounds |= dict(zip(self.small, found[:small], strict=True))
        return Protection(
            withheld=frozenset(withheld),
            bounds=bounds,
            guarded=dict(enumerate(found[small:])),
            pinned_before=frozenset(
                at for at, target in zip(self.small, self.targets, strict=False) if target.is_pinned
            ),
            guarded_before=frozenset(at for at, target in enumerate(self.targets[small:]) if target.is_pinned),
        )

    def _narrow(self, withheld: set[int]) -> list[_Target]:
        found = self._bounds(withheld, [each.terms for each in self.targets])
        return [
            target
            for target, bounds in zip(self.targets, found, strict=True)
            if _width(bounds, target.least) < target.least
        ]

    def _next(self, withheld: set[int], target: _Target) -> int | None:
        """Return the value to withhold next: the smallest that widens the target, else the largest that shares its cases."""
        mine = {unknown for unknown, _ in target.terms}
        near = [
            at
            for at, cell in enumerate(self.cells)
            if at not in withheld
            and cell.may_be_withheld
            and cell.terms != target.terms
            and mine.intersection(u for u, _ in cell.terms)
        ]
        near.sort(key=lambda at: (len(self.cells[at].terms), at))
        now = _width(self._bounds(withheld, [target.terms])[0], target.least)
        for at in near:
            if _width(self._bounds(withheld | {at}, [target.terms])[0], target.least) > now:
                return at
        if near:
            return near[-1]
        left = [at for at, cell in enumerate(self.cells) if at not in withheld and cell.may_be_withheld]
        return next(
            (at for at in left if mine.intersection(u for u, _ in self.cells[at].terms)), left[-1] if left else None
        )

    def _bounds(self, withheld: set[int], targets: Iterable[Terms]) -> list[Bounds]:
        """Return what an outsider can work out who reads every value that is not withheld as 2 less to 2 more."""
        told = tuple(
            Known(cell.terms, max(0, rounded(cell.count) - SLACK), rounded(cell.count) + SLACK)
            for at, cell in enumerate(self.cells)
            if at not in withheld and cell.terms
        )
        return bounds_of(replace(self.puzzle, known=(*self.puzzle.known, *told)), frozenset(), targets)


def _width(bounds: Bounds, unbounded: int) -> int:
    return unbounded if bounds.width is None else bounds.width
