"""Many counts are moved at once, within what is published; and work that is more than allowed ends in a refusal, not a guess."""

import numpy as np
import pytest

from cr_app.disclosure.suppression.attack import Outsider
from cr_app.disclosure.suppression.choosing import Work, protect
from cr_app.disclosure.suppression.rounding import range_of
from cr_app.disclosure.suppression.solver import Meter, Unsolved, matrix_of
from cr_app.disclosure.suppression.spreading import Spread
from cr_app.disclosure.suppression.watching import Watch
from tests.disclosure.suppression.make_puzzle import table

COUNTS = tuple(tuple((3 * row + 5 * column) % 11 + 1 for column in range(6)) for row in range(7))


def test_one_programme_moves_many_counts_as_far_as_they_must_go() -> None:
    puzzle = table(COUNTS)
    single = np.array([place for place, cell in enumerate(puzzle.cells) if len(cell.terms) == 1])
    outsider = Outsider(puzzle)
    withheld = frozenset(single.tolist())
    sums = matrix_of([cell.terms for cell in puzzle.cells], len(puzzle.unknowns))
    spread = Spread(outsider.statements, sums, outsider.truth, Meter())
    found = spread.moved(single, np.where(np.arange(len(single)) % 2, 5.0, -5.0), outsider.said(withheld))
    assert found is not None
    assert outsider.agrees(found, withheld)
    assert np.sum(np.abs(sums.times(found) - sums.times(outsider.truth))[single] >= 2) > len(single) / 2


@pytest.mark.parametrize("is_rounded", [False, True])
def test_looking_for_many_at_once_finds_narrow_just_what_looking_one_by_one_does(is_rounded: bool) -> None:
    puzzle = table(COUNTS)
    ranges = np.array([range_of(cell.count) for cell in puzzle.cells], np.float64)
    shown = (ranges[:, 0].copy(), ranges[:, 1].copy()) if is_rounded else None
    chance = np.random.default_rng(3)
    for _ in range(6):
        withheld = frozenset(place for place in range(len(puzzle.cells)) if chance.random() < 0.6)
        together = Watch(puzzle, shown=shown).narrow(withheld)
        alone = Watch(puzzle, shown=shown)
        assert len(withheld) > 12
        assert together == [place for place in sorted(withheld) if alone.narrow(withheld, among=frozenset({place}))]


def test_where_the_work_allowed_does_not_prove_it_there_is_no_answer() -> None:
    assert protect(table(COUNTS)).withheld
    with pytest.raises(Unsolved):
        protect(table(COUNTS), work=Work(most=10.0))
