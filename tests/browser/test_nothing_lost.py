"""Two tabs, two presses, an ended session, a shared terminal: nothing is lost, doubled or shown to another."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.journey import SAVE, Journey, shop_theft, shop_victim
from tests.browser.seat import Seat

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-2")]

WHERE = "Where did it happen?"


def test_a_stale_tab_shows_both_values_and_loses_neither(amina: Seat) -> None:
    journey = Journey(amina, shop_theft())
    journey.start()
    journey.fill()
    first = amina.page
    amina.open(journey.address("record/incident/"))
    second = amina.page = amina.new_tab()
    amina.open(journey.address("record/incident/"))
    amina.answer({WHERE: "The chemist in Parkway"})
    amina.press(SAVE)
    amina.page = first
    amina.answer({WHERE: "The market, Inverness Street"})
    amina.press(SAVE)
    differing = amina.page.get_by_role("table", name="What differs")
    assert "The chemist in Parkway" in differing.inner_text()
    assert "The market, Inverness Street" in differing.inner_text()
    assert amina.page.get_by_label(WHERE).input_value() == "The market, Inverness Street"
    amina.press(SAVE)
    amina.open(journey.address("record/incident/"))
    assert amina.page.get_by_label(WHERE).input_value() == "The market, Inverness Street"
    # What was over-written is kept too: it stands in the history.
    amina.open(journey.address("history/"))
    assert "The chemist in Parkway" in amina.page.content()
    second.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_double_click_makes_one_row(take_seat: Callable[..., Seat], *, script: bool) -> None:
    seat = take_seat(script=script).sign_in("amina")
    journey = Journey(seat, shop_theft())
    journey.start()
    seat.open(journey.address("record/victims/add/"))
    seat.answer(shop_victim())
    seat.page.get_by_role("button", name=SAVE, exact=True).dblclick()
    # The second click may break off the navigation that the first one began: where it ends is what counts.
    expect(seat.page).not_to_have_url(re.compile("/victims/"))
    seat.page.wait_for_load_state("load")
    seat.open(journey.address("record/victims/"))
    assert seat.page.get_by_role("link", name="Change Boots, Camden High Street").count() == 1


def test_what_was_typed_waits_for_the_same_officer_to_sign_in_again(amina: Seat) -> None:
    journey = Journey(amina, shop_theft())
    journey.start()
    amina.answer({WHERE: "The chemist in Parkway"})
    amina.context.clear_cookies(name="sessionid")
    amina.press(SAVE)
    assert amina.heading == "Sign in"
    amina.give_credentials("amina")
    assert journey.slug == "incident"
    assert amina.says("What you typed before you were signed out is here")
    assert amina.page.get_by_label(WHERE).input_value() == "The chemist in Parkway"
    journey.fill()
    assert journey.slug == "offences"


def test_another_officer_sees_nothing_of_what_was_typed(amina: Seat) -> None:
    journey = Journey(amina, shop_theft())
    journey.start()
    amina.answer({WHERE: "The chemist in Parkway"})
    amina.context.clear_cookies(name="sessionid")
    amina.press(SAVE)
    amina.give_credentials("tom")
    assert "The chemist in Parkway" not in amina.page.content()
    assert not any(cookie["name"].startswith("parked") for cookie in amina.context.cookies())
    amina.open(journey.address("record/incident/"))
    assert "The chemist in Parkway" not in amina.page.content()


def test_back_after_signing_out_shows_nothing(amina: Seat) -> None:
    journey = Journey(amina, shop_theft())
    journey.start()
    journey.fill()
    amina.open(journey.address("record/incident/"))
    amina.press("Sign out")
    for _ in range(3):
        amina.page.go_back(wait_until="load")
        assert "Camden High Street" not in amina.page.content()
        assert journey.story.crime_report not in amina.page.content()
    stored = "() => [localStorage.length, sessionStorage.length]"
    assert amina.page.evaluate(stored) == [0, 0]
