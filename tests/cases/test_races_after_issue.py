"""Ten at once after issue: one rescission, one correction of what stood, one contact for a form; without the token, ten."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit.models import Entry
from cr_app.cases.models import Contact, Correction, Document, Rescission, StatusChange
from cr_app.pages.refusals import Refusal, Stale
from tests import make
from tests.cast import Cast, make_cast
from tests.make_afterwards import contacted, corrected, rescinded, victims

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 10


@pytest.fixture
def many(transactional_db: None) -> Cast:
    """The cast, committed, so that other threads see it."""
    return make_cast()


def refusals_at_once(work: Callable[[int], object]) -> list[Refusal]:
    """Do the work in ten threads that begin together; return the refusals."""
    barrier = Barrier(MANY)

    def one(number: int) -> object:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            return work(number)
        except Refusal as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(MANY) as pool:
        return [answer for answer in pool.map(one, range(MANY)) if isinstance(answer, Refusal)]


def test_inspectors_who_rescind_at_once_do_it_once_and_the_others_are_told_by_whom(many: Cast) -> None:
    reference = make.issued(many.amina)
    inspectors: tuple[Officer, Officer] = (many.priya, many.helen)
    refused = refusals_at_once(
        lambda number: rescinded(reference, inspectors[number % 2], reason="Wrong.", seen="issued.0.0")
    )
    # The five of the one who was first are one; the five of the other are told.
    first = Rescission.objects.get().by
    assert len(refused) == MANY / 2
    assert all(isinstance(each, Stale) and f"{first.title} rescinded it" in each.sentence for each in refused)
    assert StatusChange.objects.filter(case__reference=reference, to_status="rescinded").count() == 1
    assert Document.objects.filter(case__reference=reference, because="rescinded").count() == 2
    assert Entry.objects.filter(event="case.rescinded").count() == 1


def test_of_ten_corrections_of_one_name_at_once_one_stands_and_nine_are_stale(many: Cast) -> None:
    reference = make.issued(many.amina)
    refused = refusals_at_once(lambda number: corrected(reference, many.amina, new=f"Ransom{'e' * (number + 2)}"))
    assert [type(each) for each in refused] == [Stale] * (MANY - 1)
    assert Correction.objects.count() == 1
    assert {each.version for each in Document.objects.filter(case__reference=reference)} == {1, 2}


def test_one_form_sent_ten_times_at_once_is_one_contact_and_ten_forms_are_ten(many: Cast) -> None:
    reference = make.issued(many.amina)
    (shop,) = victims(reference)
    token, at = uuid4(), timezone.now()
    refused = refusals_at_once(
        lambda number: contacted(reference, many.amina, shop, token=token, happened_at=at) and None
    )
    assert (refused, Contact.objects.count()) == ([], 1)
    # The control: without the one token each of them is recorded.
    refused = refusals_at_once(lambda number: contacted(reference, many.amina, shop, happened_at=at) and None)
    assert (refused, Contact.objects.count()) == ([], 1 + MANY)
