"""One at a time: whoever numbers the parts of a request or the releases of a force, or changes what releases rest on."""

from typing import Literal

from django.db import connection

from cr_app.disclosure.access import waiting

_WAITS = (
    "A release or an import of your force is being completed at this moment. Nothing was saved: try again in a minute."
)


def lock_numbers(force: str, of: Literal["parts", "releases"], reference: str = "") -> None:
    """Let one transaction at a time number these of a force, parts under a reference; it holds until the transaction ends.

    Raises Busy where another holds it for longer than an officer's request may wait, as a large import does in its last moment.
    """
    with waiting(_WAITS), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"disclosure {of} of {force} {reference}"]
        )
