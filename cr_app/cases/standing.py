"""Who may not act in a case because of who they are in it: parties, their names and numbers."""

from cr_app.accounts.models import Officer
from cr_app.accounts.warrant_numbers import normal_warrant_number
from cr_app.cases.models import Offender, Victim
from cr_app.cases.queries import Record

OFFENDER_MAY_NOT = "The offender may not be the appropriate adult. Find someone else"
VICTIM_MAY_NOT = "A victim may not be the appropriate adult. Find someone else"
OFFICER_MAY_NOT = "A police officer or member of police staff may not be the appropriate adult. Find someone else"


def plain_name(name: str) -> str:
    """Return a name as it is compared: case, spaces and the shape of an apostrophe do not count."""
    return " ".join(name.replace("’", "'").casefold().split())


def adult_refused(name: str, record: Record, officer: Officer, *, of_victim: int | None = None) -> str:
    """Return why somebody of this name may not be the appropriate adult of the offender, or of one victim; "" if they may.

    Source: PACE Code C 1.7 and its notes for guidance: nobody who is part of the matter.
    """
    compared = plain_name(name)
    if not compared:
        return ""
    if compared == plain_name(record.offender.name):
        return OFFENDER_MAY_NOT
    if any(
        plain_name(victim.name) == compared for victim in record.victims if victim.is_person and victim.pk != of_victim
    ):
        return VICTIM_MAY_NOT
    return OFFICER_MAY_NOT if compared == plain_name(officer.name) else ""


def is_party(officer: Officer, record: Record) -> bool:
    """Tell whether an officer is the offender or a victim of a case, by warrant number."""
    return officer.warrant_number in party_numbers(record)


def party_numbers(record: Record) -> frozenset[str]:
    """Return the warrant numbers given for the offender and the victims of a case, in their normal form."""
    numbers = {record.offender.warrant_number, *(victim.warrant_number for victim in record.victims)}
    return frozenset(normal_warrant_number(number) for number in numbers if number)


def reasons_against(record: Record, officer: Officer) -> tuple[str, ...]:
    """Return why a case may not go on as it stands with this officer: a party records it, or a party is the adult."""
    found = []
    if is_party(officer, record):
        found.append("The officer who has this case is a party to it. Another officer must record it.")
    case = record.case
    # Handing the case over does not mend this: who recorded it stays.
    if case.recorded_by_id != officer.pk and is_party(case.recorded_by, record):
        found.append(
            "The officer who recorded this case is a party to it. Withdraw it: another officer must record it."
        )
    people: list[tuple[Offender | Victim, int | None]] = [(record.offender, None)]
    people += [(victim, victim.pk) for victim in record.victims if victim.is_person]
    for person, pk in people:
        if person.appropriate_adult_present:
            refused = adult_refused(person.appropriate_adult_name or "", record, officer, of_victim=pk)
            found += [f"{refused}."] if refused else []
    return tuple(dict.fromkeys(found))
