"""The pages of signing: nothing typed or drawn is lost, the language turns, a refusal to sign says what may be done."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cr_app.cases.drawing import LONGEST
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Document, Signature, SigningRefusal
from tests import make
from tests.cast import PASSWORD, Cast, give_password, sign_in
from tests.journeys.browsing import Page, open_page, page_of

MORNING = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
DRAWN = "M10 20 L30 40 M50 60 L70 80"
SIGNED = {"offender": "Jade Ransome", "officer": "Amina Khan"}
DRAWINGS = {"offender_drawing": DRAWN, "officer_drawing": "M1 1 L2 2"}


@pytest.fixture
def amina(client: Client, cast: Cast) -> Client:
    """A client in which Amina is signed in."""
    return sign_in(client, cast.amina)


def issue_page(client: Client, reference: str, query: str = "") -> Page:
    """Return the page of issuing a case."""
    return open_page(client, reverse("case_issue", args=[reference]) + query)


def unsent(page: Page) -> dict[str, str]:
    """Return what a page's form holds but for what every page has anew: its token, and to whom it was shown when."""
    return {name: value for name, value in page.form.items() if name not in ("csrfmiddlewaretoken", "shown_to")}


def drawn_on(page: Page) -> list[str]:
    """Return the paths that a page shows as drawn."""
    return [path.attrs.get("d", "") for path in page.tree.find_all("path") if path.attrs.get("class") == "cr-drawn"]


def test_a_refused_form_keeps_every_name_and_shows_every_drawing_again(amina: Client, cast: Cast) -> None:
    page = issue_page(amina, make.submitted(cast.amina))
    assert drawn_on(page) == ["", ""]
    wrong = page_of(amina.post(page.path, page.form | SIGNED | DRAWINGS | {"officer": "Somebody Else"}), page.path)
    assert (wrong.status, len(wrong.errors)) == (422, 1)
    kept = {"offender": "Jade Ransome", "officer": "Somebody Else", **DRAWINGS}
    assert {name: wrong.form[name] for name in kept} == kept
    assert drawn_on(wrong) == list(DRAWINGS.values())
    # Refused by the record itself, it keeps them too.
    other = page_of(
        amina.post(page.path, wrong.form | {"offender": "Mickey Mouse", "officer": "Amina Khan"}), page.path
    )
    assert (other.status, other.form["offender"]) == (403, "Mickey Mouse")
    assert drawn_on(other) == list(DRAWINGS.values())
    stale = page_of(amina.post(page.path, page.form | SIGNED | DRAWINGS | {"seen": "0" * 64}), page.path)
    assert (stale.status, drawn_on(stale)) == (409, list(DRAWINGS.values()))
    done = amina.post(page.path, stale.form)
    assert done.status_code == 302
    assert {each.role: each.drawing for each in Signature.objects.all()} == {"offender": DRAWN, "officer": "M1 1 L2 2"}


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ('M1 1"/><script>CANARY</script>', "could not be read"),
        ("M700 20 L30 40", "could not be read"),
        ("M1 1 L2 2 CANARY", "could not be read"),
        ("M1 1 L2 2 " * (LONGEST // 10 + 1), "too many lines"),
    ],
    ids=["markup", "outside", "words", "too long"],
)
def test_what_is_no_drawing_is_said_and_never_shown(amina: Client, cast: Cast, sent: str, sentence: str) -> None:
    page = issue_page(amina, make.submitted(cast.amina))
    wrong = page_of(amina.post(page.path, page.form | SIGNED | {"offender_drawing": sent}), page.path)
    assert wrong.status == 422
    assert len(wrong.errors) == len(wrong.summary) == 1
    assert sentence in wrong.summary[0]
    assert set(wrong.summary_targets) <= wrong.ids
    assert "CANARY" not in wrong.html
    assert (wrong.form["offender"], wrong.form["offender_drawing"]) == ("Jade Ransome", "")
    # Sent again as it stands, without the drawing, it is enough.
    assert amina.post(page.path, wrong.form).status_code == 302
    assert set(Signature.objects.values_list("drawing", flat=True)) == {None}


