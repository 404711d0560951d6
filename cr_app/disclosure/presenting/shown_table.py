"""A table as a page shows it: the released table alone, line by line."""

from dataclasses import dataclass

from cr_app.disclosure.tables import WITHHELD, ReleasedTable

_WIDE = 8


@dataclass(frozen=True)
class ShownCell:
    """One value as text."""

    text: str
    is_withheld: bool
    is_total: bool


@dataclass(frozen=True)
class ShownLine:
    """One row; `is_sum` where it sums rows above it."""

    label: str
    cells: tuple[ShownCell, ...]
    is_sum: bool


@dataclass(frozen=True)
class ShownTable:
    """A table with its columns; `is_wide` where it may scroll; `merged` are rows that stand for several, once for all values."""

    columns: tuple[str, ...]
    lines: tuple[ShownLine, ...]
    merged: tuple[tuple[str, tuple[str, ...]], ...]
    has_withheld: bool
    is_wide: bool


def shown(table: ReleasedTable) -> ShownTable:
    """Return the table with its values as text; a withheld one is [c], a thousand has its comma."""
    last_row, last_column = len(table.rows) - 1, len(table.columns) - 1
    lines = []
    for place, (label, values) in enumerate(zip(table.rows, table.values, strict=True)):
        is_sum = table.total_row and (place == last_row or label.startswith("Total: "))
        cells = tuple(
            ShownCell(
                WITHHELD if value is None else f"{value:,}",
                is_withheld=value is None,
                is_total=is_sum or (table.total_column and column == last_column),
            )
            for column, value in enumerate(values)
        )
        lines.append(ShownLine(label, cells, is_sum))
    return ShownTable(
        columns=table.columns,
        lines=tuple(lines),
        merged=_merged(table),
        has_withheld=bool(table.withheld),
        is_wide=len(table.columns) > _WIDE,
    )


def _merged(table: ReleasedTable) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what each combined row stands for, but for the same row of single values, which stands for the same."""
    whole = {each.label for each in table.combined}
    return tuple(
        (each.label, each.rows)
        for each in table.combined
        if not any(each.label.startswith(f"{label}: ") for label in whole)
    )
