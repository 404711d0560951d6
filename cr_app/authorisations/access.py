"""The door for whoever decides: a case is opened by `cases.access`, told whether it was asked of this very officer."""

from datetime import datetime

from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Right, Role
from cr_app.authorisations.models import Decision, Kind, Request
from cr_app.authorisations.queries import case_named, interest_of, kind_of, standing_of, still_open
from cr_app.cases import access
from cr_app.cases.models import Case
from cr_app.cases.queries import latest_snapshot


def is_routed(officer: Officer, case: Case, *, reading: int | None = None, at: datetime | None = None) -> bool:
    """Tell whether a case is this officer's to read: asked of her, or to be asked now though no command has run.

    What was asked is hers while it waits on that submission; what she decided stays hers to read. `reading` is the number
    of the submission that a page of hers showed: an answer to that page is told to her though the case has moved on.
    A restricted case is routed only while professional standards' *suitable* stands, and by what was done after it; and
    no case to one who has declared an interest in it.
    """
    if not officer.has_role(Role.AUTHORISING_OFFICER):
        # Of no one else does the door ask it.
        return False
    if interest_of(officer, case) is not None:
        return False
    decided = Decision.objects.filter(case=case, decided_by=officer, kind=Kind.AUTHORITY)
    if any(_is_open(case, since) for since in decided.values_list("decided_at", flat=True)):
        return True
    waits = kind_of(case) is Kind.AUTHORITY
    snapshot = latest_snapshot(case) if waits else None
    numbers = {number for number in (snapshot.number if snapshot else None, reading) if number is not None}
    asked = Request.objects.filter(case=case, officer=officer, kind=Kind.AUTHORITY, snapshot__number__in=numbers)
    if any(_is_open(case, since) for since in asked.values_list("asked_at", flat=True)):
        return True
    now = at or timezone.now()
    if not waits or not _is_open(case, now):
        return False
    standing = standing_of(case, now)
    return standing is not None and any(each.officer.pk == officer.pk for each in standing.to_ask)


def look_to_decide(
    officer: Officer, reference: str, *, page: str, sitting: str, path: str = "", reading: int | None = None
) -> Case:
    """Return a case for reading by whoever may decide on it, and record the look.

    Raises as `cases.access.look` does: a case that was not asked of this officer needs a reason.
    """
    routed = _is_routed_here(officer, reference, reading)
    return access.look(officer, reference, page=page, sitting=sitting, path=path, routed=routed)


def lock_to_decide(officer: Officer, reference: str, *, reading: int | None = None) -> Case:
    """Return a case locked for this transaction, where the officer may see it; who may decide is `rules`' to say.

    Raises AccessDenied where the officer may not see it.
    """
    return access.lock_case(officer, reference, Right.SEE, routed=_is_routed_here(officer, reference, reading))


def require_deciding(officer: Officer, case: Case) -> None:
    """Raise NotAllowed where the table of roles gives an officer whom the rules let decide no such right on this case."""
    access.require(officer, case, Right.DECIDE, routed=not case.is_restricted or is_routed(officer, case))


def may_open(officer: Officer, case: Case) -> bool:
    """Tell whether the page of the case itself opens to an officer, who need not be one who decides."""
    return access.sight_of(officer, case).may(Right.SEE)


def _is_open(case: Case, since: datetime) -> bool:
    return not case.is_restricted or still_open(case, since)


def _is_routed_here(officer: Officer, reference: str, reading: int | None) -> bool:
    case = case_named(reference)
    if case is None or case.force_id != officer.force_id:
        # Of another force, or of nothing: the door says so.
        return False
    return is_routed(officer, case, reading=reading)
