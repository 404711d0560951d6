"""Parts of the entry for the crime report up to the decision: the facts, the exception, advice, authority, standards."""

from dataclasses import dataclass
from datetime import date, datetime

from cr_app.cases.documents.rulebook_words import rank
from cr_app.cases.documents.sheets import Fact
from cr_app.cases.documents.spoken import moment
from cr_app.cases.documents.told import Told
from cr_app.cases.facts import ages_of
from cr_app.cases.judgement import exclusions_of
from cr_app.cases.queries import reasons_given


@dataclass(frozen=True)
class Part:
    """One part of the entry: a title, and labels with what they say; a part that does not apply has no rows."""

    key: str
    title: str
    rows: tuple[Fact, ...]


def at_moment(at: datetime | None) -> str:
    """Return a moment as it is spoken; "" where there is none."""
    return moment(at) if at else ""


def facts(told: Told, *, on: date) -> Part:
    """Return when, where and what, the offences, who did it and what they say of it."""
    case, record = told.case, told.record
    when = at_moment(case.occurred_from) + (f" – {moment(case.occurred_to)}" if case.occurred_to else "")
    age = ages_of(record, on=on).at_decision
    aged = f", aged {age}" if age is not None else ""
    said = "admits the offence" if case.admits_offence else "accepts responsibility"
    rows = [
        Fact("When", when),
        Fact("Where", ", ".join(part for part in (case.place, case.borough) if part)),
        Fact("What happened", case.circumstances_brief or ""),
        *(Fact("Offence", f"{offence}, {offence.offence_type.statute}") for offence in record.offences),
        Fact("Offender", f"{told.offender_name}{aged}"),
        Fact("Responsibility", said),
    ]
    if case.account:
        rows.append(Fact("The offender says", case.account))
    return Part("facts", "The facts", tuple(rows))


def grounds(told: Told, *, on: date) -> Part:
    """Return the exceptional circumstances of each exclusion that applies."""
    written = {grounds.rule: grounds.circumstances for grounds in told.record.grounds}
    titles = {rule.id: rule.title for rule in exclusions_of(told.record, on=on)} if written else {}
    said = {title: written[rule] for rule, title in titles.items() if rule in written}
    rows = tuple(Fact(title, text) for title, text in said.items())
    return Part("grounds", "Exceptional circumstances", rows)


def advice(told: Told) -> Part:
    """Return who was asked about an exception, and what they advised."""
    case = told.case
    rows = (
        Fact("Investigation team", case.investigation_team or ""),
        Fact("Advice sought from", case.advice_from or ""),
        Fact("When", at_moment(case.advice_at)),
        Fact("Advice", case.advice or ""),
    )
    return Part("advice", "Investigation team and advice", tuple(row for row in rows if row.value))


def authority(told: Told) -> Part:
    """Return what was decided on authority, by whom in which rank, when, and the reasons."""
    case = told.case
    title = "Authority"
    if case.authority_decision is None or case.authority_by is None:
        return Part("authority", title, ())
    held = "substantive" if case.authority_is_substantive else "acting"
    rows = (
        Fact("Decision", "granted" if case.authority_decision == "granted" else "refused"),
        Fact("Rank", f"{rank(case.authority_rank or '')}, {held}"),
        Fact("Number and name", f"{case.authority_number} {case.authority_by.name}"),
        Fact("Time", at_moment(case.authority_at)),
        Fact("Reasons", reasons_given(told.moves, case.authority_at)),
    )
    return Part("authority", title, rows)


def standards(told: Told) -> Part:
    """Return what professional standards decided and when: why is left to the record, which fewer people may read."""
    case = told.case
    title = "Professional standards"
    if case.professional_standards_decision is None or case.professional_standards_by is None:
        return Part("standards", title, ())
    by = case.professional_standards_by
    is_suitable = case.professional_standards_decision == "suitable"
    rows = (
        Fact("Decision", "suitable" if is_suitable else "unsuitable"),
        Fact("Number and name", f"{by.warrant_number} {by.name}"),
        Fact("Time", at_moment(case.professional_standards_at)),
    )
    return Part("standards", title, rows)
