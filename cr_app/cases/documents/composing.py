"""Compose the sheets of a case: which there are, and each in one language as of one moment."""

from datetime import datetime

from cr_app.cases.documents.crime_report_entry import entry_sheet
from cr_app.cases.documents.notices import offender_notice, victim_notice
from cr_app.cases.documents.offender_copy import offender_copy
from cr_app.cases.documents.parts import Telling
from cr_app.cases.documents.readers import veil_for_offender, veil_for_victim
from cr_app.cases.documents.sheets import Language, Sheet
from cr_app.cases.documents.spoken import speaking
from cr_app.cases.documents.told import Told, told_of
from cr_app.cases.documents.victim_letter import victim_letter
from cr_app.cases.models import Document, Victim

__all__ = ["Told", "compose", "kinds_for", "notices_for", "reading_sheet", "told_of"]


def kinds_for(told: Told) -> tuple[tuple[str, Victim | None], ...]:
    """Return what an issued case has: the offender's copy, a letter to each victim, the entry; once rescinded the notices too."""
    letters = ((Document.VICTIM_LETTER, victim) for victim in told.victims)
    return (
        (Document.OFFENDER_COPY, None),
        *letters,
        (Document.CRIME_REPORT_ENTRY, None),
        *(notices_for(told) if told.rescission is not None else ()),
    )


def notices_for(told: Told) -> tuple[tuple[str, Victim | None], ...]:
    """Return whom a rescission is told to: the offender, and each victim."""
    return ((Document.OFFENDER_NOTICE, None), *((Document.VICTIM_NOTICE, victim) for victim in told.victims))


def compose(
    kind: str,
    told: Told,
    *,
    language: Language,
    victim: Victim | None = None,
    version: int = 1,
    at: datetime,
) -> Sheet:
    """Return one document as a sheet, made at a moment; before issue too, with room to sign by hand.

    Raises ValueError for a kind that is not known, a letter that says not for whom, and an entry for the crime report
    that is not in English.
    """
    if kind == Document.CRIME_REPORT_ENTRY and language != "en":
        raise ValueError("The entry for the crime report is in English.")
    with speaking(language):
        if kind in (Document.VICTIM_LETTER, Document.VICTIM_NOTICE):
            if victim is None:
                raise ValueError(f"{kind} is for a victim: say which.")
            telling = Telling(told, language, at, version, veil_for_victim(told, victim))
            return (victim_letter if kind == Document.VICTIM_LETTER else victim_notice)(telling, victim)
        telling = Telling(told, language, at, version, veil_for_offender(told))
        match kind:
            case Document.OFFENDER_COPY:
                return offender_copy(telling)
            case Document.OFFENDER_NOTICE:
                return offender_notice(telling)
            case Document.CRIME_REPORT_ENTRY:
                return entry_sheet(telling)
    raise ValueError(f"{kind} is no kind of document.")


def reading_sheet(told: Told, *, language: Language, at: datetime) -> Sheet:
    """Return what is read out before anybody signs: the offender's copy without signatures."""
    with speaking(language):
        telling = Telling(told, language, at, 1, veil_for_offender(told))
        return offender_copy(telling, is_read_out=True)
