"""Works a request out: from counts to a table that may leave, proved safe beside everything that left before."""

from cr_app.disclosure.releases.before import earlier_from, earlier_releases
from cr_app.disclosure.releases.drafts import (
    CHOSEN,
    DIFFERENCE,
    EARLIER,
    PROTECTS,
    SMALL,
    Choice,
    Collision,
    Draft,
    Earlier,
    Guard,
    Why,
)
from cr_app.disclosure.releases.refusals import CannotProtect
from cr_app.disclosure.releases.totals import agreeing_totals, is_agreeing, withdrawn_beside
from cr_app.disclosure.releases.working import released_content, work_out

__all__ = [
    "CHOSEN",
    "DIFFERENCE",
    "EARLIER",
    "PROTECTS",
    "SMALL",
    "CannotProtect",
    "Choice",
    "Collision",
    "Draft",
    "Earlier",
    "Guard",
    "Why",
    "agreeing_totals",
    "earlier_from",
    "earlier_releases",
    "is_agreeing",
    "released_content",
    "withdrawn_beside",
    "work_out",
]
