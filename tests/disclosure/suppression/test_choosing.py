"""What is withheld protects, and loses no more than it must."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from cr_app.disclosure.suppression.attack import bounds_of
from cr_app.disclosure.suppression.choosing import Work, could_be_shown, protect
from cr_app.disclosure.suppression.puzzle import Bounds, Cell, Guarded, Known, Protection, Puzzle, Unprotectable
from cr_app.disclosure.suppression.solver import Unsolved
from tests.disclosure.suppression.make_puzzle import WIDTH, cell, cube, place, table, terms

LARGE = ((3, 40, 52), (31, 44, 60), (25, 37, 48))


def is_safe(puzzle: Puzzle, withheld: frozenset[int]) -> bool:
    """Tell whether every withheld cell and guarded sum is wide, where nothing was known before."""
    targets = [puzzle.cells[number].terms for number in sorted(withheld)] + [each.terms for each in puzzle.guarded]
    return not any(found.is_narrower_than(puzzle.width) for found in bounds_of(puzzle, withheld, targets))


def loss(puzzle: Puzzle, withheld: frozenset[int]) -> float:
    """Return what is lost by what is withheld."""
    return math.fsum(puzzle.cells[number].loss for number in withheld)


def cheaper(puzzle: Puzzle, most: float) -> Iterator[frozenset[int]]:
    """Yield every choice that withholds all small counts and loses less than `most`."""
    small = {number for number, each in enumerate(puzzle.cells) if each.is_small}
    others = [number for number, each in enumerate(puzzle.cells) if each.may_be_withheld and number not in small]
    for size in range(len(others) + 1):
        for more in itertools.combinations(others, size):
            choice = frozenset(small | set(more))
            if loss(puzzle, choice) < most - 1e-9:
                yield choice


def test_a_single_small_count_takes_others_with_it() -> None:
    puzzle = table(LARGE)
    protection = protect(puzzle)
    assert place(LARGE, 0, 0) in protection.withheld
    assert len(protection.withheld) > 1
    assert is_safe(puzzle, protection.withheld)
    assert not is_safe(puzzle, frozenset({place(LARGE, 0, 0)}))


def test_what_protects_others_could_not_be_shown_and_what_is_withheld_besides_could() -> None:
    puzzle = table(LARGE)
    withheld = protect(puzzle).withheld
    spare = next(number for number, each in enumerate(puzzle.cells) if number not in withheld)
    others = withheld - {place(LARGE, 0, 0)}
    assert could_be_shown(puzzle, withheld, others) == frozenset()
    assert could_be_shown(puzzle, withheld | {spare}, others | {spare}) >= {spare}


@pytest.mark.parametrize(
    "counts", [((1, 1, 9), (7, 20, 30)), ((2, 0, 0), (0, 9, 8)), ((1, 9), (7, 8)), ((4, 4), (4, 4))]
)
@pytest.mark.parametrize("floor", [0, 1])
def test_no_choice_that_loses_less_is_safe(counts: Sequence[Sequence[int]], floor: int) -> None:
    puzzle = table(counts, floor=floor)
    protection = protect(puzzle)
    assert protection.is_least
    assert is_safe(puzzle, protection.withheld)
    assert not any(is_safe(puzzle, choice) for choice in cheaper(puzzle, loss(puzzle, protection.withheld)))


def test_a_table_that_nothing_protects_is_refused() -> None:
    opened = Cell(terms(1), 9, may_be_withheld=False)
    puzzle = Puzzle(
        (3, 9), (Cell(terms(0), 3, is_small=True), opened, Cell(terms(0, 1), 12, may_be_withheld=False)), WIDTH
    )
    with pytest.raises(Unprotectable, match="worked out too closely") as refused:
        protect(puzzle)
    assert refused.value.cells == (0,)


@pytest.mark.parametrize("seed", range(9))
def test_random_tables_of_two_and_three_dimensions_are_safe(seed: int) -> None:
    chance = np.random.default_rng(seed)
    shape = ((6, 5), (9, 4), (3, 2, 2))[seed % 3]
    counts = chance.poisson(chance.choice([0.3, 1, 3, 8, 25], shape))
    puzzle = cube(counts, floor=seed // 3 % 2)
    protection = protect(puzzle)
    assert is_safe(puzzle, protection.withheld)
    assert protection.bounds == dict(
        zip(
            sorted(protection.withheld),
            bounds_of(puzzle, protection.withheld, [puzzle.cells[each].terms for each in sorted(protection.withheld)]),
            strict=True,
        )
    )
    assert {number for number, each in enumerate(puzzle.cells) if each.is_small} <= protection.withheld
    assert all(puzzle.cells[number].may_be_withheld for number in protection.withheld)


def test_little_work_still_gives_a_safe_answer() -> None:
    counts = np.random.default_rng(5).poisson(12, (5, 5))
    counts[0, 0] = counts[3, 3] = 2
    puzzle = cube(counts)
    thorough, hasty = protect(puzzle), protect(puzzle, work=Work(fraction_rounds=0, whole_rounds=0, nodes=1, effort=0))
    assert is_safe(puzzle, hasty.withheld)
    assert not hasty.is_least
    assert loss(puzzle, thorough.withheld) <= loss(puzzle, hasty.withheld)


def test_subtotals_of_three_levels_are_kept_in_mind() -> None:
    unknowns = (2, 30, 44, 51, 26, 38, 60, 72)
    sums = [*([each] for each in range(8)), *([each, each + 1] for each in (0, 2, 4, 6)), [0, 1, 2, 3], [4, 5, 6, 7]]
    cells = tuple(cell(unknowns, terms(*each), everything=sum(unknowns)) for each in [*sums, range(8)])
    puzzle = Puzzle(unknowns, cells, WIDTH, 1)
    protection = protect(puzzle)
    assert 0 in protection.withheld
    assert is_safe(puzzle, protection.withheld)
    # Its neighbour, or the subtotal of both with something further up: the cheapest is the neighbour.
    assert protection.withheld == {0, 1}


def test_what_a_person_decided_stands() -> None:
    puzzle = table(LARGE)
    opened = place(LARGE, 0, 1)
    kept = place(LARGE, 2, 2)
    cells = list(puzzle.cells)
    cells[opened] = replace(cells[opened], may_be_withheld=False)
    cells[kept] = replace(cells[kept], is_chosen=True)
    decided = replace(puzzle, cells=tuple(cells))
    protection = protect(decided)
    assert kept in protection.withheld
    assert opened not in protection.withheld
    assert is_safe(decided, protection.withheld)


def test_zeros_that_are_shown_are_never_withheld_and_others_may_be() -> None:
    counts = ((3, 0, 12), (0, 9, 14), (6, 11, 20))
    shown, hidden = protect(table(counts)), protect(table(counts, floor=0))
    assert place(counts, 0, 1) not in shown.withheld
    assert place(counts, 0, 1) in hidden.withheld


def test_an_earlier_release_that_pins_a_cell_is_told_and_not_made_worse() -> None:
    counts = ((3, 40), (31, 44))
    free = protect(table(counts, floor=0))
    pinned = protect(table(counts, floor=0, known=(Known(terms(0), 2, 4),)))
    assert not free.pinned_before
    assert pinned.pinned_before == {place(counts, 0, 0)}
    assert pinned.bounds[place(counts, 0, 0)] == Bounds(2, 4)


def test_a_table_that_would_narrow_what_is_pinned_already_is_refused() -> None:
    known = (Known(terms(0), 0, 2),)
    unknowns = (2, 30)
    cells = tuple(cell(unknowns, each) for each in (terms(0), terms(1)))
    with pytest.raises(Unprotectable) as refused:
        protect(Puzzle(unknowns, cells, WIDTH, 1, known))
    assert refused.value.cells == (0,)
    assert protect(Puzzle(unknowns, cells, WIDTH, 0, known)).pinned_before == {0}


def test_a_cell_withheld_before_is_guarded_by_withholding_now() -> None:
    unknowns = (3, 9, 20)
    # Before: the first two together, the first withheld. Now: the second, and the third.
    known, guarded = (Known(terms(0, 1), 12, 12),), (Guarded(terms(0), 3, "release 1: A, 2020"),)
    cells = tuple(cell(unknowns, each) for each in (terms(1), terms(2)))
    protection = protect(Puzzle(unknowns, cells, WIDTH, 1, known, guarded))
    assert protection.withheld == {0}
    assert not protection.guarded[0].is_narrower_than(WIDTH)
    assert not protection.guarded_before
    assert not protect(Puzzle(unknowns, cells, WIDTH, 1, known)).withheld


def test_the_difference_of_two_extractions_is_guarded() -> None:
    unknowns = (14, 2)
    later = Cell(terms(0, 1), 16, is_small=True, loss=1.1)
    known, guarded = (Known(terms(0), 14, 14),), (Guarded(((0, -1), (0, 1), (1, 1)), 2, "difference from release 1"),)
    protection = protect(Puzzle(unknowns, (later,), WIDTH, 0, known, guarded))
    assert protection.withheld == {0}
    assert protection.guarded[0].width is None


def test_a_guarded_sum_that_was_narrow_before_is_told() -> None:
    unknowns = (3, 9)
    protection = protect(
        Puzzle(unknowns, (cell(unknowns, terms(1)),), WIDTH, 1, (Known(terms(0), 2, 4),), (Guarded(terms(0), 3, ""),))
    )
    assert protection == Protection(frozenset(), {}, {0: Bounds(2, 4)}, guarded_before=frozenset({0}), is_least=True)


@pytest.mark.parametrize("counts", [((0, 0), (0, 0)), ((50,),), ((9, 8), (7, 6))])
def test_a_table_without_a_small_count_withholds_nothing(counts: Sequence[Sequence[int]]) -> None:
    assert protect(table(counts)) == Protection(frozenset(), {}, is_least=True)


def test_an_empty_table_and_one_of_a_single_cell_have_answers() -> None:
    assert not protect(Puzzle((), (), WIDTH)).withheld
    protection = protect(Puzzle((3,), (Cell(terms(0), 3, is_small=True),), WIDTH, 1))
    assert protection.bounds == {0: Bounds(1, None)}


def test_the_same_puzzle_gives_the_same_answer() -> None:
    puzzle = cube(np.random.default_rng(3).poisson(4, (12, 8)))
    assert protect(puzzle) == protect(puzzle)


def test_where_the_work_allowed_ends_a_choice_that_is_proved_safe_is_the_answer() -> None:
    chance = np.random.default_rng(5)
    counts = chance.poisson(chance.choice([1, 4, 30], (9, 7))).tolist()
    puzzle = table(counts)
    small = frozenset(number for number, each in enumerate(puzzle.cells) if each.is_small)
    usual = protect(puzzle)
    cut_short = 0
    for most in (20_000, 40_000, 60_000, 80_000, 120_000):
        try:
            found = protect(puzzle, work=Work(most=most))
        except Unsolved:
            continue
        assert found.withheld >= small
        assert is_safe(puzzle, found.withheld)
        cut_short += loss(puzzle, found.withheld) > loss(puzzle, usual.withheld)
    assert usual.is_least
    assert cut_short
