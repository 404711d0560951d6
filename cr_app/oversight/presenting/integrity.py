"""The integrity of the trail in plain words: how sealing stands, what a check found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_datetime

from cr_app.accounts.models import Officer
from cr_app.oversight.access import Standing
from cr_app.oversight.actions.integrity import Finding
from cr_app.oversight.models import CheckOutcome, IntegrityCheck
from cr_app.oversight.queries.integrity import Latest, Sealing, Witnessed, is_silent
from cr_app.pages.moments import exact, span

# Nobody has begun a check for so long: the process that does is not there.
_NOT_BEGUN = timedelta(seconds=15)
# For so long a page follows a check by itself; asking keeps the session awake, which must end when nobody is there.
_FOLLOWED = timedelta(minutes=15)
_WITNESS = {
    Witnessed.KEPT: "The witness has it",
    Witnessed.ON_ITS_WAY: "On its way to the witness",
    Witnessed.MISSING: "Not in the witness",
    Witnessed.UNREADABLE: "The witness cannot be read from here",
}
_TITLES = {
    CheckOutcome.HOLDS: "The trail holds",
    CheckOutcome.BROKEN: "The trail does not hold",
    CheckOutcome.FAILED: "The check could not be finished",
}
_COLOURS = {CheckOutcome.HOLDS: "green", CheckOutcome.BROKEN: "red", CheckOutcome.FAILED: "orange"}
_KINDS = {CheckOutcome.HOLDS: "go", CheckOutcome.BROKEN: "stop", CheckOutcome.FAILED: "wait"}
_COMMAND = (
    "Ask whoever runs the service to start watch_trail, or to run verify_audit_trail, which says the same on a console."
)


@dataclass(frozen=True)
class Alarm:
    """Something that somebody should see to now."""

    title: str
    text: str


def integrity_page(
    sealing: Sealing, checks: Sequence[IntegrityCheck], reader: Officer, *, at: datetime
) -> dict[str, Any]:
    """Return what the page of integrity shows."""
    latest = sealing.latest
    return {
        "title": "Integrity of the trail",
        "state": _state(sealing, at),
        "is_well": not (alarms := _alarms(sealing, at)) and latest is not None,
        "alarms": alarms,
        "rows": _rows(latest, sealing.witnessed) if latest else [],
        "note": latest.note if latest else "",
        "note_url": reverse("integrity_note"),
        "checks": [_line(check, reader, at) for check in checks],
    }


def _state(sealing: Sealing, at: datetime) -> str:
    if sealing.latest is None:
        return "Nothing is sealed yet."
    sealed = f"Sealed up to {exact(sealing.latest.made_at)}: {counted_rows(sealing.latest.size)}."
    if not sealing.unsealed.count:
        return f"{sealed} Nothing waits."
    since = f", the oldest for {span(at - sealing.unsealed.oldest_at)}" if sealing.unsealed.oldest_at else ""
    waits = "waits" if sealing.unsealed.count == 1 else "wait"
    return f"{sealed} {counted_rows(sealing.unsealed.count)} {waits} to be sealed{since}."


def counted_rows(number: int) -> str:
    """Return a number of rows with its thousands apart: 1 row, 12,345 rows."""
    return f"{number:,} row{'' if number == 1 else 's'}"


def _alarms(sealing: Sealing, at: datetime) -> list[Alarm]:
    found = []
    if sealing.latest is None or sealing.is_late:
        text = "Until a row is sealed, changing it could go unseen. Ask whoever runs the service to look at seal_audit_trail."
        found.append(Alarm("Sealing is late" if sealing.latest else "Nothing is sealed", text))
    if sealing.witnessed is Witnessed.MISSING:
        text = "A checkpoint that nobody outside holds proves nothing. Ask whoever runs the service to look at the witness."
        found.append(Alarm("The last checkpoint is not in the witness", text))
    if sealing.witnessed is Witnessed.UNREADABLE:
        text = "This page cannot tell whether the last checkpoint was handed over. The check below may not be able to, either."
        found.append(Alarm("The witness cannot be read from here", text))
    return found


def _rows(latest: Latest, witnessed: Witnessed) -> list[dict[str, str]]:
    rows = [
        {"key": "Made", "value": exact(latest.made_at)},
        {"key": "Rows", "value": f"{latest.size:,}"},
        {"key": "Root", "value": latest.root.hex()},
        {"key": "Log", "value": latest.origin},
        {"key": "Key", "value": latest.key_id},
        {"key": "Witness", "value": _WITNESS[witnessed]},
    ]
    return rows + ([{"key": "Epoch", "value": str(latest.epoch)}] if latest.epoch > 1 else [])


def _line(check: IntegrityCheck, reader: Officer, at: datetime) -> dict[str, Any]:
    if check.outcome:
        outcome = CheckOutcome(check.outcome)
        tag, colour = outcome.label, _COLOURS[outcome]
    else:
        tag, colour = ("Running" if check.started_at else "Waiting"), "blue"
    return {
        "url": reverse("integrity_check", args=[check.token]),
        "when": exact(check.asked_at),
        "who": _asker(check, reader),
        "tag": tag,
        "colour": colour,
        "rows": counted_rows(check.report["rows"]) if "rows" in check.report else "",
    }


def _asker(check: IntegrityCheck, reader: Officer) -> str:
    return check.asked_by.title if check.asked_by.force_id == reader.force_id else "A reviewer of another force"


def check_page(check: IntegrityCheck, reader: Officer, found: Sequence[Finding], *, at: datetime) -> dict[str, Any]:
    """Return what the page of one check shows: how far it is, or what of it the reviewer may know that it found."""
    asked = check.report["asked"]
    shared = {
        "back_url": reverse("integrity"),
        "back_label": "Integrity of the trail",
        "asked": f"Asked for by {_asker(check, reader)} on {exact(check.asked_at)}.",
        "with_cases": asked["cases"],
        "with_kept": bool(asked["against"]),
    }
    if not check.outcome:
        return shared | _running(check, at)
    outcome = CheckOutcome(check.outcome)
    return shared | {
        "title": _TITLES[outcome],
        "kind": _KINDS[outcome],
        "sentence": _SENTENCES[outcome],
        "why": check.report.get("why", ""),
        "problems": list({each["sentence"]: each for each in map(_problem, found)}.values()),
        "more": _more(check.report),
        "notices": check.report.get("notices", []),
        "rows": _found(check) if outcome is not CheckOutcome.FAILED else [],
    }


_SENTENCES = {
    CheckOutcome.HOLDS: "Every row that was sealed is there as it was written, in its place, and the witness has seen the same trail.",
    CheckOutcome.BROKEN: "Something was changed, removed, added or moved after it was sealed. Each is named below. "
    "Keep this page, change nothing, and tell professional standards.",
    CheckOutcome.FAILED: "That says neither that the trail holds nor that it does not.",
}


_OF_A_RESTRICTED = "is about a restricted record that is closed to you: tell professional standards."
_CLOSED = {
    Standing.WITHHELD: _OF_A_RESTRICTED,
    Standing.NOT_THERE: _OF_A_RESTRICTED,
    Standing.OWN: "is about a case of your own: another reviewer looks at it.",
    Standing.UNKNOWN: "is about a record of another force, or one that is there no more: verify_audit_trail says more on a console.",
}


def _problem(found: Finding) -> dict[str, str]:
    """Return a finding with the way to its case; of a record that is closed, the row that does not hold and who is told."""
    if found.standing is not Standing.OPEN:
        return {"sentence": f"{found.row or 'Something that does not hold'} {_CLOSED[found.standing]}"}
    kind, _, name = found.subject.partition(":")
    url = reverse("case_history", args=[name]) if kind == "case" else ""
    return {"sentence": found.sentence, "url": url, "name": name}


_NOBODY_BEGAN = "Nothing has begun this check: the process that does is not running."
_FELL_SILENT = "The process that checks has fallen silent. Another takes the check up as soon as one is running."


def _running(check: IntegrityCheck, at: datetime) -> dict[str, Any]:
    percent = 100 * check.checked // check.to_check if check.to_check else 0
    if check.started_at is None:
        is_stuck = at - check.asked_at > _NOT_BEGUN
        state = _NOBODY_BEGAN if is_stuck else "It begins in a moment."
    elif is_stuck := is_silent(check, at):
        state = _FELL_SILENT
    elif not check.to_check:
        state = "The signed checkpoints are read first."
    else:
        state = "The rows are read. What is compared last takes a while yet." if check.checked >= check.to_check else ""
    return {
        "title": "Checking the trail",
        "is_running": True,
        "percent": min(percent, 99),
        "progress": f"{check.checked:,} of {counted_rows(check.to_check)}" if check.to_check else "Not begun yet",
        "state": state,
        "help": _COMMAND if is_stuck else "",
        "is_followed": not is_stuck and at - check.asked_at < _FOLLOWED,
    }


def _more(report: Mapping[str, Any]) -> str:
    hidden = report.get("problem_count", 0) - len(report.get("findings", ()))
    return f"And {hidden:,} more, which verify_audit_trail names on a console." if hidden else ""


def _found(check: IntegrityCheck) -> list[dict[str, str]]:
    report = check.report
    sealed_at = parse_datetime(report["sealed_at"]) if report["sealed_at"] else None
    rows = [
        {"key": "Rows checked", "value": f"{report['rows']:,}"},
        {"key": "Checkpoints", "value": f"{report['checkpoints']:,} made, the witness has {report['witnessed']:,}"},
        {"key": "Last checkpoint", "value": exact(sealed_at) if sealed_at else "None"},
        {"key": "Root", "value": report["root"]},
        {"key": "Personal values", "value": f"{report['personal']:,} kept and checked, {report['erased']:,} erased"},
        {"key": "Not sealed yet", "value": counted_rows(report["unsealed"])},
    ]
    if report["cases"] is not None:
        rows.append({"key": "Cases compared", "value": f"{report['cases']:,}"})
    took = span(check.ended_at - check.started_at) if check.ended_at and check.started_at else ""
    ended = f"{exact(check.ended_at)}, after {took}" if check.ended_at else ""
    return [*rows, {"key": "Ended", "value": ended}]
