"""The documents of a case: the list with every version, one of them to read or print, and all before issue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.roles import Right, Sight
from cr_app.cases.actions.documents import ENGLISH, NOTICES, WELSH, may_be_in, may_be_made, missing_kinds
from cr_app.cases.documents.composing import Told, compose, kinds_for, told_of
from cr_app.cases.documents.pdf import cannot_be_printed, digest_line
from cr_app.cases.documents.sheets import Language, Sheet, read_sheet
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case, Document, Victim
from cr_app.cases.queries.afterwards import documents_listed
from cr_app.pages.moments import moment, written

LARGE = "large"
LANGUAGES: dict[str, Language] = {"en": ENGLISH, "cy": WELSH}
LANGUAGE_WORDS = {ENGLISH: "English", WELSH: "Welsh"}
_KINDS = {
    Document.OFFENDER_COPY: "Offender's copy",
    Document.VICTIM_LETTER: "Letter",
    Document.CRIME_REPORT_ENTRY: "Entry for the crime report",
    Document.OFFENDER_NOTICE: "Notice that it was rescinded",
    Document.VICTIM_NOTICE: "Notice that it was rescinded",
}
_BECAUSE = {
    "issued": "when the Community Resolution was issued",
    "asked": "because an officer asked for it",
    "corrected": "after a correction",
    "rescinded": "when the Community Resolution was rescinded",
}


@dataclass(frozen=True)
class Copy:
    """One version of a document: where to open it, what it is, of which day, how it came about.

    Versions are counted in each language by itself: the day tells which two say the same. `replaced_by` is the number of the
    next version.
    """

    anchor: str
    url: str
    pdf_url: str
    name: str
    language: str
    version: int
    as_of: str
    made: str
    digest: str
    replaced_by: int = 0

    @property
    def large_url(self) -> str:
        """Return where it is shown in large print."""
        return f"{self.url}?size={LARGE}"

    @property
    def large_pdf_url(self) -> str:
        """Return where its PDF in large print is."""
        return f"{self.pdf_url}?size={LARGE}"


@dataclass(frozen=True)
class Offer:
    """A document that can be made in one more language: what the button says and sends."""

    kind: str
    victim: str
    language: str
    words: str


@dataclass(frozen=True)
class Card:
    """One document, for whom it is, and all there is of it: the newest in each language, what they replaced.

    `is_taken_back` of a copy or a letter of what was rescinded since: what it says holds no longer.
    """

    title: str
    whom: str
    newest: tuple[Copy, ...]
    older: tuple[Copy, ...]
    offers: tuple[Offer, ...]
    is_taken_back: bool


@dataclass(frozen=True)
class Preview:
    """A document as it would be: what it is, for whom, and the sheet."""

    title: str
    whom: str
    sheet: Sheet


def documents_page(case: Case, sight: Sight) -> dict[str, Any]:
    """Return what the list of documents shows, and what may be made."""
    told, kept = told_of(case), documents_listed(case)
    is_issued = case.issued_at is not None
    may_make = is_issued and sight.may(Right.FOLLOW_UP)
    return {
        "case": case,
        "title": "Documents",
        "cards": _cards(case, told, kept, may_make=may_make),
        "is_issued": is_issued,
        "may_make": may_make,
        "taken_back": _taken_back(told),
        "may_preview": case.status_now is Status.READY,
        "missing": tuple(_titled(told, kind, victim) for kind, victim in missing_kinds(told, kept)) if may_make else (),
        "back_url": reverse("case", args=[case.reference]),
    }


def document_page(case: Case, document: Document, *, size: str) -> dict[str, Any]:
    """Return one document to read or print; `size` "large" for large print."""
    told, kept = told_of(case), documents_listed(case)
    sheet = read_sheet(document.content)
    of_kind = [each for each in kept if _what(each) == _what(document)]
    return {
        "case": case,
        "title": _KINDS[document.kind],
        "whom": _whom(told, document.kind, document.victim),
        "sheet": sheet,
        "digest_line": digest_line(sheet),
        "copy": _copy(case, document, of_kind),
        "newer": _newer(case, document, of_kind),
        "rescinded": _rescinded(told, document),
        "marked": cannot_be_printed(sheet),
        "is_large": size == LARGE,
        "is_english": document.language == ENGLISH,
        "back_url": reverse("case_documents", args=[case.reference]),
    }


def preview_page(case: Case, *, language: str, at: datetime) -> dict[str, Any]:
    """Return every document of a case that is ready as it would be were it issued now, with room to sign by hand."""
    told = told_of(case)
    chosen = LANGUAGES.get(language, ENGLISH)
    previews = []
    for kind, victim in kinds_for(told):
        spoken = chosen if may_be_in(kind, chosen) else ENGLISH
        sheet = compose(kind, told, language=spoken, victim=victim, at=at)
        previews.append(Preview(_KINDS[kind], _whom(told, kind, victim), sheet))
    return {
        "case": case,
        "title": "The documents as they would be",
        "previews": previews,
        "other_language": ENGLISH if chosen == WELSH else WELSH,
        "other_language_words": LANGUAGE_WORDS[ENGLISH if chosen == WELSH else WELSH],
        "back_url": reverse("case", args=[case.reference]),
    }


def file_name(case: Case, document: Document, *, size: str) -> str:
    """Return what a PDF is called when it is saved: reference, kind, language and version, and nobody's name."""
    words = [case.reference, document.kind.replace("_", "-")]
    if document.victim is not None:
        words.append(str(document.victim.position))
    words += [document.language, f"v{document.version}"]
    return "-".join([*words, *(["large-print"] if size == LARGE else [])]) + ".pdf"


