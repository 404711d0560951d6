"""Which rows of the trail can be sealed: those of transactions that have ended, and before which none is still open.

A transaction takes its number when it first writes and commits whenever it likes, so neither ids nor numbers are
committed in their order. Below the horizon every transaction of this database has ended: no row can come there any more.
"""

import heapq
from collections.abc import Iterator, Mapping
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
# What a statement says besides, so that it leaves out rows that have a leaf.
_HAS_NO_LEAF = """
    AND NOT EXISTS (SELECT FROM audit_leaf WHERE audit_leaf."table" = %(table)s AND row_id = trail.id)
"""
_FIRST_AND_CUT = """
    WITH ranged AS NOT MATERIALIZED (
        SELECT transaction_id, id FROM {table} AS trail
        WHERE transaction_id >= %(first)s::xid8 AND transaction_id < %(end)s::xid8 {and_no_leaf}
    )
    SELECT
        (SELECT transaction_id::text::bigint FROM ranged ORDER BY transaction_id, id LIMIT 1),
        (SELECT transaction_id::text::bigint FROM ranged ORDER BY transaction_id, id OFFSET %(limit)s LIMIT 1)
"""
_BETWEEN = """
    SELECT transaction_id::text::bigint, %(table)s::text, id, body FROM {table} AS trail
    WHERE transaction_id >= %(first)s::xid8 AND transaction_id < %(end)s::xid8 {and_no_leaf} ORDER BY transaction_id, id
"""
_WITHOUT_LEAF = """
    SELECT transaction_id::text::bigint, %(table)s::text, id, body FROM {table} AS trail
    WHERE true {and_no_leaf} ORDER BY transaction_id, id
"""
_OLDEST = """
    SELECT at FROM {table} WHERE transaction_id >= %s::xid8 ORDER BY transaction_id, id LIMIT 1
"""
_BEYOND = """
    SELECT count(*), min(at) FROM {table} AS trail
    WHERE transaction_id >= %(first)s::xid8 AND transaction_id < pg_snapshot_xmax(pg_current_snapshot()) {and_no_leaf}
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


def cut(cursor: CursorWrapper, first: int, end: int, limit: int, *, is_first: bool) -> int | None:
    """Return an earlier end, so that there are about `limit` rows of whole transactions; `end` where there are fewer.

    One transaction is never divided, however many rows it has. None where there is no row at all. After the first epoch
    (`is_first` is False) numbers of a former database come again, and rows that have a leaf do not count.
    """
    firsts, cuts = [], [end]
    for name, table in TABLES.items():
        arguments: dict[str, str | int] = {"first": str(first), "end": str(end), "limit": limit, "table": name}
        cursor.execute(_statement(_FIRST_AND_CUT, table, has_leaves=not is_first), arguments)
        earliest, beyond = cursor.fetchone()
        firsts += [] if earliest is None else [earliest]
        cuts += [] if beyond is None else [beyond]
    return max(min(cuts), min(firsts) + 1) if firsts else None


def oldest_beyond(cursor: CursorWrapper, end: int) -> datetime | None:
    """Return the time of the first row, by transaction, that is beyond the horizon."""
    found = []
    for table in TABLES.values():
        cursor.execute(sql.SQL(_OLDEST).format(table=sql.Identifier(table)), [str(end)])
        found += [at for (at,) in cursor.fetchall()]
    return min(found, default=None)


def beyond(cursor: CursorWrapper, settled: int, *, is_first: bool) -> tuple[int, datetime | None]:
    """Return how many rows the transactions from `settled` on have committed, and the time of the oldest.

    `is_first` as for `cut`.
    """
    count, times = 0, []
    for name, table in TABLES.items():
        statement = _statement(_BEYOND, table, has_leaves=not is_first)
        cursor.execute(statement, {"first": str(settled), "table": name})
        found, oldest = cursor.fetchone()
        count += found
        times += [oldest] if oldest else []
    return count, min(times, default=None)


def rows_between(connection: "Connection[Any]", first: int, end: int, *, is_first: bool) -> Iterator[Row]:
    """Yield the rows of the transactions from `first` up to `end`, by transaction, table and id, a few at a time.

    `is_first` as for `cut`.
    """
    return _merged(connection, _BETWEEN, {"first": str(first), "end": str(end)}, has_leaves=not is_first)


def rows_without_leaf(connection: "Connection[Any]") -> Iterator[Row]:
    """Yield, in that order, every row that the log does not hold; this reads the whole trail."""
    return _merged(connection, _WITHOUT_LEAF, {}, has_leaves=True)


def _merged(
    connection: "Connection[Any]", query: str, arguments: Mapping[str, str], *, has_leaves: bool
) -> Iterator[Row]:
    parts = [_read(connection, name, query, arguments, has_leaves=has_leaves) for name in TABLES]
    return heapq.merge(*parts, key=lambda row: (row.transaction_id, row.table, row.id))


def _read(
    connection: "Connection[Any]", name: str, query: str, arguments: Mapping[str, str], *, has_leaves: bool
) -> Iterator[Row]:
    with connection.cursor(name=f"unsealed_{name}", binary=True) as cursor:
        cursor.itersize = ROWS_AT_ONCE
        cursor.execute(_statement(query, TABLES[name], has_leaves=has_leaves), {**arguments, "table": name})
        for transaction_id, of_table, row_id, body in cursor:
            yield Row(transaction_id, of_table, row_id, bytes(body))


def _statement(query: str, table: str, *, has_leaves: bool) -> sql.Composed:
    """Return a statement about one table, which leaves out rows that have a leaf where there can be any."""
    and_no_leaf = sql.SQL(_HAS_NO_LEAF if has_leaves else "")
    return sql.SQL(query).format(table=sql.Identifier(table), and_no_leaf=and_no_leaf)
