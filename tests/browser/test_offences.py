"""Stories that turn on the offence: cannabis a second time, a knife, a knife at a place with an arrangement."""

from uuid import uuid4

import pytest

from cr_app.pages.identifiers import check_letter
from tests.browser.authority import EXCEPTION
from tests.browser.journey import (
    IN_A_WEEK,
    SAVE,
    VENUE,
    WEAPON,
    Journey,
    Offence,
    Story,
    answers_without,
    shop_theft,
)
from tests.browser.making import Maker
from tests.browser.seat import Seat, When, yesterday

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-1")]

CANNABIS = Offence("cannabis", "Possession of cannabis (Class B)")
KNIFE = Offence("blade in public", "Having an article with a blade or point in a public place")
EARLIER = "Has the offender any earlier disposal that is not shown above?"


def without_victim(offence: Offence) -> Story:
    """An offence without a victim, answered by unpaid work."""
    story = shop_theft()
    story.offence = offence
    story.victims = [{"Who is the victim?": "There is no victim"}]
    story.actions = [
        {
            "What will the offender do?": "Do unpaid work for the neighbourhood",
            "In plain words, what exactly?": "Clear litter on the estate for a morning.",
            "For whom?": "The community",
            "By when?": IN_A_WEEK,
        }
    ]
    return story


def knife() -> Story:
    """A blade in a public place: the offence itself answers one circumstance."""
    story = without_victim(KNIFE)
    story.pages["circumstances"] = answers_without(story.pages["circumstances"], WEAPON)
    story.pages["exception"] = EXCEPTION
    return story


def test_cannabis_a_second_time_stops_on_an_earlier_local_case(amina: Seat, maker: Maker) -> None:
    serial = uuid4().int % 10**7
    pnc_id = f"2019/{serial:07}{check_letter(f'19{serial:07}')}"
    maker.issued("amina", "cannabis", offender__pnc_id=pnc_id)
    second = without_victim(CANNABIS)
    second.with_answers("offender-details", **{"PNC ID": pnc_id})
    again = Journey(amina, second)
    again.take_up(maker, "offender-details", told="cannabis")
    again.fill_until("result")
    assert amina.heading == "A Community Resolution cannot be given"
    assert amina.says("A Community Resolution is for a first offence only")


def test_cannabis_after_a_warning_stops(amina: Seat, maker: Maker) -> None:
    story = without_victim(CANNABIS)
    story.with_answers("history", **{EARLIER: "Yes"})
    story.disposals = [
        {
            "What kind of disposal?": "Cannabis or khat warning",
            "When was it given?": When(yesterday().on.replace(year=yesterday().on.year - 1, day=1)),
            "Home Office code of the offence, if known": "92/61",
        }
    ]
    journey = Journey(amina, story)
    journey.take_up(maker, "history", told="cannabis")
    journey.fill_until("result")
    assert amina.heading == "A Community Resolution cannot be given"
    assert amina.says("The offender has an earlier disposal for possession of cannabis.")


def test_a_visitors_knife_at_parliament_that_is_legal_at_home_goes_on(amina: Seat, maker: Maker) -> None:
    story = knife()
    story.with_answers("incident", **{VENUE: "Houses of Parliament"})
    story.pages["venue-arrangement"] = {
        "Is the offender a visitor from abroad?": "Yes",
        "Is the item legal in the offender's own country?": "Yes",
    }
    journey = Journey(amina, story)
    journey.start()
    journey.fill_until("offender")
    assert any("venue-arrangement" in path for path in journey.pages_shown)
    journey.have_answered(maker, told="knife_at_parliament")
    journey.submit()
    assert amina.says("Ready to issue")


def test_back_and_a_changed_offence_change_what_the_rules_say(amina: Seat, maker: Maker) -> None:
    journey = Journey(amina, knife())
    journey.take_up(maker, "offender", told="knife")
    amina.follow("Back")
    assert journey.slug == "circumstances"
    amina.follow("Back")
    assert journey.slug == "offences"
    amina.press("Add another offence")
    journey.choose_offence(shop_theft().offence)
    amina.open(journey.address("record/offences/"))
    amina.follow("Remove Having an article with a blade or point in a public place (8/26)")
    amina.press("Remove")
    amina.open(journey.address("record/"))
    assert not amina.says("This needs authority before it can be given")
    amina.open(journey.address("record/circumstances/"))
    amina.answer({WEAPON: "No"})
    amina.press(SAVE)
    journey.have_answered(maker)
    journey.submit()
    assert amina.says("Ready to issue")


def test_a_changed_age_brings_the_pages_of_a_child(amina: Seat, maker: Maker) -> None:
    journey = Journey(amina, shop_theft())
    journey.take_up(maker, "victims")
    amina.open(journey.address("record/offender/"))
    amina.answer({"Date of birth": When(yesterday().on.replace(year=yesterday().on.year - 15, day=1))})
    amina.press(SAVE)
    assert journey.slug in ("appropriate-adult", "youth-justice", "victims")
    amina.open(journey.address("record/"))
    assert amina.says("Left: appropriate adult, youth justice service")
