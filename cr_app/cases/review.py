"""What the review page shows of a case, which is what a snapshot freezes and a signature covers."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from cr_app.cases import journey
from cr_app.cases.facts import ages_of, brought_by_offences
from cr_app.cases.models import AgreedAction, Offender, Victim
from cr_app.cases.queries import Record
from cr_app.cases.questions import ASKED, GROUNDS, QUESTIONS, Kind, Question, questions_of
from cr_app.pages.moments import moment
from cr_app.policy.assessment import Assessment
from cr_app.policy.rules import Rulebook

NOT_ANSWERED = "Not answered"
FORMAT = 2
# Whoever asked reads it too.
_TITLES = {journey.QUESTION.slug: "Question and answer"}


@dataclass(frozen=True)
class Answer:
    """One question as asked and its answer as shown; `slug` and `item` say on which page it is changed."""

    key: str
    question: str
    answer: str
    slug: str
    item: int | None = None


@dataclass(frozen=True)
class Section:
    """A headed group of answers; `item` is the row it is about, for victims, offences, disposals and actions."""

    title: str
    answers: tuple[Answer, ...]
    slug: str
    item: int | None = None


def review_of(record: Record, rulebook: Rulebook, situation: journey.Situation, *, on: date) -> tuple[Section, ...]:
    """Return every answer of the case that applies, in the order of the journey, in the words that pages use."""
    sections: list[Section] = []
    for page in journey.path(situation):
        step = journey.step_named(page.slug)
        if step is None:
            continue
        if step.rows:
            sections += _row_sections(step, record, rulebook)
        else:
            sections.append(_step_section(step, record, rulebook, situation, on=on))
    return tuple(section for section in sections if section.answers)


def content_of(
    record: Record,
    rulebook: Rulebook,
    assessment: Assessment,
    sections: tuple[Section, ...],
    *,
    open_pages: tuple[journey.Page, ...],
    on: date,
) -> str:
    """Return the canonical text of a snapshot: answers, pages still open, offences, findings, rulebook and day.

    Snapshots of format 1 do not say which pages were open; only an early referral may have left any.
    """
    content = {
        "format": FORMAT,
        "reference": record.case.reference,
        "decided_on": on.isoformat(),
        "rulebook": rulebook.name,
        "verdict": str(assessment.verdict),
        "findings": [
            {
                "rule": finding.rule,
                "effect": str(finding.effect),
                "state": str(finding.state),
                "says": finding.says,
                "source": finding.source,
            }
            for finding in assessment.findings
        ],
        "offence_types": [
            {
                "code": kind.code,
                "title": kind.title,
                "statute": kind.statute,
                "mode_of_trial": kind.mode_of_trial,
                "exclusion_category": kind.exclusion_category,
            }
            for kind in (offence.offence_type for offence in record.offences)
        ],
        "open": [[page.slug, page.item] for page in open_pages],
        "sections": [
            {"title": section.title, "answers": [asdict(answer) for answer in section.answers]} for section in sections
        ],
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(content: str) -> str:
    """Return the SHA-256 of a snapshot's text, in hexadecimal."""
    return hashlib.sha256(content.encode()).hexdigest()


def shown(question: Question, value: object, *, rulebook: Rulebook | None = None) -> str:
    """Return an answer as pages show it; nothing answered is said as such, and an optional one left empty as a dash."""
    if value is None:
        return NOT_ANSWERED
    if value == "":
        return "–"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    if isinstance(value, Decimal):
        return f"£{value:,.2f}"
    if question.key == "case.venue" and rulebook is not None:
        titles = {venue.code: venue.title for venue in rulebook.venues}
        return titles.get(str(value), "None of these")
    return question.text_of(str(value)) if question.kind is Kind.CHOICE else str(value)


def _step_section(
    step: journey.Step, record: Record, rulebook: Rulebook, situation: journey.Situation, *, on: date
) -> Section:
    brought = brought_by_offences(record)
    needs = journey.needs_for(step, situation)
    questions = questions_of(rulebook)
    answers: list[Answer] = []
    if step.slug == journey.QUESTION.slug:
        answers.append(Answer(ASKED, "What was asked?", record.case.question or "", step.slug))
    for key in journey.keys_for(step, situation):
        question = questions[key]
        if key == "case.venue" and not rulebook.venues:
            continue
        value = _value(record, question)
        if question.row == "case" and question.field in brought:
            text = f"Yes: the offence brings it ({brought[question.field]})"
        else:
            text = shown(question, value, rulebook=rulebook)
        if value in (None, "") and key not in needs:
            continue
        answers.append(Answer(key, question.text, text, step.slug))
        if key == "offender.born_on":
            answers.append(Answer("offender.ages", "Age", _ages_text(record, on=on), step.slug))
    if step.slug == "history":
        answers += _earlier_answers(record)
    return Section(_TITLES.get(step.slug, step.title), tuple(answers), step.slug)


