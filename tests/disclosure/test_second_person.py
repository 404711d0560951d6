"""The second person is another one, with the role at the moment of releasing; decisions that fit nothing stand in the way."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.roles import Duty
from cr_app.audit import trail
from cr_app.disclosure import access
from cr_app.disclosure.access import Busy
from cr_app.disclosure.actions.releasing import propose, release
from cr_app.disclosure.actions.requests import choose_cell, drafted, work_out_request
from cr_app.disclosure.asked import BadRequest
from cr_app.disclosure.models import CellChoice, InformationRequest, Release, WorkedOut
from cr_app.disclosure.queries.desk import choices_of
from cr_app.disclosure.releases import CannotProtect, Draft
from cr_app.pages.refusals import AccessDenied, NotAllowed, Stale
from tests.cast import Cast, sign_in
from tests.disclosure import make_desk
from tests.disclosure.desk_work import few_cases, made, proposed
from tests.disclosure.working import THEFT, THREATS, history

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("lost", "refusal"),
    [
        ({"is_active": False}, NotAllowed),
        ({"roles": ["policy_owner"]}, NotAllowed),
        ({"force_id": "46"}, AccessDenied),
    ],
)
def test_whoever_loses_role_account_or_force_while_it_is_worked_out_again_does_not_release_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, lost: dict[str, object], refusal: type[Exception]
) -> None:
    few_cases()
    proposal = proposed(cast.olivia)
    again = drafted

    def meanwhile(request: InformationRequest, **moment: object) -> Draft:
        moved = {"unit_id": cast.kieran.unit_id} if "force_id" in lost else {}
        type(cast.sam).objects.filter(pk=cast.sam.pk).update(**lost, **moved)
        return again(request, **moment)  # type: ignore[arg-type]

    monkeypatch.setattr("cr_app.disclosure.actions.releasing.drafted", meanwhile)
    with pytest.raises(refusal):
        release(proposal.request_id, by=cast.sam, proposal=proposal.pk)
    assert not Release.objects.exists()


@pytest.mark.parametrize("event", ["officer.added", "officer.changed", "officer.password_changed"])
def test_an_account_that_the_proposer_had_a_hand_in_does_not_release_it(cast: Cast, event: str) -> None:
    few_cases()
    proposal = proposed(cast.olivia)
    trail.record(event, actor=cast.colin.as_actor(), subject=cast.sam.subject)
    trail.record(event, actor=cast.olivia.as_actor(), subject=cast.olivia.subject)
    if event == "officer.added":
        # The control: somebody else's hand, and one's own in one's own account, are in nobody's way.
        assert release(proposal.request_id, by=cast.sam, proposal=proposal.pk).number == 1
        return
    trail.record(event, actor=cast.olivia.as_actor(), subject=cast.sam.subject)
    with pytest.raises(NotAllowed, match="changed your account"):
        release(proposal.request_id, by=cast.sam, proposal=proposal.pk)
    assert not Release.objects.exists()


@pytest.mark.parametrize("event", ["officer.added", "officer.changed", "officer.password_changed"])
def test_whoever_had_a_hand_in_the_proposers_account_does_not_release_what_was_proposed_under_it(
    cast: Cast, event: str
) -> None:
    few_cases()
    proposal = proposed(cast.olivia)
    trail.record(event, actor=cast.sam.as_actor(), subject=cast.olivia.subject)
    with pytest.raises(NotAllowed, match="account of whoever proposed it"):
        release(proposal.request_id, by=cast.sam, proposal=proposal.pk)
    assert not Release.objects.exists()
    page = sign_in(Client(), cast.sam).get(reverse("foi_release", args=[proposal.request_id])).content.decode()
    assert "account of whoever proposed it" in page
    assert 'name="declared"' not in page


def test_what_was_worked_out_since_it_was_proposed_is_proposed_again_not_worked_out_again(cast: Cast) -> None:
    few_cases()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        proposal = proposed(cast.olivia)
        clock.shift(timedelta(minutes=2))
        work_out_request(proposal.request_id, by=cast.olivia)
        with pytest.raises(Stale, match="worked out again since it was proposed"):
            release(proposal.request_id, by=cast.sam, proposal=proposal.pk)


def test_a_table_is_not_worked_out_twice_at_a_time_and_a_run_that_was_cut_off_is_not_waited_for(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    few_cases()
    request = made(cast.olivia)

    def meanwhile(same: InformationRequest, **moment: object) -> Draft:
        with pytest.raises(Busy, match="being worked out already, for Olivia Grant"):
            work_out_request(same.pk, by=cast.sam)
        return drafted(same, **moment)  # type: ignore[arg-type]

    monkeypatch.setattr("cr_app.disclosure.actions.requests.drafted", meanwhile)
    assert work_out_request(request.pk, by=cast.olivia).by == cast.olivia
    monkeypatch.undo()
    waiting = InformationRequest.objects.filter(pk=request.pk, working_since=None)
    # Another process was killed at it, long ago.
    long_ago = {"working_since": timezone.now() - timedelta(hours=1), "working_by": cast.olivia}
    assert waiting.update(**long_ago, title="Another title", version=2) == 1
    assert work_out_request(request.pk, by=cast.sam).by == cast.sam
    assert waiting.exists()


def test_the_officer_is_read_anew_with_the_role_and_force_of_now(cast: Cast) -> None:
    assert access.lock_officer(cast.sam) == cast.sam
    type(cast.sam).objects.filter(pk=cast.sam.pk).update(roles=["policy_owner"])
    with pytest.raises(NotAllowed):
        access.require_duty(access.lock_officer(cast.sam), Duty.RELEASE)


def test_a_decision_that_fits_no_cell_any_more_is_made_anew_or_taken_back_before_it_is_proposed(cast: Cast) -> None:
    few_cases()
    request = made(cast.olivia)
    first = work_out_request(request.pk, by=cast.olivia)
    choose_cell(
        request.pk, by=cast.olivia, row="Theft", column="Total", is_withheld=True, reason="The paper named a number."
    )
    worked_out = _with_unused(work_out_request(request.pk, by=cast.olivia))
    with pytest.raises(NotAllowed, match="Theft, Total"):
        propose(request.pk, by=cast.olivia, note="", worked_out=worked_out.pk)
    taken = {"by": cast.olivia, "row": "Theft", "column": "Total", "is_withheld": None, "reason": "No such row now."}
    assert choose_cell(request.pk, **taken) == choose_cell(request.pk, **taken)  # type: ignore[arg-type]
    assert choices_of(request) == []
    with pytest.raises(BadRequest, match="nothing to take back"):
        choose_cell(request.pk, **taken | {"reason": "Again."})  # type: ignore[arg-type]
    again = work_out_request(request.pk, by=cast.olivia)
    assert again.content.split('"table"')[1] == first.content.split('"table"')[1]
    assert propose(request.pk, by=cast.olivia, note="", worked_out=again.pk).worked_out == again


def _with_unused(worked_out: WorkedOut) -> WorkedOut:
    """Return it kept again as if the decision had fitted nothing."""
    choice = CellChoice.objects.filter(request=worked_out.request).latest("pk")
    unused = [{"row": choice.row, "column": choice.column, "is_withheld": True}]
    worked_out.pk, worked_out.why = None, {**worked_out.why, "unused": unused}
    worked_out.save(force_insert=True)
    return worked_out


def test_where_an_opened_value_is_why_nothing_can_be_protected_the_refusal_names_it(cast: Cast) -> None:
    history({("2020-06-01", THEFT): 30, ("2020-07-01", THREATS): 3})
    # One year: what is opened of it is the total too.
    request = made(cast.olivia, period_to=date(2020, 12, 31))
    work_out_request(request.pk, by=cast.olivia)
    told: dict[str, Any] = {"by": cast.olivia, "row": "Threats", "column": "2020", "reason": "It was in the paper."}
    choose_cell(request.pk, is_withheld=False, **told)
    with pytest.raises(CannotProtect, match="Threats, 2020"):
        work_out_request(request.pk, by=cast.olivia)
    choose_cell(request.pk, is_withheld=None, **told)
    assert work_out_request(request.pk, by=cast.olivia).digest


def test_a_new_decision_that_nobody_made_is_not_there_to_take_back(cast: Cast) -> None:
    request = make_desk.request(cast)
    make_desk.worked_out(request, cast)
    with pytest.raises(BadRequest, match="nothing to take back"):
        choose_cell(request.pk, by=cast.olivia, row="Theft", column="2020", is_withheld=None, reason="x")
