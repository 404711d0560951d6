"""The door of the FOI desk: who may answer and release, and that nobody reaches what is another force's."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from django.db import OperationalError

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Duty, duties
from cr_app.database.patience import took_too_long
from cr_app.disclosure.models import InformationRequest, PublishedTotal, Release
from cr_app.pages.refusals import AccessDenied, NotAllowed, Stale

_REFUSED = {
    Duty.ANSWER_REQUESTS: "Only an FOI analyst may work on requests for statistics.",
    Duty.RELEASE: "Only an FOI analyst may release statistics.",
}
_HELD = "Somebody else changes this request, or an account, at this moment. Nothing was saved: try again in a minute."


class Busy(Stale):
    """Somebody is at the same thing at this moment (409): nothing was tried that may not be done, so the trail keeps nothing."""

    title: ClassVar[str] = "Somebody is at it already"


@contextmanager
def waiting(sentence: str) -> Iterator[None]:
    """Turn it into Busy, with this sentence, that a statement waits for others longer than an officer's request may."""
    try:
        yield
    except OperationalError as error:
        if took_too_long(error):
            raise Busy(sentence) from error
        raise


def require_duty(officer: Officer, duty: Duty) -> None:
    """Let an officer pass whose roles bring this duty; raises NotAllowed for anybody else."""
    if duty not in duties(officer.given_roles()):
        raise NotAllowed(_REFUSED.get(duty, "Your role does not allow this."))


def request_for(officer: Officer, pk: int) -> InformationRequest:
    """Return a request of the analyst's own force; raises AccessDenied for any other, NotAllowed without the duty."""
    require_duty(officer, Duty.ANSWER_REQUESTS)
    return _of_own_force(officer, InformationRequest.objects.select_related("force").filter(pk=pk).first())


def lock_request(officer: Officer, pk: int, *, duty: Duty = Duty.ANSWER_REQUESTS) -> InformationRequest:
    """Return it locked until the transaction ends, that nobody changes it meanwhile.

    Raises as `request_for` does, and Busy where somebody holds it for longer than an officer's request may wait.
    """
    require_duty(officer, duty)
    with waiting(_HELD):
        found = InformationRequest.objects.select_for_update(of=("self",)).select_related("force").filter(pk=pk).first()
    return _of_own_force(officer, found)


def lock_officer(officer: Officer) -> Officer:
    """Return an officer as the tables hold the account now, unchanged until the transaction ends.

    Raises NotAllowed where it was closed, Busy where somebody holds it for too long. Role and force are what the door looks at next.
    """
    with waiting(_HELD):
        locked = Officer.objects.select_for_update(of=("self",), no_key=True)
        now = locked.select_related("force").get(pk=officer.pk)
    if not now.is_active:
        raise NotAllowed("Your account was closed.")
    return now


def require_unclosed(request: InformationRequest) -> None:
    """Let a request pass that is not closed; raises NotAllowed for one that is."""
    if request.closed_at is not None:
        raise NotAllowed(
            "This request was closed, so nothing of it can be changed. Enter a new one.", subject=request.subject
        )


def release_for(officer: Officer, number: int) -> Release:
    """Return a release of the analyst's own force by its number; raises AccessDenied where there is none."""
    require_duty(officer, Duty.ANSWER_REQUESTS)
    related = ("force", "request", "proposed_by", "released_by")
    found = Release.objects.select_related(*related).filter(force=officer.force_id, number=number).first()
    if found is None:
        raise AccessDenied("No such release.")
    return found


def total_for(officer: Officer, pk: int) -> PublishedTotal:
    """Return a total published elsewhere about the analyst's own force, withdrawn or not; raises AccessDenied for any other."""
    require_duty(officer, Duty.ANSWER_REQUESTS)
    related = ("force", "by", "withdrawal__by")
    found = PublishedTotal.every.select_related(*related).filter(force=officer.force_id, pk=pk).first()
    if found is None:
        raise AccessDenied("No such total.")
    return found


def _of_own_force(officer: Officer, found: InformationRequest | None) -> InformationRequest:
    if found is None:
        raise AccessDenied("No such request.")
    if found.force_id != officer.force_id:
        raise AccessDenied("A request of another force.", subject=found.subject)
    return found
