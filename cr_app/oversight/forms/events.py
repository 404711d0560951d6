"""Every kind of happening as a list of choices shows it: in plain words, under the word of its group."""

import re

from cr_app.audit.events import EVENTS
from cr_app.pages.fields import Divider, Option

_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Refused attempts", ("access.refused", "action.refused")),
    (
        "Recording a case",
        (
            *("case.started", "case.copied", "case.answers_saved", "case.row_added", "case.row_changed"),
            *("case.row_removed", "case.submitted", "case.reopened", "case.withdrawn", "case.not_used"),
            *("case.entry_recorded", "case.issued", "case.signing_refused", "case.sent_back", "case.reassigned"),
        ),
    ),
    (
        "Deciding on a case",
        (
            *("case.decision_asked", "case.authority_granted", "case.authority_refused", "case.returned"),
            *("case.suitable", "case.unsuitable", "case.interest_declared", "case.rescinded"),
        ),
    ),
    (
        "After it is issued",
        (
            *("case.documents_made", "case.contact_recorded", "case.progress_recorded", "case.completed"),
            *("case.not_complied", "case.complied_late", "case.corrected"),
        ),
    ),
    ("Searching", ("case.searched", "trail.searched")),
    ("Overseeing", ("trail.check_asked", "trail.checked", "trail.exported", "trail.values_erased", "flag.reviewed")),
    (
        "Statistics",
        (
            *("request.made", "request.changed", "request.closed", "request.worked_out", "request.cell_chosen"),
            *("release.proposed", "release.released", "release.downloaded", "total.added", "total.withdrawn"),
            *("policy.answered", "cases.imported"),
        ),
    ),
    (
        "Signing in and duty",
        (
            *("officer.signed_in", "officer.signed_out", "officer.sign_in_failed", "officer.locked_out"),
            *("officer.password_changed", "officer.on_duty", "officer.off_duty"),
        ),
    ),
    (
        "Accounts, units and absences",
        (
            *("officer.added", "officer.changed", "officer.absence_recorded", "officer.absence_ended"),
            *("unit.added", "unit.changed"),
        ),
    ),
    ("Reference tables", ("reference.loaded", "offences.loaded", "offence.withdrawn")),
)
# Where the words of an event lean on what it carries.
_WORDS = {
    "access.refused": "Was refused a page or a record",
    "action.refused": "Tried what may not be done",
    "case.answers_saved": "Saved answers",
    "case.copied": "Started a case from another",
    "case.decision_asked": "Asked officers to decide",
    "case.contact_recorded": "Recorded a contact",
    "case.corrected": "Corrected a name",
    "case.documents_made": "Made a document",
    "case.progress_recorded": "Recorded progress of an agreed action",
    "case.row_added": "Added an offence, victim or other row",
    "case.row_changed": "Changed an offence, victim or other row",
    "case.row_removed": "Removed an offence, victim or other row",
    "case.sent_back": "Sent the case back when the rules said otherwise",
    "case.signing_refused": "Recorded that somebody would not sign",
    "offence.withdrawn": "Withdrew an offence type",
    "officer.absence_ended": "Ended an absence",
    "officer.absence_recorded": "Recorded an absence",
    "officer.added": "Added an officer",
    "officer.changed": "Changed an officer's account",
    "cases.imported": "Imported closed cases",
    "officer.on_duty": "Said they are on duty",
    "policy.answered": "Downloaded the policy in force",
    "release.downloaded": "Downloaded a release",
    "release.proposed": "Proposed to release statistics",
    "release.released": "Released statistics",
    "request.cell_chosen": "Decided on a value of an information request",
    "request.changed": "Changed an information request",
    "request.closed": "Closed an information request",
    "request.made": "Took in an information request",
    "request.worked_out": "Worked out the table of an information request",
    "reference.loaded": "Loaded a reference table",
    "trail.check_asked": "Asked for a check of the trail",
    "trail.exported": "Exported some of the trail",
    "trail.values_erased": "Erased personal values",
    "flag.reviewed": "Looked into a red flag",
    "unit.added": "Added a unit",
    "unit.changed": "Changed a unit",
}
_PART = re.compile(r"\[[^\]]*\]")


def event_in_words(name: str) -> str:
    """Return a kind of happening as a list shows it: "Granted authority"."""
    event = EVENTS.get(name)
    words = _WORDS.get(name) or _PART.sub("", event.words if event else name)
    return f"{words[:1].upper()}{words[1:]}"


def event_options() -> list[Option | Divider]:
    """Return every event under the word of its group; one that has no group yet stands last."""
    options: list[Option | Divider] = [Option("", "Any event")]
    for group, names in _GROUPS:
        options += [Divider(group), *(Option(name, event_in_words(name)) for name in names if name in EVENTS)]
    grouped = {name for _, names in _GROUPS for name in names}
    others = sorted(set(EVENTS) - grouped)
    return [*options, *([Divider("Other")] if others else []), *(Option(name, event_in_words(name)) for name in others)]
