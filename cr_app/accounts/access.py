"""The door to officers and units: an administrator sees and changes those of the own force, and no others.

What a page shows of an account is recorded by `record_look`, as the door to cases records every look at one.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from cr_app.accounts.models import Absence, Officer, Unit
from cr_app.accounts.roles import Duty, duties
from cr_app.audit import trail
from cr_app.pages.refusals import AccessDenied, NotAllowed


def administers(officer: Officer) -> bool:
    """Tell whether the officer looks after the accounts of the force."""
    return Duty.MANAGE_OFFICERS in duties(officer.given_roles())


def require_administrator(by: Officer) -> None:
    """Let an administrator pass; raises NotAllowed for anybody else."""
    if not administers(by):
        raise NotAllowed("Only an administrator of your force may do this.")


def record_look(by: Officer, officers: Iterable[Officer], *, page: str) -> None:
    """Record that a page shows these officers' accounts to one whose duty that is; nobody looks at their own."""
    others = [officer.subject for officer in officers if officer.pk != by.pk]
    if not others:
        return
    with transaction.atomic():
        trail.look(actor=by.as_actor(), subjects=others, page=page, kind="consultation", implied=True)


def officer_for(by: Officer, pk: int) -> Officer:
    """Return the officer with this key, with force and unit; to an administrator of that force alone."""
    require_administrator(by)
    return _of_force(by, Officer.objects.select_related("force", "unit").filter(pk=pk).first())


def lock_officer(by: Officer, pk: int) -> Officer:
    """Return that officer locked until the end of the transaction."""
    require_administrator(by)
    return _of_force(by, _locked(pk))


def lock_absentee(by: Officer, pk: int) -> Officer:
    """Return the officer whose absence is recorded, locked: the very officer who acts, or one whom she administers."""
    absentee_for(by, pk)
    return _of_force(by, _locked(pk))


def absentee_for(by: Officer, pk: int) -> Officer:
    """Return that officer; raises NotAllowed for an officer of whom nothing is asked and who administers nobody."""
    if pk != by.pk or administers(by):
        return officer_for(by, pk)
    require_decider(by)
    return by


def require_decider(by: Officer) -> None:
    """Let an officer pass of whom decisions are asked; raises NotAllowed for anybody else."""
    if not by.deciding_roles():
        raise NotAllowed("No decisions are asked of you, so there is no duty or absence for you to record.")


def absence_for(by: Officer, pk: int) -> Absence:
    """Return an absence of the officer who acts, or of one whom she administers."""
    found = Absence.objects.select_related("officer", "covered_by").filter(pk=pk).first()
    if found is None or found.officer_id != by.pk:
        require_administrator(by)
    if found is None:
        raise AccessDenied("No such absence.")
    _of_force(by, found.officer)
    return found


def lock_unit(by: Officer, pk: int) -> Unit:
    """Return a unit of the administrator's own force, locked."""
    return _unit_in(Unit.objects.select_for_update(), by, pk)


def unit_for(by: Officer, pk: int) -> Unit:
    """Return a unit of the administrator's own force."""
    return _unit_in(Unit.objects.all(), by, pk)


def _unit_in(units: QuerySet[Unit], by: Officer, pk: int) -> Unit:
    require_administrator(by)
    found = units.filter(pk=pk, force_id=by.force_id).first()
    if found is None:
        raise AccessDenied("No such unit of this force.")
    return found


def _locked(pk: int) -> Officer | None:
    # No key changes, so the row may be referred to meanwhile: two officers who name each other as cover wait for neither.
    officers = Officer.objects.select_for_update(of=("self",), no_key=True)
    return officers.select_related("force", "unit").filter(pk=pk).first()


def _of_force(by: Officer, found: Officer | None) -> Officer:
    if found is None:
        raise AccessDenied("No such officer.")
    if found.force_id != by.force_id:
        raise AccessDenied("An officer of another force.", subject=found.subject)
    return found
