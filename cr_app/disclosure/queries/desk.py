"""What the FOI desk lists: requests with how each stands, the ledger of releases, totals published elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Max

from cr_app.disclosure.asked import Asked, Group
from cr_app.disclosure.models import CellChoice, InformationRequest, Proposal, PublishedTotal, Release, WorkedOut

MOST_OPEN, MOST_DONE, PER_PAGE = 200, 10, 25


@dataclass(frozen=True)
class Standing:
    """How a request stands: what was last worked out, what was last proposed, what was released.

    `is_current`: nothing that counts has changed since it was worked out: neither the request nor a choice, and no release or
    published total has come. `is_as_asked`: the request and the choices are still those it was worked out for.
    """

    request: InformationRequest
    worked_out: WorkedOut | None
    proposal: Proposal | None
    release: Release | None
    is_current: bool
    is_as_asked: bool

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


def open_requests(force_id: str) -> list[Standing]:
    """Return the requests of a force that were not answered yet, the first due first."""
    found = InformationRequest.objects.filter(force=force_id, release=None, closed_at=None).order_by("due_on", "pk")
    return standings_of(force_id, list(found[:MOST_OPEN]))


def answered_requests(force_id: str) -> list[Standing]:
    """Return the requests that were released last."""
    found = InformationRequest.objects.filter(force=force_id, release__isnull=False).order_by("-release__number")
    return standings_of(force_id, list(found[:MOST_DONE]))


def closed_requests(force_id: str) -> list[Standing]:
    """Return the requests that were closed last without an answer of the desk."""
    found = InformationRequest.objects.filter(force=force_id, closed_at__isnull=False).select_related("closed_by")
    return standings_of(force_id, list(found.order_by("-closed_at")[:MOST_DONE]))


def standing_of(request: InformationRequest) -> Standing:
    """Return how one request stands."""
    return standings_of(request.force_id, [request])[0]


def standings_of(force_id: str, requests: Sequence[InformationRequest]) -> list[Standing]:
    """Return how each of these requests of one force stands, in their order: six queries for any number of them."""
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
    last_release = Release.objects.filter(force=force_id).aggregate(last=Max("number"))["last"] or 0
    last_total = PublishedTotal.objects.filter(force=force_id).aggregate(last=Max("pk"))["last"] or 0
    choices = dict(
        CellChoice.objects.filter(request__in=keys).order_by().values_list("request").annotate(last=Max("pk"))
    )

    def standing(request: InformationRequest) -> Standing:
        found = worked.get(request.pk)
        is_as_asked = found is not None and (found.version, found.last_choice) == (
            request.version,
            choices.get(request.pk, 0),
        )
        beside = (found.after, found.last_total) if found is not None else None
        return Standing(
            request=request,
            worked_out=found,
            proposal=proposals.get(request.pk),
            release=releases.get(request.pk),
            is_current=is_as_asked and beside == (last_release, last_total),
            is_as_asked=is_as_asked,
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
    """Return the totals published elsewhere that are known, the newest first."""
    return list(PublishedTotal.objects.filter(force=force_id).select_related("by").order_by("-pk"))
