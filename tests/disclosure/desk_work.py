"""Requests carried through the desk for tests: made, worked out, proposed, released."""

from typing import Any

from cr_app.accounts.models import Officer
from cr_app.disclosure.actions.releasing import propose, release
from cr_app.disclosure.actions.requests import make_request, work_out_request
from cr_app.disclosure.models import InformationRequest, Proposal, Release
from tests.cast import Cast
from tests.disclosure.working import THEFT, THREATS, asked, history


def few_cases() -> None:
    """Import what has one small count."""
    history(
        {("2020-06-01", THEFT): 30, ("2021-06-01", THEFT): 40, ("2020-06-01", THREATS): 3, ("2021-06-01", THREATS): 9}
    )


def made(by: Officer, **changes: Any) -> InformationRequest:
    """Take in the request of `working`, but for what is changed."""
    return make_request(asked(**changes), by=by)


def proposed(by: Officer, **changes: Any) -> Proposal:
    """Carry a request as far as a proposal."""
    request = made(by, **changes)
    return propose(request.pk, by=by, note="", worked_out=work_out_request(request.pk, by=by).pk)


def left(cast: Cast, **changes: Any) -> Release:
    """Carry a request as far as its release: Olivia proposes, Sam releases."""
    proposal = proposed(cast.olivia, **changes)
    return release(proposal.request_id, by=cast.sam, proposal=proposal.pk)
