"""The door: every look at a case and every lock on one goes through here, is checked, and is recorded."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import QuerySet

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Relation, Right, Sight, sight
from cr_app.audit import queries as trail_queries
from cr_app.audit import trail
from cr_app.cases.lifecycle import FINAL
from cr_app.cases.models import Case
from cr_app.cases.models.case import REFERENCE
from cr_app.cases.queries import cases_to_change, numbers_in, whole_cases
from cr_app.pages.refusals import AccessDenied, NeedsReason, NotAllowed

_RESTRICTED = "A restricted record exists under this reference. It was referred to professional standards: ask their desk about it."
_NOT_FOR_YOU = {
    Right.EDIT: "Only the officer who recorded this case, or to whom it was reassigned, may change it.",
    Right.SUBMIT: "Only the officer who recorded this case, or to whom it was reassigned, may submit it.",
    Right.ISSUE: "Only the officer who recorded this case, or to whom it was reassigned, may issue it.",
    Right.FOLLOW_UP: "Only the officer whose case this is, or a sergeant of the unit, may follow it up.",
    Right.REASSIGN: "Only a sergeant of the unit may reassign this case.",
    Right.SEE: "You may not see this case.",
}
_A_PARTY = "You are a party to this case, so another officer follows it up."
_NOT_YOURS_TO_HAND_OVER = "Only professional standards may reassign a restricted case. Ask their desk."
_NOTHING = Sight(frozenset())
_TOLD_OF = Sight(frozenset(), knows_of_it=True)
INTEREST = "case.interest_declared"
# The page of a look at what another case's page tells of a case: that one was opened, this one was not.
BESIDE = "earlier case of the same person"


def relation_of(officer: Officer, case: Case) -> Relation:
    """Return whose case it is, seen from an officer: recorded by or reassigned to them is their own."""
    if officer.force_id != case.force_id:
        return Relation.OTHER_FORCE
    if officer.pk in (case.officer_id, case.recorded_by_id):
        return Relation.OWN
    return Relation.OWN_UNIT if officer.unit_id == case.unit_id else Relation.OWN_FORCE


def sight_of(officer: Officer, case: Case, *, routed: bool = False) -> Sight:
    """Return what an officer may do with a case; `routed` where authority for it was asked of this very officer.

    The nearest relation counts alone, but that a sergeant's own case is still one of her unit, to be handed over. A
    restricted case is not there for a party to it, by warrant number, whose own it is not: neither told of nor shown; and
    it is shown no more to whoever has declared an interest in it. Nobody follows up a case to which they are a party.
    """
    return sights_of(officer, [case], routed=routed)[case.pk]


def sights_of(officer: Officer, cases: Sequence[Case], *, routed: bool = False) -> dict[int, Sight]:
    """Return what an officer may do with each of these cases, by their keys; two queries at most, however many."""
    seen = {case.pk: _by_role(officer, case, routed=routed) for case in cases}
    others = [case for case in cases if case.is_restricted and relation_of(officer, case) is not Relation.OWN]
    # Before its end nothing of a case is followed up, and nobody has to be asked who they are in it.
    followed = [case for case in cases if case.status_now in FINAL and seen[case.pk].may(Right.FOLLOW_UP)]
    numbers = numbers_in({case.pk: case for case in (*others, *followed)}.values())
    parties = {pk for pk in numbers if officer.warrant_number in numbers[pk]}
    seen |= {
        case.pk: replace(seen[case.pk], rights=seen[case.pk].rights - {Right.FOLLOW_UP})
        for case in followed
        if case.pk in parties
    }
    return seen | _barred(officer, others, seen, parties)


def _barred(
    officer: Officer, others: Sequence[Case], seen: Mapping[int, Sight], parties: Collection[int]
) -> dict[int, Sight]:
    """Return what stands in the place of roles in restricted cases of others that an officer has part or interest in."""
    shown = [case for case in others if seen[case.pk].may(Right.SEE)]
    interested = trail_queries.done_to({INTEREST}, by=[officer.as_actor().key]) if shown else ()
    barred = {case.pk: _TOLD_OF for case in shown if case.subject in interested}
    return barred | {case.pk: _NOTHING for case in others if case.pk in parties}


def _by_role(officer: Officer, case: Case, *, routed: bool) -> Sight:
    roles, relation = officer.given_roles(), relation_of(officer, case)
    seen = sight(roles, relation, restricted=case.is_restricted, routed=routed)
    if relation is not Relation.OWN or officer.unit_id != case.unit_id:
        return seen
    of_unit = sight(roles, Relation.OWN_UNIT, restricted=case.is_restricted)
    return replace(seen, rights=seen.rights | (of_unit.rights & {Right.REASSIGN}))


def has_interest(officer: Officer, case: Case) -> bool:
    """Tell whether an officer has declared an interest in a case."""
    return case.subject in trail_queries.done_to({INTEREST}, by=[officer.as_actor().key])


def those_to_see(officer: Officer, cases: Sequence[Case]) -> list[Case]:
    """Return those of these cases that an officer may see, in their order."""
    seen = sights_of(officer, cases)
    return [case for case in cases if seen[case.pk].may(Right.SEE)]


def may_search(officer: Officer) -> bool:
    """Tell whether an officer's roles let them see any case at all; who only counts or administers searches for none."""
    roles = officer.given_roles()
    return any(sight(roles, relation, restricted=one).may(Right.SEE) for relation in Relation for one in (False, True))


def subject_of(reference: str) -> str:
    """Return how the trail names the case of a reference; nothing for text that cannot be one."""
    return f"case:{reference}" if REFERENCE.fullmatch(reference) else ""


