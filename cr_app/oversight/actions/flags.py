"""Find red flags in what the sealed log has grown by, and keep what a reviewer found when looking into one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.queries import deciders_of
from cr_app.accounts.roles import Duty, Relation, Role
from cr_app.audit import trail
from cr_app.audit.following import stretch_from
from cr_app.audit.queries import done_to
from cr_app.cases.access import INTEREST, relation_of
from cr_app.cases.queries import cases_of_references, numbers_in
from cr_app.oversight import access
from cr_app.oversight.models import Flag, FlagReview, FlagRun, Rule
from cr_app.oversight.queries.flagging import standing_out
from cr_app.oversight.queries.flags import flag_of, looked_through, records_of
from cr_app.oversight.red_flags import DECIDED, Found
from cr_app.pages.mail import linking, send_after_commit
from cr_app.pages.refusals import AccessDenied, NotAllowed, Stale

# Leaves looked through in one transaction.
STRETCH = 2_000
# Held by whoever looks for flags, since two at once would find the same; and, the flag's key added, by whoever reviews one.
_LOCK = 0x666C6167 << 24
_OWN = (
    "This flag is about what you did yourself, so another reviewer looks into it. "
    "If your force has none, tell professional standards."
)
_VOLUME_MAIL = "An unusual number of records was looked at"
_NOBODY_MAIL = "A red flag waits that no reviewer of your force may look into"
_PART = (
    "You have a part in a case of this flag: you recorded or hold it, decided on it, are named in it, or declared an "
    "interest. So another reviewer looks into it. If your force has none, tell professional standards."
)
_CLOSED = {
    access.Standing.WITHHELD: "The record is restricted: ask the desk of professional standards to look into it.",
    access.Standing.UNKNOWN: "The record is not one of your force's: tell the desk of professional standards.",
}


@dataclass(frozen=True)
class LookedThrough:
    """How many leaves of the sealed log were looked through, and how many flags were new among what was found."""

    leaves: int
    flags: int


def find_flags(*, limit: int = STRETCH) -> LookedThrough:
    """Look through the next leaves of the sealed log, in one transaction, and keep every flag that is new.

    Nothing is found twice, however often it is looked for and by however many at once.
    """
    with transaction.atomic():
        _hold(_LOCK)
        start = looked_through()
        stretch = stretch_from(start, limit=limit)
        if stretch.end == start:
            return LookedThrough(leaves=0, flags=0)
        flags = _keep(standing_out(stretch))
        FlagRun.objects.create(through=stretch.end, at=timezone.now())
        _tell_reviewers(flags)
    return LookedThrough(leaves=stretch.end - start, flags=len(flags))


def _keep(found: Iterable[Found]) -> list[Flag]:
    """Insert those of the flags that are not there yet, each for the force of the officer whom it is about."""
    wanted = {(each.rule, each.key): each for each in found}
    before = Flag.objects.filter(rule__in={rule for rule, _ in wanted}, key__in={key for _, key in wanted})
    for known in before.values_list("rule", "key"):
        wanted.pop(known, None)
    actors = Officer.objects.filter(pk__in={int(each.actor_key) for each in wanted.values()})
    forces = {str(pk): force for pk, force in actors.values_list("pk", "force_id")}
    at = timezone.now()
    flags = [
        Flag(
            rule=each.rule,
            key=each.key,
            force_id=forces[each.actor_key],
            at=each.at,
            found_at=at,
            actor_key=each.actor_key,
            subject=each.subject,
            entry_id=each.entry_id,
            access_id=each.access_id,
            words=dict(each.words),
        )
        for each in wanted.values()
        if each.actor_key in forces
    ]
    return Flag.objects.bulk_create(flags)


def _tell_reviewers(flags: Sequence[Flag]) -> None:
    """Tell a force's reviewers at once that many records were opened: a link, and nothing about anybody.

    A reviewer is not told of a flag about herself; where that leaves nobody, professional standards of the force are told.
    """
    unusual = [flag for flag in flags if flag.rule == Rule.UNUSUAL_VOLUME]
    told: dict[str, EmailMessage] = {}
    for force in sorted({flag.force_id for flag in unusual}):
        reviewers = list(deciders_of(force, Role.REVIEWER))
        for about in sorted({flag.actor_key for flag in unusual if flag.force_id == force}):
            others = [reviewer.email for reviewer in reviewers if str(reviewer.pk) != about]
            told |= {to: linking(_VOLUME_MAIL, reverse("red_flags"), to) for to in others}
            if not others:
                desk = [officer.email for officer in deciders_of(force, Role.PROFESSIONAL_STANDARDS)]
                told |= {to: linking(_NOBODY_MAIL, reverse("desk"), to) for to in desk if to not in told}
    if told:
        send_after_commit(list(told.values()), about="red flags")


def review_flag(pk: int, *, by: Officer, note: str, read: int) -> FlagReview:
    """Keep what a reviewer found when looking into a flag; the same words sent twice are kept once.

    `read` is how many reviews the page showed: raises Stale where another was written since. Raises NotAllowed for a
    flag about the reviewer's own doings or cases, and where its record is closed to them; AccessDenied where it is not
    to be known of.
    """
    access.require_duty(by, Duty.SEE_TRAIL)
    with transaction.atomic():
        flag = flag_of(by.force_id, pk)
        if flag is None:
            raise AccessDenied("No such flag of this force.")
        # Not the row's own lock: the application's role may not change a flag, and so not lock one either.
        _hold(_LOCK + flag.pk)
        standings = standings_of(by, [flag])
        require_known(flag, standings)
        if refused := why_another(flag, by, standings):
            raise NotAllowed(refused, subject=flag.subject)
        if closed := _CLOSED.get(standings.get(flag.subject, access.Standing.OPEN)):
            raise NotAllowed(closed, subject=flag.subject)
        written = list(FlagReview.objects.filter(flag=flag).order_by("pk"))
        if written and written[-1].reviewed_by_id == by.pk and written[-1].note == note:
            return written[-1]
        if len(written) != read:
            raise Stale("Somebody else looked into this flag since you opened it. Read what they wrote first.")
        review = FlagReview.objects.create(flag=flag, reviewed_by=by, reviewed_at=timezone.now(), note=note)
        label = Rule(flag.rule).label
        trail.record(
            "flag.reviewed",
            actor=by.as_actor(),
            subject=flag.subject,
            reason=note,
            details={"rule": f"{label[0].lower()}{label[1:]}", "flag": flag.pk},
        )
    return review


def standings_of(by: Officer, flags: Iterable[Flag]) -> dict[str, access.Standing]:
    """Return how each case that these flags name stands to the reviewer."""
    return access.standing_of(by, {subject for flag in flags for subject in records_of(flag)})


def require_known(flag: Flag, standings: Mapping[str, access.Standing]) -> None:
    """Raise AccessDenied for a flag of a case that the reviewer's lists tell nothing of."""
    if standings.get(flag.subject) in access.GONE:
        raise AccessDenied("No such flag for this officer.", subject=flag.subject)


def why_another(flag: Flag, by: Officer, standings: Mapping[str, access.Standing]) -> str:
    """Say why another reviewer looks into a flag: it is about this one, or about a case that this one has a part in; or "".

    That an officer is named in a case is told only of a case that is open to them.
    """
    if str(by.pk) in {flag.actor_key, str(flag.words.get("asked_by", ""))}:
        return _OWN
    records = records_of(flag)
    cases = cases_of_references(subject.partition(":")[2] for subject in records)
    numbers = numbers_in(case for case in cases if standings.get(case.subject) is access.Standing.OPEN)
    has_part = (
        any(relation_of(by, case) is Relation.OWN for case in cases)
        or any(by.warrant_number in named for named in numbers.values())
        or bool(done_to(DECIDED | {INTEREST}, by=[by.as_actor().key]).intersection(records))
    )
    return _PART if has_part else ""


def _hold(lock: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
