"""The pages of a record, filled in by their visible words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.making import Maker
from tests.browser.seat import Answers, Seat, When, yesterday

SAVE, ANOTHER = "Save and continue", "Save and add another"
IN_A_WEEK = When(date.today() + timedelta(days=7))  # noqa: DTZ011
SHOP_THEFT = "Shoplifting (theft from shops and stalls)"
NO_CIRCUMSTANCE = dict.fromkeys(
    (
        "Was it domestic abuse?",
        "Are, or were, the people involved intimate partners?",
        "Does the victim or anyone else see it as a hate crime?",
        "Was it sexual in nature?",
        "Was a firearm, imitation firearm or air weapon involved?",
        "Was an offensive weapon, or a pointed or bladed article, involved?",
    ),
    "No",
)
WEAPON = "Was an offensive weapon, or a pointed or bladed article, involved?"
CONCERN = "Is there any concern about the offender's mental health or capacity?"
VICTIM_CONCERN = "Is there any concern about the victim's mental health or capacity?"
VENUE = "Did it happen at a place with a local arrangement?"
# What whoever signs is asked; a child in fewer words.
SIGNS, CHILD_SIGNS = "Type your full name to sign", "Type your full name"
OFFICER_SIGNS = "Officer: type your own full name to sign"

Rows = Sequence[Answers]


def new_reference() -> str:
    """A crime report reference that no other test uses."""
    return f"{uuid4().int % 10**9:09}/26"


@dataclass(frozen=True)
class Offence:
    """What is typed into the search, and the title chosen of what it finds."""

    sought: str = "shoplifting"
    title: str = SHOP_THEFT


@dataclass
class Story:
    """The answers of one case, page by page, as the slugs of the addresses name them."""

    crime_report: str = field(default_factory=new_reference)
    offence: Offence = field(default_factory=Offence)
    name: tuple[str, str] = field(default_factory=lambda: ("Jo", f"O'Neill-{uuid4().hex[:8].upper()}"))
    pages: dict[str, Answers] = field(default_factory=dict)
    victims: Rows = ()
    actions: Rows = ()
    disposals: Rows = ()

    @property
    def full_name(self) -> str:
        """The offender's name as it is signed."""
        return " ".join(self.name)

    def with_answers(self, slug: str, **changed: str | When) -> None:
        """Change answers of a page; keys are the visible words."""
        self.pages[slug] = {**self.pages[slug], **changed}


def shop_victim() -> Answers:
    """The shop, asked in person."""
    return {
        "Who is the victim?": "An organisation",
        "Name of the organisation": "Boots, Camden High Street",
        "Has the victim been consulted?": "Yes",
        "When?": yesterday("15:10"),
        "How?": "In person",
        "Does the victim agree to a Community Resolution?": "Yes",
        "What does the victim say, and want?": "An apology, and to be paid for the lipstick.",
    }


def person_victim(*, concern: str = "No") -> Answers:
    """A person, asked by phone."""
    return {
        "Who is the victim?": "A person",
        "First names of the victim, or of whoever speaks for it": "Maria",
        "Last name": "Da Silva",
        "Has the victim been consulted?": "Yes",
        "When?": yesterday("16:00"),
        "How?": "By phone",
        "Does the victim agree to a Community Resolution?": "Yes",
        VICTIM_CONCERN: concern,
    }


def apology() -> Answers:
    """A letter to whom it concerns."""
    return {
        "What will the offender do?": "Apologise to the victim, in person or in writing",
        "In plain words, what exactly?": "Write a letter of apology.",
        "For whom?": "Boots",
        "By when?": IN_A_WEEK,
    }


def shop_theft() -> Story:
    """An adult takes a lipstick: one organisation as victim, an apology and £12.40 to pay back."""
    story = Story()
    story.pages = {
        "incident": {
            "When did it happen?": yesterday(),
            "Where did it happen?": "Boots, Camden High Street",
            "Which borough, district or BCU is that in?": "Camden",
            "What happened, in brief?": "Put a lipstick in a pocket and left without paying.",
            VENUE: "None of these",
        },
        "circumstances": NO_CIRCUMSTANCE,
        "offender": {
            "First names": story.name[0],
            "Last name": story.name[1],
            "Date of birth": When(date(1990, 2, 1)),
            "Sex": "Female",
            "How does the offender describe their own ethnicity?": "W1",
            "How would you describe it?": "IC1",
        },
        "offender-details": {
            "Phone number": "07700 900123",
            "Is the offender a police officer or a member of police staff?": "No",
        },
        "history": {
            "Have you checked PNC and PND?": "Yes",
            "When did you check PNC and PND?": yesterday("15:00"),
            "Have you checked local systems?": "Yes",
            "When did you check local systems?": yesterday("15:02"),
            "Has the offender any earlier disposal that is not shown above?": "No",
        },
        "responsibility": {
            "Does the offender accept responsibility?": "Yes",
            "Does the offender admit the offence?": "Yes",
            "What does the offender say, in their own words?": "I took it. I am sorry.",
            "Does the offender agree to take part?": "Yes",
            "Have you explained what a Community Resolution means?": "Yes",
            "Have you told the offender that they may have legal advice?": "Yes",
        },
        "seriousness": {
            "Is there enough evidence of the offence?": "Yes",
            "Is this, in your judgement, a less serious offence?": "Yes",
            "What gravity score have you considered?": "2",
        },
        "safeguards": {CONCERN: "No", "Is an interpreter needed?": "No"},
        "rationale": {"Why is a Community Resolution proportionate here?": "First offence, low value, victim content."},
    }
    story.victims = [shop_victim()]
    story.actions = [
        apology(),
        {
            "What will the offender do?": "Pay the victim for loss or damage",
            "In plain words, what exactly?": "Pay for the lipstick.",
            "How much, in pounds?": "12.40",
            "For whom?": "Boots",
            "By when?": IN_A_WEEK,
        },
    ]
    return story


