"""What declaring an interest in a case does, before and after, in words."""

from cr_app.accounts.models import Officer
from cr_app.authorisations.actions import Declared
from cr_app.authorisations.queries import kind_of
from cr_app.authorisations.queries.matters import WAITS_FOR
from cr_app.cases.actions.voiding import covers_of
from cr_app.cases.models import Case


def what_declaring_does(case: Case, officer: Officer) -> str:
    """Return what follows where this officer declares an interest in a case as it stands now."""
    given = " and ".join(cover.words for cover in covers_of(case) if cover.given_by_id == officer.pk)
    if given:
        return f"You gave what lets this case go on. Declaring an interest voids {given}: its officer must ask again."
    return "Others decide on it instead." if kind_of(case) is not None else "Nothing that was decided changes by it."


def declared_words(declared: Declared, reference: str) -> str:
    """Return what is said once an interest was declared: what truly follows where the case stands."""
    lead = f"You declared an interest in case {reference}."
    if declared.voided:
        return f"{lead} That voids {' and '.join(declared.voided)}: its officer must ask again."
    if declared.status in WAITS_FOR:
        return f"{lead} Others decide on it."
    return f"{lead} Nothing that was decided changes by it, and you decide on it no more."
