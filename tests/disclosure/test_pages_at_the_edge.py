"""What a request may hold at its edges, and the way back from a decision that cannot be kept."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.disclosure.actions import requests
from cr_app.disclosure.asked import BadRequest, asked_from
from cr_app.disclosure.models import CellChoice, InformationRequest
from cr_app.disclosure.queries.desk import choices_of
from cr_app.disclosure.releases import CannotProtect
from cr_app.pages.moments import LONDON
from tests.cast import Cast, sign_in
from tests.disclosure import make_desk
from tests.disclosure.desk_answers import THREATS, typed
from tests.disclosure.test_asked import example
from tests.make_disclosure import Closed, imported

NEW = "/disclosure/new/"
pytestmark = pytest.mark.django_db
EDGES: list[tuple[dict[str, Any], str]] = [
    ({"as_of": "0001-01-01T00:00:00+23:59"}, "before 1990 or after 2100"),
    ({"as_of": "9999-12-31T23:59:59-23:59"}, "before 1990 or after 2100"),
    ({"as_of": "2026-03-01T09:30:00"}, "in which time zone"),
    ({"period": {"from": "9998-01-01", "to": "9999-12-31"}}, "ends after 2100"),
    ({"period": {"from": "2020-01-01", "to": "9999-12-31"}}, "ends after 2100"),
]


@pytest.fixture
def olivia(cast: Cast) -> Client:
    """An analyst at her desk."""
    return sign_in(Client(), cast.olivia)


def main(response: Any) -> str:
    """Return a page's main part."""
    return str(response.content.decode().partition("<main")[2])


@pytest.mark.parametrize(("changes", "sentence"), EDGES)
def test_moments_and_days_out_of_all_bounds_are_refused_with_a_sentence(
    olivia: Client, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(BadRequest, match=sentence):
        asked_from(example(**changes))
    response = olivia.post(NEW, {"read": "json", "request": json.dumps(example(**changes))})
    assert response.status_code == 422
    assert sentence in main(response)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "x"])
def test_an_address_with_a_moment_out_of_all_bounds_is_one_without(olivia: Client, cast: Cast, moment: str) -> None:
    address = reverse("foi_change", args=[make_desk.request(cast).pk])
    assert olivia.get(address, {"as_of": moment}).status_code == 200
    assert olivia.post(address, typed(seen="1", as_of=moment)).status_code == 422


def test_more_rows_than_a_page_takes_are_refused_and_none_is_left_out(olivia: Client) -> None:
    rows = [{"label": f"Row {number}", "codes": [THREATS, f"{number}/01"]} for number in range(11, 52)]
    too_many = example(rows={"by": "named", "groups": rows})
    response = olivia.post(NEW, {"read": "json", "request": json.dumps(too_many)})
    assert response.status_code == 422
    assert "It names 41 rows, and a request here takes 40" in main(response)
    assert 'value="Row 1"' not in main(response)
    too_many["rows"]["groups"].pop()
    assert 'value="Row 40"' in main(olivia.post(NEW, {"read": "json", "request": json.dumps(too_many)}))
    by_hand = olivia.post(NEW, typed(row_count="41", row_40_label="One more", row_40_codes=THREATS))
    assert by_hand.status_code == 422
    assert "It names 41 rows" in main(by_hand)
    assert not InformationRequest.objects.exists()


def test_what_was_typed_stays_where_the_json_is_wrong_and_the_page_says_so_at_its_top(olivia: Client) -> None:
    response = olivia.post(NEW, typed(read="json", request="{bad", title="Typed before lunch"))
    page = response.content.decode()
    assert "<title>Error: " in page
    assert "There is a problem" in page
    assert 'href="#id_request"' in page
    assert 'value="Typed before lunch"' in page
    assert 'value="Threats"' in page


def test_a_moment_that_no_release_has_is_kept_when_the_form_is_sent(olivia: Client) -> None:
    moment = "2026-03-02T08:00:00+00:00"
    filled = main(olivia.post(NEW, {"read": "json", "request": json.dumps(example(as_of=moment))}))
    assert f'<option value="{moment}" selected>' in filled
    assert olivia.post(NEW, typed(as_of=moment)).status_code == 302
    kept = InformationRequest.objects.get()
    assert kept.as_of is not None
    assert kept.as_of.isoformat() == moment


def test_cases_that_were_imported_after_the_moment_of_counting_are_said_to_be_left_out(
    olivia: Client, cast: Cast
) -> None:
    olivia.post(NEW, typed(as_of="2026-03-02T08:00:00+00:00"))
    address = reverse("foi_request", args=[InformationRequest.objects.get().pk])
    imported([Closed(date(2020, 6, 1))], completed_at=datetime(2026, 3, 1, tzinfo=UTC))
    assert "so none of them is counted" not in main(olivia.get(address))
    imported([Closed(date(2020, 6, 1))], completed_at=datetime(2026, 3, 3, tzinfo=UTC))
    assert "so none of them is counted" in main(olivia.get(address))


