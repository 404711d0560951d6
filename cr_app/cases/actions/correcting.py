"""Put a misspelt name right after issue: what it said stays beside what it says, and the documents get a next version."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Right
from cr_app.cases import access
from cr_app.cases.actions.changes import Changes
from cr_app.cases.actions.contacts import require_followed
from cr_app.cases.actions.documents import add_documents
from cr_app.cases.actions.once import first_time
from cr_app.cases.models import Correction, Document, Victim
from cr_app.cases.queries import Record, corrections_of
from cr_app.cases.queries.names import StandingName, standing_names
from cr_app.pages.refusals import NotAllowed, Stale

COLUMN_WORDS = {"first_names": "first names", "last_names": "last names", "organisation_name": "organisation's name"}
SAME = "This is what the name says now. Enter what it should say"


@dataclass(frozen=True)
class NameCorrection:
    """Which name, by its key; what it said when the page was shown, what it should say, and why."""

    key: str
    old: str
    new: str
    reason: str


def whose(name: StandingName, victims: Iterable[Victim]) -> str:
    """Return whose name it is and which, as the trail says it: the offender's first names, the last names of victim 2."""
    column = COLUMN_WORDS[name.column]
    if name.victim is None:
        return f"the offender's {column}"
    keys = [victim.pk for victim in victims]
    return f"the victim's {column}" if len(keys) == 1 else f"victim {keys.index(name.victim.pk) + 1}'s {column}"


def correct_name(
    reference: str, *, by: Officer, correction: NameCorrection, token: UUID
) -> tuple[Document, ...] | None:
    """Put one name of the offender or a victim right and return the documents made anew; None where it was sent before.

    Corrections add up: `old` is what stands now. Raises Stale where it says something else by now, NotAllowed where the
    case was not issued, has no such name, nothing would change, or the reason is missing.
    """
    at = timezone.now()
    with transaction.atomic():
        case = access.lock_case(by, reference, Right.FOLLOW_UP)
        require_followed(case)
        if first_time(token, by=by, answers=asdict(correction), at=at, about=f"{reference} correction") is not None:
            return None
        record = Record(case)
        names = {name.key: name for name in standing_names(record, corrections_of(case))}
        name = names.get(correction.key)
        if name is None:
            raise NotAllowed("This case has no such name. Choose one from the list.", subject=case.subject)
        if name.now != correction.old:
            raise Stale(
                "Somebody has corrected this name since you opened the page. Check what it says now.",
                subject=case.subject,
            )
        if not correction.new.strip() or correction.new == name.now:
            raise NotAllowed(f"{SAME}.", subject=case.subject)
        if not correction.reason.strip():
            raise NotAllowed("Give the reason.", subject=case.subject)
        changes = Changes(case, by=by, at=at)
        changes.create(
            Correction(
                case=case,
                victim=name.victim,
                column=name.column,
                old=name.now,
                new=correction.new,
                reason=correction.reason,
                at=at,
                by=by,
            )
        )
        made = add_documents(changes, because="corrected")
        changes.record("case.corrected", reason=correction.reason, details={"what": whose(name, record.victims)})
    return made
