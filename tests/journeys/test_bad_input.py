"""Whatever is typed, the page says what to do beside the field and in the summary, and keeps everything else."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cr_app.cases.models import Victim
from tests import make
from tests.cast import Cast, sign_in
from tests.journeys.browsing import Page, day, moment, open_page, page_of

INCIDENT = {
    **moment("occurred_from"),
    "place": "Holloway Stores",
    "borough": "Camden",
    "circumstances_brief": "Took squash.",
    "venue": "none",
}
OFFENDER = {
    "first_names": "Jade",
    "last_names": "Ransome",
    **day("born_on", "1", "2", "1996"),
    "sex": "female",
    "self_defined_ethnicity": "W1",
    "officer_defined_ethnicity": "IC1",
}
DETAILS = {"address": "Flat 4", "police_officer_or_staff": "no"}
RATIONALE = {"rationale": "Small, and admitted."}
SERIOUSNESS = {"evidence_sufficient": "yes", "less_serious": "yes", "gravity_score": "2"}
GOOD = {"incident": INCIDENT, "offender": OFFENDER, "offender-details": DETAILS, "rationale": RATIONALE}
GOOD["seriousness"] = SERIOUSNESS
LONG_NUMBER = "9" * 5000

# What is typed otherwise than well on which page, and words of the sentence that it gets.
REFUSED: dict[str, tuple[str, dict[str, str], str]] = {
    "30 February": ("incident", moment("occurred_from", "30", "2"), "real date"),
    "month 13": ("incident", moment("occurred_from", "1", "13"), "onth"),
    "a day in words": ("incident", moment("occurred_from", "first"), "ay"),
    "a year of two figures": ("incident", moment("occurred_from", "1", "1", "26"), "ear"),
    "no time": ("incident", moment("occurred_from", time=""), "time"),
    "25 o'clock": ("incident", moment("occurred_from", time="25:00"), "time"),
    "the future": ("incident", moment("occurred_from", "1", "1", "2099"), "past"),
    "an end before the beginning": ("incident", moment("occurred_to", "1", "10"), "before the beginning"),
    "an incident before the birth": (
        "incident",
        moment("occurred_from", "1", "1", "1980"),
        "before the offender was born",
    ),
    "a number of 5,000 figures as a day": ("incident", moment("occurred_from", LONG_NUMBER), "ay"),
    "NUL in a place": ("incident", {"place": "Holl\x00oway"}, "character"),
    "control characters in a place": ("incident", {"place": "Holl\x07oway\x1b[31m"}, "character"),
    "reordering in a place": ("incident", {"place": "abc\u202edef"}, "character"),
    "301 characters of place": ("incident", {"place": "x" * 301}, "300 characters"),
    "a venue that is not offered": ("incident", {"venue": "moon"}, "Select"),
    "born 125 years ago": ("offender", day("born_on", "1", "1", "1901"), "or later"),
    "born tomorrow": ("offender", day("born_on", "1", "1", "2099"), "past"),
    "born after the offence": ("offender", day("born_on", "20", "11", "2026"), "after the offence"),
    "born too long ago": ("offender", day("born_on", "1", "1", "1700"), "1900"),
    "29 February of no leap year": ("offender", day("born_on", "29", "2", "2007"), "real date"),
    "neither birth nor age": ("offender", day("born_on", "", "", ""), "estimated age"),
    "both birth and age": ("offender", {"estimated_age": "30"}, "Leave the estimated age empty"),
    "an age of 5,000 figures": ("offender", {**day("born_on", "", "", ""), "estimated_age": LONG_NUMBER}, "age"),
    "an age of 121": ("offender", {**day("born_on", "", "", ""), "estimated_age": "121"}, "120"),
    "an age of minus 4": ("offender", {**day("born_on", "", "", ""), "estimated_age": "-4"}, "age"),
    "an estimated age with no reason": (
        "offender",
        {**day("born_on", "", "", ""), "estimated_age": "30"},
        "why the date of birth is not known",
    ),
    "a name of 201 characters": ("offender", {"last_names": "x" * 201}, "200 characters"),
    "no last name": ("offender", {"last_names": "  "}, "only name"),
    "NUL in a name": ("offender", {"last_names": "Ran\x00some"}, "character"),
    "a sex that is not offered": ("offender", {"sex": "x"}, "Select"),
    "an ethnicity that is not offered": ("offender", {"self_defined_ethnicity": "ZZ"}, "answers shown"),
    "a PNC ID with a wrong check letter": ("offender-details", {"pnc_id": "2003/0011985A"}, "last letter"),
    "no PNC ID at all": ("offender-details", {"pnc_id": "squash"}, "PNC ID"),
    "a CRO number with a wrong check letter": ("offender-details", {"cro_number": "265416/21A"}, "last letter"),
    "a PNC ID of 5,000 figures": ("offender-details", {"pnc_id": LONG_NUMBER}, "PNC ID"),
    "a postcode that is none": ("offender-details", {"postcode": "N77 8XXX"}, "postcode"),
    "an e-mail address that is none": ("offender-details", {"email": "jade at example"}, "mail"),
    "a phone number that is none": ("offender-details", {"phone": "squash"}, "phone"),
    "no way to find the offender": ("offender-details", {"address": ""}, "at least one"),
    "one's own warrant number": (
        "offender-details",
        {"police_officer_or_staff": "yes", "warrant_number": "4127"},
        "your own warrant number",
    ),
    "one's own warrant number, spaced": (
        "offender-details",
        {"police_officer_or_staff": "yes", "warrant_number": "41 27"},
        "your own warrant number",
    ),
    "a warrant number with letters that grow": (
        "offender-details",
        {"police_officer_or_staff": "yes", "warrant_number": "ß" * 20},
        "A to Z",
    ),
    "a phone number longer than its column": (
        "offender-details",
        {"phone": "1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 ext 123456"},
        "30 characters",
    ),
    "neither yes nor no": ("offender-details", {"police_officer_or_staff": "perhaps"}, "Select yes"),
    "10,001 characters of rationale": ("rationale", {"rationale": "x" * 10001}, "10,000 characters"),
    "a rationale of spaces": ("rationale", {"rationale": " \n \t"}, "proportionate"),
    "NUL in the rationale": ("rationale", {"rationale": "a\x00b"}, "character"),
    "gravity 6": ("seriousness", {"gravity_score": "6"}, "Select"),
    "a gravity of 5,000 figures": ("seriousness", {"gravity_score": LONG_NUMBER}, "Select"),
}
# What is typed in unusual ways and is well; and how the case then has it.
TAKEN: dict[str, tuple[str, dict[str, str], str, str]] = {
    "an apostrophe": ("offender", {"last_names": "O'Neill"}, "offender.last_names", "O'Neill"),
    "a curly apostrophe": ("offender", {"last_names": "O’Neill"}, "offender.last_names", "O’Neill"),
    "a hyphen": ("offender", {"last_names": "Mbeki-Stone"}, "offender.last_names", "Mbeki-Stone"),
    "one name only": ("offender", {"first_names": "", "last_names": "Sukarno"}, "offender.last_names", "Sukarno"),
    "200 characters": ("offender", {"last_names": "x" * 200}, "offender.last_names", "x" * 200),
    "Hebrew": ("offender", {"last_names": "אבגד"}, "offender.last_names", "אבגד"),
    "Arabic": ("offender", {"last_names": "محمد"}, "offender.last_names", "محمد"),
    "combined accents": ("offender", {"last_names": "Ame\u0301lie"}, "offender.last_names", "Amélie"),
    "spaces about": ("offender", {"last_names": "  de  la Cruz "}, "offender.last_names", "de la Cruz"),
    "markup": ("offender", {"last_names": "<b>x</b>"}, "offender.last_names", "<b>x</b>"),
    "a postcode in small letters": ("offender-details", {"postcode": "n78xx"}, "offender.postcode", "N7 8XX"),
    "a PNC ID": ("offender-details", {"pnc_id": "2003/0011985x"}, "offender.pnc_id", "2003/0011985X"),
    "a CRO number": ("offender-details", {"cro_number": "265416/21g"}, "offender.cro_number", "265416/21G"),
    "10,000 characters": ("rationale", {"rationale": "x" * 10000}, "case.rationale", "x" * 10000),
    "emoji and lines": ("rationale", {"rationale": "Sorry 🙂\r\nTruly."}, "case.rationale", "Sorry 🙂\nTruly."),
}


@pytest.fixture
def draft(cast: Cast) -> str:
    """A draft whose offender was born in 1996 and whose incident was on 10 November 2026."""
    reference = make.case(cast.amina)
    make.answer(reference, cast.amina, "offender", offender__born_on=date(1996, 2, 1))
    make.answer(reference, cast.amina, "incident", case__occurred_from=datetime(2026, 11, 1, 10, tzinfo=UTC))
    return reference


@pytest.fixture
def amina(client: Client, cast: Cast) -> Client:
    """The browser in which Amina Khan is signed in."""
    return sign_in(client, cast.amina)


def typed(client: Client, reference: str, slug: str, answers: dict[str, str]) -> tuple[Page, dict[str, str]]:
    """Open a page, type good answers but for some, and send it; returns the answer and what was sent."""
    path = reverse("case_step", args=[reference, slug])
    sent = open_page(client, path).form | GOOD[slug] | answers
    return page_of(client.post(path, sent), path), sent


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_said_beside_the_field_and_in_the_summary_and_all_else_is_kept(
    amina: Client, draft: str, name: str
) -> None:
    slug, answers, words = REFUSED[name]
    version = make.read(draft).version
    page, sent = typed(amina, draft, slug, answers)
    assert page.status == 422
    assert page.errors, "nothing is said beside a field"
    assert any(words in line for line in page.errors), page.errors
    assert sorted(page.summary) == sorted(page.errors)
    assert set(page.summary_targets) <= page.ids
    assert "<title>Error: " in page.html
    assert "\x00" not in page.html
    kept = page.form
    for key, value in sent.items():
        if key not in answers and key not in ("csrfmiddlewaretoken", "shown_to", "then"):
            assert kept.get(key, "") == value, key
    assert make.read(draft).version == version


@pytest.mark.parametrize("name", TAKEN)
def test_it_is_taken_as_it_was_meant(amina: Client, draft: str, name: str) -> None:
    slug, answers, key, value = TAKEN[name]
    page, _ = typed(amina, draft, slug, answers)
    assert page.status == 302, page.errors
    case = make.read(draft)
    row, _, column = key.partition(".")
    assert getattr(case if row == "case" else case.offender, column) == value
    again = open_page(amina, reverse("case_step", args=[draft, slug]))
    assert again.form[column] == value
    if "<b>" in value:
        assert value not in again.html
    assert open_page(amina, reverse("case", args=[draft])).status == 200
    assert open_page(amina, reverse("case_history", args=[draft])).status == 200


def test_bytes_that_are_no_text_never_break_a_page(amina: Client, draft: str) -> None:
    path = reverse("case_step", args=[draft, "rationale"])
    form = "application/x-www-form-urlencoded"
    for body in (
        b"rationale=%ED%A0%80",
        b"rationale=%FF%FE",
        b"\xff\xfe=\x00",
        b"rationale=%00&seen=%00",
        b"&&==&",
        b"",
    ):
        assert amina.post(path, body, content_type=form).status_code < 500, body
    for kind in ("application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x"):
        assert amina.post(path, b'{"rationale": "\xed\xa0\x80"}', content_type=kind).status_code in (400, 422), kind


def test_a_file_where_a_text_is_meant_is_no_answer(amina: Client, draft: str) -> None:
    path = reverse("case_step", args=[draft, "rationale"])
    form = open_page(amina, path).form
    sent = {**form, "rationale": SimpleUploadedFile("rationale.txt", b"Small, and admitted.")}
    response = amina.post(path, sent)
    assert response.status_code == 422
    assert make.read(draft).rationale is None


def test_too_many_fields_and_too_much_are_refused_with_a_page(amina: Client, draft: str) -> None:
    path = reverse("case_step", args=[draft, "rationale"])
    for sent in ({f"field{place}": "x" for place in range(201)}, {"rationale": "x" * 300_000}):
        response = amina.post(path, sent)
        assert response.status_code in (400, 413)
        assert "<h1" in response.content.decode()
    assert make.read(draft).version == 3


OFFENCE_CODES = ["", "999/99", "46/00\x00", "squash", "x" * 13, "46/00; DROP TABLE", "🙂", LONG_NUMBER]


@pytest.mark.parametrize("code", OFFENCE_CODES)
def test_an_offence_code_that_is_none_is_refused_beside_the_field(amina: Client, draft: str, code: str) -> None:
    path = reverse("case_row_add", args=[draft, "offences"])
    page = page_of(amina.post(path, open_page(amina, path).form | {"offence_type": code}), path)
    assert page.status == 422
    assert page.errors
    assert sorted(page.summary) == sorted(page.errors)
    assert set(page.summary_targets) <= page.ids


# What is typed on the page of an agreed action, and words of what is said.
ACTIONS: dict[str, tuple[dict[str, str], str]] = {
    "an amount of 5,000 figures": ({"amount": LONG_NUMBER}, "how much"),
    "an amount of nothing": ({"amount": "0"}, "how much"),
    "an amount that no column holds": ({"amount": "1000000"}, "or less"),
    "an amount of ten million million": ({"amount": "9999999999999"}, "how much"),
    "an amount in words": ({"amount": "twelve"}, "how much"),
    "less than nothing": ({"amount": "-3"}, "how much"),
    "no amount": ({"amount": ""}, "how much"),
    "yesterday": (day("due_on", "1", "1", "2020"), "or later"),
    "for a stranger": ({"for_whom": "424242"}, "answers shown"),
    "for a number of 5,000 figures": ({"for_whom": LONG_NUMBER}, "answers shown"),
    "a remedy that is not offered": ({"remedy": "stocks"}, "answers shown"),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_that_cannot_be_is_refused_beside_the_field(amina: Client, draft: str, name: str) -> None:
    answers, words = ACTIONS[name]
    good = {
        "remedy": "financial-compensation",
        "undertaking": "Pay it back",
        "amount": "12.40",
        "for_whom": "community",
        **day("due_on", "1", "12", "2036"),
    }
    path = reverse("case_row_add", args=[draft, "actions"])
    page = page_of(amina.post(path, open_page(amina, path).form | good | answers), path)
    assert (page.status, sorted(page.summary)) == (422, sorted(page.errors))
    assert any(words.lower() in line.lower() for line in page.errors), page.errors
    assert page.form["undertaking"] == "Pay it back"
    assert not make.record(draft).actions


def test_a_victim_with_no_name_or_views_is_asked_for_them(amina: Client, draft: str) -> None:
    path = reverse("case_row_add", args=[draft, "victims"])
    page = page_of(amina.post(path, open_page(amina, path).form | {"kind": "person", "contact": "07700 900111"}), path)
    assert page.status == 422
    assert len(page.errors) == len(page.summary) >= 3
    assert page.form["contact"] == "07700 900111"
    assert not Victim.objects.exists()


@pytest.mark.parametrize("sought", ["", " ", "x" * 201, "a\x00b", "%", "'", "🙂", "\\", LONG_NUMBER, "O'Neill"])
def test_a_search_for_anything_answers_with_a_page(amina: Client, draft: str, sought: str) -> None:
    response = amina.post(reverse("case_search"), {"sought": sought})
    assert response.status_code in (302, 422)
    if response.status_code == 302:
        assert amina.get(response["Location"]).status_code == 200
    for character in ("", "%00", "%ED%A0%80", "%F0%9F%99%82", "x" * 3000):
        assert amina.get(f"{reverse('offence_suggestions')}?q={character}").status_code == 200
