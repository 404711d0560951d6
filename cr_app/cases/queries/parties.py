"""Who the parties to cases are, by the warrant numbers given for them."""

from collections.abc import Iterable

from cr_app.accounts.warrant_numbers import normal_warrant_number
from cr_app.cases.models import Case, Victim


def numbers_in(cases: Iterable[Case]) -> dict[int, frozenset[str]]:
    """Return the warrant numbers of the parties to each case, in their normal form: one query, besides the offenders."""
    listed = {case.pk: case for case in cases}
    if not listed:
        return {}
    found = {pk: {case.offender.warrant_number} for pk, case in listed.items()}
    victims = Victim.objects.filter(case__in=listed, warrant_number__isnull=False)
    for case, number in victims.order_by().values_list("case_id", "warrant_number"):
        found[case].add(number)
    return {
        pk: frozenset(normal_warrant_number(number) for number in numbers if number) for pk, numbers in found.items()
    }
