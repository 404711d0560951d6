"""Authority, from asking to issuing, with the officer who records and the officer who decides before two browsers."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.authority import (
    ASK,
    CANNOT,
    GRANT,
    RATIONALE,
    REFUSE,
    REOPEN,
    Decider,
)
from tests.browser.journey import SAVE, Journey
from tests.browser.making import Made, Maker
from tests.browser.seat import Seat, Way
from tests.browser.test_offences import knife

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-1")]


def test_a_knife_is_granted_by_phone_entered_on_the_crime_report_and_issued(
    amina: Seat, take_seat: Callable[..., Seat]
) -> None:
    journey = Journey(amina, knife())
    journey.start()
    journey.fill_until("result")
    assert amina.heading == "This needs authority before it can be given"
    assert amina.says("An offensive weapon, pointed or bladed article is involved.")
    amina.press("Carry on")
    assert amina.says("Yes: Having an article with a blade or point in a public place")
    journey.fill_until("check")
    journey.submit()
    assert amina.heading == "Waiting for authority"
    assert amina.says("Insp 2051 Priya Shah")
    made = Made(journey.reference, journey.story.crime_report, journey.story.full_name)

    priya = take_seat(Way.FINGER, width=390).come_in("priya")
    decider = Decider(priya, made).open_from_desk()
    assert priya.says("A fishing knife in a tackle box, handed over at once.")
    assert priya.says("Detained or waiting")
    decider.decide(GRANT, "Read whole. Exceptional, and the advice supports it.")
    assert priya.says(f"Case {made.reference} is ready")

    amina.open(journey.address())
    assert amina.says("Ready to issue")
    assert not amina.page.get_by_role("button", name="Issue it").count()
    amina.press("Make the entry for the crime report")
    for told in (
        "tackle box",
        "Camden CID",
        "Ola Ward",
        "2051",
        "Priya Shah",
        "Exceptional, and the advice supports it.",
    ):
        assert amina.says(told)
    amina.context.grant_permissions(["clipboard-read", "clipboard-write"])
    amina.page.get_by_role("button", name="Copy the text").click()
    expect(amina.page.get_by_text("Copied")).to_be_visible()
    assert "tackle box" in amina.page.evaluate("() => navigator.clipboard.readText()")
    amina.answer({"What is the reference of the entry on the crime report?": "DETS 14"})
    amina.press("Save the reference")
    journey.sign_and_issue()
    assert amina.says("The Community Resolution has been issued.")


def test_a_question_is_answered_and_the_answer_stands_beside_what_was_there(
    amina: Seat, take_seat: Callable[..., Seat], maker: Maker
) -> None:
    made = maker.submitted("amina", "knife", case__rationale="He was sorry.")
    priya = take_seat().come_in("priya")
    decider = Decider(priya, made).open_from_desk()
    decider.decide(ASK, "Who has the knife now?")
    amina.open("/")
    assert amina.says("Returned to you (1)")
    assert amina.says("Who has the knife now?")
    amina.follow(re.compile(f"Answer the question.*{made.reference}"))
    assert amina.says("Who has the knife now?")
    amina.answer({"What is your answer?": "It is in the property store."})
    amina.press(SAVE)
    amina.open(made.address("record/rationale/"))
    amina.answer({RATIONALE: "He was sorry, and gave it up."})
    amina.press(SAVE)
    amina.open(made.address("record/check/"))
    amina.press("Declare and submit")
    decider.open()
    assert priya.says("What changed since it was returned")
    assert priya.says("Asked: Who has the knife now?")
    assert priya.says("Answered: It is in the property store.")
    side_by_side = priya.page.get_by_role("table", name="Side by side").inner_text()
    assert "He was sorry.\tHe was sorry, and gave it up." in side_by_side
    decider.decide(GRANT, "Answered. Exceptional.")
    amina.open(made.address())
    assert amina.says("Ready to issue")
    assert amina.says("Answered. Exceptional.")


def test_refused_other_disposals_are_listed_and_it_is_recorded_as_not_used(
    amina: Seat, take_seat: Callable[..., Seat], maker: Maker
) -> None:
    made = maker.submitted("amina", "knife_and_hate")
    priya = take_seat(script=False).come_in("priya")
    Decider(priya, made).open().decide(REFUSE, "Nothing sets this apart.")
    assert priya.says("Authority refused")
    amina.open(made.address())
    assert amina.says("Authority refused")
    assert amina.says("Nothing sets this apart.")
    assert amina.says("What else to consider")
    assert amina.says("Caution - adults (outcome 3). A conditional caution before a simple one")
    amina.press("Record that it was considered and not used")
    amina.answer({"Why was a Community Resolution not used?": "Refused by an Inspector. Sent for charge."})
    amina.press("Record it as not used")
    assert amina.says("A Community Resolution was considered and not used.")


def test_a_change_after_the_grant_voids_it_and_the_trail_tells_the_whole_story(
    amina: Seat, take_seat: Callable[..., Seat], maker: Maker
) -> None:
    made = maker.submitted("amina", "knife", case__rationale="He was sorry.")
    daniel = take_seat().come_in("daniel")
    decider = Decider(daniel, made).open_unasked()
    assert daniel.says(CANNOT)
    assert daniel.says("an acting or temporary rank does not count here")
    assert daniel.says("Insp 2051 Priya Shah")
    assert not decider.control.count()
    assert decider.send_raw("granted", "I act as an Inspector.") == 403
    maker.decided(made, "priya", "grant", "Read whole. Exceptional.")

    amina.open(made.address())
    assert amina.says("Inspector (substantive) 2051 Priya Shah gave authority")
    assert amina.says("the first answer that you change voids this")
    amina.press(REOPEN)
    assert amina.says("Changing an answer voids the authority given")
    amina.open(made.address("record/rationale/"))
    assert amina.page.get_by_label(RATIONALE).input_value() == "He was sorry."
    amina.answer({RATIONALE: "He was not sorry."})
    amina.press(SAVE)
    assert amina.says("Authority is void")
    assert amina.says("Was: He was sorry. Now is: He was not sorry.")
    amina.open(made.address("record/check/"))
    amina.press("Declare and submit")
    assert amina.heading == "Waiting for authority"
    assert amina.says("Read whole. Exceptional.")
    assert amina.says("This is void.")
    amina.open(made.address())
    assert amina.says("Authority, void")
    assert amina.says("2051 Priya Shah")
    amina.open(made.address("history/"))
    said = amina.page.get_by_role("list").filter(has=amina.page.locator("time")).first.inner_text()
    for told in ("asked", "and was refused", "granted authority", "voided the authority given", "reopened"):
        assert told in said, f"{told} is missing from:\n{said}"


def test_after_five_minutes_the_password_comes_first(take_seat: Callable[..., Seat], maker: Maker) -> None:
    made = maker.submitted("amina", "knife")
    priya = take_seat().come_in("priya")
    _age(priya, maker)
    priya.open(made.review)
    assert priya.path != made.review
    assert not priya.says(made.offender)
    priya.answer({"Password": "shop-theft-and-an-apology"})
    priya.press("Confirm")
    assert priya.path == made.review
    _age(priya, maker)
    Decider(priya, made).decide(GRANT, "Read whole. Exceptional.")
    assert priya.says(f"Case {made.reference} is ready")


def test_the_keyboard_is_enough_to_decide(take_seat: Callable[..., Seat], maker: Maker) -> None:
    made = maker.submitted("amina", "knife")
    priya = take_seat(Way.KEYBOARD).come_in("priya")
    decider = Decider(priya, made).open_from_desk()
    decider.decide(GRANT, "Read whole. Exceptional.")
    assert priya.says(f"Case {made.reference} is ready")


def _age(seat: Seat, maker: Maker) -> None:
    """Let six minutes pass since this officer gave the password."""
    (session,) = [cookie["value"] for cookie in seat.context.cookies() if cookie["name"] == "sessionid"]
    maker.age_confirmation(session, minutes=6)
