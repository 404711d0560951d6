"""The form of a request: what it takes, what it says of what it does not, and that nothing typed is lost."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.disclosure.actions.requests import change_request
from cr_app.disclosure.models import InformationRequest
from cr_app.disclosure.queries.desk import asked_of
from tests.cast import Cast, sign_in
from tests.disclosure import make_desk
from tests.disclosure.desk_answers import THEFT, THREATS, typed

NEW = "/disclosure/new/"


@pytest.fixture
def olivia(cast: Cast) -> Client:
    """An analyst at her desk."""
    return sign_in(Client(), cast.olivia)


def said(response: Any) -> str:
    """Return the words of a page's main part."""
    return str(response.content.decode().partition("<main")[2])


def test_a_request_that_is_typed_is_kept_as_it_is_understood_and_stands_on_the_desk(olivia: Client) -> None:
    led = olivia.post(NEW, typed(row_1_counts="only", row_2_codes=" ", row_0_codes=f"{THEFT}, 49/10 8/06"))
    kept = InformationRequest.objects.get()
    assert led["Location"] == reverse("foi_request", args=[kept.pk])
    asked = asked_of(kept)
    assert [group.as_json() for group in asked.groups] == [
        {"label": "Theft", "codes": [THEFT, "49/10", "8/06"]},
        {"label": "Threats", "codes": [THREATS], "encouraging_or_assisting": True},
    ]
    assert (asked.method, asked.threshold, asked.as_of) == ("suppress", 5, None)
    desk = said(olivia.get("/disclosure/"))
    for words in ("01.FOI.26.000123, table 1", "Overdue", "Not worked out", "due 18 July 2022"):
        assert words in desk, words


def test_a_request_sent_twice_is_one_and_another_of_the_reference_is_its_next_table(olivia: Client) -> None:
    assert olivia.post(NEW, typed())["Location"] == olivia.post(NEW, typed())["Location"]
    olivia.post(NEW, typed(years="financial"))
    assert list(InformationRequest.objects.order_by("part").values_list("part", "years")) == [
        (1, "calendar"),
        (2, "financial"),
    ]


@pytest.mark.parametrize(
    ("but", "field", "sentence"),
    [
        ({"reference": ""}, "reference", "Enter the reference of the request"),
        ({"received_on_year": "2099"}, "received_on_day", "as today or a day in the past"),
        ({"period_to_year": "2019"}, "period_to_day", "Enter a last day that is not before the first"),
        ({"period_to_year": "2090"}, "period_to_day", "Ask for 30 years or fewer"),
        ({"rows_by": ""}, "rows_by_0", "Select what the rows are"),
        ({"threshold": "1"}, "threshold", "Enter the threshold as a whole number from 2 to 100"),
        ({"threshold": "five"}, "threshold", "Enter the threshold as a whole number from 2 to 100"),
        ({"method": "guess"}, "method_0", "choose one of the answers shown"),
        ({"row_0_codes": "4600"}, "row_0_codes", "4600 is no offence code"),
        ({"row_1_codes": "199/99"}, "row_1_codes", "The catalogue has no offence 199/99"),
        ({"row_1_codes": ""}, "row_1_codes", "Enter the offence codes of this row"),
        ({"row_1_label": ""}, "row_1_label", "Enter a label for this row"),
        ({"row_1_label": "total"}, "row_1_label", "Total is the sum of all rows"),
        ({"row_1_label": "Thr\u200deats"}, "row_1_label", "it has a character that cannot be shown"),
        ({"row_1_label": "Theft"}, "row_1_label", "a row before has this one"),
    ],
)
def test_what_is_wrong_is_said_beside_its_question_and_above(
    olivia: Client, but: dict[str, object], field: str, sentence: str
) -> None:
    response = olivia.post(NEW, typed(**but))
    page = said(response)
    assert response.status_code == 422
    assert page.count(sentence) == 2, page[:3000]
    assert f'href="#id_{field}"' in page
    assert 'value="Threats"' in page or "row_1_label" in but
    assert not InformationRequest.objects.exists()


