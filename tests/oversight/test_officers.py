"""What one officer did, for a reviewer of the force: in numbers, flags and entries; and the look at it in the trail."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cr_app.audit.models import Access, Entry
from cr_app.audit.trail import look, record
from cr_app.oversight.models import Flag, Rule
from cr_app.pages.moments import LONDON
from tests import make
from tests.cast import Cast
from tests.oversight.searching_pages import lines, page_of, restrict, reviewer
from tests.pages.markup import Node

NOON = datetime(2026, 6, 10, 12, tzinfo=LONDON)


@pytest.fixture
def told(cast: Cast) -> Cast:
    """What Amina did: today, a fortnight ago and two months ago; one of it at night, one refused, three looks."""
    amina = cast.amina.as_actor()
    for days, event, outcome in (
        (0, "officer.signed_in", "done"),
        (14, "officer.signed_in", "done"),
        (13, "action.refused", "refused"),
        (60, "officer.password_changed", "done"),
    ):
        record(event, actor=amina, outcome=outcome, at=NOON - timedelta(days=days))
    record("officer.signed_out", actor=amina, at=NOON - timedelta(hours=10))
    for days, subjects, outcome in (
        (0, ["case:00000001", "case:00000002"], "done"),
        (1, ["case:00000001"], "done"),
        (20, ["case:00000003"], "refused"),
    ):
        at = NOON - timedelta(days=days)
        look(actor=amina, subjects=subjects, page="case", kind="consultation", implied=True, outcome=outcome, at=at)
    record("officer.signed_in", actor=cast.tom.as_actor(), at=NOON)
    return cast


def officer_page(cast: Cast, days: str = "", of: str = "amina") -> Node:
    """Open the page of an officer as Ruth does at noon."""
    client = reviewer(cast.ruth)
    query = f"?days={days}" if days else ""
    with time_machine.travel(NOON, tick=False):
        client = reviewer(cast.ruth)
        return page_of(client.get(reverse("trail_officer", args=[getattr(cast, of).pk]) + query))


def figures(page: Node) -> dict[str, str]:
    """Return the numbers of the page by their words."""
    names = [node.text() for node in page.find_all("dt")]
    return dict(zip(names, [node.text() for node in page.find_all("dd")], strict=True))


@pytest.mark.parametrize(
    ("days", "numbers"),
    [
        ("7", ["2", "0", "2", "0", "2", "1 of 4 (25%)"]),
        ("30", ["4", "1", "3", "1", "3", "1 of 7 (14%)"]),
        ("90", ["5", "1", "3", "1", "3", "1 of 8 (12%)"]),
        ("", ["4", "1", "3", "1", "3", "1 of 7 (14%)"]),
        ("5000", ["4", "1", "3", "1", "3", "1 of 7 (14%)"]),
    ],
)
def test_the_numbers_are_those_of_the_period(told: Cast, days: str, numbers: list[str]) -> None:
    page = officer_page(told, days)
    assert list(figures(page).values()) == numbers
    current = [a.text() for a in page.find_all("a", aria_current="page")]
    assert f"{days if days in ('7', '90') else '30'} days" in current


def test_kinds_are_counted_and_the_entries_follow_newest_first(told: Cast) -> None:
    page = officer_page(told)
    said = [f"Constable Amina Khan {what}" for what in ("signed in", "signed out", "tried what may not be done")]
    said.append("Constable Amina Khan signed in")
    rows = [[cell.text() for cell in row.children if isinstance(cell, Node)] for row in page.find_all("tr")]
    assert rows[1:] == [
        ["Signed in", "2", "0"],
        ["Signed out", "1", "0"],
        ["Tried what may not be done", "0", "1"],
    ]
    found = lines(page)
    assert [line.split(".")[0] for line in found] == said
    assert "Out of hours" in found[1]
    assert "Refused" in found[2]
    assert "Tom" not in page.text()


def test_the_look_at_an_officer_is_in_the_trail(told: Cast) -> None:
    officer_page(told)
    access = Access.objects.latest("id")
    assert (access.page, access.actor_key, access.implied) == ("trail_officer", str(told.ruth.pk), True)
    assert access.subjects == ["officer:4127"]


def test_flags_of_the_officer_are_shown_and_those_of_restricted_records_are_not(told: Cast) -> None:
    closed = make.case(told.amina)
    restrict(closed)
    for rule, subject, at in (
        (Rule.UNUSUAL_VOLUME, "", NOON),
        (Rule.QUICK_GRANT, f"case:{closed}", NOON),
        (Rule.OWN_RECORD, "", NOON - timedelta(days=50)),
    ):
        Flag.objects.create(
            rule=rule,
            key=f"{rule} {subject}",
            force_id=told.amina.force_id,
            at=at,
            found_at=at,
            actor_key=str(told.amina.pk),
            subject=subject,
        )
    page = officer_page(told)
    assert "An unusual number of records looked at" in page.text()
    assert "Authority granted within a minute" not in page.text()
    assert "a relative's name" not in page.text()
    assert "a relative's name" in officer_page(told, "90").text()


def test_entries_of_restricted_records_are_left_out(told: Cast) -> None:
    with time_machine.travel(NOON - timedelta(hours=1), tick=False):
        closed, plain = make.case(told.amina), make.case(told.amina)
    assert closed in officer_page(told).text(), "positive control"
    restrict(closed)
    page = officer_page(told)
    assert plain in page.text()
    assert closed not in page.text()
    assert (
        "Restricted records that are closed to you, and cases that you recorded yourself, are left out" in page.text()
    )


def test_an_officer_who_did_nothing_has_a_page_that_says_so(told: Cast) -> None:
    page = officer_page(told, of="helen")
    assert "Nothing in this time." in page.text()
    assert "No red flag names this officer in this time." in page.text()
    assert figures(page)["Out of hours, from 22:00 to 06:00"] == "0 of 0"


def test_the_page_costs_the_same_queries_however_much_was_done(told: Cast) -> None:
    client = reviewer(told.ruth)
    address = reverse("trail_officer", args=[told.tom.pk])
    counted = []
    for number in (1, 60):
        for _ in range(number):
            record("officer.signed_in", actor=told.tom.as_actor())
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            page_of(client.get(address))
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_an_officer_of_another_force_is_not_found_and_the_attempt_is_kept(told: Cast) -> None:
    client = reviewer(told.ruth)
    refused = client.get(reverse("trail_officer", args=[told.kieran.pk]))
    assert refused.status_code == 404
    assert told.kieran.family_name not in refused.content.decode()
    entry = Entry.objects.latest("id")
    assert (entry.event, entry.outcome, entry.subject) == ("access.refused", "refused", told.kieran.subject)
    assert client.get(reverse("trail_officer", args=[987_654])).status_code == 404
