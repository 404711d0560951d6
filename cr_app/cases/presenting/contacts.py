"""The page of contacts in words: who was tried and told, and who still has to be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from cr_app.cases.forms.contacts import OFFENDER
from cr_app.cases.models import Case, Contact, Offender, Victim
from cr_app.cases.queries import Record, corrections_of
from cr_app.cases.queries.names import name_now
from cr_app.cases.queries.telling import (
    CORRECTION,
    DECISION,
    NOTHING,
    RESCISSION,
    StillToTell,
    still_to_tell,
    tried_to_tell,
)
from cr_app.cases.questions import AFTERWARDS
from cr_app.pages.moments import moment

_NOT_TOLD = {
    DECISION: "of the decision",
    CORRECTION: "that the name was corrected",
    RESCISSION: "that it was rescinded",
}


@dataclass(frozen=True)
class AttemptLine:
    """One attempt in words."""

    what: str
    told: str
    note: str
    who: str
    when: str


@dataclass(frozen=True)
class PersonTried:
    """A victim or the offender: the name as it stands, what they are in the case, how to reach them, and every attempt."""

    name: str
    part: str
    reached_at: str
    is_told: bool
    standing: str
    attempts: tuple[AttemptLine, ...]


def people_to_contact(case: Case) -> dict[str, str]:
    """Return whom the officer may have tried, by the key that a form sends: every victim, then the offender."""
    record, corrections = Record(case), corrections_of(case)
    parties = _parties(record)
    return {_key(person): f"{name_now(person, corrections)} ({_part(person, parties)})" for person in parties}


def contacts_page(case: Case, *, may_record: bool, record: Record | None = None) -> dict[str, Any]:
    """Return what the page of contacts shows; how to reach somebody only to whoever may record that they tried."""
    record = record or Record(case)
    corrections, contacts = record.corrections, record.contacts
    parties = _parties(record)
    to_tell = {each.victim: each for each in still_to_tell(record)}
    people = []
    for person in parties:
        victim = person.pk if isinstance(person, Victim) else None
        own = tuple(contact for contact in contacts if contact.victim_id == victim)
        of = to_tell[victim].of if victim in to_tell else ()
        people.append(
            PersonTried(
                name=name_now(person, corrections),
                part=_part(person, parties).capitalize(),
                reached_at=_reached_at(person) if may_record else "",
                is_told=not of,
                standing=_standing(person, own, of),
                attempts=tuple(_line(contact) for contact in own),
            )
        )
    return {
        "case": case,
        "title": "Contact with the victims and the offender" if len(parties) > 1 else "Contact with the offender",
        "people": people,
        "to_tell": [
            _sentence(name_now(person, corrections), record, to_tell[_pk(person)])
            for person in parties
            if _pk(person) in to_tell
        ],
        "has_victims": len(parties) > 1,
        "back_url": reverse("case", args=[case.reference]),
    }


def _parties(record: Record) -> tuple[Offender | Victim, ...]:
    victims = () if record.case.has_no_victim else record.victims
    return (*victims, record.offender)


def _pk(person: Offender | Victim) -> int | None:
    return person.pk if isinstance(person, Victim) else None


def _key(person: Offender | Victim) -> str:
    return str(person.pk) if isinstance(person, Victim) else OFFENDER


def _part(person: Offender | Victim, parties: Sequence[Offender | Victim]) -> str:
    if isinstance(person, Offender):
        return "offender"
    number = len(parties) - 1
    return "victim" if number == 1 else f"victim {parties.index(person) + 1} of {number}"


def _reached_at(person: Offender | Victim) -> str:
    if isinstance(person, Victim):
        return person.contact or ""
    return ", ".join(part for part in (person.phone, person.email, person.address, person.postcode) if part)


def _standing(person: Offender | Victim, own: Sequence[Contact], of: Sequence[str]) -> str:
    """Say how it stands with one of them: not told yet of what, told of what and when, or nothing at all."""
    if of:
        return f"Not told yet {_joined(of)}."
    told = [contact for contact in own if contact.told != NOTHING]
    if not told:
        return "Told of the decision on signing." if isinstance(person, Offender) else ""
    return " ".join(f"Told {_NOT_TOLD[contact.told]} on {moment(contact.happened_at)}." for contact in told)


def _sentence(name: str, record: Record, still: StillToTell) -> str:
    """Say in one sentence who has not been told of what, and in another how often somebody tried."""
    words = f"{name} has not been told {_joined(still.of)}."
    rescinded_at = record.rescission.at if record.rescission else None
    tried = tried_to_tell(still, record.contacts, record.corrections, rescinded_at=rescinded_at)
    if not tried:
        return f"{words} Nobody has tried yet."
    last = tried[-1]
    times = "once" if len(tried) == 1 else f"{len(tried)} times"
    came = AFTERWARDS["contact.result"].text_of(last.result).lower()
    return f"{words} Tried {times}, last on {moment(last.happened_at)}: {came}."


def _joined(of: Sequence[str]) -> str:
    return ", nor ".join(_NOT_TOLD[each] for each in of)


def _line(contact: Contact) -> AttemptLine:
    how = AFTERWARDS["contact.how"].text_of(contact.how)
    told = AFTERWARDS["contact.told"].text_of(contact.told)
    return AttemptLine(
        what=f"{how}: {AFTERWARDS['contact.result'].text_of(contact.result).lower()}",
        told="" if contact.told == NOTHING else f"Told: {told[0].lower()}{told[1:]}",
        note=contact.note,
        who=contact.by.title,
        when=moment(contact.happened_at),
    )
