"""Every rule of the tables of policy.md: answered yes, answered no, not asked yet."""

# ruff: noqa: E501 - a table is read across, one case a line.

from dataclasses import replace
from datetime import date

import pytest

from cr_app.policy.assessment import assess
from cr_app.policy.facts import AuthorityFacts, Disposal, VictimFacts
from cr_app.policy.rulebook import all_rulebooks, rulebook_named
from tests.policy.make import (
    AUTHORISED,
    BLANK,
    CANNABIS,
    GRANTED,
    KENT,
    KNIFE,
    MET_2019,
    MET_2023,
    NATIONAL,
    PREPARED,
    RAPE,
    ROBBERY,
    SHOP_THEFT,
    Answers,
    case,
    victim,
)

AGE_THEN, AGE_NOW = "offender.age_at_offence", "offender.age_at_decision"
ACCEPTS, ADMITS = "offender.accepts_responsibility", "offender.admits_offence"
AGREES, LISTED = "offender.agrees_to_take_part", "offender.previous_disposals"
ADULT, CONCERN = "offender.appropriate_adult_present", "offender.mental_health_concern"
CAPACITY, PROFESSIONAL = "offender.capacity_evident", "offender.professional_consulted"
OFFICER, DPS = "offender.police_officer_or_staff", "professional_standards"
DECISION, RANK, OWN = "authority.decision", "authority.rank", "authority.is_recording_officer"
SUBSTANTIVE, REPORT = "authority.substantive", "exception.recorded_on_crime_report"
GROUNDS, ADVICE = "exception.grounds_documented", "exception.investigation_team_advice"
WEAPON, DOMESTIC = "circumstances.weapon_or_blade", "circumstances.domestic_abuse"
CODE = "offences[0].code"
LIFTING = (GROUNDS, ADVICE, DECISION, RANK, OWN)
MET_LIFTING = (GROUNDS, ADVICE, DECISION, RANK, SUBSTANTIVE, OWN)
REFUSED = AuthorityFacts("refused")
AT_VENUE = {"venue": "houses-of-parliament", "visitor_from_abroad": True, "lawful_at_home": True}
VENUE_FACTS = ("venue", "visitor_from_abroad", "lawful_at_home")
DAY = date(2022, 1, 1)

Row = tuple[str, str, Answers, str, tuple[str, ...] | None]


def _victims(**answers: object) -> Answers:
    return {"victims": (victim(**answers),)}


def _refused(**answers: object) -> Answers:
    return {**{path.replace("__", "."): value for path, value in answers.items()}, "authority": REFUSED}


