"""The entry for the crime report: an exception told in the order in which an officer would write it."""

from collections.abc import Iterable
from datetime import date, datetime

from cr_app.cases.facts import ages_of
from cr_app.cases.judgement import exclusions_of
from cr_app.cases.models import StatusChange
from cr_app.cases.queries import Record, reasons_given
from cr_app.pages.moments import moment


def entry_text(record: Record, moves: Iterable[StatusChange], *, on: date) -> str:
    """Return the entry as plain text: facts, exceptional circumstances, advice, authority, professional standards.

    `moves` are the case's changes of status, whose reasons are those of the decisions. Only what applies is there. A
    crime report is open to more people than a restricted case: of professional standards it says what they decided and
    when, and why is left to the record.
    Source: 01.FOI.23.031611, which wants the exception fully documented on the crime report.
    """
    parts = [
        _heading(record),
        _facts(record, on=on),
        _grounds(record, on=on),
        _advice(record),
        _authority(record, tuple(moves)),
        _standards(record),
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _heading(record: Record) -> list[str]:
    case = record.case
    return [
        "COMMUNITY RESOLUTION: EXCEPTION AUTHORISED",
        f"Crime report {case.crime_report_reference}. Record {case.reference} of the Community Resolution service.",
    ]


def _facts(record: Record, *, on: date) -> list[str]:
    case = record.case
    began, ended = case.occurred_from, case.occurred_to
    when = _when(began) + (f" to {_when(ended)}" if ended else "")
    where = ", ".join(part for part in (case.place, case.borough) if part)
    return [
        "THE FACTS",
        f"When: {when}",
        f"Where: {where}",
        f"What happened: {case.circumstances_brief or ''}",
        *(f"Offence: {offence}, {offence.offence_type.statute}" for offence in record.offences),
        f"Offender: {_offender(record, on=on)}",
        f"The offender {_part(record)}",
    ]


def _offender(record: Record, *, on: date) -> str:
    age = ages_of(record, on=on).at_decision
    return record.offender.name + (f", aged {age}" if age is not None else "")


def _part(record: Record) -> str:
    case = record.case
    said = "admits the offence" if case.admits_offence else "accepts responsibility"
    return f"{said} and says: {case.account}" if case.account else f"{said}."


def _grounds(record: Record, *, on: date) -> list[str]:
    titles = {rule.id: rule.title for rule in exclusions_of(record, on=on)}
    written = {grounds.rule: grounds.circumstances for grounds in record.grounds}
    lines = [f"{title}: {written[rule]}" for rule, title in titles.items() if rule in written]
    return ["EXCEPTIONAL CIRCUMSTANCES", *lines] if lines else []


def _advice(record: Record) -> list[str]:
    case = record.case
    lines = [
        f"{name}: {text}"
        for name, text in (
            ("Investigation team", case.investigation_team),
            ("Advice sought from", case.advice_from),
            ("When", _when(case.advice_at)),
            ("Advice", case.advice),
        )
        if text
    ]
    return ["INVESTIGATION TEAM AND ADVICE", *lines] if lines else []


def _authority(record: Record, moves: tuple[StatusChange, ...]) -> list[str]:
    case = record.case
    if case.authority_decision is None or case.authority_by is None:
        return []
    held = "substantive" if case.authority_is_substantive else "acting"
    return [
        "AUTHORITY",
        f"Decision: {case.authority_decision}",
        f"Rank: {case.authority_rank}, {held}",
        f"Number and name: {case.authority_number} {case.authority_by.name}",
        f"Time: {_when(case.authority_at)}",
        f"Reasons: {reasons_given(moves, case.authority_at)}",
    ]


def _standards(record: Record) -> list[str]:
    case = record.case
    if case.professional_standards_decision is None or case.professional_standards_by is None:
        return []
    by = case.professional_standards_by
    return [
        "PROFESSIONAL STANDARDS",
        f"Decision: {case.professional_standards_decision}",
        f"Number and name: {by.warrant_number} {by.name}",
        f"Time: {_when(case.professional_standards_at)}",
    ]


def _when(at: datetime | None) -> str:
    return moment(at) if at else ""
