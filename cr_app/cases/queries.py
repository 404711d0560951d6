"""Every read of cases: one record with all its rows, and the lists of the desk."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.cases.lifecycle import Move, Status
from cr_app.cases.models import (
    AgreedAction,
    Case,
    CaseOffence,
    EarlierDisposal,
    ExceptionGrounds,
    Offender,
    Search,
    Signature,
    Snapshot,
    StatusChange,
    Victim,
    Void,
)
from cr_app.cases.rows import ROW_MODELS, values_of

# A Community Resolution that was given and not rescinded counts as an earlier disposal.
GIVEN = (Status.ISSUED, Status.COMPLETED, Status.NOT_COMPLIED)


CaseList: TypeAlias = list[Case]


@dataclass(frozen=True)
class EarlierCase:
    """An earlier local case of the same person; a restricted one counts, and is shown to nobody."""

    reference: str
    crime_report_reference: str
    status: Status
    given_on: date | None
    offence_codes: tuple[str, ...]
    offence_titles: tuple[str, ...]
    is_same_report: bool
    is_restricted: bool

    @property
    def counts(self) -> bool:
        """Tell whether it counts as an earlier disposal."""
        return self.status in GIVEN


_Placed = TypeVar("_Placed", CaseOffence, Victim, EarlierDisposal, AgreedAction)


def _in_place(rows: QuerySet[_Placed]) -> tuple[_Placed, ...]:
    """Return rows by their place; sorted here, as Django compares every column of a query with its ORDER BY."""
    return tuple(sorted(rows.order_by(), key=lambda row: row.position))


class Record:
    """A case with its rows, each table read when it is first looked at and once only."""

    def __init__(self, case: Case, **known: Any) -> None:
        """Keep the case; `known` are rows that need not be read."""
        self.case = case
        self.__dict__.update(known)

    @property
    def offender(self) -> Offender:
        """Return the one person the decision is about."""
        return self.case.offender

    @cached_property
    def offences(self) -> tuple[CaseOffence, ...]:
        """Return the offences, the principal one first."""
        return _in_place(CaseOffence.objects.filter(case=self.case).select_related("offence_type"))

    @cached_property
    def victims(self) -> tuple[Victim, ...]:
        """Return the victims in the order they were added."""
        return _in_place(Victim.objects.filter(case=self.case))

    @cached_property
    def disposals(self) -> tuple[EarlierDisposal, ...]:
        """Return the earlier disposals that the officer found."""
        return _in_place(EarlierDisposal.objects.filter(case=self.case))

    @cached_property
    def actions(self) -> tuple[AgreedAction, ...]:
        """Return the agreed actions."""
        actions = _in_place(AgreedAction.objects.filter(case=self.case))
        victims = {victim.pk: victim for victim in self.victims} if actions else {}
        for action in actions:
            if action.victim_id is not None:
                action.victim = victims[action.victim_id]
        return actions

    @cached_property
    def grounds(self) -> tuple[ExceptionGrounds, ...]:
        """Return the exceptional circumstances that were written down, for exclusions that may have ceased to apply too."""
        return tuple(ExceptionGrounds.objects.filter(case=self.case))

    @cached_property
    def earlier_cases(self) -> tuple[EarlierCase, ...]:
        """Return other local cases of the same person, restricted ones too: for the rules, not for pages."""
        return earlier_cases_of(self.case)

    @property
    def earlier_cases_shown(self) -> tuple[EarlierCase, ...]:
        """Return the earlier cases that a page may show."""
        return tuple(earlier for earlier in self.earlier_cases if not earlier.is_restricted)

    def but(self, **known: Any) -> "Record":
        """Return the same record with some of its rows replaced."""
        return Record(self.case, **{**self._read(), **known})

    def without(self, name: str) -> "Record":
        """Return the same record, one table to be read again."""
        return Record(self.case, **{key: rows for key, rows in self._read().items() if key != name})

    def _read(self) -> dict[str, Any]:
        return {name: rows for name, rows in self.__dict__.items() if name != "case"}


def whole_cases() -> QuerySet[Case]:
    """Return cases with the rows that every page names, in one query."""
    return Case.objects.select_related(
        "force", "unit", "officer", "recorded_by", "changed_by", "offender", "copied_from"
    )


def cases_to_change() -> QuerySet[Case]:
    """Return cases with their offender, in one query; who recorded and last changed them is read when it is asked for."""
    return Case.objects.select_related("offender")


def count_of_cases() -> int:
    """Return how many cases there are, of every force."""
    return Case.objects.count()


def statuses_of(references: Iterable[str]) -> dict[str, Status]:
    """Return where these cases stand, by reference."""
    found = Case.objects.filter(reference__in=list(references)).values_list("reference", "status")
    return {reference: Status(status) for reference, status in found}


def _of_same_person(case: Case) -> QuerySet[Case, Any] | None:
    """Return the keys of cases about the same person: exact PNC ID or CRO number, or the same report, last name and birth."""
    offender = case.offender
    wanted: list[QuerySet[Case, Any]] = []
    if offender.pnc_id:
        wanted.append(Case.objects.filter(offender__pnc_id=offender.pnc_id))
    if offender.cro_number:
        wanted.append(Case.objects.filter(offender__cro_number=offender.cro_number))
    if offender.last_names and offender.born_on:
        wanted.append(
            Case.objects.filter(
                force_id=case.force_id,
                crime_report_reference=case.crime_report_reference,
                offender__last_names__iexact=offender.last_names,
                offender__born_on=offender.born_on,
            )
        )
    if not wanted:
        return None
    first, *others = [found.order_by().values_list("pk") for found in wanted]
    return first.union(*others)


def earlier_cases_of(case: Case) -> tuple[EarlierCase, ...]:
    """Return other local cases of the same person, newest first, withdrawn ones left out."""
    same = _of_same_person(case)
    # The keys alone first: most people are known for the first time, and there it ends.
    keys = {pk for (pk,) in same} - {case.pk} if same is not None else set()
    if not keys:
        return ()
    principal_first = ["offences__position"]
    others = (
        Case.objects.filter(pk__in=keys, force_id=case.force_id)
        .exclude(status=Status.WITHDRAWN)
        .annotate(
            codes=ArrayAgg("offences__offence_type_id", order_by=principal_first, filter=Q(offences__isnull=False)),
            titles=ArrayAgg(
                "offences__offence_type__title", order_by=principal_first, filter=Q(offences__isnull=False)
            ),
        )
        .order_by("-created_at")[:50]
    )
    return tuple(
        EarlierCase(
            reference=other.reference,
            crime_report_reference=other.crime_report_reference,
            status=other.status_now,
            given_on=_day_given(other),
            offence_codes=tuple(other.codes or ()),
            offence_titles=tuple(
                f"{title} ({code})" for title, code in zip(other.titles or (), other.codes or (), strict=True)
            ),
            is_same_report=other.crime_report_reference == case.crime_report_reference,
            is_restricted=other.is_restricted,
        )
        for other in others
    )


def lock_person(case: Case) -> None:
    """Make whoever decides about the same person wait until this transaction ends: by PNC ID, CRO number, name and birth."""
    offender = case.offender
    keys = {
        f"{case.force_id} pnc {offender.pnc_id}" if offender.pnc_id else "",
        f"{case.force_id} cro {offender.cro_number}" if offender.cro_number else "",
        f"{case.force_id} name {offender.last_names} {offender.born_on}".casefold() if offender.born_on else "",
    }
    with connection.cursor() as cursor:
        # In one order, so that two who wait for each other's keys cannot both wait for ever.
        for key in sorted(keys - {""}):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _day_given(case: Case) -> date | None:
    return timezone.localdate(case.issued_at) if case.issued_at else None


def latest_snapshot(case: Case) -> Snapshot | None:
    """Return the snapshot that the case was last submitted with."""
    return Snapshot.objects.filter(case=case).order_by("-number").first()


def status_changes_of(case: Case) -> tuple[StatusChange, ...]:
    """Return the moves of a case, oldest first."""
    return tuple(StatusChange.objects.filter(case=case).select_related("by"))


def waiting_since(case: Case) -> datetime | None:
    """Return when a case came to stand as it stands now; None for a draft that never stood otherwise."""
    moved = StatusChange.objects.filter(case=case, to_status=case.status).order_by("-pk")
    return moved.values_list("at", flat=True).first()


def voids_of(case: Case) -> tuple[Void, ...]:
    """Return what was given for a case and counts no more, oldest first, with who gave it and who changed the answer."""
    return tuple(Void.objects.filter(case=case).select_related("given_by", "voided_by"))


def rows_now(case: Case) -> dict[tuple[str, str], dict[str, object]]:
    """Return every row of a case as the tables hold it, keyed as a replay of the trail keys them."""
    found: dict[tuple[str, str], dict[str, object]] = {}
    for model in ROW_MODELS:
        condition: dict[str, Any] = {"pk": case.pk} if model is Case else {"case_id": case.pk}
        for row in model._default_manager.filter(**condition):
            found[(model.ROW, str(row.pk))] = values_of(row)
    return found


@dataclass(frozen=True)
class Line:
    """One case in a list; a veiled one shows its references alone, until a reason is given."""

    reference: str
    crime_report_reference: str
    offender: str
    offence: str
    status: Status
    changed_at: datetime
    officer: str
    note: str = ""
    is_veiled: bool = False

    @property
    def status_label(self) -> str:
        """Return the status as pages say it."""
        return self.status.label

    @property
    def colour(self) -> str:
        """Return the colour of the status's tag."""
        return self.status.colour


