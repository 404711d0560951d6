"""Searching the lists of requests: by an exact reference, or by a name where that is shown; never in an address."""

from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.audit.models import Access, Entry
from cr_app.authorisations import actions
from cr_app.cases.actions.searching import KEPT_FOR
from cr_app.cases.models import Search
from tests import make
from tests.authorisations import making
from tests.authorisations.pages import client_of
from tests.authorisations.test_pages_queue import MOST_PER_LIST, QUEUE, lines, queue
from tests.cast import Cast
from tests.journeys.browsing import Page, open_page
from tests.journeys.test_query_counts import cost

OTHER = {"offender.first_names": "Zoë", "offender.last_names": "Achebe"}


def find(client: Client, sought: str, **narrowed: str) -> Page:
    """Search as a browser does, and open what it leads to."""
    led: Any = client.post(reverse("authority_search"), {"wanted": sought, **narrowed})
    assert led.status_code == 302, led.status_code
    return open_page(client, led["Location"])


def found(cast: Cast, name: str, sought: str, **narrowed: str) -> list[str]:
    """Return the lines that somebody's search finds."""
    return lines(find(client_of(cast.everybody()[name]), sought, **narrowed))


def test_a_reference_finds_its_request_and_a_name_only_what_was_asked_of_whoever_looks(cast: Cast) -> None:
    making.put_on_duty(cast.priya)
    reference = making.asked(cast.amina, make.knife().but(report="1/26"))
    making.asked(cast.amina, make.knife().answering(OTHER).but(report="2/26"))
    for sought in (reference, f" {reference.lower()[:4]}-{reference[4:]} ", "1/26", "ransome", "Jade Rans"):
        (line,) = found(cast, "priya", sought)
        assert reference in line, sought
        assert "Jade Ransome" in line
    assert len(found(cast, "priya", "zoë")) == 1
    # To Helen, of whom it was not asked, it is found as it is named in the list: by its references.
    (line,) = found(cast, "helen", "1/26")
    assert "Asked of other officers" in line
    assert "Ransome" not in line
    assert found(cast, "helen", "Ransome") == []
    assert found(cast, "owen", reference) == []


def test_what_was_returned_and_decided_is_found_by_the_name_where_it_is_one_s_own(cast: Cast) -> None:
    returned, granted, refused = (making.asked(cast.amina, make.knife().but(report=f"{n}/26")) for n in (1, 2, 3))
    actions.return_with_question(returned, by=cast.priya, reasons=making.QUESTION, seen=making.seen(returned))
    making.grant(granted, cast.priya)
    actions.refuse(refused, by=cast.helen, reasons="No.", seen=making.seen(refused))
    making.grant(making.asked(cast.amina, make.knife().answering(OTHER).but(report="4/26")), cast.priya)
    (line,) = found(cast, "priya", "ransome", tab="returned")
    assert returned in line
    (line,) = found(cast, "priya", "ransome", tab="decided")
    assert granted in line
    (line,) = found(cast, "priya", refused, tab="decided")
    assert "Ransome" not in line
    actions.declare_interest(granted, by=cast.priya, reason="My cousin.")
    assert found(cast, "priya", "ransome", tab="decided") == []
    assert len(found(cast, "priya", granted, tab="decided")) == 1


def test_a_restricted_case_is_found_by_whoever_it_was_routed_to_alone(cast: Cast) -> None:
    making.put_on_duty(cast.priya)
    reference = making.referred(cast.amina, make.police_knife())
    assert found(cast, "priya", reference) == found(cast, "priya", "Ransome") == []
    assert len(found(cast, "yusuf", "Ransome")) == 1
    actions.find_suitable(reference, by=cast.yusuf, reasons="Minor.", seen=making.seen(reference))
    assert len(found(cast, "priya", "Ransome")) == len(found(cast, "priya", reference)) == 1
    assert found(cast, "helen", reference) == found(cast, "helen", "Ransome") == []


