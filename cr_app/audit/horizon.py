"""Which rows of the trail can be sealed: those of transactions that have ended, and before which none is still open.

A transaction takes its number when it first writes and commits whenever it likes, so neither ids nor numbers are
committed in their order. Below the horizon every transaction of this database has ended: no row can come there any more.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.backends.utils import CursorWrapper
from psycopg import Connection, sql

from cr_app.audit.models import LeafTable

TABLES = {LeafTable.ACCESS.value: "audit_access", LeafTable.ENTRY.value: "audit_entry"}
ROWS_AT_ONCE = 2000

# A transaction that is proved to belong to another database of the cluster holds nothing here: the process that holds
# the lock on its number is connected elsewhere. The numbers of locks have 32 bits. pg_stat_activity is read later than
# the snapshot, and rows later than both, so a process that ended in between has its rows read or undone.
_HORIZON = """
    WITH here AS MATERIALIZED (
        SELECT pg_current_snapshot() AS snapshot, (SELECT oid FROM pg_database WHERE datname = current_database()) AS oid
    )
    SELECT
        (SELECT system_identifier FROM pg_control_system()) || '/' || oid,
        pg_snapshot_xmax(snapshot)::text::bigint,
        (
            SELECT min(number::text::bigint) FROM pg_snapshot_xip(snapshot) AS number
            WHERE number >= %s::xid8 AND number::xid NOT IN (
                SELECT transactionid FROM pg_locks JOIN pg_stat_activity USING (pid)
                WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND granted AND datid <> oid
            )
        )
    FROM here
"""
_FIRST_AND_CUT = """
    SELECT
        (SELECT transaction_id::text::bigint FROM {table} WHERE transaction_id >= %(first)s::xid8
            AND transaction_id < %(end)s::xid8 ORDER BY transaction_id, id LIMIT 1),
        (SELECT transaction_id::text::bigint FROM {table} WHERE transaction_id >= %(first)s::xid8
            AND transaction_id < %(end)s::xid8 ORDER BY transaction_id, id OFFSET %(limit)s LIMIT 1)
"""
_BETWEEN = """
    SELECT transaction_id::text::bigint, %s::text, id, body FROM {table}
    WHERE transaction_id >= %s::xid8 AND transaction_id < %s::xid8 ORDER BY transaction_id, id
"""
_WITHOUT_LEAF = """
    SELECT transaction_id::text::bigint, of_table, id, body FROM {table} CROSS JOIN (SELECT %s::text AS of_table) AS named
    WHERE NOT EXISTS (SELECT FROM audit_leaf WHERE "table" = of_table AND row_id = {table}.id) ORDER BY transaction_id, id
"""
_OLDEST = """
    SELECT at FROM {table} WHERE transaction_id >= %s::xid8 ORDER BY transaction_id, id LIMIT 1
"""
_BEYOND = """
    SELECT count(*), min(at) FROM {table} AS trail
    WHERE transaction_id >= %(first)s::xid8 AND transaction_id < pg_snapshot_xmax(pg_current_snapshot())
"""
_AND_WITHOUT_LEAF = """
    AND NOT EXISTS (SELECT FROM audit_leaf WHERE "table" = %(table)s AND row_id = trail.id)
"""


@dataclass(frozen=True)
class Horizon:
    """Where the database stands: which it is, the number of its next transaction, and the first that is still open."""

    database: str
    next: int
    open: int | None

    @property
    def end(self) -> int:
        """Every earlier transaction of this database has ended."""
        return self.next if self.open is None else min(self.open, self.next)


@dataclass(frozen=True)
class Row:
    """A row of the trail that is to be sealed."""

    transaction_id: int
    table: str
    id: int
    body: bytes


def horizon_of(cursor: CursorWrapper, settled: int) -> Horizon:
    """Return the horizon; transactions before `settled` are known to have ended, or to belong to other databases.

    Rows are to be read by a later statement, in a transaction that is READ COMMITTED.
    """
    cursor.execute(_HORIZON, [str(settled)])
    return Horizon(*cursor.fetchone())


def cut(cursor: CursorWrapper, first: int, end: int, limit: int) -> int:
    """Return an earlier end, so that there are about `limit` rows of whole transactions; `end` where there are fewer.

    One transaction is never divided, however many rows it has.
    """
    firsts, cuts = [], [end]
    for table in TABLES.values():
        statement = sql.SQL(_FIRST_AND_CUT).format(table=sql.Identifier(table))
        cursor.execute(statement, {"first": str(first), "end": str(end), "limit": limit})
        earliest, beyond = cursor.fetchone()
        firsts += [] if earliest is None else [earliest]
        cuts += [] if beyond is None else [beyond]
    return max(min(cuts), min(firsts) + 1) if firsts else end


def has_rows(cursor: CursorWrapper, first: int, end: int) -> bool:
    """Tell whether there is anything between."""
    for table in TABLES.values():
        statement = sql.SQL(
            "SELECT EXISTS (SELECT FROM {} WHERE transaction_id >= %s::xid8 AND transaction_id < %s::xid8)"
        )
        cursor.execute(statement.format(sql.Identifier(table)), [str(first), str(end)])
        if cursor.fetchone()[0]:
            return True
    return False


def oldest_beyond(cursor: CursorWrapper, end: int) -> datetime | None:
    """Return the time of the first row, by transaction, that is beyond the horizon."""
    found = []
    for table in TABLES.values():
        cursor.execute(sql.SQL(_OLDEST).format(table=sql.Identifier(table)), [str(end)])
        found += [at for (at,) in cursor.fetchall()]
    return min(found, default=None)


def beyond(cursor: CursorWrapper, settled: int, *, is_first: bool) -> tuple[int, datetime | None]:
    """Return how many rows the transactions from `settled` on have committed, and the time of the oldest.

    After the first epoch some of those numbers may be of a former database, so rows that have a leaf are left out.
    """
    count, times = 0, []
    statement = _BEYOND if is_first else _BEYOND + _AND_WITHOUT_LEAF
    for name, table in TABLES.items():
        cursor.execute(sql.SQL(statement).format(table=sql.Identifier(table)), {"first": str(settled), "table": name})
        found, oldest = cursor.fetchone()
        count += found
        times += [oldest] if oldest else []
    return count, min(times, default=None)


def rows_between(connection: "Connection[Any]", first: int, end: int) -> Iterator[Row]:
    """Yield the rows of the transactions from `first` up to `end`, by transaction, table and id, a few at a time."""
    return _merged(connection, _BETWEEN, (str(first), str(end)))


def rows_without_leaf(connection: "Connection[Any]") -> Iterator[Row]:
    """Yield, in that order, every row that the log does not hold; this reads the whole trail."""
    return _merged(connection, _WITHOUT_LEAF, ())


def _merged(connection: "Connection[Any]", query: str, arguments: Sequence[str]) -> Iterator[Row]:
    parts = [_read(connection, table, query, arguments) for table in TABLES]
    return heapq.merge(*parts, key=lambda row: (row.transaction_id, row.table, row.id))


def _read(connection: "Connection[Any]", table: str, query: str, arguments: Sequence[str]) -> Iterator[Row]:
    with connection.cursor(name=f"unsealed_{table}", binary=True) as cursor:
        cursor.itersize = ROWS_AT_ONCE
        cursor.execute(sql.SQL(query).format(table=sql.Identifier(TABLES[table])), [table, *arguments])
        for transaction_id, of_table, row_id, body in cursor:
            yield Row(transaction_id, of_table, row_id, bytes(body))
