"""The questions a case asks, worded once: pages ask them, the snapshot keeps them, the trail names them by their keys."""

from cr_app.cases.questions import agreement, decision, incident, people
from cr_app.cases.questions.kinds import Choice, Kind, Question

QUESTIONS: dict[str, Question] = {
    question.key: question for module in (incident, people, decision, agreement) for question in module.QUESTIONS
}

__all__ = ["QUESTIONS", "Choice", "Kind", "Question", "label_of", "question"]


def question(key: str) -> Question:
    """Return the question of `key`, written row.field; KeyError for one that is not asked."""
    return QUESTIONS[key]


def label_of(row: str, field: str) -> str:
    """Return how a page names the answer `field` of `row`: its question, or the field's own words where none is asked."""
    found = QUESTIONS.get(f"{row}.{field}")
    return found.text if found else field.replace("_", " ").capitalize()
