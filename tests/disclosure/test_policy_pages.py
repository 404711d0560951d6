"""The policy as an answer on its page and in its files: for whom, of which day, and recorded."""

import csv
import io
from datetime import date

import pypdf
import pytest
import time_machine
from django.test import Client

from cr_app.accounts.models import Officer, Unit
from cr_app.audit.models import Entry
from cr_app.disclosure.export.policy_sheet import HEADER, file_digest, policy_csv, policy_pdf, sheet_of
from cr_app.disclosure.policy_answer import ADVICE, LINKS, PolicyAnswer, policy_answer
from cr_app.reference.models import Force
from tests.cases.documents.sheet_read import text_of, worded
from tests.cast import Cast, sign_in

PAGE = "/disclosure/policy/"
TODAY = date(2026, 3, 2)
# What a day looks like in the address.
IN_2020 = "?on_day=1&on_month=5&on_year=2020"
BEFORE = "?on_day=1&on_month=5&on_year=2012"
NO_DAY = "?on_day=31&on_month=2&on_year=2020"


@pytest.fixture(autouse=True)
def _on_a_day() -> object:
    with time_machine.travel(TODAY.isoformat() + "T12:00:00Z", tick=False):
        yield


def page(client: Client, asked: str = "", status: int = 200) -> str:
    """Return the main part of the page."""
    response = client.get(PAGE + asked)
    assert response.status_code == status
    return response.content.decode().partition("<main")[2].partition("</main")[0]


def told(client: Client, form: str, asked: str = "") -> bytes:
    """Return a file."""
    response = client.get(f"{PAGE}{form}/{asked}")
    assert response.status_code == 200
    return response.content


def answered() -> PolicyAnswer:
    """Return the answer of the demo's force today."""
    return policy_answer("01", TODAY, force_name="Metropolitan Police Service")


def test_analysts_and_the_policy_owner_read_it_and_nobody_else_does(cast: Cast) -> None:
    for name, officer in cast.everybody().items():
        client = sign_in(Client(), officer)
        wanted = 200 if name in ("olivia", "sam", "margaret") else 403
        assert client.get(PAGE).status_code == wanted, name
        assert client.get(f"{PAGE}csv/").status_code == wanted, name
        assert client.get(f"{PAGE}csv/{NO_DAY}").status_code == (302 if wanted == 200 else 403), name
    assert Entry.objects.filter(event="policy.answered", outcome="done").count() == 3


def test_the_page_answers_today_and_any_day_before(client: Client, cast: Cast) -> None:
    sign_in(client, cast.olivia)
    now, then = page(client), page(client, IN_2020)
    assert "On 2 March 2026" in now
    assert "Possession of cannabis: first offence only" in now
    assert "On 1 May 2020" in then
    assert "What it adds to the rules that it extends" in then
    assert "Possession of cannabis: first offence only" not in then
    for words in ("Domestic abuse", "an Inspector or above, substantive in that rank", "Source: 01.FOI.23.031611"):
        assert words in now
    assert "16 offence types" in now


def test_the_advice_names_the_college_of_policing_and_where_to_find_it(client: Client, cast: Cast) -> None:
    shown = page(sign_in(client, cast.margaret))
    assert "section 16" in shown
    for link in LINKS:
        assert link.address in shown


def test_a_day_before_any_rulebook_is_a_sentence_and_its_files_lead_there(client: Client, cast: Cast) -> None:
    sign_in(client, cast.olivia)
    assert "the first is in force from 29 April 2019" in page(client, BEFORE)
    response = client.get(f"{PAGE}pdf/{BEFORE}")
    assert (response.status_code, response.headers["Location"]) == (302, PAGE + BEFORE)
    assert not Entry.objects.filter(event="policy.answered").exists()


def test_what_is_no_day_or_is_to_come_is_refused_beside_the_boxes(client: Client, cast: Cast) -> None:
    sign_in(client, cast.olivia)
    for asked in (NO_DAY, "?on_day=&on_month=&on_year=", "?on_day=3&on_month=3&on_year=2026", "?on_day=x"):
        shown = page(client, asked, 422)
        assert "error-summary" in shown
        assert "Kinds of crime" not in shown


def test_a_force_without_a_rulebook_is_told_so(client: Client, cast: Cast) -> None:
    merseyside = Force.objects.get(code="05")
    unit = Unit.objects.create(force=merseyside, name="Information Rights")
    Officer.objects.filter(pk=cast.olivia.pk).update(force=merseyside, unit=unit)
    assert f"holds no rulebook of {merseyside.name}" in page(sign_in(client, Officer.objects.get(pk=cast.olivia.pk)))


def test_each_download_is_recorded_with_the_digest_of_what_was_handed_out(client: Client, cast: Cast) -> None:
    sign_in(client, cast.olivia)
    for form, asked, book in (("csv", "", "met/2023-08-01"), ("pdf", IN_2020, "met/2019-04-29")):
        content = told(client, form, asked)
        entry = Entry.objects.filter(event="policy.answered").latest("pk")
        assert entry.details == {
            "form": form,
            "on": "2020-05-01" if asked else TODAY.isoformat(),
            "rulebook": book,
            "file_digest": file_digest(content),
        }
        assert entry.subject == "force:01"
        assert entry.actor_key == str(cast.olivia.pk)
    assert client.get(f"{PAGE}xlsx/").status_code == 404
    assert client.post(f"{PAGE}csv/").status_code == 405


def test_the_csv_tells_every_rule_change_edition_and_link_in_one_table() -> None:
    answer = answered()
    lines = list(csv.DictReader(io.StringIO(policy_csv(answer).decode())))
    assert tuple(lines[0]) == HEADER
    rules = {line["title"]: line for line in lines if line["source"].startswith(("01.FOI", "National"))}
    for section in answer.sections:
        for rule in section.rules:
            line = rules[rule.title]
            assert (line["part"], line["text"], line["who may authorise"]) == (section.title, rule.says, rule.authority)
            assert line["offence types"] == "; ".join(rule.offences)
    assert [line["source"] for line in lines if line["part"] == "Advice and assistance"][1:] == [
        link.address for link in LINKS
    ]
    assert sum(line["title"].startswith("Restated") for line in lines) == 14
    assert sum(line["title"].startswith("Added") for line in lines) == 4


def test_the_pdf_holds_every_word_of_the_answer_is_tagged_and_the_same_each_time() -> None:
    answer = answered()
    made = policy_pdf(answer)
    assert made == policy_pdf(answer)
    root = pypdf.PdfReader(io.BytesIO(made)).root_object
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    # Broken lines: an address that is longer than its line, say.
    assert text_of(made, sheet_of(answer)).replace(" ", "") == worded(sheet_of(answer)).replace(" ", "")
    assert ADVICE in sheet_of(answer).words()
