"""The officer's own switch: on duty, taking requests for authority until a time, or off duty."""

from datetime import datetime, timedelta

from django.db import transaction

from cr_app.accounts.actions.changing import altered, values_of
from cr_app.accounts.actions.describing import BadOfficer
from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Duty, duties
from cr_app.audit.trail import record
from cr_app.pages.moments import moment
from cr_app.pages.refusals import NotAllowed

LONGEST = timedelta(hours=24)


def go_on_duty(officer: Officer, *, until: datetime, at: datetime) -> None:
    """Take requests for authority from now `until` a time at most a day ahead; the same time again changes nothing.

    Raises BadOfficer for a time that will not do, and NotAllowed for an officer who has no such switch.
    """
    if Duty.ON_DUTY_SWITCH not in duties(officer.given_roles()):
        raise NotAllowed("Only authorising officers take requests for authority.", subject=officer.subject)
    if until <= at:
        raise BadOfficer("Give a time that is still to come.", "until")
    if until > at + LONGEST:
        raise BadOfficer("Give a time within the next 24 hours.", "until")
    _set(officer, until, event="officer.on_duty")


def go_off_duty(officer: Officer) -> None:
    """Take no more requests for authority from now on; nothing happens to those that were made."""
    _set(officer, None, event="officer.off_duty")


def _set(officer: Officer, until: datetime | None, *, event: str) -> None:
    with transaction.atomic():
        locked = Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
        before = values_of(locked, ["on_duty_until"])
        locked.on_duty_until = until
        if change := altered(locked, before):
            locked.save(update_fields=["on_duty_until"])
            details = {"until": moment(until)} if until else {}
            record(event, actor=locked.as_actor(), subject=locked.subject, changes=[change], details=details)
    officer.on_duty_until = until
