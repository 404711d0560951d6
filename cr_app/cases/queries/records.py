"""One record with all its rows."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import QuerySet

from cr_app.cases.lifecycle import Move, Status
from cr_app.cases.models import (
    AgreedAction,
    Case,
    CaseOffence,
    Contact,
    Correction,
    EarlierDisposal,
    ExceptionGrounds,
    Offender,
    Rescission,
    Signature,
    Snapshot,
    StatusChange,
    Victim,
    Void,
)
from cr_app.cases.queries.afterwards import (
    ActionStanding,
    contacts_of,
    corrections_of,
    rescission_of,
    standings_of,
)
from cr_app.cases.queries.earlier import EarlierCase, earlier_cases_of
from cr_app.cases.rows import ROW_MODELS, values_of

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
    def standings(self) -> tuple[ActionStanding, ...]:
        """Return how each agreed action stands."""
        return standings_of(self.actions)

    @cached_property
    def contacts(self) -> tuple[Contact, ...]:
        """Return who was tried and told after issue, oldest first."""
        return contacts_of(self.case)

    @cached_property
    def corrections(self) -> tuple[Correction, ...]:
        """Return which names were put right after issue, oldest first."""
        return corrections_of(self.case)

    @cached_property
    def rescission(self) -> Rescission | None:
        """Return by whom and why it was rescinded; None where it was not."""
        return rescission_of(self.case) if self.case.status_now is Status.RESCINDED else None

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
    """Return cases with the rows that every page names, in one query; the case it was copied from is read when asked for."""
    # PostgreSQL plans a millisecond longer for an eighth table, at every look at any case.
    return Case.objects.select_related("force", "unit", "officer", "recorded_by", "changed_by", "offender")


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


def latest_snapshot(case: Case) -> Snapshot | None:
    """Return the snapshot that the case was last submitted with."""
    return Snapshot.objects.filter(case=case).order_by("-number").first()


def status_changes_of(case: Case) -> tuple[StatusChange, ...]:
    """Return the moves of a case, oldest first."""
    return tuple(StatusChange.objects.filter(case=case).select_related("by"))


_GIVING = frozenset({Move.GRANT, Move.REFUSE, Move.FIND_SUITABLE, Move.FIND_UNSUITABLE})


def reasons_given(moves: Iterable[StatusChange], at: datetime | None) -> str:
    """Return the reasons written with the decision of a moment, among a case's moves; "" where there was none."""
    return next((move.reason for move in moves if move.at == at and move.move in _GIVING), "")


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


def signatures_of(case: Case) -> tuple[Signature, ...]:
    """Return the signatures of a case in the order they were given."""
    return tuple(Signature.objects.filter(case=case).order_by("pk"))
