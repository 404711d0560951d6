"""Export a case's trail or some days of it: made in a folder that goes, recorded before its first byte leaves."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Duty
from cr_app.audit.exporting import Exported, Moment, export_case, export_period, record_export, write_zip
from cr_app.cases import access as door
from cr_app.cases.actions.once import first_time, leads_to
from cr_app.cases.queries import references_of_force
from cr_app.oversight import access
from cr_app.oversight.actions.searching import begin_of
from cr_app.oversight.queries.exports import officers_of
from cr_app.pages.refusals import Stale

PAGE = "trail_export"
# What a page makes while its officer waits; the command has no such limit.
MOST_ROWS = 50_000
_SENT = "This export was made already, and its download began. Another one is a disclosure of its own: send the form again for it."
# A form sent twice, as by a double click, gets the file that its first sending made.
_SENT_TWICE = timedelta(minutes=1)


@dataclass(frozen=True)
class Download:
    """A zip file that has no name any more, open for reading, and the name it is downloaded under."""

    file: BinaryIO
    name: str


@dataclass(frozen=True)
class Disclosure:
    """What an export is for, who gets it, and the one-time token of the form."""

    purpose: str
    recipient: str
    token: UUID


def download_case(reference: str, *, by: Officer, disclosure: Disclosure) -> Download:
    """Return the trail of one case as a zip file; that it was disclosed is kept before this returns.

    What tells of another case that is closed to the reviewer, and a look at a list, is there as its hash alone.
    Sent twice within a minute it is the same file, and one disclosure. Raises NotAllowed without the duty, AccessDenied
    as the door of the case does, CannotExport where nothing of it is sealed, and Stale where the form was sent before.
    """
    access.require_duty(by, Duty.EXPORT_TRAIL)
    door.may_look(by, reference)
    subject = door.subject_of(reference)
    withhold = _withheld_from(by)

    def export(to: Path, as_of: Moment | None) -> Exported:
        return export_case(
            subject,
            to=to,
            purpose=disclosure.purpose,
            recipient=disclosure.recipient,
            withhold=withhold,
            at_most=MOST_ROWS,
            as_of=as_of,
        )

    return _download(export, f"trail-case-{reference}.zip", by=by, disclosure=disclosure, about=subject)


def download_period(first: date, last: date, *, by: Officer, disclosure: Disclosure) -> Download:
    """Return the trail from the first to the last of these days as a zip file, without personal values.

    What is of another force, of nobody, or of a case that is closed to the reviewer is there as its hash alone.
    Raises as `download_case` does.
    """
    access.require_duty(by, Duty.EXPORT_TRAIL)
    withhold = _withheld_from(by)

    def export(to: Path, as_of: Moment | None) -> Exported:
        return export_period(
            begin_of(first),
            begin_of(last + timedelta(days=1)),
            to=to,
            purpose=disclosure.purpose,
            recipient=disclosure.recipient,
            withhold=withhold,
            at_most=MOST_ROWS,
            as_of=as_of,
        )

    days = f"{first.isoformat()}-{last.isoformat()}"
    return _download(export, f"trail-{days}.zip", by=by, disclosure=disclosure, about=days)


def _withheld_from(by: Officer) -> Callable[[str], bool]:
    """Return what tells whether a record is withheld: all but the force, its officers, and its cases that are open."""
    cases = frozenset(map(door.subject_of, references_of_force(by.force_id))) - access.closed_records(by)
    open_ones = cases | officers_of(by.force_id) | {f"force:{by.force_id}"}
    return lambda subject: subject not in open_ones


def _download(
    export: Callable[[Path, Moment | None], Exported], name: str, *, by: Officer, disclosure: Disclosure, about: str
) -> Download:
    """Make the export, keep that it is disclosed, and hand its zip file over; nothing of it stays on the disk."""
    with _passing_folder() as folder:
        # Outside a transaction: an open one would keep the sealer from what is waited for here.
        exported = export(folder / "first", None)
        write_zip(folder / "first", folder / name)
        with transaction.atomic():
            at = timezone.now()
            content = {"purpose": disclosure.purpose, "recipient": disclosure.recipient}
            sent_before = first_time(disclosure.token, by=by, answers=content, at=at, about=about)
            if sent_before is None:
                record_export(
                    exported,
                    actor=by.as_actor(),
                    purpose=disclosure.purpose,
                    recipient=disclosure.recipient,
                    page=PAGE,
                )
                leads_to(disclosure.token, f"{exported.digest} {exported.moment.text}")
        if sent_before is not None:
            if at - sent_before.used_at > _SENT_TWICE:
                raise Stale(_SENT)
            digest, _, moment = sent_before.leads_to.partition(" ")
            again = export(folder / "again", Moment.of(moment))
            # Not where a value was erased or a case restricted since: that would be another file than was kept.
            if again.digest != digest:
                raise Stale(_SENT)
            (folder / name).unlink()
            write_zip(folder / "again", folder / name)
        return Download((folder / name).open("rb"), name)


@contextmanager
def _passing_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="trail-export-") as folder:
        yield Path(folder)
