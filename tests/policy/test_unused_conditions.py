"""Conditions that no shipped rulebook uses yet, each through a rulebook made here, so that a force needs no code."""

# ruff: noqa: E501 - a table is read across, one case a line.

from datetime import date
from pathlib import Path

import pytest

from cr_app.policy.assessment import assess, verdict_of
from cr_app.policy.conditions import CONDITIONS
from cr_app.policy.disposals import months_before
from cr_app.policy.facts import Disposal
from cr_app.policy.rulebook import all_rulebooks
from tests.policy.make import KENT, MET_2023, WHOLE, Answers, case, made_rulebook, rule_text, victim
from tests.policy.oracle import DAY, missing_by_definition

ADMITS, LISTED = "offender.admits_offence", "offender.previous_disposals"
PARTNER = "circumstances.intimate_partner"

ADMISSION = rule_text("admission", "bar", "admission_required")
VICTIM = rule_text("victim-agrees", "bar", "victim_must_agree")
CAP = rule_text(
    "cap", "bar", "disposals_within", 'kinds = ["community_resolution", "cannabis_warning"], months = 12, at_most = 1'
)
PARTNERS = rule_text("partner", "bar", "answered_yes", f'fact = "{PARTNER}"')

A_YEAR_AGO, TOO_OLD = date(2022, 9, 1), date(2022, 8, 31)


def _resolutions(*days: date) -> Answers:
    return {LISTED: tuple(Disposal("community_resolution", day, "46/00") for day in days)}


ROWS: tuple[tuple[str, str, Answers, str, str], ...] = (
    ("admits", ADMISSION, {}, "clear", "available"),
    ("accepts, does not admit", ADMISSION, {ADMITS: False}, "applies", "not_available"),
    ("accepts, not asked", ADMISSION, {ADMITS: None}, "not_asked", "undecided"),
    ("agrees", VICTIM, {}, "clear", "available"),
    ("one does not", VICTIM, {"victims": (victim(), victim(agrees=False))}, "applies", "not_available"),
    ("one not asked", VICTIM, {"victims": (victim(), victim(agrees=None))}, "not_asked", "undecided"),
    ("one not asked, one does not", VICTIM, {"victims": (victim(agrees=None), victim(agrees=False))}, "applies", "not_available"),
    ("no victim", VICTIM, {"victims": ()}, "clear", "available"),
    ("victims not asked", VICTIM, {"victims": None}, "not_asked", "undecided"),
    ("two in a year", CAP, _resolutions(A_YEAR_AGO, DAY), "applies", "not_available"),
    ("one of two is older", CAP, _resolutions(TOO_OLD, DAY), "clear", "available"),
    ("one in a year", CAP, _resolutions(DAY), "clear", "available"),
    ("two of other kinds", CAP, {LISTED: (Disposal("caution", DAY, "46/00"),) * 2}, "clear", "available"),
    ("two kinds together", CAP, {LISTED: (Disposal("cannabis_warning", DAY), Disposal("community_resolution", DAY))}, "applies", "not_available"),
    ("history not asked", CAP, {LISTED: None}, "not_asked", "undecided"),
    ("intimate partner", PARTNERS, {PARTNER: True}, "applies", "not_available"),
    ("no intimate partner", PARTNERS, {}, "clear", "available"),
    ("partner not asked", PARTNERS, {PARTNER: None}, "not_asked", "undecided"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "answers", "state", "verdict"), [pytest.param(*row[1:], id=f"{row[1][14:26]} {row[0]}") for row in ROWS]
)
def test_a_condition_not_used_yet_works_in_a_rulebook(
    tmp_path: Path, rules: str, answers: Answers, state: str, verdict: str
) -> None:
    """State, verdict and what is missing."""
    rulebook = made_rulebook(tmp_path, rules)
    facts = case(answers, of=WHOLE)
    assessment = assess(facts, rulebook)
    assert (assessment.findings[-1].state, assessment.verdict) == (state, verdict)
    assert assessment.missing == missing_by_definition(facts, rulebook)


def test_every_condition_is_used_in_a_shipped_rulebook_or_here() -> None:
    """A new condition comes with its test."""
    shipped = {rule.condition for rulebook in all_rulebooks().values() for rule in rulebook.rules}
    assert shipped | {"admission_required", "victim_must_agree", "disposals_within", "answered_yes"} == set(CONDITIONS)


MIXED: tuple[Answers, ...] = (
    {LISTED: None, "offences": None},
    {LISTED: None, "authority.decision": "granted"},
    {LISTED: (Disposal("community_resolution", DAY), Disposal("conviction", DAY)), "offences": None},
    {LISTED: (Disposal("conviction", DAY), Disposal("conviction", DAY))},
    {LISTED: (Disposal("conviction", DAY), Disposal("other", DAY)), "offences": ("92/61",)},
    {"victims": None, ADMITS: None},
    {"victims": (victim(agrees=None, consulted=None, reason_not_consulted_recorded=None),), PARTNER: None},
)


@pytest.mark.parametrize("base", [MET_2023, KENT])
@pytest.mark.parametrize("answers", MIXED, ids=str)
def test_missing_holds_where_made_rules_share_facts_with_shipped_ones(
    tmp_path: Path, base: str, answers: Answers
) -> None:
    """The same list of earlier disposals asked about cannabis and about a cap; authority answered in full."""
    rulebook = made_rulebook(tmp_path, ADMISSION + VICTIM + CAP + PARTNERS, extends=base)
    facts = case({"authority.decision": "refused", **answers}, of=WHOLE)
    assert assess(facts, rulebook).missing == missing_by_definition(facts, rulebook)


def test_an_authority_rule_of_a_higher_rank_than_the_exclusions(tmp_path: Path) -> None:
    """Both call for authority, in two places of the precedence; `missing` tells them apart as the definition does."""
    rule = rule_text(
        "superintendent",
        "authority",
        "every_case",
        'rank = "Superintendent", substantive = true',
        {"applies": "Needed.", "lifted": "Granted."},
    )
    rulebook = made_rulebook(tmp_path, rule)
    for changed in (
        {"authority.rank": "Inspector"},
        {"authority.rank": None},
        {"authority.substantive": None},
        {"offences": None},
        {"offences": ("34/01",), "authority.substantive": None},
    ):
        robbery = {"offences": ("34/01",), "exception.grounds_documented": None, "gravity_score": None}
        facts = case({**robbery, "exception.recorded_on_crime_report": None, **changed}, of=WHOLE)
        assert assess(facts, rulebook).missing == missing_by_definition(facts, rulebook)
        assert assess(facts, rulebook).verdict is verdict_of(facts, rulebook)


@pytest.mark.parametrize(
    ("day", "months", "since"),
    [
        (date(2023, 9, 1), 12, date(2022, 9, 1)),
        (date(2023, 3, 31), 1, date(2023, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 15), 1, date(2022, 12, 15)),
        (date(2023, 1, 15), 0, date(2023, 1, 15)),
        (date(1, 1, 1), 1, date.min),
    ],
)
def test_months_before_lands_on_the_same_day_or_the_last_of_the_month(day: date, months: int, since: date) -> None:
    """The window of a cap begins on that day."""
    assert months_before(day, months) == since
