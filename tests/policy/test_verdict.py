"""The verdict: what comes first when several rules have something to say."""

# ruff: noqa: E501 - a table is read across, one case a line.

from dataclasses import replace
from datetime import date

import pytest

from cr_app.policy.assessment import Verdict, assess, supposing_authority
from cr_app.policy.facts import AuthorityFacts, Disposal, Facts, null_facts
from cr_app.policy.interchange import answer
from cr_app.policy.rulebook import all_rulebooks, rulebook_named
from tests.policy.make import (
    ALL_BOOKS,
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
    ROBBERY,
    Answers,
    case,
)

OFFICER = {"offender.police_officer_or_staff": True}
DOMESTIC = {"circumstances.domestic_abuse": True}
REFUSED = {"authority": AuthorityFacts("refused")}
UNMET = {"rationale_recorded": False}
OPEN = {"gravity_score": None}
BARRED = {"evidence_sufficient": False}
PARLIAMENT = {"venue": "houses-of-parliament", "visitor_from_abroad": True, "lawful_at_home": True}
SERGEANT = {"authority": replace(GRANTED, rank="Sergeant")}

ROWS: tuple[tuple[str, str, Answers, str], ...] = (
    ("nothing stands in the way", MET_2023, {}, "available"),
    ("a bar before everything", MET_2023, {**BARRED, **OFFICER, **DOMESTIC, **UNMET, **OPEN}, "not_available"),
    ("a referral before an exclusion", MET_2023, {**OFFICER, **DOMESTIC, **UNMET, **OPEN}, "referral_required"),
    ("an exclusion before a requirement", MET_2023, {**DOMESTIC, **UNMET, **OPEN}, "authority_required"),
    ("a requirement before a question", MET_2023, {**UNMET, **OPEN}, "requirements_unmet"),
    ("a question", MET_2023, OPEN, "undecided"),
    ("suitable", MET_2023, {**OFFICER, "professional_standards": "suitable"}, "available"),
    ("suitable, but excluded", MET_2023, {**OFFICER, **DOMESTIC, "professional_standards": "suitable"}, "authority_required"),
    ("unsuitable", MET_2023, {**OFFICER, "professional_standards": "unsuitable"}, "not_available"),
    ("unsuitable before the question is answered", MET_2023, {"offender.police_officer_or_staff": None, "professional_standards": "unsuitable"}, "undecided"),
    ("an officer elsewhere is no matter for the rules", NATIONAL, OFFICER, "available"),
    ("refused", MET_2023, {**DOMESTIC, **REFUSED}, "not_available"),
    ("refused, but nothing is excluded", MET_2023, REFUSED, "available"),
    ("refused, and the exclusion waits", MET_2023, {**REFUSED, "circumstances.sexual": None}, "undecided"),
    ("authorised", MET_2023, {**DOMESTIC, **AUTHORISED}, "available"),
    ("authorised, not on the crime report", MET_2023, {**DOMESTIC, **AUTHORISED, "exception.recorded_on_crime_report": False}, "requirements_unmet"),
    ("authorised, crime report not asked", MET_2023, {**DOMESTIC, **AUTHORISED, "exception.recorded_on_crime_report": None}, "undecided"),
    ("authorised by a sergeant", MET_2023, {**DOMESTIC, **AUTHORISED, **SERGEANT}, "authority_required"),
    ("authorised in an acting rank", MET_2023, {"offences": (ROBBERY,), **AUTHORISED, "authority.substantive": False}, "authority_required"),
    ("authorised in an acting rank, elsewhere", NATIONAL, {"offences": (ROBBERY,), **AUTHORISED, "authority.substantive": False}, "available"),
    ("a knife", MET_2023, {"offences": (KNIFE,)}, "authority_required"),
    ("a knife at Parliament, legal at home", MET_2023, {"offences": (KNIFE,), **PARLIAMENT}, "available"),
    ("a knife at Parliament, before the arrangement", MET_2019, {"offences": (KNIFE,), **PARLIAMENT}, "authority_required"),
    ("a knife at Parliament, at home not asked", MET_2023, {"offences": (KNIFE,), **PARLIAMENT, "lawful_at_home": None}, "undecided"),
    ("cannabis, first time", MET_2023, {"offences": (CANNABIS,)}, "available"),
    ("cannabis, second time", MET_2023, {"offences": (CANNABIS,), "offender.previous_disposals": (Disposal("other", date(2020, 1, 1), CANNABIS),)}, "not_available"),
    ("cannabis, second time, under the older rulebook", MET_2019, {"offences": (CANNABIS,), "offender.previous_disposals": (Disposal("other", date(2020, 1, 1), CANNABIS),)}, "available"),
    ("every case in Kent needs a supervisor", KENT, {}, "authority_required"),
    ("a question before a supervisor", KENT, OPEN, "undecided"),
    ("a sergeant in Kent", KENT, SERGEANT, "available"),
    ("a sergeant in Kent for robbery", KENT, {"offences": (ROBBERY,), **SERGEANT, "exception": PREPARED}, "authority_required"),
    ("an inspector in Kent for robbery", KENT, {"offences": (ROBBERY,), **AUTHORISED}, "available"),
    ("refused in Kent", KENT, REFUSED, "not_available"),
    ("domestic abuse in Kent", KENT, {**DOMESTIC, **SERGEANT}, "available"),
    ("no victim", MET_2023, {"victims": ()}, "available"),
    ("advice never blocks", MET_2023, {"offender.previous_disposals": (Disposal("caution", date(2020, 1, 1), "46/00"),)}, "available"),
)  # fmt: skip


