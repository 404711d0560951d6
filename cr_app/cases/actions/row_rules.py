"""What a row of a case must be, whoever sends it: an offence on offer, a remedy of the rulebook, a victim of the case."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from cr_app.cases.judgement import rulebook_for
from cr_app.cases.models import AgreedAction, CaseOffence
from cr_app.cases.queries import Record
from cr_app.cases.rows import Row
from cr_app.pages.refusals import NotAllowed


def refuse_row(row: Row, others: Iterable[Row], record: Record, *, at: datetime) -> None:
    """Raise NotAllowed where a row may not stand in the case beside the others."""
    if isinstance(row, CaseOffence):
        _refuse_offence(row, others, record, at=at)
    if isinstance(row, AgreedAction):
        _refuse_action(row, record, at=at)


def _refuse_offence(row: CaseOffence, others: Iterable[Row], record: Record, *, at: datetime) -> None:
    subject = record.case.subject
    if any(
        isinstance(other, CaseOffence)
        and (other.offence_type_id, other.encouraging_or_assisting)
        == (row.offence_type_id, row.encouraging_or_assisting)
        for other in others
    ):
        raise NotAllowed("This offence is already listed. Search for another, or carry on.", subject=subject)
    kind = row.offence_type
    is_offered = kind.added_by_force_id in (None, record.case.force_id)
    if kind.is_withdrawn_on(timezone.localdate(at)) or not is_offered:
        raise NotAllowed(
            "This offence is not in your force's list, or was withdrawn. Search for another.", subject=subject
        )


def _refuse_action(row: AgreedAction, record: Record, *, at: datetime) -> None:
    subject = record.case.subject
    if row.victim_id is not None and all(victim.pk != row.victim_id for victim in record.victims):
        raise NotAllowed(
            "That victim is no longer listed in this case. Choose for whom it is done again.", subject=subject
        )
    today = timezone.localdate(at)
    remedies = {remedy.code for remedy in rulebook_for(record.case.force_id, on=today).remedy_actions}
    if row.remedy not in remedies:
        raise NotAllowed("Select an action of your force's Community Remedy list.", subject=subject)
    if row.due_on < today:
        raise NotAllowed("Enter a day for the action that is today or later.", subject=subject)
