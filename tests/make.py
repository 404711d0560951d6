"""Cases for tests, made by the same actions as the pages call: plain functions, each a small story.

`complete_shop_theft` and the other `complete_*` leave a draft with every page done; `submitted` and `issued` go on from
there. Every one returns the case's reference. All need the cast's tables, so a test takes the `cast` fixture. The
stories themselves are in `make_stories`, and may be told from here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.cases import journey
from cr_app.cases.actions.answers import (
    Saved,
    add_row,
    keys_of,
    read_case,
    record_none,
    save_answers,
    seen_digest,
)
from cr_app.cases.actions.issue import SentBack, Signatures, issue, needs_appropriate_adult
from cr_app.cases.actions.start import start_case
from cr_app.cases.actions.submission import prepare_review, submit
from cr_app.cases.facts import brought_by_offences
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case, Snapshot
from cr_app.cases.queries import Record, whole_cases
from cr_app.reference.models import OffenceType
from tests import make_again
from tests.make_stories import (
    CANNABIS,
    HOLLOWAY,
    KNIFE,
    REPORT,
    ROBBERY,
    SHOP_THEFT,
    Answers,
    Story,
    apology,
    birthday,
    cannabis,
    cannabis_again,
    child,
    domestic,
    exception,
    grounds,
    hours_ago,
    kent,
    knife,
    knife_and_hate,
    knife_at_parliament,
    mental_health,
    person,
    police,
    police_knife,
    robbery,
    safeguards,
    shop,
    shop_theft,
    two_victims,
)

__all__ = [
    "CANNABIS",
    "HOLLOWAY",
    "KNIFE",
    "REPORT",
    "ROBBERY",
    "SHOP_THEFT",
    "Answers",
    "Story",
    "apology",
    "birthday",
    "cannabis",
    "cannabis_again",
    "child",
    "domestic",
    "exception",
    "grounds",
    "hours_ago",
    "kent",
    "knife",
    "knife_and_hate",
    "knife_at_parliament",
    "mental_health",
    "person",
    "police",
    "police_knife",
    "robbery",
    "safeguards",
    "shop",
    "shop_theft",
    "two_victims",
]


@contextmanager
def undone() -> Iterator[None]:
    """Undo whatever happens within, so that many attempts start from one case."""
    block = transaction.atomic()
    # As in a TestCase: what the code under test holds to be outermost may begin in here.
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


def read(reference: str) -> Case:
    """Return the case as the tables hold it now."""
    return whole_cases().get(reference=reference)


def record(reference: str) -> Record:
    """Return the case with its rows as the tables hold them now."""
    return Record(read(reference))


def saved(reference: str) -> Saved:
    """Return the case with its situation and what the rules say today."""
    return read_case(read(reference), at=timezone.now())


def case(officer: Officer, *, report: str = REPORT) -> str:
    """Start a draft in which nothing is answered but the report and the unit."""
    return start_case(by=officer, crime_report_reference=report, unit_id=officer.unit_id, token=uuid4())


def seen(reference: str, page: journey.Page) -> str:
    """Return what a page of the case, opened now, would send back."""
    found = record(reference)
    return seen_digest(found, keys_of(page, found, on=timezone.localdate()), page.item)


def answer(reference: str, officer: Officer, slug: str, item: int | None = None, **answers: Any) -> Saved:
    """Save answers of one page as its officer, opened just now; `case__place="…"` is the key case.place."""
    page = journey.Page(slug, item)
    return save_answers(
        reference,
        by=officer,
        page=page,
        answers={key.replace("__", "."): value for key, value in answers.items()},
        seen=seen(reference, page),
    )


def row(reference: str, officer: Officer, name: str, answers: Answers) -> int:
    """Add a row and return its key."""
    return add_row(reference, by=officer, row=name, answers=answers, token=uuid4())[1]


def offence(code: str = SHOP_THEFT, *, encouraging_or_assisting: bool = False) -> Answers:
    """Return an offence as a row's answers."""
    kind = OffenceType.objects.get(code=code)
    return {"offence_type": kind, "encouraging_or_assisting": encouraging_or_assisting}


