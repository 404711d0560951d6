"""Close a request that is not answered here: entered by mistake, taken back, refused, answered otherwise."""

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit import trail
from cr_app.audit.trail import Change
from cr_app.disclosure import access
from cr_app.disclosure.asked import BadRequest
from cr_app.disclosure.models import InformationRequest
from cr_app.disclosure.queries.state import released_of
from cr_app.pages.refusals import NotAllowed

_RELEASED = "It was released, so it is answered. There is nothing to close."


def close_request(pk: int, *, by: Officer, reason: str) -> InformationRequest:
    """Close a request for a reason; it is not answered here, and nothing of it changes any more.

    Closed twice it is closed once. Raises BadRequest without a reason, NotAllowed once it is released, AccessDenied for another
    force's.
    """
    if not reason.strip():
        raise BadRequest("Say why it is closed.")
    with transaction.atomic():
        request = access.lock_request(by, pk)
        if request.closed_at is not None:
            return request
        if released_of(request) is not None:
            raise NotAllowed(_RELEASED, subject=request.subject)
        request.closed_by, request.closed_at, request.closed_because = by, timezone.now(), reason
        request.save(update_fields=["closed_by", "closed_at", "closed_because"])
        trail.record(
            "request.closed",
            actor=by.as_actor(),
            subject=request.subject,
            reason=reason,
            changes=[
                Change(
                    "update",
                    "request",
                    str(request.pk),
                    new={"closed_at": request.closed_at.isoformat()},
                    old={"closed_at": None},
                )
            ],
            details=request.named,
        )
        return request
