"""An outsider who has every table finds nothing that is withheld: a sample; `make prove` plays two thousand stories.

The attacker is looked at first: it must agree with plain trial, and find what is badly withheld.
"""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from cr_app.disclosure.suppression.choosing import protect
from cr_app.disclosure.suppression.puzzle import Cell, Protection, Puzzle, Unprotectable
from tests.disclosure.attacker import UNTOLD, Attack, Contradiction, Name, Seen, by_trial, told_of
from tests.disclosure.least import least_withheld
from tests.disclosure.playing import Outcome, Protect, play, targets_of
from tests.disclosure.random_tables import PAIRS, SINGLE, large, story_of
from tests.disclosure.stories import Axis, Grid, Story, World, loss_of, puzzle_of, seen_of, whole_of

WIDTH = 5
SMALL = ((1, 2, 50), (2, 1, 40), (30, 20, 10))


def seen_of_square(counts: tuple[tuple[int, ...], ...], withheld: set[tuple[int, int]], *, floor: int = 1) -> Seen:
    """Return what an outsider has of a square of counts with totals, of which some are withheld."""
    size = range(len(counts))
    values: dict[Name, int | None] = {
        (row, column): None if (row, column) in withheld else counts[row][column] for row, column in product(size, size)
    }
    sums: list[tuple[Name, tuple[Name, ...]]] = []
    for each in size:
        sums.append((("row", each), tuple((each, column) for column in size)))
        sums.append((("column", each), tuple((row, each) for row in size)))
        values["row", each] = sum(counts[each])
        values["column", each] = sum(line[each] for line in counts)
    return Seen(told_of(values, floor=floor), sums)


def only_small(puzzle: Puzzle) -> Protection:
    """Withhold small counts, and nothing to protect them: what the desk must never do."""
    return Protection(frozenset(place for place, cell in enumerate(puzzle.cells) if cell.is_small), {})


def two_a_line(puzzle: Puzzle) -> Protection:
    """Withhold cells until each line of a flat table has none or two of them: what desks do by hand."""
    withheld = set(only_small(puzzle).withheld)
    reached = [frozenset(place for place, _ in cell.terms) for cell in puzzle.cells]
    lines = [
        [part for part, covered in enumerate(reached) if len(covered) == 1 and covered <= total]
        for total in reached
        if len(total) > 1
    ]
    changed = True
    while changed:
        changed = False
        for line in lines:
            if sum(place in withheld for place in line) == 1:
                others = [place for place in line if place not in withheld and puzzle.cells[place].may_be_withheld]
                withheld |= {min(others, key=lambda place: puzzle.cells[place].count)} if others else set()
                changed = changed or bool(others)
    return Protection(frozenset(withheld), {})


def played(kind: str, seed: int, by: Protect = protect) -> Outcome:
    return play(story_of(kind, seed), by, refusal=Unprotectable)


def test_the_attacker_finds_what_two_withheld_counts_a_line_give_away() -> None:
    withheld = {(0, 0), (0, 1), (1, 0), (1, 1)}
    seen = seen_of_square(SMALL, withheld)
    # Each line has two of them, and yet each is 1 or 2.
    assert Attack(seen).narrow(sorted(withheld), WIDTH) == dict.fromkeys(sorted(withheld), (1, 2))
    # The control: with the large ones beside them nothing is narrow.
    everything = set(product(range(3), range(3)))
    assert Attack(seen_of_square(SMALL, everything)).narrow(sorted(everything), WIDTH) == {}


