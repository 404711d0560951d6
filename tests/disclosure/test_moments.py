"""Counted as of a moment before an import: refused where nothing was in the records then, and said where something was."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cr_app.disclosure.actions.releasing import propose
from cr_app.disclosure.actions.requests import change_request, make_request, work_out_request
from cr_app.disclosure.asked import BadRequest
from cr_app.disclosure.models import InformationRequest
from tests.cast import Cast, sign_in
from tests.disclosure.desk_work import few_cases, made
from tests.disclosure.working import IMPORTED, THEFT, THREATS, asked, history
from tests.make_given import given

pytestmark = pytest.mark.django_db
BEFORE = IMPORTED - timedelta(days=1)
LATER = IMPORTED + timedelta(days=9)


def test_a_moment_at_which_nothing_of_the_period_was_in_the_records_is_refused(cast: Cast) -> None:
    empty = made(cast.olivia, reference="F/0", as_of=BEFORE)
    # Nothing is in the records, so 0 is true; then they come.
    few_cases()
    request = made(cast.olivia)
    for refused in (
        lambda: make_request(asked(as_of=BEFORE), by=cast.olivia),
        lambda: change_request(request.pk, asked(as_of=BEFORE), by=cast.olivia, seen=1),
        lambda: work_out_request(empty.pk, by=cast.olivia),
    ):
        with pytest.raises(BadRequest, match="all of them were imported later"):
            refused()
    page = sign_in(Client(), cast.sam).get(reverse("foi_request", args=[empty.pk])).content.decode()
    assert "Could not be worked out" in page
    assert "all of them were imported later" in page
    assert make_request(asked(as_of=IMPORTED), by=cast.olivia).as_of == IMPORTED


def test_a_moment_at_which_nothing_of_one_year_was_in_the_records_is_refused(cast: Cast) -> None:
    history({("2020-06-01", THEFT): 30})
    request = made(cast.olivia, reference="F/0", as_of=IMPORTED)
    # Nothing of 2021 is in the records at all, so its 0 is true; then cases come.
    assert work_out_request(request.pk, by=cast.olivia)
    history({("2021-06-01", THEFT): 40}, completed_at=LATER)
    with pytest.raises(BadRequest, match="No case of 2021 was in the records"):
        work_out_request(made(cast.olivia, reference="F/1", as_of=LATER - timedelta(days=1)).pk, by=cast.olivia)
    assert made(cast.olivia, reference="F/2", as_of=LATER)
    assert made(cast.olivia, reference="F/3", as_of=IMPORTED, period_to=date(2020, 12, 31))


def test_a_zero_of_an_earlier_moment_is_said_to_be_of_the_record_at_that_moment(cast: Cast) -> None:
    given(cast.amina, datetime(2020, 3, 1, 12, tzinfo=UTC))
    request = made(cast.olivia, as_of=IMPORTED, period_to=date(2020, 12, 31))
    history({("2020-06-01", THREATS): 30}, completed_at=LATER)
    content = json.loads(work_out_request(request.pk, by=cast.olivia).content)
    (zero,) = [each["text"] for each in content["notes"] if each["about"] == "Zero"]
    assert zero.startswith("0 means that none was in the record at the moment as of which it is counted.")


@pytest.mark.parametrize("was_imported", [True, False])
def test_what_was_imported_after_the_moment_is_said_wherever_the_table_is_decided_on(
    cast: Cast, was_imported: bool
) -> None:
    if was_imported:
        few_cases()
    else:
        given(cast.amina, datetime(2020, 3, 1, 12, tzinfo=UTC))
    request = make_request(asked(as_of=IMPORTED), by=cast.olivia)
    others = make_request(asked(reference="F/2"), by=cast.olivia)
    history({("2020-06-01", THEFT): 7}, completed_at=LATER)
    words = "Cases of this period were imported after the moment"
    assert [words in page for page in _pages(cast, request)] == [True, True, True]
    assert [words in page for page in _pages(cast, others)] == [False, False, False]


def _pages(cast: Cast, request: InformationRequest) -> list[str]:
    """Return the pages of a request on which somebody decides about its table; the second person's is the last."""
    worked_out = work_out_request(request.pk, by=cast.olivia)
    noted = "Cases that were taken over from earlier systems after that moment are not." in json.dumps(
        json.loads(worked_out.content)["notes"]
    )
    assert noted == (request.as_of is not None)
    olivia, sam = sign_in(Client(), cast.olivia), sign_in(Client(), cast.sam)
    pages = [olivia.get(reverse(name, args=[request.pk])) for name in ("foi_request", "foi_propose")]
    propose(request.pk, by=cast.olivia, note="", worked_out=worked_out.pk)
    pages.append(sam.get(reverse("foi_release", args=[request.pk])))
    return [page.content.decode().partition("<main")[2] for page in pages]
