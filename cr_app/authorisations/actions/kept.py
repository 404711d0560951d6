"""Writing a row that changes nothing of the case itself: its version stays, and so does who last changed it."""

from collections.abc import Sequence

from cr_app.audit import trail
from cr_app.cases.rows import Row, personal_columns, values_of


def keep_rows(rows: Sequence[Row]) -> list[trail.Change]:
    """Insert new rows and return them as the changes of their entry."""
    changes = []
    for row in rows:
        row.save(force_insert=True)
        changes.append(
            trail.Change(
                operation="create", row=row.ROW, key=str(row.pk), new=values_of(row), personal=personal_columns(row)
            )
        )
    return changes
