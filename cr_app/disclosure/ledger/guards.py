"""What no table may give away besides its own cells: what others withhold, what no table shows, what changed between them. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from cr_app.disclosure.ledger.places import Cell as Place
from cr_app.disclosure.ledger.places import Places, Sheet
from cr_app.disclosure.ledger.unknowns import Unknowns, difference
from cr_app.disclosure.suppression.puzzle import Guarded, Terms


class Guards:
    """The guarded sums of a table beside earlier ones, the last of the places' sheets being the one that is made.

    `own` are those of rows that it merges, `pieces` what no table shows, or none that promises as much. `differing` are its cells
    that differ from a published one of another extraction by a few cases, with the names of those tables; `moved` are all
    tables of another extraction that differ by a few cases somewhere.
    """

    def __init__(self, places: Places, unknowns: Unknowns) -> None:
        """Gather them: first those of merged rows, then of earlier tables, then of what no table shows."""
        self.places, self.unknowns = places, unknowns
        *self.earlier, self.made = places.sheets
        self.found = dict[Terms, Guarded]()
        self.pieces = dict[Terms, Guarded]()
        self.differing = dict[int, list[int | str]]()
        self.moved = dict[int | str, None]()
        self._mine = {unknowns.terms(self.made, where) for where in self.made.shown}
        self._guard_merged(self.made)
        self.own = frozenset(self.found)
        for sheet in self.earlier:
            self._guard_shown(sheet)
            self._guard_merged(sheet)
            if sheet.layout.counted_at != self.made.layout.counted_at:
                self._differ(sheet)
        if self.earlier:
            for place in range(places.number):
                over = [sheet for sheet in places.sheets if place in sheet.covered]
                for breakdown, value in self._shared(place, over):
                    self._guard_small(place, breakdown, value, over)
                    self._guard_changes(place, breakdown, value, over)

    def _guard_shown(self, sheet: Sheet) -> None:
        """Guard what an earlier table withholds, and what it blurs of a small count."""
        layout, table, width = sheet.layout, sheet.layout.table, self._width(sheet)
        for where in sheet.shown if table is not None else ():
            truth = self.places.truth(sheet, where)
            is_withheld = table is not None and table.values[where.row][where.column] is None
            if is_withheld or (layout.slack and 0 < truth < width):
                label = f"{_title(sheet)}: {sheet.name_of(where)}"
                self._guard(self.unknowns.terms(sheet, where), truth, label, [sheet])

    def _guard_merged(self, sheet: Sheet) -> None:
        """Guard the small counts of merged rows."""
        least, width = 0 if sheet.layout.zeros_small else 1, self._width(sheet)
        title = f"{_title(sheet)}: " if _title(sheet) else ""
        for where in sheet.hidden:
            truth = self.places.truth(sheet, where)
            if least <= truth < width:
                label = f"{title}{sheet.name_of(where)}, which is in a combined row"
                self._guard(self.unknowns.terms(sheet, where), truth, label, [sheet])

    def _shared(self, place: int, over: Sequence[Sheet]) -> Iterator[tuple[str, str]]:
        """Yield all of a place, and each value of a breakdown by which more than one table splits it."""
        yield "", ""
        for breakdown, values in self.places.breakdowns[place].items():
            if sum(sheet.layout.breakdown == breakdown for sheet in over) > 1:
                yield from ((breakdown, value) for value in sorted(values))

    def _guard_small(self, place: int, breakdown: str, value: str, over: Sequence[Sheet]) -> None:
        """Guard a small count that no table shows, but two together could: a quarter, a group without some of its parts."""
        for moment in self.places.moments[place]:
            truth = self.places.number_of(place, breakdown, value, moment)
            if 0 < truth < self._width(*over):
                terms = self.unknowns.of_place(place, breakdown, value, moment)
                self._guard_piece(terms, truth, _part_of(place, value, over), over)

    def _guard_changes(self, place: int, breakdown: str, value: str, over: Sequence[Sheet]) -> None:
        """Guard what grew or shrank by a few cases from one extraction to the next, or to that of the table that is made.

        No cell of any two tables need differ by it alone: three or more can tell it.
        """
        moments, here = self.places.moments[place], self.made.layout.counted_at
        to_here = ((moment, here) for moment in moments if here in moments and moment != here)
        for one, other in dict.fromkeys((*pairwise(moments), *to_here)):
            grown = self._number(place, breakdown, value, other) - self._number(place, breakdown, value, one)
            if 0 < abs(grown) < self._width(*over):
                more, less = (other, one) if grown > 0 else (one, other)
                terms = difference(
                    self.unknowns.of_place(place, breakdown, value, more),
                    self.unknowns.of_place(place, breakdown, value, less),
                )
                either = [sheet for sheet in over if sheet.layout.counted_at in (one, other)]
                self._guard_piece(
                    terms, abs(grown), f"difference between extractions of {_part_of(place, value, either)}", either
                )
                if other == here:
                    self.moved |= {sheet.layout.name or "": None for sheet in either if sheet.layout.counted_at != here}

    def _guard_piece(self, terms: Terms, truth: int, label: str, over: Sequence[Sheet]) -> None:
        """Guard what may be let go, unless it is a count of the table's own, or guarded as widely already."""
        former, width = self.found.get(terms), self._width(*over)
        is_wide = former is not None and former.width_beside(0) >= width
        if terms and terms not in self._mine and terms not in self.own and not is_wide:
            names = tuple(sheet.layout.name for sheet in over if sheet.layout.name is not None)
            self.pieces.setdefault(terms, Guarded(terms, truth, label, width, names))

    def _number(self, place: int, breakdown: str, value: str, moment: datetime) -> int:
        return self.places.number_of(place, breakdown, value, moment)

    def _width(self, *sheets: Sheet) -> int:
        """Return how far apart the bounds of what is in these tables must be: as far as the most careful of them promises."""
        return max([self.made.layout.threshold, *(sheet.layout.threshold for sheet in sheets)])

    def _guard(self, terms: Terms, truth: int, label: str, sheets: Sequence[Sheet]) -> None:
        if not terms:
            return
        width = self._width(*sheets)
        names = tuple(sheet.layout.name for sheet in sheets if sheet.layout.name is not None)
        if former := self.found.get(terms):
            label, width = former.label, former.width_beside(width)
            names = tuple(dict.fromkeys((*former.sources, *names)))
        self.found[terms] = Guarded(terms, truth, label, width, names)

    def _differ(self, sheet: Sheet) -> None:
        """Guard the differences of a few cases between this table and an earlier extraction, cell by cell of either."""
        here, there = self.made.layout.counted_at, sheet.layout.counted_at
        by_content = defaultdict[object, list[int]](list)
        for at, where in enumerate(self.made.shown):
            by_content[_content(self.made, where)].append(at)
        for mine, other in ((sheet, self.made), (self.made, sheet)):
            for where in mine.shown:
                if not other.covered.issuperset(mine.places[where]) or not _is_split_alike(mine, other, where):
                    continue
                grown = self.places.truth(mine, where, here) - self.places.truth(mine, where, there)
                if not 0 < abs(grown) < self._width(sheet):
                    continue
                terms = difference(
                    self.unknowns.terms(mine, where, here if grown > 0 else there),
                    self.unknowns.terms(mine, where, there if grown > 0 else here),
                )
                self._guard(terms, abs(grown), f"difference from {_title(sheet)}: {mine.name_of(where)}", [sheet])
                self.moved[sheet.layout.name or ""] = None
                if mine is sheet and _is_published(sheet, where):
                    for same in by_content[_content(mine, where)]:
                        self.differing.setdefault(same, []).append(sheet.layout.name or "")


def _part_of(place: int, value: str, over: Sequence[Sheet]) -> str:
    return f"part of {over[-1].first_over(place)}{f' ({value})' if value else ''}"


def _title(sheet: Sheet) -> str:
    name = sheet.layout.name
    if name is None:
        return ""
    return f"release {name}" if isinstance(name, int) else name


def _is_split_alike(mine: Sheet, other: Sheet, where: Place) -> bool:
    return not mine.rows[where.row].value or mine.layout.breakdown == other.layout.breakdown


def _content(sheet: Sheet, where: Place) -> tuple[frozenset[int], tuple[str, ...], str]:
    row = sheet.rows[where.row]
    return frozenset(sheet.places[where]), row.values, sheet.layout.breakdown if row.value else ""


def _is_published(sheet: Sheet, where: Place) -> bool:
    table = sheet.layout.table
    return table is not None and table.values[where.row][where.column] is not None
