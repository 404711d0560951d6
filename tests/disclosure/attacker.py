"""An outsider who works out what was withheld of published tables. Written apart from the suppressor: it knows only tables.

What is published is numbers with names, and which are sums of which. A number that was published is what it is; of one that
was withheld the outsider knows the floor: it is not 0 where zeros are shown. Two tables hang together by pieces nobody
published: the cases of one row in a stretch of time, say. `Attack` bounds numbers by linear programmes, one for each part of
the tables that hangs together; where a bound is not reached by whole numbers, by an integer programme. `by_trial` looks for
whole numbers without any programme, for tiny tables.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

Name = tuple[str | int, ...]
# The least and the largest that a number can be; None is no upper bound.
Range = tuple[int, int | None]
Sum = tuple[Name, tuple[Name, ...]]
UNTOLD: Range = (0, None)
# A solver's answers are so near to what they stand for.
NEAR = 1e-5
_STATUS = highspy.HighsModelStatus


class Contradiction(Exception):
    """What is published cannot all be true: the tables were put together wrongly."""


@dataclass(frozen=True)
class Seen:
    """What an outsider has: what is `told` of numbers, and which are `sums` of which; nothing is told of others."""

    told: Mapping[Name, Range]
    sums: Sequence[Sum]

    def range_of(self, name: Name) -> Range:
        """Return what is told of a number."""
        return self.told.get(name, UNTOLD)


def told_of(values: Mapping[Name, int | None], *, floor: int) -> dict[Name, Range]:
    """Return what a table tells: each value, or for what is withheld only that it is no less than the floor."""
    return {name: (floor, None) if value is None else (value, value) for name, value in values.items()}


def is_narrow(found: Range, width: int) -> bool:
    """Tell whether bounds are nearer to each other than the width."""
    return found[1] is not None and found[1] - found[0] < width


class Programme:
    """Numbers within bounds of which sums are 0 or a constant; the least and the largest of each, by the simplex method."""

    def __init__(self, ranges: Sequence[Range], rows: Sequence[tuple[Mapping[int, int], int]]) -> None:
        self._solver: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
            self._solver.setOptionValue(option, value)
        self.size = len(ranges)
        self.ranges = list(ranges)
        low = np.array([each[0] for each in ranges], dtype=float)
        high = np.array([_top(each) for each in ranges], dtype=float)
        self._solver.addVars(self.size, low, high)
        starts = np.cumsum([0, *(len(terms) for terms, _ in rows)])[:-1].astype(np.int32)
        places = np.array([place for terms, _ in rows for place in terms], dtype=np.int32)
        times = np.array([often for terms, _ in rows for often in terms.values()], dtype=float)
        right = np.array([constant for _, constant in rows], dtype=float)
        if rows:
            self._solver.addRows(len(rows), right, right, len(places), starts, places, times)
        self._weighed: list[int] = []

    def set_range(self, place: int, told: Range) -> None:
        """Tell something else of a number."""
        self.ranges[place] = told
        self._solver.changeColBounds(place, told[0], _top(told))

    def make_whole(self) -> None:
        """Let numbers be whole only, from now on."""
        for place in range(self.size):
            self._solver.changeColIntegrality(place, highspy.HighsVarType.kInteger)
        self._solver.setOptionValue("mip_rel_gap", 0.0)

    def extreme(self, weights: Mapping[int, float], *, largest: bool) -> tuple[float | None, np.ndarray]:
        """Return the extreme of a weighed sum and numbers that reach it; None where there is no extreme."""
        for place in self._weighed:
            self._solver.changeColCost(place, 0.0)
        for place, weight in weights.items():
            self._solver.changeColCost(place, weight)
        self._weighed = list(weights)
        sense = highspy.ObjSense.kMaximize if largest else highspy.ObjSense.kMinimize
        self._solver.changeObjectiveSense(sense)
        self._solver.run()
        status = self._solver.getModelStatus()
        if status == _STATUS.kUnknown:
            # Where it went on from misled it: it begins anew.
            self._solver.clearSolver()
            self._solver.run()
            status = self._solver.getModelStatus()
        if status in (_STATUS.kUnbounded, _STATUS.kUnboundedOrInfeasible):
            return None, np.empty(0)
        if status == _STATUS.kInfeasible:
            raise Contradiction("No numbers agree with what is published.")
        if status != _STATUS.kOptimal:
            raise AssertionError(f"The solver ended with {status}.")
        return self._solver.getInfo().objective_function_value, np.array(self._solver.getSolution().col_value)

    def least(self, place: int) -> tuple[int, np.ndarray]:
        """Return the least whole number that a number may be, and numbers that reach the bound."""
        value, reached = self.extreme({place: 1.0}, largest=False)
        assert value is not None, "Numbers are never below their floor."
        return math.ceil(value - NEAR), reached

    def largest(self, place: int) -> tuple[int | None, np.ndarray]:
        """Return the largest whole number that a number may be, None without a bound, and numbers that reach it."""
        value, reached = self.extreme({place: 1.0}, largest=True)
        return (None if value is None else math.floor(value + NEAR)), reached


def _top(told: Range) -> float:
    return highspy.kHighsInf if told[1] is None else told[1]


@dataclass
class _Part:
    """Numbers that hang together: their names, what is told of them, their sums; what tables that agree have shown of them."""

    names: list[Name]
    ranges: list[Range]
    rows: list[tuple[dict[int, int], int]]
    _programme: Programme | None = None
    _whole: Programme | None = None

    def __post_init__(self) -> None:
        """Nothing is shown yet."""
        self.place = {name: place for place, name in enumerate(self.names)}
        self.low = np.full(len(self.names), np.inf)
        self.high = np.full(len(self.names), -np.inf)

    @property
    def programme(self) -> Programme:
        """Return the linear programme of this part."""
        if self._programme is None:
            self._programme = Programme(self.ranges, self.rows)
        return self._programme

    @property
    def whole(self) -> Programme:
        """Return the integer programme of this part."""
        if self._whole is None:
            self._whole = Programme(self.ranges, self.rows)
            self._whole.make_whole()
        return self._whole

    def shown(self, reached: np.ndarray) -> None:
        """Keep what a table that agrees shows, if it is one of whole numbers: such a table is possible."""
        if len(reached) and np.abs(reached - np.rint(reached)).max() < NEAR:
            self.low = np.minimum(self.low, np.rint(reached))
            self.high = np.maximum(self.high, np.rint(reached))

    def bounds(self, name: Name) -> Range:
        """Return the bounds of a number by linear programmes, rounded to whole numbers inwards."""
        place = self.place[name]
        high, at_high = self.programme.largest(place)
        self.shown(at_high)
        low, at_low = self.programme.least(place)
        self.shown(at_low)
        return low, high

    def whole_bounds(self, name: Name) -> Range:
        """Return the least and the largest whole number that a number can be."""
        place = self.place[name]
        low, high = self.bounds(name)
        if low < self.low[place]:
            low = self.whole.least(place)[0]
        if high is not None and high > self.high[place]:
            high = self.whole.largest(place)[0]
        return low, high

    def narrow(self, name: Name, width: int) -> Range | None:
        """Return the bounds of a number in whole numbers if they are narrower than the width."""
        place = self.place[name]
        if self.high[place] - self.low[place] >= width:
            return None
        high, at_high = self.programme.largest(place)
        if high is None:
            return None
        self.shown(at_high)
        if self.high[place] - self.low[place] >= width:
            return None
        found = self.whole_bounds(name)
        return found if is_narrow(found, width) else None


class Attack:
    """All that can be worked out of published tables."""

    def __init__(self, seen: Seen) -> None:
        """Put what is told into what hangs together; raises Contradiction where a sum of published numbers is wrong."""
        self._seen = seen
        self._part_of: dict[Name, _Part] = {}
        root: dict[Name, Name] = {}

        def top(name: Name) -> Name:
            found = name
            while root.setdefault(found, found) != found:
                found = root[found]
            root[name] = found
            return found

        open_rows = []
        for total, parts in seen.sums:
            terms: dict[Name, int] = {}
            constant = 0
            for name, often in ((total, 1), *((part, -1) for part in parts)):
                low, high = seen.range_of(name)
                if low == high:
                    constant -= often * low
                else:
                    terms[name] = terms.get(name, 0) + often
            if not terms:
                if constant:
                    raise Contradiction(f"{total} is not the sum of its parts.")
                continue
            open_rows.append((terms, constant))
            first, *others = terms
            for name in others:
                root[top(name)] = top(first)
            top(first)
        self._gather(open_rows, {name: top(name) for name in root})

    def _gather(self, rows: Iterable[tuple[dict[Name, int], int]], roots: Mapping[Name, Name]) -> None:
        names: dict[Name, list[Name]] = defaultdict(list)
        for name, root in roots.items():
            names[root].append(name)
        parts = {
            root: _Part(members, [self._seen.range_of(name) for name in members], []) for root, members in names.items()
        }
        for terms, constant in rows:
            part = parts[roots[next(iter(terms))]]
            part.rows.append(({part.place[name]: often for name, often in terms.items()}, constant))
        for part in parts.values():
            self._part_of.update(dict.fromkeys(part.names, part))

    def bounds(self, name: Name) -> Range:
        """Return what can be worked out of a number by linear programmes."""
        part = self._part_of.get(name)
        return part.bounds(name) if part else self._seen.range_of(name)

    def whole_bounds(self, name: Name) -> Range:
        """Return what can be worked out of a number by one who minds that counts are whole numbers."""
        part = self._part_of.get(name)
        return part.whole_bounds(name) if part else self._seen.range_of(name)

    def narrow(self, targets: Iterable[Name], width: int) -> dict[Name, Range]:
        """Return the numbers among the targets whose bounds in whole numbers are nearer than the width, with the bounds.

        A number for which two possible tables show values so far apart is not narrow: most need no programme of their own.
        """
        found = {}
        for name in targets:
            part = self._part_of.get(name)
            alone = self._seen.range_of(name)
            bounds = part.narrow(name, width) if part else alone if is_narrow(alone, width) else None
            if bounds is not None:
                found[name] = bounds
        return found


# What has no upper bound is tried up to so much: a tiny table's numbers are far below.
MOST_TRIED = 400


def by_trial(seen: Seen, name: Name) -> Range:
    """Return the least and the largest of a number over all tables of whole numbers that agree, found by trying them.

    For tiny tables. From each end of what sums allow the first value is sought for which a whole table can be filled in.
    """
    names = {name, *seen.told, *(each for total, parts in seen.sums for each in (total, *parts))}
    domains = {}
    for each in names:
        low, high = seen.range_of(each)
        domains[each] = (low, MOST_TRIED if high is None else high)
    narrowed = _narrowed(domains, seen.sums)
    if narrowed is None:
        raise Contradiction("No numbers agree with what is published.")
    low, high = narrowed[name]
    least = next(value for value in range(low, high + 1) if _can_be({**narrowed, name: (value, value)}, seen.sums))
    most = next(value for value in range(high, low - 1, -1) if _can_be({**narrowed, name: (value, value)}, seen.sums))
    return least, None if most > MOST_TRIED // 2 else most


def _can_be(domains: dict[Name, tuple[int, int]], sums: Sequence[Sum]) -> bool:
    """Tell whether a whole table fits: narrow what sums allow, choose a number, try each of its values."""
    narrowed = _narrowed(domains, sums)
    if narrowed is None:
        return False
    chosen = min(
        (name for name, (low, high) in narrowed.items() if low < high),
        key=lambda name: narrowed[name][1] - narrowed[name][0],
        default=None,
    )
    if chosen is None:
        return True
    low, high = narrowed[chosen]
    return any(_can_be({**narrowed, chosen: (value, value)}, sums) for value in range(low, high + 1))


def _narrowed(domains: dict[Name, tuple[int, int]], sums: Sequence[Sum]) -> dict[Name, tuple[int, int]] | None:
    """Return what is left of each number's values where every sum is minded by itself; None where nothing is."""
    found = dict(domains)
    changed = True
    while changed:
        changed = False
        for total, parts in sums:
            terms = [(total, 1), *((part, -1) for part in parts)]
            ends = [_ends(found[name], often) for name, often in terms]
            least, most = sum(end[0] for end in ends), sum(end[1] for end in ends)
            for (name, often), (low, high) in zip(terms, ends, strict=True):
                # The others' least and most leave this for it, as the whole is 0.
                kept = max(low, high - most), min(high, low - least)
                if kept[0] > kept[1]:
                    return None
                if kept != (low, high):
                    found[name] = _ends(kept, often)
                    changed = True
    return found


def _ends(span: tuple[int, int], often: int) -> tuple[int, int]:
    return span if often == 1 else (-span[1], -span[0])
