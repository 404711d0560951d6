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
