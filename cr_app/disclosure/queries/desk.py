"""What the FOI desk lists: requests with how each stands, the ledger of releases, totals published elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Max, Min, Q, QuerySet, Value, When
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.database.patience import patiently
from cr_app.disclosure.asked import Asked, Group, TookTooLong
from cr_app.disclosure.models import (
    CellChoice,
    ImportedCase,
    InformationRequest,
    Proposal,
    PublishedTotal,
    Release,
    TotalWithdrawal,
    WorkedOut,
)
from cr_app.disclosure.queries.beside import Published
from cr_app.disclosure.queries.state import is_at_work, totals_that_count

MOST_DONE, PER_PAGE = 10, 25
# A million imported cases are grouped in about a second.
LONGEST = "20s"
_TOO_LONG = "Counting what was imported took longer than it may."


@dataclass(frozen=True)
class Standing:
    """How a request stands: what was last worked out, what was last proposed, what was released.

    `is_current`: nothing that counts has changed since it was worked out: neither the request nor a choice, no release has come
    whose days hang together with the request's, and no published total that counts has come or gone. `is_as_asked`: the request and the
    choices are still those it was worked out for. `is_at_work`: it is being worked out at this moment.
    """

    request: InformationRequest
    worked_out: WorkedOut | None
    proposal: Proposal | None
    release: Release | None
    is_current: bool
    is_as_asked: bool
    is_at_work: bool = False

    @property
    def is_open(self) -> bool:
        """Tell whether it still waits for an answer."""
        return self.release is None and self.request.closed_at is None

    @property
    def is_proposed(self) -> bool:
        """Tell whether what was worked out last waits for a second person; it is worked out anew before it is released."""
        return (
            self.is_open
            and self.is_as_asked
            and self.proposal is not None
            and self.worked_out is not None
            and self.proposal.worked_out_id == self.worked_out.pk
        )


@dataclass(frozen=True)
class Listed:
    """A page of requests, and how each of them stands."""

    page: "Page[InformationRequest]"
    standings: list[Standing]


def asked_of(request: InformationRequest) -> Asked:
    """Return what a request asks."""
    return Asked(
        reference=request.reference,
        received_on=request.received_on,
        force=request.force_id,
        period_from=request.period_from,
        period_to=request.period_to,
        years=request.years,
        rows_by=request.rows_by,
        groups=groups_of(request.groups),
        breakdown=request.breakdown,
        basis=request.basis,
        threshold=request.threshold,
        zeros=request.zeros,
        method=request.method,
        as_of=request.as_of,
    )


def groups_of(kept: Sequence[dict[str, object]]) -> tuple[Group, ...]:
    """Return named rows as they are kept."""
    found = []
    for each in kept:
        codes, encouraging = each.get("codes") or (), each.get("encouraging_or_assisting")
        listed = tuple(map(str, codes)) if isinstance(codes, (list, tuple)) else ()
        found.append(Group(str(each["label"]), listed, encouraging if isinstance(encouraging, bool) else None))
    return tuple(found)


def open_requests(officer: Officer, *, page: str = "") -> Listed:
    """Return a page of the requests of an officer's force that were not answered yet: those she entered, then the first due."""
    found = _requests(officer.force_id).filter(release=None, closed_at=None)
    hers_first = Case(When(made_by=officer, then=Value(0)), default=Value(1))
    return _listed(found.order_by(hers_first, "due_on", "pk"), officer.force_id, page)


def answered_requests(force_id: str) -> list[Standing]:
    """Return the requests that were released last."""
    found = _requests(force_id).filter(release__isnull=False).order_by("-release__number")
    return standings_of(force_id, list(found[:MOST_DONE]))


def closed_requests(force_id: str, *, page: str = "", per_page: int = PER_PAGE) -> Listed:
    """Return a page of the requests that were closed without an answer of the desk, the last one first."""
    found = _requests(force_id).filter(closed_at__isnull=False)
    return _listed(found.order_by("-closed_at", "-pk"), force_id, page, per_page=per_page)


def found_requests(force_id: str, text: str, *, page: str = "") -> Listed:
    """Return a page of the requests whose reference or title has this text, however they stand, the last received first."""
    found = _requests(force_id).filter(Q(reference__icontains=text) | Q(title__icontains=text))
    return _listed(found.order_by("-received_on", "-pk"), force_id, page)


def _requests(force_id: str) -> QuerySet[InformationRequest]:
    """Return a force's requests with everybody whom a line names."""
    return InformationRequest.objects.filter(force=force_id).select_related("made_by", "working_by", "closed_by")


def _listed(found: QuerySet[InformationRequest], force_id: str, page: str, *, per_page: int = PER_PAGE) -> Listed:
    shown = Paginator(found, per_page).get_page(page)
    return Listed(shown, standings_of(force_id, list(shown)))


