"""What may follow what in the life of a case: one table, pure."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where a case stands."""

    DRAFT = "draft"
    AWAITING_AUTHORITY = "awaiting_authority"
    REFERRED = "referred"
    READY = "ready"
    ISSUED = "issued"
    COMPLETED = "completed"
    NOT_COMPLIED = "not_complied"
    REFUSED = "refused"
    NOT_USED = "not_used"
    WITHDRAWN = "withdrawn"
    RESCINDED = "rescinded"

    @property
    def label(self) -> str:
        """Return the status as pages say it."""
        return LABELS[self]

    @property
    def colour(self) -> str:
        """Return the colour of the status's tag."""
        return _COLOURS.get(self, "grey")

    @property
    def phrase(self) -> str:
        """Return what fits after "This case is"."""
        words = {Status.DRAFT: "a draft", Status.NOT_USED: "recorded as not used", Status.WITHDRAWN: "withdrawn"}
        return words.get(self, self.label[0].lower() + self.label[1:])


LABELS = {
    Status.DRAFT: "Draft",
    Status.AWAITING_AUTHORITY: "Awaiting authority",
    Status.REFERRED: "Referred to professional standards",
    Status.READY: "Ready to issue",
    Status.ISSUED: "Issued",
    Status.COMPLETED: "Completed",
    Status.NOT_COMPLIED: "Not complied with",
    Status.REFUSED: "Authority refused",
    Status.NOT_USED: "Considered and not used",
    Status.WITHDRAWN: "Withdrawn: opened in error",
    Status.RESCINDED: "Rescinded",
}

_COLOURS = {
    Status.DRAFT: "light-blue",
    Status.AWAITING_AUTHORITY: "yellow",
    Status.REFERRED: "purple",
    Status.READY: "green",
    Status.ISSUED: "blue",
    Status.COMPLETED: "green",
    Status.REFUSED: "red",
    Status.NOT_COMPLIED: "red",
    Status.RESCINDED: "red",
}

# Nothing follows these.
ENDS = frozenset({Status.NOT_USED, Status.WITHDRAWN, Status.RESCINDED})
# From these on the decision and all its rows are final; the database refuses to change them.
FINAL = ENDS | {Status.ISSUED, Status.COMPLETED, Status.NOT_COMPLIED}
# It was issued, whatever became of it since; and while it stands as one of these, something can be recorded of its actions.
AFTER_ISSUE = frozenset({Status.ISSUED, Status.COMPLETED, Status.NOT_COMPLIED, Status.RESCINDED})
FOLLOWED = frozenset({Status.ISSUED, Status.NOT_COMPLIED})
# A case is open while somebody still has to decide something about it.
OPEN = frozenset(Status) - FINAL - {Status.REFUSED}


