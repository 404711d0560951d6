"""Requests as the desk has them, put into the tables without counting anything: for tests of pages and of who may open them."""

import json
from datetime import date

from django.utils import timezone

from cr_app.disclosure.models import InformationRequest, Proposal, PublishedTotal, Release, WorkedOut
from cr_app.disclosure.queries.state import state_of
from cr_app.disclosure.release_text import text_of
from cr_app.disclosure.tables import ReleasedTable
from cr_app.disclosure.working_days import due_on
from tests.cast import Cast
from tests.disclosure.export.told import ASKED, EXTRACTED, SUPPRESSED, told

WHY = {
    "cells": [
        {"row": "Theft", "column": "2020", "reasons": ["small"], "low": 1, "high": 9, "is_pinned": False},
        {"row": "Theft", "column": "2021", "reasons": ["small", "earlier"], "low": 3, "high": 3, "is_pinned": True},
        {"row": "Criminal damage", "column": "2020", "reasons": ["protects"], "low": 15, "high": 23},
        {"row": "Criminal damage", "column": "2021", "reasons": ["chosen"], "low": 1, "high": None},
    ],
    "guards": [{"label": "difference from release 2: Theft, 2020", "low": 0, "high": 9, "is_pinned": False}],
    "collisions": [
        {
            "release": 2,
            "what": "Counts were withheld so that the two give nothing away together.",
            "cells": ["Theft, 2020"],
            "as_of": EXTRACTED.isoformat(),
        }
    ],
}


def request(cast: Cast, *, part: int = 1, title: str = "") -> InformationRequest:
    """Return a request of the Met that Olivia entered."""
    at = timezone.now()
    return InformationRequest.objects.create(
        force_id=ASKED.force,
        reference=ASKED.reference,
        part=part,
        title=title,
        received_on=ASKED.received_on,
        due_on=due_on(ASKED.received_on),
        period_from=ASKED.period_from,
        period_to=ASKED.period_to,
        years=ASKED.years,
        rows_by=ASKED.rows_by,
        groups=[group.as_json() for group in ASKED.groups[:2]],
        basis=ASKED.basis,
        threshold=ASKED.threshold,
        zeros=ASKED.zeros,
        method=ASKED.method,
        made_by=cast.olivia,
        made_at=at,
        changed_by=cast.olivia,
        changed_at=at,
    )


def worked_out(asked: InformationRequest, cast: Cast, table: ReleasedTable = SUPPRESSED) -> WorkedOut:
    """Return a table as worked out for it, which rests on everything as it is now."""
    content, state = told(table, number=None, worst_interval=7), state_of(asked)
    return WorkedOut.objects.create(
        request=asked,
        version=state.version,
        content=text_of(content),
        why=WHY,
        digest=str(content["digest"]),
        extracted_at=EXTRACTED,
        after=state.after,
        last_choice=state.last_choice,
        totals=state.totals,
        by=cast.olivia,
        at=timezone.now(),
    )


def proposed(cast: Cast, *, part: int = 1, title: str = "", note: str = "") -> InformationRequest:
    """Return a request whose table Olivia proposed."""
    made = request(cast, part=part, title=title)
    Proposal.objects.create(
        request=made, worked_out=worked_out(made, cast), note=note, by=cast.olivia, at=timezone.now()
    )
    return made


def released(cast: Cast, *, part: int = 1, number: int = 1) -> Release:
    """Return a release that Olivia proposed and Sam released."""
    made = proposed(cast, part=part)
    content = told(SUPPRESSED, number=number, worst_interval=7)
    return Release.objects.create(
        force=made.force,
        number=number,
        request=made,
        proposal=made.proposals.get(),
        content=text_of(content),
        digest=json.loads(text_of(content))["digest"],
        extracted_at=EXTRACTED,
        proposed_by=cast.olivia,
        released_by=cast.sam,
        released_at=timezone.now(),
    )


def total(cast: Cast) -> PublishedTotal:
    """Return a total of the Met's cases that Olivia added, which the records do not give."""
    return PublishedTotal.objects.create(
        force=cast.olivia.force,
        source="Home Office, table 2.1",
        published_on=date(2023, 7, 1),
        period_from=date(2020, 1, 1),
        period_to=date(2020, 12, 31),
        basis="cases",
        count=33,
        by=cast.olivia,
        at=timezone.now(),
    )