def lines_of(cases: Iterable[Case], *, notes: dict[int, str] | None = None) -> tuple[Line, ...]:
    """Return cases as lines of a list, with their principal offence, in one more query."""
    listed = list(cases)
    principal: dict[int, str] = {}
    for offence in (
        CaseOffence.objects.filter(case__in=[case.pk for case in listed])
        .order_by("case_id", "position")
        .distinct("case_id")
        .select_related("offence_type")
    ):
        principal[offence.case_id] = str(offence)
    return tuple(
        Line(
            reference=case.reference,
            crime_report_reference=case.crime_report_reference,
            offender=case.offender.name,
            offence=principal.get(case.pk, ""),
            status=case.status_now,
            changed_at=case.changed_at,
            officer=case.officer.title,
            note=(notes or {}).get(case.pk, ""),
        )
        for case in listed
    )


# What a line of a list shows, and what the door must know to let it be shown; the rest of a case is wide.
_OF_A_LINE = (
    *("reference", "crime_report_reference", "status", "changed_at", "is_restricted", "force", "unit", "recorded_by"),
    *("offender__first_names", "offender__last_names", "officer__warrant_number"),
    *("officer__given_names", "officer__family_name", "officer__substantive_rank"),
    *("officer__substantive_since", "officer__substantive_before"),
    *("officer__acting_rank", "officer__acting_from", "officer__acting_until"),
)


