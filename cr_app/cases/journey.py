"""The ordered steps of recording a case, which of them apply, and what is left: pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """How far a step has got, as the task list says it."""

    NOT_STARTED = "Not started"
    IN_PROGRESS = "In progress"
    CANNOT_START = "Cannot start yet"
    COMPLETED = "Completed"


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

    `answered` holds the keys (row.field) of every answer given; the counts are of rows added.
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


@dataclass(frozen=True)
class Step:
    """One page of questions: its keys, those that must be answered for it to be done, and when it applies."""

    slug: str
    section: str
    title: str
    keys: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    applies: Callable[[Situation], bool] = field(default=lambda situation: True)
    rows: str = ""


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
ACTION_KEYS = _keys("action", "remedy", "undertaking", "amount", "for_whom", "due_on")

STEPS: tuple[Step, ...] = (
    Step(
        "start",
        "Start",
        "Start",
        _keys("case", "crime_report_reference", "unit"),
        _keys("case", "crime_report_reference", "unit"),
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
    Step("rationale", "Rationale", "Rationale", _keys("case", "rationale"), _keys("case", "rationale")),
)
STEP = {step.slug: step for step in STEPS}
SECTIONS: tuple[str, ...] = tuple(dict.fromkeys(step.section for step in STEPS))


@dataclass(frozen=True)
class Page:
    """One page of the path: a step, or the safeguards of one victim (`item` is its row)."""

    slug: str
    item: int | None = None


CHECK = Page("check")
VICTIM_SAFEGUARDS = "victim-safeguards"


def step_named(slug: str) -> Step | None:
    """Return the step of that slug, or None for one that does not exist."""
    return STEP.get(slug)


def steps_of(section: str) -> tuple[Step, ...]:
    """Return the steps of a section in order."""
    return tuple(step for step in STEPS if step.section == section)


def is_done(step: Step, situation: Situation) -> bool:
    """Tell whether everything the step must have is there."""
    if step.rows == "offence":
        return situation.offences > 0
    if step.rows == "disposal":
        return situation.disposals > 0
    if step.rows == "action":
        return situation.actions > 0 or situation.has_no_actions is True
    if step.rows == "victim":
        if situation.has_no_victim is True:
            return True
        return bool(situation.victims) and all(victim.is_complete for victim in situation.victims)
    answered = situation.answered | situation.brought_by_offence
    if step.slug == "offender" and not {"offender.born_on", "offender.estimated_age"} & answered:
        return False
    return all(key in answered for key in step.needs)


def is_begun(step: Step, situation: Situation) -> bool:
    """Tell whether anything of the step has been answered."""
    counts = {"offence": situation.offences, "disposal": situation.disposals, "action": situation.actions}
    if step.rows == "victim":
        return bool(situation.victims)
    if step.rows:
        return counts[step.rows] > 0
    return any(key in situation.answered for key in step.keys)


def path(situation: Situation) -> tuple[Page, ...]:
    """Return the pages that apply, in order, with the safeguards page of each victim who needs one; check comes last."""
    pages: list[Page] = []
    for step in STEPS:
        if not step.applies(situation):
            continue
        pages.append(Page(step.slug))
        if step.rows == "victim" and situation.has_no_victim is not True:
            pages += [Page(VICTIM_SAFEGUARDS, victim.pk) for victim in situation.victims if victim.needs_safeguards]
    return (*pages, CHECK)


def page_is_done(page: Page, situation: Situation) -> bool:
    """Tell whether a page of the path needs nothing more; check is never done."""
    if page.slug == VICTIM_SAFEGUARDS:
        return any(victim.pk == page.item and victim.safeguards_complete for victim in situation.victims)
    step = step_named(page.slug)
    return step is not None and is_done(step, situation)


def next_page(after: Page, situation: Situation) -> Page:
    """Return the first page after `after` that is not done; else the first not done at all; else check."""
    pages = path(situation)
    start = pages.index(after) + 1 if after in pages else _place_of(after, pages)
    ordered = (*pages[start:], *pages[:start])
    return next((page for page in ordered if page != CHECK and not page_is_done(page, situation)), CHECK)


def _place_of(page: Page, pages: tuple[Page, ...]) -> int:
    """Return where a page that no longer applies would have stood."""
    order = [
        slug for step in STEPS for slug in ([step.slug, VICTIM_SAFEGUARDS] if step.rows == "victim" else [step.slug])
    ]
    if page.slug not in order:
        return 0
    passed = set(order[: order.index(page.slug) + 1])
    return sum(1 for candidate in pages if candidate.slug in passed)


def page_before(page: Page, situation: Situation) -> Page | None:
    """Return the page before `page` on the path, for Back; None before the first."""
    pages = path(situation)
    place = pages.index(page) if page in pages else _place_of(page, pages)
    return pages[place - 1] if place > 0 else None


def state_of(step: Step, situation: Situation) -> State:
    """Return how far a step has got."""
    pages = [page for page in path(situation) if page.slug == VICTIM_SAFEGUARDS] if step.rows == "victim" else []
    if is_done(step, situation) and all(page_is_done(page, situation) for page in pages):
        return State.COMPLETED
    return State.IN_PROGRESS if is_begun(step, situation) else State.NOT_STARTED


def section_state(section: str, situation: Situation) -> State:
    """Return how far a section has got, counting only the steps that apply."""
    states = {state_of(step, situation) for step in steps_of(section) if step.applies(situation)}
    if states == {State.COMPLETED}:
        return State.COMPLETED
    return State.NOT_STARTED if states == {State.NOT_STARTED} else State.IN_PROGRESS


def pages_left(situation: Situation) -> tuple[Page, ...]:
    """Return the pages of the path that still need something, in order."""
    return tuple(page for page in path(situation) if page != CHECK and not page_is_done(page, situation))
