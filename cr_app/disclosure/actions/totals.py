"""Totals of the same cases that others published: one more is kept, and one that was mistyped is withdrawn for a reason."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Duty
from cr_app.audit import trail
from cr_app.disclosure import access
from cr_app.disclosure.actions.numbers import lock_numbers
from cr_app.disclosure.actions.requests import check_codes
from cr_app.disclosure.asked import BadRequest, Group
from cr_app.disclosure.models import PublishedTotal, TotalWithdrawal
from cr_app.disclosure.queries.beside import moments_open
from cr_app.disclosure.queries.desk import groups_of
from cr_app.disclosure.releases import is_agreeing


def add_published_total(
    *,
    by: Officer,
    source: str,
    published_on: date,
    period: tuple[date, date],
    basis: str,
    count: int,
    groups: Sequence[Group] = (),
) -> PublishedTotal:
    """Keep a total of the own force's cases that somebody else published; without groups it counts every offence.

    Kept with it is whether the records give it or gave it at a moment that counts: only such a one makes tables old that were
    worked out before. The same total entered twice is one, unless it was withdrawn. Raises NotAllowed without the duty, BadRequest
    for days to come and codes that no catalogue has, TookTooLong where counting takes too long.
    """
    access.require_duty(by, Duty.ANSWER_REQUESTS)
    begins, ends = period
    if begins > ends:
        raise BadRequest("The period ends before it begins: give the earlier day first.")
    if max(ends, published_on) > timezone.localdate():
        raise BadRequest("It cannot have been published yet: choose days that are over.")
    if published_on <= ends:
        raise BadRequest("It cannot have been published before its period was over: check the two days.")
    check_codes(groups)
    told: dict[str, Any] = {
        "source": source,
        "published_on": published_on,
        "period_from": begins,
        "period_to": ends,
        "groups": [group.as_json() for group in groups],
        "basis": basis,
        "count": count,
    }
    # Kept with the row, which never changes, so that it is counted before there is one, as of the moment that the row keeps.
    at = timezone.now()
    new = PublishedTotal(force=by.force, **told, by=by, at=at)
    new.is_ours = is_agreeing(new, counted_at=at, also=moments_open(by.force_id))
    with transaction.atomic():
        # The lock of releases, so that none leaves that does not know of this total.
        lock_numbers(by.force_id, "releases")
        if (kept := PublishedTotal.objects.filter(force=by.force_id, **told).first()) is not None:
            return kept
        new.save()
        trail.record("total.added", actor=by.as_actor(), subject=new.subject, details=_in_trail(new))
        return new


def withdraw_total(pk: int, *, by: Officer, reason: str) -> TotalWithdrawal:
    """Let a total count no more, for a reason such as that it was mistyped; it stays, and is shown as withdrawn.

    Withdrawn twice it is withdrawn once. Raises BadRequest without a reason, TookTooLong where counting takes too long,
    AccessDenied for another force's.
    """
    if not reason.strip():
        raise BadRequest("Say why it is withdrawn.")
    total = access.total_for(by, pk)
    # What agreed when it was entered is known for good, and tables were worked out beside it.
    now, open_ones = timezone.now(), moments_open(total.force_id)
    was_ours = total.is_ours or is_agreeing(total, counted_at=now, also=open_ones)
    with transaction.atomic():
        lock_numbers(total.force_id, "releases")
        if (former := TotalWithdrawal.objects.filter(total=total).first()) is not None:
            return former
        made = TotalWithdrawal.objects.create(total=total, reason=reason, was_ours=was_ours, by=by, at=timezone.now())
        trail.record(
            "total.withdrawn",
            actor=by.as_actor(),
            subject=total.subject,
            reason=reason,
            details=_in_trail(total) | {"was_ours": was_ours},
        )
        return made


def _in_trail(total: PublishedTotal) -> dict[str, object]:
    """Return what was published as the trail names it: where, when, of which cases, and how many."""
    codes = [code for group in groups_of(total.groups) for code in group.codes]
    return {
        "source": total.source,
        "published_on": total.published_on.isoformat(),
        "period_from": total.period_from.isoformat(),
        "period_to": total.period_to.isoformat(),
        "basis": total.basis,
        "offences": ", ".join(codes) or "all",
        "count": total.count,
    }
