"""The bridge from a case to what the rules may look at: every answer reaches its fact, and nothing unanswered does."""

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cr_app.cases.facts import Ages, age_on, ages_of, brought_by_offences, catalogue_of, facts_of
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import AgreedAction, Case, CaseOffence, EarlierDisposal, Offender, Victim
from cr_app.cases.queries import EarlierCase, Record
from cr_app.policy.facts import Facts
from cr_app.reference.models import OffenceType

TODAY = date(2026, 11, 21)


def record_of(
    case: dict[str, Any] | None = None, offender: dict[str, Any] | None = None, **rows: tuple[Any, ...]
) -> Record:
    """Return a record that no table holds."""
    about = Case(force_id="01", reference="TEST0001", recorded_by_id=1, **(case or {}))
    Offender(case=about, **(offender or {}))
    empty = {"offences": (), "victims": (), "disposals": (), "actions": (), "earlier_cases": ()}
    return Record(about, **{**empty, **rows})


def leaves(facts: Facts) -> dict[str, object]:
    """Return the facts by dotted name."""
    found: dict[str, object] = {}
    for name, value in asdict(facts).items():
        if isinstance(value, dict):
            found.update({f"{name}.{inner}": each for inner, each in value.items()})
        else:
            found[name] = value
    return found


NOTHING = leaves(facts_of(record_of(), on=TODAY))


def differing(record: Record) -> dict[str, object]:
    """Return the facts that are otherwise than when nothing is answered."""
    return {name: value for name, value in leaves(facts_of(record, on=TODAY)).items() if value != NOTHING[name]}


def test_nothing_answered_is_nothing_known() -> None:
    assert {name for name, value in NOTHING.items() if value is not None} == {"decided_on", "force"}


# column: the fact that it reaches, for an answer of yes or no.
CASE_FACTS = {
    "domestic_abuse": "circumstances.domestic_abuse",
    "intimate_partner": "circumstances.intimate_partner",
    "hate_crime": "circumstances.hate_crime",
    "sexual": "circumstances.sexual",
    "firearm": "circumstances.firearm",
    "weapon_or_blade": "circumstances.weapon_or_blade",
    "visitor_from_abroad": "visitor_from_abroad",
    "lawful_at_home": "lawful_at_home",
    "evidence_sufficient": "evidence_sufficient",
    "less_serious": "less_serious",
    "youth_justice_consulted": "youth_justice_consulted",
    "accepts_responsibility": "offender.accepts_responsibility",
    "admits_offence": "offender.admits_offence",
    "agrees_to_take_part": "offender.agrees_to_take_part",
    "consequences_explained": "offender.consequences_explained",
}
OFFENDER_FACTS = {
    "police_officer_or_staff": "offender.police_officer_or_staff",
    "mental_health_concern": "offender.mental_health_concern",
    "capacity_evident": "offender.capacity_evident",
    "appropriate_adult_present": "offender.appropriate_adult_present",
}
maybe = st.sampled_from([None, False, True])


@given(
    st.fixed_dictionaries(dict.fromkeys(CASE_FACTS, maybe)), st.fixed_dictionaries(dict.fromkeys(OFFENDER_FACTS, maybe))
)
def test_each_yes_and_no_reaches_its_fact_and_no_other(case: dict[str, Any], offender: dict[str, Any]) -> None:
    wanted = {CASE_FACTS[name]: value for name, value in case.items() if value is not None}
    wanted |= {OFFENDER_FACTS[name]: value for name, value in offender.items() if value is not None}
    assert differing(record_of(case, offender)) == wanted


@given(pnc=maybe, local=maybe)
def test_history_is_checked_when_both_checks_were_made(pnc: bool | None, local: bool | None) -> None:
    checked = facts_of(record_of({"pnc_checked": pnc, "local_checked": local}), on=TODAY).offender.history_checked
    if False in (pnc, local):
        assert checked is False
    else:
        assert checked is (None if None in (pnc, local) else True)


