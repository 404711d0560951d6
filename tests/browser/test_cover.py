"""Who takes requests: the switch of whoever is on duty, and the cover of one who is away, at whose desk they then arrive."""

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.browser.authority import GRANT, Decider
from tests.browser.making import Maker
from tests.browser.seat import Seat, Way, When

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-2")]
TODAY = When(datetime.now(ZoneInfo("Europe/London")).date())


def test_while_an_inspector_is_away_her_cover_is_asked_and_both_names_are_kept(
    amina: Seat, take_seat: Callable[..., Seat], maker: Maker
) -> None:
    colin = take_seat().come_in("colin")
    colin.follow("Officers")
    colin.answer({"Find an officer": "2051"})
    colin.press("Search")
    colin.follow("Insp 2051 Priya Shah")
    priyas_page = colin.path
    colin.follow("Record an absence")
    colin.answer(
        {
            "First day away": TODAY,
            "Last day away": TODAY,
            "Warrant number of whoever takes requests meanwhile (optional)": "2077",
        }
    )
    colin.press("Record it")
    try:
        made = maker.submitted("amina", "knife")
        amina.open(made.address("authority/"))
        assert amina.says("Insp 2077 Helen Brandt, for Insp 2051 Priya Shah who is away")
        helen = take_seat().come_in("helen")
        Decider(helen, made).open_from_desk().decide(GRANT, "Read whole. Exceptional.")
        assert helen.says("Inspector 2077 Helen Brandt, for Insp 2051 Priya Shah")
        amina.open(made.address("history/"))
        assert amina.says("asked Insp 2077 Helen Brandt for Insp 2051 Priya Shah to decide on authority")
    finally:
        colin.open(priyas_page)
        colin.press(re.compile("^End it now"))
    colin.open(priyas_page)
    assert colin.says("None is recorded.")


def test_an_inspector_says_by_phone_until_when_she_is_on_duty(take_seat: Callable[..., Seat]) -> None:
    owen = take_seat(Way.FINGER, width=390).come_in("owen")
    owen.open("/duty/")
    assert owen.says("Requests for authority come to you first.")
    owen.press("I am off duty now")
    assert owen.says("Requests go first to those who are on duty.")
    owen.answer({"Until when do you take requests?": "Another time, given below", "Another time": "23:59"})
    owen.press("Take requests until then")
    owen.open("/duty/")
    assert owen.says("Requests for authority come to you first.")
