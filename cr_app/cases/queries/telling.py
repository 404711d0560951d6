"""Who of a case that was issued still has to be told of what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cr_app.cases.models import Contact, Correction
from cr_app.cases.queries.records import Record

NOTHING, DECISION, CORRECTION, RESCISSION = "nothing", "decision", "correction", "rescission"
# What settles that somebody is to be told of something: the notice of a rescission has the names as they stand.
SETTLES = {
    DECISION: (DECISION, RESCISSION),
    CORRECTION: (CORRECTION, RESCISSION),
    RESCISSION: (RESCISSION,),
}
A_MINUTE = timedelta(minutes=1)


def to_the_minute(at: datetime) -> datetime:
    """Return the minute in which something happened: by the minute officers say when they told somebody."""
    return at.replace(second=0, microsecond=0)


def is_since(told_at: datetime, at: datetime) -> bool:
    """Tell whether somebody was told after this, or in the same minute."""
    return told_at > at - A_MINUTE


@dataclass(frozen=True)
class StillToTell:
    """Somebody who does not know yet: a victim, or the offender where `victim` is None; and of what."""

    victim: int | None
    of: tuple[str, ...]


def still_to_tell(record: Record) -> tuple[StillToTell, ...]:
    """Return who of a case that was issued is still to be told of what: victims in their order, then the offender."""
    return who_is_to_be_told(
        [victim.pk for victim in record.victims],
        record.contacts,
        record.corrections,
        is_rescinded=record.rescission is not None,
    )


def who_is_to_be_told(
    victims: Iterable[int], contacts: Iterable[Contact], corrections: Iterable[Correction], *, is_rescinded: bool
) -> tuple[StillToTell, ...]:
    """Return who of these victims, by key, and of a case with the offender is still to be told of what, in that order.

    Every victim is told of the decision, whoever's name was corrected of that, and both parties of a rescission. The
    offender was told of the decision on signing. Whoever was told of the rescission needs no more to be told of what no
    longer counts, nor of a name that was put right before.
    """
    contacts, corrections = tuple(contacts), tuple(corrections)
    found = []
    for victim in (*victims, None):
        told = [contact for contact in contacts if contact.victim_id == victim]
        of = [DECISION] if victim is not None and all(each.told not in SETTLES[DECISION] for each in told) else []
        corrected = [correction.at for correction in corrections if correction.victim_id == victim]
        if corrected and not any(
            each.told in SETTLES[CORRECTION] and is_since(each.happened_at, corrected[-1]) for each in told
        ):
            of.append(CORRECTION)
        if is_rescinded and all(each.told != RESCISSION for each in told):
            of.append(RESCISSION)
        if of:
            found.append(StillToTell(victim, tuple(of)))
    return tuple(found)


def tried_to_tell(
    still: StillToTell, contacts: Iterable[Contact], corrections: Iterable[Correction], *, rescinded_at: datetime | None
) -> tuple[Contact, ...]:
    """Return who tried in vain to tell somebody of what they do not know yet, oldest first: since the earliest came up.

    The decision came up at issue. What was tried before, for something they know, is not counted. Rows are given oldest
    first.
    """
    corrected = [correction.at for correction in corrections if correction.victim_id == still.victim]
    came_up = {CORRECTION: corrected[-1] if corrected else None, RESCISSION: rescinded_at}
    starts = [came_up.get(each) for each in still.of]
    first = None if None in starts else min(start for start in starts if start)
    return tuple(
        contact
        for contact in contacts
        if contact.victim_id == still.victim
        and contact.told == NOTHING
        and (first is None or is_since(contact.happened_at, first))
    )
