"""Ten at once: one is saved, nine are told; and the same with the lock off must fail."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError, connection, transaction

from cr_app.audit.models import Entry
from cr_app.cases import journey
from cr_app.cases.actions import submission
from cr_app.cases.actions.answers import StaleAnswers, add_row, save_answers
from cr_app.cases.actions.start import start_case
from cr_app.cases.comparing import changes_kept
from cr_app.cases.models import Case, Snapshot, StatusChange, Victim, Void
from tests import make, make_authority
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 10


@pytest.fixture
def many(transactional_db: None) -> Cast:
    """The cast, committed, so that other threads see it."""
    return make_cast()


def at_once(work: Callable[[int], object]) -> list[object]:
    """Do the work in ten threads that begin together; returns what each returned or raised."""
    barrier = Barrier(MANY)

    def one(number: int) -> object:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            return work(number)
        except (StaleAnswers, OperationalError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY)))


def test_of_ten_saves_at_once_one_wins_and_nine_are_told(many: Cast) -> None:
    reference, page = make.case(many.amina), journey.Page("rationale")
    seen = make.seen(reference, page)

    def save(number: int) -> object:
        answers = {"case.rationale": f"Reason {number}"}
        return save_answers(reference, by=many.amina, page=page, answers=answers, seen=seen).record.case.rationale

    results = at_once(save)
    (won,) = [result for result in results if isinstance(result, str)]
    told = [result for result in results if isinstance(result, StaleAnswers)]
    assert len(told) == MANY - 1
    assert {stale.record.case.rationale for stale in told} == {won}
    case = make.read(reference)
    assert (case.rationale, case.version) == (won, 2)
    assert Entry.objects.filter(event="case.answers_saved").count() == 1


def test_the_same_with_the_lock_off_loses_answers(many: Cast) -> None:
    """The positive control: read and write as a save does, but without the door's lock."""
    reference = make.case(many.amina)
    read_by_all = Barrier(MANY)

    def save(number: int) -> object:
        with transaction.atomic():
            case = Case.objects.get(reference=reference)
            read_by_all.wait(timeout=20)
            if case.rationale is not None:
                return "told"
            case.rationale, case.version = f"Reason {number}", case.version + 1
            case.save(update_fields=["rationale", "version"])
        return "won"

    results = at_once(save)
    assert results.count("won") == MANY
    assert make.read(reference).version == 2


def test_ten_clicks_on_start_start_one_case(many: Cast) -> None:
    token = uuid4()
    results = at_once(
        lambda number: start_case(by=many.amina, crime_report_reference="1/26", unit_id=many.amina.unit_id, token=token)
    )
    assert len(set(results)) == 1
    assert Case.objects.count() == 1
    assert Entry.objects.filter(event="case.started").count() == 1


def test_ten_clicks_on_add_add_one_row(many: Cast) -> None:
    reference, token, answers = make.case(many.amina), uuid4(), make.shop()
    results = at_once(lambda number: add_row(reference, by=many.amina, row="victim", answers=answers, token=token)[1])
    assert len(set(results)) == 1
    assert Victim.objects.count() == 1
    assert Entry.objects.filter(event="case.row_added").count() == 1


def test_ten_clicks_on_submit_and_on_issue_make_one_move_each(many: Cast) -> None:
    reference = make.complete_shop_theft(many.amina)
    seen = make.reviewed(reference)
    assert len(set(at_once(lambda number: submission.submit(reference, by=many.amina, seen=seen)))) == 1
    assert Snapshot.objects.count() == 1
    assert set(at_once(lambda number: make.issue_it(reference, many.amina))) == {None}
    assert list(StatusChange.objects.values_list("to_status", flat=True)) == ["ready", "issued"]


def test_ten_changes_at_once_void_authority_once_and_nine_are_told(many: Cast) -> None:
    reference = make.submitted(many.amina, make.knife())
    make_authority.granted(reference, many.priya)
    submission.reopen(reference, by=many.amina)
    page = journey.Page("rationale")
    seen = make.seen(reference, page)

    def save(number: int) -> object:
        answers = {"case.rationale": f"Reason {number}"}
        return save_answers(reference, by=many.amina, page=page, answers=answers, seen=seen).record.case.rationale

    results = at_once(save)
    (won,) = [result for result in results if isinstance(result, str)]
    void = Void.objects.get()
    assert [change.new for change in changes_kept(void.changed)] == [won]
    assert make.read(reference).authority_decision is None
    assert sum("voided" in entry.details for entry in Entry.objects.all()) == 1


def test_two_forms_do_not_share_a_token(many: Cast) -> None:
    tokens = [UUID(int=number) for number in range(MANY)]
    results = at_once(
        lambda number: start_case(
            by=many.amina, crime_report_reference="1/26", unit_id=many.amina.unit_id, token=tokens[number]
        )
    )
    assert len(set(results)) == Case.objects.count() == MANY
