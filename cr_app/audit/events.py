"""Every happening that the trail can hold: its name, its words, what it carries and which of that is personal. Pure.

Words are what the actor did, put after the name; a part in square brackets is left out when what it names was not
carried. docs/audit.md lists the same events, and a test holds the two together.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

# Kept for the record itself: the reason given, and the typed changes of rows.
REASON = "reason"
CHANGES = "changes"
RESERVED = frozenset({REASON, CHANGES})

# Any event can be refused; the refusal then says where, and what the officer was told.
REFUSED_DETAILS = frozenset({"page", "method", "status", "sentence"})
REFUSED_PERSONAL = frozenset({"sentence"})


@dataclass(frozen=True)
class Event:
    """One kind of happening; `details` are all keys it may carry, `personal` those whose values can be erased.

    The words of a refusal (`is_refusal`) say already that nothing was done.
    """

    name: str
    words: str
    details: frozenset[str] = field(default_factory=frozenset)
    personal: frozenset[str] = field(default_factory=frozenset)
    is_refusal: bool = False


def _event(name: str, words: str, *details: str, personal: tuple[str, ...] = (), is_refusal: bool = False) -> Event:
    return Event(name, words, frozenset(details) | frozenset(personal), frozenset(personal), is_refusal)


_JUDGED = ("version", "verdict", "rulebook")
# A change of an answer may take away what had been given for it.
_SAVE = (*_JUDGED, "section", "step", "voided")
_MOVE = ("version", "status_from", "status_to")
_DECIDED = (*_MOVE, "snapshot", "covering_for")
_TOTAL = ("source", "published_on", "period_from", "period_to", "basis", "offences", "count")
_STILL_WANTED = "[, and something is still wanted ({wanted})]"

_ALL = (
    # The record
    _event("case.started", "started the case", "version", "rulebook"),
    _event("case.copied", "started the case from {copied_from}", "version", "copied_from"),
    _event("case.answers_saved", "saved[ {section}][; this voided {voided}]", *_SAVE),
    _event("case.row_added", "added {row}[ to {section}][; this voided {voided}]", *_SAVE, "row"),
    _event("case.row_changed", "changed {row}[ in {section}][; this voided {voided}]", *_SAVE, "row"),
    _event("case.row_removed", "removed {row}[ from {section}][; this voided {voided}]", *_SAVE, "row"),
    # Its moves
    _event("case.submitted", "submitted the case[: {verdict}][; this voided {voided}]", *_MOVE, *_JUDGED, "snapshot", "voided"),
    _event("case.withdrawn", "withdrew the case", *_MOVE),
    _event("case.not_used", "recorded that a Community Resolution was not used", *_MOVE),
    _event("case.reopened", "reopened the case", *_MOVE),
    _event("case.decision_asked", "asked {asked} to decide[ on {kind}]", "kind", "asked", "round"),
    _event("case.interest_declared", "declared an interest in the case[; this voided {voided}]", "version", "voided"),
    _event("case.returned", "returned the case with a question[, for {covering_for}]", *_DECIDED),
    _event("case.authority_granted", f"granted authority[ as {{rank}}][, for {{covering_for}}]{_STILL_WANTED}",
           *_DECIDED, *_JUDGED, "rank", personal=("wanted",)),
    _event("case.authority_refused", "refused authority[ as {rank}][, for {covering_for}]", *_DECIDED, "rank"),
    _event("case.suitable", f"found the case suitable{_STILL_WANTED}", *_DECIDED, *_JUDGED, personal=("wanted",)),
    _event("case.unsuitable", "found the case unsuitable", *_DECIDED),
    _event("case.entry_recorded", "recorded the entry on the crime report[: {entry_reference}]",
           "version", "entry_reference"),
    _event("case.issued", "issued the Community Resolution", *_MOVE, *_JUDGED, "snapshot"),
    _event("case.sent_back", "sent the case back: the rules now say {verdict}[, before {verdict_before}]",
           *_MOVE, *_JUDGED, "verdict_before"),
    _event("case.reassigned", "reassigned the case[ from {from_name}][ to {to_name}]",
           "version", "from_officer", "from_name", "to_officer", "to_name"),
    _event("case.signing_refused", "recorded that the {signer} would not sign", "version", "signer"),
    # After it
    _event("case.documents_made", "made {document}", "version", "document", "language", "because"),
    _event("case.progress_recorded", "recorded agreed action {number} as {outcome}", "version", "number", "outcome", "due_on"),
    _event("case.completed", "recorded that every agreed action is done", *_MOVE, "number", "outcome"),
    _event("case.not_complied", "recorded that the agreed actions were not complied with", *_MOVE, "number", "outcome"),
    _event("case.complied_late", "recorded that the agreed actions were done late", *_MOVE, "number", "outcome"),
    _event("case.contact_recorded", "recorded a contact with the {whom}[: {result}][, told of the {told}]",
           "version", "whom", "result", "told"),
    _event("case.corrected", "corrected {what}", "version", "what"),
    _event("case.rescinded", "rescinded the Community Resolution[ as {rank}]", *_MOVE, "rank"),
    # Looking for one
    _event("case.searched", "searched for cases[ by {by}][: {found} found]",
           "by", "found", "references", personal=("terms",)),
    # Overseeing
    _event("trail.searched", "searched the trail[ for {kind}][ by {by}]", "kind", "by", personal=("terms",)),
    _event("trail.check_asked", "asked for {what} to be checked[, {joined}]", "what", "joined"),
    _event("trail.checked", "checked the trail's integrity[: {verdict}]", "verdict", "size", "problems"),
    _event("trail.exported", "exported {what}[ ({rows} rows)][, asked by {asked_by}]",
           "what", "rows", "from_on", "until_on", "size", "file_digest", personal=("recipient", "asked_by")),
    _event("trail.values_erased", "erased {values} personal values[ from before {before}][, asked by {asked_by}]",
           "values", "before", "records", personal=("asked_by",)),
    _event("flag.reviewed", "looked into a red flag[: {rule}]", "rule", "flag"),
    # Statistics that leave
    _event("cases.imported", "imported {cases} closed cases[, {rejected} lines rejected][, asked by {asked_by}]",
           "cases", "offences", "rejected", "forces", "file_digest", "mapping_digest", "row_digests",
           personal=("asked_by",)),
    _event("request.made", "took in information request {reference}, table {part}", "reference", "part", "version"),
    _event("request.changed", "changed information request {reference}, table {part}", "reference", "part", "version"),
    _event("request.closed", "closed information request {reference}, table {part}", "reference", "part", "version"),
    _event("request.worked_out", "worked out the table of information request {reference}[: {withheld} values withheld]",
           "reference", "part", "version", "withheld", "digest"),
    _event("request.cell_chosen", "decided on a value of information request {reference}[: {what}]",
           "reference", "part", "version", "what", "row", "column"),
    _event("release.proposed", "proposed to release the table of information request {reference}",
           "reference", "part", "version", "digest"),
    _event("release.released", "released statistics, number {number}[, proposed by {proposed_by}]",
           "number", "reference", "part", "digest", "proposed_by"),
    _event("release.downloaded", "downloaded release {number} as {form}", "number", "form", "file_digest"),
    _event("total.added", "added a total published elsewhere[: {source}]", *_TOTAL),
    _event("total.withdrawn", "withdrew a total published elsewhere[: {source}]", "was_ours", *_TOTAL),
    _event("policy.answered", "downloaded the policy in force on {on} as {form}", "on", "form", "rulebook", "file_digest"),
    # Officers
    _event("officer.added", "added officer[ {officer}]", "officer", "command"),
    _event("officer.changed", "changed officer[ {officer}]", "officer"),
    _event("officer.on_duty", "said they are on duty until {until}", "until"),
    _event("officer.off_duty", "said they are off duty"),
    _event("officer.absence_recorded", "recorded an absence of {officer}[, covered by {cover}]", "officer", "cover"),
    _event("officer.absence_ended", "ended an absence of {officer}", "officer"),
    _event("unit.added", "added unit {unit}", "unit"),
    _event("unit.changed", "changed unit {unit}", "unit"),
    _event("officer.signed_in", "signed in[ by {method}]", "method"),
    _event("officer.signed_out", "signed out[ ({because})]", "because"),
    _event("officer.sign_in_failed", "failed to sign in[ as {sign_in_name}]",
           "because", personal=("sign_in_name",), is_refusal=True),
    _event("officer.locked_out", "was locked out[ as {sign_in_name}][ for {minutes} minutes]",
           "minutes", personal=("sign_in_name",), is_refusal=True),
    _event("officer.password_changed", "changed the password"),
    # Reference
    _event("reference.loaded", "loaded {table}[: {added} added][, {changed} changed]",
           "table", "file_digest", "added", "changed", "unchanged"),
    _event("offences.loaded", "loaded offence types[ for {force}][: {added} added][, {changed} changed]",
           "force", "file_digest", "added", "changed", "unchanged", "withdrawn"),
    _event("offence.withdrawn", "withdrew offence type {code}[ from {withdrawn_on}]", "code", "force", "withdrawn_on"),
    # Refusals: at the door of a record, and of an action on a record that may be seen
    _event("access.refused", "was refused[ {page}]", is_refusal=True),
    _event("action.refused", "tried what may not be done[ on {page}]", is_refusal=True),
)  # fmt: skip

# What the system alone does to the records of forces, which the entry names as `forces`.
OF_THE_SYSTEM = frozenset({"cases.imported"})
EVENTS: Mapping[str, Event] = {event.name: event for event in _ALL}

_PART = re.compile(r"\[([^\]]*)\]")
_NAMED = re.compile(r"\{([a-z_]+)\}")
_UNNAMED = {"system": "The system", "anonymous": "Somebody not signed in", "officer": "An officer"}


class Told(Protocol):
    """What is needed of an entry to put it in words."""

    event: str
    actor_kind: str
    rank: str
    actor_name: str
    outcome: str


def describe(entry: Told, details: Mapping[str, object], labels: Mapping[str, str] | None = None) -> str:
    """Return the entry as a sentence, such as "PC Amina Khan saved Incident: Place, From."

    `details` are the entry's, its personal values put back or left as what stands for them; `labels` name the changed
    fields, by row and field ("offender.address") or by field alone; a field labelled "" goes without saying.
    """
    event = EVENTS.get(entry.event)
    done = _filled(event.words, details) if event else entry.event
    fields = changed_fields(details, labels or {})
    if fields and not event_names_rows(entry.event):
        done = f"{done}{',' if ': ' in done else ':'} {', '.join(fields)}"
    who = actor_in_words(entry.actor_kind, entry.rank, entry.actor_name)
    if entry.outcome != "refused" or (event and event.is_refusal):
        return f"{who} {done}."
    return f"{who} tried, and was refused: {done}."


def actor_in_words(kind: str, rank: str, name: str) -> str:
    """Name who acted as they were then: "PC Amina Khan", "The system (make_demo_cases)", "Somebody not signed in"."""
    if kind == "officer" and (rank or name):
        return f"{rank} {name}".strip()
    return f"{_UNNAMED.get(kind, kind)} ({name})" if name else _UNNAMED.get(kind, kind)


_ROWS_AS_A_WHOLE = frozenset(
    {
        *("case.started", "case.copied", "case.row_added", "case.row_removed", "officer.added", "unit.added"),
        *("request.made", "request.closed"),
        # What is recorded after issue, and while it is being issued.
        *("case.issued", "case.signing_refused", "case.documents_made", "case.progress_recorded", "case.completed"),
        *("case.not_complied", "case.complied_late", "case.contact_recorded", "case.corrected", "case.rescinded"),
    }
)


def event_names_rows(name: str) -> bool:
    """Tell whether an event adds or removes a row as a whole, so that its fields go without saying."""
    return name in _ROWS_AS_A_WHOLE


def changed_fields(details: Mapping[str, object], labels: Mapping[str, str]) -> list[str]:
    """Name the fields that the changes set or alter, each once, in their order."""
    found: dict[str, None] = {}
    changes = details.get(CHANGES)
    for change in changes if isinstance(changes, list) else []:
        if change["operation"] != "delete":
            found.update(dict.fromkeys(label_of(change["row"], name, labels) for name in change["new"]))
    return [label for label in found if label]


# Columns of rows that no page shows from and to; "" where a column goes without saying, since another is its cause.
_COLUMNS: Mapping[str, str] = {
    "request.part": "",
    "request.due_on": "",
    "request.received_on": "when it was received",
    "request.period_from": "first day of the period",
    "request.period_to": "last day of the period",
    "request.years": "which years are the columns",
    "request.rows_by": "what the rows are",
    "request.groups": "the rows that are named",
    "request.basis": "what is counted",
    "request.zeros": "what happens to zeros",
    "request.method": "how small counts are protected",
    "request.as_of": "as of when the cases are counted",
}


def label_of(row: str, name: str, labels: Mapping[str, str]) -> str:
    """Return the label of a field: given for the row's field, for the field, or made of its name."""
    known = _COLUMNS.get(f"{row}.{name}", name.replace("_", " "))
    return labels.get(f"{row}.{name}", labels.get(name, known))


def _filled(words: str, details: Mapping[str, object]) -> str:
    """Fill the words in; leave out a part in brackets when the details lack what it names."""

    def part(found: re.Match[str]) -> str:
        return found[1] if all(_known(details.get(name)) for name in _NAMED.findall(found[1])) else ""

    whole = _PART.sub(part, words)
    return _NAMED.sub(lambda found: str(details.get(found[1], "something")), whole)


def _known(value: object) -> bool:
    """Tell whether there is a value to say; 0 is one."""
    return value is not None and value != "" and not isinstance(value, dict)
