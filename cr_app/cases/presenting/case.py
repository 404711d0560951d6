"""The page of a case: the record as it stands, what was given for it, and what may be done next."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.roles import Right, Sight
from cr_app.cases import journey
from cr_app.cases.actions.answers import read_case
from cr_app.cases.actions.authority import may_record_entry
from cr_app.cases.comparing import earlier_named
from cr_app.cases.judgement import authority_needed, rulebook_for
from cr_app.cases.lifecycle import Move, Status, may
from cr_app.cases.models import Case, StatusChange
from cr_app.cases.presenting.afterwards import Names, afterwards_of, follow_up_deeds
from cr_app.cases.presenting.given import given_cards, notices_of, voided_by_reopening
from cr_app.cases.presenting.instead import disposals_to_consider
from cr_app.cases.queries import Record, latest_snapshot, signatures_of, status_changes_of
from cr_app.cases.review import review_of
from cr_app.pages.moments import moment

# What each status means for whoever reads the case, and what comes next.
_EXPLANATIONS = {
    Status.DRAFT: "This record is being made. Nothing has been decided.",
    Status.AWAITING_AUTHORITY: "This case waits for authority. A Community Resolution must not be given before it is.",
    Status.REFERRED: "This case has gone to professional standards, who decide whether a Community Resolution is "
    "suitable. Do not give one meanwhile.",
    Status.READY: "Everything the policy asks is there. The case can be issued.",
    Status.ISSUED: "The Community Resolution has been issued. Its decision can no longer be changed.",
    Status.COMPLETED: "The Community Resolution was issued, and everything that was agreed has been done.",
    Status.NOT_COMPLIED: "The Community Resolution was issued, and what was agreed has not been complied with.",
    Status.REFUSED: "Authority was refused. A Community Resolution cannot be given. Record that it was considered and "
    "not used, and deal with the offence another way.",
    Status.NOT_USED: "A Community Resolution was considered and not used.",
    Status.WITHDRAWN: "This draft was opened in error. It is not counted.",
    Status.RESCINDED: "The Community Resolution was rescinded. It counts no more, not as an outcome and not as an earlier "
    "disposal.",
}
_RETURNED = "This record is a draft again. It must be submitted before a Community Resolution can be given."
_VOID = (
    "This case cannot be issued as it is: what was given for it is void. Reopen it, then submit it to have it decided "
    "again."
)
_ENTRY_FIRST = (
    "Authority was given. The exception is documented on the crime report before the Community Resolution is issued: "
    "make the entry there and record its reference here."
)
_WAITS = frozenset({Status.AWAITING_AUTHORITY, Status.REFERRED})


@dataclass(frozen=True)
class Deed:
    """Something that may be done from the case page: a link, or a button where it changes something at once."""

    text: str
    url: str
    is_button: bool = False
    is_main: bool = False


def case_page(case: Case, sight: Sight, *, at: datetime) -> dict[str, Any]:
    """Return what the page of a case shows: a submitted case from its snapshot, a draft as it stands; and what followed."""
    moves, on = status_changes_of(case), timezone.localdate(at)
    after = afterwards_of(case, sight, at=at)
    names = after["names"]
    snapshot = latest_snapshot(case) if _stands_as_submitted(moves) else None
    recorded = _as_submitted(json.loads(snapshot.content), names) if snapshot else _as_it_stands(case, at=at)
    # Ready, for an exception, is not all: its entry on the crime report comes first.
    is_exception = case.status_now is Status.READY and may_record_entry(case, at=at)
    notices = notices_of(case, moves=moves)
    is_void = case.status_now is Status.READY and any(notice.kind == "void" for notice in notices)
    return {
        "case": case,
        "after": after,
        "remains": after["remains"],
        "title": f"Case {case.reference}",
        "status_colour": case.status_now.colour,
        "explanation": _VOID if is_void else _explanation(case, moves, on=on, is_exception=is_exception),
        "notices": notices,
        "deciding": recorded.deciding,
        "cards": recorded.cards,
        # What the page tells of other cases is a look at those.
        "earlier_cases": earlier_named(recorded.asked),
        "given": given_cards(case, moves),
        "about": _about(case, names),
        "deeds": [
            *_deeds(case, sight, is_exception=is_exception, is_void=is_void),
            *_follow_up(case, sight, after, on=on),
        ],
        "may_copy": sight.may(Right.EDIT),
        "may_reopen": sight.may(Right.EDIT) and may(case.status_now, Move.REOPEN),
        "reopening_voids": voided_by_reopening(case) if may(case.status_now, Move.REOPEN) else (),
        "instead": disposals_to_consider(Record(case), on=on) if _ended_by_others(moves) else (),
        "signatures": signatures_of(case),
        "moves": moves,
        "history_url": reverse("case_history", args=[case.reference]),
        "print_url": reverse("case_print", args=[case.reference]),
        "back_url": reverse("desk"),
        "digest": snapshot.digest if snapshot else "",
    }


@dataclass(frozen=True)
class _Recorded:
    """What was recorded in a case: as cards, each question with its key, and the findings that decided."""

    cards: list[dict[str, Any]]
    asked: list[tuple[str, str]]
    deciding: list[dict[str, Any]]


def _as_submitted(content: dict[str, Any], names: Names) -> _Recorded:
    """Return what a snapshot froze, with what was put right of its names beside them."""
    return _Recorded(
        cards=[
            {
                "title": names.title(section),
                "slug": section["answers"][0]["slug"],
                "rows": [{"key": answer["question"], "value": names.beside(answer)} for answer in section["answers"]],
            }
            for section in content["sections"]
        ],
        asked=[(answer["key"], answer["question"]) for section in content["sections"] for answer in section["answers"]],
        deciding=[finding for finding in content["findings"] if finding["state"] in ("applies", "unmet", "lifted")],
    )


def _as_it_stands(case: Case, *, at: datetime) -> _Recorded:
    saved, today = read_case(case, at=at), timezone.localdate(at)
    sections = review_of(saved.record, rulebook_for(case.force_id, on=today), saved.situation, on=today)
    return _Recorded(
        cards=[
            {
                "title": section.title,
                "slug": section.slug,
                "rows": [{"key": answer.question, "value": answer.answer} for answer in section.answers],
            }
            for section in sections
        ],
        asked=[(answer.key, answer.question) for section in sections for answer in section.answers],
        deciding=[],
    )


def _stands_as_submitted(moves: tuple[StatusChange, ...]) -> bool:
    """Tell whether what was submitted is what the case says: not where it went back to a draft since, however it ended."""
    last = next(
        (move.move for move in reversed(moves) if move.move == Move.SUBMIT or move.to_status == Status.DRAFT), ""
    )
    return last == Move.SUBMIT


def _ended_by_others(moves: tuple[StatusChange, ...]) -> bool:
    """Tell whether authority was refused or the case found unsuitable, so that its officer must deal with it otherwise."""
    return bool(moves) and moves[-1].move in (Move.REFUSE, Move.FIND_UNSUITABLE)


def _who_decides(case: Case, *, on: date) -> str:
    """Return, where authority is wanted, the rank that may give it."""
    if case.status_now is not Status.AWAITING_AUTHORITY:
        return ""
    needed = authority_needed(Record(case), on=on) or rulebook_for(case.force_id, on=on).authority
    return f" The decision takes {needed.words}, and never one who recorded or changed the case."


def _explanation(case: Case, moves: tuple[StatusChange, ...], *, on: date, is_exception: bool) -> str:
    status = case.status_now
    if is_exception and not case.crime_report_entry_reference:
        return _ENTRY_FIRST
    if status is Status.DRAFT and moves:
        return _RETURNED
    if status in _WAITS and moves:
        return f"{_EXPLANATIONS[status]}{_who_decides(case, on=on)} It has waited since {moment(moves[-1].at)}."
    if status is Status.NOT_USED and _ended_by_others(moves):
        return f"{_EXPLANATIONS[status]} Professional standards found it unsuitable. Deal with the offence another way."
    return _EXPLANATIONS[status]


def _about(case: Case, names: Names) -> list[dict[str, str]]:
    offender = case.offender.name or "Not named yet"
    rows = [
        {"key": "Crime report", "value": case.crime_report_reference},
        {"key": "Offender", "value": f"{offender}\nCorrected to: {names.offender}" if names.offender else offender},
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
        rows.append({"key": "Issued", "value": moment(case.issued_at)})
    return rows


def _follow_up(case: Case, sight: Sight, after: dict[str, Any], *, on: date) -> list[Deed]:
    """Return what may be done after issue: as a button what remains to be done, as links all else.

    On the day of issue the documents are handed over, which comes first.
    """
    follows = sight.may(Right.FOLLOW_UP)
    is_issued_today = case.issued_at is not None and timezone.localdate(case.issued_at) == on
    wanted = {
        "case_documents": "Print or open its documents" if follows and is_issued_today else "",
        "case_progress": "Record what came of an action"
        if follows and any(each.url for each in after.get("actions", ()))
        else "",
        "case_contacts": "Record a contact"
        if follows and any(not each.is_told for each in after.get("people", ()))
        else "",
    }

    def deed(words: str, name: str, *, is_button: bool = False) -> Deed:
        return Deed(words, reverse(name, args=[case.reference]), is_button=is_button)

    buttons = [deed(words, name, is_button=True) for name, words in wanted.items() if words]
    return buttons + [deed(words, name) for words, name in follow_up_deeds(case, sight)]


def _deeds(case: Case, sight: Sight, *, is_exception: bool, is_void: bool) -> list[Deed]:
    reference, status = case.reference, case.status_now
    deeds: list[Deed] = []

    def add(text: str, name: str, *, is_main: bool = False) -> None:
        deeds.append(Deed(text, reverse(name, args=[reference]), is_button=is_main, is_main=is_main))

    if sight.may(Right.EDIT) and status is Status.DRAFT:
        if case.awaits_reply:
            url = reverse("case_step", args=[reference, journey.QUESTION.slug])
            deeds.append(Deed("Answer the question", url, is_button=True, is_main=True))
        add("Carry on recording", "case_record", is_main=not case.awaits_reply)
    if sight.may(Right.ISSUE) and status is Status.READY:
        has_entry = bool(case.crime_report_entry_reference)
        if is_exception:
            text = "The entry for the crime report" if has_entry else "Make the entry for the crime report"
            add(text, "case_crime_report_entry", is_main=not has_entry)
        if not is_void and (has_entry or not is_exception):
            add("Issue it", "case_issue", is_main=True)
    if status in _WAITS:
        add("Who was asked to decide", "case_authority", is_main=True)
    if sight.may(Right.EDIT) and may(status, Move.RECORD_NOT_USED):
        add("Record that it was considered and not used", "case_not_used", is_main=status is Status.REFUSED)
    if sight.may(Right.EDIT) and may(status, Move.WITHDRAW):
        add("Withdraw it: opened in error", "case_withdraw")
    if sight.may(Right.REASSIGN) and (case.is_open or status is Status.REFUSED):
        add("Hand it over to another officer", "case_reassign")
    return deeds