@pytest.mark.parametrize(("book", "answers", "verdict"), [pytest.param(*row[1:], id=row[0]) for row in ROWS])
def test_the_verdict_is_the_first_that_matches(book: str, answers: Answers, verdict: str) -> None:
    """In the order of the precedence table."""
    assert assess(case(answers), rulebook_named(book)).verdict == verdict


def test_every_verdict_is_reached() -> None:
    """The table above covers them all."""
    assert {row[3] for row in ROWS} == {verdict.value for verdict in Verdict}


def test_the_example_of_domestic_abuse_needs_authority_under_the_rulebook_of_that_day() -> None:
    """The early result: one answer decides, whatever else is unknown."""
    text = answer(b'{"decided_on":"2023-07-10","circumstances":{"domestic_abuse":true}}')
    assert text.startswith(
        '{"force": "01", "rulebook": "met/2019-04-29", "verdict": "authority_required", "findings": ['
    )
    assert (
        '"rule": "domestic-abuse", "effect": "exclusion", "state": "applies", "says": "This is domestic abuse.' in text
    )
    assert '"because": ["circumstances.domestic_abuse"], "source": "01.FOI.22.024759"}' in text


@pytest.mark.parametrize("book", ALL_BOOKS)
def test_nothing_asked_is_undecided(book: str) -> None:
    """In every rulebook, Kent's supervisor too: the questions come first."""
    assessment = assess(BLANK, rulebook_named(book))
    assert assessment.verdict is Verdict.UNDECIDED
    assert set(assessment.missing) < set(null_facts(BLANK))


def _excluded_and_waiting() -> Facts:
    return case({**DOMESTIC, "exception": PREPARED, "exception.recorded_on_crime_report": None})


def test_supposing_authority_makes_a_case_that_waits_for_nothing_else_available() -> None:
    """And leaves one that waits for more as it is."""
    rulebook = rulebook_named(MET_2023)
    ready = _excluded_and_waiting()
    assert assess(ready, rulebook).verdict is Verdict.AUTHORITY_REQUIRED
    assert assess(supposing_authority(ready, rulebook), rulebook).verdict is Verdict.AVAILABLE
    open_still = replace(ready, rationale_recorded=None)
    assert assess(supposing_authority(open_still, rulebook), rulebook).verdict is Verdict.UNDECIDED


def test_supposing_authority_supposes_the_exception_only_when_told() -> None:
    """Grounds not written down keep the exclusion in force, unless they are supposed too."""
    rulebook = rulebook_named(MET_2023)
    bare = case(DOMESTIC)
    assert assess(supposing_authority(bare, rulebook), rulebook).verdict is Verdict.AUTHORITY_REQUIRED
    supposed = supposing_authority(bare, rulebook, exception_prepared=True)
    assert assess(supposed, rulebook).verdict is Verdict.AVAILABLE


def test_supposing_authority_suffices_for_every_rulebook() -> None:
    """The rank supposed is one that both exclusions and rules for every case accept."""
    for rulebook in all_rulebooks().values():
        facts = supposing_authority(case({"offences": (ROBBERY,)}), rulebook, exception_prepared=True)
        assert assess(facts, rulebook).verdict is Verdict.AVAILABLE
