"""The export of a period: every row of the log from the first to the last of the period, so that none can be left out."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import Count, Max, Min, Q
from django.utils.timezone import localdate

from cr_app.audit.bodies import time_text
from cr_app.audit.canonical import JSON
from cr_app.audit.exporting.files import (
    CannotExport,
    Exported,
    Moment,
    digest_of,
    must_be_few,
    new_folder,
    spoken,
    write_rest,
    write_rows,
)
from cr_app.audit.exporting.log import ROWS_AT_ONCE, rows_behind, sealed_log
from cr_app.audit.models import Access, Checkpoint, Entry, Leaf, LeafTable
from cr_app.audit.proofs import SealedTree

_IDS_AT_ONCE = 5_000
_MOMENT = timedelta(microseconds=1)


def export_period(
    first: datetime,
    last: datetime,
    *,
    to: Path,
    purpose: str,
    recipient: str,
    withhold: Callable[[str], bool],
    with_personal: bool = False,
    against: str = "",
    at_most: int | None = None,
    as_of: Moment | None = None,
) -> Exported:
    """Write what is sealed from `first` until before `last` into the new folder `to`, whole or not at all.

    The log's order is that of transactions: a row between others that was written for another time stands there too. A
    row about or telling of a record for which `withhold` says so is its hash alone; of one about none it is asked about the
    officer who acted, and of nobody's about "". Rows are read as they are written, so memory grows with the number of
    records named, not of rows. Raises CannotExport, as `export_case` does.
    """
    if first >= last:
        raise CannotExport("The period ends before it begins: turn the dates round.")
    log = sealed_log(lambda checkpoint: _not_sealed(first, last, checkpoint), as_of=as_of)
    size = log.checkpoint.size
    start, end, within = _bounds(first, last, size, at_most)
    must_be_few(end - start, at_most)
    counts = {LeafTable.ENTRY.value: 0, LeafTable.ACCESS.value: 0, "withheld": 0, "personal": 0}
    subjects: set[str] = set()

    def lines() -> Iterator[dict[str, JSON]]:
        for leaves in _leaves(start, end):
            for row in rows_behind(leaves, with_personal=with_personal):
                if any(map(withhold, row.names or ("",))):
                    counts["withheld"] += 1
                    yield row.withheld()
                    continue
                counts[row.table] += 1
                counts["personal"] += len(row.personal)
                subjects.update(row.subjects)
                yield row.whole()

    with new_folder(to) as folder:
        write_rows(folder, lines())
        about: dict[str, JSON] = {
            **log.about(),
            "what": "period",
            "from": time_text(first),
            "until": time_text(last),
            "first": start,
            "last": end - 1,
            "left": _hashes(log.tree, 0, start),
            "right": _hashes(log.tree, end, size),
            "rows": end - start,
            "of_other_times": end - start - within,
            "entries": counts[LeafTable.ENTRY],
            "accesses": counts[LeafTable.ACCESS],
            "withheld": counts["withheld"],
            "personal_values": counts["personal"],
            "consistency": log.consistency_with(against),
            "purpose": purpose,
            "recipient": recipient,
        }
        write_rest(folder, about, checkpoint=log.checkpoint.note, key=log.key.text)
        digest = digest_of(folder)
    return Exported(
        rows=end - start,
        moment=log.moment,
        digest=digest,
        withheld=counts["withheld"],
        subjects=tuple(sorted(subjects)),
        from_on=localdate(first).isoformat(),
        until_on=localdate(last - _MOMENT).isoformat(),
        of_other_times=end - start - within,
    )


def perfect_parts(start: int, end: int) -> list[tuple[int, int]]:
    """Return the parts of every tree of at least `end` leaves that cover start to end, each as large as it can be."""
    found = []
    while start < end:
        length = 1 << ((end - start).bit_length() - 1)
        if start:
            length = min(length, start & -start)
        found.append((start, start + length))
        start += length
    return found


def _hashes(tree: SealedTree, start: int, end: int) -> list[JSON]:
    return [[first, last, tree.root(first, last).hex()] for first, last in perfect_parts(start, end)]


def _not_sealed(first: datetime, last: datetime, checkpoint: Checkpoint | None) -> int:
    """Count the rows of the period that are newer than a checkpoint."""
    horizon = checkpoint.horizon if checkpoint else 0
    entries = Entry.objects.filter(at__gte=first, at__lt=last, transaction_id__gte=horizon)
    accesses = Access.objects.filter(at__gte=first, at__lt=last, transaction_id__gte=horizon)
    return entries.count() + accesses.count()


def _bounds(first: datetime, last: datetime, size: int, at_most: int | None) -> tuple[int, int, int]:
    """Return where in the log the period begins, where it ends, and how many rows there are of it.

    Raises CannotExport where nothing of it is sealed, and as soon as there are more than `at_most` rows.
    """
    lowest, highest, within = size, -1, 0
    for table, pages in ((LeafTable.ENTRY, _ids(Entry, first, last)), (LeafTable.ACCESS, _ids(Access, first, last))):
        for ids in pages:
            leaves = Leaf.objects.filter(table=table, row_id__in=ids, index__lt=size)
            found = leaves.aggregate(lowest=Min("index"), highest=Max("index"), within=Count("index"))
            within += found["within"]
            must_be_few(within, at_most)
            if found["lowest"] is not None:
                lowest, highest = min(lowest, found["lowest"]), max(highest, found["highest"])
    if highest < 0:
        raise CannotExport(
            f"The sealed log holds nothing from {spoken(localdate(first))} to {spoken(localdate(last - _MOMENT))}, "
            "so nothing was exported."
        )
    return lowest, highest + 1, within


def _ids(model: type[Entry] | type[Access], first: datetime, last: datetime) -> Iterator[list[int]]:
    """Yield the keys of the rows of a period, page by page: one statement over a year would take too long."""
    within = Q(at__gte=first, at__lt=last)
    while True:
        rows = model._default_manager.filter(within).order_by("at", "pk").values_list("at", "pk")[:_IDS_AT_ONCE]
        found = list(rows)
        if not found:
            return
        yield [pk for _, pk in found]
        at, pk = found[-1]
        within = Q(at__gte=at, at__lt=last) & (Q(at__gt=at) | Q(pk__gt=pk))


def _leaves(start: int, end: int) -> Iterator[list[Leaf]]:
    """Yield the leaves from start to end; raise CannotExport where one is missing."""
    while start < end:
        leaves = list(Leaf.objects.filter(index__gte=start, index__lt=end).order_by("index")[:ROWS_AT_ONCE])
        if [leaf.index for leaf in leaves] != list(range(start, start + len(leaves))) or not leaves:
            raise CannotExport(f"The log lacks a row after {start}, so nothing was exported: run verify_audit_trail.")
        yield leaves
        start += len(leaves)
