"""Tables of counts as they leave: labels, values, and nothing of what is withheld. Pure.

Nothing here can hold a count that was withheld: a withheld value is None from the moment a `ReleasedTable` is made, and pages
and files accept nothing else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# How a withheld value is written, wherever it stands; zero is 0.
WITHHELD = "[c]"


@dataclass(frozen=True)
class Combined:
    """One row that stands for several: its label, and the labels of those that were merged into it."""

    label: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class ReleasedTable:
    """A table that may leave: `values` by row and column, None where withheld; the totals are the last row and column.

    `combined` are rows that stand for several. `rounded_to` is 5 where every value is rounded to it, 0 where none is.
    `zeros_withheld`: a withheld value may be 0.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[int | None, ...], ...]
    total_row: bool = True
    total_column: bool = True
    combined: tuple[Combined, ...] = ()
    rounded_to: int = 0
    zeros_withheld: bool = False

    def __post_init__(self) -> None:
        """Refuse values that do not fit the labels."""
        if len(self.values) != len(self.rows) or any(len(line) != len(self.columns) for line in self.values):
            raise ValueError("A table has a value, or None, for each row and column.")

    def lines(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield each row's label with its values as text: digits, or `WITHHELD`."""
        for label, line in zip(self.rows, self.values, strict=True):
            yield label, tuple(WITHHELD if value is None else str(value) for value in line)

    @property
    def withheld(self) -> tuple[tuple[int, int], ...]:
        """Return the places of the withheld values, by row and column."""
        return tuple(
            (row, column) for row, line in enumerate(self.values) for column, value in enumerate(line) if value is None
        )

    def as_json(self) -> dict[str, object]:
        """Return the `table` of release.json."""
        return {
            "rows": list(self.rows),
            "columns": list(self.columns),
            "values": [list(line) for line in self.values],
            "total_row": self.total_row,
            "total_column": self.total_column,
        }


def table_of(content: Mapping[str, object]) -> ReleasedTable:
    """Return the table of a release.json; raises ValueError for what is none."""
    table, combined = content.get("table"), content.get("combined") or []
    if not isinstance(table, dict) or not isinstance(combined, list):
        raise ValueError("It has no table.")
    rows, columns, values = (table.get(name) for name in ("rows", "columns", "values"))
    if not (isinstance(rows, list) and isinstance(columns, list) and isinstance(values, list)):
        raise ValueError("Its table has no rows, columns and values.")
    for line in values:
        if not isinstance(line, list) or not all(value is None or type(value) is int for value in line):
            raise ValueError("A value of its table is neither a whole number nor null.")
    rounded = content.get("rounded_to", 0)
    return ReleasedTable(
        rows=tuple(map(str, rows)),
        columns=tuple(map(str, columns)),
        values=tuple(tuple(line) for line in values),
        total_row=table.get("total_row") is True,
        total_column=table.get("total_column") is True,
        combined=tuple(Combined(str(each["label"]), tuple(map(str, each["rows"]))) for each in combined),
        rounded_to=rounded if type(rounded) is int else 0,
        zeros_withheld=content.get("zeros_withheld") is True,
    )
