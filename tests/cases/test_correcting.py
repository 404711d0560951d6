"""Corrections: a misspelt name is put right beside what it said, with a reason; documents get a next version."""

import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from cr_app.audit.models import Entry
from cr_app.authorisations.queries.history import decided
from cr_app.authorisations.queries.lines import EVERYTHING
from cr_app.cases.actions.authority import record_crime_report_entry
from cr_app.cases.models import Case, Correction, Document, Offender, Signature
from cr_app.cases.queries import Record, cases_found, corrections_of, lines_of
from cr_app.cases.queries.earlier import earlier_cases_of
from cr_app.cases.queries.names import name_now, standing_names
from cr_app.pages.refusals import AccessDenied, NotAllowed, Refusal, Stale
from tests import make, make_authority
from tests.cast import Cast, sign_in
from tests.make_afterwards import MISSPELT, contacted, corrected, rescinded, victims


def text_of(document: Document) -> str:
    return json.dumps(json.loads(document.content), ensure_ascii=False)


def names(reference: str) -> dict[str, tuple[str, str]]:
    """Return every name of a case by its key: as it was issued, and as it stands."""
    case = make.read(reference)
    return {name.key: (name.issued, name.now) for name in standing_names(Record(case), corrections_of(case))}


def test_a_name_is_put_right_and_the_name_it_was_issued_with_stays(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    before = {(each.kind, each.language): each for each in Document.objects.filter(case__reference=reference)}
    corrected(reference, cast.amina)
    (row,) = Correction.objects.filter(case__reference=reference)
    assert (row.victim_id, row.column, row.old, row.new, row.reason) == (
        None,
        "last_names",
        "Ransome",
        "Ransom",
        MISSPELT,
    )
    assert Offender.objects.get(case__reference=reference).last_names == "Ransome"
    assert Signature.objects.get(case__reference=reference, role="offender").name == "Jade Ransome"
    case = make.read(reference)
    assert name_now(case.offender, corrections_of(case)) == "Jade Ransom"
    entry = Entry.objects.get(subject=f"case:{reference}", event="case.corrected")
    assert entry.details["what"] == "the offender's last names"
    assert case.status == "issued"
    # Every document there was has a next version, and the one before is kept as it was.
    made = {(each.kind, each.language): each for each in Document.objects.filter(case=case, version=2)}
    assert made.keys() == before.keys()
    copies = before["offender_copy", "en"], made["offender_copy", "en"]
    copies[0].refresh_from_db()
    assert "Jade Ransome" in text_of(copies[0])
    assert "Jade Ransom" in text_of(copies[1]).replace("Jade Ransome", "")
    assert {each.because for each in made.values()} == {"corrected"}


def test_corrections_add_up(cast: Cast) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    shop, noor = victims(reference)
    corrected(reference, cast.amina)
    corrected(reference, cast.grace, old="Ransom", new="Ransum")
    corrected(reference, cast.amina, f"{noor.pk}.first_names", old="Noor", new="Nour")
    corrected(reference, cast.amina, f"{shop.pk}.organisation_name", old="Holloway Stores", new="Holloway Store")
    found = names(reference)
    assert found["offender.last_names"] == ("Ransome", "Ransum")
    assert found[f"{noor.pk}.first_names"] == ("Noor", "Nour")
    assert found[f"{noor.pk}.last_names"] == ("Haddad", "Haddad")
    assert found[f"{shop.pk}.organisation_name"] == ("Holloway Stores", "Holloway Store")
    whats = Entry.objects.filter(event="case.corrected").order_by("id")
    assert [each.details["what"] for each in whats][2:] == ["victim 2's first names", "victim 1's organisation's name"]
    assert Document.objects.filter(case__reference=reference, kind="offender_copy").latest("version").version == 5
    # Back to what it was issued with is a correction as well.
    corrected(reference, cast.amina, old="Ransum", new="Ransome")
    assert names(reference)["offender.last_names"] == ("Ransome", "Ransome")


def test_what_corrects_nothing_is_refused(cast: Cast) -> None:
    reference, ready = make.issued(cast.amina), make.submitted(cast.amina)
    (shop,) = victims(ready)
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"new": "Ransome"}, "what the name says now"),
        ({"new": " "}, "what the name says now"),
        ({"reason": " "}, "Give the reason"),
        ({"key": "offender.address"}, "no such name"),
        ({"key": "offender.organisation_name"}, "no such name"),
        ({"key": f"{shop.pk}.organisation_name"}, "no such name"),
    )
    for changed, sentence in wrong:
        with pytest.raises(NotAllowed, match=sentence):
            corrected(reference, cast.amina, **changed)
    with pytest.raises(NotAllowed, match="once the Community Resolution is issued"):
        corrected(ready, cast.amina)
    assert not Correction.objects.exists()
    assert not Document.objects.filter(version=2).exists()
    corrected(reference, cast.amina)
    assert Correction.objects.count() == 1


