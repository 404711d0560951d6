"""What an outsider sees in several release.json of the same cases: the numbers told, and which are sums of which.

Nothing of the service takes part: only the files, the requests that stand in them, and the public catalogue of offences.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.disclosure.attacker import Name, Range, Seen, Sum, told_of

TOTAL = "Total"
# How far a number that is rounded to 5 may be from what is shown.
SLACK = 2
Told = Mapping[str, Any]
Catalogue = Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """One release by its name, with the group of each offence code."""

    name: str
    told: Told
    groups: Catalogue

    @property
    def values(self) -> dict[Name, int | None]:
        """Return the numbers by release, row and column; None where withheld."""
        table = self.told["table"]
        return {
            (self.name, row, column): value
            for row, line in zip(table["rows"], table["values"], strict=True)
            for column, value in zip(table["columns"], line, strict=True)
        }

    @property
    def rows(self) -> list[str]:
        """Return the rows that are shown but for the total."""
        return [row for row in self.told["table"]["rows"] if row != TOTAL]

    @property
    def columns(self) -> list[str]:
        """Return the years."""
        return [column for column in self.told["table"]["columns"] if column != TOTAL]

    @property
    def merged(self) -> dict[str, list[str]]:
        """Return the rows that stand for several."""
        return {each["label"]: each["rows"] for each in self.told["combined"]}

    def row_of(self, code: str, *, encouraging: bool) -> str | None:
        """Return the row that an offence falls in, before rows are merged; None where no row counts it."""
        rows = self.told["request"]["rows"]
        if rows["by"] == "group":
            return self.groups[code]
        if rows["by"] == "offence":
            return next((row for row in self.finest_rows() if row.endswith(f"({code})")), "")
        for group in rows["groups"]:
            if code in group.get("codes", [code]) and group.get("encouraging_or_assisting") in (None, encouraging):
                return str(group["label"])
        return None

    def finest_rows(self) -> list[str]:
        """Return every row before any were merged."""
        return [row for shown in self.rows for row in self.merged.get(shown, [shown])]

    def column_of(self, first: date) -> str | None:
        """Return the year that a stretch which begins on this day falls in; None outside the period."""
        period = self.told["request"]["period"]
        if not period["from"] <= first.isoformat() <= period["to"]:
            return None
        if self.told["request"]["years"] == "calendar":
            return str(first.year)
        begins = first.year - (first.month < 4)
        return f"{begins}/{str(begins + 1)[2:]}"

    def sums(self) -> Iterator[Sum]:
        """Return which numbers of the table are sums of others, by its labels."""
        for row in (*self.rows, TOTAL):
            yield (self.name, row, TOTAL), tuple((self.name, row, column) for column in self.columns)
        for column in (*self.columns, TOTAL):
            yield (self.name, TOTAL, column), tuple((self.name, row, column) for row in self.rows)
        for label, rows in self.merged.items():
            for column in self.columns:
                yield (self.name, label, column), tuple((self.name, row, column) for row in rows)

    def listed(self) -> list[Name]:
        """Return the totals of rows that would not be listed if nothing were in them."""
        lists_all = self.told["request"]["rows"]["by"] == "named" or self.told["zeros_withheld"]
        return [] if lists_all else [(self.name, row, TOTAL) for row in self.rows]

    def ranges(self) -> dict[Name, Range]:
        """Return what each number may be by itself: rounded, it is within two of what is shown."""
        if not self.told["rounded_to"]:
            return told_of(self.values, floor=0 if self.told["zeros_withheld"] else 1)
        return {
            name: (0, None) if value is None else (max(0, value - SLACK), value + SLACK)
            for name, value in self.values.items()
        }

    def perhaps_small(self, threshold: int) -> list[Name]:
        """Return the rounded numbers that may be less than the threshold, by what is shown of them."""
        return [name for name, value in self.values.items() if value is not None and value - SLACK < threshold]

    def withheld(self) -> list[Name]:
        """Return the numbers that are withheld, those of merged rows not among them."""
        return [name for name, value in self.values.items() if value is None]


def tables_of(told: Mapping[str, Told], catalogue: Path) -> list[Table]:
    """Return the tables of some releases by their names."""
    with catalogue.open(encoding="utf-8", newline="") as file:
        groups = {row["ho_code"]: row["group"] for row in csv.DictReader(file)}
    return [Table(name, each, groups) for name, each in told.items()]


def seen_of(tables: list[Table]) -> Seen:
    """Return all that these tables tell together: spring, or the rest of a year, of offence types are the pieces nobody published."""
    ranges: dict[Name, Range] = {}
    sums: list[Sum] = []
    for table in tables:
        ranges |= table.ranges()
        ranges |= {name: (max(1, ranges[name][0]), ranges[name][1]) for name in table.listed()}
        sums += table.sums()
    pieces: dict[Name, set[Name]] = defaultdict(set)
    for code in tables[0].groups:
        for encouraging in (False, True):
            for first in _stretches(tables):
                cells = _cells_of(tables, code, first, encouraging=encouraging)
                for cell in cells:
                    # What falls in the same cells of every table is one piece.
                    pieces[cell].add(("piece", *(part for each in cells for part in each)))
    for table in tables:
        for row in table.finest_rows():
            for column in table.columns:
                sums.append(((table.name, row, column), tuple(sorted(pieces[table.name, row, column], key=str))))
    return Seen(ranges, sums)


def _stretches(tables: list[Table]) -> list[date]:
    """Return where years of either kind begin, in all periods."""
    years = {int(table.told["request"]["period"][end][:4]) for table in tables for end in ("from", "to")}
    return [date(year, month, 1) for year in range(min(years), max(years) + 1) for month in (1, 4)]


def _cells_of(tables: list[Table], code: str, first: date, *, encouraging: bool) -> list[Name]:
    """Return the cells that count an offence in a stretch; none where a table tells that there was none."""
    found: list[Name] = []
    for table in tables:
        column, row = table.column_of(first), table.row_of(code, encouraging=encouraging)
        if column is None or row is None:
            continue
        if row not in table.finest_rows():
            return []
        found.append((table.name, row, column))
    return found