NATIONAL_ROWS: tuple[Row, ...] = (
    ("under ten", "under-ten", {AGE_THEN: 9, AGE_NOW: 10}, "applies", (AGE_THEN,)),
    ("ten", "under-ten", {AGE_THEN: 10}, "clear", (AGE_THEN,)),
    ("age not asked", "under-ten", {AGE_THEN: None}, "not_asked", (AGE_THEN,)),
    ("no evidence", "no-evidence", {"evidence_sufficient": False}, "applies", ("evidence_sufficient",)),
    ("evidence", "no-evidence", {}, "clear", ("evidence_sufficient",)),
    ("evidence not asked", "no-evidence", {"evidence_sufficient": None}, "not_asked", ("evidence_sufficient",)),
    ("neither", "responsibility-not-accepted", {ACCEPTS: False, ADMITS: False}, "applies", (ACCEPTS, ADMITS)),
    ("accepts only", "responsibility-not-accepted", {ADMITS: False}, "clear", (ACCEPTS,)),
    ("admits only", "responsibility-not-accepted", {ACCEPTS: False}, "clear", (ADMITS,)),
    ("admits, acceptance not asked", "responsibility-not-accepted", {ACCEPTS: None}, "clear", (ADMITS,)),
    ("does not admit, rest not asked", "responsibility-not-accepted", {ACCEPTS: None, ADMITS: False}, "not_asked", (ACCEPTS,)),
    ("neither asked", "responsibility-not-accepted", {ACCEPTS: None, ADMITS: None}, "not_asked", (ACCEPTS, ADMITS)),
    ("does not agree", "does-not-agree", {AGREES: False}, "applies", (AGREES,)),
    ("agrees", "does-not-agree", {}, "clear", (AGREES,)),
    ("agreement not asked", "does-not-agree", {AGREES: None}, "not_asked", (AGREES,)),
    ("serious", "not-less-serious", {"less_serious": False}, "applies", ("less_serious",)),
    ("less serious", "not-less-serious", {}, "clear", ("less_serious",)),
    ("seriousness not asked", "not-less-serious", {"less_serious": None}, "not_asked", ("less_serious",)),
    ("no authority yet", "authority-refused", {"offences": (ROBBERY,)}, "clear", ()),
    ("granted", "authority-refused", {"offences": (ROBBERY,), "authority": GRANTED}, "clear", (DECISION,)),
    ("refused", "authority-refused", _refused(offences=(ROBBERY,)), "applies", (CODE, DECISION)),
    ("refused, not needed", "authority-refused", _refused(), "clear", (CODE,)),
    ("refused, exclusion not asked", "authority-refused", _refused(offences=None), "not_asked", ("offences",)),
    ("robbery", "indictable-only", {"offences": (SHOP_THEFT, ROBBERY)}, "applies", ("offences[1].code",)),
    ("shop theft", "indictable-only", {}, "clear", (CODE,)),
    ("offences not asked", "indictable-only", {"offences": None}, "not_asked", ("offences",)),
    ("no offence listed", "indictable-only", {"offences": ()}, "not_asked", ("offences",)),
    ("authorised", "indictable-only", {"offences": (ROBBERY,), **AUTHORISED}, "lifted", (CODE, *LIFTING)),
    ("offences not asked, authorised", "indictable-only", {"offences": None, **AUTHORISED}, "not_asked", ("offences",)),
    ("child alone", "appropriate-adult-child", {AGE_NOW: 17, AGE_THEN: 17, ADULT: False}, "unmet", (AGE_NOW, ADULT)),
    ("child with adult", "appropriate-adult-child", {AGE_NOW: 17, AGE_THEN: 17}, "met", (AGE_NOW, ADULT)),
    ("grown up", "appropriate-adult-child", {AGE_NOW: 18, AGE_THEN: 17, ADULT: False}, "clear", (AGE_NOW,)),
    ("adult present, age not asked", "appropriate-adult-child", {AGE_NOW: None}, "met", (ADULT,)),
    ("alone, age not asked", "appropriate-adult-child", {AGE_NOW: None, ADULT: False}, "not_asked", (AGE_NOW,)),
    ("neither asked", "appropriate-adult-child", {AGE_NOW: None, ADULT: None}, "not_asked", (AGE_NOW, ADULT)),
    ("child, adult not asked", "appropriate-adult-child", {AGE_NOW: 12, AGE_THEN: 12, ADULT: None}, "not_asked", (ADULT,)),
    ("child, not consulted", "youth-justice", {AGE_NOW: 12, AGE_THEN: 12, "youth_justice_consulted": False}, "unmet", ("youth_justice_consulted", AGE_NOW)),
    ("child, consulted", "youth-justice", {AGE_NOW: 12, AGE_THEN: 12}, "met", ("youth_justice_consulted", AGE_NOW)),
    ("grown up, not asked", "youth-justice", {"youth_justice_consulted": None}, "clear", (AGE_NOW,)),
    ("child, not asked", "youth-justice", {AGE_NOW: 12, AGE_THEN: 12, "youth_justice_consulted": None}, "not_asked", ("youth_justice_consulted",)),
    ("consulted", "victims-consulted", {}, "met", ("victims[0].consulted",)),
    ("reason why not", "victims-consulted", _victims(consulted=False, reason_not_consulted_recorded=True), "met", ("victims[0].reason_not_consulted_recorded",)),
    ("not consulted", "victims-consulted", _victims(consulted=False, reason_not_consulted_recorded=False), "unmet", ("victims[0].consulted", "victims[0].reason_not_consulted_recorded")),
    ("reason not asked", "victims-consulted", _victims(consulted=False), "not_asked", ("victims[0].reason_not_consulted_recorded",)),
    ("one of two not", "victims-consulted", {"victims": (victim(), victim(consulted=False, reason_not_consulted_recorded=False))}, "unmet", ("victims[1].consulted", "victims[1].reason_not_consulted_recorded")),
    ("no victim", "victims-consulted", {"victims": ()}, "clear", ("victims",)),
    ("victims not asked", "victims-consulted", {"victims": None}, "not_asked", ("victims",)),
    ("gravity 5", "gravity", {"gravity_score": 5}, "met", ("gravity_score",)),
    ("gravity not asked", "gravity", {"gravity_score": None}, "not_asked", ("gravity_score",)),
    *(
        row
        for rule, path in (
            ("history-checked", "offender.history_checked"),
            ("consequences-explained", "offender.consequences_explained"),
            ("rationale", "rationale_recorded"),
        )
        for row in (
            ("yes", rule, {path: True}, "met", (path,)),
            ("no", rule, {path: False}, "unmet", (path,)),
            ("not asked", rule, {path: None}, "not_asked", (path,)),
        )
    ),
    ("nothing lifted", "recorded-on-crime-report", {REPORT: None}, "clear", ()),
    ("not lifted yet", "recorded-on-crime-report", {"offences": (ROBBERY,), REPORT: False}, "clear", ()),
    ("lifted and documented", "recorded-on-crime-report", {"offences": (ROBBERY,), **AUTHORISED}, "met", (REPORT,)),
    ("lifted, not documented", "recorded-on-crime-report", {"offences": (ROBBERY,), **AUTHORISED, REPORT: False}, "unmet", (REPORT,)),
    ("lifted, not asked", "recorded-on-crime-report", {"offences": (ROBBERY,), **AUTHORISED, REPORT: None}, "not_asked", (REPORT,)),
    ("has disposals", "sergeant-guidance", {LISTED: (Disposal("caution", DAY),)}, "applies", (LISTED,)),
    ("has none", "sergeant-guidance", {}, "clear", (LISTED,)),
    ("history not asked", "sergeant-guidance", {LISTED: None}, "not_asked", (LISTED,)),
    ("objects", "victim-objects", {"victims": (victim(), victim(agrees=False))}, "applies", ("victims[1].agrees",)),
    ("agrees", "victim-objects", {}, "clear", ("victims[0].agrees",)),
    ("no victim", "victim-objects", {"victims": ()}, "clear", ("victims",)),
    ("view not asked", "victim-objects", _victims(agrees=None), "not_asked", ("victims[0].agrees",)),
    ("victims not asked", "victim-objects", {"victims": None}, "not_asked", ("victims",)),
)  # fmt: skip

