"""The order of the pages: tables of situations, pure."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cr_app.cases import journey
from cr_app.cases.journey import CHECK, Page, Situation, State, VictimSituation
from cr_app.cases.questions import QUESTIONS

ALWAYS = [
    "start",
    "incident",
    "offences",
    "circumstances",
    "offender",
    "offender-details",
    "history",
    "responsibility",
    "seriousness",
    "safeguards",
    "victims",
    "actions",
    "rationale",
]
WORRIED = VictimSituation(7, needs_safeguards=True, is_complete=True, safeguards_complete=False)
CALM = VictimSituation(5, needs_safeguards=False, is_complete=True, safeguards_complete=True)


def slugs(situation: Situation) -> list[str]:
    return [page.slug for page in journey.path(situation)]


PATHS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    # name: the situation, and each page it adds with the page that it follows
    "nothing asked yet adds no page": ({}, {}),
    "an adult": ({"is_child": False}, {}),
    "a child": ({"is_child": True}, {"appropriate-adult": "safeguards", "youth-justice": "appropriate-adult"}),
    "an adult with a mental health concern": (
        {"is_child": False, "mental_health_concern": True},
        {"professional": "safeguards", "appropriate-adult": "professional"},
    ),
    "a child with a mental health concern": (
        {"is_child": True, "mental_health_concern": True},
        {"professional": "safeguards", "appropriate-adult": "professional", "youth-justice": "appropriate-adult"},
    ),
    "a weapon at a listed venue": (
        {"at_listed_venue": True, "weapon": True},
        {"venue-arrangement": "circumstances"},
    ),
    "a weapon elsewhere": ({"at_listed_venue": False, "weapon": True}, {}),
    "a listed venue and no weapon": ({"at_listed_venue": True, "weapon": False}, {}),
    "a listed venue, weapon not asked yet": ({"at_listed_venue": True}, {}),
    "the same person on the same report": ({"same_person_cases": 1}, {"same-report": "offender-details"}),
    "earlier disposals": ({"has_earlier_disposals": True}, {"disposals": "history"}),
    "no earlier disposals": ({"has_earlier_disposals": False}, {}),
    "disposals listed, then denied": ({"has_earlier_disposals": False, "disposals": 1}, {"disposals": "history"}),
    "a victim with a concern": ({"victims": (CALM, WORRIED)}, {"victim-safeguards": "victims"}),
    "a victim without": ({"victims": (CALM,)}, {}),
    "an exclusion that applies": ({"exclusions": ("weapon-or-blade",)}, {"exception": "actions"}),
    "two exclusions at once": ({"exclusions": ("hate-crime", "weapon-or-blade")}, {"exception": "actions"}),
    "authority for every case of the force": ({"wants_authority": True}, {}),
    "returned with a question": ({"was_asked": True}, {"question": "start"}),
    "no victim after all": ({"victims": (WORRIED,), "has_no_victim": True}, {}),
}


@pytest.mark.parametrize("name", PATHS)
def test_the_path_holds_the_pages_that_apply_in_order(name: str) -> None:
    told, added = PATHS[name]
    found = slugs(Situation(**told))
    assert set(found) == {*ALWAYS, *added, "check"}
    assert [slug for slug in found if slug in ALWAYS] == ALWAYS
    assert found[-1] == "check"
    assert {slug: found[found.index(slug) - 1] for slug in added} == added


def done_but(*left: str, **told: Any) -> Situation:
    """A situation in which every page is done except those named."""
    keys = {key for step in journey.STEPS if step.slug not in left for key in (*step.needs, *step.keys)}
    rows = {
        name: 0 if slug in left else 1
        for name, slug in (("offences", "offences"), ("actions", "actions"), ("disposals", "disposals"))
    }
    victims = () if "victims" in left else (CALM,)
    return Situation(**{"answered": frozenset(keys), "victims": victims, **rows, **told})


def having(*keys: str, **told: Any) -> Situation:
    """A situation in which every page is done, and these keys are answered besides."""
    situation = done_but(**told)
    return replace(situation, answered=situation.answered | set(keys))


NEXT: dict[str, tuple[Situation, Page, Page]] = {
    "the first not done after it": (done_but("circumstances", "rationale"), Page("incident"), Page("circumstances")),
    "the exception after what is agreed": (
        done_but("exception", "rationale", exclusions=("firearm",)),
        Page("actions"),
        Page("exception"),
    ),
    "past an exception that ceased to apply": (
        done_but("exception", "rationale"),
        Page("exception"),
        Page("rationale"),
    ),
    "never one that is done": (done_but("rationale"), Page("start"), Page("rationale")),
    "back to what was left out": (done_but("incident"), Page("rationale"), Page("incident")),
    "check when nothing is left": (done_but(), Page("start"), CHECK),
    "check from the last page": (done_but(), Page("rationale"), CHECK),
    "a page that does not apply any more": (
        done_but("victims", "rationale", is_child=False),
        Page("youth-justice"),
        Page("victims"),
    ),
    "a page that never was": (done_but("incident"), Page("no-such-page"), Page("incident")),
    "the safeguards of a victim follow victims": (
        done_but(victims=(CALM, WORRIED)),
        Page("victims"),
        Page("victim-safeguards", 7),
    ),
    "a victim who is gone": (done_but("actions", "incident"), Page("victim-safeguards", 99), Page("actions")),
    "a page gone before victims who need safeguards": (
        done_but("rationale", "victims", is_child=False, victims=(replace(WORRIED, is_complete=False),)),
        Page("youth-justice"),
        Page("victims"),
    ),
}


@pytest.mark.parametrize("name", NEXT)
def test_saving_leads_to(name: str) -> None:
    situation, after, expected = NEXT[name]
    assert journey.next_page(after, situation) == expected


BEFORE: dict[str, tuple[Situation, Page, Page | None]] = {
    "nothing is before the first": (Situation(), Page("start"), None),
    "incident follows start": (Situation(), Page("incident"), Page("start")),
    "an adult's victims follow safeguards": (Situation(is_child=False), Page("victims"), Page("safeguards")),
    "a child's victims follow youth justice": (Situation(is_child=True), Page("victims"), Page("youth-justice")),
    "actions follow the last victim's safeguards": (
        Situation(victims=(WORRIED,)),
        Page("actions"),
        Page("victim-safeguards", 7),
    ),
    "the rationale follows the exception": (
        Situation(exclusions=("firearm",)),
        Page("rationale"),
        Page("exception"),
    ),
    "an exception that ceased to apply follows what is agreed": (Situation(), Page("exception"), Page("actions")),
    "check follows the rationale": (Situation(), CHECK, Page("rationale")),
    "a page that no longer applies": (Situation(is_child=False), Page("youth-justice"), Page("safeguards")),
    "a page gone before victims who need safeguards": (
        Situation(is_child=False, victims=(WORRIED,)),
        Page("youth-justice"),
        Page("safeguards"),
    ),
    "a victim who is gone": (
        Situation(victims=(WORRIED,)),
        Page("victim-safeguards", 99),
        Page("victim-safeguards", 7),
    ),
    "a page that never was": (Situation(), Page("no-such-page"), None),
}


@pytest.mark.parametrize("name", BEFORE)
def test_back_leads_to(name: str) -> None:
    situation, page, expected = BEFORE[name]
    assert journey.page_before(page, situation) == expected


STATES: dict[str, tuple[Situation, str, State]] = {
    "untouched": (Situation(), "Incident", State.NOT_STARTED),
    "one answer": (Situation(answered=frozenset({"case.place"})), "Incident", State.IN_PROGRESS),
    "all it needs": (done_but(), "Incident", State.COMPLETED),
    "offences: none listed": (Situation(), "Offences", State.NOT_STARTED),
    "offences: one listed": (Situation(offences=1), "Offences", State.COMPLETED),
    "circumstances that the offence brings still want the others": (
        Situation(brought_by_offence=frozenset({"case.firearm"})),
        "Circumstances",
        State.NOT_STARTED,
    ),
    "circumstances: the last brought by the offence": (
        Situation(
            answered=frozenset(journey.STEP["circumstances"].keys) - {"case.firearm"},
            brought_by_offence=frozenset({"case.firearm"}),
        ),
        "Circumstances",
        State.COMPLETED,
    ),
    "circumstances of a venue with a weapon want the arrangement": (
        done_but("venue-arrangement", at_listed_venue=True, weapon=True),
        "Circumstances",
        State.IN_PROGRESS,
    ),
    "an offender without birth or estimated age": (
        replace(done_but(), answered=done_but().answered - {"offender.born_on", "offender.estimated_age"}),
        "Offender",
        State.IN_PROGRESS,
    ),
    "an offender with an estimated age": (
        replace(done_but(), answered=done_but().answered - {"offender.born_on"}),
        "Offender",
        State.COMPLETED,
    ),
    "a child's safeguards want youth justice": (
        done_but("youth-justice", is_child=True),
        "Safeguards",
        State.IN_PROGRESS,
    ),
    "an adult's do not": (done_but("youth-justice", is_child=False), "Safeguards", State.COMPLETED),
    "said that there is no victim": (Situation(has_no_victim=True), "Victims", State.COMPLETED),
    "a victim whose safeguards are open": (done_but(victims=(WORRIED,)), "Victims", State.IN_PROGRESS),
    "a victim whose safeguards are there": (
        done_but(victims=(replace(WORRIED, safeguards_complete=True),)),
        "Victims",
        State.COMPLETED,
    ),
    "a victim copied and not asked yet": (
        done_but(victims=(replace(CALM, is_complete=False),)),
        "Victims",
        State.IN_PROGRESS,
    ),
    "said that nothing is agreed": (Situation(has_no_actions=True), "Agreed actions", State.COMPLETED),
    "no exclusion leaves nothing of the exception": (Situation(), "Exception", State.COMPLETED),
    "an exclusion with nothing written": (Situation(exclusions=("firearm",)), "Exception", State.NOT_STARTED),
    "an exclusion with its grounds and no advice": (
        Situation(exclusions=("firearm",), answered=frozenset({"grounds.firearm"})),
        "Exception",
        State.IN_PROGRESS,
    ),
    "advice and no grounds": (done_but(exclusions=("firearm",)), "Exception", State.IN_PROGRESS),
    "two exclusions, one with grounds": (
        having("grounds.firearm", exclusions=("firearm", "hate-crime")),
        "Exception",
        State.IN_PROGRESS,
    ),
    "two exclusions, both with grounds": (
        having("grounds.firearm", "grounds.hate-crime", exclusions=("firearm", "hate-crime")),
        "Exception",
        State.COMPLETED,
    ),
    "grounds of an exclusion that ceased to apply are not wanted": (
        having("grounds.firearm", exclusions=("firearm",)),
        "Exception",
        State.COMPLETED,
    ),
    "a rationale where authority is asked of every case wants to know who waits": (
        replace(done_but(wants_authority=True), answered=done_but().answered - {"case.detained_or_waiting"}),
        "Rationale",
        State.IN_PROGRESS,
    ),
    "that is asked with the exception where there is one": (
        replace(
            done_but(wants_authority=True, exclusions=("firearm",)),
            answered=done_but().answered - {"case.detained_or_waiting"},
        ),
        "Rationale",
        State.COMPLETED,
    ),
    "earlier disposals said and none listed": (
        done_but("disposals", has_earlier_disposals=True),
        "History",
        State.IN_PROGRESS,
    ),
}


@pytest.mark.parametrize("name", STATES)
def test_a_section_is(name: str) -> None:
    situation, section, expected = STATES[name]
    assert journey.section_state(section, situation) is expected


maybe = st.sampled_from([None, False, True])
victim_lists = st.lists(
    st.builds(
        VictimSituation,
        st.integers(1, 9),
        needs_safeguards=st.booleans(),
        is_complete=st.booleans(),
        safeguards_complete=st.booleans(),
    ),
    max_size=3,
    unique_by=lambda victim: victim.pk,
).map(tuple)
situations = st.builds(
    Situation,
    answered=st.frozensets(
        st.sampled_from([*sorted(key for step in journey.STEPS for key in step.keys), "grounds.one", "grounds.two"])
    ),
    is_child=maybe,
    mental_health_concern=maybe,
    at_listed_venue=maybe,
    weapon=maybe,
    same_person_cases=st.integers(0, 2),
    has_earlier_disposals=maybe,
    has_no_victim=maybe,
    has_no_actions=maybe,
    offences=st.integers(0, 2),
    disposals=st.integers(0, 2),
    actions=st.integers(0, 2),
    victims=victim_lists,
    exclusions=st.sampled_from([(), ("one",), ("one", "two")]),
    wants_authority=st.booleans(),
    was_asked=st.booleans(),
)


@given(situations, st.sampled_from([Page(step.slug) for step in journey.STEPS] + [Page("victim-safeguards", 3), CHECK]))
def test_nobody_is_ever_stuck(situation: Situation, page: Page) -> None:
    left = journey.pages_left(situation)
    following = journey.next_page(page, situation)
    assert following in left or (following == CHECK and left in ((), (page,)))
    before = journey.page_before(page, situation)
    assert before is None or before in journey.path(situation)
    walked, here = [], page
    while here is not None:
        assert here not in walked
        walked.append(here)
        here = journey.page_before(here, situation)  # type: ignore[assignment]
    assert walked[-1] == Page("start") or page == Page("start") or walked == [page]


@given(situations)
def test_a_page_left_belongs_to_a_section_that_is_not_completed(situation: Situation) -> None:
    for section in journey.SECTIONS:
        open_here = [
            page
            for page in journey.pages_left(situation)
            if ("Victims" if page.slug == journey.VICTIM_SAFEGUARDS else journey.STEP[page.slug].section) == section
        ]
        assert (journey.section_state(section, situation) is State.COMPLETED) == (open_here == [])


@given(situations)
def test_whoever_waits_is_asked_once_and_only_where_authority_is_needed(situation: Situation) -> None:
    asked = [key for page in journey.path(situation) if page.slug in journey.STEP for key in keys_of(page, situation)]
    assert len(asked) == len(set(asked))
    needs_authority = bool(situation.exclusions) or situation.wants_authority
    assert ("case.detained_or_waiting" in asked) == needs_authority


def keys_of(page: Page, situation: Situation) -> tuple[str, ...]:
    return journey.keys_for(journey.STEP[page.slug], situation)


@given(situations)
def test_each_exclusion_has_its_own_question_and_a_section_is_listed_only_where_a_page_of_it_applies(
    situation: Situation,
) -> None:
    grounds = tuple(f"grounds.{rule}" for rule in situation.exclusions)
    exception = journey.STEP["exception"]
    assert journey.keys_for(exception, situation)[: len(grounds)] == grounds
    assert set(journey.needs_for(exception, situation)) == set(journey.keys_for(exception, situation))
    assert ("Exception" in journey.sections_of(situation)) == (Page("exception") in journey.path(situation))
    assert set(journey.sections_of(situation)) >= {"Start", "Victims", "Rationale"}


def test_every_question_is_asked_on_one_page_and_every_need_is_a_question() -> None:
    asked = [key for step in journey.STEPS for key in step.keys]
    asked += [*journey.VICTIM_KEYS, *journey.VICTIM_SAFEGUARD_KEYS, *journey.OFFENCE_KEYS]
    asked += [*journey.DISPOSAL_KEYS, *journey.ACTION_KEYS]
    assert sorted(asked) == sorted(QUESTIONS)
    assert {key for step in journey.STEPS for key in step.needs} <= set(asked)
