"""The puzzle of a table beside everything that was published of the same cases. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cr_app.disclosure.ledger.connected import Connected
from cr_app.disclosure.ledger.guards import Guards
from cr_app.disclosure.ledger.layouts import Layout
from cr_app.disclosure.ledger.places import Cell as Place
from cr_app.disclosure.ledger.places import Counts, Places, Sheet, edges_of, moments_as_one
from cr_app.disclosure.ledger.unknowns import Unknowns
from cr_app.disclosure.suppression.puzzle import Cell, Guarded, Known, Puzzle
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
    that some together could tell; `let_go` are those of them that were given up. `pinned` are sums that no table shows and
    that earlier ones together tell exactly, of what this table counts too: nothing can be done about them.
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
    pinned: tuple[Guarded, ...] = ()


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
        self.known = dict[Known, None]()
        self.disagreeing = dict[int | str, str]()
        for tie in self.unknowns.ties:
            self.known[tie] = None
        for sheet in self.earlier:
            self._take(sheet)
        self.told = self._told()

    def ledger(self) -> Ledger:
        guards = Guards(self.places, self.unknowns)
        counts = tuple(self.places.truth(self.made, where) for where in self.made.shown)
        cells = self._cells(counts, frozenset(guards.differing))
        connected = self._connected(cells)
        touching = {
            sheet.layout.name: found
            for sheet in self.earlier
            if sheet.layout.name is not None and (found := self._touched(sheet))
        }
        firm = [each for each in guards.found.values() if connected.reaches(each.terms)]
        pieces = [each for each in guards.pieces.values() if connected.reaches(each.terms)]
        reached = self._reached()
        return Ledger(
            self._puzzle(cells, (*firm, *pieces), connected),
            counts,
            {cell: tuple(dict.fromkeys(names)) for cell, names in guards.differing.items()},
            touching,
            tuple(guards.moved),
            {name: cell for name, cell in self.disagreeing.items() if name in reached},
            sum(each.terms in guards.own for each in firm),
            frozenset(range(len(firm), len(firm) + len(pieces))),
            pinned=tuple(each for each in (guards.pieces | guards.found).values() if self._is_pinned(each, connected)),
        )

    def public(self) -> Puzzle:
        cells = self._cells([self.places.truth(self.made, where) for where in self.made.shown])
        connected = self._connected(cells)
        hidden = {
            terms: Guarded(terms, self.places.truth(self.made, where), self.made.name_of(where))
            for where in self.made.hidden
            if connected.reaches(terms := self.unknowns.terms(self.made, where))
        }
        return self._puzzle(cells, tuple(hidden.values()), connected)

    def _connected(self, cells: Sequence[Cell]) -> Connected:
        return Connected(cells, self.known, self.told, len(self.unknowns.numbers))

    def _puzzle(self, cells: tuple[Cell, ...], guarded: tuple[Guarded, ...], connected: Connected) -> Puzzle:
        numbers = tuple(self.unknowns.numbers)
        known = connected.known(numbers, [each.terms for each in guarded])
        kin = tuple(self.unknowns.kin)
        if not known and self.earlier and not all(cell.terms for cell in cells):
            # What was known is that there are none: a cell that was published as 0 need not be kept wide.
            known = (Known(((len(numbers), 1),), 0, 0),)
            numbers, kin = (*numbers, 0), (*kin, len(numbers))
        puzzle = Puzzle(
            unknowns=numbers,
            cells=cells,
            width=self.layout.threshold,
            floor=1 if self.layout.zeros_shown and not self.layout.slack else 0,
            known=known,
            guarded=guarded,
            told=connected.told,
            kin=kin,
        )
        return connected.compact(puzzle)

    def _is_pinned(self, guarded: Guarded, connected: Connected) -> bool:
        """Tell whether earlier tables tell a guarded sum exactly that this one counts too; not if they simply show it."""
        is_shown = Known(guarded.terms, guarded.count, guarded.count) in self.known
        return connected.repeats(guarded.terms) and not is_shown

    def _reached(self) -> set[int | str]:
        """Return the names of the tables that share cases with the one that is made, directly or through others."""
        left, waiting, names = list(self.earlier), [self.made], set[int | str]()
        while waiting:
            covered = waiting.pop().covered
            near = [sheet for sheet in left if not sheet.covered.isdisjoint(covered)]
            left = [sheet for sheet in left if sheet.covered.isdisjoint(covered)]
            waiting += near
            names |= {sheet.layout.name or "" for sheet in near}
        return names

    def _touched(self, sheet: Sheet) -> frozenset[int]:
        """Return the cells of the table that count some of what another one counts."""
        theirs = sheet.covered - sheet.without_row
        return frozenset(
            at for at, where in enumerate(self.made.shown) if not theirs.isdisjoint(self.made.places[where])
        )

    def _cells(self, counts: Sequence[int], differing: frozenset[int] = frozenset()) -> tuple[Cell, ...]:
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
            is_shown_zero = count == 0 and layout.zeros_shown
            is_small = is_small or (at in differing and not is_shown_zero)
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
        for where in self._listed(sheet):
            self._say(sheet, where, 1, None)
        for place, breakdown, of_value in self._unlisted(sheet):
            if self.places.number_of(place, breakdown, of_value, layout.counted_at):
                self.disagreeing.setdefault(layout.name or "", sheet.first_over(place))

    def _told(self) -> tuple[Known, ...]:
        """Return what the table that is made says besides its cells: what it does not list is 0, what it lists is not."""
        made, at = self.made, self.layout.counted_at
        none = [
            self.unknowns.of_place(place, breakdown, value, at)
            for place, breakdown, value in self._unlisted(made)
            if not self.places.number_of(place, breakdown, value, at)
        ]
        some = [self.unknowns.terms(made, where) for where in self._listed(made) if self.places.truth(made, where)]
        told = [*(Known(terms, 0, 0) for terms in none if terms), *(Known(terms, 1, None) for terms in some if terms)]
        return tuple(dict.fromkeys(told))

    def _unlisted(self, sheet: Sheet) -> Iterator[tuple[int, str, str]]:
        """Yield the places of which a table tells by its rows that there are none, some of one value of its breakdown alone."""
        breakdown = sheet.layout.breakdown
        for place in sorted(sheet.covered):
            if place in sheet.without_row:
                yield place, "", ""
            elif breakdown:
                unlisted = self.places.breakdowns[place].get(breakdown, set()) - sheet.values
                yield from ((place, breakdown, value) for value in sorted(unlisted))

    def _listed(self, sheet: Sheet) -> Iterator[Place]:
        """Yield the totals of rows, and of values of the breakdown, that are only listed where something is in them.

        Of what stands in the table as it is that is known anyhow.
        """
        layout = sheet.layout
        total = len(layout.rows) - 1 - len({row.value for row in sheet.rows if row.value})
        for where in (*(sheet.shown if layout.slack else ()), *sheet.hidden):
            is_total = total <= where.row < len(layout.rows)
            is_split = bool(sheet.rows[where.row].value)
            is_listed = layout.values_found if is_split and is_total else layout.lists_found and not is_split
            if is_listed and where.column == len(layout.columns) and (is_split or not is_total):
                yield where

    def _say(self, sheet: Sheet, where: Place, low: int, high: int | None) -> None:
        """Keep what is published, unless the records say otherwise."""
        terms, truth = self.unknowns.terms(sheet, where), self.places.truth(sheet, where)
        if truth < low or (high is not None and truth > high):
            self.disagreeing.setdefault(sheet.layout.name or "", sheet.name_of(where))
        elif terms:
            self.known[Known(terms, low, high)] = None


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
