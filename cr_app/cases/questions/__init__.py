"""The questions a case asks, worded once: pages ask them, the snapshot keeps them, the trail names them by their keys."""

from collections.abc import Mapping
from functools import lru_cache

from cr_app.cases.questions import afterwards, agreement, decision, exception, incident, people
from cr_app.cases.questions.exception import grounds_question
from cr_app.cases.questions.kinds import ASKED, GROUNDS, REPLY, Choice, Kind, Question
from cr_app.policy.rules import Rulebook

# Every question whose words are the same in each case; those of the exceptional circumstances take a rule's title.
QUESTIONS: dict[str, Question] = {
    question.key: question
    for module in (incident, people, decision, agreement, exception)
    for question in module.QUESTIONS
}
# What is recorded of a case after its issue: no page of the record asks it.
AFTERWARDS: dict[str, Question] = {question.key: question for question in afterwards.QUESTIONS}

__all__ = [
    "AFTERWARDS",
    "ASKED",
    "GROUNDS",
    "QUESTIONS",
    "REPLY",
    "Choice",
    "Kind",
    "Question",
    "grounds_question",
    "label_of",
    "question",
    "questions_of",
]


def question(key: str) -> Question:
    """Return the question of `key`, written row.field; KeyError for one that is not asked."""
    return QUESTIONS[key]


@lru_cache(maxsize=64)
def questions_of(rulebook: Rulebook) -> Mapping[str, Question]:
    """Return every question that may be asked under a rulebook, by key: one more for each rule that can exclude a case."""
    asked = [grounds_question(rule.id, rule.title) for rule in rulebook.rules if rule.effect.value == "exclusion"]
    return QUESTIONS | {each.key: each for each in asked}


def label_of(row: str, field: str) -> str:
    """Return how a page names the answer `field` of `row`: its question, or the field's own words where none is asked."""
    found = QUESTIONS.get(f"{row}.{field}")
    return found.text if found else field.replace("_", " ").capitalize()
