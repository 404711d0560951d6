"""What is missing: held to its definition, tried out answer by answer on cases with few facts open."""

# ruff: noqa: E501 - a table is read across, one case a line.

import random
from dataclasses import fields, replace

import pytest

from cr_app.policy.assessment import assess
from cr_app.policy.catalogue import shipped_catalogue
from cr_app.policy.facts import AuthorityFacts, Disposal, Facts, VictimFacts, null_facts
from cr_app.policy.parts import plan_of
from cr_app.policy.paths import ORDER
from cr_app.policy.rulebook import all_rulebooks, rulebook_named
from tests.policy.make import (
    ALL_BOOKS,
    BLANK,
    GRANTED,
    KENT,
    MET_2019,
    MET_2023,
    NATIONAL,
    PREPARED,
    WHOLE,
    Answers,
    case,
    victim,
)
from tests.policy.oracle import DAY, answered, answers_of, is_valid, missing_by_definition

DOMESTIC = "circumstances.domestic_abuse"
DECISION, RANK, LISTED = "authority.decision", "authority.rank", "offender.previous_disposals"
AUTHORITY = tuple(path for path in null_facts(BLANK) if path.startswith(("authority.", "exception.")))
NONE = {"authority": AuthorityFacts(), "exception": replace(PREPARED, **dict.fromkeys(("grounds_documented", "investigation_team_advice", "recorded_on_crime_report")))}  # fmt: skip

ROWS: tuple[tuple[str, str, Answers, tuple[str, ...]], ...] = (
    ("nothing open", MET_2023, {}, ()),
    ("a bar leaves nothing open", MET_2023, {"less_serious": False, DOMESTIC: None, "victims": None}, ()),
    ("no exclusion, no authority wanted", MET_2023, NONE, ()),
    ("an exclusion wants all of authority", MET_2023, {**NONE, DOMESTIC: True}, AUTHORITY),
    ("a circumstance not asked wants it too", MET_2023, {**NONE, DOMESTIC: None}, (DOMESTIC, *AUTHORITY)),
    ("no substantive rank wanted elsewhere", KENT, {**NONE, "offences": ("34/01",)}, tuple(p for p in AUTHORITY if p != "authority.substantive")),
    ("a sergeant's grant: nothing lifts the exclusion", MET_2023, {DOMESTIC: True, RANK: "Sergeant", "gravity_score": None, "exception.recorded_on_crime_report": None}, ()),
    ("but a bar still may come", MET_2023, {DOMESTIC: True, RANK: "Sergeant", "evidence_sufficient": None}, ("evidence_sufficient",)),
    ("and a second exclusion changes nothing", MET_2023, {DOMESTIC: True, RANK: "Sergeant", "circumstances.sexual": None}, ()),
    ("an unmet requirement hides another", MET_2023, {"rationale_recorded": False, "gravity_score": None, "reparation_agreed": None}, ()),
    ("but not an exclusion", MET_2023, {"rationale_recorded": False, "circumstances.firearm": None, RANK: "Sergeant"}, ("circumstances.firearm",)),
    ("accepts, admission not asked", MET_2023, {"offender.admits_offence": None}, ()),
    ("does not accept, admission not asked", MET_2023, {"offender.accepts_responsibility": False, "offender.admits_offence": None}, ("offender.admits_offence",)),
    ("intimate partner is for rulebooks to come", MET_2023, {"circumstances.intimate_partner": None}, ()),
    ("advice is never missing", MET_2023, {"victims": (victim(agrees=None),)}, ()),
    ("history is asked for cannabis", MET_2023, {"offences": ("92/61",), LISTED: None}, (LISTED,)),
    ("history for shop theft", MET_2023, {LISTED: None}, ()),
    ("the code of a caution, for cannabis", MET_2023, {"offences": ("92/61",), LISTED: (Disposal("caution", DAY, "46/00"), Disposal("caution", DAY))}, (f"{LISTED}[1].offence_code",)),
    ("the code of a caution, for shop theft", MET_2023, {LISTED: (Disposal("caution", DAY),)}, ()),
    ("venue of a knife, when authority was given", MET_2023, {"offences": ("8/26",), "venue": None, "visitor_from_abroad": None, "lawful_at_home": None}, ("venue", "visitor_from_abroad", "lawful_at_home")),
    ("venue of a knife, at home legal and no visitor", MET_2023, {"offences": ("8/26",), "venue": None}, ()),
    ("venue without a weapon", MET_2023, {"venue": None, "visitor_from_abroad": None, "lawful_at_home": None}, ()),
    ("venue before the arrangement", MET_2019, {"offences": ("8/26",), "venue": None, "visitor_from_abroad": None, "lawful_at_home": None}, ()),
    ("an organisation has no safeguards", MET_2023, {"victims": (VictimFacts("organisation", True),)}, ()),
    ("a kind not asked, no concern", MET_2023, {"victims": (victim(kind=None, capacity_evident=None),)}, ()),
    ("a kind not asked, a concern", MET_2023, {"victims": (victim(kind=None, mental_health_concern=True, capacity_evident=None),)}, ("victims[0].kind", "victims[0].capacity_evident")),
    ("professional standards, nobody of the police", MET_2023, {"professional_standards": None}, ()),
    ("professional standards, not asked who", MET_2023, {"offender.police_officer_or_staff": None, "professional_standards": None}, ("offender.police_officer_or_staff", "professional_standards")),
    ("age at the decision of a grown-up", NATIONAL, {"offender.age_at_decision": None, "offender.appropriate_adult_present": False}, ("offender.age_at_decision",)),
    ("age, safeguards in place", NATIONAL, {"offender.age_at_decision": None}, ()),
    ("the age at the offence of a child of eight", NATIONAL, {"offender.age_at_decision": 8, "offender.age_at_offence": None, "gravity_score": None}, ("offender.age_at_offence",)),
    ("Kent wants a supervisor of every case", KENT, {"authority": AuthorityFacts()}, (DECISION, RANK, "authority.is_recording_officer")),
)  # fmt: skip


