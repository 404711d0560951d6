"""Which rows are merged, and that what they make is safe and the least."""

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from cr_app.disclosure.suppression.combining import rows_to_combine


def is_safe(counts: Sequence[Sequence[int]], rows: Sequence[int]) -> bool:
    """Tell whether these rows together have no small count, and all with one are among them."""
    small = {row for row, line in enumerate(counts) if any(0 < count < 5 for count in line)}
    sums = [sum(counts[row][column] for row in rows) for column in range(len(counts[0]))]
    return len(rows) > 1 and small <= set(rows) and not any(0 < each < 5 for each in sums)


def test_a_row_is_added_where_a_merged_total_would_be_of_one_row() -> None:
    assert rows_to_combine([[3, 10], [20, 20], [9, 0], [50, 60]], threshold=5) == (0, 2)


def test_nothing_is_merged_where_nothing_is_small_or_nothing_helps() -> None:
    assert rows_to_combine([[30, 10], [5, 0]], threshold=5) == ()
    assert rows_to_combine([[3, 10]], threshold=5) == ()
    assert rows_to_combine([[3, 1], [1, 1]], threshold=5) == ()
    assert rows_to_combine([], threshold=5) == ()


@pytest.mark.parametrize("seed", range(15))
def test_the_fewest_rows_are_merged(seed: int) -> None:
    counts = np.random.default_rng(seed).choice([0, 0, 1, 2, 6, 9, 30], (7, 3), p=[0.2, 0.2, 0.1, 0.1, 0.2, 0.1, 0.1])
    lines = [[int(count) for count in line] for line in counts]
    found = rows_to_combine(lines, threshold=5)
    tried = [rows for size in range(2, 8) for rows in itertools.combinations(range(7), size) if is_safe(lines, rows)]
    if not any(0 < count < 5 for line in lines for count in line) or not tried:
        assert found == ()
    else:
        assert is_safe(lines, found)
        assert len(found) == len(tried[0])
        assert sum(sum(lines[row]) for row in found) == min(
            sum(sum(lines[row]) for row in rows) for rows in tried if len(rows) == len(found)
        )
