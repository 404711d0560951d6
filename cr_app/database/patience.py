"""Lets a statement take and wait longer than an officer's request may, for as long as the one transaction lasts."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg.errors import LockNotAvailable, QueryCanceled


@contextmanager
def patiently(longest: str, *, refusal: Exception | None = None) -> Iterator[CursorWrapper]:
    """Yield a cursor in a transaction whose statements may each take `longest`, such as "2min", waiting for locks included.

    Then the former bounds are back. The settings are the transaction's own, so that a pooler never hands them to somebody else.
    Where a statement takes longer, `refusal` is raised if there is one.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
            former = cursor.fetchone()
            _bound(cursor, longest, "0")
            yield cursor
            _bound(cursor, *former)
    except OperationalError as error:
        if refusal is not None and took_too_long(error):
            raise refusal from error
        raise


def took_too_long(error: OperationalError) -> bool:
    """Tell whether a statement was ended because it took, or waited for others, longer than it may."""
    return isinstance(error.__cause__, LockNotAvailable | QueryCanceled)


def _bound(cursor: CursorWrapper, statement: str, lock: str) -> None:
    cursor.execute(
        "SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true)", [statement, lock]
    )
