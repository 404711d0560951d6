"""The table as CSV: a line of headings, a line for each row, and nothing else, so that any program reads it.

Lines end as RFC 4180 says. Text stands in quotes, so that no other separator splits it, and numbers stand bare. It is UTF-8; a
byte order mark leads where a letter needs it, because Excel takes a file without one for its system's own code page.
Notes are in the other files: lines above or below a table break whatever reads it.
"""

import csv
import io

from cr_app.disclosure.export.content import Content
from cr_app.disclosure.export.plain import guarded
from cr_app.disclosure.tables import WITHHELD


def csv_of(content: Content) -> bytes:
    """Return the table: counts as digits, `WITHHELD` for what is withheld, 0 for zero."""
    table = content.table
    kept = io.StringIO()
    writer = csv.writer(kept, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([content.row_heading, *map(guarded, table.columns)])
    for label, values in zip(table.rows, table.values, strict=True):
        writer.writerow([guarded(label), *(WITHHELD if value is None else value for value in values)])
    text = kept.getvalue()
    return text.encode("ascii" if text.isascii() else "utf-8-sig")
