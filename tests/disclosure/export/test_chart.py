"""The picture: bars of what is shown, "[c]" and no bar for what is not, and words for whoever does not see it."""

import re
from xml.dom import minidom

import pytest

from cr_app.disclosure.export.chart import WIDTH, chart_file, chart_of
from cr_app.disclosure.tables import ReleasedTable
from tests.disclosure.export.labels import ODD
from tests.disclosure.export.told import SUPPRESSED, asked_by, content, table_of_rows

ONE_YEAR = ReleasedTable(("Theft", "Arson", "Fraud", "Total"), ("2020",), ((None,), (17,), (0,), (None,)))


def test_it_shows_the_totals_by_year_without_the_total_of_all() -> None:
    chart = chart_of(content(SUPPRESSED, asked_by("group")))
    assert [(bar.label[0].text, bar.value) for bar in chart.bars] == [("2020", "24"), ("2021", "29")]
    shorter, longer = (bar.length for bar in chart.bars)
    assert shorter / longer == pytest.approx(24 / 29, abs=0.01)
    assert chart.description == "2020: 24; 2021: 29."
    assert chart.title == "Community Resolutions, 2020 to 2021: total by year"


def test_of_a_single_year_it_shows_the_rows_and_no_bar_for_what_is_withheld_or_zero() -> None:
    chart = chart_of(content(ONE_YEAR, asked_by("group")))
    assert [(bar.value, bar.length > 0) for bar in chart.bars] == [("[c]", False), ("17", True), ("0", False)]
    assert chart.description == "Theft: withheld; Arson: 17; Fraud: 0."
    drawn = chart_file(content(ONE_YEAR, asked_by("group"))).decode()
    assert drawn.count("<rect") == 1
    assert "[c] means withheld." in drawn


def test_a_withheld_total_has_no_bar_and_makes_no_other_longer() -> None:
    table = ReleasedTable(("Theft", "Total"), ("2020", "2021", "Total"), ((5, None, None), (5, None, None)))
    first, second = chart_of(content(table, asked_by("group"))).bars
    assert (first.value, second.value, second.length) == ("5", "[c]", 0)
    assert first.length == WIDTH - 90


def test_of_many_rows_it_shows_the_first_and_says_so() -> None:
    chart = chart_of(content(table_of_rows([f"Row {number}" for number in range(30)], ["2020"]), asked_by("group")))
    assert len(chart.bars) == 20
    assert chart.title.endswith("2020, the first 20 of 30 rows")


def test_the_file_is_a_picture_with_words_and_nothing_that_runs() -> None:
    drawn = chart_file(
        content(table_of_rows(ODD, ["2020"], shown=True), asked_by("group"), title="<script>alert(1)</script>")
    )
    picture = minidom.parseString(drawn).documentElement  # noqa: S318 (our own file)
    assert picture is not None
    assert (picture.tagName, picture.getAttribute("role")) == ("svg", "img")
    assert picture.getAttribute("aria-labelledby").split() == ["chart-title", "chart-description"]
    named = {each.getAttribute("id"): each for tag in ("title", "desc") for each in picture.getElementsByTagName(tag)}
    assert set(named) == {"chart-title", "chart-description"}
    tags = {each.tagName for each in picture.getElementsByTagName("*")}
    assert tags == {"title", "desc", "g", "text", "rect"}
    written = {name for each in picture.getElementsByTagName("*") for name in dict(each.attributes.items())}
    assert written <= {"id", "x", "y", "width", "height", "fill", "font-family", "font-size", "font-weight"}


def test_all_that_is_written_stands_within_the_picture() -> None:
    chart = chart_of(content(table_of_rows(ODD, ["2020"]), asked_by("group")))
    lines = [*chart.heading, *chart.foot, *(line for bar in chart.bars for line in bar.label)]
    assert max(line.y for line in lines) < chart.height
    # A letter is about 9 wide.
    assert max(len(line.text) for line in lines) <= 62
    assert all(bar.value_x + 9 * len(bar.value) < WIDTH for bar in chart.bars)
    tops = [bar.label[0].y for bar in chart.bars]
    assert tops == sorted(tops)


def test_the_same_release_is_the_same_picture() -> None:
    assert chart_file(content()) == chart_file(content())
    assert not re.search(rb"style=|<script|href| on\w+=", chart_file(content()))