def test_a_request_with_no_row_filled_in_is_asked_for_one(olivia: Client) -> None:
    empty = {f"row_{row}_{part}": "" for row in (0, 1) for part in ("label", "codes")}
    assert "Name at least one row, with its offence codes" in said(olivia.post(NEW, typed(**empty)))
    # Rows that were typed and are not asked for do not matter.
    assert olivia.post(NEW, typed(rows_by="group", row_0_codes=THEFT)).status_code == 302
    assert InformationRequest.objects.get().groups == []


def test_more_rows_keep_what_was_typed_and_save_nothing(olivia: Client) -> None:
    response = olivia.post(NEW, typed(more="rows", received_on_day="40", row_1_codes="nonsense"))
    page = said(response)
    assert response.status_code == 200
    for words in ('value="Theft"', 'value="nonsense"', 'value="40"', "Row 6", 'value="6"'):
        assert words in page, words
    assert "There is a problem" not in page
    assert "Row 7" not in page
    most = said(olivia.post(NEW, typed(more="rows", row_count="40")))
    assert "Row 40" in most
    assert "Add more rows" not in most
    assert "Row 41" not in said(olivia.post(NEW, typed(more="rows", row_count="9" * 50)))
    assert not InformationRequest.objects.exists()


def test_a_request_as_json_fills_in_the_form_and_saves_nothing(olivia: Client, cast: Cast) -> None:
    told = asked_of(make_desk.request(cast)).as_json()
    page = said(olivia.post(NEW, {"read": "json", "request": json.dumps(told)}))
    assert 'value="Making threats to kill"' in page
    assert 'value="3/01"' in page
    done = "The form is filled in from the REQUEST.json. Check it, then save it."
    # An alert is what the page moves the focus to.
    assert done in page.partition('role="alert"')[2]
    for wrong, sentence in (
        ("{", "The request is not JSON"),
        (json.dumps(told | {"threshold": 1}), "must be a whole number from 2 to 100"),
        (json.dumps(told | {"force": "46"}), "This request is for another force"),
        ("", "Paste the request"),
    ):
        response = olivia.post(NEW, {"read": "json", "request": wrong})
        assert response.status_code == 422
        assert sentence.replace("'", "&#x27;") in said(response), sentence
        assert done not in said(response)
    assert InformationRequest.objects.count() == 1


def test_a_label_is_text_wherever_it_is_shown(olivia: Client) -> None:
    led = olivia.post(NEW, typed(row_0_label="<b>=1+1</b>", title="<script>alert(1)</script>"))
    page = said(olivia.get(led["Location"])) + said(olivia.get("/disclosure/"))
    assert "&lt;b&gt;=1+1&lt;/b&gt;" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>=1" not in page
    assert "<script>alert" not in page


def test_what_two_analysts_change_at_once_is_shown_side_by_side(olivia: Client, cast: Cast) -> None:
    kept = make_desk.request(cast)
    address = reverse("foi_change", args=[kept.pk])
    page = olivia.get(address).content.decode()
    assert 'name="seen" id="id_seen" value="1"' in page
    change_request(kept.pk, asked_of(kept), by=cast.sam, seen=1, title="Sam was here")
    response = olivia.post(address, typed(reference=kept.reference, seen="1", title="Olivia too", method="round"))
    shown = said(response)
    assert response.status_code == 409
    for words in ("Sam Whitlock saved it on", "Sam was here", "Olivia too", "every count goes to the nearest 5"):
        assert words in shown, words
    assert "Keep what is saved" in shown
    kept.refresh_from_db()
    assert (kept.title, kept.method) == ("Sam was here", "combine")
    # What is below the comparison is what was typed, and it is saved when it is sent again.
    assert 'name="seen" id="id_seen" value="2"' in shown
    again = olivia.post(address, typed(reference=kept.reference, seen="2", title="Olivia too", method="round"))
    assert again.status_code == 302
    kept.refresh_from_db()
    assert (kept.title, kept.method, kept.version) == ("Olivia too", "round", 3)


