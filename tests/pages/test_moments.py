"""Dates and times as typed: forgiving, and sure which box is wrong."""

import datetime as dt

import pytest

from cr_app.pages.moments import WrongPart, at_london, read_date, read_time, written

DATES = {
    "figures": ("27", "3", "2026", dt.date(2026, 3, 27)),
    "leading noughts and spaces": (" 07 ", "03", "2026", dt.date(2026, 3, 7)),
    "the month's name": ("27", "March", "2026", dt.date(2026, 3, 27)),
    "the month's name, short": ("27", "mar.", "2026", dt.date(2026, 3, 27)),
    "Sept": ("1", "Sept", "2026", dt.date(2026, 9, 1)),
    "29 February in a leap year": ("29", "2", "2024", dt.date(2024, 2, 29)),
}


@pytest.mark.parametrize(("day", "month", "year", "date"), DATES.values(), ids=DATES)
def test_dates_are_read_as_people_type_them(day: str, month: str, year: str, date: dt.date) -> None:
    assert read_date({"day": day, "month": month, "year": year}, what="the date") == date


WRONG = {
    "31 February": ("31", "02", "2026", "day", "Enter a real date for the date: February 2026 has no day 31"),
    "29 February in another year": ("29", "2", "2023", "day", "February 2023 has no day 29"),
    "the 32nd": ("32", "1", "2026", "day", "from 1 to 31"),
    "the 0th": ("0", "1", "2026", "day", "from 1 to 31"),
    "month 13": ("1", "13", "2026", "month", "from 1 to 12 or a name"),
    "a month that is none": ("1", "Ma", "2026", "month", "from 1 to 12 or a name"),
    "two figures of a year": ("1", "1", "26", "year", "with 4 digits, for example 2026 or 1926"),
    "year 0": ("1", "1", "0000", "year", "4 digits from 1900 to 2100"),
    "year 1899": ("1", "1", "1899", "year", "4 digits from 1900 to 2100"),
    "5,000 figures": ("1", "1", "9" * 5000, "year", "4 digits from 1900 to 2100"),
    "5,000 figures of a day": ("9" * 5000, "1", "2026", "day", "from 1 to 31"),
    "minus": ("-1", "1", "2026", "day", "from 1 to 31"),
    "other digits": ("١", "1", "2026", "day", "from 1 to 31"),
    "a day that is missing": ("", "1", "2026", "day", "Add the day to the date, for example 27 3 2026"),
    "month and year missing": ("1", "", "", "month", "Add the month and year to the date"),
}


@pytest.mark.parametrize(("day", "month", "year", "part", "says"), WRONG.values(), ids=WRONG)
def test_a_wrong_date_names_the_box(day: str, month: str, year: str, part: str, says: str) -> None:
    with pytest.raises(WrongPart) as refusal:
        read_date({"day": day, "month": month, "year": year}, what="the date")
    assert refusal.value.part == part
    assert says in refusal.value.messages[0]


TIMES = {
    **dict.fromkeys(("02:10", "2:10", "0210", "2.10", "2.10am", "2:10 a.m.", "02h10", "0210hrs", "210"), (2, 10)),
    **dict.fromkeys(("14:35", "1435", "2:35pm", "2.35 pm", "235pm", "14:35pm", "14:35:20"), (14, 35)),
    "2pm": (14, 0),
    "12am": (0, 0),
    "12pm": (12, 0),
    "00:10am": (0, 10),
    "noon": (12, 0),
    "Midnight": (0, 0),
}


@pytest.mark.parametrize(("typed", "time"), TIMES.items(), ids=TIMES)
def test_times_are_read_on_either_clock(typed: str, time: tuple[int, int]) -> None:
    read = read_time(typed, what="the time")
    assert (read.hour, read.minute) == time


@pytest.mark.parametrize(
    "typed", ["24:00", "25:10", "14:60", "13am", "0:10pm", "2", "soon", "9" * 5000, "٠٢:١٠", "2:1", "-1:00", "14:35:99"]
)
def test_times_that_are_none_are_refused(typed: str) -> None:
    with pytest.raises(WrongPart, match="Enter "):
        read_time(typed, what="the time")


def test_summer_time_is_kept_in_utc() -> None:
    def at(date: dt.date, hour: int, minute: int) -> str:
        return at_london(date, dt.time(hour, minute), what="it").isoformat()

    assert at(dt.date(2026, 7, 1), 14, 35) == "2026-07-01T13:35:00+00:00"
    assert at(dt.date(2026, 12, 1), 14, 35) == "2026-12-01T14:35:00+00:00"
    # The hour that comes twice is its first.
    assert at(dt.date(2026, 10, 25), 1, 30) == "2026-10-25T00:30:00+00:00"
    # The hour that the clocks skip.
    assert at(dt.date(2026, 3, 29), 2, 0) == "2026-03-29T01:00:00+00:00"
    with pytest.raises(WrongPart, match="clocks went forward"):
        at(dt.date(2026, 3, 29), 1, 30)


def test_a_date_is_written_as_it_is_read_aloud() -> None:
    assert written(dt.date(2026, 3, 7)) == "7 March 2026"
