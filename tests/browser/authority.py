"""The pages of authority, by their visible words: the requests, the page on which somebody decides, whom a case waits for."""

import re
from typing import Any

from playwright.sync_api import Locator

from tests.browser.making import Made
from tests.browser.seat import Seat, When, yesterday

GRANT, REFUSE, ASK = "Grant authority", "Refuse authority", "Ask for more"
SUITABLE, UNSUITABLE = "Suitable", "Unsuitable"
WHY = "Why are you looking at this record?"
DECIDE, REASONS = "What do you decide?", "Your reasons, or your question"
_TICKS = {
    GRANT: "I have read every answer shown and I authorise this",
    SUITABLE: "I have read every answer shown and I find this suitable",
}
SIGN = "Sign and send"
CANNOT = "You cannot decide on this case"
REOPEN = "Reopen to change an answer"
RATIONALE = "Why is a Community Resolution proportionate here?"

EXCEPTION: dict[str, str | When] = {
    "Offensive weapon, pointed or bladed article: what are the exceptional circumstances?": (
        "A fishing knife in a tackle box, handed over at once."
    ),
    "Which investigation team has the case?": "Camden CID",
    "Whose advice was sought?": "Detective Sergeant Ola Ward",
    "When was the advice given?": yesterday("16:30"),
    "What did they advise?": "Supports it: no history, and nobody was afraid.",
    "Is the offender detained, or waiting for the decision?": "Yes",
}


class Decider:
    """Somebody before the page of one request."""

    def __init__(self, seat: Seat, made: Made) -> None:
        """Keep who sits there and which case it is."""
        self.seat, self.made = seat, made

    def open(self) -> "Decider":
        """Go to the page of the request."""
        self.seat.open(self.made.review)
        return self

    def open_unasked(self) -> "Decider":
        """Go there though one was not asked, and say why."""
        self.open()
        self.seat.answer({WHY: "The unit's duty inspector asked me to."})
        self.seat.press("Open the record")
        return self

    def open_from_desk(self) -> "Decider":
        """Go there as officers do: from the desk to what waits for them, and by the offender's name."""
        self.seat.open("/")
        self.seat.follow("See what you are asked to decide")
        self.seat.follow(re.compile(f"{self.made.offender}.*{self.made.reference}"))
        return self

    def write(self, outcome: str, reasons: str) -> None:
        """Fill in the form, the declaration where one is wanted."""
        self.seat.answer({DECIDE: outcome, REASONS: reasons})
        self.declare(outcome)

    def declare(self, outcome: str) -> None:
        """Tick what lets the case go on."""
        if outcome in _TICKS:
            self.seat.choose(self.seat.page.get_by_label(_TICKS[outcome], exact=True))

    def decide(self, outcome: str, reasons: str) -> None:
        """Fill in the form and send it."""
        self.write(outcome, reasons)
        self.seat.check_with_axe("answered")
        self.seat.press(SIGN)
        assert not self.seat.errors(), self.seat.errors()

    @property
    def written(self) -> str:
        """What stands in the box of the reasons."""
        return self.seat.page.get_by_label(REASONS, exact=True).input_value()

    @property
    def control(self) -> Locator:
        """The button that sends a decision."""
        return self.seat.page.get_by_role("button", name=SIGN)

    def send_raw(self, outcome: str, reasons: str, **more: Any) -> int:
        """Send a decision past the page, with the token of this sitting; returns the status of the answer."""
        token = self.seat.page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
        form = {"csrfmiddlewaretoken": token, "outcome": outcome, "reasons": reasons, "declared": "yes", **more}
        return self.seat.context.request.post(self.made.review, form=form, max_redirects=0).status
