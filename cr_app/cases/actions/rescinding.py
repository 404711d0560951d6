"""Rescind a Community Resolution: an Inspector or above takes back what another officer decided, with reasons, for good."""

from datetime import datetime
from typing import ClassVar

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.ranks import RankHeld
from cr_app.accounts.roles import Right, Role
from cr_app.audit.queries import who_did
from cr_app.cases import access, lifecycle
from cr_app.cases.actions.changes import Changes
from cr_app.cases.actions.documents import add_documents
from cr_app.cases.actions.submission import move
from cr_app.cases.judgement import rulebook_for
from cr_app.cases.lifecycle import Move, Status
from cr_app.cases.models import ActionProgress, Case, Correction, Document, Rescission
from cr_app.cases.queries import Record, rescission_of
from cr_app.cases.standing import is_party
from cr_app.pages.moments import moment
from cr_app.pages.refusals import NotAllowed, Stale
from cr_app.policy.ranks import Rank, rank_named
from cr_app.policy.rules import AuthorityNeeded

LOWEST: Rank = rank_named("Inspector")
_CHANGES_ANSWERS = (
    *("case.started", "case.copied", "case.answers_saved"),
    *("case.row_added", "case.row_changed", "case.row_removed", "case.submitted"),
)


class MayNotRescind(NotAllowed):
    """This officer may not rescind this case; `reasons` are the sentences that say why."""

    title: ClassVar[str] = "You cannot rescind this Community Resolution"

    def __init__(self, reasons: tuple[str, ...], *, subject: str) -> None:
        super().__init__(" ".join(reasons), subject=subject)
        self.reasons = reasons


def rank_needed(case: Case) -> AuthorityNeeded:
    """Return who may rescind a case: an Inspector or above, substantive where the rulebook it was decided under wants that.

    Source: the rulebook's rank for lifting an exclusion; it says whether an acting or temporary rank counts.
    """
    rulebook = rulebook_for(case.force_id, on=case.decided_on or timezone.localdate())
    return AuthorityNeeded(LOWEST, rulebook.authority.substantive)


def reasons_against_rescinding(officer: Officer, case: Case, *, at: datetime) -> tuple[str, ...]:
    """Return every reason why this officer may not rescind this case now; nothing where they may.

    The role, the rank held on that day, no part in the case, and a case that is issued and not rescinded yet.
    """
    if not lifecycle.may(case.status_now, Move.RESCIND):
        return (f"This case is {case.status_now.phrase}, so it cannot be rescinded.",)
    reasons = (*_of_role(officer, case), *_of_rank(officer, case, at=at), *_of_part(officer, case))
    if not reasons and not access.sight_of(officer, case).may(Right.RESCIND):
        return ("You may not rescind this Community Resolution.",)
    return reasons


def seen_state(case: Case) -> str:
    """Return what stands for how a case stands after issue, for a form to send back: another progress, another text."""
    progress = ActionProgress.objects.filter(case=case).count()
    return f"{case.status}.{progress}.{Correction.objects.filter(case=case).count()}"


def rescind(reference: str, *, by: Officer, reason: str, seen: str) -> tuple[Document, ...]:
    """Rescind a case and return the notices made for both parties; nothing more where the same officer sent it twice.

    `seen` is how the case stood on the page. Raises MayNotRescind with every reason, NotAllowed without a reason, and
    Stale where somebody else rescinded it meanwhile or it has moved on.
    """
    at = timezone.now()
    with transaction.atomic():
        case = access.lock_case(by, reference, Right.SEE)
        if case.status_now is Status.RESCINDED and _is_repeated(case, by=by, reason=reason):
            return ()
        reasons = reasons_against_rescinding(by, case, at=at)
        if reasons:
            raise MayNotRescind(reasons, subject=case.subject)
        if seen != seen_state(case):
            raise Stale(
                "Something was recorded on this case since you opened this page. Read it again, then decide.",
                subject=case.subject,
            )
        if not reason.strip():
            raise NotAllowed("Give the reason.", subject=case.subject)
        rank, is_substantive = _rank_used(by.rank_on(timezone.localdate(at)), rank_needed(case))
        changes = Changes(case, by=by, at=at)
        before = case.status
        changes.create(
            Rescission(case=case, rank=rank.name, is_substantive=is_substantive, reason=reason, at=at, by=by)
        )
        move(changes, Move.RESCIND, Status.RESCINDED, reason=reason)
        made = add_documents(changes, because="rescinded")
        changes.record(
            "case.rescinded",
            reason=reason,
            details={
                "status_from": before,
                "status_to": Status.RESCINDED.value,
                "rank": rank.name if is_substantive else f"Acting {rank.name}",
            },
        )
    return made


def _is_repeated(case: Case, *, by: Officer, reason: str) -> bool:
    """Tell whether the same officer sent the same form again; raises Stale where somebody else was first."""
    rescission = rescission_of(case)
    if rescission is None or rescission.by_id == by.pk:
        return rescission is not None and rescission.reason == reason
    raise Stale(
        f"{rescission.by.title} rescinded it on {moment(rescission.at)}, before you did. Nothing more was recorded.",
        subject=case.subject,
    )


def _rank_used(held: RankHeld, needed: AuthorityNeeded) -> tuple[Rank, bool]:
    """Return the rank it rests on, and whether that is substantive: the rank acted in, unless substantive rank is wanted."""
    if held.is_acting and not needed.substantive:
        return held.rank, False
    return held.substantive, True


def _of_role(officer: Officer, case: Case) -> tuple[str, ...]:
    role = Role.PROFESSIONAL_STANDARDS if case.is_restricted else Role.AUTHORISING_OFFICER
    if officer.has_role(role):
        return ()
    words = "professional standards" if case.is_restricted else "an authorising officer of the force"
    return (f"Only {words} may rescind it, and you have not been given that role.",)


def _of_rank(officer: Officer, case: Case, *, at: datetime) -> tuple[str, ...]:
    needed, held = rank_needed(case), officer.rank_on(timezone.localdate(at))
    if held.is_at_least(needed.rank, substantive=needed.substantive):
        return ()
    wanted = f"To rescind it takes {needed.words}."
    if held.is_acting:
        counts = held.is_at_least(needed.rank, substantive=False)
        why = ": an acting or temporary rank does not count here" if counts else ""
        return (
            f"{wanted} You are acting as {held.rank.name}, and your substantive rank is {held.substantive.name}{why}.",
        )
    return (f"{wanted} Your rank is {held.rank.name}.",)


def _of_part(officer: Officer, case: Case) -> tuple[str, ...]:
    reasons = []
    if officer.pk == case.recorded_by_id:
        reasons.append("You recorded this case, so another officer must rescind it.")
    elif officer.pk == case.officer_id:
        reasons.append("This case is yours, so another officer must rescind it.")
    elif officer.as_actor().key in who_did(case.subject, _CHANGES_ANSWERS):
        reasons.append("You changed answers in this case, so another officer must rescind it.")
    if is_party(officer, Record(case)):
        reasons.append("You are a party to this case: your warrant number is given for one of its people.")
    if access.has_interest(officer, case):
        reasons.append("You declared an interest in this case, so another officer must rescind it.")
    return tuple(reasons)
