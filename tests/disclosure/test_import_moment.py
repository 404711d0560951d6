"""From when imported cases count: by the clock of the database, last, and never before what a release was extracted at."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from cr_app.audit.trail import system_actor
from cr_app.disclosure.actions.importing import import_cases
from cr_app.disclosure.actions.releasing import release
from cr_app.disclosure.actions.requests import drafted
from cr_app.disclosure.models import ImportBatch, InformationRequest
from cr_app.disclosure.releases import Draft
from tests.cast import Cast
from tests.disclosure.desk_work import few_cases, left, proposed
from tests.disclosure.test_import_command import written

pytestmark = pytest.mark.django_db


def take_in(folder: Path) -> ImportBatch:
    """Import one case."""
    done = import_cases(written(folder, {}), None, by=system_actor("import_cases"), progress=lambda done, total: None)
    return ImportBatch.objects.get(pk=done.pk)


def test_a_clock_that_is_wrong_here_does_not_say_from_when_cases_count(cast: Cast, tmp_path: Path) -> None:
    before = datetime.now(tz=UTC)
    with time_machine.travel(timezone.now() - timedelta(hours=6)):
        batch = take_in(tmp_path)
    assert batch.completed_at is not None
    assert before < batch.completed_at < datetime.now(tz=UTC)


def test_cases_count_only_after_the_extraction_of_every_release_of_their_force(cast: Cast, tmp_path: Path) -> None:
    few_cases()
    # A machine whose clock runs before the database's has released.
    with time_machine.travel(timezone.now() + timedelta(minutes=9)):
        extracted_at = left(cast).extracted_at
    completed_at = take_in(tmp_path).completed_at
    assert completed_at is not None
    assert completed_at > extracted_at > datetime.now(tz=UTC)


def test_an_import_that_ends_while_a_table_is_worked_out_again_has_it_worked_out_once_more(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few_cases()
    proposal = proposed(cast.olivia)
    again, times = drafted, list[str]()

    def meanwhile(request: InformationRequest, **moment: object) -> Draft:
        draft = again(request, **moment)  # type: ignore[arg-type]
        if not times:
            take_in(tmp_path)
        times.append(draft.digest)
        return draft

    monkeypatch.setattr("cr_app.disclosure.actions.releasing.drafted", meanwhile)
    # The import counts from after the extraction, so the same table comes of it.
    assert release(proposal.request_id, by=cast.sam, proposal=proposal.pk).number == 1
    assert len(times) == 2
