"""What officers answer in the tests' cases: plain stories, with no case made yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

Answers = dict[str, Any]
SHOP_THEFT, CANNABIS, KNIFE, ROBBERY = "46/00", "92/61", "8/26", "34/01"
REPORT = "2312345/26"
HOLLOWAY = "Holloway Stores"


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


def exception(**changed: Any) -> Answers:
    """Return who was asked about an exception, what they advised, and that nobody waits; only an excluded case is asked."""
    return {
        "investigation_team": "Camden CID",
        "advice_from": "Detective Sergeant Ola Ward",
        "advice_at": hours_ago(1),
        "advice": "Supports it: surrendered at once, and no history of violence.",
        "detained_or_waiting": False,
    } | changed


def grounds(**changed: str) -> Answers:
    """Return the exceptional circumstances by key, for each exclusion that there is."""
    circumstances = {
        "weapon-or-blade": "A fishing knife left in a bag, handed over before any search.",
        "hate-crime": "Said once in anger and taken back; the person insulted wants an apology and nothing more.",
        "domestic-abuse": "Brothers in their sixties, a single push, no earlier call; the victim asks for this.",
        "sexual-offence": "One message, withdrawn and apologised for within the hour.",
        "firearm": "A broken toy, carried to a fancy dress party.",
        "indictable-only": "A cap pulled off and given back: robbery in law and a prank in fact.",
    } | {rule.replace("_", "-"): said for rule, said in changed.items()}
    return {f"grounds.{rule}": said for rule, said in circumstances.items()}


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
        **exception(),
        # Only where the case was returned with a question.
        "reply": "The security guard, before anybody else.",
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
        | safeguards()
        | grounds(),
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


def knife_and_hate() -> Story:
    """Return a blade shown to somebody with an insult: two exclusions at once."""
    return knife().but(victims=(person(),), actions=(apology(),)).answering({"case.hate_crime": True})


def domestic() -> Story:
    """Return a theft from a member of the family: domestic abuse."""
    return shop_theft().but(victims=(person(),), actions=(apology(),)).answering({"case.domestic_abuse": True})


def kent() -> Story:
    """Return a theft from a shop in Kent, where every case needs authority, by somebody who waits at the counter."""
    return (
        shop_theft()
        .but(report="46/60001/26")
        .answering(
            {
                "case.place": "Pennyfold Stores, High Street",
                "case.borough": "Maidstone",
                "case.detained_or_waiting": True,
            }
        )
    )


def robbery() -> Story:
    """Return a cap pulled off and given back: triable only on indictment, so excluded everywhere."""
    return shop_theft().but(offences=(ROBBERY,), victims=(person(),), actions=(apology(),))


def knife_at_parliament() -> Story:
    """Return a visitor's blade at Parliament, legal at home: exempt."""
    return knife().answering(
        {"case.venue": "houses-of-parliament", "case.visitor_from_abroad": True, "case.lawful_at_home": True}
    )


def police() -> Story:
    """Return a shop theft by a police officer: a matter for professional standards."""
    return shop_theft().answering({"offender.police_officer_or_staff": True, "offender.warrant_number": "5555"})


def police_knife() -> Story:
    """Return a police officer's blade: a referral first, and authority if that finds it suitable."""
    return knife().answering({"offender.police_officer_or_staff": True, "offender.warrant_number": "5555"})


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
