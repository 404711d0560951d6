"""The names of a case as they stand: as they were issued, and as corrections put them right; the earlier ones stay."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass

from cr_app.cases.lifecycle import FINAL
from cr_app.cases.models import Case, Correction, Offender, Victim
from cr_app.cases.queries.records import Record

_OF_A_PERSON = ("first_names", "last_names")
_OF_AN_ORGANISATION = ("organisation_name", *_OF_A_PERSON)


@dataclass(frozen=True)
class StandingName:
    """One part of a name: whose, which column, what it said at issue, and what it says now, after every correction."""

    victim: Victim | None
    column: str
    issued: str
    now: str

    @property
    def key(self) -> str:
        """Return what stands for it in a form: whose it is and which column."""
        return f"{self.victim.pk if self.victim else 'offender'}.{self.column}"

    @property
    def is_corrected(self) -> bool:
        """Tell whether it says something else now than at issue."""
        return self.now != self.issued


def standing_names(record: Record, corrections: Iterable[Correction]) -> tuple[StandingName, ...]:
    """Return every name that was given for the offender and the victims of a case; parts that were left out are not there.

    `corrections` are given oldest first: the newest of a part is what it says.
    """
    now = {(correction.victim_id, correction.column): correction.new for correction in corrections}
    people: list[tuple[Victim | None, Offender | Victim]] = [(None, record.offender)]
    people += [(victim, victim) for victim in record.victims]
    found = []
    for victim, person in people:
        is_person = victim is None or victim.is_person
        for column in _OF_A_PERSON if is_person else _OF_AN_ORGANISATION:
            issued = getattr(person, column) or ""
            key = (victim.pk if victim else None, column)
            if issued or key in now:
                found.append(StandingName(victim, column, issued, now.get(key, issued)))
    return tuple(found)


def name_now(person: Offender | Victim, corrections: Iterable[Correction]) -> str:
    """Return the whole name of the offender or of a victim as corrections, given oldest first, put it right."""
    victim = person.pk if isinstance(person, Victim) else None
    corrected = copy(person)
    for correction in corrections:
        if correction.victim_id == victim:
            setattr(corrected, correction.column, correction.new)
    return corrected.name


def offenders_corrected(cases: Sequence[Case]) -> dict[int, str]:
    """Return the name of the offender as it stands of each of these cases where it was corrected, by key; one query."""
    by_case: dict[int, list[Correction]] = defaultdict(list)
    final = [case.pk for case in cases if case.status_now in FINAL]
    if final:
        for correction in Correction.objects.filter(case__in=final, victim__isnull=True).order_by("pk"):
            by_case[correction.case_id].append(correction)
    return {case.pk: name_now(case.offender, by_case[case.pk]) for case in cases if case.pk in by_case}


def offenders_named(cases: Sequence[Case]) -> dict[int, str]:
    """Return the offender of each of these cases by key, as lists name them; one query, and none where none was issued.

    A name that was corrected is given as it stands, and as it was issued.
    """
    corrected = offenders_corrected(cases)
    return {
        case.pk: f"{corrected[case.pk]}, issued as {case.offender.name}" if case.pk in corrected else case.offender.name
        for case in cases
    }


def offender_now(case: Case) -> str:
    """Return the name of the offender of a case as it stands; a query where the case is final."""
    return offenders_corrected([case]).get(case.pk, case.offender.name)
