"""Fewer unknowns that say the same: where tables see only the margins of a block of unknowns, the margins are enough. Pure.

A place that is split by a breakdown has an unknown for each value. Of places that no table tells apart by value, tables see
all of each place, and each value of all of them. Whole numbers of 0 or more with these margins exist whenever the margins have
one sum (fill the places one after the other), so that nothing can be worked out of one puzzle that cannot be of the other.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from cr_app.disclosure.suppression.puzzle import Cell, Guarded, Known, Puzzle, Terms

_Sum = TypeVar("_Sum", Cell, Known, Guarded)
# In which statements an unknown stands that its kin do not, and how often in each.
_Alone = tuple[tuple[int, int], ...]


def condensed(puzzle: Puzzle) -> Puzzle:
    """Return a puzzle with the same cells and guarded sums, of which the same can be worked out."""
    if not puzzle.kin:
        return puzzle
    families = defaultdict[int, list[int]](list)
    for unknown, kin in enumerate(puzzle.kin):
        families[kin].append(unknown)
    alone = _alone(puzzle, families)
    blocks = defaultdict[frozenset[_Alone], list[list[int]]](list)
    for members in families.values():
        kinds = frozenset(alone[unknown] for unknown in members)
        if len(kinds) > 1:
            blocks[kinds].append(members)
    return _Condensing(puzzle, alone, [block for block in blocks.values() if len(block) > 1]).puzzle()


def _statements(puzzle: Puzzle) -> Iterable[Terms]:
    for told in (puzzle.cells, puzzle.told, puzzle.known, puzzle.guarded):
        for each in told:
            yield each.terms


def _alone(puzzle: Puzzle, families: dict[int, list[int]]) -> list[_Alone]:
    """Return of each unknown the statements that do not hold all of its kin alike."""
    found: list[list[tuple[int, int]]] = [[] for _ in puzzle.unknowns]
    for statement, terms in enumerate(_statements(puzzle)):
        parts = defaultdict[int, list[tuple[int, int]]](list)
        for unknown, times in terms:
            parts[puzzle.kin[unknown]].append((unknown, times))
        for kin, part in parts.items():
            if len(part) < len(families[kin]) or len({times for _, times in part}) > 1:
                for unknown, times in part:
                    found[unknown].append((statement, times))
    return [tuple(each) for each in found]


class _Condensing:
    """What each unknown of a block becomes: that of its place in sums of the whole place, that of its value in all others."""

    def __init__(self, puzzle: Puzzle, alone: list[_Alone], blocks: list[list[list[int]]]) -> None:
        self._old = puzzle
        self._gone = {unknown for block in blocks for members in block for unknown in members}
        kept = [unknown for unknown in range(len(puzzle.unknowns)) if unknown not in self._gone]
        self._new = {unknown: place for place, unknown in enumerate(kept)}
        self._numbers = [puzzle.unknowns[unknown] for unknown in kept]
        # Of each kin the unknown of all of it and how many it is of, and of each unknown that of its value.
        self._whole = dict[int, tuple[int, int]]()
        self._value = dict[int, int]()
        self._ties: list[Known] = []
        for block in blocks:
            self._take(block, alone)

    def _take(self, block: list[list[int]], alone: list[_Alone]) -> None:
        values = dict[_Alone, int]()
        wholes = []
        for members in block:
            wholes.append(self._one(sum(self._old.unknowns[unknown] for unknown in members)))
            self._whole[self._old.kin[members[0]]] = wholes[-1], len(members)
            for unknown in members:
                place = self._value[unknown] = values.setdefault(alone[unknown], len(self._numbers))
                if place == len(self._numbers):
                    self._numbers.append(0)
                self._numbers[place] += self._old.unknowns[unknown]
        terms = (*((place, 1) for place in wholes), *((place, -1) for place in values.values()))
        self._ties.append(Known(tuple(sorted(terms)), 0, 0))

    def puzzle(self) -> Puzzle:
        """Return the puzzle of what is left."""
        if not self._gone:
            return self._old
        return replace(
            self._old,
            cells=self._moved(self._old.cells),
            told=self._moved(self._old.told),
            known=(*self._moved(self._old.known), *self._ties),
            guarded=self._moved(self._old.guarded),
            unknowns=tuple(self._numbers),
            kin=(),
        )

    def _one(self, number: int) -> int:
        self._numbers.append(number)
        return len(self._numbers) - 1

    def _moved(self, sums: Iterable[_Sum]) -> tuple[_Sum, ...]:
        return tuple(replace(each, terms=self._terms(each.terms)) for each in sums)

    def _terms(self, terms: Terms) -> Terms:
        found = dict[int, int]()
        parts = defaultdict[int, list[tuple[int, int]]](list)
        for unknown, times in terms:
            if unknown in self._gone:
                parts[self._old.kin[unknown]].append((unknown, times))
            else:
                found[self._new[unknown]] = times
        for kin, part in parts.items():
            whole, many = self._whole[kin]
            if len(part) == many and len({times for _, times in part}) == 1:
                found[whole] = part[0][1]
                continue
            for unknown, times in part:
                # Every place of the block has it as often: it stands once.
                found[self._value[unknown]] = times
        return tuple(sorted(found.items()))
