"""The page on which somebody decides: what was submitted, how long it waits, what changed, what would be authorised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Relation
from cr_app.authorisations.actions import MayNotDecide, Seen, StaleMatter
from cr_app.authorisations.models import Decision, Kind, Outcome
from cr_app.authorisations.presenting.answers import Submitted, submitted_in
from cr_app.authorisations.presenting.decisions import DecisionCard, card_of, decision_cards
from cr_app.authorisations.presenting.standings import is_urgent, settled_page, waiting_age, who_can
from cr_app.authorisations.queries import Standing, decider_of, decisions_of, kinds_for, standing_of
from cr_app.authorisations.rules import Answer, may_decide
from cr_app.cases.access import relation_of
from cr_app.cases.comparing import ChangedAnswer, answers_in, changes_between, text_in
from cr_app.cases.lifecycle import FINAL, Status
from cr_app.cases.models import Case, Snapshot, Void
from cr_app.cases.queries import latest_snapshot, voids_of
from cr_app.cases.queries.names import offender_now
from cr_app.cases.questions import ASKED, REPLY
from cr_app.pages.refusals import NotAllowed, Refusal

_DONE = {
    Outcome.GRANTED: "You granted authority.",
    Outcome.REFUSED: "You refused authority.",
    Outcome.SUITABLE: "You found it suitable.",
    Outcome.UNSUITABLE: "You found it unsuitable.",
    Outcome.RETURNED: "You asked for more.",
}
_FOLLOWS = {
    Status.READY: "is ready to issue",
    Status.DRAFT: "is back with its officer",
    Status.AWAITING_AUTHORITY: "now waits for authority",
    Status.REFUSED: "cannot be given a Community Resolution",
}
_CAPTIONS: dict[Kind, str] = {Kind.AUTHORITY: "Request for authority", Kind.SUITABILITY: "Referred case"}


@dataclass(frozen=True)
class SinceThen:
    """An earlier decision on this case after which it was submitted again, and what has changed since.

    `reply` is what its officer answered where that was a question: it stands beside it, and not among the changes.
    """

    heading: str
    card: DecisionCard
    reply: str
    changes: tuple[ChangedAnswer, ...]


@dataclass(frozen=True)
class Declaration:
    """What a decision that lets the case go on would authorise, a line each; and what rank such a decision takes."""

    lead: str
    lines: tuple[str, ...]
    takes: str = ""


@dataclass(frozen=True)
class Opened:
    """A case as somebody opened it to decide: its last submission, how it waits, whether this officer may decide."""

    case: Case
    officer: Officer
    kind: Kind
    snapshot: Snapshot
    standing: Standing | None
    answer: Answer
    decisions: tuple[Decision, ...]
    voids: tuple[Void, ...]

    @property
    def may_decide(self) -> bool:
        """Tell whether the case waits, and this officer may decide on it."""
        return self.standing is not None and self.answer.allowed

    @property
    def digest(self) -> str:
        """Return the digest of what the page shows."""
        return self.snapshot.digest


def open_to_decide(case: Case, officer: Officer, at: datetime) -> Opened:
    """Return a case as its page of review needs it. Raises NotAllowed for one that was never submitted."""
    standing = standing_of(case, at)
    snapshot = standing.snapshot if standing is not None else latest_snapshot(case)
    if snapshot is None:
        raise NotAllowed(
            "This case has not been submitted, so there is nothing to read or to decide.", subject=case.subject
        )
    decisions = decisions_of(case)
    kind = standing.kind if standing is not None else Kind(decisions[-1].kind) if decisions else Kind.AUTHORITY
    answer = may_decide(decider_of(officer, at), standing.matter) if standing is not None else Answer()
    return Opened(case, officer, kind, snapshot, standing, answer, decisions, voids_of(case))


def review_page(opened: Opened, *, at: datetime) -> dict[str, Any]:
    """Return what the page shows of a submitted case, whether or not it still waits."""
    case, kind, snapshot, standing = opened.case, opened.kind, opened.snapshot, opened.standing
    parts = submitted_in(snapshot.content)
    own = relation_of(opened.officer, case) is Relation.OWN
    return {
        "case": case,
        "title": f"{_CAPTIONS[kind]}: {case.reference}",
        "caption": f"{_CAPTIONS[kind]}: {case.reference}, crime report {case.crime_report_reference}",
        "offender_name": offender_now(case),
        "status_colour": case.status_now.colour,
        "parts": parts,
        "since": since_then(kind, opened.decisions, snapshot),
        "decisions": decision_cards(opened.decisions, opened.voids),
        "standing": waiting_words(case, standing, at=at) if standing is not None else None,
        "declaration": declaration_of(kind, parts, standing.needed) if standing is not None else None,
        "reasons": opened.answer.reasons,
        "warnings": opened.answer.warnings if opened.may_decide else (),
        "who": who_can(case, standing) if standing is not None else None,
        "may_declare": bool(kinds_for(opened.officer)) and not own and case.status_now not in FINAL,
        "outcome": outcome_on(snapshot, kind, opened.decisions, opened.voids),
        "mistaken": _if_mistaken(opened),
        "settled": None if standing is not None else settled_page(case),
        "digest": snapshot.digest,
        "queue_url": reverse("authority_queue") if kinds_for(opened.officer) else "",
        "interest_url": reverse("authority_interest", args=[case.reference]),
        "back_url": reverse("authority_queue") if kinds_for(opened.officer) else reverse("case", args=[case.reference]),
    }


def _if_mistaken(opened: Opened) -> str:
    """Return what whoever let a case go on can still do about it; nothing once that is void, or the case final."""
    case, last = opened.case, opened.decisions[-1] if opened.decisions else None
    held = {case.authority_decision, case.professional_standards_decision} & {Outcome.GRANTED, Outcome.SUITABLE}
    is_theirs = last is not None and last.outcome in held and last.decided_by_id == opened.officer.pk
    if not is_theirs or case.status_now in FINAL:
        return ""
    return (
        f"If this was a mistake, it cannot be taken back here. Tell {case.officer.title} at once: until the Community "
        "Resolution is issued, the case can be reopened to be changed and decided again, or recorded as not used."
    )


@dataclass(frozen=True)
class Refused:
    """Why a decision was not taken, what has changed meanwhile, and what was written where no form shows it again."""

    title: str
    sentences: tuple[str, ...]
    changes: tuple[ChangedAnswer, ...] = ()
    typed: str = ""
    # What was sent again is bound to what is shown now, and that is signed after the password only.
    asks_password: bool = False


def refused_words(refusal: Refusal, *, typed: str, asks_password: bool) -> Refused:
    """Return a refusal as the page tells it; `typed` is what was written, where no form shows it again."""
    reasons = refusal.reasons if isinstance(refusal, MayNotDecide) else (refusal.sentence,)
    changes = refusal.changed if isinstance(refusal, StaleMatter) else ()
    return Refused(refusal.answer_title, reasons, changes, typed, asks_password)


def changes_since_read(opened: Opened, seen: Seen) -> tuple[ChangedAnswer, ...]:
    """Return what the page shows otherwise than the submission that was read; nothing where it shows that very one."""
    earlier = Snapshot.objects.filter(case=opened.case, number=seen.number, digest=seen.digest)
    read = earlier.exclude(pk=opened.snapshot.pk).first()
    return what_changed(read, opened.snapshot) if read is not None else ()


def done_words(outcome: str, status: Status, reference: str) -> str:
    """Return what is said once a decision has been taken: what was done, and what follows."""
    return f"{_DONE[Outcome(outcome)]} Case {reference} {_FOLLOWS.get(status, 'is closed')}."


def since_then(kind: Kind, decisions: Sequence[Decision], snapshot: Snapshot) -> SinceThen | None:
    """Return what changed since this was last decided on, where it was submitted anew after that; None where it was not."""
    of_kind = [each for each in decisions if each.kind == kind]
    if not of_kind or of_kind[-1].snapshot_id == snapshot.pk:
        return None
    last = of_kind[-1]
    heading = (
        "What changed since it was returned"
        if last.outcome == Outcome.RETURNED
        else f"What changed since this was decided: {Outcome(last.outcome).label.lower()}"
    )
    before, now = answers_in(last.snapshot.content), answers_in(snapshot.content)
    is_answered = last.outcome == Outcome.RETURNED and text_in(now, ASKED) == last.reasons
    # An earlier question and its answer are told beside the later ones.
    told_above = {ASKED, REPLY} if is_answered and not text_in(before, ASKED) else set()
    return SinceThen(
        heading,
        card_of(last),
        text_in(now, REPLY) if is_answered else "",
        changes_between(before, now, leaving_out=told_above),
    )


def what_changed(before: Snapshot, now: Snapshot) -> tuple[ChangedAnswer, ...]:
    """Return what one submission shows otherwise than an earlier one."""
    return changes_between(answers_in(before.content), answers_in(now.content))


def declaration_of(kind: Kind, parts: Submitted, wanted: str) -> Declaration:
    """Return what would be authorised, in lines: the offences and the exclusions by title; and the rank that it takes."""
    offences = tuple(f"Offence: {offence}" for offence in parts.offences)
    if kind == Kind.SUITABILITY:
        lines = ("A Community Resolution may be considered for a police officer or member of police staff", *offences)
        return Declaration("If you find it suitable, you say that:", lines)
    exclusions = tuple(f"Although excluded: {title}" for title in parts.exclusions)
    return Declaration(
        "If you grant it, you authorise:",
        ("A Community Resolution for this person, as submitted", *offences, *exclusions),
        takes=f"This decision takes {wanted}.",
    )


def outcome_on(
    snapshot: Snapshot, kind: Kind, decisions: Sequence[Decision], voids: Sequence[Void]
) -> DecisionCard | None:
    """Return the decision made on this very submission; None where there is none."""
    made = [each for each in decisions if each.snapshot_id == snapshot.pk and each.kind == kind]
    return decision_cards(made, voids)[0] if made else None


def waiting_words(case: Case, standing: Standing, *, at: datetime) -> dict[str, Any]:
    """Return how a case waits: who asked, how long ago, and what is left until the target."""
    age = waiting_age(standing, at=at)
    return {
        "age": age,
        "is_urgent": is_urgent(case, standing),
        "sentence": f"{standing.asked_by.title} {age.asked}; {age.against_target}. The target is {age.due_at}.",
    }
