"""Totals that others published, and the moments at which the records gave each: an outsider knows such a one for good."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.utils import timezone

from cr_app.disclosure.asked import TookTooLong
from cr_app.disclosure.ledger import Key, Layout, edges_of
from cr_app.disclosure.models import InformationRequest, PublishedTotal
from cr_app.disclosure.notes import LOCAL
from cr_app.disclosure.queries.beside import moments_counted, withdrawn_near
from cr_app.disclosure.queries.desk import groups_of
from cr_app.disclosure.queries.state import latest_worked_out
from cr_app.disclosure.releases.before import earlier_releases, layouts_of
from cr_app.disclosure.releases.refusals import CannotProtect
from cr_app.disclosure.reports import numbers_of, row_of_groups
from cr_app.disclosure.row_meanings import Kind
from cr_app.disclosure.tables import ReleasedTable

# What a number counts: from a day to the day before another, which kinds, and whether later offences of a case too.
_Cases = tuple[date, date, frozenset[Kind], bool]
# How many of a kind, later offences apart, up to each of some days.
_Part = tuple[Kind, bool, tuple[int, ...]]


def total_layouts(force: str, *, counted_at: datetime, extracted_at: datetime) -> tuple[Layout, ...]:
    """Return the totals that the records give or gave, as tables of one value, each as of every moment at which they did.

    `counted_at` and `extracted_at` are the moments of the table that is protected beside them. Of moments at which a total was of
    the same cases there is one, the first.
    """
    totals = list(PublishedTotal.objects.filter(force=force).order_by("pk"))
    told = _agreements(force, totals, [counted_at, extracted_at])
    return tuple(replace(each.layout, counted_at=moment) for each in told for moment in each.moments)


def agreeing_totals(force: str, *, counted_at: datetime, also: Iterable[datetime] = ()) -> frozenset[int]:
    """Return the keys of the totals published elsewhere that the records give or gave: only these are taken into account."""
    totals = list(PublishedTotal.objects.filter(force=force).order_by("pk"))
    told = _agreements(force, totals, [counted_at, *also])
    return frozenset(total.pk for total, each in zip(totals, told, strict=True) if each.moments)


def is_agreeing(total: PublishedTotal, *, counted_at: datetime, also: Iterable[datetime] = ()) -> bool:
    """Tell whether one total is what the records give, or gave at a moment that counts, kept already or not."""
    (told,) = _agreements(total.force_id, [total], [counted_at, *also])
    return bool(told.moments)


def withdrawn_beside(request: InformationRequest) -> list[PublishedTotal]:
    """Return the withdrawn totals that the records give or gave, of days that hang together with a request's, the last one first.

    Left out is what the table is protected beside in any case: what was entered again and is taken into account, and what a
    release shows. Where counting takes too long each is taken for one that they give.
    """
    near = withdrawn_near(request)
    if not near:
        return []
    force, last = request.force_id, latest_worked_out(request)
    counted = (request.as_of, last.extracted_at if last else None, timezone.now())
    moments = [moment for moment in counted if moment is not None]
    standing = _standing_like(near)
    try:
        told = _agreements(force, [*near, *standing], moments)
    except TookTooLong:
        return near
    known = {(each.cases, total.count) for total, each in zip(standing, told[len(near) :], strict=True) if each.moments}
    found = [
        (total, each.cases)
        for total, each in zip(near, told[: len(near)], strict=True)
        if (each.moments or (total.count and (total.is_ours or total.withdrawal.was_ours)))
        and (each.cases, total.count) not in known
    ]
    releases = _releases_read(force) if found else []
    return [total for total, cases in found if not any(_shows(each, cases, total.count) for each in releases)]


def _standing_like(withdrawn: Sequence[PublishedTotal]) -> list[PublishedTotal]:
    """Return the totals that nobody withdrew and that may say what one of these said."""
    alike = {(each.period_from, each.period_to, each.basis, each.count) for each in withdrawn}
    found = PublishedTotal.objects.filter(force=withdrawn[0].force_id).order_by("pk")
    return [each for each in found if (each.period_from, each.period_to, each.basis, each.count) in alike]


class _Agreement:
    """One total, laid out, and the moments at which the records give it."""

    def __init__(self, total: PublishedTotal) -> None:
        self.total, self.layout = total, _of_total(total)
        self.moments: list[datetime] = []

    @cached_property
    def cases(self) -> _Cases:
        """Return what the total counts."""
        (begins, ends), row = self.layout.columns[0], self.layout.rows[0]
        return begins, ends, row.kinds, self.layout.with_further


def _agreements(force: str, totals: Sequence[PublishedTotal], moments: Sequence[datetime]) -> list[_Agreement]:
    """Return for each total the moments at which the records give it, of those that count, and the first of several that are alike.

    These are `moments`, the end of the day on which it was published, when it was entered, and each moment at which an import
    was completed or a release of the force counted; for a total of 0 they are `moments` alone. Records are counted as of any past
    moment, so that what was given once stays known, whatever comes later; all of it is one statement.
    """
    told = [_Agreement(total) for total in totals]
    if not told:
        return told
    of_force = moments_counted(force)
    wanted = [tuple(dict.fromkeys(_moments(each.total, moments, of_force))) for each in told]
    layouts = [replace(each.layout, counted_at=at) for each, found in zip(told, wanted, strict=True) for at in found]
    edges, numbers = edges_of(layouts), numbers_of(force, layouts)
    # Where nothing came or went between two moments they have the same mapping, which is summed up once.
    sums = {id(found): _Sums(found, edges) for found in numbers.values()}
    for each, found in zip(told, wanted, strict=True):
        # The same number of other cases, as after one was rescinded and one imported, is another thing that is known.
        parts = dict[frozenset[_Part], datetime]()
        for at in found:
            counted = sums[id(numbers[at, ""])]
            if counted.of(each.cases) == each.total.count:
                parts.setdefault(counted.parts(each.cases), at)
        each.moments = list(parts.values())
    return told


def _moments(total: PublishedTotal, moments: Sequence[datetime], of_force: Sequence[datetime]) -> list[datetime]:
    """Return the moments at which a total is held against the records."""
    if not total.count:
        # Before its first import a record gives 0 of everything, and a difference from 0 tells no more than the number itself.
        return list(moments)
    return [*moments, min(_end_of(total.published_on), max(moments)), total.at, *of_force]


class _Sums:
    """What was counted at one moment, added up from the first edge on, so that any period is one subtraction a kind."""

    def __init__(self, numbers: Mapping[Key, int], edges: Sequence[date]) -> None:
        self._place = {edge: place for place, edge in enumerate(edges)}
        found: dict[tuple[Kind, bool], list[int]] = defaultdict(lambda: [0] * len(edges))
        for (stretch, code, encouraging, further, _), number in numbers.items():
            found[Kind(code, encouraging), further][stretch + 1] += number
        for line in found.values():
            for place in range(1, len(line)):
                line[place] += line[place - 1]
        self._lines = found

    def of(self, cases: _Cases) -> int:
        """Return how many these are."""
        return sum(line[-1] - line[0] for _, _, line in self._within(cases))

    def parts(self, cases: _Cases) -> frozenset[_Part]:
        """Return how many of which kinds these are, up to each edge."""
        found = ((kind, further, tuple(each - line[0] for each in line)) for kind, further, line in self._within(cases))
        return frozenset(each for each in found if any(each[2]))

    def _within(self, cases: _Cases) -> Iterator[tuple[Kind, bool, list[int]]]:
        begins, ends, kinds, with_further = cases
        first, last = self._place[begins], self._place[ends]
        for (kind, further), line in self._lines.items():
            if kind in kinds and (with_further or not further):
                yield kind, further, line[first : last + 1]


def _releases_read(force: str) -> list[Layout]:
    """Return what every release of a force counts; none where one of them cannot be read."""
    try:
        return list(layouts_of(force, earlier_releases(force)))
    except CannotProtect:
        return []


def _shows(layout: Layout, cases: _Cases, count: int) -> bool:
    """Tell whether a table shows exactly this number of these cases. Kinds without a row are none where it is of every kind."""
    begins, ends, kinds, with_further = cases
    if layout.table is None or layout.slack or layout.with_further != with_further:
        return False
    listed = frozenset[Kind]().union(*(row.kinds for row in layout.rows))
    wanted = kinds & listed if layout.is_whole else kinds
    return any(
        value == count
        for row, values in zip(layout.rows, layout.table.values, strict=True)
        if not row.value and row.kinds == wanted
        for span, value in zip(layout.spans, values, strict=True)
        if span == (begins, ends)
    )


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, LOCAL)


def _of_total(total: PublishedTotal) -> Layout:
    name = f"{total.source} ({total.published_on:%Y})"
    return Layout(
        name=name,
        columns=((total.period_from, total.period_to + timedelta(days=1)),),
        # It promises nothing.
        threshold=0,
        column_labels=("the whole period",),
        rows=(row_of_groups(total.force_id, groups_of(total.groups), name),),
        counted_at=total.at,
        with_further=total.basis == "offences",
        has_total=False,
        table=ReleasedTable((name,), ("the whole period",), ((total.count,),), total_row=False, total_column=False),
    )
