"""The puzzle of a table beside everything that was published of the same cases. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cr_app.disclosure.ledger.connected import Connected
from cr_app.disclosure.ledger.layouts import Layout
from cr_app.disclosure.ledger.places import Cell as Place
from cr_app.disclosure.ledger.places import Counts, Places, Sheet
from cr_app.disclosure.ledger.unknowns import Unknowns, difference
from cr_app.disclosure.suppression.puzzle import Cell, Guarded, Known, Puzzle, Terms

# A person's decisions: by the labels of row and column, whether the value is kept back or opened.
Choices = Mapping[tuple[str, str], bool]


@dataclass(frozen=True)
class Ledger:
    """A table's puzzle, and what is to be said of it. Cells are numbered row by row, the total column last.

    `counts` are the true values. `differing` are cells that must be withheld because they differ from a published cell of
    another extraction by a few cases, with the names of those tables. `touching` are, for each earlier table, the cells that
    share something unknown with it. `moved` are tables of another extraction that differ by a few cases somewhere, and
    `disagreeing` those that do not agree with the records. The first `own` guarded sums are of rows that this table merges.
    `pieces` are the places of guarded sums that no table shows, but that two together could tell.
    """

    puzzle: Puzzle
    counts: tuple[int, ...]
    differing: Mapping[int, tuple[int | str, ...]] = field(default_factory=dict)
    touching: Mapping[int | str, frozenset[int]] = field(default_factory=dict)
    moved: tuple[int | str, ...] = ()
    disagreeing: tuple[int | str, ...] = ()
    own: int = 0
    pieces: frozenset[int] = frozenset()


def ledger_of(made: Layout, earlier: Sequence[Layout], counts: Counts, *, choices: Choices | None = None) -> Ledger:
    """Return the puzzle of a table that is made, beside earlier ones; `counts` are cut at the edges of all of them.

    An earlier table that counts none of the same cases makes no difference and is left out. What a person opened is not
    withheld; what is withheld of earlier tables, of rows that were merged, and of differences of a few cases is guarded.
    """
    return _Making(made, earlier, counts, choices or {}).ledger()


class _Making:
    def __init__(self, made: Layout, earlier: Sequence[Layout], counts: Counts, choices: Choices) -> None:
        self.places = Places([*earlier, made], counts)
        self.unknowns = Unknowns(self.places)
        *self.earlier, self.made = self.places.sheets
        self.layout = made
        self.choices = choices
        self.known = dict[Known, int | str | None]()
        self.guarded = dict[Terms, Guarded]()
        self.pieces = set[Terms]()
        self.differing = dict[int, list[int | str]]()
        self.moved = dict[int | str, None]()
        self.disagreeing = dict[int | str, None]()

    def ledger(self) -> Ledger:
        for tie in self.unknowns.ties:
            self.known[tie] = None
        self._guard_merged(self.made)
        own = frozenset(self.guarded)
        for sheet in self.earlier:
            self._take(sheet)
            if sheet.layout.counted_at != self.layout.counted_at:
                self._differ(sheet)
        self._guard_pieces()
        counts = tuple(self.places.truth(self.made, where) for where in self.made.shown)
        cells = self._cells(counts)
        connected = Connected(cells, self.known, len(self.unknowns.numbers))
        touching = {
            sheet.layout.name: frozenset(found)
            for sheet in self.earlier
            if sheet.layout.name is not None and (found := connected.touched_by(self._all_terms(sheet)))
        }
        guarded = tuple(each for each in self.guarded.values() if connected.reaches(each.terms))
        puzzle = Puzzle(
            unknowns=tuple(self.unknowns.numbers),
            cells=cells,
            width=self.layout.threshold,
            floor=1 if self.layout.zeros_shown and not self.layout.slack else 0,
            known=connected.known(self.unknowns.numbers),
            guarded=guarded,
        )
        return Ledger(
            connected.compact(puzzle),
            counts,
            {cell: tuple(dict.fromkeys(names)) for cell, names in self.differing.items()},
            touching,
            tuple(self.moved),
            tuple(self.disagreeing),
            sum(each.terms in own for each in guarded),
            frozenset(at for at, each in enumerate(guarded) if each.terms in self.pieces),
        )

    def _all_terms(self, sheet: Sheet) -> Iterable[Terms]:
        return (self.unknowns.terms(sheet, where) for where in sheet.shown)

    def _cells(self, counts: Sequence[int]) -> tuple[Cell, ...]:
        layout, whole = self.layout, max(1, max(counts, default=1))
        least = 0 if layout.zeros_small else 1
        found = []
        for at, (where, count) in enumerate(zip(self.made.shown, counts, strict=True)):
            labels = (*layout.column_labels, *(["Total"] if layout.has_total else []))
            choice = self.choices.get((layout.rows[where.row].label, labels[where.column]))
            is_small = least <= count < layout.threshold or at in self.differing
            is_shown_zero = count == 0 and layout.zeros_shown
            found.append(
                Cell(
                    terms=self.unknowns.terms(self.made, where),
                    count=count,
                    is_small=is_small and choice is not False,
                    may_be_withheld=not is_shown_zero and choice is not False,
                    is_chosen=choice is True and not is_shown_zero,
                    loss=1 + count / whole,
                )
            )
        return tuple(found)

    def _take(self, sheet: Sheet) -> None:
        """Take what an earlier table says, and guard what it does not."""
        layout, table = sheet.layout, sheet.layout.table
        for where in sheet.shown if table is not None else ():
            value = table.values[where.row][where.column] if table is not None else None
            terms, truth = self.unknowns.terms(sheet, where), self.places.truth(sheet, where)
            if value is not None:
                self._say(sheet, Known(terms, max(0, value - layout.slack), value + layout.slack), truth)
            elif layout.zeros_shown and not layout.slack:
                self._say(sheet, Known(terms, 1, None), truth)
            is_small = 0 < truth < layout.threshold
            if value is None or (layout.slack and is_small):
                self._guard(terms, truth, f"{self._title(sheet)}: {sheet.name_of(where)}")
        self._guard_merged(sheet)

    def _say(self, sheet: Sheet, known: Known, truth: int) -> None:
        """Keep what is published, unless the records say otherwise."""
        if truth < known.low or (known.high is not None and truth > known.high):
            if sheet.layout.name is not None:
                self.disagreeing[sheet.layout.name] = None
        elif known.terms:
            self.known.setdefault(known, sheet.layout.name)

    def _guard_merged(self, sheet: Sheet) -> None:
        """Guard the small counts of merged rows; that each of them has a row tells that it is not empty altogether."""
        layout = sheet.layout
        least = 0 if layout.zeros_small else 1
        for where in sheet.hidden:
            terms, truth = self.unknowns.terms(sheet, where), self.places.truth(sheet, where)
            is_whole_row = not sheet.rows[where.row].value and where.column == len(layout.columns)
            if layout.lists_found and is_whole_row:
                self._say(sheet, Known(terms, 1, None), truth)
            if least <= truth < layout.threshold:
                self._guard(terms, truth, f"{self._title(sheet)}{sheet.name_of(where)}, which is in a combined row")

    def _guard_pieces(self) -> None:
        """Guard small counts that no table shows, but two together could: a quarter, a group without some of its parts."""
        if not self.earlier:
            return
        sheets = self.places.sheets
        mine = {self.unknowns.terms(self.made, where) for where in self.made.shown}
        for place in range(self.places.number):
            over = [sheet for sheet in sheets if place in sheet.covered]
            moment = self.places.moments[place][-1]
            wanted = [("", "")]
            for breakdown, values in self.places.breakdowns[place].items():
                if sum(sheet.layout.breakdown == breakdown for sheet in over) > 1:
                    wanted += [(breakdown, value) for value in sorted(values)]
            for breakdown, value in wanted:
                truth = self.places.number_of(place, breakdown, value, moment)
                terms = self.unknowns.of_place(place, breakdown, value, moment)
                if 0 < truth < self.layout.threshold and terms not in mine and terms not in self.guarded:
                    label = f"part of {over[-1].first_over(place)}{f' ({value})' if value else ''}"
                    self._guard(terms, truth, label)
                    self.pieces.add(terms)

    def _guard(self, terms: Terms, truth: int, label: str) -> None:
        if terms:
            self.guarded.setdefault(terms, Guarded(terms, truth, label))

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
                if not 0 < abs(grown) < self.layout.threshold:
                    continue
                terms = difference(
                    self.unknowns.terms(mine, where, here if grown > 0 else there),
                    self.unknowns.terms(mine, where, there if grown > 0 else here),
                )
                self._guard(terms, abs(grown), f"difference from {self._title(sheet)}: {mine.name_of(where)}")
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
    """Return the ledger without guarding these of its pieces, which nothing can keep wide."""
    kept = [at for at in range(len(ledger.puzzle.guarded)) if at not in gone]
    puzzle = replace(ledger.puzzle, guarded=tuple(ledger.puzzle.guarded[at] for at in kept))
    return replace(ledger, puzzle=puzzle, pieces=frozenset(new for new, at in enumerate(kept) if at in ledger.pieces))
