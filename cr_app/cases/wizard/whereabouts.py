"""What every page of the record says besides its question: section, what is left, who changed it last, the early result."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from cr_app.cases import journey
from cr_app.cases.actions.answers import Saved
from cr_app.cases.presenting import notices_of
from cr_app.cases.wizard.early import early_result
from cr_app.cases.wizard.places import address_of, title_of
from cr_app.pages.moments import moment
from cr_app.policy.assessment import Verdict


@dataclass(frozen=True)
class Task:
    """One line of the task list."""

    title: str
    url: str
    status: str
    colour: str = ""
    hint: str = ""


_COLOURS = {journey.State.NOT_STARTED: "blue", journey.State.IN_PROGRESS: "light-blue"}


def context_of(saved: Saved, page: journey.Page | None) -> dict[str, Any]:
    """Return what the templates of the record share; `page` is the page shown, None on the task list."""
    case = saved.record.case
    left = journey.pages_left(saved.situation)
    before = journey.page_before(page, saved.situation) if page else None
    return {
        "case": case,
        "offender_name": saved.record.offender.name,
        # A page of questions tells what has just become void; the task list, and what ends the record, all of it.
        "notices": notices_of(case, is_brief=page is not None and page != journey.CHECK),
        "early": early_result(saved, page),
        "left": [title_of(each) for each in left if each != page],
        "changed": f"{moment(case.changed_at)} by {case.changed_by.title}",
        "caption": section_of(page),
        "back_url": address_of(case.reference, before) if before else reverse("case_record", args=[case.reference]),
        "tasks_url": reverse("case_record", args=[case.reference]),
    }


def section_of(page: journey.Page | None) -> str:
    """Return the section that a page belongs to."""
    if page is None:
        return ""
    if page.slug == journey.VICTIM_SAFEGUARDS:
        return "Victims"
    step = journey.step_named(page.slug)
    return step.section if step else ""


def tasks_of(saved: Saved) -> list[Task]:
    """Return the task list: a line a section, and check your answers, which cannot start before all else is done."""
    reference, situation = saved.record.case.reference, saved.situation
    tasks = []
    for section in journey.sections_of(situation):
        state = journey.section_state(section, situation)
        steps = [step for step in journey.steps_of(section) if step.applies(situation)]
        wanted = [step for step in steps if journey.state_of(step, situation) is not journey.State.COMPLETED]
        first = (wanted or steps)[0]
        hints = [step.title for step in wanted] if state is journey.State.IN_PROGRESS else []
        tasks.append(
            Task(
                title=section,
                url=address_of(reference, journey.Page(first.slug)),
                status=state.value,
                colour=_COLOURS.get(state, ""),
                hint=f"Left: {', '.join(hints).lower()}" if hints else "",
            )
        )
    verdict = saved.assessment.verdict
    is_complete = not journey.pages_left(situation) and verdict is not Verdict.NOT_AVAILABLE
    may_check = is_complete or verdict is Verdict.REFERRAL_REQUIRED
    state = journey.State.NOT_STARTED if may_check else journey.State.CANNOT_START
    tasks.append(
        Task(
            title="Check your answers and submit",
            url=address_of(reference, journey.CHECK) if may_check else "",
            status=state.value,
            colour=_COLOURS.get(state, ""),
        )
    )
    return tasks
