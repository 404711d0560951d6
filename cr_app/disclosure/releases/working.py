"""From a request to its table as it would leave: counted, protected, worded, the same each time for the same records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from cr_app.disclosure import reports
from cr_app.disclosure.asked import Asked, BadRequest
from cr_app.disclosure.ledger import Layout, Ledger, ledger_of, public_puzzle, without_earlier, without_pieces
from cr_app.disclosure.notes import notes_of, refusal_of, rule_of
from cr_app.disclosure.queries.records import force_name, has_imported
from cr_app.disclosure.release_text import with_digest
from cr_app.disclosure.releases import drafts
from cr_app.disclosure.releases.before import layouts_of, overlapping, told_apart
from cr_app.disclosure.releases.drafts import Choice, Collision, Draft, Earlier, Guard, Why
from cr_app.disclosure.releases.refusals import CannotProtect
from cr_app.disclosure.releases.totals import total_layouts
from cr_app.disclosure.row_meanings import rows_as_json
from cr_app.disclosure.suppression.attack import bounds_of
from cr_app.disclosure.suppression.choosing import could_be_shown, protect
from cr_app.disclosure.suppression.narrowest import least_width
from cr_app.disclosure.suppression.puzzle import Bounds, Known, Protection, Puzzle, Terms, Unprotectable
from cr_app.disclosure.suppression.rounding import BASE, range_of, rounded, totals_to_withhold
from cr_app.disclosure.suppression.solver import Meter, Unsolved
from cr_app.disclosure.tables import Combined, ReleasedTable

# How much work one working-out may take, in the units of the meter: less than what waits for it waits.
_MOST_WORK = 150_000_000
# These leave with the table, so that which of them is said may hang on nothing but what is published.
_MORE = (
    "It counts some of the same cases. What is withheld here is chosen so that nothing can be worked out from the two "
    "together."
)
_NO_MORE = "It counts some of the same cases. Nothing had to be withheld because of it."
_MOVED = (
    "It counted some of the same cases at another moment. Where the two differ by few cases, that is withheld, so that "
    "nobody can be told by the difference."
)
_MOVED_NO_MORE = "It counted some of the same cases at another moment. Nothing of what both count had to be withheld because of that."
# This one stays on the desk.
_AT_STAKE = "It counts none of these cases. What it withholds could be worked out through the other releases, were more of this shown."
_DISAGREES = (
    "{name} says of “{cell}” what the records do not give as of its moment, so nothing can be proved beside it. Find out what "
    "has changed since: a unit that has another name, an offence or an ethnicity in another group, an import that was "
    "completed later than it says. Until that is put right, ask for a period that it does not count."
)
_OPENED = (
    "With what was published before, {what} could be worked out, because these were opened: {cells}. Withdraw one of these "
    "decisions by keeping that value back."
)
_UNSOLVED = "It could not be proved that this table tells nothing that is withheld. Ask for longer periods, larger groups or fewer rows."


def work_out(
    asked: Asked,
    *,
    extracted_at: datetime,
    earlier: Sequence[Earlier] = (),
    choices: Iterable[Choice] = (),
    part: int = 1,
    title: str = "",
) -> Draft:
    """Return the table that a request asks for, protected beside `earlier` and totals published elsewhere.

    Cases are counted as of the request's `as_of`, else as of the extraction. Where zeros that are shown would tell what was
    withheld before, some of them are withheld too. Raises BadRequest where two rows would have one label, and CannotProtect
    where nothing that may be withheld is enough, or where it cannot be proved.
    """
    working = _Working(asked, extracted_at, earlier, choices)
    try:
        working.protect()
        return working.draft(part=part, title=title)
    except BadRequest:
        raise
    except (Unsolved, ValueError) as error:
        # No bounds were found, or what is known contradicts the counts: nothing is proved.
        raise CannotProtect(_UNSOLVED) from error


def released_content(draft: Draft, *, number: int, released_at: datetime) -> dict[str, object]:
    """Return what was drafted as the content of a release: with its number and time, and the digest of that."""
    return with_digest({**draft.content, "number": number, "released_at": released_at.isoformat()})


class _Working:
    report: reports.Report
    layout: Layout
    ledger: Ledger
    protection: Protection

    def __init__(
        self, asked: Asked, extracted_at: datetime, earlier: Sequence[Earlier], choices: Iterable[Choice]
    ) -> None:
        self.asked, self.extracted_at = asked, extracted_at
        counted_at = asked.as_of or extracted_at
        before = [*layouts_of(asked.force, earlier)]
        before += total_layouts(asked.force, counted_at=counted_at, extracted_at=extracted_at)
        # Tables are known by their names from here on: two of one name would be one.
        before = told_apart(before)
        self.before = {each.name: each for each in overlapping(asked, before)}
        self.choices = {(each.row, each.column): each for each in choices}
        self.columns = reports.columns_of(asked)
        self.counting = reports.counting_of(asked, counted_at=counted_at, earlier=tuple(self.before.values()))
        self.meter = Meter(most=_MOST_WORK)
        self._lay_out()

    def protect(self) -> None:
        """Protect the table with its zeros shown, where they are; and where that cannot be, with some of them withheld too.

        Then every row is listed as well. Of small counts that no table shows it lets go only those that nothing keeps wide:
        zeros are tried before, and shown again if that keeps no more of them.
        """
        if not self.layout.zeros_shown:
            self.protection = self._protect()
            return
        try:
            self.protection = self._protect()
        except CannotProtect:
            self._lay_out(zeros_too=True)
            self.protection = self._protect()
            return
        if told := len(self.ledger.let_go):
            shown = self.report, self.layout, self.ledger, self.protection
            self._lay_out(zeros_too=True)
            try:
                self.protection = self._protect()
            except CannotProtect:
                self.report, self.layout, self.ledger, self.protection = shown
            if len(self.ledger.let_go) >= told:
                self.report, self.layout, self.ledger, self.protection = shown

    def _lay_out(self, *, zeros_too: bool = False) -> None:
        self.report = reports.report_of(self.asked, self.counting, zeros_too=zeros_too)
        self.layout = self.report.layout
        self.ledger = self._ledger({place: each.is_withheld for place, each in self.choices.items()})
        if self.ledger.disagreeing:
            name, cell = next(iter(self.ledger.disagreeing.items()))
            raise CannotProtect(_DISAGREES.format(name=_title(name), cell=cell))

    def _ledger(self, choices: Mapping[tuple[str, str], bool]) -> Ledger:
        return ledger_of(self.layout, tuple(self.before.values()), self.report.counts, choices=choices)

    def _protect(self) -> Protection:
        protection, self.ledger = self._settled(self.ledger)
        if self.ledger.let_go and (opened := self._opened()):
            # Is it told because of what a person opened? The reason that was given for that is of that value alone.
            closed = {place: True for place, each in self.choices.items() if each.is_withheld}
            _, alone = self._settled(self._ledger(closed))
            told = [each for each in self.ledger.let_go if each not in alone.let_go]
            if told:
                raise CannotProtect(_OPENED.format(what=told[0].label, cells="; ".join(opened)))
        return protection

    def _opened(self) -> list[str]:
        cells = {self._names(at) for at in range(len(self.ledger.counts))}
        return [", ".join(place) for place, each in self.choices.items() if not each.is_withheld and place in cells]

    def _settled(self, ledger: Ledger) -> tuple[Protection, Ledger]:
        """Return what protects a ledger, and the ledger without the pieces that nothing can keep wide."""
        while True:
            try:
                return self._protected(ledger.puzzle), ledger
            except Unprotectable as error:
                stuck = frozenset(error.guarded) & ledger.pieces
                if not stuck:
                    raise CannotProtect(self._hopeless(error, ledger)) from error
                ledger = without_pieces(ledger, stuck)

    def _protected(self, puzzle: Puzzle) -> Protection:
        return (totals_to_withhold if self.asked.method == "round" else protect)(puzzle, meter=self.meter)

    @staticmethod
    def _hopeless(error: Unprotectable, ledger: Ledger) -> str:
        """Return the sentence, with the earlier tables whose withheld values are at stake."""
        names = dict.fromkeys(name for at in error.guarded for name in ledger.puzzle.guarded[at].sources)
        at_stake = ", ".join(map(_title, names))
        return f"{error} What was withheld before is at stake: {at_stake}." if at_stake else str(error)

    def draft(self, *, part: int, title: str) -> Draft:
        table = self._table()
        collisions = self._collisions()
        worst = self._worst()
        name = force_name(self.asked.force)
        notes = notes_of(
            table,
            self.asked,
            force_name=name,
            extracted_at=self.extracted_at,
            worst_interval=worst,
            has_imported=has_imported(self.asked, as_of=self.layout.counted_at),
            has_collisions=bool(collisions),
        )
        content: dict[str, object] = {
            "request": self.asked.as_json(),
            "part": part,
            "title": title,
            "force_name": name,
            "number": None,
            "released_at": None,
            "extracted_at": self.extracted_at.isoformat(),
            "table": table.as_json(),
            "combined": [{"label": each.label, "rows": list(each.rows)} for each in table.combined],
            "rounded_to": table.rounded_to,
            "zeros_withheld": table.zeros_withheld,
            "protection": {
                "rule": rule_of(self.asked, worst_interval=worst),
                "threshold": self.asked.threshold,
                "worst_interval": worst,
                "withheld": len(table.withheld),
            },
            "collisions": [{"release": each.release, "what": each.what} for each in collisions],
            "rows": self._rows(),
            "notes": [note.as_json() for note in notes],
            "refusal_notice": list(refusal_of(table, self.asked, force_name=name)),
        }
        return Draft(
            asked=self.asked,
            table=table,
            content=with_digest(content),
            extracted_at=self.extracted_at,
            why=tuple(self._why()),
            guards=tuple(self._guards()),
            collisions=(*collisions, *self._at_stake()),
            unused_choices=tuple(self._unused()),
        )

    def _unused(self) -> Iterable[Choice]:
        """Return the decisions on values that this table does not have, or that it does not heed: a 0 that is shown stays."""
        heeded = {
            self._names(at)
            for at, cell in enumerate(self.ledger.puzzle.cells)
            if cell.is_chosen or (choice := self.choices.get(self._names(at))) is None or not choice.is_withheld
        }
        return (each for place, each in self.choices.items() if place not in heeded)

    def _rows(self) -> list[dict[str, object]]:
        meant = self.report.meant
        told = rows_as_json((each.row for each in meant), self.report.values)
        return [{**each, "what": row.what} for each, row in zip(told, meant, strict=True)]

    def _table(self) -> ReleasedTable:
        is_rounded = self.asked.method == "round"
        withheld, width = self.protection.withheld, len(self.columns)
        values = [
            None if at in withheld else rounded(count) if is_rounded else count
            for at, count in enumerate(self.ledger.counts)
        ]
        return ReleasedTable(
            rows=tuple(row.label for row in self.layout.rows),
            columns=self.columns,
            values=tuple(tuple(values[at : at + width]) for at in range(0, len(values), width)),
            combined=tuple(
                Combined(row.label, tuple(each.label for each in row.merged)) for row in self.layout.rows if row.merged
            ),
            rounded_to=BASE if is_rounded else 0,
            zeros_withheld=not self.layout.zeros_shown,
        )

    def _worst(self) -> int | None:
        """Return the least width over all that is withheld, of what anybody can put together from what is published.

        That is each withheld value, each value of the rows that were merged, and, where values are rounded, each that leaves
        open that it is small: nothing of it hangs on a count that is withheld.
        """
        puzzle = public_puzzle(self.layout, tuple(self.before.values()), self.report.counts)
        withheld = self.protection.withheld
        wanted = [puzzle.cells[at].terms for at in sorted(withheld)]
        is_rounded = self.asked.method == "round"
        if is_rounded:
            wanted += [cell.terms for at, cell in enumerate(puzzle.cells) if cell.is_small and at not in withheld]
        else:
            wanted += [each.terms for each in puzzle.guarded]
        sums = tuple(terms for terms in dict.fromkeys(wanted) if terms)
        return least_width(puzzle, withheld, sums, is_rounded=is_rounded)

    def _names(self, at: int) -> tuple[str, str]:
        row, column = divmod(at, len(self.columns))
        return self.layout.rows[row].label, self.columns[column]

    def _bounds(self) -> dict[int, Bounds]:
        """Return what an outsider could work out of each withheld value."""
        return {at: self.protection.bounds[at] for at in sorted(self.protection.withheld)}

    def _seen_of(self, puzzle: Puzzle, sums: Sequence[Terms]) -> list[Bounds]:
        """Return what can be worked out of sums once the table is out."""
        if not sums:
            return []
        if self.asked.method != "round":
            return bounds_of(puzzle, self.protection.withheld, sums)
        told = [
            Known(cell.terms, *range_of(cell.count))
            for at, cell in enumerate(puzzle.cells)
            if at not in self.protection.withheld and cell.terms
        ]
        return bounds_of(replace(puzzle, cells=(), guarded=(), known=(*puzzle.known, *told)), frozenset(), sums)

    def _why(self) -> Iterable[Why]:
        for at, bounds in self._bounds().items():
            cell = self.ledger.puzzle.cells[at]
            least = 1 if self.asked.zeros == "show" else 0
            is_rounded = self.asked.method == "round"
            reasons = []
            if least <= cell.count < self.asked.threshold and not is_rounded:
                reasons.append(drafts.SMALL)
            if cell.is_chosen:
                reasons.append(drafts.CHOSEN)
            if at in self.ledger.differing:
                reasons.append(drafts.DIFFERENCE)
            if not reasons:
                reasons.append(drafts.EARLIER if at in self.because_of_earlier else drafts.PROTECTS)
            row, column = self._names(at)
            is_pinned = at in self.protection.pinned_before
            yield Why(row, column, tuple(reasons), max(0, bounds.low), bounds.high, is_pinned)

    def _guards(self) -> Iterable[Guard]:
        let_go, guarded = self.ledger.let_go, self.ledger.puzzle.guarded
        for each in self.ledger.pinned:
            yield Guard(each.label, each.count, each.count, is_pinned=True, releases=each.sources)
        for each, bounds in zip(
            let_go, self._seen_of(self.ledger.puzzle, [each.terms for each in let_go]), strict=True
        ):
            yield Guard(each.label, max(0, bounds.low), bounds.high, is_told=True, releases=each.sources)
        for at, bounds in sorted(self.protection.guarded.items()):
            is_pinned = at in self.protection.guarded_before
            yield Guard(
                guarded[at].label, max(0, bounds.low), bounds.high, is_pinned=is_pinned, releases=guarded[at].sources
            )

    @cached_property
    def because_of_earlier(self) -> frozenset[int]:
        """Return what is withheld that could be shown if nothing had been published before: all of it, or each by itself."""
        if not self.before or (not self.ledger.puzzle.known and len(self.ledger.puzzle.guarded) == self.ledger.own):
            return frozenset()
        puzzle, withheld = without_earlier(self.ledger), self.protection.withheld
        if self.asked.method == "round":
            try:
                return withheld - totals_to_withhold(puzzle, meter=self.meter).withheld
            except (Unprotectable, Unsolved):
                return frozenset()
        # Cells that are the same sum are withheld together, or none of them.
        alike = dict[Terms, list[int]]()
        for at, cell in enumerate(puzzle.cells):
            alike.setdefault(cell.terms, []).append(at)
        groups = list(alike.values())
        kept = frozenset(place for place, group in enumerate(groups) if group[0] in withheld)
        free = frozenset(
            place
            for place in kept
            if not any(puzzle.cells[at].is_small or puzzle.cells[at].is_chosen for at in groups[place])
        )
        distinct = replace(puzzle, cells=tuple(puzzle.cells[group[0]] for group in groups))
        first = frozenset(sorted(free)[:1])
        together = could_be_shown(distinct, (kept - free) | first, first)
        return frozenset(
            at for place in (free if together else could_be_shown(distinct, kept, free)) for at in groups[place]
        )

    def _collisions(self) -> tuple[Collision, ...]:
        """Return the earlier tables that count some of the same cases."""
        return tuple(self._collision(name, cells) for name, cells in self.ledger.touching.items())

    def _at_stake(self) -> tuple[Collision, ...]:
        """Return, for the desk alone, the earlier tables that share no case with this one, and yet it could tell of them."""
        guarded = (*self.ledger.puzzle.guarded, *self.ledger.let_go)
        names = dict.fromkeys(name for each in guarded for name in each.sources if name not in self.ledger.touching)
        cells = tuple(", ".join(self._names(at)) for at in sorted(self.because_of_earlier))
        return tuple(Collision(name, _AT_STAKE, cells) for name in names if name in self.before)

    def _collision(self, name: int | str, touched: frozenset[int]) -> Collision:
        differing = {at for at, names in self.ledger.differing.items() if name in names}
        cells = sorted((differing | (touched & self.because_of_earlier)) & self.protection.withheld)
        earlier = self.before[name]
        with_more, without = (
            (_MORE, _NO_MORE) if earlier.counted_at == self.layout.counted_at else (_MOVED, _MOVED_NO_MORE)
        )
        what = with_more if touched & self.protection.withheld else without
        return Collision(
            release=name,
            what=what,
            cells=tuple(", ".join(self._names(at)) for at in cells),
            as_of=earlier.counted_at.isoformat() if name in self.ledger.moved else None,
        )


def _title(name: int | str) -> str:
    return f"Release {name}" if isinstance(name, int) else str(name)
