"""Absences recorded at the same moment: nobody waits for another in a ring, and one officer is away once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from cr_app.accounts import access
from cr_app.accounts.actions.absences import record_absence
from cr_app.accounts.actions.describing import BadOfficer
from cr_app.accounts.models import Absence, Officer
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def many(transactional_db: None) -> Cast:
    """The cast, committed, so that other threads see it."""
    return make_cast()


def at_once(works: Sequence[Callable[[], object]]) -> list[object]:
    """Do each work in a thread of its own; return what each returned or raised."""

    def one(work: Callable[[], object]) -> object:
        try:
            return work()
        except (BadOfficer, OperationalError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def away(officer: Officer, cover: str = "") -> Callable[[], object]:
    """Return the work of recording that an officer is away from today, by her own hand."""
    today = timezone.localdate()
    return lambda: (
        record_absence(officer.pk, by=officer, from_on=today, until_on=today + timedelta(days=1), cover=cover).officer
    )


def test_two_who_name_each_other_as_cover_are_both_recorded(many: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    both_locked, lock = Barrier(2), access.lock_absentee

    def lock_and_wait(by: Officer, pk: int) -> Officer:
        locked = lock(by, pk)
        both_locked.wait(timeout=20)
        return locked

    monkeypatch.setattr(access, "lock_absentee", lock_and_wait)
    results = at_once([away(many.priya, many.helen.warrant_number), away(many.helen, many.priya.warrant_number)])
    assert results == [many.priya, many.helen]
    assert set(Absence.objects.values_list("officer", "covered_by")) == {
        (many.priya.pk, many.helen.pk),
        (many.helen.pk, many.priya.pk),
    }


def test_the_same_absence_twice_at_once_is_recorded_once(many: Cast) -> None:
    results = at_once([away(many.priya)] * 4)
    assert results.count(many.priya) == 1
    assert [str(each) for each in results if each != many.priya] == [
        "An absence is recorded for some of these days already: end that one first."
    ] * 3
