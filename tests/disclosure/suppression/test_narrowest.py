"""The narrowest interval is found, and hangs on nothing that is withheld."""

import numpy as np
import pytest

from cr_app.disclosure.suppression.attack import bounds_of
from cr_app.disclosure.suppression.narrowest import least_width
from tests.disclosure.suppression.make_puzzle import table


@pytest.mark.parametrize("seed", range(12))
def test_it_is_the_least_of_all_widths(seed: int) -> None:
    counts = np.random.default_rng(seed).poisson(4, (5, 4)).tolist()
    puzzle = table(counts)
    withheld = frozenset(np.flatnonzero(np.random.default_rng(seed).random(len(puzzle.cells)) < 0.6).tolist())
    kept = frozenset(place for place in withheld if puzzle.cells[place].count >= puzzle.floor)
    sums = [puzzle.cells[place].terms for place in sorted(kept)]
    widths = [each.width for each in bounds_of(puzzle, kept, sums)]
    assert least_width(puzzle, kept, sums) == min((each for each in widths if each is not None), default=None)


def test_two_tables_that_look_the_same_have_the_same_narrowest_interval() -> None:
    one, other = ((3, 1, 2), (2, 4, 8), (5, 5, 9)), ((2, 2, 2), (3, 3, 8), (5, 5, 9))
    withheld = frozenset({0, 1, 4, 5})
    tables = [table(one), table(other)]
    shown = [[cell.count for place, cell in enumerate(each.cells) if place not in withheld] for each in tables]
    assert shown[0] == shown[1]
    widths = {least_width(each, withheld, [each.cells[place].terms for place in sorted(withheld)]) for each in tables}
    assert len(widths) == 1


def test_of_nothing_there_is_no_interval() -> None:
    assert least_width(table(((3, 4), (5, 6))), frozenset(), []) is None
