"""What the officer of a demo case answers on each page of the journey, as the page's form would hand it on."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from cr_app.cases import journey
from cr_app.cases.demo import stories
from cr_app.cases.demo.exceptions import ADVICE, ADVISERS, GROUNDS_FOR, TEAMS
from cr_app.cases.demo.figures import draw_year
from cr_app.cases.demo.plans import Plan, Scene
from cr_app.cases.demo.stories import BOROUGHS, RATIONALES, WISHES
from cr_app.cases.facts import brought_by_offences
from cr_app.cases.queries import Record
from cr_app.cases.questions import GROUNDS, QUESTIONS, Kind
from cr_app.reference.queries import offence_types

Answers = dict[str, Any]

_PASSED_ON = frozenset(
    {
        *(Kind.TEXT, Kind.REFERENCE, Kind.LONG, Kind.NAME, Kind.POSTCODE, Kind.PHONE, Kind.EMAIL),
        *(Kind.PNC, Kind.CRO),
    }
)
_ADULTS = ("Theresa Quill", "Desmond Achterberg", "Rukhsana Vale", "Pauline Mbeki-Stone")


def answers_of(
    page: journey.Page, plan: Plan, record: Record, keys: tuple[str, ...], *, at: datetime, asks_venue: bool
) -> Answers:
    """Return the answers of one page by its keys, every question of it answered or left empty as the form leaves it."""
    given = _PAGES[page.slug](plan, record, at)
    skipped = {f"case.{name}" for name in brought_by_offences(record)} if page.slug == "circumstances" else set()
    if not asks_venue:
        skipped.add("case.venue")
    answers: Answers = {}
    for key in keys:
        if key in skipped:
            continue
        if key.startswith(f"{GROUNDS}."):
            answers[key] = grounds_of(plan, key.removeprefix(f"{GROUNDS}."))
            continue
        question = QUESTIONS[key]
        answers[key] = given.get(question.field, "" if question.kind in _PASSED_ON else None)
    return answers


def offences_of(plan: Plan) -> list[Answers]:
    """Return the offences, the principal one first."""
    codes = [plan.story.code, *(stories.SPREE if plan.scene is Scene.FIVE_OFFENCES else ())]
    kinds = offence_types(codes)
    return [{"offence_type": kinds[code], "encouraging_or_assisting": False} for code in codes]


def victims_of(plan: Plan, *, at: datetime) -> list[Answers]:
    """Return the victims; none where nobody was harmed."""
    rng = plan.rng("victims")
    listed = []
    if plan.story.victim == "organisation":
        listed.append(_victim(plan, at, kind="organisation", organisation_name=plan.story.organisation))
    if plan.story.victim == "person" or plan.scene in (Scene.TWO_VICTIMS, Scene.THREE_VICTIMS, Scene.FIVE_OFFENCES):
        listed.append(
            _victim(
                plan,
                at,
                kind="person",
                first_names=plan.victim.first_names,
                last_names=plan.victim.last_names,
                contact=plan.victim.phone,
                mental_health_concern=False,
            )
        )
    if plan.scene is Scene.THREE_VICTIMS:
        listed.append(_victim(plan, at, kind="organisation", organisation_name="Bellweather Chemist"))
    if listed and plan.scene is Scene.OBJECTS:
        listed[0] |= {
            "agrees": False,
            "wishes": "I would rather it went to court.",
            "departure_reason": "The harm was slight, the offender has no history and apologised at the scene.",
        }
    elif listed and rng.random() < 0.15:
        listed[-1] |= {
            "consulted": False,
            "consulted_at": None,
            "consulted_how": None,
            "agrees": None,
            "wishes": "",
            "reason_not_consulted": "Three calls and a visit without an answer; a letter was left.",
        }
    return listed


def disposals_of(plan: Plan, *, at: datetime) -> list[Answers]:
    """Return what the offender was given before, in a year drawn as often as Community Resolutions were given in it."""
    rng = plan.rng("disposals")
    if plan.is_child or plan.story.code == "92/61" or rng.random() > 0.18:
        return []
    day = timezone.localdate(at).replace(year=draw_year(rng, until=timezone.localdate(at).year - 1), day=1)
    return [
        {
            "kind": rng.choice(("community_resolution", "penalty_notice", "caution", "conviction")),
            "given_on": day - timedelta(days=rng.randint(0, 25)),
            "offence_code": rng.choice(("46/00", "149/00", "125/12")),
        }
    ]


def actions_of(plan: Plan, record: Record, *, at: datetime) -> list[Answers]:
    """Return what was agreed, for the first victim where there is one."""
    rng = plan.rng("actions")
    victim = record.victims[0].pk if record.victims else None
    due = timezone.localdate(at) + timedelta(days=plan.due_after or rng.randint(7, 42))
    agreed = [
        {
            "remedy": plan.story.remedy,
            "undertaking": plan.story.undertaking,
            "amount": Decimal(plan.story.amount) if plan.story.amount else None,
            "due_on": due,
            "victim_id": victim,
        }
    ]
    to_all = plan.scene is Scene.THREE_VICTIMS
    if victim and plan.story.remedy != "apology":
        agreed += [
            {
                "remedy": "apology",
                "undertaking": "Write a letter of apology, handed over by the officer",
                "amount": None,
                "due_on": due,
                "victim_id": each.pk,
            }
            for each in record.victims[: None if to_all else 1]
        ]
    return agreed


def _victim(plan: Plan, at: datetime, **who: Any) -> Answers:
    rng = plan.rng("victim")
    answers: Answers = {
        QUESTIONS[key].field: "" if QUESTIONS[key].kind in _PASSED_ON else None for key in journey.VICTIM_KEYS
    }
    return answers | {
        "consulted": True,
        "consulted_at": at - timedelta(minutes=rng.randint(30, 300)),
        "consulted_how": rng.choice(("In person", "By phone", "By video call")),
        "agrees": True,
        "wishes": rng.choice(WISHES),
        **who,
    }


def _incident(plan: Plan, record: Record, at: datetime) -> Answers:
    rng = plan.rng("incident")
    began = timezone.localtime(at - timedelta(days=plan.days_ago, hours=rng.randint(2, 9)))
    began = began.replace(minute=rng.randrange(0, 60, 5), second=0, microsecond=0)
    ended = began + timedelta(minutes=rng.choice((10, 20, 45))) if rng.random() < 0.3 else None
    return {
        "occurred_from": began,
        "occurred_to": ended,
        "place": plan.story.place,
        "borough": "Westminster"
        if plan.scene is Scene.PARLIAMENT
        else rng.choice(BOROUGHS["46" if plan.is_of_kent else "01"]),
        "circumstances_brief": plan.story.brief,
        "body_worn_video": f"BWV-{rng.randint(100000, 999999)}" if rng.random() < 0.6 else "",
        "venue": plan.story.venue,
    }


def _circumstances(plan: Plan, record: Record, at: datetime) -> Answers:
    names = ("domestic_abuse", "intimate_partner", "hate_crime", "sexual", "firearm", "weapon_or_blade")
    return {name: name in plan.story.flags for name in names}


def _offender(plan: Plan, record: Record, at: datetime) -> Answers:
    person, rng = plan.person, plan.rng("offender")
    answers: Answers = {
        "first_names": person.first_names,
        "last_names": person.last_names,
        "sex": person.sex,
        "self_defined_ethnicity": person.self_defined_ethnicity,
        "officer_defined_ethnicity": person.officer_defined_ethnicity,
    }
    if not person.pnc_id and not plan.is_child and rng.random() < 0.1:
        return answers | {"estimated_age": person.age, "estimated_age_reason": "No document; gave two different dates."}
    return answers | {"born_on": person.born_on(timezone.localdate(at))}


def _details(plan: Plan, record: Record, at: datetime) -> Answers:
    person = plan.person
    is_police = plan.scene is Scene.POLICE
    return {
        "address": person.address,
        "postcode": person.postcode,
        "phone": person.phone,
        "email": person.email,
        "pnc_id": person.pnc_id,
        "cro_number": person.cro_number,
        "occupation": "Police constable" if is_police else person.occupation,
        "police_officer_or_staff": is_police,
        "warrant_number": "8812" if is_police else None,
    }


def _history(plan: Plan, record: Record, at: datetime) -> Answers:
    checked = at - timedelta(minutes=plan.rng("history").randint(5, 55))
    return {
        "pnc_checked": True,
        "pnc_checked_at": checked,
        "local_checked": True,
        "local_checked_at": checked + timedelta(minutes=4),
        "has_earlier_disposals": bool(disposals_of(plan, at=at)),
    }


def _responsibility(plan: Plan, record: Record, at: datetime) -> Answers:
    return {
        "accepts_responsibility": True,
        "admits_offence": plan.rng("responsibility").random() < 0.9,
        "account": plan.story.account,
        "agrees_to_take_part": plan.scene is not Scene.DECLINES,
        "consequences_explained": True,
        "legal_advice_offered": True,
    }


def _seriousness(plan: Plan, record: Record, at: datetime) -> Answers:
    return {"evidence_sufficient": True, "less_serious": True, "gravity_score": plan.story.gravity}


def _safeguards(plan: Plan, record: Record, at: datetime) -> Answers:
    needs_interpreter = plan.rng("safeguards").random() < 0.08
    return {
        "mental_health_concern": plan.has_concern,
        "interpreter": needs_interpreter,
        "interpreter_language": "Romanian, by telephone with an accredited interpreter" if needs_interpreter else "",
    }


def _professional(plan: Plan, record: Record, at: datetime) -> Answers:
    evident = plan.scene is not Scene.NO_CAPACITY
    return {
        "professional_consulted": "yes",
        "professional_name": "Ifeoma Strand",
        "professional_role": "Liaison and diversion practitioner",
        "professional_at": at - timedelta(minutes=40),
        "professional_advice": "Known to the community team, engaged with treatment. Explain slowly and check.",
        "capacity_evident": evident,
        "capacity_how": "Explained in their own words what was agreed and what happens otherwise."
        if evident
        else "Could not say what a Community Resolution is after three explanations.",
    }


def _appropriate_adult(plan: Plan, record: Record, at: datetime) -> Answers:
    rng = plan.rng("adult")
    return {
        "appropriate_adult_present": True,
        "appropriate_adult_name": adult_of(plan),
        "appropriate_adult_relationship": rng.choice(("Aunt", "Foster carer", "Scheme volunteer", "Social worker")),
        "appropriate_adult_contact": f"07700 900{rng.randint(0, 999):03d}",
        "appropriate_adult_is": "none",
        "appropriate_adult_from": at - timedelta(minutes=25),
        "appropriate_adult_to": None,
    }


def adult_of(plan: Plan) -> str:
    """Return the name of the appropriate adult, on the page and at issue."""
    return plan.rng("adult's name").choice(_ADULTS)


def _youth_justice(plan: Plan, record: Record, at: datetime) -> Answers:
    return {
        "youth_justice_consulted": True,
        "youth_justice_name": "Callisto Brandreth",
        "youth_justice_at": at - timedelta(minutes=90),
        "youth_justice_advice": "Not known to the service. Supports an informal outcome; offers the prevention team.",
    }


def grounds_of(plan: Plan, rule: str) -> str:
    """Return the exceptional circumstances that the officer writes for an exclusion."""
    return plan.rng(f"grounds {rule}").choice(GROUNDS_FOR.get(rule, GROUNDS_FOR[""]))


def _is_waiting(plan: Plan) -> bool:
    return plan.rng("waiting").random() < 0.4


def _exception(plan: Plan, record: Record, at: datetime) -> Answers:
    rng = plan.rng("exception")
    return {
        "investigation_team": rng.choice(TEAMS["46" if plan.is_of_kent else "01"]),
        "advice_from": rng.choice(ADVISERS),
        "advice_at": at - timedelta(minutes=rng.randint(6, 50)),
        "advice": rng.choice(ADVICE),
        "detained_or_waiting": _is_waiting(plan),
    }


_PAGES: dict[str, Callable[[Plan, Record, datetime], Answers]] = {
    "incident": _incident,
    "circumstances": _circumstances,
    "venue-arrangement": lambda plan, record, at: {"visitor_from_abroad": True, "lawful_at_home": True},
    "offender": _offender,
    "offender-details": _details,
    "same-report": lambda plan, record, at: {"same_report_answer": "separate"},
    "history": _history,
    "responsibility": _responsibility,
    "seriousness": _seriousness,
    "safeguards": _safeguards,
    "professional": _professional,
    "appropriate-adult": _appropriate_adult,
    "youth-justice": _youth_justice,
    "exception": _exception,
    "rationale": lambda plan, record, at: {
        "rationale": plan.rng("rationale").choice(RATIONALES),
        "detained_or_waiting": _is_waiting(plan),
    },
}
