"""What waits for a decision in an officer's force: a fixed number of queries a page, however much waits."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.queries import absences_on, deciders_of
from cr_app.accounts.roles import Role
from cr_app.authorisations.models import Interest, Kind, Request
from cr_app.authorisations.queries.lines import (
    EVERYTHING,
    NOTHING,
    Filters,
    RequestLine,
    RequestPage,
    exclusions_in,
    kinds_for,
    numbers_in,
    place_of,
)
from cr_app.authorisations.queries.matters import WAITS_FOR
from cr_app.authorisations.queries.standings import target_minutes
from cr_app.cases.judgement import authority_for, rulebook_for
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case, ExceptionGrounds, Snapshot, StatusChange
from cr_app.cases.queries import lines_of

# What the list works out of each case.
_KNOWN = ("asked_since", "snapshot_now", "is_mine")
_OLDEST_FIRST = ("asked_since", "pk")
_NONE = Q(pk__in=[])
_SNAPSHOT_NOW = Snapshot.objects.filter(case=OuterRef("pk")).order_by("-number").values("pk")[:1]


def waiting(officer: Officer, filters: Filters = EVERYTHING, *, at: datetime | None = None) -> RequestPage:
    """Return what waits for a decision in the officer's force, oldest first, by the roles the officer has.

    What was asked of others is veiled. A restricted case shows itself to professional standards and to the inspector to
    whom it was routed, and is not in anybody else's list.
    """
    at = at or timezone.now()
    if not kinds_for(officer):
        return NOTHING
    cases = _narrowed(officer, filters, at)
    total = cases.count()
    number, pages = place_of(filters, total)
    first = (number - 1) * filters.size
    shown = list(cases.order_by(*_OLDEST_FIRST).values_list("pk", *_KNOWN)[first : first + filters.size])
    return RequestPage(_lines(officer, shown, at), number, pages, total)


def waiting_count(officer: Officer, *, at: datetime | None = None) -> int:
    """Return how many cases wait for this very officer."""
    if not kinds_for(officer):
        return 0
    return _narrowed(officer, Filters(mine=True), at or timezone.now()).count()


def _narrowed(officer: Officer, filters: Filters, at: datetime) -> QuerySet[Case]:
    kinds = kinds_for(officer)
    late = _late(officer, at)
    cases = (
        Case.objects.filter(
            # By unit, which the index of lists begins with.
            unit__force_id=officer.force_id,
            force_id=officer.force_id,
            status__in=[status for status, kind in WAITS_FOR.items() if kind in kinds],
        )
        .annotate(asked_since=_moved_at(), snapshot_now=Subquery(_SNAPSHOT_NOW))
        .annotate(
            was_asked=Exists(_requests().filter(officer=officer)),
            was_anybody_asked=Exists(_requests()),
            has_interest=Exists(Interest.objects.filter(case=OuterRef("pk"), officer=officer)),
            is_excluded=Exists(ExceptionGrounds.objects.filter(case=OuterRef("pk"))),
        )
        .annotate(is_mine=_mine(officer, late, at))
        .exclude(status=Status.AWAITING_AUTHORITY, is_restricted=True, is_mine=False)
    )
    if filters.mine:
        cases = cases.filter(is_mine=True)
    if filters.late:
        cases = cases.filter(late)
    if filters.unit is not None:
        cases = cases.filter(unit_id=filters.unit)
    return cases


def _moved_at() -> Subquery:
    """Return when a case came to stand as it does."""
    moves = StatusChange.objects.filter(case=OuterRef("pk"), to_status=OuterRef("status")).order_by("-pk")
    return Subquery(moves.values("at")[:1])


def _late(officer: Officer, at: datetime) -> Q:
    """Return the condition that the target has passed."""
    targets = rulebook_for(officer.force_id, on=timezone.localdate(at)).targets
    urgent = Q(status=Status.AWAITING_AUTHORITY, detained_or_waiting__isnull=False, detained_or_waiting=True)
    before = {name: at - timedelta(minutes=minutes) for name, minutes in targets.items()}
    return (urgent & Q(asked_since__lte=before["detained_or_waiting"])) | (
        ~urgent & Q(asked_since__lte=before["otherwise"])
    )


def _requests() -> QuerySet[Request]:
    """Return the requests made on a case's latest snapshot, of the kind it waits for."""
    waits = Q(kind=Kind.AUTHORITY, case__status=Status.AWAITING_AUTHORITY) | Q(
        kind=Kind.SUITABILITY, case__status=Status.REFERRED
    )
    return Request.objects.filter(waits, case=OuterRef("pk"), snapshot=OuterRef("snapshot_now"))


