"""Signing with a finger on a phone, with a mouse, and by keyboard; in Welsh; and what is drawn is never lost."""

import re
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from playwright.sync_api import CDPSession, Locator, expect

from cr_app.cases.drawing import LONGEST, MOST_STROKES, read_drawing
from tests.browser.journey import OFFICER_SIGNS
from tests.browser.making import Made, Maker
from tests.browser.seat import Seat, Way, When

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-2")]

Points = Sequence[tuple[float, float]]
# Within the pad, as shares of its width and height: a wave, and a dot over it.
WAVE: Points = tuple((0.1 + 0.04 * step, 0.5 + (0.25 if step % 2 else -0.25)) for step in range(18))
DOT: Points = ((0.5, 0.1),)


def pad(seat: Seat, role: str) -> Locator:
    """Return the place where that role draws."""
    return seat.page.locator(f"#id_{role}_drawing svg")


def kept(seat: Seat, role: str) -> str:
    """Return what the form would send as drawn by that role."""
    return seat.page.locator(f'input[name="{role}_drawing"]').input_value()


def places(seat: Seat, role: str, points: Points) -> list[tuple[float, float]]:
    """Return where these points of a pad are on the screen, the pad scrolled into sight."""
    pad(seat, role).scroll_into_view_if_needed()
    box = pad(seat, role).bounding_box()
    assert box is not None
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]


def draw_with_finger(seat: Seat, role: str, *strokes: Points) -> None:
    """Draw on a touch screen."""
    session: CDPSession = seat.context.new_cdp_session(seat.page)
    for stroke in strokes:
        first, *others = places(seat, role, stroke)
        session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [_at(first)]})
        for point in others:
            session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [_at(point)]})
        # A finger rests before it is lifted: lifted in full speed, it flings, and the next tap only stops that.
        seat.page.wait_for_timeout(150)
        session.send(
            "Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [_at(others[-1] if others else first)]}
        )
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def _at(point: tuple[float, float]) -> dict[str, float]:
    return {"x": point[0], "y": point[1]}


def draw_with_mouse(seat: Seat, role: str, *strokes: Points) -> None:
    """Draw with the left button held."""
    for stroke in strokes:
        first, *others = places(seat, role, stroke)
        seat.page.mouse.move(*first)
        seat.page.mouse.down()
        for point in others:
            seat.page.mouse.move(*point)
        seat.page.mouse.up()


def open_issue(seat: Seat, maker: Maker, story: str = "shop_theft") -> Made:
    """Open the page on which a case of this officer's is issued."""
    made = maker.submitted("amina", story)
    seat.open(made.address("issue/"))
    return made


def test_a_finger_signs_on_a_phone_and_an_error_loses_nothing_drawn(
    take_seat: Callable[..., Seat], maker: Maker
) -> None:
    seat = take_seat(Way.FINGER, width=390).come_in("amina")
    made = open_issue(seat, maker, "child")
    draw_with_finger(seat, "offender", WAVE, DOT)
    before = seat.page.evaluate("window.scrollY")
    draw_with_finger(seat, "offender", WAVE)
    # The page does not scroll away under the finger.
    assert seat.page.evaluate("window.scrollY") == before
    draw_with_finger(seat, "appropriate_adult", WAVE)
    draw_with_finger(seat, "officer", WAVE, DOT)
    seat.check_with_axe("drawn")
    drawn = {role: kept(seat, role) for role in ("offender", "appropriate_adult", "officer")}
    assert {role: path.count("M") for role, path in drawn.items()} == {
        "offender": 3,
        "appropriate_adult": 1,
        "officer": 2,
    }
    # As the server would write it, so that it comes back unchanged.
    assert {role: read_drawing(path) for role, path in drawn.items()} == drawn
    first_x, first_y = (int(number) for number in drawn["offender"].removeprefix("M").split(" L")[0].split())
    assert abs(first_x - 60) <= 3
    assert abs(first_y - 50) <= 3
    seat.answer(
        {
            "Type your full name": made.offender,
            "Appropriate adult: type your full name to sign": "Theresa Quill",
            "Since when has the appropriate adult been here?": When(date.today(), "00:01"),  # noqa: DTZ011
            OFFICER_SIGNS: "Somebody Else",
        }
    )
    seat.press("Sign and issue")
    assert seat.errors() == ["Enter your own name as it is on your account: Amina Khan"]
    assert {role: kept(seat, role) for role in drawn} == drawn
    assert pad(seat, "offender").locator("path").get_attribute("d") == drawn["offender"]
    # What came back can be added to.
    draw_with_finger(seat, "officer", WAVE)
    assert kept(seat, "officer").startswith(drawn["officer"] + " M")
    seat.answer({OFFICER_SIGNS: seat.full_name})
    seat.press("Sign and issue")
    assert seat.says("The Community Resolution has been issued.")
    shown = seat.page.locator("svg path.cr-drawn")
    assert [path.get_attribute("d") for path in shown.all()][:2] == [drawn["offender"], drawn["appropriate_adult"]]
    expect(shown.first).to_be_visible()


