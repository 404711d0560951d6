"""Whatever is closed to a reviewer stays closed however it is searched for: lists, numbers, pages and her own cases."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit.models import Access
from cr_app.audit.trail import look, record
from cr_app.cases.models import Case, Victim
from cr_app.oversight.access import Standing, closed_to, standing_of
from cr_app.oversight.actions.officers import MOST_FLAGS
from cr_app.oversight.actions.searching import ON_A_PAGE
from cr_app.oversight.models import Flag, Rule
from cr_app.pages.moments import LONDON
from tests import make
from tests.cast import Cast
from tests.oversight.searching_pages import lines, page_of, restrict, reviewer, search, send
from tests.pages.markup import Node, read

LEFT_OUT = "Restricted records that are closed to you are left out here"


def seen(officer: Officer, *references: str, at: datetime | None = None) -> None:
    """Have an officer look at a list of these cases, or at one."""
    subjects = [f"case:{reference}" for reference in references]
    look(actor=officer.as_actor(), subjects=subjects, page="desk", kind="consultation", implied=True, at=at)


def party(reference: str, officer: Officer) -> None:
    """Restrict a case with two victims and make an officer one of them."""
    case = restrict(reference)
    assert Victim.objects.filter(case=case).update(warrant_number=officer.warrant_number)


def own(reference: str, officer: Officer) -> None:
    """Make a case one that this officer recorded, before he or she became a reviewer."""
    Case.objects.filter(reference=reference).update(recorded_by=officer, officer=officer)


def links(page: Node) -> dict[str, str]:
    """Return the addresses of a page's links by their words."""
    return {a.text().strip(): str(a.attrs.get("href", "")) for a in page.find_all("a")}


def figures(page: Node) -> dict[str, str]:
    """Return the numbers of the page of an officer by their words."""
    names = [node.text() for node in page.find_all("dt")]
    return dict(zip(names, [node.text() for node in page.find_all("dd")], strict=True))


# Looks by the reference of a restricted record


def test_a_list_tells_nobody_who_looked_at_a_restricted_record(cast: Cast) -> None:
    closed, plain = make.case(cast.amina), make.case(cast.amina)
    seen(cast.tom, closed, plain)
    seen(cast.grace, closed)
    client = reviewer(cast.ruth)
    assert "Tom" in search(client, "looks", reference=closed).text(), "positive control"
    restrict(closed)
    page = search(client, "looks", reference=closed)
    (line,) = lines(page)
    assert line.startswith("Restricted record: details withheld")
    assert "Lists that showed it among others are left out here" in page.text()
    assert not [word for word in ("Tom", "Grace", plain) if word in page.text()]
    assert Access.objects.latest("id").subjects == [f"case:{closed}"]
    other = search(client, "looks", reference=plain)
    assert "Tom" in other.text()
    assert closed not in other.text()


@pytest.mark.parametrize(
    "narrowed",
    [{"officer": "4213"}, {"outcome": "done"}, {"standing_out": ["own_record"]}, {"standing_out": ["unusual_volume"]}],
)
def test_a_narrowed_search_by_a_restricted_reference_finds_nothing_and_says_so(
    cast: Cast, narrowed: dict[str, Any]
) -> None:
    closed, plain = make.case(cast.amina), make.case(cast.amina)
    seen(cast.tom, closed, plain)
    access = Access.objects.get(actor_key=str(cast.tom.pk))
    for rule in (Rule.OWN_RECORD, Rule.UNUSUAL_VOLUME):
        Flag.objects.create(
            rule=rule,
            key="1",
            force_id=cast.tom.force_id,
            at=access.at,
            found_at=access.at,
            actor_key=access.actor_key,
            access_id=access.pk,
        )
    client = reviewer(cast.ruth)
    assert lines(search(client, "looks", reference=closed, **narrowed)), "positive control"
    restrict(closed)
    page = search(client, "looks", reference=closed, **narrowed)
    assert lines(page) == []
    assert LEFT_OUT in page.text()
    assert lines(search(client, "looks", reference=plain, **narrowed))