ADVISED = {
    "investigation_team": "Camden CID",
    "advice_from": "Detective Sergeant Ola Ward",
    "advice_at": datetime(2026, 11, 20, 12, tzinfo=UTC),
    "advice": "Supports it.",
}
OTHERS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, object]]] = {
    # name: columns of the case, of the offender, and the facts they make
    "a venue": ({"venue": "houses-of-parliament"}, {}, {"venue": "houses-of-parliament"}),
    "no such venue": ({"venue": "none"}, {}, {"venue": "none"}),
    "gravity": ({"gravity_score": 3}, {}, {"gravity_score": 3}),
    "a rationale": ({"rationale": "Small, and admitted."}, {}, {"rationale_recorded": True}),
    "an empty rationale": ({"rationale": ""}, {}, {}),
    "nothing agreed": ({"has_no_actions": True}, {}, {"reparation_agreed": False}),
    "no victim": ({"has_no_victim": True}, {}, {"victims": ()}),
    "no earlier disposal": ({"has_earlier_disposals": False}, {}, {"offender.previous_disposals": ()}),
    "earlier disposals, none listed yet": ({"has_earlier_disposals": True}, {}, {}),
    "the crime report entry": (
        {"crime_report_entry_reference": "CR/77"},
        {},
        {"exception.recorded_on_crime_report": True},
    ),
    "the investigation team's advice": (ADVISED, {}, {"exception.investigation_team_advice": True}),
    "authority by whoever has the case now": (
        {
            "authority_decision": "granted",
            "authority_rank": "Inspector",
            "authority_is_substantive": True,
            "authority_by_id": 7,
            "officer_id": 7,
        },
        {},
        {
            "authority.decision": "granted",
            "authority.rank": "Inspector",
            "authority.substantive": True,
            "authority.is_recording_officer": True,
        },
    ),
    "professional standards": (
        {"professional_standards_decision": "suitable"},
        {},
        {"professional_standards": "suitable"},
    ),
    "an estimated age stands for both": (
        {},
        {"estimated_age": 16},
        {"offender.age_at_offence": 16, "offender.age_at_decision": 16},
    ),
    "a professional consulted": ({}, {"professional_consulted": "yes"}, {"offender.professional_consulted": True}),
    "nobody is responsible": (
        {},
        {"professional_consulted": "nobody_responsible"},
        {"offender.professional_consulted": True},
    ),
    "no professional": ({}, {"professional_consulted": "no"}, {"offender.professional_consulted": False}),
    "authority": (
        {
            "authority_decision": "granted",
            "authority_rank": "Inspector",
            "authority_is_substantive": True,
            "authority_by_id": 2,
        },
        {},
        {
            "authority.decision": "granted",
            "authority.rank": "Inspector",
            "authority.substantive": True,
            "authority.is_recording_officer": False,
        },
    ),
}


@pytest.mark.parametrize("left", ADVISED)
def test_advice_is_sought_only_when_team_adviser_time_and_advice_are_all_there(left: str) -> None:
    for nothing in (None, ""):
        told = ADVISED | {left: None if left == "advice_at" else nothing}
        assert differing(record_of(told)) == {}


@pytest.mark.parametrize("name", OTHERS)
def test_an_answer_reaches_its_fact(name: str) -> None:
    case, offender, wanted = OTHERS[name]
    assert differing(record_of(case, offender)) == wanted


# What no rule may look at: names, places, free text and what is only kept.
UNSEEN_CASE = {
    "crime_report_reference": "2312345/26",
    "place": "Wells Row",
    "borough": "Camden",
    "circumstances_brief": "Took squash.",
    "body_worn_video": "BWV",
    "account": "Sorry.",
    "youth_justice_name": "Somebody",
    "youth_justice_advice": "Something",
    "legal_advice_offered": True,
    "detained_or_waiting": True,
    "same_report_answer": "separate",
    "occurred_from": datetime(2026, 11, 20, 12, tzinfo=UTC),
}


def test_what_no_rule_looks_at_reaches_no_fact() -> None:
    for name, value in UNSEEN_CASE.items():
        assert differing(record_of({name: value})) == {}, name
    for name in ("first_names", "last_names", "address", "pnc_id", "cro_number", "sex", "warrant_number"):
        assert differing(record_of(offender={name: "x"})) == {}, name


VICTIM = {
    "kind": ("organisation", "kind", "organisation"),
    "consulted": (False, "consulted", False),
    "reason_not_consulted": ("Abroad", "reason_not_consulted_recorded", True),
    "agrees": (False, "agrees", False),
    "mental_health_concern": (True, "mental_health_concern", True),
    "professional_consulted": ("no", "professional_consulted", False),
    "capacity_evident": (True, "capacity_evident", True),
    "appropriate_adult_present": (False, "appropriate_adult_present", False),
}


@pytest.mark.parametrize("column", VICTIM)
def test_an_answer_about_a_victim_reaches_that_victim_alone(column: str) -> None:
    value, fact, wanted = VICTIM[column]
    first, second = facts_of(record_of(victims=(Victim(), Victim(**{column: value}))), on=TODAY).victims or ()
    assert set(asdict(first).values()) == {None}
    assert {name: each for name, each in asdict(second).items() if each is not None} == {fact: wanted}


def offence(code: str, category: str = "", *, helping: bool = False) -> CaseOffence:
    kind = OffenceType(code=code, title=f"Offence {code}", exclusion_category=category, mode_of_trial="summary")
    return CaseOffence(offence_type=kind, encouraging_or_assisting=helping)


