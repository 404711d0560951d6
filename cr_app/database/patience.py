"""Lets a statement take longer than an officer's request may, for as long as the one transaction lasts."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper


@contextmanager
def patiently(longest: str) -> Iterator[CursorWrapper]:
    """Yield a cursor in a transaction whose statements may each take `longest`, such as "2min"; then the former bound is back.

    The setting is the transaction's own, so that a pooler never hands it to somebody else.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        (former,) = cursor.fetchone()
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [longest])
        yield cursor
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [former])
