"""The demo's FOI desk: made once, through the import and the actions, and never outside the demo."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from cr_app.audit.models import Entry
from cr_app.disclosure.actions.requests import make_request
from cr_app.disclosure.asked import Asked
from cr_app.disclosure.demo.history import PUBLISHED, invented, lines_of, ten_years
from cr_app.disclosure.demo.making import GROUPS, make_disclosure
from cr_app.disclosure.models import ImportBatch, ImportedCase, ImportReject, InformationRequest, Release, WorkedOut
from tests.cast import Cast


def test_the_demo_has_history_and_a_request_in_each_state_and_is_made_once(cast: Cast) -> None:
    officers = cast.everybody()
    assert make_disclosure(officers)
    batch = ImportBatch.objects.get()
    assert batch.completed_at is not None
    assert 2500 < batch.cases == ImportedCase.objects.count() < 6000
    assert not ImportReject.objects.exists()
    released, worked_out, taken_in = InformationRequest.objects.order_by("pk")
    release = Release.objects.get()
    assert (release.request, release.proposed_by, release.released_by) == (released, cast.olivia, cast.sam)
    assert [each.request for each in WorkedOut.objects.order_by("pk")] == [released, worked_out]
    assert (taken_in.rows_by, taken_in.years) == ("offence", "financial")
    assert (taken_in.period_to.year - taken_in.period_from.year, taken_in.period_from.month) == (10, 4)
    before = Entry.objects.count()
    assert not make_disclosure(officers)
    assert Entry.objects.count() == before


def test_what_was_cut_short_is_made_to_its_end(cast: Cast) -> None:
    asked = Asked("01.FOI.26.1", date(2026, 3, 2), "01", date(2022, 1, 1), date(2023, 12, 31), "calendar", "group")
    taken_in = make_request(asked, by=cast.olivia, title=GROUPS)
    assert make_disclosure(cast.everybody())
    assert Release.objects.get().request == taken_in
    assert InformationRequest.objects.count() == 3


def test_the_same_seed_invents_the_same_history_and_another_another() -> None:
    years = ten_years(2015, times_fewer=400)
    assert list(invented(years, seed=1)) == list(invented(years, seed=1))
    assert list(invented(years, seed=1)) != list(invented(years, seed=2))
    principals = list(invented(years, seed=1))
    assert len(principals) == sum(years.values()) == sum(PUBLISHED[year] // 400 for year in range(2015, 2025))
    lines = list(lines_of(principals, force="01", prefix="X", seed=1))
    assert len({line[0] for line in lines}) == len(principals) < len(lines)


def test_it_is_made_in_the_demo_only(cast: Cast, settings: object, capsys: pytest.CaptureFixture[str]) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    with pytest.raises(SystemExit) as ended:
        call_command("make_demo_disclosure", stdout=StringIO())
    assert ended.value.code == 2
    assert not ImportBatch.objects.exists()
    settings.DEMO = True  # type: ignore[attr-defined]
    said = StringIO()
    call_command("make_demo_disclosure", stdout=said)
    assert said.getvalue() == "Made history and requests.\n"