def complete(officer: Officer, story: Story) -> str:
    """Record the story from the first page to the last, as the journey leads; returns a draft with nothing left.

    The first of a kind goes through the actions; the next has the same written as `make_again` has read it.
    """
    reference = case(officer, report=story.report)
    kind = make_again.kind_of(officer, story)
    if not make_again.record_as_before(kind, reference, officer, story):
        answer_pages(reference, officer, story)
        make_again.learn(kind, reference)
    return reference


def answer_pages(reference: str, officer: Officer, story: Story, *, until: str = "check") -> list[journey.Page]:
    """Answer every page that is left, in the order the journey leads, until one of this slug; returns the pages met."""
    met: list[journey.Page] = []
    now = saved(reference)
    while (page := journey.next_page(met[-1] if met else journey.Page("start"), now.situation)).slug != until:
        assert page not in met, f"{page} is asked again"
        met.append(page)
        now = _answer_page(now, officer, story, page)
    return met


def _answer_page(now: Saved, officer: Officer, story: Story, page: journey.Page) -> Saved:
    reference = now.record.case.reference
    step = journey.step_named(page.slug)
    if step is not None and step.rows:
        return _add_rows(now, officer, story, step.rows)
    told = story.victim_safeguards if page.slug == journey.VICTIM_SAFEGUARDS else story.answers
    left_out = {f"case.{name}" for name in brought_by_offences(now.record)}
    left_out |= {"case.venue"} & now.situation.answered
    keys = keys_of(page, now.record, on=timezone.localdate())
    answers = {key: told[key] for key in keys if key in told and key not in left_out}
    seen_now = seen_digest(now.record, keys, page.item)
    # As the page does, which has just read the case.
    return save_answers(reference, by=officer, page=page, answers=answers, seen=seen_now, read=now.record)


def _add_rows(now: Saved, officer: Officer, story: Story, name: str) -> Saved:
    reference = now.record.case.reference
    rows = make_again.rows_of(story)[name]
    if not rows:
        return record_none(reference, by=officer, row=name)
    for answers in rows:
        now, _ = add_row(reference, by=officer, row=name, answers=answers, token=uuid4())
    return now


def complete_shop_theft(officer: Officer) -> str:
    """Return the reference of a plain case that may be submitted."""
    return complete(officer, shop_theft())


def reviewed(reference: str) -> str:
    """Return the digest that the review page of a draft shows now."""
    return prepare_review(read(reference), on=timezone.localdate()).digest


def submit_it(reference: str, officer: Officer) -> Status:
    """Submit a draft as its review page shows it now."""
    return submit(reference, by=officer, seen=reviewed(reference))


def submitted(officer: Officer, story: Story | None = None) -> str:
    """Return the reference of a case that was submitted: ready, awaiting authority or referred, as the story goes."""
    reference = complete(officer, story or shop_theft())
    submit_it(reference, officer)
    return reference


def referred_early(officer: Officer, story: Story | None = None) -> str:
    """Return the reference of a case that went to professional standards with nothing known but who the offender is."""
    told = story or police()
    reference = case(officer, report=told.report)
    for slug in ("offender", "offender-details"):
        _answer_page(saved(reference), officer, told, journey.Page(slug))
    submit_it(reference, officer)
    return reference


def signatures(reference: str, officer: Officer) -> Signatures:
    """Return every signature that the case needs now."""
    found = record(reference)
    needs_adult = needs_appropriate_adult(found, at=timezone.now())
    return Signatures(
        offender=found.offender.name,
        officer=officer.name,
        appropriate_adult="Theresa Quill" if needs_adult else "",
        appropriate_adult_at=timezone.now() if needs_adult else None,
    )


def frozen(reference: str) -> Snapshot:
    """Return the last snapshot."""
    return Snapshot.objects.filter(case__reference=reference).latest("number")


def issue_it(reference: str, officer: Officer) -> SentBack | None:
    """Issue a case that is ready, with every signature."""
    return issue(reference, by=officer, signatures=signatures(reference, officer), seen=frozen(reference).digest)


def issued(officer: Officer, story: Story | None = None) -> str:
    """Return the reference of a case that was issued."""
    reference = submitted(officer, story)
    assert issue_it(reference, officer) is None
    return reference
