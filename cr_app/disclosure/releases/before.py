"""What was published before: releases of the ledger, drafts told of with --after, totals that others published."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain, count
from typing import Any

from cr_app.disclosure.asked import Asked, asked_from
from cr_app.disclosure.ledger import Layout, laid_out, rows_from_json
from cr_app.disclosure.models import PublishedTotal, Release
from cr_app.disclosure.queries.desk import groups_of
from cr_app.disclosure.releases.drafts import Earlier
from cr_app.disclosure.reports import numbers_of, row_of_groups
from cr_app.disclosure.suppression.rounding import EITHER_SIDE
from cr_app.disclosure.tables import ReleasedTable, table_of


def earlier_releases(force: str) -> tuple[Earlier, ...]:
    """Return every release of a force, the oldest first."""
    found = Release.objects.filter(force=force).order_by("number").values_list("number", "content")
    return tuple(earlier_from(json.loads(content), name=number) for number, content in found)


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
    layout_of(earlier)
    return earlier


def layout_of(earlier: Earlier) -> Layout:
    """Return what an earlier table counts; raises ValueError where its labels are not those of its rows."""
    asked, table = earlier.asked, earlier.table
    labels = {row.label for row in earlier.base}
    merged = [each for each in table.combined if labels.issuperset(each.rows)]
    rows = laid_out(
        earlier.base,
        values=earlier.values,
        merged=[each.rows for each in merged],
        names=[each.label for each in merged],
    )
    years = asked.columns()
    if tuple(row.label for row in rows) != table.rows or len(table.columns) != len(years) + 1:
        raise ValueError("Its rows and columns are not those of its request.")
    return Layout(
        name=earlier.number,
        columns=tuple((year.begins, year.ends) for year in years),
        column_labels=tuple(year.label for year in years),
        rows=rows,
        counted_at=asked.as_of or earlier.extracted_at,
        breakdown=asked.breakdown,
        with_further=asked.basis == "offences",
        is_whole=asked.rows_by != "named",
        zeros_shown=asked.zeros == "show" and not table.zeros_withheld,
        zeros_small=asked.zeros == "withhold",
        lists_found=asked.zeros == "show" and not table.zeros_withheld and asked.rows_by != "named",
        threshold=asked.threshold,
        slack=EITHER_SIDE if table.rounded_to else 0,
        table=table,
    )


def total_layouts(force: str, *, counted_at: datetime) -> tuple[Layout, ...]:
    """Return the totals published elsewhere as tables of one value, counted as of a moment."""
    return tuple(_of_total(total, counted_at) for total in PublishedTotal.objects.filter(force=force).order_by("pk"))


def agreeing_totals(force: str, *, counted_at: datetime) -> frozenset[int]:
    """Return the keys of the totals published elsewhere that are what the records give: only these are taken into account."""
    totals = list(PublishedTotal.objects.filter(force=force).order_by("pk"))
    agreeing = set[int]()
    for total in totals:
        layout = _of_total(total, counted_at)
        kinds = layout.rows[0].kinds
        numbers = numbers_of(force, [layout])[counted_at, ""]
        counted = sum(
            number
            for (_, code, encouraging, further, _), number in numbers.items()
            if (code, encouraging) in kinds and (layout.with_further or not further)
        )
        if counted == total.count:
            agreeing.add(total.pk)
    return frozenset(agreeing)


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


def _of_total(total: PublishedTotal, counted_at: datetime) -> Layout:
    name = f"{total.source} ({total.published_on:%Y})"
    return Layout(
        name=name,
        columns=((total.period_from, total.period_to + timedelta(days=1)),),
        column_labels=("the whole period",),
        rows=(row_of_groups(total.force_id, groups_of(total.groups), name),),
        counted_at=counted_at,
        with_further=total.basis == "offences",
        has_total=False,
        table=ReleasedTable((name,), ("the whole period",), ((total.count,),), total_row=False, total_column=False),
    )