def test_the_page_turns_to_welsh_and_back_and_keeps_what_was_typed_and_drawn(amina: Client, cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.child())
    page = issue_page(amina, reference)
    assert (page.form["language"], page.tree.find_all("section")[0].attrs["lang"]) == ("en", "en")
    typed = {
        "offender": "Jade Ransome",
        "appropriate_adult": "",
        "officer": "Amina",
        "appropriate_adult_at_day": "x",
        "appropriate_adult_at_time": "10:00",
        **DRAWINGS,
    }
    turned = page_of(amina.post(page.path, page.form | typed | {"in_language": "cy"}), page.path)
    assert (turned.status, turned.errors, turned.summary) == (200, [], [])
    # Whoever signs is bound to what is read in that language.
    assert turned.form["read"] != page.form["read"]
    assert unsent(turned) == unsent(page) | typed | {"language": "cy", "read": turned.form["read"]}
    assert drawn_on(turned) == [DRAWN, "", "M1 1 L2 2"]
    languages = [section.attrs.get("lang") for section in turned.tree.find_all("section")]
    # What is read, the offender's part and the adult's are Welsh; the officer's is English.
    assert languages == ["cy", "cy", "cy", "en"]
    back = page_of(amina.post(page.path, turned.form | {"in_language": "en"}), page.path)
    assert unsent(back) == unsent(page) | typed
    assert make.read(reference).status_now is Status.READY