def _mine(officer: Officer, late: Q, at: datetime) -> Q:
    """Return what waits for this officer: asked, or to be asked now though no command has run."""
    referred = Q(status=Status.REFERRED)
    may_be_routed = Q(is_restricted=False) | Q(professional_standards_decision__isnull=False) & Q(
        professional_standards_decision="suitable"
    )
    asked = Q(was_asked=True) | (_reach(officer, at) & (late | Q(was_anybody_asked=False)))
    return (referred | (asked & may_be_routed)) & Q(has_interest=False) & ~Q(officer=officer) & ~Q(recorded_by=officer)


def _reach(officer: Officer, at: datetime) -> Q:
    """Return the cases about which the whole force is asked, where that takes in this officer."""
    today = timezone.localdate(at)
    if not officer.has_role(Role.AUTHORISING_OFFICER):
        return _NONE
    away = absences_on(officer.force_id, today)
    if officer.pk in away:
        return _NONE
    on_duty = deciders_of(officer.force_id, Role.AUTHORISING_OFFICER).filter(on_duty_until__gt=at)
    if not officer.is_on_duty(at) and on_duty.exclude(pk__in=away).exists():
        return _NONE
    rulebook, held, reach = rulebook_for(officer.force_id, on=today), officer.rank_on(today), _NONE
    for is_excluded in (False, True):
        needed = authority_for(rulebook, is_excluded=is_excluded) or rulebook.authority
        if held.is_at_least(needed.rank, substantive=needed.substantive):
            reach |= Q(is_excluded=is_excluded)
    return reach & Q(status=Status.AWAITING_AUTHORITY)


def _lines(officer: Officer, found: list[tuple[int, datetime, int, bool]], at: datetime) -> tuple[RequestLine, ...]:
    keys = [pk for pk, *_ in found]
    cases = Case.objects.select_related("offender", "officer", "unit").in_bulk(keys)
    told = {line.reference: line for line in lines_of(cases.values())}
    snapshots = Snapshot.objects.select_related("taken_by").in_bulk([snapshot for _, _, snapshot, _ in found])
    asked = Request.objects.filter(snapshot__in=snapshots, officer=officer).select_related("covering_for")
    covering = {each.snapshot_id: each.covering_for for each in asked.order_by("pk")}
    numbers = numbers_in(cases.values())
    rulebook = rulebook_for(officer.force_id, on=timezone.localdate(at)) if cases else None
    lines = []
    for pk, since, snapshot_key, is_mine in found:
        case, snapshot = cases[pk], snapshots[snapshot_key]
        kind = WAITS_FOR[case.status_now]
        due = since + timedelta(minutes=target_minutes(case, kind, rulebook) if rulebook else 0)
        line = RequestLine(
            reference=case.reference,
            crime_report_reference=case.crime_report_reference,
            unit=str(case.unit),
            kind=kind,
            at=since,
            due_at=due,
            is_late=at >= due,
        )
        # A party to a case reads nothing of it here, even if asked.
        if is_mine and officer.warrant_number not in numbers[pk]:
            absent = covering.get(snapshot_key)
            line = replace(
                line,
                is_veiled=False,
                is_urgent=kind is Kind.AUTHORITY and case.detained_or_waiting is True,
                is_restricted=case.is_restricted,
                offender=case.offender.name,
                offence=told[case.reference].offence,
                exclusions=exclusions_in(snapshot),
                asked_by=snapshot.taken_by.title,
                covering_for=absent.title if absent else "",
            )
        lines.append(line)
    return tuple(lines)
