"""How long a sign-in lasts."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from cr_app.audit.models import Entry
from tests.cast import Cast, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.pages")]
MORNING = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


def test_half_an_hour_without_a_request_ends_the_session(client: Client, cast: Cast) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, cast.amina)
        clock.move_to(MORNING + timedelta(minutes=29))
        assert client.get("/").status_code == 200
        clock.move_to(MORNING + timedelta(minutes=58))
        assert client.get("/").status_code == 200
        clock.move_to(MORNING + timedelta(minutes=88, seconds=1))
        assert client.get("/")["Location"] == "/sign-in/?next=/"
        clock.move_to(MORNING + timedelta(minutes=88, seconds=2))
        assert client.get("/").status_code == 302
    entry = Entry.objects.get(event="officer.signed_out")
    assert (entry.subject, entry.details) == ("officer:4127", {"because": "idle for too long"})


def test_twelve_hours_end_it_however_busy(client: Client, cast: Cast) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, cast.amina)
        for minutes in range(20, 12 * 60, 20):
            clock.move_to(MORNING + timedelta(minutes=minutes))
            assert client.get("/").status_code == 200, minutes
        clock.move_to(MORNING + timedelta(hours=12))
        assert client.get("/").status_code == 302
    assert Entry.objects.get(event="officer.signed_out").details == {"because": "signed in for too long"}


def test_a_page_that_asks_for_nobody_is_served_after_the_end(client: Client, cast: Cast) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, cast.amina)
        clock.move_to(MORNING + timedelta(hours=1))
        assert client.get("/health/").content == b"well"


def test_last_seen_is_written_once_a_minute_at_most(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, cast.amina)
        clock.move_to(MORNING + timedelta(seconds=59))
        with django_assert_num_queries(2):
            client.get("/")
        clock.move_to(MORNING + timedelta(seconds=60))
        client.get("/")
        clock.move_to(MORNING + timedelta(seconds=119))
        with django_assert_num_queries(2):
            client.get("/")


def test_a_force_may_choose_a_shorter_limit(client: Client, cast: Cast, settings: Settings) -> None:
    settings.SESSION_IDLE_SECONDS = 300
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, cast.amina)
        for minutes in (4, 8, 12):
            clock.move_to(MORNING + timedelta(minutes=minutes))
            assert client.get("/").status_code == 200
        clock.move_to(MORNING + timedelta(minutes=17))
        assert client.get("/").status_code == 302


def test_nobody_costs_no_query(client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert client.get("/health/").status_code == 200
        assert client.get("/").status_code == 302


def test_asking_to_stay_keeps_an_idle_session_alive(client: Client, cast: Cast) -> None:
    """Twenty minutes, a press on the notice, twenty more: still signed in; without the press, not."""
    with time_machine.travel("2026-11-21 02:00:00Z", tick=False) as clock:
        sign_in(client, cast.amina)
        clock.shift(1200)
        assert client.get("/stay-signed-in/").status_code == 204
        clock.shift(1200)
        assert client.get("/stay-signed-in/").status_code == 204
        clock.shift(1801)
        assert client.get("/stay-signed-in/").status_code == 302
