"""What is published makes a worked-out table old only where its days hang together with the request's."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cr_app.disclosure.actions.releasing import propose
from cr_app.disclosure.actions.requests import work_out_request
from cr_app.disclosure.ledger import Layout
from cr_app.disclosure.models import InformationRequest
from cr_app.disclosure.queries.beside import Days, Published
from cr_app.disclosure.queries.desk import standing_of
from cr_app.disclosure.queries.state import State, state_of
from cr_app.disclosure.releases.before import overlapping
from tests.cast import Cast
from tests.disclosure.desk_work import few_cases, left, made
from tests.disclosure.working import asked

DAY = timedelta(days=1)


def test_the_last_release_beside_a_request_is_the_last_that_its_table_is_worked_out_beside() -> None:
    chance, met = random.Random(5), 0
    for _ in range(300):
        first, *spans = [_days(chance) for _ in range(chance.randint(1, 9))]
        layouts = [
            Layout(number, ((begins, ends + DAY),), ("",), (), datetime(2026, 1, 1, tzinfo=UTC))
            for number, (begins, ends) in enumerate(spans, start=1)
        ]
        beside = {each.name for each in overlapping(asked(period_from=first[0], period_to=first[1]), layouts)}
        totals = frozenset(number for number in range(1, len(spans) + 1) if chance.random() < 0.3)
        published = Published(
            tuple((number, days) for number, days in enumerate(spans, start=1) if number not in totals),
            tuple(days for number, days in enumerate(spans, start=1) if number in totals),
        )
        request = InformationRequest(period_from=first[0], period_to=first[1])
        releases = [int(name or 0) for name in beside if name not in totals]
        assert published.last_beside(request) == max(releases, default=0)
        met += 0 < len(beside) < len(spans)
    assert met > 100


def _days(chance: random.Random) -> Days:
    begins = date(2020, 1, 1) + timedelta(days=chance.randrange(40))
    return begins, begins + timedelta(days=chance.randrange(6))


@pytest.mark.django_db
def test_a_release_makes_only_tables_old_whose_days_hang_together_with_its_own(cast: Cast) -> None:
    few_cases()
    waits = made(cast.olivia, period_to=date(2020, 12, 31))
    worked_out = work_out_request(waits.pk, by=cast.olivia)

    def released(begins: date, ends: date) -> None:
        left(cast, reference=f"F/{begins}", period_from=begins, period_to=ends)

    released(date(2018, 1, 1), date(2019, 12, 31))
    released(date(2021, 1, 1), date(2021, 12, 31))
    assert (standing_of(waits).is_current, State.of(worked_out)) == (True, state_of(waits))
    # It meets the one of 2018, and neither meets a day of the request.
    released(date(2017, 6, 1), date(2018, 3, 31))
    assert standing_of(waits).is_current
    proposal = propose(waits.pk, by=cast.olivia, note="", worked_out=worked_out.pk)
    assert proposal.worked_out == worked_out
    released(date(2019, 12, 31), date(2020, 1, 1))
    assert not standing_of(waits).is_current
    again = work_out_request(waits.pk, by=cast.olivia)
    assert again != worked_out
    released(date(2016, 1, 1), date(2017, 6, 1))
    assert not standing_of(waits).is_current


@pytest.mark.django_db
def test_how_many_releases_there_are_takes_no_more_questions(cast: Cast, django_assert_num_queries: Any) -> None:
    few_cases()
    request = made(cast.olivia)
    with django_assert_num_queries(5):
        state_of(request)
    left(cast, reference="F/1")
    with django_assert_num_queries(5):
        state_of(request)
