"""One case as a matter to decide, an officer as its decider, and the rows that authority has left behind."""

from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.queries import accounts_of_theirs
from cr_app.accounts.roles import Role
from cr_app.audit import queries as trail_queries
from cr_app.authorisations import rules
from cr_app.authorisations.models import Decision, Interest, Kind, Request
from cr_app.cases.judgement import authority_needed, rulebook_for
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case, Offender, Victim
from cr_app.cases.queries import Record, whole_cases
from cr_app.cases.rows import Row, values_of
from cr_app.cases.standing import party_numbers, plain_name

# What professional standards decided of a case that an inspector may then be asked about.
SUITABLE = "suitable"
# What a case in these statuses waits for.
WAITS_FOR: dict[Status, Kind] = {Status.AWAITING_AUTHORITY: Kind.AUTHORITY, Status.REFERRED: Kind.SUITABILITY}
ROLES: dict[Kind, Role] = {
    Kind.AUTHORITY: rules.ROLE_FOR["authority"],
    Kind.SUITABILITY: rules.ROLE_FOR["suitability"],
}
# Whoever did one of these has had a hand in what is decided on.
_CHANGES_ANSWERS = (
    "case.started",
    "case.copied",
    "case.answers_saved",
    "case.row_added",
    "case.row_changed",
    "case.row_removed",
    "case.submitted",
)


def kinds_for(officer: Officer) -> tuple[Kind, ...]:
    """Return what an officer's roles let them decide on."""
    return tuple(kind for kind, role in ROLES.items() if officer.has_role(role))


def kind_of(case: Case) -> Kind | None:
    """Return what a case waits for; None where nobody is to decide on it."""
    return WAITS_FOR.get(case.status_now)


def case_named(reference: str) -> Case | None:
    """Return the case of a reference, whoever asks: only the door shows it to anybody."""
    return next(iter(whole_cases().filter(reference=reference)), None)


def officer_now(officer: Officer) -> Officer:
    """Return an officer as the tables hold the account now."""
    return Officer.objects.select_related("force", "unit").get(pk=officer.pk)


def decider_of(officer: Officer, at: datetime) -> rules.Decider:
    """Return an officer as one who decides at a moment, with the rank held on that day."""
    return rules.Decider(
        pk=officer.pk,
        warrant_number=officer.warrant_number,
        name=plain_name(officer.name),
        force=officer.force_id,
        rank=officer.rank_on(timezone.localdate(at)),
        roles=officer.given_roles(),
        is_active=officer.is_active,
        must_change_password=officer.must_change_password,
    )


def matter_of(case: Case, kind: Kind, at: datetime) -> rules.Matter:
    """Return what is to be decided on a case, by its rows and the rulebook of that day.

    Where today's rulebook asks for no authority any more, who may still decide is whoever may lift its exclusions.
    """
    record = Record(case)
    today = timezone.localdate(at)
    needed = (
        (authority_needed(record, on=today) or rulebook_for(case.force_id, on=today).authority)
        if (kind is Kind.AUTHORITY)
        else None
    )
    matter = rules.Matter(
        kind=_rule_kind(kind),
        force=case.force_id,
        recorded_by=case.recorded_by_id,
        officer=case.officer_id,
        edited_by=_who_changed(case),
        interested=frozenset(Interest.objects.filter(case=case).values_list("officer_id", flat=True)),
        party_numbers=party_numbers(record),
        party_names=_names_in(record),
        needed=needed.rank if needed else None,
        needs_substantive=needed.substantive if needed else False,
    )
    return replace(matter, accounts_of_theirs=accounts_of_theirs(matter.hands))


def answer_for(officer: Officer, case: Case, at: datetime) -> rules.Answer:
    """Return whether an officer may decide on a case as it waits; a case that waits for nothing is nobody's to decide."""
    kind = kind_of(case)
    if kind is None:
        return rules.Answer((f"This case is {case.status_now.phrase}, so there is nothing to decide.",))
    return rules.may_decide(decider_of(officer, at), matter_of(case, kind, at))


def decisions_of(case: Case) -> tuple[Decision, ...]:
    """Return every decision on a case, oldest first, with who decided, who asked and for whom."""
    found = Decision.objects.filter(case=case).select_related("decided_by", "asked_by", "covering_for", "snapshot")
    return tuple(found.order_by("pk"))


def still_open(case: Case, since: datetime) -> bool:
    """Tell whether a restricted case stands open to the inspector who was asked, or decided, at a moment.

    It does while the *suitable* of professional standards stands, to what was done after it.
    """
    return (
        case.professional_standards_decision == SUITABLE
        and case.professional_standards_at is not None
        and since >= case.professional_standards_at
    )


def interest_of(officer: Officer, case: Case) -> Interest | None:
    """Return the interest that an officer declared in a case; None where there is none."""
    return Interest.objects.filter(case=case, officer=officer).first()


def rows_of(case: Case) -> dict[tuple[str, str], dict[str, object]]:
    """Return every row of these tables about a case, keyed as a replay of the trail keys them."""
    rows: list[Row] = [
        *Request.objects.filter(case=case),
        *Interest.objects.filter(case=case),
        *Decision.objects.filter(case=case),
    ]
    return {(row.ROW, str(row.pk)): values_of(row) for row in rows}


def _rule_kind(kind: Kind) -> rules.Kind:
    return "authority" if kind is Kind.AUTHORITY else "suitability"


def _who_changed(case: Case) -> frozenset[int]:
    """Return the officers who changed answers of a case, or of one that it was copied from, however far back."""
    did = trail_queries.who_did(case.subject, _CHANGES_ANSWERS)
    while case.copied_from is not None:
        case = case.copied_from
        did |= trail_queries.who_did(case.subject, _CHANGES_ANSWERS)
    return frozenset(int(key) for key in did)


def _names_in(record: Record) -> frozenset[str]:
    """Return the names of everybody in a case, as they are compared; an organisation has whoever spoke for it."""
    people: list[Offender | Victim] = [record.offender, *record.victims]
    names = {f"{person.first_names or ''} {person.last_names or ''}" for person in people}
    names |= {person.appropriate_adult_name or "" for person in people}
    return frozenset(plain_name(name) for name in names if name.strip())
