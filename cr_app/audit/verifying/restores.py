"""Looks at where a restored database went on: the first round of an epoch seals whatever has no leaf, so rows could hide there."""

from collections.abc import Iterator, Sequence

from cr_app.audit.checkpoints import Statement
from cr_app.audit.verifying.reading import Reader
from cr_app.audit.verifying.reports import PROBLEMS_KEPT, Kind, Problem, Problems, named
from cr_app.audit.verifying.stated import in_words


def check(opened: Reader, restarts: Sequence[tuple[Statement, Statement]], problems: Problems) -> Iterator[str]:
    """Name rows that a new epoch sealed though the one before should have held them; yield a sentence about each epoch.

    `restarts` are the last checkpoint before each and its first. A row of a transaction before the horizon of the last
    was in the log then, or was not there, unless it is one of the new database, whose transactions count anew.
    """
    for last, first in restarts:
        moved = last.database != first.database
        query = (
            'SELECT index, "table", row_id FROM audit_leaf WHERE index >= %s AND index < %s'
            " AND transaction_id < %s::text::xid8 AND transaction_id >= %s::text::xid8 ORDER BY index LIMIT %s"
        )
        oldest = str(first.horizon if moved else 0)
        for index, table, row_id in opened.rows(query, last.size, first.size, str(last.horizon), oldest, PROBLEMS_KEPT):
            sentence = (
                f"{named(table.decode(), row_id, index)}: it was sealed when epoch {first.epoch} began, though its"
                " transaction ended before the log was last sealed until then; it was put in afterwards."
            )
            problems.add(Problem(Kind.INSERTED, sentence, table.decode(), row_id, index))
        rows = first.size - last.size
        database = "in another database" if moved else "in the same database"
        yield (
            f"Epoch {first.epoch} began at place {last.size} of the log on {in_words(first.made_at)}, {database}, and"
            f" sealed {'one row' if rows == 1 else f'{rows:,} rows'} without knowing when they came: a restore should be"
            " on record for that day."
        )
