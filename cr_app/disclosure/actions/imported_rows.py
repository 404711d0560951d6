"""The rows of an import in the tables: what stands there of a case, and rows added by COPY."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.backends.utils import CursorWrapper

from cr_app.disclosure.import_file import FurtherOffence, NewCase, Rejected, Row, Standing, row_digest

Key = tuple[str, str]
_ROW_COLUMNS = (
    *(
        "line",
        "reference",
        "force_id",
        "unit",
        "offence_type_id",
        "encouraging_or_assisting",
        "offence_on",
        "decided_on",
    ),
    *(
        "issued_on",
        "offender_age",
        "offender_sex",
        "offender_ethnicity_id",
        "victim_kind",
        "victim_agrees",
        "exception",
    ),
)
_CASE_COLUMNS = ", ".join(("id", "batch_id", *_ROW_COLUMNS, "row_digest"))
_OFFENCE_COLUMNS = "batch_id, case_id, line, offence_type_id, encouraging_or_assisting, offence_on, row_digest"
_CASES_OF = """
    SELECT c.batch_id = %s, c.id, c.line, c.reference, c.force_id, c.unit, c.offence_type_id, c.encouraging_or_assisting,
           c.offence_on, c.decided_on, c.issued_on, c.offender_age, c.offender_sex, c.offender_ethnicity_id, c.victim_kind,
           c.victim_agrees, c.exception
    FROM unnest(%s::text[], %s::text[]) AS wanted (force, reference)
    JOIN disclosure_importedcase c ON c.force_id = wanted.force AND c.reference = wanted.reference
    JOIN disclosure_importbatch b ON b.id = c.batch_id
    WHERE b.id = %s OR b.completed_at IS NOT NULL
"""
_OFFENCES_OF = (
    "SELECT case_id, offence_type_id, encouraging_or_assisting FROM disclosure_importedoffence WHERE case_id = ANY(%s)"
)
_IMPORTED_ELSEWHERE = """
    SELECT count(*), min(c.line) FROM disclosure_importedcase c
    WHERE c.batch_id = %s AND EXISTS (
        SELECT FROM disclosure_importedcase o JOIN disclosure_importbatch b ON b.id = o.batch_id
        WHERE o.force_id = c.force_id AND o.reference = c.reference AND o.batch_id <> c.batch_id
          AND b.completed_at IS NOT NULL
    )
"""
_FORCES = "SELECT DISTINCT force_id FROM disclosure_importedcase WHERE batch_id = %s ORDER BY force_id"
_MOMENT = """
    SELECT greatest(
        clock_timestamp(), (SELECT max(extracted_at) + interval '1 microsecond' FROM disclosure_release WHERE force_id = ANY(%s))
    )
"""
_DIGESTS = """
    SELECT coalesce(string_agg(row_digest, ''::bytea ORDER BY line), ''::bytea) FROM (
        SELECT line, row_digest FROM disclosure_importedcase WHERE batch_id = %s
        UNION ALL SELECT line, row_digest FROM disclosure_importedoffence WHERE batch_id = %s
    ) AS accepted
"""


def cases_of(cursor: CursorWrapper, batch: int, keys: Collection[Key]) -> tuple[dict[Key, Standing], set[Key]]:
    """Return which of these cases this batch has, with their offences, and which a complete batch had before."""
    cursor.execute(_CASES_OF, [batch, [force for force, _ in keys], [reference for _, reference in keys], batch])
    standing, before, by_pk = dict[Key, Standing](), set[Key](), dict[int, Standing]()
    for is_own, pk, *values in cursor.fetchall():
        first = Row(*values)
        if not is_own:
            before.add(first.key)
            continue
        case = Standing(pk, first, {(first.offence_code, first.encouraging_or_assisting)})
        standing[first.key] = by_pk[pk] = case
    if by_pk:
        cursor.execute(_OFFENCES_OF, [list(by_pk)])
        for pk, code, encouraging in cursor.fetchall():
            by_pk[pk].offences.add((code, encouraging))
    return standing, before


def new_keys(cursor: CursorWrapper, number: int) -> list[int]:
    """Return keys of cases that nobody else has."""
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence('disclosure_importedcase', 'id')) FROM generate_series(1, %s)", [number]
    )
    return [pk for (pk,) in cursor.fetchall()]


def copy_cases(cursor: CursorWrapper, batch: int, cases: Sequence[NewCase], *, salt: bytes) -> None:
    """Add cases with their principal offences, each with its digest under the batch's salt."""
    with cursor.copy(f"COPY disclosure_importedcase ({_CASE_COLUMNS}) FROM STDIN") as copy:
        for pk, row in cases:
            copy.write_row((pk, batch, *row, row_digest(row, salt=salt)))


def copy_offences(cursor: CursorWrapper, batch: int, offences: Sequence[FurtherOffence], *, salt: bytes) -> None:
    """Add later offences of cases, each with its digest under the batch's salt."""
    with cursor.copy(f"COPY disclosure_importedoffence ({_OFFENCE_COLUMNS}) FROM STDIN") as copy:
        for case_pk, row in offences:
            values = row.line, row.offence_code, row.encouraging_or_assisting, row.offence_on
            copy.write_row((batch, case_pk, *values, row_digest(row, salt=salt)))


def copy_rejects(cursor: CursorWrapper, batch: int, rejected: Sequence[Rejected]) -> None:
    """Add lines that were rejected."""
    with cursor.copy("COPY disclosure_importreject (batch_id, line, reason) FROM STDIN") as copy:
        for each in rejected:
            copy.write_row((batch, each.line, each.reason[:300]))


def imported_elsewhere(cursor: CursorWrapper, batch: int) -> tuple[int, int | None]:
    """Return how many cases of a batch stand in another that is complete, and the first line of them."""
    cursor.execute(_IMPORTED_ELSEWHERE, [batch])
    number, line = cursor.fetchone()
    return number, line


def digests_of(cursor: CursorWrapper, batch: int) -> bytes:
    """Return the digests of a batch's rows in the order of their lines, 16 bytes each."""
    cursor.execute(_DIGESTS, [batch, batch])
    (digests,) = cursor.fetchone()
    return bytes(digests)


def forces_of(cursor: CursorWrapper, batch: int) -> list[str]:
    """Return the forces whose cases a batch has, in the order of their codes."""
    cursor.execute(_FORCES, [batch])
    return [force for (force,) in cursor.fetchall()]


def moment_after_releases(cursor: CursorWrapper, forces: Sequence[str]) -> datetime:
    """Return the moment by the clock of the database, or just after the last extraction of a release of these forces."""
    cursor.execute(_MOMENT, [list(forces)])
    moment: datetime
    (moment,) = cursor.fetchone()
    return moment
