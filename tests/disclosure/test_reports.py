"""Rows, columns and sums of a table, and how each method treats what is small."""

from datetime import date

import pytest

from cr_app.disclosure.asked import BadRequest, Group
from cr_app.disclosure.releases import Choice
from tests.cast import Cast
from tests.disclosure.working import DAMAGE, FRAUD, IMPORTED, ROWS, THEFT, THREATS, asked, history, value, worked
from tests.make_disclosure import Closed, imported

pytestmark = pytest.mark.django_db
YEAR = {"period_to": date(2020, 12, 31)}


def test_groups_and_offences_have_a_row_where_something_is_counted_in_the_catalogues_order(cast: Cast) -> None:
    history({("2020-06-01", THEFT): 30, ("2021-06-01", THREATS): 12})
    groups, offences = worked(asked(rows_by="group", groups=())), worked(asked(rows_by="offence", groups=()))
    assert groups.table.rows == ("Violence against the person", "Theft offences", "Total")
    assert offences.table.rows[0] == "Making threats to kill (3/01)"
    assert [row.rpartition("(")[2] for row in offences.table.rows] == ["3/01)", "46/00)", "Total"]
    assert offences.table.values == groups.table.values == ((0, 12, 12), (30, 0, 30), (30, 12, 42))
    withheld = worked(asked(rows_by="group", groups=(), zeros="withhold"))
    assert len(withheld.table.rows) > 8
    assert 0 not in {each for line in withheld.table.values for each in line}


def test_a_case_counts_in_the_first_named_row_that_it_fits_and_total_is_their_sum(cast: Cast) -> None:
    rows = (
        Group("Encouraging", (), encouraging_or_assisting=True),
        Group("Theft", (THEFT,)),
        Group("Both", (THEFT, FRAUD)),
    )
    imported(
        [
            Closed(date(2020, 5, 1), THEFT, 10),
            Closed(date(2020, 5, 1), THEFT, 7, encouraging=True),
            Closed(date(2020, 5, 1), FRAUD, 20),
            Closed(date(2020, 5, 1), DAMAGE, 40),
        ],
        completed_at=IMPORTED,
    )
    found = worked(asked(groups=rows, **YEAR))
    assert [line[0] for line in found.table.values] == [7, 10, 20, 37]


def test_offences_count_every_offence_of_a_case_by_its_date_of_issue(cast: Cast) -> None:
    rows = [Closed(date(2020, 5, 1), THEFT, 10, further=(THREATS,)), Closed(date(2021, 5, 1), THREATS, 6)]
    imported(rows, completed_at=IMPORTED)
    cases, offences = worked(), worked(asked(basis="offences"))
    assert cases.table.values == ((10, 0, 10), (0, 6, 6), (10, 6, 16))
    assert offences.table.values == ((10, 0, 10), (10, 6, 16), (20, 6, 26))


def test_a_breakdown_divides_each_row_and_the_total_by_the_values_that_occur(cast: Cast) -> None:
    history({("2020-06-01", THEFT): 30, ("2021-06-01", THREATS): 12}, sex="male")
    history({("2020-06-01", THEFT): 10, ("2020-06-01", THREATS): 8}, sex="")
    found = worked(asked(breakdown="sex")).table
    assert found.rows == (
        *("Theft: Male", "Theft: Not known", "Theft", "Threats: Male", "Threats: Not known", "Threats"),
        *("Total: Male", "Total: Not known", "Total"),
    )
    assert [line[-1] for line in found.values] == [30, 10, 40, 12, 8, 20, 42, 18, 60]


def test_two_rows_of_one_label_are_refused(cast: Cast) -> None:
    history({("2020-06-01", THEFT): 30}, sex="male")
    rows = (Group("Theft", (THEFT,)), Group("Theft: Male", (FRAUD,)))
    with pytest.raises(BadRequest, match="Theft: Male"):
        worked(asked(groups=rows, breakdown="sex"))


def test_the_small_count_is_withheld_with_what_would_tell_it_and_the_bounds_are_said(cast: Cast) -> None:
    history(
        {("2020-06-01", THEFT): 30, ("2021-06-01", THEFT): 40, ("2020-06-01", THREATS): 3, ("2021-06-01", THREATS): 9}
    )
    found = worked()
    assert value(found, "Threats", "2020") is None
    assert {each.reasons for each in found.why} == {("small",), ("protects",)}
    assert all(each.low >= 1 and (each.high is None or each.high - each.low >= 5) for each in found.why)
    protection = found.content["protection"]
    assert (protection["threshold"], protection["withheld"]) == (5, len(found.table.withheld))
    assert protection["worst_interval"] >= 5


