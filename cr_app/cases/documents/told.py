"""What the sheets of a case are told of it: its rows, with the names as they have been put right."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from cr_app.cases.facts import ages_of
from cr_app.cases.judgement import rulebook_for
from cr_app.cases.models import AgreedAction, Case, Correction, Offender, Rescission, Signature, StatusChange, Victim
from cr_app.cases.queries import (
    ActionStanding,
    Record,
    corrections_of,
    rescission_of,
    signatures_of,
    standings_of,
    status_changes_of,
)
from cr_app.cases.queries.names import name_now, standing_names
from cr_app.cases.situation import ADULT_AT
from cr_app.policy.rules import Rulebook


@dataclass(frozen=True)
class Told:
    """A case with what was signed, done, put right and taken back since; `corrections` and `moves` are oldest first."""

    record: Record
    signatures: tuple[Signature, ...] = ()
    standings: tuple[ActionStanding, ...] = ()
    corrections: tuple[Correction, ...] = ()
    rescission: Rescission | None = None
    moves: tuple[StatusChange, ...] = ()

    @property
    def case(self) -> Case:
        """Return the case itself."""
        return self.record.case

    @property
    def offender(self) -> Offender:
        """Return the person the decision is about."""
        return self.record.offender

    @property
    def victims(self) -> tuple[Victim, ...]:
        """Return the persons and organisations harmed; none where the officer said that there is none."""
        return () if self.case.has_no_victim else self.record.victims

    @property
    def rulebook(self) -> Rulebook:
        """Return the rulebook by which the case was decided."""
        return rulebook_for(self.case.force_id, on=self.case.decided_on or timezone.localdate())

    def day_of_issue(self, at: datetime) -> date:
        """Return the day of issue; where the case is not issued yet, the day of `at`."""
        return timezone.localdate(self.case.issued_at or at)

    def is_child(self, at: datetime) -> bool:
        """Tell whether the offender is under 18 on the day of issue: on the eve of the birthday still."""
        age = ages_of(self.record, on=self.day_of_issue(at)).at_decision
        return age is not None and age < ADULT_AT

    def needs_adult(self, at: datetime) -> bool:
        """Tell whether an appropriate adult has a part: always for a child, and where mental health is flagged."""
        has_signed = any(signature.role == "appropriate_adult" for signature in self.signatures)
        return has_signed or self.offender.mental_health_concern is True or self.is_child(at)

    def signature(self, role: str) -> Signature | None:
        """Return what one role signed; None before issue, and where that role did not sign."""
        return next((each for each in self.signatures if each.role == role), None)

    @property
    def offender_name(self) -> str:
        """Return the offender's whole name as it stands after every correction."""
        return name_now(self.offender, self.corrections)

    def victim_name(self, victim: Victim) -> str:
        """Return an organisation's name, or the person's, as it stands after every correction."""
        return name_now(victim, self.corrections)

    def person_name(self, victim: Victim | None = None) -> str:
        """Return the name of the offender or of a victim as a person: for an organisation, of whom to write to there."""
        parts = {
            name.column: name.now for name in standing_names(self.record, self.corrections) if name.victim == victim
        }
        return " ".join(parts[column] for column in ("first_names", "last_names") if parts.get(column))

    def person_number(self, victim: Victim) -> int:
        """Return the number by which a person harmed is told from others; 0 where there is no other, and for an organisation."""
        persons = [each.pk for each in self.victims if each.is_person]
        return persons.index(victim.pk) + 1 if victim.pk in persons and len(persons) > 1 else 0

    def actions_for(self, victim: Victim | None) -> tuple[ActionStanding, ...]:
        """Return what was agreed for this victim, or for nobody in particular: never what is for another."""
        whose = victim.pk if victim is not None else None
        return tuple(each for each in self.standings if each.action.victim_id == whose)

    def remedy_title(self, action: AgreedAction) -> str:
        """Return what the rulebook calls an action."""
        titles = {remedy.code: remedy.title for remedy in self.rulebook.remedy_actions}
        return titles.get(action.remedy, action.remedy)


def told_of(case: Case) -> Told:
    """Return what the sheets of a case are told, as the tables hold it now."""
    record = Record(case)
    return Told(
        record=record,
        signatures=signatures_of(case),
        standings=standings_of(record.actions),
        corrections=corrections_of(case),
        rescission=rescission_of(case),
        moves=status_changes_of(case),
    )