def test_no_name_stands_in_an_address_and_the_search_is_in_the_trail(cast: Cast) -> None:
    making.put_on_duty(cast.priya)
    reference = making.asked(cast.amina)
    client = client_of(cast.priya)
    led: Any = client.post(reverse("authority_search"), {"wanted": "Ransome", "tab": "waiting", "of": "me"})
    query = parse_qs(urlsplit(led["Location"]).query)
    assert (query["tab"], query["of"], set(query)) == (["waiting"], ["me"], {"tab", "of", "search"})
    page = open_page(client, led["Location"])
    entry = Entry.objects.latest("id")
    assert (entry.event, entry.details["found"], entry.details["references"]) == ("case.searched", 1, [reference])
    assert "Ransome" not in str(entry.details)
    assert Access.objects.latest("id").subjects == [f"case:{reference}"]
    # It is looked for in every list, and what narrows keeps it.
    addresses = [node.attrs.get("href", "") for node in page.tree.find_all("a")]
    assert sum(query["search"][0] in address for address in addresses) == 3
    assert not any("ransome" in address.casefold() for address in addresses)
    assert 'value="Ransome"' in page.html


def test_a_search_of_another_or_of_long_ago_or_made_up_narrows_nothing(cast: Cast) -> None:
    making.asked(cast.amina)
    client = client_of(cast.priya)
    find(client, "nobody of that name")
    (search,) = Search.objects.all()
    assert lines(queue(cast, "priya", search=str(search.token))) == []
    assert "Nothing found." in queue(cast, "priya", search=str(search.token)).html
    assert len(lines(queue(cast, "helen", search=str(search.token)))) == 1
    Search.objects.update(searched_at=timezone.now() - KEPT_FOR * 2)
    for token in (str(search.token), str(uuid4()), "x", "\x00", "9" * 5000):
        assert len(lines(queue(cast, "priya", search=token))) == 1, token


@pytest.mark.parametrize("sought", ["", " \n", "a" * 201, "a\x00b"])
def test_nothing_to_search_for_says_so_on_the_list(cast: Cast, sought: str) -> None:
    making.asked(cast.amina)
    answer = client_of(cast.priya).post(reverse("authority_search"), {"wanted": sought, "tab": "waiting"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "There is a problem" in text
    assert "<title>Error: " in text
    assert not Search.objects.exists()
    assert client_of(cast.amina).post(reverse("authority_search"), {"wanted": sought}).status_code == 403
    assert client_of(cast.amina).post(reverse("authority_search"), {"wanted": "x"}).status_code == 403


def test_only_those_detained_or_waiting_oldest_first(cast: Cast) -> None:
    urgent = make.knife().answering({"case.detained_or_waiting": True})
    slow = make.knife().answering({"case.detained_or_waiting": False})
    wanted = [making.asked(cast.amina, urgent.but(report=f"{n}/26")) for n in (1, 2)]
    other = making.asked(cast.amina, slow.but(report="3/26"))
    referred = making.referred(cast.amina, make.police().but(report="4/26"))
    shown = lines(queue(cast, "priya", urgent="yes"))
    assert [reference in line for reference, line in zip(wanted, shown, strict=True)] == [True, True]
    assert not any(other in line or referred in line for line in shown)
    assert "Detained or waiting only" in queue(cast, "priya").html
    assert "Detained or waiting only" not in queue(cast, "priya", tab="decided").html
    assert len(lines(queue(cast, "priya", urgent="<b>"))) == 3


def test_a_search_costs_the_same_for_one_request_and_for_four(cast: Cast) -> None:
    client = client_of(cast.priya)

    def costs() -> list[int]:
        token = Search.objects.create(officer=cast.priya, sought="Ransome", searched_at=timezone.now()).token
        tabs = ("waiting", "returned", "decided")
        return [cost(partial(client.get, f"{reverse(QUEUE)}?tab={tab}&search={token}")) for tab in tabs]

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
    # Two for the entry of the search, and its token.
    assert max(one) <= MOST_PER_LIST, one
