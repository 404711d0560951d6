"""What counting takes over 1.5 million closed cases, beside the same GROUP BY in psql; and what importing takes.

A process and a database of their own, written through to disk as in production. Run by `make bench ARGS=--counts`.
"""

import csv
import json
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import django

RESULTS = Path(__file__).parent / "results"
CASES, OFFENCE_TYPES, YEARS, ROWS = 1_500_000, 180, 13, 100_000
ROUNDS = 9
FORCE, FIRST = "01", date(2012, 4, 1)
AIM_RATIO, AIM_ROWS_A_MINUTE = 1.2, 100_000
_TIME = re.compile(r"Time: ([0-9.]+) ms")


def main() -> None:
    """Measure in the folder that CR_DATA names, and write what was told."""
    quick = "--quick" in sys.argv
    os.environ["DJANGO_SETTINGS_MODULE"] = "cr_app.settings"
    django.setup()
    results = measure(cases=30_000 if quick else CASES, rows=5_000 if quick else ROWS, rounds=2 if quick else ROUNDS)
    table = table_of(results)
    sys.stdout.write(table)
    if not quick:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "counts.json").write_text(json.dumps(results, indent=2) + "\n")
        (RESULTS / "counts.md").write_text(table)


def measure(*, cases: int, rows: int, rounds: int) -> dict[str, Any]:
    """Return what an import of so many rows takes, then what counts over so many cases take."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    about = {
        "on": time.strftime("%Y-%m-%d"),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "cases": cases,
        "rounds": rounds,
    }
    imported = _import(rows)
    _fill(cases)
    return {"about": about, "import": imported, "counts": _counts(rounds), "load_after": round(os.getloadavg()[0], 2)}


def _codes() -> list[str]:
    """Return the codes of the catalogue, filled up to so many with the force's own."""
    from cr_app.reference.models import OffenceType

    kinds = list(OffenceType.objects.order_by("code"))
    for number in range(OFFENCE_TYPES - len(kinds)):
        kinds[0].code = f"990/{number:02}"
        OffenceType.objects.create(**{f.attname: getattr(kinds[0], f.attname) for f in OffenceType._meta.fields})
    return list(OffenceType.objects.order_by("code").values_list("code", flat=True)[:OFFENCE_TYPES])


def _import(rows: int) -> dict[str, Any]:
    """Import a file of so many rows with the command, and check what was imported; processes as an operator starts them."""
    from cr_app.disclosure.import_file.mapping import HEADER

    codes = _codes()
    with tempfile.TemporaryDirectory(prefix="cr-bench-") as folder:
        path = Path(folder) / "cases.csv"
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            for number in range(rows):
                # One row in ten is a second offence of the case before.
                case = number - (number % 10 == 9)
                known = random.Random(case)  # noqa: S311
                issued = FIRST + timedelta(days=known.randrange(365 * YEARS))
                code = codes[(case * 7 + number - case) % len(codes)]
                days = issued - timedelta(days=2), issued - timedelta(days=1), issued
                about = 10 + case % 60, "male", "W1", "person", "true", "false"
                writer.writerow([f"CR/{case}", FORCE, f"Unit {case % 40}", code, "false", *days, *about])
        took = _command_takes("import_cases", str(path))
    checked = _command_takes("check_imports")
    return {"rows": rows, "seconds": took, "rows_a_minute": round(rows / took * 60), "check_seconds": checked}


def _command_takes(*arguments: str) -> float:
    began = time.perf_counter()
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, check=True, cwd=RESULTS.parent.parent, stdout=subprocess.DEVNULL)  # noqa: S603
    return round(time.perf_counter() - began, 1)


def _fill(cases: int) -> None:
    """Put so many cases into one complete batch as the database's owner; one in twelve has a second offence."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO disclosure_importbatch (salt, digest, mapping_digest, started_at, lines_done, cases, offences, rejected)"
            " VALUES ('\\x00', repeat('0', 64), '', now(), 0, 0, 0, 0) RETURNING id"
        )
        told = {"batch": cursor.fetchone()[0], "cases": cases, "codes": _codes(), "force": FORCE, "first": FIRST}
        told |= {"days": 365 * YEARS}
        cursor.execute(_CASES, told)
        cursor.execute(_OFFENCES, told)
        cursor.execute("UPDATE disclosure_importbatch SET completed_at = now() WHERE id = %(batch)s", told)
        cursor.execute("VACUUM ANALYZE disclosure_importedcase, disclosure_importedoffence")


_CASES = """
INSERT INTO disclosure_importedcase (
    batch_id, line, reference, force_id, unit, offence_type_id, encouraging_or_assisting, decided_on, issued_on,
    offender_age, offender_sex, offender_ethnicity_id, victim_kind, exception, row_digest
)
SELECT %(batch)s, n + 1, 'B/' || n, %(force)s, 'Unit ' || n %% 40,
       (%(codes)s::text[])[1 + (hashint4(n) & 2147483647) %% cardinality(%(codes)s::text[])], n %% 50 = 0,
       %(first)s::date + n * 7 %% %(days)s, %(first)s::date + n * 7 %% %(days)s, 10 + n %% 60,
       (ARRAY['female', 'male', 'other', ''])[1 + n %% 4], (ARRAY['W1', 'B1', 'A1', 'NS'])[1 + n / 3 %% 4],
       (ARRAY['none', 'person', 'organisation'])[1 + n %% 3], n %% 90 = 0, '\\x00'