def standing_of(request: InformationRequest) -> Standing:
    """Return how one request stands."""
    return standings_of(request.force_id, [request])[0]


def standings_of(force_id: str, requests: Sequence[InformationRequest]) -> list[Standing]:
    """Return how each of these requests of one force stands, in their order, with as many queries for many as for one."""
    keys = [request.pk for request in requests]
    worked = {
        each.request_id: each
        for each in WorkedOut.objects.filter(request__in=keys)
        .select_related("by")
        .defer("content", "why")
        .order_by("request_id", "-pk")
        .distinct("request_id")
    }
    proposals = {
        each.request_id: each
        for each in Proposal.objects.filter(request__in=keys)
        .select_related("by")
        .order_by("request_id", "-pk")
        .distinct("request_id")
    }
    releases = {
        each.request_id: each
        for each in Release.objects.filter(request__in=keys).select_related("released_by").defer("content")
    }
    published, totals, now = Published.of(force_id), totals_that_count(force_id), timezone.now()
    choices = dict(
        CellChoice.objects.filter(request__in=keys).order_by().values_list("request").annotate(last=Max("pk"))
    )

    def standing(request: InformationRequest) -> Standing:
        found = worked.get(request.pk)
        is_as_asked = found is not None and (found.version, found.last_choice) == (
            request.version,
            choices.get(request.pk, 0),
        )
        beside = (published.last_beside(request), totals)
        return Standing(
            request=request,
            worked_out=found,
            proposal=proposals.get(request.pk),
            release=releases.get(request.pk),
            is_current=is_as_asked and found is not None and (found.after, found.totals) == beside,
            is_as_asked=is_as_asked,
            is_at_work=is_at_work(request, now),
        )

    return [standing(request) for request in requests]


def worked_out_in_full(worked_out: WorkedOut) -> WorkedOut:
    """Return what was worked out with its content, which lists leave out."""
    return WorkedOut.objects.select_related("by").get(pk=worked_out.pk)


def choices_of(request: InformationRequest) -> list[CellChoice]:
    """Return the decisions on cells that count for the request as it is: the last one on each cell, oldest first.

    One that was taken back counts no more.
    """
    last: dict[tuple[str, str], CellChoice] = {}
    for choice in CellChoice.objects.filter(request=request).select_related("by").order_by("pk"):
        last[choice.row, choice.column] = choice
    return sorted((each for each in last.values() if each.is_withheld is not None), key=lambda choice: choice.pk)


def releases_of(force_id: str, *, page: str = "") -> "Page[Release]":
    """Return a page of a force's releases, the newest first."""
    related = ("request", "proposed_by", "released_by")
    found = Release.objects.filter(force=force_id).select_related(*related).defer("content").order_by("-number")
    return Paginator(found, PER_PAGE).get_page(page)


def extractions_of(force_id: str) -> list[Release]:
    """Return the releases of a force, the newest first, for the moments at which they were extracted."""
    return list(Release.objects.filter(force=force_id).defer("content").order_by("-number")[:PER_PAGE])


def totals_of(force_id: str) -> list[PublishedTotal]:
    """Return the totals published elsewhere that are known, the newest first; what was withdrawn is among them."""
    return list(PublishedTotal.every.filter(force=force_id).select_related("by", "withdrawal__by").order_by("-pk"))


def withdrawal_of(total: PublishedTotal) -> TotalWithdrawal | None:
    """Return why a total counts no more; None for one that does."""
    found: TotalWithdrawal | None = getattr(total, "withdrawal", None)
    return found


@dataclass(frozen=True)
class ImportOfForce:
    """An import that counts, as one force sees it: its own cases, the first and last day of issue; rejected lines of the file."""

    pk: int
    completed_at: datetime
    cases: int
    first: date
    last: date
    rejected: int
    digest: str


def imports_of(force_id: str) -> list[ImportOfForce]:
    """Return the imports that count and have cases of a force, the last one first; raises TookTooLong."""
    found = (
        ImportedCase.objects.filter(force=force_id, batch__completed_at__isnull=False)
        .values("batch", "batch__rejected", "batch__digest")
        .annotate(
            completed_at=Max("batch__completed_at"), cases=Count("pk"), first=Min("issued_on"), last=Max("issued_on")
        )
        .order_by("-completed_at", "-batch")
    )
    with patiently(LONGEST, refusal=TookTooLong(_TOO_LONG)):
        rows = list(found)
    return [
        ImportOfForce(
            pk=each["batch"],
            completed_at=each["completed_at"],
            cases=each["cases"],
            first=each["first"],
            last=each["last"],
            rejected=each["batch__rejected"],
            digest=each["batch__digest"],
        )
        for each in rows
    ]
