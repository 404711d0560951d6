"""A total that the records gave once is known for good: tables are protected beside it, and whoever withdraws it releases none."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.audit.models import Entry
from cr_app.disclosure.actions.releasing import propose, release
from cr_app.disclosure.actions.requests import work_out_request
from cr_app.disclosure.actions.totals import add_published_total, withdraw_total
from cr_app.disclosure.asked import Group
from cr_app.disclosure.models import Proposal, PublishedTotal, Release
from cr_app.disclosure.queries.desk import standing_of
from cr_app.disclosure.releases import agreeing_totals, withdrawn_beside
from cr_app.disclosure.releases.totals import total_layouts
from cr_app.pages.refusals import NotAllowed, Stale
from tests.cast import Cast, sign_in
from tests.disclosure.desk_work import few_cases, left, made, proposed
from tests.disclosure.working import IMPORTED, THEFT, THREATS, history, withheld_of
from tests.make_given import given, rescinded_at

pytestmark = pytest.mark.django_db
# What `few_cases` imports for 2020: 30 thefts and 3 threats.
TOLD: dict[str, Any] = {
    "source": "Home Office, table 2.1",
    "published_on": date(2023, 7, 1),
    "period": (date(2020, 1, 1), date(2020, 12, 31)),
    "basis": "cases",
    "count": 33,
}
THEFTS: dict[str, Any] = TOLD | {"count": 30, "groups": (Group("Some offences", (THEFT,)),)}
# One year by groups, of which every row is shown in one table.
YEAR: dict[str, Any] = {"rows_by": "group", "groups": (), "period_to": date(2020, 12, 31)}


def _one_more() -> None:
    """Import one more threat of 2020."""
    history({("2020-06-01", THREATS): 1}, completed_at=timezone.now())


def test_a_total_that_agreed_when_it_was_entered_protects_whatever_is_imported_later(cast: Cast) -> None:
    few_cases()
    total = add_published_total(by=cast.olivia, **TOLD)
    _one_more()
    request = made(cast.olivia, **YEAR)
    assert "Total, Total" in withheld_of(work_out_request(request.pk, by=cast.olivia))
    assert agreeing_totals("01", counted_at=timezone.now()) == {total.pk}
    page = sign_in(Client(), cast.olivia).get("/disclosure/elsewhere/").content.decode()
    assert "Taken into account" in page
    assert "Left out" not in page
    # The control: one that they never gave is left out.
    wrong = add_published_total(by=cast.olivia, **TOLD | {"count": 35})
    assert agreeing_totals("01", counted_at=timezone.now()) == {total.pk}
    assert not wrong.is_ours
    withdraw_total(total.pk, by=cast.sam, reason="x")
    assert "Total, Total" not in withheld_of(work_out_request(request.pk, by=cast.olivia))
    assert withdrawn_beside(request) == [total]
    worked_out = standing_of(request).worked_out
    assert worked_out is not None
    proposal = propose(request.pk, by=cast.olivia, note="", worked_out=worked_out.pk)
    with pytest.raises(NotAllowed, match="You withdrew a total"):
        release(request.pk, by=cast.sam, proposal=proposal.pk)


def test_a_total_of_0_is_not_taken_for_what_the_records_gave_before_anything_was_in_them(cast: Cast) -> None:
    right = add_published_total(by=cast.olivia, **TOLD | {"count": 0})
    assert right.is_ours
    few_cases()
    assert agreeing_totals("01", counted_at=timezone.now()) == frozenset()
    assert agreeing_totals("01", counted_at=IMPORTED - timedelta(days=1)) == {right.pk}
    assert not add_published_total(by=cast.olivia, **TOLD | {"count": 0, "source": "Mistyped"}).is_ours
    withdraw_total(right.pk, by=cast.sam, reason="x")
    assert withdrawn_beside(made(cast.olivia)) == []
    # The control: of 2019 there is none to this day.
    none = TOLD | {"count": 0, "period": (date(2019, 1, 1), date(2020, 1, 1))}
    assert add_published_total(by=cast.olivia, **none).is_ours


def test_a_total_that_is_of_other_cases_by_now_is_known_as_of_both_moments(cast: Cast) -> None:
    few_cases()
    case = given(cast.amina, datetime(2020, 6, 1, 12, tzinfo=UTC), (THREATS,))
    total = add_published_total(by=cast.olivia, **TOLD | {"count": 34})
    now = timezone.now()
    assert [each.counted_at for each in total_layouts("01", counted_at=now, extracted_at=now)] == [now]
    rescinded_at(case, timezone.now(), cast.priya)
    history({("2020-06-01", THEFT): 1}, completed_at=timezone.now())
    # Then it was 30 and 4, and now it is 31 and 3.
    later = timezone.now()
    found = [each.counted_at for each in total_layouts("01", counted_at=later, extracted_at=later)]
    assert found == [later, total.at]
    content = json.loads(work_out_request(made(cast.olivia, **YEAR).pk, by=cast.olivia).content)
    assert [each["release"] for each in content["collisions"]] == [
        f"{TOLD['source']} (2023)",
        f"{TOLD['source']} (2023) (2)",
    ]
    assert None in content["table"]["values"][0]


def test_a_total_that_agrees_now_protects_a_table_of_an_earlier_moment(cast: Cast) -> None:
    few_cases()
    history({("2020-06-01", THREATS): 1}, completed_at=timezone.now() - timedelta(days=1))
    request = made(cast.olivia, as_of=IMPORTED, **YEAR)
    assert "Total, Total" not in withheld_of(work_out_request(request.pk, by=cast.olivia))
    assert add_published_total(by=cast.olivia, **TOLD | {"count": 34}).is_ours
    assert not standing_of(request).is_current
    assert "Total, Total" in withheld_of(work_out_request(request.pk, by=cast.olivia))


def test_a_total_that_only_a_table_of_an_earlier_moment_gives_makes_that_table_old(cast: Cast) -> None:
    few_cases()
    _one_more()
    proposal = proposed(cast.olivia, as_of=IMPORTED + timedelta(hours=1), **YEAR)
    told = add_published_total(by=cast.olivia, **TOLD)
    assert told.is_ours
    assert not standing_of(proposal.request).is_current
    # The control: no moment gives this one, and what was worked out holds.
    work_out_request(proposal.request_id, by=cast.olivia)
    assert not add_published_total(by=cast.olivia, **TOLD | {"count": 31}).is_ours
    assert standing_of(proposal.request).is_current


def test_a_total_that_was_withdrawn_before_its_cases_were_imported_is_shown_and_its_withdrawer_releases_nothing(
    cast: Cast,
) -> None:
    total = add_published_total(by=cast.sam, **THEFTS)
    assert not withdraw_total(total.pk, by=cast.sam, reason="It is left out anyway.").was_ours
    request = made(cast.olivia, **YEAR)
    assert withdrawn_beside(request) == []
    few_cases()
    worked_out = work_out_request(request.pk, by=cast.olivia)
    olivia, sam = sign_in(Client(), cast.olivia), sign_in(Client(), cast.sam)
    page = olivia.get(reverse("foi_propose", args=[request.pk])).content.decode()
    proposal = propose(request.pk, by=cast.olivia, note="", worked_out=worked_out.pk)
    address = reverse("foi_release", args=[request.pk])
    requested = reverse("foi_request", args=[request.pk])
    for each in (page, sam.get(address).content.decode(), sam.get(requested).content.decode()):
        assert "Totals that were withdrawn" in each
        assert "It is left out anyway." in each
    # The way to the release is not offered to whoever finds it closed.
    assert address not in sam.get(requested).content.decode()
    assert "You withdrew a total" in sam.get(requested).content.decode()
    with pytest.raises(NotAllowed, match="You withdrew a total"):
        release(request.pk, by=cast.sam, proposal=proposal.pk)
    assert Release.objects.count() == 0


def test_nothing_is_released_that_was_proposed_before_a_total_was_withdrawn(cast: Cast) -> None:
    few_cases()
    proposal = proposed(cast.olivia, **YEAR)
    sam, address = sign_in(Client(), cast.sam), reverse("foi_release", args=[proposal.request_id])
    assert 'name="declared"' in sam.get(address).content.decode()
    added = add_published_total(by=cast.olivia, **THEFTS)
    withdraw_total(added.pk, by=cast.olivia, reason="It was of another year.")
    sent = {"proposal": proposal.pk, "declared": "yes"}
    refused = sam.post(address, sent)
    assert refused.status_code == 409
    assert "was withdrawn, and since this was proposed" in refused.content.decode()
    assert "It was of another year." in refused.content.decode()
    assert 'name="declared"' not in sam.get(address).content.decode()
    # Worked out and proposed again both have read of it, and it is the second one's to judge.
    again = work_out_request(proposal.request_id, by=cast.olivia)
    requested = reverse("foi_request", args=[proposal.request_id])
    assert address not in sam.get(requested).content.decode()
    second = propose(proposal.request_id, by=cast.olivia, note="", worked_out=again.pk)
    page = sam.get(requested).content.decode()
    assert "Totals that were withdrawn" in page
    assert address in page
    assert sam.post(address, sent | {"proposal": second.pk}).status_code == 302
    assert Release.objects.get().proposal == second


def test_nothing_is_released_that_was_proposed_before_an_import_gave_a_withdrawn_total(cast: Cast) -> None:
    few_cases()
    total = add_published_total(by=cast.olivia, **TOLD | {"count": 34})
    withdraw_total(total.pk, by=cast.olivia, reason="Left out.")
    first = proposed(cast.olivia)
    assert withdrawn_beside(first.request) == []
    _one_more()
    with pytest.raises(Stale, match="since this was proposed"):
        release(first.request_id, by=cast.sam, proposal=first.pk)
    # Proposed again, it is another proposal, although nothing else of it differs.
    second = propose(first.request_id, by=cast.olivia, note="", worked_out=first.worked_out_id)
    assert second != first
    assert propose(first.request_id, by=cast.olivia, note="", worked_out=first.worked_out_id) == second
    assert release(first.request_id, by=cast.sam, proposal=second.pk).proposal == second


def test_a_withdrawn_total_is_in_nobodys_way_where_the_table_is_protected_beside_the_same(cast: Cast) -> None:
    few_cases()
    both: dict[str, Any] = TOLD | {"groups": (Group("Some offences", (THEFT, THREATS)),)}
    total = add_published_total(by=cast.olivia, **both)
    withdraw_total(total.pk, by=cast.sam, reason="x")
    request = made(cast.olivia)
    assert withdrawn_beside(request) == [total]
    # The same codes in another order, taken into account, for good.
    again = add_published_total(by=cast.olivia, **both | {"groups": (Group("Some offences", (THREATS, THEFT)),)})
    assert again.is_ours
    assert withdrawn_beside(request) == []
    _one_more()
    assert withdrawn_beside(request) == []
    withdraw_total(again.pk, by=cast.olivia, reason="y")
    assert withdrawn_beside(request) == [again, total]


def test_a_withdrawn_total_that_a_release_shows_is_in_nobodys_way(cast: Cast) -> None:
    few_cases()
    left(cast, reference="F/1", **YEAR)
    shown, other = add_published_total(by=cast.olivia, **TOLD), add_published_total(by=cast.olivia, **THEFTS)
    for each in (shown, other):
        withdraw_total(each.pk, by=cast.sam, reason="x")
    # The release shows its total, 33, and withholds how many thefts there were.
    assert withdrawn_beside(made(cast.olivia, reference="F/2")) == [other]


def test_what_moments_a_total_is_held_against_takes_no_more_questions_for_more_totals(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    few_cases()
    request = made(cast.olivia)
    for count in range(6):
        withdraw_total(add_published_total(by=cast.olivia, **TOLD | {"count": 30 + count}).pk, by=cast.sam, reason="x")
        add_published_total(by=cast.olivia, **TOLD | {"count": 20 + count})
    assert PublishedTotal.every.count() == 12
    with django_assert_max_num_queries(30):
        assert len(withdrawn_beside(request)) == 1


def test_the_trail_keeps_whether_a_withdrawn_total_was_what_the_records_gave(cast: Cast) -> None:
    few_cases()
    for count, was_ours in ((33, True), (35, False)):
        total = add_published_total(by=cast.olivia, **TOLD | {"count": count})
        withdraw_total(total.pk, by=cast.sam, reason="x")
        assert Entry.objects.get(event="total.withdrawn", subject=total.subject).details["was_ours"] is was_ours
    assert not Proposal.objects.exists()
