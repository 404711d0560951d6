"""What was published before: releases of the ledger and drafts told of with --after."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain, count
from typing import Any

from cr_app.disclosure.asked import Asked, asked_from
from cr_app.disclosure.ledger import Layout, laid_out
from cr_app.disclosure.models import Release
from cr_app.disclosure.releases.drafts import Earlier
from cr_app.disclosure.releases.refusals import CannotProtect
from cr_app.disclosure.releases.units import UnitNames
from cr_app.disclosure.row_meanings import Row, rows_from_json
from cr_app.disclosure.suppression.rounding import EITHER_SIDE
from cr_app.disclosure.tables import table_of

_UNREADABLE = (
    "Release {number} cannot be read as it is kept, so nothing can be proved beside it: {error} Whoever keeps this service has to "
    "put that right first."
)


def earlier_releases(force: str) -> tuple[Earlier, ...]:
    """Return every release of a force, the oldest first; raises CannotProtect for one that cannot be read."""
    found = Release.objects.filter(force=force).order_by("number").values_list("number", "content")
    return tuple(_read(number, content) for number, content in found)


def earlier_from(content: Mapping[str, Any], *, name: int | str | None = None) -> Earlier:
    """Return the table of a release.json, under its number or another name; raises ValueError for what is none."""
    asked, table = asked_from(content.get("request")), table_of(content)
    base, values = rows_from_json(content.get("rows"))
    try:
        extracted_at = datetime.fromisoformat(content["extracted_at"])
        number = content["number"] if name is None else name
    except (KeyError, TypeError):
        raise ValueError("It lacks its number or when it was extracted.") from None
    if extracted_at.tzinfo is None:
        raise ValueError("When it was extracted has no time zone.")
    earlier = Earlier("a draft" if number is None else number, asked, table, extracted_at, base, values)
    _rows_of(earlier)
    return earlier


def layouts_of(force: str, earlier: Iterable[Earlier]) -> Iterator[Layout]:
    """Yield what each of these tables of a force counts."""
    names = UnitNames(force)
    return (_layout_of(each, names) for each in earlier if each.asked.force == force)


def _read(number: int, content: str) -> Earlier:
    try:
        return earlier_from(json.loads(content), name=number)
    except ValueError as error:
        raise CannotProtect(_UNREADABLE.format(number=number, error=error)) from error


def _rows_of(earlier: Earlier) -> tuple[Row, ...]:
    """Return the rows of an earlier table; raises ValueError where its labels are not those."""
    labels = {row.label for row in earlier.base}
    merged = [each for each in earlier.table.combined if labels.issuperset(each.rows)]
    rows = laid_out(
        earlier.base,
        values=earlier.values,
        merged=[each.rows for each in merged],
        names=[each.label for each in merged],
    )
    columns = len(earlier.asked.columns()) + 1
    if tuple(row.label for row in rows) != earlier.table.rows or len(earlier.table.columns) != columns:
        raise ValueError("Its rows and columns are not those of its request.")
    return rows


def _layout_of(earlier: Earlier, names: UnitNames) -> Layout:
    """Return what an earlier table counts.

    A unit that was renamed since is known by its name as it is now, as cases are counted; the label stays.
    """
    asked, table = earlier.asked, earlier.table
    rows, years = _rows_of(earlier), asked.columns()
    leaves_out = asked.zeros == "show" and not table.zeros_withheld and asked.method != "round"
    if asked.breakdown == "unit" and (now := names.since(earlier.extracted_at)):
        rows = tuple(_of_unit(row, now) for row in rows)
    return Layout(
        name=earlier.number,
        columns=tuple((year.begins, year.ends) for year in years),
        column_labels=tuple(year.label for year in years),
        rows=rows,
        counted_at=asked.as_of or earlier.extracted_at,
        breakdown=asked.breakdown,
        with_further=asked.basis == "offences",
        is_whole=asked.rows_by != "named",
        zeros_shown=leaves_out,
        zeros_small=asked.zeros == "withhold",
        lists_found=leaves_out and asked.rows_by != "named",
        values_found=leaves_out,
        threshold=asked.threshold,
        slack=EITHER_SIDE if table.rounded_to else 0,
        table=table,
    )


def _of_unit(row: Row, now: Mapping[str, frozenset[str]]) -> Row:
    among = now.get(row.value, frozenset())
    return replace(row, among=among, merged=tuple(_of_unit(each, now) for each in row.merged))


def overlapping(asked: Asked, earlier: Sequence[Layout]) -> tuple[Layout, ...]:
    """Return the tables whose time hangs together with a request's period, directly or through others."""
    left, found = dict(enumerate(earlier)), set[int]()
    reached = [(asked.period_from, asked.period_to + timedelta(days=1))]
    while reached:
        begins, ends = reached.pop()
        near = {at: _period(each) for at, each in left.items() if _period(each)[0] < ends and begins < _period(each)[1]}
        left = {at: each for at, each in left.items() if at not in near}
        reached += near.values()
        found |= near.keys()
    return tuple(earlier[at] for at in sorted(found))


def told_apart(layouts: Sequence[Layout]) -> list[Layout]:
    """Return the tables with a name of its own for each: of those that have the same, the second is called `… (2)`."""
    taken: set[int | str | None] = set()
    found = []
    for layout in layouts:
        further = (f"{layout.name} ({number})" for number in count(2))
        name = next(name for name in chain((layout.name,), further) if name not in taken)
        taken.add(name)
        found.append(replace(layout, name=name))
    return found


def _period(layout: Layout) -> tuple[date, date]:
    return layout.columns[0][0], layout.columns[-1][1]
