"""Makes demo cases from their plans, page after page as the journey leads, through the same actions as the pages call."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import uuid4

from django.utils import timezone

from cr_app.accounts.demo_cast import CAST
from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Right
from cr_app.cases import access, journey
from cr_app.cases.actions.answers import (
    Saved,
    add_row,
    change_row,
    keys_of,
    read_case,
    record_none,
    row_digest,
    save_answers,
    seen_digest,
)
from cr_app.cases.actions.contacts import Attempt, record_contact
from cr_app.cases.actions.issue import Signatures, issue, needs_appropriate_adult
from cr_app.cases.actions.start import start_another, start_case
from cr_app.cases.actions.submission import prepare_review, reassign, record_not_used, reopen, submit, withdraw
from cr_app.cases.demo import answers
from cr_app.cases.demo.plans import Ending, Plan, Scene, plan_of
from cr_app.cases.judgement import deciding_sentences, rulebook_for
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case
from cr_app.cases.queries import Record, latest_snapshot

_ROW_PAGES = {"offences": "offence", "victims": "victim", "disposals": "disposal", "actions": "action"}

# Of the other cases that were issued nobody was told yet.
_SHARE_TOLD = 0.8
_TOLD = (
    ("phone", "reached", "Content with it."),
    ("in_person", "reached", "Spoke at the address; has the letter."),
    ("email", "sent", ""),
    ("letter", "sent", ""),
)


def serial_of(plan: Plan) -> str:
    """Return the crime report reference of a plan's case, without its year."""
    return f"46/{60_000 + plan.number * 7}" if plan.is_of_kent else f"{2_300_000 + plan.number * 13}"


