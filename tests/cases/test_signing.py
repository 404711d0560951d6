"""Signing: names with what was drawn and the language in which it was read, once; and that somebody would not sign."""

from dataclasses import replace
from uuid import uuid4

import pytest

from cr_app.accounts.models import Officer
from cr_app.audit.models import Entry, EntryPersonal
from cr_app.cases.actions.issue import Signatures, issue
from cr_app.cases.actions.refusing import Signer, record_signing_refused
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Document, Signature, SigningRefusal
from cr_app.cases.queries import signatures_of
from cr_app.pages.refusals import AccessDenied, NotAllowed, Stale
from tests import make
from tests.cast import Cast

DRAWN = "M10 20 L30 40 M50 60 L70 80"
SAID = "I want to speak to my sister first."


def sign(reference: str, officer: Officer, signed: Signatures) -> None:
    assert issue(reference, by=officer, signatures=signed, seen=make.frozen(reference).digest) is None


def test_drawings_and_the_language_are_kept_beside_the_names(cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.child())
    signed = replace(
        make.signatures(reference, cast.amina),
        drawings={"offender": "M010 020 L30 40 L30 40", "officer": DRAWN},
        language="cy",
    )
    sign(reference, cast.amina, signed)
    kept = {each.role: (each.drawing, each.language) for each in Signature.objects.filter(case__reference=reference)}
    # Whoever drew nothing has nothing; an officer's part is in English.
    assert kept == {
        "offender": ("M10 20 L30 40", "cy"),
        "appropriate_adult": (None, "cy"),
        "officer": (DRAWN, "en"),
    }


@pytest.mark.parametrize(
    ("drawings", "sentence"),
    [
        ({"offender": "M10 20 C1 2"}, "could not be read"),
        ({"offender": "M601 20"}, "could not be read"),
        ({"officer": "M1 1 " * 6000}, "too many lines"),
        # Nobody of that role signs here.
        ({"appropriate_adult": DRAWN}, "whose name is missing"),
        ({"victim": DRAWN}, "whose name is missing"),
    ],
)
def test_a_drawing_that_cannot_be_kept_issues_nothing(cast: Cast, drawings: dict[str, str], sentence: str) -> None:
    reference = make.submitted(cast.amina)
    signed = replace(make.signatures(reference, cast.amina), drawings=drawings)
    with pytest.raises(NotAllowed, match=sentence):
        sign(reference, cast.amina, signed)
    assert make.read(reference).status_now is Status.READY
    assert not Signature.objects.exists()
    sign(reference, cast.amina, replace(signed, drawings={"offender": DRAWN}))
    assert make.read(reference).status_now is Status.ISSUED


def test_the_same_form_sent_again_issues_once_and_another_drawing_is_refused(cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    signed = replace(make.signatures(reference, cast.amina), drawings={"offender": DRAWN}, language="cy")
    for _ in range(2):
        sign(reference, cast.amina, signed)
    for other in (
        replace(signed, drawings={"offender": "M1 1 L2 2"}),
        replace(signed, drawings={"offender": "not a path"}),
        replace(signed, drawings={}),
        replace(signed, language="en"),
    ):
        with pytest.raises(NotAllowed, match="cannot be issued"):
            sign(reference, cast.amina, other)
    assert [each.drawing for each in signatures_of(make.read(reference)) if each.role == "offender"] == [DRAWN]
    assert Entry.objects.filter(event="case.issued").count() == 1


@pytest.mark.parametrize(("language", "copies"), [("en", ["en"]), ("cy", ["cy", "en"])])
def test_issuing_makes_the_documents_the_offenders_copy_as_it_was_read(
    cast: Cast, language: str, copies: list[str]
) -> None:
    reference = make.submitted(cast.amina)
    signed = replace(make.signatures(reference, cast.amina), language="cy" if language == "cy" else "en")
    sign(reference, cast.amina, replace(signed, drawings={"offender": DRAWN}))
    made = Document.objects.filter(case__reference=reference)
    found = sorted(document.language for document in made if document.kind == Document.OFFENDER_COPY)
    assert found == copies
    assert {document.because for document in made} == {"issued"}
    # What was signed is on the copy that is handed over.
    assert all(DRAWN in document.content for document in made if document.kind == Document.OFFENDER_COPY)
    entry = Entry.objects.get(event="case.issued")
    assert {"signature", "document", "case"} <= {change["row"] for change in entry.details["changes"]}


def test_who_would_not_sign_and_what_they_said_is_kept_and_the_case_stays_ready(cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    token = uuid4()
    for _ in range(2):
        record_signing_refused(reference, by=cast.amina, token=token, role="offender", said=f" {SAID} ")
    refusal = SigningRefusal.objects.get()
    assert (refusal.role, refusal.said, refusal.by_id) == ("offender", SAID, cast.amina.pk)
    assert make.read(reference).status_now is Status.READY
    entry = Entry.objects.get(event="case.signing_refused")
    assert entry.details["signer"] == "offender"
    # What was said is personal: it stands apart from the entry, to be erased.
    assert SAID not in str(entry.details)
    assert SAID in "".join(EntryPersonal.objects.filter(entry=entry).values_list("value", flat=True))
    with pytest.raises(Stale):
        record_signing_refused(reference, by=cast.amina, token=token, role="offender", said="Something else.")
    record_signing_refused(reference, by=cast.amina, token=uuid4(), role="offender", said="Still no.")
    assert SigningRefusal.objects.count() == 2
    # Talked over again, it is signed after all.
    assert make.issue_it(reference, cast.amina) is None


def test_a_refusal_to_sign_is_recorded_only_where_there_is_something_to_sign(cast: Cast) -> None:
    draft, ready, issued = make.complete_shop_theft(cast.amina), make.submitted(cast.amina), make.issued(cast.amina)

    def refuse(reference: str, officer: Officer, role: Signer = "offender", said: str = SAID) -> None:
        record_signing_refused(reference, by=officer, token=uuid4(), role=role, said=said)

    for reference in (draft, issued):
        with pytest.raises(NotAllowed, match="nothing to sign"):
            refuse(reference, cast.amina)
    with pytest.raises(NotAllowed, match="what they said"):
        refuse(ready, cast.amina, said="  ")
    with pytest.raises(NotAllowed, match="No appropriate adult"):
        refuse(ready, cast.amina, role="appropriate_adult")
    for officer in (cast.tom, cast.grace):
        with pytest.raises(NotAllowed, match="Only the officer"):
            refuse(ready, officer)
    with pytest.raises(AccessDenied):
        refuse(ready, cast.kieran)
    assert not SigningRefusal.objects.exists()
    child = make.submitted(cast.amina, make.child().but(report="9/26"))
    refuse(child, cast.amina, role="appropriate_adult")
    assert SigningRefusal.objects.get().role == "appropriate_adult"
