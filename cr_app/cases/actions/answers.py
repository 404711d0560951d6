"""Save the answers of one page, and add, change or remove a row of a case."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.queries import units_of_force
from cr_app.accounts.roles import Right
from cr_app.cases import access, journey
from cr_app.cases.actions.changes import Changes
from cr_app.cases.actions.once import first_time, leads_to
from cr_app.cases.actions.row_rules import refuse_row
from cr_app.cases.actions.voiding import void_what_changed
from cr_app.cases.judgement import judge, rulebook_for
from cr_app.cases.models import AgreedAction, Case, CaseOffence, EarlierDisposal, ExceptionGrounds, Victim
from cr_app.cases.queries import Record
from cr_app.cases.questions import ASKED, GROUNDS, REPLY
from cr_app.cases.rows import Row, value_kept
from cr_app.cases.situation import keys_asked, situation_of
from cr_app.pages.refusals import AccessDenied, NotAllowed, Stale
from cr_app.policy.assessment import Assessment, Verdict

MOST_ROWS = 30

_MODELS: dict[str, type[Victim] | type[CaseOffence] | type[EarlierDisposal] | type[AgreedAction]] = {
    "victim": Victim,
    "offence": CaseOffence,
    "disposal": EarlierDisposal,
    "action": AgreedAction,
}
ROWS = {"victim": "victims", "offence": "offences", "disposal": "disposals", "action": "actions"}


@dataclass(frozen=True)
class Saved:
    """A case after a save: its rows, where the journey stands, what the rules say now and said before."""

    record: Record
    situation: journey.Situation
    assessment: Assessment
    verdict_before: Verdict


class StaleAnswers(Stale):
    """Someone saved other answers to the same questions meanwhile; `record` holds theirs."""

    def __init__(self, record: Record) -> None:
        changed_by = record.case.changed_by.title
        super().__init__(
            "Other answers were saved on this page while you had it open. Choose which to keep. "
            f"The case was last changed by {changed_by}.",
            subject=record.case.subject,
        )
        self.record = record


def read_case(case: Case, *, at: datetime) -> Saved:
    """Return a case as it stands: its rows, its situation and its assessment on the day of `at`."""
    return _judged(Record(case), at=at)


def seen_digest(record: Record, keys: tuple[str, ...], item: int | None = None) -> str:
    """Return what stands for the answers a page was shown with: a save is stale when they have changed since.

    A question without an answer counts for nothing, so that one asked since does not make a page stale. An answer to
    whoever returned the case is bound to what was asked.
    """
    if REPLY in keys:
        keys = (ASKED, *keys)
    values = {key: value for key in keys if (value := value_kept(_value(record, key, item))) is not None}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:32]


def save_answers(
    reference: str,
    *,
    by: Officer,
    page: journey.Page,
    answers: Mapping[str, Any],
    seen: str,
    read: Record | None = None,
) -> Saved:
    """Save the answers of one page, keyed row.field, and return the case as it then stands.

    `read` is the case as it was just read for this very save: it is read again only where it has changed since. Nothing
    is written where nothing differs. Raises StaleAnswers where another save came between, AccessDenied and
    NotAllowed as the door does, and NotAllowed where the case is no draft.
    """
    at = timezone.now()
    with transaction.atomic():
        record = _lock_record(by, reference, read)
        case = record.case
        keys = keys_of(page, record, on=timezone.localdate(at))
        if set(answers) - set(keys):
            raise NotAllowed(
                "That page does not ask this question. Open it again from the task list.", subject=case.subject
            )
        row = _row_of(record, page)
        differing = {
            key: value
            for key, value in answers.items()
            if value_kept(_given(value)) != value_kept(_value(record, key, page.item))
        }
        if not differing:
            return _judged(record, at=at)
        if seen_digest(record, keys, page.item) != seen:
            raise StaleAnswers(record)
        if "case.unit" in differing and not units_of_force(case.force_id).filter(pk=differing["case.unit"]).exists():
            raise NotAllowed(
                "That unit is not of your force. Select one of your own force's units.", subject=case.subject
            )
        if any(key.startswith(f"{GROUNDS}.") and not value for key, value in differing.items()):
            raise NotAllowed(
                "Write the exceptional circumstances: they may be changed, and not emptied, while the exclusion applies.",
                subject=case.subject,
            )
        changes = Changes(case, by=by, at=at)
        for target, values in _by_row(differing, case, record, row):
            changes.update(target, **values)
        record = _with_grounds(changes, record, differing)
        record = record.without("earlier_cases") if _may_find_others(differing) else record
        void_what_changed(changes, record)
        saved = _judged(record, at=at)
        changes.update(case, verdict=str(saved.assessment.verdict))
        step = journey.step_named(page.slug)
        changes.record(
            "case.answers_saved",
            details={
                "section": step.title if step else "Safeguards for the victim",
                "step": page.slug,
                "verdict": str(saved.assessment.verdict),
                "rulebook": saved.assessment.rulebook,
            },
        )
    return saved


def add_row(
    reference: str, *, by: Officer, row: str, answers: Mapping[str, Any], token: UUID, at: datetime | None = None
) -> tuple[Saved, int]:
    """Add an offence, victim, disposal or action to a draft; return the case and the new row's key. A form sent twice adds one."""
    at = at or timezone.now()
    with transaction.atomic():
        case = _lock_draft(by, reference)
        record = Record(case)
        earlier = first_time(token, by=by, answers=answers, at=at, about=f"{reference} {row}")
        if earlier is not None:
            return _judged(record, at=at), int(earlier.leads_to)
        rows = _rows(record, row)
        if len(rows) >= MOST_ROWS:
            raise NotAllowed(
                f"A case holds at most {MOST_ROWS} of these. Ask your sergeant how to record this incident.",
                subject=case.subject,
            )
        added = _MODELS[row](case=case, position=max((each.position for each in rows), default=0) + 1, **answers)
        refuse_row(added, rows, record, at=at)
        changes = Changes(case, by=by, at=at)
        changes.create(added)
        leads_to(token, str(added.pk))
        _withdraw_none(changes, case, row)
        saved = _recorded(changes, "case.row_added", record, row, (*rows, added), at=at)
    return saved, added.pk


