"""Totals published elsewhere: one that the records give makes tables old, one that they do not give does not, and each is withdrawn."""

from datetime import date
from typing import Any

import pytest
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.audit.models import Entry
from cr_app.disclosure.actions.releasing import propose, release
from cr_app.disclosure.actions.requests import work_out_request
from cr_app.disclosure.actions.totals import add_published_total, withdraw_total
from cr_app.disclosure.asked import BadRequest, Group
from cr_app.disclosure.models import PublishedTotal, TotalWithdrawal
from cr_app.disclosure.queries.desk import standing_of
from cr_app.disclosure.releases import agreeing_totals, withdrawn_beside
from cr_app.pages.refusals import AccessDenied, NotAllowed, Stale
from tests.cast import Cast, sign_in
from tests.disclosure import make_desk
from tests.disclosure.desk_work import few_cases, made, proposed

pytestmark = pytest.mark.django_db
# What `few_cases` imports for 2020 comes to 33.
TOLD: dict[str, Any] = {
    "source": "Home Office, table 2.1",
    "published_on": date(2023, 7, 1),
    "period": (date(2020, 1, 1), date(2020, 12, 31)),
    "basis": "cases",
    "count": 33,
}


def test_a_total_is_kept_once_and_only_of_days_that_are_over_and_codes_that_there_are(cast: Cast) -> None:
    few_cases()
    assert add_published_total(by=cast.olivia, **TOLD) == add_published_total(by=cast.sam, **TOLD)
    assert PublishedTotal.every.count() == 1
    for wrong, sentence in (
        ({"groups": (Group("None", ("999/99",)),)}, "999/99"),
        ({"published_on": date(2099, 1, 1)}, "are over"),
        ({"published_on": date(2020, 6, 1)}, "before its period was over"),
    ):
        with pytest.raises(BadRequest, match=sentence):
            add_published_total(by=cast.olivia, **TOLD | wrong)
    with pytest.raises(NotAllowed):
        add_published_total(by=cast.amina, **TOLD)
    details = Entry.objects.get(event="total.added").details
    assert (details["published_on"], details["basis"], details["offences"]) == ("2023-07-01", "cases", "all")


def test_a_total_that_the_records_give_makes_tables_old_and_one_that_is_left_out_does_not(cast: Cast) -> None:
    few_cases()
    request = made(cast.olivia)
    before = work_out_request(request.pk, by=cast.olivia)
    left_out = add_published_total(by=cast.olivia, **TOLD | {"count": 34})
    assert (left_out.is_ours, standing_of(request).is_current) == (False, True)
    assert work_out_request(request.pk, by=cast.olivia) == before
    withdraw_total(left_out.pk, by=cast.olivia, reason="Mistyped.")
    assert standing_of(request).is_current
    assert add_published_total(by=cast.olivia, **TOLD).is_ours
    assert not standing_of(request).is_current
    assert work_out_request(request.pk, by=cast.olivia) != before


def test_a_total_is_withdrawn_once_for_a_reason_stays_and_counts_no_more(cast: Cast) -> None:
    few_cases()
    total = add_published_total(by=cast.olivia, **TOLD)
    request = made(cast.olivia)
    worked_out = work_out_request(request.pk, by=cast.olivia)
    proposal = propose(request.pk, by=cast.olivia, note="", worked_out=worked_out.pk)
    assert agreeing_totals("01", counted_at=timezone.now()) == {total.pk}
    with pytest.raises(BadRequest, match="Say why"):
        withdraw_total(total.pk, by=cast.sam, reason=" ")
    gone = withdraw_total(total.pk, by=cast.olivia, reason="It was 3,300.")
    assert withdraw_total(total.pk, by=cast.sam, reason="Twice.") == gone
    assert (gone.by, gone.was_ours, PublishedTotal.every.get()) == (cast.olivia, True, total)
    assert agreeing_totals("01", counted_at=timezone.now()) == frozenset()
    (entry,) = Entry.objects.filter(event="total.withdrawn")
    assert (entry.subject, entry.details["count"], entry.details["source"]) == (total.subject, 33, TOLD["source"])
    # What was worked out beside it is worked out again, and so is what was proposed.
    assert not standing_of(request).is_current
    assert work_out_request(request.pk, by=cast.olivia) != worked_out
    with pytest.raises(Stale):
        release(request.pk, by=cast.sam, proposal=proposal.pk)
    # Entered again it is another one.
    assert add_published_total(by=cast.olivia, **TOLD) != total


def test_nobody_without_the_duty_and_of_another_force_withdraws_and_a_withdrawal_stays(cast: Cast) -> None:
    total = make_desk.total(cast)
    with pytest.raises(NotAllowed):
        withdraw_total(total.pk, by=cast.amina, reason="x")
    cast.sam.force = cast.kieran.force
    with pytest.raises(AccessDenied):
        withdraw_total(total.pk, by=cast.sam, reason="x")
    withdraw_total(total.pk, by=cast.olivia, reason="x")
    for change in (TotalWithdrawal.objects.all().delete, PublishedTotal.every.all().delete):
        with pytest.raises(Error), transaction.atomic():
            change()
    assert TotalWithdrawal.objects.count() == 1


