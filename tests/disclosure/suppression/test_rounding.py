"""What a rounded table gives away, and which totals are withheld for it."""

import numpy as np
import pytest

from cr_app.disclosure.suppression.puzzle import Guarded, Known, Unprotectable
from cr_app.disclosure.suppression.rounding import range_of, rounded, totals_to_withhold
from tests.disclosure.suppression.make_puzzle import cube, place, table, terms


def test_counts_become_the_nearest_multiple_of_five_and_an_outsider_knows_two_either_side() -> None:
    assert [rounded(count) for count in (0, 2, 3, 7, 8, 12, 13)] == [0, 0, 5, 5, 10, 10, 15]
    for count in range(60):
        low, high = range_of(count)
        assert low <= count <= high
        assert {rounded(each) for each in range(low, high + 1)} == {rounded(count)}
        assert rounded(high + 1) != rounded(count)
        assert low == 0 or rounded(low - 1) != rounded(count)


def test_a_total_that_pins_a_small_count_is_withheld() -> None:
    counts = ((2, 2), (9, 30))
    protection = totals_to_withhold(table(counts))
    # Two counts rounded to 0 whose total is rounded to 5 are 1 or 2.
    assert protection.withheld == {place(counts, 0, -1)}
    assert all(not bounds.is_narrower_than(2) for bounds in protection.bounds.values())


def test_most_tables_need_nothing_withheld() -> None:
    protection = totals_to_withhold(cube(np.random.default_rng(1).poisson(3, (12, 6))))
    assert not protection.withheld
    assert protection.bounds


def test_a_count_that_was_pinned_before_is_told() -> None:
    counts = ((2, 20), (9, 30))
    protection = totals_to_withhold(table(counts, known=(Known(terms(0), 2, 2),)))
    assert protection.pinned_before == {place(counts, 0, 0)}


def test_a_cell_withheld_before_is_not_given_away_by_rounded_ones() -> None:
    counts = ((3, 20), (9, 30))
    guarded = (Guarded(terms(0), 3, "release 1: A, 2020"),)
    puzzle = table(counts, guarded=guarded)
    protection = totals_to_withhold(puzzle)
    assert place(counts, 0, 0) in protection.withheld
    assert not protection.guarded[0].is_narrower_than(puzzle.width)


def test_it_refuses_where_withholding_totals_is_not_enough() -> None:
    puzzle = table(((3, 20), (9, 30)), guarded=(Guarded(terms(0), 3, "release 1: A, 2020"),))
    cells = [*puzzle.cells]
    cells[0] = type(cells[0])(terms(0), 3, is_small=True, may_be_withheld=False)
    with pytest.raises(Unprotectable) as refused:
        totals_to_withhold(type(puzzle)(puzzle.unknowns, tuple(cells), 5, 1, (), puzzle.guarded))
    assert refused.value.guarded == (0,)
