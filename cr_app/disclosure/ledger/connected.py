"""What of everything published has to do with a table: sums that share unknowns with it, directly or through others. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from cr_app.disclosure.suppression.puzzle import Cell, Known, Puzzle, Terms


class Connected:
    """The unknowns that a table's cells reach through sums that are known. One that is known exactly connects nothing."""

    def __init__(self, cells: Sequence[Cell], known: Iterable[Known], number: int) -> None:
        """Find what is known exactly, then what hangs together."""
        self._cells = cells
        self._known = tuple(known)
        self._fixed = _fixed_by(self._known)
        self._parent = list(range(number))
        for terms in (*(each.terms for each in self._known), *(cell.terms for cell in cells)):
            unknowns = self._open(terms)
            for one, other in pairwise(unknowns):
                self._parent[self._root(one)] = self._root(other)
        self._roots = {self._root(unknown) for cell in cells for unknown in self._open(cell.terms)}

    def reaches(self, terms: Terms) -> bool:
        """Tell whether this sum holds an unknown that the table reaches."""
        return any(self._root(unknown) in self._roots for unknown in self._open(terms))

    def known(self, numbers: Sequence[int]) -> tuple[Known, ...]:
        """Return what is known of the unknowns that the table reaches, and of those that are known exactly beside them."""
        kept = tuple(each for each in self._known if self.reaches(each.terms))
        used = {unknown for cell in self._cells for unknown, _ in cell.terms}
        used |= {unknown for each in kept for unknown, _ in each.terms}
        exact = [Known(((unknown, 1),), numbers[unknown], numbers[unknown]) for unknown in sorted(used & self._fixed)]
        return tuple(dict.fromkeys((*exact, *kept)))

    def compact(self, puzzle: Puzzle) -> Puzzle:
        """Return the puzzle with the unknowns that it uses, numbered anew in their order."""
        sums = [each.terms for each in puzzle.cells]
        sums += [each.terms for each in puzzle.known] + [each.terms for each in puzzle.guarded]
        used = sorted({unknown for terms in sums for unknown, _ in terms})
        new = {unknown: place for place, unknown in enumerate(used)}

        def moved(terms: Terms) -> Terms:
            return tuple((new[unknown], times) for unknown, times in terms)

        return replace(
            puzzle,
            unknowns=tuple(puzzle.unknowns[unknown] for unknown in used),
            cells=tuple(replace(each, terms=moved(each.terms)) for each in puzzle.cells),
            known=tuple(replace(each, terms=moved(each.terms)) for each in puzzle.known),
            guarded=tuple(replace(each, terms=moved(each.terms)) for each in puzzle.guarded),
        )

    def _open(self, terms: Terms) -> list[int]:
        return [unknown for unknown, _ in terms if unknown not in self._fixed]

    def _root(self, unknown: int) -> int:
        while self._parent[unknown] != unknown:
            self._parent[unknown] = self._parent[self._parent[unknown]]
            unknown = self._parent[unknown]
        return unknown


def _fixed_by(known: Sequence[Known]) -> frozenset[int]:
    """Return the unknowns that sums known exactly leave no choice: one by one, each taken from the others."""
    exact = [each for each in known if each.low == each.high]
    left = [{unknown for unknown, _ in each.terms} for each in exact]
    sums_of = dict[int, list[int]]()
    for at, unknowns in enumerate(left):
        for unknown in unknowns:
            sums_of.setdefault(unknown, []).append(at)
    fixed = set[int]()
    waiting = [at for at, unknowns in enumerate(left) if len(unknowns) == 1]
    while waiting:
        unknowns = left[waiting.pop()]
        if len(unknowns) != 1:
            continue
        (unknown,) = unknowns
        fixed.add(unknown)
        for at in sums_of[unknown]:
            left[at].discard(unknown)
            if len(left[at]) == 1:
                waiting.append(at)
    return frozenset(fixed)
