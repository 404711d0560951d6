"""The pages of documents: list, read, print, download, make in another language, see before issue."""

import io
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from cr_app.audit.models import Access
from cr_app.cases.documents.sheets import read_sheet
from cr_app.cases.models import Case, Document
from cr_app.pages.moments import written
from tests import make
from tests.cases.documents.sheet_read import folded, text_of, worded
from tests.cases.test_documents import corrected, in_short, issued_before_documents, kept, rescinded
from tests.cast import Cast, sign_in
from tests.journeys.browsing import Page, fields_of, open_page

COPY, LETTER = Document.OFFENDER_COPY, Document.VICTIM_LETTER


@pytest.fixture
def amina(client: Client, cast: Cast) -> Client:
    """The browser in which Amina Khan is signed in."""
    return sign_in(client, cast.amina)


def listed(reference: str) -> str:
    return reverse("case_documents", args=[reference])


def shown(document: Document) -> str:
    return reverse("case_document", args=[document.case.reference, document.pk])


def buttons(page: Page) -> dict[str, dict[str, str]]:
    """Return what each button of the page sends, by its words."""
    main = page.tree.find_all("main")[0]
    forms = main.find_all("form")
    return {form.find_all("button")[0].text(): fields_of(form) for form in forms}


def pdf_answer(client: Client, document: Document, **query: str) -> Any:
    return client.get(reverse("case_document_pdf", args=[document.case.reference, document.pk]), query)


def test_the_page_and_the_pdf_hold_the_words_that_were_kept(amina: Client, cast: Cast) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    for document in kept(reference):
        sheet = read_sheet(document.content)
        page = open_page(amina, shown(document))
        (article,) = page.tree.find_all("article")
        assert article.attrs["lang"] == "en"
        assert folded(article.text()).startswith(worded(sheet))
        assert folded(article.text())[len(worded(sheet)) :].strip() == folded(
            f"{sheet.foot} Check code {document.digest[:12]}"
        )
        assert [heading.text() for heading in page.tree.find_all("h1")] == [sheet.title]
        assert document.digest in page.html
        answer = pdf_answer(amina, document)
        assert text_of(answer.content, sheet) == worded(sheet)


def test_a_pdf_is_kept_by_no_cache_and_its_name_tells_of_nobody(amina: Client, cast: Cast) -> None:
    reference = make.issued(cast.amina)
    copy, letter = kept(reference)[:2]
    answer = pdf_answer(amina, copy)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == f'inline; filename="{reference}-offender-copy-en-v1.pdf"'
    large = pdf_answer(amina, letter, size="large")
    name = f"{reference}-victim-letter-1-en-v1-large-print.pdf"
    assert large.headers["Content-Disposition"] == f'inline; filename="{name}"'
    assert len(PdfReader(io.BytesIO(large.content)).pages) > len(PdfReader(io.BytesIO(answer.content)).pages)
    assert pdf_answer(amina, copy).content == answer.content


def test_large_print_is_asked_for_by_a_link_and_anything_else_is_normal(amina: Client, cast: Cast) -> None:
    (copy, *_) = kept(make.issued(cast.amina))
    normal = amina.get(shown(copy)).content.decode()
    assert "cr-sheet--large" not in normal
    assert f'href="{shown(copy)}?size=large"' in normal
    assert "cr-sheet--large" in amina.get(shown(copy), {"size": "large"}).content.decode()
    assert "cr-sheet--large" not in amina.get(shown(copy), {"size": "<huge>"}).content.decode()


def test_the_list_tells_what_for_whom_and_how_each_came_about(amina: Client, cast: Cast) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    page = open_page(amina, listed(reference))
    said = page.tree.find_all("main")[0].text()
    for words in (
        "Offender's copy For the offender, Jade Ransome",
        "Letter For victim 1, Holloway Stores",
        "Letter For victim 2, Noor Haddad",
        "Entry for the crime report To be copied to the crime report",
        "English, version 1",
        f"by {cast.amina.title}, when the Community Resolution was issued.",
    ):
        assert words in said, words
    for document in kept(reference):
        assert document.digest in said
        assert f'href="{shown(document)}"' in page.html
    assert "Replaced" not in said


