"""Decisions made and voided, as cards: they stay in sight whatever came after them."""

from collections.abc import Iterable
from dataclasses import dataclass

from cr_app.authorisations.models import Decision, Outcome
from cr_app.cases.comparing import INTEREST_DECLARED, ChangedAnswer, changes_kept, what_voided
from cr_app.cases.models import Void
from cr_app.pages.moments import moment, span

_COLOURS = {
    Outcome.GRANTED: "green",
    Outcome.SUITABLE: "green",
    Outcome.REFUSED: "red",
    Outcome.UNSUITABLE: "red",
    Outcome.RETURNED: "yellow",
}


@dataclass(frozen=True)
class VoidedBy:
    """Who did what that voided a decision, and when; and the answers that changed, where it was that."""

    who: str
    did: str
    when: str
    changes: tuple[ChangedAnswer, ...]


@dataclass(frozen=True)
class DecisionCard:
    """One decision: what, by whom and as what, in whose place, when, after how long with the page, why; what became of it."""

    title: str
    colour: str
    who: str
    covering_for: str
    when: str
    took: str
    reasons: str
    is_question: bool
    voided: VoidedBy | None


def decision_cards(decisions: Iterable[Decision], voids: Iterable[Void]) -> tuple[DecisionCard, ...]:
    """Return decisions as cards, the latest first, each with the void that took it away."""
    taken_away = {(void.kind, void.snapshot_id): void for void in voids}
    cards = [card_of(each, taken_away.get((each.kind, each.snapshot_id))) for each in decisions]
    return tuple(reversed(cards))


def card_of(decision: Decision, void: Void | None = None) -> DecisionCard:
    """Return one decision as a card; a void is of what let the case go on, and of nothing else."""
    outcome = Outcome(decision.outcome)
    counted = outcome in (Outcome.GRANTED, Outcome.SUITABLE)
    return DecisionCard(
        title=outcome.label,
        colour=_COLOURS[outcome],
        who=f"{decision.rank} {decision.number} {decision.decided_by.name}",
        covering_for=decision.covering_for.title if decision.covering_for else "",
        when=moment(decision.decided_at),
        took=span(decision.decided_at - decision.shown_at),
        reasons=decision.reasons,
        is_question=outcome is Outcome.RETURNED,
        voided=_voided(void) if void and counted else None,
    )


def _voided(void: Void) -> VoidedBy:
    changed = changes_kept(void.changed)
    answers = tuple(each for each in changed if each != INTEREST_DECLARED)
    return VoidedBy(void.voided_by.title, what_voided(changed), moment(void.voided_at), answers)