def test_a_withdrawn_total_is_shown_with_who_when_and_why(cast: Cast) -> None:
    olivia, total = sign_in(Client(), cast.olivia), make_desk.total(cast)
    place, address = "/disclosure/elsewhere/", reverse("total_withdraw", args=[total.pk])
    assert f'href="{address}"' in olivia.get(place).content.decode()
    refused = olivia.post(address, {"reason": ""})
    assert refused.status_code == 422
    assert "<title>Error: " in refused.content.decode()
    assert olivia.post(address, {"reason": "Mistyped <b>it</b>."})["Location"] == place
    page = olivia.get(place).content.decode()
    for words in ("Withdrawn by Olivia Grant", "Mistyped &lt;b&gt;it&lt;/b&gt;.", "Home Office, table 2.1"):
        assert words in page, words
    assert address not in page
    assert "Left out" not in page
    assert olivia.get(address)["Location"] == place


def test_a_withdrawn_total_that_was_ours_is_shown_to_both_before_they_propose_and_release(cast: Cast) -> None:
    few_cases()
    total = add_published_total(by=cast.olivia, **TOLD)
    request = made(cast.olivia)
    withdraw_total(total.pk, by=cast.olivia, reason="Nobody <i>knows</i> it.")
    worked_out = work_out_request(request.pk, by=cast.olivia)
    olivia, sam = sign_in(Client(), cast.olivia), sign_in(Client(), cast.sam)
    shown = (
        "Totals that were withdrawn",
        "not protected beside it.",
        "Home Office, table 2.1",
        "33 Community Resolutions for all offences, 1 January 2020 to 31 December 2020",
        "Nobody &lt;i&gt;knows&lt;/i&gt; it.",
        "Withdrawn by <bdi>Olivia Grant</bdi>",
    )
    proposing = olivia.get(reverse("foi_propose", args=[request.pk])).content.decode()
    proposal = propose(request.pk, by=cast.olivia, note="", worked_out=worked_out.pk)
    releasing = sam.get(reverse("foi_release", args=[request.pk])).content.decode()
    for page in (proposing, releasing):
        assert [words for words in shown if words not in page] == []
    # She withdrew it, proposed, and another one releases.
    assert release(request.pk, by=cast.sam, proposal=proposal.pk).released_by == cast.sam


def test_whoever_withdrew_a_total_that_was_ours_does_not_release_a_table_of_its_time(cast: Cast) -> None:
    few_cases()
    told = TOLD | {"source": "Left out", "count": 34}
    withdraw_total(add_published_total(by=cast.olivia, **told).pk, by=cast.sam, reason="Mistyped.")
    # The control: a total that the records do not give protected nothing, and neither did what is of other years.
    earlier = TOLD | {"period": (date(2018, 1, 1), date(2018, 12, 31)), "count": 0}
    withdraw_total(add_published_total(by=cast.olivia, **earlier).pk, by=cast.sam, reason="Mistyped.")
    total = add_published_total(by=cast.olivia, **TOLD)
    first = proposed(cast.olivia)
    assert withdrawn_beside(first.request) == []
    assert release(first.request_id, by=cast.sam, proposal=first.pk).number == 1
    withdraw_total(total.pk, by=cast.sam, reason="Mistyped.")
    second = proposed(cast.olivia, threshold=6)
    with pytest.raises(NotAllowed, match="You withdrew a total"):
        release(second.request_id, by=cast.sam, proposal=second.pk)
    page = sign_in(Client(), cast.sam).get(reverse("foi_release", args=[second.request_id])).content.decode()
    assert "You withdrew a total" in page
    assert 'name="declared"' not in page
    # Entered again it protects again, and is in nobody's way.
    add_published_total(by=cast.olivia, **TOLD | {"source": "Home Office, table 2.2"})
    third = proposed(cast.olivia, threshold=7)
    assert withdrawn_beside(third.request) == []
    assert release(third.request_id, by=cast.sam, proposal=third.pk).number == 2


def test_a_withdrawn_total_matters_wherever_days_hang_together_with_the_request(cast: Cast) -> None:
    days: dict[str, Any] = {"by": cast.olivia, "source": "x", "published_on": date(2023, 7, 1), "basis": "cases"}
    spans = [(2016, 2016), (2017, 2018), (2018, 2019), (2019, 2020)]
    totals = [
        add_published_total(**days, count=0, period=(date(begins, 1, 1), date(ends, 12, 31))) for begins, ends in spans
    ]
    for total in totals:
        withdraw_total(total.pk, by=cast.sam, reason="x")
    # Of 2020 and 2021, reached by way of 2019 and 2018; no day of 2016 is.
    assert withdrawn_beside(made(cast.olivia)) == totals[:0:-1]
