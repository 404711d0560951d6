"""What was published of a force beside a request: how far its time hangs together, what was withdrawn, and as of when it counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Self

from cr_app.disclosure.models import ImportBatch, InformationRequest, PublishedTotal, Release, WorkedOut

Days = tuple[date, date]


@dataclass(frozen=True)
class Published:
    """The days that each release of a force counts, by its number, and those of every total published elsewhere.

    Totals that were withdrawn or left out are among them: one of these may be what the records give tomorrow.
    """

    releases: tuple[tuple[int, Days], ...]
    totals: tuple[Days, ...]

    @classmethod
    def of(cls, force: str) -> Self:
        """Read what was published of a force."""
        periods = Release.objects.filter(force=force).order_by("number")
        found = periods.values_list("number", "request__period_from", "request__period_to")
        totals = PublishedTotal.every.filter(force=force).values_list("period_from", "period_to")
        return cls(tuple((number, (first, last)) for number, first, last in found), tuple(totals))

    def last_beside(self, request: InformationRequest) -> int:
        """Return the number of the last release whose days hang together with a request's; 0 where none does.

        No other has a part in its table: it counts no case of those days, and nothing that counts some counts one of its own.
        """
        days = self.beside(request)
        return max((number for number, counted in self.releases if _meet(days, counted)), default=0)

    def beside(self, request: InformationRequest) -> Days:
        """Return the days that hang together with a request's: directly, or through what was published of both."""
        asked = request.period_from, request.period_to
        # What overlaps is one stretch; a stretch that meets the request's days meets no other stretch.
        return _spanned([asked, *(each for each in self._stretches if _meet(asked, each))])

    @cached_property
    def _stretches(self) -> list[Days]:
        found = list[Days]()
        for days in sorted([*(counted for _, counted in self.releases), *self.totals]):
            if found and _meet(found[-1], days):
                found[-1] = _spanned([found[-1], days])
            else:
                found.append(days)
        return found


def withdrawn_near(request: InformationRequest) -> list[PublishedTotal]:
    """Return the totals that were withdrawn, of days that hang together with a request's; the one withdrawn last is the first."""
    found = PublishedTotal.every.filter(force=request.force_id, withdrawal__isnull=False)
    if not found.exists():
        return []
    days = Published.of(request.force_id).beside(request)
    near = found.filter(period_from__lte=days[1], period_to__gte=days[0])
    return list(near.select_related("withdrawal__by").order_by("-withdrawal__pk"))


def moments_counted(force: str) -> list[datetime]:
    """Return the moments at which imports were completed, and those as of which releases of a force count, in their order."""
    imports = ImportBatch.objects.filter(completed_at__isnull=False).values_list("completed_at", flat=True)
    releases = Release.objects.filter(force=force).values_list("request__as_of", "extracted_at")
    return sorted({*filter(None, imports), *(as_of or extracted_at for as_of, extracted_at in releases)})


def moments_open(force: str) -> list[datetime]:
    """Return the moments as of which the tables count that were worked out last for a force's open requests."""
    found = WorkedOut.objects.filter(request__force=force, request__closed_at=None, request__release=None)
    last = found.order_by("request_id", "-pk").distinct("request_id")
    told = last.values_list("request__as_of", "extracted_at")
    return sorted({moment for each in told for moment in each if moment is not None})


def _meet(one: Days, other: Days) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _spanned(found: Iterable[Days]) -> Days:
    firsts, lasts = zip(*found, strict=True)
    return min(firsts), max(lasts)
