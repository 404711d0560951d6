"""Red flags in words: what was found, why that is a flag, and what to look at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from cr_app.accounts.models import Officer
from cr_app.oversight.models import Flag, FlagReview, Rule
from cr_app.oversight.queries.flags import FlagPage, Place, SinceGrant
from cr_app.pages.moments import counted, moment

WITHHELD = "Restricted record: details withheld"
_UNKNOWN = "An officer whose account is not there"


@dataclass(frozen=True)
class Meaning:
    """Why a rule raises a flag, and what to look at before one thinks anything of it."""

    why: str
    look_at: tuple[str, ...]


MEANINGS: Mapping[str, Meaning] = {
    Rule.QUICK_GRANT: Meaning(
        "Whoever authorises an exception reads the case first. Less than a minute is hardly enough for that.",
        (
            "Were the reasons written for this case, or could they stand under any?",
            "Had the officers talked it over before it was asked for? Then the reasons should say so.",
            "Does the same officer often decide this fast?",
        ),
    ),
    Rule.EDITED_AFTER_GRANT: Meaning(
        "Authority covers the case as it was read. A change takes it away, so the case has to be decided again.",
        (
            "What was changed: something small, or what the decision rested on?",
            "Was the case granted again before it was issued, and by whom?",
            "Did the officer take the case back straight after it was granted?",
        ),
    ),
    Rule.SAME_PAIR: Meaning(
        "A second person decides so that somebody looks afresh. Where the same two always agree, that may have become a habit.",
        (
            "Was anybody else on duty who could have decided?",
            "Are the reasons different from case to case?",
            "Is there a good cause, such as a small unit, or an absence that one officer covers?",
        ),
    ),
    Rule.OWN_RECORD: Meaning(
        "Nobody looks up a case about themselves or their family. The same family name may be chance.",
        (
            "Is it the same family? A common name proves nothing: ask the officer.",
            "What reason was given for the look, and does it fit the officer's work?",
            "Was the case changed, printed or exported after it was opened?",
        ),
    ),
    Rule.UNUSUAL_VOLUME: Meaning(
        "Opening many records in a short time can be a day's work, or somebody collecting them.",
        (
            "Is there a duty that explains it, such as a hand-over or a review?",
            "Do the reasons given differ, or is one reason used for all?",
            "Have the records something in common: an address, a name, an event?",
        ),
    ),
    Rule.VICTIM_NOT_TOLD: Meaning(
        "A victim is asked for their view before a Community Resolution is given. Here that is not on the record.",
        (
            "Is there a reason why the victim was not asked, and is it a good one?",
            "Was the victim told afterwards?",
            "Does the same officer leave victims out in other cases?",
        ),
    ),
}


def sentence_of(flag: Flag) -> str:
    """Return what was found as one sentence that names nobody."""
    return _SENTENCES[flag.rule](flag.words)


def _quick_grant(words: Mapping[str, Any]) -> str:
    if words["seconds"] is None:
        return "Authority was granted, and no look at the request is in the trail before it."
    after = counted(words["seconds"], "second") if words["seconds"] else "less than a second"
    return f"Authority was granted {after} after the request was first opened."


def _edited(words: Mapping[str, Any]) -> str:
    what = "authority was granted" if words["event"] == "case.authority_granted" else "it was found suitable"
    return f"The case was changed after {what}."


def _pair(words: Mapping[str, Any]) -> str:
    times, days = counted(words["times"], "request"), counted(words["days"], "day")
    return f"{times} of one officer were granted by the same other officer within {days}, and none was refused or returned."


def _own_record(words: Mapping[str, Any]) -> str:
    looked = "tried to open" if words["refused"] else "opened"
    case = "a case that they recorded or hold themselves, and" if words["own_work"] else "a case"
    if words["is_party"]:
        return f"The officer {looked} {case} in which their own warrant number is given for a party."
    return f"The officer {looked} {case} in which somebody has the same family name."


def _volume(words: Mapping[str, Any]) -> str:
    records, within = counted(words["records"], "different record"), counted(words["minutes"], "minute")
    return f"{records} were opened within {within}; up to {settings.TRAIL_LOOKS_AN_HOUR} an hour are usual."


def _victims(words: Mapping[str, Any]) -> str:
    not_told, no_answer = words["not_told"], words["no_answer"]
    parts = []
    if not_told:
        parts.append(f"{counted(not_told, 'victim')} {'was' if not_told == 1 else 'were'} not consulted")
    if no_answer:
        parts.append(f"of {counted(no_answer, 'victim')} it is not known")
    return f"The case was issued although {' and '.join(parts)}."


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    Rule.QUICK_GRANT: _quick_grant,
    Rule.EDITED_AFTER_GRANT: _edited,
    Rule.SAME_PAIR: _pair,
    Rule.OWN_RECORD: _own_record,
    Rule.UNUSUAL_VOLUME: _volume,
    Rule.VICTIM_NOT_TOLD: _victims,
}


@dataclass(frozen=True)
class FlagLine:
    """One flag as the list shows it; of a restricted record nothing but its reference and the time."""

    url: str
    title: str
    who: str
    when: str
    sentence: str
    record: str
    is_reviewed: bool
    is_veiled: bool


def flags_page(
    found: FlagPage,
    officers: Mapping[str, Officer],
    *,
    closed: frozenset[str],
    counts: Mapping[str, tuple[int, int]],
    chosen: Mapping[str, str],
    before: Place | None,
    to_look_through: int,
) -> dict[str, Any]:
    """Return what the list shows; `closed` are the records of which no more than reference and time may be told."""
    address = reverse("red_flags")
    following = {**chosen, "before": found.following.text} if found.following else None
    return {
        "title": "Red flags",
        "lines": [_line(flag, officers, found.reviewed, closed) for flag in found.flags],
        "rules": [
            {
                "label": Rule(rule).label,
                "all": total,
                "left": left,
                "url": f"{address}?{urlencode({'rule': rule})}",
                "is_chosen": chosen.get("rule") == rule,
            }
            for rule, (total, left) in counts.items()
        ],
        "is_narrowed": bool(chosen),
        "left_out": bool(closed) and bool(chosen),
        "clear_url": address,
        "next_url": f"{address}?{urlencode(following)}" if following else "",
        "first_url": f"{address}?{urlencode(chosen)}" if before else "",
        "empty": "No flag fits what you chose. Show all to see the others." if chosen else "Nothing stands out.",
        "behind": _behind(to_look_through),
    }


def _behind(leaves: int) -> str:
    """Say how much of the trail was not looked through; a minute's worth goes without saying."""
    if leaves < 1000:
        return ""
    return f"{leaves} rows of the sealed trail have not been looked through yet. Flags in them come later."