EXCLUSIONS = (
    ("domestic-abuse", "domestic_abuse", "8/67"),
    ("hate-crime", "hate_crime", "8/60"),
    ("sexual-offence", "sexual", "88/09"),
    ("firearm", "firearm", "81/70"),
    ("weapon-or-blade", "weapon_or_blade", KNIFE),
)
MET_ROWS: tuple[Row, ...] = (
    *(
        row
        for rule, name, code in EXCLUSIONS
        for path in (f"circumstances.{name}",)
        for row in (
            ("circumstance", rule, {path: True}, "applies", (path,)),
            ("offence, answered no", rule, {"offences": (code,)}, "applies", (CODE,)),
            ("offence, not asked", rule, {"offences": (code,), path: None}, "applies", (CODE,)),
            ("circumstance, offences not asked", rule, {"offences": None, path: True}, "applies", (path,)),
            ("neither", rule, {}, "clear", (CODE, path)),
            ("offences not asked", rule, {"offences": None}, "not_asked", ("offences",)),
            ("circumstance not asked", rule, {path: None}, "not_asked", (path,)),
            ("neither asked", rule, {"offences": None, path: None}, "not_asked", ("offences", path)),
            ("authorised", rule, {path: True, **AUTHORISED}, "lifted", (path, *MET_LIFTING)),
            ("not asked, authorised", rule, {path: None, **AUTHORISED}, "not_asked", (path,)),
        )
    ),
    ("officer", "police-officer-or-staff", {OFFICER: True}, "applies", (OFFICER,)),
    ("officer, suitable", "police-officer-or-staff", {OFFICER: True, DPS: "suitable"}, "lifted", (OFFICER, DPS)),
    ("officer, unsuitable", "police-officer-or-staff", {OFFICER: True, DPS: "unsuitable"}, "applies", (OFFICER, DPS)),
    ("no officer", "police-officer-or-staff", {DPS: "unsuitable"}, "clear", (OFFICER,)),
    ("decided too early", "police-officer-or-staff", {OFFICER: None, DPS: "suitable"}, "not_asked", (OFFICER,)),
    ("not asked", "police-officer-or-staff", {OFFICER: None}, "not_asked", (OFFICER,)),
    ("no capacity", "offender-no-capacity", {CONCERN: True, CAPACITY: False}, "applies", (CONCERN, CAPACITY)),
    ("capacity", "offender-no-capacity", {CONCERN: True}, "clear", (CAPACITY,)),
    ("no concern", "offender-no-capacity", {CAPACITY: False}, "clear", (CONCERN,)),
    ("concern not asked", "offender-no-capacity", {CONCERN: None, CAPACITY: False}, "not_asked", (CONCERN,)),
    *(
        row
        for rule, path in (
            ("offender-professional", PROFESSIONAL),
            ("offender-capacity", CAPACITY),
            ("offender-appropriate-adult", ADULT),
        )
        for row in (
            ("concern, no", rule, {CONCERN: True, path: False}, "unmet", (CONCERN, path)),
            ("concern, yes", rule, {CONCERN: True}, "met", (CONCERN, path)),
            ("concern, not asked", rule, {CONCERN: True, path: None}, "not_asked", (path,)),
            ("no concern", rule, {path: False}, "clear", (CONCERN,)),
            ("concern not asked, no", rule, {CONCERN: None, path: False}, "not_asked", (CONCERN,)),
            ("concern not asked, yes", rule, {CONCERN: None}, "met", (path,)),
        )
    ),
    *(
        row
        for rule, name in (
            ("victim-professional", "professional_consulted"),
            ("victim-capacity", "capacity_evident"),
            ("victim-appropriate-adult", "appropriate_adult_present"),
        )
        for kind, concern, path in (("victims[0].kind", "victims[0].mental_health_concern", f"victims[0].{name}"),)
        for row in (
            ("concern, no", rule, _victims(mental_health_concern=True, **{name: False}), "unmet", (kind, concern, path)),
            ("concern, yes", rule, _victims(mental_health_concern=True), "met", (kind, concern, path)),
            ("concern, not asked", rule, _victims(mental_health_concern=True, **{name: None}), "not_asked", (path,)),
            ("no concern", rule, _victims(**{name: False}), "clear", (concern,)),
            ("concern not asked", rule, _victims(mental_health_concern=None, **{name: False}), "not_asked", (concern,)),
            ("organisation", rule, _victims(kind="organisation", mental_health_concern=True, **{name: False}), "clear", (kind,)),
            ("kind not asked", rule, _victims(kind=None, mental_health_concern=True, **{name: False}), "not_asked", (kind,)),
            ("kind not asked, satisfied", rule, _victims(kind=None, mental_health_concern=True), "met", (path,)),
            ("second victim", rule, {"victims": (victim(), victim(mental_health_concern=True, **{name: False}))}, "unmet", tuple(p.replace("0", "1") for p in (kind, concern, path))),
            ("no victim", rule, {"victims": ()}, "clear", ("victims",)),
            ("victims not asked", rule, {"victims": None}, "not_asked", ("victims",)),
        )
    ),
    ("agreed", "reparation", {}, "met", ("reparation_agreed",)),
    ("not agreed", "reparation", {"reparation_agreed": False}, "unmet", ("reparation_agreed",)),
    ("not asked", "reparation", {"reparation_agreed": None}, "not_asked", ("reparation_agreed",)),
)  # fmt: skip

