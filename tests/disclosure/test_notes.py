"""The notes and the refusal notice: each thing to know is said where it holds, and nothing is said where it does not."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cr_app.disclosure.asked import Asked, Group
from cr_app.disclosure.notes import Note, described, moment_of, notes_of, refusal_of, rule_of, shows_small
from cr_app.disclosure.tables import Combined, ReleasedTable

AT = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
FORCE = "Kent Police"
ASKED = Asked(
    "FOI 1", date(2026, 6, 1), "46", date(2020, 1, 1), date(2021, 12, 31), "calendar", "group", method="suppress"
)
COLUMNS = ("2020", "2021", "Total")
OPEN = ReleasedTable(("Theft", "Total"), COLUMNS, ((10, 0, 10), (10, 0, 10)))
WITHHELD = ReleasedTable(("Theft", "Arson", "Total"), COLUMNS, ((None, None, 31), (None, None, 22), (24, 29, 53)))
COMBINED = replace(OPEN, rows=("Combined: A; B", "Total"), combined=(Combined("Combined: A; B", ("A", "B")),))
ROUNDED = replace(OPEN, rounded_to=5)


def notes(table: ReleasedTable = OPEN, asked: Asked = ASKED, **more: Any) -> tuple[Note, ...]:
    """Return the notes on a table of this force."""
    return notes_of(table, asked, force_name=FORCE, extracted_at=AT, **more)


def said(*kept: Note) -> str:
    """Return the notes as one text."""
    return "\n".join(f"{note.about}: {note.text}" for note in kept)


FOUND = [
    ("the reference", {}, "FOI 1, received on 1 June 2026."),
    ("the force", {}, "The record of Community Resolutions of Kent Police."),
    (
        "the moment, by the clock of the country",
        {},
        "Extracted on 1 July 2026 at 10:30. What had been issued by that moment",
    ),
    ("live data", {}, "The record is in daily use."),
    ("cases are the basis", {}, "each is counted once, under its principal offence"),
    (
        "offences are the basis",
        {"asked": replace(ASKED, basis="offences")},
        "one resolution for two offences counts twice",
    ),
    ("calendar years", {}, "Calendar years, 1 January to 31 December."),
    ("financial years", {"asked": replace(ASKED, years="financial")}, "1 April to 31 March: 2012/13 is 1 April 2012"),
    (
        "years that the period cuts",
        {"asked": replace(ASKED, period_from=date(2020, 6, 1))},
        "The period is 1 June 2020 to 31 December 2021, so not every year is a whole one: 2020, from 1 June 2020.",
    ),
    (
        "an earlier moment",
        {"asked": replace(ASKED, as_of=datetime(2026, 1, 5, 12, tzinfo=UTC))},
        "Extracted on 1 July 2026 at 10:30, and counted as of 5 January 2026 at 12:00.",
    ),
    (
        "what an earlier moment leaves out",
        {"asked": replace(ASKED, as_of=datetime(2026, 1, 5, 12, tzinfo=UTC))},
        "Cases that were taken over from earlier systems after that moment are not.",
    ),
    ("offence groups", {}, "Offence groups, as the Home Office's counting rules have them."),
    ("offence types", {"asked": replace(ASKED, rows_by="offence")}, "each with its Home Office code in brackets"),
    (
        "named rows",
        {"asked": replace(ASKED, rows_by="named", groups=(Group("Threats", ("3/01",)),))},
        "counted in the first that it fits, and what fits none is not in the table",
    ),
    (
        "what a named row counts",
        {"asked": replace(ASKED, rows_by="named", groups=(Group("Threats", ("3/01",)),))},
        "Row: Threats: Counts offence code 3/01, and encouraging or assisting it.",
    ),
    (
        "a breakdown",
        {"asked": replace(ASKED, breakdown="age_band")},
        "by the offender's age on the day of the decision",
    ),
    ("what [c] means", {"table": WITHHELD}, "[c] withheld: [c] means that a number is withheld. It is not zero."),
    (
        "the exemption",
        {"table": WITHHELD},
        "section 40(2) of the Freedom of Information Act 2000, by section 40(3A)(a)",
    ),
    ("a combined row", {"table": COMBINED}, "Combined row: Stands for 2 rows added together"),
    ("rounding", {"table": ROUNDED}, "Every number is rounded to the nearest 5."),
    ("a rounded zero", {"table": ROUNDED}, "0 can stand for 0, 1 or 2"),
    ("a true zero", {}, "0 means that there was none."),
    (
        "a zero of an earlier moment",
        {"asked": replace(ASKED, as_of=datetime(2026, 1, 5, 12, tzinfo=UTC))},
        "0 means that none was in the record at the moment as of which it is counted.",
    ),
    ("zeros withheld", {"asked": replace(ASKED, zeros="withhold")}, "Zeros are withheld like small counts"),
    ("cases from before", {"has_imported": True}, "taken over from the force's earlier systems"),
    ("earlier releases", {"has_collisions": True}, "published before about the same cases was taken into account"),
    (
        "small counts that a person opened",
        {"table": replace(OPEN, values=((3, 0, 3), (3, 0, 3)))},
        "Some counts from 1 to 4 are shown",
    ),
]


@pytest.mark.parametrize(("given", "words"), [each[1:] for each in FOUND], ids=[each[0] for each in FOUND])
def test_what_holds_is_said(given: dict[str, Any], words: str) -> None:
    assert words in said(*notes(**given))


@pytest.mark.parametrize(
    "words",
    [
        "[c] means",
        "Rounding",
        "Combined row",
        "Stands for",
        "taken over",
        "after that moment",
        "published before",
        "are shown",
        "Divided",
        "whole one",
    ],
)
def test_what_does_not_hold_is_not_said(words: str) -> None:
    assert words not in said(*notes())


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({}, "A count of 1 to 4 is withheld, and others where these need it"),
        ({"threshold": 10}, "A count of 1 to 9 is withheld"),
        ({"threshold": 2}, "A count of 1 is withheld"),
        ({"zeros": "withhold"}, "A count of 0 to 4 is withheld"),
        ({"method": "combine"}, "Rows with a small count are added together into one row"),
        ({"method": "round"}, "Every number is rounded to the nearest 5, totals on their own."),
    ],
)
def test_the_rule_says_threshold_zeros_and_method(change: dict[str, Any], rule: str) -> None:
    asked = replace(ASKED, **change)
    assert rule_of(asked).startswith(rule)
    assert "narrowed" not in rule_of(asked, worst_interval=asked.threshold)
    assert rule_of(asked, worst_interval=1).endswith("this table makes it no narrower.")
    if asked.method != "round":
        assert f"are at least {asked.threshold} apart." in rule_of(asked)


def test_the_rule_owns_up_where_earlier_publications_narrowed_a_range() -> None:
    owning = "this table makes it no narrower"
    assert owning in rule_of(ASKED, worst_interval=4)
    assert owning not in rule_of(ASKED, worst_interval=5)
    assert owning not in rule_of(ASKED)
    assert owning in said(*notes(WITHHELD, worst_interval=2))


@pytest.mark.parametrize(
    ("table", "what"),
    [
        (WITHHELD, "Numbers shown as [c] are withheld."),
        (COMBINED, "The numbers of rows that were added together are withheld one by one; their sum is given."),
        (ROUNDED, "Exact numbers are withheld; each is given to the nearest 5."),
    ],
)
def test_what_is_withheld_is_refused_with_the_exemption_and_how_to_complain(table: ReleasedTable, what: str) -> None:
    notice = " ".join(refusal_of(table, ASKED, force_name=FORCE))
    for words in (
        *(what, "section 17", "section 40(2)", "section 40(3A)(a)", "section 2(3)(fa)", "absolute"),
        *("[2018] UKUT 229 (AAC)", "A small number is not personal data by itself", "internal review", "section 50"),
    ):
        assert words in notice


def test_nothing_is_refused_where_nothing_is_withheld() -> None:
    assert refusal_of(OPEN, ASKED, force_name=FORCE) == ()


@pytest.mark.parametrize(
    ("group", "words"),
    [
        (Group("A", ("3/01",)), "Counts offence code 3/01, and encouraging or assisting it."),
        (Group("A", ("3/01", "4/01")), "Counts offence codes 3/01, 4/01, and encouraging or assisting them."),
        (Group("A", ("3/01",), True), "Counts encouraging or assisting offence code 3/01."),
        (Group("A", (), True), "Counts encouraging or assisting any offence."),
        (Group("A", (), False), "Counts every offence, without encouraging or assisting it."),
    ],
)
def test_a_named_row_says_what_it_counts(group: Group, words: str) -> None:
    assert described(group) == words


def test_a_rounded_5_is_no_small_count_and_a_moment_is_local() -> None:
    assert not shows_small(replace(ROUNDED, values=((5, 0, 5), (5, 0, 5))), replace(ASKED, threshold=10))
    assert shows_small(replace(OPEN, values=((5, 0, 5), (5, 0, 5))), replace(ASKED, threshold=10))
    assert moment_of(datetime(2026, 1, 1, 0, 5, tzinfo=UTC)) == "1 January 2026 at 00:05"
    assert moment_of(datetime(2026, 6, 30, 23, 5, tzinfo=UTC)) == "1 July 2026 at 00:05"
