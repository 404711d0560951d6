"""When an answer is due: counted by hand on the calendar, not by the library."""

import socket
from datetime import date, timedelta

import pytest

from cr_app.disclosure import working_days
from cr_app.disclosure.working_days import WORKING_DAYS, due_on, is_working_day, note_on


@pytest.mark.parametrize(
    ("received_on", "expected", "why"),
    [
        (date(2022, 6, 20), date(2022, 7, 18), "the published request: four whole weeks"),
        (date(2022, 6, 17), date(2022, 7, 15), "received on a Friday: Monday is the first day"),
        (date(2022, 6, 18), date(2022, 7, 15), "received on a Saturday: Monday is the first day"),
        (date(2022, 6, 19), date(2022, 7, 15), "received on a Sunday: Monday is the first day"),
        (
            date(2021, 12, 6),
            date(2022, 1, 6),
            "Christmas and Boxing Day on a weekend move to 27 and 28, New Year to 3 January",
        ),
        (date(2019, 12, 10), date(2020, 1, 10), "Christmas Day, Boxing Day and New Year's Day on working days"),
        (date(2023, 3, 20), date(2023, 4, 19), "Good Friday and Easter Monday"),
        (date(2020, 4, 20), date(2020, 5, 19), "the May bank holiday of 2020, moved by law from Monday 4 to Friday 8"),
        (
            date(2022, 5, 13),
            date(2022, 6, 14),
            "the spring bank holiday of 2022, moved to 2 June, and 3 June beside it",
        ),
        (date(2022, 8, 26), date(2022, 9, 27), "the summer bank holiday, and 19 September 2022 by proclamation"),
        (date(2023, 5, 8), date(2023, 6, 6), "received on a bank holiday: the day after is the first"),
        (date(2023, 5, 7), date(2023, 6, 6), "received on the day before that, a Sunday: the same"),
        (date(2024, 3, 1), date(2024, 4, 2), "St Patrick's Day is a bank holiday elsewhere alone"),
    ],
)
def test_an_answer_is_due_on_the_twentieth_working_day_after_receipt(
    received_on: date, expected: date, why: str
) -> None:
    assert due_on(received_on) == expected, why


def test_a_bank_holiday_of_scotland_alone_is_a_working_day_here() -> None:
    assert is_working_day(date(2024, 1, 2))
    assert not is_working_day(date(2024, 1, 1))


def test_every_day_due_is_a_working_day_and_none_is_skipped() -> None:
    for days in range(365 * 4):
        received_on = date(2020, 1, 1) + timedelta(days=days)
        due = due_on(received_on)
        between = [received_on + timedelta(days=n) for n in range(1, (due - received_on).days + 1)]
        assert is_working_day(due)
        assert sum(map(is_working_day, between)) == WORKING_DAYS


@pytest.mark.parametrize("received_on", [date(2045, 12, 1), date(2000, 12, 1)])
def test_a_year_whose_holidays_are_not_known_leaves_out_weekends_and_says_so(received_on: date) -> None:
    assert (due_on(received_on) - received_on).days == 28
    assert "only weekends" in note_on(received_on)
    assert note_on(date(2022, 12, 9)) == ""


def test_an_answer_due_in_a_year_not_known_says_so_although_it_came_before() -> None:
    last = max(working_days._known_years())
    assert note_on(date(last, 6, 1)) == ""
    assert note_on(date(last, 12, 15)) != ""


def test_no_network_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("The network was asked.")

    monkeypatch.setattr(socket.socket, "connect", refused)
    working_days._holidays.cache_clear()
    assert due_on(date(2022, 6, 20)) == date(2022, 7, 18)
