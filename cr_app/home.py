"""The officer's desk: what waits to be done, decided and followed up, and search; and the menu."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_GET

from cr_app.accounts.roles import DECIDING, FOLLOWING_UP, Role
from cr_app.accounts.signed_in import officer_of
from cr_app.authorisations.queries import waiting_count
from cr_app.cases import access, queries
from cr_app.cases.forms import SearchForm
from cr_app.cases.lifecycle import AFTER_ISSUE, Status
from cr_app.cases.presenting.calendar import DeskList, FollowLine, desk_lists, overdue_in_unit
from cr_app.cases.queries import Line
from cr_app.cases.queries.follow_up import left_behind
from cr_app.oversight.queries.integrity import sealing_is_late

if TYPE_CHECKING:
    from cr_app.accounts.models import Officer

WAITING = frozenset({Status.AWAITING_AUTHORITY, Status.REFERRED})
MOST_SHOWN = 25
MOST_ISSUED = 10


# The menu: for whom, the words, the address, and the addresses that stand under it.
_MENU: tuple[tuple[frozenset[Role], str, str, frozenset[str]], ...] = (
    (frozenset(Role), "Desk", "desk", frozenset({"desk"})),
    (FOLLOWING_UP, "Follow-up", "follow_up", frozenset({"follow_up"})),
    (DECIDING, "Requests", "authority_queue", frozenset({"authority_queue", "authority_review", "authority_interest"})),
    (frozenset({Role.AUTHORISING_OFFICER}), "On duty", "duty", frozenset({"duty", "officer_absence", "absence_end"})),
    (frozenset({Role.PROFESSIONAL_STANDARDS}), "Absences", "duty", frozenset({"duty", "officer_absence"})),
    (
        frozenset({Role.ADMINISTRATOR}),
        "Officers",
        "officers",
        frozenset({"officers", "officer_add", "officer", "officer_change", "officer_first_password"}),
    ),
    (frozenset({Role.REVIEWER}), "Trail", "trail", frozenset({"trail", "trail_found", "trail_officer"})),
    (frozenset({Role.REVIEWER}), "Red flags", "red_flags", frozenset({"red_flags", "red_flag"})),
    (frozenset({Role.REVIEWER}), "Integrity", "integrity", frozenset({"integrity", "integrity_check"})),
    (frozenset({Role.REVIEWER}), "Exports", "trail_export", frozenset({"trail_export"})),
    (
        frozenset({Role.FOI_ANALYST}),
        "Statistics",
        "foi_requests",
        frozenset(
            {
                *(
                    "foi_requests",
                    "foi_new",
                    "foi_request",
                    "foi_change",
                    "foi_close",
                    "foi_cell",
                    "foi_propose",
                    "foi_release",
                ),
                *("releases", "release", "published_total", "foi_policy"),
            }
        ),
    ),
    (frozenset({Role.POLICY_OWNER}), "Policy as an answer", "foi_policy", frozenset({"foi_policy"})),
    (frozenset({Role.ADMINISTRATOR}), "Units", "units", frozenset({"units", "unit_add", "unit"})),
)


def navigation(request: HttpRequest) -> dict[str, object]:
    """Give every page its menu, by the roles of whoever is signed in; nothing to whoever has no more than a desk."""

    def items() -> list[dict[str, object]]:
        # A request may be refused before anybody is looked for: one for a host that is not ours.
        officer = getattr(request, "user", None)
        if officer is None or not officer.is_authenticated or officer.must_change_password:
            return []
        here = request.resolver_match.url_name if request.resolver_match else ""
        given = officer.given_roles()
        found = [
            {"text": text, "url": reverse(name), "is_current": here in names}
            for roles, text, name, names in _MENU
            if roles & given
        ]
        return found if len(found) > 1 else []

    return {"navigation": SimpleLazyObject(items)}


@dataclass(frozen=True)
class Pile:
    """One list of the desk; `empty` is what it says when nothing is in it, `all_url` where the whole of it stands."""

    title: str
    lines: tuple[Line, ...] | tuple[FollowLine, ...]
    empty: str
    is_cut: bool = False
    all_url: str = ""


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Show what waits for the officer, by role, and the search; one access names every case shown."""
    officer = officer_of(request)
    piles = _piles(officer)
    decides = bool(DECIDING & officer.given_roles())
    access.record_list(officer, sorted({line.reference for pile in piles for line in pile.lines}), page="desk")
    context = {
        "title": "Your desk",
        "piles": piles,
        "decides": decides,
        "to_decide": waiting_count(officer) if decides else 0,
        "overdue": overdue_in_unit(officer, on=timezone.localdate()) if officer.has_role(Role.SERGEANT) else {},
        "may_record": officer.has_role(Role.RECORDING_OFFICER),
        "may_search": access.may_search(officer),
        "roles": [role.words for role in Role if officer.has_role(role)],
        "form": SearchForm(),
        "token": uuid4(),
        "sealing_is_late": officer.has_role(Role.REVIEWER) and sealing_is_late(timezone.now()),
    }
    return render(request, "desk.html", context)


