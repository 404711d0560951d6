"""What counts as a case at a moment, and by which values: live and imported cases alike."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction

from cr_app.accounts.models import Officer
from cr_app.cases.actions.authority import record_crime_report_entry
from cr_app.cases.facts import age_on, ages_of
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case
from cr_app.cases.queries import Record
from cr_app.disclosure import counts
from cr_app.disclosure.asked import BREAKDOWNS
from cr_app.disclosure.counts import Asking, Counted, counted_at_each, kinds_of, values_of
from cr_app.reference.models import OffenceType
from tests import make, make_afterwards, make_authority
from tests.cast import Cast
from tests.make_disclosure import Closed, imported
from tests.make_given import given, rescinded_at

THEFT, THREATS, KNIFE = "46/00", "3/01", "8/26"
EDGES = (date(2020, 1, 1), date(2020, 4, 1), date(2021, 4, 1))
LATER = datetime(2031, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    """Return a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def asked(as_of: datetime = LATER, **changed: object) -> dict[Counted, int]:
    """Count for the Metropolitan Police from January 2020 to March 2021."""
    asking = Asking(**({"force": "01", "edges": EDGES} | changed))  # type: ignore[arg-type]
    return counted_at_each(asking, [as_of])[as_of]


def by_value(breakdown: str) -> dict[str, int]:
    """Return the numbers of a breakdown alone."""
    total = Counter[str]()
    for key, number in asked(breakdown=breakdown).items():
        total[key.value] += number
    return dict(total)


def theft(stretch: int = 0, *, code: str = THEFT, encouraging: bool = False, further: bool = False) -> Counted:
    """Return what a theft is counted as."""
    return Counted(stretch, code, encouraging, further, "")


def test_a_case_counts_on_the_day_in_london_on_which_it_was_issued(cast: Cast) -> None:
    # The last half hour of 31 March in UTC is 1 April in British Summer Time.
    given(cast.amina, at("2020-03-31T22:59"))
    given(cast.amina, at("2020-03-31T23:01"))
    given(cast.amina, at("2021-03-31T22:59"))
    given(cast.amina, at("2021-03-31T23:01"))
    given(cast.amina, at("2019-12-31T23:59"))
    assert asked() == {theft(0): 1, theft(1): 2}


def test_what_was_issued_or_rescinded_later_leaves_an_earlier_extract_as_it_was(cast: Cast) -> None:
    first, second = at("2020-02-01T12:00"), at("2020-02-05T12:00")
    case = given(cast.amina, first)
    assert asked(second) == {theft(): 1}
    given(cast.amina, at("2020-02-06T12:00"))
    rescinded_at(case, at("2020-02-07T12:00"), cast.priya)
    given(cast.amina, at("2020-02-08T12:00"))
    assert asked(second) == {theft(): 1}
    assert asked(at("2020-02-06T12:00")) == {theft(): 2}
    assert asked(at("2020-02-07T11:59")) == {theft(): 2}
    assert asked(at("2020-02-07T12:00")) == {theft(): 1}
    assert asked() == {theft(): 2}
    assert asked(first - timedelta(microseconds=1)) == {}


@pytest.mark.django_db
def test_an_imported_case_counts_from_the_moment_its_batch_is_complete() -> None:
    imported([Closed(date(2020, 1, 1), number=3), Closed(date(2020, 4, 1))], completed_at=at("2026-03-01T12:00"))
    imported([Closed(date(2020, 1, 1), number=5)], is_complete=False)
    assert asked(at("2026-03-01T11:59")) == {}
    assert asked(at("2026-03-01T12:00")) == asked() == {theft(0): 3, theft(1): 1}


def test_only_what_was_issued_counts_whatever_became_of_it(cast: Cast) -> None:
    now = at("2020-02-01T12:00")
    for life in (
        (),
        (Status.WITHDRAWN,),
        (Status.NOT_USED,),
        (Status.READY,),
        (Status.READY, Status.NOT_USED),
        (Status.AWAITING_AUTHORITY, Status.REFUSED),
    ):
        given(cast.amina, now, life=life)
    assert asked() == {}
    given(cast.amina, now)
    given(cast.amina, now, life=(Status.READY, Status.ISSUED, Status.COMPLETED))
    given(cast.amina, now, life=(Status.READY, Status.ISSUED, Status.NOT_COMPLIED))
    given(cast.yusuf, now, is_restricted=True)
    assert asked() == {theft(): 4}


