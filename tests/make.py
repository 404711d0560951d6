"""Cases for tests, made by the same actions as the pages call: plain functions, each a small story.

`complete_shop_theft` and the other `complete_*` leave a draft with every page done; `submitted` and `issued` go on from
there. Every one returns the case's reference. All need the cast's tables, so a test takes the `cast` fixture.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
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

Answers = dict[str, Any]
SHOP_THEFT, CANNABIS, KNIFE = "46/00", "92/61", "8/26"
REPORT = "2312345/26"
HOLLOWAY = "Holloway Stores"


@contextmanager
def undone() -> Iterator[None]:
    """Undo whatever happens within, so that many attempts start from one case."""
    block = transaction.atomic()
    # As in a TestCase: what the code under test holds to be outermost may begin in here.
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


def hours_ago(hours: float) -> datetime:
    """Return a moment before now, to the minute as pages ask it."""
    return (timezone.now() - timedelta(hours=hours)).replace(second=0, microsecond=0)


def birthday(age: int, *, tomorrow: bool = False) -> date:
    """Return a date of birth by which a person is `age` today, or becomes it tomorrow; never the end of February."""
    day = timezone.localdate() + timedelta(days=int(tomorrow))
    return date(day.year - age, day.month, day.day if (day.month, day.day) != (2, 29) else 28)


@dataclass(frozen=True)
class Story:
    """What an officer answers: by key on the pages that ask once, and row by row where a page repeats."""

    answers: Answers
    offences: Sequence[str] = (SHOP_THEFT,)
    victims: Sequence[Answers] = ()
    actions: Sequence[Answers] = ()
    disposals: Sequence[Answers] = ()
    report: str = REPORT
    victim_safeguards: Answers = field(default_factory=dict)

    def but(self, **changed: Any) -> "Story":
        """Return the same story, with some parts told otherwise."""
        return replace(self, **changed)

    def answering(self, answers: Mapping[str, Any]) -> "Story":
        """Return the same story with other answers to these keys."""
        return replace(self, answers={**self.answers, **answers})


def shop(**changed: Any) -> Answers:
    """Return an organisation as a victim that was consulted and agrees."""
    return {
        "kind": "organisation",
        "organisation_name": HOLLOWAY,
        "first_names": "Ines",
        "last_names": "Okafor",
        "contact": "020 7946 0011",
        "warrant_number": "",
        "consulted": True,
        "consulted_at": hours_ago(1),
        "consulted_how": "In person",
        "reason_not_consulted": None,
        "agrees": True,
        "wishes": "The money back, and not to see it happen again.",
        "departure_reason": "",
        "mental_health_concern": None,
    } | changed


def person(**changed: Any) -> Answers:
    """Return a person as a victim that was consulted and agrees."""
    return shop(
        kind="person", organisation_name=None, first_names="Noor", last_names="Haddad", mental_health_concern=False
    ) | (changed)


def apology(**changed: Any) -> Answers:
    """Return an apology as an agreed action, for the community unless it says for whom."""
    return {
        "remedy": "apology",
        "undertaking": "Write a letter of apology",
        "amount": None,
        "victim_id": None,
        "due_on": timezone.localdate() + timedelta(days=14),
    } | changed


def safeguards(prefix: str = "offender", **changed: Any) -> Answers:
    """Return the answers on a professional, capacity and an appropriate adult, by key."""
    answers = {
        "professional_consulted": "yes",
        "professional_name": "Dr Miriam Osei",
        "professional_role": "Liaison and diversion practitioner",
        **dict.fromkeys(("professional_at", "appropriate_adult_from"), hours_ago(2)),
        "professional_advice": "Can go on, with breaks.",
        "capacity_evident": True,
        "capacity_how": "Explained it back in plain words.",
        "appropriate_adult_present": True,
        "appropriate_adult_name": "Theresa Quill",
        "appropriate_adult_relationship": "Aunt",
        "appropriate_adult_contact": "07700 900123",
        "appropriate_adult_is": "none",
        "appropriate_adult_to": None,
    } | changed
    return {f"{prefix}.{name}": value for name, value in answers.items()}


def shop_theft() -> Story:
    """Return the plain story: an adult, one shop, an apology and £12.40 to pay back."""
    case: Answers = {
        "occurred_from": hours_ago(3),
        "place": "Holloway Stores, 12 Wells Row",
        "borough": "Camden",
        "circumstances_brief": "Took two bottles of squash and left without paying.",
        "body_worn_video": "BWV-77120",
        "venue": "none",
        **dict.fromkeys(("domestic_abuse", "intimate_partner", "hate_crime", "sexual", "firearm"), False),
        **dict.fromkeys(("weapon_or_blade", "visitor_from_abroad", "lawful_at_home"), False),
        "same_report_answer": "separate",
        **dict.fromkeys(("pnc_checked", "local_checked"), True),
        **dict.fromkeys(("pnc_checked_at", "local_checked_at"), hours_ago(1)),
        "has_earlier_disposals": False,
        **dict.fromkeys(("accepts_responsibility", "admits_offence"), True),
        "account": "I took them. I am sorry.",
        **dict.fromkeys(("agrees_to_take_part", "consequences_explained", "legal_advice_offered"), True),
        **dict.fromkeys(("evidence_sufficient", "less_serious"), True),
        "gravity_score": 2,
        "youth_justice_consulted": True,
        "youth_justice_name": "Camden Youth Justice",
        "youth_justice_at": hours_ago(1),
        "youth_justice_advice": "Known to nobody there.",
        "rationale": "A first offence of little value, admitted at once, and the shop wants it settled.",
    }
    offender: Answers = {
        "first_names": "Jade",
        "last_names": "Ransome",
        "born_on": birthday(30),
        "estimated_age": None,
        "estimated_age_reason": "",
        "sex": "female",
        "self_defined_ethnicity": "W1",
        "officer_defined_ethnicity": "IC1",
        "address": "Flat 4, Alder House",
        "postcode": "N7 8XX",
        "phone": "07700 900456",
        **dict.fromkeys(("email", "pnc_id", "cro_number", "interpreter_language"), ""),
        "occupation": "Baker",
        "police_officer_or_staff": False,
        "warrant_number": None,
        "mental_health_concern": False,
        "interpreter": False,
    }
    return Story(
        answers={f"case.{name}": value for name, value in case.items()}
        | {f"offender.{name}": value for name, value in offender.items()}
        | safeguards(),
        victims=(shop(),),
        actions=(
            apology(),
            apology(remedy="financial-compensation", undertaking="Pay for what was taken", amount=Decimal("12.40")),
        ),
        victim_safeguards=safeguards("victim"),
    )


def child() -> Story:
    """Return a shop theft by a person of 15: an appropriate adult is there, youth justice was consulted."""
    return shop_theft().answering({"offender.born_on": birthday(15)})


def knife() -> Story:
    """Return a blade in a public place: excluded unless authorised."""
    return shop_theft().but(offences=(KNIFE,), victims=(), actions=(apology(remedy="behaviour-agreement"),))


def knife_at_parliament() -> Story:
    """Return a visitor's blade at Parliament, legal at home: exempt."""
    return knife().answering(
        {"case.venue": "houses-of-parliament", "case.visitor_from_abroad": True, "case.lawful_at_home": True}
    )


