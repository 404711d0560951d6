"""Start a case: from nothing, or for a co-offender from another case's incident."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer, Unit
from cr_app.accounts.roles import Right, Role
from cr_app.cases import access
from cr_app.cases.actions.changes import Changes
from cr_app.cases.actions.once import first_time, leads_to
from cr_app.cases.judgement import rulebook_for
from cr_app.cases.models import Case, CaseOffence, Offender, Victim
from cr_app.cases.models.case import REFERENCE_ALPHABET, REFERENCE_LENGTH
from cr_app.cases.queries import Record
from cr_app.pages.refusals import NotAllowed

_COPIED_OF_CASE = (
    "occurred_from",
    "occurred_to",
    "place",
    "borough",
    "circumstances_brief",
    "body_worn_video",
    "venue",
)
_COPIED_OF_VICTIM = ("kind", "organisation_name", "first_names", "last_names", "contact", "warrant_number")


def new_reference() -> str:
    """Return a random reference of 40 bits; the database refuses the rare repeat."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_LENGTH))


def start_case(*, by: Officer, crime_report_reference: str, unit_id: int, token: UUID) -> str:
    """Start a draft for the officer and return its reference; a form sent twice starts one case.

    Raises NotAllowed for an officer without the recording role, a unit of another force, or a force without a rulebook.
    """
    at = timezone.now()
    with transaction.atomic():
        answers = {"crime_report_reference": crime_report_reference, "unit": unit_id}
        earlier = first_time(token, by=by, answers=answers, at=at)
        if earlier is not None:
            return earlier.leads_to
        case = _new_case(by=by, unit_id=unit_id, crime_report_reference=crime_report_reference, at=at)
        changes = Changes(case, by=by, at=at)
        _create(changes, case)
        leads_to(token, case.reference)
        changes.record_new(
            "case.started", details={"rulebook": rulebook_for(by.force_id, on=timezone.localdate(at)).name}
        )
    return case.reference


def start_another(reference: str, *, by: Officer, token: UUID) -> str:
    """Start a draft for a co-offender with the incident, offences and victims of a case of one's own; return its reference.

    The victims are to be asked again: their views of another offender are not copied.
    """
    at = timezone.now()
    with transaction.atomic():
        source = access.lock_case(by, reference, Right.EDIT)
        earlier = first_time(token, by=by, answers={"copied_from": reference}, at=at)
        if earlier is not None:
            return earlier.leads_to
        record = Record(source)
        case = _new_case(by=by, unit_id=source.unit_id, crime_report_reference=source.crime_report_reference, at=at)
        case.copied_from = source
        for name in _COPIED_OF_CASE:
            setattr(case, name, getattr(source, name))
        changes = Changes(case, by=by, at=at)
        _create(changes, case)
        today = timezone.localdate(at)
        for offence in record.offences:
            if not offence.offence_type.is_withdrawn_on(today):
                changes.create(
                    CaseOffence(
                        case=case,
                        position=offence.position,
                        offence_type=offence.offence_type,
                        encouraging_or_assisting=offence.encouraging_or_assisting,
                    )
                )
        for victim in record.victims:
            copied = {name: getattr(victim, name) for name in _COPIED_OF_VICTIM}
            changes.create(Victim(case=case, position=victim.position, **copied))
        leads_to(token, case.reference)
        changes.record_new("case.copied", details={"copied_from": reference})
    return case.reference


def _new_case(*, by: Officer, unit_id: int, crime_report_reference: str, at: datetime) -> Case:
    if not by.has_role(Role.RECORDING_OFFICER):
        raise NotAllowed("Your account may not record cases. Ask your administrator for the recording officer's role.")
    unit = Unit.objects.filter(pk=unit_id, force_id=by.force_id).first()
    if unit is None:
        raise NotAllowed("That unit is not of your force. Select one of your own force's units.")
    rulebook_for(by.force_id, on=timezone.localdate(at))
    return Case(
        reference=new_reference(),
        crime_report_reference=crime_report_reference,
        force_id=by.force_id,
        unit=unit,
        recorded_by=by,
        officer=by,
        created_at=at,
        changed_at=at,
        changed_by=by,
    )


def _create(changes: Changes, case: Case) -> None:
    changes.create(case)
    changes.create(Offender(case=case))
