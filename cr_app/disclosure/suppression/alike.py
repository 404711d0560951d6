"""Cells that are the same sum of unknowns are one: all of them are withheld, or none. Pure."""

from collections.abc import Callable
from dataclasses import replace
from math import fsum

from cr_app.disclosure.suppression.puzzle import Cell, Protection, Puzzle, Unprotectable


def protected_alike(puzzle: Puzzle, protect: Callable[[Puzzle], Protection]) -> Protection:
    """Return what `protect` withholds of a puzzle in which each sum stands once, told of the puzzle as it is.

    In tables with a breakdown many are alike: the only value of a row is the row itself. Raises what `protect` raises.
    """
    places = _alike(puzzle)
    merged = tuple(_merged([puzzle.cells[place] for place in each], puzzle.floor) for each in places)
    try:
        found = protect(replace(puzzle, cells=merged))
    except Unprotectable as error:
        cells = tuple(place for each in error.cells for place in places[each])
        raise Unprotectable(str(error), cells=cells, guarded=error.guarded) from error
    return replace(
        found,
        withheld=frozenset(place for each in found.withheld for place in places[each]),
        bounds=dict(sorted((place, bounds) for each, bounds in found.bounds.items() for place in places[each])),
        pinned_before=frozenset(place for each in found.pinned_before for place in places[each]),
    )


def _alike(puzzle: Puzzle) -> list[tuple[int, ...]]:
    """Return the places of cells that are the same sum and may, or may not, be withheld alike."""
    found: dict[object, list[int]] = {}
    for place, cell in enumerate(puzzle.cells):
        found.setdefault((tuple(sorted(cell.terms)), _may(cell, puzzle.floor)), []).append(place)
    return [tuple(each) for each in found.values()]


def _may(cell: Cell, floor: int) -> bool:
    return (cell.may_be_withheld or cell.is_small or cell.is_chosen) and cell.count >= floor


def _merged(cells: list[Cell], floor: int) -> Cell:
    if len(cells) == 1:
        return cells[0]
    return replace(
        cells[0],
        is_small=any(cell.is_small for cell in cells),
        is_chosen=any(cell.is_chosen for cell in cells),
        may_be_withheld=_may(cells[0], floor),
        loss=fsum(cell.loss for cell in cells),
    )
