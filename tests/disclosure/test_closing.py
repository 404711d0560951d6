"""A request that is not answered here is closed for a reason, and a release is of what was proposed for it."""

from typing import Any

import pytest
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse

from cr_app.audit.models import Entry
from cr_app.disclosure.actions import requests
from cr_app.disclosure.actions.closing import close_request
from cr_app.disclosure.actions.releasing import propose, release
from cr_app.disclosure.actions.requests import change_request, work_out_request
from cr_app.disclosure.asked import BadRequest
from cr_app.disclosure.models import Proposal, Release, WorkedOut
from cr_app.disclosure.releases import work_out
from cr_app.pages.refusals import AccessDenied, NotAllowed, Stale
from tests.cast import Cast, sign_in
from tests.disclosure import make_desk
from tests.disclosure.desk_work import few_cases, left, made, proposed
from tests.disclosure.working import asked

pytestmark = pytest.mark.django_db


def test_a_closed_request_is_closed_once_and_nothing_of_it_changes_any_more(cast: Cast) -> None:
    few_cases()
    proposal = proposed(cast.olivia)
    request = proposal.request
    with pytest.raises(BadRequest, match="Say why"):
        close_request(request.pk, by=cast.olivia, reason=" ")
    closed = close_request(request.pk, by=cast.olivia, reason="Withdrawn by letter.")
    again = close_request(request.pk, by=cast.sam, reason="Twice.")
    assert (again.closed_by, again.closed_because) == (cast.olivia, "Withdrawn by letter.")
    assert Entry.objects.filter(event="request.closed", subject=closed.subject).count() == 1
    for work in (
        lambda: change_request(request.pk, asked(threshold=7), by=cast.olivia, seen=1),
        lambda: work_out_request(request.pk, by=cast.olivia),
        lambda: propose(request.pk, by=cast.olivia, note="", worked_out=proposal.worked_out_id),
        lambda: release(request.pk, by=cast.sam, proposal=proposal.pk),
    ):
        with pytest.raises(NotAllowed, match="closed"):
            work()
    assert not Release.objects.exists()


def test_whoever_waits_for_a_table_while_another_closes_the_request_did_nothing_wrong(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    few_cases()
    request = made(cast.olivia)

    def closed_meanwhile(*arguments: Any, **told: Any) -> object:
        close_request(request.pk, by=cast.sam, reason="Withdrawn by letter.")
        return work_out(*arguments, **told)

    monkeypatch.setattr(requests, "work_out", closed_meanwhile)
    with pytest.raises(Stale, match="changed while this was worked out"):
        work_out_request(request.pk, by=cast.olivia)
    assert not WorkedOut.objects.exists()


def test_only_an_analyst_of_the_force_closes_and_never_what_was_released(cast: Cast) -> None:
    few_cases()
    request = left(cast).request
    with pytest.raises(NotAllowed, match="released"):
        close_request(request.pk, by=cast.olivia, reason="x")
    other = made(cast.olivia, reference="01.FOI.26.000009")
    with pytest.raises(NotAllowed):
        close_request(other.pk, by=cast.amina, reason="x")
    cast.sam.force = cast.kieran.force
    with pytest.raises(AccessDenied):
        close_request(other.pk, by=cast.sam, reason="x")


def test_what_is_closed_leaves_the_open_requests_and_says_who_closed_it_and_why(cast: Cast) -> None:
    olivia, request = sign_in(Client(), cast.olivia), make_desk.request(cast)
    address = reverse("foi_close", args=[request.pk])
    page = reverse("foi_request", args=[request.pk])
    assert address in olivia.get(page).content.decode()
    assert olivia.post(address, {"reason": ""}).status_code == 422
    assert olivia.post(address, {"reason": "Entered <b>twice</b>."})["Location"] == "/disclosure/"
    desk = olivia.get("/disclosure/").content.decode()
    assert desk.index("No request is open") < desk.index("Closed lately") < desk.index(request.reference)
    assert "Olivia Grant" in desk
    assert "Entered &lt;b&gt;twice&lt;/b&gt;." in desk
    assert "Overdue" not in desk
    for place in ("change/", "cell/", "propose/", "close/", ""):
        assert olivia.get(f"{page}{place}").status_code in (200, 302, 403), place
    assert "Work it out" not in olivia.get(page).content.decode()


def test_the_database_refuses_a_release_of_another_proposal_or_proposer(cast: Cast) -> None:
    released = make_desk.released(cast)
    other = make_desk.proposed(cast, part=2)
    proposal = Proposal.objects.get(request=other)
    told = {
        **{name: getattr(released, name) for name in ("force", "content", "digest", "extracted_at", "released_at")},
        "number": 2,
        "request": other,
        "proposal": proposal,
        "proposed_by": cast.olivia,
        "released_by": cast.sam,
    }
    for wrong in ({"proposed_by": cast.sam, "released_by": cast.olivia}, {"request": released.request}):
        with pytest.raises(Error, match=r"of the proposal of its request|duplicate"), transaction.atomic():
            Release.objects.create(**told | wrong)
    assert Release.objects.create(**told).number == 2


def test_the_pages_to_propose_and_release_lead_to_a_request_that_is_closed_or_released(cast: Cast) -> None:
    few_cases()
    closed, waiting = proposed(cast.olivia).request, proposed(cast.olivia, reference="01.FOI.26.000008").request
    close_request(closed.pk, by=cast.olivia, reason="Withdrawn by letter.")
    released = left(cast, reference="01.FOI.26.000009").request
    sam = sign_in(Client(), cast.sam)
    for name in ("foi_propose", "foi_release"):
        for request in (closed, released):
            answer = sam.get(reverse(name, args=[request.pk]))
            assert (answer.status_code, answer["Location"]) == (302, reverse("foi_request", args=[request.pk]))
        # The control: an open one has both pages.
        assert sam.get(reverse(name, args=[waiting.pk])).status_code == 200
