"""What of everything published has to do with a table: sums that share unknowns with it, directly or through others. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from cr_app.disclosure.suppression.puzzle import Cell, Known, Puzzle, Terms


class Connected:
    """The unknowns that a table reaches, by its cells and by what else it tells, through sums that were known before.

    One that was known exactly before connects nothing.
    """

    def __init__(self, cells: Sequence[Cell], known: Iterable[Known], told: Iterable[Known], number: int) -> None:
        """Find what was known exactly, then what hangs together."""
        self._known, self._told = tuple(known), tuple(told)
        self._own = [*(cell.terms for cell in cells), *(each.terms for each in self._told)]
        self._fixed = _fixed_by(self._known)
        self._parent = list(range(number))
        for terms in (*(each.terms for each in self._known), *self._own):
            unknowns = self._open(terms)
            for one, other in pairwise(unknowns):
                self._parent[self._root(one)] = self._root(other)
        self._roots = {self._root(unknown) for terms in self._own for unknown in self._open(terms)}

    def reaches(self, terms: Terms) -> bool:
        """Tell whether this sum holds an unknown that the table reaches."""
        return any(self._root(unknown) in self._roots for unknown in self._open(terms))

    def repeats(self, terms: Terms) -> bool:
        """Tell whether this sum was known exactly before, and the table counts some of it once more."""
        return not self._open(terms) and not self._used.isdisjoint(unknown for unknown, _ in terms)

    @cached_property
    def _used(self) -> frozenset[int]:
        """Return the unknowns that the table is about."""
        return frozenset(unknown for terms in self._own for unknown, _ in terms)

    @property
    def told(self) -> tuple[Known, ...]:
        """Return what the table tells besides its cells that was not known before."""
        return tuple(each for each in self._told if self._open(each.terms))

    def known(self, numbers: Sequence[int], guarded: Iterable[Terms]) -> tuple[Known, ...]:
        """Return what was known of all that the table reaches, and of what was known exactly beside it.

        `guarded` are sums that it reaches. Nothing need be known of such a sum as a whole: where the table tells one part of it,
        what was known of the other parts bounds it.
        """
        sums = [*guarded]
        roots = self._roots | {self._root(unknown) for terms in sums for unknown in self._open(terms)}
        kept = tuple(each for each in self._known if not roots.isdisjoint(map(self._root, self._open(each.terms))))
        sums += [each.terms for each in kept]
        used = {*self._used, *(unknown for terms in sums for unknown, _ in terms)}
        exact = [Known(((unknown, 1),), numbers[unknown], numbers[unknown]) for unknown in sorted(used & self._fixed)]
        return tuple(dict.fromkeys((*exact, *kept)))

    def compact(self, puzzle: Puzzle) -> Puzzle:
        """Return the puzzle with the unknowns that it uses, numbered anew in their order."""
        sums = [each.terms for each in puzzle.cells]
        sums += [each.terms for each in (*puzzle.known, *puzzle.told)]
        sums += [each.terms for each in puzzle.guarded]
        used = sorted({unknown for terms in sums for unknown, _ in terms})
        new = {unknown: place for place, unknown in enumerate(used)}

        def moved(terms: Terms) -> Terms:
            return tuple((new[unknown], times) for unknown, times in terms)

        return replace(
            puzzle,
            unknowns=tuple(puzzle.unknowns[unknown] for unknown in used),
            kin=tuple(puzzle.kin[unknown] for unknown in used),
            cells=tuple(replace(each, terms=moved(each.terms)) for each in puzzle.cells),
            known=tuple(replace(each, terms=moved(each.terms)) for each in puzzle.known),
            told=tuple(replace(each, terms=moved(each.terms)) for each in puzzle.told),
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
