"""What excludes a case and whose authority that calls for, whatever authority it was given."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from cr_app.cases.judgement import (
    authority_for,
    authority_needed,
    exclusions_of,
    judge,
    judge_supposing_authority,
    rulebook_for,
)
from cr_app.cases.models import Case
from cr_app.cases.queries import Record
from cr_app.policy.assessment import Verdict
from cr_app.policy.ranks import rank_named
from cr_app.policy.rulebook import rulebook_named
from cr_app.policy.rules import AuthorityNeeded
from tests import make
from tests.cast import Cast

MET, KENT = "met/2023-08-01", "kent/2023-07-01"


def excluded_by(record: Record) -> list[str]:
    return [rule.id for rule in exclusions_of(record, on=timezone.localdate())]


STORIES = {
    "shop_theft": [],
    "knife": ["weapon-or-blade"],
    "knife_at_parliament": [],
    "knife_and_hate": ["hate-crime", "weapon-or-blade"],
    "domestic": ["domestic-abuse"],
    "robbery": ["indictable-only"],
    "police_knife": ["weapon-or-blade"],
}


@pytest.mark.parametrize("name", STORIES)
def test_what_excludes_a_case_is_named_in_the_order_of_the_rulebook_and_what_is_exempt_is_not(
    cast: Cast, name: str
) -> None:
    record = make.record(make.complete(cast.amina, getattr(make, name)()))
    assert excluded_by(record) == STORIES[name]
    needed = authority_needed(record, on=timezone.localdate())
    assert needed == (AuthorityNeeded(rank_named("Inspector"), substantive=True) if STORIES[name] else None)


def test_every_case_of_a_force_that_asks_it_needs_a_sergeant_and_an_exclusion_an_inspector(cast: Cast) -> None:
    plain = make.record(make.complete(cast.kieran, make.kent()))
    grave = make.record(make.complete(cast.kieran, make.robbery().but(report="46/60002/26")))
    today = timezone.localdate()
    assert authority_needed(plain, on=today) == AuthorityNeeded(rank_named("Sergeant"), substantive=False)
    assert authority_needed(grave, on=today) == AuthorityNeeded(rank_named("Inspector"), substantive=False)


def given(record: Record, **otherwise: Any) -> Record:
    """Return the record as if Marcus, a substantive Inspector, had granted authority, or decided otherwise."""
    decided = {
        "authority_decision": "granted",
        "authority_rank": "Inspector",
        "authority_is_substantive": True,
        "authority_by_id": 999_999,
    } | otherwise
    columns = {field.attname: getattr(record.case, field.attname) for field in Case._meta.concrete_fields}
    case = Case(**(columns | decided))
    case.offender = record.offender
    return Record(case, **{name: getattr(record, name) for name in ("offences", "victims", "disposals", "actions")})


@pytest.mark.parametrize("decision", ["granted", "refused"])
def test_a_decision_on_authority_does_not_change_what_excludes_a_case_or_who_decides(cast: Cast, decision: str) -> None:
    record = make.record(make.complete(cast.amina, make.knife_and_hate()))
    decided = given(record, authority_decision=decision)
    today = timezone.localdate()
    assert excluded_by(decided) == excluded_by(record) == ["hate-crime", "weapon-or-blade"]
    assert authority_needed(decided, on=today) == authority_needed(record, on=today)


def states(record: Record, *rules: str) -> list[str]:
    assessment = judge(record, on=timezone.localdate())
    return [assessment.finding(rule).state for rule in rules]


def test_authority_lifts_exclusions_only_when_each_has_its_grounds_and_the_advice_is_whole(cast: Cast) -> None:
    record = given(make.record(make.complete(cast.amina, make.knife_and_hate())))
    both = ("hate-crime", "weapon-or-blade")
    assert states(record, *both) == ["lifted", "lifted"]
    hate, knife = record.grounds
    for grounds in ((), (hate,), (knife,)):
        assert states(record.but(grounds=grounds), *both) == ["applies", "applies"], grounds
    record.case.advice_at = None
    assert states(record, *both) == ["applies", "applies"]


def test_authority_by_whoever_recorded_the_case_or_has_it_now_counts_for_nothing(cast: Cast) -> None:
    record = make.record(make.complete(cast.amina, make.knife()))
    assert states(given(record), "weapon-or-blade") == ["lifted"]
    assert states(given(record, authority_by_id=cast.amina.pk), "weapon-or-blade") == ["applies"]
    handed = given(record, recorded_by_id=cast.tom.pk, authority_by_id=cast.amina.pk)
    assert states(handed, "weapon-or-blade") == ["applies"]


def test_supposed_authority_supposes_neither_the_grounds_nor_the_advice(cast: Cast) -> None:
    record = make.record(make.complete(cast.amina, make.knife()))
    today = timezone.localdate()
    assert judge_supposing_authority(record, on=today).verdict is Verdict.AVAILABLE
    assert judge_supposing_authority(record.but(grounds=()), on=today).verdict is Verdict.AUTHORITY_REQUIRED
    record.case.advice = None
    assert judge_supposing_authority(record, on=today).verdict is Verdict.AUTHORITY_REQUIRED


NEEDED: dict[str, tuple[str, bool, tuple[str, bool] | None]] = {
    # rulebook, excluded or not, and who must give authority
    "nothing excludes it": (MET, False, None),
    "an exclusion": (MET, True, ("Inspector", True)),
    "every case": (KENT, False, ("Sergeant", False)),
    "every case, and an exclusion": (KENT, True, ("Inspector", False)),
}


@pytest.mark.parametrize("name", NEEDED)
def test_who_must_give_authority_is_the_rulebooks(name: str) -> None:
    book, is_excluded, wanted = NEEDED[name]
    needed = authority_for(rulebook_named(book), is_excluded=is_excluded)
    assert (None if needed is None else (needed.rank.name, needed.substantive)) == wanted


def test_where_rules_differ_the_highest_rank_is_wanted_and_substantive_if_any_says_so() -> None:
    kent = rulebook_named(KENT)
    book = replace(
        kent,
        authority=AuthorityNeeded(rank_named("Sergeant"), substantive=True),
        rules=tuple(
            replace(rule, authority=AuthorityNeeded(rank_named("Superintendent"), substantive=False))
            if rule.authority
            else rule
            for rule in kent.rules
        ),
    )
    assert authority_for(book, is_excluded=True) == AuthorityNeeded(rank_named("Superintendent"), substantive=True)
    assert rulebook_for("46", on=date(2026, 11, 21)).name == KENT
