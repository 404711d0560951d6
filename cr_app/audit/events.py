"""Every happening that the trail can hold: its name, its words, what it carries and which of that is personal. Pure.

Words are what the actor did, put after the name; a part in square brackets is left out when what it names was not
carried. docs/audit.md lists the same events, and a test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

# Kept for the record itself: the reason given, and the typed changes of rows.
REASON = "reason"
CHANGES = "changes"
RESERVED = frozenset({REASON, CHANGES})

# Any event can be refused; the refusal then says where, and what the officer was told.
REFUSED_DETAILS = frozenset({"page", "method", "status", "sentence"})
REFUSED_PERSONAL = frozenset({"sentence"})


@dataclass(frozen=True)
class Event:
    """One kind of happening; `details` are all keys it may carry, `personal` those whose values can be erased."""

    name: str
    words: str
    details: frozenset[str] = field(default_factory=frozenset)
    personal: frozenset[str] = field(default_factory=frozenset)


def _event(name: str, words: str, *details: str, personal: tuple[str, ...] = ()) -> Event:
    return Event(name, words, frozenset(details) | frozenset(personal), frozenset(personal))


# What every change of a case may say of it, once changed.
_CASE = ("version", "verdict", "rulebook")
_SAVE = (*_CASE, "section", "step", "status")
_MOVE = (*_CASE, "status_from", "status_to", "snapshot")
_DECISION = (*_MOVE, "rank", "acting", "exclusions", "authorisation")

_ALL = (
    # The record
    _event("case.started", "started the case", *_CASE, "crime_report"),
    _event("case.copied", "started the case from {copied_from}", *_CASE, "crime_report", "copied_from"),
    _event("case.answers_saved", "saved[ {section}]", *_SAVE),
    _event("case.row_added", "added {row}[ to {section}]", *_SAVE, "row"),
    _event("case.row_changed", "changed {row}[ in {section}]", *_SAVE, "row"),
    _event("case.row_removed", "removed {row}[ from {section}]", *_SAVE, "row"),
    _event("case.verdict_changed", "changed what the rules say[ from {verdict_before}][ to {verdict}]",
           *_CASE, "verdict_before", "because"),
    # Its moves
    _event("case.submitted", "submitted the case[: {verdict}]", *_MOVE),
    _event("case.withdrawn", "withdrew the case", *_MOVE),
    _event("case.not_used", "recorded that a Community Resolution was not used", *_MOVE),
    _event("case.reopened", "reopened the case", *_MOVE),
    _event("case.returned", "returned the case with a question", *_MOVE),
    _event("case.authority_granted", "granted authority[ as {rank}]", *_DECISION),
    _event("case.authority_refused", "refused authority[ as {rank}]", *_DECISION),
    _event("case.suitable", "found the case suitable", *_DECISION),
    _event("case.unsuitable", "found the case unsuitable", *_DECISION),
    _event("case.issued", "issued the Community Resolution", *_MOVE, "signed", personal=("signatures",)),
    _event("case.sent_back", "sent the case back: the rules now say {verdict}[, before {verdict_before}]",
           *_MOVE, "verdict_before", "because"),
    _event("case.reassigned", "reassigned the case[ from {from_name}][ to {to_name}]",
           *_CASE, "from_officer", "from_name", "to_officer", "to_name"),
    _event("case.completed", "recorded that every agreed action is done", *_MOVE, "actions"),
    _event("case.not_complied", "recorded that the agreed actions were not complied with",
           *_MOVE, "actions", "follows"),
    _event("case.complied_late", "recorded that the agreed actions were done late", *_MOVE, "actions"),
    _event("case.rescinded", "rescinded the Community Resolution", *_MOVE, "rank"),
    # Looking for one
    _event("case.searched", "searched for cases[ by {by}][: {found} found]",
           "by", "found", "references", personal=("terms",)),
    # Officers
    _event("officer.added", "added {officer}", "officer", "command"),
    _event("officer.changed", "changed {officer}", "officer", "command"),
    _event("officer.signed_in", "signed in[ by {method}]", "method"),
    _event("officer.signed_out", "signed out[ ({because})]", "because"),
    _event("officer.sign_in_failed", "failed to sign in[ as {sign_in_name}]", "because", personal=("sign_in_name",)),
    _event("officer.locked_out", "was locked out[ as {sign_in_name}][ for {minutes} minutes]",
           "minutes", personal=("sign_in_name",)),
    _event("officer.password_changed", "changed the password", "command"),
    # Reference
    _event("reference.loaded", "loaded {table}[: {added} added][, {changed} changed]",
           "table", "file_digest", "added", "changed", "unchanged", "withdrawn"),
    _event("offences.loaded", "loaded offence types[ for {force}][: {added} added][, {changed} changed]",
           "force", "file_digest", "added", "changed", "unchanged", "withdrawn"),
    _event("offence.withdrawn", "withdrew offence type {code}[ from {withdrawn_on}]", "code", "force", "withdrawn_on"),
    # The door
    _event("access.refused", "was refused[ {page}]"),
)  # fmt: skip

EVENTS: Mapping[str, Event] = {event.name: event for event in _ALL}