def change_row(reference: str, *, by: Officer, row: str, pk: int, answers: Mapping[str, Any], seen: str) -> Saved:
    """Change a row of a draft. Raises StaleAnswers where another save came between, AccessDenied where it is gone."""
    at = timezone.now()
    with transaction.atomic():
        case = _lock_draft(by, reference)
        record = Record(case)
        changed = row_named(record, row, pk)
        if all(
            value_kept(_given(value)) == value_kept(getattr(changed, _column(name))) for name, value in answers.items()
        ):
            return _judged(record, at=at)
        if row_digest(changed, tuple(answers)) != seen:
            raise StaleAnswers(record)
        changes = Changes(case, by=by, at=at)
        changes.update(changed, **answers)
        refuse_row(changed, [each for each in _rows(record, row) if each.pk != pk], record, at=at)
        return _recorded(changes, "case.row_changed", record, row, _rows(record, row), at=at)


def remove_row(reference: str, *, by: Officer, row: str, pk: int) -> Saved:
    """Remove a row from a draft; one already removed is left at that. Raises NotAllowed for a victim an action is for."""
    at = timezone.now()
    with transaction.atomic():
        case = _lock_draft(by, reference)
        record = Record(case)
        rows = _rows(record, row)
        removed = next((each for each in rows if each.pk == pk), None)
        if removed is None:
            return _judged(record, at=at)
        if row == "victim" and any(action.victim_id == pk for action in record.actions):
            raise NotAllowed(
                "An agreed action is for this victim. Change or remove that action first.", subject=case.subject
            )
        changes = Changes(case, by=by, at=at)
        changes.delete(removed)
        return _recorded(
            changes, "case.row_removed", record, row, tuple(each for each in rows if each is not removed), at=at
        )


def record_none(reference: str, *, by: Officer, row: str) -> Saved:
    """Record that there is no victim, or that no action is agreed. Raises NotAllowed where there are some."""
    at = timezone.now()
    name = {"victim": "has_no_victim", "action": "has_no_actions"}[row]
    with transaction.atomic():
        case = _lock_draft(by, reference)
        record = Record(case)
        if _rows(record, row):
            raise NotAllowed("Remove those listed first, then say that there is none.", subject=case.subject)
        if getattr(case, name) is True:
            return _judged(record, at=at)
        changes = Changes(case, by=by, at=at)
        changes.update(case, **{name: True})
        return _recorded(changes, "case.answers_saved", record, row, (), at=at)


def keys_of(page: journey.Page, record: Record, *, on: date) -> tuple[str, ...]:
    """Return the keys that a page of the journey asks of a case on a day."""
    if page.slug == journey.VICTIM_SAFEGUARDS:
        return journey.VICTIM_SAFEGUARD_KEYS
    step = journey.step_named(page.slug)
    return keys_asked(step, record, rulebook_for(record.case.force_id, on=on), on=on) if step else ()


def row_named(record: Record, row: str, pk: int) -> Row:
    """Return a row of the case; raises AccessDenied where it has none of that key."""
    found: Row | None = next((each for each in _rows(record, row) if each.pk == pk), None)
    if found is None:
        raise AccessDenied("That row is not in this case.", subject=record.case.subject)
    return found


