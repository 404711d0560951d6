"""Both published requests from end to end: a file imported, tables worked out by the command, files read back and compared.

The true counts come from the lines of the file, and what an outsider could work out from what stands in the files alone.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from tests.disclosure.attacker import Attack, Name, Range
from tests.disclosure.published_requests import (
    CATALOGUE,
    GROUPS,
    NAMED,
    REQUESTS,
    TEN_YEARS,
    TOTAL,
    TrueTable,
    request_path,
    request_told,
    true_table,
    write_history,
)
from tests.disclosure.what_is_seen import seen_of, tables_of

# One worker works them out, once.
pytestmark = pytest.mark.xdist_group("published requests")
CALENDAR = "calendar"
WITHHELD = "[c]"
THRESHOLD = 5
Cells = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Answered:
    """What the command wrote for each request, one after the other, and each alone; and the true counts.

    `CALENDAR` asks for the two calendar years by offence type: `alone` without a thought of the ten financial years, and
    `after_ten_years` protected against them.
    """

    folders: Mapping[str, Path]
    alone: Mapping[str, Path]
    after_ten_years: Path
    true: Mapping[str, TrueTable]


@pytest.fixture(scope="module")
def answered(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Answered:
    """Import the history and work out the requests, once for this module; nothing stays in the database."""
    folder = tmp_path_factory.mktemp("published")
    lines = write_history(folder / "history.csv")
    calendar = folder / f"{CALENDAR}.json"
    calendar.write_text(json.dumps(by_offence_type(request_told(GROUPS))), encoding="utf-8")

    def disclose(request: Path, to: str, *before: Path) -> Path:
        after = [str(each / "release.json") for each in before]
        call_command("disclose", str(request), out=str(folder / to), after=after, verbosity=0, stdout=StringIO())
        return folder / to

    with django_db_blocker.unblock(), transaction.atomic(), connection.cursor() as cursor:
        # The command works a table out with no transaction open; this one holds what is rolled back.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        call_command("import_cases", str(folder / "history.csv"), verbosity=0, stdout=StringIO())
        folders: dict[str, Path] = {}
        for name in REQUESTS:
            folders[name] = disclose(request_path(name), name, *folders.values())
        alone = {name: disclose(request_path(name), f"{name}-alone") for name in REQUESTS}
        alone[CALENDAR] = disclose(calendar, "calendar-alone")
        after_ten_years = disclose(calendar, "calendar", alone[TEN_YEARS])
        transaction.set_rollback(True)
    told = {name: request_told(name) for name in REQUESTS} | {CALENDAR: by_offence_type(request_told(GROUPS))}
    return Answered(folders, alone, after_ten_years, {name: true_table(lines, each) for name, each in told.items()})


def by_offence_type(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request that asks for offence types instead of groups."""
    return {**told, "rows": {"by": "offence"}}


