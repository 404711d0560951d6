"""The lists of the desk, and what a search finds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from cr_app.accounts.models import Officer
from cr_app.cases.lifecycle import Move, Status
from cr_app.cases.models import Case, CaseOffence, Correction, Search, StatusChange, Void
from cr_app.cases.queries.names import offenders_named

CaseList: TypeAlias = list[Case]


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
    awaits_reply: bool = False
    is_veiled: bool = False

    @property
    def status_label(self) -> str:
        """Return the status as pages say it."""
        return self.status.label

    @property
    def colour(self) -> str:
        """Return the colour of the status's tag."""
        return self.status.colour


@dataclass(frozen=True)
class Note:
    """Why a draft was sent back, and whether that is a question which is not answered yet."""

    words: str
    awaits_reply: bool = False


_NO_NOTE = Note("")


def lines_of(cases: Iterable[Case], *, notes: Mapping[int, Note] | None = None) -> tuple[Line, ...]:
    """Return cases as lines of a list, with their principal offence, in one more query; in two where any was issued.

    A name that was corrected is shown as it stands, and as it was issued.
    """
    listed, noted = list(cases), notes or {}
    offenders = offenders_named(listed)
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
            offender=offenders[case.pk],
            offence=principal.get(case.pk, ""),
            status=case.status_now,
            changed_at=case.changed_at,
            officer=case.officer.title,
            note=noted.get(case.pk, _NO_NOTE).words,
            awaits_reply=noted.get(case.pk, _NO_NOTE).awaits_reply,
        )
        for case in listed
    )


# What a line of a list shows, and what the door must know to let it be shown; the rest of a case is wide.
OF_A_LINE = (
    *("reference", "crime_report_reference", "status", "changed_at", "is_restricted", "force", "unit", "recorded_by"),
    *("offender__first_names", "offender__last_names", "offender__warrant_number", "officer__warrant_number"),
    *("officer__given_names", "officer__family_name", "officer__substantive_rank"),
    *("officer__substantive_since", "officer__substantive_before"),
    *("officer__acting_rank", "officer__acting_from", "officer__acting_until"),
)


def _listed(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("offender", "officer").only(*OF_A_LINE)


def veiled(line: Line) -> Line:
    """Return a line that names nobody and says nothing of the case but its references."""
    return replace(line, offender="", offence="", officer="", note="", awaits_reply=False, is_veiled=True)


def own_cases(officer: Officer, statuses: Iterable[Status], *, limit: int) -> list[Case]:
    """Return an officer's own cases in these statuses, last changed first."""
    own = Case.objects.filter(officer=officer, status__in=list(statuses))
    return list(_listed(own).order_by("-changed_at")[:limit])


def returned_notes(cases: Iterable[Case]) -> dict[int, Note]:
    """Return why drafts were sent back and cases were refused; drafts never sent back, or submitted again since, are left out."""
    notes: dict[int, Note] = {}
    latest = (
        StatusChange.objects.filter(case__in=[case.pk for case in cases]).order_by("case_id", "-pk").distinct("case_id")
    )
    shown = latest.select_related("case").only("move", "to_status", "reason", "case__question", "case__reply")
    for change in shown:
        if change.to_status == Status.DRAFT and change.move != Move.REOPEN:
            notes[change.case_id] = Note(_DECIDED.get(Move(change.move), change.reason), change.case.awaits_reply)
        elif change.to_status == Status.REFUSED:
            notes[change.case_id] = Note(change.reason)
    return notes


def notes_with_voids(cases: Iterable[Case], notes: Mapping[int, Note]) -> dict[int, Note]:
    """Return notes of drafts, those added of which something that was given has become void since they were submitted."""
    noted = dict(notes)
    voids = Void.objects.filter(case__in=[case.pk for case in cases], voided_at__gt=F("case__submitted_at"))
    for case_id, kind in voids.order_by("pk").values_list("case_id", "kind"):
        note = noted.get(case_id, _NO_NOTE)
        noted[case_id] = replace(note, words=f"{note.words} {_IS_VOID[kind]}".strip())
    return noted


_IS_VOID = {
    Void.AUTHORITY: "The authority given is void.",
    Void.SUITABILITY: "The finding of suitability is void.",
}
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
    """Return what a search finds, last changed first: in the force by exact reference, in one's own by part of a name.

    A name that was corrected is found as it was issued and as it stands.
    """
    exact = sought.upper()
    corrected = Correction.objects.filter(case=OuterRef("pk"), victim__isnull=True)
    named = [
        Q(offender__last_names__icontains=word)
        | Q(offender__first_names__icontains=word)
        | Exists(corrected.filter(new__icontains=word))
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
