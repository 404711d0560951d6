"""The calendar of the desk: what of issued cases is overdue, due and still to be told, for an officer and for a unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Role
from cr_app.cases.queries.follow_up import (
    MOST,
    SOON_DAYS,
    Counts,
    Found,
    OpenAction,
    Scope,
    Untold,
    When,
    counts_by_officer,
    open_actions_read,
    overdue_count,
    to_follow_up,
    untold_read,
    when_due,
)
from cr_app.cases.queries.telling import CORRECTION, DECISION, RESCISSION
from cr_app.pages.moments import counted, written
from cr_app.policy.rulebook import NoRulebook, rulebook_named

UNTOLD = "untold"
# So many of each list on the page of all, and on a page of one.
SHOWN, ON_A_PAGE = 10, 50
SECTIONS: dict[str, str] = {
    When.OVERDUE: "Overdue",
    When.TODAY: "Due today",
    When.SOON: f"Due in the next {SOON_DAYS} days",
    When.LATER: "Due later",
    UNTOLD: "Not told yet",
}
EMPTY: dict[str, str] = {
    When.OVERDUE: "No agreed action is overdue.",
    When.TODAY: "No agreed action is due today.",
    When.SOON: f"No agreed action is due in the next {SOON_DAYS} days.",
    When.LATER: "No agreed action is due later.",
    UNTOLD: "Nobody is still to be told of anything.",
}
TOLD_OF = {DECISION: "of the decision", CORRECTION: "that a name was corrected", RESCISSION: "of the rescission"}
_COLOURS = {When.OVERDUE: "red", When.TODAY: "orange", When.SOON: "yellow", When.LATER: "grey"}


@dataclass(frozen=True)
class FollowLine:
    """One thing to follow up as a list shows it; nothing of a victim but their place."""

    reference: str
    url: str
    offender: str
    tag: str
    colour: str
    what: str
    note: str
    crime_report_reference: str
    officer: str


@dataclass(frozen=True)
class Section:
    """One list of the calendar: its lines by officer, how many there are in all, and where all of them stand."""

    key: str
    title: str
    total: int
    groups: tuple[tuple[str, tuple[FollowLine, ...]], ...]
    empty: str
    more_url: str = ""

    @property
    def shown(self) -> int:
        """Return how many lines are shown."""
        return sum(len(lines) for _, lines in self.groups)


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a unit, one of its officers, one list alone, and which page of it."""

    is_unit: bool = False
    of: int | None = None
    only: str = ""
    page: int = 1

    def query(self, **but: object) -> str:
        """Return the address that asks for the same, `but` for this."""
        asked = {"of": "unit" if self.is_unit else "", "officer": self.of or "", "only": self.only} | but
        kept = {name: value for name, value in asked.items() if value}
        address = reverse("follow_up")
        return f"{address}?{urlencode(kept)}" if kept else address


def calendar_page(officer: Officer, asked: Asked, *, at: datetime, most: int = MOST) -> dict[str, Any]:
    """Return what the calendar shows, and under `references` the cases that it names."""
    today = timezone.localdate(at)
    found = to_follow_up(Scope(officer, is_unit=asked.is_unit), most=most)
    counts = counts_by_officer(found, on=today)
    keys = _keys(found.of(asked.of), on=today)
    totals = {key: len(of_list) for key, of_list in keys.items()}
    sections, page_obj = [], None
    for key in SECTIONS:
        if asked.only and key != asked.only:
            continue
        lines, page = _lines(keys[key], key, asked, today=today)
        page_obj = page or page_obj
        more = asked.query(only=key) if totals[key] > SHOWN and not asked.only else ""
        groups = _grouped(lines, [each.name for each in counts] if asked.is_unit else [])
        sections.append(Section(key, SECTIONS[key], totals[key], groups, EMPTY[key], more))
    may_choose = officer.has_role(Role.SERGEANT)
    return {
        "title": "Follow-up",
        "tabs": [
            {"title": "My cases", "url": reverse("follow_up"), "is_current": not asked.is_unit},
            {"title": officer.unit.name, "url": Asked(is_unit=True).query(), "is_current": asked.is_unit},
        ]
        if may_choose
        else [],
        "sections": sections,
        "most": most if found.is_cut else 0,
        "is_empty": not any(totals.values()),
        "officers": _officers(counts, asked) if asked.is_unit else [],
        "is_narrowed": asked.of is not None,
        "all_url": asked.query(only="", officer=""),
        "back_to_all_url": asked.query(only="") if asked.only else "",
        "page_obj": page_obj,
        "page_pattern": f"?{asked.query().partition('?')[2]}&page=",
        "references": sorted({line.reference for each in sections for _, lines in each.groups for line in lines}),
    }


