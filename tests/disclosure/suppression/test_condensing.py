"""Fewer unknowns say the same: of a condensed puzzle an outsider works out just what can be worked out of the whole one."""

from dataclasses import replace

import numpy as np
import pytest

from cr_app.disclosure.suppression.attack import bounds_of
from cr_app.disclosure.suppression.condensing import condensed
from cr_app.disclosure.suppression.puzzle import Cell, Guarded, Known, Puzzle, Terms

PLACES, VALUES = 4, 3
Sum = tuple[tuple[int, ...], tuple[int, ...]]


def terms(places: tuple[int, ...], values: tuple[int, ...]) -> Terms:
    """Return the sum of these values of these places."""
    return tuple(sorted((place * VALUES + value, 1) for place in places for value in values))


def split_puzzle(seed: int) -> Puzzle:
    """Return places split by value: a table by value of two groups of places, an earlier table of single places."""
    chance = np.random.default_rng(seed)
    numbers = tuple(int(each) for each in chance.poisson(2, PLACES * VALUES))
    everything = tuple(range(VALUES))

    def cell(places: tuple[int, ...], values: tuple[int, ...]) -> Cell:
        sum_of = terms(places, values)
        return Cell(sum_of, sum(numbers[unknown] for unknown, _ in sum_of))

    groups = ((0, 1), (2, 3), (0, 1, 2, 3))
    cells = tuple(
        cell(places, values) for places in groups for values in (*((each,) for each in everything), everything)
    )
    known = tuple(
        Known(each.terms, each.count, each.count) for each in (cell((place,), everything) for place in range(PLACES))
    )
    guarded = tuple(Guarded(each.terms, each.count, "") for each in (cell((0,), everything), cell((1, 2), everything)))
    kin = tuple(place for place in range(PLACES) for _ in everything)
    kept = tuple(each for each in known if chance.random() < 0.6)
    return Puzzle(numbers, cells, 5, known=kept, guarded=guarded, kin=kin)


def all_bounds(puzzle: Puzzle, withheld: frozenset[int]) -> list[object]:
    """Return what can be worked out of every cell and every guarded sum."""
    sums = [cell.terms for cell in puzzle.cells] + [each.terms for each in puzzle.guarded]
    return [*bounds_of(puzzle, withheld, sums)]


@pytest.mark.parametrize("seed", range(30))
def test_the_same_can_be_worked_out_of_fewer_unknowns(seed: int) -> None:
    puzzle = split_puzzle(seed)
    smaller = condensed(puzzle)
    assert len(smaller.unknowns) < len(puzzle.unknowns)
    chance = np.random.default_rng(seed + 100)
    for _ in range(3):
        withheld = frozenset(place for place in range(len(puzzle.cells)) if chance.random() < 0.5)
        assert all_bounds(smaller, withheld) == all_bounds(puzzle, withheld)


def test_places_that_a_table_tells_apart_by_value_stay_as_they_are() -> None:
    puzzle = split_puzzle(1)
    apart = tuple(
        Guarded(terms((place,), (value,)), puzzle.unknowns[place * VALUES + value], "")
        for place in range(PLACES)
        for value in range(VALUES)
    )
    puzzle = replace(puzzle, guarded=(*puzzle.guarded, *apart))
    assert condensed(puzzle) == puzzle


def test_a_puzzle_of_which_nothing_is_kin_stays_as_it_is() -> None:
    puzzle = replace(split_puzzle(2), kin=())
    assert condensed(puzzle) is puzzle
