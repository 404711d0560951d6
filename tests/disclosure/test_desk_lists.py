"""The lists of the desk: one's own requests first, none without an end, and each request found by its reference or title."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cr_app.audit.models import Entry
from cr_app.disclosure.models import CellChoice, InformationRequest
from cr_app.disclosure.queries.desk import MOST_DONE, PER_PAGE
from tests import make
from tests.cast import Cast, sign_in
from tests.disclosure import make_desk
from tests.disclosure.desk_work import few_cases, made
from tests.disclosure.working import THEFT, THREATS, history

DESK = "/disclosure/"


@pytest.fixture
def olivia(cast: Cast) -> Client:
    """An analyst at her desk."""
    return sign_in(Client(), cast.olivia)


def said(response: Any) -> str:
    """Return the main part of a page."""
    return str(response.content.decode().partition("<main")[2])


def _many(cast: Cast, number: int, **changes: Any) -> None:
    first = make_desk.request(cast)
    InformationRequest.objects.filter(pk=first.pk).update(reference="F/1", **changes)
    first.refresh_from_db()
    more = []
    for part in range(2, number + 1):
        first.pk, first.reference = None, f"F/{part}"
        more.append(InformationRequest(**{f.attname: getattr(first, f.attname) for f in first._meta.concrete_fields}))
    InformationRequest.objects.bulk_create(more)


def test_what_the_reader_entered_stands_before_what_others_entered(cast: Cast, olivia: Client) -> None:
    other, own = make_desk.request(cast, part=1, title="Of Sam"), make_desk.request(cast, part=2, title="Of Olivia")
    sooner = own.due_on - timedelta(days=9)
    InformationRequest.objects.filter(pk=other.pk).update(made_by=cast.sam, due_on=sooner)
    page = said(olivia.get(DESK))
    assert page.index("Entered by you") < page.index("Of Olivia") < page.index("Entered by others")
    assert page.index("Entered by others") < page.index("Of Sam")
    theirs = said(sign_in(Client(), cast.sam).get(DESK))
    assert theirs.index("Of Sam") < theirs.index("Of Olivia")


def test_more_open_requests_than_a_page_holds_stand_on_the_next(cast: Cast, olivia: Client) -> None:
    _many(cast, PER_PAGE + 1)
    first, second = said(olivia.get(DESK)), said(olivia.get(DESK, {"page": 2}))
    assert "Page 1 of 2" in first
    assert (first.count("cr-line__who"), second.count("cr-line__who")) == (PER_PAGE, 1)


def test_a_long_list_asks_the_database_no_more_often_than_a_short_one(cast: Cast, olivia: Client) -> None:
    asked = []
    for number in (2, PER_PAGE):
        with make.undone():
            _many(cast, number, working_since=timezone.now(), working_by=cast.sam)
            with CaptureQueriesContext(connection) as queries:
                assert said(olivia.get(DESK)).count("cr-line__who") == number
            asked.append(len(queries))
    assert asked[0] == asked[1]


def test_every_closed_request_is_found(cast: Cast, olivia: Client) -> None:
    _many(cast, PER_PAGE + 1, closed_at=timezone.now(), closed_by=cast.sam, closed_because="Withdrawn by letter.")
    desk = said(olivia.get(DESK))
    assert desk.count("cr-line__who") == MOST_DONE
    assert 'href="/disclosure/?show=closed"' in desk
    pages = [said(olivia.get(DESK, {"show": "closed", "page": page})) for page in (1, 2)]
    assert [page.count("cr-line__who") for page in pages] == [PER_PAGE, 1]
    assert "?show=closed&amp;page=2" in pages[0]
    found = said(olivia.get(DESK, {"find": "f/17"}))
    assert "F/17, table" in found
    assert "Withdrawn by letter." in found
    assert found.count("cr-line__who") == 1


def test_a_request_is_found_by_part_of_its_reference_or_title_and_no_other_forces_is(
    cast: Cast, olivia: Client
) -> None:
    make_desk.released(cast, part=1)
    make_desk.request(cast, part=2, title="Theft <i>100%</i> by year")
    for wanted, number in (("024759", 2), ("100%", 1), ("THEFT <I>", 1), ("_", 0), ("nothing", 0)):
        page = said(olivia.get(DESK, {"find": wanted}))
        assert page.count("cr-line__who") == number, wanted
        assert "<i>" not in page
    assert "No request has this in its reference or title." in page
    assert olivia.get(DESK, {"find": "x" * 121}).status_code == 422
    assert olivia.get(DESK, {"find": "a\0b"}).status_code in (200, 422)
    cast.kieran.roles = ["foi_analyst"]
    cast.kieran.save(update_fields=["roles"])
    theirs = said(sign_in(Client(), cast.kieran).get(DESK, {"find": "024759"}))
    assert theirs.count("cr-line__who") == 0


def test_a_table_that_is_being_worked_out_says_so_on_its_page_and_in_the_list(cast: Cast, olivia: Client) -> None:
    few_cases()
    request = make_desk.request(cast)
    at = timezone.now()
    InformationRequest.objects.filter(pk=request.pk).update(working_since=at, working_by=cast.sam)
    address = f"{DESK}{request.pk}/"
    since = f"{timezone.localtime(at):%H:%M}"
    for page in (said(olivia.get(address)), said(olivia.get(DESK))):
        assert "Being worked out" in page
        assert f"since {since}, for Sam Whitlock" in page
    assert f'action="{address}work-out/"' not in said(olivia.get(address))
    again = olivia.post(f"{address}work-out/")
    assert again.status_code == 409
    assert "So nothing was begun a second time." in said(again)
    assert "So nothing was begun" not in said(olivia.get(address))
    for words in ("has changed since you opened it", "govuk-error-summary"):
        assert words not in said(again)
    make_desk.worked_out(request, cast)
    sent = {"row": "Theft", "column": "2020", "what": "open", "reason": "It was in the paper."}
    cell = olivia.post(f"{address}cell/", sent)
    assert cell.status_code == 422
    assert "decide when it is done" in said(cell)
    assert "It was in the paper." in said(cell)
    assert not CellChoice.objects.exists()
    assert not _refusals()
    # Cut off long ago, it may be worked out again; and what stood in the address bar leads to the request.
    InformationRequest.objects.filter(pk=request.pk).update(working_since=at - timedelta(hours=1))
    assert f'action="{address}work-out/"' in said(olivia.get(address))
    assert olivia.get(f"{address}work-out/")["Location"] == address


def _refusals() -> list[str]:
    return [each.event for each in Entry.objects.filter(outcome="refused")]


def test_a_table_that_cannot_be_protected_is_no_refused_attempt(cast: Cast, olivia: Client) -> None:
    history({("2020-06-01", THEFT): 30, ("2020-07-01", THREATS): 3})
    # One year: what is opened of it is the total too.
    address = f"{DESK}{made(cast.olivia, period_to=date(2020, 12, 31)).pk}/"
    assert olivia.post(f"{address}work-out/").status_code == 302
    opened = {"row": "Threats", "column": "2020", "what": "open", "reason": "It was in the paper."}
    for answer in (olivia.post(f"{address}cell/", opened), olivia.post(f"{address}work-out/")):
        assert answer.status_code == 422
        assert "This table cannot be protected" in said(answer)
        assert "Threats, 2020" in said(answer)
    assert not _refusals()


def test_the_desk_sees_what_was_imported_of_its_own_force(cast: Cast, olivia: Client) -> None:
    assert "No case of your force was imported." in said(olivia.get(f"{DESK}imports/"))
    few_cases()
    page = said(olivia.get(f"{DESK}imports/"))
    assert "82 cases of your force, issued from 1 June 2020 to 1 June 2021." in page
    cast.kieran.roles = ["foi_analyst"]
    cast.kieran.save(update_fields=["roles"])
    assert "No case of your force" in said(sign_in(Client(), cast.kieran).get(f"{DESK}imports/"))
