"""Every read of requests and decisions: what a case waits for and of whom, and the lists of whoever decides."""

from cr_app.authorisations.queries.history import decided, returned
from cr_app.authorisations.queries.lines import (
    EVERYTHING,
    Filters,
    RequestLine,
    RequestPage,
    units_to_filter,
)
from cr_app.authorisations.queries.matters import (
    answer_for,
    case_named,
    decider_of,
    decisions_of,
    interest_of,
    kind_of,
    kinds_for,
    matter_of,
    officer_now,
    rows_of,
    still_open,
)
from cr_app.authorisations.queries.queue import waiting, waiting_count
from cr_app.authorisations.queries.standings import AskedOfficer, EligibleOfficer, Standing, standing_of

__all__ = [
    "EVERYTHING",
    "AskedOfficer",
    "EligibleOfficer",
    "Filters",
    "RequestLine",
    "RequestPage",
    "Standing",
    "answer_for",
    "case_named",
    "decided",
    "decider_of",
    "decisions_of",
    "interest_of",
    "kind_of",
    "kinds_for",
    "matter_of",
    "officer_now",
    "returned",
    "rows_of",
    "standing_of",
    "still_open",
    "units_to_filter",
    "waiting",
    "waiting_count",
]
