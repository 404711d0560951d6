"""After issue: the victim is rung, a name is put right, and an inspector takes the Community Resolution back."""

import re
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.browser.making import Maker
from tests.browser.seat import Answers, Seat, Way, When

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-1")]

# Longer than any page is wide, with nowhere to break.
LONG = "Unterbrechungslos" * 9


def just_now() -> When:
    """Return this minute, as an officer writes it."""
    now = datetime.now(ZoneInfo("Europe/London"))
    return When(date(now.year, now.month, now.day), f"{now:%H:%M}")


def call(result: str, told: str, note: str = "") -> Answers:
    """Return a telephone call to the person among the victims."""
    answers: dict[str, str | When] = {
        "Who was it?": "Noor Haddad (victim 2 of 2)",
        "When was it?": just_now(),
        "How?": "By phone",
        "What came of it?": result,
        "What were they told?": told,
    }
    return answers | ({"Anything else to know": note} if note else {})


@pytest.mark.parametrize(
    ("way", "width", "script"), [(Way.KEYBOARD, 1280, True), (Way.FINGER, 390, True), (Way.MOUSE, 390, False)]
)
def test_a_victim_is_told_after_two_tries_a_name_is_put_right_and_all_is_taken_back(
    take_seat: Callable[..., Seat], maker: Maker, way: Way, width: int, *, script: bool
) -> None:
    made = maker.issued("amina", "two_victims")
    amina = take_seat(way, width=width, script=script).come_in("amina")
    amina.open(made.address("contacts/"))
    assert amina.says("Noor Haddad has not been told of the decision. Nobody has tried yet.")
    amina.answer(call("No answer", "The decision"))
    amina.press("Record the contact")
    assert amina.errors() == ["Nobody was reached and nothing was sent, so select that they were told nothing"]
    amina.answer({"What were they told?": "Nothing yet", "Anything else to know": f"Try after six. {LONG}"})
    amina.press("Record the contact")
    assert amina.says("The contact is recorded")
    assert amina.says("Noor Haddad has not been told of the decision. Tried once, last on")
    amina.answer(call("Reached", "The decision", "Content with it."))
    amina.press("Record the contact")
    assert not amina.says("Noor Haddad has not been told")
    assert amina.says("Told: the decision")

    last_name = made.offender.rpartition(" ")[2]
    amina.open(made.address("correct/"))
    amina.press("Check the correction")
    assert "Select which name is wrong" in amina.errors()
    amina.answer({"Which name is wrong?": last_name, "What should it say?": LONG, "Why?": f"Misspelt. {LONG}"})
    amina.press("Check the correction")
    assert amina.heading == "Check the correction"
    assert amina.says(last_name)
    amina.press("Change what I typed")
    amina.answer({"What should it say?": "Ransom"})
    amina.press("Check the correction")
    amina.press("Correct the name")
    assert amina.says("The name is corrected. Every document has a new version")
    amina.open(made.address("correct/"))
    assert amina.says(f"When it was issued: {last_name}")

    amina.open(made.address("rescind/"))
    assert amina.says("You recorded this case, so another officer must rescind it.")
    assert not amina.page.get_by_role("button", name="Rescind it").count()

    priya = take_seat(way, width=width, script=script).come_in("priya")
    priya.answer({"Find a case": made.reference})
    priya.press("Search")
    priya.follow(re.compile("Another officer’s case"))
    priya.answer({"Why are you looking at this record?": "A complaint about the decision."})
    priya.press("Open the record")
    priya.follow("Rescind it")
    assert priya.says("A notice is made for the offender and 2 victims.")
    priya.press("Rescind it")
    assert priya.errors() == ["Say why it is rescinded", "Tick the declaration to rescind it"]
    priya.answer({"Why is it rescinded?": f"The value was £1,240. {LONG}"})
    priya.choose(priya.page.get_by_label("I have read the record", exact=False))
    priya.press("Rescind it")
    assert priya.says("The Community Resolution is rescinded. Both parties are to be told")

    amina.open(made.address("contacts/"))
    assert amina.says("Noor Haddad has not been told that it was rescinded.")
    assert amina.says("Ransom has not been told that the name was corrected, nor that it was rescinded.")
