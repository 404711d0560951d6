"""What a table takes as the ledger grows: a desk that answers one request after the other over the same closed cases.

A process and a database of their own. Run by `make bench ARGS=--ledger`; seconds are those of this process alone, so that what
else the machine does counts little.
"""

import json
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from cr_app.disclosure.asked import Asked

RESULTS = Path(__file__).parent / "results"
FORCE, FIRST, DAYS = "01", date(2012, 4, 1), 5_200
CASES, REQUESTS = 165_000, 24
# Few offences make up most of the cases, as they do: their shares are lognormal, drawn from so many lots.
SPREAD, LOTS, SEED = 2.2, 20_000, 7
AIM = 30.0


def main() -> None:
    """Measure in the folder that CR_DATA names, and write what was told."""
    quick = "--quick" in sys.argv
    os.environ["DJANGO_SETTINGS_MODULE"] = "cr_app.settings"
    django.setup()
    results = measure(cases=20_000 if quick else CASES, requests=4 if quick else REQUESTS)
    table = table_of(results)
    sys.stdout.write(table)
    if not quick:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "ledger.json").write_text(json.dumps(results, indent=2) + "\n")
        (RESULTS / "ledger.md").write_text(table)


def measure(*, cases: int, requests: int) -> dict[str, Any]:
    """Return what each of so many requests takes, worked out beside all before it."""
    from django.core.management import call_command
    from django.utils import timezone

    from cr_app.disclosure.releases import CannotProtect, Earlier, earlier_from, released_content, work_out

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    codes = _fill(cases)
    earlier, rows = list[Earlier](), list[dict[str, Any]]()
    for number, asked in zip(range(1, requests + 1), _asked(codes), strict=False):
        at = timezone.now()
        began, told = time.process_time(), ""
        try:
            draft = work_out(asked, extracted_at=at, earlier=earlier)
        except CannotProtect as refused:
            told = f"refused: {str(refused).split(':')[0]}"
        seconds = time.process_time() - began
        row = {"number": number, "asked": _named(asked), "method": asked.method, "seconds": round(seconds, 1)}
        if not told:
            earlier.append(earlier_from(json.loads(json.dumps(released_content(draft, number=number, released_at=at)))))
            shape = len(draft.table.rows), len(draft.table.columns)
            row |= {"cells": shape[0] * shape[1], "withheld": len(draft.table.withheld), "watched": len(draft.guards)}
            told = "zeros withheld too" if draft.table.zeros_withheld else ""
        rows.append({**row, "told": told})
        sys.stderr.write(f"{number} of {requests}: {_named(asked)}, {seconds:.1f} s\n")
    about = {"on": time.strftime("%Y-%m-%d"), "python": platform.python_version(), "processors": os.cpu_count()}
    return {"about": {**about, "cases": cases, "load_after": round(os.getloadavg()[0], 2)}, "requests": rows}


def _asked(codes: list[str]) -> Iterator["Asked"]:
    """Yield requests as desks have them: a few years by group, by offence or by named kinds; some of them broken down."""
    from cr_app.disclosure.asked import Asked, Group

    chance = random.Random(SEED)  # noqa: S311
    number = 0
    while True:
        number += 1
        years = chance.choice(["calendar", "financial"])
        last = chance.choice([2021, 2022, 2023, 2024, 2024])
        first = max(2013, last - chance.choice([1, 2, 2, 3, 5, 10]) + 1)
        whole = (1, 1, 12, 31, 0) if years == "calendar" else (4, 1, 3, 31, 1)
        by = chance.choice(["group", "offence", "named", "named"])
        left = chance.sample(codes, len(codes))
        named = tuple(
            Group(f"Category {at + 1}", tuple(left[at * 8 : at * 8 + chance.choice([1, 2, 5, 8])]))
            for at in range(chance.choice([2, 5, 8]))
        )
        breakdown = chance.choice(["", "", "", "age_band", "sex", "ethnicity"])
        yield Asked(
            reference=f"B/{number}",
            received_on=date(2026, 1, 5),
            force=FORCE,
            period_from=date(first, *whole[:2]),
            period_to=date(last + whole[4], *whole[2:4]),
            years=years,
            rows_by="group" if by == "offence" and breakdown else by,
            groups=named if by == "named" else (),
            breakdown=breakdown,
            method=chance.choice(["suppress", "suppress", "combine", "round"]),
        )


def _named(asked: "Asked") -> str:
    split = f" by {asked.breakdown.replace('_', ' ')}" if asked.breakdown else ""
    return f"{asked.rows_by}{split}, {asked.period_from:%Y}–{asked.period_to:%Y}, {asked.years}"


def _fill(cases: int) -> list[str]:
    """Put so many cases into one complete batch as the database's owner; return the codes of the catalogue."""
    from django.db import connections

    from cr_app.reference.models import OffenceType

    codes = list(OffenceType.objects.order_by("code").values_list("code", flat=True))
    chance = random.Random(SEED)  # noqa: S311
    lots = chance.choices(codes, [chance.lognormvariate(0, SPREAD) for _ in codes], k=LOTS)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO disclosure_importbatch (salt, digest, mapping_digest, started_at, lines_done, cases, offences, rejected)"
            " VALUES ('\\x00', repeat('0', 64), '', now(), 0, 0, 0, 0) RETURNING id"
        )
        told = {"batch": cursor.fetchone()[0], "cases": cases, "lots": lots, "force": FORCE, "first": FIRST}
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(_CASES, {**told, "many": LOTS, "days": DAYS})
        cursor.execute("UPDATE disclosure_importbatch SET completed_at = now() WHERE id = %(batch)s", told)
        cursor.execute("VACUUM ANALYZE disclosure_importedcase")
    return codes


_CASES = """
INSERT INTO disclosure_importedcase (
    batch_id, line, reference, force_id, unit, offence_type_id, encouraging_or_assisting, decided_on, issued_on,
    offender_age, offender_sex, offender_ethnicity_id, victim_kind, exception, row_digest
)
SELECT %(batch)s, n + 1, 'B/' || n, %(force)s, 'Unit ' || n %% 12,
       (%(lots)s::text[])[1 + floor(random() * %(many)s)::int], random() < 0.01, day, day,
       10 + floor(power(random(), 2) * 60)::int, (ARRAY['female', 'male', 'male', 'male', ''])[1 + floor(random() * 5)::int],
       (ARRAY['W1', 'W1', 'W1', 'B1', 'A1', 'NS'])[1 + floor(random() * 6)::int],
       (ARRAY['none', 'person', 'person', 'organisation'])[1 + floor(random() * 4)::int], random() < 0.02, '\\x00'
FROM (SELECT n, %(first)s::date + floor(random() * %(days)s)::int AS day FROM generate_series(1, %(cases)s) AS n) AS dated
"""


def table_of(results: dict[str, Any]) -> str:
    """Return the results as Markdown."""
    about, rows = results["about"], results["requests"]
    seconds = [row["seconds"] for row in rows]
    lines = [
        "# A growing ledger, measured",
        "",
        f"On {about['on']}, Python {about['python']}, {about['processors']} processors, load {about['load_after']} at the end: "
        f"{about['cases']:,} closed cases, {len(rows)} requests, each worked out beside all before it. Processor seconds: median "
        f"{statistics.median(seconds):g}, most {max(seconds):g} (aim: under {AIM:g}).",
        "",
        "| request | rows and period | method | seconds | cells | withheld | watched besides | |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {row['number']} | {row['asked']} | {row['method']} | {row['seconds']} | {row.get('cells', '')} | "
        f"{row.get('withheld', '')} | {row.get('watched', '')} | {row['told']} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
