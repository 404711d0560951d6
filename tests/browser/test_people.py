"""Stories that turn on who the people are: a child, mental health, police, several victims."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.browser.journey import (
    CHILD_SIGNS,
    CONCERN,
    IN_A_WEEK,
    Journey,
    Story,
    person_victim,
    shop_theft,
    shop_victim,
)
from tests.browser.making import Maker
from tests.browser.seat import Answers, Seat, When, yesterday

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-2")]

POLICE = "Is the offender a police officer or a member of police staff?"


def _adult_of(who: str) -> Answers:
    return {
        "Is an appropriate adult present?": "Yes",
        "Name of the appropriate adult": "Ruth Okoye",
        f"What are they to the {who}?": "Mother",
        "Phone number or e-mail of the appropriate adult": "07700 900456",
        "Is the appropriate adult any of these?": "No, none of these",
        "Present from": yesterday("14:50"),
    }


def _professional_of(who: str, *, capacity: str) -> Answers:
    return {
        f"Has the professional responsible for the {who} been consulted?": "Yes",
        "Who was consulted, or asked instead?": "Anna Nowak",
        "What is their role?": "Community psychiatric nurse",
        "When were they consulted?": yesterday("15:30"),
        "What did they advise?": "Simple words, and time to think.",
        f"Is it evident that the {who} has the capacity to understand this?": capacity,
        "How do you know?": "Told it back in their own words." if capacity == "Yes" else "Could not say it back.",
    }


def child_story() -> Story:
    """A child with an appropriate adult; when it was born is told by `tests.make`."""
    story = shop_theft()
    story.pages["appropriate-adult"] = _adult_of("offender")
    story.pages["youth-justice"] = {
        "Has the youth justice service been consulted?": "Yes",
        "Who was spoken to?": "Leon Price",
        "When?": yesterday("15:40"),
        "What did they say?": "Known to nobody. Suitable.",
    }
    return story


def test_a_child_is_issued_one_with_an_appropriate_adult_named_again(amina: Seat, maker: Maker) -> None:
    journey = Journey(amina, child_story())
    journey.take_up(maker, "appropriate-adult", told="child")
    journey.fill_until("check")
    assert {"appropriate-adult", "youth-justice"} <= {path.split("/")[4] for path in journey.pages_shown}
    journey.submit()
    amina.press("Issue it")
    amina.answer({CHILD_SIGNS: journey.story.full_name})
    amina.press("Sign and issue")
    assert "Enter the appropriate adult's name as their signature" in amina.errors()
    amina.open(journey.address())
    journey.issue(
        adult={
            "Appropriate adult: type your full name to sign": "Ruth Okoye",
            "Since when has the appropriate adult been here?": When(yesterday().on + timedelta(days=1), "00:01"),
        },
        signs=CHILD_SIGNS,
    )
    assert amina.says("The Community Resolution has been issued.")
    assert amina.says("Ruth Okoye")


def test_mental_health_without_evident_capacity_stops(amina: Seat, maker: Maker) -> None:
    story = shop_theft()
    story.with_answers("safeguards", **{CONCERN: "Yes"})
    story.pages["professional"] = _professional_of("offender", capacity="No")
    journey = Journey(amina, story)
    journey.take_up(maker, "safeguards")
    journey.fill_until("result")
    assert amina.heading == "A Community Resolution cannot be given"
    assert amina.says(
        "There is a mental health concern and the offender's capacity to understand is not evident. "
        "No Community Resolution: seek advice on another outcome."
    )
    amina.press("Record that it was considered and not used")
    amina.press("Record it as not used")
    assert amina.errors() == ["Say why a Community Resolution was not used"]
    amina.answer({"Why was a Community Resolution not used?": "No capacity. Referred to liaison and diversion."})
    amina.press("Record it as not used")
    assert amina.says("A Community Resolution was considered and not used.")


def test_a_victim_with_a_mental_health_concern_is_kept_safe(amina: Seat, maker: Maker) -> None:
    story = shop_theft()
    story.victims = [person_victim(concern="Yes")]
    story.pages["victim-safeguards"] = {**_professional_of("victim", capacity="Yes"), **_adult_of("victim")}
    for action in story.actions:
        action["For whom?"] = "Maria"  # type: ignore[index]
    journey = Journey(amina, story)
    journey.take_up(maker, "victims")
    journey.fill_until("check")
    assert any(path.endswith("/safeguards/") and "/victims/" in path for path in journey.pages_shown)
    journey.submit()
    assert amina.says("Ready to issue")


def test_a_police_officer_is_referred_and_others_learn_only_that_a_record_exists(
    amina: Seat, take_seat: Callable[..., Seat], maker: Maker
) -> None:
    story = shop_theft()
    story.with_answers("offender-details", **{POLICE: "Yes", "Their warrant or staff number, if so": "9911"})
    journey = Journey(amina, story)
    journey.take_up(maker, "offender-details")
    journey.fill_until("result")
    assert amina.heading == "This goes to professional standards"
    amina.press("Check and submit to professional standards")
    journey.submit()
    assert amina.heading == "Waiting for professional standards"
    tom = take_seat().come_in("tom")
    tom.answer({"Find a case": story.crime_report})
    tom.press("Search")
    assert tom.says(f"A restricted record exists: {journey.reference}")
    assert not tom.says(story.name[1])
    tom.open(journey.address())
    assert not tom.says(story.name[1])
    assert not tom.says("Boots")


def test_two_victims_one_an_organisation(amina: Seat, maker: Maker) -> None:
    story = shop_theft()
    story.victims = [shop_victim(), person_victim()]
    story.actions = [
        story.actions[0],
        {
            "What will the offender do?": "Apologise to the victim, in person or in writing",
            "In plain words, what exactly?": "Say sorry to the shop assistant.",
            "For whom?": "Maria",
            "By when?": IN_A_WEEK,
        },
    ]
    journey = Journey(amina, story)
    journey.take_up(maker, "victims")
    journey.fill_until("check")
    assert amina.says("Victim 1: Boots, Camden High Street")
    assert amina.says("Victim 2: Maria Da Silva")
    journey.submit()
    assert amina.says("Ready to issue")
