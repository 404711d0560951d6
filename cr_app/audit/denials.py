"""Refusals, kept: what somebody tried and may not do survives the rollback that it causes.

The view raises; its transaction is undone; only then is the refusal written, in a transaction of its own.
"""

import logging
from collections.abc import Callable
from typing import ClassVar

from django import db
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from cr_app.audit.models import AccessKind, Entry, Outcome
from cr_app.audit.requests import current_request, page_of
from cr_app.audit.trail import ANONYMOUS, Actor, look, record
from cr_app.pages.errors import refused
from cr_app.pages.refusals import NeedsReason, Refusal

_log = logging.getLogger(__name__)
# A refusal at the door of a record, as against one of an action on a record that may be seen.
DOOR = "access.refused"
_PAGE_LENGTH = 200


def keep_refusal(request: HttpRequest, refusal: Refusal) -> Entry:
    """Write what a page refused, after its rollback, also where the page itself then says so; see `record_refusal`."""
    return record_refusal(refusal, actor_of(request), page=page_of(request), method=_method_of(request))


def record_refusal(refusal: Refusal, actor: Actor, *, page: str = "", method: str = "") -> Entry:
    """Write what was refused to whom, in a transaction of its own, for a command or a page; call it after the rollback.

    Whoever was turned away at the door of a record is also kept among those who looked at it.
    """
    with db.transaction.atomic(durable=True):
        entry = record(
            refusal.event,
            actor=actor,
            subject=refusal.subject,
            outcome=Outcome.REFUSED,
            details={
                "page": page[:_PAGE_LENGTH],
                "method": method,
                "status": refusal.answer_status,
                "sentence": refusal.sentence,
            },
        )
        if refusal.event == DOOR and refusal.subject:
            look(
                actor=actor,
                subjects=[refusal.subject],
                page=page[:_PAGE_LENGTH],
                kind=AccessKind.CONSULTATION,
                implied=False,
                outcome=Outcome.REFUSED,
            )
    return entry


def actor_of(request: HttpRequest) -> Actor:
    """Return whoever makes the request, as they are now: an officer, or somebody not signed in."""
    as_actor: Callable[[], Actor] | None = getattr(getattr(request, "user", None), "as_actor", None)
    return ANONYMOUS if as_actor is None else as_actor()


class RecordDenials:
    """Middleware: writes each refusal and answers with its sentence; when it cannot be written, says so with 503."""

    sync_capable: ClassVar[bool] = True
    async_capable: ClassVar[bool] = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what serves the request."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request; refusals come through `process_exception`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; leave every other exception, and the question for a reason, to whoever knows them."""
        if not isinstance(exception, Refusal) or isinstance(exception, NeedsReason):
            return None
        try:
            keep_refusal(request, exception)
        except db.Error as error:
            return _unrecorded(request, error)
        return refused(request, exception)


def _method_of(request: HttpRequest) -> str:
    method = request.method or ""
    return method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"


def _unrecorded(request: HttpRequest, error: db.Error) -> HttpResponse:
    """Refuse all the same, on a page that needs no database; the log learns the kind of failure alone."""
    served = current_request()
    _log.error("A refusal could not be written: %s (request %s)", type(error).__name__, served.id if served else "none")
    return HttpResponse(render_to_string("audit/unrecorded.html"), status=503, headers={"Retry-After": "60"})
