"""What was returned with a question, and what was decided, in an officer's force: a fixed number of queries a page."""

from dataclasses import replace

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from cr_app.accounts.models import Officer
from cr_app.authorisations.models import Decision, Interest, Kind, Outcome
from cr_app.authorisations.queries.lines import (
    EVERYTHING,
    Filters,
    RequestLine,
    RequestPage,
    place_of,
)
from cr_app.authorisations.queries.matters import kinds_for, still_open
from cr_app.authorisations.queries.snapshots import exclusions_in
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Correction, Snapshot, Void
from cr_app.cases.queries import Line, lines_of, numbers_in

# Of what fits a name, as many are looked at.
_MOST_NAMED = 200
_LATEST = Snapshot.objects.filter(case=OuterRef("case_id")).order_by("-number").values("pk")[:1]


def returned(officer: Officer, filters: Filters = EVERYTHING) -> RequestPage:
    """Return what was returned with a question and not submitted again, the longest ago first."""
    decisions = _decisions(officer, filters).filter(
        outcome=Outcome.RETURNED, case__status=Status.DRAFT, snapshot=Subquery(_LATEST)
    )
    return _page(officer, decisions.order_by("decided_at", "pk"), filters)


def decided(officer: Officer, filters: Filters = EVERYTHING) -> RequestPage:
    """Return what was decided, what was returned left out, the latest first."""
    decisions = _decisions(officer, filters).exclude(outcome=Outcome.RETURNED)
    return _page(officer, decisions.order_by("-decided_at", "-pk"), filters)


def _decisions(officer: Officer, filters: Filters) -> QuerySet[Decision]:
    """Return the decisions of the force that an officer's roles concern; of a restricted case, an inspector's own alone."""
    kinds = kinds_for(officer)
    own = Q(decided_by=officer)
    found = Decision.objects.filter(Q(kind__in=kinds) | own, case__force_id=officer.force_id)
    if Kind.SUITABILITY not in kinds:
        found = found.filter(own | Q(case__is_restricted=False))
    if filters.mine:
        found = found.filter(own)
    if filters.unit is not None:
        found = found.filter(case__unit_id=filters.unit)
    return found


def _page(officer: Officer, decisions: QuerySet[Decision], filters: Filters) -> RequestPage:
    decisions = decisions.select_related(
        "case__offender", "case__officer", "case__unit", "decided_by", "asked_by", "covering_for", "snapshot"
    )
    if filters.sought:
        decisions = _sought(officer, decisions, filters)
    total = decisions.count()
    number, pages = place_of(filters, total)
    first = (number - 1) * filters.size
    return RequestPage(_lines(officer, list(decisions[first : first + filters.size])), number, pages, total)


def _sought(officer: Officer, decisions: QuerySet[Decision], filters: Filters) -> QuerySet[Decision]:
    """Return what a search finds: by an exact reference; by part of a name only what is shown to this officer with it."""
    reference, report = filters.references
    corrected = Correction.objects.filter(case=OuterRef("case_id"), victim__isnull=True)
    names = [
        Q(case__offender__last_names__icontains=word)
        | Q(case__offender__first_names__icontains=word)
        | Exists(corrected.filter(new__icontains=word))
        for word in filters.words
    ]
    named = list(decisions.filter(*names, decided_by=officer)[:_MOST_NAMED])
    shown = [each.pk for each, line in zip(named, _lines(officer, named), strict=True) if not line.is_veiled]
    return decisions.filter(Q(case__reference=reference) | Q(case__crime_report_reference=report) | Q(pk__in=shown))


def _lines(officer: Officer, decisions: list[Decision]) -> tuple[RequestLine, ...]:
    cases = [decision.case for decision in decisions]
    told = {line.reference: line for line in lines_of(cases)}
    numbers = numbers_in(cases)
    voids = Void.objects.filter(snapshot__in=[decision.snapshot_id for decision in decisions])
    void = set(voids.values_list("snapshot_id", "kind"))
    interests = set(Interest.objects.filter(officer=officer, case__in=cases).values_list("case_id", flat=True))
    lines = []
    for decision in decisions:
        line = _veiled(decision, is_own=decision.decided_by_id == officer.pk)
        barred = decision.case_id in interests or officer.warrant_number in numbers[decision.case_id]
        if line.is_own and not barred and _is_open(officer, decision):
            line = _unveiled(
                line,
                decision,
                told[decision.case.reference],
                is_void=(decision.snapshot_id, decision.kind) in void,
            )
        lines.append(line)
    return tuple(lines)


def _is_open(officer: Officer, decision: Decision) -> bool:
    """Tell whether the door still opens a case to whoever decided on it; of a restricted one, as `access.is_routed` does."""
    if not decision.case.is_restricted or Kind.SUITABILITY in kinds_for(officer):
        return True
    return decision.kind == Kind.AUTHORITY and still_open(decision.case, decision.decided_at)


def _veiled(decision: Decision, *, is_own: bool) -> RequestLine:
    case = decision.case
    return RequestLine(
        reference=case.reference,
        crime_report_reference=case.crime_report_reference,
        unit=str(case.unit),
        kind=Kind(decision.kind),
        at=decision.decided_at,
        is_restricted=case.is_restricted,
        is_own=is_own,
    )


def _unveiled(line: RequestLine, decision: Decision, told: Line, *, is_void: bool) -> RequestLine:
    return replace(
        line,
        is_veiled=False,
        offender=told.offender,
        offence=told.offence,
        exclusions=exclusions_in(decision.snapshot.content),
        asked_by=decision.asked_by.title,
        covering_for=decision.covering_for.title if decision.covering_for else "",
        decided_by=f"{decision.rank} {decision.number} {decision.decided_by.name}",
        outcome=Outcome(decision.outcome),
        is_void=is_void,
        note=decision.reasons if decision.outcome == Outcome.RETURNED else "",
    )
