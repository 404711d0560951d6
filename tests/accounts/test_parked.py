"""What was posted after the session had ended waits for its officer, and for nobody else."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cr_app.accounts import parked
from cr_app.accounts.models import ParkedAnswers
from tests.cast import PASSWORD, Cast, give_password, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.pages")]
MORNING = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
TYPED = "Took two bottles of squash; O\u2019Neill\u2019s nephew \U0001f642"


@pytest.fixture(autouse=True)
def passwords(cast: Cast) -> None:
    """Let two officers sign in by the page."""
    give_password(cast.amina)
    give_password(cast.tom)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found
    return found[1]


def answers_of(client: Client, path: str = "/form/x/") -> dict[str, object]:
    """Open the page and type; returns what the browser would post."""
    page = client.get(path).content.decode()
    return {"shown_to": hidden(page, "shown_to"), "circumstances": TYPED, "flags": ["a", "b"], "old_password": "canary"}


def post_sign_in(client: Client, number: str, path: str) -> Any:
    return client.post("/sign-in/", {"login": number, "password": PASSWORD, "next": path})


def expired_post(client: Client, path: str = "/form/x/") -> Any:
    """Type on a page and post it an hour later."""
    with time_machine.travel(MORNING, tick=False) as clock:
        answers = answers_of(client, path)
        clock.move_to(MORNING + timedelta(hours=1))
        return client.post(path, answers)


@pytest.fixture
def amina(client: Client, cast: Cast) -> Client:
    """The browser in which Amina Khan is signed in, at seven in the morning."""
    with time_machine.travel(MORNING, tick=False):
        sign_in(client, cast.amina)
    return client


def test_the_same_officer_gets_back_what_was_typed_once(amina: Client) -> None:
    response = expired_post(amina)
    assert response["Location"] == "/sign-in/?next=/form/x/"
    (cookie,) = (morsel for name, morsel in response.cookies.items() if name.startswith("parked-"))
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    with time_machine.travel(MORNING + timedelta(hours=1, minutes=1), tick=False):
        assert "What was typed before you were signed out is kept" in amina.get(response["Location"]).content.decode()
        assert "is kept" not in amina.get("/sign-in/?next=/form/y/").content.decode()
        assert post_sign_in(amina, "4127", "/form/x/")["Location"] == "/form/x/"
        again = amina.get("/form/x/")
        assert TYPED in again.content.decode()
        assert again.content.decode().count("checked") == 2
        assert "canary" not in again.content.decode()
        assert again.cookies[cookie.key].value == ""
        assert not ParkedAnswers.objects.exists()
        assert TYPED not in amina.get("/form/x/").content.decode()


def test_another_officer_sees_nothing_and_deletes_it(amina: Client) -> None:
    expired_post(amina)
    with time_machine.travel(MORNING + timedelta(hours=1, minutes=1), tick=False):
        post_sign_in(amina, "4213", "/form/x/")
        assert not ParkedAnswers.objects.exists()
        assert TYPED not in amina.get("/form/x/").content.decode()
        amina.post("/sign-out/")
        post_sign_in(amina, "4127", "/form/x/")
        assert TYPED not in amina.get("/form/x/").content.decode()


def test_two_tabs_lose_nothing(amina: Client) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        both = {path: answers_of(amina, path) for path in ("/form/x/", "/form/y/")}
        clock.move_to(MORNING + timedelta(hours=1))
        for path, answers in both.items():
            amina.post(path, answers)
        post_sign_in(amina, "4127", "/form/y/")
        for path in both:
            assert TYPED in amina.get(path).content.decode(), path


def test_posting_the_page_twice_parks_it_once(amina: Client) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        answers = answers_of(amina)
        clock.move_to(MORNING + timedelta(hours=1))
        amina.post("/form/x/", answers)
        amina.post("/form/x/", answers)
    assert ParkedAnswers.objects.count() == 1


def test_the_row_can_be_read_by_nobody_without_the_cookie(amina: Client) -> None:
    response = expired_post(amina)
    row = ParkedAnswers.objects.get()
    (token,) = (morsel.value for name, morsel in response.cookies.items() if name.startswith("parked-"))
    assert token not in str(vars(row))
    assert b"squash" not in bytes(row.ciphertext)
    assert json.dumps(TYPED)[1:9].encode() not in bytes(row.ciphertext)


def test_a_cookie_of_another_page_opens_nothing(amina: Client) -> None:
    response = expired_post(amina)
    (token,) = (morsel.value for name, morsel in response.cookies.items() if name.startswith("parked-"))
    with time_machine.travel(MORNING + timedelta(hours=1, minutes=1), tick=False):
        post_sign_in(amina, "4127", "/form/y/")
        amina.cookies[parked._cookie("/form/y/")] = token
        assert TYPED not in amina.get("/form/y/").content.decode()


@pytest.mark.parametrize("claim", ["", "made up", "of another page", "too old"])
def test_a_page_that_was_shown_to_nobody_is_not_parked(amina: Client, claim: str) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        answers = answers_of(amina, "/form/y/" if claim == "of another page" else "/form/x/")
        if claim in {"", "made up"}:
            answers["shown_to"] = claim
        clock.move_to(MORNING + timedelta(days=8 if claim == "too old" else 0, hours=1))
        response = amina.post("/form/x/", answers)
    assert response["Location"] == "/sign-in/"
    assert not ParkedAnswers.objects.exists()


def test_after_seven_days_it_is_gone(amina: Client) -> None:
    expired_post(amina)
    with time_machine.travel(MORNING + timedelta(days=7), tick=False) as clock:
        assert parked.forget_expired() == 0
        assert ParkedAnswers.objects.count() == 1
        clock.move_to(MORNING + timedelta(days=7, hours=1))
        post_sign_in(amina, "4127", "/form/x/")
        assert TYPED not in amina.get("/form/x/").content.decode()
    expired_post(sign_in_again(amina))
    with time_machine.travel(MORNING + timedelta(days=7, hours=2), tick=False):
        assert (parked.forget_expired(), parked.forget_expired()) == (1, 0)
    assert not ParkedAnswers.objects.exists()


def sign_in_again(client: Client) -> Client:
    with time_machine.travel(MORNING, tick=False):
        client.cookies.clear()
        post_sign_in(client, "4127", "/")
    return client


def test_an_officer_fills_no_more_than_twenty_rows(amina: Client, cast: Cast) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        forms = {f"/form/{number}/": answers_of(amina, f"/form/{number}/") for number in range(22)}
        clock.move_to(MORNING + timedelta(hours=1))
        for path, answers in forms.items():
            clock.shift(1)
            amina.post(path, answers)
    kept = set(ParkedAnswers.objects.values_list("path", flat=True))
    assert kept == {f"/form/{number}/" for number in range(2, 22)}


def test_signing_in_again_in_another_tab_loses_nothing_of_the_first(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    with time_machine.travel(MORNING, tick=False):
        sign_in(client, cast.amina)
        page = client.get("/form/x/").content.decode()
        stale = {"circumstances": TYPED} | {name: hidden(page, name) for name in ("shown_to", "csrfmiddlewaretoken")}
        # The other tab: out, and in again, which makes a new token.
        client.cookies.pop("sessionid")
        token = hidden(client.get("/sign-in/").content.decode(), "csrfmiddlewaretoken")
        client.post("/sign-in/", {"login": "4127", "password": PASSWORD, "csrfmiddlewaretoken": token})
        response = client.post("/form/x/", stale)
        assert (response.status_code, response["Location"]) == (302, "/form/x/")
        assert TYPED in client.get("/form/x/").content.decode()


def test_another_officer_signed_in_in_another_tab_saves_and_sees_nothing(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    with time_machine.travel(MORNING, tick=False):
        sign_in(client, cast.amina)
        page = client.get("/form/x/").content.decode()
        stale = {"circumstances": TYPED} | {name: hidden(page, name) for name in ("shown_to", "csrfmiddlewaretoken")}
        client.cookies.pop("sessionid")
        token = hidden(client.get("/sign-in/").content.decode(), "csrfmiddlewaretoken")
        client.post("/sign-in/", {"login": "4213", "password": PASSWORD, "csrfmiddlewaretoken": token})
        assert client.post("/form/x/", stale).status_code == 403
    assert not ParkedAnswers.objects.exists()


def test_a_page_without_a_cookie_asks_the_database_nothing(
    amina: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with time_machine.travel(MORNING, tick=False), django_assert_num_queries(2):
        amina.get("/form/x/")
