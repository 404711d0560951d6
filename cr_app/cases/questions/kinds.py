"""What a question is made of."""

from dataclasses import dataclass
from enum import StrEnum

# The row of the exceptional circumstances, one for each exclusion: its field is the exclusion's rule.
GROUNDS = "grounds"
# What whoever returned the case asked, which no form asks, and the key of its officer's answer.
ASKED = "case.question"
REPLY = "case.reply"


class Kind(StrEnum):
    """How a question is answered; a page picks its control by it."""

    TEXT = "text"
    REFERENCE = "reference"
    LONG = "long"
    NAME = "name"
    YES_NO = "yes_no"
    CHOICE = "choice"
    LIST = "list"
    DATE = "date"
    MOMENT = "moment"
    POSTCODE = "postcode"
    PHONE = "phone"
    EMAIL = "email"
    PNC = "pnc"
    CRO = "cro"
    MONEY = "money"
    WHOLE = "whole"


@dataclass(frozen=True)
class Choice:
    """One answer to choose: what is stored, what is read, and a hint."""

    value: str
    text: str
    hint: str = ""


@dataclass(frozen=True)
class Question:
    """One question: its key (row.field), the words, a hint, how it is answered, and what to say when it is not.

    `wanted` is the sentence shown when nothing was answered; an empty one means the question may be left.
    `latest` bounds a date: "now" refuses the future, "" refuses nothing.
    """

    key: str
    text: str
    kind: Kind
    wanted: str = ""
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    max_length: int = 200
    minimum: int = 0
    maximum: int = 0
    latest: str = ""

    @property
    def row(self) -> str:
        """Return the row that the answer belongs to: case, offender, victim, offence, disposal, action or grounds."""
        return self.key.partition(".")[0]

    @property
    def field(self) -> str:
        """Return the name of the answer in its row."""
        return self.key.partition(".")[2]

    @property
    def name(self) -> str:
        """Return how a form calls the answer: by its field, or by the whole key where the field is a rule's name."""
        return self.key.replace(".", "-") if self.row == GROUNDS else self.field

    def text_of(self, value: str) -> str:
        """Return the words of a chosen value; the value itself where it is no longer among the choices."""
        return next((choice.text for choice in self.choices if choice.value == value), value)
