"""Authority that is not given: nobody decides on a case of their own, on what they did not read, or after somebody else."""

from collections.abc import Callable

import pytest

from tests.browser.authority import CANNOT, GRANT, RATIONALE, REFUSE, REOPEN, SIGN, Decider
from tests.browser.journey import SAVE
from tests.browser.making import Maker
from tests.browser.seat import Seat

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-1")]


def test_one_s_own_case_and_one_s_own_part_in_a_case_leave_nothing_to_press(
    take_seat: Callable[..., Seat], maker: Maker
) -> None:
    priya = take_seat().come_in("priya")
    own = Decider(priya, maker.submitted("priya", "knife")).open()
    assert priya.says("You recorded this case, and nobody decides on a case of their own.")
    assert not own.control.count()
    party = Decider(priya, maker.submitted("amina", "knife_and_hate", victim={"warrant_number": "2051"}))
    party.open_unasked()
    assert priya.says("You are a party to this case: your warrant number is given for one of its people.")
    assert not party.control.count()
    assert party.send_raw("granted", "It was nothing.") == 403
    assert priya.says("Insp 2077 Helen Brandt")


def test_an_inspector_of_another_force_finds_nothing(take_seat: Callable[..., Seat], maker: Maker) -> None:
    made = maker.submitted("amina", "knife")
    owen = take_seat().come_in("owen")
    owen.open("/")
    assert not owen.says(made.reference)
    owen.open(made.review)
    assert owen.heading == "Page not found"
    assert Decider(owen, made).send_raw("granted", "From next door.") == 404


def test_what_was_submitted_again_meanwhile_is_not_granted_unread(
    amina: Seat, take_seat: Callable[..., Seat], maker: Maker
) -> None:
    made = maker.submitted("amina", "knife", case__rationale="He was sorry.")
    priya = take_seat().come_in("priya")
    decider = Decider(priya, made).open()
    decider.write(GRANT, "Read whole. Exceptional.")
    amina.open(made.address())
    amina.press(REOPEN)
    amina.open(made.address("record/rationale/"))
    amina.answer({RATIONALE: "He was sorry, and his mother has the knife."})
    amina.press(SAVE)
    amina.open(made.address("record/check/"))
    amina.press("Declare and submit")
    priya.press(SIGN)
    changed = priya.page.get_by_role("table", name="What changed while you read")
    assert "his mother has the knife" in changed.inner_text()
    assert decider.written == "Read whole. Exceptional."
    assert priya.says("Awaiting authority")
    decider.declare(GRANT)
    priya.press(SIGN)
    assert priya.says(f"Case {made.reference} is ready")


def test_of_two_inspectors_at_once_the_second_is_told_who_decided(take_seat: Callable[..., Seat], maker: Maker) -> None:
    made = maker.submitted("amina", "knife")
    priya, helen = take_seat().come_in("priya"), take_seat().come_in("helen")
    first, second = Decider(priya, made).open(), Decider(helen, made).open_unasked()
    second.write(REFUSE, "Not exceptional.")
    first.decide(GRANT, "Read whole. Exceptional.")
    helen.press(SIGN)
    assert helen.says("Inspector 2051 Priya Shah granted authority")
    assert helen.says("Not exceptional.")
    assert not second.control.count()
    helen.open(made.review)
    assert helen.says("Read whole. Exceptional.")


def test_every_case_of_kent_waits_for_a_sergeant_and_one_that_recorded_it_is_none(
    take_seat: Callable[..., Seat], maker: Maker
) -> None:
    own, made = maker.submitted("laura", "kent"), maker.submitted("kieran", "kent")
    laura = take_seat().come_in("laura")
    Decider(laura, own).open()
    assert laura.says("You recorded this case, and nobody decides on a case of their own.")
    decider = Decider(laura, made).open_from_desk()
    assert laura.says("This decision takes a Sergeant or above")
    decider.decide(GRANT, "Proportionate, and the shop agrees.")
    kieran = take_seat().come_in("kieran")
    kieran.open(made.address())
    assert kieran.says("Sergeant (substantive) 46-8045 Laura Finch")
    # No exclusion was lifted, so the crime report needs no entry.
    kieran.press("Issue it")
    assert kieran.heading == "Issue the Community Resolution"


def test_where_the_only_inspector_left_has_an_interest_the_pages_say_who_can_help(
    amina: Seat, take_seat: Callable[..., Seat], maker: Maker
) -> None:
    made = maker.submitted("amina", "knife")
    maker.interest(made, "helen")
    priya = take_seat().come_in("priya")
    decider = Decider(priya, made).open_from_desk()
    priya.follow("I have an interest in this case")
    priya.answer({"What is your interest in this case?": "She is my neighbour."})
    priya.press("Declare it")
    assert priya.says(f"You declared an interest in case {made.reference}.")
    decider.open_unasked()
    assert priya.says(CANNOT)
    assert priya.says("You declared an interest in this case, so another officer must decide on it.")
    assert not decider.control.count()
    amina.open(made.address("authority/"))
    assert amina.says("Nobody in the force may decide on it as things are. It needs a substantive Inspector or above.")
    assert amina.says("An administrator can give an officer the role")
    assert amina.says("71010 Colin Ward, 71010@officers.example")
    amina.follow("Go to the case")
    assert amina.page.get_by_role("button", name=REOPEN).is_visible()
