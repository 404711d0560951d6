"""Remind of agreed actions: once before each due date and once after it, of whoever follows the case up."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.core.mail import EmailMessage
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.queries import absences_on, deciders_of, officers_of_unit
from cr_app.accounts.roles import Right, Role
from cr_app.cases import access
from cr_app.cases.models import Case, Reminder
from cr_app.cases.queries.follow_up import every_open_action
from cr_app.pages.mail import linking, send

if TYPE_CHECKING:
    from cr_app.cases.queries.follow_up import OpenActions

_log = logging.getLogger(__name__)
# From so many days before an action is due, its officer is reminded that it comes.
COMING_DAYS = 3
_ABOUT = "agreed actions"
_SUBJECTS = {
    Reminder.COMING: "Something that was agreed is due soon",
    Reminder.OVERDUE: "Something that was agreed is overdue",
}


@dataclass(frozen=True)
class Tally:
    """How many messages went out about how many actions, and how many were not taken; of how many actions nobody could be
    told, since nobody follows them up; of how many cases it could not be worked out.
    """

    messages: int = 0
    actions: int = 0
    unsent: int = 0
    untold: int = 0
    failed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Return both counted together."""
        return Tally(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})


class _NothingSentError(Exception):
    """The mail host took none of the messages, so that nobody was reminded."""


def remind(now: datetime) -> Tally:
    """Remind of every open action that is due within days, or is overdue; run again, or twice at once, of none twice.

    Each case in a transaction of its own, under its lock; one that is locked is being worked on, and is left for the next
    time. One that fails is logged by its key and the kind of failure, and keeps nobody from being told of others. What
    the mail host does not take is not kept as told, and is tried again by the next run.
    """
    on = timezone.localdate(now)
    total = Tally()
    for pk in list(_due(on).order_by("case_id").values_list("case_id", flat=True).distinct()):
        try:
            total += _remind_of(pk, now, on=on)
        except DatabaseError as error:
            total += Tally(failed=1)
            _log.error("Nobody could be reminded of the case with key %s: %s", pk, type(error).__name__)
    return total


def _due(on: date) -> "OpenActions":
    """Return the open actions of which somebody is to be reminded on a day and was not yet, for the date that holds now."""

    def told(kind: str) -> Exists:
        return Exists(Reminder.objects.filter(action=OuterRef("pk"), kind=kind, due_on=OuterRef("due_now")))

    coming = Q(due_now__gte=on, due_now__lte=on + timedelta(days=COMING_DAYS)) & ~told(Reminder.COMING)
    overdue = Q(due_now__lt=on) & ~told(Reminder.OVERDUE)
    return every_open_action().filter(coming | overdue)


def _remind_of(pk: int, now: datetime, *, on: date) -> Tally:
    with transaction.atomic():
        found = Case.objects.select_for_update(of=("self",), skip_locked=True).select_related("officer", "offender")
        case = next(iter(found.filter(pk=pk)), None)
        # Read again under the lock: another run may have told of some, or an officer recorded something.
        due = list(_due(on).filter(case=pk)) if case is not None else []
        if case is None or not due:
            return Tally()
        reminders = [
            Reminder(
                action=action,
                kind=Reminder.OVERDUE if action.due_now < on else Reminder.COMING,
                due_on=action.due_now,
                sent_at=now,
            )
            for action in due
        ]
        return _send(case, reminders, on=on)


def _send(case: Case, reminders: list[Reminder], *, on: date) -> Tally:
    """Send one message of each kind to each who is to be told, and keep the reminders of those that went out."""
    follow, away = _who_follow_up(case, on=on)
    total = Tally()
    for kind, subject in _SUBJECTS.items():
        of_kind = [reminder for reminder in reminders if reminder.kind == kind]
        told = _told(case, kind, follow, away) if of_kind else ()
        if not told:
            total += Tally(untold=len(of_kind))
            continue
        link = reverse("case_progress", args=[case.reference])
        total += _send_and_keep([linking(subject, link, each.email) for each in told], of_kind)
    return total


def _send_and_keep(messages: list[EmailMessage], reminders: list[Reminder]) -> Tally:
    """Keep these reminders as long as one of their messages goes out, within the transaction that holds their case.

    Kept before they are sent, so that nobody hears of what the database refuses; where it fails to keep them in the end,
    a second message is better than none.
    """
    try:
        with transaction.atomic():
            Reminder.objects.bulk_create(reminders)
            sent = len(send(messages, about=_ABOUT))
            if not sent:
                raise _NothingSentError
    except _NothingSentError:
        return Tally(unsent=len(messages))
    return Tally(messages=sent, actions=len(reminders), unsent=len(messages) - sent)


def _told(case: Case, kind: str, follow: tuple[Officer, ...], away: frozenset[int]) -> tuple[Officer, ...]:
    """Return whom a reminder of this kind goes to, of those who follow the case up: nobody where nobody does.

    Its officer; where she is away or does not follow it up any more, and of what is overdue, the sergeants of its unit
    too. Where all of them are away, her, or else them: they read it when they are back.
    """
    here = [each for each in follow if each.pk not in away]
    officer = [each for each in here if each.pk == case.officer_id]
    if officer and kind == Reminder.COMING:
        return tuple(officer)
    own = tuple(each for each in follow if each.pk == case.officer_id)
    return tuple(here) or own or follow


def _who_follow_up(case: Case, *, on: date) -> tuple[tuple[Officer, ...], frozenset[int]]:
    """Return the case's officer and the sergeants of its unit, as far as they may follow it up now; and who is away.

    Where none of them may, as in a restricted case whose officer has left, professional standards.
    """
    sergeants = officers_of_unit(case.unit, role=Role.SERGEANT).exclude(pk=case.officer_id)
    officers = [case.officer, *sergeants] if case.officer.is_active else list(sergeants)
    follow = _who_may(officers, case) or _who_may(deciders_of(case.force_id, Role.PROFESSIONAL_STANDARDS), case)
    return follow, frozenset(absences_on(case.force_id, on))


def _who_may(officers: Iterable[Officer], case: Case) -> tuple[Officer, ...]:
    return tuple(officer for officer in officers if access.sight_of(officer, case).may(Right.FOLLOW_UP))
