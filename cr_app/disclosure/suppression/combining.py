"""Which rows of a table to merge into one, so that no small count is left in it. Pure."""

from collections.abc import Sequence

import numpy as np

from cr_app.disclosure.suppression.solver import INFINITE, Programme, Unsolved, matrix_of

_NODES = 20_000


def rows_to_combine(counts: Sequence[Sequence[int]], *, threshold: int) -> tuple[int, ...]:
    """Return the rows to merge: those with a count of 1 to threshold - 1, and the fewest more that make the sum safe.

    In each column the merged row is then 0 or at least the threshold, and it is of two rows or more. Among sets of as many
    rows it takes those with the least counts. Returns () where no count is small, or where merging does not help.
    """
    small = {place for place, row in enumerate(counts) if any(0 < count < threshold for count in row)}
    if not small or len(counts) < 2:
        return ()
    size, columns = len(counts), len(counts[0])
    # A column of the programme for each row of the table, then one for each of its columns that is not to be 0.
    rows: list[list[tuple[int, float]]] = [[(place, 1.0) for place in range(size)]]
    least = [2.0]
    for column in range(columns):
        nonzero = [place for place in range(size) if counts[place][column]]
        rows.append([*((place, float(counts[place][column])) for place in nonzero), (size + column, -float(threshold))])
        rows += [[(size + column, 1.0), (place, -1.0)] for place in nonzero]
        least += [0.0] * (1 + len(nonzero))
    programme = Programme(
        matrix_of(rows, size + columns),
        columns=(
            np.array([1.0 if place in small else 0.0 for place in range(size)] + [0.0] * columns),
            np.ones(size + columns),
        ),
        rows=(np.array(least), np.full(len(rows), INFINITE)),
    )
    everything = 1 + sum(map(sum, counts))
    costs = np.array([1 + sum(row) / everything for row in counts] + [0.0] * columns)
    try:
        found = programme.least_whole(costs, np.arange(size + columns, dtype=np.int32), nodes=_NODES)
    except Unsolved:
        return ()
    return tuple(place for place in range(size) if found.columns[place] > 0.5)