def test_a_button_makes_a_document_in_welsh_once_however_often_it_is_pressed(amina: Client, cast: Cast) -> None:
    reference = make.issued(cast.amina)
    offered = buttons(open_page(amina, listed(reference)))
    assert set(offered) == {
        "Make it in Welsh : Offender's copy, For the offender, Jade Ransome",
        "Make it in Welsh : Letter, For the victim, Holloway Stores",
    }
    sent = next(fields for words, fields in offered.items() if "Letter" in words)
    led = {amina.post(listed(reference), sent)["Location"] for _ in range(2)}
    (made,) = Document.objects.filter(case__reference=reference, language="cy")
    assert led == {f"{listed(reference)}#document-{made.pk}"}
    page = open_page(amina, listed(reference))
    assert f"document-{made.pk}" in page.ids
    assert [words for words in buttons(page) if "Letter" in words] == []
    (article,) = open_page(amina, shown(made)).tree.find_all("article")
    assert article.attrs["lang"] == "cy"
    assert {node.attrs["lang"] for node in article.find_all() if "lang" in node.attrs} == {"en"}


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"make": "one"},
        {"make": "one", "kind": COPY, "language": "fr"},
        {"make": "one", "kind": "case", "language": "cy"},
        {"make": "one", "kind": LETTER, "victim": "9" * 50, "language": "cy"},
        {"make": "one", "kind": LETTER, "victim": "x\x00", "language": "cy"},
        {"make": "all"},
    ],
)
def test_a_button_that_is_none_of_the_page_makes_nothing(amina: Client, cast: Cast, sent: dict[str, str]) -> None:
    reference = make.issued(cast.amina)
    before = in_short(reference)
    answer = amina.post(listed(reference), sent)
    assert answer.status_code == 422
    assert "Nothing was made. Choose a document from the list." in answer.content.decode()
    assert sign_in(Client(), cast.tom).post(listed(reference), sent).status_code == 403
    assert in_short(reference) == before


def test_a_document_that_the_case_does_not_have_is_refused(amina: Client, cast: Cast) -> None:
    reference, other = make.issued(cast.amina), make.issued(cast.amina)
    victim = str(kept(other)[1].victim_id)
    for kind, whose, language in (("crime_report_entry", "", "cy"), (LETTER, victim, "cy"), (LETTER, "", "cy")):
        sent = {"make": "one", "kind": kind, "victim": whose, "language": language}
        assert amina.post(listed(reference), sent).status_code == 403
    assert len(kept(reference)) == len(kept(other)) == 3


def test_an_older_version_stays_and_says_what_replaced_it(amina: Client, cast: Cast) -> None:
    reference = make.issued(cast.amina)
    old = kept(reference)[0]
    before = (amina.get(shown(old)).content.decode(), pdf_answer(amina, old).content)
    new = corrected(reference, cast.amina)[0]
    page = open_page(amina, listed(reference))
    (older, *_) = page.tree.find_all("details")
    assert f"English, version 1 , as of {written(timezone.localdate())} Replaced by version 2" in older.text()
    assert f'href="{shown(old)}"' in page.html
    said = amina.get(shown(old)).content.decode()
    assert "This version was replaced." in said
    assert f'href="{shown(new)}">Open version 2</a>' in said
    assert "This version was replaced." not in before[0]
    assert "This version was replaced." not in amina.get(shown(new)).content.decode()
    assert pdf_answer(amina, old).content == before[1]
    assert pdf_answer(amina, new).content != before[1]


def test_nothing_of_a_case_that_stands_says_that_it_was_taken_back(amina: Client, cast: Cast) -> None:
    said = open_page(amina, listed(make.issued(cast.amina))).tree.find_all("main")[0].text()
    assert "Offender's copy" in said
    assert not re.search("rescinded|no longer", said)


def test_after_a_rescission_the_notices_come_first_and_no_copy_and_no_letter_is_offered(
    amina: Client, cast: Cast
) -> None:
    reference = make.issued(cast.amina)
    rescinded(reference, cast.priya)
    main = open_page(amina, listed(reference)).tree.find_all("main")[0]
    said = main.text()
    assert said.count("Notice that it was rescinded") >= 2
    assert "when the Community Resolution was rescinded." in said
    (day,) = re.findall(r"The Community Resolution was rescinded on ([^.]+)\.", said)
    assert written(timezone.localdate()) in day
    assert "No new copy and no new letter is made" in said
    # It comes first, then the notices; what was agreed before says itself that it holds no longer.
    assert said.index("was rescinded on") < said.index("Notice that it was rescinded")
    cards = {card.find_all("h2")[0].text(): card.text() for card in main.find_all("section")}
    assert [title.split(" For ")[0] for title in cards] == [
        *["Notice that it was rescinded"] * 2,
        "Offender's copy",
        "Letter",
        "Entry for the crime report To be copied to the crime report",
    ]
    assert ["Holds no longer" in card for card in cards.values()] == [False, False, True, True, False]
    offered = [
        each for each in open_page(amina, listed(reference)).tree.find_all("button") if "Make it in" in each.text()
    ]
    assert len(offered) == len([each for each in kept(reference) if each.kind.endswith("notice")])
    assert all("Notice that it was rescinded" in each.text() for each in offered)


def test_what_was_made_before_a_rescission_says_on_its_page_that_it_does_not_say_so(amina: Client, cast: Cast) -> None:
    reference = make.issued(cast.amina)
    before = kept(reference)
    assert not any("was rescinded on" in amina.get(shown(each)).content.decode() for each in before)
    rescinded(reference, cast.priya)
    # No copy is made any more; the entry for the crime report is, with a correction.
    made = next(each for each in corrected(reference, cast.amina) if each.kind == Document.CRIME_REPORT_ENTRY)
    says = {each.pk: amina.get(shown(each)).content.decode() for each in kept(reference)}
    for each in before:
        assert "The Community Resolution was rescinded on" in says[each.pk]
        assert "This document was made before, and does not say so." in says[each.pk]
    assert "The Community Resolution was rescinded on" in says[made.pk]
    assert "This document was made before" not in says[made.pk]
    notices = [each for each in kept(reference) if each.kind.endswith("notice")]
    assert notices
    # A notice says nothing else.
    assert not any("The Community Resolution was rescinded on" in says[each.pk] for each in notices)


