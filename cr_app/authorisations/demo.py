"""What the demo's officers decided: a case of every outcome, recorded, asked about and decided by the pages' own actions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Right
from cr_app.authorisations.access import look_to_decide
from cr_app.authorisations.actions import (
    Seen,
    find_suitable,
    find_unsuitable,
    grant,
    refuse,
    return_with_question,
    submit_and_ask,
)
from cr_app.authorisations.queries import kind_of
from cr_app.cases import access, journey
from cr_app.cases.actions.answers import keys_of, read_case, save_answers, seen_digest
from cr_app.cases.actions.authority import may_record_entry, record_crime_report_entry
from cr_app.cases.actions.submission import prepare_review, reopen
from cr_app.cases.demo.making import DemoCases, serial_of
from cr_app.cases.demo.plans import ROUND, Ending, Plan, Scene, plan_of
from cr_app.cases.demo.stories import STORIES, Story
from cr_app.cases.models import Case
from cr_app.cases.queries import latest_snapshot

# Far from the numbers of other demo cases, so that neither crime reports nor people meet.
_FIRST = 1250 * len(ROUND)


class Outcome(StrEnum):
    """What becomes of a case that was submitted."""

    WAITS = "nobody has decided"
    RETURNED = "returned with a question"
    ANSWERED = "returned, answered, and waiting again"
    GRANTED = "granted, with its entry for the crime report still to be made"
    ISSUED = "granted, entered where that is wanted, and issued"
    REFUSED = "refused"
    VOIDED = "granted, then changed"
    SUITABLE = "found suitable"
    UNSUITABLE = "found unsuitable"


@dataclass(frozen=True)
class Example:
    """One case: who records what, who decides, and what becomes of it; the scene's story, or another."""

    scene: Scene
    officer: str
    decider: str
    outcome: Outcome
    story: Story | None = None


EXAMPLES = (
    Example(Scene.KNIFE, "amina", "priya", Outcome.WAITS),
    Example(Scene.DOMESTIC, "amina", "priya", Outcome.ANSWERED),
    Example(Scene.KNIFE, "amina", "priya", Outcome.RETURNED),
    Example(Scene.DOMESTIC, "tom", "priya", Outcome.GRANTED),
    Example(Scene.KNIFE, "marcus", "helen", Outcome.ISSUED),
    Example(Scene.DOMESTIC, "amina", "priya", Outcome.REFUSED, STORIES["Sexual"][0]),
    Example(Scene.KNIFE, "tom", "priya", Outcome.VOIDED),
    Example(Scene.POLICE, "amina", "yusuf", Outcome.SUITABLE),
    Example(Scene.POLICE, "marcus", "yusuf", Outcome.UNSUITABLE),
    Example(Scene.KENT, "kieran", "laura", Outcome.WAITS),
    Example(Scene.KENT, "kieran", "laura", Outcome.ISSUED),
)

_QUESTION = "Who holds the item now, and does the offender agree in writing that it is destroyed?"
_RATIONALE = (
    "First offence, admitted at once; the item is in the property store and the offender has signed the disclaimer. "
    "Proportionate to the harm."
)
_GRANTED = (
    "I have read the whole record. The circumstances are out of the ordinary, the advice supports it and nothing in the "
    "history speaks against it. Proportionate."
)
_REFUSED = (
    "What is written does not set this apart from any other case of its kind, and no specialist officer was asked. Refer "
    "it to the investigation team for another outcome."
)
_SUITABLE = "Off duty, no abuse of position, and the matter is minor. A conduct review follows apart from this."
_UNSUITABLE = "The officer was identified as one at the scene. The matter goes to the appropriate authority instead."


def make_decisions(cast: Mapping[str, Officer]) -> int:
    """Make each example that is not here yet and decide on it, and on no other case; returns how many were made."""
    plans = {_plan_of(place, example): example for place, example in enumerate(EXAMPLES)}
    cases = DemoCases(cast, seed=1, submit=submit_and_ask)
    made = 0
    for plan, example in plans.items():
        if not Case.objects.filter(crime_report_reference__startswith=f"{serial_of(plan)}/").exists():
            _Deciding(cases, plan, cast[plan.officer], cast[example.decider]).carry_out(example.outcome)
            made += 1
    return made


def _plan_of(place: int, example: Example) -> Plan:
    number = _FIRST + place * len(ROUND) + ROUND.index((example.scene, Ending.SUBMITTED))
    plan = plan_of(1, number)
    return replace(plan, officer=example.officer, story=example.story or plan.story)


class _Deciding:
    """One example between the officer who records it and the one who decides."""

    def __init__(self, cases: DemoCases, plan: Plan, officer: Officer, decider: Officer) -> None:
        self.cases, self.plan, self.officer, self.decider = cases, plan, officer, decider
        self.reference = ""

    def carry_out(self, outcome: Outcome) -> None:
        """Record the case, ask, and let become of it what the example says."""
        self.reference = self.cases.carry_out(self.plan)
        match outcome:
            case Outcome.WAITS:
                return
            case Outcome.RETURNED:
                self._decide(return_with_question, _QUESTION)
            case Outcome.ANSWERED:
                self._decide(return_with_question, "Say whether there was any earlier call to the address, and when.")
                self._save(journey.QUESTION, "reply", "None in five years: the call log was checked today.")
                self._submit_again()
            case Outcome.GRANTED:
                self._decide(grant, _GRANTED)
            case Outcome.ISSUED:
                self._decide(grant, _GRANTED)
                self._enter_and_issue()
            case Outcome.REFUSED:
                self._decide(refuse, _REFUSED)
            case Outcome.VOIDED:
                self._decide(grant, _GRANTED)
                reopen(self.reference, by=self.officer)
                # What a decision covers has changed, so it counts no more.
                self._save(journey.Page("rationale"), "rationale", _RATIONALE)
            case Outcome.SUITABLE:
                self._decide(find_suitable, _SUITABLE)
            case Outcome.UNSUITABLE:
                self._decide(find_unsuitable, _UNSUITABLE)

    def _decide(self, decide: Callable[..., object], reasons: str) -> None:
        case = self._case()
        snapshot, kind = latest_snapshot(case), kind_of(case)
        if snapshot is not None and kind is not None:
            look_to_decide(self.decider, self.reference, page="authority review", sitting="")
            seen = Seen.of(snapshot, kind, timezone.now())
            decide(self.reference, by=self.decider, reasons=reasons, seen=seen)

    def _save(self, page: journey.Page, name: str, words: str) -> None:
        """Write another answer on a page of the record."""
        record = read_case(self._case(), at=timezone.now()).record
        save_answers(
            self.reference,
            by=self.officer,
            page=page,
            answers={f"case.{name}": words},
            seen=seen_digest(record, keys_of(page, record, on=timezone.localdate())),
        )

    def _submit_again(self) -> None:
        review = prepare_review(self._case(), on=timezone.localdate())
        submit_and_ask(self.reference, by=self.officer, seen=review.digest)

    def _enter_and_issue(self) -> None:
        if may_record_entry(self._case(), at=timezone.now()):
            record_crime_report_entry(self.reference, by=self.officer, entry_reference="DETS 14")
        self.cases.issue(self.plan, self.reference)

    def _case(self) -> Case:
        return access.open_for(self.officer, self.reference, Right.SEE)