@pytest.mark.parametrize(("book", "answers", "missing"), [pytest.param(*row[1:], id=row[0]) for row in ROWS])
def test_missing_names_what_may_still_change_the_verdict(book: str, answers: Answers, missing: tuple[str, ...]) -> None:
    """And nothing else, in the order of the schema; the definition says the same."""
    facts = case(answers, of=WHOLE)
    assert assess(facts, rulebook_named(book)).missing == missing
    if sum(1 for _ in null_facts(facts)) < 6:
        assert missing_by_definition(facts, rulebook_named(book)) == missing


PATHS = [path for path in ORDER if "[]" not in path and path not in ("decided_on", "force")]
FOCUS = (
    [path for path in PATHS if path.startswith(("authority", "exception"))],
    [path for path in PATHS if path.startswith(("authority", "exception", "circ", "venue", "visitor", "law", "off"))],
    [path for path in PATHS if any(word in path for word in ("age", "mental", "prof", "youth", "adult", "police"))],
    PATHS,
)


def _random_case(chance: random.Random) -> Facts:
    """Return a case with a few facts open, near one that is in order, so that rules meet each other."""
    kinds = ("person", "organisation")
    victims = tuple(
        VictimFacts(chance.choice(kinds), *(chance.random() < 0.75 for _ in fields(VictimFacts)[1:]))
        for _ in range(chance.choice((0, 1, 1, 2)))
    )
    facts = replace(WHOLE, victims=victims)
    if chance.random() < 0.3:
        facts = case(NONE, of=facts)
    focus, wild = chance.choice(FOCUS), chance.choice((0.03, 0.1, 0.3))
    for path in PATHS:
        if chance.random() < (0.4 if path in focus and wild > 0.05 else wild):
            facts = answered(facts, path, chance.choice(answers_of(path)))
    leaves = [f"victims[{i}].{field.name}" for i in range(len(facts.victims or ())) for field in fields(VictimFacts)]
    for path in chance.sample([*focus, *leaves], chance.randint(1, 4)):
        if facts.victims is not None or not path.startswith("victims["):
            facts = answered(facts, path, None)
    return facts


def _is_small(facts: Facts) -> bool:
    size = 1
    for path in null_facts(facts):
        size *= 1 + len(answers_of(path))
    return size <= 500 and is_valid(facts)


def test_missing_is_what_the_definition_says() -> None:
    """A thousand cases near the edge, each tried out answer by answer under a rulebook by chance."""
    chance = random.Random(20230801)
    books = list(all_rulebooks().values())
    seen = {True: 0, False: 0}
    while sum(seen.values()) < 1000:
        facts = _random_case(chance)
        if not _is_small(facts):
            continue
        rulebook = chance.choice(books)
        missing = assess(facts, rulebook).missing
        assert missing == missing_by_definition(facts, rulebook), (rulebook.name, facts)
        seen[bool(missing)] += 1
    assert min(seen.values()) > 150


@pytest.mark.parametrize("book", ALL_BOOKS)
def test_every_sort_of_offence_can_be_had_alone(book: str) -> None:
    """`missing` takes any combination of sorts for possible, which holds while each has an offence of only that sort."""
    asked = [leaf for part in plan_of(rulebook_named(book)).case for leaf in part.offences]
    sorts = {tuple(leaf.holds(kind) for leaf in asked) for kind in shipped_catalogue().values()}
    for place in range(-1, len(asked)):
        assert tuple(place == other for other in range(len(asked))) in sorts


def test_a_granted_case_with_nothing_excluded_wants_nothing_more() -> None:
    """A grant that was not needed does not make the crime report a question."""
    facts = case({"authority": GRANTED, "exception": replace(PREPARED, recorded_on_crime_report=None)}, of=WHOLE)
    assert assess(facts, rulebook_named(MET_2023)).missing == ()