def test_a_correction_of_what_it_says_no_more_is_stale(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    corrected(reference, cast.grace)
    with pytest.raises(Stale, match="Somebody has corrected this name"):
        corrected(reference, cast.amina, new="Ransomme")
    assert Correction.objects.count() == 1
    corrected(reference, cast.amina, old="Ransom", new="Ransomme")


def test_its_officer_and_the_sergeant_correct_and_nobody_else(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    refused: dict[str, type[Refusal]] = {
        "tom": NotAllowed,
        "priya": NotAllowed,
        "ruth": NotAllowed,
        "kieran": AccessDenied,
        "margaret": AccessDenied,
    }
    for name, refusal in refused.items():
        with pytest.raises(refusal):
            corrected(reference, getattr(cast, name))
    assert not Correction.objects.exists()
    corrected(reference, cast.grace)


def test_a_restricted_case_is_closed_to_the_sergeant_and_corrected_by_its_officer(cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    Case.objects.filter(reference=reference).update(is_restricted=True)
    make.issue_it(reference, cast.amina)
    with pytest.raises(AccessDenied):
        corrected(reference, cast.grace)
    corrected(reference, cast.amina)


def test_the_notices_of_a_rescinded_case_are_corrected_too(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    rescinded(reference, cast.priya)
    corrected(reference, cast.amina)
    notice = Document.objects.get(case__reference=reference, kind="offender_notice", version=2)
    assert '"Jade Ransom"' in text_of(notice)


def test_a_case_is_found_by_the_name_it_was_issued_with_and_by_the_one_that_stands(cast: Cast) -> None:
    reference, other = make.issued(cast.amina), make.issued(cast.amina)
    corrected(reference, cast.amina, new="Rahnsum")
    corrected(other, cast.amina, "offender.first_names", old="Jade", new="Jayde")

    def found(sought: str) -> set[str]:
        return {case.reference for case in cases_found(cast.amina, sought, limit=10)}

    assert found("rahnsum") == found("Jade Rahnsum") == {reference}
    assert found("Jayde Ransome") == {other}
    assert found("Ransome") == {reference, other}
    assert found("Jayde Rahnsum") == set()
    # A victim's corrected name is as little searched for as the name that was recorded.
    (shop, *_) = victims(reference)
    corrected(reference, cast.amina, f"{shop.pk}.organisation_name", old="Holloway Stores", new="Highbury Stores")
    assert found("Highbury") == set()
    lines = {line.reference: line for line in lines_of(cases_found(cast.amina, "Ransome", limit=10))}
    assert lines[reference].offender == "Jade Rahnsum, issued as Jade Ransome"
    assert {case.reference for case in cases_found(cast.tom, "Rahnsum", limit=10)} == set()


def test_the_same_person_is_recognised_by_the_last_name_that_was_put_right(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    other = make.case(cast.amina)
    Offender.objects.filter(case__reference=other).update(
        last_names="Ransom", born_on=Offender.objects.get(case__reference=reference).born_on
    )
    assert earlier_cases_of(make.read(other)) == ()
    corrected(reference, cast.amina, "offender.first_names", old="Jade", new="Ransom")
    assert earlier_cases_of(make.read(other)) == ()
    corrected(reference, cast.amina)
    (found,) = earlier_cases_of(make.read(other))
    assert (found.reference, found.is_same_report) == (reference, True)


def test_whoever_decided_finds_and_reads_the_name_as_it_stands(cast: Cast) -> None:
    reference = make_authority.asked(cast.amina, make.knife())
    make_authority.granted(reference, cast.priya)
    record_crime_report_entry(reference, by=cast.amina, entry_reference="DETS 14")
    make.issue_it(reference, cast.amina)
    offender = make.record(reference).offender
    corrected(reference, cast.amina, old=offender.last_names or "", new="Rahnsum")
    for word in ("Rahnsum", offender.last_names or ""):
        (line,) = decided(cast.priya, replace(EVERYTHING, sought=word)).lines
        assert line.offender == f"{offender.first_names} Rahnsum, issued as {offender.name}"
    client = sign_in(Client(), cast.amina)
    page = client.get(reverse("case_authority", args=[reference])).content.decode()
    assert f"{offender.first_names} Rahnsum" in page


def test_the_pages_lead_from_the_choice_by_way_of_what_follows_to_the_correction(cast: Cast) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    _, noor = victims(reference)
    client = sign_in(Client(), cast.amina)
    path = reverse("case_correct", args=[reference])
    page = client.get(path).content.decode()
    for words in ("Jade", "Ransome", "Haddad", "Holloway Stores", "Victim 2, last names", "Offender, first names"):
        assert words in page
    empty = client.post(path, {"then": "check"})
    assert empty.status_code == 422
    assert "Select which name is wrong" in empty.content.decode()
    same = client.post(path, {"key": "offender.last_names", "new": "Ransome", "reason": "x", "then": "check"})
    assert (same.status_code, "This is what the name says now" in same.content.decode()) == (422, True)
    typed = {"key": f"{noor.pk}.last_names", "new": "Hadad", "reason": MISSPELT}
    check = client.post(path, typed | {"then": "check"})
    assert check.status_code == 200
    for words in ("What it says now", "Haddad", "Hadad", MISSPELT, "A new version is made", "letter to the victim"):
        assert words in check.content.decode()
    assert not Correction.objects.exists()
    kept = {name: str(value) for name, value in check.context["kept"].items()}
    back = client.post(path, kept | {"then": "change"})
    assert (back.status_code, "Hadad" in back.content.decode()) == (200, True)
    assert not Correction.objects.exists()
    # Sent twice, it is corrected once.
    for _ in range(2):
        assert client.post(path, kept | {"then": "correct"})["Location"] == reverse("case", args=[reference])
    assert Correction.objects.count() == 1
    assert Document.objects.filter(case__reference=reference).latest("version").version == 2
    page = client.get(path).content.decode()
    assert "When it was issued: Haddad" in page


def test_a_page_that_is_stale_keeps_what_was_typed_and_corrects_once_it_was_checked_again(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    client = sign_in(Client(), cast.amina)
    path = reverse("case_correct", args=[reference])
    typed = {"key": "offender.last_names", "new": "Ransomme", "reason": MISSPELT, "token": str(uuid4())}
    kept = {name: str(value) for name, value in client.post(path, typed).context["kept"].items()}
    corrected(reference, cast.grace)
    stale = client.post(path, kept | {"then": "correct"})
    assert stale.status_code == 409
    for words in ("Somebody has corrected this name", "Ransomme", MISSPELT, "When it was issued: Ransome"):
        assert words in stale.content.decode()
    # Nothing is corrected that was not checked: the page names what stood when it was.
    unchecked = client.post(path, typed | {"then": "correct"})
    assert (unchecked.status_code, Correction.objects.count()) == (409, 1)
    again = client.post(path, typed | {"token": str(stale.context["form"]["token"].value())})
    kept = {name: str(value) for name, value in again.context["kept"].items()}
    assert client.post(path, kept | {"then": "correct"}).status_code == 302
    assert names(reference)["offender.last_names"] == ("Ransome", "Ransomme")


def test_a_contact_names_people_as_they_stand(cast: Cast) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    _, noor = victims(reference)
    corrected(reference, cast.amina, f"{noor.pk}.last_names", old="Haddad", new="Hadad")
    contacted(reference, cast.amina, noor, told="correction")
    page = sign_in(Client(), cast.amina).get(reverse("case_contacts", args=[reference])).content.decode()
    assert "Noor Hadad" in page