def _value(record: Record, question: Question) -> object:
    if question.row == GROUNDS:
        return next((each.circumstances for each in record.grounds if each.rule == question.field), None)
    return getattr(record.case if question.row == "case" else record.offender, question.field)


def _ages_text(record: Record, *, on: date) -> str:
    ages = ages_of(record, on=on)
    parts = []
    if ages.at_offence is not None:
        parts.append(f"{ages.at_offence} at the offence")
    if ages.at_decision is not None:
        parts.append(f"{ages.at_decision} at the decision")
    return ", ".join(parts) or NOT_ANSWERED


def _earlier_answers(record: Record) -> list[Answer]:
    return [
        Answer(
            "case.earlier_cases",
            f"Earlier local record {earlier.reference}",
            f"{earlier.status.label}: {', '.join(earlier.offence_titles) or 'no offence recorded'}"
            + (f", given {earlier.given_on:%-d %B %Y}" if earlier.given_on else ""),
            "history",
        )
        for earlier in record.earlier_cases_shown
    ]


def _row_sections(step: journey.Step, record: Record, rulebook: Rulebook) -> list[Section]:
    match step.rows:
        case "offence":
            return [
                Section(
                    "Offences",
                    tuple(
                        Answer(
                            "offence.offence_type",
                            "Offence" if place else "Principal offence",
                            f"{offence}, {offence.offence_type.statute}, {offence.offence_type.mode_of_trial}",
                            step.slug,
                            offence.pk,
                        )
                        for place, offence in enumerate(record.offences)
                    ),
                    step.slug,
                )
            ]
        case "disposal":
            return [
                Section(
                    "Earlier disposals",
                    tuple(
                        Answer(
                            "disposal.kind",
                            f"{QUESTIONS['disposal.kind'].text_of(disposal.kind)}, {disposal.given_on:%-d %B %Y}",
                            disposal.offence_code or "Offence not known",
                            step.slug,
                            disposal.pk,
                        )
                        for disposal in record.disposals
                    ),
                    step.slug,
                )
            ]
        case "action":
            return [_actions_section(step, record, rulebook)]
        case _:
            return _victim_sections(step, record)


def _actions_section(step: journey.Step, record: Record, rulebook: Rulebook) -> Section:
    titles = {remedy.code: remedy.title for remedy in rulebook.remedy_actions}
    answers = tuple(
        Answer(
            "action.undertaking",
            f"Action {place}: {titles.get(action.remedy, action.remedy)}",
            action_text(action),
            step.slug,
            action.pk,
        )
        for place, action in enumerate(record.actions, start=1)
    )
    if not answers and record.case.has_no_actions:
        answers = (Answer("case.has_no_actions", "Agreed actions", "None agreed", step.slug),)
    return Section("Agreed actions", answers, step.slug)


def action_text(action: AgreedAction) -> str:
    """Return an agreed action in one line: what, how much, for whom, by when."""
    amount = f", £{action.amount:,.2f}" if action.amount is not None else ""
    whom = f", for {action.victim.name}" if action.victim else ""
    return f"{action.undertaking.removesuffix('.')}{amount}{whom}, by {action.due_on:%-d %B %Y}"


def _victim_sections(step: journey.Step, record: Record) -> list[Section]:
    if record.case.has_no_victim:
        return [
            Section(
                "Victims", (Answer("victim.kind", "Who is the victim?", "There is no victim", step.slug),), step.slug
            )
        ]
    sections: list[Section] = []
    for place, victim in enumerate(record.victims, start=1):
        keys = journey.VICTIM_KEYS + (journey.VICTIM_SAFEGUARD_KEYS if victim.mental_health_concern else ())
        sections.append(
            Section(
                f"Victim {place}: {victim.name}", tuple(_person_answers(victim, keys, step.slug)), step.slug, victim.pk
            )
        )
    return sections


def _person_answers(row: Victim | Offender, keys: tuple[str, ...], slug: str) -> list[Answer]:
    answers = []
    for key in keys:
        question = QUESTIONS[key]
        value = getattr(row, question.field)
        if value is None or value == "":
            continue
        page = journey.VICTIM_SAFEGUARDS if key in journey.VICTIM_SAFEGUARD_KEYS else slug
        answers.append(Answer(key, question.text, shown(question, value), page, row.pk))
    return answers
