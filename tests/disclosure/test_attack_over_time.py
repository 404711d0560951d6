"""Random requests, one after the other, of mixed methods, thresholds, rows, years, zeros and moments; an outsider has the files."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from cr_app.disclosure.asked import Asked, Group
from cr_app.disclosure.releases import CannotProtect, Draft
from tests.cast import Cast
from tests.disclosure.outsider import Found, Outsider, Some
from tests.disclosure.working import DAMAGE, EXTRACTED, FRAUD, IMPORTED, THEFT, THREATS, asked, imports, worked

pytestmark = pytest.mark.django_db

CODES = (THEFT, THREATS, DAMAGE, FRAUD)
DAYS = (date(2020, 2, 1), date(2020, 5, 1), date(2021, 2, 1), date(2021, 5, 1))
LATE = timedelta(days=4)
NAMED = (
    ((THEFT, THREATS), (DAMAGE,)),
    ((THEFT,), (THREATS, DAMAGE)),
    ((THREATS,), (DAMAGE,), (FRAUD,)),
    ((THEFT,), (THREATS,), (DAMAGE,)),
)
SPANS = (
    (date(2020, 1, 1), date(2020, 12, 31)),
    (date(2020, 4, 1), date(2021, 3, 31)),
    (date(2020, 1, 1), date(2021, 12, 31)),
    (date(2020, 1, 1), date(2020, 3, 31)),
    (date(2021, 1, 1), date(2021, 3, 31)),
)
# Each tells other cases and other requests; of every second one, cases come between the second table and the third.
SEEDS = range(12)


def random_cases(chance: random.Random, *, late: bool) -> list[Some]:
    """Return cases by day and offence: none of many; if `late`, some of them women's, and one or two that come later."""
    men = (0, 0, 1, 2, 3, 4, 6, 9, 15) if late else (0, 0, 0, 0, 0, 1, 2, 3, 3, 7, 9, 30)
    women = (0, 0, 0, 1, 3, 7) if late else (0,)
    found = []
    for day in DAYS:
        for code in CODES:
            for sex, numbers in (("Male", men), ("Female", women)):
                if number := chance.choice(numbers):
                    found.append(Some(day, code, number, IMPORTED, sex=sex))
    if late:
        found.append(Some(chance.choice(DAYS), chance.choice(CODES), chance.choice((1, 2)), EXTRACTED + LATE))
    return found


def random_request(chance: random.Random) -> Asked:
    """Return a request for one or two years or a quarter."""
    begins, ends = chance.choice(SPANS)
    named = tuple(Group("+".join(codes), codes) for codes in chance.choice(NAMED))
    rows: dict[str, Any] = chance.choice(
        [{"groups": named}, {"groups": named}, {"rows_by": "offence", "groups": ()}, {"rows_by": "group", "groups": ()}]
    )
    if rows.get("rows_by") == "offence":
        # With every zero withheld it would list the whole catalogue.
        rows |= {"method": chance.choice(("suppress", "combine"))}
    else:
        rows |= {
            "method": chance.choice(("suppress", "combine", "round")),
            "zeros": chance.choice(("show", "show", "withhold")),
        }
    return asked(
        period_from=begins,
        period_to=ends,
        years=chance.choice(("calendar", "financial")),
        threshold=chance.choice((5, 5, 3)),
        breakdown=chance.choice(("", "", "", "sex")) if rows.get("groups") else "",
        **rows,
    )


def answered(chance: random.Random, *, beside: bool = True) -> list[Draft]:
    """Return four tables, worked out some days apart, each beside those before it if so asked."""
    found: list[Draft] = []
    for number in range(4):
        try:
            at = EXTRACTED + number * timedelta(days=3)
            found.append(worked(random_request(chance), *(found if beside else ()), at=at))
        except CannotProtect:
            continue
    return found


def told_too_closely(drafts: list[Draft], cases: list[Some]) -> list[Found]:
    """Return what each table brings too close, but for what the desk was told of: counts that no table shows."""
    found = []
    for number in range(2, len(drafts) + 1):
        let_go = {(guard.low, guard.high) for guard in drafts[number - 1].guards if guard.is_told}
        for each in Outsider([draft.content for draft in drafts[:number]], cases).too_close():
            if each.target.what in ("withheld", "merged") or each.now not in let_go:
                found.append(each)
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_no_release_brings_anything_too_close_that_was_not_so_before(cast: Cast, seed: int) -> None:
    chance = random.Random(seed)
    cases = random_cases(chance, late=seed % 2 == 1)
    imports(cases)
    drafts = answered(chance)
    assert len(drafts) > 1
    assert told_too_closely(drafts, cases) == []


def test_the_same_tables_without_regard_to_each_other_are_caught(cast: Cast) -> None:
    """The control."""
    chance = random.Random(0)
    cases = random_cases(chance, late=True)
    imports(cases)
    assert told_too_closely(answered(chance, beside=False), cases)
