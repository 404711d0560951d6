"""Random tables as forces have them, and random tables that overlap: a few large rows and many of 0 to 9, or many zeros.

The same seed gives the same story.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tests.disclosure.stories import Axis, Grid, Story, World

Chance = np.random.Generator
# A stretch of time from January to March and one from April to December: both kinds of years are made of them.
STRETCHES_A_YEAR = 2


def flat(count: int) -> Axis:
    """Return labels of one leaf each, and their total."""
    return grouped([(each,) for each in range(count)])


def grouped(leaves: list[tuple[int, ...]]) -> Axis:
    """Return labels that count these leaves, and their total; a single one has none."""
    if len(leaves) == 1:
        return Axis(tuple(leaves))
    everything = tuple(leaf for each in leaves for leaf in each)
    return Axis((*leaves, everything), ((len(leaves), tuple(range(len(leaves)))),))


def nested(chance: Chance, count: int, *, deep: bool = False) -> Axis:
    """Return leaves with subtotals, and their total; where it is `deep`, with subtotals of subtotals."""
    leaves: list[tuple[int, ...]] = [(each,) for each in range(count)]
    sums = []
    level = list(range(count))
    for _ in range(2 if deep else 1):
        above = []
        for part in _cut(chance, len(level)):
            members = tuple(level[each] for each in part)
            if len(members) == 1:
                above.append(members[0])
                continue
            sums.append((len(leaves), members))
            above.append(len(leaves))
            leaves.append(tuple(leaf for each in members for leaf in leaves[each]))
        level = above
    if len(level) > 1:
        sums.append((len(leaves), tuple(level)))
        leaves.append(tuple(range(count)))
    return Axis(tuple(leaves), tuple(sums))


def calendar(years: range) -> Axis:
    """Return calendar years and their total."""
    return grouped([(STRETCHES_A_YEAR * year, STRETCHES_A_YEAR * year + 1) for year in years])


def financial(years: range) -> Axis:
    """Return financial years, which begin in April, and their total."""
    return grouped([(STRETCHES_A_YEAR * year + 1, STRETCHES_A_YEAR * year + 2) for year in years])


def _cut(chance: Chance, count: int) -> list[range]:
    """Return places in parts of one to six."""
    ends = [0]
    while ends[-1] < count:
        ends.append(min(count, ends[-1] + int(chance.integers(1, 7))))
    return [range(*ends[each : each + 2]) for each in range(len(ends) - 1)]


def skewed(chance: Chance, rows: int, stretches: int, *, zeros: float | None = None) -> np.ndarray:
    """Return counts by row and stretch: a few rows are large, many small; `zeros` is the share of rows mostly empty."""
    share = float(chance.choice([0.0, 0.2, 0.5])) if zeros is None else zeros
    size = np.exp(chance.normal(float(chance.choice([0.5, 1.2, 2.0])), 1.5, rows))
    size[chance.random(rows) < share] = 0.25
    trend = np.exp(chance.normal(0, 0.4, stretches))
    counts: np.ndarray = chance.poisson(np.minimum(np.outer(size, trend), 4000))
    return counts


def split(chance: Chance, base: np.ndarray, values: int) -> np.ndarray:
    """Return the same cases by the values of a breakdown."""
    likely = chance.dirichlet(np.full(values, 0.7))
    found: np.ndarray = np.array([[chance.multinomial(int(count), likely) for count in line] for line in base])
    return found


def _sizes(chance: Chance, rows: tuple[int, int], columns: tuple[int, int]) -> tuple[int, int]:
    return int(chance.integers(rows[0], rows[1] + 1)), int(chance.integers(columns[0], columns[1] + 1))


def _tiny(chance: Chance) -> Story:
    rows, columns = _sizes(chance, (2, 4), (1, 3))
    counts = chance.poisson(float(chance.choice([0.8, 2.0, 5.0])), (rows, columns))
    width = int(chance.integers(2, 6))
    floor = int(chance.random() < 0.75)
    return Story("tiny", World(counts), (Grid("table", (flat(rows), flat(columns))),), width=width, floor=floor)


def _tiny_deep(chance: Chance) -> Story:
    """Return three dimensions of two or three each."""
    rows, columns = _sizes(chance, (2, 3), (2, 2))
    counts = chance.poisson(float(chance.choice([1.5, 4.0])), (rows, columns))
    world = World(counts, {"sex": split(chance, counts, int(chance.integers(2, 4)))})
    axes = (flat(rows), flat(columns), flat(world.splits["sex"].shape[2]))
    return Story(
        "tiny, three dimensions", world, (Grid("table", axes, split="sex"),), is_tied=bool(chance.random() < 0.5)
    )


def _two(chance: Chance, rows: tuple[int, int] = (3, 12), columns: tuple[int, int] = (1, 6)) -> Story:
    height, breadth = _sizes(chance, rows, columns)
    grid = Grid("table", (flat(height), flat(breadth)))
    return Story("two dimensions", World(skewed(chance, height, breadth)), (grid,), floor=int(chance.random() < 0.8))


def _nested(chance: Chance, rows: tuple[int, int] = (5, 14), columns: tuple[int, int] = (2, 6)) -> Story:
    height, breadth = _sizes(chance, rows, columns)
    across = flat(breadth) if breadth < 4 or chance.random() < 0.8 else nested(chance, breadth)
    grid = Grid("table", (nested(chance, height, deep=bool(chance.random() < 0.4)), across))
    return Story("subtotals", World(skewed(chance, height, breadth)), (grid,))


def _three(chance: Chance, rows: tuple[int, int] = (2, 5), columns: tuple[int, int] = (2, 4)) -> Story:
    height, breadth = _sizes(chance, rows, columns)
    base = skewed(chance, height, breadth)
    world = World(base, {"sex": split(chance, base, int(chance.integers(2, 5)))})
    down = flat(height) if chance.random() < 0.6 else nested(chance, height)
    axes = (down, flat(breadth), flat(world.splits["sex"].shape[2]))
    tied = bool(chance.random() < 0.5)
    return Story("three dimensions", world, (Grid("table", axes, split="sex"),), is_tied=tied)


def _chosen(chance: Chance) -> Story:
    """Return a table of which a person keeps some cells back, and opens a small one."""
    story = replace(_two(chance, (4, 10), (2, 6)), kind="chosen cells")
    grid = story.grids[0]
    counts = story.counts(grid)
    withheld = [place for place, count in counts.items() if count >= story.width]
    small = [place for place, count in counts.items() if story.is_small(count)]
    chosen = {withheld[each] for each in chance.integers(len(withheld), size=2)} if withheld else set()
    opened = {small[chance.integers(len(small))]} if small and chance.random() < 0.5 else set()
    return replace(story, chosen=frozenset(chosen), opened=frozenset(opened))


def _merged(chance: Chance) -> Story:
    """Return a table whose small rows are combined in one."""
    height, breadth = _sizes(chance, (5, 14), (1, 6))
    counts = skewed(chance, height, breadth)
    order = np.argsort(counts.sum(axis=1))
    merged = tuple(sorted(int(each) for each in order[: int(chance.integers(2, 4))]))
    rows = [(each,) for each in range(height) if each not in merged] + [merged]
    grid = Grid("table", (grouped(rows), flat(breadth)))
    return Story("combined rows", World(counts), (grid,), merged=merged)


def _years(chance: Chance, rows: tuple[int, int] = (3, 10), years: tuple[int, int] = (2, 4)) -> Story:
    """Return calendar years against financial years, in either order."""
    height, count = _sizes(chance, rows, years)
    base = skewed(chance, height, STRETCHES_A_YEAR * count + 1)
    down = flat(height)
    grids = [Grid("calendar", (down, calendar(range(count)))), Grid("financial", (down, financial(range(count))))]
    return Story("calendar and financial years", World(base), _in_any_order(chance, grids))


def _group_and_parts(chance: Chance) -> Story:
    """Return groups of rows against the rows in them."""
    height, breadth = _sizes(chance, (4, 14), (2, 6))
    groups = grouped([tuple(part) for part in _cut(chance, height)])
    across = flat(breadth)
    grids = [Grid("groups", (groups, across)), Grid("parts", (flat(height), across))]
    world = World(skewed(chance, height, breadth))
    return Story("a group and its parts", world, _in_any_order(chance, grids))


def _longer(chance: Chance) -> Story:
    """Return a longer period against a shorter one that its end cuts within a year."""
    height, count = _sizes(chance, (3, 12), (2, 5))
    stretches = STRETCHES_A_YEAR * count
    down = flat(height)
    years = [tuple(range(2 * year, 2 * year + 2)) for year in range(count)]
    shorter = [*years[:-1], (stretches - 2,)]
    grids = [Grid("longer", (down, grouped(years))), Grid("shorter", (down, grouped(shorter)))]
    world = World(skewed(chance, height, stretches))
    return Story("a longer and a shorter period", world, _in_any_order(chance, grids))


def _later(chance: Chance) -> Story:
    """Return the same table twice: the later extraction differs by a few."""
    height, breadth = _sizes(chance, (3, 12), (2, 6))
    base = skewed(chance, height, breadth)
    changes = chance.poisson(0.15, base.shape) - chance.poisson(0.05, base.shape)
    axes = (flat(height), flat(breadth))
    world = World(base, later=np.maximum(base + changes, 0))
    return Story("a later extraction", world, (Grid("first", axes), Grid("second", axes, is_later=True)))


def _two_breakdowns(chance: Chance) -> Story:
    """Return one table broken down in two ways."""
    height, breadth = _sizes(chance, (2, 6), (1, 3))
    base = skewed(chance, height, breadth)
    splits = {name: split(chance, base, int(chance.integers(2, 5))) for name in ("age", "sex")}
    grids = [
        Grid(name, (flat(height), flat(breadth), flat(counts.shape[2])), split=name) for name, counts in splits.items()
    ]
    return Story("two breakdowns", World(base, splits), tuple(grids), is_tied=True)


def _breakdown(chance: Chance) -> Story:
    """Return a table, and then the same broken down."""
    height, breadth = _sizes(chance, (2, 8), (1, 4))
    base = skewed(chance, height, breadth)
    world = World(base, {"sex": split(chance, base, int(chance.integers(2, 4)))})
    axes = (flat(height), flat(breadth))
    grids = (Grid("plain", axes), Grid("sex", (*axes, flat(world.splits["sex"].shape[2])), split="sex"))
    return Story("a table and its breakdown", world, grids, is_tied=True)


def _elsewhere(chance: Chance) -> Story:
    """Return totals that others published, who withheld nothing, against our table."""
    height, breadth = _sizes(chance, (4, 12), (2, 6))
    some = tuple(sorted(int(row) for row in chance.choice(height, size=int(chance.integers(1, height)), replace=False)))
    across = flat(breadth)
    elsewhere = Grid("elsewhere", (Axis((some,)), across), is_rounded=bool(chance.random() < 0.3))
    world = World(skewed(chance, height, breadth))
    grids = (elsewhere, Grid("ours", (flat(height), across)))
    return Story("totals published elsewhere", world, grids, is_elsewhere=True)


def _in_any_order(chance: Chance, grids: list[Grid]) -> tuple[Grid, ...]:
    return tuple(grids if chance.random() < 0.5 else reversed(grids))


SINGLE: dict[str, Callable[[Chance], Story]] = {
    "tiny": _tiny,
    "tiny-deep": _tiny_deep,
    "two": _two,
    "nested": _nested,
    "three": _three,
    "chosen": _chosen,
    "merged": _merged,
}
PAIRS: dict[str, Callable[[Chance], Story]] = {
    "years": _years,
    "parts": _group_and_parts,
    "longer": _longer,
    "later": _later,
    "breakdowns": _two_breakdowns,
    "breakdown": _breakdown,
    "elsewhere": _elsewhere,
}


def _seeded(kind: str, seed: int) -> Chance:
    return np.random.default_rng([seed, *kind.encode()])


def story_of(kind: str, seed: int) -> Story:
    """Return the story of a kind that a seed tells."""
    return {**SINGLE, **PAIRS}[kind](_seeded(kind, seed))


def large(seed: int, *, rows: int, columns: int, is_nested: bool = False) -> Story:
    """Return a large table, as one of all offence types in all years is."""
    chance = _seeded("large", seed)
    make = _nested if is_nested else _two
    return replace(make(chance, (rows, rows), (columns, columns)), kind=f"{rows} by {columns}", floor=1)


def large_three(seed: int, *, rows: int, columns: int) -> Story:
    """Return a large table that is broken down."""
    return _three(_seeded("large three", seed), (rows, rows), (columns, columns))


def large_pair(seed: int, *, rows: int, years: int) -> Story:
    """Return a large table by calendar years and one by financial years."""
    return _years(_seeded("large pair", seed), (rows, rows), (years, years))
