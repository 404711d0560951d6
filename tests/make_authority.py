"""What others decide on the tests' cases: authority granted, refused, returned; professional standards' finding.

Each decides as one who has just read the case, through the actions of authority, and returns the status that follows.
`asked` submits a draft and asks for the decision that it then waits for; `answered` answers the question of a return.
"""

from collections.abc import Callable

from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.authorisations import actions
from cr_app.authorisations.actions import Seen
from cr_app.authorisations.models import Kind
from cr_app.authorisations.queries import kind_of
from cr_app.cases.lifecycle import Status
from tests import make

REASONS = "Exceptional: a work tool, no threat to anybody, and a first matter."
QUESTION = "Who saw the blade first?"
REPLY = "The shop keeper, and she called the security guard."


def asked(officer: Officer, story: make.Story) -> str:
    """Return the reference of a case that was submitted, and for which a decision was asked where it waits for one."""
    reference = make.complete(officer, story)
    actions.submit_and_ask(reference, by=officer, seen=make.reviewed(reference))
    return reference


def granted(reference: str, by: Officer, reasons: str = REASONS) -> Status:
    """Grant authority on the case as it was submitted."""
    return _decide(actions.grant, reference, by, reasons)


def refused(reference: str, by: Officer, reasons: str = REASONS) -> Status:
    """Refuse authority on the case as it was submitted."""
    return _decide(actions.refuse, reference, by, reasons)


def found_suitable(reference: str, by: Officer, reasons: str = REASONS) -> Status:
    """Find a referred case suitable."""
    return _decide(actions.find_suitable, reference, by, reasons)


def found_unsuitable(reference: str, by: Officer, reasons: str = REASONS) -> Status:
    """Find a referred case unsuitable."""
    return _decide(actions.find_unsuitable, reference, by, reasons)


def returned(reference: str, by: Officer, question: str = QUESTION) -> Status:
    """Return a case that waits for a decision, with a question."""
    return _decide(actions.return_with_question, reference, by, question)


def answered(reference: str, officer: Officer, reply: str = REPLY) -> None:
    """Answer what was asked with the case as it was returned, as its officer; it is still to be submitted."""
    make.answer(reference, officer, "question", case__reply=reply)


def _decide(action: Callable[..., Status], reference: str, by: Officer, reasons: str) -> Status:
    kind = kind_of(make.read(reference)) or Kind.AUTHORITY
    seen = Seen.of(make.frozen(reference), kind, timezone.now())
    return action(reference, by=by, reasons=reasons, seen=seen)
