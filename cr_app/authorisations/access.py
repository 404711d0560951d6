"""The door for whoever decides: a case is opened by `cases.access`, told whether it was asked of this very officer."""

from datetime import datetime

from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Right, Role
from cr_app.authorisations.models import Kind, Request
from cr_app.authorisations.queries import case_named, interest_of, kind_of, standing_of
from cr_app.cases import access
from cr_app.cases.models import Case

SUITABLE = "suitable"


def is_routed(officer: Officer, case: Case, *, at: datetime | None = None) -> bool:
    """Tell whether authority for a case was asked of this officer, or would be asked now though no command has run.

    A restricted case is routed to an inspector only while professional standards' *suitable* stands, and only by a
    request made after it; and no case to one who has declared an interest in it.
    """
    if not officer.has_role(Role.AUTHORISING_OFFICER):
        # Of no one else does the door ask it.
        return False
    if case.is_restricted and case.professional_standards_decision != SUITABLE:
        return False
    if interest_of(officer, case) is not None:
        return False
    asked = Request.objects.filter(case=case, officer=officer, kind=Kind.AUTHORITY)
    if case.is_restricted:
        asked = asked.filter(asked_at__gte=case.professional_standards_at)
    if asked.exists():
        return True
    if kind_of(case) is not Kind.AUTHORITY:
        return False
    standing = standing_of(case, at or timezone.now())
    return standing is not None and any(each.officer.pk == officer.pk for each in standing.to_ask)


def look_to_decide(officer: Officer, reference: str, *, page: str, sitting: str, path: str = "") -> Case:
    """Return a case for reading by whoever may decide on it, and record the look.

    Raises as `cases.access.look` does: a case that was not asked of this officer needs a reason.
    """
    return access.look(
        officer, reference, page=page, sitting=sitting, path=path, routed=_is_routed_here(officer, reference)
    )


def lock_to_decide(officer: Officer, reference: str) -> Case:
    """Return a case locked for this transaction, where the officer may see it; who may decide is `rules`' to say.

    Raises AccessDenied where the officer may not see it.
    """
    return access.lock_case(officer, reference, Right.SEE, routed=_is_routed_here(officer, reference))


def _is_routed_here(officer: Officer, reference: str) -> bool:
    case = case_named(reference)
    # Of another force, or of nothing: the door says so.
    return case is not None and case.force_id == officer.force_id and is_routed(officer, case)