def test_a_request_may_be_counted_as_of_an_earlier_release(olivia: Client, cast: Cast) -> None:
    released = make_desk.released(cast, part=1)
    kept = make_desk.request(cast, part=2)
    address = reverse("foi_change", args=[kept.pk])
    moment = released.extracted_at.isoformat()
    page = olivia.get(address, {"as_of": moment}).content.decode()
    assert f'<option value="{moment}" selected>On 1 March 2026 at 09:30, as release 1 did</option>' in page
    assert " selected>On 1" not in olivia.get(address, {"as_of": "nonsense"}).content.decode()
    olivia.post(address, typed(seen="1", as_of=moment))
    kept.refresh_from_db()
    assert kept.as_of == released.extracted_at
    assert olivia.get(reverse("foi_change", args=[released.request_id])).status_code == 403


def test_what_is_sent_after_the_session_has_ended_is_given_back(olivia: Client, cast: Cast) -> None:
    kept = make_desk.request(cast)
    make_desk.worked_out(kept, cast)
    note = "Look at the second row."
    places: dict[str, dict[str, object]] = {
        NEW: typed(row_1_label="A row typed before lunch"),
        reverse("foi_change", args=[kept.pk]): typed(title="Before lunch"),
        reverse("foi_cell", args=[kept.pk]): {"row": "Theft", "column": "2020", "reason": note},
        reverse("foi_propose", args=[kept.pk]): {"worked_out": 1, "note": note},
        "/disclosure/elsewhere/": {"source": note},
    }
    for address, sent in places.items():
        page = olivia.get(address).content.decode()
        claim = re.search(r'name="shown_to" value="([^"]+)"', page)
        assert claim, address
        olivia.cookies.pop("sessionid")
        gone = olivia.post(address, sent | {"shown_to": claim[1]})
        assert gone["Location"].startswith("/sign-in/"), address
        sign_in(olivia, cast.olivia)
        back = olivia.get(address).content.decode()
        assert "What you typed before you were signed out is here" in back, address
        assert any(words in back for words in ("before lunch", "Before lunch", note)), address
    kept.refresh_from_db()
    assert (kept.version, InformationRequest.objects.count()) == (1, 1)


def test_a_title_that_was_typed_stays_where_the_json_fills_in_the_rest(olivia: Client) -> None:
    request = {
        "reference": "01.FOI.26.000009",
        "received_on": "2022-06-20",
        "force": "01",
        "period": {"from": "2020-01-01", "to": "2021-12-31"},
        "years": "calendar",
        "rows": {"by": "group"},
    }
    page = said(olivia.post(NEW, typed(title="What I <b>typed</b>", request=json.dumps(request), read="json")))
    assert 'value="What I &lt;b&gt;typed&lt;/b&gt;"' in page
    assert 'value="01.FOI.26.000009"' in page


def test_a_last_day_that_is_not_over_is_said_beside_its_boxes(olivia: Client) -> None:
    today = timezone.localdate()
    days = {"period_to_day": today.day, "period_to_month": today.month, "period_to_year": today.year}
    page = said(olivia.post(NEW, typed(**days)))
    assert 'href="#id_period_to' in page
    assert "Enter a last day that is over" in page
    assert not InformationRequest.objects.exists()


@pytest.mark.parametrize(("count", "status"), [("00041", 422), ("0003", 302), ("999999999999", 422)])
def test_a_number_of_rows_is_read_whatever_stands_before_it(olivia: Client, count: str, status: int) -> None:
    assert olivia.post(NEW, typed(row_count=count)).status_code == status


def test_more_rows_lead_to_where_they_are(olivia: Client) -> None:
    page = said(olivia.get(NEW))
    assert 'formaction="#rows"' in page
    assert 'id="rows"' in page