def _piles(officer: "Officer") -> list[Pile]:
    piles: list[Pile] = []
    if officer.has_role(Role.RECORDING_OFFICER):
        piles += _own_piles(officer)
    elif FOLLOWING_UP & officer.given_roles():
        listed = desk_lists(officer, on=timezone.localdate())
        piles += [_to_follow_up(each) for each in listed if each.lines]
    if officer.has_role(Role.SERGEANT):
        unit = queries.unit_cases(officer.unit_id, limit=MOST_SHOWN + 1)
        piles.append(_pile(f"Open in {officer.unit.name}", unit, "No case of your unit is open."))
    if officer.has_role(Role.PROFESSIONAL_STANDARDS):
        referred = access.those_to_see(officer, queries.referred_cases(officer.force_id, limit=MOST_SHOWN + 1))
        piles.append(_pile("Referred to professional standards", referred, "No case waits for professional standards."))
        left = access.those_to_see(officer, left_behind(officer, limit=MOST_SHOWN + 1))
        if left:
            piles.append(_pile("Restricted, and the officer has left: yours to follow up", left, ""))
    return piles


def _own_piles(officer: "Officer") -> list[Pile]:
    drafts = queries.own_cases(officer, [Status.DRAFT], limit=MOST_SHOWN + 1)
    waiting = queries.own_cases(
        officer, [Status.READY, Status.AWAITING_AUTHORITY, Status.REFERRED, Status.REFUSED], limit=MOST_SHOWN + 1
    )
    issued = queries.own_cases(officer, AFTER_ISSUE, limit=MOST_ISSUED)
    ready = [case for case in waiting if case.status_now is Status.READY]
    refused = [case for case in waiting if case.status_now is Status.REFUSED]
    returned = queries.returned_notes([*drafts, *refused])
    notes = queries.notes_with_voids([*drafts, *ready], returned)
    lines = {line.reference: line for line in queries.lines_of([*drafts, *waiting, *issued], notes=notes)}

    def pile(title: str, cases: queries.CaseList, empty: str) -> Pile:
        return Pile(title, tuple(lines[case.reference] for case in cases[:MOST_SHOWN]), empty, len(cases) > MOST_SHOWN)

    overdue, *to_follow_up = (_to_follow_up(each) for each in desk_lists(officer, on=timezone.localdate()))
    return [
        overdue,
        pile("Authority refused: close these", refused, "Authority was refused in none of your cases."),
        pile("Returned to you", [case for case in drafts if case.pk in returned], "Nothing was returned to you."),
        pile("Ready to issue", ready, "Nothing is ready to issue."),
        *to_follow_up,
        pile("Your drafts", [case for case in drafts if case.pk not in returned], "You have no drafts."),
        pile(
            "Waiting for a decision",
            [case for case in waiting if case.status_now in WAITING],
            "None of your cases waits for a decision.",
        ),
        pile("Recently issued", issued, "You have issued none yet."),
    ]


def _to_follow_up(listed: DeskList) -> Pile:
    return Pile(listed.title, listed.lines, listed.empty, listed.is_cut, listed.more_url)


def _pile(title: str, cases: queries.CaseList, empty: str) -> Pile:
    return Pile(title, queries.lines_of(cases[:MOST_SHOWN]), empty, len(cases) > MOST_SHOWN)


@login_not_required
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers, 503 when it does not; say nothing else."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("The database does not answer.\n", status=503, content_type="text/plain")
    return HttpResponse("In service.\n", content_type="text/plain")
