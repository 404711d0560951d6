"""The totals published elsewhere that a table is not protected beside, for whoever proposes or releases it."""

from collections.abc import Iterable
from typing import Any

from cr_app.disclosure.models import PublishedTotal
from cr_app.disclosure.presenting.desk import total_in_words
from cr_app.pages.moments import moment


def withdrawn_shown(withdrawn: Iterable[PublishedTotal]) -> dict[str, Any]:
    """Return which totals of a request's time were withdrawn: by whom, when, and why."""
    return {
        "withdrawn_totals": [
            {
                "source": total.source,
                "what": total_in_words(total),
                "who": total.withdrawal.by.name,
                "when": moment(total.withdrawal.at),
                "reason": total.withdrawal.reason,
            }
            for total in withdrawn
        ]
    }
