"""Rows sorted into cases and further offences: what a later row of a case may say, and what becomes of its first."""

from datetime import date
from typing import Any

import pytest

from cr_app.disclosure.import_file import (
    PLAIN,
    FurtherOffence,
    NewCase,
    Reader,
    Rejected,
    Row,
    Sorter,
    Standing,
)
from cr_app.disclosure.import_file.mapping import HEADER
from tests.disclosure.test_import_file import KNOWN, ROW


def sorted_rows(*rows: Row | Rejected, before: frozenset[tuple[str, str]] = frozenset()) -> list[object]:
    """Sort rows as one file."""
    reader = Reader(list(HEADER), PLAIN, KNOWN)
    sorter, standing, numbers = Sorter(reader.say), dict[tuple[str, str], Standing](), iter(range(100, 200))
    return [sorter.sort(row, standing=standing, before=before, next_pk=numbers.__next__) for row in rows]


def test_later_rows_of_a_case_are_its_further_offences_wherever_they_stand() -> None:
    other = ROW._replace(line=3, reference="CR/2")
    later = ROW._replace(line=4, offence_code="3/01", offence_on=None)
    helping = ROW._replace(line=5, encouraging_or_assisting=True)
    elsewhere = ROW._replace(line=6, force="46")
    assert sorted_rows(ROW, other, later, helping, elsewhere) == [
        NewCase(100, ROW),
        NewCase(101, other),
        FurtherOffence(100, later),
        FurtherOffence(100, helping),
        NewCase(102, elsewhere),
    ]


def test_what_a_later_row_leaves_blank_is_what_the_first_says() -> None:
    unsaid = ROW._replace(unit="", offender_sex="", victim_kind="", decided_on=None, offender_age=None)
    unsaid = unsaid._replace(offender_ethnicity=None, victim_agrees=None, exception=None)
    later = unsaid._replace(line=3, offence_code="3/01")
    assert sorted_rows(ROW, later)[1] == FurtherOffence(100, ROW._replace(line=3, offence_code="3/01"))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("unit", "Bexley"),
        ("decided_on", date(2020, 2, 27)),
        ("issued_on", date(2020, 3, 1)),
        ("offender_age", 18),
        ("offender_sex", "male"),
        ("offender_ethnicity", "NS"),
        ("victim_kind", "none"),
        ("victim_agrees", False),
        ("exception", False),
    ],
)
def test_a_later_row_that_says_otherwise_is_rejected(column: str, value: Any) -> None:
    later = ROW._replace(line=3, offence_code="3/01", **{column: value})
    refused = Rejected(3, f"{column}: is not what line 2 says of the same case.", ("01", "CR/1"))
    assert sorted_rows(ROW, later)[1] == refused


def test_a_later_offence_after_the_decision_of_its_case_is_rejected() -> None:
    later = ROW._replace(line=3, offence_code="3/01", decided_on=None, offence_on=date(2020, 2, 29))
    refused = sorted_rows(ROW, later)[1]
    assert refused == Rejected(3, "decided_on: is before the day of the offence.", ("01", "CR/1"))


def test_the_same_offence_of_a_case_is_taken_once() -> None:
    refused = "offence_code: an earlier row of this case has the same offence."
    assert sorted_rows(ROW, ROW._replace(line=3))[1] == Rejected(3, refused, ("01", "CR/1"))


def test_a_case_whose_first_row_was_rejected_takes_no_later_row_for_its_first() -> None:
    wrong = Rejected(2, "offence_code: …", ("01", "CR/1"))
    later = ROW._replace(line=3)
    refused = Rejected(3, "reference: the first row of this case was rejected; put that right first.", ("01", "CR/1"))
    assert sorted_rows(wrong, later) == [wrong, refused]
    # A later row that was rejected takes nothing from its case.
    assert sorted_rows(ROW, Rejected(3, "…", ("01", "CR/1")), ROW._replace(line=4, offence_code="3/01"))[2] == (
        FurtherOffence(100, ROW._replace(line=4, offence_code="3/01"))
    )


def test_a_case_of_another_import_is_rejected() -> None:
    refused = Rejected(2, "reference: this case was imported before, with another file.", ("01", "CR/1"))
    assert sorted_rows(ROW, ROW._replace(line=3, force="46"), before=frozenset({("01", "CR/1")})) == [
        refused,
        NewCase(100, ROW._replace(line=3, force="46")),
    ]
