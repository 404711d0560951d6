"""Ranks held on a day, and how a warrant number is written."""

from datetime import date

import pytest

from cr_app.accounts.ranks import rank_held
from cr_app.accounts.warrant_numbers import is_warrant_number, normal_warrant_number
from cr_app.policy.facts import BadFacts
from cr_app.policy.ranks import rank_named

FIRST, LAST = date(2026, 9, 1), date(2026, 11, 30)


@pytest.mark.parametrize(
    ("on", "until", "words"),
    [
        (date(2026, 8, 31), LAST, "Sergeant"),
        (FIRST, LAST, "Acting Inspector"),
        (LAST, LAST, "Acting Inspector"),
        (date(2026, 12, 1), LAST, "Sergeant"),
        (date(2036, 12, 1), None, "Acting Inspector"),
    ],
)
def test_an_acting_rank_counts_from_its_first_day_to_its_last(on: date, until: date | None, words: str) -> None:
    assert rank_held("Sergeant", "Inspector", FIRST, until, on=on).words == words


def test_no_acting_rank_is_the_substantive_one() -> None:
    held = rank_held("Constable", "", None, None, on=FIRST)
    assert (held.words, held.abbreviation, held.is_acting) == ("Constable", "PC", False)


def test_acting_reaches_a_floor_that_need_not_be_substantive() -> None:
    held = rank_held("Sergeant", "Inspector", FIRST, LAST, on=FIRST)
    inspector = rank_named("inspector")
    assert held.is_at_least(inspector, substantive=False)
    assert not held.is_at_least(inspector, substantive=True)


@pytest.mark.parametrize(
    ("on", "since", "before", "words"),
    [
        (date(2026, 8, 31), FIRST, "Sergeant", "Sergeant"),
        (FIRST, FIRST, "Sergeant", "Inspector"),
        (date(2026, 12, 1), FIRST, "Sergeant", "Inspector"),
        # Since when is known, but not what went before; or nothing is known.
        (date(2026, 8, 31), FIRST, "", "Inspector"),
        (date(2026, 8, 31), None, "", "Inspector"),
    ],
)
def test_a_promotion_counts_from_its_day(on: date, since: date | None, before: str, words: str) -> None:
    held = rank_held("Inspector", "", None, None, since=since, before=before, on=on)
    assert (held.words, held.substantive.name, held.is_acting) == (words, words, False)


def test_a_promotion_to_come_does_not_reach_a_floor_yet() -> None:
    inspector = rank_named("inspector")
    for on, reaches in ((date(2026, 8, 31), False), (FIRST, True)):
        held = rank_held("Inspector", "", None, None, since=FIRST, before="Sergeant", on=on)
        assert held.is_at_least(inspector, substantive=True) is reaches


@pytest.mark.parametrize("promoted_to", ["Inspector", "Chief Inspector"])
def test_an_acting_rank_that_the_substantive_one_has_reached_counts_no_more(promoted_to: str) -> None:
    told = ("Inspector", FIRST, None)
    before = rank_held(promoted_to, *told, since=LAST, before="Sergeant", on=FIRST)
    after = rank_held(promoted_to, *told, since=LAST, before="Sergeant", on=LAST)
    assert (before.words, after.words) == ("Acting Inspector", promoted_to)


def test_an_unknown_rank_is_refused() -> None:
    with pytest.raises(BadFacts):
        rank_held("Insp", "", None, None, on=FIRST)


@pytest.mark.parametrize(("typed", "number"), [(" 41 27", "4127"), ("46-k9123", "46-K9123"), ("p123", "P123")])
def test_a_warrant_number_has_one_form(typed: str, number: str) -> None:
    assert normal_warrant_number(typed) == number
    assert is_warrant_number(number)


@pytest.mark.parametrize(
    "text", ["", "4", "4127-", "-4127", "41--27", "4127\n", "O'NEILL", "\uff14\uff11", "4" * 14, "a1"]
)
def test_anything_else_is_none(text: str) -> None:
    assert not is_warrant_number(text)