def test_the_attacker_knows_that_a_withheld_count_is_no_zero_where_zeros_are_shown() -> None:
    withheld = {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert Attack(seen_of_square(SMALL, withheld, floor=0)).bounds((0, 0)) == (0, 3)
    assert Attack(seen_of_square(SMALL, withheld)).bounds((0, 0)) == (1, 2)


def test_the_attacker_minds_that_counts_are_whole() -> None:
    """Two pairs that each have 3 in three of four make 6 times a half; whole numbers leave less."""
    names: tuple[Name, ...] = (("a",), ("b",), ("c",))
    told: dict[Name, tuple[int, int | None]] = {("ab",): (1, 1), ("bc",): (1, 1), ("ac",): (0, 1)}
    told |= dict.fromkeys(names, UNTOLD)
    sums: list[tuple[Name, tuple[Name, ...]]] = [
        (("ab",), (("a",), ("b",))),
        (("bc",), (("b",), ("c",))),
        (("ac",), (("a",), ("c",))),
    ]
    seen = Seen(told, sums)
    # a is c, so that a and c are 0 or 1 together, and 1 at most in sum: halves would do, whole numbers are 0.
    attack = Attack(seen)
    assert attack.whole_bounds(("a",)) == by_trial(seen, ("a",)) == (0, 0)
    assert attack.whole_bounds(("b",)) == by_trial(seen, ("b",)) == (1, 1)


def test_the_attacker_refuses_tables_that_cannot_be() -> None:
    seen = seen_of_square(SMALL, {(0, 0)})
    with pytest.raises(Contradiction):
        Attack(Seen({**seen.told, ("row", 2): (61, 61)}, seen.sums))
    with pytest.raises(Contradiction):
        Attack(Seen({**seen.told, ("row", 0): (2, 2)}, seen.sums)).bounds((0, 0))


@pytest.mark.parametrize("kind", ["tiny", "tiny-deep"])
def test_the_attacker_and_plain_trial_find_the_same(kind: str) -> None:
    compared = 0
    for seed in range(12):
        story = story_of(kind, seed)
        withheld = [
            frozenset(place for place, count in story.counts(story.grids[0]).items() if story.floor <= count < limit)
            for limit in (story.width, 2 * story.width)
        ]
        for each in withheld:
            seen = seen_of(story, [each])
            attack = Attack(seen)
            for place in sorted(each)[:6]:
                assert attack.whole_bounds(("table", *place)) == by_trial(seen, ("table", *place)), (kind, seed, place)
                compared += 1
    assert compared > 40


@pytest.mark.parametrize("careless", [only_small, two_a_line])
def test_a_desk_that_withholds_too_little_is_caught(careless: Protect) -> None:
    outcomes = [played("two", seed, careless) for seed in range(8)]
    assert sum(bool(outcome.narrow) for outcome in outcomes) >= 4


@pytest.mark.parametrize("kind", ["years", "parts", "longer"])
def test_tables_that_are_safe_by_themselves_are_caught_together(kind: str) -> None:
    caught = 0
    for seed in range(27, 30):
        story = story_of(kind, seed)
        alone = [play(replace(story, grids=(grid,)), protect, refusal=Unprotectable) for grid in story.grids]
        assert not any(outcome.narrow for outcome in alone)
        withheld = [outcome.withheld[0] for outcome in alone]
        caught += bool(Attack(seen_of(story, withheld)).narrow(targets_of(story, withheld), story.width))
    assert caught >= 2


# Seeds of the sample: fewer, or smaller tables, where a choice takes long.
SAMPLE = {"three": (3,), "merged": (1001,), "breakdowns": (1001,), "nested": (1000,)}


@pytest.mark.parametrize("kind", [*SINGLE, *PAIRS])
def test_nothing_withheld_can_be_worked_out_too_closely(kind: str) -> None:
    targets = 0
    for seed in SAMPLE.get(kind, (1000, 1001)):
        outcome = played(kind, seed)
        assert not outcome.narrow, (seed, outcome.narrow)
        assert not outcome.wrong, (seed, outcome.wrong)
        targets += outcome.targets
    assert targets > 3


def test_nothing_can_be_worked_out_of_a_table_of_thirty_rows_and_ten_years() -> None:
    outcome = play(large(7, rows=30, columns=10), protect, refusal=Unprotectable)
    assert outcome.narrow == {}
    assert outcome.wrong == []
    assert outcome.targets > 30


@pytest.mark.parametrize("kind", ["two", "tiny-deep", "merged", "parts"])
def test_the_bounds_that_the_desk_is_shown_are_those_that_an_outsider_finds(kind: str) -> None:
    compared = 0
    for seed in range(2000, 2002):
        outcome = played(kind, seed)
        if outcome.refused or not outcome.protections:
            continue
        number = len(outcome.story.grids) - 1
        places = list(outcome.story.grids[number].places())
        attack = Attack(seen_of(outcome.story, outcome.withheld))
        for place, bounds in outcome.protections[-1].bounds.items():
            found = attack.bounds((outcome.story.grids[number].name, *places[place]))
            assert (bounds.low, bounds.high) == found, (kind, seed, places[place])
            compared += 1
    assert compared > 1


def test_what_is_withheld_of_small_tables_is_near_the_least() -> None:
    ratios = []
    for seed in range(3000, 3012):
        story = story_of("two", seed)
        whole = whole_of(story)
        if not whole.must or len(whole.values) > 50:
            continue
        outcome = play(story, protect, refusal=Unprotectable)
        least = sum(whole.loss[name] for name in least_withheld(whole))
        found = sum(whole.loss["table", *place] for place in outcome.withheld[0])
        assert found >= least - 1e-6
        ratios.append(found / least)
    assert len(ratios) > 2
    assert sum(ratios) / len(ratios) < 1.15


def test_the_exact_search_finds_the_least_of_a_table_that_is_known() -> None:
    """One small count in a square: it, one beside it, one below it and the one across from them."""
    counts = ((3, 20, 30), (20, 9, 40), (30, 40, 50))
    axis = Axis(((0,), (1,), (2,), (0, 1, 2)), ((3, (0, 1, 2)),))
    story = Story("known", World(np.array(counts)), (Grid("table", (axis, axis)),))
    assert least_withheld(whole_of(story)) == {("table", *place) for place in product((0, 1), (0, 1))}
    puzzle, places = puzzle_of(story, 0, [])
    assert {places[each] for each in protect(puzzle).withheld} == set(product((0, 1), (0, 1)))
    assert puzzle.cells[0] == Cell(((0, 1),), 3, is_small=True, loss=loss_of(3, 968 / 16))
