"""Whoever meets a release or an import that is being completed is asked to try again, and no refused attempt is kept."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from threading import Event, Thread

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.audit.models import Entry
from cr_app.disclosure import counts
from cr_app.disclosure.actions import open_requests
from cr_app.disclosure.actions.requests import drafted, work_out_request
from cr_app.disclosure.asked import TookTooLong
from cr_app.disclosure.models import InformationRequest, Proposal, PublishedTotal, Release, WorkedOut
from cr_app.disclosure.queries import desk
from cr_app.disclosure.queries.state import LONGEST_WORK, is_at_work
from cr_app.disclosure.releases import CannotProtect, Draft
from tests.cast import Cast, sign_in
from tests.disclosure import make_desk
from tests.disclosure.desk_work import few_cases, made, proposed
from tests.disposable_database import Connection

pytestmark = pytest.mark.django_db


@contextmanager
def _waiting_for_little() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
        yield
        cursor.execute("RESET lock_timeout")


@contextmanager
def _numbering(owner: Connection) -> Iterator[None]:
    name = ["disclosure releases of 01 "]
    owner.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", name)
    with _waiting_for_little():
        yield
    owner.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", name)


@pytest.fixture
def held(owner: Connection) -> Iterator[None]:
    """Somebody else numbers the releases of a force for long."""
    with _numbering(owner):
        yield


def test_a_proposal_or_a_release_that_has_to_wait_too_long_is_asked_for_again(cast: Cast, owner: Connection) -> None:
    few_cases()
    proposal = proposed(cast.olivia)
    olivia, sam = sign_in(Client(), cast.olivia), sign_in(Client(), cast.sam)
    for analyst, name, sent, typed in (
        (olivia, "foi_propose", {"worked_out": proposal.worked_out_id, "note": "A long note"}, "A long note"),
        (sam, "foi_release", {"proposal": proposal.pk, "declared": "yes"}, 'name="declared"'),
    ):
        with _numbering(owner):
            refused = analyst.post(reverse(name, args=[proposal.request_id]), sent)
        assert refused.status_code == 409
        page = refused.content.decode()
        for words in ("Somebody is at it already", "try again in a minute", typed):
            assert words in page, words
    assert not Entry.objects.filter(outcome="refused").exists()
    assert not Release.objects.exists()


def _total() -> dict[str, object]:
    """Return a total as it is typed."""
    told: dict[str, object] = {"source": "A long source", "basis": "cases", "what": "all", "count": "68"}
    for name, (day, month, year) in {
        "published_on": (1, 6, 2023),
        "period_from": (1, 1, 2020),
        "period_to": (31, 12, 2021),
    }.items():
        told |= {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year}
    return told


def test_a_total_that_has_to_wait_too_long_keeps_what_was_typed(cast: Cast, held: None) -> None:
    total, olivia = make_desk.total(cast), sign_in(Client(), cast.olivia)
    withdrawing = reverse("total_withdraw", args=[total.pk])
    for address, sent, typed in (
        ("/disclosure/elsewhere/", _total(), "A long source"),
        (withdrawing, {"reason": "A long reason"}, "A long reason"),
    ):
        response = olivia.post(address, sent)
        assert response.status_code == 422
        assert "try again in a minute" in response.content.decode()
        assert typed in response.content.decode()
    assert PublishedTotal.objects.get() == total
    assert not Entry.objects.filter(outcome="refused").exists()


@pytest.fixture
def uncounted(owner: Connection, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing imported can be read, as where a count would take minutes."""
    monkeypatch.setattr(counts, "LONGEST", "50ms")
    monkeypatch.setattr(desk, "LONGEST", "50ms")
    with owner.transaction(force_rollback=True):
        owner.execute("LOCK TABLE disclosure_importedcase")
        yield


def test_imports_that_take_too_long_to_count_are_not_said_to_be_none(cast: Cast, uncounted: None) -> None:
    page = sign_in(Client(), cast.olivia).get("/disclosure/imports/")
    assert page.status_code == 200
    assert "this page cannot list them" in page.content.decode()
    assert "No case of your force was imported" not in page.content.decode()


def test_a_request_that_takes_too_long_to_count_is_refused_and_says_so_until_it_is_worked_out(
    cast: Cast, uncounted: None
) -> None:
    request, olivia = make_desk.request(cast), sign_in(Client(), cast.olivia)
    refused = olivia.post(reverse("foi_work_out", args=[request.pk]))
    assert refused.status_code == 422
    page = olivia.get(reverse("foi_request", args=[request.pk])).content.decode()
    for each in (refused.content.decode(), page):
        assert "Counting the cases took longer than it may" in each
        assert "ask for a shorter period" in each
    assert "Could not be worked out" in page
    assert not Entry.objects.filter(outcome="refused").exists()
    request.refresh_from_db()
    assert request.working_since is None


def test_a_release_that_takes_too_long_to_count_is_tried_again_not_proposed_again(cast: Cast, uncounted: None) -> None:
    request, sam = make_desk.proposed(cast), sign_in(Client(), cast.sam)
    sent = {"proposal": Proposal.objects.get().pk, "declared": "yes"}
    refused = sam.post(reverse("foi_release", args=[request.pk]), sent)
    assert refused.status_code == 422
    assert "Counting the cases took longer than it may" in refused.content.decode()
    assert "not the table that was proposed" not in refused.content.decode()
    assert 'name="declared"' in refused.content.decode()
    assert not Entry.objects.filter(outcome="refused").exists()


