"""Find red flags in what the sealed log has grown by, and keep what a reviewer found when looking into one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.queries import deciders_of
from cr_app.accounts.roles import Duty, Role
from cr_app.audit import trail
from cr_app.audit.following import stretch_from
from cr_app.oversight import access
from cr_app.oversight.models import Flag, FlagReview, FlagRun, Rule
from cr_app.oversight.queries.flagging import standing_out
from cr_app.oversight.queries.flags import flag_of, looked_through
from cr_app.oversight.red_flags import Found
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
_RESTRICTED = "The record is restricted: ask the desk of professional standards to look into it."


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
    """Tell a force's reviewers at once that many records were opened: a link, and nothing about anybody."""
    messages = [
        linking("An unusual number of records was looked at", reverse("red_flags"), reviewer.email)
        for force in sorted({flag.force_id for flag in flags if flag.rule == Rule.UNUSUAL_VOLUME})
        for reviewer in deciders_of(force, Role.REVIEWER)
    ]
    if messages:
        send_after_commit(messages, about="red flags")


def review_flag(pk: int, *, by: Officer, note: str, read: int) -> FlagReview:
    """Keep what a reviewer found when looking into a flag; the same words sent twice are kept once.

    `read` is how many reviews the page showed: raises Stale where another was written since. Raises NotAllowed for a
    flag about the reviewer's own doings, and where its record is closed to them; AccessDenied as the door does.
    """
    access.require_duty(by, Duty.SEE_TRAIL)
    with transaction.atomic():
        flag = flag_of(by.force_id, pk)
        if flag is None:
            raise AccessDenied("No such flag of this force.")
        # Not the row's own lock: the application's role may not change a flag, and so not lock one either.
        _hold(_LOCK + flag.pk)
        if is_about(flag, by):
            raise NotAllowed(_OWN, subject=flag.subject)
        hidden = hidden_from(by)
        if flag.subject in hidden.gone:
            raise AccessDenied("A restricted case to which this officer is a party.", subject=flag.subject)
        if flag.subject in hidden.closed:
            raise NotAllowed(_RESTRICTED, subject=flag.subject)
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


@dataclass(frozen=True)
class Hidden:
    """Restricted cases that a reviewer may not see: all that are `closed`, and among them those not even to be known of."""

    closed: frozenset[str]
    gone: frozenset[str]


def hidden_from(by: Officer) -> Hidden:
    """Return the restricted cases of the force that this reviewer may not see."""
    closed = access.closed_records(by)
    standings = access.standing_of(by, closed) if closed else {}
    gone = (subject for subject, standing in standings.items() if standing is access.Standing.NOT_THERE)
    return Hidden(closed, frozenset(gone))


def record_shown(by: Officer, subjects: Sequence[str], *, page: str) -> None:
    """Record that a page named these records and officers: a look that a reviewer's duty brings; nothing where it named none."""
    if subjects:
        with transaction.atomic():
            trail.look(actor=by.as_actor(), subjects=subjects, page=page, kind="consultation", implied=True)


def is_about(flag: Flag, officer: Officer) -> bool:
    """Tell whether a flag is about what this officer did, alone or as one of a pair."""
    return str(officer.pk) in {flag.actor_key, str(flag.words.get("asked_by", ""))}


def _hold(lock: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