FROM generate_series(1, %(cases)s) AS n
"""
_OFFENCES = """
INSERT INTO disclosure_importedoffence (batch_id, case_id, line, offence_type_id, encouraging_or_assisting, row_digest)
SELECT %(batch)s, id, line, (%(codes)s::text[])[1 + line %% cardinality(%(codes)s::text[])], true, '\\x00'
FROM disclosure_importedcase WHERE batch_id = %(batch)s AND line %% 12 = 0
"""
# As an analyst would write it over the one table, with the same groups: year of 1 April, offence, encouraging or not.
_BY_HAND = """
SELECT extract(year FROM issued_on - interval '3 months') AS year, offence_type_id, encouraging_or_assisting, count(*)
FROM disclosure_importedcase WHERE force_id = '01' GROUP BY 1, 2, 3
"""


def _counts(rounds: int) -> dict[str, Any]:
    """Return milliseconds of each way of counting, taken by turns so that whatever else the machine does meets all."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from cr_app.disclosure.asked import BREAKDOWNS
    from cr_app.disclosure.counts import Asking, Counted, counted_at_each

    edges = tuple(date(FIRST.year + year, 4, 1) for year in range(YEARS + 1))
    plain, now = Asking(FORCE, edges), timezone.now()

    def counted(asking: Asking) -> dict[Counted, int]:
        """Count as of one moment, as a table does that has nothing beside it."""
        return counted_at_each(asking, [now])[now]

    with CaptureQueriesContext(connection) as captured:
        groups = counted(plain)
    same = max((each["sql"] for each in captured.captured_queries), key=len)
    ways: dict[str, Callable[[], float]] = {
        "counted": lambda: _milliseconds(lambda: counted(plain)),
        "the same statement in psql": lambda: _psql(same),
        "a GROUP BY by hand in psql": lambda: _psql(_BY_HAND),
        "counted, every offence": lambda: _milliseconds(lambda: counted(Asking(FORCE, edges, "", True))),
    }
    for breakdown in BREAKDOWNS:
        asking = Asking(FORCE, edges, breakdown)
        ways[f"counted, by {breakdown}"] = lambda asking=asking: _milliseconds(lambda: counted(asking))  # type: ignore[misc]
    for way in ways.values():
        way()
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        names = list(ways)
        for name in names[number % len(names) :] + names[: number % len(names)]:
            taken[name].append(ways[name]())
    ratios = {
        name: [ours / theirs for ours, theirs in zip(taken["counted"], taken[name], strict=True)]
        for name in list(ways)[1:3]
    }
    return {
        "groups": len(groups),
        "people": sum(groups.values()),
        "ms": {name: _spread(values, 0) for name, values in taken.items()},
        "ratios": {name: _spread(values, 2) for name, values in ratios.items()},
    }


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _psql(statement: str) -> float:
    """Return what psql says that a statement took, its rows read and thrown away."""
    from cr_app.database.backend.base import server_of_settings

    server = server_of_settings()
    command = [str(server.programs / "psql"), "-h", server.host, "-U", "cr_app", "-d", "cr", "-XAtq", "-o", "/dev/null"]
    told = f"\\timing on\n{statement.strip()};\n"
    done = subprocess.run(command, input=told, capture_output=True, text=True, check=True)  # noqa: S603
    found = _TIME.findall(done.stdout + done.stderr)
    return float(found[-1])


def _spread(values: list[float], digits: int) -> dict[str, float]:
    return {
        "median": round(statistics.median(values), digits),
        "least": round(min(values), digits),
        "most": round(max(values), digits),
    }


def table_of(results: dict[str, Any]) -> str:
    """Return the results as Markdown."""
    about, counts, imported = results["about"], results["counts"], results["import"]
    lines = [
        "# Counting and importing measured",
        "",
        f"On {about['on']}: Python {about['python']}, {about['processors']} processors, load {about['load_before']} when it "
        f"began and {results['load_after']} when it ended. {counts['people']:,} closed cases of one force, "
        f"{OFFENCE_TYPES} offence types, {YEARS} years, {counts['groups']:,} groups that are not zero; "
        f"{about['rounds']} interleaved rounds. Median (least to most).",
        "",
        "| counting | ms |",
        "| --- | --- |",
        *(f"| {name} | {_said(each)} |" for name, each in counts["ms"].items()),
        "",
        "| ratio | measured | aim |",
        "| --- | --- | --- |",
        *(f"| counted by {name} | {_said(each)} | at most {AIM_RATIO} |" for name, each in counts["ratios"].items()),
        "",
        "| importing | seconds | rows a minute | aim |",
        "| --- | --- | --- | --- |",
        f"| {imported['rows']:,} rows, from the start of the command to its end | {imported['seconds']} "
        f"| {imported['rows_a_minute']:,} | at least {AIM_ROWS_A_MINUTE:,} |",
        f"| comparing them with the trail | {imported['check_seconds']} | | |",
    ]
    return "\n".join(lines) + "\n"


def _said(spread: dict[str, float]) -> str:
    return f"{spread['median']:g} ({spread['least']:g} to {spread['most']:g})"


if __name__ == "__main__":
    main()
