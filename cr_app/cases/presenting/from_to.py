"""What changed in a case, from and to, in the words that pages use for a question and its answer."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from django.utils import timezone

from cr_app.accounts.queries import units_of_force
from cr_app.audit.queries import ERASED, FromTo, TimelineLine
from cr_app.cases.judgement import rulebook_for
from cr_app.cases.models import ActionProgress, Case, Document
from cr_app.cases.queries import Record
from cr_app.cases.questions import AFTERWARDS, GROUNDS, QUESTIONS, Kind, questions_of
from cr_app.cases.rows import ROW_MODELS
from cr_app.pages.moments import moment
from cr_app.reference.queries import ethnicity_label, offence_types

WORDED = QUESTIONS | AFTERWARDS
# Before the date that a row of progress gives, this key leads to the date before, among the names.
_DUE_BEFORE = "progress due before"
_SAID_BESIDES_QUESTIONS = {
    "case.unit_id": "case.unit",
    "offender.self_defined_ethnicity_id": "offender.self_defined_ethnicity",
    "offender.officer_defined_ethnicity_id": "offender.officer_defined_ethnicity",
    "offence.offence_type_id": "offence.offence_type",
    "action.victim_id": "action.for_whom",
}
_SAID_IN_OTHER_WORDS = {
    "case.has_no_victim": "There is no victim",
    "case.has_no_actions": "Nothing is agreed",
    "grounds.circumstances": "Exceptional circumstances",
}


# The entry itself gives the reason.
_SAID_ALREADY = frozenset({"progress.reason", "correction.reason", "rescission.reason", "rescission.rank"})


def _label_of_column(column: str) -> str:
    """Return how a timeline names a column: as its question; "" for one that goes without saying."""
    if column in _SAID_ALREADY:
        return ""
    question = WORDED.get(_SAID_BESIDES_QUESTIONS.get(column, column))
    return question.text.removesuffix(" (optional)") if question else _SAID_IN_OTHER_WORDS.get(column, "")


LABELS: dict[str, str] = {
    column: _label_of_column(column)
    for model in ROW_MODELS
    for column in (f"{model.ROW}.{field.attname}" for field in model._meta.concrete_fields)
}


def changes_shown(changes: Iterable[FromTo], names: dict[tuple[str, str], str]) -> list[dict[str, str]]:
    """Return what each field was and is; a document made is one line, and a date that stays the same goes without saying."""
    return [
        {
            "label": names.get((change.row, change.key), change.label),
            "old": _said(change, change.old, names),
            "new": _said(change, change.new, names) if change.row != Document.ROW else str(change.new),
        }
        for change in _told(changes, names)
        if f"{change.row}.{change.field}" in LABELS
    ]


def _told(changes: Iterable[FromTo], names: dict[tuple[str, str], str]) -> Iterator[FromTo]:
    documents: dict[str, dict[str, object]] = {}
    first: dict[str, FromTo] = {}
    for change in changes:
        if change.row == Document.ROW:
            documents.setdefault(change.key, {})[change.field] = change.new
            first.setdefault(change.key, change)
        elif (change.row, change.field) == (ActionProgress.ROW, "due_on"):
            before = names.get((_DUE_BEFORE, change.key))
            if str(change.new) != before:
                yield replace(change, old=before)
        else:
            yield change
    for key, fields in documents.items():
        yield replace(first[key], label=AFTERWARDS["document.kind"].text, old=None, new=_document(fields, names))


def _document(fields: dict[str, object], names: dict[tuple[str, str], str]) -> str:
    """Return a document in a line: Letter to the victim, Noor Haddad: English, version 2."""
    kind = AFTERWARDS["document.kind"].text_of(str(fields.get("kind", "")))
    language = AFTERWARDS["document.language"].text_of(str(fields.get("language", "")))
    whom = names.get(("victim_id", str(fields.get("victim_id"))), "")
    return f"{kind}{f', {whom}' if whom else ''}: {language}, version {fields.get('version')}"


def names_of(case: Case, lines: tuple[TimelineLine, ...]) -> dict[tuple[str, str], str]:
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
    if any(change.row == ActionProgress.ROW for change in changes):
        names |= _of_progress(case)
    if any(change.row == GROUNDS for change in changes):
        asked = {
            question.field: question.text for question in questions_of(rulebook).values() if question.row == GROUNDS
        }
        names |= {(GROUNDS, str(each.pk)): asked[each.rule] for each in Record(case).grounds if each.rule in asked}
    return names


def _of_progress(case: Case) -> dict[tuple[str, str], str]:
    """Return the agreed actions by their key, and by the key of each row of progress the date that held before it."""
    names = {}
    for number, standing in enumerate(Record(case).standings, start=1):
        names["action_id", str(standing.action.pk)] = f"{number}. {standing.action.undertaking}"
        due_on = standing.first_due_on
        for row in standing.progress:
            names[_DUE_BEFORE, str(row.pk)] = due_on.isoformat()
            due_on = row.due_on
    return names


def _said(change: FromTo, value: object, names: dict[tuple[str, str], str]) -> str:
    """Return one side of a change as pages show the answer; "" where there was none."""
    if value is None or value == "":
        return ""
    text = str(value)
    if change.field.endswith("_ethnicity_id"):
        return f"{text} {ethnicity_label(text)}"
    if change.field.endswith("_id"):
        return names.get((change.field, text), "One that was removed since")
    question = WORDED.get(f"{change.row}.{change.field}")
    if question is None or value is ERASED or isinstance(value, bool):
        return {"True": "Yes", "False": "No"}.get(text, text)
    if question.kind is Kind.MOMENT:
        return moment(datetime.fromisoformat(text))
    if question.kind is Kind.DATE:
        return f"{date.fromisoformat(text):%-d %B %Y}"
    if question.kind is Kind.MONEY:
        return f"£{text}"
    if question.kind is Kind.CHOICE:
        return names.get((change.field, text), question.text_of(text))
    return text
