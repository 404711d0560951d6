"""The export of a case: every sealed entry about it and every look at it, each with the proof that it is in the log."""

from collections.abc import Callable, Iterator
from pathlib import Path

from cr_app.audit.canonical import JSON
from cr_app.audit.exporting.files import (
    CannotExport,
    Exported,
    Moment,
    digest_of,
    must_be_few,
    new_folder,
    write_rest,
    write_rows,
)
from cr_app.audit.exporting.log import ROWS_AT_ONCE, Row, rows_behind, sealed_log
from cr_app.audit.models import Access, Checkpoint, Entry, Leaf, LeafTable


def export_case(
    subject: str,
    *,
    to: Path,
    purpose: str,
    recipient: str,
    withhold: Callable[[str], bool],
    with_personal: bool = True,
    against: str = "",
    at_most: int | None = None,
    as_of: Moment | None = None,
) -> Exported:
    """Write what is sealed of a case (case:7KQM2PXR) into the new folder `to`, whole or not at all.

    A look at other records too, such as at a list, is its hash and proof alone; so is an entry that tells of another
    record for which `withhold` says so. Waits a few seconds for the sealer. `against` is a checkpoint that somebody
    kept, for a proof that the log adds to it. Raises CannotExport, with a sentence for whoever asked, and where there
    are more than `at_most` rows. `as_of` makes an export once more as it was made. Recording the export is `record_export`'s part.
    """
    log = sealed_log(lambda checkpoint: _not_sealed(subject, checkpoint), as_of=as_of)
    places = _places_of(subject, log.checkpoint.size)
    if not places:
        raise CannotExport(f"The sealed log holds nothing about {subject.partition(':')[2] or subject}.")
    must_be_few(len(places), at_most)
    counts = {LeafTable.ENTRY.value: 0, LeafTable.ACCESS.value: 0, "withheld": 0, "personal": 0}

    def lines() -> Iterator[dict[str, JSON]]:
        for row in _rows(places, with_personal=with_personal):
            proof: list[JSON] = [each.hex() for each in log.tree.inclusion(row.index, log.checkpoint.size)]
            if _tells_of_others(row, subject, withhold):
                counts["withheld"] += 1
                yield {**row.withheld(), "proof": proof}
                continue
            counts[row.table] += 1
            counts["personal"] += len(row.personal)
            yield {**row.whole(), "proof": proof}

    with new_folder(to) as folder:
        write_rows(folder, lines())
        about: dict[str, JSON] = {
            **log.about(),
            "what": "case",
            "subject": subject,
            "first": places[0],
            "last": places[-1],
            "rows": len(places),
            "entries": counts[LeafTable.ENTRY.value],
            "accesses": counts[LeafTable.ACCESS.value],
            "withheld": counts["withheld"],
            "personal_values": counts["personal"],
            "consistency": log.consistency_with(against),
            "purpose": purpose,
            "recipient": recipient,
        }
        write_rest(folder, about, checkpoint=log.checkpoint.note, key=log.key.text)
        digest = digest_of(folder)
    return Exported(
        rows=len(places),
        moment=log.moment,
        digest=digest,
        withheld=counts["withheld"],
        subjects=(subject,),
    )


def _tells_of_others(row: Row, subject: str, withhold: Callable[[str], bool]) -> bool:
    """Tell whether a row of a case would show whoever is given it what is not about that case."""
    others = [name for name in row.names if name != subject]
    return bool(others) if row.table == LeafTable.ACCESS else any(map(withhold, others))


def _not_sealed(subject: str, checkpoint: Checkpoint | None) -> int:
    """Count the rows about a case that are newer than a checkpoint: those of transactions beyond its horizon."""
    horizon = checkpoint.horizon if checkpoint else 0
    entries = Entry.objects.filter(subject=subject, transaction_id__gte=horizon)
    accesses = Access.objects.filter(subjects__contains=[subject], transaction_id__gte=horizon)
    return entries.count() + accesses.count()


def _places_of(subject: str, size: int) -> list[int]:
    """Return the places in the log of all that is about a case, in their order."""
    entries = Entry.objects.filter(subject=subject).values_list("pk", flat=True)
    accesses = Access.objects.filter(subjects__contains=[subject]).values_list("pk", flat=True)
    found: list[int] = []
    for table, rows in ((LeafTable.ENTRY, entries), (LeafTable.ACCESS, accesses)):
        ids = list(rows.order_by())
        for start in range(0, len(ids), ROWS_AT_ONCE):
            leaves = Leaf.objects.filter(table=table, row_id__in=ids[start : start + ROWS_AT_ONCE], index__lt=size)
            found += leaves.values_list("index", flat=True)
    return sorted(found)


def _rows(places: list[int], *, with_personal: bool) -> Iterator[Row]:
    for start in range(0, len(places), ROWS_AT_ONCE):
        leaves = Leaf.objects.filter(index__in=places[start : start + ROWS_AT_ONCE]).order_by("index")
        yield from rows_behind(list(leaves), with_personal=with_personal)
