"""What the journey may look at, and its steps in order: what each asks, must have, and when it applies: pure."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class VictimSituation:
    """What the journey needs to know of one victim."""

    pk: int
    needs_safeguards: bool
    is_complete: bool
    safeguards_complete: bool


@dataclass(frozen=True)
class Situation:
    """What the journey may look at; None is not asked yet.

    `answered` holds the keys (row.field) of every answer given; the counts are of rows added. `exclusions` are the ids of
    the exclusions that apply, authority left out; `wants_authority` tells that every case of the force needs authority;
    `was_asked` that the case was returned with a question.
    """

    answered: frozenset[str] = frozenset()
    is_child: bool | None = None
    mental_health_concern: bool | None = None
    is_police: bool | None = None
    at_listed_venue: bool | None = None
    weapon: bool | None = None
    same_person_cases: int = 0
    has_earlier_disposals: bool | None = None
    has_no_victim: bool | None = None
    has_no_actions: bool | None = None
    offences: int = 0
    disposals: int = 0
    actions: int = 0
    victims: tuple[VictimSituation, ...] = ()
    brought_by_offence: frozenset[str] = frozenset()
    exclusions: tuple[str, ...] = ()
    wants_authority: bool = False
    was_asked: bool = False


@dataclass(frozen=True)
class Step:
    """One page of questions: its keys, those that must be answered for it to be done, and when it applies.

    `more` are keys that it asks of some cases besides; each of those must be answered.
    """

    slug: str
    section: str
    title: str
    keys: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    applies: Callable[[Situation], bool] = field(default=lambda situation: True)
    rows: str = ""
    more: Callable[[Situation], tuple[str, ...]] | None = None


def _keys(row: str, *fields: str) -> tuple[str, ...]:
    return tuple(f"{row}.{name}" for name in fields)


_CIRCUMSTANCES = _keys(
    "case", "domestic_abuse", "intimate_partner", "hate_crime", "sexual", "firearm", "weapon_or_blade"
)
_PROFESSIONAL = (
    "professional_consulted",
    "professional_name",
    "professional_role",
    "professional_at",
    "professional_advice",
    "capacity_evident",
    "capacity_how",
)
_ADULT = (
    "appropriate_adult_present",
    "appropriate_adult_name",
    "appropriate_adult_relationship",
    "appropriate_adult_contact",
    "appropriate_adult_is",
    "appropriate_adult_from",
    "appropriate_adult_to",
)
VICTIM_KEYS = _keys(
    "victim",
    "kind",
    "organisation_name",
    "first_names",
    "last_names",
    "contact",
    "warrant_number",
    "consulted",
    "consulted_at",
    "consulted_how",
    "reason_not_consulted",
    "agrees",
    "wishes",
    "departure_reason",
    "mental_health_concern",
)
VICTIM_SAFEGUARD_KEYS = _keys("victim", *_PROFESSIONAL, *_ADULT)
OFFENCE_KEYS = _keys("offence", "offence_type", "encouraging_or_assisting")
DISPOSAL_KEYS = _keys("disposal", "kind", "given_on", "offence_code")
_EXCEPTION = _keys("case", "investigation_team", "advice_from", "advice_at", "advice", "detained_or_waiting")
ACTION_KEYS = _keys("action", "remedy", "undertaking", "amount", "for_whom", "due_on")
# The row of the exceptional circumstances: a key names the exclusion as its field.
GROUNDS = "grounds"


def _grounds(situation: Situation) -> tuple[str, ...]:
    """Return a key for the exceptional circumstances of each exclusion that applies."""
    return tuple(f"{GROUNDS}.{rule}" for rule in situation.exclusions)


def _urgency(situation: Situation) -> tuple[str, ...]:
    """Return what else must be known where authority is asked of every case and no page of an exception asks it."""
    return ("case.detained_or_waiting",) if situation.wants_authority and not situation.exclusions else ()


STEPS: tuple[Step, ...] = (
    Step(
        "start",
        "Start",
        "Start",
        _keys("case", "crime_report_reference", "unit"),
        _keys("case", "crime_report_reference", "unit"),
    ),
    Step(
        "question",
        "The question you were asked",
        "The question you were asked",
        _keys("case", "reply"),
        _keys("case", "reply"),
        applies=lambda s: s.was_asked,
    ),
    Step(
        "incident",
        "Incident",
        "The incident",
        _keys(
            "case",
            "occurred_from",
            "occurred_to",
            "place",
            "borough",
            "circumstances_brief",
            "body_worn_video",
            "venue",
        ),
        _keys("case", "occurred_from", "place", "borough", "circumstances_brief", "venue"),
    ),
    Step("offences", "Offences", "Offences", rows="offence"),
    Step("circumstances", "Circumstances", "Circumstances", _CIRCUMSTANCES, _CIRCUMSTANCES),
    Step(
        "venue-arrangement",
        "Circumstances",
        "The local arrangement",
        _keys("case", "visitor_from_abroad", "lawful_at_home"),
        _keys("case", "visitor_from_abroad", "lawful_at_home"),
        applies=lambda s: s.at_listed_venue is True and s.weapon is True,
    ),
    Step(
        "offender",
        "Offender",
        "The offender",
        _keys(
            "offender",
            "first_names",
            "last_names",
            "born_on",
            "estimated_age",
            "estimated_age_reason",
            "sex",
            "self_defined_ethnicity",
            "officer_defined_ethnicity",
        ),
        _keys("offender", "last_names", "sex", "self_defined_ethnicity", "officer_defined_ethnicity"),
    ),
    Step(
        "offender-details",
        "Offender",
        "How to find the offender again",
        _keys(
            "offender",
            "address",
            "postcode",
            "phone",
            "email",
            "pnc_id",
            "cro_number",
            "occupation",
            "police_officer_or_staff",
            "warrant_number",
        ),
        _keys("offender", "police_officer_or_staff"),
    ),
    Step(
        "same-report",
        "Offender",
        "This may already be recorded",
        _keys("case", "same_report_answer"),
        _keys("case", "same_report_answer"),
        applies=lambda s: s.same_person_cases > 0,
    ),
    Step(
        "history",
        "History",
        "The offender's history",
        _keys("case", "pnc_checked", "pnc_checked_at", "local_checked", "local_checked_at", "has_earlier_disposals"),
        _keys("case", "pnc_checked", "local_checked", "has_earlier_disposals"),
    ),
    Step(
        "disposals",
        "History",
        "Earlier disposals",
        rows="disposal",
        applies=lambda s: s.has_earlier_disposals is True or s.disposals > 0,
    ),
    Step(
        "responsibility",
        "Responsibility",
        "Responsibility",
        _keys(
            "case",
            "accepts_responsibility",
            "admits_offence",
            "account",
            "agrees_to_take_part",
            "consequences_explained",
            "legal_advice_offered",
        ),
        _keys(
            "case",
            "accepts_responsibility",
            "admits_offence",
            "account",
            "agrees_to_take_part",
            "consequences_explained",
            "legal_advice_offered",
        ),
    ),
    Step(
        "seriousness",
        "Responsibility",
        "Evidence and seriousness",
        _keys("case", "evidence_sufficient", "less_serious", "gravity_score"),
        _keys("case", "evidence_sufficient", "less_serious", "gravity_score"),
    ),
    Step(
        "safeguards",
        "Safeguards",
        "Safeguards for the offender",
        _keys("offender", "mental_health_concern", "interpreter", "interpreter_language"),
        _keys("offender", "mental_health_concern", "interpreter"),
    ),
    Step(
        "professional",
        "Safeguards",
        "Mental health and capacity",
        _keys("offender", *_PROFESSIONAL),
        _keys("offender", "professional_consulted", "capacity_evident", "capacity_how"),
        applies=lambda s: s.mental_health_concern is True,
    ),
    Step(
        "appropriate-adult",
        "Safeguards",
        "Appropriate adult",
        _keys("offender", *_ADULT),
        _keys("offender", "appropriate_adult_present"),
        applies=lambda s: s.mental_health_concern is True or s.is_child is True,
    ),
    Step(
        "youth-justice",
        "Safeguards",
        "Youth justice service",
        _keys("case", "youth_justice_consulted", "youth_justice_name", "youth_justice_at", "youth_justice_advice"),
        _keys("case", "youth_justice_consulted"),
        applies=lambda s: s.is_child is True,
    ),
    Step("victims", "Victims", "Victims", rows="victim"),
    Step("actions", "Agreed actions", "Agreed actions", rows="action"),
    Step(
        "exception",
        "Exception",
        "The exception",
        _EXCEPTION,
        _EXCEPTION,
        applies=lambda s: bool(s.exclusions),
        more=_grounds,
    ),
    Step(
        "rationale",
        "Rationale",
        "Rationale",
        _keys("case", "rationale"),
        _keys("case", "rationale"),
        more=_urgency,
    ),
)
