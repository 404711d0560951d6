"""Erases personal values from the trail, under the retention role, which alone may; what was sealed goes on to verify.

Values and salts go, digests stay. Each part is a transaction of its own with the entry that says so, so that what is
interrupted is recorded as far as it came, and no long transaction keeps rows from being sealed.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.db import connections, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cr_app.audit.bodies import time_text
from cr_app.audit.models import Access, AccessKind, AccessPersonal, Entry, EntryPersonal
from cr_app.audit.trail import Actor, look_at_all, record

ALIAS = "retention"
_ROWS_AT_ONCE = 2_000
_ERASED = "trail.values_erased"
_COPIED = "case.copied"


class CannotErase(Exception):
    """Nothing was erased; the sentence says why."""


@dataclass(frozen=True)
class _Why:
    """What is recorded with every part: why it is erased, who asked for it, and who does it."""

    reason: str
    asked_by: str
    by: Actor


@dataclass(frozen=True)
class _Scope:
    """Which happenings lose their values: those of some records, those before a time, or those that are both."""

    subjects: tuple[str, ...]
    before: datetime | None

    def entries(self) -> Q:
        """Entries about the records; why something was erased is not erased with it."""
        wanted = ~Q(event=_ERASED)
        if self.before is not None:
            wanted &= Q(at__lt=self.before)
        return wanted & Q(subject__in=self.subjects) if self.subjects else wanted

    def accesses(self) -> Q:
        """Looks that name these records and no other: a reason may be about any of the records named."""
        wanted = ~Q(kind=AccessKind.ERASURE)
        if self.before is not None:
            wanted &= Q(at__lt=self.before)
        if not self.subjects:
            return wanted
        names_one = Q()
        for subject in self.subjects:
            names_one |= Q(subjects__contains=[subject])
        return wanted & names_one & Q(subjects__contained_by=list(self.subjects))


def erase(
    *, subjects: Collection[str] = (), before: datetime | None = None, reason: str, by: Actor, asked_by: str = ""
) -> int:
    """Delete the personal values of all that is about `subjects`, or was before a time, or both; return how many.

    `asked_by` is whoever had a command do it. Each part leaves trail.values_erased and an erasure among the accesses to
    the records. Raises CannotErase without records and time, for a time to come, without a reason, and where there is
    no connection of the retention role.
    """
    if ALIAS not in connections:
        raise CannotErase("Erasing has a database role of its own: set DATABASE_RETENTION_URL to it.")
    if not subjects and before is None:
        raise CannotErase("Say whose values to erase: those of records, those before a day, or both.")
    if before is not None and before > timezone.now():
        raise CannotErase("The day lies in the future: nothing can be erased before it has come.")
    if not reason.strip():
        raise CannotErase("Say why: the trail keeps the reason.")
    scope = _Scope(tuple(sorted(set(subjects))), before)
    why = _Why(reason, asked_by, by)
    return sum(chain(_erase_entries(scope, why), _erase_accesses(scope, why)))


def unknown(subjects: Collection[str]) -> list[str]:
    """Return the records among these that no row of the trail is about."""
    entries, accesses = Entry.objects.using(ALIAS), Access.objects.using(ALIAS)
    return [
        subject
        for subject in subjects
        if not entries.filter(subject=subject).exists() and not accesses.filter(subjects__contains=[subject]).exists()
    ]


def copies_of(subjects: Collection[str]) -> list[str]:
    """Return the cases that were started from these, or from such a copy: they hold values of their own."""
    found, wanted = set(subjects), set(subjects)
    copied = Entry.objects.using(ALIAS).filter(event=_COPIED).order_by()
    while wanted:
        references = [subject.partition(":")[2] for subject in wanted]
        wanted = set(copied.filter(details__copied_from__in=references).values_list("subject", flat=True)) - found
        found |= wanted
    return sorted(found.difference(subjects))


def count(*, subjects: Collection[str] = (), before: datetime | None = None) -> int:
    """Return how many personal values `erase` would delete now."""
    scope = _Scope(tuple(sorted(set(subjects))), before)
    entries = Entry.objects.using(ALIAS).filter(scope.entries(), pk=OuterRef("entry_id"))
    accesses = Access.objects.using(ALIAS).filter(scope.accesses(), pk=OuterRef("access_id"))
    return (
        EntryPersonal.objects.using(ALIAS).filter(Exists(entries)).count()
        + AccessPersonal.objects.using(ALIAS).filter(Exists(accesses)).count()
    )


def _erase_entries(scope: _Scope, why: _Why) -> Iterable[int]:
    """Erase the values of entries part by part, and yield how many each part had."""
    after = 0
    kept = EntryPersonal.objects.using(ALIAS).filter(entry=OuterRef("pk"))
    wanted = Entry.objects.using(ALIAS).filter(scope.entries(), Exists(kept)).order_by("pk")
    while found := list(wanted.filter(pk__gt=after).values_list("pk", "subject")[:_ROWS_AT_ONCE]):
        after = found[-1][0]
        with transaction.atomic(using=ALIAS):
            values, _ = EntryPersonal.objects.using(ALIAS).filter(entry_id__in=[pk for pk, _ in found]).delete()
            _tell(scope, why, values=values, named={subject for _, subject in found if subject}, rows=len(found))
        yield values


def _erase_accesses(scope: _Scope, why: _Why) -> Iterable[int]:
    """Erase reasons and recipients of looks part by part, and yield how many each part had."""
    after = 0
    kept = AccessPersonal.objects.using(ALIAS).filter(access=OuterRef("pk"))
    wanted = Access.objects.using(ALIAS).filter(scope.accesses(), Exists(kept)).order_by("pk")
    while found := list(wanted.filter(pk__gt=after).values_list("pk", "subjects")[:_ROWS_AT_ONCE]):
        after = found[-1][0]
        with transaction.atomic(using=ALIAS):
            values, _ = AccessPersonal.objects.using(ALIAS).filter(access_id__in=[pk for pk, _ in found]).delete()
            named = set(chain.from_iterable(subjects for _, subjects in found))
            _tell(scope, why, values=values, named=named, rows=len(found))
        yield values


def _tell(scope: _Scope, why: _Why, *, values: int, named: set[str], rows: int) -> None:
    """Write what one part of an erasure did, in its transaction; nothing where another erasure was quicker."""
    if not values:
        return
    details: dict[str, object] = {"values": values, "records": rows}
    if scope.before is not None:
        details["before"] = time_text(scope.before)
    if why.asked_by:
        details["asked_by"] = why.asked_by
    look_at_all(
        sorted(named),
        actor=why.by,
        page=why.by.key,
        kind=AccessKind.ERASURE,
        implied=True,
        reason=why.reason,
        using=ALIAS,
    )
    subject = scope.subjects[0] if len(scope.subjects) == 1 else ""
    record(_ERASED, actor=why.by, subject=subject, reason=why.reason, details=details, using=ALIAS)
