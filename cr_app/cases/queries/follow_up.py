"""What is still to be followed up after issue: agreed actions that are open, and who was not told yet.

A completed case has no action left, so that only what was issued, and was not complied with, is looked through.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, TypedDict, TypeVar

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cr_app.accounts.models import Officer
from cr_app.cases.lifecycle import AFTER_ISSUE, FOLLOWED, Status
from cr_app.cases.models import ActionProgress, AgreedAction, Case, Contact, Correction, Rescission, Victim
from cr_app.cases.queries.lists import OF_A_LINE
from cr_app.cases.queries.names import name_now, offenders_corrected
from cr_app.cases.queries.telling import (
    A_MINUTE,
    CORRECTION,
    DECISION,
    RESCISSION,
    SETTLES,
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
# So many actions, and so many cases, are counted at most.
MOST = 5_000


class When(StrEnum):
    """When an open action is due, seen from a day; on that day itself it is not overdue."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"


@dataclass(frozen=True)
class Scope:
    """Whose cases: the officer's own; with `is_unit` those of her unit, restricted ones of others left out.

    With `is_left_behind` the restricted ones of her force whose officer has left it: closed to sergeants, they are for
    professional standards.
    """

    officer: Officer
    is_unit: bool = False
    is_left_behind: bool = False

    def condition(self, prefix: str = "") -> Q:
        """Return what a case must meet; `prefix` leads to the case from the row asked about."""
        own = Q(**{f"{prefix}officer": self.officer, f"{prefix}force": self.officer.force_id})
        if self.is_left_behind:
            has_left = Q(**{f"{prefix}officer__is_active": False}) | ~Q(
                **{f"{prefix}officer__force": F(f"{prefix}force")}
            )
            return Q(**{f"{prefix}force": self.officer.force_id, f"{prefix}is_restricted": True}) & has_left
        if not self.is_unit:
            return own
        return Q(**{f"{prefix}unit": self.officer.unit_id}) & (own | Q(**{f"{prefix}is_restricted": False}))


@dataclass(frozen=True)
class OpenAction:
    """One agreed action that is still to be done: `due_on` holds now, `first_due_on` was agreed, `number` is its place.

    `corrected` is the offender's name where it was put right.
    """

    case: Case
    number: int
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


@dataclass(frozen=True)
class Found:
    """All there is to follow up, by keys: open actions as key, officer and day due; cases to tell of as key and officer.

    Actions due first and cases issued first are in front. `is_cut` where there is more, which is then left out.
    """

    due: tuple[tuple[int, int, date], ...]
    untold: tuple[tuple[int, int], ...]
    is_cut: bool = False

    def of(self, officer: int | None) -> "Found":
        """Return what of it is in the cases of one officer, by key; all of it for None."""
        if officer is None:
            return self
        due = tuple(each for each in self.due if each[1] == officer)
        return Found(due, tuple(each for each in self.untold if each[1] == officer), self.is_cut)

    def actions(self, *when: When, on: date) -> tuple[int, ...]:
        """Return the actions, by key, that are due then, seen from `on`."""
        return tuple(key for key, _, due_on in self.due if when_due(due_on, on=on) in when)

    @property
    def cases(self) -> tuple[int, ...]:
        """Return the cases, by key, of which somebody was not told yet."""
        return tuple(key for key, _ in self.untold)


def every_open_action() -> "OpenActions":
    """Return the actions still to be done, whosever the case is, each with the due date that holds now."""
    newest = ActionProgress.objects.filter(action=OuterRef("pk")).order_by("-number")
    # A changed date says nothing of what came of it.
    came_of_it = newest.exclude(outcome=ActionProgress.DATE_CHANGED).values("outcome")[:1]
    return (
        AgreedAction.objects.filter(case__status__in=FOLLOWED)
        .annotate(due_now=Coalesce(Subquery(newest.values("due_on")[:1]), F("due_on")), came_of_it=came_of_it)
        .filter(Q(came_of_it=None) | Q(came_of_it__in=[ActionProgress.PARTLY, ActionProgress.REOPENED]))
    )


def open_actions(scope: Scope) -> "OpenActions":
    """Return the actions still to be done, those due first in front."""
    return every_open_action().filter(scope.condition("case__")).order_by("due_now", "pk")


def overdue_count(scope: Scope, *, on: date) -> int:
    """Return how many actions are still to be done after the day on which they were due."""
    return open_actions(scope).filter(due_now__lt=on).count()


def when_due(due_on: date, *, on: date) -> When:
    """Return when something due on a day is due, seen from `on`."""
    days = (due_on - on).days
    if days <= 0:
        return When.TODAY if days == 0 else When.OVERDUE
    return When.SOON if days <= SOON_DAYS else When.LATER


