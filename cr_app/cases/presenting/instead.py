"""What else an offence may be dealt with by, where no Community Resolution is given: the outcomes of the framework."""

from dataclasses import dataclass
from datetime import date

from cr_app.cases.facts import ages_of
from cr_app.cases.queries import Record
from cr_app.cases.situation import ADULT_AT
from cr_app.reference.queries import outcome_label


@dataclass(frozen=True)
class Disposal:
    """One outcome to consider: its name in the Home Office framework, its code, and what it means here."""

    label: str
    code: str
    hint: str


_HINTS = {
    "1": "With the prosecutor's decision where it is needed.",
    "2": "A youth caution or a youth conditional caution, with the youth justice service.",
    "3": "A conditional caution before a simple one, where conditions can put it right.",
    "6": "For an adult, and an offence on the list of those it may be given for.",
    "7": "For an adult, where the force's policy still has it.",
    "22": "Prosecution deferred, or an activity done instead, without a formal outcome.",
    "10": "Nothing formal, on the decision of the police.",
    "15": "No further action: the evidence is not enough, though the victim supports it.",
    "16": "No further action: the evidence is not enough without the victim.",
}
# Words in the title of an offence type for which a warning of its own exists.
_WARNED_FOR = ("cannabis", "khat")


def disposals_to_consider(record: Record, *, on: date) -> tuple[Disposal, ...]:
    """Return the outcomes to consider instead: a child's or an adult's, a cannabis or khat warning for possession alone."""
    age = ages_of(record, on=on).at_decision
    is_child = age is not None and age < ADULT_AT
    titles = [offence.offence_type.title.casefold() for offence in record.offences]
    may_be_warned = not is_child and any(
        title.startswith("possession") and "intent" not in title and any(word in title for word in _WARNED_FOR)
        for title in titles
    )
    codes = ["1", "2" if is_child else "3"]
    codes += [] if is_child else ["6"]
    codes += ["7"] if may_be_warned else []
    codes += ["22", "10", "15", "16"]
    return tuple(Disposal(outcome_label(code), code, _HINTS[code]) for code in codes)
