"""Canaries: no document shows what its reader may not know, whatever was typed, in any form in which it is handed over."""

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from pypdf import PdfReader

from cr_app.cases.documents.composing import Told, compose, kinds_for, reading_sheet, told_of
from cr_app.cases.documents.pdf import digest_line, pdf_of
from cr_app.cases.documents.sheets import Language, Sheet
from cr_app.cases.models import Document, Victim
from tests import make
from tests.cases.documents import canaries
from tests.cases.documents.canaries import FIRST, OFFENDER, OFFENDERS_ADULT, OTHERS, PARTIES, SECOND, SHOP, SHOPS_NAME
from tests.cast import Cast
from tests.make_afterwards import corrected, rescinded

# What is in the record, and on no sheet but the police's own; an officer's free text among it.
NOBODYS = (
    *("canaryrationale", "canaryyouthjusticeadvice", "canaryprofessionaladvice", "canarycapacityhow"),
    *("canaryoccupation", "canaryhow"),
)
BOTH: tuple[Language, ...] = ("en", "cy")


@pytest.fixture(params=["adult", "child"])
def kind(request: pytest.FixtureRequest) -> str:
    """An adult and a child in turn."""
    return str(request.param)


@pytest.fixture
def told(cast: Cast, kind: str) -> Told:
    """The case full of canaries, with two names put right, and taken back."""
    reference = canaries.issued(cast.amina, kind)
    first = canaries.victims(reference)[FIRST]
    corrected(reference, cast.amina, old="Skellick", new="Skellickson")
    corrected(reference, cast.amina, f"{first.pk}.last_names", old="Tillwether", new="Brindlemoor")
    rescinded(reference, cast.priya, reason=canaries.gossip("rescission", kind))
    return told_of(make.read(reference))


def sheets(told: Told) -> Iterator[tuple[Sheet, Victim | None]]:
    """Yield every sheet that is handed over, in both languages, and what is read out."""
    for language in BOTH:
        yield reading_sheet(told, language=language, at=timezone.now()), None
        for name, victim in kinds_for(told):
            if name != Document.CRIME_REPORT_ENTRY:
                yield compose(name, told, language=language, victim=victim, at=timezone.now()), victim


def forms(sheet: Sheet) -> dict[str, str]:
    """Return a sheet as it is kept, shown and printed, and what a PDF says of itself."""
    html = render_to_string(
        "cases/_sheet.html", {"sheet": sheet, "alone": True, "is_large": False, "digest_line": digest_line(sheet)}
    )
    read = PdfReader(io.BytesIO(pdf_of(sheet)))
    pages = " ".join(page.extract_text() for page in read.pages)
    return {"kept": sheet.content(), "shown": html, "printed": pages, "about it": str(read.metadata)}


def forbidden(told: Told, victim: Victim | None) -> set[str]:
    """Return what the offender, or one victim, may not find on a sheet."""
    keys = {each.pk: name for name, each in canaries.victims(told.case.reference).items()}
    reader = keys[victim.pk] if victim else ""
    hidden = {*NOBODYS, *OTHERS, "canaryrescission", "misspelt", "passport"}
    for name, party in PARTIES.items():
        if name != reader:
            hidden |= {*party, f"canarywishes{name}", f"canarydeparture{name}"}
    hidden |= {"brindlemoor"} if reader != FIRST else set()
    if victim is None:
        # An organisation keeps its name, and the offender's own adult signs beside them.
        return hidden
    hidden |= {*OFFENDER, *OFFENDERS_ADULT, "canarycircumstancesbrief", "canaryaccount"}
    hidden |= {f"canaryfor{name}" for name in (*PARTIES, "nobody") if name != reader}
    # The adult of a victim is no stranger to that victim.
    hidden -= {"odile", "pendrake"} if reader == SECOND else set()
    return hidden | ({SHOPS_NAME} if reader != SHOP else set())


def test_no_sheet_shows_its_reader_what_is_not_theirs_to_know(told: Told, kind: str) -> None:
    seen = 0
    for sheet, victim in sheets(told):
        for form, text in forms(sheet).items():
            found = {each for each in forbidden(told, victim) if each in canaries.plain(text)}
            assert found == set(), (sheet.kind, sheet.language, form)
            if victim is not None:
                assert [day for day in canaries.days_of_birth(kind) if day in text] == [], (sheet.kind, form)
            seen += 1
    # The copy, the reading, three letters, four notices; in two languages, each in four forms.
    assert seen == (1 + 1 + 3 + 4) * 2 * 4


def test_the_canaries_sing_where_no_veil_is_and_on_the_crime_report(told: Told, kind: str) -> None:
    gossip = canaries.plain(canaries.gossip("", kind))
    hidden = {*OFFENDER, *OFFENDERS_ADULT, *OTHERS, *(word for party in PARTIES.values() for word in party)}
    by_row_alone = {"jorvane", "tamberlyhouse", "theresa", "odile"}
    assert {each for each in hidden if each not in gossip} <= by_row_alone
    entry = canaries.plain(compose(Document.CRIME_REPORT_ENTRY, told, language="en", at=timezone.now()).content())
    for needle in ("skellickson", "brindlemoor", "canaryrationale", "canarywishesfirst", "canaryrescission"):
        assert needle in entry


def test_what_a_reader_is_to_be_told_is_there(told: Told) -> None:
    for sheet, victim in sheets(told):
        text = canaries.plain(" ".join(sheet.words()))
        if sheet.kind == Document.OFFENDER_COPY:
            wanted = ["skellickson", "canarycircumstancesbrief", "canaryaccount", "quorvanestores", "1240"]
            wanted += [f"canaryfor{name}" for name in (*PARTIES, "nobody")]
        elif sheet.kind == Document.VICTIM_LETTER:
            assert victim is not None
            name = next(key for key, each in canaries.victims(told.case.reference).items() if each.pk == victim.pk)
            wanted = [f"canarywishes{name}", f"canarydeparture{name}", f"canaryfor{name}", "1240"]
            wanted += ["brindlemoor"] if name == FIRST else []
        else:
            wanted = [sheet.reference.casefold()]
        assert [each for each in wanted if each not in text] == [], (sheet.kind, sheet.language)


def test_the_police_entry_has_no_address_and_no_date_of_birth_of_a_party(told: Told) -> None:
    # What an officer typed into a text of the record is told as it was typed: here nothing was.
    quiet = replace(told, record=told.record.but())
    for name in ("circumstances_brief", "account", "rationale"):
        setattr(quiet.case, name, "Nothing more.")
    for action in quiet.record.actions:
        action.undertaking = "Pay"
    for victim in quiet.victims:
        victim.wishes = victim.departure_reason = ""
    entry = compose(Document.CRIME_REPORT_ENTRY, replace(quiet, rescission=None), language="en", at=timezone.now())
    text = canaries.plain(entry.content())
    for needle in ("tamberlyhouse", "ferrowbyrow", "e94qz", "7700900456", "mailexample", "0123456a", "7700900111"):
        assert needle not in text
    assert "skellickson" in text
