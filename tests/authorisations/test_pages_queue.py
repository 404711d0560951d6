"""The lists: what waits, what was returned, what was decided; narrowed, page by page; others' requests veiled."""

from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.models import Unit
from cr_app.audit.models import Access
from cr_app.authorisations import actions
from cr_app.cases.actions import submission
from cr_app.reference.models import Force
from tests import make
from tests.authorisations import making
from tests.authorisations.pages import client_of
from tests.cast import Cast
from tests.journeys.browsing import Page, open_page
from tests.journeys.test_query_counts import cost

MOST_PER_LIST = 20
QUEUE = "authority_queue"


def queue(cast: Cast, name: str, **narrowed: str) -> Page:
    """Open a list as one of the cast."""
    return open_page(client_of(cast.everybody()[name]), f"{reverse(QUEUE)}?{urlencode(narrowed)}")


def lines(page: Page) -> list[str]:
    """Return the lines of a list."""
    return [node.text() for node in page.tree.find_all(class_="cr-line")]


@pytest.mark.parametrize("tab", ["waiting", "returned", "decided", "made-up", ""])
def test_an_empty_list_says_so(cast: Cast, tab: str) -> None:
    for name in ("priya", "yusuf", "laura"):
        page = queue(cast, name, tab=tab)
        assert page.status == 200
        assert lines(page) == []
        assert "Nothing" in page.html


def test_only_whoever_decides_has_a_queue(cast: Cast) -> None:
    for name, officer in cast.everybody().items():
        decides = name in ("daniel", "priya", "helen", "yusuf", "laura", "owen")
        assert client_of(officer).get(reverse(QUEUE)).status_code == (200 if decides else 403), name
        assert ("Waiting for your decision" in open_page(client_of(officer), "/").html) is False, name


def test_the_oldest_comes_first_with_its_age_against_the_target(cast: Cast) -> None:
    now = timezone.now()
    urgent = make.knife().answering({"case.detained_or_waiting": True})
    with time_machine.travel(now, tick=False) as clock:
        late = making.asked(cast.amina, urgent.but(report="1/26"))
        clock.move_to(now + timedelta(minutes=150))
        making.asked(cast.tom, make.knife_and_hate().answering({"case.detained_or_waiting": False}).but(report="2/26"))
        clock.move_to(now + timedelta(minutes=185))
        page = queue(cast, "priya")
        first, second = lines(page)
        assert "Asked 3 hours 5 minutes ago; late by 2 hours 5 minutes" in first
        assert "Late" in first
        assert "Detained or waiting" in first
        assert "Asked by PC 4127 Amina Khan" in first
        assert "Emergency Response Team B" in first
        assert "Asked 35 minutes ago; 23 hours left" in second
        assert "Hate crime" in second
        assert "Late" not in second
        only = queue(cast, "priya", late="yes")
        assert [late in line for line in lines(only)] == [True]
        assert "Show all" in only.html


def test_what_was_asked_of_others_names_nobody(cast: Cast) -> None:
    making.put_on_duty(cast.priya)
    reference = making.asked(cast.amina)
    (mine,) = lines(queue(cast, "priya", of="me"))
    assert "Jade Ransome" in mine
    (theirs,) = lines(queue(cast, "helen"))
    assert "Asked of other officers" in theirs
    assert reference in theirs
    assert "Ransome" not in theirs
    assert "blade" not in theirs
    assert lines(queue(cast, "helen", of="me")) == []
    assert lines(queue(cast, "owen")) == []


def test_a_list_leaves_one_access_that_names_what_it_showed(cast: Cast) -> None:
    making.put_on_duty(cast.priya)
    references = {making.asked(cast.amina, make.knife().but(report=f"{n}/26")) for n in (1, 2)}
    before = Access.objects.count()
    queue(cast, "priya")
    assert Access.objects.count() == before + 1
    assert set(Access.objects.latest("id").subjects) == {f"case:{reference}" for reference in references}
    queue(cast, "helen")
    queue(cast, "priya", tab="decided")
    assert Access.objects.count() == before + 1


def test_units_narrow_and_anything_made_up_is_left_aside(cast: Cast) -> None:
    making.asked(cast.amina)
    camden, lambeth = str(cast.amina.unit_id), str(cast.marcus.unit_id)
    assert len(lines(queue(cast, "priya", unit=camden))) == 1
    assert lines(queue(cast, "priya", unit=lambeth)) == []
    for made_up in (
        {"unit": "x"},
        {"unit": str(cast.kieran.unit_id)},
        {"unit": "9" * 400},
        {"of": "\x00"},
        {"late": "<b>"},
        {"page": "0"},
        {"page": "-1"},
        {"page": "²"},
        {"page": "9" * 5000},
    ):
        page = queue(cast, "priya", **made_up)
        assert (page.status, len(lines(page))) == (200, 1), made_up


