"""Sheets as tests read them: composed now, by block, by label, as text."""

from django.utils import timezone

from cr_app.cases.documents.composing import Told, compose, told_of
from cr_app.cases.documents.sheets import Facts, Language, Sheet, Signed
from cr_app.cases.models import Document
from tests import make

COPY, LETTER, ENTRY = Document.OFFENDER_COPY, Document.VICTIM_LETTER, Document.CRIME_REPORT_ENTRY


def told_now(reference: str) -> Told:
    """Return what the sheets of a case are told now."""
    return told_of(make.read(reference))


def copy_of(told: Told, language: Language = "en") -> Sheet:
    """Return the offender's copy, made now."""
    return compose(COPY, told, language=language, at=timezone.now())


def letter(told: Told, place: int = 0, language: Language = "en") -> Sheet:
    """Return the letter to one of the victims, made now."""
    return compose(LETTER, told, language=language, victim=told.victims[place], at=timezone.now())


def text(sheet: Sheet) -> str:
    """Return all words of a sheet."""
    return "\n".join(sheet.words())


def rows(sheet: Sheet, key: str) -> dict[str, str]:
    """Return labels with what they say, of one block."""
    block = next(each for each in sheet.blocks if each.key == key)
    assert isinstance(block, Facts)
    return {row.label: row.value for row in block.rows}


def keys(sheet: Sheet) -> tuple[str, ...]:
    """Return the keys of the blocks of a sheet."""
    return sheet.keys()


def signed(sheet: Sheet) -> dict[str, Signed]:
    """Return the signatures of a sheet by their keys."""
    return {each.key: each for each in sheet.blocks if isinstance(each, Signed)}
