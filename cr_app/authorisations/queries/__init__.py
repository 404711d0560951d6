"""Every read of requests and decisions: what a case waits for and of whom, and the lists of whoever decides."""

from cr_app.authorisations.queries.history import decided, returned
from cr_app.authorisations.queries.lines import (
    EVERYTHING,
    Filters,
    RequestLine,
    RequestPage,
    kinds_for,
    units_to_filter,
)
from cr_app.authorisations.queries.matters import (
    answer_for,
    case_named,
    decider_of,
    decision_on,
    decisions_of,
    interest_of,
    kind_of,
    matter_of,
    rows_of,
)
from cr_app.authorisations.queries.queue import waiting, waiting_count
from cr_app.authorisations.queries.standings import AskedOfficer, EligibleOfficer, Standing, standing_of, to_ask

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
    "decision_on",
    "decisions_of",
    "interest_of",
    "kind_of",
    "kinds_for",
    "matter_of",
    "returned",
    "rows_of",
    "standing_of",
    "to_ask",
    "units_to_filter",
    "waiting",
    "waiting_count",
]
