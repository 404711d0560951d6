"""Dates and times as people type them: read forgivingly, refused with the box that is wrong."""

import datetime as dt
import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

LONDON = ZoneInfo("Europe/London")
EXAMPLE = "27 3 2026"
TIME_EXAMPLE = "02:10, 14:35 or 2:35pm"
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
PARTS = ("day", "month", "year")
FIRST_YEAR = 1900
LAST_YEAR = 2100

_IN_AN_HOUR, _IN_A_DAY = 60, 24 * 60
# Up to here hours are told with their minutes; from two days on, days alone.
_MINUTES_MATTER, _DAYS_ALONE = 6 * _IN_AN_HOUR, 2 * _IN_A_DAY

_CLOCK = re.compile(r"(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?\s*([ap])?m?(?:hrs|h)?", re.ASCII)
_FIGURES = re.compile(r"(\d{1,2})(\d{2})\s*([ap])?m?(?:hrs|h)?", re.ASCII)
_HOUR = re.compile(r"(\d{1,2})\s*([ap])m?", re.ASCII)


class WrongPart(ValidationError):
    """A refusal that knows which box is wrong, so that the error summary lands there; "" is the first."""

    part: str

    def __init__(self, message: str, part: str, code: str = "invalid") -> None:
        super().__init__(message, code=code)
        self.part = part


def written(date: dt.date) -> str:
    """Return a date as read aloud: 27 March 2026."""
    return f"{date.day} {MONTHS[date.month - 1].capitalize()} {date.year}"


def moment(at: dt.datetime) -> str:
    """Return a moment as sentences say it, by the clock in London: 3 May 2026 at 02:14."""
    local = at.astimezone(LONDON)
    return f"{written(local)} at {local:%H:%M}"


def exact(at: dt.datetime) -> str:
    """Return a moment to the second, as a trail says it: 3 May 2026 at 02:14:07."""
    return f"{moment(at)}:{at.second:02}"


def span(length: dt.timedelta) -> str:
    """Return a length of time as it is spoken: 35 minutes, 2 hours 5 minutes, 9 hours, 3 days."""
    minutes = max(int(length.total_seconds() // 60), 0)
    if minutes == 0:
        return "less than a minute"
    if minutes < _IN_AN_HOUR:
        return counted(minutes, "minute")
    if minutes < _MINUTES_MATTER:
        hours, rest = divmod(minutes, _IN_AN_HOUR)
        return counted(hours, "hour") + (f" {counted(rest, 'minute')}" if rest else "")
    return counted(minutes // _IN_AN_HOUR, "hour") if minutes < _DAYS_ALONE else counted(minutes // _IN_A_DAY, "day")


def counted(number: int, what: str) -> str:
    """Return a number of things: 1 minute, 2 minutes."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def read_date(parts: Mapping[str, str], *, what: str) -> dt.date:
    """Return the date in three boxes (months by number or name), or raise WrongPart."""
    typed = {part: parts.get(part, "").strip() for part in PARTS}
    missing = [part for part in PARTS if not typed[part]]
    if missing:
        raise WrongPart(f"Add the {' and '.join(missing)} to {what}, for example {EXAMPLE}", missing[0], "incomplete")
    year = _read_year(typed["year"], what)
    month = _read_month(typed["month"], what)
    day = _whole(typed["day"], 2)
    if day is None or not 1 <= day <= 31:
        raise WrongPart(f"Enter the day of {what} as a number from 1 to 31", "day")
    try:
        return dt.date(year, month, day)
    except ValueError:
        name = MONTHS[month - 1].capitalize()
        raise WrongPart(f"Enter a real date for {what}: {name} {year} has no day {day}", "day") from None


def read_time(text: str, *, what: str) -> dt.time:
    """Return the time of day typed on a 12 or 24-hour clock (0210, 2.10am, 14:10, noon), or raise WrongPart."""
    typed = " ".join(text.lower().replace("a.m", "am").replace("p.m", "pm").split()).rstrip(".")
    if typed in {"noon", "midday", "midnight"}:
        return dt.time(0 if typed == "midnight" else 12, 0)
    clock, figures, hour_alone = _CLOCK.fullmatch(typed), _FIGURES.fullmatch(typed), _HOUR.fullmatch(typed)
    if clock:
        hour, minute, second, half = int(clock[1]), int(clock[2]), int(clock[3] or 0), clock[4]
    elif figures:
        hour, minute, second, half = int(figures[1]), int(figures[2]), 0, figures[3]
    elif hour_alone:
        hour, minute, second, half = int(hour_alone[1]), 0, 0, hour_alone[2]
    else:
        raise WrongPart(f"Enter {what} as hours and minutes, for example {TIME_EXAMPLE}", "time")
    if max(minute, second) > 59 or hour > (12 if half == "a" else 23) or (half == "p" and hour == 0):
        raise WrongPart(f"Enter a real time for {what}, from 00:00 to 23:59", "time")
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return dt.time(hour, minute, second)


def at_london(date: dt.date, time: dt.time, *, what: str) -> dt.datetime:
    """Return the moment in UTC; an hour that the clocks skipped raises WrongPart, one that came twice is its first."""
    local = dt.datetime.combine(date, time, tzinfo=LONDON)
    moment = local.astimezone(dt.UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise WrongPart(f"Check the time of {what}: the clocks went forward then, so it never was", "time")
    return moment


def _read_month(text: str, what: str) -> int:
    number = _whole(text, 2)
    if number is not None and 1 <= number <= 12:
        return number
    name = text.lower().rstrip(".")
    for index, month in enumerate(MONTHS, start=1):
        if name == month or name == month[:3] or (len(name) > 3 and month.startswith(name)):
            return index
    raise WrongPart(f"Enter the month of {what} as a number from 1 to 12 or a name", "month")


def _read_year(text: str, what: str) -> int:
    if len(text) == 2 and text.isascii() and text.isdigit():
        raise WrongPart(f"Enter the year of {what} with 4 digits, for example 20{text} or 19{text}", "year", "short")
    number = _whole(text, 4)
    if number is None or not FIRST_YEAR <= number <= LAST_YEAR:
        raise WrongPart(f"Enter the year of {what} as 4 digits from {FIRST_YEAR} to {LAST_YEAR}", "year")
    return number


def _whole(text: str, digits: int) -> int | None:
    """Read a short run of plain digits; anything longer is refused unread, so that no length can cost time."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
