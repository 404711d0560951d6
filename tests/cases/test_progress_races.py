"""Two record at the same moment: the case is completed by one of them, and nothing is recorded twice."""

from collections import Counter
from threading import Barrier

import pytest
from django.db import transaction
from django.utils import timezone

from cr_app.audit.models import Entry
from cr_app.cases.actions.progress import followed, record_progress
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import ActionProgress, Case
from cr_app.pages.refusals import Stale
from tests import make
from tests.at_once import at_once
from tests.cast import Cast
from tests.make_progress import came, standing

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_last_two_actions_completed_at_the_same_moment_complete_the_case(many: Cast) -> None:
    reference = make.issued(many.amina)
    keys = [standing(reference, number).action.pk for number in (1, 2)]
    works = [
        lambda pk=pk, by=by: record_progress(reference, pk, by=by, came=came("completed"), seen=0)
        for pk, by in zip(keys, (many.amina, many.grace), strict=True)
    ]
    assert sorted(map(str, at_once(works))) == ["completed", "issued"]
    assert make.read(reference).status_now is Status.COMPLETED
    assert Entry.objects.filter(event="case.completed").count() == 1


def test_the_same_with_the_lock_off_completes_nothing(many: Cast) -> None:
    """The positive control: read and write as the action does, but without the door's lock."""
    reference = make.issued(many.amina)
    keys = [standing(reference, number).action.pk for number in (1, 2)]
    read_by_both = Barrier(2)

    def record(pk: int) -> object:
        with transaction.atomic():
            found = followed(Case.objects.get(reference=reference), pk)
            read_by_both.wait(timeout=20)
            action = found.standing.action
            ActionProgress.objects.create(
                case=action.case,
                action=action,
                number=1,
                outcome="completed",
                happened_on=timezone.localdate(),
                due_on=action.due_on,
                said_by="The shop",
                at=timezone.now(),
                by=many.amina,
            )
            return found.is_last_open

    assert at_once([lambda: record(keys[0]), lambda: record(keys[1])]) == [False, False]
    assert {standing(reference, number).standing for number in (1, 2)} == {"completed"}


def test_ten_clicks_record_once_and_of_two_officers_one_is_told(many: Cast) -> None:
    reference = make.issued(many.amina)
    pk = standing(reference).action.pk
    clicks = [lambda: record_progress(reference, pk, by=many.amina, came=came("completed"), seen=0)] * 10
    assert set(at_once(clicks)) == {Status.ISSUED}
    assert ActionProgress.objects.count() == 1
    second = standing(reference, 2).action.pk
    both = [
        lambda: record_progress(reference, second, by=many.amina, came=came("not_complied"), seen=0),
        lambda: record_progress(reference, second, by=many.grace, came=came("not_complied"), seen=0),
    ]
    assert Counter(map(type, at_once(both))) == {Status: 1, Stale: 1}
    assert ActionProgress.objects.count() == 2
