"""What was published stays published: later requests keep what earlier releases promised, or are refused."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cr_app.accounts.actions.units import UnitNames, add_unit, rename_unit
from cr_app.disclosure.asked import Group
from cr_app.disclosure.models import PublishedTotal
from cr_app.disclosure.releases import (
    CannotProtect,
    Choice,
    Draft,
    agreeing_totals,
    earlier_from,
    earlier_releases,
    work_out,
    working,
)
from cr_app.disclosure.suppression import choosing
from cr_app.disclosure.suppression.puzzle import Puzzle, Unprotectable
from cr_app.disclosure.suppression.solver import Unsolved
from tests.cast import Cast
from tests.disclosure import make_desk
from tests.disclosure.attacker import Attack
from tests.disclosure.published_requests import CATALOGUE
from tests.disclosure.what_is_seen import seen_of, tables_of
from tests.disclosure.working import EXTRACTED, FRAUD, ROWS, THEFT, THREATS, asked, history, released, value, worked

pytestmark = pytest.mark.django_db

ONE_YEAR = date(2020, 12, 31)
FROM_SPRING = "2020, from 1 April 2020"


def narrow_of_first(*drafts: Draft) -> object:
    """Return what these tables tell too closely of what the first one withholds."""
    tables = tables_of({str(number): draft.content for number, draft in enumerate(drafts)}, CATALOGUE)
    return Attack(seen_of(tables)).narrow(tables[0].withheld(), 5)


def test_a_lower_threshold_does_not_open_what_an_earlier_release_promised(cast: Cast) -> None:
    history(
        {("2020-05-01", THEFT): 20, ("2021-05-01", THEFT): 18, ("2020-05-02", THREATS): 4, ("2021-05-02", THREATS): 7}
    )
    first = worked()
    lower = asked(threshold=2, method="round")
    alone, after = worked(lower), worked(lower, first)
    assert narrow_of_first(first, alone)
    assert narrow_of_first(first, after) == {}
    assert after.table.withheld
    suppressed = worked(asked(threshold=2, period_to=ONE_YEAR), first)
    assert narrow_of_first(first, suppressed) == {}


def test_a_release_that_the_records_do_not_give_any_more_stops_the_next_one(cast: Cast) -> None:
    history({("2020-05-01", THEFT): 20, ("2021-05-01", THEFT): 18}, unit="North")
    history({("2020-05-01", THEFT): 30, ("2021-05-01", THEFT): 3}, unit="South")
    by_unit = asked(groups=(ROWS[0],), breakdown="unit")
    first = worked(by_unit)
    told = json.dumps(dict(first.content)).replace("North", "Area 1").replace("South", "Area 2")
    renamed = earlier_from(json.loads(told), name=1)
    one_year = replace(by_unit, period_to=ONE_YEAR)
    assert work_out(one_year, extracted_at=EXTRACTED, earlier=released([first])).table.withheld
    with pytest.raises(CannotProtect, match=r"Release 1 says of “Theft: Area 1, 2020” what the records do not give"):
        work_out(one_year, extracted_at=EXTRACTED, earlier=[renamed])
    # What does not hang together with it can still be asked for: other years, or other rows of the same.
    elsewhere = asked(period_from=date(2015, 1, 1), period_to=date(2015, 12, 31))
    for other in (elsewhere, asked(groups=(ROWS[1],))):
        assert work_out(other, extracted_at=EXTRACTED, earlier=[renamed])


def test_a_unit_that_was_renamed_since_is_the_same_unit(cast: Cast) -> None:
    # Counted by the names that units have now; the release has the name of then.
    units = [add_unit(UnitNames(name), by=cast.colin) for name in ("North", "South")]
    for unit, name in zip(units, ("Area 1", "Area 2"), strict=True):
        rename_unit(unit.pk, by=cast.colin, to=UnitNames(name), seen=UnitNames(unit.name))
    history({("2020-05-01", THEFT): 20, ("2021-05-01", THEFT): 18}, unit="Area 1")
    history({("2020-05-01", THEFT): 30, ("2021-05-01", THEFT): 3}, unit="Area 2")
    by_unit = asked(groups=(ROWS[0],), breakdown="unit")
    told = json.dumps(dict(worked(by_unit).content)).replace("Area 1", "North").replace("Area 2", "South")
    one_year = replace(by_unit, period_to=ONE_YEAR)
    after = work_out(one_year, extracted_at=EXTRACTED, earlier=[earlier_from(json.loads(told), name=1)])
    assert value(after, "Theft: Area 2", "2020") is None
    assert any("release 1: Theft: South, 2021" in guard.label for guard in after.guards)


def test_a_unit_that_was_renamed_is_the_unit_of_that_name_whose_cases_were_imported(cast: Cast) -> None:
    north = add_unit(UnitNames("North"), by=cast.colin)
    # Imported cases keep the name that they came with; those of this record are counted by the name that the unit has now.
    imported, live = {("2020-05-01", THEFT): 30, ("2021-05-01", THEFT): 3}, {("2021-05-02", THEFT): 20}
    by_unit = asked(groups=(ROWS[0],), breakdown="unit")
    begun = transaction.savepoint()
    history({("2020-05-01", THEFT): 40}, unit="South")
    history(imported | live, unit="North")
    first = worked(by_unit)
    transaction.savepoint_rollback(begun)
    rename_unit(north.pk, by=cast.colin, to=UnitNames("Area 1"), seen=UnitNames("North"))
    history({("2020-05-01", THEFT): 40}, unit="South")
    history(imported, unit="North")
    history(live, unit="Area 1")
    assert value(first, "Theft: North", "2021") == 23
    after = worked(by_unit, first)
    # Twenty would tell the three.
    assert (value(after, "Theft: North", "2021"), value(after, "Theft: Area 1", "2021")) == (None, None)
    assert value(worked(asked(groups=(ROWS[1],)), first), "Total", "Total") == 0


def test_names_of_units_are_read_once_for_all_releases(cast: Cast) -> None:
    for number in range(3):
        unit = add_unit(UnitNames(f"Area {number}"), by=cast.colin)
        rename_unit(unit.pk, by=cast.colin, to=UnitNames(f"Region {number}"), seen=UnitNames(unit.name))
    history({("2020-05-01", THEFT): 20}, unit="North")
    first = worked(asked(groups=(ROWS[0],), breakdown="unit"))

    def reads(*before: Draft) -> int:
        with CaptureQueriesContext(connection) as captured:
            worked(asked(groups=(ROWS[0],)), *before)
        return sum("audit_entry" in each["sql"] for each in captured.captured_queries)

    assert 0 < reads(first) == reads(first, first, first, first)


def test_an_import_that_came_later_than_it_says_stops_the_next_release(cast: Cast) -> None:
    history({("2020-05-01", THEFT): 20, ("2020-05-02", THREATS): 4})
    first = worked()
    history({("2020-05-01", THEFT): 30}, completed_at=EXTRACTED - timedelta(minutes=1))
    with pytest.raises(CannotProtect, match="Release 1 says"):
        worked(asked(), first, at=EXTRACTED + timedelta(days=1))


def test_cases_of_what_a_release_does_not_list_stop_the_next_one(cast: Cast) -> None:
    # It shows no fraud, and all offences would be listed that have any.
    history({("2020-05-01", THEFT): 20})
    first = worked(asked(rows_by="offence", groups=(), period_to=ONE_YEAR))
    told = json.loads(json.dumps(dict(first.content)))
    history({("2020-05-01", FRAUD): 1}, completed_at=EXTRACTED - timedelta(minutes=1))
    fraud = asked(groups=(Group("Fraud", (FRAUD,)),), period_to=ONE_YEAR)
    with pytest.raises(CannotProtect, match="Release 1 says"):
        work_out(fraud, extracted_at=EXTRACTED, earlier=[earlier_from(told, name=1)])


def test_a_total_elsewhere_that_was_right_when_it_was_published_still_counts(cast: Cast) -> None:
    history(
        {("2020-05-01", THEFT): 20, ("2021-05-01", THEFT): 18, ("2020-05-02", THREATS): 4, ("2021-05-02", THREATS): 7}
    )
    total = PublishedTotal.objects.create(
        force_id="01",
        source="Home Office",
        published_on=date(2026, 1, 20),
        period_from=date(2020, 1, 1),
        period_to=ONE_YEAR,
        groups=[{"label": "Theft", "codes": [THEFT]}],
        basis="cases",
        count=20,
        by=cast.olivia,
        at=datetime(2026, 1, 21, tzinfo=UTC),
    )
    assert value(worked(), "Total", "2020") is None
    history({("2020-07-01", THEFT): 1}, completed_at=datetime(2026, 2, 1, tzinfo=UTC))
    assert agreeing_totals("01", counted_at=EXTRACTED) == {total.pk}
    after = worked()
    assert value(after, "Theft", "2020") is None
    assert [each.release for each in after.collisions] == ["Home Office (2026)"]


def test_what_an_opened_value_tells_beside_an_earlier_release_is_refused(cast: Cast) -> None:
    # Two of the eight thefts of 2020 were before April.
    history(
        {("2020-02-01", THEFT): 2, ("2020-05-01", THEFT): 6, ("2020-02-01", THREATS): 8, ("2020-05-01", THREATS): 9}
    )
    whole = worked(asked(period_to=ONE_YEAR))
    without_spring = asked(period_from=date(2020, 4, 1), period_to=ONE_YEAR)
    proposed = worked(without_spring, whole)
    assert value(proposed, "Theft", FROM_SPRING) is None
    assert [(guard.is_told, guard.releases) for guard in proposed.guards] == [(False, (1,))]
    opened = [Choice("Theft", column, is_withheld=False) for column in (FROM_SPRING, "Total")]
    with pytest.raises(CannotProtect, match=f"part of .* could be worked out, .* Theft, {FROM_SPRING}; Theft, Total"):
        worked(without_spring, whole, choices=opened)
    # Alone it tells nothing.
    assert value(worked(without_spring, choices=opened), "Theft", "Total") == 6


def test_what_nothing_can_keep_wide_is_said_with_its_bounds_and_release(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    history({("2020-02-01", THEFT): 2, ("2020-05-01", THEFT): 6, ("2020-05-01", THREATS): 9})
    whole = worked(asked(period_to=ONE_YEAR, groups=(ROWS[0],)))
    without_spring = asked(period_from=date(2020, 4, 1), period_to=ONE_YEAR, groups=(ROWS[0],))
    protects = choosing.protect

    def stuck(puzzle: Puzzle, **_: object) -> object:
        if puzzle.guarded:
            raise Unprotectable("Nothing helps.", guarded=(0,))
        return protects(puzzle)

    monkeypatch.setattr(working, "protect", stuck)
    found = worked(without_spring, whole)
    (guard,) = found.guards
    assert (guard.is_told, guard.low, guard.high, guard.releases) == (True, 2, 2, (1,))
    assert [each.release for each in found.collisions] == [1]
    assert found.for_the_desk()["guards"][0]["is_told"]


def test_decisions_that_no_value_answers_to_are_told(cast: Cast) -> None:
    history({("2020-05-01", THEFT): 20, ("2021-05-01", THEFT): 18, ("2020-05-02", THREATS): 44})
    kept = Choice("Theft", "2020", is_withheld=True)
    gone = Choice("Combined: Theft; Threats", "2020", is_withheld=True)
    zero = Choice("Threats", "2021", is_withheld=True)
    found = worked(choices=[kept, gone, zero])
    assert found.unused_choices == (gone, zero)
    assert found.for_the_desk()["unused"][0] == {"row": gone.row, "column": "2020", "is_withheld": True}
    assert value(found, "Theft", "2020") is None


def test_what_cannot_be_solved_is_refused_in_a_sentence(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    history({("2020-05-01", THEFT): 20, ("2020-05-02", THREATS): 4})

    def unsolved(_: Puzzle, **__: object) -> object:
        raise Unsolved("No end.")

    with monkeypatch.context() as patched:
        patched.setattr(working, "protect", unsolved)
        with pytest.raises(CannotProtect, match="Ask for longer periods"):
            worked()

    def contradicts(*_: object, **__: object) -> object:
        raise ValueError("What is said to be known is not true.")

    worked()
    monkeypatch.setattr(working, "least_width", contradicts)
    with pytest.raises(CannotProtect, match="Ask for longer periods"):
        worked()


def test_a_release_that_cannot_be_read_is_named(cast: Cast) -> None:
    # What it keeps does not say which codes its rows count.
    make_desk.released(cast)
    with pytest.raises(CannotProtect, match=r"Release 1 cannot be read as it is kept, .*: A row of it does not say"):
        earlier_releases("01")


def test_a_total_published_elsewhere_promises_nothing(cast: Cast) -> None:
    # Two of the twelve are neither theft nor threats: with a threshold of 2 that is not small.
    history({("2020-05-01", THEFT): 5, ("2020-05-01", THREATS): 5, ("2020-05-01", FRAUD): 2})
    PublishedTotal.objects.create(
        force_id="01",
        source="Home Office",
        published_on=date(2026, 1, 20),
        period_from=date(2020, 1, 1),
        period_to=ONE_YEAR,
        basis="cases",
        count=12,
        by=cast.olivia,
        at=EXTRACTED,
    )
    assert worked(asked(threshold=2, period_to=ONE_YEAR)).table.withheld == ()
    assert worked(asked(threshold=5, period_to=ONE_YEAR)).table.withheld
