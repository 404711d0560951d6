"""A case that is full of canaries: every name, address, number and free text tells whose or which it is."""

import re
from datetime import date
from decimal import Decimal

from cr_app.accounts.models import Officer
from cr_app.cases.models import Victim
from tests import make
from tests.make_stories import Answers, Story

BORN = {"adult": date(1996, 5, 3), "child": make.birthday(15)}
SHOP, FIRST, SECOND = "shop", "first", "second"

# Whatever gives somebody away, as it is found in a text of letters and figures alone.
OFFENDER = (
    "jorvane",
    "skellick",
    "tamberlyhouse",
    "ferrowbyrow",
    "e94qz",
    "7700900456",
    "mailexample",
    "123456a",
    "98765",
)
OFFENDERS_ADULT = ("theresa", "quill", "7700900123")
PARTIES = {
    SHOP: ("zelphine", "marrowick", "2079460011"),
    FIRST: ("brannoch", "tillwether", "gosbeck", "7700900111", "8123097"),
    SECOND: ("ysolde", "vantrepp", "vantreppexample"),
}
SHOPS_NAME = "quorvane"
OTHERS = ("odile", "pendrake", "7700900222", "ashgrove", "ottermill", "bwvcanary")


def gossip(marker: str, kind: str) -> str:
    """Return what an officer might type who types too much, headed by what tells in which field it stands."""
    born = BORN[kind]
    return (
        f"Canary{marker}. Mr Skellick, 31 Ferrowby Row, E94QZ, 07700900456, jorvane@mail.example, born "
        f"{born.day}/{born.month}/{born.year % 100:02}, PNC 12/123456A, CRO 98765/12X; Zelphine Marrowick 02079460011; brannoch "
        "tillwether of Gosbeck Lane, +44 7700 900111, no 8123097; Ms Vantrepp, ysolde@vantrepp.example; O. Pendrake "
        "07700 900222; Dr Ashgrove; T Quill 07700 900123; at 77 Ottermill Road, BWV-CANARY"
    )


def story(kind: str) -> Story:
    """Return the story of an adult or a child and of a shop and two persons, whose names are put beside each other."""
    told = {
        name: gossip(name.split(".")[1].replace("_", ""), kind)
        for name in ("case.circumstances_brief", "case.account", "case.rationale", "case.youth_justice_advice")
    }
    whole = make.shop_theft().answering(
        {
            **told,
            "case.place": "Cribbage Arcade, 77 Ottermill Road",
            "case.body_worn_video": "BWV-CANARY",
            "offender.first_names": "Jorvane",
            "offender.last_names": "Skellick",
            "offender.born_on": BORN[kind],
            "offender.address": "Flat 9, Tamberly House\n31 Ferrowby Row",
            "offender.postcode": "E9 4QZ",
            "offender.phone": "07700 900456",
            "offender.email": "jorvane@mail.example",
            "offender.pnc_id": "2012/0123456A",
            "offender.cro_number": "98765/12X",
            "offender.occupation": "Canaryoccupation",
            # An adult has an appropriate adult too.
            "offender.mental_health_concern": True,
        }
    )
    safeguards = make.safeguards(
        "victim",
        professional_name="Dr Corwin Ashgrove",
        professional_advice=gossip("professionaladvice", kind),
        capacity_how=gossip("capacityhow", kind),
        appropriate_adult_name="Odile Pendrake",
        appropriate_adult_contact="07700 900222",
    )
    return whole.but(victims=_victims(kind), actions=(), victim_safeguards=safeguards)


def _victims(kind: str) -> tuple[Answers, ...]:
    def texts(which: str) -> Answers:
        return {
            "wishes": gossip(f"wishes{which}", kind),
            "departure_reason": gossip(f"departure{which}", kind),
            "consulted_how": f"Canaryhow{which}",
            "agrees": False,
        }

    return (
        make.shop(
            organisation_name="Quorvane Stores",
            first_names="Zelphine",
            last_names="Marrowick",
            contact="020 7946 0011",
            **texts(SHOP),
        ),
        make.person(
            first_names="Brannoch",
            last_names="Tillwether",
            contact="07700 900111, 12 Gosbeck Lane",
            warrant_number="8123097",
            **texts(FIRST),
        ),
        make.person(
            first_names="Ysolde",
            last_names="Vantrepp",
            contact="ysolde@vantrepp.example",
            mental_health_concern=True,
            **texts(SECOND),
        ),
    )


def issued(officer: Officer, kind: str) -> str:
    """Issue the case of an adult or a child, with an action for each victim and one for nobody in particular."""
    reference = make.case(officer)
    told = story(kind)
    make.answer_pages(reference, officer, told.but(actions=(make.apology(undertaking=gossip("fornobody", kind)),)))
    for name, victim in victims(reference).items():
        undertaking = gossip(f"for{name}", kind)
        action = make.apology(
            remedy="financial-compensation", undertaking=undertaking, amount=Decimal("12.40"), victim_id=victim.pk
        )
        make.row(reference, officer, "action", action)
    make.submit_it(reference, officer)
    make.issue_it(reference, officer)
    return reference


def victims(reference: str) -> dict[str, Victim]:
    """Return the victims by name of the canary."""
    return dict(zip((SHOP, FIRST, SECOND), make.record(reference).victims, strict=True))


def plain(text: str) -> str:
    """Return a text of small letters and figures alone, as PDFs break lines where they like."""
    return re.sub(r"[\W_]", "", text.casefold())


def days_of_birth(kind: str) -> tuple[str, ...]:
    """Return the date of birth in the shapes in which a sheet might have it."""
    born = BORN[kind]
    return (
        f"{born.day}/{born.month}/{born.year % 100:02}",
        f"{born:%d/%m/%Y}",
        f"{born:%Y-%m-%d}",
        f"{born.day} {born:%B %Y}",
    )