class DemoCases:
    """Makes cases one by one; a co-offender's needs the case that was made just before it."""

    def __init__(self, cast: Mapping[str, Officer], *, seed: int, submit: Callable[..., Status] = submit) -> None:
        """Keep the officers by their names in the cast, the seed of everything drawn, and the action that submits."""
        self.cast = cast
        self.seed = seed
        self._submit_by = submit
        self._made: dict[int, str] = {}

    def make(self, number: int) -> str:
        """Make the case of this number, tell most victims of it if it was issued, and return its reference."""
        plan = plan_of(self.seed, number)
        reference = self.carry_out(plan)
        if plan.rng("whether told").random() < _SHARE_TOLD:
            self._tell_victims(plan, reference)
        return reference

    def carry_out(self, plan: Plan) -> str:
        """Make the case of a plan and return its reference."""
        officer = self.cast[plan.officer]
        reference = self._start(plan, officer)
        self._made[plan.number] = reference
        saved = self._answer(plan, officer, self._read(officer, reference))
        self._end(plan, officer, reference, saved)
        return reference

    def _start(self, plan: Plan, officer: Officer) -> str:
        before = self._made.get(plan.number - 1)
        if plan.scene is Scene.CO_OFFENDER and before:
            return start_another(before, by=officer, token=uuid4())
        report = f"{serial_of(plan)}/{timezone.localdate().year % 100:02d}"
        return start_case(by=officer, crime_report_reference=report, unit_id=officer.unit_id, token=uuid4())

    def _answer(self, plan: Plan, officer: Officer, saved: Saved) -> Saved:
        """Answer the pages that are not done yet, in the order of the journey, as many as the plan wants."""
        most = {Ending.EMPTY: 0, Ending.WITHDRAWN: 2, Ending.HALF: plan.rng("pages").randint(3, 9)}
        left = most.get(plan.ending, 50)
        page = journey.next_page(journey.Page("start"), saved.situation)
        while page != journey.CHECK and left:
            saved = self._answer_page(plan, officer, saved, page)
            page = journey.next_page(page, saved.situation)
            left -= 1
        return saved

    def _answer_page(self, plan: Plan, officer: Officer, saved: Saved, page: journey.Page) -> Saved:
        at = timezone.now()
        if page.slug in _ROW_PAGES:
            return self._add_rows(plan, officer, saved, page.slug, at)
        record = saved.record
        rulebook = rulebook_for(record.case.force_id, on=timezone.localdate(at))
        keys = keys_of(page, record, on=timezone.localdate(at))
        given = answers.answers_of(page, plan, record, keys, at=at, asks_venue=bool(rulebook.venues))
        seen = seen_digest(record, keys)
        # As the page does, which has just read the case.
        return save_answers(record.case.reference, by=officer, page=page, answers=given, seen=seen, read=record)

    def _add_rows(self, plan: Plan, officer: Officer, saved: Saved, slug: str, at: datetime) -> Saved:
        reference, row = saved.record.case.reference, _ROW_PAGES[slug]
        rows = {
            "offence": lambda: answers.offences_of(plan),
            "victim": lambda: answers.victims_of(plan, at=at),
            "disposal": lambda: answers.disposals_of(plan, at=at),
            "action": lambda: answers.actions_of(plan, saved.record, at=at),
        }[row]()
        # A co-offender's victims came with the incident and are asked anew.
        listed = saved.record.victims if row == "victim" else ()
        if listed:
            return self._ask_again(plan, officer, saved, at)
        if not rows:
            return record_none(reference, by=officer, row=row)
        for each in rows:
            saved, _ = add_row(reference, by=officer, row=row, answers=each, token=uuid4())
        return saved

    def _ask_again(self, plan: Plan, officer: Officer, saved: Saved, at: datetime) -> Saved:
        for victim in saved.record.victims:
            views = {
                "consulted": True,
                "consulted_at": at,
                "consulted_how": "By phone",
                "agrees": True,
                "wishes": "The same as for the other one.",
                "mental_health_concern": False if victim.is_person else None,
            }
            seen = row_digest(victim, tuple(views))
            saved = change_row(
                saved.record.case.reference, by=officer, row="victim", pk=victim.pk, answers=views, seen=seen
            )
        return saved

    def _end(self, plan: Plan, officer: Officer, reference: str, saved: Saved) -> None:
        """Take the case as far as its plan wants and the rules let it."""
        match plan.ending:
            case Ending.EMPTY | Ending.HALF | Ending.COMPLETE:
                return
            case Ending.WITHDRAWN:
                withdraw(reference, by=officer, reason="Opened twice: the first draft is on the other terminal.")
            case Ending.HANDED_OVER:
                reassign(
                    reference,
                    by=self.cast["grace"],
                    to=CAST["amina"].warrant_number,
                    reason="Tom is on a course for two weeks.",
                )
            case Ending.NOT_USED:
                reason = " ".join(deciding_sentences(saved.assessment)) or "Dealt with by a caution."
                record_not_used(reference, by=officer, reason=f"{reason} Passed to the case progression unit.")
            case Ending.SUBMITTED | Ending.ISSUED | Ending.REOPENED | Ending.SENT_BACK:
                self._submit(plan, officer, reference, saved)

    def _submit(self, plan: Plan, officer: Officer, reference: str, saved: Saved) -> None:
        review = prepare_review(self._case(officer, reference), on=timezone.localdate())
        if not review.may_submit:
            reason = " ".join(deciding_sentences(saved.assessment)) or "Dealt with by a caution."
            record_not_used(reference, by=officer, reason=reason)
            return
        status = self._submit_by(reference, by=officer, seen=review.digest)
        if plan.ending is Ending.REOPENED:
            reopen(reference, by=officer)
        elif status is Status.READY and plan.ending is Ending.SENT_BACK and plan.number - 1 in self._made:
            # Issued first, the case before becomes an earlier disposal of the same person, which bars this one.
            self.issue(plan_of(self.seed, plan.number - 1), self._made[plan.number - 1])
            self.issue(plan, reference)
        elif status is Status.READY and plan.ending is Ending.ISSUED:
            self.issue(plan, reference)

    def issue(self, plan: Plan, reference: str) -> None:
        """Issue the case of a plan, with every signature that it needs."""
        at, officer = timezone.now(), self.cast[plan.officer]
        case = self._case(officer, reference)
        record = Record(case)
        needs_adult = needs_appropriate_adult(record, at=at)
        snapshot = latest_snapshot(case)
        issue(
            reference,
            by=officer,
            signatures=Signatures(
                offender=record.offender.name,
                officer=officer.name,
                appropriate_adult=answers.adult_of(plan) if needs_adult else "",
                appropriate_adult_at=at if needs_adult else None,
            ),
            seen=snapshot.digest if snapshot else "",
        )

    def _tell_victims(self, plan: Plan, reference: str) -> None:
        """Record that every victim of a case was told of the decision, where it was issued."""
        case = self._case(officer := self.cast[plan.officer], reference)
        if case.status_now is not Status.ISSUED:
            return
        for victim in Record(case).victims:
            how, result, note = plan.rng(f"told {victim.position}").choice(_TOLD)
            attempt = Attempt(victim.pk, timezone.now(), how, result, "decision", note)
            record_contact(reference, by=officer, attempt=attempt, token=uuid4())

    def _case(self, officer: Officer, reference: str) -> Case:
        return access.open_for(officer, reference, Right.SEE)

    def _read(self, officer: Officer, reference: str) -> Saved:
        return read_case(self._case(officer, reference), at=timezone.now())