def test_a_combined_row_is_of_two_rows_or_more_and_never_small(cast: Cast) -> None:
    # One row alone is small, and with the next smallest it is still below the threshold.
    history(
        {("2020-06-01", THREATS): 2, ("2020-06-01", FRAUD): 0, ("2020-06-01", THEFT): 30, ("2020-06-01", DAMAGE): 9}
    )
    rows = (*ROWS, Group("Damage", (DAMAGE,)), Group("Fraud", (FRAUD,)))
    found = worked(asked(groups=rows, method="combine", **YEAR))
    (combined,) = found.table.combined
    assert len(combined.rows) >= 2
    assert value(found, combined.label, "2020") == 11
    assert found.table.rows == ("Theft", "Fraud", combined.label, "Total")
    assert found.table.withheld == ()
    assert found.content["protection"]["worst_interval"] >= 5
    assert {each.label for each in found.guards} >= {"Threats, 2020, which is in a combined row"}


def test_with_a_breakdown_rows_are_combined_for_all_values_alike(cast: Cast) -> None:
    history({("2020-06-01", THEFT): 30, ("2020-06-01", THREATS): 2, ("2020-06-01", DAMAGE): 9}, sex="male")
    history({("2020-06-01", THEFT): 20, ("2020-06-01", THREATS): 8, ("2020-06-01", DAMAGE): 7}, sex="female")
    rows = (*ROWS, Group("Damage", (DAMAGE,)))
    found = worked(asked(groups=rows, method="combine", breakdown="sex", **YEAR))
    label = "Combined: Threats; Damage"
    assert found.table.rows[3:6] == (f"{label}: Female", f"{label}: Male", label)
    assert [value(found, row, "2020") for row in found.table.rows[3:6]] == [15, 11, 26]
    assert [each.rows for each in found.table.combined][2] == ("Threats", "Damage")


def test_a_withheld_total_is_not_the_number_of_its_withheld_ones(cast: Cast) -> None:
    # Five ones: a total of 5 beside five withheld values that are not 0 would tell each of them.
    codes = [THEFT, THREATS, DAMAGE, FRAUD, "8/01"]
    history({("2020-06-01", code): 1 for code in codes})
    rows = tuple(Group(code.replace("/", "-"), (code,)) for code in codes)
    found = worked(asked(groups=rows, **YEAR))
    assert value(found, "Total", "2020") is None
    assert all(each.high is None or each.high - each.low >= 5 for each in found.why)


def test_rounding_goes_to_the_nearest_five_and_totals_by_themselves(cast: Cast) -> None:
    history(
        {("2020-06-01", THEFT): 33, ("2021-06-01", THEFT): 42, ("2020-06-01", THREATS): 2, ("2021-06-01", THREATS): 8}
    )
    found = worked(asked(method="round"))
    assert found.table.values == ((35, 40, 75), (0, 10, 10), (35, 50, 85))
    assert found.content["rounded_to"] == 5


def test_rounded_totals_that_tell_a_small_count_are_withheld(cast: Cast) -> None:
    # Nine twos: each is shown as 0, so at most 2; a total of 20 is at least 18 and would tell every one of them.
    codes = ["3/01", "46/00", "149/00", "53/40", "8/01", "5/01", "8/26", "11/03", "79/01"]
    history({("2020-06-01", code): 2 for code in codes})
    rows = tuple(Group(code.replace("/", "-"), (code,)) for code in codes)
    found = worked(asked(groups=rows, method="round", **YEAR))
    assert value(found, "Total", "2020") is None
    assert value(found, "3-01", "2020") == 0


def test_a_person_keeps_a_value_back_and_the_rest_is_worked_out_around_it(cast: Cast) -> None:
    history(
        {("2020-06-01", THEFT): 30, ("2021-06-01", THEFT): 40, ("2020-06-01", THREATS): 8, ("2021-06-01", THREATS): 9}
    )
    assert worked().table.withheld == ()
    found = worked(choices=[Choice("Theft", "2021", is_withheld=True)])
    assert value(found, "Theft", "2021") is None
    assert len(found.table.withheld) >= 4
    assert {each.reasons for each in found.why} == {("chosen",), ("protects",)}


def test_a_period_without_any_case_is_a_table_of_its_total(cast: Cast) -> None:
    for method in ("suppress", "combine"):
        found = worked(asked(rows_by="offence", groups=(), method=method))
        assert (found.table.rows, found.table.values) == (("Total",), ((0, 0, 0),))
    # Which rows are listed would tell that others have one or two.
    rounded = worked(asked(rows_by="group", groups=(), method="round")).table
    assert len(rounded.rows) > 8
    assert {each for line in rounded.values for each in line} == {0}
    named = worked(asked(zeros="withhold"))
    assert {each for line in named.table.values for each in line} == {None}
