"""Declare an interest in a case: who has one does not decide on it."""

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit import trail
from cr_app.authorisations import access
from cr_app.authorisations.actions.asking import ask
from cr_app.authorisations.actions.kept import keep_rows
from cr_app.authorisations.actions.wording import cleaned
from cr_app.authorisations.models import Interest
from cr_app.authorisations.queries import interest_of, kinds_for
from cr_app.cases.lifecycle import FINAL
from cr_app.pages.refusals import NotAllowed


def declare_interest(reference: str, *, by: Officer, reason: str) -> None:
    """Keep an officer's word that they have an interest in a case; others are asked where nobody asked can then decide.

    Declared once it stands: again, it does nothing. Raises NotAllowed without a reason, for a closed case, and for an
    officer who decides on none; AccessDenied as the door does.
    """
    at = timezone.now()
    with transaction.atomic():
        case = access.lock_to_decide(by, reference)
        if not kinds_for(by):
            raise NotAllowed("You decide on no cases, so there is no interest to declare.", subject=case.subject)
        if interest_of(by, case) is not None:
            return
        if case.status_now in FINAL:
            raise NotAllowed(
                f"This case is {case.status_label.lower()}: nothing of it is to be decided any more.",
                subject=case.subject,
            )
        words = cleaned(reason, case, what="your interest", missing="Say what your interest in this case is.")
        row = Interest(case=case, officer=by, reason=words, declared_at=at)
        trail.record(
            "case.interest_declared",
            actor=by.as_actor(),
            subject=case.subject,
            reason=words,
            changes=keep_rows([row]),
            at=at,
        )
        ask(case, actor=by.as_actor(), at=at)