def test_the_keyboard_signs_and_enter_never_turns_the_page(take_seat: Callable[..., Seat], maker: Maker) -> None:
    seat = take_seat(Way.KEYBOARD).come_in("amina")
    made = open_issue(seat, maker)
    seat.answer({"Type your full name to sign": made.offender})
    with seat.page.expect_navigation(wait_until="load"):
        seat.page.keyboard.press("Enter")
    seat.arrive()
    assert seat.errors() == ["Enter your name as your signature"]
    assert seat.page.locator('input[name="language"]').input_value() == "en"
    # Nothing in the pads wants the keyboard.
    stops = seat.page.locator(".cr-pad :is(svg, button:not([hidden]), [tabindex='0'])")
    assert [stop.evaluate("one => one.tabIndex") for stop in stops.all() if stop.is_enabled()] in ([-1, -1], [])
    seat.answer({OFFICER_SIGNS: seat.full_name})
    seat.press("Sign and issue")
    assert seat.says("The Community Resolution has been issued.")
    assert seat.page.locator("svg path.cr-drawn").count() == 0


def test_without_scripts_there_is_no_pad_and_names_are_enough(take_seat: Callable[..., Seat], maker: Maker) -> None:
    seat = take_seat(script=False).come_in("amina")
    made = open_issue(seat, maker)
    expect(pad(seat, "offender")).not_to_be_visible()
    seat.answer({"Type your full name to sign": made.offender})
    seat.press("Darllenwch hyn yn Gymraeg")
    assert seat.page.locator("#id_offender").input_value() == made.offender
    seat.press("Read this in English")
    seat.answer({OFFICER_SIGNS: seat.full_name})
    seat.press("Sign and issue")
    assert seat.says("The Community Resolution has been issued.")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_double_click_issues_once(take_seat: Callable[..., Seat], maker: Maker, *, script: bool) -> None:
    seat = take_seat(script=script).come_in("amina")
    made = open_issue(seat, maker)
    seat.answer({"Type your full name to sign": made.offender, OFFICER_SIGNS: seat.full_name})
    seat.page.get_by_role("button", name="Sign and issue", exact=True).dblclick()
    # The second click may break off what the first one loads, so what is waited for is the page itself.
    expect(seat.page).to_have_url(re.compile(re.escape(made.address("")) + "$"))
    assert seat.says("The Community Resolution has been issued.")
    seat.open(made.address("history/"))
    assert seat.page.get_by_text("issued the Community Resolution").count() == 1