@pytest.mark.parametrize(("name", "is_marked"), [("Ransome", False), ("محمد", True)])
def test_a_name_that_a_pdf_cannot_show_is_said_before_it_is_handed_over(
    amina: Client, cast: Cast, name: str, *, is_marked: bool
) -> None:
    story = make.shop_theft().answering({"offender.last_names": name})
    (copy, *_) = kept(make.issued(cast.amina, story))
    said = amina.get(shown(copy)).content.decode()
    assert name in said
    assert ("The PDF cannot show every character" in said) == is_marked


def test_documents_of_a_case_issued_before_they_were_kept_are_made_by_a_button(amina: Client, cast: Cast) -> None:
    reference = issued_before_documents(cast.amina, make.read(make.issued(cast.amina)).issued_at)  # type: ignore[arg-type]
    page = open_page(amina, listed(reference))
    assert "Letter: for victim 2, Noor Haddad" in page.tree.find_all("main")[0].text()
    (sent,) = buttons(page).values()
    for _ in range(2):
        assert amina.post(listed(reference), sent)["Location"] == listed(reference)
    assert [(kind, place) for kind, place, *_ in in_short(reference)] == [
        (COPY, None),
        (LETTER, 1),
        (LETTER, 2),
        (Document.CRIME_REPORT_ENTRY, None),
    ]
    assert "Make them in English" not in amina.get(listed(reference)).content.decode()


def test_who_only_reads_is_offered_nothing_to_make(amina: Client, cast: Cast) -> None:
    reference = make.issued(cast.amina)
    tom = sign_in(Client(), cast.tom)
    asked = tom.get(listed(reference))
    tom.post(asked["Location"], {"reason": "Same offender as in my case."})
    assert buttons(open_page(tom, listed(reference))) == {}
    assert tom.get(shown(kept(reference)[0])).status_code == 200
    assert tom.post(listed(reference), {"make": "one", "kind": COPY, "language": "cy"}).status_code == 403
    assert buttons(open_page(sign_in(Client(), cast.grace), listed(reference))) != {}


def test_a_document_belongs_to_its_case_and_to_its_force(amina: Client, cast: Cast) -> None:
    document, other = kept(make.issued(cast.amina))[0], make.issued(cast.amina)
    for name in ("case_document", "case_document_pdf"):
        assert amina.get(reverse(name, args=[other, document.pk])).status_code == 404
        assert amina.get(reverse(name, args=[other, 2**63])).status_code == 404
        assert (
            sign_in(Client(), cast.kieran).get(reverse(name, args=[document.case.reference, document.pk])).status_code
            == 404
        )
    assert amina.get(f"{listed(other)}{'9' * 5000}/").status_code == 404


def test_every_look_at_a_document_is_recorded(amina: Client, cast: Cast) -> None:
    reference = make.issued(cast.amina)
    document = kept(reference)[0]
    for path in (listed(reference), shown(document)):
        amina.get(path)
    pdf_answer(amina, document)
    looks = Access.objects.filter(subjects=[f"case:{reference}"]).order_by("-id")[:3]
    assert [look.page for look in looks] == ["document as PDF", "document", "documents"]
    history = amina.get(reverse("case_history", args=[reference])).content.decode()
    assert "A document as a PDF" in history


def test_a_case_that_is_ready_shows_its_documents_as_they_would_be(amina: Client, cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.two_victims())
    path = reverse("case_documents_preview", args=[reference])
    page = open_page(amina, path)
    assert [article.attrs["lang"] for article in page.tree.find_all("article")] == ["en"] * 4
    assert len(page.tree.find_all("h1")) == 1
    assert "Not issued yet." in page.html
    assert "For you alone: it names the victims. Hand nothing of it over." in page.html
    # What is not for print is one part of the page, with every sheet in it.
    (unprinted,) = (each for each in page.tree.find_all(class_="cr-on-screen") if each.find_all("article"))
    assert len(unprinted.find_all("article")) == 4
    welsh = open_page(amina, f"{path}?language=cy")
    assert [article.attrs["lang"] for article in welsh.tree.find_all("article")] == ["cy", "cy", "cy", "en"]
    assert kept(reference) == []
    assert f'href="{path}"' in amina.get(listed(reference)).content.decode()
    draft = make.complete_shop_theft(cast.amina)
    assert amina.get(reverse("case_documents_preview", args=[draft])).status_code == 403
    assert Case.objects.get(reference=draft).is_draft
    assert make.issue_it(reference, cast.amina) is None
    assert amina.get(path)["Location"] == listed(reference)
