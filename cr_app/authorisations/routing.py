"""Whom to ask for a decision, and when to ask others: on duty in the unit first, then the force. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cr_app.authorisations.rules import Kind

# However late a case is, it is asked about this many times after the first.
MOST_ROUNDS = 5


@dataclass(frozen=True)
class Candidate:
    """An officer of the force with the role; `is_eligible` as `rules.may_decide` says for this very case.

    `covered_by` is the officer named to stand in during the absence of one who `is_absent`.
    """

    pk: int
    unit: int
    is_eligible: bool = True
    is_on_duty: bool = False
    is_absent: bool = False
    covered_by: int | None = None

    @property
    def can_be_asked(self) -> bool:
        """Tell whether the request may go to this officer in person."""
        return self.is_eligible and not self.is_absent


@dataclass(frozen=True)
class Asked:
    """One officer asked, or to be asked, in a round; `covering_for` is the absent one in whose place."""

    officer: int
    covering_for: int | None = None
    round: int = 0


def due_at(asked_since: datetime, *, minutes: int) -> datetime:
    """Return when the target passes for what was asked for at a time."""
    return asked_since + timedelta(minutes=minutes)


def round_at(asked_since: datetime, now: datetime, *, minutes: int) -> int:
    """Return how many times the target has passed, counted up to MOST_ROUNDS."""
    waited = now - asked_since
    return min(max(waited // timedelta(minutes=max(minutes, 1)), 0), MOST_ROUNDS)


def whom_to_ask(
    kind: Kind, *, unit: int, candidates: Iterable[Candidate], asked: Iterable[Asked], now_round: int
) -> tuple[Asked, ...]:
    """Return who is to be asked now; nobody where somebody asked in this round can still decide.

    At first: who is on duty in the unit; where nobody is, in the force; where nobody is, every eligible officer. Each
    time the target passes: those asked before, and everybody on duty in the force (where nobody is, every eligible
    officer). Professional standards are asked all together. In the place of an absent officer stands the cover, on
    duty or not.
    """
    known = {candidate.pk: candidate for candidate in candidates}
    before = tuple(asked)
    in_round = {each.officer for each in before if each.round == now_round}
    if any(pk in known and known[pk].can_be_asked for pk in in_round):
        return ()
    wanted = _wanted(kind, unit, known, before, now_round)
    return tuple(
        Asked(officer, covering_for, now_round) for officer, covering_for in wanted.items() if officer not in in_round
    )


def _wanted(
    kind: Kind, unit: int, known: dict[int, Candidate], before: tuple[Asked, ...], now_round: int
) -> dict[int, int | None]:
    """Return who should be asked in this round, each with the officer in whose place."""
    everybody = _in_place(known.values(), known)
    if kind == "suitability":
        return everybody
    here = [candidate for candidate in known.values() if candidate.is_on_duty or candidate.is_absent]
    of_force = _in_place(here, known) or everybody
    if now_round == 0:
        return _in_place([candidate for candidate in here if candidate.unit == unit], known) or of_force
    again = [known[each.officer] for each in before if each.officer in known]
    kept = {each.officer: each.covering_for for each in before}
    return {
        officer: kept.get(officer, covering_for)
        for officer, covering_for in (_in_place(again, known) | of_force).items()
    }


def _in_place(officers: Iterable[Candidate], known: dict[int, Candidate]) -> dict[int, int | None]:
    """Return the eligible officers who are there, and the covers of those who are not; one's own request comes first."""
    eligible = [officer for officer in officers if officer.is_eligible]
    found: dict[int, int | None] = {officer.pk: None for officer in eligible if not officer.is_absent}
    for officer in eligible:
        cover = known.get(officer.covered_by) if officer.is_absent and officer.covered_by is not None else None
        if cover is not None and cover.can_be_asked and cover.pk != officer.pk:
            found.setdefault(cover.pk, officer.pk)
    return found
