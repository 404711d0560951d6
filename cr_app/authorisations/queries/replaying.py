"""How the trail reads cases when it replays them: every row of a case, of the tables of cases and of this app."""

from collections.abc import Iterator, Mapping

from cr_app.audit import replaying
from cr_app.authorisations.queries.matters import rows_of
from cr_app.cases.models import Case
from cr_app.cases.queries import rows_now

_AT_ONCE = 1_000


def register_cases() -> None:
    """Have cases replayed."""
    replaying.register("case", keys=references, rows=rows_of_case)


def references() -> Iterator[str]:
    """Yield the reference of every case, oldest first, in memory some at a time."""
    last = 0
    while found := list(Case.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "reference")[:_AT_ONCE]):
        yield from (reference for _, reference in found)
        last = found[-1][0]


def rows_of_case(reference: str) -> Mapping[tuple[str, str], Mapping[str, object]] | None:
    """Return every row of a case, keyed as a replay keys them; None where there is no such case."""
    case = Case.objects.filter(reference=reference).first()
    return None if case is None else rows_now(case) | rows_of(case)
