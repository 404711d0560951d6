"""Look at what an officer did and looked at; the look itself is in the trail."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.queries import officers_found
from cr_app.accounts.roles import Duty
from cr_app.audit import searching
from cr_app.audit.searching import Activity, Criteria, Place, Scope
from cr_app.cases.presenting.from_to import LABELS
from cr_app.oversight.access import closed_to, officer_to_review, require_duty
from cr_app.oversight.actions.searching import ON_A_PAGE, THINGS, Results, Sought, begin_of, record_shown, shown
from cr_app.oversight.models import Flag
from cr_app.oversight.queries.officers import flags_of, force_scope

DAYS = (7, 30, 90)
MOST_FLAGS = 20
MOST_NAMESAKES = 5


@dataclass(frozen=True)
class Reviewed:
    """What an officer did in a period: in numbers, the flags, and the entries of one page."""

    officer: Officer
    days: int
    since: datetime
    activity: Activity
    flags: tuple[Flag, ...]
    has_more_flags: bool
    results: Results


def officers_searched_for(by: Officer, sought: str) -> tuple[Officer, ...]:
    """Return the officers of the reviewer's force with this warrant number or name, up to six; record who is told of.

    One alone is not recorded here: the page that the search leads to is about her.
    """
    require_duty(by, Duty.SEE_TRAIL)
    found = tuple(officers_found(by.force_id, sought)[: MOST_NAMESAKES + 1])
    if len(found) > 1:
        record_shown(by, [officer.subject for officer in found[:MOST_NAMESAKES]], page="trail")
    return found


def number_of(by: Officer, pk: int | None) -> str:
    """Return the warrant number of an officer whom the reviewer searched for before; "" for none."""
    return officer_to_review(by, pk).warrant_number if pk is not None else ""


def review(by: Officer, pk: int, *, days: int, before: Place | None = None, after: Place | None = None) -> Reviewed:
    """Return what an officer of the reviewer's force did in the last `days`, today counted, and record the look.

    Raises NotAllowed for whoever may not see the trail, and AccessDenied for an officer of another force.
    """
    officer = officer_to_review(by, pk)
    now = timezone.now()
    since = begin_of(timezone.localdate(now) - timedelta(days=days - 1))
    closed = closed_to(by)
    key = str(officer.pk)
    found = searching.find_entries(
        Criteria(actor_key=key, since=since, leaving_out=closed.all),
        scope=Scope(),
        before=before,
        after=after,
        limit=ON_A_PAGE,
        labels=LABELS,
    )
    flags = flags_of(officer, since=since, leaving_out=closed.all, limit=MOST_FLAGS + 1)
    results = shown(
        by,
        Sought(THINGS, officer=officer.pk),
        found,
        colleagues=force_scope(by.force_id),
        closed=closed,
        page="trail_officer",
        about=officer,
    )
    return Reviewed(
        officer=officer,
        days=days,
        since=since,
        activity=searching.activity_of(key, since=since, until=now + timedelta(seconds=1), leaving_out=closed.all),
        flags=tuple(flags[:MOST_FLAGS]),
        has_more_flags=len(flags) > MOST_FLAGS,
        results=results,
    )