def test_offences_reach_the_rules_with_what_they_bring() -> None:
    record = record_of(offences=(offence("46/00"), offence("8/26", "weapon_or_blade", helping=True)))
    facts = facts_of(record, on=TODAY)
    assert [(each.code, each.encouraging_or_assisting) for each in facts.offences or ()] == [
        ("46/00", False),
        ("8/26", True),
    ]
    assert brought_by_offences(record) == {"weapon_or_blade": "Offence 8/26"}
    assert catalogue_of(record)["8/26"].exclusion_category == "weapon_or_blade"
    categories = ("domestic_abuse", "hate_crime", "sexual_offence", "firearm", "weapon_or_blade")
    every = record_of(offences=tuple(offence(f"1/0{place}", name) for place, name in enumerate(categories)))
    assert set(brought_by_offences(every)) == {"domestic_abuse", "hate_crime", "sexual", "firearm", "weapon_or_blade"}


def earlier(status: Status, given_on: date | None, *codes: str) -> EarlierCase:
    return EarlierCase("EARL0001", "1/26", status, given_on, codes, codes, is_same_report=False, is_restricted=False)


def test_earlier_disposals_are_what_was_found_and_local_cases_given_before() -> None:
    found = EarlierDisposal(kind="caution", given_on=date(2024, 5, 1), offence_code=None)
    local = (
        earlier(Status.ISSUED, date(2025, 1, 1), "92/61", "46/00"),
        earlier(Status.RESCINDED, date(2025, 1, 2), "1/01"),
        earlier(Status.DRAFT, None, "1/02"),
        earlier(Status.ISSUED, date(2027, 1, 1), "1/03"),
    )
    record = record_of({"has_earlier_disposals": True}, disposals=(found,), earlier_cases=local)
    previous = facts_of(record, on=TODAY).offender.previous_disposals or ()
    assert [(each.kind, each.offence_code) for each in previous] == [
        ("caution", None),
        ("community_resolution", "92/61"),
        ("other", "46/00"),
    ]
    unasked = facts_of(record_of(earlier_cases=local), on=TODAY)
    assert unasked.offender.previous_disposals is None


def test_an_agreed_action_is_reparation() -> None:
    assert facts_of(record_of(actions=(AgreedAction(),)), on=TODAY).reparation_agreed is True


AGES: dict[str, tuple[date, date, int]] = {
    "18 today": (date(2008, 11, 21), TODAY, 18),
    "18 tomorrow": (date(2008, 11, 22), TODAY, 17),
    "18 yesterday": (date(2008, 11, 20), TODAY, 18),
    "29 February, the day before, no leap year": (date(2008, 2, 29), date(2026, 2, 28), 17),
    "29 February, 1 March, no leap year": (date(2008, 2, 29), date(2026, 3, 1), 18),
    "29 February in a leap year": (date(2008, 2, 29), date(2028, 2, 29), 20),
    "born today": (TODAY, TODAY, 0),
    "ten today": (date(2016, 11, 21), TODAY, 10),
}


@pytest.mark.parametrize("name", AGES)
def test_age_in_whole_years(name: str) -> None:
    born, day, age = AGES[name]
    assert age_on(born, day) == age


def test_a_child_at_the_offence_may_be_an_adult_at_the_decision() -> None:
    record = record_of({"occurred_from": datetime(2026, 11, 20, 12, tzinfo=UTC)}, {"born_on": date(2008, 11, 21)})
    assert ages_of(record, on=TODAY) == Ages(17, 18)


def test_the_day_of_the_offence_is_londons() -> None:
    born = {"born_on": date(2008, 7, 1)}
    before_midnight = record_of({"occurred_from": datetime(2026, 6, 30, 22, 59, tzinfo=UTC)}, born)
    after_midnight = record_of({"occurred_from": datetime(2026, 6, 30, 23, 1, tzinfo=UTC)}, born)
    assert (ages_of(before_midnight, on=TODAY).at_offence, ages_of(after_midnight, on=TODAY).at_offence) == (17, 18)


def test_an_offence_before_the_birth_leaves_the_age_unknown() -> None:
    record = record_of({"occurred_from": datetime(2026, 11, 20, 12, tzinfo=UTC)}, {"born_on": TODAY})
    assert ages_of(record, on=TODAY) == Ages(None, 0)


def test_a_date_of_birth_without_a_day_of_the_offence_gives_the_age_at_the_decision_alone() -> None:
    assert ages_of(record_of(offender={"born_on": date(2000, 1, 1)}), on=TODAY) == Ages(None, 26)


@given(st.dates(date(1900, 1, 1), TODAY), st.dates(TODAY, date(2100, 1, 1)))
def test_an_age_never_falls_and_grows_by_one_at_most_in_a_year(born: date, day: date) -> None:
    a_year_on = date(day.year + 1, day.month, min(day.day, 28)) if day.month == 2 else day.replace(year=day.year + 1)
    assert age_on(born, day) <= age_on(born, a_year_on) <= age_on(born, day) + 1
