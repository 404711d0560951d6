"""Two people release: who may, what is worked out again, numbers, and that nothing released can change."""

import json
from datetime import date
from typing import Any

import pytest
from django.db import Error, connection, transaction

from cr_app.audit.models import Entry
from cr_app.disclosure.actions.releasing import propose, record_download, release
from cr_app.disclosure.actions.requests import choose_cell, work_out_request
from cr_app.disclosure.models import InformationRequest, Release
from cr_app.disclosure.release_text import digest_of
from cr_app.pages.refusals import AccessDenied, NotAllowed, Stale
from tests.at_once import at_once
from tests.cast import Cast
from tests.disclosure.desk_work import few_cases, left, made, proposed

YEAR = {"reference": "01.FOI.26.000009", "years": "financial"}


@pytest.mark.django_db
def test_a_second_person_releases_what_was_proposed_under_the_next_number(cast: Cast) -> None:
    few_cases()
    first = left(cast)
    second = left(cast, reference="01.FOI.26.000009")
    assert (first.number, second.number) == (1, 2)
    content = json.loads(first.content)
    assert (content["number"], content["released_at"]) == (1, first.released_at.isoformat())
    assert content["digest"] == first.digest == digest_of(content)
    assert content["table"] == json.loads(first.proposal.worked_out.content)["table"]
    entry = Entry.objects.filter(event="release.released").order_by("pk").first()
    assert entry is not None
    assert (entry.subject, entry.details["digest"]) == ("release:01-1", first.digest)
    assert json.loads(second.content)["collisions"][0]["release"] == 1


@pytest.mark.django_db
def test_whoever_proposed_it_does_not_release_it(cast: Cast) -> None:
    few_cases()
    proposal = proposed(cast.olivia)
    with pytest.raises(NotAllowed, match="You proposed it"):
        release(proposal.request_id, by=cast.olivia, proposal=proposal.pk)
    assert not Release.objects.exists()
    assert release(proposal.request_id, by=cast.sam, proposal=proposal.pk).number == 1


@pytest.mark.django_db
def test_nobody_without_the_duty_and_nobody_of_another_force_releases(cast: Cast) -> None:
    few_cases()
    proposal = proposed(cast.olivia)
    for officer in (cast.amina, cast.priya, cast.ruth, cast.colin, cast.margaret):
        with pytest.raises(NotAllowed):
            release(proposal.request_id, by=officer, proposal=proposal.pk)
    cast.sam.force = cast.kieran.force
    with pytest.raises(AccessDenied):
        release(proposal.request_id, by=cast.sam, proposal=proposal.pk)


@pytest.mark.django_db
def test_a_form_sent_twice_proposes_and_releases_once(cast: Cast) -> None:
    few_cases()
    request = made(cast.olivia)
    worked_out = work_out_request(request.pk, by=cast.olivia)
    first = propose(request.pk, by=cast.olivia, note="Please look at Total.", worked_out=worked_out.pk)
    again = propose(request.pk, by=cast.olivia, note="Please look at Total.", worked_out=worked_out.pk)
    assert first == again
    one = release(request.pk, by=cast.sam, proposal=first.pk)
    assert release(request.pk, by=cast.sam, proposal=first.pk) == one
    assert Entry.objects.filter(event="release.released").count() == 1


@pytest.mark.django_db
def test_only_what_was_worked_out_last_and_still_holds_is_proposed(cast: Cast) -> None:
    few_cases()
    request = made(cast.olivia)
    first = work_out_request(request.pk, by=cast.olivia)
    cell: dict[str, Any] = {"row": "Theft", "column": "Total", "is_withheld": True, "reason": "The press office asked."}
    choose_cell(request.pk, by=cast.olivia, **cell)
    with pytest.raises(Stale, match="changed since"):
        propose(request.pk, by=cast.olivia, note="", worked_out=first.pk)
    second = work_out_request(request.pk, by=cast.olivia)
    with pytest.raises(Stale, match="not what was worked out last"):
        propose(request.pk, by=cast.olivia, note="", worked_out=first.pk)
    assert propose(request.pk, by=cast.olivia, note="", worked_out=second.pk).worked_out == second


