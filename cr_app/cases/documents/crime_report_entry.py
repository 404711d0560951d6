"""The entry for the crime report: a case told in the order in which an officer would write it."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from cr_app.cases.documents import entry_afterwards, entry_parts
from cr_app.cases.documents.entry_parts import Part
from cr_app.cases.documents.parts import Telling
from cr_app.cases.documents.sheets import Block, Fact, Facts, Heading, Sheet
from cr_app.cases.documents.spoken import speaking, weekday
from cr_app.cases.documents.told import Told
from cr_app.cases.models import Document, StatusChange
from cr_app.cases.queries import Record


def entry_text(record: Record, moves: Iterable[StatusChange], *, on: date) -> str:
    """Return the entry of an exception as plain text, to be copied before issue: facts, circumstances, advice, authority.

    `moves` are the case's changes of status, whose reasons are those of the decisions. Only what applies is there. A
    crime report is open to more people than a restricted case: of professional standards it says what they decided and
    when, and why is left to the record.
    Source: 01.FOI.23.031611, which wants the exception fully documented on the crime report.
    """
    with speaking("en"):
        told = Told(record, moves=tuple(moves))
        heading = (
            "COMMUNITY RESOLUTION: EXCEPTION AUTHORISED\n"
            f"Crime report {told.case.crime_report_reference}. "
            f"Record {told.case.reference} of the Community Resolution service."
        )
        return "\n\n".join([heading, *(_as_text(part) for part in _decided(told, on=on) if part.rows)])


def entry_sheet(telling: Telling) -> Sheet:
    """Return the entry of an issued case as a sheet: what was decided and why, what was agreed, and what came after."""
    told = telling.told
    parts = [
        *_decided(told, on=told.day_of_issue(telling.at)),
        entry_afterwards.victims(told),
        entry_afterwards.actions(told),
        entry_afterwards.rationale(told),
        entry_afterwards.issued(told),
        entry_afterwards.corrections_made(told),
        entry_afterwards.rescinded(told),
    ]
    blocks: list[Block] = [
        Facts(
            "about",
            (
                Fact("Crime report", told.case.crime_report_reference),
                Fact("Record of the Community Resolution service", told.case.reference),
                Fact("Outcome", "8, Community Resolution"),
                Fact("Made on", weekday(timezone.localdate(telling.at))),
            ),
        )
    ]
    for part in parts:
        if part.rows:
            blocks += [Heading(part.key, part.title), Facts(f"{part.key}_rows", part.rows)]
    return telling.sheet(Document.CRIME_REPORT_ENTRY, "police", "Entry for the crime report", blocks)


def _decided(told: Told, *, on: date) -> list[Part]:
    return [
        entry_parts.facts(told, on=on),
        entry_parts.grounds(told, on=on),
        entry_parts.advice(told),
        entry_parts.authority(told),
        entry_parts.standards(told),
    ]


def _as_text(part: Part) -> str:
    return "\n".join([part.title.upper(), *(f"{row.label}: {row.value}" for row in part.rows)])
