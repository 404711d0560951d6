"""What is still to be followed up after issue: agreed actions that are open, and who was not told yet.

A completed case has no action left, so that only what was issued, and was not complied with, is looked through.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, TypedDict, TypeVar

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cr_app.accounts.models import Officer
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import ActionProgress, AgreedAction, Case, Contact, Correction, Rescission, Victim
from cr_app.cases.queries.earlier import GIVEN
from cr_app.cases.queries.lists import OF_A_LINE
from cr_app.cases.queries.names import name_now, offenders_corrected
from cr_app.cases.queries.telling import (
    A_MINUTE,
    CORRECTION,
    DECISION,
    RESCISSION,
    StillToTell,
    tried_to_tell,
    who_is_to_be_told,
)

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Now(TypedDict):
        """What holds now of an action: its due date, and the last outcome, if any."""

        due_now: date
        came_of_it: str | None

    OpenActions = QuerySet[WithAnnotations[AgreedAction, _Now]]

_Row = TypeVar("_Row", Victim, Contact, Correction)
# How many days from today on still count as soon.
SOON_DAYS = 7
_STILL_OPEN = (Status.ISSUED, Status.NOT_COMPLIED)


class When(StrEnum):
    """When an open action is due, seen from a day; on that day itself it is not overdue."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"


@dataclass(frozen=True)
class Scope:
    """Whose cases: the officer's own; with `is_unit` those of her unit, restricted ones of others left out.

    `of` narrows a unit to the cases of one officer, by key.
    """

    officer: Officer
    is_unit: bool = False
    of: int | None = None

    def condition(self, prefix: str = "") -> Q:
        """Return what a case must meet; `prefix` leads to the case from the row asked about."""
        own = Q(**{f"{prefix}officer": self.officer, f"{prefix}force": self.officer.force_id})
        if not self.is_unit:
            return own
        of_unit = Q(**{f"{prefix}unit": self.officer.unit_id}) & (own | Q(**{f"{prefix}is_restricted": False}))
        return of_unit if self.of is None else of_unit & Q(**{f"{prefix}officer": self.of})


@dataclass(frozen=True)
class OpenAction:
    """One agreed action that is still to be done: `due_on` holds now, `first_due_on` was agreed.

    `corrected` is the offender's name where it was put right.
    """

    case: Case
    remedy: str
    amount: Decimal | None
    due_on: date
    first_due_on: date
    is_partly_done: bool
    corrected: str


@dataclass(frozen=True)
class Untold:
    """A case of which somebody was not told yet: who, of what; `victims` are the keys of all its victims in their order.

    `corrected` is the offender's name where it was put right. `tried` counts the attempts to tell one of them that were
    in vain, the last one at `last_tried_at`.
    """

    case: Case
    waiting: tuple[StillToTell, ...]
    victims: tuple[int, ...]
    tried: int
    last_tried_at: datetime | None
    corrected: str


@dataclass(frozen=True)
class Counts:
    """How many open actions of one officer's cases fall due when, and how many of the cases were not told of."""

    officer: int
    name: str
    due: dict[When, int]
    untold: int


def every_open_action() -> "OpenActions":
    """Return the actions still to be done, whosever the case is, each with the due date that holds now."""
    newest = ActionProgress.objects.filter(action=OuterRef("pk")).order_by("-number")
    # A changed date says nothing of what came of it.
    came_of_it = newest.exclude(outcome=ActionProgress.DATE_CHANGED).values("outcome")[:1]
    return (
        AgreedAction.objects.filter(case__status__in=_STILL_OPEN)
        .annotate(due_now=Coalesce(Subquery(newest.values("due_on")[:1]), F("due_on")), came_of_it=came_of_it)
        .filter(Q(came_of_it=None) | Q(came_of_it__in=[ActionProgress.PARTLY, ActionProgress.REOPENED]))
    )


def open_actions(scope: Scope, *when: When, on: date) -> "OpenActions":
    """Return the actions still to be done, those due first in front; `when` keeps those due then, seen from `on`."""
    actions = every_open_action().filter(scope.condition("case__"))
    if when:
        actions = actions.filter(reduce(or_, (_due(each, on=on) for each in when)))
    return actions.order_by("due_now", "pk")


def _due(when: When, *, on: date) -> Q:
    soon = on + timedelta(days=SOON_DAYS)
    return {
        When.OVERDUE: Q(due_now__lt=on),
        When.TODAY: Q(due_now=on),
        When.SOON: Q(due_now__gt=on, due_now__lte=soon),
        When.LATER: Q(due_now__gt=soon),
    }[when]


