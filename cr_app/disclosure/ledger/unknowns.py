"""The unknowns of a place: one for each value and extraction, and what ties them to each other. Pure.

Someone who holds two extractions of the same cases is taken to know which counts did not change between them, and of the others
whether they grew or shrank; by how much is an unknown of its own. That is more than anybody knows, so what is safe here is safe.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from cr_app.disclosure.ledger.places import Cell, Places, Sheet
from cr_app.disclosure.suppression.puzzle import Known, Terms

_Zeros = set[tuple[datetime, int, str, str]]


class Unknowns:
    """The unknowns of all places. `numbers` are their true values, `ties` what is known of them from the first.

    `kin` gives the unknowns of one place by the values of one breakdown one number.
    """

    def __init__(self, places: Places) -> None:
        """Make the unknowns; counts of which a 0 was published before are 0, and no unknowns.

        So are those of which the table that is made tells, where there is nothing before it: it can narrow nothing.
        """
        self.numbers: list[int] = []
        self.kin: list[int] = []
        self._kin = dict[tuple[int, str, int], int]()
        self._ties: dict[Known, None] = {}
        self._places = places
        self._zeros = _zeros_of(places)
        self._terms = dict[tuple[int, str, str, datetime], Terms]()
        for place in range(places.number):
            breakdowns: Mapping[str, set[str]] = places.breakdowns[place] or {"": {""}}
            for breakdown, values in breakdowns.items():
                for value in sorted(values):
                    self._follow(place, breakdown, value)
            self._tie(place)

    @property
    def ties(self) -> tuple[Known, ...]:
        """Return how the unknowns hang together, whatever is published."""
        return tuple(self._ties)

    def terms(self, sheet: Sheet, cell: Cell, at: datetime | None = None) -> Terms:
        """Return a cell as a sum of unknowns, as of its own table's moment, or of another as of which its places are counted."""
        moment, row = at or sheet.layout.counted_at, sheet.rows[cell.row]
        if row.value:
            breakdown = sheet.layout.breakdown
            parts: Iterable[Terms] = (
                self._terms.get((place, breakdown, value, moment), ())
                for place in sheet.places[cell]
                for value in row.values
            )
        else:
            parts = (self._base(place, moment) for place in sheet.places[cell])
        return summed(parts)

    def of_place(self, place: int, breakdown: str, value: str, moment: datetime) -> Terms:
        """Return one place as a sum of unknowns: one value of a breakdown, or all of it."""
        return self._terms[place, breakdown, value, moment] if breakdown else self._base(place, moment)

    def _base(self, place: int, moment: datetime) -> Terms:
        """Return all of a place: by the values of its first breakdown, where it is split by one."""
        breakdown, values = next(iter(self._places.breakdowns[place].items()), ("", {""}))
        return self._all(place, breakdown, values, moment)

    def _all(self, place: int, breakdown: str, values: set[str], moment: datetime) -> Terms:
        return summed(self._terms[place, breakdown, value, moment] for value in sorted(values))

    def _follow(self, place: int, breakdown: str, value: str) -> None:
        """Make the unknowns of one count from one extraction to the next."""
        moments = self._places.moments[place]
        numbers = [self._places.number_of(place, breakdown, value, moment) for moment in moments]
        runs: list[tuple[int, list[datetime]]] = []
        for moment, number in zip(moments, numbers, strict=True):
            if runs and runs[-1][0] == number:
                runs[-1][1].append(moment)
            else:
                runs.append((number, [moment]))
        before: Terms = ()
        for at, (number, during) in enumerate(runs):
            is_zero = any(self._is_zero(place, breakdown, value, moment) for moment in during)
            if number == 0 and is_zero:
                now: Terms = ()
            elif at and number > runs[at - 1][0]:
                now = summed([before, self._one(number - runs[at - 1][0], (place, breakdown, at))])
            else:
                now = self._one(number, (place, breakdown, at))
                if at:
                    self._ties[Known(difference(before, now), 0, None)] = None
            for moment in during:
                self._terms[place, breakdown, value, moment] = now
            before = now

    def _is_zero(self, place: int, breakdown: str, value: str, moment: datetime) -> bool:
        return (moment, place, "", "") in self._zeros or (moment, place, breakdown, value) in self._zeros

    def _one(self, number: int, part_of: tuple[int, str, int]) -> Terms:
        self.numbers.append(number)
        self.kin.append(self._kin.setdefault(part_of, len(self._kin)))
        return ((len(self.numbers) - 1, 1),)

    def _tie(self, place: int) -> None:
        """Hold that the values of every breakdown of a place sum up to the same."""
        (first, values), *others = list(self._places.breakdowns[place].items()) or [("", {""})]
        for breakdown, others_values in others:
            for moment in self._places.moments[place]:
                mine = self._all(place, first, values, moment)
                theirs = self._all(place, breakdown, others_values, moment)
                if terms := difference(theirs, mine):
                    self._ties[Known(terms, 0, 0)] = None


def summed(parts: Iterable[Terms]) -> Terms:
    """Return the sum of sums, each unknown once."""
    found = defaultdict[int, int](int)
    for terms in parts:
        for unknown, times in terms:
            found[unknown] += times
    return tuple(sorted((unknown, times) for unknown, times in found.items() if times))


def difference(one: Terms, other: Terms) -> Terms:
    """Return the first less the second."""
    return summed([one, tuple((unknown, -times) for unknown, times in other)])


def _zeros_of(places: Places) -> _Zeros:
    """Return which places, or which value of a breakdown of them, were published as 0, and as of when.

    The last table is the one that is made: what it tells is nothing that was known before it.
    """
    found = _Zeros()
    *earlier, _ = places.sheets
    for sheet in earlier or places.sheets:
        layout = sheet.layout
        moment, breakdown = layout.counted_at, layout.breakdown
        found |= {(moment, place, "", "") for place in sheet.without_row}
        for place in sheet.covered if breakdown else ():
            unlisted = places.breakdowns[place][breakdown] - sheet.values
            found |= {(moment, place, breakdown, value) for value in unlisted}
        for cell in sheet.shown:
            if _shows_zero(places, sheet, cell):
                row = sheet.rows[cell.row]
                of = breakdown if row.value else ""
                found |= {(moment, place, of, value) for place in sheet.places[cell] for value in row.values}
    return found


def _shows_zero(places: Places, sheet: Sheet, cell: Cell) -> bool:
    layout = sheet.layout
    if layout.slack:
        return False
    if layout.table is not None:
        return layout.table.values[cell.row][cell.column] == 0
    return layout.zeros_shown and places.truth(sheet, cell) == 0
