"""What waits for a decision in an officer's force: a fixed number of queries a page, besides what is to be asked anew."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.authorisations import routing
from cr_app.authorisations.models import Interest, Kind, Request
from cr_app.authorisations.queries.lines import (
    A_PAGE,
    EVERYTHING,
    NOTHING,
    Filters,
    RequestLine,
    RequestPage,
    place_of,
)
from cr_app.authorisations.queries.matters import SUITABLE, WAITS_FOR, kinds_for
from cr_app.authorisations.queries.snapshots import exclusions_in
from cr_app.authorisations.queries.standings import ForceNow, force_now, standing_of, target_minutes
from cr_app.cases.judgement import authority_for
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case, Snapshot, StatusChange
from cr_app.cases.queries import lines_of, numbers_in, whole_cases
from cr_app.pages.refusals import NotAllowed

_OLDEST_FIRST = ("asked_since", "pk")
_SNAPSHOT_NOW = Snapshot.objects.filter(case=OuterRef("pk")).order_by("-number").values("pk")[:1]
# What is looked at of every case that waits; the rest of one is wide.
_OF_A_ROW = (
    *("status", "is_restricted", "professional_standards_decision", "detained_or_waiting", "unit", "officer"),
    *("recorded_by", "offender__warrant_number", "offender__first_names", "offender__last_names"),
    *("reference", "crime_report_reference"),
)


@dataclass(frozen=True)
class _Row:
    """A case that waits, before anything of it is shown.

    `is_open`: nothing bars this officer from reading it in a list. `may_be_asked_now`: it was not asked of this officer,
    and perhaps nobody asked in this round can decide any more; `standing_of` alone says whether it then is. `is_named`: only
    its offender's name fits what is searched for, so that it is found where that name is shown.
    """

    pk: int
    kind: Kind
    is_restricted: bool
    since: datetime
    due_at: datetime
    is_late: bool
    snapshot: int
    is_open: bool
    was_asked: bool
    may_be_asked_now: bool
    is_named: bool


def waiting(officer: Officer, filters: Filters = EVERYTHING, *, at: datetime | None = None) -> RequestPage:
    """Return what waits for a decision in the officer's force, oldest first, by the roles the officer has.

    What was asked of others is veiled. A restricted case shows itself to professional standards and to the inspector to
    whom it was routed, as the door does, and is not in anybody else's list.
    """
    force = _force(officer, at or timezone.now())
    if force is None:
        return NOTHING
    rows = _rows(officer, filters, force)
    mine = _mine(officer, [row for row in rows if filters.mine or row.is_restricted or row.is_named], force)
    rows = [row for row in rows if row.pk in mine or not (filters.mine or row.is_restricted or row.is_named)]
    number, pages = place_of(filters, len(rows))
    shown = rows[(number - 1) * filters.size : number * filters.size]
    mine |= _mine(officer, [row for row in shown if row.pk not in mine and not filters.mine], force)
    return RequestPage(_lines(officer, shown, mine), number, pages, len(rows))


def waiting_count(officer: Officer, *, at: datetime | None = None) -> int:
    """Return how many cases wait for this very officer."""
    force = _force(officer, at or timezone.now())
    return len(_mine(officer, _rows(officer, EVERYTHING, force), force)) if force is not None else 0


def _force(officer: Officer, at: datetime) -> ForceNow | None:
    """Return what the cases of the officer's force share; None where there is nothing for this officer to decide."""
    if not kinds_for(officer):
        return None
    try:
        return force_now(officer.force_id, Kind.AUTHORITY, at)
    except NotAllowed:
        # Without a rulebook nobody can submit a case, so that none waits.
        return None


def _rows(officer: Officer, filters: Filters, force: ForceNow) -> list[_Row]:
    found = _waiting_cases(officer, filters)
    asked = _requests([snapshot for _, _, snapshot in found])
    interests = set(Interest.objects.filter(case__in=[case.pk for case, _, _ in found]).values_list("case", "officer"))
    numbers = numbers_in(case for case, _, _ in found)
    able, may_be_asked = _able(force), officer.pk in force.deciders.keys() - force.absences.keys()
    rows = []
    for case, since, snapshot in found:
        found_by = _found_by(case, filters)
        if not found_by:
            continue
        kind = WAITS_FOR[case.status_now]
        minutes = target_minutes(case.detained_or_waiting, kind, force.rulebook)
        now_round = routing.round_at(since, force.at, minutes=minutes)
        due = routing.due_at(since, minutes=minutes)
        barred = {key for of_case, key in interests if of_case == case.pk} | {case.officer_id, case.recorded_by_id}
        asked_here = asked.get((snapshot, kind.value), set())
        is_open = (
            officer.pk not in barred
            and officer.warrant_number not in numbers[case.pk]
            and (kind is Kind.SUITABILITY or not case.is_restricted or case.professional_standards_decision == SUITABLE)
        )
        was_asked = any(key == officer.pk for key, _ in asked_here)
        can_still = {key for key, of_round in asked_here if of_round == now_round} & able - barred
        rows.append(
            _Row(
                pk=case.pk,
                kind=kind,
                is_restricted=case.is_restricted,
                since=since,
                due_at=due,
                is_late=force.at >= due,
                snapshot=snapshot,
                is_open=is_open,
                was_asked=was_asked or kind is Kind.SUITABILITY,
                may_be_asked_now=is_open and may_be_asked and not was_asked and not can_still,
                is_named=found_by == "name",
            )
        )
    return [row for row in rows if row.is_late or not filters.late]


