"""Declare an interest in a case: who has one does not decide on it, and what they gave for it counts no more."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit import trail
from cr_app.authorisations import access
from cr_app.authorisations.actions.asking import ask
from cr_app.authorisations.actions.kept import keep_rows
from cr_app.authorisations.actions.mailing import tell_of_change
from cr_app.authorisations.actions.wording import cleaned
from cr_app.authorisations.models import Interest
from cr_app.authorisations.queries import interest_of, kinds_for
from cr_app.cases.actions.changes import Changes
from cr_app.cases.actions.voiding import void_what_was_given_by
from cr_app.cases.lifecycle import FINAL, Status
from cr_app.cases.models import Case
from cr_app.pages.refusals import NotAllowed

_EVENT = "case.interest_declared"


@dataclass(frozen=True)
class Declared:
    """Where a case stands once an interest in it is declared, and what this voided, in words."""

    status: Status
    voided: tuple[str, ...] = ()


def declare_interest(reference: str, *, by: Officer, reason: str) -> Declared:
    """Keep an officer's word that they have an interest in a case, and return what follows.

    Authority, or suitability, that stands and that this officer gave becomes void, and the case's officer is told; others
    are asked where nobody asked can then decide. Declared once it stands: again, it does nothing. Raises NotAllowed
    without a reason, for a case that is final, and for an officer who decides on none; AccessDenied as the door does.
    """
    at = timezone.now()
    with transaction.atomic():
        case = access.lock_to_decide(by, reference)
        if not kinds_for(by):
            raise NotAllowed("You decide on no cases, so there is no interest to declare.", subject=case.subject)
        if interest_of(by, case) is not None:
            return Declared(case.status_now)
        if case.status_now in FINAL:
            raise NotAllowed(_too_late(case), subject=case.subject)
        words = cleaned(reason, case, what="your interest", missing="Say what your interest in this case is.")
        row = Interest(case=case, officer=by, reason=words, declared_at=at)
        changes = Changes(case, by=by, at=at)
        voided = void_what_was_given_by(changes)
        if voided:
            changes.create(row)
            changes.record(_EVENT, reason=words)
            tell_of_change(reference, case.officer)
        else:
            # Nothing of the case itself changes: its version stays.
            trail.record(
                _EVENT,
                actor=by.as_actor(),
                subject=case.subject,
                reason=words,
                changes=keep_rows([row]),
                at=at,
            )
        ask(case, actor=by.as_actor(), at=at)
    return Declared(case.status_now, tuple(cover.words for cover in voided))


def _too_late(case: Case) -> str:
    """Say that a final case is decided, and whom to tell of an interest in it."""
    return (
        f"This case is {case.status_now.phrase}, and an interest declared here changes nothing of it. Tell "
        f"professional standards of your force, and its officer, {case.officer.title}."
    )