def police() -> Story:
    """Return a shop theft by a police officer: a matter for professional standards."""
    return shop_theft().answering({"offender.police_officer_or_staff": True, "offender.warrant_number": "5555"})


def cannabis() -> Story:
    """Return possession of cannabis, for the first time, with no victim."""
    return shop_theft().but(
        offences=(CANNABIS,), victims=(), actions=(apology(remedy="structured-activity", undertaking="A course"),)
    )


def cannabis_again() -> Story:
    """Return possession of cannabis after a warning for it: no Community Resolution."""
    warned = {
        "kind": "cannabis_warning",
        "given_on": timezone.localdate() - timedelta(days=400),
        "offence_code": CANNABIS,
    }
    return cannabis().but(disposals=(warned,)).answering({"case.has_earlier_disposals": True})


def mental_health() -> Story:
    """Return a shop theft by a person with a mental health concern, with every safeguard in place."""
    return shop_theft().answering({"offender.mental_health_concern": True})


def two_victims() -> Story:
    """Return a theft from a shop and from a person with a mental health concern, who does not agree."""
    return shop_theft().but(
        victims=(
            shop(),
            person(mental_health_concern=True, agrees=False, departure_reason="Little value, admitted at once."),
        )
    )


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
    return seen_digest(record(reference), keys_of(page), page.item)


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
    """Record the story from the first page to the last, as the journey leads; returns a draft with nothing left."""
    reference = case(officer, report=story.report)
    answer_pages(reference, officer, story)
    return reference


def answer_pages(reference: str, officer: Officer, story: Story) -> list[journey.Page]:
    """Answer every page that is left, in the order the journey leads; returns the pages met."""
    met: list[journey.Page] = []
    now = saved(reference)
    while (page := journey.next_page(met[-1] if met else journey.Page("start"), now.situation)) != journey.CHECK:
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
    keys = keys_of(page)
    answers = {key: told[key] for key in keys if key in told and key not in left_out}
    seen_now = seen_digest(now.record, keys, page.item)
    return save_answers(reference, by=officer, page=page, answers=answers, seen=seen_now)


def _add_rows(now: Saved, officer: Officer, story: Story, name: str) -> Saved:
    reference = now.record.case.reference
    rows: dict[str, Sequence[Answers]] = {
        "offence": [offence(code) for code in story.offences],
        "disposal": story.disposals,
        "victim": story.victims,
        "action": story.actions,
    }
    if not rows[name]:
        return record_none(reference, by=officer, row=name)
    for answers in rows[name]:
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