def _found_by(case: Case, filters: Filters) -> Literal["anything", "reference", "name", ""]:
    """Return by what a search finds a case: a reference of its own, or its offender's name alone; "" where it does not."""
    if not filters.sought:
        return "anything"
    reference, report = filters.references
    if case.reference == reference or case.crime_report_reference == report:
        return "reference"
    name = f"{case.offender.first_names or ''} {case.offender.last_names or ''}".casefold()
    return "name" if all(word.casefold() in name for word in filters.words) else ""


def _waiting_cases(officer: Officer, filters: Filters) -> list[tuple[Case, datetime, int]]:
    """Return the cases of the force that wait for what the officer's roles decide: since when, with which snapshot."""
    kinds = kinds_for(officer)
    cases: QuerySet[Case] = Case.objects.filter(
        # By unit, which the index of lists begins with.
        unit__force_id=officer.force_id,
        force_id=officer.force_id,
        status__in=[status for status, kind in WAITS_FOR.items() if kind in kinds],
    )
    if filters.unit is not None:
        cases = cases.filter(unit_id=filters.unit)
    if filters.urgent:
        cases = cases.filter(status=Status.AWAITING_AUTHORITY, detained_or_waiting=True)
    known = cases.annotate(asked_since=_moved_at(), snapshot_now=Subquery(_SNAPSHOT_NOW)).order_by(*_OLDEST_FIRST)
    keys = list(known.values_list("pk", "asked_since", "snapshot_now"))
    whole = Case.objects.select_related("offender").only(*_OF_A_ROW).in_bulk([pk for pk, _, _ in keys])
    return [(whole[pk], since, snapshot) for pk, since, snapshot in keys if since and snapshot and pk in whole]


def _moved_at() -> Subquery:
    """Return when a case came to stand as it does."""
    moves = StatusChange.objects.filter(case=OuterRef("pk"), to_status=OuterRef("status")).order_by("-pk")
    return Subquery(moves.values("at")[:1])


def _requests(snapshots: Collection[int]) -> dict[tuple[int, str], set[tuple[int, int]]]:
    """Return who was asked on each of these snapshots, and in which round, by the snapshot and the kind."""
    asked: dict[tuple[int, str], set[tuple[int, int]]] = {}
    rows = Request.objects.filter(snapshot__in=snapshots).order_by()
    for snapshot, kind, officer, of_round in rows.values_list("snapshot_id", "kind", "officer_id", "round"):
        asked.setdefault((snapshot, kind), set()).add((officer, of_round))
    return asked


def _able(force: ForceNow) -> set[int]:
    """Return who can decide on any case that asks for authority, as far as their account tells."""
    highest = authority_for(force.rulebook, is_excluded=True)
    today = timezone.localdate(force.at)
    return {
        pk
        for pk, officer in force.deciders.items()
        if pk not in force.absences
        and not officer.must_change_password
        and highest is not None
        and officer.rank_on(today).is_at_least(highest.rank, substantive=highest.substantive)
    }


def _mine(officer: Officer, rows: Iterable[_Row], force: ForceNow) -> set[int]:
    """Return the cases that wait for this officer: asked, or to be asked now though no command has run.

    The latter are worked out one by one as the door does it, the oldest first and a page of them at most; there are none
    while the command runs.
    """
    listed = list(rows)
    found = {row.pk for row in listed if row.is_open and row.was_asked}
    anew = whole_cases().in_bulk([row.pk for row in listed if row.may_be_asked_now][:A_PAGE])
    for case in anew.values():
        standing = standing_of(case, force.at, force=force)
        if standing is not None and any(each.officer.pk == officer.pk for each in standing.to_ask):
            found.add(case.pk)
    return found


def _lines(officer: Officer, rows: Iterable[_Row], mine: Collection[int]) -> tuple[RequestLine, ...]:
    listed = list(rows)
    cases = Case.objects.select_related("offender", "officer", "unit").in_bulk([row.pk for row in listed])
    told = {line.reference: line for line in lines_of(cases.values())}
    snapshots = Snapshot.objects.select_related("taken_by").in_bulk([row.snapshot for row in listed])
    asked = Request.objects.filter(snapshot__in=snapshots, officer=officer).select_related("covering_for")
    covering = {each.snapshot_id: each.covering_for for each in asked.order_by("pk")}
    lines = []
    for row in listed:
        case, snapshot = cases[row.pk], snapshots[row.snapshot]
        line = RequestLine(
            reference=case.reference,
            crime_report_reference=case.crime_report_reference,
            unit=str(case.unit),
            kind=row.kind,
            at=row.since,
            due_at=row.due_at,
            is_late=row.is_late,
        )
        if row.pk in mine:
            absent = covering.get(row.snapshot)
            line = replace(
                line,
                is_veiled=False,
                is_urgent=row.kind is Kind.AUTHORITY and case.detained_or_waiting is True,
                is_restricted=case.is_restricted,
                offender=case.offender.name,
                offence=told[case.reference].offence,
                exclusions=exclusions_in(snapshot.content),
                asked_by=snapshot.taken_by.title,
                covering_for=absent.title if absent else "",
            )
        lines.append(line)
    return tuple(lines)