def test_the_returned_and_the_decided_have_lists_of_their_own(cast: Cast) -> None:
    asked, granted, refused = (making.asked(cast.amina, make.knife().but(report=f"{n}/26")) for n in (1, 2, 3))
    actions.return_with_question(asked, by=cast.priya, reasons=making.QUESTION, seen=making.seen(asked))
    making.grant(granted, cast.priya)
    actions.refuse(refused, by=cast.helen, reasons="Nothing exceptional.", seen=making.seen(refused))
    (line,) = lines(queue(cast, "priya", tab="returned"))
    assert making.QUESTION in line
    decided = lines(queue(cast, "priya", tab="decided"))
    assert "Decided by another officer" in decided[0]
    assert "Authority granted" in decided[1]
    assert [granted in line for line in lines(queue(cast, "priya", tab="decided", of="me"))] == [True]
    assert lines(queue(cast, "priya")) == []


def test_more_than_a_page_goes_on_and_keeps_what_narrows_it(cast: Cast) -> None:
    for number in range(26):
        making.asked(cast.amina, make.knife().but(report=f"{number}/26"))
    first = queue(cast, "priya", of="me")
    assert len(lines(first)) == 25
    assert "Page 1 of 2" in first.html
    (following,) = [node for node in first.tree.find_all("a") if node.attrs.get("rel") == "next"]
    assert following.attrs["href"] == "?tab=waiting&of=me&page=2"
    assert len(lines(queue(cast, "priya", of="me", page="2"))) == 1


def test_a_list_costs_the_same_for_one_request_and_for_four(cast: Cast) -> None:
    client = client_of(cast.priya)

    def costs() -> list[int]:
        return [cost(partial(client.get, f"{reverse(QUEUE)}?tab={tab}")) for tab in ("waiting", "returned", "decided")]

    def a_case_in_each(report: str) -> None:
        asked, returned, granted = (making.asked(cast.amina, make.knife().but(report=f"{report}{n}/26")) for n in "123")
        actions.return_with_question(returned, by=cast.priya, reasons=making.QUESTION, seen=making.seen(returned))
        making.grant(granted, cast.priya)
        assert asked

    a_case_in_each("1")
    costs()  # what is read once in a process
    one = costs()
    for number in range(2, 5):
        a_case_in_each(str(number))
    assert costs() == one
    assert max(one) <= MOST_PER_LIST


def test_professional_standards_see_what_was_referred_and_inspectors_do_not(cast: Cast) -> None:
    reference = making.referred(cast.amina)
    (line,) = lines(queue(cast, "yusuf"))
    assert reference in line
    assert "Restricted" in line
    assert lines(queue(cast, "priya")) == []
    assert "Waiting for your decision (1)" in open_page(client_of(cast.yusuf), "/").html


def test_the_switch_says_until_when(cast: Cast) -> None:
    assert "You are not on duty." in queue(cast, "priya").html
    making.put_on_duty(cast.priya)
    cast.priya.refresh_from_db()
    page = queue(cast, "priya")
    assert "On duty, taking requests until" in page.html
    assert reverse("duty") in page.html
    assert "On duty, taking" not in queue(cast, "yusuf").html


def test_a_restricted_case_that_has_shut_again_names_nobody_and_promises_nothing(cast: Cast) -> None:
    reference = making.referred(cast.amina, make.police_knife())
    actions.find_suitable(reference, by=cast.yusuf, reasons="Minor.", seen=making.seen(reference))
    making.grant(reference, cast.priya)
    (line,) = lines(queue(cast, "priya", tab="decided"))
    assert "Jade Ransome" in line
    submission.reopen(reference, by=cast.amina)
    make.answer(reference, cast.amina, "rationale", case__rationale="Another reason altogether.")
    (line,) = lines(queue(cast, "priya", tab="decided"))
    assert "Decided by you" in line
    assert "does not open to you any more" in line
    assert "Ransome" not in line
    assert "asked why" not in line


def test_without_a_rulebook_desk_and_list_open_and_are_empty(cast: Cast) -> None:
    cast.priya.force = Force.objects.create(code="98", name="Force without a rulebook")
    cast.priya.unit = Unit.objects.create(force=cast.priya.force, name="Its unit")
    cast.priya.save()
    assert "Nothing waits for your decision." in open_page(client_of(cast.priya), "/").html
    assert lines(queue(cast, "priya")) == []