def _listed(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("offender", "officer").only(*_OF_A_LINE)


def veiled(line: Line) -> Line:
    """Return a line that names nobody and says nothing of the case but its references."""
    return replace(line, offender="", offence="", officer="", note="", is_veiled=True)


def own_cases(officer: Officer, statuses: Iterable[Status], *, limit: int) -> list[Case]:
    """Return an officer's own cases in these statuses, last changed first."""
    own = Case.objects.filter(officer=officer, status__in=list(statuses))
    return list(_listed(own).order_by("-changed_at")[:limit])


def returned_notes(cases: Iterable[Case]) -> dict[int, str]:
    """Return, for drafts that were sent back, what was asked; drafts never returned, or answered since, are left out."""
    notes: dict[int, str] = {}
    latest = (
        StatusChange.objects.filter(case__in=[case.pk for case in cases]).order_by("case_id", "-pk").distinct("case_id")
    )
    for change in latest:
        if change.to_status == Status.DRAFT and change.move != Move.REOPEN:
            notes[change.case_id] = _DECIDED.get(Move(change.move), change.reason)
    return notes


# Where others decided, and left something to its officer.
_DECIDED = {
    Move.GRANT: "Authority was given. Something is still wanted.",
    Move.FIND_SUITABLE: "Found suitable. Something is still wanted.",
}


def unit_cases(unit_id: int, *, limit: int) -> list[Case]:
    """Return the open cases of a unit, last changed first, restricted ones left out."""
    open_there = Case.objects.filter(
        unit_id=unit_id,
        is_restricted=False,
        status__in=[Status.DRAFT, Status.AWAITING_AUTHORITY, Status.REFERRED, Status.READY, Status.REFUSED],
    )
    return list(_listed(open_there).order_by("-changed_at")[:limit])


def referred_cases(force_id: str, *, limit: int) -> list[Case]:
    """Return the cases of a force that wait for professional standards, oldest first."""
    referred = Case.objects.filter(force_id=force_id, status=Status.REFERRED)
    return list(_listed(referred).order_by("submitted_at")[:limit])


def cases_found(officer: Officer, sought: str, *, limit: int) -> list[Case]:
    """Return what a search finds, last changed first: in the force by exact reference, in one's own by part of a name."""
    exact = sought.upper()
    named = [
        Q(offender__last_names__icontains=word) | Q(offender__first_names__icontains=word)
        for word in sought.split()[:6]
    ]
    wanted = (
        Case.objects.filter(reference=exact.replace(" ", "").replace("-", "")),
        Case.objects.filter(force_id=officer.force_id, crime_report_reference=exact),
        Case.objects.filter(offender__pnc_id=exact),
        Case.objects.filter(offender__cro_number=exact),
        *(Case.objects.filter(own, *named) for own in (Q(officer=officer), Q(recorded_by=officer))),
    )
    first, *others = [found.order_by().values_list("pk") for found in wanted]
    found = Case.objects.filter(pk__in=first.union(*others), force_id=officer.force_id)
    return list(_listed(found).order_by("-changed_at")[:limit])


def search_of(officer: Officer, token: UUID, *, since: datetime) -> Search | None:
    """Return what this officer searched for under `token` since a time; nobody else's."""
    return Search.objects.filter(token=token, officer=officer, searched_at__gte=since).first()


def signatures_of(case: Case) -> tuple[Signature, ...]:
    """Return the signatures of a case in the order they were given."""
    return tuple(Signature.objects.filter(case=case).order_by("pk"))
