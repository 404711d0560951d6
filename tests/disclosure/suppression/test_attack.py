"""What an outsider can work out of a table, and that it is exactly that."""

import itertools

import pytest

from cr_app.disclosure.suppression.attack import Outsider, bounds_of
from cr_app.disclosure.suppression.puzzle import NO_LOWER, Bounds, Cell, Known, Puzzle
from tests.disclosure.suppression.make_puzzle import place, table, terms

COUNTS = ((3, 4, 9), (2, 8, 1))


def test_one_withheld_count_in_a_line_comes_out_exactly() -> None:
    puzzle = table(COUNTS)
    withheld = frozenset({place(COUNTS, 0, 0)})
    assert bounds_of(puzzle, withheld, [terms(0)]) == [Bounds(3, 3)]


def test_a_withheld_total_that_equals_its_number_of_ones_is_no_secret_where_zeros_are_shown() -> None:
    counts = ((1, 1), (30, 40))
    withheld = frozenset({place(counts, 0, 0), place(counts, 0, 1), place(counts, 1, 0), place(counts, 1, 1)})
    shown, hidden = (bounds_of(table(counts, floor=floor), withheld, [terms(0)])[0] for floor in (1, 0))
    assert (shown, hidden) == (Bounds(1, 1), Bounds(0, 2))


def test_what_nothing_bounds_has_no_upper_bound_and_a_difference_no_lower() -> None:
    puzzle = Puzzle((3, 4), (Cell(terms(0), 3), Cell(terms(1), 4)), 5)
    difference = ((0, 1), (1, -1))
    assert bounds_of(puzzle, frozenset({0, 1}), [terms(0), difference]) == [Bounds(0, None), Bounds(NO_LOWER, None)]
    assert bounds_of(puzzle, frozenset({1}), [difference]) == [Bounds(NO_LOWER, 3)]


def test_an_earlier_release_bounds_what_this_table_withholds() -> None:
    cells = (Cell(terms(0), 3, is_small=True), Cell(terms(0, 1), 12))
    free = Puzzle((3, 9), cells, 5)
    told = Puzzle((3, 9), cells, 5, known=(Known(terms(1), 8, 10),))
    assert bounds_of(free, frozenset({0}), [terms(0)]) == [Bounds(0, 12)]
    assert bounds_of(told, frozenset({0}), [terms(0)]) == [Bounds(2, 4)]


@pytest.mark.parametrize("withheld", [{0, 1, 3, 4}, {0, 1, 2, 3}, {0, 2, 3, 5, 8}, {0, 1, 2, 3, 4, 5, 6, 7, 8}])
@pytest.mark.parametrize("floor", [0, 1])
def test_bounds_are_those_of_all_tables_that_agree(withheld: set[int], floor: int) -> None:
    counts = ((2, 1), (3, 4))
    known = (Known(terms(0, 3), 6, 7),)
    puzzle = table(counts, floor=floor, known=known)
    agreeing = [
        sums
        for unknowns in itertools.product(range(13), repeat=4)
        if 6 <= unknowns[0] + unknowns[3] <= 7
        for sums in [[sum(unknowns[unknown] for unknown, _ in each.terms) for each in puzzle.cells]]
        if all(
            value >= floor if number in withheld else value == puzzle.cells[number].count
            for number, value in enumerate(sums)
        )
    ]
    found = bounds_of(puzzle, frozenset(withheld), [each.terms for each in puzzle.cells])
    for number, bounds in enumerate(found):
        seen = [sums[number] for sums in agreeing]
        assert bounds.low == min(seen)
        assert bounds.high == max(seen) or bounds.high is None or max(seen) >= 12


def test_a_puzzle_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="not the sum"):
        bounds_of(Puzzle((3,), (Cell(terms(0), 4),), 5), frozenset(), [])
    with pytest.raises(ValueError, match="not true"):
        bounds_of(Puzzle((3,), (), 5, known=(Known(terms(0), 4, None),)), frozenset(), [])


def test_what_a_table_tells_besides_its_cells_is_not_known_before_it() -> None:
    # Two counts of which the sum was published: by a row that it leaves out a table tells that the other one is empty.
    puzzle = Puzzle((3, 0), (), 5, known=(Known(((0, 1), (1, 1)), 3, 3),), told=(Known(((1, 1),), 0, 0),))
    outsider = Outsider(puzzle)
    outsider.see(None)
    assert outsider.bounds(((0, 1),)) == Bounds(0, 3)
    outsider.see(frozenset())
    assert outsider.bounds(((0, 1),)) == Bounds(3, 3)