def test_a_list_of_restricted_records_alone_names_nobody(cast: Cast) -> None:
    closed = [make.case(cast.amina) for _ in range(2)]
    for reference in closed:
        restrict(reference)
    seen(cast.tom, *closed)
    client = reviewer(cast.ruth)
    (line,) = (line for line in lines(search(client, "looks", since="1 1 2020")) if closed[1] in line)
    assert line.startswith("Restricted record: details withheld")
    assert "Tom" not in line
    assert lines(search(client, "looks", officer="4213")) == []


def test_a_case_started_from_another_does_not_name_it(cast: Cast) -> None:
    closed, copy = make.case(cast.amina), make.case(cast.amina)
    record(
        "case.copied",
        actor=cast.amina.as_actor(),
        subject=f"case:{copy}",
        details={"version": 1, "copied_from": closed},
    )
    page = search(reviewer(cast.ruth), reference=copy)
    assert "Constable Amina Khan started the case from another." in lines(page)[0]
    assert closed not in page.text()


# What a reviewer must not know of


def test_a_list_that_showed_a_restricted_record_among_others_is_told_without_it(cast: Cast) -> None:
    closed, plain, third = (make.case(cast.amina) for _ in range(3))
    subjects = [f"case:{reference}" for reference in (closed, plain, third)]
    look(actor=cast.amina.as_actor(), subjects=subjects, page="desk", kind="consultation", implied=True)
    restrict(closed)
    for asked in ({"officer": "4127"}, {"since": "1 1 2020"}):
        page = search(reviewer(cast.ruth), "looks", **asked)
        assert plain in page.text()
        assert closed not in page.text()


def test_a_restricted_record_to_which_the_reviewer_is_a_party_is_not_there(cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.two_victims())
    case = restrict(reference)
    client = reviewer(cast.ruth)
    assert lines(search(client, reference=reference)), "positive control"
    assert Victim.objects.filter(case=case).update(warrant_number=cast.ruth.warrant_number)
    refused = send(client, reference=reference)
    assert refused.status_code == 422
    assert "No case of your force has this reference" in read(refused.content.decode()).text()
    assert reference not in search(client, since="1 1 2020").text()


def test_a_narrowed_search_says_the_same_whether_something_is_closed_or_not(cast: Cast) -> None:
    client = reviewer(cast.ruth)
    assert LEFT_OUT in search(client, officer="4127").text()
    party(make.submitted(cast.amina, make.two_victims()), cast.ruth)
    assert LEFT_OUT in search(client, officer="4127").text()
    assert LEFT_OUT not in search(client, since="1 1 2020").text()


def test_records_that_are_not_there_leave_no_page_empty_and_no_page_unreached(cast: Cast) -> None:
    hidden, oldest = make.case(cast.amina), make.case(cast.amina)
    for _ in range(ON_A_PAGE):
        record("case.answers_saved", actor=cast.amina.as_actor(), subject=f"case:{hidden}", changes=[])
        seen(cast.amina, hidden)
    client = reviewer(cast.ruth)
    assert hidden in search(client, since="1 1 2020").text(), "positive control"
    make_party(hidden, cast.ruth)
    for what in ("things", "looks"):
        page = search(client, what, since="1 1 2020")
        assert hidden not in page.text()
        if what == "things":
            assert oldest in page.text()
        assert "Older" not in links(page)


def make_party(reference: str, officer: Officer) -> None:
    """Restrict a case and make an officer its offender."""
    case = restrict(reference)
    case.offender.warrant_number = officer.warrant_number
    case.offender.save()


def test_a_page_beyond_the_last_line_leads_back_to_the_newest(cast: Cast) -> None:
    reference = make.case(cast.amina)
    client = reviewer(cast.ruth)
    address = send(client, reference=reference)["Location"]
    page = page_of(client.get(f"{address}?before=1-1"))
    assert lines(page) == []
    assert links(page)["Newest"] == address
    officer = reverse("trail_officer", args=[cast.amina.pk])
    page = page_of(client.get(f"{officer}?before=1-1"))
    assert links(page)["Newest"] == f"{officer}?days=30"


# An officer in numbers