def test_a_case_of_officers_counts_from_its_issue_until_it_is_rescinded(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    edges = (date(2020, 1, 1), date(2100, 1, 1))
    issued_at = Case.objects.get(reference=reference).issued_at
    assert issued_at
    assert asked(issued_at, edges=edges) == {theft(): 1}
    make_afterwards.rescinded(reference, cast.priya)
    assert asked(issued_at, edges=edges) == {theft(): 1}
    assert asked(datetime(2100, 1, 1, tzinfo=UTC), edges=edges) == {}


def test_cases_of_another_force_are_never_counted(cast: Cast) -> None:
    given(cast.kieran, at("2020-02-01T12:00"))
    imported([Closed(date(2020, 2, 1), force="46", further=(KNIFE,))])
    assert asked(with_further=True) == {}
    assert asked(force="46", with_further=True) == {theft(): 2, theft(code=KNIFE, further=True): 1}


def test_further_offences_are_counted_only_where_offences_are_asked_for(cast: Cast) -> None:
    given(cast.amina, at("2020-02-01T12:00"), [THREATS, (THEFT, True), KNIFE])
    imported([Closed(date(2020, 2, 1), code=THREATS, number=2, further=(THEFT, KNIFE))])
    principal = {theft(code=THREATS): 3}
    assert asked() == principal
    assert asked(with_further=True) == principal | {
        theft(encouraging=True, further=True): 1,
        theft(further=True): 2,
        theft(code=KNIFE, further=True): 3,
    }


def test_encouraging_an_offence_is_counted_apart_from_the_offence(cast: Cast) -> None:
    given(cast.amina, at("2020-02-01T12:00"), [(THEFT, True)])
    given(cast.amina, at("2020-02-01T12:00"), [(THEFT, False)])
    imported([Closed(date(2020, 2, 1), encouraging=True, number=2)])
    assert asked() == {theft(encouraging=True): 3, theft(): 1}


def test_ages_in_the_statement_are_those_of_the_rules(cast: Cast) -> None:
    births = [date(2000, 2, 28), date(2000, 2, 29), date(2000, 3, 1), date(2008, 12, 31), date(2004, 1, 1)]
    days = [date(2018, 2, 27), date(2018, 2, 28), date(2018, 3, 1), date(2025, 2, 28), date(2025, 3, 1)]
    days += [date(2024, 2, 28), date(2024, 2, 29), date(2018, 12, 30), date(2018, 12, 31), date(2019, 1, 1)]
    pairs = [(born, day) for born in births for day in days] + [(date(2030, 1, 1), date(2018, 1, 1))]
    first = date(2020, 1, 1)
    cases = [
        given(cast.amina, at("2020-01-01T12:00") + timedelta(days=place), decided_on=day, born_on=born)
        for place, (born, day) in enumerate(pairs)
    ]
    edges = tuple(first + timedelta(days=place) for place in range(len(pairs) + 1))
    found = {key.stretch: key.value for key in asked(edges=edges, breakdown="age_band")}
    assert len(found) == len(pairs)
    for place, (born, day) in enumerate(pairs):
        age = ages_at_decision(cases[place])
        assert age == (age_on(born, day) if day >= born else None)
        assert found[place] == band_of(age), (born, day)
    assert {"10 to 17", "18 to 24", "25 to 34", counts.NOT_KNOWN} == set(found.values())


def ages_at_decision(case: Case) -> int | None:
    """Return the age that the rules take, on the day the case was decided."""
    case.refresh_from_db()
    assert case.decided_on
    return ages_of(Record(case), on=case.decided_on).at_decision


def band_of(age: int | None) -> str:
    """Return the band of an age, written out once more."""
    if age is None or age < 10:
        return "Not known"
    ends = {17: "10 to 17", 24: "18 to 24", 34: "25 to 34", 44: "35 to 44", 54: "45 to 54", 64: "55 to 64"}
    return next((label for end, label in ends.items() if age <= end), "65 and over")


def test_every_age_falls_into_its_band_live_and_imported(cast: Cast) -> None:
    ages: list[int | None] = [None, 9, 10, 17, 18, 24, 25, 34, 35, 44, 45, 54, 55, 64, 65, 120]
    expected = Counter(band_of(age) for age in ages)
    imported([Closed(date(2020, 2, 1), age=age) for age in ages])
    assert by_value("age_band") == expected
    for age in ages:
        given(cast.amina, at("2020-02-01T12:00"), estimated_age=age)
    assert by_value("age_band") == {band: 2 * number for band, number in expected.items()}
    assert set(expected) == set(values_of("age_band", "01", as_of=LATER))


def test_sex_and_ethnicity_are_counted_as_they_were_recorded(cast: Cast) -> None:
    sexes = ["female", "female", "male", "other", "not_known", ""]
    codes = ["W1", "W9", "M1", "B1", "NS", None]
    rows = list(zip(sexes, codes, strict=True))
    for sex, code in rows:
        given(cast.amina, at("2020-02-01T12:00"), sex=sex or None, ethnicity=code)
    imported([Closed(date(2020, 2, 1), sex=sex, ethnicity=code) for sex, code in rows])
    assert by_value("sex") == {"Female": 4, "Male": 2, "Other": 2, "Not known": 4}
    black = "Black, Black British, Caribbean or African"
    assert by_value("ethnicity") == {"White": 4, "Mixed or multiple ethnic groups": 2, black: 2, "Not stated": 4}


def test_units_are_counted_by_their_names(cast: Cast) -> None:
    name = cast.amina.unit.name
    given(cast.amina, at("2020-02-01T12:00"))
    imported([Closed(date(2020, 2, 1), unit=name), Closed(date(2020, 2, 1), unit="Croydon"), Closed(date(2020, 2, 1))])
    assert by_value("unit") == {name: 2, "Croydon": 1, "Not known": 1}
    imported([Closed(date(2020, 2, 1), unit="Not yet there")], is_complete=False)
    offered = values_of("unit", "01", as_of=LATER)
    assert {name, "Croydon"} < set(offered)
    assert offered[-1] == "Not known"
    assert "Not yet there" not in offered


def test_a_case_with_any_person_as_victim_counts_as_a_person(cast: Cast) -> None:
    moment = at("2020-02-01T12:00")
    given(cast.amina, moment, victims=("organisation", "person"))
    given(cast.amina, moment, victims=("organisation", "organisation"))
    given(cast.amina, moment, has_no_victim=True)
    given(cast.amina, moment)
    imported([Closed(date(2020, 2, 1), victim=kind) for kind in ("person", "organisation", "none", "")])
    assert by_value("victim") == {"Person": 2, "Organisation": 2, "No victim": 2, "Not known": 2}


def test_an_exception_counts_where_authority_was_granted(cast: Cast) -> None:
    reference = make_authority.asked(cast.amina, make.knife())
    make_authority.granted(reference, cast.priya)
    record_crime_report_entry(reference, by=cast.amina, entry_reference="DETS 14")
    assert make.issue_it(reference, cast.amina) is None
    make.issued(cast.amina)
    edges = (date(2020, 1, 1), date(2100, 1, 1))
    found = asked(datetime(2100, 1, 1, tzinfo=UTC), edges=edges, breakdown="exception")
    assert found == {
        Counted(0, KNIFE, False, False, "Authorised exception"): 1,
        Counted(0, THEFT, False, False, "No exception"): 1,
    }
    imported([Closed(date(2020, 2, 1), exception=exception) for exception in (True, False, None)])
    assert by_value("exception") == {"Authorised exception": 1, "No exception": 1, "Not known": 1}


@pytest.mark.parametrize("with_further", [False, True])
def test_every_breakdown_adds_up_to_the_counts_without_it(cast: Cast, with_further: bool) -> None:
    _many(cast.amina)
    whole = asked(with_further=with_further)
    assert len(whole) >= 4
    for breakdown in BREAKDOWNS:
        parts = Counter[Counted]()
        found = asked(breakdown=breakdown, with_further=with_further)
        assert {key.value for key in found} <= set(values_of(breakdown, "01", as_of=LATER))
        for key, number in found.items():
            parts[key._replace(value="")] += number
        assert parts == whole, breakdown


def _many(officer: Officer) -> None:
    given(officer, at("2020-02-01T12:00"), [THREATS, THEFT], victims=("person", "person"), sex="male")
    given(officer, at("2020-05-01T12:00"), [KNIFE], victims=("organisation",), ethnicity="W1", estimated_age=30)
    imported(
        [
            Closed(date(2020, 3, 31), number=2, further=(THREATS, KNIFE), unit="Croydon", age=12, sex="female"),
            Closed(date(2020, 4, 1), code=THREATS, ethnicity="O1", victim="none", exception=True),
        ]
    )


@pytest.mark.django_db
def test_a_long_count_is_bounded_and_leaves_the_usual_bound_behind() -> None:
    imported([Closed(date(2020, 2, 1))])

    def bound() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout')")
            return str(cursor.fetchone()[0])

    before = bound()
    assert before == "5s"
    with transaction.atomic():
        assert asked() == {theft(): 1}
        assert bound() == before
    assert counts.LONGEST == "120s"


@pytest.mark.django_db
def test_kinds_come_in_the_order_of_the_catalogue_with_the_forces_own_last() -> None:
    imported([])
    catalogue = kinds_of("01")
    assert catalogue[0].code == THREATS
    assert len({kind.group for kind in catalogue}) > 5
    first = OffenceType.objects.get(code=THREATS)
    for code, force in (("990/01", "01"), ("990/02", "46")):
        OffenceType.objects.create(
            code=code,
            title="Byelaw",
            group="Byelaws",
            statute="Byelaws",
            mode_of_trial="summary",
            added_by_force_id=force,
        )
    OffenceType.objects.filter(code=first.code).update(withdrawn_on=date(2020, 1, 1))
    assert [kind.code for kind in kinds_of("01")] == [*(kind.code for kind in catalogue), "990/01"]
