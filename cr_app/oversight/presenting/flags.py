"""Red flags in words: what was found, why that is a flag, and what to look at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from cr_app.accounts.models import Officer
from cr_app.oversight.access import Standing
from cr_app.oversight.models import Flag, FlagReview, Rule
from cr_app.oversight.queries.flags import FlagPage, Place, SinceGrant, records_of
from cr_app.pages.moments import counted, moment

WITHHELD = "Restricted record: details withheld"
_ELSEWHERE = "Record of another force: details withheld"
_ASK = "It was referred to professional standards: ask their desk to look into this flag."
_ASK_ELSEWHERE = "The record is not one of your force's: tell the desk of professional standards about this flag."
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
            "Had the officer read or returned it before? Then little may have been left to read.",
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
        "Opening many records in a short time can be a day's work, or somebody collecting them. Trying references can be too.",
        (
            "Was it an export? Then its purpose and its recipient are in the trail.",
            "Is there a duty that explains it, such as a hand-over or a review?",
            "Do the reasons given differ, or is one reason used for all?",
            "Have the records something in common: an address, a name, an event?",
        ),
    ),
    Rule.VICTIM_NOT_TOLD: Meaning(
        "A victim is asked for their view before a Community Resolution is given. Here that is not on the record.",
        (
            "Is there a reason why the victim was not asked, and is it a good one?",
            "Was the victim consulted afterwards?",
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
    parts = [f"{words[name]} {name}" for name in ("exported", "refused") if words.get(name)]
    among = f" ({' and '.join(parts)})" if parts else ""
    opened = "opened or tried" if words.get("refused") else "opened"
    return f"{records} were {opened} within {within}{among}; up to {settings.TRAIL_LOOKS_AN_HOUR} an hour are usual."


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
    """One flag as the list shows it; of a restricted record nothing but its reference and the time, of another not even that."""

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
    standings: Mapping[str, Standing],
    counts: Mapping[str, tuple[int, int]],
    chosen: Mapping[str, str],
    before: Place | None,
    to_look_through: int,
) -> dict[str, Any]:
    """Return what the list shows; `standings` say of which records no more than reference and time may be told."""
    address = reverse("red_flags")
    following = {**chosen, "before": found.following.text} if found.following else None
    return {
        "title": "Red flags",
        "lines": [
            _line(flag, officers, found.reviewed, standings)
            for flag in found.flags
            if _is_open(flag, standings) or not chosen
        ],
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
        "left_out": bool(chosen),
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


def _is_open(flag: Flag, standings: Mapping[str, Standing]) -> bool:
    return not flag.subject or standings.get(flag.subject) is Standing.OPEN


def _veil(flag: Flag, standings: Mapping[str, Standing]) -> tuple[str, str]:
    """Return what stands for a flag whose record is not open: a title, and the reference where it may be told."""
    if standings.get(flag.subject) is Standing.WITHHELD:
        return WITHHELD, flag.subject.partition(":")[2]
    return _ELSEWHERE, ""


def _line(
    flag: Flag, officers: Mapping[str, Officer], reviewed: frozenset[int], standings: Mapping[str, Standing]
) -> FlagLine:
    is_veiled = not _is_open(flag, standings)
    title, record = (
        _veil(flag, standings) if is_veiled else (str(Rule(flag.rule).label), flag.subject.partition(":")[2])
    )
    return FlagLine(
        url=reverse("red_flag", args=[flag.pk]),
        title=title,
        who="" if is_veiled else _named(officers, flag.actor_key),
        when=moment(flag.at),
        sentence="" if is_veiled else sentence_of(flag),
        record=record,
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
    standings: Mapping[str, Standing],
    since: SinceGrant | None = None,
    opened: int = 0,
) -> dict[str, Any]:
    """Return what the page of one flag shows; `since` and `opened` are what the trail tells of it now."""
    is_closed = not _is_open(flag, standings)
    shared = {"back_url": reverse("red_flags"), "back_label": "Red flags", "is_closed": is_closed}
    if is_closed:
        title, told = _veil(flag, standings)
        rows = [{"key": "Record", "value": told}] if told else []
        rows.append({"key": "When", "value": moment(flag.at)})
        return shared | {"title": title, "rows": rows, "ask": _ASK if told else _ASK_ELSEWHERE}
    reference = flag.subject.partition(":")[2]
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
        "links": _links(flag, officers, standings),
        "not_listed": _not_listed(flag, standings),
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
        f"In the hour before and the hour after, {counted(opened, 'different record')} were opened or tried."
        if opened
        else ""
    )


def _open_records(flag: Flag, standings: Mapping[str, Standing]) -> list[str]:
    return [subject for subject in records_of(flag) if standings.get(subject) is Standing.OPEN]


def _not_listed(flag: Flag, standings: Mapping[str, Standing]) -> str:
    """Say how many records of a flag are not named, whatever it is that closes them."""
    number = len(records_of(flag)) - len(_open_records(flag, standings))
    return (
        f"{counted(number, 'more record')} of this flag {'is' if number == 1 else 'are'} not open to you."
        if number
        else ""
    )


def _links(flag: Flag, officers: Mapping[str, Officer], standings: Mapping[str, Standing]) -> list[dict[str, str]]:
    """Return where to look next: each open case's history, which asks why, and what the officers did."""
    references = [subject.partition(":")[2] for subject in _open_records(flag, standings)]
    links = [
        {"text": f"History of case {reference}", "url": reverse("case_history", args=[reference])}
        for reference in references
    ]
    for key in dict.fromkeys([flag.actor_key, str(flag.words.get("asked_by", ""))]):
        if key in officers:
            links.append({"text": f"What {officers[key].title} did", "url": reverse("trail_officer", args=[int(key)])})
    return links


def named_on(
    flags: Sequence[Flag],
    officers: Mapping[str, Officer],
    standings: Mapping[str, Standing],
    *,
    whole: bool = False,
) -> list[str]:
    """Return the records and officers that a page with these flags names, each once, for the access that it leaves.

    `whole` where the page shows all that there is of a flag, and so every record of a pair.
    """
    shown: dict[str, None] = {}
    for flag in flags:
        if standings.get(flag.subject) is Standing.WITHHELD:
            shown[flag.subject] = None
        if not _is_open(flag, standings):
            continue
        shown.update(dict.fromkeys(_open_records(flag, standings) if whole else [flag.subject]))
        for key in (flag.actor_key, str(flag.words.get("asked_by", ""))):
            if key in officers:
                shown[officers[key].subject] = None
    return [subject for subject in shown if subject]
