"""Contents of releases to make files of, as releases.py words them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from cr_app.disclosure.asked import Asked, Group
from cr_app.disclosure.export.content import Content, content_of
from cr_app.disclosure.notes import described, notes_of, refusal_of, rule_of
from cr_app.disclosure.release_text import with_digest
from cr_app.disclosure.tables import Combined, ReleasedTable

FORCE = "Metropolitan Police Service"
EXTRACTED = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
RELEASED = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)
ASKED = Asked(
    reference="01.FOI.22.024759",
    received_on=date(2022, 6, 20),
    force="01",
    period_from=date(2020, 1, 1),
    period_to=date(2021, 12, 31),
    years="calendar",
    rows_by="named",
    groups=(
        Group("Making threats to kill", ("3/01",)),
        Group("Encouraging an offence", (), encouraging_or_assisting=True),
        Group("Knives", ("81/01", "81/02"), encouraging_or_assisting=False),
    ),
)
TABLE = ReleasedTable(
    rows=("Making threats to kill", "Combined: Encouraging an offence; Knives", "Total"),
    columns=("2020", "2021", "Total"),
    values=((12, 0, 12), (1234, 7, 1241), (1246, 7, 1253)),
    combined=(Combined("Combined: Encouraging an offence; Knives", ("Encouraging an offence", "Knives")),),
)
SUPPRESSED = ReleasedTable(
    rows=("Theft", "Criminal damage", "Total"),
    columns=("2020", "2021", "Total"),
    values=((None, None, 31), (None, None, 22), (24, 29, 53)),
)

# Nothing of it is withheld.
OPEN = ReleasedTable(("Theft", "Total"), ("2020", "2021", "Total"), ((10, 0, 10), (10, 0, 10)))


def told(
    table: ReleasedTable = TABLE,
    asked: Asked = ASKED,
    *,
    number: int | None = 3,
    title: str = "",
    force_name: str = FORCE,
    worst_interval: int | None = None,
) -> dict[str, object]:
    """Return the content of a release.json; a draft without a number."""
    notes = notes_of(
        table,
        asked,
        force_name=force_name,
        extracted_at=EXTRACTED,
        worst_interval=worst_interval,
        has_imported=True,
        has_collisions=True,
    )
    return with_digest(
        {
            "request": asked.as_json(),
            "part": 1,
            "title": title,
            "force_name": force_name,
            "number": number,
            "released_at": None if number is None else RELEASED.isoformat(),
            "extracted_at": EXTRACTED.isoformat(),
            "table": table.as_json(),
            "combined": [{"label": each.label, "rows": list(each.rows)} for each in table.combined],
            "rounded_to": table.rounded_to,
            "zeros_withheld": table.zeros_withheld,
            "protection": {
                "rule": rule_of(asked, worst_interval=worst_interval),
                "threshold": asked.threshold,
                "worst_interval": worst_interval,
                "withheld": len(table.withheld),
            },
            "collisions": [{"release": 2, "what": "Counts were withheld so that the two give nothing away together."}],
            "rows": [{"label": group.label, "what": described(group)} for group in asked.groups],
            "notes": [note.as_json() for note in notes],
            "refusal_notice": list(refusal_of(table, asked, force_name=force_name)),
        }
    )


def content(
    table: ReleasedTable = TABLE,
    asked: Asked = ASKED,
    *,
    number: int | None = 3,
    title: str = "",
    force_name: str = FORCE,
    worst_interval: int | None = None,
) -> Content:
    """Return that as `content_of` reads it."""
    return content_of(
        told(table, asked, number=number, title=title, force_name=force_name, worst_interval=worst_interval)
    )


def table_of_rows(
    labels: Sequence[str], columns: Sequence[str] = ("2020", "2021", "Total"), *, shown: bool = False
) -> ReleasedTable:
    """Return a table of these labels with counts of their own; of each row but the last the first is withheld, or `shown`."""
    values: list[tuple[int | None, ...]] = [
        (100 * row if shown else None, *(100 * row + column for column in range(1, len(columns))))
        for row in range(1, len(labels) + 1)
    ]
    values.append(tuple(7000 + column for column in range(len(columns))))
    return ReleasedTable((*labels, "Total"), tuple(columns), tuple(values))


def asked_by(rows_by: str, **changes: object) -> Asked:
    """Return a request for rows of another kind."""
    return replace(ASKED, rows_by=rows_by, groups=(), **changes)  # type: ignore[arg-type]
