"""Flags, read: the list by key, how many there are of each rule, one with its reviews, and who the officers are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.dateparse import parse_datetime

from cr_app.accounts.models import Officer
from cr_app.audit.following import happened_to, leaves_after, opened_by
from cr_app.oversight import red_flags
from cr_app.oversight.models import Flag, FlagReview, FlagRun, Rule

PER_PAGE = 25


@dataclass(frozen=True)
class Place:
    """A place in the list, newest first: what follows it is older."""

    at: datetime
    pk: int

    @property
    def text(self) -> str:
        """Return the place as an address says it."""
        return f"{self.at.isoformat()}.{self.pk}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """Return the place that an address names; None for anything else."""
        at, _, key = text.rpartition(".")
        try:
            moment = parse_datetime(at.replace(" ", "+"))
        except ValueError:
            return None
        if moment is None or moment.tzinfo is None or not (key.isascii() and key.isdigit() and len(key) < 19):
            return None
        return cls(moment, int(key))


@dataclass(frozen=True)
class FlagPage:
    """Flags, newest first, with the keys of those looked into, and the place that the next page begins at."""

    flags: tuple[Flag, ...]
    reviewed: frozenset[int]
    following: Place | None


def looked_through() -> int:
    """Return how far the sealed log was looked through: the next leaf to look at."""
    return FlagRun.objects.order_by("-through").values_list("through", flat=True).first() or 0


def still_to_look_through() -> int:
    """Return how many leaves of the sealed log have not been looked through for flags."""
    return leaves_after(looked_through())


def flags_listed(
    force_id: str, *, rule: str = "", open_only: bool = False, hidden: Collection[str], before: Place | None
) -> FlagPage:
    """Return a page of a force's flags, those of `hidden` records left out."""
    flags = _narrowed(force_id, rule=rule, open_only=open_only, hidden=hidden)
    if before is not None:
        flags = flags.filter(Q(at__lt=before.at) | Q(at=before.at, pk__lt=before.pk), at__lte=before.at)
    found = list(flags.order_by("-at", "-id")[: PER_PAGE + 1])
    shown = tuple(found[:PER_PAGE])
    keys = [flag.pk for flag in shown]
    reviewed = FlagReview.objects.filter(flag__in=keys).order_by().values_list("flag_id", flat=True)
    last = Place(shown[-1].at, shown[-1].pk) if len(found) > PER_PAGE else None
    return FlagPage(shown, frozenset(reviewed), last)


def _narrowed(force_id: str, *, rule: str, open_only: bool, hidden: Collection[str]) -> QuerySet[Flag]:
    flags = Flag.objects.filter(force_id=force_id)
    if rule:
        flags = flags.filter(rule=rule)
    if open_only:
        flags = flags.filter(~Exists(FlagReview.objects.filter(flag=OuterRef("pk"))))
    return flags.exclude(subject__in=list(hidden)) if hidden else flags


def counts_by_rule(force_id: str, *, hidden: Collection[str]) -> dict[str, tuple[int, int]]:
    """Return of each rule how many flags there are and how many were not looked into; every rule is named."""
    flags = Flag.objects.filter(force_id=force_id)
    if hidden:
        flags = flags.exclude(subject__in=list(hidden))
    is_open = ~Exists(FlagReview.objects.filter(flag=OuterRef("pk")))
    counted = flags.order_by().values_list("rule").annotate(all=Count("pk"), left=Count("pk", filter=Q(is_open)))
    found = {rule: (total, left) for rule, total, left in counted}
    return {rule: found.get(rule, (0, 0)) for rule in Rule.values}


def flag_of(force_id: str, pk: int) -> Flag | None:
    """Return a flag of this force; None for any other."""
    return Flag.objects.filter(force_id=force_id, pk=pk).first()


def reviews_of(flag: Flag) -> tuple[FlagReview, ...]:
    """Return what reviewers wrote about a flag, oldest first, with who wrote it."""
    return tuple(FlagReview.objects.filter(flag=flag).select_related("reviewed_by").order_by("pk"))


def officers_of_flags(flags: Iterable[Flag]) -> dict[str, Officer]:
    """Return the officers whom these flags are about, by the keys under which the trail names them, in one query."""
    keys = {key for flag in flags for key in (flag.actor_key, str(flag.words.get("asked_by", ""))) if key.isdigit()}
    return {str(officer.pk): officer for officer in Officer.objects.filter(pk__in=keys)}


@dataclass(frozen=True)
class SinceGrant:
    """What became of a case that was changed after a grant: how often it was saved before the next decision, which was what."""

    saves: int
    given_again_at: datetime | None
    issued_at: datetime | None


def since_grant(flag: Flag) -> SinceGrant:
    """Return what became of the case of a flag of EDITED_AFTER_GRANT, as the trail tells it now."""
    events = red_flags.SAVED | red_flags.DECIDED | {red_flags.ISSUED}
    after = [
        each for each in happened_to([flag.subject], events).get(flag.subject, ()) if each[0] > flag.words["given_in"]
    ]
    decided = next((each for each in after if each[1] in red_flags.DECIDED), None)
    until = decided[0] if decided else None
    return SinceGrant(
        saves=sum(1 for pk, event, _ in after if event in red_flags.SAVED and (until is None or pk < until)),
        given_again_at=next((at for _, event, at in after if event in red_flags.GIVEN), None),
        issued_at=next((at for _, event, at in after if event == red_flags.ISSUED), None),
    )


def opened_around(flag: Flag) -> int:
    """Return how many different records the officer of a flag of UNUSUAL_VOLUME opened, or tried, an hour on either side."""
    since, until = flag.at - red_flags.VOLUME_WITHIN, flag.at + red_flags.VOLUME_WITHIN
    looks = opened_by([flag.actor_key], since=since, until=until).get(flag.actor_key, ())
    return len({subject for look in looks for subject in look.subjects if subject.startswith("case:")})


def records_of(flag: Flag) -> tuple[str, ...]:
    """Return the cases that a flag names, each once: of a pair all that were granted, oldest first."""
    # Other rules count records there.
    records = flag.words.get("records", ()) if flag.rule == Rule.SAME_PAIR else ()
    return tuple(dict.fromkeys(subject for subject in (*records, flag.subject) if subject))