class Move(StrEnum):
    """What somebody does that takes a case from one status to another."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RECORD_NOT_USED = "record_not_used"
    GRANT = "grant"
    REFUSE = "refuse"
    RETURN = "return_with_question"
    FIND_SUITABLE = "find_suitable"
    FIND_UNSUITABLE = "find_unsuitable"
    REOPEN = "reopen"
    ISSUE = "issue"
    COMPLETE = "complete"
    RECORD_NOT_COMPLIED = "record_not_complied"
    COMPLY_LATE = "comply_late"
    RESCIND = "rescind"


class Who(StrEnum):
    """Who may make a move."""

    ITS_OFFICER = "its officer"
    ELIGIBLE_OFFICER = "an officer eligible to give authority"
    PROFESSIONAL_STANDARDS = "professional standards"
    UNIT_SERGEANT = "a sergeant of its unit"
    OTHER_INSPECTOR = "an Inspector or above who did not record it"


@dataclass(frozen=True)
class Rule:
    """One row of the table: from these statuses this move leads to one of those, by this officer."""

    move: Move
    starts: frozenset[Status]
    ends: frozenset[Status]
    by: frozenset[Who]
    needs_reason: bool = False


def _rule(move: Move, starts: set[Status], ends: set[Status], by: set[Who], *, needs_reason: bool = False) -> Rule:
    return Rule(move, frozenset(starts), frozenset(ends), frozenset(by), needs_reason)


_S, _OWN, _DPS = Status, Who.ITS_OFFICER, Who.PROFESSIONAL_STANDARDS
_FOLLOWING_UP = {_OWN, Who.UNIT_SERGEANT}
_ALL_DECIDERS = {Who.ELIGIBLE_OFFICER, _DPS}

TABLE: tuple[Rule, ...] = (
    _rule(Move.SUBMIT, {_S.DRAFT}, {_S.READY, _S.AWAITING_AUTHORITY, _S.REFERRED}, {_OWN}),
    _rule(Move.WITHDRAW, {_S.DRAFT}, {_S.WITHDRAWN}, {_OWN}, needs_reason=True),
    _rule(
        Move.RECORD_NOT_USED,
        {_S.DRAFT, _S.READY, _S.REFUSED, _S.REFERRED},
        {_S.NOT_USED},
        {_OWN},
        needs_reason=True,
    ),
    _rule(Move.GRANT, {_S.AWAITING_AUTHORITY}, {_S.READY, _S.DRAFT}, {Who.ELIGIBLE_OFFICER}, needs_reason=True),
    _rule(Move.REFUSE, {_S.AWAITING_AUTHORITY}, {_S.REFUSED}, {Who.ELIGIBLE_OFFICER}, needs_reason=True),
    _rule(Move.RETURN, {_S.AWAITING_AUTHORITY, _S.REFERRED}, {_S.DRAFT}, _ALL_DECIDERS, needs_reason=True),
    _rule(
        Move.FIND_SUITABLE,
        {_S.REFERRED},
        {_S.READY, _S.AWAITING_AUTHORITY, _S.DRAFT},
        {_DPS},
        needs_reason=True,
    ),
    _rule(Move.FIND_UNSUITABLE, {_S.REFERRED}, {_S.NOT_USED}, {_DPS}, needs_reason=True),
    _rule(Move.REOPEN, {_S.AWAITING_AUTHORITY, _S.REFERRED, _S.READY}, {_S.DRAFT}, {_OWN}),
    _rule(Move.ISSUE, {_S.READY}, {_S.ISSUED, _S.DRAFT}, {_OWN}),
    _rule(Move.COMPLETE, {_S.ISSUED}, {_S.COMPLETED}, _FOLLOWING_UP),
    _rule(Move.RECORD_NOT_COMPLIED, {_S.ISSUED}, {_S.NOT_COMPLIED}, _FOLLOWING_UP, needs_reason=True),
    _rule(Move.COMPLY_LATE, {_S.NOT_COMPLIED}, {_S.COMPLETED}, _FOLLOWING_UP),
    _rule(
        Move.RESCIND,
        {_S.ISSUED, _S.COMPLETED, _S.NOT_COMPLIED},
        {_S.RESCINDED},
        {Who.OTHER_INSPECTOR},
        needs_reason=True,
    ),
)
_BY_MOVE = {rule.move: rule for rule in TABLE}


class MoveNotAllowed(Exception):
    """The table has no such move; `sentence` is what the officer reads."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def rule_for(move: Move) -> Rule:
    """Return the one row of the table for `move`."""
    return _BY_MOVE[move]


def moves_from(status: Status) -> tuple[Rule, ...]:
    """Return the moves open from `status`, in table order; none from an end."""
    return tuple(rule for rule in TABLE if status in rule.starts)


def may(status: Status, move: Move) -> bool:
    """Tell whether `move` is open from `status`, whoever asks."""
    return status in _BY_MOVE[move].starts


def check(status: Status, move: Move, to: Status | None = None, *, reason: str = "") -> None:
    """Raise MoveNotAllowed with a sentence unless the table lets `move` lead from `status` (to `to`, when it is known)."""
    rule = _BY_MOVE[move]
    if status not in rule.starts:
        raise MoveNotAllowed(f"This case is {status.phrase}, so it cannot be {_DONE[move]}.")
    if to is not None and to not in rule.ends:
        raise MoveNotAllowed(f"A case that is {_DONE[move]} cannot become {to.phrase}.")
    if rule.needs_reason and not reason.strip():
        raise MoveNotAllowed("Give the reason.")


_DONE = {
    Move.SUBMIT: "submitted",
    Move.WITHDRAW: "withdrawn",
    Move.RECORD_NOT_USED: "recorded as not used",
    Move.GRANT: "authorised",
    Move.REFUSE: "refused authority",
    Move.RETURN: "returned with a question",
    Move.FIND_SUITABLE: "found suitable",
    Move.FIND_UNSUITABLE: "found unsuitable",
    Move.REOPEN: "reopened",
    Move.ISSUE: "issued",
    Move.COMPLETE: "completed",
    Move.RECORD_NOT_COMPLIED: "recorded as not complied with",
    Move.COMPLY_LATE: "recorded as complied with late",
    Move.RESCIND: "rescinded",
}


# What a submitted case becomes for each verdict that lets it be submitted; any other verdict keeps it a draft.
AFTER_SUBMISSION = {
    "available": Status.READY,
    "authority_required": Status.AWAITING_AUTHORITY,
    "referral_required": Status.REFERRED,
}


def status_after(verdict: str) -> Status:
    """Return the status that a decision leads to by the verdict assessed after it; what is still wanted keeps a draft."""
    return AFTER_SUBMISSION.get(verdict, Status.DRAFT)
