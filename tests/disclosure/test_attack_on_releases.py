"""Random requests for the same random cases, answered one after the other by the command; an outsider who has only the files."""

import json
import random
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.cast import Cast
from tests.disclosure.attacker import Attack, Name, Range
from tests.disclosure.published_requests import CATALOGUE
from tests.disclosure.what_is_seen import Table, seen_of, tables_of
from tests.disclosure.working import DAMAGE, FRAUD, THEFT, THREATS, history

pytestmark = pytest.mark.django_db

CODES = (THEFT, THREATS, DAMAGE, FRAUD, "8/01")
NAMED = (
    [{"label": "Theft", "codes": [THEFT]}, {"label": "Threats", "codes": [THREATS]}],
    [{"label": "Property", "codes": [THEFT, DAMAGE]}, {"label": "Persons", "codes": [THREATS, "8/01"]}],
    [{"label": "Threats and fraud", "codes": [THREATS, FRAUD]}, {"label": "Assault", "codes": ["8/01"]}],
)
WIDTH = 5
# Each tells other cases and other requests.
SEEDS = range(5)

Cases = Counter[tuple[str, str]]


def random_cases(chance: random.Random) -> Cases:
    """Return cases by day of issue and code: of some offences many, of most a few."""
    cases: Cases = Counter()
    for code in CODES:
        usual = chance.choice((1, 3, 8, 30))
        for year in (2019, 2020, 2021):
            for month in (2, 9):
                if number := round(chance.expovariate(1 / usual)):
                    cases[f"{year}-{month:02}-01", code] = number
    return cases


def random_request(chance: random.Random, number: int) -> dict[str, Any]:
    """Return a REQUEST.json for two or three years."""
    rows = chance.choice([{"by": "offence"}, {"by": "group"}, *({"by": "named", "groups": each} for each in NAMED)])
    first, last = chance.choice([(2019, 2021), (2019, 2020), (2020, 2021)])
    years = chance.choice(["calendar", "financial"])
    ends = ("01-01", "12-31") if years == "calendar" else ("04-01", "03-31")
    return {
        "reference": f"01.FOI.26.{number:06}",
        "received_on": "2026-02-02",
        "force": "01",
        "period": {"from": f"{first}-{ends[0]}", "to": f"{last + (years == 'financial')}-{ends[1]}"},
        "years": years,
        "rows": rows,
        "basis": "cases",
        "method": chance.choice(["suppress", "combine"]),
    }


def answered(folder: Path, requests: list[dict[str, Any]], *, after: bool = True) -> list[Path]:
    """Have the command draft each request, after those before it if so asked; return the release.json of those that could be."""
    released: list[Path] = []
    for number, request in enumerate(requests):
        asked, out = folder / f"{number}.json", folder / f"{number}-{after}"
        asked.write_text(json.dumps(request), encoding="utf-8")
        try:
            before = [str(path) for path in released] if after else []
            call_command("disclose", str(asked), out=str(out), after=before, verbosity=0)
        except SystemExit:
            continue
        released.append(out / "release.json")
    return released


def worked_out(released: list[Path], cases: Cases) -> tuple[dict[Name, Range], int]:
    """Return what an outsider works out too closely of what the files withhold, and how many counts were attacked.

    Small counts of rows that were merged are attacked too.
    """
    told = {str(number): json.loads(path.read_text(encoding="utf-8")) for number, path in enumerate(released)}
    tables = tables_of(told, CATALOGUE)
    targets = [name for table in tables for name in (*table.withheld(), *_merged_small(table, cases))]
    return Attack(seen_of(tables)).narrow(targets, WIDTH), len(targets)


def _merged_small(table: Table, cases: Cases) -> list[Name]:
    counts: Counter[Name] = Counter()
    for (day, code), number in cases.items():
        on = date.fromisoformat(day)
        row, column = table.row_of(code, encouraging=False), table.column_of(on)
        if row is not None and column is not None:
            counts[table.name, row, column] += number
    merged = {row for rows in table.merged.values() for row in rows}
    return [name for name, count in counts.items() if name[1] in merged and count < WIDTH]


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_withheld_can_be_worked_out_of_all_releases_together(cast: Cast, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    cases = random_cases(chance)
    history(cases)
    released = answered(tmp_path, [random_request(chance, number) for number in range(3)])
    assert released
    found, attacked = worked_out(released, cases)
    assert found == {}
    assert attacked


def test_releases_that_know_nothing_of_each_other_are_caught(cast: Cast, tmp_path: Path) -> None:
    """The control: the same requests, each answered as if it were the first."""
    chance = random.Random(0)
    cases = random_cases(chance)
    history(cases)
    released = answered(tmp_path, [random_request(chance, number) for number in range(6)], after=False)
    assert worked_out(released, cases)[0]
