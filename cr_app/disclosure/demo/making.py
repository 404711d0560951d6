"""Makes what the demo's FOI desk finds: imported history, one request released, one worked out, one just taken in.

Made through the import and the actions of the pages, at the time at which it is made.
"""

import csv
import tempfile
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit.trail import system_actor
from cr_app.disclosure.actions.importing import import_cases
from cr_app.disclosure.actions.releasing import propose, release
from cr_app.disclosure.actions.requests import make_request, work_out_request
from cr_app.disclosure.asked import Asked, Group
from cr_app.disclosure.demo.history import COLUMNS, TEN, Principal, invented, lines_of, ten_years
from cr_app.disclosure.models import ImportedCase, InformationRequest, Release, WorkedOut

_ANALYST, _SECOND = "olivia", "sam"
_TIMES_FEWER = 60
_SEED = 20260401
GROUPS = "All Community Resolutions by offence group, two calendar years"
_NAMED = "Five named categories, two calendar years"
_TEN_YEARS = "Ten financial years by offence type"
_CATEGORIES = (
    Group("Making threats to kill", ("3/01",)),
    Group("Encouraging an offence", (), encouraging_or_assisting=True),
    Group("Kidnapping and false imprisonment", ("36/01", "36/03")),
    Group("Cruelty to or neglect of a child", ("11/03",)),
    Group("Having a blade or point in a public place", ("8/26",)),
)
# Of these, in each of the two years: small ones, and some that are not.
_OF_CATEGORIES = {"3/01": (7, 9), "36/01": (2, 1), "11/03": (3, 6), "8/26": (8, 11)}


def make_disclosure(cast: Mapping[str, Officer]) -> bool:
    """Make what is not here yet; tell whether there was anything to make."""
    analyst, today = cast[_ANALYST], timezone.localdate()
    is_new = not ImportedCase.objects.filter(force=analyst.force_id, batch__completed_at__isnull=False).exists()
    if is_new:
        _import_history(analyst.force_id, today)
    groups = _two_years(analyst.force_id, today, rows_by="group")
    named = _two_years(analyst.force_id, today, rows_by="named", groups=_CATEGORIES, method="combine")
    made = [
        _released(cast, groups, title=GROUPS),
        _worked_out(analyst, named, title=_NAMED),
        _taken_in(analyst, _years_of_history(analyst.force_id, today), title=_TEN_YEARS),
    ]
    return is_new or any(made)


def _import_history(force: str, today: date) -> None:
    """Import ten financial years of closed cases, as `import_cases` does with a file."""
    years = ten_years(_last_whole_year(today) - TEN + 1, times_fewer=_TIMES_FEWER)
    principals = [
        *(each for each in invented(years, seed=_SEED) if each.code not in _OF_CATEGORIES),
        *(
            Principal(date(year, 1 + place % 12, 1 + place), code)
            for code, counts in _OF_CATEGORIES.items()
            for year, count in zip(_two_calendar_years(today), counts, strict=True)
            for place in range(count)
        ),
    ]
    with tempfile.TemporaryDirectory(prefix="demo-history-") as folder:
        path = Path(folder) / "history.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            written = csv.writer(file)
            written.writerow(COLUMNS)
            written.writerows(lines_of(principals, force=force, prefix="OLD", seed=_SEED))
        import_cases(path, None, by=system_actor("make_demo_disclosure"), progress=lambda done, total: None)


def _taken_in(analyst: Officer, asked: Asked, *, title: str) -> bool:
    if _request_of(analyst, title) is not None:
        return False
    make_request(asked, by=analyst, title=title)
    return True


def _worked_out(analyst: Officer, asked: Asked, *, title: str) -> bool:
    is_new = _taken_in(analyst, asked, title=title)
    request = _request_of(analyst, title)
    if request is None or WorkedOut.objects.filter(request=request).exists():
        return is_new
    work_out_request(request.pk, by=analyst)
    return True


def _released(cast: Mapping[str, Officer], asked: Asked, *, title: str) -> bool:
    analyst = cast[_ANALYST]
    is_new = _taken_in(analyst, asked, title=title)
    request = _request_of(analyst, title)
    if request is None or Release.objects.filter(request=request).exists():
        return is_new
    worked_out = work_out_request(request.pk, by=analyst)
    note = "The calendar years that were asked for. Nothing was published before about these cases."
    proposal = propose(request.pk, by=analyst, note=note, worked_out=worked_out.pk)
    release(request.pk, by=cast[_SECOND], proposal=proposal.pk)
    return True


def _request_of(analyst: Officer, title: str) -> InformationRequest | None:
    return InformationRequest.objects.filter(force=analyst.force_id, title=title).first()


def _years_of_history(force: str, today: date) -> Asked:
    last = _last_whole_year(today)
    return Asked(
        reference=f"{force}.FOI.{today:%y}.031611",
        received_on=today - timedelta(days=1),
        force=force,
        period_from=date(last - TEN + 1, 4, 1),
        period_to=date(last + 1, 3, 31),
        years="financial",
        rows_by="offence",
        method="suppress",
    )


def _two_years(
    force: str, today: date, *, rows_by: str, groups: tuple[Group, ...] = (), method: str = "suppress"
) -> Asked:
    """Return what is asked of the two calendar years."""
    first, last = _two_calendar_years(today)
    return Asked(
        reference=f"{force}.FOI.{today:%y}.024759",
        received_on=today - timedelta(days=8),
        force=force,
        period_from=date(first, 1, 1),
        period_to=date(last, 12, 31),
        years="calendar",
        rows_by=rows_by,
        groups=groups,
        method=method,
    )


def _two_calendar_years(today: date) -> tuple[int, int]:
    """Return two calendar years that the history covers."""
    return today.year - 4, today.year - 3


def _last_whole_year(today: date) -> int:
    """Return the year in which the last financial year began that is over."""
    return today.year - 1 if (today.month, today.day) >= (4, 1) else today.year - 2
