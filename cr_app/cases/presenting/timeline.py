"""A case's history: what happened, in words, and who looked at it."""

import re
from typing import Any

from django.urls import reverse

from cr_app.audit import queries as trail_queries
from cr_app.audit.queries import TimelineLine
from cr_app.cases import journey
from cr_app.cases.models import Case
from cr_app.cases.presenting.from_to import LABELS, changes_shown, names_of
from cr_app.pages.moments import exact

_PAGES = {
    "case": "The case",
    "history": "Its history",
    "print": "The record for printing",
    "copy": "Starting another case from it",
    "not used": "Recording that it was not used",
    "reassign": "Handing it over",
    "reopen": "Reopening it",
    "withdraw": "Withdrawing it",
    "victim safeguards": "A page of questions",
    "task list": "The task list",
    "result": "The result page",
    "check": "Check your answers",
    "issue": "The issue page",
    "crime report entry": "The entry for the crime report",
    "crime_report_entry": "The entry for the crime report",
    "documents": "The list of documents",
    "documents preview": "The documents as they would be",
    "document": "A document",
    "document as PDF": "A document as a PDF",
    "document pdf": "A document as a PDF",
    "progress": "What came of the agreed actions",
    "progress record": "Recording what came of an agreed action",
    "contacts": "Contact with the victims and the offender",
    "correct": "Correcting a name",
    "rescind": "Rescinding it",
    "signing refused": "Recording that somebody would not sign",
    "follow_up": "The list of what is to be followed up",
    "authority": "Who was asked to decide",
    "authority_review": "The page on which it is decided",
    "authority_interest": "Declaring an interest",
    "why": "Gave a reason to look",
    "record": "The task list",
    "step": "A page of questions",
    "row": "A page of questions",
    "row_add": "A page of questions",
    "row_remove": "Removing what was added",
    "desk": "A list on the desk",
    "search": "A list of search results",
    "trail": "Looking for an officer",
    "trail_found": "A search of the trail",
    "trail_officer": "What an officer did",
    "trail_export": "Exporting the trail",
    "integrity": "The integrity of the trail",
    "integrity_note": "The signed checkpoint",
    "integrity_check": "A check of the trail",
    "red_flags": "The red flags",
    "red_flag": "A red flag",
    "officers": "The list of officers",
    "officer": "An officer's account",
    "officer_add": "Adding an officer",
    "officer_change": "Changing an officer's account",
    "officer_first_password": "A first password for an officer",
    "officer_absence": "Recording an absence",
    "absence_end": "Ending an absence",
    "duty": "Duty and absences",
    "units": "The list of units",
    "unit": "A unit",
    "unit_add": "Adding a unit",
    "authority_queue": "The requests for authority",
    "authority_search": "Searching the requests for authority",
    "offence_suggestions": "Looking for an offence",
    "account_change_password": "Changing one's password",
    "account_logout": "Signing out",
    "erase audit values": "Erasing personal values",
    "foi_requests": "The requests for statistics",
    "foi_new": "Entering an information request",
    "foi_request": "An information request",
    "foi_change": "Changing an information request",
    "foi_close": "Closing an information request",
    "foi_work_out": "Working out the table of an information request",
    "foi_cell": "Deciding on a value of a table",
    "foi_propose": "Proposing to release a table",
    "foi_release": "Releasing a table",
    "foi_imports": "The imported cases",
    "releases": "The releases of statistics",
    "release": "A release of statistics",
    "release_file": "A file of a release",
    "published_total": "Totals published elsewhere",
    "total_withdraw": "Withdrawing a total published elsewhere",
    "foi_policy": "The policy as an answer",
    "foi_policy_file": "A file of the policy",
}
_PAGE_AT_END = re.compile(
    r"\b(case(?:_[a-z_]+)?|authority_[a-z_]+|trail(?:_[a-z]+)?|integrity(?:_[a-z]+)?|red_flags?"
    r"|officers?(?:_[a-z_]+)?|units?(?:_[a-z]+)?|absence_end|duty|follow_up"
    r"|foi_[a-z_]+|releases?(?:_file)?|published_total|total_withdraw)\.$"
)
# So many of each list on a page.
ON_A_PAGE = 50
_REFUSALS = {"access.refused": "was refused", "action.refused": "tried to change the case and was refused"}
# What was tried, by the page on which it was refused.
_TRIED = {
    "authority_review": "tried to decide on the case",
    "authority_interest": "tried to declare an interest in the case",
    "case_check": "tried to submit the case",
    "case_copy": "tried to start another case from it",
    "case_crime_report_entry": "tried to record the entry on the crime report",
    "case_issue": "tried to issue the case",
    "case_not_used": "tried to record the case as not used",
    "case_reassign": "tried to hand the case over",
    "case_reopen": "tried to reopen the case",
    "case_withdraw": "tried to withdraw the case",
    "case_documents": "tried to make a document of the case",
    "case_progress_record": "tried to record what came of an agreed action",
    "case_contacts": "tried to record a contact",
    "case_correct": "tried to correct a name",
    "case_rescind": "tried to rescind the Community Resolution",
    "case_signing_refused": "tried to record that somebody would not sign",
    "trail_export": "tried to export the trail of the case",
}