def test_the_numbers_of_an_officer_do_not_count_what_is_closed(cast: Cast) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=1), tick=False):
        make.case(cast.amina)
    client = reviewer(cast.ruth)
    address = reverse("trail_officer", args=[cast.amina.pk])
    before = page_of(client.get(address))
    closed, plain = make.submitted(cast.amina), make.case(cast.grace)
    at_night = datetime.combine(timezone.localdate(), datetime.min.time(), tzinfo=LONDON) - timedelta(hours=1)
    seen(cast.amina, closed, at=at_night)
    record("case.withdrawn", actor=cast.amina.as_actor(), subject=f"case:{closed}", outcome="refused")
    look(
        actor=cast.amina.as_actor(),
        subjects=[f"case:{closed}"],
        page="case",
        kind="consultation",
        implied=True,
        outcome="refused",
    )
    assert figures(page_of(client.get(address))) != figures(before), "positive control"
    restrict(closed)
    after = page_of(client.get(address))
    assert figures(after) == figures(before)
    assert "Submitted the case" not in after.text()
    assert after.text().count("left out of this page and of its numbers") == 1
    seen(cast.amina, closed, plain)
    counted = figures(page_of(client.get(address)))
    assert int(counted["Looks at records"]) == int(figures(before)["Looks at records"]) + 1
    assert int(counted["Cases looked at"]) == int(figures(before)["Cases looked at"]) + 1


def test_flags_of_closed_records_take_no_place_of_others(cast: Cast) -> None:
    closed = make.case(cast.amina)
    restrict(closed)
    now = timezone.now()
    for number in range(MOST_FLAGS + 2):
        is_last = number == MOST_FLAGS + 1
        Flag.objects.create(
            rule=Rule.UNUSUAL_VOLUME if is_last else Rule.QUICK_GRANT,
            key=str(number),
            force_id=cast.amina.force_id,
            at=now - timedelta(minutes=number),
            found_at=now,
            actor_key=str(cast.amina.pk),
            subject="" if is_last else f"case:{closed}",
        )
    page = page_of(reviewer(cast.ruth).get(reverse("trail_officer", args=[cast.amina.pk])))
    assert "An unusual number of records looked at" in page.text()
    assert "Authority granted within a minute" not in page.text()
    assert "There are more." not in page.text()


def test_the_name_of_an_officer_does_not_stand_in_the_title_of_the_window(cast: Cast) -> None:
    page = page_of(reviewer(cast.ruth).get(reverse("trail_officer", args=[cast.amina.pk])))
    (title,) = page.find_all("title")
    (heading,) = page.find_all("h1")
    assert "Amina" not in title.text()
    assert "Amina Khan" in heading.text()


# A reviewer's own cases


@pytest.mark.parametrize("is_restricted", [False, True])
def test_a_reviewers_own_case_is_for_another_reviewer(cast: Cast, *, is_restricted: bool) -> None:
    mine, plain = make.case(cast.amina), make.case(cast.amina)
    seen(cast.tom, mine, plain)
    client = reviewer(cast.ruth)
    assert mine in search(client, since="1 1 2020").text(), "positive control"
    own(mine, cast.ruth)
    if is_restricted:
        restrict(mine)
    subject = f"case:{mine}"
    assert standing_of(cast.ruth, [subject])[subject] is Standing.OWN
    assert closed_to(cast.ruth).gone == {subject}
    refused = send(client, reference=mine)
    assert refused.status_code == 422
    assert "this is a case of your own, so another reviewer looks at it" in read(refused.content.decode()).text()
    for what in ("things", "looks"):
        page = search(client, what, since="1 1 2020").text()
        assert plain in page
        assert mine not in page
    assert mine not in page_of(client.get(reverse("trail_officer", args=[cast.amina.pk]))).text()


def test_a_reviewer_who_records_as_well_sees_her_own(cast: Cast) -> None:
    mine = make.case(cast.amina)
    own(mine, cast.ruth)
    Officer.objects.filter(pk=cast.ruth.pk).update(roles=["reviewer", "recording_officer"])
    both = Officer.objects.get(pk=cast.ruth.pk)
    assert standing_of(both, [f"case:{mine}"]) == {f"case:{mine}": Standing.OPEN}
    assert closed_to(both).all == frozenset()
