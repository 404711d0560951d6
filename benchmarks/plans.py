"""Prints how PostgreSQL carries out the queries of desk and search: `python -m benchmarks.plans NAME REFERENCE …`."""

# Django is set up before anything that needs it is imported.
# ruff: noqa: E402

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

import django

django.setup()

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.bulk import MEASURED
from cr_app.accounts.queries import officer_named
from cr_app.cases import queries
from cr_app.cases.lifecycle import Status


def main(sought: list[str]) -> None:
    """Run the reads, then ask for the plan of each."""
    officer = officer_named(MEASURED)
    if officer is None:
        sys.exit("The measured officer is not here.")
    with CaptureQueriesContext(connection) as captured:
        drafts = queries.own_cases(officer, [Status.DRAFT], limit=26)
        queries.lines_of(drafts, notes=queries.returned_notes(drafts))
        for words in sought:
            queries.cases_found(officer, words, limit=51)
    plans = {}
    with connection.cursor() as cursor:
        for query in captured.captured_queries:
            if query["sql"].startswith("SELECT"):
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {query['sql']}")
                plans[query["sql"]] = [row[0] for row in cursor.fetchall()]
    sys.stdout.write(json.dumps(plans) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
