"""A request that is still open: locked for whoever changes it, and marked while its table is worked out for somebody."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import OperationalError, transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.database.patience import patiently, took_too_long
from cr_app.disclosure import access
from cr_app.disclosure.asked import BadRequest, TookTooLong
from cr_app.disclosure.models import InformationRequest
from cr_app.disclosure.queries.state import is_at_work, released_of
from cr_app.disclosure.releases import CannotProtect
from cr_app.pages.refusals import NotAllowed

# What took minutes is not lost because somebody else holds the request for some seconds.
PATIENCE = "20s"
_RELEASED = "It was released, so nothing of it can be changed. Enter a new request."
_AT_WORK = "It is being worked out already, for {who}. Nothing is lost: what comes of it is kept, and shown here."
_HELD = (
    "Somebody else held the request when this was to be kept, so nothing came of it. Open the request in some minutes, and work it "
    "out again."
)


def require_open(request: InformationRequest) -> None:
    """Let a request pass that is neither closed nor released; raises NotAllowed for any other."""
    access.require_unclosed(request)
    if released_of(request) is not None:
        raise NotAllowed(_RELEASED, subject=request.subject)


def lock_open(pk: int, *, by: Officer) -> InformationRequest:
    """Return a request locked until the transaction ends; raises as the door does, and NotAllowed where it is not open."""
    request = access.lock_request(by, pk)
    require_open(request)
    return request


@contextmanager
def at_work(pk: int, *, by: Officer) -> Iterator[None]:
    """Mark a request as being worked out, and then why it could not be; raises Busy where it is marked already.

    A mark that was set too long ago to be true does not count.
    """
    now = timezone.now()
    with transaction.atomic():
        request = lock_open(pk, by=by)
        if is_at_work(request, now):
            who = request.working_by.name if request.working_by else ""
            raise access.Busy(_AT_WORK.format(who=who), subject=request.subject)
        _mark(request, since=now, by=by)
    because = ""
    try:
        yield
    except (CannotProtect, BadRequest) as error:
        because = str(error)
        raise
    finally:
        _unmark(pk, since=now, version=request.version, because=because)


@contextmanager
def keeping() -> Iterator[None]:
    """Open the transaction in which what was worked out is kept, which waits for the request; raises TookTooLong if for too long."""
    held = TookTooLong(_HELD)
    try:
        with patiently(PATIENCE, refusal=held):
            yield
    except access.Busy as error:
        raise held from error


def _unmark(pk: int, *, since: datetime, version: int, because: str) -> None:
    """Take the mark away, and keep why it could not be worked out; where the request is held for too long the mark runs out."""
    try:
        # Under its lock, so that no release comes in between: a request that was released stays as it was then.
        with patiently(PATIENCE):
            now_kept = InformationRequest.objects.select_for_update().filter(pk=pk, working_since=since).first()
            if now_kept is not None and released_of(now_kept) is None:
                now_kept.refused_at, now_kept.refused_because = (timezone.now() if because else None), because
                now_kept.refused_version = version
                _mark(now_kept, since=None, by=None)
    except OperationalError as error:
        if not took_too_long(error):
            raise


def _mark(request: InformationRequest, *, since: datetime | None, by: Officer | None) -> None:
    request.working_since, request.working_by = since, by
    request.save(update_fields=["working_since", "working_by", "refused_at", "refused_because", "refused_version"])
