"""What was published of a force beside a request: how far its time hangs together, and which totals were withdrawn from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self

from cr_app.accounts.models import Officer
from cr_app.disclosure.models import InformationRequest, PublishedTotal, Release

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


def withdrawn_beside(request: InformationRequest) -> list[PublishedTotal]:
    """Return the totals that agreed with the records when they were withdrawn, of days that hang together with a request's.

    The one that was withdrawn last is the first. One that was entered again, and agreed again, protects again, and is left out.
    """
    days = Published.of(request.force_id).beside(request)
    found = PublishedTotal.every.filter(force=request.force_id, withdrawal__was_ours=True)
    near = found.filter(period_from__lte=days[1], period_to__gte=days[0]).select_related("withdrawal__by")
    standing = [_counted(each) for each in PublishedTotal.objects.filter(force=request.force_id, is_ours=True)]
    return [each for each in near.order_by("-withdrawal__pk") if _counted(each) not in standing]


def has_withdrawn_beside(request: InformationRequest, officer: Officer) -> bool:
    """Tell whether an officer withdrew one of `withdrawn_beside` herself."""
    return any(each.withdrawal.by_id == officer.pk for each in withdrawn_beside(request))


def _counted(total: PublishedTotal) -> tuple[object, ...]:
    """Return what a total says of which cases, whoever published it and whenever."""
    return total.period_from, total.period_to, total.basis, total.groups, total.count


def _meet(one: Days, other: Days) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _spanned(found: Iterable[Days]) -> Days:
    firsts, lasts = zip(*found, strict=True)
    return min(firsts), max(lasts)
