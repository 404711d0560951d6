"""The ordered pages of recording a case, which of them apply, and what is left: pure."""

from dataclasses import dataclass
from enum import StrEnum

from cr_app.cases.journey.steps import (
    ACTION_KEYS,
    DISPOSAL_KEYS,
    GROUNDS,
    OFFENCE_KEYS,
    STEPS,
    VICTIM_KEYS,
    VICTIM_SAFEGUARD_KEYS,
    Situation,
    Step,
    VictimSituation,
)

__all__ = [
    "ACTION_KEYS",
    "CHECK",
    "DISPOSAL_KEYS",
    "GROUNDS",
    "OFFENCE_KEYS",
    "QUESTION",
    "SECTIONS",
    "STEP",
    "STEPS",
    "VICTIM_KEYS",
    "VICTIM_SAFEGUARDS",
    "VICTIM_SAFEGUARD_KEYS",
    "Page",
    "Situation",
    "State",
    "Step",
    "VictimSituation",
    "is_begun",
    "is_done",
    "keys_for",
    "needs_for",
    "next_page",
    "page_before",
    "page_is_done",
    "pages_left",
    "path",
    "section_state",
    "sections_of",
    "state_of",
    "step_named",
    "steps_of",
]


class State(StrEnum):
    """How far a step has got, as the task list says it."""

    NOT_STARTED = "Not started"
    IN_PROGRESS = "In progress"
    CANNOT_START = "Cannot start yet"
    COMPLETED = "Completed"


STEP: dict[str, Step] = {step.slug: step for step in STEPS}
SECTIONS: tuple[str, ...] = tuple(dict.fromkeys(step.section for step in STEPS))


@dataclass(frozen=True)
class Page:
    """One page of the path: a step, or the safeguards of one victim (`item` is its row)."""

    slug: str
    item: int | None = None


CHECK = Page("check")
QUESTION = Page("question")
VICTIM_SAFEGUARDS = "victim-safeguards"


def step_named(slug: str) -> Step | None:
    """Return the step of that slug, or None for one that does not exist."""
    return STEP.get(slug)


def steps_of(section: str) -> tuple[Step, ...]:
    """Return the steps of a section in order."""
    return tuple(step for step in STEPS if step.section == section)


def sections_of(situation: Situation) -> tuple[str, ...]:
    """Return the sections that a case has, in order: those with a step that applies."""
    return tuple(section for section in SECTIONS if any(step.applies(situation) for step in steps_of(section)))


def keys_for(step: Step, situation: Situation) -> tuple[str, ...]:
    """Return the keys that a step asks of this case; the exception asks its grounds first, an exclusion a key."""
    more = step.more(situation) if step.more else ()
    return (*more, *step.keys) if step.slug == "exception" else (*step.keys, *more)


def needs_for(step: Step, situation: Situation) -> tuple[str, ...]:
    """Return the keys that must be answered in this case for a step to be done."""
    return (*step.needs, *(step.more(situation) if step.more else ()))


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
    return all(key in answered for key in needs_for(step, situation))


def is_begun(step: Step, situation: Situation) -> bool:
    """Tell whether anything of the step has been answered."""
    counts = {"offence": situation.offences, "disposal": situation.disposals, "action": situation.actions}
    if step.rows == "victim":
        return bool(situation.victims)
    if step.rows:
        return counts[step.rows] > 0
    return any(key in situation.answered for key in keys_for(step, situation))


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
    """Return how far a section has got, counting only the steps that apply; where none does, nothing is left of it."""
    states = {state_of(step, situation) for step in steps_of(section) if step.applies(situation)}
    if states <= {State.COMPLETED}:
        return State.COMPLETED
    return State.NOT_STARTED if states == {State.NOT_STARTED} else State.IN_PROGRESS


def pages_left(situation: Situation) -> tuple[Page, ...]:
    """Return the pages of the path that still need something, in order."""
    return tuple(page for page in path(situation) if page != CHECK and not page_is_done(page, situation))
