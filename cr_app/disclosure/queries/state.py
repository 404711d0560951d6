"""What a worked-out table rests on: the request's version, its decisions, the ledger; and the numbers that come next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.db.models import Max

from cr_app.disclosure.models import (
    CellChoice,
    ImportBatch,
    InformationRequest,
    Proposal,
    PublishedTotal,
    Release,
    TotalWithdrawal,
    WorkedOut,
)
from cr_app.disclosure.queries.beside import Published

# Whoever has worked for longer was cut off.
LONGEST_WORK = timedelta(minutes=6)


@dataclass(frozen=True)
class State:
    """What a table rests on: the request's version, its last decision by its key, and what was published.

    `after` is the number of the last release whose days hang together with the request's, `totals` how often a published total
    that counts had come or gone.
    """

    version: int
    after: int
    last_choice: int
    totals: int

    @classmethod
    def of(cls, worked_out: WorkedOut) -> Self:
        """Return what something worked out rested on."""
        return cls(worked_out.version, worked_out.after, worked_out.last_choice, worked_out.totals)


def state_of(request: InformationRequest) -> State:
    """Return what a table of this request, worked out now, would rest on."""
    force = request.force_id
    return State(
        version=request.version,
        after=Published.of(force).last_beside(request),
        last_choice=CellChoice.objects.filter(request=request).aggregate(last=Max("pk"))["last"] or 0,
        totals=totals_that_count(force),
    )


def totals_that_count(force: str) -> int:
    """Return how often a total published elsewhere that the records give was added or withdrawn; it only grows.

    One that they do not give is left out of every table, so it makes none of them old.
    """
    added = PublishedTotal.every.filter(force=force, is_ours=True).count()
    return added + TotalWithdrawal.objects.filter(total__force=force, was_ours=True).count()


def totals_told(force: str) -> int:
    """Return how often any total published elsewhere was added or withdrawn."""
    added = PublishedTotal.every.filter(force=force).count()
    return added + TotalWithdrawal.objects.filter(total__force=force).count()


def is_at_work(request: InformationRequest, now: datetime) -> bool:
    """Tell whether the table of a request is being worked out, as far as one can know."""
    return request.working_since is not None and request.working_since > now - LONGEST_WORK


def last_number(force: str) -> int:
    """Return the number of a force's last release; 0 before the first."""
    return Release.objects.filter(force=force).aggregate(last=Max("number"))["last"] or 0


def complete_imports() -> int:
    """Return how many imports count."""
    return ImportBatch.objects.filter(completed_at__isnull=False).count()


def last_import() -> datetime | None:
    """Return when the last import was completed; None before the first."""
    found: datetime | None = ImportBatch.objects.aggregate(last=Max("completed_at"))["last"]
    return found


def latest_worked_out(request: InformationRequest) -> WorkedOut | None:
    """Return what was last worked out for a request."""
    return WorkedOut.objects.filter(request=request).order_by("-pk").first()


def unused_choices(worked_out: WorkedOut) -> list[str]:
    """Return the decisions that fit no cell of what was worked out, as "row, column"."""
    return [f"{each['row']}, {each['column']}" for each in worked_out.why.get("unused", ())]


def latest_proposal(request: InformationRequest) -> Proposal | None:
    """Return the last proposal of a request, with what it proposes."""
    return Proposal.objects.filter(request=request).select_related("worked_out", "by").order_by("-pk").first()


def released_of(request: InformationRequest) -> Release | None:
    """Return the release of a request, if it was released."""
    return Release.objects.filter(request=request).first()


def next_part(force: str, reference: str) -> int:
    """Return the number of the next table under a reference."""
    found = InformationRequest.objects.filter(force=force, reference=reference).aggregate(last=Max("part"))["last"]
    return (found or 0) + 1
