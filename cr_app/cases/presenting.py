"""What the pages of one case say: the record as it stands, what may be done next, its history in words."""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.queries import units_of_force
from cr_app.accounts.roles import Right, Sight
from cr_app.audit import queries as trail_queries
from cr_app.audit.queries import ERASED, FromTo, TimelineLine
from cr_app.cases import journey
from cr_app.cases.actions.answers import read_case
from cr_app.cases.judgement import rulebook_for
from cr_app.cases.lifecycle import Move, Status, may
from cr_app.cases.models import Case, StatusChange
from cr_app.cases.queries import Record, latest_snapshot, signatures_of, status_changes_of
from cr_app.cases.questions import QUESTIONS, Kind
from cr_app.cases.review import review_of
from cr_app.cases.rows import ROW_MODELS
from cr_app.reference.queries import ethnicity_label, offence_types

# What each status means for whoever reads the case, and what comes next.
_EXPLANATIONS = {
    Status.DRAFT: "This record is being made. Nothing has been decided.",
    Status.AWAITING_AUTHORITY: "This case waits for authority. A Community Resolution must not be given before it is. "
    "An officer of the rank that the policy names decides, never the one who recorded the case.",
    Status.REFERRED: "This case has gone to professional standards, who decide whether a Community Resolution is "
    "suitable. Do not give one meanwhile.",
    Status.READY: "Everything the policy asks is there. The case can be issued.",
    Status.ISSUED: "The Community Resolution has been issued. Its decision can no longer be changed.",
    Status.COMPLETED: "Everything that was agreed has been done.",
    Status.NOT_COMPLIED: "What was agreed has not been done.",
    Status.REFUSED: "Authority was refused. A Community Resolution cannot be given. Record that it was considered and "
    "not used, and deal with the offence another way.",
    Status.NOT_USED: "A Community Resolution was considered and not used.",
    Status.WITHDRAWN: "This draft was opened in error. It is not counted.",
    Status.RESCINDED: "The Community Resolution was rescinded.",
}
_PAGES = {
    "case": "The case",
    "history": "Its history",
    "print": "The record for printing",
    "task list": "The task list",
    "result": "The result page",
    "check": "Check your answers",
    "issue": "The issue page",
    "why": "Gave a reason to look",
    "record": "The task list",
    "step": "A page of questions",
    "row": "A page of questions",
    "row_add": "A page of questions",
    "row_remove": "Removing what was added",
    "desk": "A list on the desk",
    "search": "A list of search results",
}
_REFUSALS = {"access.refused": "was refused", "action.refused": "tried what may not be done"}


@dataclass(frozen=True)
class Deed:
    """Something that may be done from the case page: a link, or a button where it changes something at once."""

    text: str
    url: str
    is_button: bool = False
    is_main: bool = False


def case_page(case: Case, sight: Sight, *, at: datetime) -> dict[str, Any]:
    """Return what the page of a case shows: a submitted case from its snapshot, a draft as it stands."""
    moves = status_changes_of(case)
    snapshot = latest_snapshot(case) if _stands_as_submitted(moves) else None
    if snapshot is not None:
        content = json.loads(snapshot.content)
        cards = [
            {
                "title": section["title"],
                "slug": section["answers"][0]["slug"],
                "rows": [{"key": answer["question"], "value": answer["answer"]} for answer in section["answers"]],
            }
            for section in content["sections"]
        ]
        deciding = [finding for finding in content["findings"] if finding["state"] in ("applies", "unmet", "lifted")]
    else:
        saved = read_case(case, at=at)
        today = timezone.localdate(at)
        rulebook = rulebook_for(case.force_id, on=today)
        sections = review_of(saved.record, rulebook, saved.situation, on=today)
        cards = [
            {
                "title": section.title,
                "slug": section.slug,
                "rows": [{"key": answer.question, "value": answer.answer} for answer in section.answers],
            }
            for section in sections
        ]
        deciding = []
    return {
        "case": case,
        "title": f"Case {case.reference}",
        "status_colour": case.status_now.colour,
        "explanation": _EXPLANATIONS[case.status_now],
        "deciding": deciding,
        "cards": cards,
        "about": _about(case),
        "deeds": _deeds(case, sight),
        "may_copy": sight.may(Right.EDIT),
        "may_reopen": sight.may(Right.EDIT) and may(case.status_now, Move.REOPEN),
        "signatures": signatures_of(case),
        "moves": moves,
        "history_url": reverse("case_history", args=[case.reference]),
        "print_url": reverse("case_print", args=[case.reference]),
        "back_url": reverse("desk"),
        "digest": snapshot.digest if snapshot else "",
    }