def to_follow_up(scope: Scope, *, most: int = MOST) -> Found:
    """Return all there is to follow up, `most` actions and as many cases, by keys alone; two queries.

    They walk every case that was issued and is not completed, and everybody who was ever to be told, so that a page asks
    once and then reads what it shows.
    """
    due = tuple(open_actions(scope).values_list("pk", "case__officer", "due_now")[: most + 1])
    untold = tuple(untold_cases(scope).values_list("pk", "officer")[: most + 1])
    return Found(due[:most], untold[:most], is_cut=max(len(due), len(untold)) > most)


def open_actions_read(keys: Sequence[int]) -> tuple[OpenAction, ...]:
    """Return these open actions, those due first in front, with the cases that they belong to; two queries at most."""
    if not keys:
        return ()
    up_to_it = AgreedAction.objects.filter(case=OuterRef("case"), position__lte=OuterRef("position")).order_by()
    number = up_to_it.values("case").annotate(number=Count("pk")).values("number")
    actions = every_open_action().filter(pk__in=keys).annotate(number=number).order_by("due_now", "pk")
    shown = tuple(
        actions.select_related("case__offender", "case__officer").only(
            "remedy", "amount", "due_on", "case__rulebook", *(f"case__{name}" for name in OF_A_LINE)
        )
    )
    corrected = offenders_corrected([action.case for action in shown])
    return tuple(
        OpenAction(
            case=action.case,
            number=action.number,
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
    """Return the cases of which a victim was not told of the decision, or anybody of what came later, the oldest first.

    Every case that was ever issued is looked through, by the index of contacts: some 80 ms for 10,000 of one unit.
    """
    told = Contact.objects.filter(case=OuterRef("case"), victim=OuterRef("pk"))
    victims = Victim.objects.filter(case=OuterRef("pk"))
    of_decision = Exists(victims.filter(~Exists(told.filter(told__in=SETTLES[DECISION]))))
    of_rescission = Exists(victims.filter(~Exists(told.filter(told=RESCISSION))))
    offender_told = Exists(Contact.objects.filter(case=OuterRef("pk"), victim=None, told=RESCISSION))
    corrections = Correction.objects.filter(case=OuterRef("pk"))
    # As telling.is_since says it; a minute cut off in SQL would be one of the clock on the wall.
    since = Contact.objects.filter(
        case=OuterRef("case"), told__in=SETTLES[CORRECTION], happened_at__gt=OuterRef("at") - A_MINUTE
    )
    of_victims = corrections.filter(~Exists(since.filter(victim=OuterRef("victim"))), victim__isnull=False)
    of_offenders = corrections.filter(~Exists(since.filter(victim=None)), victim=None)
    return Case.objects.filter(
        of_decision
        | Exists(of_victims)
        | Exists(of_offenders)
        | (Q(status=Status.RESCINDED) & (of_rescission | ~offender_told)),
        scope.condition(),
        status__in=AFTER_ISSUE,
    ).order_by("issued_at", "pk")


def left_behind(officer: Officer, *, limit: int) -> list[Case]:
    """Return the restricted cases of an officer's force that have something to follow up and nobody who does, the oldest first."""
    scope = Scope(officer, is_left_behind=True)
    wanted = Q(pk__in=open_actions(scope).order_by().values("case")) | Q(
        pk__in=untold_cases(scope).order_by().values("pk")
    )
    found = Case.objects.filter(wanted).select_related("offender", "officer").only(*OF_A_LINE)
    return list(found.order_by("issued_at", "pk")[:limit])


def untold_read(keys: Sequence[int]) -> tuple[Untold, ...]:
    """Return who was not told of what in these cases, the oldest first; five queries at most however many there are."""
    if not keys:
        return ()
    cases = Case.objects.filter(pk__in=keys).order_by("issued_at", "pk")
    shown = list(cases.select_related("offender", "officer").only(*OF_A_LINE, "issued_at"))
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


def counts_by_officer(found: Found, *, on: date) -> tuple[Counts, ...]:
    """Return how much there is to follow up in each officer's cases, by their names; officers with nothing are left out."""
    due = Counter((officer, when_due(due_on, on=on)) for _, officer, due_on in found.due)
    untold = Counter(officer for _, officer in found.untold)
    officers = Officer.objects.filter(pk__in={*(officer for officer, _ in due), *untold})
    return tuple(
        Counts(officer.pk, officer.title, {when: due[officer.pk, when] for when in When}, untold[officer.pk])
        for officer in sorted(officers, key=lambda officer: (officer.family_name, officer.given_names, officer.pk))
    )
