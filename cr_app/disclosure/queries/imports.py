"""Whether the imported cases in the tables are those that the trail says were imported."""

import base64
import binascii
from collections.abc import Iterator
from typing import Any, NamedTuple

from cr_app.audit.queries import Kept, kept_of
from cr_app.database.patience import patiently
from cr_app.disclosure.import_file import Row, row_digest
from cr_app.disclosure.models import ImportBatch

_DIGEST_BYTES = 16
# So many lines are held in memory at once.
_LINES = 20_000
_LONGEST = "120s"


class _Stored(NamedTuple):
    """A row as the tables have it, with the digest beside it, and whether it stands behind the first row of its case."""

    row: Row
    digest: bytes
    is_in_place: bool


def differences() -> Iterator[str]:
    """Yield a sentence for each import, and each line of one, that is not what the trail says; none where all agree.

    What is digested is worked out anew from the columns, so that neither a row nor the digest beside it can be changed alone.
    """
    complete = {batch.subject: batch for batch in ImportBatch.objects.filter(completed_at__isnull=False).order_by("pk")}
    told = set[str]()
    for kept in kept_of("cases.imported"):
        batch = complete.get(kept.subject)
        if kept.subject in told:
            yield f"{_named(kept.subject)}: the trail has more than one entry of it."
        elif batch is None:
            yield f"{_named(kept.subject)}: the trail has an entry of it, and no complete import is there."
        else:
            yield from _differences_of(batch, kept)
        told.add(kept.subject)
    for subject in complete.keys() - told:
        yield f"{_named(subject)}: it is counted, and the trail has no entry of it."


def _named(subject: str) -> str:
    return subject.replace(":", " ").capitalize()


def _differences_of(batch: ImportBatch, kept: Kept) -> Iterator[str]:
    name, details = _named(batch.subject), kept.details
    said = {
        "cases": batch.cases,
        "offences": batch.offences,
        "rejected": batch.rejected,
        "file_digest": batch.digest,
        "mapping_digest": batch.mapping_digest,
    }
    for key, value in said.items():
        if details.get(key) != value:
            yield f"{name}: {key.replace('_', ' ')} is not what the trail says."
    if batch.completed_at != kept.at:
        yield f"{name}: the moment from which it counts is not the one in the trail."
    digests = _digests_in(details)
    if digests is None:
        yield f"{name}: the trail's digests of its rows cannot be read."
    else:
        yield from _differences_of_rows(batch, digests)


def _digests_in(details: Any) -> list[bytes] | None:
    try:
        joined = base64.b64decode(details.get("row_digests", ""), validate=True)
    except (binascii.Error, TypeError, ValueError):
        return None
    return [joined[start : start + _DIGEST_BYTES] for start in range(0, len(joined), _DIGEST_BYTES)]


def _differences_of_rows(batch: ImportBatch, digests: list[bytes]) -> Iterator[str]:
    """Yield what differs between the rows in the order of lines and the digests in the trail's."""
    name, place_of = _named(batch.subject), {digest: place for place, digest in enumerate(digests)}
    last, agreeing = -1, 0
    for row, beside, is_in_place in _stored(batch.pk):
        digest = row_digest(row, salt=bytes(batch.salt))
        place = place_of.get(digest)
        agreeing += place is not None
        if place is None:
            yield f"{name}, line {row.line:,}: the row is not one that the trail knows."
        elif beside != digest:
            yield f"{name}, line {row.line:,}: the digest beside the row is not the row's."
        elif place <= last or not is_in_place:
            yield f"{name}, line {row.line:,}: the row stands where another stood."
        last = max(last, -1 if place is None else place)
    if agreeing < len(digests):
        yield f"{name}: {len(digests) - agreeing:,} of the {len(digests):,} rows that the trail knows are not there."


def _stored(batch: int) -> Iterator[_Stored]:
    """Yield the rows of a batch in the order of their lines, read by stretches of lines."""
    with patiently(_LONGEST) as cursor:
        cursor.execute(_LAST, [batch, batch])
        (last,) = cursor.fetchone()
    for first in range(0, last + 1, _LINES):
        with patiently(_LONGEST) as cursor:
            cursor.execute(_ROWS, {"batch": batch, "first": first, "end": first + _LINES})
            found = cursor.fetchall()
        for *values, digest, is_in_place in found:
            yield _Stored(Row(*values), bytes(digest), is_in_place)


_LAST = """
SELECT greatest(
    (SELECT max(line) FROM disclosure_importedcase WHERE batch_id = %s),
    (SELECT max(line) FROM disclosure_importedoffence WHERE batch_id = %s), 0
)
"""
_ROWS = """
SELECT line, reference, force_id, unit, offence_type_id, encouraging_or_assisting, offence_on, decided_on, issued_on,
       offender_age, offender_sex, offender_ethnicity_id, victim_kind, victim_agrees, exception, row_digest, is_in_place
FROM (
    SELECT c.line, reference, force_id, unit, offence_type_id, encouraging_or_assisting, offence_on, decided_on, issued_on,
           offender_age, offender_sex, offender_ethnicity_id, victim_kind, victim_agrees, exception, row_digest,
           true AS is_in_place
    FROM disclosure_importedcase c WHERE c.batch_id = %(batch)s
    UNION ALL
    SELECT o.line, reference, force_id, unit, o.offence_type_id, o.encouraging_or_assisting, o.offence_on, decided_on,
           issued_on, offender_age, offender_sex, offender_ethnicity_id, victim_kind, victim_agrees, exception,
           o.row_digest, o.line > c.line AND o.batch_id = c.batch_id
    FROM disclosure_importedoffence o JOIN disclosure_importedcase c ON c.id = o.case_id
    WHERE o.batch_id = %(batch)s OR c.batch_id = %(batch)s
) AS rows
WHERE line >= %(first)s AND line < %(end)s ORDER BY line, is_in_place DESC
"""
