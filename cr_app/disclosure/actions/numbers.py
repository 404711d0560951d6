"""One at a time: whoever numbers the parts of a request or the releases of a force, or changes what releases rest on."""

from typing import Literal

from django.db import connection


def lock_numbers(force: str, of: Literal["parts", "releases"], reference: str = "") -> None:
    """Let one transaction at a time number these of a force, parts under a reference; it holds until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"disclosure {of} of {force} {reference}"]
        )