class Journey:
    """One officer recording one story."""

    def __init__(self, seat: Seat, story: Story) -> None:
        self.seat, self.story = seat, story
        self.reference = ""
        self.pages_shown: list[str] = []

    def start(self) -> None:
        """Press the desk's button and name the crime report."""
        self.seat.press("Record a Community Resolution")
        self.pages_shown.append(self.seat.path)
        self.seat.answer({"What is the crime report reference?": self.story.crime_report})
        self.seat.press(SAVE)
        self.reference = self.seat.path.split("/")[2]

    def take_up(self, maker: Maker, slug: str, *, told: str = "shop_theft", officer: str = "amina") -> None:
        """Begin at a page; those before it are answered already, as a story of `tests.make` tells, for this offender."""
        first_names, last_names = self.story.name
        self.reference = maker.begun(
            officer,
            told,
            until=slug,
            report=self.story.crime_report,
            offender__first_names=first_names,
            offender__last_names=last_names,
        )
        self.seat.open(self.address(f"record/{slug}/"))

    def have_answered(self, maker: Maker, *, told: str = "shop_theft", officer: str = "amina") -> None:
        """Leave all pages that are left to a story of `tests.make`, and go on at the page that shows every answer."""
        maker.gone_on(self.reference, officer, told)
        self.seat.open(self.address("record/check/"))

    @property
    def slug(self) -> str:
        """The step whose page is shown: the part of the address after record."""
        found = re.search(r"/record/([a-z-]+)/", self.seat.path)
        if self.seat.path.endswith("/safeguards/") and "/victims/" in self.seat.path:
            return "victim-safeguards"
        return found.group(1) if found else ""

    def address(self, place: str = "") -> str:
        """An address of this case."""
        return f"/cases/{self.reference}/{place}"

    def fill_until(self, *stops: str) -> str:
        """Fill in page after page until one of these steps is shown; returns which."""
        for _ in range(40):
            if self.slug in stops:
                return self.slug
            self.fill()
        raise AssertionError(f"The record never came to {stops}, but stands at {self.seat.path}.")

    def fill(self) -> None:
        """Fill in the page that is shown, with every row of it where it repeats."""
        slug, before = self.slug, self.seat.path
        self.pages_shown.append(before)
        match slug:
            case "offences":
                self.choose_offence(self.story.offence)
            case "victims" | "actions" | "disposals":
                self._fill_rows(getattr(self.story, slug))
            case "result":
                self.seat.press("Carry on")
            case _:
                self.seat.answer(self.story.pages[slug])
                self.seat.check_with_axe("answered")
                self.seat.press(SAVE)
        assert not self.seat.errors(), f"{before}: {self.seat.errors()}"

    def _fill_rows(self, rows: Rows) -> None:
        for place, row in enumerate(rows):
            self.seat.answer(row)
            self.seat.check_with_axe("answered")
            if place + 1 < len(rows):
                self.seat.press(ANOTHER)
                assert not self.seat.errors(), f"{self.seat.path}: {self.seat.errors()}"
                self.pages_shown.append(self.seat.path)
        self.seat.press(SAVE)

    def choose_offence(self, offence: Offence) -> None:
        """Search for an offence, choose it and go on."""
        self.search_offence(offence.sought)
        self.seat.choose(self.seat.page.get_by_label(offence.title, exact=True))
        self.seat.press(SAVE)

    def search_offence(self, sought: str) -> None:
        """Type into the search: what is found appears by itself, or by the button where scripts are off."""
        self.seat.write(self.seat.page.get_by_label("Search by title, code or statute"), sought)
        if self.seat.script:
            expect(self.seat.page.get_by_text(re.compile(r"^\d+ offences? found$"))).to_be_attached()
        else:
            self.seat.press("Search")

    def submit(self) -> None:
        """Declare on the page that shows every answer."""
        self.pages_shown.append(self.seat.path)
        self.seat.press("Declare and submit")

    def issue(self, *, adult: Answers | None = None, signs: str = SIGNS) -> None:
        """Go from the case to its last page, take the signatures and issue."""
        self.seat.press("Issue it")
        self.sign_and_issue(adult=adult, signs=signs)

    def sign_and_issue(self, *, adult: Answers | None = None, signs: str = SIGNS) -> None:
        """Take the signatures and issue; `signs` is what the offender is asked."""
        self.seat.answer({signs: self.story.full_name, **(adult or {}), OFFICER_SIGNS: self.seat.full_name})
        self.seat.press("Sign and issue")
        assert not self.seat.errors(), self.seat.errors()


def answers_without(answers: Mapping[str, str | When], *questions: str) -> Answers:
    """The same answers, these questions left out."""
    return {question: value for question, value in answers.items() if question not in questions}