def test_an_address_can_ask_for_welsh_and_what_is_signed_says_so(amina: Client, cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    for asked, language in (("?language=cy", "cy"), ("?language=en", "en"), ("?language=tlh", "en"), ("", "en")):
        assert issue_page(amina, reference, asked).form["language"] == language
    page = issue_page(amina, reference, "?language=cy")
    # An error is the officer's to read: English, and marked so within the Welsh.
    wrong = page_of(amina.post(page.path, page.form | {"officer": "Amina Khan"}), page.path)
    assert [(node.text(), node.attrs["lang"]) for node in wrong.tree.find_all(class_="govuk-error-message")] == [
        ("Error: Enter the offender's name as their signature", "en")
    ]
    assert wrong.form["language"] == "cy"
    assert amina.post(page.path, wrong.form | SIGNED).status_code == 302
    kept = dict(Signature.objects.values_list("role", "language"))
    assert kept == {"offender": "cy", "officer": "en"}
    copies = Document.objects.filter(kind=Document.OFFENDER_COPY).values_list("language", flat=True)
    assert sorted(copies) == ["cy", "en"]


def test_an_error_in_welsh_keeps_the_language_and_all_of_the_adults_part(amina: Client, cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.child())
    page = issue_page(amina, reference, "?language=cy")
    adults = {
        "appropriate_adult": "Theresa Quill",
        "appropriate_adult_drawing": DRAWN,
        "appropriate_adult_at_day": "31",
        "appropriate_adult_at_month": "2",
        "appropriate_adult_at_time": "25:99",
    }
    wrong = page_of(amina.post(page.path, page.form | SIGNED | DRAWINGS | adults), page.path)
    assert wrong.status == 422
    assert wrong.errors
    assert unsent(wrong) == unsent(page) | SIGNED | DRAWINGS | adults
    assert [section.attrs.get("lang") for section in wrong.tree.find_all("section")] == ["cy", "cy", "cy", "en"]
    assert drawn_on(wrong) == [DRAWN, DRAWN, "M1 1 L2 2"]


def test_whoever_turns_18_between_reading_and_signing_reads_it_again_and_no_signature_is_lost(cast: Cast) -> None:
    child = make.child().answering({"offender.born_on": date(2008, 11, 19)})
    adults = {
        "appropriate_adult": "Theresa Quill",
        "appropriate_adult_drawing": DRAWN,
        "appropriate_adult_at_day": "18",
        "appropriate_adult_at_time": "23:40",
    }
    with time_machine.travel(datetime(2026, 11, 18, 23, 50, tzinfo=UTC), tick=False) as clock:
        reference = make.submitted(cast.amina, child)
        client = sign_in(Client(), cast.amina)
        page = issue_page(client, reference)
        assert "young person" in page.html
        clock.move_to(datetime(2026, 11, 19, 0, 5, tzinfo=UTC))
        stale = page_of(client.post(page.path, page.form | SIGNED | DRAWINGS | adults), page.path)
        assert stale.status == 409
        assert "What is read out has changed since it was read. Read it again before anybody signs." in stale.html
        assert make.read(reference).status_now is Status.READY
        # What is shown now is what an adult reads; what the appropriate adult signed is still there, in words.
        assert "young person" not in stale.tree.find_all("article")[0].text()
        assert {name: stale.form[name] for name in adults} == adults
        assert drawn_on(stale) == [DRAWN, DRAWN, "M1 1 L2 2"]
        assert "Appropriate adult: type your full name to sign" in stale.html
        assert client.post(page.path, stale.form).status_code == 302
    (copy,) = Document.objects.filter(kind=Document.OFFENDER_COPY)
    assert '"reader":"adult"' in copy.content
    kept = dict(Signature.objects.values_list("role", "drawing"))
    assert kept == {"offender": DRAWN, "appropriate_adult": DRAWN, "officer": "M1 1 L2 2"}


@pytest.mark.parametrize("read", ["", "0" * 64, None])
def test_what_was_signed_is_what_was_read(amina: Client, cast: Cast, read: str | None) -> None:
    reference = make.submitted(cast.amina)
    page = issue_page(amina, reference)
    sent = page.form | SIGNED | ({"read": read} if read is not None else {})
    if read is None:
        del sent["read"]
    # A wrong name besides does not hide it.
    stale = page_of(amina.post(page.path, sent | {"offender": "Mickey Mouse"}), page.path)
    assert stale.status == 409
    assert make.read(reference).status_now is Status.READY
    assert stale.form["read"] == page.form["read"]
    assert amina.post(page.path, stale.form | SIGNED).status_code == 302


def test_what_was_typed_and_drawn_comes_back_after_the_session_ended(client: Client, cast: Cast) -> None:
    give_password(cast.amina)
    with time_machine.travel(MORNING, tick=False) as clock:
        reference = make.submitted(cast.amina)
        sign_in(client, cast.amina)
        page = issue_page(client, reference, "?language=cy")
        path = reverse("case_issue", args=[reference])
        longest = "M1 1" + " L22 2 L1 11" * ((LONGEST - 4) // 12)
        typed = SIGNED | {"offender_drawing": longest, "officer_drawing": DRAWN}
        clock.move_to(MORNING + timedelta(hours=2))
        assert client.post(page.path, page.form | typed)["Location"].startswith("/sign-in/")
        assert make.read(reference).status_now is Status.READY
        client.post("/sign-in/", {"login": "4127", "password": PASSWORD, "next": path})
        back = open_page(client, path)
        assert "What you typed before you were signed out is here" in back.html
        assert {name: back.form[name] for name in typed} == typed
        assert (back.form["language"], drawn_on(back)) == ("cy", [longest, DRAWN])
        assert client.post(path, back.form).status_code == 302
    assert Signature.objects.get(role="offender").drawing == longest


def test_after_issue_the_case_says_what_comes_next_and_shows_what_was_drawn(amina: Client, cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    page = issue_page(amina, reference)
    done = amina.post(page.path, page.form | SIGNED | DRAWINGS)
    shown = open_page(amina, done["Location"])
    assert "Print the documents now, and hand the offender&#x27;s copy over." in shown.html
    assert drawn_on(shown) == list(DRAWINGS.values())
    assert "Print the documents now" not in open_page(amina, done["Location"]).html
    # The second of two tabs comes to the same end, and a page opened after it leads there.
    again = amina.post(page.path, page.form | SIGNED | DRAWINGS)
    assert (again.status_code, again["Location"]) == (302, done["Location"])
    assert amina.get(page.path)["Location"] == done["Location"]
    assert "Print the documents now" not in open_page(amina, done["Location"]).html
    # Another name or drawing from a tab left open changes nothing.
    assert amina.post(page.path, page.form | SIGNED).status_code == 302
    assert Signature.objects.count() == 2


def test_the_officers_part_comes_last_and_the_offender_reads_before_signing(amina: Client, cast: Cast) -> None:
    page = issue_page(amina, make.submitted(cast.amina, make.child()))
    order = [
        'class="cr-sheet',
        'name="offender"',
        'name="appropriate_adult"',
        'name="officer"',
        'data-module="govuk-button" data-prevent-double-click="true">Sign and issue',
    ]
    places = [page.html.rindex(each) for each in order]
    assert places == sorted(places)


def test_what_is_handed_over_leads_to_no_page_of_the_officers(amina: Client, cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.child())
    page = issue_page(amina, reference, "?language=cy")
    *handed, officers = page.tree.find_all("main")[0].find_all("section")
    assert len(handed) == 3
    assert [link for section in handed for link in section.find_all("a")] == []
    assert [link.attrs["href"] for link in officers.find_all("a")] == [
        reverse("case_signing_refused", args=[reference]),
        f"{reverse('case_documents_preview', args=[reference])}?language=cy",
    ]
    # Nor does anything above what is read, where the offender might look.
    above = page.html[: page.html.index('class="cr-sheet')]
    assert "documents/preview" not in above


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "If you do not want to sign, tell the officer and hand the device back."),
        ("cy", "Os nad ydych am lofnodi, dywedwch wrth y swyddog a rhowch y ddyfais yn ôl."),
    ],
)
def test_whoever_signs_is_told_before_the_name_what_to_do_instead(
    amina: Client, cast: Cast, language: str, sentence: str
) -> None:
    page = issue_page(amina, make.submitted(cast.amina, make.child()), f"?language={language}")
    _reading, offenders, adults, officers = page.tree.find_all("main")[0].find_all("section")
    for part in (offenders, adults):
        assert part.attrs["lang"] == language
        assert part.text().count(sentence) == 1
        assert part.text().index(sentence) < part.text().index(part.find_all("label")[0].text())
    assert sentence not in officers.text()