def row_digest(row: Row, fields: tuple[str, ...]) -> str:
    """Return what stands for a row as it was shown."""
    values = {name: value_kept(getattr(row, _column(name))) for name in fields}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:32]


def require_draft(case: Case) -> None:
    """Raise NotAllowed where the answers of a case may no longer be changed."""
    if not case.is_draft:
        raise NotAllowed(
            f"This case is {case.status_now.phrase}, so its answers stand. "
            + ("Reopen it first if they must change." if case.is_open else "They can no longer be changed."),
            subject=case.subject,
        )


def _lock_draft(by: Officer, reference: str) -> Case:
    case = access.lock_case(by, reference, Right.EDIT)
    require_draft(case)
    return case


def _lock_record(by: Officer, reference: str, read: Record | None) -> Record:
    if read is None or read.case.reference != reference:
        return Record(_lock_draft(by, reference))
    case = access.lock_as_read(by, read.case, Right.EDIT)
    require_draft(case)
    # Other cases may have been issued since: they are read again under the lock.
    return read.without("earlier_cases") if case is read.case else Record(case)


def _judged(record: Record, *, at: datetime) -> Saved:
    today = timezone.localdate(at)
    rulebook = rulebook_for(record.case.force_id, on=today)
    assessment = judge(record, on=today)
    before = Verdict(record.case.verdict) if record.case.verdict else Verdict.UNDECIDED
    return Saved(record, situation_of(record, rulebook, on=today), assessment, before)


def _rows(record: Record, row: str) -> tuple[Any, ...]:
    rows: tuple[Any, ...] = getattr(record, ROWS[row])
    return rows


def _recorded(changes: Changes, event: str, record: Record, row: str, rows: tuple[Any, ...], *, at: datetime) -> Saved:
    record = record.but(**{ROWS[row]: rows})
    void_what_changed(changes, record)
    saved = _judged(record, at=at)
    changes.update(record.case, verdict=str(saved.assessment.verdict))
    details: dict[str, object] = {
        "section": ROWS[row],
        "step": ROWS[row],
        "verdict": str(saved.assessment.verdict),
        "rulebook": saved.assessment.rulebook,
    }
    if event != "case.answers_saved":
        details["row"] = row
    changes.record(event, details=details)
    return saved


def _withdraw_none(changes: Changes, case: Case, row: str) -> None:
    name = {"victim": "has_no_victim", "action": "has_no_actions"}.get(row)
    if name and getattr(case, name) is not None:
        changes.update(case, **{name: None})


def _row_of(record: Record, page: journey.Page) -> Row | None:
    return row_named(record, "victim", page.item) if page.item is not None else None


def _value(record: Record, key: str, item: int | None) -> object:
    name, _, field = key.partition(".")
    if name == GROUNDS:
        return next((grounds.circumstances for grounds in record.grounds if grounds.rule == field), None)
    row: object = {"case": record.case, "offender": record.offender}.get(name)
    if row is None and item is not None:
        row = row_named(record, name, item)
    return getattr(row, _column(field))


def _by_row(
    differing: Mapping[str, Any], case: Case, record: Record, row: Row | None
) -> list[tuple[Row, dict[str, Any]]]:
    rows: dict[str, Row | None] = {"case": case, "offender": record.offender, "victim": row}
    found: dict[str, dict[str, Any]] = {}
    for key, value in differing.items():
        name, _, field = key.partition(".")
        found.setdefault(name, {})[_column(field)] = value
    return [(target, values) for name, values in found.items() if (target := rows.get(name)) is not None]


def _with_grounds(changes: Changes, record: Record, differing: Mapping[str, Any]) -> Record:
    """Write the exceptional circumstances among the answers, a row for each exclusion, and return the record with them."""
    given = {key.partition(".")[2]: value for key, value in differing.items() if key.startswith(f"{GROUNDS}.")}
    if not given:
        return record
    held = {grounds.rule: grounds for grounds in record.grounds}
    for rule, circumstances in given.items():
        if rule in held:
            changes.update(held[rule], circumstances=circumstances)
        else:
            held[rule] = ExceptionGrounds(case=record.case, rule=rule, circumstances=circumstances)
            changes.create(held[rule])
    return record.but(grounds=tuple(held.values()))


def _may_find_others(differing: Mapping[str, Any]) -> bool:
    return bool(
        set(differing)
        & {
            "offender.pnc_id",
            "offender.cro_number",
            "offender.last_names",
            "offender.born_on",
            "case.crime_report_reference",
        }
    )


_KEYED = {"unit", "self_defined_ethnicity", "officer_defined_ethnicity", "offence_type", "victim"}


def _column(name: str) -> str:
    """Return the column that holds an answer."""
    return f"{name}_id" if name in _KEYED else name


def _given(value: object) -> object:
    return getattr(value, "pk", value)