def test_a_decision_that_nothing_can_be_worked_out_around_is_taken_back_from_the_page(
    olivia: Client, cast: Cast
) -> None:
    request = make_desk.request(cast)
    make_desk.worked_out(request, cast)
    told = {"row": "Theft", "column": "2020", "is_withheld": False, "reason": "Public.", "version": 1}
    CellChoice.objects.create(request=request, by=cast.olivia, at=timezone.now(), **told)
    cell = reverse("foi_cell", args=[request.pk])
    page = main(olivia.get(reverse("foi_request", args=[request.pk])))
    assert "The table as it was worked out before" in page
    assert f'href="{cell}?row=Theft&amp;column=2020"' in page
    assert "Take it back, or decide otherwise" in page
    sent = {"row": "Theft", "column": "2020", "what": "as_proposed", "reason": "It cannot be protected so."}
    assert olivia.post(cell, sent).status_code == 302
    assert choices_of(request) == []


def test_what_could_not_be_worked_out_is_told_to_whoever_opens_the_request_until_it_can(
    olivia: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = make_desk.request(cast)
    address = reverse("foi_request", args=[request.pk])

    def refuses(*_: object, **__: object) -> object:
        raise CannotProtect("Nothing keeps it wide: ask for longer periods.")

    with monkeypatch.context() as patched:
        patched.setattr(requests, "work_out", refuses)
        answer = olivia.post(reverse("foi_work_out", args=[request.pk]))
    assert answer.status_code == 422
    page = main(sign_in(Client(), cast.sam).get(address))
    assert "Could not be worked out" in page
    assert "Nothing keeps it wide: ask for longer periods." in page
    assert "Could not be worked out" in main(olivia.get(reverse("foi_requests")))
    assert olivia.post(reverse("foi_work_out", args=[request.pk])).status_code == 302
    assert "ould not be worked out" not in main(olivia.get(address))


def test_a_decision_on_a_cell_that_is_gone_is_marked_and_stands_in_the_way(olivia: Client, cast: Cast) -> None:
    request = make_desk.request(cast)
    told = {"row": "Combined: Theft; Fraud", "column": "2020", "is_withheld": True, "reason": "Paper.", "version": 1}
    CellChoice.objects.create(request=request, by=cast.olivia, at=timezone.now(), **told)
    worked_out = make_desk.worked_out(request, cast)
    worked_out.pk, worked_out.why = None, worked_out.why | {"unused": [told]}
    worked_out.save(force_insert=True)
    page = main(olivia.get(reverse("foi_request", args=[request.pk])))
    assert "Fits nothing any more" in page
    assert reverse("foi_propose", args=[request.pk]) not in page
    refused = olivia.post(reverse("foi_propose", args=[request.pk]), {"worked_out": worked_out.pk, "note": ""})
    assert refused.status_code == 403
    assert "Combined: Theft; Fraud, 2020" in main(refused)
    cell = main(olivia.get(reverse("foi_cell", args=[request.pk]), {"row": "Combined: Theft; Fraud", "column": "2020"}))
    assert '<option value="Combined: Theft; Fraud" selected>' in cell


def test_the_table_of_the_page_of_a_cell_has_the_width_of_the_page(olivia: Client, cast: Cast) -> None:
    request = make_desk.request(cast)
    make_desk.worked_out(request, cast)
    page = main(olivia.get(reverse("foi_cell", args=[request.pk])))
    before = page[page.index('<div class="govuk-grid-row">') : page.index('id="counts"')]
    # The row with the column of the form is closed before the table begins.
    assert "govuk-grid-column-two-thirds" in before
    assert before.count("<div") == before.count("</div>")


def test_a_page_that_refuses_says_so_in_its_title(olivia: Client, cast: Cast) -> None:
    request = make_desk.request(cast)
    make_desk.worked_out(request, cast)
    stale = olivia.post(reverse("foi_propose", args=[request.pk]), {"worked_out": 99_999, "note": ""})
    assert stale.status_code == 409
    assert "<title>Error: " in stale.content.decode()
    changed = typed(seen="0", title="Another")
    other = olivia.post(reverse("foi_change", args=[request.pk]), changed)
    assert other.status_code == 409
    assert "<title>Error: " in other.content.decode()


def test_a_release_of_an_early_summers_morning_is_of_that_day(olivia: Client, cast: Cast) -> None:
    with time_machine.travel(datetime(2026, 7, 2, 0, 30, tzinfo=LONDON)):
        make_desk.released(cast)
    page = main(olivia.get("/disclosure/releases/"))
    assert "1 July 2026" not in page
    assert page.count("2 July 2026") == 2
