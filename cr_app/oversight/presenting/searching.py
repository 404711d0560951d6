"""What a search of the trail found, in words: no personal value, and of a restricted record its time and reference alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from cr_app.accounts.models import Officer
from cr_app.audit.queries import LookLine, TimelineLine
from cr_app.audit.searching import FoundEntry, FoundLook, Place, is_out_of_hours
from cr_app.cases.presenting.timeline import page_title, sentence_of, without_code_names
from cr_app.oversight.access import Standing
from cr_app.oversight.actions.officers import MOST_NAMESAKES
from cr_app.oversight.actions.searching import LOOKS, MOST_NAMED, Results, Sought
from cr_app.oversight.forms.events import event_in_words
from cr_app.oversight.forms.searching import OUTCOMES, STANDING_OUT
from cr_app.pages.moments import exact, written

_WITHHELD = "Restricted record: details withheld"
_LEFT_OUT = (
    "Restricted records that are closed to you are left out here: being found would tell what happened to them, or who "
    "did it. A search by reference or dates alone tells when something happened to one."
)
_LISTS_LEFT_OUT = (
    "This record is restricted and closed to you. Lists that showed it among others are left out here: they would tell "
    "who looked at it."
)
_NOT_SEARCHED_FOR = {
    Standing.NOT_THERE: "No case of your force has this reference. Check it and enter it again",
    Standing.UNKNOWN: "No case of your force has this reference. Check it and enter it again",
    Standing.OWN: "Enter another reference: this is a case of your own, so another reviewer looks at it",
}
_KINDS = {
    "collection": "collected",
    "alteration": "changed",
    "consultation": "looked at",
    "disclosure": "disclosed",
    "combination": "combined",
    "erasure": "erased",
}
_NOT_OPEN = "not of your force, or no case"


@dataclass(frozen=True)
class Tag:
    """A word or two in colour."""

    text: str
    colour: str


@dataclass(frozen=True)
class Named:
    """A record as a line names it; `url` leads to its history through the door, "" where it opens to nobody here."""

    words: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class ResultLine:
    """One happening or look; `who` and `who_url` are "" where that is withheld."""

    when: str
    iso: str
    who: str
    who_url: str
    what: str
    tags: tuple[Tag, ...]
    records: tuple[Named, ...]
    others: str
    note: str
    why: str = ""


def several_officers(found: Sequence[Officer]) -> str:
    """Say that a name is nobody's of the force, or several officers'."""
    if not found:
        return "Enter the warrant number or name of an officer of your force: nobody has this one"
    titles = ", ".join(officer.title for officer in found[:MOST_NAMESAKES])
    others = " and others" if len(found) > MOST_NAMESAKES else ""
    return f"Enter the warrant number of one officer. This may be {titles}{others}"


def not_searched_for(standing: Standing) -> str:
    """Say why a case that stands so to a reviewer is not searched for; "" where it is."""
    return _NOT_SEARCHED_FOR.get(standing, "")


def found_page(token: UUID, results: Results, *, at_key: bool) -> dict[str, Any]:
    """Return what the page of a search shows; `at_key` where it is not the first."""
    sought, officer = results.sought, results.officer
    lines = lines_of(results)
    return {
        "title": "Looks at records" if sought.what == LOOKS else "Things done or refused",
        "back_url": reverse("trail"),
        "terms": terms_of(sought, officer),
        "change_url": f"{reverse('trail')}?{urlencode({'search': str(token)})}",
        "activity_url": reverse("trail_officer", args=[officer.pk]) if officer else "",
        "activity_of": officer.title if officer else "",
        "lines": lines,
        "empty": "No more were found."
        if at_key
        else "Nothing was found. Check what you searched for, or search wider.",
        "left_out": _LEFT_OUT if results.leaves_out else _LISTS_LEFT_OUT if results.leaves_lists else "",
    } | pages_of(reverse("trail_found", args=[token]), {}, results, at_key=at_key)


def pages_of(address: str, query: dict[str, str], results: Results, *, at_key: bool) -> dict[str, str]:
    """Return the links to newer, older and, from any page that is not the first, the newest lines; "" for none."""

    def link(name: str, place: Place | None) -> str:
        return f"{address}?{urlencode({**query, name: str(place)})}" if place else ""

    newest = f"{address}?{urlencode(query)}" if query else address
    return {
        "newer_url": link("after", results.newer),
        "older_url": link("before", results.older),
        "newest_url": newest if results.newer or at_key else "",
    }


def terms_of(sought: Sought, officer: Officer | None) -> list[tuple[str, str]]:
    """Return what was searched for, as a list of name and value."""
    terms = [
        ("Case", sought.reference),
        ("Officer", officer.title if officer else ""),
        ("Event", event_in_words(sought.event) if sought.event else ""),
        ("From", written(sought.since) if sought.since else ""),
        ("Until", written(sought.until) if sought.until else ""),
        ("Outcome", OUTCOMES.get(sought.outcome, "")),
        ("What stands out", "; ".join(words for name, words in STANDING_OUT.items() if getattr(sought, name))),
    ]
    return [(name, value) for name, value in terms if value]


def lines_of(results: Results) -> tuple[ResultLine, ...]:
    """Return every line of a page of results."""
    return (
        *(_entry_line(entry, results) for entry in results.entries),
        *(_look_line(look, results) for look in results.looks),
    )


def _entry_line(found: FoundEntry, results: Results) -> ResultLine:
    line = found.line
    record = _named(found.subject, results)
    if results.standings.get(found.subject) is Standing.WITHHELD:
        return _withheld(line.at, [record])
    said = sentence_of(line) if found.subject.startswith("case:") else without_code_names(line)
    return ResultLine(
        when=exact(line.at),
        iso=line.at.isoformat(),
        who=line.actor,
        who_url=_page_of(line, results),
        what=said.removeprefix(line.actor).strip(),
        tags=_tags(line),
        records=(record,) if record.words else (),
        others="",
        note=_number(line),
    )


def _look_line(found: FoundLook, results: Results) -> ResultLine:
    line = found.line
    records = [_named(subject, results) for subject in found.subjects[:MOST_NAMED]]
    others = len(found.subjects) - len(records)
    more = f"and {others} other{'s' if others > 1 else ''}" if others else ""
    if any(results.standings.get(subject) is Standing.WITHHELD for subject in found.subjects):
        return _withheld(line.at, records, more)
    done = "was refused" if line.outcome == "refused" else _KINDS.get(line.kind, line.kind)
    number = f"{len(found.subjects)} records" if len(found.subjects) > 1 else "a record" if found.subjects else "a list"
    return ResultLine(
        when=exact(line.at),
        iso=line.at.isoformat(),
        who=line.actor,
        who_url=_page_of(line, results),
        what=f"{done} {number}.",
        tags=_tags(line),
        records=tuple(records),
        others=more,
        note=_number(line),
        why=f"{page_title(line.page)}. {_why(line)}",
    )


def _number(line: TimelineLine | LookLine) -> str:
    return f"warrant number {line.warrant_number}" if line.warrant_number else ""


def _why(line: LookLine) -> str:
    """Say how the look was justified; what was written stands in the history of the record alone."""
    if line.outcome == "refused":
        return "It was not shown."
    return "Own work or duty." if line.implied else "A reason was given: it is in the history of the case."


def _withheld(at: datetime, records: Sequence[Named], others: str = "") -> ResultLine:
    tag = Tag("Restricted", "purple")
    return ResultLine(exact(at), at.isoformat(), "", "", _WITHHELD, (tag,), tuple(records), others, "")


def _tags(line: TimelineLine | LookLine) -> tuple[Tag, ...]:
    tags = [Tag("Refused", "red")] if line.outcome == "refused" else []
    return (*tags, Tag("Out of hours", "blue")) if is_out_of_hours(line.at) else tuple(tags)


def _page_of(line: TimelineLine | LookLine, results: Results) -> str:
    """Return the address of what an officer of the reviewer's force did; "" for anybody else, and for whom all is about."""
    if results.officer is not None and line.actor_key == str(results.officer.pk):
        return ""
    if not line.actor_key or not results.colleagues.holds(line.actor_key):
        return ""
    return reverse("trail_officer", args=[line.actor_key])


def _named(subject: str, results: Results) -> Named:
    kind, _, name = subject.partition(":")
    if kind != "case":
        return Named(f"{kind.replace('_', ' ').capitalize()} {name}" if name else "")
    standing = results.standings.get(subject)
    if standing is Standing.OPEN:
        return Named(f"Case {name}", reverse("case_history", args=[name]))
    return Named(f"Case {name}", note=_NOT_OPEN if standing is Standing.UNKNOWN else "")
