"""Every read of cases: one record with all its rows, and the lists of the desk."""

from cr_app.cases.queries.earlier import (
    GIVEN,
    EarlierCase,
    earlier_cases_of,
    lock_person,
)
from cr_app.cases.queries.lists import (
    CaseList,
    Line,
    cases_found,
    lines_of,
    own_cases,
    referred_cases,
    returned_notes,
    search_of,
    unit_cases,
    veiled,
)
from cr_app.cases.queries.parties import numbers_in
from cr_app.cases.queries.records import (
    Record,
    cases_to_change,
    count_of_cases,
    latest_snapshot,
    rows_now,
    signatures_of,
    status_changes_of,
    statuses_of,
    voids_of,
    waiting_since,
    whole_cases,
)

__all__ = [
    "GIVEN",
    "CaseList",
    "EarlierCase",
    "Line",
    "Record",
    "cases_found",
    "cases_to_change",
    "count_of_cases",
    "earlier_cases_of",
    "latest_snapshot",
    "lines_of",
    "lock_person",
    "numbers_in",
    "own_cases",
    "referred_cases",
    "returned_notes",
    "rows_now",
    "search_of",
    "signatures_of",
    "status_changes_of",
    "statuses_of",
    "unit_cases",
    "veiled",
    "voids_of",
    "waiting_since",
    "whole_cases",
]