CODE_0 = f"{LISTED}[0].offence_code"
MET_2023_ROWS: tuple[Row, ...] = (
    ("first time", "cannabis-first-offence", {"offences": (CANNABIS,)}, "clear", (LISTED,)),
    ("second time", "cannabis-first-offence", {"offences": (CANNABIS,), LISTED: (Disposal("conviction", DAY, CANNABIS),)}, "applies", (CODE, CODE_0)),
    ("after a cannabis warning", "cannabis-first-offence", {"offences": (CANNABIS,), LISTED: (Disposal("cannabis_warning", DAY),)}, "applies", (CODE, f"{LISTED}[0].kind")),
    ("after something else", "cannabis-first-offence", {"offences": (CANNABIS,), LISTED: (Disposal("caution", DAY, SHOP_THEFT),)}, "clear", (LISTED,)),
    ("code not asked", "cannabis-first-offence", {"offences": (CANNABIS,), LISTED: (Disposal("caution", DAY),)}, "not_asked", (CODE_0,)),
    ("another offence", "cannabis-first-offence", {LISTED: (Disposal("cannabis_warning", DAY),)}, "clear", (CODE,)),
    ("history not asked", "cannabis-first-offence", {"offences": (CANNABIS,), LISTED: None}, "not_asked", (LISTED,)),
    ("offences not asked", "cannabis-first-offence", {"offences": None, LISTED: (Disposal("cannabis_warning", DAY),)}, "not_asked", ("offences",)),
    ("visitor at Parliament", "venue-arrangement", AT_VENUE, "applies", VENUE_FACTS),
    ("no such venue", "venue-arrangement", {**AT_VENUE, "venue": "none"}, "clear", ("venue",)),
    ("not a visitor", "venue-arrangement", {**AT_VENUE, "visitor_from_abroad": False}, "clear", ("visitor_from_abroad",)),
    ("venue not asked", "venue-arrangement", {**AT_VENUE, "venue": None}, "not_asked", ("venue",)),
    ("exempt", "weapon-or-blade", {WEAPON: True, **AT_VENUE}, "lifted", (WEAPON, *VENUE_FACTS)),
    ("exempt by offence", "weapon-or-blade", {"offences": (KNIFE,), **AT_VENUE}, "lifted", (CODE, *VENUE_FACTS)),
    ("exempt, no weapon", "weapon-or-blade", AT_VENUE, "clear", (CODE, WEAPON, *VENUE_FACTS)),
    ("exempt, weapon not asked", "weapon-or-blade", {WEAPON: None, **AT_VENUE}, "clear", VENUE_FACTS),
    ("exempt, though refused", "weapon-or-blade", {WEAPON: True, **AT_VENUE, "authority": REFUSED}, "lifted", (WEAPON, *VENUE_FACTS)),
    ("exemption not asked", "weapon-or-blade", {WEAPON: True, **AT_VENUE, "lawful_at_home": None}, "not_asked", ("lawful_at_home",)),
    ("exemption not asked, authorised", "weapon-or-blade", {WEAPON: True, "venue": None, "visitor_from_abroad": None, "lawful_at_home": None, **AUTHORISED}, "not_asked", VENUE_FACTS),
    ("not exempt", "weapon-or-blade", {WEAPON: True, **AT_VENUE, "lawful_at_home": False}, "applies", (WEAPON, "lawful_at_home")),
    ("only a weapon is exempt", "domestic-abuse", {DOMESTIC: True, **AT_VENUE}, "applies", (DOMESTIC,)),
    ("exempt is not by authority", "recorded-on-crime-report", {WEAPON: True, **AT_VENUE, **AUTHORISED, REPORT: False}, "clear", ()),
    ("refused, but exempt", "authority-refused", _refused(circumstances__weapon_or_blade=True, **AT_VENUE), "clear", None),
)  # fmt: skip

