"""Professional standards: what is referred is restricted, theirs alone to decide, and then goes on or is not used."""

from collections.abc import Callable

import pytest

from tests.browser.authority import GRANT, SUITABLE, UNSUITABLE, Decider
from tests.browser.making import Maker
from tests.browser.seat import Seat

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-1")]


def test_found_suitable_a_police_officer_s_knife_goes_on_to_an_inspector(
    amina: Seat, take_seat: Callable[..., Seat], maker: Maker
) -> None:
    made = maker.submitted("amina", "police_knife")
    amina.open(made.address("authority/"))
    assert amina.heading == "Waiting for professional standards"
    assert amina.says("1904 Yusuf Demir")

    priya = take_seat().come_in("priya")
    inspector = Decider(priya, made)
    assert not priya.says(made.reference)
    inspector.open()
    assert not priya.says(made.offender)
    assert inspector.send_raw("suitable", "I outrank nobody.") in (403, 404)

    yusuf = take_seat().come_in("yusuf")
    standards = Decider(yusuf, made).open_from_desk()
    assert yusuf.says("Restricted")
    standards.decide(SUITABLE, "Off duty, and no abuse of position.")
    assert yusuf.says("now waits for authority")

    inspector.open_from_desk()
    assert priya.says("Off duty, and no abuse of position.")
    inspector.decide(GRANT, "Read whole. Exceptional.")
    amina.open(made.address())
    assert amina.says("Ready to issue")
    assert amina.says("Restricted")
    helen = take_seat().come_in("helen")
    helen.open(made.address())
    assert not helen.says(made.offender)


def test_found_unsuitable_it_is_not_used_and_no_inspector_overrides_it(
    amina: Seat, take_seat: Callable[..., Seat], maker: Maker
) -> None:
    made = maker.submitted("amina", "police")
    yusuf = take_seat().come_in("yusuf")
    Decider(yusuf, made).open().decide(UNSUITABLE, "On duty at the time.")
    assert yusuf.says("is closed")
    amina.open(made.address())
    assert amina.says("Considered and not used")
    assert amina.says("Professional standards found it unsuitable.")
    assert amina.says("On duty at the time.")
    assert amina.says("What else to consider")
    priya = take_seat().come_in("priya")
    inspector = Decider(priya, made).open()
    assert not priya.says(made.offender)
    assert not inspector.control.count()
    assert inspector.send_raw("granted", "I disagree.") in (403, 404, 409)
    amina.open(made.address("history/"))
    assert amina.says("Chief Inspector Yusuf Demir found the case unsuitable")
