"""When an answer is due: 20 working days after receipt, with the bank holidays of England and Wales, without network."""

from datetime import date, timedelta
from functools import cache
from typing import Final

from govuk_bank_holidays.bank_holidays import BankHolidays

# Freedom of Information Act 2000, section 10(1): the twentieth working day following the date of receipt.
WORKING_DAYS: Final = 20
_SATURDAY = 5


def due_on(received_on: date) -> date:
    """Return the twentieth working day after receipt; the day after receipt is the first that may count.

    Saturdays, Sundays and the bank holidays of England and Wales, Good Friday and Christmas Day among them, do not count.
    Section 10(6) also leaves out what is a bank holiday elsewhere in the United Kingdom alone, so that this is never later than
    the law's day. In years whose holidays are not known only weekends are left out, which is earlier again: see `note_on`.
    """
    day, left = received_on, WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


def is_working_day(day: date) -> bool:
    """Tell whether it is neither a Saturday, a Sunday nor a bank holiday that is known of."""
    return day.weekday() < _SATURDAY and day not in _holidays()


def note_on(received_on: date) -> str:
    """Return what to mind about a day that `due_on` gives; "" where every bank holiday in between is known."""
    years = _known_years()
    if received_on.year in years and due_on(received_on).year in years:
        return ""
    return (
        f"The bank holidays from {min(years)} to {max(years)} are known to this service. For this request only weekends are "
        "left out in other years, so that the day shown may be earlier than the law asks, never later."
    )


@cache
def _holidays() -> frozenset[date]:
    kept = BankHolidays(use_cached_holidays=True)
    return frozenset(each["date"] for each in kept.get_holidays(division=BankHolidays.ENGLAND_AND_WALES))


@cache
def _known_years() -> frozenset[int]:
    return frozenset(day.year for day in _holidays())
