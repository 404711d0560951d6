"""Red flags: what stands out of the trail, why it does, and what to look at. Pure.

A flag accuses nobody. Each rule takes what was kept of a happening, and returns what was found with the figures that its
sentence needs: no name, no value that was typed. Records and officers are named as the trail names them.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

QUICK_GRANT = "quick_grant"
EDITED_AFTER_GRANT = "edited_after_grant"
SAME_PAIR = "same_pair"
OWN_RECORD = "own_record"
UNUSUAL_VOLUME = "unusual_volume"
VICTIM_NOT_TOLD = "victim_not_told"

QUICK = timedelta(seconds=60)
PAIR_GRANTS = 5
PAIR_WITHIN = timedelta(days=90)
VOLUME_WITHIN = timedelta(hours=1)

GIVEN = frozenset({"case.authority_granted", "case.suitable"})
# What an officer decides; anything but a grant between two officers breaks their row.
DECIDED = GIVEN | {"case.authority_refused", "case.unsuitable", "case.returned"}
SAVED = frozenset({"case.answers_saved", "case.row_added", "case.row_changed", "case.row_removed"})
# Of a case already submitted again, what changed by itself is found on submitting, and voids as well.
VOIDING = SAVED | {"case.submitted"}
ISSUED = "case.issued"
DECIDING_PAGE = "authority review"
# Opened by whoever was asked to decide: the case came to the officer, not the officer to the case.
ROUTED_PAGES = frozenset({DECIDING_PAGE, "authority", "authority interest"})
_BETWEEN_PARTS = re.compile(r"[\s\-\u2010-\u2015]+")
# Parts that many unrelated names share; shorter ones are left out for the same reason.
_PARTICLES = frozenset({"van", "von", "der", "den", "del", "des", "dos", "bin", "ibn", "ter", "ten", "the"})
_SHORTEST_PART = 3


@dataclass(frozen=True)
class Found:
    """One thing that stands out; `key` says what, so that it is found once, and `words` fill its sentence."""

    rule: str
    key: str
    at: datetime
    actor_key: str
    subject: str = ""
    entry_id: int | None = None
    access_id: int | None = None
    words: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Given:
    """Authority granted, or suitability found: by whom, for whom, since when it was asked."""

    entry_id: int
    at: datetime
    actor_key: str
    subject: str
    event: str
    asked_by: str
    asked_at: datetime


@dataclass(frozen=True)
class Decided:
    """What one officer decided for another, a grant or not."""

    entry_id: int
    at: datetime
    actor_key: str
    asked_by: str
    subject: str
    is_given: bool


@dataclass(frozen=True)
class Party:
    """What is known of the people in a case to tell whether an officer is one, or may be related to one.

    `family_names` are as `names_compared` gives them.
    """

    numbers: frozenset[str]
    family_names: frozenset[str]
    own_work_of: frozenset[str]


@dataclass(frozen=True)
class Opened:
    """One record opened in one look, handed out in an export, or refused at its door."""

    at: datetime
    subject: str
    access_id: int
    was_refused: bool = False
    was_exported: bool = False


def names_compared(family_name: str) -> frozenset[str]:
    """Return what a family name is compared by: the whole and each part, without case, accents, apostrophes and hyphens.

    So Smith-Jones, Smith Jones and Smith are one family's; a part such as "van" is nobody's.
    """
    parts = {_plain(part) for part in _BETWEEN_PARTS.split(family_name)}
    telling = {part for part in parts if len(part) >= _SHORTEST_PART and part not in _PARTICLES}
    return frozenset({_plain(family_name), *telling}) - {""}


def _plain(name: str) -> str:
    signs = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in signs if sign.isalnum())


def quick_grant(given: Given, looks: Iterable[datetime]) -> Found | None:
    """Find a grant within a minute of the officer's first look since it was asked, or without any look kept."""
    since = [at for at in looks if given.asked_at <= at <= given.at]
    taken = given.at - min(since) if since else None
    if taken is not None and taken > QUICK:
        return None
    return Found(
        rule=QUICK_GRANT,
        key=str(given.entry_id),
        at=given.at,
        actor_key=given.actor_key,
        subject=given.subject,
        entry_id=given.entry_id,
        words={"seconds": None if taken is None else int(taken.total_seconds()), "asked_by": given.asked_by},
    )


