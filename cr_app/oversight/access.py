"""The door of the supervisors: who may oversee, within the own force, and which records a list may tell of."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Duty, Relation, Right, duties, sight
from cr_app.cases.access import relation_of, sights_of, subject_of
from cr_app.cases.models import Case
from cr_app.cases.queries import cases_of_references, restricted_in
from cr_app.oversight.queries.officers import officer_of_key, own_cases
from cr_app.pages.refusals import AccessDenied, NotAllowed

_REFUSED = {
    Duty.SEE_TRAIL: "Only a reviewer of your force may search the trail.",
    Duty.CHECK_INTEGRITY: "Only a reviewer of your force may have the trail checked.",
    Duty.EXPORT_TRAIL: "Only a reviewer of your force may export the trail.",
}
_CASE = "case:"


class Standing(StrEnum):
    """What a reviewer's list may say of a record."""

    # It opens through its door, which asks why.
    OPEN = "open"
    # Restricted: that something happened to it, and when, but neither what nor who.
    WITHHELD = "withheld"
    # Restricted, and not to be known of by this officer.
    NOT_THERE = "not there"
    # Recorded by or reassigned to this very officer, whose role does not show it: another reviewer looks at it.
    OWN = "own"
    # Of another force, or of none: what somebody typed.
    UNKNOWN = "unknown"


def require_duty(officer: Officer, duty: Duty) -> None:
    """Let an officer pass whose roles bring this duty; raises NotAllowed for anybody else."""
    if duty not in duties(officer.given_roles()):
        raise NotAllowed(_REFUSED.get(duty, "Your role does not allow this."))


def officer_to_review(by: Officer, pk: int) -> Officer:
    """Return an officer of the reviewer's own force, the account open or closed; raises AccessDenied for any other."""
    require_duty(by, Duty.SEE_TRAIL)
    found = officer_of_key(pk)
    if found is None:
        raise AccessDenied("No such officer.")
    if found.force_id != by.force_id:
        raise AccessDenied("An officer of another force.", subject=found.subject)
    return found


def standing_of(officer: Officer, subjects: Iterable[str]) -> dict[str, Standing]:
    """Return how each case among these subjects stands to the officer: one query, three where some are restricted."""
    wanted = {subject.removeprefix(_CASE) for subject in subjects if subject.startswith(_CASE)}
    cases = cases_of_references(wanted) if wanted else ()
    return {f"{_CASE}{reference}": Standing.UNKNOWN for reference in wanted} | _standings(officer, cases)


# What no list of the officer's tells of at all, however little.
GONE = (Standing.NOT_THERE, Standing.OWN)


@dataclass(frozen=True)
class Closed:
    """The cases of the force that the officer may not see, as the trail names them.

    `withheld` may be told of by time and reference, where being listed tells no more; `gone` not at all.
    """

    withheld: frozenset[str]
    gone: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Return every one of them."""
        return self.withheld | self.gone


def closed_to(officer: Officer) -> Closed:
    """Return what is closed to the officer, restricted cases and those of her own alike: four queries at most."""
    standings = _standings(officer, restricted_in(officer.force_id))
    own = frozenset(map(subject_of, own_cases(officer))) if not _sees_own(officer) else frozenset()
    return Closed(
        withheld=frozenset(subject for subject, each in standings.items() if each is Standing.WITHHELD) - own,
        gone=frozenset(subject for subject, each in standings.items() if each in GONE) | own,
    )


def closed_records(officer: Officer) -> frozenset[str]:
    """Return every case of the force that the officer may not see, as the trail names them."""
    return closed_to(officer).all


def _sees_own(officer: Officer) -> bool:
    return sight(officer.given_roles(), Relation.OWN).may(Right.SEE)


def _standings(officer: Officer, cases: Collection[Case]) -> dict[str, Standing]:
    seen = sights_of(officer, list(cases))

    def standing(case: Case) -> Standing:
        if case.force_id != officer.force_id:
            return Standing.UNKNOWN
        if seen[case.pk].may(Right.SEE):
            return Standing.OPEN
        if relation_of(officer, case) is Relation.OWN:
            return Standing.OWN
        return Standing.WITHHELD if seen[case.pk].knows_of_it else Standing.NOT_THERE

    return {subject_of(case.reference): standing(case) for case in cases}
