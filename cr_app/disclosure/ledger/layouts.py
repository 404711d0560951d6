"""What each row and column of a table counts, so that tables can be held against each other. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cr_app.disclosure.row_meanings import Row
from cr_app.disclosure.tables import ReleasedTable

TOTAL = "Total"
_MOST_LABEL = 160


@dataclass(frozen=True)
class Layout:
    """What a table counts. `name` is its release's number, or what else it is called; None is the table that is made.

    `columns` are stretches of time, each to the day before its end; `has_total`: one more column is all of them.
    `is_whole`: kinds and values without a row are known to be 0. `zeros_shown`: nothing that is withheld is 0. `zeros_small`: a
    0 is withheld as a small count is. `lists_found`: each row has something in it; `values_found`: so has each value of the
    breakdown. `table` is what was published. `slack` is how far a published value may be from the true one on either side.
    """

    name: int | str | None
    columns: tuple[tuple[date, date], ...]
    column_labels: tuple[str, ...]
    rows: tuple[Row, ...]
    counted_at: datetime
    breakdown: str = ""
    with_further: bool = False
    is_whole: bool = False
    zeros_shown: bool = True
    zeros_small: bool = False
    lists_found: bool = False
    values_found: bool = False
    has_total: bool = True
    threshold: int = 5
    slack: int = 0
    table: ReleasedTable | None = None

    @property
    def spans(self) -> tuple[tuple[date, date], ...]:
        """Return the first day and the end of each column, the total's too."""
        whole = ((self.columns[0][0], self.columns[-1][1]),) if self.has_total else ()
        return self.columns + whole

    @property
    def edges(self) -> frozenset[date]:
        """Return every day at which time is cut."""
        return frozenset(edge for span in self.columns for edge in span)


def laid_out(
    base: Sequence[Row], *, values: Sequence[str] = (), merged: Iterable[Sequence[str]] = (), names: Iterable[str] = ()
) -> tuple[Row, ...]:
    """Return the rows of a table in their order: base rows, those that stand for several, the total; each with its values.

    `merged` are the labels that each combined row stands for and `names` its label.
    """
    by_label = {row.label: row for row in base}
    groups = [tuple(by_label[label] for label in labels) for labels in merged]
    gone = {row.label for rows in groups for row in rows}
    whole = [row for row in base if row.label not in gone]
    for name, rows in zip(names, groups, strict=True):
        whole.append(Row(name, frozenset().union(*(row.kinds for row in rows)), merged=rows))
    whole.append(Row(TOTAL, frozenset().union(*(row.kinds for row in base))))
    return tuple(each for row in whole for each in (*(_of_value(row, value) for value in values), row))


def combined_label(labels: Sequence[str], *, are_all: bool) -> str:
    """Return the label of the row that stands for these; a long one says how many they are."""
    named = f"Combined: {'; '.join(labels)}"
    if len(named) <= _MOST_LABEL:
        return named
    return f"{'All' if are_all else 'Combined: all'} other rows listed ({len(labels)} rows)"


def _of_value(row: Row, value: str) -> Row:
    return Row(f"{row.label}: {value}", row.kinds, value, tuple(_of_value(each, value) for each in row.merged))
