"""Documents are made once for each kind, person and language, frozen with their digest, and only ever added to."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit.models import Entry
from cr_app.cases.actions.changes import Changes
from cr_app.cases.actions.documents import add_documents, make_document, make_missing
from cr_app.cases.actions.issue import issue
from cr_app.cases.documents.sheets import read_sheet
from cr_app.cases.models import Case, Document, Rescission, Victim
from cr_app.pages.refusals import AccessDenied, NotAllowed
from tests import make
from tests.cast import Cast

COPY, LETTER, ENTRY = Document.OFFENDER_COPY, Document.VICTIM_LETTER, Document.CRIME_REPORT_ENTRY


def kept(reference: str) -> list[Document]:
    """Return the documents of a case, oldest first."""
    return list(Document.objects.filter(case__reference=reference).order_by("pk"))


def in_short(reference: str) -> list[tuple[str, int | None, str, int, str]]:
    """Return each document as its kind, the place of its victim, language, version and why it was made."""
    return [
        (each.kind, each.victim.position if each.victim else None, each.language, each.version, each.because)
        for each in kept(reference)
    ]


def victim_of(reference: str, place: int) -> int:
    """Return the key of a victim by its place."""
    return Victim.objects.get(case__reference=reference, position=place).pk


def corrected(reference: str, by: Officer) -> tuple[Document, ...]:
    """Make the next version of everything, as a correction does."""
    with transaction.atomic():
        changes = Changes(make.read(reference), by=by, at=timezone.now())
        made = add_documents(changes, because="corrected")
        changes.record("case.documents_made", details={"document": "all", "language": "", "because": "corrected"})
    return made


def rescinded(reference: str, by: Officer) -> tuple[Document, ...]:
    """Make the notices, as a rescission does."""
    at = timezone.now()
    with transaction.atomic():
        changes = Changes(make.read(reference), by=by, at=at)
        row = Rescission(case=changes.case, rank="Inspector", is_substantive=True, reason="A reason.", at=at, by=by)
        changes.create(row)
        made = add_documents(changes, because="rescinded")
        changes.record("case.documents_made", details={"document": "notices", "language": "", "because": "rescinded"})
    return made


def issued_before_documents(officer: Officer, by_hand: datetime) -> str:
    """Return a case that stands as issued and has no documents."""
    reference = make.submitted(officer, make.two_victims())
    Case.objects.filter(reference=reference).update(status="issued", issued_at=by_hand, issued_by=officer)
    return reference


def test_issuing_makes_each_document_once_within_its_own_entry(cast: Cast) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    assert in_short(reference) == [
        (COPY, None, "en", 1, "issued"),
        (LETTER, 1, "en", 1, "issued"),
        (LETTER, 2, "en", 1, "issued"),
        (ENTRY, None, "en", 1, "issued"),
    ]
    for each in kept(reference):
        assert each.digest == hashlib.sha256(each.content.encode()).hexdigest()
        sheet = read_sheet(each.content)
        assert (sheet.kind, sheet.language, sheet.version) == (each.kind, "en", 1)
        assert (sheet.reference, sheet.content()) == (reference, each.content)
        assert (each.made_by, each.made_at) == (cast.amina, make.read(reference).issued_at)
    entry = Entry.objects.get(subject=f"case:{reference}", event="case.issued")
    assert len([change for change in entry.details["changes"] if change["row"] == "document"]) == 4
    # The same form again issues nothing more.
    make.issue_it(reference, cast.amina)
    assert len(kept(reference)) == 4


def test_what_was_read_out_in_welsh_is_given_in_welsh_and_in_english(cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    signed = replace(make.signatures(reference, cast.amina), language="cy")
    issue(reference, by=cast.amina, signatures=signed, seen=make.frozen(reference).digest)
    assert [(kind, language) for kind, _, language, _, _ in in_short(reference)] == [
        (COPY, "en"),
        (COPY, "cy"),
        (LETTER, "en"),
        (ENTRY, "en"),
    ]


def test_one_more_language_is_made_once_and_recorded(cast: Cast) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    before = [(each.pk, each.content) for each in kept(reference)]
    second = victim_of(reference, 2)
    made = make_document(reference, by=cast.amina, kind=LETTER, victim=second, language="cy")
    assert in_short(reference)[-1] == (LETTER, 2, "cy", 1, "asked")
    assert (made.language, read_sheet(made.content).language) == ("cy", "cy")
    entry = Entry.objects.get(subject=f"case:{reference}", event="case.documents_made")
    told = {name: value for name, value in entry.details.items() if name != "changes"}
    assert told == {
        "version": make.read(reference).version,
        "document": "the victim's letter",
        "language": "cy",
        "because": "asked",
    }
    assert make_document(reference, by=cast.amina, kind=LETTER, victim=second, language="cy") == made
    assert make_document(reference, by=cast.grace, kind=LETTER, victim=second, language="en") == kept(reference)[2]
    assert [(each.pk, each.content) for each in kept(reference)][:4] == before
    assert Entry.objects.filter(subject=f"case:{reference}", event="case.documents_made").count() == 1


@pytest.mark.parametrize(
    ("kind", "whose", "language"),
    [
        (ENTRY, None, "cy"),
        (COPY, None, "fr"),
        (COPY, None, ""),
        ("", None, "cy"),
        (LETTER, None, "cy"),
        (COPY, "own", "cy"),
        (LETTER, "another's", "cy"),
        (Document.OFFENDER_NOTICE, None, "cy"),
    ],
)
def test_what_a_case_does_not_have_is_not_made(cast: Cast, kind: str, whose: str | None, language: str) -> None:
    reference, other = make.issued(cast.amina), make.issued(cast.amina)
    of = {"own": reference, "another's": other}
    victim = victim_of(of[whose], 1) if whose else None
    before = len(Document.objects.all())
    with pytest.raises(NotAllowed, match="no such document"):
        make_document(reference, by=cast.amina, kind=kind, victim=victim, language=language)
    assert len(Document.objects.all()) == before


def test_documents_are_made_of_issued_cases_by_their_officer_or_the_units_sergeants(cast: Cast) -> None:
    ready, reference = make.submitted(cast.amina), make.issued(cast.amina)
    for attempt in (make_missing, lambda given, by: make_document(given, by=by, kind=COPY, victim=None, language="cy")):
        with pytest.raises(NotAllowed, match="made when it is issued"):
            attempt(ready, by=cast.amina)
        for officer in (cast.tom, cast.priya, cast.ruth):
            with pytest.raises(NotAllowed):
                attempt(reference, by=officer)
        for officer in (cast.kieran, cast.colin, cast.olivia):
            with pytest.raises(AccessDenied):
                attempt(reference, by=officer)
    assert make_document(reference, by=cast.grace, kind=COPY, victim=None, language="cy").made_by == cast.grace


def test_a_correction_makes_the_next_version_of_every_document_there_is(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    make_document(reference, by=cast.amina, kind=COPY, victim=None, language="cy")
    before = {each.pk: (each.content, each.digest) for each in kept(reference)}
    made = corrected(reference, cast.amina)
    assert in_short(reference)[len(before) :] == [
        (COPY, None, "en", 2, "corrected"),
        (LETTER, 1, "en", 2, "corrected"),
        (ENTRY, None, "en", 2, "corrected"),
        (COPY, None, "cy", 2, "corrected"),
    ]
    corrected(reference, cast.amina)
    assert [each.version for each in kept(reference)[-4:]] == [3, 3, 3, 3]
    assert {each.pk: (each.content, each.digest) for each in kept(reference)[: len(before)]} == before
    assert {read_sheet(each.content).version for each in made} == {2}
    # Asked for again, it is the newest that is given.
    assert make_document(reference, by=cast.amina, kind=COPY, victim=None, language="cy").version == 3


def test_notices_are_in_each_language_that_whoever_gets_them_has(cast: Cast) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    make_document(reference, by=cast.amina, kind=LETTER, victim=victim_of(reference, 2), language="cy")
    rescinded(reference, cast.priya)
    assert in_short(reference)[5:] == [
        (Document.OFFENDER_NOTICE, None, "en", 1, "rescinded"),
        (Document.VICTIM_NOTICE, 1, "en", 1, "rescinded"),
        (Document.VICTIM_NOTICE, 2, "en", 1, "rescinded"),
        (Document.VICTIM_NOTICE, 2, "cy", 1, "rescinded"),
    ]


def test_once_rescinded_no_copy_and_no_letter_is_made_any_more(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    given = kept(reference)
    rescinded(reference, cast.priya)
    victim = victim_of(reference, 1)
    for kind, whose in ((COPY, None), (LETTER, victim)):
        with pytest.raises(NotAllowed, match="was rescinded: no new copy and no new letter"):
            make_document(reference, by=cast.amina, kind=kind, victim=whose, language="cy")
    assert make_document(reference, by=cast.amina, kind=COPY, victim=None, language="en") == given[0]
    assert make_document(reference, by=cast.amina, kind=Document.OFFENDER_NOTICE, victim=None, language="cy")
    before = len(kept(reference))
    corrected(reference, cast.amina)
    assert in_short(reference)[before:] == [
        (ENTRY, None, "en", 2, "corrected"),
        (Document.OFFENDER_NOTICE, None, "en", 2, "corrected"),
        (Document.VICTIM_NOTICE, 1, "en", 2, "corrected"),
        (Document.OFFENDER_NOTICE, None, "cy", 2, "corrected"),
    ]


def test_of_a_case_rescinded_before_documents_were_kept_only_notices_and_entry_are_made(cast: Cast) -> None:
    reference = issued_before_documents(cast.amina, datetime(2026, 3, 2, 9, tzinfo=UTC))
    at = timezone.now()
    with transaction.atomic():
        changes = Changes(make.read(reference), by=cast.priya, at=at)
        changes.create(
            Rescission(
                case=changes.case, rank="Inspector", is_substantive=True, reason="A reason.", at=at, by=cast.priya
            )
        )
        changes.record("case.documents_made", details={"document": "none", "language": "", "because": "rescinded"})
    make_missing(reference, by=cast.amina)
    assert [kind for kind, *_ in in_short(reference)] == [
        ENTRY,
        Document.OFFENDER_NOTICE,
        Document.VICTIM_NOTICE,
        Document.VICTIM_NOTICE,
    ]
    assert make_missing(reference, by=cast.amina) == ()


def test_a_case_issued_before_documents_were_kept_gets_them_when_asked(cast: Cast) -> None:
    reference = issued_before_documents(cast.amina, datetime(2026, 3, 2, 9, tzinfo=UTC))
    made = make_missing(reference, by=cast.amina)
    assert [(kind, place, because) for kind, place, _, _, because in in_short(reference)] == [
        (COPY, None, "asked"),
        (LETTER, 1, "asked"),
        (LETTER, 2, "asked"),
        (ENTRY, None, "asked"),
    ]
    (entry,) = Entry.objects.filter(subject=f"case:{reference}", event="case.documents_made")
    assert entry.details["document"] == "the offender's copy, the victim's letter, the entry for the crime report"
    assert len(made) == 4
    assert make_missing(reference, by=cast.amina) == ()
    assert Entry.objects.filter(subject=f"case:{reference}", event="case.documents_made").count() == 1


def test_a_document_is_the_same_years_later(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    first = kept(reference)[0]
    with time_machine.travel(timezone.now() + timedelta(days=3650), tick=False):
        again = make_document(reference, by=cast.amina, kind=COPY, victim=None, language="en")
    assert (again.pk, again.content) == (first.pk, first.content)
