"""What follows issue in the demo: a case of every kind, followed up by the same actions as the pages call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Right
from cr_app.cases import access
from cr_app.cases.actions.contacts import Attempt, record_contact
from cr_app.cases.actions.correcting import NameCorrection, correct_name
from cr_app.cases.actions.progress import Came, record_progress
from cr_app.cases.actions.refusing import record_signing_refused
from cr_app.cases.actions.rescinding import rescind, seen_state
from cr_app.cases.demo.clock import days_ago
from cr_app.cases.demo.making import DemoCases, serial_of
from cr_app.cases.demo.plans import ROUND, Ending, Plan, Scene, plan_of
from cr_app.cases.models import Case
from cr_app.cases.queries import Record
from cr_app.cases.queries.names import standing_names

# Far from the numbers of other demo cases, so that neither crime reports nor people meet.
_FIRST = 1500 * len(ROUND)
# How long ago these were issued; what was agreed was then due a fortnight later, so that some of it is overdue.
_ISSUED_AGO = 24
_DUE_AFTER = 14


class Story(StrEnum):
    """What became of a case once it was issued, or was to be."""

    DONE = "everything done and everybody told"
    OVERDUE = "overdue, after its date was changed"
    NOT_COMPLIED = "not complied with"
    RESCINDED = "rescinded, and the offender told"
    CORRECTED = "a name corrected"
    THREE_VICTIMS = "three victims, of whom one was told"
    NOT_SIGNED = "ready, and the offender would not sign"


@dataclass(frozen=True)
class Example:
    """One case: who recorded it, and what became of it."""

    officer: str
    story: Story


EXAMPLES = (
    Example("amina", Story.DONE),
    Example("amina", Story.OVERDUE),
    Example("tom", Story.NOT_COMPLIED),
    Example("amina", Story.RESCINDED),
    Example("amina", Story.CORRECTED),
    Example("amina", Story.THREE_VICTIMS),
    Example("amina", Story.NOT_SIGNED),
)


def make_follow_ups(cast: Mapping[str, Officer]) -> int:
    """Make each example that is not here yet, all of it or nothing; returns how many were made."""
    made = 0
    for place, example in enumerate(EXAMPLES):
        plan = _plan_of(place, example)
        if not Case.objects.filter(crime_report_reference__startswith=f"{serial_of(plan)}/").exists():
            with transaction.atomic():
                _Following(cast, plan).carry_out(example.story)
            made += 1
    return made


def _plan_of(place: int, example: Example) -> Plan:
    number = _FIRST + place * len(ROUND) + ROUND.index((Scene.SHOP_THEFT, Ending.ISSUED))
    scene = Scene.THREE_VICTIMS if example.story is Story.THREE_VICTIMS else Scene.SHOP_THEFT
    ending = Ending.SUBMITTED if example.story is Story.NOT_SIGNED else Ending.ISSUED
    return replace(plan_of(1, number), officer=example.officer, scene=scene, ending=ending, due_after=_DUE_AFTER)


class _Following:
    """One example from its first day to today."""

    def __init__(self, cast: Mapping[str, Officer], plan: Plan) -> None:
        self.cast, self.plan, self.officer = cast, plan, cast[plan.officer]
        self.reference = ""

    def carry_out(self, story: Story) -> None:
        """Record the case and let become of it what its story says."""
        if story is Story.NOT_SIGNED:
            self.reference = DemoCases(self.cast, seed=1).carry_out(self.plan)
            self._refuse_to_sign()
            return
        with days_ago(_ISSUED_AGO):
            self.reference = DemoCases(self.cast, seed=1).carry_out(self.plan)
        became: dict[Story, Callable[[], None]] = {
            Story.DONE: self._done,
            Story.OVERDUE: self._overdue,
            Story.NOT_COMPLIED: self._not_complied,
            Story.RESCINDED: self._rescinded,
            Story.CORRECTED: self._corrected,
            Story.THREE_VICTIMS: self._three_victims,
        }
        became[story]()

    def _done(self) -> None:
        with days_ago(_ISSUED_AGO - 1):
            self._tell(0, "phone", "no_answer", "nothing")
        with days_ago(_ISSUED_AGO - 2):
            self._tell(0, "in_person", "reached", "decision", "Spoke to the manager, who had the letter.")
        with days_ago(9):
            for place in range(len(self._record().actions)):
                self._came(
                    place, "completed", evidence="Receipt seen; copy in the property store.", said_by="The manager"
                )

    def _overdue(self) -> None:
        with days_ago(_ISSUED_AGO - 1):
            self._tell(0, "phone", "reached", "decision")
        with days_ago(12):
            due = timezone.localdate() + timedelta(days=8)
            self._came(0, "date_changed", due_in=8, reason="He is paid at the end of the month, and the shop agrees.")
        with days_ago(11):
            self._came(
                1, "completed", evidence=f"The letter; the money follows by {due:%-d %B}.", said_by="The manager"
            )

    def _not_complied(self) -> None:
        with days_ago(_ISSUED_AGO - 1):
            self._tell(0, "phone", "left_message", "nothing")
        with days_ago(6):
            self._came(0, "partly", left="Half of the money", due_in=3, said_by="The manager")
        with days_ago(2):
            self._came(0, "not_complied", reason="Says he will not pay the rest. Seen at home.", said_by="The offender")

    def _rescinded(self) -> None:
        with days_ago(_ISSUED_AGO - 1):
            self._tell(0, "letter", "sent", "decision")
        reason = (
            "The offender was given a caution for theft in March under another name, found when prints were compared."
        )
        with days_ago(3):
            case = access.open_for(self.cast["priya"], self.reference, Right.SEE)
            rescind(self.reference, by=self.cast["priya"], reason=reason, seen=seen_state(case))
        with days_ago(1):
            self._tell(None, "in_person", "reached", "rescission", "Explained at the station; has the notice.")

    def _corrected(self) -> None:
        with days_ago(_ISSUED_AGO - 1):
            self._tell(0, "phone", "reached", "decision")
        record = self._record()
        name = next(each for each in standing_names(record, record.corrections) if each.key == "offender.last_names")
        correction = NameCorrection(name.key, name.now, f"{name.now}e", "Spelt wrongly. The passport was seen.")
        with days_ago(4):
            correct_name(self.reference, by=self.officer, correction=correction, token=uuid4())

    def _three_victims(self) -> None:
        with days_ago(_ISSUED_AGO - 1):
            self._tell(0, "in_person", "reached", "decision")
            self._tell(1, "phone", "no_answer", "nothing")
        with days_ago(8):
            self._tell(1, "email", "wrong", "nothing", "The message came back.")
            self._came(1, "completed", evidence="The letter was handed over.", said_by="The offender")

    def _refuse_to_sign(self) -> None:
        said = "I am not signing anything until my brother has read it."
        record_signing_refused(self.reference, by=self.officer, token=uuid4(), role="offender", said=said)

    def _record(self) -> Record:
        return Record(access.open_for(self.officer, self.reference, Right.SEE))

    def _came(
        self,
        place: int,
        outcome: str,
        *,
        due_in: int | None = None,
        left: str = "",
        evidence: str = "",
        said_by: str = "",
        reason: str = "",
    ) -> None:
        """Record today what came of the action at this place."""
        today, standing = timezone.localdate(), self._record().standings[place]
        came = Came(
            outcome=outcome,
            happened_on=today,
            due_on=None if due_in is None else today + timedelta(days=due_in),
            left=left,
            evidence=evidence,
            said_by=said_by,
            reason=reason,
        )
        record_progress(self.reference, standing.action.pk, by=self.officer, came=came, seen=len(standing.progress))

    def _tell(self, place: int | None, how: str, result: str, told: str, note: str = "") -> None:
        """Record an attempt to reach the victim at this place, or the offender."""
        victim = None if place is None else self._record().victims[place].pk
        attempt = Attempt(victim, timezone.now(), how, result, told, note)
        record_contact(self.reference, by=self.officer, attempt=attempt, token=uuid4())
