"""What an export leaves in the trail: a disclosure of every record that it shows, and an entry with its digest."""

from cr_app.audit.exporting.files import Exported
from cr_app.audit.models import AccessKind, Entry
from cr_app.audit.trail import Actor, look_at_all, record


def record_export(
    exported: Exported, *, actor: Actor, purpose: str, recipient: str, page: str, asked_by: str = ""
) -> Entry:
    """Write, in the caller's transaction, that an export was made: by whom, of what, what for and to whom.

    `asked_by` is whoever had a command do it. Page and command call it before they hand the export over; raises
    NotRecordable outside a transaction.
    """
    details: dict[str, object] = {
        "what": exported.what,
        "rows": exported.rows,
        "size": exported.size,
        "file_digest": exported.digest,
        "recipient": recipient,
    }
    if asked_by:
        details["asked_by"] = asked_by
    if exported.from_on:
        details |= {"from_on": exported.from_on, "until_on": exported.until_on}
    look_at_all(
        exported.subjects,
        actor=actor,
        page=page,
        kind=AccessKind.DISCLOSURE,
        implied=False,
        reason=purpose,
        recipient=recipient,
    )
    subject = "" if exported.from_on else exported.subjects[0]
    return record("trail.exported", actor=actor, subject=subject, reason=purpose, details=details)
