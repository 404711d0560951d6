"""Where thousands of counts are watched, quick ways choose what to withhold: it protects all the same."""

from functools import cache

import numpy as np

from cr_app.disclosure.suppression.adding import opened, quickly
from cr_app.disclosure.suppression.attack import bounds_of
from cr_app.disclosure.suppression.choosing import protect
from cr_app.disclosure.suppression.puzzle import Cell, Guarded, Known, Puzzle, Terms
from cr_app.disclosure.suppression.watching import Watch
from tests.disclosure.suppression.make_puzzle import WIDTH, terms

# Rows, stretches of time, values; a published column is of two stretches.
ROWS, TIMES, VALUES, COLUMN = 22, 12, 12, 2
# Of how many withheld cells, and of how many guarded sums, the bounds are worked out.
SAMPLE = 40


@cache
def beside_earlier_tables() -> Puzzle:
    """Return a table by value over time, beside two published before: one by time, the other by value; small pieces are guarded."""
    chance = np.random.default_rng(1)
    counts = np.floor(chance.lognormal(1.3, 0.9, (ROWS, TIMES, VALUES))).astype(int)
    numbers = np.arange(counts.size).reshape(counts.shape)
    known, guarded, cells = list[Known](), list[Guarded](), list[Cell]()

    def told(sum_of: Terms) -> int:
        return int(sum(counts.flat[unknown] for unknown, _ in sum_of))

    for row in range(ROWS):
        published = [*numbers[row], *numbers[row].T]
        for sum_of in (terms(*each.tolist()) for each in published):
            count = told(sum_of)
            if 1 <= count < WIDTH:
                guarded.append(Guarded(sum_of, count, "withheld before"))
            known.append(Known(sum_of, 1, None) if 1 <= count < WIDTH else Known(sum_of, count, count))
        for first in range(0, TIMES, COLUMN):
            for value in range(VALUES):
                sum_of = terms(*numbers[row, first : first + COLUMN, value].tolist())
                count = told(sum_of)
                loss = 1 + count / int(counts.sum())
                cells.append(Cell(sum_of, count, 1 <= count < WIDTH, may_be_withheld=count > 0, loss=loss))
    small = [int(each) for each in numbers.flat if 1 <= counts.flat[each] < WIDTH]
    guarded += [Guarded(terms(each), int(counts.flat[each]), "a piece") for each in small]
    return Puzzle(tuple(map(int, counts.flat)), tuple(cells), WIDTH, 1, tuple(known), tuple(guarded))


def small_of(puzzle: Puzzle) -> frozenset[int]:
    """Return the places of its small counts."""
    return frozenset(place for place, each in enumerate(puzzle.cells) if each.is_small)


def test_a_table_beside_thousands_of_guarded_sums_protects_them_and_itself() -> None:
    puzzle = beside_earlier_tables()
    assert len(puzzle.cells) + len(puzzle.guarded) > 3_000
    assert len(puzzle.unknowns) > 3_000
    found = protect(puzzle)
    assert small_of(puzzle) < found.withheld < frozenset(range(len(puzzle.cells)))
    chance = np.random.default_rng(2)
    cells = chance.choice(sorted(found.withheld), SAMPLE, replace=False)
    pieces = chance.choice(len(puzzle.guarded), SAMPLE, replace=False)
    sums = [puzzle.cells[place].terms for place in cells] + [puzzle.guarded[place].terms for place in pieces]
    assert not any(bounds.is_narrower_than(WIDTH) for bounds in bounds_of(puzzle, found.withheld, sums))
    # With the small counts alone withheld some of them could be worked out: there was something to do.
    alone = bounds_of(
        puzzle, small_of(puzzle), [puzzle.cells[place].terms for place in sorted(small_of(puzzle))[:SAMPLE]]
    )
    assert any(bounds.is_narrower_than(WIDTH) for bounds in alone)


def test_cells_are_opened_again_that_nothing_seen_needs() -> None:
    puzzle = beside_earlier_tables()
    watch = Watch(puzzle, exact_until=-1)
    must, may = small_of(puzzle), frozenset(place for place, each in enumerate(puzzle.cells) if each.may_be_withheld)
    kept = quickly(watch, may, must)
    unsure = watch.seen_unsure(kept)
    assert len(unsure) < len(watch.seen_unsure(must)) / 4
    spare = frozenset(sorted(may - kept)[:20])
    assert opened(watch, must, kept | spare) == kept
    assert watch.seen_unsure(kept) == unsure