def _keys(found: Found, *, on: date) -> dict[str, tuple[int, ...]]:
    """Return the keys of what each list is of."""
    return {when: found.actions(when, on=on) for when in When} | {UNTOLD: found.cases}


def _lines(
    keys: Sequence[int], key: str, asked: Asked, *, today: date
) -> tuple[Sequence[FollowLine], Page[Any] | None]:
    """Return the lines of one list, and their page where that list stands alone; nothing is read where nothing is."""
    page = Paginator(keys, ON_A_PAGE).get_page(asked.page) if asked.only and keys else None
    return _read(key, list(page) if page else keys[:SHOWN], today=today), page


def _read(key: str, keys: Sequence[int], *, today: date) -> list[FollowLine]:
    if key == UNTOLD:
        return [untold_line(each) for each in untold_read(keys)]
    return due_lines(open_actions_read(keys), today=today)


def _grouped(lines: Sequence[FollowLine], officers: Sequence[str]) -> tuple[tuple[str, tuple[FollowLine, ...]], ...]:
    """Return lines by officer, in the order that these officers are given in; as one group where none is given."""
    if not officers:
        return (("", tuple(lines)),) if lines else ()
    found = ((officer, tuple(line for line in lines if line.officer == officer)) for officer in officers)
    return tuple((officer, theirs) for officer, theirs in found if theirs)


def _officers(counts: Sequence[Counts], asked: Asked) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "url": asked.query(officer=each.officer, only=""),
            "is_chosen": each.officer == asked.of,
            "numbers": [*(each.due[when] for when in When), each.untold],
        }
        for each in counts
    ]


@dataclass(frozen=True)
class DeskList:
    """One list of what is to be followed up, as the desk shows it: the first lines of it, and where all stand."""

    title: str
    lines: tuple[FollowLine, ...]
    empty: str
    is_cut: bool
    more_url: str


def desk_lists(officer: Officer, *, on: date) -> tuple[DeskList, ...]:
    """Return what of an officer's own cases is overdue, due soon, and still to be told."""
    found = to_follow_up(Scope(officer))
    overdue, soon = found.actions(When.OVERDUE, on=on), found.actions(When.TODAY, When.SOON, on=on)
    shown = open_actions_read((*overdue[:SHOWN], *soon[:SHOWN]))
    late = [action for action in shown if when_due(action.due_on, on=on) is When.OVERDUE]
    coming = [action for action in shown if action not in late]
    lists = (
        (When.OVERDUE, Asked(only=When.OVERDUE), len(overdue), due_lines(late, today=on)),
        (When.SOON, Asked(), len(soon), due_lines(coming, today=on)),
        (
            UNTOLD,
            Asked(only=UNTOLD),
            len(found.cases),
            [untold_line(each) for each in untold_read(found.cases[:SHOWN])],
        ),
    )
    return tuple(
        DeskList(SECTIONS[key], tuple(lines), EMPTY[key], total > SHOWN, asked.query())
        for key, asked, total, lines in lists
    )


def overdue_in_unit(officer: Officer, *, on: date) -> dict[str, Any]:
    """Return how many agreed actions are overdue in a sergeant's unit, and where they are listed."""
    total = overdue_count(Scope(officer, is_unit=True), on=on)
    return {"total": total, "unit": officer.unit.name, "url": Asked(is_unit=True, only=When.OVERDUE).query()}


