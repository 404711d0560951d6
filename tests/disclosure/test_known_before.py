"""What a table says itself was not known before it: neither its zeros nor what it leaves out opens what others withhold."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cr_app.disclosure.asked import Asked, Group
from cr_app.disclosure.models import PublishedTotal
from cr_app.disclosure.releases import Draft, agreeing_totals
from tests.cast import Cast
from tests.disclosure.attacker import Range
from tests.disclosure.outsider import Outsider, Some
from tests.disclosure.working import (
    ASKED,
    DAMAGE,
    EXTRACTED,
    IMPORTED,
    ROWS,
    THEFT,
    THREATS,
    asked,
    history,
    imports,
    value,
    worked,
)

pytestmark = pytest.mark.django_db

THREE = (*ROWS, Group("Damage", (DAMAGE,)))
YEAR = date(2020, 12, 31)


def over(begins: date, ends: date, **changes: Any) -> Asked:
    """Return a request for a stretch of time that is one column."""
    years = "calendar" if begins.year == ends.year else "financial"
    return asked(**{"period_from": begins, "period_to": ends, "years": years, "groups": THREE} | changes)


WHOLE = (date(2020, 1, 1), YEAR)
FINANCIAL = (date(2020, 4, 1), date(2021, 3, 31))
SPRING, NEXT_SPRING = (date(2020, 1, 1), date(2020, 3, 31)), (date(2021, 1, 1), date(2021, 3, 31))


def in_turn(*wanted: Asked) -> list[Draft]:
    """Work requests out, each after those before it."""
    found: list[Draft] = []
    for each in wanted:
        found.append(worked(each, *found))
    return found


DAYS = (date(2020, 2, 1), date(2020, 5, 1), date(2021, 2, 1))
# Few thefts in the first quarter of a year, and none in the first quarter of the next one.
CASES = (
    *(Some(day, THEFT, number, IMPORTED) for day, number in zip(DAYS, (3, 7), strict=False)),
    *(Some(day, code, 30, IMPORTED) for day in DAYS for code in (THREATS, DAMAGE)),
)


def too_close(*drafts: Draft, cases: tuple[Some, ...] = CASES) -> dict[str, Range]:
    """Return what the last of these tables brings too close, by what it is."""
    found = Outsider([each.content for each in drafts], cases).too_close()
    return {f"{each.target.what} of {each.target.truth}": each.now for each in found}


@pytest.mark.parametrize(
    "last",
    [{}, {"rows_by": "offence", "groups": ()}, {"rows_by": "group", "groups": ()}, {"method": "combine"}],
    ids=["named", "by offence", "by group", "combined"],
)
def test_a_0_or_a_row_that_is_not_listed_does_not_tell_what_a_quarter_before_withholds(
    cast: Cast, last: dict[str, Any]
) -> None:
    imports(CASES)
    drafts = in_turn(over(*SPRING), over(*WHOLE), over(*FINANCIAL), over(*NEXT_SPRING, **last))
    assert value(drafts[0], "Theft", "Total") is None
    # Ten in the year, seven in the financial year: three, if there is none in the last quarter.
    assert [value(each, "Theft", "Total") for each in drafts[1:3]] == [10, 7]
    assert too_close(*drafts) == {}
    assert drafts[3].table.zeros_withheld
    # The control: alone it shows that there is none.
    assert too_close(*drafts[:3], worked(over(*NEXT_SPRING, **last)))["withheld of 3"] == (3, 3)


def test_a_value_of_the_breakdown_that_is_not_listed_does_not_tell_it_either(cast: Cast) -> None:
    cases = (
        *(each._replace(sex="Other") for each in CASES[:2]),
        *(Some(day, THEFT, 30, IMPORTED) for day in DAYS),
    )
    imports(cases)
    by_sex: dict[str, Any] = {"breakdown": "sex", "groups": ROWS[:1]}
    drafts = in_turn(*(over(*span, **by_sex) for span in (SPRING, WHOLE, FINANCIAL, NEXT_SPRING)))
    assert [value(each, "Theft: Other", "Total") for each in drafts] == [None, 10, 7, None]
    assert too_close(*drafts, cases=cases) == {}
    alone = worked(over(*NEXT_SPRING, **by_sex))
    assert "Theft: Other" not in alone.table.rows
    assert too_close(*drafts[:3], alone, cases=cases)["withheld of 3"] == (3, 3)


def test_zeros_that_a_first_table_withholds_are_not_shown_by_a_second_one(cast: Cast) -> None:
    cases = (Some(DAYS[1], THEFT, 6, IMPORTED), Some(DAYS[1], THREATS, 9, IMPORTED))
    imports(cases)
    first, second = in_turn(over(*WHOLE, zeros="withhold"), over(*WHOLE))
    assert [value(first, row, "Total") for row in ("Theft", "Threats", "Damage", "Total")] == [None, 9, None, 15]
    assert second.table.values == first.table.values
    assert too_close(first, second, cases=cases) == {}
    assert too_close(first, worked(over(*WHOLE)), cases=cases)["withheld of 6"] == (6, 6)


def test_what_one_part_of_a_withheld_count_is_and_the_other_is_not_more_than_tells_it(cast: Cast) -> None:
    # Of the financial year nothing is known; of its last quarter that it is two at most, of the others that there are none.
    cases = (Some(DAYS[2], THREATS, 1, IMPORTED), Some(DAYS[2], DAMAGE, 30, IMPORTED))
    imports(cases)
    drafts = in_turn(
        over(*FINANCIAL, zeros="withhold"), over(*NEXT_SPRING, method="round"), over(date(2020, 4, 1), YEAR)
    )
    assert [value(each, "Threats", "Total") for each in drafts[:2]] == [None, 0]
    assert too_close(*drafts, cases=cases) == {}
    assert "withheld of 1" in too_close(*drafts[:2], worked(over(date(2020, 4, 1), YEAR)), cases=cases)


def test_zeros_that_were_published_may_be_withheld_afterwards(cast: Cast) -> None:
    # Nothing else was known: nobody can keep wide what everybody knows.
    imports((Some(DAYS[2], THEFT, 30, IMPORTED),))
    first, second = in_turn(over(*WHOLE), over(*WHOLE, zeros="withhold"))
    assert {each for line in first.table.values for each in line} == {0}
    assert {each for line in second.table.values for each in line} == {None}


def test_zeros_are_withheld_before_a_small_count_that_no_table_shows_is_let_go(cast: Cast) -> None:
    imports(CASES)
    drafts = in_turn(over(*WHOLE), over(*FINANCIAL), over(*NEXT_SPRING))
    assert too_close(*drafts) == {}
    assert value(drafts[2], "Theft", "Total") is None
    assert [(each.label, each.low, each.high, each.is_told) for each in drafts[2].guards] == [
        ("part of Theft, 2020", 3, 10, False)
    ]
    assert value(worked(over(*NEXT_SPRING)), "Theft", "Total") == 0


def test_what_earlier_releases_tell_exactly_is_said_although_nothing_can_be_done(cast: Cast) -> None:
    imports(CASES)
    # As if nobody had known of the others: together they tell the three.
    spring, whole, rest = (worked(over(*span)) for span in (SPRING, WHOLE, (date(2020, 4, 1), YEAR)))
    after = worked(over(date(2020, 1, 1), date(2021, 3, 31)), spring, whole, rest)
    guards = {each.label: each for each in after.guards}
    guard = guards["release 1: Theft, 2020, to 31 March 2020"]
    assert (guard.low, guard.high, guard.is_pinned, guard.is_told, guard.releases) == (3, 3, True, False, (1,))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((over(*WHOLE), over(*SPRING), over(*NEXT_SPRING)), over(*FINANCIAL)),
        (
            tuple(
                over(*WHOLE, groups=(Group("+".join(codes), codes),))
                for codes in ((THEFT, THREATS), (THREATS,), (DAMAGE,))
            ),
            over(*WHOLE, groups=(Group("others", (THEFT, DAMAGE)),)),
        ),
    ],
    ids=["by time", "by rows"],
)
def test_a_case_that_came_between_is_not_told_by_several_earlier_releases_together(
    cast: Cast, before: tuple[Asked, ...], after: Asked
) -> None:
    days = ("2020-02-01", "2020-05-01", "2021-02-01")
    history({(day, code): 30 for day in days for code in (THEFT, THREATS, DAMAGE)})
    first = in_turn(*before)
    assert not any(each.table.withheld for each in first)
    moment = EXTRACTED + timedelta(days=3)
    alike = worked(after, *first, at=moment)
    assert not alike.table.withheld
    history({("2020-05-09", THEFT): 1}, completed_at=moment - timedelta(days=1))
    later = worked(after, *first, at=moment)
    assert value(later, after.groups[0].label, "Total") is None
    (guard,) = later.guards
    assert guard.label.startswith("difference between extractions of part of")
    assert guard.high is None
    # The way out is offered: counted as of then it is as it was.
    offered = {each.release: each.as_of for each in later.collisions}
    assert offered[1] == EXTRACTED.isoformat()


def test_a_release_that_shares_nothing_but_is_at_stake_is_told_to_the_desk_alone(cast: Cast) -> None:
    imports(CASES)
    last = in_turn(over(*SPRING), over(*WHOLE), over(*FINANCIAL), over(*NEXT_SPRING))[3]
    assert [each["release"] for each in last.content["collisions"]] == [3]
    at_stake = {each["release"]: each["what"] for each in last.for_the_desk()["collisions"]}
    assert "none of these cases" in at_stake[1]


def test_every_moment_of_a_breakdown_is_counted_in_one_statement(cast: Cast) -> None:
    for number in range(4):
        history({("2020-05-01", THEFT): 20 + number}, completed_at=IMPORTED + timedelta(days=number), sex="male")
    drafts = [worked(ASKED, at=IMPORTED + timedelta(days=number, hours=1)) for number in range(4)]
    drafts.append(worked(asked(breakdown="sex"), at=IMPORTED + timedelta(days=1, hours=1)))
    with CaptureQueriesContext(connection) as captured:
        worked(asked(zeros="withhold"), *drafts)
    assert sum("width_bucket" in each["sql"] for each in captured.captured_queries) == 1


def test_totals_published_on_many_days_are_counted_in_one_statement(cast: Cast) -> None:
    history({("2020-05-01", THEFT): 20})
    for number in range(5):
        PublishedTotal.objects.create(
            force_id="01",
            source=f"Home Office {number}",
            published_on=date(2026, 2, 1 + number),
            period_from=date(2020, 1, 1),
            period_to=YEAR,
            groups=[{"label": "Theft", "codes": [THEFT]}],
            basis="cases",
            count=20,
            by=cast.olivia,
            at=EXTRACTED,
        )
    with CaptureQueriesContext(connection) as captured:
        assert len(agreeing_totals("01", counted_at=EXTRACTED)) == 5
    assert sum("width_bucket" in each["sql"] for each in captured.captured_queries) == 1
