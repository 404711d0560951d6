"""facts_of(record) -> policy.Facts: the only bridge from a case to what the rules may look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from cr_app.cases.models import Victim
from cr_app.cases.queries import Record
from cr_app.policy.catalogue import OffenceKind
from cr_app.policy.facts import (
    AuthorityFacts,
    Circumstances,
    Disposal,
    ExceptionFacts,
    Facts,
    OffenceFact,
    OffenderFacts,
    VictimFacts,
)

# The circumstance that an offence of each exclusion category brings with it.
CIRCUMSTANCE_OF = {
    "domestic_abuse": "domestic_abuse",
    "hate_crime": "hate_crime",
    "sexual_offence": "sexual",
    "firearm": "firearm",
    "weapon_or_blade": "weapon_or_blade",
}


@dataclass(frozen=True)
class Ages:
    """Whole years of age when the offence was committed and at the decision; None when not known."""

    at_offence: int | None
    at_decision: int | None


def age_on(born_on: date, day: date) -> int:
    """Return the age in whole years on a day; a person born on 29 February is older from 1 March in other years.

    Source: Family Law Reform Act 1969 s.9 (an age is attained at the start of the birthday).
    """
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def ages_of(record: Record, *, on: date) -> Ages:
    """Return the offender's ages; an estimated age stands for both."""
    offender = record.offender
    if offender.born_on is None:
        return Ages(offender.estimated_age, offender.estimated_age)
    began = record.case.occurred_from
    day = timezone.localdate(began) if began else None
    at_offence = age_on(offender.born_on, day) if day and day >= offender.born_on else None
    at_decision = age_on(offender.born_on, on) if on >= offender.born_on else None
    return Ages(at_offence, at_decision)


def brought_by_offences(record: Record) -> dict[str, str]:
    """Return the circumstances that the offences themselves bring, each with the title of the first that does."""
    brought: dict[str, str] = {}
    for offence in record.offences:
        name = CIRCUMSTANCE_OF.get(offence.offence_type.exclusion_category)
        if name:
            brought.setdefault(name, offence.offence_type.title)
    return brought


def catalogue_of(record: Record) -> Mapping[str, OffenceKind]:
    """Return the offence types of the case as the rules see them, a force's own additions among them."""
    return {
        kind.code: OffenceKind(
            code=kind.code,
            title=kind.title,
            group=kind.group,
            subgroup=kind.subgroup,
            statute=kind.statute,
            mode_of_trial=kind.mode_of_trial,
            max_penalty=kind.max_penalty,
            exclusion_category=kind.exclusion_category,
            basis=kind.basis,
        )
        for kind in (offence.offence_type for offence in record.offences)
    }


def facts_of(record: Record, *, on: date) -> Facts:
    """Return the facts of a case as the rules may look at them on a day.

    Whether the exceptional circumstances are written down is left open: which of them are wanted, the rules say.
    """
    case, offender = record.case, record.offender
    ages = ages_of(record, on=on)
    return Facts(
        decided_on=on,
        force=case.force_id,
        offences=_offences_of(record),
        circumstances=Circumstances(
            domestic_abuse=case.domestic_abuse,
            intimate_partner=case.intimate_partner,
            hate_crime=case.hate_crime,
            sexual=case.sexual,
            firearm=case.firearm,
            weapon_or_blade=case.weapon_or_blade,
        ),
        venue=case.venue,
        visitor_from_abroad=case.visitor_from_abroad,
        lawful_at_home=case.lawful_at_home,
        evidence_sufficient=case.evidence_sufficient,
        less_serious=case.less_serious,
        gravity_score=case.gravity_score,
        rationale_recorded=_is_written(case.rationale),
        reparation_agreed=_reparation_of(record),
        youth_justice_consulted=case.youth_justice_consulted,
        offender=OffenderFacts(
            age_at_offence=ages.at_offence,
            age_at_decision=ages.at_decision,
            police_officer_or_staff=offender.police_officer_or_staff,
            accepts_responsibility=case.accepts_responsibility,
            admits_offence=case.admits_offence,
            agrees_to_take_part=case.agrees_to_take_part,
            consequences_explained=case.consequences_explained,
            history_checked=_both(case.pnc_checked, case.local_checked),
            previous_disposals=_disposals_of(record, on=on),
            mental_health_concern=offender.mental_health_concern,
            professional_consulted=offender.professional_was_consulted,
            capacity_evident=offender.capacity_evident,
            appropriate_adult_present=offender.appropriate_adult_present,
        ),
        victims=_victims_of(record),
        exception=ExceptionFacts(
            investigation_team_advice=_is_advised(record),
            recorded_on_crime_report=_is_written(case.crime_report_entry_reference),
        ),
        authority=_authority_of(record),
        professional_standards=case.professional_standards_decision,
    )


def _both(first: bool | None, second: bool | None) -> bool | None:
    if first is False or second is False:
        return False
    return None if first is None or second is None else True


def _is_written(text: str | None) -> bool | None:
    return True if text else None


def _offences_of(record: Record) -> tuple[OffenceFact, ...] | None:
    offences = tuple(
        OffenceFact(code=offence.offence_type_id, encouraging_or_assisting=offence.encouraging_or_assisting)
        for offence in record.offences
    )
    return offences or None


def _reparation_of(record: Record) -> bool | None:
    if record.actions:
        return True
    return False if record.case.has_no_actions is True else None


def _disposals_of(record: Record, *, on: date) -> tuple[Disposal, ...] | None:
    """Return what was given before: what the officer found, and earlier local cases; None until both are known."""
    # One Community Resolution is one disposal, whatever its offences; the others' codes still count as history.
    local = tuple(
        Disposal(kind="other" if place else "community_resolution", offence_code=code, on=earlier.given_on)
        for earlier in record.earlier_cases
        if earlier.counts and earlier.given_on is not None and earlier.given_on <= on
        for place, code in enumerate(earlier.offence_codes or (None,))
    )
    found = tuple(
        Disposal(kind=each.kind, offence_code=each.offence_code, on=each.given_on)
        for each in record.disposals
        if each.given_on <= on
    )
    told = record.case.has_earlier_disposals
    if told is None or (told and not found):
        return None
    return (*found, *local)


def _victims_of(record: Record) -> tuple[VictimFacts, ...] | None:
    if record.case.has_no_victim is True:
        return ()
    return tuple(_victim_facts(victim) for victim in record.victims) or None


def _victim_facts(victim: Victim) -> VictimFacts:
    return VictimFacts(
        kind=victim.kind,
        consulted=victim.consulted,
        reason_not_consulted_recorded=_is_written(victim.reason_not_consulted),
        agrees=victim.agrees,
        mental_health_concern=victim.mental_health_concern,
        professional_consulted=victim.professional_was_consulted,
        capacity_evident=victim.capacity_evident,
        appropriate_adult_present=victim.appropriate_adult_present,
    )


def _authority_of(record: Record) -> AuthorityFacts:
    case = record.case
    if case.authority_decision is None:
        return AuthorityFacts()
    return AuthorityFacts(
        decision=case.authority_decision,
        rank=case.authority_rank,
        substantive=case.authority_is_substantive,
        # Whoever has the case now records it too.
        is_recording_officer=case.authority_by_id in (case.recorded_by_id, case.officer_id),
    )


def _is_advised(record: Record) -> bool | None:
    """Return yes where the team, whose advice, when and what it was are all there."""
    case = record.case
    is_whole = case.advice_at is not None and all((case.investigation_team, case.advice_from, case.advice))
    return True if is_whole else None
