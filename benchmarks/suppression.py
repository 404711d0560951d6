"""What withholding takes, and how near the least it comes: `python -m benchmarks.suppression`, written to benchmarks/results/.

Time of this process alone (processor seconds), so that what else the machine does counts little. Small tables are compared
with an exact search written apart from the suppressor, in tests/disclosure/least.py.
"""

import argparse
import json
import math
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from cr_app.disclosure.suppression.attack import bounds_of
from cr_app.disclosure.suppression.choosing import protect
from cr_app.disclosure.suppression.puzzle import Cell, Guarded, Known, Protection, Puzzle, Terms
from tests.disclosure.least import TooLarge, Whole, least_withheld
from tests.disclosure.suppression.make_puzzle import cube

RESULTS = Path(__file__).parent / "results"
THRESHOLD = 5
LARGE = ((30, 13, 2.0), (180, 13, 20.0))
SMALL = ((4, 3), (5, 4), (6, 4))
# Rows, years and values of a breakdown, and of how many years an earlier table told without it.
BROKEN_DOWN = (((10, 10, 3), 0), ((10, 10, 8), 0), ((30, 13, 2), 0), ((10, 10, 3), 3), ((30, 13, 2), 5))
BROKEN_DOWN_AIM = 15.0


def main() -> None:
    """Measure, print, and write unless asked to be quick."""
    parser = argparse.ArgumentParser(prog="benchmarks.suppression", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two tables of each kind, and write nothing")
    quick = parser.parse_args().quick
    large = [measure_large(rows, columns, aim, 2 if quick else 10) for rows, columns, aim in LARGE]
    small = [measure_small(rows, columns, 2 if quick else 40) for rows, columns in SMALL]
    deep = [measure_broken_down(shape, years, 1 if quick else 3) for shape, years in BROKEN_DOWN]
    results = {"on": time.strftime("%Y-%m-%d"), "large": large, "broken_down": deep, "small": small}
    told = told_of(results)
    sys.stdout.write(told)
    if not quick:
        (RESULTS / "suppression.json").write_text(json.dumps(results, indent=2) + "\n")
        (RESULTS / "suppression.md").write_text(told)


def measure_large(rows: int, columns: int, aim: float, tables: int) -> dict[str, Any]:
    """Protect tables of a few large rows and many small ones, with totals; look at each again as an outsider."""
    puzzles = [puzzle_of(counts_of(rows, columns, seed)) for seed in range(tables)]
    return {"table": f"{rows} × {columns}", "aim": aim, **_measured(puzzles)}


def measure_broken_down(shape: tuple[int, int, int], years: int, tables: int) -> dict[str, Any]:
    """Protect tables that are broken down, with all totals, some beside an earlier table that was not."""
    name = " × ".join(map(str, shape)) + (f", {years} years told before" if years else "")
    puzzles = [broken_down(shape, years, seed) for seed in range(tables)]
    return {"table": name, "aim": BROKEN_DOWN_AIM, **_measured(puzzles)}


def _measured(puzzles: list[Puzzle]) -> dict[str, Any]:
    seconds, added, proved, worst = [], [], 0, math.inf
    for puzzle in puzzles:
        began = time.process_time()
        protection = protect(puzzle)
        seconds.append(time.process_time() - began)
        added.append(len(protection.withheld) - sum(cell.is_small for cell in puzzle.cells))
        proved += protection.is_least
        worst = min(worst, _narrowest(puzzle, protection))
    return {
        "tables": len(puzzles),
        "small": round(statistics.mean(sum(cell.is_small for cell in puzzle.cells) for puzzle in puzzles)),
        "seconds": [round(min(seconds), 2), round(statistics.median(seconds), 2), round(max(seconds), 2)],
        "added": [min(added), statistics.median(added), max(added)],
        "proved": proved,
        "narrowest": worst,
    }


def measure_small(rows: int, columns: int, tables: int) -> dict[str, Any]:
    """Compare the loss with the least that an exact search finds."""
    over, proved, cells, most = [], 0, 0, 0
    for seed in range(tables):
        counts = np.random.default_rng(seed).poisson(
            np.random.default_rng(seed).choice([1, 4, 12, 40], (rows, columns))
        )
        puzzle = puzzle_of(counts)
        protection = protect(puzzle)
        proved += protection.is_least
        try:
            least = least_withheld(_whole(puzzle, rows, columns))
        except TooLarge:
            continue
        best = [puzzle.cells[int(name[0])] for name in least]
        ours = [puzzle.cells[place] for place in protection.withheld]
        wanted = math.fsum(cell.loss for cell in best)
        over.append(math.fsum(cell.loss for cell in ours) / wanted - 1 if wanted else 0.0)
        cells += len(ours) - len(best)
        most += len(best)
    return {
        "rows": rows,
        "columns": columns,
        "tables": tables,
        "compared": len(over),
        "over": [round(100 * statistics.mean(over), 2), round(100 * max(over), 2)],
        "cells_more": cells,
        "cells": most,
        "proved": proved,
    }


def counts_of(rows: int, columns: int, seed: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.int64]]":
    """Return counts as a force has them: a few offences make up most, and most years of most others are below ten."""
    chance = np.random.default_rng(seed)
    rates = np.exp(chance.normal(0, 2.2, rows)) * 3
    return chance.poisson(rates[:, np.newaxis] * chance.uniform(0.5, 1.5, columns))