SERGEANT = replace(GRANTED, rank="sergeant", substantive=False)
KENT_ROWS: tuple[Row, ...] = (
    ("no authority", "supervisor-authority", {}, "applies", ()),
    ("sergeant", "supervisor-authority", {"authority": SERGEANT}, "lifted", (DECISION, RANK, OWN)),
    ("constable", "supervisor-authority", {"authority": replace(SERGEANT, rank="Constable")}, "applies", (RANK,)),
    ("own case", "supervisor-authority", {"authority": replace(SERGEANT, is_recording_officer=True)}, "applies", (OWN,)),
    ("rank not asked", "supervisor-authority", {"authority": replace(SERGEANT, rank=None)}, "applies", ()),
    ("refused", "authority-refused", _refused(), "applies", (DECISION,)),
    ("a sergeant for robbery", "indictable-only", {"offences": (ROBBERY,), "authority": SERGEANT, "exception": PREPARED}, "applies", (CODE, RANK)),
    ("an acting inspector", "indictable-only", {"offences": (ROBBERY,), **AUTHORISED, SUBSTANTIVE: False}, "lifted", (CODE, *LIFTING)),
)  # fmt: skip

LIFT_ROWS: tuple[Row, ...] = tuple(
    (name, "domestic-abuse", {DOMESTIC: True, **AUTHORISED, **changed}, state, (DOMESTIC, *failed))
    for name, changed, state, failed in (
        ("all in order", {}, "lifted", MET_LIFTING),
        ("superintendent", {RANK: "SUPERINTENDENT"}, "lifted", MET_LIFTING),
        ("sergeant", {RANK: "sergeant"}, "applies", (RANK,)),
        ("acting inspector", {SUBSTANTIVE: False}, "applies", (SUBSTANTIVE,)),
        ("own case", {OWN: True}, "applies", (OWN,)),
        ("all wrong", {RANK: "Constable", SUBSTANTIVE: False, OWN: True}, "applies", (RANK, SUBSTANTIVE, OWN)),
        ("rank not asked", {RANK: None}, "applies", ()),
        ("substantive not asked", {SUBSTANTIVE: None}, "applies", ()),
        ("own case not asked", {OWN: None}, "applies", ()),
        ("no grounds", {GROUNDS: False}, "applies", ()),
        ("grounds not asked", {GROUNDS: None}, "applies", ()),
        ("no advice", {ADVICE: False}, "applies", ()),
        ("refused", {DECISION: "refused"}, "applies", ()),
        ("not decided", {DECISION: None}, "applies", ()),
    )
)

