"""What the page of a case says of what came after its issue, and what remains to be done."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.roles import Right, Sight
from cr_app.cases.lifecycle import AFTER_ISSUE, FOLLOWED, Move, Status, may
from cr_app.cases.models import Case, Correction, Document, Offender, Rescission, SigningRefusal, Victim
from cr_app.cases.presenting.calendar import TOLD_OF
from cr_app.cases.presenting.contacts import contacts_page
from cr_app.cases.presenting.progress import action_cards, follows_of, may_record
from cr_app.cases.queries import ActionStanding, Record, Standing, signing_refusals_of
from cr_app.cases.queries.afterwards import documents_listed
from cr_app.cases.queries.names import name_now
from cr_app.cases.queries.telling import still_to_tell
from cr_app.cases.questions import AFTERWARDS
from cr_app.pages.moments import counted, moment, written

# Pages of what follows, in the order of the list beside a case: the words, and the name of the address.
READ_BY_ALL = (
    ("Documents", "case_documents"),
    ("Agreed actions, and what came of them", "case_progress"),
    ("Contact with the victims and the offender", "case_contacts"),
)


@dataclass(frozen=True)
class Names:
    """What was put right of the names of a case.

    Of the offender, of the victims by their keys, of each answer by its key and row; and of whole names in other text,
    but for a name that two people of the case bear: nobody could tell whose it is there.
    """

    offender: str = ""
    victims: Mapping[int, str] = field(default_factory=dict)
    answers: Mapping[tuple[str, int | None], str] = field(default_factory=dict)
    whole: Mapping[str, str] = field(default_factory=dict)

    def beside(self, answer: Mapping[str, Any]) -> str:
        """Return an answer as it was given, with the correction of its name below it."""
        value = str(answer["answer"])
        corrected = self.answers.get((answer["key"], answer.get("item"))) or self.answers.get((answer["key"], None))
        lines = [f"Corrected to: {corrected}"] if corrected else []
        if not corrected:
            lines = [f"Corrected name: {new}" for old, new in self.whole.items() if _names(value, old)]
        return "\n".join([value, *lines])

    def title(self, section: Mapping[str, Any]) -> str:
        """Return the heading of a section, that of a victim with the name as it stands beside it."""
        text = str(section["title"])
        about = {answer.get("item") for answer in section["answers"] if answer["key"].startswith("victim.")}
        corrected = [new for victim, new in self.victims.items() if victim in about]
        return f"{text}, corrected to {corrected[0]}" if corrected else text


def _names(text: str, name: str) -> bool:
    """Tell whether a text has this name in it, not as a part of longer words."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def names_of(record: Record, corrections: Sequence[Correction]) -> Names:
    """Return what was put right; nothing where nothing was."""
    if not corrections:
        return Names()
    answers: dict[tuple[str, int | None], str] = {}
    for correction in corrections:
        row = "offender" if correction.victim_id is None else "victim"
        answers[(f"{row}.{correction.column}", correction.victim_id)] = correction.new
    people: list[Offender | Victim] = [record.offender, *record.victims]
    corrected = [(person, now) for person in people if (now := name_now(person, corrections)) != person.name]
    bearers = Counter(person.name for person in people)
    return Names(
        offender=next((now for person, now in corrected if isinstance(person, Offender)), ""),
        victims={person.pk: now for person, now in corrected if isinstance(person, Victim)},
        answers=answers,
        whole={person.name: now for person, now in corrected if person.name and bearers[person.name] == 1},
    )


def afterwards_of(case: Case, sight: Sight, *, at: datetime) -> dict[str, Any]:
    """Return the cards of what followed the issue of a case, and what remains; of one not issued who would not sign."""
    if case.status_now not in AFTER_ISSUE:
        refusals = signing_refusals_of(case) if case.submitted_at is not None else ()
        remains = _not_signed(case, refusals) if sight.may(Right.ISSUE) and case.status_now is Status.READY else ()
        return {"refusals": _refusals(refusals), "names": Names(), "remains": remains}
    record, on = Record(case), timezone.localdate(at)
    rescission = record.rescission
    return {
        "refusals": _refusals(signing_refusals_of(case)),
        "names": names_of(record, record.corrections),
        "rescission": _rescission(rescission) if rescission else [],
        "corrections": [_correction(each, record.corrections) for each in record.corrections],
        "actions": action_cards(record, may_record=may_record(case, sight), on=on),
        "follows": follows_of(case) if case.status_now is Status.NOT_COMPLIED else {},
        "people": contacts_page(case, may_record=False, record=record)["people"],
        "documents": _documents(case, documents_listed(case), record.corrections),
        "remains": remaining(record, on=on),
    }


def follow_up_deeds(case: Case, sight: Sight) -> Iterable[tuple[str, str]]:
    """Yield the words and the name of the address of all that may be opened or done after issue, in order.

    Before it, of a case that is ready, the documents may be read as they would be.
    """
    if case.status_now is Status.READY:
        yield "Its documents as they would be", "case_documents_preview"
    if case.status_now not in AFTER_ISSUE:
        return
    yield from READ_BY_ALL
    if sight.may(Right.FOLLOW_UP):
        yield "Correct a misspelt name", "case_correct"
    if sight.may(Right.RESCIND) and may(case.status_now, Move.RESCIND):
        yield "Rescind it", "case_rescind"


