"""The FOI desk before a browser: a request entered, worked out, one cell decided, proposed, released by another, downloaded."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.browser.making import Maker
from tests.browser.seat import Seat, Way, When

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-2")]

# Threats in 2019 are few, so that they may not leave.
_COUNTS = {
    ("46/00", 2018): 21,
    ("46/00", 2019): 34,
    ("3/01", 2018): 12,
    ("3/01", 2019): 3,
    ("8/06", 2018): 40,
    ("8/06", 2019): 30,
}
_NAMED = {"Theft from shops": "46/00", "Threats to kill": "3/01", "Actual bodily harm": "8/06"}
_DECLARED = (
    "I have read the whole table and what is withheld in it. I know of nothing beside it that would tell who is "
    "counted. I release it to whoever asked, and so to everybody."
)


def test_a_request_is_answered_by_two_people(take_seat: Callable[..., Seat], maker: Maker, tmp_path: Path) -> None:
    for (code, year), number in _COUNTS.items():
        maker.closed(year, code, number)
    olivia = take_seat(Way.KEYBOARD).come_in("olivia")
    olivia.follow("Statistics")
    assert olivia.says("No request is open.")
    olivia.press("Enter a new request")
    olivia.answer(
        {
            "Reference of the request": "01.FOI.26.000777",
            "When was it received?": When(date(2026, 1, 5)),
            "Title": "Three offences in 2018 and 2019",
            "First day of the period": When(date(2018, 1, 1)),
            "Last day of the period": When(date(2019, 12, 31)),
            "What are the rows?": "Rows that you name",
            "How are small counts protected?": "Suppress",
        }
    )
    rows = olivia.page.locator(".cr-named__row")
    for row, (label, code) in enumerate(_NAMED.items()):
        olivia.write(rows.nth(row).get_by_label("Label"), label)
        olivia.write(rows.nth(row).get_by_label("Offence codes"), code)
    olivia.press("Save and go on")
    assert olivia.errors() == []
    assert olivia.heading == "Three offences in 2018 and 2019"
    olivia.press("Work it out")
    assert olivia.says("The table as it would leave")
    assert olivia.says("Small: a count from 1 to 4.")
    assert olivia.says("What an outsider can work out at best")
    request = olivia.path
    olivia.follow("Keep back or open a cell against the proposal")
    olivia.answer({"Row": "Total", "Column": "2018", "What becomes of this cell?": "Keep it back"})
    olivia.press("Decide and work it out again")
    assert olivia.errors() == ["Say why"]
    olivia.answer({"Why?": "A newspaper wrote about all of that year."})
    olivia.press("Decide and work it out again")
    assert olivia.says("A newspaper wrote about all of that year.")
    olivia.press("Propose to release it")
    olivia.answer({"Note to the second person": "I kept the total of 2018 back."})
    olivia.press("Propose it")
    assert olivia.says("You proposed it, so somebody else releases it.")
    release_by_another(take_seat, request, tmp_path)


def release_by_another(take_seat: Callable[..., Seat], request: str, folder: Path) -> None:
    """Read on a phone what is proposed, release it, and compare the file with the page."""
    sam = take_seat(Way.FINGER, width=390).come_in("sam")
    sam.open(request)
    sam.follow("Read it again and release it")
    assert sam.says("I kept the total of 2018 back.")
    shown = sam.page.locator(".cr-counts__table").first.locator("td").all_inner_texts()
    sam.press("Release it")
    assert sam.errors() == ["Tick the declaration, or do not release"]
    sam.answer({"Your declaration": _DECLARED})
    sam.press("Release it")
    assert sam.heading == "Release 1"
    with sam.page.expect_download() as waited:
        sam.page.get_by_role("link", name="Table as CSV").tap()
    assert waited.value.suggested_filename == "01.FOI.26.000777-table-1-release-1.csv"
    waited.value.save_as(folder / "table.csv")
    with (folder / "table.csv").open(encoding="utf-8-sig", newline="") as lines:
        _, *rows = csv.reader(lines)
    values = [value for row in rows for value in row[1:]]
    assert values == [text.replace(",", "") for text in shown]
    assert "[c]" in values
    assert "3" not in values
    sam.open("/disclosure/releases/")
    assert sam.says("Three offences in 2018 and 2019")
