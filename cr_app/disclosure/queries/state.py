"""What a worked-out table rests on: the request's version, its decisions, the ledger; and the numbers that come next."""

from dataclasses import dataclass
from typing import Self

from django.db.models import Max

from cr_app.disclosure.models import (
    CellChoice,
    ImportBatch,
    InformationRequest,
    Proposal,
    PublishedTotal,
    Release,
    WorkedOut,
)


@dataclass(frozen=True)
class State:
    """The version of a request, the number of the last release, the keys of the last decision and the last published total."""

    version: int
    after: int
    last_choice: int
    last_total: int

    @classmethod
    def of(cls, worked_out: WorkedOut) -> Self:
        """Return what something worked out rested on."""
        return cls(worked_out.version, worked_out.after, worked_out.last_choice, worked_out.last_total)


def state_of(request: InformationRequest) -> State:
    """Return what a table of this request, worked out now, would rest on."""
    force = request.force_id
    return State(
        version=request.version,
        after=last_number(force),
        last_choice=CellChoice.objects.filter(request=request).aggregate(last=Max("pk"))["last"] or 0,
        last_total=PublishedTotal.objects.filter(force=force).aggregate(last=Max("pk"))["last"] or 0,
    )


def last_number(force: str) -> int:
    """Return the number of a force's last release; 0 before the first."""
    return Release.objects.filter(force=force).aggregate(last=Max("number"))["last"] or 0


def complete_imports() -> int:
    """Return how many imports count."""
    return ImportBatch.objects.filter(completed_at__isnull=False).count()


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
