"""What was kept of a case after its issue, and how each agreed action stands by it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cr_app.cases.models import (
    ActionProgress,
    AgreedAction,
    Case,
    Contact,
    Correction,
    Document,
    Rescission,
    SigningRefusal,
)


class Standing(StrEnum):
    """How an agreed action stands."""

    OPEN = "open"
    COMPLETED = "completed"
    NOT_COMPLIED = "not_complied"


@dataclass(frozen=True)
class ActionStanding:
    """One agreed action with all that was recorded of it, oldest first, and what holds now.

    `due_on` is the date that holds now, `first_due_on` the one agreed; `left` is what is still to be done of an action
    partly done.
    """

    action: AgreedAction
    progress: tuple[ActionProgress, ...]
    standing: Standing
    due_on: date
    left: str = ""

    @property
    def first_due_on(self) -> date:
        """Return the date that was agreed."""
        return self.action.due_on

    def is_overdue(self, on: date) -> bool:
        """Tell whether it is still open after the day on which it was due: on that day itself it is not."""
        return self.standing is Standing.OPEN and self.due_on < on


def standing_of(action: AgreedAction, progress: Sequence[ActionProgress]) -> ActionStanding:
    """Return how an action stands by what was recorded of it, given oldest first.

    What was left of it holds again where it was recorded as completed in error; a changed date says nothing of either.
    """
    standing, due_on, left = Standing.OPEN, action.due_on, ""
    for row in progress:
        due_on = row.due_on
        standing = _STANDINGS.get(row.outcome, standing)
        left = row.left if row.outcome == ActionProgress.PARTLY else left
    left = "" if standing is Standing.COMPLETED else left
    return ActionStanding(action, tuple(progress), standing, due_on, left)


_STANDINGS = {
    ActionProgress.COMPLETED: Standing.COMPLETED,
    ActionProgress.NOT_COMPLIED: Standing.NOT_COMPLIED,
    ActionProgress.PARTLY: Standing.OPEN,
    ActionProgress.REOPENED: Standing.OPEN,
}


def standings_of(actions: Iterable[AgreedAction]) -> tuple[ActionStanding, ...]:
    """Return how each of these actions stands, in their order; one query."""
    actions = tuple(actions)
    rows: dict[int, list[ActionProgress]] = {action.pk: [] for action in actions}
    recorded = ActionProgress.objects.filter(action__in=rows).select_related("by") if rows else ()
    for row in sorted(recorded, key=lambda row: row.number):
        rows[row.action_id].append(row)
    return tuple(standing_of(action, rows[action.pk]) for action in actions)


def documents_of(case: Case) -> tuple[Document, ...]:
    """Return every version of every document of a case, oldest first."""
    return tuple(Document.objects.filter(case=case).select_related("made_by", "victim").order_by("pk"))


def documents_listed(case: Case) -> tuple[Document, ...]:
    """Return every version of every document of a case, oldest first, without their words."""
    return tuple(Document.objects.filter(case=case).defer("content").select_related("made_by", "victim").order_by("pk"))


def document_of(case: Case, pk: int) -> Document | None:
    """Return one document of this very case."""
    return Document.objects.filter(case=case, pk=pk).select_related("made_by", "victim").first()


def contacts_of(case: Case) -> tuple[Contact, ...]:
    """Return the contacts of a case as they happened, oldest first."""
    return tuple(Contact.objects.filter(case=case).select_related("by", "victim"))


def corrections_of(case: Case) -> tuple[Correction, ...]:
    """Return what was corrected, oldest first."""
    return tuple(Correction.objects.filter(case=case).select_related("by", "victim"))


def rescission_of(case: Case) -> Rescission | None:
    """Return by whom and why a case was rescinded; None where it was not."""
    return Rescission.objects.filter(case=case).select_related("by").first()


def signing_refusals_of(case: Case) -> tuple[SigningRefusal, ...]:
    """Return who would not sign, and what they said, oldest first."""
    return tuple(SigningRefusal.objects.filter(case=case).select_related("by"))
