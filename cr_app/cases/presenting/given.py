"""What was given for a case, in words: authority, suitability, what voids it, and the question of whoever returned it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from cr_app.cases.actions.submission import Review, prepare_review
from cr_app.cases.actions.voiding import Voided
from cr_app.cases.comparing import INTEREST_DECLARED, ChangedAnswer, changes_kept, open_pages_in, what_voided
from cr_app.cases.lifecycle import Move
from cr_app.cases.models import Case, StatusChange, Void
from cr_app.cases.queries import reasons_given, status_changes_of, voids_of
from cr_app.pages.moments import moment
from cr_app.policy.assessment import Verdict


@dataclass(frozen=True)
class Notice:
    """Something that whoever works on a case must know before going on.

    `changed` are answers, as they were and are; `follows` says what comes of it.
    """

    kind: str
    heading: str
    sentences: tuple[str, ...]
    changed: tuple[ChangedAnswer, ...] = field(default=())
    follows: str = ""


# Decisions that led to a draft all the same.
_LEFT_OPEN = {Move.GRANT, Move.FIND_SUITABLE}
# Moves back to a draft that decide nothing of what was given.
_TAKE_BACK = frozenset({Move.REOPEN, Move.ISSUE})
_WHAT = {Void.AUTHORITY: "authority", Void.SUITABILITY: "the finding of suitability"}
_ASKED_AGAIN = {
    Void.AUTHORITY: "Authority is asked for again when you submit the case.",
    Void.SUITABILITY: "The case goes to professional standards again when you submit it.",
}


def who_gave_authority(case: Case) -> str:
    """Return who decided on authority, as what: Inspector (substantive) 1733 Priya Shah."""
    held = "substantive" if case.authority_is_substantive else "acting"
    return (
        f"{case.authority_rank} ({held}) {case.authority_number} {case.authority_by.name if case.authority_by else ''}"
    )


def who_found(case: Case) -> str:
    """Return who decided for professional standards."""
    by = case.professional_standards_by
    return f"{by.warrant_number} {by.name}" if by else ""


def holds(case: Case) -> tuple[str, ...]:
    """Return in sentences what a case holds that the first change of an answer voids; nothing where it holds nothing."""
    found = []
    if case.authority_decision == "granted" and case.authority_at:
        found.append(f"{who_gave_authority(case)} gave authority on {moment(case.authority_at)}.")
    if case.professional_standards_decision == "suitable" and case.professional_standards_at:
        found.append(
            f"{who_found(case)}, professional standards, found the case suitable on "
            f"{moment(case.professional_standards_at)}."
        )
    return tuple(found)


def notices_of(case: Case, *, moves: tuple[StatusChange, ...] | None = None, is_brief: bool = False) -> list[Notice]:
    """Return what an officer must know of a case that was submitted before: a question, what is void, what a change voids.

    With `is_brief` only what has just become void is told, and not again on every page. One that was never submitted
    costs no query.
    """
    if case.submitted_at is None:
        return []
    made = status_changes_of(case) if moves is None else moves
    last = made[-1] if made else None
    held = holds(case) if case.is_draft else ()
    review = prepare_review(case, on=timezone.localdate()) if held and not is_brief else None
    notices = []
    if case.is_draft and last is not None and last.reason and not is_brief:
        notices.append(_returned(last, case, review))
    # Reopened, or sent back at issue, it is as void as before.
    settled = next((move for move in reversed(made) if move.move not in _TAKE_BACK), None)
    since = case.changed_at if is_brief or settled is None else settled.at
    notices += [_void(void, case) for void in voids_of(case) if void.voided_at >= since]
    if held:
        notices.append(
            Notice(
                "warning",
                "Changing an answer voids what was given" if len(held) > 1 else _HEADINGS[_kind_held(case)],
                (*held, _what_voids(case), *([_if_submitted(case, review)] if review is not None else ())),
            )
        )
    return notices


_HEADINGS = {
    Void.AUTHORITY: "Changing an answer voids the authority given",
    Void.SUITABILITY: "Changing an answer voids the finding of suitability",
}


def _kind_held(case: Case) -> str:
    return Void.AUTHORITY if case.authority_decision == "granted" else Void.SUITABILITY


def question_asked(case: Case) -> dict[str, str]:
    """Return what whoever returned a case last asked, who that was and when; nothing where it was never returned so."""
    if case.question is None:
        return {}
    asked = next((move for move in reversed(status_changes_of(case)) if move.move == Move.RETURN), None)
    return {"words": case.question, "who": asked.by.title if asked else "", "when": moment(asked.at) if asked else ""}


def voided_by_reopening(case: Case) -> tuple[str, ...]:
    """Return what a case holds and what would void it if it were reopened; nothing where it holds nothing."""
    held = holds(case)
    which = "that was shown then and that you change or remove" if _may_be_filled_in(case) else "that you change"
    follows = f"If you reopen the case, the first answer {which} voids this, and the case must be decided again."
    return (*held, follows) if held else ()


def _may_be_filled_in(case: Case) -> bool:
    """Tell whether all that a case holds was found while pages were open: these may be filled in all the same."""
    snapshot = case.professional_standards_snapshot
    is_alone = case.professional_standards_decision == "suitable" and case.authority_decision != "granted"
    return is_alone and snapshot is not None and bool(open_pages_in(snapshot.content))


def _what_voids(case: Case) -> str:
    if _may_be_filled_in(case):
        return (
            "It covers what was shown then, and what was not answered yet may be filled in. The first answer that was "
            "shown and that you change or remove makes it void, and the case must be decided again."
        )
    return (
        "It covers the answers as they were then. The first answer that you change, add or remove makes it void, and the "
        "case must be decided again."
    )


def _if_submitted(case: Case, review: Review) -> str:
    """Return what comes of what a draft holds when it is submitted as it is: that it stands is so only where it does."""
    if not review.may_submit:
        return "It cannot be submitted as it is: something is still wanted."
    if review.voided:
        return "If you submit it now, it does not stand: what it covers has changed, though nobody changed an answer."
    asks_again = case.authority_decision == "granted" or review.verdict is not Verdict.AUTHORITY_REQUIRED
    if review.verdict is not Verdict.AVAILABLE and asks_again:
        return f"If you submit it, it is decided again under today's rules. {' '.join(review.wanted)}"
    return f"If you submit it {'as it is' if _may_be_filled_in(case) else 'unchanged'}, it stands."


def _returned(move: StatusChange, case: Case, review: Review | None) -> Notice:
    heading = {
        Move.RETURN: "Returned with a question",
        Move.ISSUE: "Sent back: today's rules say otherwise",
        Move.GRANT: "Authority was given, and something is still wanted",
        Move.FIND_SUITABLE: "Found suitable, and something is still wanted",
    }.get(Move(move.move), "A draft again")
    is_answered = move.move == Move.RETURN and bool(case.reply)
    follows = "It is answered. The answer goes back with the case when it is submitted." if is_answered else ""
    sentences: tuple[str, ...] = (move.reason, f"{move.by.title}, {moment(move.at)}")
    if move.move in _LEFT_OPEN and review is not None and review.wanted:
        sentences += (f"Still wanted: {' '.join(review.wanted)}",)
    return Notice("question", heading, sentences, follows=follows)


def _void(void: Void, case: Case) -> Notice:
    what, changed = _WHAT[void.kind], changes_kept(void.changed)
    is_interest = INTEREST_DECLARED in changed
    follows = ("" if case.is_draft else "Reopen the case, then submit it. ") + _ASKED_AGAIN[void.kind]
    return Notice(
        "void",
        f"{what[0].upper()}{what[1:]} is void",
        (
            f"{_who_gave(void)} gave it on {moment(void.given_at)}. {void.voided_by.title} {what_voided(changed)} on "
            f"{moment(void.voided_at)}{'.' if is_interest else ':'}",
        ),
        () if is_interest else changed,
        " ".join([*entries_to_mark([void]), follows]),
    )


def entries_to_mark(voids: Iterable[Void]) -> tuple[str, ...]:
    """Say of each entry on the crime report whose authority is void what is to be done about it there."""
    return tuple(
        f"The entry {void.entry_reference} on the crime report tells of an authority that is void. Mark it so there; a "
        "new entry is needed."
        for void in voids
        if void.entry_reference
    )


def notice_of_submitting(voided: Voided) -> Notice:
    """Return what submitting a draft as it stands will void, since something has changed by itself."""
    what = _WHAT[voided.cover.kind]
    return Notice(
        "void",
        f"Submitting this voids {'the authority given' if voided.cover.kind == Void.AUTHORITY else what}",
        (
            f"It was given on {moment(voided.cover.given_at)}. What it covered has changed since, though nobody changed "
            "an answer:",
        ),
        voided.changed,
        _ASKED_AGAIN[voided.cover.kind],
    )


def _who_gave(void: Void) -> str:
    rank = void.given_rank or "Professional standards,"
    return f"{rank} {void.given_by.warrant_number} {void.given_by.name}"


def given_cards(case: Case, moves: tuple[StatusChange, ...]) -> list[dict[str, Any]]:
    """Return the cards of what was decided: standing first, void ones after it with what changed."""
    cards = []
    if case.authority_decision and case.authority_at:
        rows = [
            {"key": "Decision", "value": "Granted" if case.authority_decision == "granted" else "Refused"},
            {"key": "By", "value": who_gave_authority(case)},
            {"key": "When", "value": moment(case.authority_at)},
            {"key": "Reasons", "value": reasons_given(moves, case.authority_at)},
        ]
        if case.crime_report_entry_reference:
            rows.append({"key": "Entry on the crime report", "value": case.crime_report_entry_reference})
        cards.append({"title": "Authority", "rows": rows})
    if case.professional_standards_decision and case.professional_standards_at:
        rows = [
            {"key": "Decision", "value": case.professional_standards_decision.capitalize()},
            {"key": "By", "value": who_found(case)},
            {"key": "When", "value": moment(case.professional_standards_at)},
            {"key": "Reasons", "value": reasons_given(moves, case.professional_standards_at)},
        ]
        cards.append({"title": "Professional standards", "rows": rows})
    if case.submitted_at is not None:
        cards += [_void_card(void, moves) for void in reversed(voids_of(case))]
    return cards


def _void_card(void: Void, moves: tuple[StatusChange, ...]) -> dict[str, Any]:
    changed = changes_kept(void.changed)
    title = {Void.AUTHORITY: "Authority, void", Void.SUITABILITY: "Professional standards, void"}[void.kind]
    rows = [
        {"key": "Given by", "value": _who_gave(void)},
        {"key": "Given", "value": moment(void.given_at)},
        {"key": "Reasons", "value": reasons_given(moves, void.given_at)},
        {
            "key": "Void since",
            "value": f"{moment(void.voided_at)}, when {void.voided_by.title} {what_voided(changed)}",
        },
    ]
    rows += [{"key": "Entry on the crime report", "value": words} for words in entries_to_mark([void])]
    rows += [
        {
            "key": f"Changed: {each.question}",
            "value": f"Was: {each.old or 'not shown'}\nNow is: {each.new or 'not shown'}",
        }
        for each in changed
        if each != INTEREST_DECLARED
    ]
    return {"title": title, "rows": rows}
