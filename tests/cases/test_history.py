"""The history of a case: every change from and to, who looked and why, both lists paged by key."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cr_app.audit.trail import look, record
from cr_app.cases.presenting.timeline import ON_A_PAGE
from tests import make, make_authority
from tests.cast import Cast, sign_in
from tests.pages.markup import Node, read


def opened(client: Client, address: str) -> Node:
    """Open a page that answers."""
    answered: Any = client.get(address)
    assert answered.status_code == 200
    return read(answered.content.decode())


def link(page: Node, words: str) -> str:
    """Return where a link leads; "" where there is none of these words."""
    return next((a.attrs["href"] for a in page.find_all("a") if a.text() == words), "")


def changes(page: Node) -> dict[str, str]:
    """Return what each field was and is, by its question."""
    rows = page.find_all("div", class_="govuk-summary-list__row")
    return {row.find_all("dt")[0].text(): row.find_all("dd")[0].text() for row in rows}


def test_every_change_says_what_it_was_and_is(cast: Cast) -> None:
    reference = make.case(cast.amina)
    make.answer(reference, cast.amina, "incident", case__place="12 Acre Lane")
    make.answer(reference, cast.amina, "incident", case__place="14 Acre Lane")
    page = opened(sign_in(Client(), cast.amina), reverse("case_history", args=[reference]))
    said = [row.text() for row in page.find_all("dd")]
    assert any("From: 12 Acre Lane To: 14 Acre Lane" in each for each in said)
    assert any("From: nothing To: 12 Acre Lane" in each for each in said)
    # What starts a case is a change as well.
    assert make.REPORT in changes(page)["What is the crime report reference?"]


def test_what_a_decision_changed_is_told_by_its_words_alone(cast: Cast) -> None:
    reference = make_authority.asked(cast.amina, make.knife())
    make_authority.granted(reference, cast.priya)
    page = opened(sign_in(Client(), cast.amina), reverse("case_history", args=[reference]))
    granted = next(item for item in page.find_all("li") if "granted authority" in item.text())
    assert granted.text().startswith("Inspector Priya Shah granted authority as Inspector.")
    assert make_authority.REASONS in granted.text()
    assert "What changed" not in granted.text()


@pytest.mark.parametrize(("listed", "name"), [("Older happenings", "before"), ("Older looks", "looks")])
def test_both_lists_go_on_by_key_each_for_itself(cast: Cast, listed: str, name: str) -> None:
    reference = make.case(cast.amina)
    subject = f"case:{reference}"
    for _ in range(ON_A_PAGE + 5):
        record("action.refused", actor=cast.tom.as_actor(), subject=subject, outcome="refused")
        look(actor=cast.tom.as_actor(), subjects=[subject], page="case", kind="consultation", implied=True)
    client = sign_in(Client(), cast.amina)
    address = reverse("case_history", args=[reference])
    first = opened(client, address)
    # The pages opened here are looks themselves, the newest of them.
    assert len(first.find_all("li", class_="cr-timeline__item")) == ON_A_PAGE
    assert len(first.find_all("li", class_="cr-line")) == ON_A_PAGE
    older = opened(client, address + link(first, listed))
    happened, looked = (
        len(older.find_all("li", class_="cr-timeline__item")),
        len(older.find_all("li", class_="cr-line")),
    )
    assert (happened, looked) == ((6, ON_A_PAGE) if name == "before" else (ON_A_PAGE, 6))
    assert not link(older, listed)
    assert link(older, "Show the newest")
    for made_up in ("x", "-1", "1" * 40, "%00"):
        assert (
            len(opened(client, f"{address}?{name}={made_up}").find_all("li", class_="cr-timeline__item")) == ON_A_PAGE
        )


def test_a_page_of_it_costs_no_more_queries_however_long_it_is(cast: Cast) -> None:
    reference = make.case(cast.amina)
    client = sign_in(Client(), cast.amina)
    address = reverse("case_history", args=[reference])
    counted = []
    for number in (1, 80):
        for _ in range(number):
            record("case.reopened", actor=cast.amina.as_actor(), subject=f"case:{reference}", reason="Again.")
        opened(client, address)
        with CaptureQueriesContext(connection) as queries:
            opened(client, address)
        counted.append(len(queries))
    # On the second the start of the case is not told any more, and so no unit is named.
    assert counted[1] <= counted[0]


def test_a_reviewer_is_asked_why_and_then_reads_who_looked_and_why(cast: Cast) -> None:
    reference = make.case(cast.amina)
    client = sign_in(Client(), cast.ruth)
    address = reverse("case_history", args=[reference])
    asked = client.get(address)
    assert asked.status_code == 302
    client.post(asked.headers["Location"], {"reason": "Dip sample of June."})
    page = opened(client, address)
    assert "Chief Inspector Ruth Adeyemi" in page.text()
    assert "Dip sample of June." in page.text()


def test_a_disclosure_names_its_recipient(cast: Cast) -> None:
    reference = make.case(cast.amina)
    look(
        actor=cast.ruth.as_actor(),
        subjects=[f"case:{reference}"],
        page="trail_export",
        kind="disclosure",
        implied=False,
        reason="Ordered by the court.",
        recipient="Highbury Corner Magistrates",
    )
    page = opened(sign_in(Client(), cast.amina), reverse("case_history", args=[reference]))
    assert "given to Highbury Corner Magistrates" in page.text()