def edited_after_grant(
    entry_id: int, at: datetime, actor_key: str, subject: str, *, voids: bool, decisions: Sequence[tuple[int, str]]
) -> Found | None:
    """Find a case changed after it was granted: what was given is void by it, or authority stands and it was saved.

    `decisions` are the ids and events of what was decided on the case. After *suitable* an officer goes on with a case
    that was referred early, which changes nothing that was read then: only what voids it counts.
    """
    before = [(pk, event) for pk, event in decisions if pk < entry_id]
    if not before:
        return None
    given_in, event = max(before)
    if event not in GIVEN or not (voids or event == "case.authority_granted"):
        return None
    return Found(
        rule=EDITED_AFTER_GRANT,
        key=f"{subject} {given_in}",
        at=at,
        actor_key=actor_key,
        subject=subject,
        entry_id=entry_id,
        words={"given_in": given_in, "event": event},
    )


def same_pair(decided: Sequence[Decided], *, flagged: Collection[int]) -> list[Found]:
    """Find five grants of one officer for another within ninety days with nothing else decided between, and each five more.

    `decided` is all that was decided between the two, oldest first; `flagged` are the entries that were found before.
    """
    found: list[Found] = []
    row: list[Decided] = []
    for each in decided:
        if not each.is_given:
            row = []
            continue
        row = [earlier for earlier in row if each.at - earlier.at <= PAIR_WITHIN]
        row.append(each)
        if each.entry_id in flagged or len(row) >= PAIR_GRANTS:
            found.append(_pair(each, row))
            row = []
    return found


def _pair(last: Decided, row: Sequence[Decided]) -> Found:
    return Found(
        rule=SAME_PAIR,
        key=f"{last.asked_by} {last.actor_key} {last.entry_id}",
        at=last.at,
        actor_key=last.actor_key,
        subject=last.subject,
        entry_id=last.entry_id,
        words={
            "asked_by": last.asked_by,
            "times": len(row),
            "days": (last.at - row[0].at).days + 1,
            "records": [each.subject for each in row],
        },
    )


def own_record(
    access_id: int,
    at: datetime,
    actor_key: str,
    subject: str,
    *,
    number: str,
    family_name: str,
    party: Party,
    was_refused: bool,
    was_routed: bool = False,
) -> Found | None:
    """Find a look at a case in which the officer is a party, or somebody has the same family name.

    A name counts only where the officer went to the case: not in own work, nor where the officer was asked to decide.
    One flag for an officer and a case, and another where the number is given later.
    """
    is_party, own_work = number in party.numbers, actor_key in party.own_work_of
    if not is_party and (own_work or was_routed or not names_compared(family_name) & party.family_names):
        return None
    return Found(
        rule=OWN_RECORD,
        key=f"{actor_key} {subject} {'party' if is_party else 'name'}",
        at=at,
        actor_key=actor_key,
        subject=subject,
        access_id=access_id,
        words={"is_party": is_party, "own_work": own_work, "refused": was_refused},
    )


def unusual_volume(actor_key: str, opened: Sequence[Opened], *, most: int, flagged: Iterable[datetime]) -> list[Found]:
    """Find more than `most` different records opened by one officer within an hour, or tried; one flag in an hour.

    `opened` is oldest first, the records of one export together; `flagged` are the times at which that was found before.
    """
    known = list(flagged)
    found: list[Found] = []
    within: list[Opened] = []
    for access_id, together in groupby(opened, key=lambda each: each.access_id):
        within += together
        at = within[-1].at
        within = [each for each in within if at - each.at < VOLUME_WITHIN]
        records = {each.subject for each in within}
        if len(records) <= most or any(abs(at - each) < VOLUME_WITHIN for each in known):
            continue
        known.append(at)
        found.append(
            Found(
                rule=UNUSUAL_VOLUME,
                key=f"{actor_key} {access_id}",
                at=at,
                actor_key=actor_key,
                access_id=access_id,
                words=_volume(at, within),
            )
        )
    return found


def _volume(at: datetime, within: Sequence[Opened]) -> dict[str, object]:
    records = {each.subject for each in within}
    shown = {each.subject for each in within if not each.was_refused}
    return {
        "records": len(records),
        "refused": len(records - shown),
        "exported": len({each.subject for each in within if each.was_exported}),
        "minutes": max(1, round((at - within[0].at).total_seconds() / 60)),
    }


def victim_not_told(
    entry_id: int, at: datetime, actor_key: str, subject: str, *, consulted: Sequence[bool | None]
) -> Found | None:
    """Find a case issued though a victim was not consulted, or nobody said whether one was; `consulted` has an answer for each."""
    missing = [answer for answer in consulted if answer is not True]
    if not missing:
        return None
    return Found(
        rule=VICTIM_NOT_TOLD,
        key=subject,
        at=at,
        actor_key=actor_key,
        subject=subject,
        entry_id=entry_id,
        words={"not_told": missing.count(False), "no_answer": missing.count(None), "victims": len(consulted)},
    )
