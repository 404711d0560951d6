"""Which answers differ between two readings of one review page: pure over what a snapshot holds."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Protocol, TypeAlias

from cr_app.cases.questions import ASKED, REPLY

NOT_SHOWN = ""
# Of rows that repeat, the question says part of what was answered: an action's remedy, a disposal's kind and day.
_SAYS_IN_THE_QUESTION = frozenset({"offence", "disposal", "action"})
_NAMED_ONCE = {"offence": "Offence", "disposal": "Earlier disposal", "action": "Agreed action"}
# Its place among the others is not what was answered.
_PLACE = re.compile(r"(Action|Victim) \d+: ")
UNIT = "case.unit"
# What changes with the calendar, or by what others do, whoever saves the case.
AGES = "offender.ages"
EARLIER = "case.earlier_cases"
BY_ITSELF = frozenset({AGES, EARLIER})
NOT_ANSWERED = "Not answered"


class Shown(Protocol):
    """One question and its answer, as a review page shows it."""

    @property
    def key(self) -> str:
        """The answer's key, row.field."""

    @property
    def question(self) -> str:
        """The question as asked."""

    @property
    def answer(self) -> str:
        """The answer as shown."""

    @property
    def slug(self) -> str:
        """The page it is changed on."""

    @property
    def item(self) -> int | None:
        """The row it is about, where there are several."""


@dataclass(frozen=True)
class ShownAnswer:
    """One question and its answer, read back from a snapshot."""

    key: str
    question: str
    answer: str
    slug: str
    item: int | None = None


@dataclass(frozen=True)
class ChangedAnswer:
    """One answer before and after, in words; "" on the side where it was not shown."""

    question: str
    old: str
    new: str


# What a void tells instead of an answer, where whoever gave authority cannot have given it fairly.
INTEREST_DECLARED = ChangedAnswer("Interest declared by whoever gave it", "None", "Declared")


Identity: TypeAlias = tuple[str, int | str | None]
OpenPages: TypeAlias = Collection[tuple[str, int | None]]


def answers_in(content: str) -> tuple[ShownAnswer, ...]:
    """Return every answer that a snapshot's text holds, in its order."""
    return tuple(
        ShownAnswer(answer["key"], answer["question"], answer["answer"], answer["slug"], answer["item"])
        for section in json.loads(content)["sections"]
        for answer in section["answers"]
    )


def earlier_named(asked: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the references of the earlier cases of the same person that these answers tell of, by key and question."""
    return tuple(question.rpartition(" ")[2] for key, question in asked if key == EARLIER)


def open_pages_in(content: str) -> frozenset[tuple[str, int | None]]:
    """Return the pages that were open when a snapshot was taken; none where its format does not tell."""
    return frozenset((slug, item) for slug, item in json.loads(content).get("open", []))


def text_in(answers: Iterable[Shown], key: str) -> str:
    """Return the answer of this key as it was shown; "" where it was not."""
    return next((answer.answer for answer in answers if answer.key == key), NOT_SHOWN)


def asked_since(before: Collection[Shown], after: Collection[Shown]) -> frozenset[str]:
    """Return the keys of a question and its answer where it was asked between two readings: nobody changed an answer."""
    return frozenset({ASKED, REPLY}) if text_in(before, ASKED) != text_in(after, ASKED) else frozenset()


def changes_between(
    before: Iterable[Shown],
    after: Iterable[Shown],
    *,
    leaving_out: Collection[str] = (),
    open_before: OpenPages = (),
) -> tuple[ChangedAnswer, ...]:
    """Return what one reading shows otherwise than another, in the order of the pages; keys in `leaving_out` do not count.

    What a page that was open did not show yet may be filled in without counting (`open_before`), and so may a page that
    did not apply then; whatever was shown counts when it changes or goes.
    """
    old, new = _by_identity(before, leaving_out), _by_identity(after, leaving_out)
    slugs_before = {answer.slug for answer in old.values()}
    found = []
    for identity in dict.fromkeys([*new, *old]):
        was, now = old.get(identity), new.get(identity)
        if _compared(was) == _compared(now):
            continue
        if open_before and now is not None and _may_be_filled_in(was, now, open_before, slugs_before):
            continue
        found.append(_changed(was, now))
    return tuple(found)


def kept_of(changes: Iterable[ChangedAnswer]) -> str:
    """Return changed answers as the text that a void keeps."""
    return json.dumps([asdict(change) for change in changes], ensure_ascii=False)


def changes_kept(text: str) -> tuple[ChangedAnswer, ...]:
    """Return the changed answers that a void kept."""
    return tuple(ChangedAnswer(each["question"], each["old"], each["new"]) for each in json.loads(text))


def what_voided(changes: Collection[ChangedAnswer]) -> str:
    """Return what whoever voided something did, by what the void kept."""
    return "declared an interest in this case" if INTEREST_DECLARED in changes else "changed what it covered"


def _by_identity(answers: Iterable[Shown], leaving_out: Collection[str]) -> Mapping[Identity, Shown]:
    return {_identity(answer): answer for answer in answers if answer.key not in leaving_out}


def _identity(answer: Shown) -> Identity:
    """Return what stays the same of an answer whatever is answered: an earlier record is known by its reference."""
    return (answer.key, answer.question if answer.key == EARLIER else answer.item)


def _compared(answer: Shown | None) -> str:
    return _text_of(answer) if answer is not None else NOT_SHOWN


def _row_of(answer: Shown) -> str:
    return answer.key.partition(".")[0]


def _text_of(answer: Shown) -> str:
    """Return what was answered, with what the question says of it where the row repeats."""
    if _row_of(answer) not in _SAYS_IN_THE_QUESTION or answer.item is None:
        return answer.answer
    return f"{_PLACE.sub('', answer.question)}: {answer.answer}"


def _may_be_filled_in(was: Shown | None, now: Shown, open_before: OpenPages, slugs_before: Collection[str]) -> bool:
    """Tell whether an answer only fills in what was left open."""
    page_was_open = (now.slug, now.item) in open_before or (now.slug, None) in open_before
    if was is None:
        return page_was_open or now.slug not in slugs_before
    if was.answer == NOT_ANSWERED:
        return page_was_open
    # The age at the offence is known once the incident is, on a page of its own; an age that was shown stays as it was.
    return was.key == AGES and set(was.answer.split(", ")) <= set(now.answer.split(", "))


def _changed(was: Shown | None, now: Shown | None) -> ChangedAnswer:
    shown = now or was
    question = _NAMED_ONCE.get(_row_of(shown), shown.question) if shown is not None else ""
    return ChangedAnswer(question, _compared(was), _compared(now))