def open_actions_read(actions: "OpenActions") -> tuple[OpenAction, ...]:
    """Return these open actions, a slice of a list, with the cases that they belong to; two queries."""
    shown = tuple(
        actions.select_related("case__offender", "case__officer").only(
            "remedy", "amount", "due_on", *(f"case__{name}" for name in OF_A_LINE)
        )
    )
    corrected = offenders_corrected([action.case for action in shown])
    return tuple(
        OpenAction(
            case=action.case,
            remedy=action.remedy,
            amount=action.amount,
            due_on=action.due_now,
            first_due_on=action.due_on,
            is_partly_done=action.came_of_it == ActionProgress.PARTLY,
            corrected=corrected.get(action.case_id, ""),
        )
        for action in shown
    )


def untold_cases(scope: Scope) -> QuerySet[Case]:
    """Return the cases of which a victim was not told of the decision, or anybody of what came later, the oldest first."""
    told = Contact.objects.filter(case=OuterRef("case"), victim=OuterRef("pk"))
    victims = Victim.objects.filter(case=OuterRef("pk"))
    of_decision = Exists(victims.filter(~Exists(told.filter(told=DECISION))))
    of_rescission = Exists(victims.filter(~Exists(told.filter(told=RESCISSION))))
    offender_told = Exists(Contact.objects.filter(case=OuterRef("pk"), victim=None, told=RESCISSION))
    corrections = Correction.objects.filter(case=OuterRef("pk"))
    # As telling.is_since says it; a day or an hour cut off in SQL would be one of the clock on the wall.
    since = Contact.objects.filter(case=OuterRef("case"), told=CORRECTION, happened_at__gt=OuterRef("at") - A_MINUTE)
    of_victims = corrections.filter(~Exists(since.filter(victim=OuterRef("victim"))), victim__isnull=False)
    of_offenders = corrections.filter(~Exists(since.filter(victim=None)), victim=None)
    return Case.objects.filter(
        of_decision
        | Exists(of_victims)
        | Exists(of_offenders)
        | (Q(status=Status.RESCINDED) & (of_rescission | ~offender_told)),
        scope.condition(),
        status__in=(*GIVEN, Status.RESCINDED),
    ).order_by("issued_at", "pk")


def untold_read(cases: QuerySet[Case]) -> tuple[Untold, ...]:
    """Return who was not told of what in these cases, a slice of a list; five queries at most however many there are."""
    shown = list(cases.select_related("offender", "officer").only(*OF_A_LINE, "issued_at"))
    if not shown:
        return ()
    keys = [case.pk for case in shown]
    victims = _by_case(Victim.objects.filter(case__in=keys).only("case_id").order_by("case_id", "position"))
    contacts = _by_case(Contact.objects.filter(case__in=keys).order_by("happened_at", "pk"))
    corrections = _by_case(Correction.objects.filter(case__in=keys).order_by("pk"))
    rescinded = [case.pk for case in shown if case.status_now is Status.RESCINDED]
    since = dict(Rescission.objects.filter(case__in=rescinded).values_list("case", "at")) if rescinded else {}
    return tuple(
        _untold(case, victims[case.pk], contacts[case.pk], corrections[case.pk], rescinded_at=since.get(case.pk))
        for case in shown
    )


def _by_case(rows: Iterable[_Row]) -> dict[int, list[_Row]]:
    found: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


def _untold(
    case: Case,
    victims: Sequence[Victim],
    contacts: Sequence[Contact],
    corrections: Sequence[Correction],
    *,
    rescinded_at: datetime | None,
) -> Untold:
    keys = tuple(victim.pk for victim in victims)
    is_rescinded = case.status_now is Status.RESCINDED
    waiting = who_is_to_be_told(keys, contacts, corrections, is_rescinded=is_rescinded)
    tried = sorted(
        contact.happened_at
        for still in waiting
        for contact in tried_to_tell(still, contacts, corrections, rescinded_at=rescinded_at)
    )
    now = name_now(case.offender, corrections)
    return Untold(
        case=case,
        waiting=waiting,
        victims=keys,
        tried=len(tried),
        last_tried_at=tried[-1] if tried else None,
        corrected=now if now != case.offender.name else "",
    )


def counts_by_officer(scope: Scope, *, on: date) -> tuple[Counts, ...]:
    """Return how much there is to follow up in each officer's cases, by their names; officers with nothing are left out."""
    numbers = {f"is_{when}": Count("pk", filter=_due(when, on=on)) for when in When}
    found_due = open_actions(scope, on=on).order_by().values_list("case__officer").annotate(**numbers)
    due = {key: dict(zip(When, counted, strict=True)) for key, *counted in found_due}
    untold = dict(untold_cases(scope).order_by().values_list("officer").annotate(Count("pk")))
    found = Officer.objects.filter(pk__in={*due, *untold})
    nothing = dict.fromkeys(When, 0)
    return tuple(
        Counts(officer.pk, officer.title, due.get(officer.pk, nothing), untold.get(officer.pk, 0))
        for officer in sorted(found, key=lambda officer: (officer.family_name, officer.given_names, officer.pk))
    )
