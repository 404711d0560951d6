"""Record that the offender or the appropriate adult would not sign: nothing is issued, and the case stays ready."""

from typing import Literal, TypeAlias
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Right
from cr_app.cases import access
from cr_app.cases.actions.changes import Changes
from cr_app.cases.actions.issue import needs_appropriate_adult
from cr_app.cases.actions.once import first_time, leads_to
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import SigningRefusal
from cr_app.cases.queries import Record
from cr_app.pages.refusals import NotAllowed

Signer: TypeAlias = Literal["offender", "appropriate_adult"]
SIGNERS: dict[str, str] = {"offender": "offender", "appropriate_adult": "appropriate adult"}


def record_signing_refused(reference: str, *, by: Officer, token: UUID, role: Signer, said: str) -> None:
    """Record who would not sign and what they said, once for each token.

    Raises NotAllowed where the case is not ready, without what was said, and for an appropriate adult in a case that
    needs none; Stale where the token was used for something else.
    """
    at = timezone.now()
    with transaction.atomic():
        case = access.lock_case(by, reference, Right.ISSUE)
        if first_time(token, by=by, answers={"role": role, "said": said}, at=at, about=reference) is not None:
            return
        if case.status_now is not Status.READY:
            raise NotAllowed(f"This case is {case.status_now.phrase}: there is nothing to sign.", subject=case.subject)
        if not said.strip():
            raise NotAllowed("Say what they said.", subject=case.subject)
        if role == "appropriate_adult" and not needs_appropriate_adult(Record(case), at=at):
            raise NotAllowed("No appropriate adult signs in this case.", subject=case.subject)
        changes = Changes(case, by=by, at=at)
        changes.create(SigningRefusal(case=case, role=role, said=said.strip(), at=at, by=by))
        leads_to(token, reference)
        changes.record("case.signing_refused", details={"signer": SIGNERS[role]})