def sitting_digest(session_key: str | None) -> str:
    """Return the digest that stands for a session in the trail; the key itself is never kept."""
    return hashlib.sha256(f"sitting:{session_key}".encode()).hexdigest() if session_key else ""


def look(
    officer: Officer,
    reference: str,
    *,
    page: str,
    sitting: str,
    path: str = "",
    kind: str = "consultation",
    routed: bool = False,
) -> Case:
    """Return the case for reading, and record the look; `routed` where authority for it was asked of this very officer.

    Raises AccessDenied where the officer may not see it, or may know only that a restricted record exists; and
    NeedsReason where it is not their own work and no reason was given in this sitting.
    """
    with transaction.atomic():
        case, seen = _checked(officer, whole_cases(), reference, routed=routed)
        reason = ""
        if seen.needs_reason:
            reason = trail_queries.sitting_reason(officer.as_actor().key, subject_of(reference), sitting)
            if not reason:
                raise NeedsReason(path, subject=subject_of(reference))
        trail.look(
            actor=officer.as_actor(),
            subjects=[subject_of(reference)],
            page=page,
            kind=kind,
            implied=not seen.needs_reason,
            reason=reason,
            sitting=sitting,
        )
    return case


def open_for(officer: Officer, reference: str, right: Right, *, routed: bool = False) -> Case:
    """Return the case for an action to come, unlocked and with no look recorded: nothing of it is shown but by `look`.

    Raises as lock_case does; the action checks again under its lock.
    """
    return _with_right(officer, cases_to_change(), reference, right, routed=routed)


def may_look(officer: Officer, reference: str) -> None:
    """Raise AccessDenied, as `look` does, where no reason would open this case; nothing is shown and nothing recorded."""
    _checked(officer, whole_cases(), reference)


def give_reason(officer: Officer, reference: str, *, reason: str, sitting: str) -> None:
    """Record why an officer looks at a case that is not their own work; it holds for the sitting."""
    with transaction.atomic():
        _checked(officer, whole_cases(), reference)
        trail.look(
            actor=officer.as_actor(),
            subjects=[subject_of(reference)],
            page="why",
            kind="consultation",
            implied=False,
            reason=reason,
            sitting=sitting,
        )


def record_list(officer: Officer, references: Sequence[str], *, page: str) -> None:
    """Record that a list showed these cases; nothing where it showed none."""
    if not references:
        return
    with transaction.atomic():
        trail.look(
            actor=officer.as_actor(),
            subjects=[subject_of(reference) for reference in references],
            page=page,
            kind="consultation",
            implied=True,
        )


def record_beside(officer: Officer, reference: str, others: Sequence[str], *, sitting: str) -> None:
    """Record that the page of a case told of other cases too, for the reason that this case was opened for, if any.

    That reason opens none of the others: no sitting stands with it.
    """
    if not others:
        return
    with transaction.atomic():
        reason = trail_queries.sitting_reason(officer.as_actor().key, subject_of(reference), sitting)
        trail.look(
            actor=officer.as_actor(),
            subjects=[subject_of(other) for other in others],
            page=BESIDE,
            kind="consultation",
            implied=not reason,
            reason=reason,
        )


def lock_case(officer: Officer, reference: str, right: Right, *, routed: bool = False) -> Case:
    """Return the case locked for this transaction.

    Raises AccessDenied where the officer may not see it and NotAllowed where they may see it but not do that to it.
    """
    return _with_right(officer, cases_to_change().select_for_update(of=("self",)), reference, right, routed=routed)


def lock_as_read(officer: Officer, case: Case, right: Right) -> Case:
    """Lock a case that was just read: the same one where nothing of it has changed since, read again otherwise.

    Raises as lock_case does. Every change of a case that is not final, or of its rows, raises its version.
    """
    unchanged = Case.objects.select_for_update().filter(pk=case.pk, version=case.version).values_list("pk")
    if not list(unchanged):
        return lock_case(officer, case.reference, right)
    require(officer, case, right)
    return case


def require(officer: Officer, case: Case, right: Right, *, routed: bool = False) -> None:
    """Raise NotAllowed where the officer, who may see the case, may not do that to it."""
    if sight_of(officer, case, routed=routed).may(right):
        return
    if right is Right.FOLLOW_UP and officer.warrant_number in numbers_in([case])[case.pk]:
        raise NotAllowed(_A_PARTY, subject=case.subject)
    if right is Right.REASSIGN and case.is_restricted:
        raise NotAllowed(_NOT_YOURS_TO_HAND_OVER, subject=case.subject)
    raise NotAllowed(_NOT_FOR_YOU.get(right, "You may not do this to this case."), subject=case.subject)


def _with_right(officer: Officer, cases: QuerySet[Case], reference: str, right: Right, *, routed: bool) -> Case:
    case, _ = _checked(officer, cases, reference, routed=routed)
    require(officer, case, right, routed=routed)
    return case


def _checked(officer: Officer, cases: QuerySet[Case], reference: str, *, routed: bool = False) -> tuple[Case, Sight]:
    # Not first(): an ORDER BY has Django compare every column of the query with it, which costs more than the query.
    case = next(iter(cases.filter(reference=reference)), None)
    if case is None:
        raise AccessDenied("No such case.", subject=subject_of(reference))
    seen = sight_of(officer, case, routed=routed)
    if seen.may(Right.SEE):
        return case, seen
    if seen.knows_of_it:
        raise AccessDenied(_RESTRICTED, subject=subject_of(reference), known=True)
    raise AccessDenied("Not within this officer's reach.", subject=subject_of(reference))
