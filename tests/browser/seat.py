"""Somebody in front of a browser: signs in, reads pages, answers questions by their visible words."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Self

from playwright.sync_api import Browser, Locator, Page, expect

from cr_app.accounts.demo_cast import CAST, DEMO_PASSWORD
from tests.browser.axe import Axe
from tests.browser.making import Maker
from tests.browser.watch import Watch

# A folder to keep pictures of every page in, for people to look at.
SHOTS = os.environ.get("CR_SHOTS", "")
MOST_TABS = 120
_REFERENCE = re.compile(r"\b[0-9A-Z]{8}\b")


class Way(StrEnum):
    """How somebody works a page."""

    MOUSE = "mouse"
    KEYBOARD = "keyboard"
    FINGER = "finger"


@dataclass(frozen=True)
class When:
    """An answer in boxes: a day, and a time where one is asked."""

    on: date
    at: str = ""


Answers = Mapping[str, str | When]


def yesterday(at: str = "14:30") -> When:
    """A moment that is safely past."""
    return When(date.today() - timedelta(days=1), at)  # noqa: DTZ011


class Seat:
    """One browser with one page in front; further tabs share its cookies."""

    def __init__(
        self, browser: Browser, address: str, axe: Axe, maker: Maker, *, way: Way, width: int, script: bool
    ) -> None:
        self.context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            has_touch=way is Way.FINGER,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        self.context.set_default_timeout(8000)
        self.watch = Watch(self.context, address)
        self._address, self._axe, self._maker = address, axe, maker
        self.way, self.width, self.script = way, width, script
        self.shown: list[str] = []
        self.full_name = ""
        self.kinds_checked = 0
        self.also_at: tuple[int, ...] = ()
        self.page = self.context.new_page()

    def leave(self) -> None:
        """Close the browser; fails where it complained of anything."""
        self.context.close()
        assert self.watch.complaints == []

    # Going about

    def sign_in(self, name: str) -> Self:
        """Sign in as one of the cast, through the page."""
        self.open("/")
        self.give_credentials(name)
        return self

    def come_in(self, name: str) -> Self:
        """Sit down signed in as one of the cast: what the page of signing in sends was sent beside the browser."""
        self.full_name = f"{CAST[name].given_names} {CAST[name].family_name}"
        cookie = self._maker.signed_in(name)
        name, value = cookie["name"], cookie["value"]
        self.context.add_cookies(
            [{"name": name, "value": value, "url": self._address, "httpOnly": True, "sameSite": "Lax"}]
        )
        self.open("/")
        return self

    def give_credentials(self, name: str) -> None:
        """Fill in the sign-in page, wherever it leads."""
        self.full_name = f"{CAST[name].given_names} {CAST[name].family_name}"
        self.answer({"Warrant number": CAST[name].warrant_number, "Password": DEMO_PASSWORD})
        self.press("Sign in")

    def open(self, path: str) -> None:
        """Go to an address."""
        self.page.goto(path)
        self.arrive()

    def press(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Press a button, or a link that looks like one, and wait for the page it leads to."""
        exact = isinstance(name, str)
        self._leave_by((within or self.page).get_by_role("button", name=name, exact=exact))

    def follow(self, name: str | re.Pattern[str]) -> None:
        """Follow a link, and wait for the page it leads to."""
        exact = isinstance(name, str)
        self._leave_by(self.page.get_by_role("link", name=name, exact=exact).first)

    def _leave_by(self, control: Locator) -> None:
        with self.page.expect_navigation(wait_until="load"):
            match self.way:
                case Way.KEYBOARD:
                    self._reach(control)
                    self.page.keyboard.press("Enter")
                case Way.FINGER:
                    control.tap()
                case Way.MOUSE:
                    control.click()
        self.arrive()

    def arrive(self) -> None:
        """Take note of a page: no sideways scroll, one heading, nothing that axe finds."""
        self.shown.append(self.path)
        headings = self.page.evaluate("() => document.getElementsByTagName('h1').length")
        assert headings == 1, f"{self.path} has {headings} headings of the first level."
        for width in (*self.also_at, self.width):
            self._check_width(width)
        if SHOTS:
            self._take_picture()
        self.check_with_axe()

    def _check_width(self, width: int) -> None:
        if self.also_at:
            self.page.set_viewport_size({"width": width, "height": 900})
        too_wide = self.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert too_wide <= 0, f"{self.path} is {too_wide} px too wide for {width} px."

    def check_with_axe(self, state: str = "as it came") -> None:
        """Have axe look at each kind of page once a width and state; fails on any violation."""
        if not self.script:
            return
        place = re.sub(r"/[0-9A-Z]{8}/|/\d+/|/[0-9a-f-]{36}/", "/…/", self.path)
        if self._axe.is_new(state, place, *self._kind_of_title(), str(self.width), *self.errors()[:1]):
            self.kinds_checked += 1
            assert self._axe.complaints(self.page) == [], f"axe on {self.path}"

    def _kind_of_title(self) -> tuple[str, ...]:
        """The title; where it names one case, what the page has of headings and buttons stands for which case it is."""
        title = self.page.title()
        of_any_case = _REFERENCE.sub("…", title)
        if of_any_case == title:
            return (title,)
        return (of_any_case, *self.page.locator("h2, h3, button").all_inner_texts())

    def _take_picture(self) -> None:
        name = re.sub(r"[^a-z0-9-]+", "_", re.sub(r"/[0-9A-Z]{8}/", "/one/", self.path).lower()).strip("_") or "desk"
        place = Path(SHOTS) / f"{self.width}-{name}{'-errors' if self.errors() else ''}.png"
        self.page.screenshot(path=place, full_page=True)

    # Reading

    @property
    def path(self) -> str:
        """The address of the page, without the host."""
        return "/" + self.page.url.split("/", 3)[3].partition("?")[0].partition("#")[0]

    @property
    def heading(self) -> str:
        """The page's one heading."""
        return self.page.locator("h1").inner_text()

    def errors(self) -> list[str]:
        """The sentences of the error summary."""
        found = "() => Array.from(document.querySelectorAll('.govuk-error-summary__list li'), line => line.innerText)"
        sentences: list[str] = self.page.evaluate(found)
        return sentences

    def says(self, words: str) -> bool:
        """Tell whether the page shows these words."""
        shown: str = self.page.evaluate("() => document.body.innerText")
        return words in re.sub(r"\s+", " ", shown)

    # Answering

    def answer(self, answers: Answers) -> None:
        """Answer questions by their visible words, in the order given."""
        for question, value in answers.items():
            self._answer(question, value)

    def _answer(self, question: str, value: str | When) -> None:
        group = self.page.locator(f'xpath=//fieldset[legend[normalize-space()="{question}"]]')
        if isinstance(value, When):
            parts = {"Day": value.on.day, "Month": value.on.month, "Year": value.on.year, "Time": value.at}
            for label, typed in parts.items():
                if typed:
                    self.write(group.get_by_label(label), str(typed))
        elif group.count():
            self.choose(group.get_by_label(value, exact=True))
        else:
            control = self.page.get_by_label(question, exact=True)
            if control.and_(self.page.locator("select")).count():
                self.pick(control, value)
            else:
                self.write(control, value)

    def write(self, control: Locator, words: str) -> None:
        """Write into a box, in place of what is there."""
        if self.way is not Way.KEYBOARD:
            control.fill(words)
            return
        self._reach(control)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(words)

    def choose(self, radio: Locator) -> None:
        """Choose one answer of several."""
        match self.way:
            case Way.MOUSE:
                radio.check()
            case Way.FINGER:
                radio.tap()
            case Way.KEYBOARD:
                self._choose_by_arrows(radio)
        expect(radio).to_be_checked()

    def pick(self, select: Locator, label: str) -> None:
        """Pick from a list that opens, by the beginning of its words."""
        if self.way is Way.KEYBOARD:
            self._reach(select)
            self.page.keyboard.type(label)
            return
        wanted = select.locator("option").filter(has_text=re.compile(rf"^\s*{re.escape(label)}"))
        select.select_option(wanted.first.get_attribute("value"))

    def _reach(self, control: Locator) -> None:
        """Press Tab until the control has the focus."""
        target = control.element_handle()
        for _ in range(MOST_TABS):
            if target.evaluate("control => control === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {control}.")

    def _choose_by_arrows(self, radio: Locator) -> None:
        target = radio.element_handle()
        together = "one => one.name === document.activeElement.name"
        for _ in range(MOST_TABS):
            if target.evaluate(together):
                break
            self.page.keyboard.press("Tab")
        for _ in range(MOST_TABS):
            if target.evaluate("one => one === document.activeElement"):
                break
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Space")

    def new_tab(self) -> Page:
        """Open another tab of the same browser; `self.page` stays in front until it is set."""
        return self.context.new_page()
