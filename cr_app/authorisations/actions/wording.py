"""What an officer writes of a decision, as it is kept."""

from django.core.exceptions import ValidationError

from cr_app.cases.models import Case
from cr_app.pages.refusals import NotAllowed
from cr_app.pages.text import clean

LONGEST = 4_000


def cleaned(text: str, case: Case, *, what: str, missing: str) -> str:
    """Return what was written in its clean form; raises NotAllowed where nothing is left, too much, or what cannot be kept."""
    try:
        kept = clean(text, what=what, limit=LONGEST, lines=True)
    except ValidationError as error:
        raise NotAllowed(f"{error.message}.", subject=case.subject) from error
    if not kept:
        raise NotAllowed(missing, subject=case.subject)
    return kept