def broken_down(shape: tuple[int, int, int], years: int, seed: int) -> Puzzle:
    """Return a table that is broken down, beside an earlier one of the same rows and of its first years."""
    rows, columns, values = shape
    chance = np.random.default_rng(seed)
    likely = chance.dirichlet(np.full(values, 2.0))
    counts = np.array(
        [[chance.multinomial(int(count), likely) for count in row] for row in counts_of(rows, columns, seed)]
    )
    puzzle = cube(counts)
    if not years:
        return puzzle
    number = np.arange(counts.size).reshape(shape)
    earlier = puzzle_of(counts[:, :years].sum(axis=2))
    withheld = protect(earlier).withheld
    known, guarded = [], []
    for place, cell in enumerate(earlier.cells):
        terms: Terms = tuple(
            (int(each), 1) for unknown, _ in cell.terms for each in number[unknown // years, unknown % years]
        )
        is_open = place in withheld
        known.append(Known(terms, 1, None) if is_open else Known(terms, cell.count, cell.count))
        if is_open:
            guarded.append(Guarded(terms, cell.count, f"earlier {place}"))
    # Beside an earlier table zeros that are shown may tell too much: they are withheld where that protects.
    both = cube(counts, known=tuple(known), guarded=tuple(guarded))
    return replace(both, floor=0, cells=tuple(replace(cell, may_be_withheld=True) for cell in both.cells))


def puzzle_of(counts: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]") -> Puzzle:
    """Return a table of rows and columns with totals, zeros shown."""
    rows, columns = counts.shape
    number = np.arange(counts.size).reshape(counts.shape)
    everything = max(1, int(counts.sum()))
    cells = []
    for row in [*range(rows), slice(None)]:
        for column in [*range(columns), slice(None)]:
            count = int(counts[row, column].sum())
            cells.append(
                Cell(
                    tuple((int(each), 1) for each in np.atleast_1d(number[row, column]).ravel()),
                    count,
                    is_small=0 < count < THRESHOLD,
                    may_be_withheld=count > 0,
                    loss=1 + count / everything,
                )
            )
    return Puzzle(tuple(int(count) for count in counts.flat), tuple(cells), THRESHOLD, 1)


def told_of(results: dict[str, Any]) -> str:
    """Return the results as Markdown."""
    lines = [
        "# Withholding, measured",
        "",
        f"On {results['on']}: processor seconds, least / median / most; cells withheld besides the small counts; tables in which no "
        "choice loses less, by proof; the narrowest interval of any withheld count, looked at again (the rule asks for "
        f"{THRESHOLD}).",
        "",
        "| table with totals | tables | seconds | aim | small counts | cells added | proved least | narrowest |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {each['table']} | {each['tables']} | {_three(each['seconds'])} | {each['aim']:g} | {each['small']} | "
        f"{_three(each['added'])} | {each['proved']} | {each['narrowest']:g} |"
        for each in [*results["large"], *results["broken_down"]]
    ]
    lines += [
        "",
        "| small table | compared with the least | loss over the least, mean / most (aim: mean 5 %) | cells more than of the least | "
        "proved least |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {each['rows']} × {each['columns']} | {each['compared']} of {each['tables']} | {each['over'][0]:g} % / {each['over'][1]:g} % | "
        f"{each['cells_more']} of {each['cells']} | {each['proved']} |"
        for each in results["small"]
    ]
    return "\n".join(lines) + "\n"


def _narrowest(puzzle: Puzzle, protection: Protection) -> float:
    found = bounds_of(puzzle, protection.withheld, [puzzle.cells[place].terms for place in sorted(protection.withheld)])
    return min((each.width for each in found if each.width is not None), default=math.inf)


def _whole(puzzle: Puzzle, rows: int, columns: int) -> Whole:
    """Return the table as the exact search has it: its cells by place, and which are sums of which."""
    wide = columns + 1
    sums = [
        ((row * wide + columns,), tuple((row * wide + column,) for column in range(columns))) for row in range(rows + 1)
    ]
    sums += [((rows * wide + column,), tuple((row * wide + column,) for row in range(rows))) for column in range(wide)]
    names = range(len(puzzle.cells))
    return Whole(
        values={(place,): puzzle.cells[place].count for place in names},
        sums=sums,
        must=frozenset((place,) for place in names if puzzle.cells[place].is_small),
        may=frozenset((place,) for place in names if puzzle.cells[place].may_be_withheld),
        loss={(place,): puzzle.cells[place].loss for place in names},
        width=puzzle.width,
        floor=puzzle.floor,
    )


def _three(values: list[float]) -> str:
    return " / ".join(f"{value:g}" for value in values)


if __name__ == "__main__":
    main()
