"""situation_of(record) -> journey.Situation: what the journey may know of a case."""

from datetime import date

from cr_app.cases.facts import ages_of, brought_by_offences
from cr_app.cases.journey import GROUNDS, Situation, Step, VictimSituation, keys_for
from cr_app.cases.judgement import exclusions_of, supervising_rules
from cr_app.cases.models import Victim
from cr_app.cases.queries import Record
from cr_app.cases.questions import QUESTIONS
from cr_app.policy.rules import Rulebook

ADULT_AT = 18


def situation_of(record: Record, rulebook: Rulebook, *, on: date) -> Situation:
    """Return what the journey may look at on a day; an unanswered question stays None."""
    case, offender = record.case, record.offender
    answered = {key for key, row, name in _ASKED_ONCE if getattr(case if row == "case" else offender, name) is not None}
    if not rulebook.venues:
        answered.add("case.venue")
    exclusions = tuple(rule.id for rule in exclusions_of(record, on=on))
    if exclusions:
        answered |= {f"{GROUNDS}.{grounds.rule}" for grounds in record.grounds}
    brought = brought_by_offences(record)
    age = ages_of(record, on=on).at_decision
    return Situation(
        answered=frozenset(answered),
        is_child=None if age is None else age < ADULT_AT,
        mental_health_concern=offender.mental_health_concern,
        is_police=offender.police_officer_or_staff,
        at_listed_venue=None if case.venue is None else case.venue != "none",
        weapon=True if "weapon_or_blade" in brought else case.weapon_or_blade,
        same_person_cases=sum(1 for earlier in record.earlier_cases_shown if earlier.is_same_report),
        has_earlier_disposals=case.has_earlier_disposals,
        has_no_victim=case.has_no_victim,
        has_no_actions=case.has_no_actions,
        offences=len(record.offences),
        disposals=len(record.disposals),
        actions=len(record.actions),
        victims=tuple(_victim_situation(victim) for victim in record.victims),
        brought_by_offence=frozenset(f"case.{name}" for name in brought),
        exclusions=exclusions,
        wants_authority=bool(supervising_rules(rulebook)),
        was_asked=case.question is not None,
    )


def keys_asked(step: Step, record: Record, rulebook: Rulebook, *, on: date) -> tuple[str, ...]:
    """Return the keys that a step asks of a case on a day; the case is looked at only where they depend on it."""
    if step.slug == "question" and record.case.question is None:
        return ()
    is_fixed = step.more is None or (step.slug == "rationale" and not supervising_rules(rulebook))
    return step.keys if is_fixed else keys_for(step, situation_of(record, rulebook, on=on))


_KEYS = {"unit": "unit_id"}


def _attribute(field: str) -> str:
    if field.endswith("_defined_ethnicity"):
        return f"{field}_id"
    return _KEYS.get(field, field)


# Key, row and column of every question that a case asks once: rows that repeat are counted instead.
_ASKED_ONCE = tuple(
    (question.key, question.row, _attribute(question.field))
    for question in QUESTIONS.values()
    if question.row in ("case", "offender")
)


def _victim_situation(victim: Victim) -> VictimSituation:
    is_named = bool(victim.organisation_name if victim.kind == "organisation" else victim.last_names)
    is_heard = victim.consulted is True or (victim.consulted is False and bool(victim.reason_not_consulted))
    needs_safeguards = victim.is_person and victim.mental_health_concern is True
    return VictimSituation(
        pk=victim.pk,
        needs_safeguards=needs_safeguards,
        is_complete=is_named and is_heard and (not victim.is_person or victim.mental_health_concern is not None),
        safeguards_complete=not needs_safeguards
        or None not in (victim.professional_consulted, victim.capacity_evident, victim.appropriate_adult_present),
    )
