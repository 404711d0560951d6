"""What an officer writes of a decision, as it is kept; and moments as refusals say them."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

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


def moment(at: datetime) -> str:
    """Return a moment as a sentence says it: 3 May 2026 at 02:14."""
    return f"{timezone.localtime(at):%-d %B %Y at %H:%M}"