def _stands_as_submitted(moves: tuple[StatusChange, ...]) -> bool:
    """Tell whether what was submitted is what the case says: not where it went back to a draft since, however it ended."""
    last = next(
        (move.move for move in reversed(moves) if move.move == Move.SUBMIT or move.to_status == Status.DRAFT), ""
    )
    return last == Move.SUBMIT


def _about(case: Case) -> list[dict[str, str]]:
    rows = [
        {"key": "Crime report", "value": case.crime_report_reference},
        {"key": "Offender", "value": case.offender.name or "Not named yet"},
        {"key": "Unit", "value": f"{case.unit}, {case.force}"},
        {"key": "Officer", "value": case.officer.title},
    ]
    if case.recorded_by_id != case.officer_id:
        rows.append({"key": "Recorded by", "value": case.recorded_by.title})
    if case.copied_from is not None:
        rows.append({"key": "Started from", "value": case.copied_from.reference})
    if case.rulebook and case.decided_on:
        rows.append({"key": "Policy", "value": f"{case.rulebook}, decided {case.decided_on:%-d %B %Y}"})
    if case.issued_at:
        rows.append({"key": "Issued", "value": f"{timezone.localtime(case.issued_at):%-d %B %Y at %H:%M}"})
    return rows


def _deeds(case: Case, sight: Sight) -> list[Deed]:
    reference, status = case.reference, case.status_now
    deeds: list[Deed] = []
    if sight.may(Right.EDIT) and status is Status.DRAFT:
        deeds.append(Deed("Carry on recording", reverse("case_record", args=[reference]), is_button=True, is_main=True))
    if sight.may(Right.ISSUE) and status is Status.READY:
        deeds.append(Deed("Issue it", reverse("case_issue", args=[reference]), is_button=True, is_main=True))
    if sight.may(Right.EDIT) and may(status, Move.RECORD_NOT_USED):
        deeds.append(Deed("Record that it was considered and not used", reverse("case_not_used", args=[reference])))
    if sight.may(Right.EDIT) and may(status, Move.WITHDRAW):
        deeds.append(Deed("Withdraw it: opened in error", reverse("case_withdraw", args=[reference])))
    if sight.may(Right.REASSIGN) and case.is_open:
        deeds.append(Deed("Hand it over to another officer", reverse("case_reassign", args=[reference])))
    return deeds


_SAID_BESIDES_QUESTIONS = {
    "case.unit_id": "case.unit",
    "offender.self_defined_ethnicity_id": "offender.self_defined_ethnicity",
    "offender.officer_defined_ethnicity_id": "offender.officer_defined_ethnicity",
    "offence.offence_type_id": "offence.offence_type",
    "action.victim_id": "action.for_whom",
}
_SAID_IN_OTHER_WORDS = {"case.has_no_victim": "There is no victim", "case.has_no_actions": "Nothing is agreed"}


def _label_of_column(column: str) -> str:
    """Return how a timeline names a column: as its question; "" for one that goes without saying."""
    question = QUESTIONS.get(_SAID_BESIDES_QUESTIONS.get(column, column))
    return question.text.removesuffix(" (optional)") if question else _SAID_IN_OTHER_WORDS.get(column, "")


LABELS: dict[str, str] = {
    column: _label_of_column(column)
    for model in ROW_MODELS
    for column in (f"{model.ROW}.{field.attname}" for field in model._meta.concrete_fields)
}
_ROW_VERBS = {"case.row_added": "added", "case.row_changed": "changed", "case.row_removed": "removed"}
_ROW_WORDS = {
    "offence": "an offence",
    "disposal": "an earlier disposal",
    "victim": "a victim",
    "action": "an agreed action",
}
_SHOWS_CHANGES = frozenset({"case.answers_saved", *_ROW_VERBS})


# A look without a reason of its own is part of the work that the officer was given.
_OWN_WORK = "Own work or duty"