TABLES = ((NATIONAL, NATIONAL_ROWS), (MET_2019, MET_ROWS), (MET_2019, LIFT_ROWS), (MET_2023, MET_2023_ROWS), (KENT, KENT_ROWS))  # fmt: skip


@pytest.mark.parametrize(
    ("book", "rule", "answers", "state", "because"),
    [pytest.param(book, *row[1:], id=f"{row[1]}: {row[0]}") for book, rows in TABLES for row in rows],
)
def test_a_rule_says_what_its_table_says(
    book: str, rule: str, answers: Answers, state: str, because: tuple[str, ...] | None
) -> None:
    """The state of the rule and the facts it rests on."""
    finding = assess(case(answers), rulebook_named(book)).finding(rule)
    assert finding.state == state
    if because is not None:
        assert finding.because == because


@pytest.mark.parametrize("book", list(all_rulebooks()))
def test_every_state_a_rule_can_be_in_is_in_a_table(book: str) -> None:
    """No sentence of a rulebook goes untested; each rule of it was seen in every state it has words for."""
    tabled = [rows for name, rows in TABLES if name in _line(book)]
    seen = {(row[1], row[3]) for rows in tabled for row in rows}
    wanted = {(rule.id, state) for rule in rulebook_named(book).rules for state in rule.says if state != "unsuitable"}
    assert wanted <= seen


def _line(book: str) -> set[str]:
    names = {book}
    while book := rulebook_named(book).extends:
        names.add(book)
    return names


@pytest.mark.parametrize("book", list(all_rulebooks()))
def test_findings_are_one_for_each_rule_in_the_order_of_the_rulebook(book: str) -> None:
    """For a plain case, for one of which nothing is asked, and for one with everything against it."""
    rulebook = rulebook_named(book)
    for facts in (case(), BLANK, case({"offences": (RAPE, KNIFE, CANNABIS), "victims": (VictimFacts(),)}, of=BLANK)):
        findings = assess(facts, rulebook).findings
        assert [finding.rule for finding in findings] == [rule.id for rule in rulebook.rules]
        assert [finding.source for finding in findings] == [rule.source for rule in rulebook.rules]


def test_a_finding_says_why_authority_does_not_count() -> None:
    """A grant by a sergeant acting up in her own case is told all three reasons."""
    facts = case({DOMESTIC: True, **AUTHORISED, RANK: "Sergeant", SUBSTANTIVE: False, OWN: True})
    says = assess(facts, rulebook_named(MET_2019)).finding("domestic-abuse").says
    assert says.endswith(
        "The authority given does not count: its rank is below Inspector and the rank is not substantive and nobody"
        " authorises their own case; it must come from an Inspector or above, substantive in that rank."
    )


def test_encouraging_or_assisting_takes_the_category_of_the_offence() -> None:
    """Assisting the possession of a knife is a case with a knife."""
    facts = case({"offences": (replace(case().offences[0], code=KNIFE, encouraging_or_assisting=True),)})  # type: ignore[index]
    assert assess(facts, rulebook_named(MET_2023)).finding("weapon-or-blade").state == "applies"


def test_unsuitable_reads_differently_from_not_decided_yet() -> None:
    """The officer is told the decision, not to refer the case once more."""
    rulebook = rulebook_named(MET_2019)
    waiting = assess(case({OFFICER: True}), rulebook).finding("police-officer-or-staff").says
    decided = assess(case({OFFICER: True, DPS: "unsuitable"}), rulebook).finding("police-officer-or-staff").says
    assert "Refer the case" in waiting
    assert "unsuitable" in decided
    assert "Refer" not in decided