def test_totals_that_take_too_long_to_count_are_shown_and_neither_added_nor_withdrawn(
    cast: Cast, uncounted: None
) -> None:
    total, olivia = make_desk.total(cast), sign_in(Client(), cast.olivia)
    page = olivia.get("/disclosure/elsewhere/")
    assert page.status_code == 200
    assert "cannot say which of these are taken into account" in page.content.decode()
    assert total.source in page.content.decode()
    assert "Left out" not in page.content.decode()
    for address, sent, typed in (
        ("/disclosure/elsewhere/", _total(), "A long source"),
        (reverse("total_withdraw", args=[total.pk]), {"reason": "A long reason"}, "A long reason"),
    ):
        refused = olivia.post(address, sent)
        assert refused.status_code == 422
        assert "Counting the cases took longer than it may" in refused.content.decode()
        assert typed in refused.content.decode()
    assert PublishedTotal.objects.get() == total


@pytest.fixture
def impatient(owner: Connection, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An officer's request waits for locks for 50 ms, and what is kept for 5 seconds."""
    monkeypatch.setattr(open_requests, "PATIENCE", "5s")
    with _waiting_for_little():
        yield


@contextmanager
def _holding(request: InformationRequest, owner: Connection) -> Iterator[None]:
    """Hold a request's row, as another transaction does that changes it."""
    with owner.transaction(force_rollback=True):
        owner.execute("SELECT FROM disclosure_informationrequest WHERE id = %s FOR UPDATE", [request.pk])
        yield


def test_what_was_worked_out_waits_for_whoever_holds_the_request(
    cast: Cast, owner: Connection, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    few_cases()
    request = made(cast.olivia)
    begun, done = Event(), Event()

    def hold() -> None:
        with _holding(request, owner):
            begun.set()
            done.wait(0.3)

    def meanwhile(same: InformationRequest, **moment: object) -> Draft:
        draft = drafted(same, **moment)  # type: ignore[arg-type]
        Thread(target=hold).start()
        assert begun.wait(5)
        return draft

    monkeypatch.setattr("cr_app.disclosure.actions.requests.drafted", meanwhile)
    kept = work_out_request(request.pk, by=cast.olivia)
    assert WorkedOut.objects.get() == kept
    request.refresh_from_db()
    assert request.working_since is None


@pytest.mark.parametrize("is_protected", [True, False])
def test_where_a_request_is_held_for_too_long_a_sentence_says_so_and_hides_no_other(
    cast: Cast, owner: Connection, impatient: None, monkeypatch: pytest.MonkeyPatch, is_protected: bool
) -> None:
    few_cases()
    request = made(cast.olivia)
    monkeypatch.setattr(open_requests, "PATIENCE", "50ms")

    with ExitStack() as held:

        def meanwhile(same: InformationRequest, **moment: object) -> Draft:
            held.enter_context(_holding(request, owner))
            if not is_protected:
                raise CannotProtect("Nothing keeps it wide.")
            return drafted(same, **moment)  # type: ignore[arg-type]

        monkeypatch.setattr("cr_app.disclosure.actions.requests.drafted", meanwhile)
        refusal = (TookTooLong, "held the request") if is_protected else (CannotProtect, "Nothing keeps it wide")
        with pytest.raises(refusal[0], match=refusal[1]):
            work_out_request(request.pk, by=cast.olivia)
    assert not WorkedOut.objects.exists()
    request.refresh_from_db()
    # The mark stands, and runs out by itself.
    assert is_at_work(request, timezone.now())
    assert not is_at_work(request, timezone.now() + LONGEST_WORK)


def test_whoever_changes_a_request_that_somebody_holds_is_asked_to_try_again_and_keeps_what_was_typed(
    cast: Cast, owner: Connection
) -> None:
    few_cases()
    proposal = proposed(cast.olivia)
    request, olivia = proposal.request, sign_in(Client(), cast.olivia)
    cell = {"row": "Theft", "column": "2020", "what": "withhold", "reason": "A long reason"}
    proposing = {"worked_out": proposal.worked_out_id, "note": "A long note"}
    # After the minute in which what was worked out is returned as it is.
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=True):
        answers = []
        for name, sent, typed in (
            ("foi_work_out", {}, "Work it out"),
            ("foi_cell", cell, "A long reason"),
            ("foi_propose", proposing, "A long note"),
            ("foi_close", {"reason": "A long reason"}, "A long reason"),
        ):
            with _waiting_for_little(), _holding(request, owner):
                answer = olivia.post(reverse(name, args=[request.pk]), sent)
            page = answer.content.decode()
            answers.append((name, answer.status_code, "Somebody else changes this request" in page, typed in page))
    assert answers == [
        ("foi_work_out", 409, True, True),
        ("foi_cell", 422, True, True),
        ("foi_propose", 409, True, True),
        ("foi_close", 422, True, True),
    ]
    assert not Entry.objects.filter(outcome="refused").exists()


def test_a_release_whose_releasers_account_somebody_changes_is_asked_for_again(cast: Cast, owner: Connection) -> None:
    few_cases()
    proposal, sam = proposed(cast.olivia), sign_in(Client(), cast.sam)
    address, sent = reverse("foi_release", args=[proposal.request_id]), {"proposal": proposal.pk, "declared": "yes"}
    with _waiting_for_little(), owner.transaction(force_rollback=True):
        owner.execute("SELECT FROM accounts_officer WHERE id = %s FOR UPDATE", [cast.sam.pk])
        refused = sam.post(address, sent)
    assert refused.status_code == 409
    assert "try again in a minute" in refused.content.decode()
    assert not Entry.objects.filter(outcome="refused").exists()