def test_a_refusal_to_sign_says_what_may_be_done_and_issues_nothing(amina: Client, cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    path = reverse("case_signing_refused", args=[reference])
    page = open_page(amina, path)
    assert "role" not in page.form
    empty = page_of(amina.post(path, page.form), path)
    assert (empty.status, empty.errors) == (422, ["Say what they said, or that they said nothing"])
    told = page.form | {"said": "Not without <b>my sister</b>."}
    assert [amina.post(path, told)["Location"] for _ in range(2)] == [path, path]
    refusal = SigningRefusal.objects.get()
    assert (refusal.role, refusal.said) == ("offender", "Not without <b>my sister</b>.")
    shown = open_page(amina, path)
    for said in (
        "nothing has been issued",
        "The offender would not sign on",
        "Not without &lt;b&gt;my sister&lt;/b&gt;.",
        reverse("case_issue", args=[reference]),
        reverse("case_not_used", args=[reference]),
        "Other ways to deal with the offence",
    ):
        assert said in shown.html, said
    assert re.search(r"The offender would not sign on \d", issue_page(amina, reference).html)
    # A new token: another refusal is another row.
    assert amina.post(path, shown.form | {"said": "Still no."}).status_code == 302
    assert SigningRefusal.objects.count() == 2
    # The first token for other words: refused, with a new one and what was typed.
    stale = page_of(amina.post(path, told | {"said": "Other words."}), path)
    assert (stale.status, stale.form["said"]) == (409, "Other words.")
    assert stale.form["token"] != told["token"]
    assert make.read(reference).status_now is Status.READY


def test_where_an_appropriate_adult_signs_the_page_asks_who_would_not(amina: Client, cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.child())
    path = reverse("case_signing_refused", args=[reference])
    page = open_page(amina, path)
    empty = page_of(amina.post(path, page.form | {"said": "No."}), path)
    assert (empty.status, empty.errors) == (422, ["Select who will not sign"])
    assert amina.post(path, empty.form | {"role": "appropriate_adult"}).status_code == 302
    assert SigningRefusal.objects.get().role == "appropriate_adult"
    make.issue_it(reference, cast.amina)
    assert amina.get(path).status_code == 403