_ROW_VERBS = {"case.row_added": "added", "case.row_changed": "changed", "case.row_removed": "removed"}
_ROW_WORDS = {
    "offence": "an offence",
    "disposal": "an earlier disposal",
    "victim": "a victim",
    "action": "an agreed action",
}
_SHOWS_CHANGES = frozenset({"case.answers_saved", *_ROW_VERBS})
# Said whole by their words: the columns that they set go without saying.
_SAYS_ALL = _SHOWS_CHANGES | {
    *("case.submitted", "case.decision_asked", "case.interest_declared", "case.returned"),
    *("case.authority_granted", "case.authority_refused", "case.suitable", "case.unsuitable"),
}
_VOIDED = re.compile(r"; this voided [a-z ]+")
_WANTED = re.compile(r", and something is still wanted \(.*\)", re.DOTALL)


# A look without a reason of its own is part of the work that the officer was given.
_OWN_WORK = "Own work or duty"


def timeline_page(case: Case, *, before: int | None = None) -> dict[str, Any]:
    """Return the case's timeline in words, newest first, with what every change was from and to; older than `before`."""
    page = trail_queries.timeline_of(case.subject, labels=LABELS, limit=ON_A_PAGE, before=before)
    names = names_of(case, page.lines)
    return {
        "case": case,
        "title": f"History of case {case.reference}",
        "back_url": reverse("case", args=[case.reference]),
        "lines": [
            {
                "when": exact(line.at),
                "iso": line.at.isoformat(),
                "sentence": sentence_of(line),
                "reason": line.reason,
                "refused": line.outcome == "refused",
                "refusal": line.refusal,
                "changes": changes_shown(line.changes, names),
            }
            for line in page.lines
        ],
        "older": page.next_before,
        "is_older": before is not None,
    }


def sentence_of(line: TimelineLine) -> str:
    """Return what happened to a case in one short sentence; the answers changed stand below it."""
    if line.event in _REFUSALS:
        page = _page_in(line.sentence)
        if line.event == "action.refused" and page in _TRIED:
            return f"{line.actor} {_TRIED[page]} and was refused."
        return f"{line.actor} {_REFUSALS[line.event]}{f': {page_title(page)}' if page else ''}."
    if line.outcome == "refused":
        return line.sentence
    rows = [change.row for change in line.changes if change.row in _ROW_WORDS]
    voided = "".join(_VOIDED.findall(line.sentence)[:1])
    if line.event in _ROW_VERBS and rows:
        return f"{line.actor} {_ROW_VERBS[line.event]} {_ROW_WORDS[rows[0]]}{voided}."
    wanted = _WANTED.search(line.sentence)
    if line.event in _SAYS_ALL and wanted:
        return f"{line.sentence[: wanted.end()]}."
    if line.event in _SAYS_ALL:
        said = line.sentence.removesuffix(".").partition(":")[0]
        return f"{said}." if voided in said else f"{said}{voided}."
    return line.sentence


def without_code_names(line: TimelineLine) -> str:
    """Return a refusal that is about no case in plain words: the page by the name that officers know it by."""
    page = _page_in(line.sentence)
    if line.event not in _REFUSALS or not page:
        return line.sentence
    said = line.sentence.removesuffix(f"{page}.").strip().removesuffix(" on")
    return f"{said}: {page_title(page)}."


def _page_in(words: str) -> str:
    """Return the name of the page on which something was, where these words end with it; "" where they do not."""
    place = _PAGE_AT_END.search(words)
    return place[1] if place else ""


def history_page(case: Case, *, before: int | None = None) -> dict[str, Any]:
    """Return who looked at the case, newest first, and why; older than `before`."""
    page = trail_queries.looks_at(case.subject, limit=ON_A_PAGE, before=before)
    return {
        "looks": [
            {
                "when": exact(look.at),
                "who": look.actor,
                "page": page_title(look.page),
                "reason": "Refused" if look.outcome == "refused" else look.reason or _OWN_WORK,
                "recipient": look.recipient,
            }
            for look in page.lines
        ],
        "looks_older": page.next_before,
        "looks_is_older": before is not None,
    }


def page_title(page: str) -> str:
    """Return how officers know a page by the name that the trail has for it."""
    page = page.removeprefix("case_")
    known = _PAGES.get(page) or _PAGES.get(page.replace(" ", "_")) or _PAGES.get(page.replace("_", " "))
    step = journey.step_named(page)
    return known or (step.title if step else page.replace("_", " ").replace("-", " ").capitalize())