def _cards(case: Case, told: Told, kept: tuple[Document, ...], *, may_make: bool) -> tuple[Card, ...]:
    """Return a card for each document that there is: notices first, those of the offender before the victims' in order."""
    found: dict[tuple[str, int | None], list[Document]] = {}
    for document in kept:
        found.setdefault(_what(document), []).append(document)
    places = {victim.pk: place for place, victim in enumerate(told.record.victims)}

    def place(what: tuple[str, int | None]) -> tuple[bool, int, int]:
        kind, victim = what
        return kind not in NOTICES, Document.KINDS.index(kind), places.get(victim, 0) if victim is not None else 0

    return tuple(_card(case, told, found[what], may_make=may_make) for what in sorted(found, key=place))


def _card(case: Case, told: Told, documents: list[Document], *, may_make: bool) -> Card:
    first = documents[0]
    copies = [_copy(case, document, documents) for document in documents]
    there = {document.language for document in documents}
    wanted = [language for language in LANGUAGES if language not in there and may_be_in(first.kind, language)]
    return Card(
        title=_KINDS[first.kind],
        whom=_whom(told, first.kind, first.victim),
        newest=tuple(copy for copy in copies if not copy.replaced_by),
        older=tuple(copy for copy in reversed(copies) if copy.replaced_by),
        offers=tuple(
            Offer(first.kind, str(first.victim_id or ""), language, f"Make it in {LANGUAGE_WORDS[LANGUAGES[language]]}")
            for language in wanted
        )
        if may_make and may_be_made(told, first.kind)
        else (),
        is_taken_back=not may_be_made(told, first.kind),
    )


def _copy(case: Case, document: Document, of_kind: Iterable[Document]) -> Copy:
    versions = {each.version for each in of_kind if each.language == document.language}
    arguments = [case.reference, document.pk]
    language = LANGUAGE_WORDS[LANGUAGES[document.language]]
    made = f"Made {moment(document.made_at)} by {document.made_by.title}, {_BECAUSE[document.because]}."
    return Copy(
        anchor=f"document-{document.pk}",
        url=reverse("case_document", args=arguments),
        pdf_url=reverse("case_document_pdf", args=arguments),
        name=f"{language}, version {document.version}",
        language=document.language,
        version=document.version,
        as_of=f"as of {written(timezone.localdate(document.made_at))}",
        made=made,
        digest=document.digest,
        replaced_by=min((version for version in versions if version > document.version), default=0),
    )


def _newer(case: Case, document: Document, of_kind: Iterable[Document]) -> Copy | None:
    """Return the newest version in the same language, where that is another."""
    same = [each for each in of_kind if each.language == document.language]
    newest = max(same, key=lambda each: each.version)
    return _copy(case, newest, same) if newest.version > document.version else None


def _rescinded(told: Told, document: Document) -> str:
    """Say of what is read or printed that the case was taken back since, and whether it was made before; "" for a notice."""
    if told.rescission is None or document.kind in NOTICES:
        return ""
    if document.made_at < told.rescission.at:
        return f"{_taken_back(told)} This document was made before, and does not say so."
    return _taken_back(told)


def _taken_back(told: Told) -> str:
    """Say when the case was rescinded; "" where it was not."""
    if told.rescission is None:
        return ""
    return f"The Community Resolution was rescinded on {moment(told.rescission.at)}."


def _what(document: Document) -> tuple[str, int | None]:
    return document.kind, document.victim_id


def _whom(told: Told, kind: str, victim: Victim | None) -> str:
    """Return for whom it is, by name: the page is an officer's."""
    if kind == Document.CRIME_REPORT_ENTRY:
        return "To be copied to the crime report"
    if victim is None:
        return f"For the offender, {told.offender_name}"
    number = f"victim {victim.position}" if len(told.record.victims) > 1 else "the victim"
    return f"For {number}, {told.victim_name(victim)}"


def _titled(told: Told, kind: str, victim: Victim | None) -> str:
    whom = _whom(told, kind, victim)
    return f"{_KINDS[kind]}: {whom[0].lower()}{whom[1:]}"
