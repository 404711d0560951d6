"""Make the documents of a case that was issued: frozen as text, each with a version and a digest; none is ever changed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, TypeAlias

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Right
from cr_app.cases import access
from cr_app.cases.actions.changes import Changes
from cr_app.cases.documents.composing import Told, compose, kinds_for, told_of
from cr_app.cases.documents.sheets import Language, digest_of
from cr_app.cases.models import Case, Document, Victim
from cr_app.cases.queries import documents_of
from cr_app.pages.refusals import NotAllowed

Because: TypeAlias = Literal["issued", "asked", "corrected", "rescinded"]

# To whom a kind is handed; the crime report is police's own and is kept in English alone.
OFFENDERS = frozenset({Document.OFFENDER_COPY, Document.OFFENDER_NOTICE})
VICTIMS = frozenset({Document.VICTIM_LETTER, Document.VICTIM_NOTICE})
NOTICES = frozenset({Document.OFFENDER_NOTICE, Document.VICTIM_NOTICE})
ENGLISH: Language = "en"
WELSH: Language = "cy"
_LANGUAGE: dict[str, Language] = {"en": ENGLISH, "cy": WELSH}

# What is made: the kind, for which victim, in which language.
_Wanted: TypeAlias = tuple[str, Victim | None, Language]


def add_documents(changes: Changes, *, because: Because, language: str = ENGLISH) -> tuple[Document, ...]:
    """Add the documents that follow from issuing, correcting or rescinding to the changes of that action, before its entry.

    "issued": every kind the case has, in English; the offender's copy in `language` too, which was read out. "corrected":
    the next version of every document there is, in its language, but of a case that was rescinded of the notices and the
    entry alone. "rescinded": the notices, in each language in which whoever gets them already has a document. Their rows
    are in the entry that the caller records.
    """
    told = told_of(changes.case)
    kept = documents_of(changes.case)
    if because == "corrected":
        wanted = _made_before(told, kept)
    elif because == "rescinded":
        wanted = _notices(told, kept)
    else:
        wanted = _of_an_issue(told, _LANGUAGE[language])
    return _add(changes, wanted, told=told, kept=kept, because=because)


def make_document(reference: str, *, by: Officer, kind: str, victim: int | None, language: str) -> Document:
    """Make one document of a case in a language in which there is none yet, and return it; the one there is, where there is.

    Raises NotAllowed where the case was not issued, has no such document, or it is not made in that language; and for a
    new copy or letter of what was taken back, which nobody may take for what still holds.
    """
    at = timezone.now()
    with transaction.atomic():
        case = _lock_issued(reference, by=by)
        told = told_of(case)
        kept = documents_of(case)
        found = {(a_kind, _key(someone)): someone for a_kind, someone in kinds_for(told)}
        found |= {(document.kind, document.victim_id): document.victim for document in kept}
        if (kind, victim) not in found or not may_be_in(kind, language):
            raise NotAllowed("This case has no such document. Choose one from the list.", subject=case.subject)
        there = _newest(kept, kind, victim, language)
        if there is not None:
            return there
        if not may_be_made(told, kind):
            raise NotAllowed(
                "This Community Resolution was rescinded: no new copy and no new letter of it is made. Make the notice "
                "that it was rescinded in that language instead.",
                subject=case.subject,
            )
        changes = Changes(case, by=by, at=at)
        wanted = [(kind, found[kind, victim], _LANGUAGE[language])]
        (made,) = _add(changes, wanted, told=told, kept=kept, because="asked")
        _record(changes, (made,))
    return made


def make_missing(reference: str, *, by: Officer) -> tuple[Document, ...]:
    """Make in English what an issued case should have and has in no language, as one issued before documents were kept.

    Returns what was made: nothing where nothing was missing. Raises NotAllowed where the case was not issued.
    """
    at = timezone.now()
    with transaction.atomic():
        case = _lock_issued(reference, by=by)
        told = told_of(case)
        kept = documents_of(case)
        wanted = [(kind, victim, ENGLISH) for kind, victim in missing_kinds(told, kept)]
        if not wanted:
            return ()
        changes = Changes(case, by=by, at=at)
        made = _add(changes, wanted, told=told, kept=kept, because="asked")
        _record(changes, made)
    return made


def missing_kinds(told: Told, kept: Iterable[Document]) -> tuple[tuple[str, Victim | None], ...]:
    """Return what the case should have and has in no language, in its order: what may still be made of it."""
    there = {(document.kind, document.victim_id) for document in kept}
    return tuple(
        (kind, victim)
        for kind, victim in kinds_for(told)
        if (kind, _key(victim)) not in there and may_be_made(told, kind)
    )


def may_be_in(kind: str, language: str) -> bool:
    """Tell whether a document of this kind is made in this language: what police alone read is in English."""
    return language == ENGLISH or (language == WELSH and kind in OFFENDERS | VICTIMS)


def may_be_made(told: Told, kind: str) -> bool:
    """Tell whether a new document of this kind may be made: once rescinded no copy and no letter, which say that it holds."""
    return told.rescission is None or kind in NOTICES or kind == Document.CRIME_REPORT_ENTRY


def _lock_issued(reference: str, *, by: Officer) -> Case:
    case = access.lock_case(by, reference, Right.FOLLOW_UP)
    if case.issued_at is None:
        raise NotAllowed(
            f"This case is {case.status_now.phrase}: its documents are made when it is issued.", subject=case.subject
        )
    return case


def _of_an_issue(told: Told, language: Language) -> list[_Wanted]:
    wanted: list[_Wanted] = []
    for kind, victim in kinds_for(told):
        wanted.append((kind, victim, ENGLISH))
        if kind in OFFENDERS and language != ENGLISH:
            wanted.append((kind, victim, language))
    return wanted


def _made_before(told: Told, kept: Iterable[Document]) -> list[_Wanted]:
    found = {
        (document.kind, document.victim_id, document.language): (
            document.kind,
            document.victim,
            _LANGUAGE[document.language],
        )
        for document in kept
        if may_be_made(told, document.kind)
    }
    return list(found.values())


def _notices(told: Told, kept: tuple[Document, ...]) -> list[_Wanted]:
    """Return the notices of a rescission, for each in the languages of what they have; in English where they have nothing."""
    wanted: list[_Wanted] = []
    for kind, victim in kinds_for(told):
        if kind not in NOTICES:
            continue
        same = OFFENDERS if kind in OFFENDERS else VICTIMS
        theirs = dict.fromkeys(
            document.language for document in kept if document.kind in same and document.victim_id == _key(victim)
        )
        wanted += [(kind, victim, _LANGUAGE[language]) for language in theirs or (ENGLISH,)]
    return wanted


def _add(
    changes: Changes, wanted: Iterable[_Wanted], *, told: Told, kept: tuple[Document, ...], because: Because
) -> tuple[Document, ...]:
    made = []
    for kind, victim, language in wanted:
        before = _newest(kept, kind, _key(victim), language)
        version = before.version + 1 if before else 1
        document = _document(changes, told, kind, victim, language, version=version, because=because, at=changes.at)
        changes.create(document)
        made.append(document)
    return tuple(made)


def _document(
    changes: Changes,
    told: Told,
    kind: str,
    victim: Victim | None,
    language: Language,
    *,
    version: int,
    because: Because,
    at: datetime,
) -> Document:
    content = compose(kind, told, language=language, victim=victim, version=version, at=at).content()
    return Document(
        case=changes.case,
        kind=kind,
        victim=victim,
        language=language,
        version=version,
        content=content,
        digest=digest_of(content),
        made_at=at,
        made_by=changes.by,
        because=because,
    )


def _newest(kept: Iterable[Document], kind: str, victim: int | None, language: str) -> Document | None:
    found = [
        document
        for document in kept
        if (document.kind, document.victim_id, document.language) == (kind, victim, language)
    ]
    return max(found, key=lambda document: document.version, default=None)


def _record(changes: Changes, made: tuple[Document, ...]) -> None:
    changes.record(
        "case.documents_made",
        details={
            "document": ", ".join(dict.fromkeys(_WORDS[document.kind] for document in made)),
            "language": ", ".join(dict.fromkeys(document.language for document in made)),
            "because": "asked",
        },
    )


_WORDS = {
    Document.OFFENDER_COPY: "the offender's copy",
    Document.VICTIM_LETTER: "the victim's letter",
    Document.CRIME_REPORT_ENTRY: "the entry for the crime report",
    Document.OFFENDER_NOTICE: "the offender's notice",
    Document.VICTIM_NOTICE: "the victim's notice",
}


def _key(victim: Victim | None) -> int | None:
    return victim.pk if victim else None