def test_a_mouse_draws_clears_and_draws_again_in_welsh(amina: Seat, maker: Maker) -> None:
    made = open_issue(amina, maker)
    draw_with_mouse(amina, "offender", WAVE)
    first = kept(amina, "offender")
    expect(pad(amina, "offender")).to_have_attribute("aria-label", "A signature is drawn.")
    # The right button and a move without a button draw nothing.
    amina.page.mouse.move(*places(amina, "offender", DOT)[0])
    amina.page.mouse.click(*places(amina, "offender", DOT)[0], button="right")
    assert kept(amina, "offender") == first
    amina.page.get_by_role("button", name="Clear the drawing").first.click()
    assert kept(amina, "offender") == ""
    assert pad(amina, "offender").locator("path").get_attribute("d") == ""
    draw_with_mouse(amina, "offender", WAVE, DOT)
    drawn = kept(amina, "offender")
    assert drawn.count("M") == 2
    amina.page.locator("#id_offender").fill(made.offender)
    amina.press("Darllenwch hyn yn Gymraeg")
    assert (amina.errors(), kept(amina, "offender")) == ([], drawn)
    assert amina.page.locator("#id_offender").input_value() == made.offender
    read = amina.page.locator("main section[lang='cy']")
    assert read.count() == 2
    assert amina.page.locator("main section[lang='en']").count() == 1
    label = amina.page.locator("label[for=id_offender]").inner_text()
    assert label not in ("", "Type your full name to sign")
    amina.answer({OFFICER_SIGNS: amina.full_name})
    amina.press("Sign and issue")
    assert amina.says("The Community Resolution has been issued.")
    assert amina.says("read in Welsh")
    assert amina.page.locator("svg path.cr-drawn").first.get_attribute("d") == drawn


def test_very_much_drawn_is_thinned_to_what_is_kept(amina: Seat, maker: Maker) -> None:
    open_issue(amina, maker)
    amina.page.locator("#id_offender_drawing").evaluate(
        """pad => {
          const box = pad.querySelector("svg");
          box.setPointerCapture = () => {};
          const place = box.getBoundingClientRect();
          const event = (kind, x, y, passed = []) => new PointerEvent(kind, {
            pointerId: 1, isPrimary: true, button: 0, coalescedEvents: passed,
            clientX: place.left + x * place.width, clientY: place.top + y * place.height,
          });
          for (let stroke = 0; stroke < 250; stroke++) {
            // As a quick hand is told of: many points passed since the last time.
            const passed = [...Array(40).keys()].map((step) => event("pointermove", step / 40, ((stroke + step) % 50) / 50));
            box.dispatchEvent(event("pointerdown", 0, stroke / 250));
            box.dispatchEvent(event("pointermove", 1, 1, passed));
            box.dispatchEvent(event("pointerup", 1, 1));
          }
        }"""
    )
    drawn = kept(amina, "offender")
    assert drawn.count("M") == MOST_STROKES
    assert len(drawn) <= LONGEST
    assert read_drawing(drawn) == drawn


def test_a_drawing_waits_for_the_same_officer_to_sign_in_again(amina: Seat, maker: Maker) -> None:
    made = open_issue(amina, maker)
    draw_with_mouse(amina, "offender", WAVE)
    drawn = kept(amina, "offender")
    amina.answer({"Type your full name to sign": made.offender, OFFICER_SIGNS: amina.full_name})
    amina.context.clear_cookies(name="sessionid")
    amina.press("Sign and issue")
    amina.give_credentials("amina")
    assert amina.says("What you typed before you were signed out is here")
    assert (kept(amina, "offender"), amina.page.locator("#id_offender").input_value()) == (drawn, made.offender)
    amina.press("Sign and issue")
    assert amina.says("The Community Resolution has been issued.")


def test_whoever_will_not_sign_is_told_what_may_be_done(take_seat: Callable[..., Seat], maker: Maker) -> None:
    seat = take_seat(Way.FINGER, width=390).come_in("amina")
    made = open_issue(seat, maker, "child")
    seat.follow("They do not want to sign")
    seat.answer({"Who will not sign?": "The offender", "What did they say?": "I want to ask my mum."})
    seat.press("Record that they will not sign")
    assert seat.says("Recorded: nothing has been issued")
    assert seat.says("I want to ask my mum.")
    seat.follow("sign and issue")
    assert seat.path == made.address("issue/")
    assert seat.says("The offender would not sign on")
    seat.open(made.address())
    assert seat.says("Ready to issue")