def of_csv(folder: Path) -> Cells:
    """Return the cells of table.csv as text."""
    with (folder / "table.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *lines = csv.reader(file)
    return {(line[0], column): value for line in lines for column, value in zip(head[1:], line[1:], strict=True)}


def of_workbook(folder: Path) -> Cells:
    """Return the cells of the first sheet of table.xlsx that has the table's columns, as text."""
    book = openpyxl.load_workbook(folder / "table.xlsx")
    lines = [list(line) for line in book.worksheets[0].iter_rows(values_only=True)]
    start = next(place for place, line in enumerate(lines) if TOTAL in line[1:])
    head = [str(each) for each in lines[start][1:] if each is not None]
    return {
        (str(line[0]), column): str(value)
        for line in lines[start + 1 :]
        if line[0] is not None and line[1] is not None
        for column, value in zip(head, line[1:], strict=False)
    }


def of_json(folder: Path) -> dict[str, Any]:
    """Return release.json."""
    told: dict[str, Any] = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    return told


def merged(told: Mapping[str, Any], label: str) -> Sequence[str]:
    """Return the rows that a row stands for: itself, or those that were combined in it."""
    return next((each["rows"] for each in told["combined"] if each["label"] == label), [label])


@pytest.mark.parametrize("name", REQUESTS)
def test_every_value_that_is_shown_is_the_true_count_and_what_is_withheld_is_in_every_file_alike(
    answered: Answered, name: str
) -> None:
    folder, true = answered.folders[name], answered.true[name]
    told, cells = of_json(folder), of_csv(folder)
    wanted = {
        (row, column): WITHHELD if value is None else str(value)
        for row, line in zip(told["table"]["rows"], told["table"]["values"], strict=True)
        for column, value in zip(told["table"]["columns"], line, strict=True)
    }
    assert cells == wanted
    assert of_workbook(folder) == wanted
    for (row, column), text in cells.items():
        count = true.count(merged(told, row), column)
        assert text == str(count) if text != WITHHELD else count > 0, (row, column)


@pytest.mark.parametrize("name", REQUESTS)
def test_rows_and_columns_are_those_that_were_asked_for_in_their_order(answered: Answered, name: str) -> None:
    told, true = of_json(answered.folders[name]), answered.true[name]
    in_combined = {row for each in told["combined"] for row in each["rows"]}
    by_itself = [row for row in told["table"]["rows"] if row not in {each["label"] for each in told["combined"]}]
    assert by_itself == [row for row in true.rows if row not in in_combined]
    assert told["table"]["rows"][-1] == TOTAL
    assert tuple(told["table"]["columns"]) == true.columns
    assert told["request"] == request_told(name)


@pytest.mark.parametrize("name", REQUESTS)
def test_no_small_count_is_shown_and_every_zero_is(answered: Answered, name: str) -> None:
    told, true = of_json(answered.folders[name]), answered.true[name]
    shown = of_csv(answered.folders[name])
    small = [cell for cell, text in shown.items() if 0 < true.count(merged(told, cell[0]), cell[1]) < THRESHOLD]
    assert all(shown[cell] == WITHHELD for cell in small)
    assert any(0 < count < THRESHOLD for count in true.counts.values())
    for cell, text in shown.items():
        assert text == "0" or true.count(merged(told, cell[0]), cell[1]), cell


def test_the_named_categories_are_combined_as_the_published_answer_did(answered: Answered) -> None:
    told = of_json(answered.folders[NAMED])
    (combined,) = told["combined"]
    asked = [group["label"] for group in told["request"]["rows"]["groups"]]
    assert combined["rows"] == [label for label in asked if label != "Cruelty to or neglect of a child"]
    assert told["table"]["rows"] == ["Cruelty to or neglect of a child", combined["label"], TOTAL]
    place = told["table"]["rows"].index(combined["label"])
    assert all(value is None or value == 0 or value >= THRESHOLD for value in told["table"]["values"][place])


def narrow(told: Mapping[str, Mapping[str, Any]], true: Mapping[str, TrueTable]) -> dict[Name, Range]:
    """Return what an outsider who has these releases brings into a range narrower than the threshold, with the range.

    A row that was merged into another is withheld where its count is small. Every range holds the true count.
    """
    tables = tables_of(told, CATALOGUE)
    targets = [name for table in tables for name in table.withheld()]
    targets += [
        (table.name, row, column)
        for table in tables
        for rows in table.merged.values()
        for row in rows
        for column in table.columns
        if 0 < true[table.name].counts[row, column] < THRESHOLD
    ]
    assert targets
    found = Attack(seen_of(tables)).narrow(targets, THRESHOLD)
    for (release, row, column), (low, high) in found.items():
        assert high is not None
        assert low <= true[str(release)].counts[str(row), str(column)] <= high
    return found


def with_small_withheld_alone(told: Mapping[str, Any], true: TrueTable) -> dict[str, Any]:
    """Return a release in which small counts are withheld and nothing that protects them."""
    table = told["table"]
    values = [[_unless_small(true.counts[row, column]) for column in table["columns"]] for row in table["rows"]]
    return {**told, "table": {**table, "values": values}}


def _unless_small(count: int) -> int | None:
    return None if 0 < count < THRESHOLD else count


def test_the_releases_side_by_side_give_nothing_withheld_away(answered: Answered) -> None:
    assert narrow({name: of_json(folder) for name, folder in answered.folders.items()}, answered.true) == {}


def test_with_small_counts_withheld_alone_the_two_would_come_out_exactly(answered: Answered) -> None:
    told = {
        name: with_small_withheld_alone(of_json(answered.alone[name]), answered.true[name])
        for name in (TEN_YEARS, CALENDAR)
    }
    found = narrow(told, answered.true)
    exact = [name for name, (low, high) in found.items() if low == high]
    assert len(exact) > 10
    beside = {name: narrow({name: each}, answered.true) for name, each in told.items()}
    assert any(name not in beside[str(name[0])] for name in exact)


def test_calendar_years_that_mind_the_financial_years_give_nothing_away_and_others_would(answered: Answered) -> None:
    ten_years, calendar = of_json(answered.alone[TEN_YEARS]), of_json(answered.alone[CALENDAR])
    assert narrow({TEN_YEARS: ten_years}, answered.true) == {}
    assert narrow({CALENDAR: calendar}, answered.true) == {}
    assert narrow({TEN_YEARS: ten_years, CALENDAR: calendar}, answered.true)
    minding = of_json(answered.after_ten_years)
    assert narrow({TEN_YEARS: ten_years, CALENDAR: minding}, answered.true) == {}


def test_the_same_request_and_data_give_the_same_files(answered: Answered) -> None:
    # Nothing was released before the first request, either way.
    first, again = answered.folders[GROUPS], answered.alone[GROUPS]
    assert (first / "table.csv").read_bytes() == (again / "table.csv").read_bytes()
    assert of_json(first)["table"] == of_json(again)["table"]


def test_a_release_says_which_before_it_had_a_say(answered: Answered) -> None:
    assert of_json(answered.after_ten_years)["collisions"]
    assert of_json(answered.alone[CALENDAR])["collisions"] == []
