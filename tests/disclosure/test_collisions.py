"""Two safe tables may leak together: each trap, with what would be worked out if nothing was known of the table before."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cr_app.disclosure.asked import Group
from cr_app.disclosure.models import PublishedTotal
from cr_app.disclosure.releases import DIFFERENCE, Choice, agreeing_totals
from tests.cast import Cast
from tests.disclosure.working import (
    ASKED,
    DAMAGE,
    EXTRACTED,
    FRAUD,
    IMPORTED,
    ROWS,
    THEFT,
    THREATS,
    asked,
    history,
    told_by,
    value,
    worked,
)

pytestmark = pytest.mark.django_db
LATER = EXTRACTED + timedelta(days=60)


def test_calendar_against_financial_years(cast: Cast) -> None:
    history({("2018-06-01", THREATS): 6, ("2020-02-01", THREATS): 3, ("2020-06-01", THREATS): 20})
    calendar = worked(asked(period_from=date(2018, 1, 1), groups=(ROWS[1],)))
    financial = asked(years="financial", period_from=date(2018, 4, 1), period_to=date(2021, 3, 31), groups=(ROWS[1],))
    alone, after = worked(financial), worked(financial, calendar)
    assert told_by(calendar) == told_by(alone) == {}
    assert told_by(calendar, alone)
    assert told_by(calendar, after) == {}
    assert [each.release for each in after.collisions] == [1]
    assert "What is withheld here is chosen so" in after.collisions[0].what
    assert value(alone, "Threats", "2020/21") == 20 != value(after, "Threats", "2020/21")


def test_a_zero_in_a_neighbouring_financial_year_pins_no_quarter(cast: Cast) -> None:
    # None in 2020 and 2022: what 2021 has more than 2021/22 is what 2020/21 has.
    history(
        {("2021-02-01", THREATS): 3, ("2021-06-01", THREATS): 9, ("2021-02-01", THEFT): 7, ("2021-06-01", THEFT): 8}
    )
    year = {"years": "financial", "period_from": date(2020, 4, 1), "period_to": date(2021, 3, 31)}
    first = worked(asked(**year))
    second = worked(asked(**year | {"period_from": date(2021, 4, 1), "period_to": date(2022, 3, 31)}), first)
    calendar = asked(period_to=date(2022, 12, 31))
    alone, after = worked(calendar), worked(calendar, first, second)
    assert value(first, "Threats", "2020/21") is None
    assert (value(second, "Threats", "2021/22"), value(alone, "Threats", "2021")) == (9, 12)
    assert told_by(first, second, alone)[("0", "Threats", "2020/21")] == (3, 3)
    assert told_by(first, second, after) == {}


def test_a_group_against_its_parts(cast: Cast) -> None:
    history(
        {("2020-06-01", THEFT): 20, ("2020-06-01", THREATS): 2, ("2020-06-01", "8/01"): 25, ("2020-06-01", DAMAGE): 11}
    )
    year = {"period_to": date(2020, 12, 31)}
    group = worked(asked(rows_by="group", groups=(), **year))
    parts = asked(groups=(Group("Assault", ("8/01",)), Group("Threats", (THREATS,)), Group("Theft", (THEFT,))), **year)
    alone, after = worked(parts), worked(parts, group)
    assert told_by(group, alone)
    assert told_by(group, after) == {}


def test_a_longer_against_a_shorter_period(cast: Cast) -> None:
    history(
        {("2020-06-01", THREATS): 8, ("2021-06-01", THREATS): 3, ("2020-06-01", THEFT): 9, ("2021-06-01", THEFT): 9}
    )
    longer = worked()
    shorter = asked(period_to=date(2020, 12, 31))
    alone, after = worked(shorter), worked(shorter, longer)
    assert value(longer, "Threats", "2021") is None
    assert told_by(longer, after) == {}
    # What the longer one withheld of 2020 is what the shorter one shows by itself.
    assert told_by(longer, alone)


def test_two_cases_that_no_table_shows_but_the_difference_of_two_periods(cast: Cast) -> None:
    history({("2020-02-01", THREATS): 2, ("2020-06-01", THREATS): 20})
    whole = worked(asked(groups=(ROWS[1],), period_to=date(2020, 12, 31)))
    without_spring = asked(groups=(ROWS[1],), period_from=date(2020, 4, 1), period_to=date(2020, 12, 31))
    assert value(worked(without_spring), "Threats", "Total") == 20
    after = worked(without_spring, whole)
    assert value(after, "Threats", "Total") is None


def test_a_later_extraction_that_differs_by_one_is_withheld_or_counted_as_of_the_first(cast: Cast) -> None:
    history(
        {("2020-06-01", THEFT): 30, ("2021-06-01", THEFT): 40, ("2020-06-01", THREATS): 12, ("2021-06-01", THREATS): 9}
    )
    first = worked()
    history({("2021-07-01", THEFT): 1}, completed_at=EXTRACTED + timedelta(days=9))
    alone, after = worked(at=LATER), worked(ASKED, first, at=LATER)
    assert value(alone, "Theft", "2021") == 41
    assert value(after, "Theft", "2021") is None
    assert DIFFERENCE in next(each for each in after.why if (each.row, each.column) == ("Theft", "2021")).reasons
    (collision,) = after.collisions
    assert collision.as_of == EXTRACTED.isoformat()
    assert "1" not in collision.what
    assert "that is withheld" in collision.what
    again = worked(asked(as_of=EXTRACTED), first, at=LATER)
    assert again.table == first.table


def test_a_later_extraction_that_differs_by_many_is_shown(cast: Cast) -> None:
    history(
        {("2020-06-01", THEFT): 30, ("2021-06-01", THEFT): 40, ("2020-06-01", THREATS): 12, ("2021-06-01", THREATS): 9}
    )
    first = worked()
    history({("2021-07-01", THEFT): 6}, completed_at=EXTRACTED + timedelta(days=9))
    after = worked(ASKED, first, at=LATER)
    assert (value(after, "Theft", "2021"), after.table.withheld) == (46, ())
    (collision,) = after.collisions
    assert "at another moment. Nothing of what both count had to be withheld" in collision.what


def test_two_breakdowns_of_one_table(cast: Cast) -> None:
    history({("2020-06-01", THEFT): 20}, sex="male", age=30)
    history({("2020-06-01", THEFT): 3}, sex="female", age=20)
    history({("2020-06-01", THREATS): 30}, sex="male", age=20)
    history({("2020-06-01", THREATS): 40}, sex="female", age=30)
    one_year = asked(period_to=date(2020, 12, 31))
    by_sex, by_age = replace(one_year, breakdown="sex"), replace(one_year, breakdown="age_band")
    first = worked(by_sex)
    assert value(first, "Theft: Female", "2020") is None
    second = worked(by_age, first)
    # The three are withheld in both, and what would tell them in the one does not stand in the other.
    for row in ("Theft: Female", "Theft: Male"):
        assert value(first, row, "2020") is None
    for row in ("Theft: 18 to 24", "Theft: 25 to 34"):
        assert value(second, row, "2020") is None
    for each in (*first.why, *second.why):
        assert each.high is None or each.high - each.low >= 5, each


def test_a_total_that_another_breakdown_would_show_stays_withheld(cast: Cast) -> None:
    # By age alone nothing is small.
    history({("2020-06-01", THEFT): 3}, sex="female", age=20)
    history({("2020-06-01", THEFT): 20}, sex="male", age=20)
    wanted = asked(groups=(ROWS[0],), period_to=date(2020, 12, 31))
    opened = [
        Choice(f"{row}: Male", column, is_withheld=False) for row in ("Theft", "Total") for column in ("2020", "Total")
    ]
    first = worked(replace(wanted, breakdown="sex"), choices=opened)
    assert (value(first, "Theft: Male", "2020"), value(first, "Theft", "2020")) == (20, None)
    second = worked(replace(wanted, breakdown="age_band"), first)
    alone = worked(replace(wanted, breakdown="age_band"))
    assert alone.table.withheld == ()
    assert second.table.withheld
    for each in (*first.why, *second.why):
        assert each.high is None or each.high - each.low >= 5, each
    for guard in second.guards:
        assert guard.high is None or guard.high - guard.low >= 5, guard


def test_a_total_published_elsewhere_counts_if_it_is_what_the_records_give(cast: Cast) -> None:
    history({("2020-06-01", THREATS): 3, ("2020-06-01", THEFT): 9, ("2020-06-01", FRAUD): 40})
    wanted = asked(groups=ROWS, period_to=date(2020, 12, 31))
    before = worked(wanted)

    def published(count: int) -> PublishedTotal:
        return PublishedTotal.objects.create(
            force_id="01",
            source="Home Office, table 2.1",
            published_on=date(2025, 7, 1),
            period_from=date(2020, 1, 1),
            period_to=date(2020, 12, 31),
            groups=[{"label": "Theft", "codes": [THEFT]}],
            basis="cases",
            count=count,
            by=cast.olivia,
            at=datetime(2025, 8, 1, tzinfo=UTC),
        )

    wrong = published(11)
    assert worked(wanted).table == before.table
    right = published(9)
    assert agreeing_totals("01", counted_at=EXTRACTED) == {right.pk} != {wrong.pk}
    after = worked(wanted)
    # What keeps the three safe is no longer that the nine are withheld, but that the total of both is.
    assert value(before, "Total", "2020") == 12
    assert value(after, "Total", "2020") is None
    assert "Home Office, table 2.1 (2025)" in [each.release for each in after.collisions]


def test_what_earlier_tables_pin_is_said_and_made_no_worse(cast: Cast) -> None:
    history({("2020-06-01", THREATS): 3, ("2020-06-01", THEFT): 30})
    wanted = asked(period_to=date(2020, 12, 31))
    leak = worked(replace(wanted, threshold=2))
    assert value(leak, "Threats", "2020") == 3
    after = worked(wanted, leak)
    (threats,) = [each for each in after.why if (each.row, each.column) == ("Threats", "2020")]
    assert threats.is_pinned
    assert value(after, "Threats", "2020") is None


def test_tables_of_other_years_or_another_force_have_no_say(cast: Cast) -> None:
    history(
        {("2020-06-01", THREATS): 3, ("2020-06-01", THEFT): 30, ("2015-06-01", THREATS): 3, ("2015-06-01", THEFT): 30}
    )
    other_years = worked(asked(period_from=date(2015, 1, 1), period_to=date(2015, 12, 31)))
    kent = worked(asked(force="46"))
    assert worked(ASKED, other_years, kent).content == worked(ASKED).content


def test_the_same_request_and_data_give_the_same_bytes(cast: Cast) -> None:
    history({("2020-06-01", THREATS): 3, ("2020-06-01", THEFT): 30, ("2021-06-01", THEFT): 8})
    first = worked(asked(period_to=date(2020, 12, 31)))
    assert worked(ASKED, first).content == worked(ASKED, first).content
    assert IMPORTED < EXTRACTED


def test_where_zeros_would_tell_what_was_withheld_some_of_them_are_withheld_too(cast: Cast) -> None:
    # The group has 5; that it has two parts which are not 0 leaves each of them no more than 4.
    history({("2020-06-01", THEFT): 20, ("2020-06-01", "3/01"): 3, ("2020-06-01", "8/06"): 2})
    year = {"period_to": date(2020, 12, 31)}
    group = worked(asked(rows_by="group", groups=(), **year))
    parts = asked(
        groups=(Group("Threats", ("3/01",)), Group("Assault", ("8/06",)), Group("Kidnapping", ("36/01",))), **year
    )
    alone, after = worked(parts), worked(parts, group)
    assert (alone.content["zeros_withheld"], after.content["zeros_withheld"]) == (False, True)
    assert value(alone, "Kidnapping", "2020") == 0
    assert told_by(group, after) == {}
    assert any("Zeros may be withheld too" in note["text"] for note in after.content["notes"])
    # A release after that knows that what is withheld there may be 0.
    again = worked(asked(rows_by="offence", groups=(), **year), group, after)
    assert told_by(group, after, again) == {}