@pytest.mark.django_db
def test_a_release_that_changed_the_ledger_meanwhile_makes_a_proposal_old(cast: Cast) -> None:
    few_cases()
    waiting = proposed(cast.olivia)
    left(cast, **YEAR)
    with pytest.raises(Stale, match="not the table that was proposed"):
        release(waiting.request_id, by=cast.sam, proposal=waiting.pk)
    worked_out = work_out_request(waiting.request_id, by=cast.olivia)
    again = propose(waiting.request_id, by=cast.olivia, note="", worked_out=worked_out.pk)
    with pytest.raises(Stale, match="Another table was proposed"):
        release(waiting.request_id, by=cast.sam, proposal=waiting.pk)
    assert release(waiting.request_id, by=cast.sam, proposal=again.pk).number == 2


@pytest.mark.django_db
def test_a_release_that_counts_none_of_the_same_cases_changes_nothing(cast: Cast) -> None:
    few_cases()
    waiting = proposed(cast.olivia)
    left(cast, reference="01.FOI.26.000009", period_from=date(2010, 1, 1), period_to=date(2011, 12, 31))
    assert release(waiting.request_id, by=cast.sam, proposal=waiting.pk).number == 2


@pytest.mark.django_db(transaction=True)
def test_two_at_once_release_one_request_once_and_two_requests_under_two_numbers(many: Cast) -> None:
    few_cases()
    one, other = proposed(many.olivia), proposed(many.sam, reference="01.FOI.26.000009", period_to=date(2020, 12, 31))
    found = at_once([lambda: release(one.request_id, by=many.sam, proposal=one.pk) for _ in range(2)])
    assert [type(each) for each in found] == [Release, Release]
    assert found[0] == found[1]
    third = proposed(
        many.olivia, reference="01.FOI.26.000010", period_from=date(2010, 1, 1), period_to=date(2011, 12, 31)
    )
    found = at_once(
        [
            lambda: release(other.request_id, by=many.olivia, proposal=other.pk),
            lambda: release(third.request_id, by=many.sam, proposal=third.pk),
        ]
    )
    # The one was worked out before the first release of the same cases; the other counts other years.
    assert sorted(type(each).__name__ for each in found) == ["Release", "Stale"]
    assert list(Release.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


@pytest.mark.django_db
def test_what_was_released_cannot_be_changed_with_sql(cast: Cast) -> None:
    few_cases()
    made_before = left(cast)
    for statement in (
        "UPDATE disclosure_release SET content = ''",
        "DELETE FROM disclosure_release",
        "TRUNCATE disclosure_release CASCADE",
        "UPDATE disclosure_workedout SET content = ''",
        "DELETE FROM disclosure_proposal",
        "UPDATE disclosure_informationrequest SET threshold = 2",
        "DELETE FROM disclosure_informationrequest",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Release.objects.get().content == made_before.content
    # Another request may still be changed: it is the release that closes one.
    open_one = made(cast.olivia, reference="01.FOI.26.000009")
    assert InformationRequest.objects.filter(pk=open_one.pk).update(threshold=6) == 1


@pytest.mark.django_db
def test_the_database_wants_a_second_person_too(cast: Cast) -> None:
    few_cases()
    proposal = proposed(cast.olivia)
    with pytest.raises(Error, match="a_release_takes_a_second_person"), transaction.atomic():
        Release.objects.create(
            force_id="01",
            number=1,
            request=proposal.request,
            proposal=proposal,
            content="{}",
            digest="",
            extracted_at=proposal.at,
            proposed_by=cast.olivia,
            released_by=cast.olivia,
            released_at=proposal.at,
        )


@pytest.mark.django_db
def test_each_download_is_kept_with_its_form_and_digest(cast: Cast) -> None:
    few_cases()
    found = left(cast)
    record_download(found, "csv", by=cast.sam, file_digest="ab" * 32)
    entry = Entry.objects.get(event="release.downloaded")
    assert entry.subject == "release:01-1"
    assert entry.details == {"number": 1, "form": "csv", "file_digest": "ab" * 32}
    with pytest.raises(NotAllowed):
        record_download(found, "csv", by=cast.amina, file_digest="ab" * 32)