def timeline_page(case: Case) -> dict[str, Any]:
    """Return the case's timeline in words, newest first."""
    page = trail_queries.timeline_of(case.subject, labels=LABELS, limit=100)
    names = _names_of(case, page.lines)
    return {
        "case": case,
        "title": f"History of case {case.reference}",
        "back_url": reverse("case", args=[case.reference]),
        "lines": [
            {
                "when": _when(line.at),
                "iso": line.at.isoformat(),
                "sentence": _sentence_of(line),
                "reason": line.reason,
                "refused": line.outcome == "refused",
                "refusal": line.refusal,
                "changes": [
                    {
                        "label": change.label,
                        "old": _said(change, change.old, names),
                        "new": _said(change, change.new, names),
                    }
                    for change in line.changes
                ]
                if line.event in _SHOWS_CHANGES
                else [],
            }
            for line in page.lines
        ],
        "is_cut": page.next_before is not None,
    }


def _sentence_of(line: TimelineLine) -> str:
    """Return what happened in one short sentence; the answers changed stand below it."""
    if line.event in _REFUSALS:
        return f"{line.actor} {_REFUSALS[line.event]}{_at_page(line.sentence)}."
    if line.outcome == "refused":
        return line.sentence
    rows = [change.row for change in line.changes if change.row in _ROW_WORDS]
    if line.event in _ROW_VERBS and rows:
        return f"{line.actor} {_ROW_VERBS[line.event]} {_ROW_WORDS[rows[0]]}."
    if line.event in (*_SHOWS_CHANGES, "case.submitted"):
        return f"{line.sentence.removesuffix('.').partition(':')[0]}."
    return line.sentence


def _at_page(words: str) -> str:
    """Return on which page of a case something was, where these words end with its name; "" where they do not."""
    place = re.search(r"\b(case(?:_[a-z_]+)?)\.$", words)
    return f": {_page_title(place[1])}" if place else ""


def _names_of(case: Case, lines: tuple[TimelineLine, ...]) -> dict[tuple[str, str], str]:
    """Return the words of every key and code that a timeline would show: offence types, units, victims, remedies."""
    changes = [change for line in lines for change in line.changes]
    codes = {
        str(value) for change in changes if change.field == "offence_type_id" for value in (change.old, change.new)
    }
    rulebook = rulebook_for(case.force_id, on=timezone.localdate())
    names = {("venue", "none"): "None of these"}
    names |= {("venue", venue.code): venue.title for venue in rulebook.venues}
    names |= {("remedy", remedy.code): remedy.title for remedy in rulebook.remedy_actions}
    names |= {("offence_type_id", code): f"{kind.title} ({code})" for code, kind in offence_types(codes).items()}
    if any(change.field == "unit_id" for change in changes):
        names |= {("unit_id", str(unit.pk)): str(unit) for unit in units_of_force(case.force_id)}
    if any(change.field == "victim_id" for change in changes):
        names |= {("victim_id", str(victim.pk)): victim.name for victim in Record(case).victims}
    return names


def history_page(case: Case) -> dict[str, Any]:
    """Return who looked at the case, newest first."""
    page = trail_queries.looks_at(case.subject, limit=100)
    return {
        "looks": [
            {
                "when": _when(look.at),
                "who": look.actor,
                "page": _page_title(look.page),
                "reason": "Refused" if look.outcome == "refused" else look.reason or _OWN_WORK,
            }
            for look in page.lines
        ]
    }


def _page_title(page: str) -> str:
    page = page.removeprefix("case_")
    step = journey.step_named(page)
    return _PAGES.get(page) or (step.title if step else page.replace("_", " ").replace("-", " ").capitalize())


def _when(at: datetime) -> str:
    return f"{timezone.localtime(at):%-d %B %Y at %H:%M}"


def _said(change: FromTo, value: object, names: dict[tuple[str, str], str]) -> str:
    """Return one side of a change as pages show the answer; "" where there was none."""
    if value is None or value == "":
        return ""
    text = str(value)
    if change.field.endswith("_ethnicity_id"):
        return f"{text} {ethnicity_label(text)}"
    if change.field.endswith("_id"):
        return names.get((change.field, text), "One that was removed since")
    question = QUESTIONS.get(f"{change.row}.{change.field}")
    if question is None or value is ERASED or isinstance(value, bool):
        return {"True": "Yes", "False": "No"}.get(text, text)
    if question.kind is Kind.MOMENT:
        return _when(datetime.fromisoformat(text))
    if question.kind is Kind.DATE:
        return f"{date.fromisoformat(text):%-d %B %Y}"
    if question.kind is Kind.MONEY:
        return f"£{text}"
    if question.kind is Kind.CHOICE:
        return names.get((change.field, text), question.text_of(text))
    return text
