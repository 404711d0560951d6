"""Who the parties to cases are, by the warrant numbers and the names given for them; and who was told."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cr_app.accounts.warrant_numbers import normal_warrant_number
from cr_app.cases.models import Case, Offender, Victim

# What tells whose a case is and who is a party to it.
_FOR_THE_DOOR = (
    *("reference", "force_id", "unit_id", "officer_id", "recorded_by_id", "is_restricted", "status"),
    "offender__warrant_number",
)


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


@dataclass(frozen=True)
class Parties:
    """The people of one case: their warrant numbers, family names and, of each victim, whether they were consulted.

    An appropriate adult gave one name, whole: the last part of it is taken for the family name.
    """

    reference: str
    force_id: str
    is_restricted: bool
    recorded_by: frozenset[int]
    numbers: frozenset[str]
    family_names: frozenset[str]
    consulted: tuple[bool | None, ...]


def parties_of(references: Iterable[str]) -> dict[str, Parties]:
    """Return the people of each of these cases, by reference, in two queries."""
    cases = list(Case.objects.filter(reference__in=list(references)).select_related("offender"))
    victims: dict[int, list[Victim]] = defaultdict(list)
    for victim in Victim.objects.filter(case__in=cases).order_by("case_id", "position"):
        victims[victim.case_id].append(victim)
    return {case.reference: _parties(case, victims[case.pk]) for case in cases}


def _parties(case: Case, victims: list[Victim]) -> Parties:
    people: list[Offender | Victim] = [case.offender, *victims]
    numbers = (person.warrant_number for person in people)
    names = [person.last_names or "" for person in people]
    for person in people:
        names += (person.appropriate_adult_name or "").split()[1:][-1:]
    return Parties(
        reference=case.reference,
        force_id=case.force_id,
        is_restricted=case.is_restricted,
        recorded_by=frozenset({case.recorded_by_id, case.officer_id}),
        numbers=frozenset(normal_warrant_number(number) for number in numbers if number),
        family_names=frozenset(name for name in names if name.strip()),
        consulted=tuple(victim.consulted for victim in victims),
    )


def restricted_references() -> Iterator[str]:
    """Yield the references of all restricted cases."""
    return Case.objects.filter(is_restricted=True).order_by().values_list("reference", flat=True).iterator()


def restricted_in(force_id: str) -> tuple[Case, ...]:
    """Return the restricted cases of a force, as the door must know them to tell who may see them."""
    restricted = Case.objects.filter(force_id=force_id, is_restricted=True).select_related("offender").order_by()
    return tuple(restricted.only(*_FOR_THE_DOOR))


def cases_of_references(references: Iterable[str]) -> tuple[Case, ...]:
    """Return the cases of these references with their offender, in one query; those that are none are left out."""
    named = Case.objects.filter(reference__in=list(references)).select_related("offender").order_by()
    return tuple(named.only(*_FOR_THE_DOOR))


def references_of_force(force_id: str) -> frozenset[str]:
    """Return the references of all cases of a force."""
    return frozenset(Case.objects.filter(force_id=force_id).order_by().values_list("reference", flat=True))