def due_lines(actions: Sequence[OpenAction], *, today: date) -> list[FollowLine]:
    """Return open actions as lines: by its number and its remedy, as what is undertaken may name a victim.

    A remedy is called as in the rulebook that its case was decided under.
    """
    return [_due_line(action, today=today) for action in actions]


def _due_line(action: OpenAction, *, today: date) -> FollowLine:
    title = _remedies(action.case.rulebook or "").get(action.remedy, action.remedy.replace("-", " ").capitalize())
    amount = f", £{action.amount:,.2f}" if action.amount is not None else ""
    notes = []
    if action.due_on != action.first_due_on:
        notes.append(f"Agreed for {written(action.first_due_on)}, changed to {written(action.due_on)}.")
    if action.is_partly_done:
        notes.append("Partly done.")
    tag, colour = due_tag(action.due_on, today=today)
    return _line(
        action,
        "case_progress",
        tag=tag,
        colour=colour,
        what=f"{action.number}. {title}{amount}: due {written(action.due_on)}",
        notes=notes,
    )


def _remedies(rulebook: str) -> dict[str, str]:
    """Return the remedies of a rulebook by their codes; none where it is not here: one case hides no list of others."""
    try:
        return {remedy.code: remedy.title for remedy in rulebook_named(rulebook).remedy_actions}
    except NoRulebook:
        return {}


def due_tag(due_on: date, *, today: date) -> tuple[str, str]:
    """Return how far off a day is, in words, and the colour for it."""
    days = (due_on - today).days
    if days < 0:
        return f"{counted(-days, 'day')} overdue", _COLOURS[When.OVERDUE]
    if days == 0:
        return "Due today", _COLOURS[When.TODAY]
    if days == 1:
        return "Due tomorrow", _COLOURS[When.SOON]
    return f"Due in {counted(days, 'day')}", _COLOURS[When.SOON if days <= SOON_DAYS else When.LATER]


def untold_line(untold: Untold) -> FollowLine:
    """Return a case of which somebody was not told yet as a line."""
    issued = untold.case.issued_at
    since = f". Issued {written(timezone.localdate(issued))}" if issued else ""
    if untold.last_tried_at is None:
        notes = []
    else:
        last = written(timezone.localdate(untold.last_tried_at))
        notes = [f"{counted(untold.tried, 'attempt')} in vain, the last one on {last}."]
    return _line(
        untold,
        "case_contacts",
        tag="Not told",
        colour="orange",
        what=f"{who_is_untold(untold)}{since}",
        notes=notes,
    )


def who_is_untold(untold: Untold) -> str:
    """Return who was not told of what, by their places: Victims 1 and 3 of 3 not told of the decision."""
    found = []
    for of, words in TOLD_OF.items():
        keys = [each.victim for each in untold.waiting if of in each.of]
        if keys:
            found.append(f"{_who(keys, untold.victims)} not told {words}")
    said = "; ".join(found)
    return f"{said[:1].upper()}{said[1:]}"


def _who(keys: Sequence[int | None], victims: Sequence[int]) -> str:
    """Return these people, the offender by no key: the victim, victims 1 and 3 of 3, the victim and the offender."""
    places = [str(victims.index(key) + 1) for key in keys if key is not None]
    who = ["the offender"] if None in keys else []
    if places:
        *others, last = places
        listed = f"{', '.join(others)} and {last}" if others else last
        which = f"victim{'s' if others else ''} {listed} of {len(victims)}"
        who.insert(0, "the victim" if len(victims) == 1 else which)
    return " and ".join(who)


def _line(
    found: OpenAction | Untold, page: str, *, tag: str, colour: str, what: str, notes: Sequence[str]
) -> FollowLine:
    case, issued_as = found.case, found.case.offender.name
    return FollowLine(
        reference=case.reference,
        url=reverse(page, args=[case.reference]),
        offender=f"{found.corrected}, issued as {issued_as}" if found.corrected else issued_as,
        tag=tag,
        colour=colour,
        what=what,
        note=" ".join(notes),
        crime_report_reference=case.crime_report_reference,
        officer=case.officer.title,
    )
