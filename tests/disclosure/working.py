"""Requests and tables for tests of the desk: made of a few imported cases, worked out one after the other."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from cr_app.disclosure.asked import Asked, Group
from cr_app.disclosure.models import WorkedOut
from cr_app.disclosure.releases import Choice, Draft, Earlier, earlier_from, work_out
from cr_app.disclosure.tables import table_of
from tests.disclosure.attacker import Attack, Name, Range
from tests.disclosure.outsider import Some
from tests.disclosure.published_requests import CATALOGUE
from tests.disclosure.what_is_seen import seen_of, tables_of
from tests.make_disclosure import Closed, imported

THEFT, THREATS, DAMAGE, FRAUD = "46/00", "3/01", "149/00", "53/40"
IMPORTED = datetime(2026, 1, 5, 9, tzinfo=UTC)
EXTRACTED = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ROWS = (Group("Theft", (THEFT,)), Group("Threats", (THREATS,)))
# Two calendar years by two named rows, whatever is small withheld.
ASKED = Asked(
    reference="01.FOI.26.000001",
    received_on=date(2026, 2, 2),
    force="01",
    period_from=date(2020, 1, 1),
    period_to=date(2021, 12, 31),
    years="calendar",
    rows_by="named",
    groups=ROWS,
    method="suppress",
)


def asked(**changes: Any) -> Asked:
    """Return `ASKED`, but for what is changed."""
    return replace(ASKED, **changes)


def history(counts: Mapping[tuple[str, str], int], *, completed_at: datetime = IMPORTED, **same: Any) -> None:
    """Import so many cases by day of issue and code."""
    imported(
        [Closed(date.fromisoformat(day), code, number, **same) for (day, code), number in counts.items()],
        completed_at=completed_at,
    )


def imports(cases: Iterable[Some]) -> None:
    """Import these cases, each as of the moment at which it came; none of them may go."""
    for each in cases:
        history({(each.day.isoformat(), each.code): each.number}, completed_at=each.came, sex=each.sex.lower())


def worked(
    wanted: Asked = ASKED,
    *before: Draft,
    at: datetime = EXTRACTED,
    choices: Iterable[Choice] = (),
) -> Draft:
    """Work a request out after these tables, numbered as they come."""
    return work_out(wanted, extracted_at=at, earlier=released(before), choices=choices)


def released(before: Sequence[Draft]) -> list[Earlier]:
    """Return drafts as if they had been released, numbered as they come."""
    return [earlier_from(draft.content, name=number) for number, draft in enumerate(before, start=1)]


def told_by(*drafts: Draft, threshold: int = 5) -> dict[Name, Range]:
    """Return what an outsider who has these tables works out too closely: the withheld values, with the bounds."""
    tables = tables_of({str(number): draft.content for number, draft in enumerate(drafts)}, CATALOGUE)
    return Attack(seen_of(tables)).narrow([name for table in tables for name in table.withheld()], threshold)


def value(draft: Draft, row: str, column: str) -> int | None:
    """Return one value of a table; None where it is withheld."""
    table = draft.table
    return table.values[table.rows.index(row)][table.columns.index(column)]


def withheld_of(worked_out: WorkedOut) -> list[str]:
    """Return the values that were worked out to be withheld, as "row, column"."""
    table = table_of(json.loads(worked_out.content))
    return [
        f"{row}, {column}"
        for row, values in zip(table.rows, table.values, strict=True)
        for column, value in zip(table.columns, values, strict=True)
        if value is None
    ]
