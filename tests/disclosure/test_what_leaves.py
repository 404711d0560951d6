"""A release tells nothing but its table: two truths that give the same table give the same release.json, to the byte."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction

from cr_app.disclosure.asked import Asked, Group
from cr_app.disclosure.releases import CannotProtect, Draft
from tests.cast import Cast
from tests.disclosure.attacker import Attack
from tests.disclosure.published_requests import CATALOGUE
from tests.disclosure.what_is_seen import seen_of, tables_of
from tests.disclosure.working import DAMAGE, EXTRACTED, FRAUD, IMPORTED, THEFT, THREATS, asked, history, value, worked

pytestmark = pytest.mark.django_db

NAMED = (Group("A", (THEFT,)), Group("B", (THREATS,)), Group("C", (DAMAGE,)))
ONE_YEAR = date(2020, 12, 31)
DRAWS = 25
Cases = dict[tuple[str, str], int]


@contextmanager
def put_back() -> Iterator[None]:
    """Undo what is imported within."""
    begun = transaction.savepoint()
    yield
    transaction.savepoint_rollback(begun)


def imports(cases: Cases, *, completed_at: datetime = IMPORTED) -> None:
    """Import those cases of which there are any."""
    history({each: number for each, number in cases.items() if number}, completed_at=completed_at)


def drawn(chance: random.Random, year: int, numbers: tuple[int, ...]) -> Cases:
    """Return random numbers of three offences in a year."""
    return {(f"{year}-06-01", code): chance.choice(numbers) for code in (THEFT, THREATS, DAMAGE)}


def released_alike(wanted: Asked, truths: list[Cases], *before: Draft, later: bool = False) -> int:
    """Hold that truths with one table have one release.json; return how many tables several of them had."""
    seen: dict[object, object] = {}
    often: Counter[object] = Counter()
    at = EXTRACTED + timedelta(days=60 if later else 0)
    for cases in truths:
        with put_back():
            if later:
                imports(cases, completed_at=EXTRACTED + timedelta(days=9))
            else:
                imports(cases)
            try:
                draft = worked(wanted, *before, at=at)
            except CannotProtect:
                continue
        assert seen.setdefault(draft.table, draft.content) == draft.content, cases
        often[draft.table] += 1
    return sum(number > 1 for number in often.values())


@pytest.mark.parametrize("method", ["suppress", "combine", "round"])
def test_two_truths_with_one_table_have_one_release(cast: Cast, method: str) -> None:
    chance = random.Random(3)
    wanted = asked(groups=NAMED, method=method)
    numbers = (0, 1, 2, 4, 5, 7)
    truths = [{**drawn(chance, 2020, numbers), **drawn(chance, 2021, numbers)} for _ in range(DRAWS)]
    # Of these every method makes one table.
    truths += [{("2020-06-01", THEFT): 60, ("2020-06-01", THREATS): a, ("2020-06-01", DAMAGE): 5 - a} for a in (1, 2)]
    truths += [{("2020-06-01", THEFT): 60, ("2020-06-01", THREATS): a, ("2021-06-01", THREATS): 7 - a} for a in (2, 1)]
    assert released_alike(wanted, truths)


@pytest.mark.parametrize("method", ["suppress", "combine", "round"])
def test_two_truths_with_one_table_have_one_release_after_another_one(cast: Cast, method: str) -> None:
    imports({("2020-06-01", THEFT): 20, ("2020-06-01", THREATS): 3, ("2020-06-01", DAMAGE): 4})
    before = worked(asked(groups=NAMED, period_to=ONE_YEAR))
    chance = random.Random(4)
    truths = [drawn(chance, 2021, (0, 1, 2, 4, 5, 7)) for _ in range(DRAWS)]
    assert released_alike(asked(groups=NAMED, method=method), truths, before)


def test_two_truths_with_one_table_have_one_release_at_another_moment(cast: Cast) -> None:
    imports({("2020-06-01", THEFT): 20, ("2020-06-01", THREATS): 3, ("2020-06-01", DAMAGE): 14})
    before = worked(asked(groups=NAMED, period_to=ONE_YEAR))
    chance = random.Random(5)
    truths = [drawn(chance, 2020, (0, 1, 2, 30)) for _ in range(DRAWS)]
    assert released_alike(asked(groups=NAMED, period_to=ONE_YEAR), truths, before, later=True)


@pytest.mark.parametrize("small", [0, 1, 2])
def test_what_rounding_leaves_open_is_said_of_every_count_that_may_be_small(cast: Cast, small: int) -> None:
    imports(
        {
            ("2020-05-01", THEFT): 100,
            ("2021-05-01", THEFT): 90,
            ("2020-05-02", THREATS): 40,
            ("2021-05-02", THREATS): small,
        }
    )
    found = worked(asked(method="round"))
    assert value(found, "Threats", "2021") == 0
    assert found.content["protection"]["worst_interval"] == 2


def test_a_rounded_table_lists_every_row_so_that_a_0_may_be_0(cast: Cast) -> None:
    year = asked(rows_by="group", groups=(), method="round", period_to=ONE_YEAR)
    tables = []
    for number in (0, 1, 2):
        with put_back():
            imports({("2020-06-01", THEFT): 100, ("2020-06-01", FRAUD): number})
            tables.append(worked(year).table)
    assert value(worked(year), "Fraud offences", "Total") == 0
    assert tables[0] == tables[1] == tables[2]
    assert not tables[0].withheld


def test_a_rounded_table_lists_every_value_of_the_breakdown(cast: Cast) -> None:
    history({("2020-06-01", THEFT): 100}, sex="male")
    by_sex = asked(method="round", breakdown="sex", period_to=ONE_YEAR)
    without = worked(by_sex).table
    history({("2020-06-01", THEFT): 2}, sex="other")
    assert worked(by_sex).table == without
    assert value(worked(by_sex), "Total: Other", "Total") == 0


@pytest.mark.parametrize("seed", [1, 2, 5, 22])
def test_no_rounded_count_that_may_be_small_is_told_closer_than_two(cast: Cast, seed: int) -> None:
    chance = random.Random(seed)
    cases: Cases = {}
    for code in (THEFT, THREATS, DAMAGE, FRAUD, "8/01"):
        for day in ("2020-02-01", "2020-06-01", "2021-02-01", "2021-06-01"):
            cases[day, code] = chance.choice((0, 0, 1, 2, 3, 7, 12))
    imports(cases)
    rows_by = ("group", "offence")[seed % 2]
    drafts = [worked(asked(rows_by=rows_by, groups=(), method="round"))]
    drafts.append(worked(asked(rows_by="offence", groups=(), method="round", period_to=ONE_YEAR), *drafts))
    tables = tables_of({str(number): draft.content for number, draft in enumerate(drafts)}, CATALOGUE)
    targets = [name for table in tables for name in table.perhaps_small(5)]
    assert targets
    # That there was none is no small count.
    found = Attack(seen_of(tables)).narrow(targets, 2)
    assert {name: each for name, each in found.items() if each != (0, 0)} == {}
