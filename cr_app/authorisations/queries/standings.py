"""Where a request stands: since when, of whom it was asked, who may decide, who can help where nobody may."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from cr_app.accounts.models import Absence, Officer
from cr_app.accounts.queries import absences_on, administrators_of, deciders_of
from cr_app.authorisations import routing, rules
from cr_app.authorisations.models import Kind, Request
from cr_app.authorisations.queries.matters import ROLES, decider_of, kind_of, matter_of
from cr_app.cases.judgement import rulebook_for
from cr_app.cases.models import Case, Snapshot
from cr_app.cases.queries import latest_snapshot, waiting_since
from cr_app.policy.rules import Rulebook


@dataclass(frozen=True)
class ForceNow:
    """What cases of a force share that wait for one kind of decision: who decides, is away, administers; the rulebook."""

    at: datetime
    rulebook: Rulebook
    deciders: Mapping[int, Officer]
    absences: Mapping[int, Absence]
    administrators: tuple[Officer, ...]


@dataclass(frozen=True)
class AskedOfficer:
    """One officer asked, or about to be asked (`asked_at` None), for whom, in which round, and whether they still may decide."""

    officer: Officer
    covering_for: Officer | None
    round: int
    asked_at: datetime | None
    may_decide: bool
    is_absent: bool


@dataclass(frozen=True)
class EligibleOfficer:
    """One officer who may decide on this case, and whether they are there to do it."""

    officer: Officer
    is_on_duty: bool
    is_absent: bool
    covered_by: Officer | None


@dataclass(frozen=True)
class Standing:
    """How a case waits for a decision.

    `asked` are those asked on this snapshot, each named once with the last time; `to_ask` those whom routing would ask
    now, though no command has run yet; `nobody` that none of either can decide. `needed` says in words who may;
    `not_started` are those who could but for a first password that they have not changed.
    """

    kind: Kind
    needed: str
    matter: rules.Matter
    snapshot: Snapshot
    asked_since: datetime
    asked_by: Officer
    minutes: int
    due_at: datetime
    is_late: bool
    round: int
    asked: tuple[AskedOfficer, ...]
    to_ask: tuple[AskedOfficer, ...]
    eligible: tuple[EligibleOfficer, ...]
    not_started: tuple[Officer, ...]
    administrators: tuple[Officer, ...]

    @property
    def nobody(self) -> bool:
        """Tell whether nobody who was or would be asked can decide."""
        return not any(each.may_decide and not each.is_absent for each in (*self.asked, *self.to_ask))

    @property
    def is_on_hand(self) -> bool:
        """Tell whether somebody eligible is on duty and there."""
        return any(each.is_on_duty and not each.is_absent for each in self.eligible)


def target_minutes(detained_or_waiting: bool | None, kind: Kind, rulebook: Rulebook) -> int:
    """Return within how many minutes a request should be decided; professional standards have the longer time."""
    waits = kind is Kind.AUTHORITY and detained_or_waiting is True
    return rulebook.targets["detained_or_waiting" if waits else "otherwise"]


def force_now(force_code: str, kind: Kind, at: datetime) -> ForceNow:
    """Return what the standings of a force's cases share, for decisions of a kind.

    Raises NotAllowed where the force has no rulebook on that day.
    """
    today = timezone.localdate(at)
    return ForceNow(
        at=at,
        rulebook=rulebook_for(force_code, on=today),
        deciders={each.pk: each for each in deciders_of(force_code, ROLES[kind])},
        absences=absences_on(force_code, today),
        administrators=tuple(administrators_of(force_code)),
    )


def standing_of(case: Case, at: datetime, *, force: ForceNow | None = None) -> Standing | None:
    """Return how a case waits for a decision at a moment; None where it waits for none.

    `force` is what was read of its force for this kind and that very moment, where more cases than one are asked about.
    """
    kind = kind_of(case)
    snapshot = latest_snapshot(case) if kind is not None else None
    since = waiting_since(case) if snapshot is not None else None
    if kind is None or snapshot is None or since is None:
        return None
    force = force or force_now(case.force_id, kind, at)
    minutes = target_minutes(case.detained_or_waiting, kind, force.rulebook)
    matter = matter_of(case, kind, at)
    officers, absences = force.deciders, force.absences
    candidates = {candidate.pk: candidate for candidate in candidates_of(officers.values(), absences, matter, at)}
    requests = _requests_on(snapshot, kind)
    now_round = routing.round_at(since, at, minutes=minutes)
    wanted = routing.whom_to_ask(
        matter.kind,
        unit=case.unit_id,
        candidates=candidates.values(),
        asked=[routing.Asked(each.officer_id, each.covering_for_id, each.round) for each in requests],
        now_round=now_round,
    )
    due = routing.due_at(since, minutes=minutes)
    return Standing(
        kind=kind,
        needed=rules.needed_in_words(matter),
        matter=matter,
        snapshot=snapshot,
        asked_since=since,
        asked_by=snapshot.taken_by,
        minutes=minutes,
        due_at=due,
        is_late=at >= due,
        round=now_round,
        asked=_asked(requests, candidates, absences),
        to_ask=tuple(
            AskedOfficer(
                officers[each.officer],
                officers.get(each.covering_for) if each.covering_for is not None else None,
                each.round,
                None,
                may_decide=True,
                is_absent=False,
            )
            for each in wanted
        ),
        eligible=tuple(
            EligibleOfficer(
                officers[each.pk],
                each.is_on_duty,
                each.is_absent,
                absences[each.pk].covered_by if each.pk in absences else None,
            )
            for each in candidates.values()
            if each.is_eligible
        ),
        not_started=tuple(officer for officer in officers.values() if _would_decide(officer, matter, at)),
        administrators=force.administrators,
    )


def _would_decide(officer: Officer, matter: rules.Matter, at: datetime) -> bool:
    """Tell whether nothing bars an officer but a first password that was never changed."""
    if not officer.must_change_password:
        return False
    return rules.may_decide(replace(decider_of(officer, at), must_change_password=False), matter).allowed


def candidates_of(
    officers: Iterable[Officer], absences: Mapping[int, Absence], matter: rules.Matter, at: datetime
) -> tuple[routing.Candidate, ...]:
    """Return officers as routing sees them for a matter, at a moment."""
    return tuple(
        routing.Candidate(
            pk=officer.pk,
            unit=officer.unit_id,
            is_eligible=rules.may_decide(decider_of(officer, at), matter).allowed,
            is_on_duty=officer.is_on_duty(at),
            is_absent=officer.pk in absences,
            covered_by=absences[officer.pk].covered_by_id if officer.pk in absences else None,
        )
        for officer in officers
    )


def _requests_on(snapshot: Snapshot, kind: Kind) -> tuple[Request, ...]:
    found = Request.objects.filter(snapshot=snapshot, kind=kind)
    return tuple(found.select_related("officer__force", "officer__unit", "covering_for").order_by("pk"))


def _asked(
    requests: Iterable[Request], candidates: Mapping[int, routing.Candidate], absences: Mapping[int, Absence]
) -> tuple[AskedOfficer, ...]:
    """Return each officer asked once, in the order of first asking, with the last request."""
    last = {request.officer_id: request for request in requests}
    return tuple(
        AskedOfficer(
            request.officer,
            request.covering_for,
            request.round,
            request.asked_at,
            may_decide=pk in candidates and candidates[pk].is_eligible,
            is_absent=pk in absences,
        )
        for pk, request in last.items()
    )