def _line(flag: Flag, officers: Mapping[str, Officer], reviewed: frozenset[int], closed: frozenset[str]) -> FlagLine:
    is_veiled = flag.subject in closed
    return FlagLine(
        url=reverse("red_flag", args=[flag.pk]),
        title=WITHHELD if is_veiled else Rule(flag.rule).label,
        who="" if is_veiled else _named(officers, flag.actor_key),
        when=moment(flag.at),
        sentence="" if is_veiled else sentence_of(flag),
        record=flag.subject.partition(":")[2],
        is_reviewed=flag.pk in reviewed,
        is_veiled=is_veiled,
    )


def _named(officers: Mapping[str, Officer], key: str) -> str:
    return officers[key].title if key in officers else _UNKNOWN


def flag_page(
    flag: Flag,
    officers: Mapping[str, Officer],
    reviews: Sequence[FlagReview],
    *,
    is_closed: bool,
    since: SinceGrant | None = None,
    opened: int = 0,
) -> dict[str, Any]:
    """Return what the page of one flag shows; `since` and `opened` are what the trail tells of it now."""
    shared = {"back_url": reverse("red_flags"), "back_label": "Red flags", "is_closed": is_closed}
    reference = flag.subject.partition(":")[2]
    if is_closed:
        rows = [{"key": "Record", "value": reference}, {"key": "When", "value": moment(flag.at)}]
        return shared | {"title": WITHHELD, "rows": rows}
    meaning = MEANINGS[flag.rule]
    is_pair = flag.rule == Rule.SAME_PAIR
    rows = [{"key": "Granted by" if is_pair else "Officer", "value": _named(officers, flag.actor_key)}]
    if asked_by := str(flag.words.get("asked_by", "")):
        rows.append({"key": "Asked by", "value": _named(officers, asked_by)})
    rows += [{"key": "Case", "value": reference}] if reference and not is_pair else []
    rows += [{"key": "When", "value": moment(flag.at)}, {"key": "Found", "value": moment(flag.found_at)}]
    return shared | {
        "title": Rule(flag.rule).label,
        "sentence": sentence_of(flag),
        "more": _more(since, opened),
        "rows": rows,
        "why": meaning.why,
        "look_at": meaning.look_at,
        "links": _links(flag, officers),
        "reviews": [
            {"who": review.reviewed_by.title, "when": moment(review.reviewed_at), "note": review.note}
            for review in reviews
        ],
    }


def _more(since: SinceGrant | None, opened: int) -> str:
    if since is not None:
        times = f"It was saved {counted(since.saves, 'time')} before the next decision. " if since.saves else ""
        again = (
            f"It was given again on {moment(since.given_again_at)}"
            if since.given_again_at
            else "It was not given again"
        )
        issued = f", and the case was issued on {moment(since.issued_at)}" if since.issued_at else ""
        return f"{times}{again}{issued}."
    return (
        f"In the hour before and the hour after, {counted(opened, 'different record')} were opened." if opened else ""
    )


def _links(flag: Flag, officers: Mapping[str, Officer]) -> list[dict[str, str]]:
    """Return where to look next: each case's history, which asks why, and what the officers did."""
    subjects = flag.words.get("records", [flag.subject]) if flag.rule == Rule.SAME_PAIR else [flag.subject]
    references = [subject.partition(":")[2] for subject in subjects if subject]
    links = [
        {"text": f"History of case {reference}", "url": reverse("case_history", args=[reference])}
        for reference in references
    ]
    for key in dict.fromkeys([flag.actor_key, str(flag.words.get("asked_by", ""))]):
        if key in officers:
            links.append({"text": f"What {officers[key].title} did", "url": reverse("trail_officer", args=[int(key)])})
    return links


def subjects_shown(flags: Sequence[Flag], officers: Mapping[str, Officer], *, closed: frozenset[str]) -> list[str]:
    """Return the records and officers that a page with these flags names, each once, for the access that it leaves."""
    shown: dict[str, None] = {}
    for flag in flags:
        if flag.subject in closed:
            continue
        # Other rules count records there; a pair names them.
        records = flag.words.get("records", []) if flag.rule == Rule.SAME_PAIR else []
        shown.update(dict.fromkeys([flag.subject, *records]))
        for key in (flag.actor_key, str(flag.words.get("asked_by", ""))):
            if key in officers:
                shown[officers[key].subject] = None
    return [subject for subject in shown if subject]
