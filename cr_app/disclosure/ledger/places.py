"""Where tables overlap: cases that fall into the same cells of every table are one place, however many codes and days. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import TypeAlias

from cr_app.disclosure.ledger.layouts import Layout
from cr_app.disclosure.row_meanings import Kind, Row

# Stretch of time, code, encouraging, further, value of the breakdown; and what was counted, by moment and breakdown.
Key: TypeAlias = tuple[int, str, bool, bool, str]
Counts: TypeAlias = Mapping[tuple[datetime, str], Mapping[Key, int]]
# For each layout the column and the set of rows that a place falls into; None where the table does not count it.
_Signature: TypeAlias = tuple[tuple[int, int] | None, ...]


@dataclass(frozen=True)
class Cell:
    """A cell of a layout: the place of its row, hidden rows after the shown ones, and of its column, the total last."""

    row: int
    column: int


class Sheet:
    """One layout, with the rows that are hidden in combined ones, and the places that fall into each of its cells."""

    def __init__(self, layout: Layout, kinds: Sequence[tuple[Kind, bool]]) -> None:
        """Sort every kind, further offences apart, by the rows that it falls into."""
        self.layout = layout
        self.rows: tuple[Row, ...] = layout.rows + tuple(each for row in layout.rows for each in row.merged)
        sets = dict[frozenset[int], int]()
        rows_of = defaultdict[Kind, list[int]](list)
        for place, row in enumerate(self.rows):
            for kind in row.kinds:
                rows_of[kind].append(place)
        self.set_of: list[int | None] = []
        for kind, is_further in kinds:
            found = frozenset(rows_of.get(kind, ()))
            is_counted = (found or layout.is_whole) and (layout.with_further or not is_further)
            self.set_of.append(sets.setdefault(found, len(sets)) if is_counted else None)
        self.row_sets = tuple(sets)
        self.places = defaultdict[Cell, list[int]](list)
        # Places of kinds that have no row, of which the table says by that that there are none.
        self.without_row: set[int] = set()
        self.covered: set[int] = set()
        self._first = dict[int, Cell]()

    def column_of(self, begins: date) -> int | None:
        """Return the column that a day falls into."""
        for place, (first, end) in enumerate(self.layout.columns):
            if first <= begins < end:
                return place
        return None

    def take(self, place: int, column: int, row_set: int) -> None:
        """Put a place into every cell that it falls into."""
        self.covered.add(place)
        if not self.row_sets[row_set]:
            self.without_row.add(place)
        for row in self.row_sets[row_set]:
            self._first.setdefault(place, Cell(row, column))
            self.places[Cell(row, column)].append(place)
            if self.layout.has_total:
                self.places[Cell(row, len(self.layout.columns))].append(place)

    @cached_property
    def values(self) -> frozenset[str]:
        """Return the values of the breakdown that rows count."""
        return frozenset(value for row in self.rows if row.value for value in row.values)

    @property
    def shown(self) -> list[Cell]:
        """Return the cells that the table has, row by row."""
        return [Cell(row, column) for row in range(len(self.layout.rows)) for column in range(len(self.layout.spans))]

    @property
    def hidden(self) -> list[Cell]:
        """Return the cells of rows that others stand for."""
        return [
            Cell(row, column)
            for row in range(len(self.layout.rows), len(self.rows))
            for column in range(len(self.layout.spans))
        ]

    def name_of(self, cell: Cell) -> str:
        """Return how pages name a cell."""
        labels = (*self.layout.column_labels, *(["Total"] if self.layout.has_total else []))
        return f"{self.rows[cell.row].label}, {labels[cell.column]}"

    def first_over(self, place: int) -> str:
        """Return the name of the first cell that holds a place."""
        cell = self._first.get(place)
        return self.name_of(cell) if cell else "what has no row"


class Places:
    """Every place of these layouts, and how many cases each holds at each moment, by value of each breakdown."""

    def __init__(self, layouts: Sequence[Layout], counts: Counts, edges: Sequence[date] | None = None) -> None:
        """Cut time at every edge and kinds by their rows, and count.

        `counts` are cut at `edges`, where not at those of `edges_of`.
        """
        edges = edges or edges_of(layouts)
        universe = sorted({kind for layout in layouts for row in layout.rows for kind in row.kinds})
        with_further = any(layout.with_further for layout in layouts)
        kinds = [(kind, further) for further in ((False, True) if with_further else (False,)) for kind in universe]
        self.sheets = [Sheet(layout, kinds) for layout in layouts]
        columns = [[sheet.column_of(begins) for sheet in self.sheets] for begins in edges[:-1]]
        places = dict[_Signature, int]()
        self._place = dict[tuple[int, str, bool, bool], int]()
        for at, ((code, encouraging), further) in enumerate(kinds):
            sets = [sheet.set_of[at] for sheet in self.sheets]
            if not any(
                which is not None and sheet.row_sets[which] for which, sheet in zip(sets, self.sheets, strict=True)
            ):
                continue
            for stretch, found in enumerate(columns):
                signature = tuple(
                    None if column is None or which is None else (column, which)
                    for column, which in zip(found, sets, strict=True)
                )
                if any(each is not None for each in signature):
                    place = places.setdefault(signature, len(places))
                    self._place[stretch, code, encouraging, further] = place
        self.number = len(places)
        for signature, place in places.items():
            for sheet, where in zip(self.sheets, signature, strict=True):
                if where is not None:
                    sheet.take(place, *where)
        self._count(counts)

    def _count(self, counts: Counts) -> None:
        self.base = defaultdict[tuple[datetime, int], int](int)
        self.split = defaultdict[tuple[datetime, str, int, str], int](int)
        self.found = defaultdict[tuple[int, str], set[str]](set)
        counted = set[datetime]()
        wanted = {sheet.layout.counted_at for sheet in self.sheets}
        for (moment, breakdown), numbers in sorted(counts.items()):
            if moment not in wanted:
                continue
            is_first = moment not in counted
            counted.add(moment)
            for (stretch, code, encouraging, further, value), number in numbers.items():
                place = self._place.get((stretch, code, encouraging, further))
                if place is None:
                    continue
                if is_first:
                    self.base[moment, place] += number
                if breakdown:
                    self.split[moment, breakdown, place, value] += number
                    self.found[place, breakdown].add(value)

    @cached_property
    def moments(self) -> list[list[datetime]]:
        """Return, for each place, the moments as of which tables count it, in their order."""
        found: list[set[datetime]] = [set() for _ in range(self.number)]
        for sheet in self.sheets:
            for place in sheet.covered:
                found[place].add(sheet.layout.counted_at)
        return [sorted(each) for each in found]

    @cached_property
    def breakdowns(self) -> list[dict[str, set[str]]]:
        """Return, for each place, the breakdowns that tables split it by, each with every value it may have there."""
        found: list[dict[str, set[str]]] = [{} for _ in range(self.number)]
        for sheet in self.sheets:
            if breakdown := sheet.layout.breakdown:
                for place in sheet.covered:
                    known = found[place].setdefault(breakdown, set())
                    known |= sheet.values | self.found[place, breakdown]
        return [dict(sorted(each.items())) for each in found]

    def number_of(self, place: int, breakdown: str, value: str, moment: datetime) -> int:
        """Return how many cases a place holds as of a moment, of one value of a breakdown where one is named."""
        if breakdown:
            return self.split.get((moment, breakdown, place, value), 0)
        return self.base.get((moment, place), 0)

    def truth(self, sheet: Sheet, cell: Cell, at: datetime | None = None) -> int:
        """Return how many cases a cell holds as of its own table's moment, or of another."""
        moment, row = at or sheet.layout.counted_at, sheet.rows[cell.row]
        breakdown = sheet.layout.breakdown if row.value else ""
        return sum(
            self.number_of(place, breakdown, value, moment) for place in sheet.places[cell] for value in row.values
        )


def moments_as_one(layouts: Sequence[Layout], counts: Counts) -> list[Layout]:
    """Return the tables with one moment for all that count alike: that of the last of these tables, or the first there is."""
    numbers: dict[datetime, dict[str, dict[Key, int]]] = {}
    # Where nothing came or went between two moments they have the same mapping.
    made: dict[int, dict[Key, int]] = {}
    for (moment, breakdown), found in counts.items():
        if id(found) not in made:
            made[id(found)] = {key: number for key, number in found.items() if number}
        numbers.setdefault(moment, {})[breakdown] = made[id(found)]
    kept: list[datetime] = []
    one_of = dict[datetime, datetime]()
    for moment in (layouts[-1].counted_at, *sorted({layout.counted_at for layout in layouts})):
        if moment not in one_of:
            alike = next((each for each in kept if numbers.get(each) == numbers.get(moment)), moment)
            one_of[moment] = alike
            kept += [moment] if alike is moment else []
    return [replace(layout, counted_at=one_of[layout.counted_at]) for layout in layouts]


def edges_of(layouts: Sequence[Layout]) -> tuple[date, ...]:
    """Return every day at which one of these tables cuts time, in their order."""
    return tuple(sorted({edge for layout in layouts for edge in layout.edges}))
