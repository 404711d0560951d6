"""The puzzle of a table beside everything that was published of the same cases. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from cr_app.disclosure.ledger.connected import Connected
from cr_app.disclosure.ledger.layouts import Layout
from cr_app.disclosure.ledger.places import Cell as Place
from cr_app.disclosure.ledger.places import Counts, Places, Sheet, edges_of, moments_as_one
from cr_app.disclosure.ledger.unknowns import Unknowns, difference
from cr_app.disclosure.suppression.puzzle import Cell, Guarded, Known, Puzzle, Terms
from cr_app.disclosure.suppression.rounding import range_of

# A person's decisions: by the labels of row and column, whether the value is kept back or opened.
Choices = Mapping[tuple[str, str], bool]


@dataclass(frozen=True)
class Ledger:
    """A table's puzzle, and what is to be said of it. Cells are numbered row by row, the total column last.

    `counts` are the true values. `differing` are cells that must be withheld because they differ from a published cell of
    another extraction by a few cases, with the names of those tables. `touching` are, for each earlier table, the cells that
    count some of the same cases, whatever their number. `moved` are tables of another extraction that differ by a few cases
    somewhere, and `disagreeing` those that do not agree with the records as of their moment, with a cell of each. The first
    `own` guarded sums are of rows that this table merges. `pieces` are the places of guarded sums that no table shows, but
    that two together could tell; `let_go` are those of them that were given up.
    """

    puzzle: Puzzle
    counts: tuple[int, ...]
    differing: Mapping[int, tuple[int | str, ...]] = field(default_factory=dict)
    touching: Mapping[int | str, frozenset[int]] = field(default_factory=dict)
    moved: tuple[int | str, ...] = ()
    disagreeing: Mapping[int | str, str] = field(default_factory=dict)
    own: int = 0
    pieces: frozenset[int] = frozenset()
    let_go: tuple[Guarded, ...] = ()


def ledger_of(made: Layout, earlier: Sequence[Layout], counts: Counts, *, choices: Choices | None = None) -> Ledger:
    """Return the puzzle of a table that is made, beside earlier ones; `counts` are cut at the edges of all of them.

    An earlier table that counts none of the same cases makes no difference and is left out. What a person opened is not
    withheld; what is withheld of earlier tables, of rows that were merged, and of differences of a few cases is guarded.
    """
    *before, table = moments_as_one([*earlier, made], counts)
    return _Making(Places([*before, table], counts), choices or {}).ledger()


def public_puzzle(made: Layout, earlier: Sequence[Layout], counts: Counts) -> Puzzle:
    """Return what anybody can put together of a table: nothing of it hangs on a count that is not published.

    Tables of another moment tell nothing for certain of this one and are left out. Guarded are all values of the rows that
    this table merges, unless earlier tables tell them. `counts` are cut at the edges of all these tables.
    """
    alike = [layout for layout in earlier if layout.counted_at == made.counted_at]
    return _Making(Places([*alike, made], counts, edges_of([*earlier, made])), {}).public()


class _Making:
    def __init__(self, places: Places, choices: Choices) -> None:
        self.places = places
        self.unknowns = Unknowns(self.places)
        *self.earlier, self.made = self.places.sheets
        self.layout = self.made.layout
        self.choices = choices
        self.known = dict[Known, int | str | None]()
        self.guarded = dict[Terms, Guarded]()
        self.pieces = set[Terms]()
        self.differing = dict[int, list[int | str]]()
        self.moved = dict[int | str, None]()
        self.disagreeing = dict[int | str, str]()
        for tie in self.unknowns.ties:
            self.known[tie] = None
        self._say_listed(self.made)
        for sheet in self.earlier:
            self._take(sheet)

    def ledger(self) -> Ledger:
        self._guard_merged(self.made)
        own = frozenset(self.guarded)
        for sheet in self.earlier:
            self._guard_shown(sheet)
            self._guard_merged(sheet)
            if sheet.layout.counted_at != self.layout.counted_at:
                self._differ(sheet)
        self._guard_pieces()
        counts = tuple(self.places.truth(self.made, where) for where in self.made.shown)
        cells = self._cells(counts)
        connected = Connected(cells, self.known, len(self.unknowns.numbers))
        touching = {
            sheet.layout.name: found
            for sheet in self.earlier
            if sheet.layout.name is not None and (found := self._touched(sheet))
        }
        guarded = tuple(each for each in self.guarded.values() if connected.reaches(each.terms))
        return Ledger(
            self._puzzle(cells, guarded, connected),
            counts,
            {cell: tuple(dict.fromkeys(names)) for cell, names in self.differing.items()},
            touching,
            tuple(self.moved),
            self.disagreeing,
            sum(each.terms in own for each in guarded),
            frozenset(at for at, each in enumerate(guarded) if each.terms in self.pieces),
        )

    def public(self) -> Puzzle:
        cells = self._cells([self.places.truth(self.made, where) for where in self.made.shown])
        connected = Connected(cells, self.known, len(self.unknowns.numbers))
        hidden = {
            terms: Guarded(terms, self.places.truth(self.made, where), self.made.name_of(where))
            for where in self.made.hidden
            if connected.reaches(terms := self.unknowns.terms(self.made, where))
        }
        return self._puzzle(cells, tuple(hidden.values()), connected)

    def _puzzle(self, cells: tuple[Cell, ...], guarded: tuple[Guarded, ...], connected: Connected) -> Puzzle:
        puzzle = Puzzle(
            unknowns=tuple(self.unknowns.numbers),
            cells=cells,
            width=self.layout.threshold,
            floor=1 if self.layout.zeros_shown and not self.layout.slack else 0,
            known=connected.known(self.unknowns.numbers),
            guarded=guarded,
        )
        return connected.compact(puzzle)

    def _touched(self, sheet: Sheet) -> frozenset[int]:
        """Return the cells of the table that count some of what another one counts."""
        theirs = sheet.covered - sheet.without_row
        return frozenset(
            at for at, where in enumerate(self.made.shown) if not theirs.isdisjoint(self.made.places[where])
        )

    def _cells(self, counts: Sequence[int]) -> tuple[Cell, ...]:
        layout, whole = self.layout, max(1, max(counts, default=1))
        least = 0 if layout.zeros_small else 1
        found = []
        for at, (where, count) in enumerate(zip(self.made.shown, counts, strict=True)):
            labels = (*layout.column_labels, *(["Total"] if layout.has_total else []))
            choice = self.choices.get((layout.rows[where.row].label, labels[where.column]))
            terms = self.unknowns.terms(self.made, where)
            is_small = least <= count < layout.threshold
            if layout.slack:
                # What is published of it leaves open that it is small: so that which are watched tells nothing.
                is_small = bool(terms) and range_of(count)[0] < layout.threshold
            is_small = is_small or at in self.differing
            is_shown_zero = count == 0 and layout.zeros_shown
            found.append(
                Cell(
                    terms=terms,
                    count=count,
                    is_small=is_small and choice is not False,
                    may_be_withheld=not is_shown_zero and choice is not False,
                    is_chosen=choice is True and not is_shown_zero,
                    loss=1 + count / whole,
                )
            )
        return tuple(found)

    def _take(self, sheet: Sheet) -> None:
        """Take what an earlier table says: its values, and by what it lists that there is none of anything else."""
        layout, table = sheet.layout, sheet.layout.table
        for where in sheet.shown if table is not None else ():
            value = table.values[where.row][where.column] if table is not None else None
            if value is not None:
                self._say(sheet, where, max(0, value - layout.slack), value + layout.slack)
            elif layout.zeros_shown and not layout.slack:
                self._say(sheet, where, 1, None)
        self._say_listed(sheet)
        for place in sheet.covered:
            unlisted = self.places.breakdowns[place].get(layout.breakdown, set()) - sheet.values
            if any(self.places.number_of(place, layout.breakdown, value, layout.counted_at) for value in unlisted) or (
                place in sheet.without_row and self.places.number_of(place, "", "", layout.counted_at)
            ):
                self.disagreeing.setdefault(layout.name or "", sheet.first_over(place))

    def _say_listed(self, sheet: Sheet) -> None:
        """Say of each row, and each value of the breakdown, that is only listed where something is in it that it is not empty.

        Of what stands in the table as it is that is known anyhow.
        """
        layout = sheet.layout
        total = len(layout.rows) - 1 - len(sheet.values)
        for where in (*(sheet.shown if layout.slack else ()), *sheet.hidden):
            is_total = total <= where.row < len(layout.rows)
            is_split = bool(sheet.rows[where.row].value)
            is_listed = layout.values_found if is_split and is_total else layout.lists_found and not is_split
            if is_listed and where.column == len(layout.columns) and (is_split or not is_total):
                self._say(sheet, where, 1, None)

    def _say(self, sheet: Sheet, where: Place, low: int, high: int | None) -> None:
        """Keep what is published, unless the records say otherwise."""
        terms, truth = self.unknowns.terms(sheet, where), self.places.truth(sheet, where)
        if truth < low or (high is not None and truth > high):
            self.disagreeing.setdefault(sheet.layout.name or "", sheet.name_of(where))
        elif terms:
            self.known.setdefault(Known(terms, low, high), sheet.layout.name)

    def _guard_shown(self, sheet: Sheet) -> None:
        """Guard what an earlier table withholds, and what it blurs of a small count."""
        layout, table, width = sheet.layout, sheet.layout.table, self._width(sheet)
        for where in sheet.shown if table is not None else ():
            truth = self.places.truth(sheet, where)
            is_withheld = table is not None and table.values[where.row][where.column] is None
            if is_withheld or (layout.slack and 0 < truth < width):
                label = f"{self._title(sheet)}: {sheet.name_of(where)}"
                self._guard(self.unknowns.terms(sheet, where), truth, label, [sheet])

    def _guard_merged(self, sheet: Sheet) -> None:
        """Guard the small counts of merged rows."""
        least, width = 0 if sheet.layout.zeros_small else 1, self._width(sheet)
        title = f"{self._title(sheet)}: " if self._title(sheet) else ""
        for where in sheet.hidden:
            truth = self.places.truth(sheet, where)
            if least <= truth < width:
                label = f"{title}{sheet.name_of(where)}, which is in a combined row"
                self._guard(self.unknowns.terms(sheet, where), truth, label, [sheet])

    def _guard_pieces(self) -> None:
        """Guard small counts that no table shows, but two together could: a quarter, a group without some of its parts."""
        if not self.earlier:
            return
        sheets = self.places.sheets
        mine = {self.unknowns.terms(self.made, where) for where in self.made.shown}
        for place in range(self.places.number):
            over = [sheet for sheet in sheets if place in sheet.covered]
            width = self._width(*over)
            wanted = [("", "")]
            for breakdown, values in self.places.breakdowns[place].items():
                if sum(sheet.layout.breakdown == breakdown for sheet in over) > 1:
                    wanted += [(breakdown, value) for value in sorted(values)]
            for (breakdown, value), moment in product(wanted, self.places.moments[place]):
                truth = self.places.number_of(place, breakdown, value, moment)
                terms = self.unknowns.of_place(place, breakdown, value, moment)
                if 0 < truth < width and terms not in mine and terms not in self.guarded:
                    label = f"part of {over[-1].first_over(place)}{f' ({value})' if value else ''}"
                    self._guard(terms, truth, label, over)
                    self.pieces.add(terms)

    def _width(self, *sheets: Sheet) -> int:
        """Return how far apart the bounds of what is in these tables must be: as far as the most careful of them promises."""
        return max([self.layout.threshold, *(sheet.layout.threshold for sheet in sheets)])

    def _guard(self, terms: Terms, truth: int, label: str, sheets: Sequence[Sheet]) -> None:
        if not terms:
            return
        width = self._width(*sheets)
        names = tuple(sheet.layout.name for sheet in sheets if sheet.layout.name is not None)
        if former := self.guarded.get(terms):
            label, width = former.label, former.width_beside(width)
            names = tuple(dict.fromkeys((*former.sources, *names)))
        self.guarded[terms] = Guarded(terms, truth, label, width, names)

    @staticmethod
    def _title(sheet: Sheet) -> str:
        name = sheet.layout.name
        if name is None:
            return ""
        return f"release {name}" if isinstance(name, int) else name

    def _differ(self, sheet: Sheet) -> None:
        """Guard the differences of a few cases between this table and an earlier extraction, cell by cell of either."""
        here, there = self.layout.counted_at, sheet.layout.counted_at
        by_content = defaultdict[object, list[int]](list)
        for at, where in enumerate(self.made.shown):
            by_content[self._content(self.made, where)].append(at)
        for mine, other in ((sheet, self.made), (self.made, sheet)):
            for where in mine.shown:
                if not other.covered.issuperset(mine.places[where]) or not self._is_split_alike(mine, other, where):
                    continue
                grown = self.places.truth(mine, where, here) - self.places.truth(mine, where, there)
                if not 0 < abs(grown) < self._width(sheet):
                    continue
                terms = difference(
                    self.unknowns.terms(mine, where, here if grown > 0 else there),
                    self.unknowns.terms(mine, where, there if grown > 0 else here),
                )
                self._guard(terms, abs(grown), f"difference from {self._title(sheet)}: {mine.name_of(where)}", [sheet])
                self.moved[sheet.layout.name or ""] = None
                if mine is sheet and self._is_published(sheet, where):
                    for same in by_content[self._content(mine, where)]:
                        self.differing.setdefault(same, []).append(sheet.layout.name or "")

    @staticmethod
    def _is_split_alike(mine: Sheet, other: Sheet, where: Place) -> bool:
        return not mine.rows[where.row].value or mine.layout.breakdown == other.layout.breakdown

    @staticmethod
    def _content(sheet: Sheet, where: Place) -> tuple[frozenset[int], str, str]:
        value = sheet.rows[where.row].value
        return frozenset(sheet.places[where]), value, sheet.layout.breakdown if value else ""

    @staticmethod
    def _is_published(sheet: Sheet, where: Place) -> bool:
        table = sheet.layout.table
        return table is not None and table.values[where.row][where.column] is not None


def without_earlier(ledger: Ledger) -> Puzzle:
    """Return the table's puzzle as if nothing had been published before: what is withheld of it alone."""
    puzzle = ledger.puzzle
    cells = tuple(
        replace(cell, is_small=cell.is_small and at not in ledger.differing) for at, cell in enumerate(puzzle.cells)
    )
    return replace(puzzle, cells=cells, known=(), guarded=puzzle.guarded[: ledger.own])


def without_pieces(ledger: Ledger, gone: frozenset[int]) -> Ledger:
    """Return the ledger that gives up these of its pieces, which nothing can keep wide."""
    kept = [at for at in range(len(ledger.puzzle.guarded)) if at not in gone]
    puzzle = replace(ledger.puzzle, guarded=tuple(ledger.puzzle.guarded[at] for at in kept))
    return replace(
        ledger,
        puzzle=puzzle,
        pieces=frozenset(new for new, at in enumerate(kept) if at in ledger.pieces),
        let_go=(*ledger.let_go, *(ledger.puzzle.guarded[at] for at in sorted(gone))),
    )
