"""What the FOI desk does stands in the search of the trail in plain words, refused attempts and changed answers among them."""

from dataclasses import replace
from pathlib import Path

import pytest

from cr_app.audit.trail import record
from cr_app.cases.presenting.timeline import page_title
from cr_app.disclosure.actions.closing import close_request
from cr_app.disclosure.actions.requests import change_request
from cr_app.disclosure.queries.desk import asked_of
from tests.cast import Cast
from tests.disclosure.desk_work import made
from tests.disclosure.test_import_command import run, written
from tests.matrix.tables import OTHER_PAGES
from tests.oversight.searching_pages import lines, reviewer, search


@pytest.mark.parametrize("name", sorted(OTHER_PAGES))
def test_every_page_has_words_in_the_trail(name: str) -> None:
    # One word is the page's own name.
    if "_" in name:
        assert page_title(name) != name.replace("_", " ").capitalize()


@pytest.mark.django_db
def test_what_happened_to_a_request_is_told_without_the_names_of_columns(cast: Cast) -> None:
    request = made(cast.olivia)
    change_request(request.pk, replace(asked_of(request), threshold=7, method="round"), by=cast.olivia, seen=1)
    close_request(request.pk, by=cast.olivia, reason="Taken back.")
    record(
        "action.refused",
        actor=cast.sam.as_actor(),
        outcome="refused",
        details={"page": "foi_work_out", "method": "POST", "status": 403, "sentence": "No."},
    )
    client = reviewer(cast.ruth)
    found = {event: lines(search(client, event=event))[0] for event in ("request.made", "request.changed")}
    assert "took in information request 01.FOI.26.000001, table 1." in found["request.made"]
    assert "table 1: how small counts are protected, threshold." in found["request.changed"]
    assert "closed information request 01.FOI.26.000001, table 1." in lines(search(client, event="request.closed"))[0]
    (refused,) = lines(search(client, event="action.refused"))
    assert "tried what may not be done: Working out the table of an information request." in refused


@pytest.mark.django_db
def test_an_import_is_found_by_a_reviewer_of_a_force_whose_cases_were_in_it_and_by_no_other(
    cast: Cast, tmp_path: Path
) -> None:
    assert run(written(tmp_path, {}, {"reference": "CR/2"}))[0] == 0
    assert run(written(tmp_path, {"reference": "CR/3", "force": "46"}, name="kent.csv"))[0] == 0
    client = reviewer(cast.ruth)
    (found,) = lines(search(client, event="cases.imported"))
    assert found.startswith("The system (import_cases) imported 2 closed cases")
    # What officers did is found as before.
    assert lines(search(client, event="trail.searched"))
