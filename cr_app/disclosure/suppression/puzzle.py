"""The puzzle that published statistics set an outsider: unknown counts, and sums of them that are known. Pure.

An *unknown* is a count of cases that nobody outside knows by itself: those of one offence in one stretch of time, say. It is a
whole number, 0 or more. A *cell* of a table, of this release or of an earlier one, is a sum of unknowns. What is published
of a cell bounds that sum; what is withheld leaves it open. All that an outsider can work out of a cell is its least and its
largest value over all unknowns that agree with everything published: two linear programmes.
"""

from dataclasses import dataclass, field

# Places of unknowns, with how often each counts: 1, or -1 where a cell is a difference.
Terms = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Cell:
    """A cell of the table that is to be released.

    `count` is its true value. `is_small`: it must be withheld, or a sum with it. `may_be_withheld`: false for a zero where
    zeros are shown, and for a cell that a person opened. `is_chosen`: a person keeps it back. `loss` is what it costs to
    withhold it.
    """

    terms: Terms
    count: int
    is_small: bool = False
    may_be_withheld: bool = True
    is_chosen: bool = False
    loss: float = 1.0


@dataclass(frozen=True)
class Known:
    """A sum of unknowns of which something is published: it lies from `low` to `high`; None is no upper bound."""

    terms: Terms
    low: int
    high: int | None


@dataclass(frozen=True)
class Guarded:
    """A sum that no release may give away: a cell withheld before, or the difference of two extractions.

    `count` is its true value, `label` how pages name it: the release's number and the cell, never a count. `width` is how far
    apart its bounds must be where an earlier release promised more than this one does, and `sources` are the names of the
    tables that it comes from.
    """

    terms: Terms
    count: int
    label: str
    width: int | None = None
    sources: tuple[int | str, ...] = ()

    def width_beside(self, width: int) -> int:
        """Return how far apart its bounds must be in a puzzle of this width."""
        return width if self.width is None else max(width, self.width)


@dataclass(frozen=True)
class Puzzle:
    """Everything an outsider will know but for what is withheld of the new table.

    `unknowns` are the true values, which only bound how far withholding reaches. `width`: how far apart the bounds of each
    withheld cell must be. `floor`: what an outsider knows of a withheld cell of this table at least, 1 where zeros are shown.
    `known` is what was published before. `told` is what this table says whatever of it is withheld: of a row that it does not
    list, that it is empty. An outsider has both, and before this table `known` alone. `kin` says of each unknown which one it is
    a part of, with others of that number; left empty where nobody knows. Nothing but speed hangs on it.
    """

    unknowns: tuple[int, ...]
    cells: tuple[Cell, ...]
    width: int
    floor: int = 0
    known: tuple[Known, ...] = ()
    guarded: tuple[Guarded, ...] = ()
    told: tuple[Known, ...] = ()
    kin: tuple[int, ...] = ()


# The `low` of a sum that nothing bounds below; only a difference has none.
NO_LOWER = -1_000_000_000


@dataclass(frozen=True)
class Bounds:
    """What an outsider can work out at best: from `low` to `high`; None is no upper bound."""

    low: int
    high: int | None

    @property
    def width(self) -> int | None:
        """Return how far apart they are; None where there is no upper bound."""
        return None if self.high is None else self.high - self.low

    def is_narrower_than(self, width: int) -> bool:
        """Tell whether they are less than `width` apart."""
        return self.width is not None and self.width < width


class Unprotectable(ValueError):
    """Not even withholding every cell that may be protects them all; its text is the sentence to show.

    `cells` and `guarded` are the places of those that stay narrower than they may.
    """

    def __init__(self, sentence: str, *, cells: tuple[int, ...] = (), guarded: tuple[int, ...] = ()) -> None:
        """Keep which cells and guarded sums it is about."""
        super().__init__(sentence)
        self.cells = cells
        self.guarded = guarded


@dataclass(frozen=True)
class Protection:
    """What to withhold, and the proof of it.

    `withheld` are places in the puzzle's cells, `bounds` what an outsider can work out of each of them, `guarded` the same of
    each guarded sum. `pinned_before` and `guarded_before` are the places of cells and of guarded sums that are narrower than
    the width before this table says anything; this table makes none of them narrower. `is_least` tells whether the loss
    was proved to be the least.
    """

    withheld: frozenset[int]
    bounds: dict[int, Bounds]
    guarded: dict[int, Bounds] = field(default_factory=dict)
    pinned_before: frozenset[int] = frozenset()
    guarded_before: frozenset[int] = frozenset()
    is_least: bool = False
