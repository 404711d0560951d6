"""What the demo's supervisors find: a look at a record of one's own name, and a check of the trail that was asked for.

Made through the doors and actions of the pages, at the time at which it is made: nothing of the trail is back-dated. That
officers of the demo decide within seconds, and change a case after it was granted, is flagged by itself.
"""

from collections.abc import Mapping
from uuid import uuid4

from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Right
from cr_app.cases import access, journey
from cr_app.cases.actions.answers import keys_of, read_case, save_answers, seen_digest
from cr_app.cases.actions.start import start_case
from cr_app.cases.queries import cases_found
from cr_app.oversight.actions.integrity import ask_for_check
from cr_app.oversight.queries.integrity import last_checks

# Far from the numbers of other demo cases.
_REPORT = "0990417"
_RECORDS, _SUPERVISES, _REVIEWS = "amina", "grace", "ruth"
_PAGE = journey.Page("offender")


def make_oversight(cast: Mapping[str, Officer]) -> bool:
    """Make what is not here yet; tell whether there was anything to make."""
    report = f"{_REPORT}/{timezone.localdate().year % 100:02d}"
    recorder, sergeant = cast[_RECORDS], cast[_SUPERVISES]
    is_new = not cases_found(recorder, report, limit=1)
    if is_new:
        reference = start_case(by=recorder, crime_report_reference=report, unit_id=recorder.unit_id, token=uuid4())
        _name_offender(reference, recorder, family_name=sergeant.family_name)
        access.look(sergeant, reference, page="case", sitting=access.sitting_digest("demo"))
    if not last_checks():
        ask_for_check(uuid4(), by=cast[_REVIEWS])
        is_new = True
    return is_new


def _name_offender(reference: str, recorder: Officer, *, family_name: str) -> None:
    """Answer the page of the offender's name: somebody called as the sergeant of the unit is."""
    record = read_case(access.open_for(recorder, reference, Right.EDIT), at=timezone.now()).record
    keys = keys_of(_PAGE, record, on=timezone.localdate())
    answers = {"offender.first_names": "Kofi", "offender.last_names": family_name}
    save_answers(
        reference,
        by=recorder,
        page=_PAGE,
        answers={key: answers.get(key) for key in keys},
        seen=seen_digest(record, keys),
    )
