"""Why a decision was not taken: each carries the sentence that whoever decided reads."""

from typing import ClassVar

from cr_app.authorisations.models import Decision, Outcome
from cr_app.authorisations.rules import Answer
from cr_app.cases.comparing import ChangedAnswer
from cr_app.pages.moments import moment
from cr_app.pages.refusals import NotAllowed, Refusal, Stale

_DONE = {
    Outcome.GRANTED: "granted authority",
    Outcome.REFUSED: "refused authority",
    Outcome.SUITABLE: "found this case suitable",
    Outcome.UNSUITABLE: "found this case unsuitable",
    Outcome.RETURNED: "returned this case with a question",
}


class MayNotDecide(NotAllowed):
    """The officer may not decide on this case; `reasons` are all the sentences that say why."""

    title = "You cannot decide on this case"

    def __init__(self, answer: Answer, *, subject: str) -> None:
        super().__init__(" ".join(answer.reasons), subject=subject)
        self.reasons = answer.reasons


class AlreadyDecided(Refusal):
    """Somebody decided first (409); `decision` is theirs."""

    status: ClassVar[int] = 409
    title = "This case has been decided"

    def __init__(self, decision: Decision, *, own: bool, subject: str) -> None:
        done, when = _DONE[Outcome(decision.outcome)], moment(decision.decided_at)
        who = "You" if own else f"{decision.rank} {decision.number} {decision.decided_by.name}"
        super().__init__(f"{who} {done} on {when}. Nothing more was recorded.", subject=subject)
        self.decision = decision


class StaleMatter(Stale):
    """The case was taken back, or submitted again, since it was read (409); `changed` are the answers that differ now."""

    def __init__(self, sentence: str, changed: tuple[ChangedAnswer, ...], *, subject: str) -> None:
        super().__init__(sentence, subject=subject)
        self.changed = changed
