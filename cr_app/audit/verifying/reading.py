"""Reads the trail and its log in batches, as bytes where bytes are compared, through a connection of its own.

What is verified is what is committed. Each query is short, so that limits on the application's role do not end it, and
vacuum is not held up; the log only grows, so queries one after the other tell of one log.
"""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, LiteralString, TypeAlias

import psycopg
from django.db import connections
from psycopg import adapt, sql
from psycopg.types.numeric import Int8BinaryLoader
from psycopg.types.string import ByteaBinaryLoader

ENTRY, ACCESS = "entry", "access"
TABLES = (ENTRY, ACCESS)
# Wider than any request may be: a batch is read in a tenth of a second where the disk is not too slow.
_TIMEOUT = "5min"
_XID8 = 5069
_LOWEST = -(2**63)
# A batch's ids lie close together; where they do not, they are looked up one by one.
_SPARSE = 8

_SHARED = (
    "id, transaction_id, body, at, actor_kind, actor_key, warrant_number, rank, actor_name,"
    " outcome, request_id::text, address, format_version"
)
COLUMNS = {
    ENTRY: f"{_SHARED}, event, subject, details::text",
    ACCESS: f"{_SHARED}, kind, subjects, page, implied, sitting, reason_digest, recipient_digest",
}


# A leaf as the log has it: place, table, id and transaction of its row, hash. Plain, for there are very many.
LeafRow: TypeAlias = tuple[Any, ...]


class Reader:
    """A connection on which texts arrive as bytes, times as microseconds since 2000, and nothing can be changed."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        """Read through this connection, which `reader` opens."""
        self._connection = connection
        self._cursor = psycopg.Cursor(connection)
        bytes_loader: type[adapt.Loader] = ByteaBinaryLoader
        for name in ("text", "varchar", "name", "bpchar"):
            self._cursor.adapters.register_loader(name, bytes_loader)
        self._cursor.adapters.register_loader("timestamptz", Int8BinaryLoader)
        self._cursor.adapters.register_loader(_XID8, Int8BinaryLoader)

    def rows(self, query: str | sql.Composed, *parameters: object, is_often: bool = False) -> list[tuple[Any, ...]]:
        """Return the rows of a query in binary form; one that is asked often is planned once."""
        self._cursor.execute(query, parameters, prepare=is_often, binary=True)
        return self._cursor.fetchall()

    def leaves(self, start: int, end: int) -> list[LeafRow]:
        """Return the leaves at these places, in their order."""
        query = (
            'SELECT index, "table", row_id, transaction_id, hash FROM audit_leaf'
            " WHERE index >= %s AND index < %s ORDER BY index"
        )
        return self.rows(query, start, end, is_often=True)

    def happenings(self, table: str, ids: Sequence[int]) -> list[tuple[Any, ...]]:
        """Return entries or accesses with their columns, those of the ids and maybe others."""
        where, parameters = _among("id", ids)
        query = _of(table, "SELECT {columns} FROM {trail} WHERE {where}", columns=sql.SQL(COLUMNS[table]), where=where)
        return self.rows(query, *parameters, is_often=True)

    def personal(self, table: str, ids: Sequence[int]) -> list[tuple[Any, ...]]:
        """Return id, path, value and salt of the personal values of entries or accesses, and maybe of others."""
        where, parameters = _among(f"{table}_id", ids)
        query = _of(table, "SELECT {happening}, path, value, salt FROM {personal} WHERE {where}", where=where)
        return self.rows(query, *parameters, is_often=True)

    def without_leaf(self, table: str, start: int, end: int) -> list[tuple[int, int]]:
        """Return id and transaction of the rows with these ids that the log does not hold."""
        query = _of(
            table,
            "SELECT id, transaction_id FROM {trail} AS row WHERE id >= %s AND id < %s AND NOT EXISTS"
            ' (SELECT FROM audit_leaf AS leaf WHERE leaf."table" = %s AND leaf.row_id = row.id'
            " AND leaf.row_id >= %s AND leaf.row_id < %s) ORDER BY id",
        )
        return [(row_id, transaction) for row_id, transaction in self.rows(query, start, end, table, start, end)]

    def oldest(self, table: str, ids: Sequence[int]) -> datetime | None:
        """Return the time of the oldest of these rows, but for times that no calendar here has, which no row may have."""
        # A cursor of its own, since here times are times.
        query = "SELECT min(at) FROM {trail} WHERE id = ANY(%s) AND at >= '0001-01-02Z' AND at < '9999-12-31Z'"
        found = self._connection.execute(_of(table, query), [list(ids)]).fetchone()
        return found[0] if found else None

    def next_transaction(self) -> int:
        """Return the number that the next transaction gets; every transaction whose rows were read before has a lower one."""
        return int(self.rows("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")[0][0])

    def subtrees(self, level: int, start: int, end: int) -> dict[int, bytes]:
        """Return the roots that are kept of these subtrees of a level, by their number."""
        query = "SELECT index, root FROM audit_subtree WHERE level = %s AND index >= %s AND index < %s"
        return dict(self.rows(query, level, start, end))

    def stretches(self, table: str, length: int) -> list[int]:
        """Return the ids at which stretches of so many ids begin that hold all rows of a table; gaps between are passed."""
        starts: list[int] = []
        query = _of(table, "SELECT min(id) FROM {trail} WHERE id >= %s")
        while (next_id := self.rows(query, starts[-1] + length if starts else _LOWEST)[0][0]) is not None:
            starts.append(next_id)
        return starts

    def count_of_leaves(self) -> int:
        """Return how many leaves there are."""
        return int(self.rows("SELECT count(*) FROM audit_leaf")[0][0])


@contextlib.contextmanager
def reader(using: str) -> Iterator[Reader]:
    """Connect as the alias does, apart from what Django has open, and close it afterwards."""
    connection = connections[using]
    with contextlib.closing(connection.get_new_connection(connection.get_connection_params())) as opened:
        opened.autocommit = True
        for setting, value in (
            ("statement_timeout", _TIMEOUT),
            ("default_transaction_read_only", "on"),
            ("search_path", "pg_catalog, public"),
            ("jit", "off"),
        ):
            opened.execute("SELECT set_config(%s, %s, false)", [setting, value])
        yield Reader(opened)


def _of(table: str, query: LiteralString, **parts: sql.Composable) -> sql.Composed:
    """Return a query of entries or accesses, with the names of their tables in it."""
    return sql.SQL(query).format(
        trail=sql.Identifier(f"audit_{table}"),
        personal=sql.Identifier(f"audit_{table}personal"),
        happening=sql.Identifier(f"{table}_id"),
        **parts,
    )


def _among(column: str, ids: Sequence[int]) -> tuple[sql.Composed, Iterable[object]]:
    """Return the condition and its parameters: between the lowest and the highest where nearly all of them are asked for."""
    lowest, highest = min(ids), max(ids)
    name = sql.Identifier(column)
    if highest - lowest < _SPARSE * len(ids):
        return sql.SQL("{0} >= %s AND {0} <= %s").format(name), (lowest, highest)
    return sql.SQL("{} = ANY(%s)").format(name), (list(ids),)
