"""An outsider who holds any number of release.json over the same cases, by whatever rows, years, breakdown and moment.

Written apart from the ledger: what a row counts, which days a column has and when it was counted stand in the files themselves.
Of two moments the outsider is taken to know between which days, of which offence, cases came or went; not how many.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from tests.disclosure.attacker import Attack, Name, Range, Seen, Sum

TOTAL, SEXES = "Total", ("Female", "Male", "Other", "Not known")
# How far a rounded number may be from what is shown; one that is withheld of a rounded table stays as wide.
SLACK = 2


class Some(NamedTuple):
    """So many cases that came at a moment, and perhaps went at another."""

    day: date
    code: str
    number: int
    came: datetime
    gone: datetime | None = None
    sex: str = "Male"

    def count_at(self, moment: datetime) -> bool:
        """Tell whether they count as of a moment."""
        return self.came <= moment and (self.gone is None or moment < self.gone)


class Target(NamedTuple):
    """What nobody may work out too closely: the number, what it is, how far apart its bounds have to be, its true value."""

    name: Name
    what: str
    width: int
    truth: int


class Found(NamedTuple):
    """What was worked out too closely, and what could be worked out of it before the last release."""

    target: Target
    now: Range
    before: Range


@dataclass(frozen=True)
class Told:
    """One release.json."""

    number: int
    content: Mapping[str, Any]

    @property
    def request(self) -> Mapping[str, Any]:
        """Return what was asked for."""
        asked: Mapping[str, Any] = self.content["request"]
        return asked

    @property
    def moment(self) -> datetime:
        """Return the moment as of which it counts."""
        return datetime.fromisoformat(self.request.get("as_of") or self.content["extracted_at"])

    @property
    def threshold(self) -> int:
        """Return the least count that it does not take for small."""
        return int(self.request["threshold"])

    @cached_property
    def columns(self) -> dict[str, tuple[date, date]]:
        """Return the first day of each column and the day after its last, by its label."""
        first = date.fromisoformat(self.request["period"]["from"])
        end = date.fromisoformat(self.request["period"]["to"]) + timedelta(days=1)
        month = 1 if self.request["years"] == "calendar" else 4
        cuts = [date(year, month, 1) for year in range(first.year, end.year + 1)]
        days = [first, *(cut for cut in cuts if first < cut < end), end]
        labels = self.content["table"]["columns"]
        return {**dict(zip(labels[:-1], pairwise(days), strict=True)), labels[-1]: (first, end)}

    @cached_property
    def codes(self) -> dict[str, frozenset[tuple[str, bool]]]:
        """Return what each row counts, those that were merged and those that stand for several too, by its label."""
        found = {
            row["label"]: frozenset(
                (code, encouraged)
                for part in row["counts"]
                for code in part["codes"]
                for encouraged in (False, True)
                if part["encouraging_or_assisting"] in (None, encouraged)
            )
            for row in self.content["rows"]
        }
        for each in self._combined:
            found[each["label"]] = frozenset().union(*(found[label] for label in each["rows"]))
        found[TOTAL] = frozenset().union(*found.values())
        return found

    @property
    def _combined(self) -> list[Mapping[str, Any]]:
        """Return the rows that stand for several, all sexes together."""
        return [each for each in self.content["combined"] if set(each["rows"]) <= set(self.base)]

    @property
    def merged(self) -> list[str]:
        """Return the labels of the rows that were merged."""
        return [row for each in self._combined for row in each["rows"]]

    @property
    def base(self) -> list[str]:
        """Return the labels of the rows before any were merged."""
        return [row["label"] for row in self.content["rows"]]

    @property
    def sexes(self) -> tuple[str, ...]:
        """Return the values that rows are divided by."""
        return tuple(next((row.get("values", ()) for row in self.content["rows"]), ()))

    @property
    def lists_found(self) -> bool:
        """Tell whether rows and values are left out that have nothing in them."""
        return not self.content["zeros_withheld"]

    def cells(self) -> Iterator[tuple[str, str, str, str, int | None]]:
        """Yield each value with its labels, the row without its sex, and the sex."""
        table = self.content["table"]
        for label, line in zip(table["rows"], table["values"], strict=True):
            row, _, sex = label.rpartition(": ")
            row, sex = (row, sex) if row in self.codes and sex in self.sexes else (label, "")
            for column, value in zip(table["columns"], line, strict=True):
                yield label, row, sex, column, value


class Outsider:
    """All that can be worked out of some releases, and the cases behind them, of which only what came and went is known."""

    def __init__(self, contents: Sequence[Mapping[str, Any]], cases: Iterable[Some]) -> None:
        """Cut time at every edge, and offences by the rows that they fall in."""
        self.told = [Told(number, content) for number, content in enumerate(contents)]
        self.cases = tuple(cases)
        self.moments = sorted({told.moment for told in self.told})
        edges = sorted({day for told in self.told for span in told.columns.values() for day in span})
        self.stretches = list(pairwise(edges))
        alike = defaultdict[tuple[object, ...], list[tuple[str, bool]]](list)
        every = frozenset().union(*(told.codes[TOTAL] for told in self.told))
        for kind in sorted(every):
            rows = ((told.number, row) for told in self.told for row in told.base if kind in told.codes[row])
            alike[tuple(rows)].append(kind)
        self.classes = list(alike.values())
        self.sexes = SEXES if any(told.sexes for told in self.told) else ("",)

    def too_close(self) -> list[Found]:
        """Return what the last release brings too close, which those before it had left wider."""
        now, before = Attack(self._seen(self.told)), Attack(self._seen(self.told[:-1]))
        found = []
        for target in dict.fromkeys(self._targets()):
            for name, bounds in now.narrow([target.name], target.width).items():
                was = before.whole_bounds(name)
                if was[1] is None or bounds[1] is None or bounds[1] - bounds[0] < was[1] - was[0]:
                    found.append(Found(target, bounds, was))
        return found

    def _number(self, stretch: int, which: int, sex: str, moment: datetime) -> int:
        begins, end = self.stretches[stretch]
        return sum(
            each.number
            for each in self.cases
            if begins <= each.day < end
            and (each.code, False) in self.classes[which]
            and sex in ("", each.sex)
            and each.count_at(moment)
        )

    def _atoms(self, told: Told, codes: frozenset[tuple[str, bool]], sex: str, column: str) -> tuple[Name, ...]:
        """Return the numbers whose sum is that of these offences in a column."""
        first, end = told.columns[column]
        return tuple(
            ("atom", stretch, which, of, self.moments.index(told.moment))
            for stretch, (begins, _) in enumerate(self.stretches)
            if first <= begins < end
            for which, kinds in enumerate(self.classes)
            if kinds[0] in codes
            for of in self.sexes
            if sex in ("", of)
        )

    def _seen(self, releases: Sequence[Told]) -> Seen:
        ranges: dict[Name, Range] = {}
        sums: list[Sum] = [*self._known_of_moments(), *self._sums_of_targets()]
        for told in releases:
            is_rounded = bool(told.content["rounded_to"])
            for label, row, sex, column, value in told.cells():
                name: Name = ("cell", told.number, label, column)
                sums.append((name, self._atoms(told, told.codes[row], sex, column)))
                if value is None:
                    ranges[name] = (0 if is_rounded or told.content["zeros_withheld"] else 1, None)
                else:
                    ranges[name] = (max(0, value - SLACK), value + SLACK) if is_rounded else (value, value)
            ranges |= self._said_by_rows(told, sums)
        return Seen(ranges, sums)

    def _said_by_rows(self, told: Told, sums: list[Sum]) -> dict[Name, Range]:
        """Return what a release tells by the rows and the values that it lists."""
        ranges: dict[Name, Range] = {}
        whole = told.request["rows"]["by"] != "named"
        every = frozenset(kind for kinds in self.classes for kind in kinds)

        def say(what: str, atoms: tuple[Name, ...], bounds: Range) -> None:
            ranges["said", told.number, what] = bounds
            sums.append((("said", told.number, what), atoms))

        if whole:
            say("unlisted rows", self._atoms(told, every - told.codes[TOTAL], "", TOTAL), (0, 0))
        if told.sexes:
            for sex in set(SEXES) - set(told.sexes):
                say(f"unlisted {sex}", self._atoms(told, told.codes[TOTAL], sex, TOTAL), (0, 0))
        if told.lists_found:
            for row in told.base if whole else ():
                say(f"listed {row}", self._atoms(told, told.codes[row], "", TOTAL), (1, None))
            for sex in told.sexes:
                say(f"listed {sex}", self._atoms(told, told.codes[TOTAL], sex, TOTAL), (1, None))
        return ranges

    def _known_of_moments(self) -> Iterator[Sum]:
        """Yield that a number is the same at the next moment, or how it grew or shrank from the one to the other."""
        for at, (one, other) in enumerate(pairwise(self.moments)):
            for stretch in range(len(self.stretches)):
                for which in range(len(self.classes)):
                    for sex in self.sexes:
                        grown = self._number(stretch, which, sex, other) - self._number(stretch, which, sex, one)
                        first: Name = ("atom", stretch, which, sex, at)
                        then: Name = ("atom", stretch, which, sex, at + 1)
                        change: Name = ("change", stretch, which, sex, at)
                        if not grown:
                            yield then, (first,)
                        else:
                            yield (then, (first, change)) if grown > 0 else (first, (then, change))

    def _targets(self) -> Iterator[Target]:
        for told in self.told:
            width = SLACK if told.content["rounded_to"] else told.threshold
            for label, row, sex, column, value in told.cells():
                if value is None:
                    truth = self._truth(self._atoms(told, told.codes[row], sex, column))
                    yield Target(("cell", told.number, label, column), "withheld", width, truth)
            yield from self._merged(told)
        yield from self._pieces()
        yield from self._changes()

    def _merged(self, told: Told) -> Iterator[Target]:
        for row in told.merged:
            for sex in ("", *told.sexes):
                for column in told.columns:
                    truth = self._truth(self._atoms(told, told.codes[row], sex, column))
                    if 0 < truth < told.threshold:
                        yield Target(("merged", told.number, row, sex, column), "merged", told.threshold, truth)

    def _pieces(self) -> Iterator[Target]:
        """Yield the small counts of places that no table shows: one stretch of one class of offences, at each moment."""
        shown = {
            frozenset(self._atoms(told, told.codes[row], "", column))
            for told in self.told[-1:]
            for row in told.codes
            for column in told.columns
        }
        for stretch, which, over in self._places():
            for moment in sorted({told.moment for told in over}):
                atoms = self._place(stretch, which, moment)
                truth, width = self._truth(atoms), self._width(over)
                # Of what is small to one table and not to another each goes by itself.
                least = min(told.threshold for told in over)
                # The last table shows it, or withholds or merges it, by itself.
                is_cell = frozenset(self._place(stretch, which, self.told[-1].moment)) in shown
                if 0 < truth < least and not is_cell:
                    yield Target(("piece", stretch, which, moment.isoformat()), "piece", width, truth)

    def _changes(self) -> Iterator[Target]:
        """Yield what grew by a few cases from one moment to the next, of a place that tables of both count."""
        for stretch, which, over in self._places():
            counted = {told.moment for told in over}
            for at, (one, other) in enumerate(pairwise(self.moments)):
                parts = [
                    self._number(stretch, int(each), sex, other) - self._number(stretch, int(each), sex, one)
                    for each in which.split(",")
                    for sex in self.sexes
                ]
                grown = sum(parts) if min(parts) >= 0 else 0
                width = self._width(over)
                if {one, other} <= counted and 0 < grown < width:
                    yield Target(("grown", stretch, which, at), "change", width, grown)

    def _places(self) -> Iterator[tuple[int, str, list[Told]]]:
        """Yield each stretch with the classes of offences that tables over it do not tell apart, and those tables."""
        for stretch, (begins, _) in enumerate(self.stretches):
            there = [told for told in self.told if told.columns[TOTAL][0] <= begins < told.columns[TOTAL][1]]
            alike = defaultdict[tuple[tuple[int, str], ...], list[str]](list)
            for which, kinds in enumerate(self.classes):
                rows = ((told.number, row) for told in there for row in told.base if kinds[0] in told.codes[row])
                alike[tuple(rows)].append(str(which))
            for rows_of, classes in alike.items():
                over = [told for told in there if any(number == told.number for number, _ in rows_of)]
                if over:
                    yield stretch, ",".join(classes), over

    def _width(self, over: Iterable[Told]) -> int:
        """Return how wide what no table shows must stay: as any over it promises, or as the last one blurs what it shows."""
        return SLACK if self.told[-1].content["rounded_to"] else max(told.threshold for told in over)

    def _place(self, stretch: int, classes: str, moment: datetime) -> tuple[Name, ...]:
        at = self.moments.index(moment)
        return tuple(("atom", stretch, int(which), sex, at) for which in classes.split(",") for sex in self.sexes)

    def _sums_of_targets(self) -> Iterator[Sum]:
        """Yield what each number to be attacked is a sum of, whether it is shown or not."""
        for told in self.told:
            for label, row, sex, column, _ in told.cells():
                yield ("cell", told.number, label, column), self._atoms(told, told.codes[row], sex, column)
            for target in self._merged(told):
                of_row, of_sex, within = (str(each) for each in target.name[2:])
                yield target.name, self._atoms(told, told.codes[of_row], of_sex, within)
        for target in self._pieces():
            at, of, moment = target.name[1:]
            yield target.name, self._place(int(at), str(of), datetime.fromisoformat(str(moment)))
        for target in self._changes():
            stretch, which, number = int(target.name[1]), str(target.name[2]), int(target.name[3])
            then = self._place(stretch, which, self.moments[number + 1])
            first = self._place(stretch, which, self.moments[number])
            # What was there before, and what came: so many are there then.
            yield ("then", *target.name), then
            yield ("then", *target.name), (("before", *target.name), target.name)
            yield ("before", *target.name), first

    def _truth(self, atoms: Iterable[Name]) -> int:
        return sum(
            self._number(int(stretch), int(which), str(sex), self.moments[int(at)])
            for _, stretch, which, sex, at in atoms
        )