def remaining(record: Record, *, on: date) -> tuple[str, ...]:
    """Return in sentences what remains to be done of a case that was issued: actions, then who is to be told of what."""
    status, telling = record.case.status_now, still_to_tell(record)
    found = _actions_remaining(record.standings, on=on) if status in FOLLOWED else []
    if status is Status.ISSUED and not record.standings:
        found.append("Nothing was agreed that is still to be done.")
    for of, words in TOLD_OF.items():
        untold = [each.victim for each in telling if of in each.of]
        if untold:
            found.append(f"{_who(untold, victims=len(record.victims))} still to be told {words}.")
    return tuple(found)


def _actions_remaining(standings: Sequence[ActionStanding], *, on: date) -> list[str]:
    """Return how many of the agreed actions are still to be done and by when, after how many were not complied with."""
    still_open = [each for each in standings if each.standing is Standing.OPEN]
    not_complied = sum(each.standing is Standing.NOT_COMPLIED for each in standings)
    of_all = "" if len(standings) == 1 else f" of {counted(len(standings), 'agreed action')}"
    found = []
    if not_complied:
        which = f"{not_complied}{of_all}" if of_all else "The agreed action"
        found.append(f"{which} {'was' if not_complied == 1 else 'were'} not complied with.")
    if still_open:
        number = len(still_open)
        which = (
            "The agreed action"
            if not of_all
            else f"{number}{of_all}"
            if number < len(standings)
            else f"{number} agreed actions"
        )
        overdue = [each.due_on for each in still_open if each.is_overdue(on)]
        coming = [each.due_on for each in still_open if not each.is_overdue(on)]
        dates = [f"overdue since {written(min(overdue))}"] if overdue else []
        dates += [f"{'the next ' if of_all else ''}due on {written(min(coming))}"] if coming else []
        found.append(f"{which} {'is' if number == 1 else 'are'} still to be done: {', '.join(dates)}.")
    return found


def _who(untold: Sequence[int | None], *, victims: int) -> str:
    """Return who is still to be told, and the verb: The victim is, 2 of 3 victims are, The offender and 1 of 2 victims are."""
    harmed = [each for each in untold if each is not None]
    who = ["the offender"] if None in untold else []
    if harmed:
        who.append("the victim" if victims == 1 else f"{len(harmed)} of {victims} victims")
    said = " and ".join(who)
    return f"{said[0].upper()}{said[1:]} {'is' if len(untold) == 1 else 'are'}"


def _not_signed(case: Case, refusals: Iterable[SigningRefusal]) -> tuple[str, ...]:
    """Return who would not sign last, and what may be done; nothing where nobody refused what is submitted now."""
    since = [each for each in refusals if case.submitted_at is not None and each.at >= case.submitted_at]
    if not since:
        return ()
    last = since[-1]
    who = AFTERWARDS["signing_refusal.role"].text_of(last.role)
    return (
        f"{who} would not sign on {moment(last.at)}. Talk again and issue it, or record that it was considered and not used.",
    )


def _refusals(refusals: Iterable[SigningRefusal]) -> list[dict[str, str]]:
    role = AFTERWARDS["signing_refusal.role"]
    return [
        {
            "key": f"{role.text_of(each.role)} would not sign",
            "value": f"{each.said}\n{moment(each.at)}, {each.by.title}",
        }
        for each in refusals
    ]


def _rescission(rescission: Rescission) -> list[dict[str, str]]:
    held = "substantive" if rescission.is_substantive else "acting"
    return [
        {"key": "By", "value": f"{rescission.rank} ({held}) {rescission.by.warrant_number} {rescission.by.name}"},
        {"key": "When", "value": moment(rescission.at)},
        {"key": "Reasons", "value": rescission.reason},
    ]


def _correction(correction: Correction, corrections: Sequence[Correction]) -> dict[str, str]:
    column = AFTERWARDS["correction.column"].text_of(correction.column)
    whose = "Offender" if correction.victim is None else name_now(correction.victim, corrections)
    return {
        "key": f"{whose}: {column[0].lower()}{column[1:]}",
        "value": f"Was: {correction.old}\nNow is: {correction.new}\nWhy: {correction.reason}\n{moment(correction.at)}, "
        f"{correction.by.title}",
    }


def _document_title(document: Document, corrections: Sequence[Correction]) -> str:
    """Return what a document is, and for whom, by the name as it stands: Letter to the victim, Noor Haddad."""
    kind = AFTERWARDS["document.kind"].text_of(document.kind)
    return f"{kind}, {name_now(document.victim, corrections)}" if document.victim else kind


def _documents(case: Case, documents: Sequence[Document], corrections: Sequence[Correction]) -> list[dict[str, Any]]:
    """Return one row for each document and language, its versions the newest first."""
    versions: dict[tuple[str, int | None, str], list[Document]] = {}
    for document in documents:
        versions.setdefault((document.kind, document.victim_id, document.language), []).append(document)
    language = AFTERWARDS["document.language"]
    return [
        {
            "key": _document_title(found[-1], corrections),
            "language": language.text_of(found[-1].language),
            "versions": [
                {
                    "url": reverse("case_document", args=[case.reference, each.pk]),
                    "version": each.version,
                    "made": moment(each.made_at),
                    "by": each.made_by.title,
                }
                for each in reversed(found)
            ],
        }
        for found in versions.values()
    ]
