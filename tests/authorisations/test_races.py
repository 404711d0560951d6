"""Many at once: one decides and the others are told; and the same with the lock off must fail."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit.models import Entry
from cr_app.authorisations import actions
from cr_app.authorisations.actions import AlreadyDecided, Tally
from cr_app.authorisations.models import Decision, Kind, Outcome, Request
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case, Snapshot
from tests import make
from tests.authorisations import making
from tests.cast import Cast, make_cast

# In one process of the tests: together the two forties would want more connections than the server gives.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("forty at once")]
MANY = 40


@pytest.fixture
def many(transactional_db: None) -> Cast:
    """The cast, committed, so that other threads see it."""
    return make_cast()


def at_once(works: Sequence[Callable[[], object]]) -> list[object]:
    """Do each work in a thread of its own, beginning together; return what each returned or raised."""
    barrier = Barrier(len(works))

    def one(work: Callable[[], object]) -> object:
        try:
            connect()
            barrier.wait(timeout=30)
            return work()
        except (AlreadyDecided, OperationalError, IntegrityError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def connect() -> None:
    """Open this thread's connection, waiting for one while other tests hold too many."""
    until = time.monotonic() + 20
    while True:
        try:
            connection.ensure_connection()
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def inspectors(cast: Cast, count: int) -> list[Officer]:
    """Return so many Inspectors who may decide."""
    made = [
        Officer(
            warrant_number=f"9{number:03}",
            email=f"9{number:03}@officers.example",
            given_names="Ivo",
            family_name=f"Inspector {number}",
            substantive_rank="Inspector",
            force=cast.priya.force,
            unit=cast.priya.unit,
            roles=["authorising_officer"],
            password="!",
        )
        for number in range(count)
    ]
    return Officer.objects.bulk_create(made)


def test_of_two_inspectors_at_the_same_moment_one_decides_and_the_other_is_told(many: Cast) -> None:
    reference = making.asked(many.amina)
    seen = making.seen(reference)
    results = at_once(
        [
            lambda: actions.grant(reference, by=many.priya, reasons="Exceptional.", seen=seen),
            lambda: actions.refuse(reference, by=many.helen, reasons="Not so.", seen=seen),
        ]
    )
    (told,) = [result for result in results if isinstance(result, AlreadyDecided)]
    decision = Decision.objects.get()
    assert told.decision == decision
    assert decision.decided_by.name in told.sentence
    assert make.read(reference).status_now in (Status.READY, Status.REFUSED)


def attempts(officers: Sequence[Officer], reference: str) -> list[Callable[[], object]]:
    """Return a grant by each of these Inspectors, of the same page."""
    seen = making.seen(reference)

    def attempt(officer: Officer) -> Callable[[], object]:
        return lambda: actions.grant(reference, by=officer, reasons="Exceptional.", seen=seen)

    return [attempt(officer) for officer in officers]


def outcome(results: Sequence[object]) -> Counter[str]:
    """Count what came of attempts, by the kind of answer."""
    return Counter(type(result).__name__ for result in results)


def test_of_forty_at_once_one_decides_and_thirty_nine_are_told(many: Cast) -> None:
    officers = inspectors(many, MANY)
    reference = making.asked(many.amina)
    assert outcome(at_once(attempts(officers, reference))) == {"Status": 1, "AlreadyDecided": MANY - 1}
    assert Decision.objects.count() == 1
    assert Entry.objects.filter(event="case.authority_granted").count() == 1
    assert make.read(reference).decisions.get().outcome == Outcome.GRANTED


def test_the_same_forty_with_the_lock_off_are_not_told(many: Cast) -> None:
    """The positive control: check and write as a decision does, but without the door's lock."""
    reference = making.asked(many.amina)
    officers, all_have_checked = inspectors(many, MANY), Barrier(MANY)

    def attempt(officer: Officer) -> Callable[[], object]:
        def decide() -> object:
            with transaction.atomic():
                case = Case.objects.get(reference=reference)
                if case.status_now is not Status.AWAITING_AUTHORITY:
                    raise AlreadyDecided(Decision.objects.get(), own=False, subject=case.subject)
                all_have_checked.wait(timeout=30)
                _write(case, officer)
            return case.status_now

        return decide

    results = outcome(at_once([attempt(officer) for officer in officers]))
    # What the first test promises fails: nobody is told. That one decision alone stands is the database's doing.
    assert results["AlreadyDecided"] == 0
    assert results["Status"] + results["IntegrityError"] + results["OperationalError"] == MANY
    assert results["IntegrityError"] + results["OperationalError"] >= 1


def _write(case: Case, officer: Officer) -> None:
    snapshot, now = Snapshot.objects.get(case=case), timezone.now()
    Decision.objects.create(
        case=case,
        snapshot=snapshot,
        digest=snapshot.digest,
        kind=Kind.AUTHORITY,
        outcome=Outcome.GRANTED,
        reasons="Exceptional.",
        asked_by=case.officer,
        asked_at=snapshot.taken_at,
        recorded_by=case.recorded_by,
        decided_by=officer,
        decided_at=now,
        shown_at=now,
        rank="Inspector",
        is_substantive=True,
        number=officer.warrant_number,
    )


def test_one_inspector_clicking_ten_times_decides_once_and_reads_the_same_answer(many: Cast) -> None:
    reference = making.asked(many.amina)
    seen = making.seen(reference)
    results = at_once(
        [lambda: actions.grant(reference, by=many.priya, reasons="Exceptional.", seen=seen) for _ in range(10)]
    )
    assert set(results) == {Status.READY}
    assert Decision.objects.count() == 1


def test_escalating_ten_times_at_once_asks_everybody_once(many: Cast) -> None:
    references = [making.asked(many.amina, make.knife().but(report=f"{number}/26")) for number in range(3)]
    later = making.after(25)
    tallies = [tally for tally in at_once([lambda: actions.ask_others(later)] * 10) if isinstance(tally, Tally)]
    assert len(tallies) == 10
    assert (sum(tally.officers for tally in tallies), sum(tally.cases for tally in tallies)) == (6, 3)
    for reference in references:
        assert making.asked_of(reference) == [(number, "", round_) for round_ in (0, 1) for number in ("2051", "2077")]
    assert Request.objects.count() == 12


def test_escalating_leaves_a_case_that_is_being_decided_to_whoever_decides(many: Cast) -> None:
    reference = making.asked(many.amina)
    holds, has_run = Barrier(2), Barrier(2)

    def decide() -> object:
        with transaction.atomic():
            Case.objects.select_for_update().get(reference=reference)
            holds.wait(timeout=20)
            has_run.wait(timeout=20)
        return "decided"

    def escalate() -> object:
        holds.wait(timeout=20)
        try:
            return actions.ask_others(making.after(25))
        finally:
            has_run.wait(timeout=20)

    assert at_once([decide, escalate]) == ["decided", Tally()]
    assert actions.ask_others(making.after(25)) == Tally(officers=2, cases=1)
