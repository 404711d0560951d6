"""Ten at once after issue: one rescission, one correction of what stood, one contact for a form; without the token, ten."""

from collections.abc import Callable
from functools import partial
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit.models import Entry
from cr_app.cases.actions.rescinding import reasons_against_rescinding
from cr_app.cases.models import Case, Contact, Correction, Document, Rescission, StatusChange
from cr_app.cases.queries import Record, corrections_of
from cr_app.cases.queries.names import standing_names
from cr_app.pages.refusals import Refusal, Stale
from tests import make
from tests.at_once import at_once
from tests.cast import Cast
from tests.make_afterwards import contacted, corrected, rescinded, victims

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 10


def refusals_at_once(work: Callable[[int], object]) -> list[Refusal]:
    """Do the work in ten threads that begin together; return the refusals."""
    works = [partial(work, number) for number in range(MANY)]
    return [answer for answer in at_once(works) if isinstance(answer, Refusal)]


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


def test_with_the_lock_off_both_inspectors_are_let_through_and_the_database_alone_keeps_one(many: Cast) -> None:
    """The positive control: read and write as the action does, but without the door's lock."""
    reference, read_by_both = make.issued(many.amina), Barrier(2)

    def rescind_unlocked(by: Officer) -> str:
        at = timezone.now()
        try:
            with transaction.atomic():
                case = Case.objects.get(reference=reference)
                found = reasons_against_rescinding(by, case, at=at)
                read_by_both.wait(timeout=20)
                Rescission.objects.create(
                    case=case, rank="Inspector", is_substantive=True, reason="Wrong.", at=at, by=by
                )
                transaction.set_rollback(True)
        except IntegrityError:
            return "refused by the database"
        return f"{len(found)} reasons against"

    answers = at_once([partial(rescind_unlocked, many.priya), partial(rescind_unlocked, many.helen)])
    assert set(answers) <= {"0 reasons against", "refused by the database"}
    assert "0 reasons against" in answers


def test_of_ten_corrections_of_one_name_at_once_one_stands_and_nine_are_stale(many: Cast) -> None:
    reference = make.issued(many.amina)
    refused = refusals_at_once(lambda number: corrected(reference, many.amina, new=f"Ransom{'e' * (number + 2)}"))
    assert [type(each) for each in refused] == [Stale] * (MANY - 1)
    assert Correction.objects.count() == 1
    assert {each.version for each in Document.objects.filter(case__reference=reference)} == {1, 2}


def test_the_same_with_the_lock_off_leaves_two_corrections_of_one_name(many: Cast) -> None:
    """The positive control: both read what stands, and both correct that."""
    reference, read_by_both = make.issued(many.amina), Barrier(2)

    def correct_unlocked(new: str) -> str:
        with transaction.atomic():
            case = Case.objects.get(reference=reference)
            (name,) = [
                name for name in standing_names(Record(case), corrections_of(case)) if name.key == "offender.last_names"
            ]
            read_by_both.wait(timeout=20)
            Correction.objects.create(
                case=case,
                column=name.column,
                old=name.now,
                new=new,
                reason="Misspelt.",
                at=timezone.now(),
                by=many.amina,
            )
            return name.now

    assert at_once([partial(correct_unlocked, "Ransom"), partial(correct_unlocked, "Ransone")]) == ["Ransome"] * 2
    assert Correction.objects.filter(old="Ransome").count() == 2


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
