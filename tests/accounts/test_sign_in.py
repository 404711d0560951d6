"""Signing in and out: who gets in, what everybody else is told, and what the trail keeps of it."""

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cr_app.accounts.demo_cast import CAST
from cr_app.accounts.models import Officer
from cr_app.audit.models import Entry
from tests.cast import PASSWORD, Cast, give_password, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.pages")]
WRONG = "Check your warrant number and password: they are not right together"


def post_sign_in(client: Client, number: str, password: str, **more: str) -> Any:
    return client.post("/sign-in/", {"login": number, "password": password, **more})


def events() -> list[str]:
    entries = Entry.objects.filter(event__startswith="officer.").order_by("id")
    return list(entries.values_list("event", flat=True))


@pytest.mark.parametrize("typed", ["4127", " 4127 ", "41 27"])
def test_an_officer_signs_in_with_warrant_number_and_password(client: Client, cast: Cast, typed: str) -> None:
    give_password(cast.amina)
    response = post_sign_in(client, typed, PASSWORD)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/").content == b"desk"
    entry = Entry.objects.get(event="officer.signed_in")
    assert (entry.actor_key, entry.warrant_number, entry.subject) == (str(cast.amina.pk), "4127", "officer:4127")


def test_letters_of_a_warrant_number_may_be_small(client: Client, cast: Cast) -> None:
    cast.kieran.warrant_number = "46-K9123"
    cast.kieran.save()
    give_password(cast.kieran)
    assert post_sign_in(client, "46-k9123", PASSWORD).status_code == 302


def test_an_unknown_number_a_wrong_password_and_a_closed_account_are_told_the_same(client: Client, cast: Cast) -> None:
    give_password(cast.amina)
    give_password(cast.tom)
    cast.tom.is_active = False
    cast.tom.save()
    for number, password in [("9999", PASSWORD), ("4127", "wrong password of somebody"), ("4213", PASSWORD)]:
        page = post_sign_in(client, number, password)
        assert page.status_code == 200
        assert WRONG in page.content.decode()
        assert "<title>Error: " in page.content.decode()
    assert events() == ["officer.sign_in_failed"] * 3


@pytest.mark.usefixtures("costly_passwords")
def test_an_unknown_number_takes_as_long_as_a_wrong_password(cast: Cast) -> None:
    give_password(cast.amina)
    assert cast.amina.password.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")
    spent: dict[str, list[float]] = {"4127": [], "99999": []}
    for attempt in range(4):
        for number, times in spent.items():
            # Processor time, which a busy machine does not lengthen as it does the clock's.
            began = time.process_time()
            post_sign_in(Client(REMOTE_ADDR=f"10.0.{attempt}.{len(number)}"), number, "wrong password")
            times.append(time.process_time() - began)
    known, unknown = (min(times) for times in spent.values())
    assert 0.6 < unknown / known < 1.7


def test_what_was_typed_for_a_number_is_kept_only_where_it_cannot_be_a_password(client: Client, cast: Cast) -> None:
    post_sign_in(client, "4127", "wrong")
    post_sign_in(client, "Summer2026", "4127")
    known, unknown = Entry.objects.filter(event="officer.sign_in_failed").order_by("id")
    assert known.subject == "officer:4127"
    assert (unknown.subject, unknown.details) == ("", {"because": "wrong warrant number or password"})
    assert known.outcome == "refused"


def test_five_failures_lock_the_number_for_ten_minutes_from_any_address(cast: Cast) -> None:
    give_password(cast.amina)
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        for attempt in range(5):
            page = post_sign_in(Client(REMOTE_ADDR=f"10.0.0.{attempt}"), "4127", "wrong")
        assert page.status_code == 429
        assert "Sign-in is locked for now" in page.content.decode()
        assert post_sign_in(Client(REMOTE_ADDR="10.0.9.9"), "41 27", PASSWORD).status_code == 429
        clock.move_to(now + timedelta(minutes=10, seconds=1))
        assert post_sign_in(Client(REMOTE_ADDR="10.0.9.9"), "4127", PASSWORD).status_code == 302
    assert events() == [
        *["officer.sign_in_failed"] * 5,
        "officer.locked_out",
        "officer.sign_in_failed",
        "officer.signed_in",
    ]
    assert Entry.objects.get(event="officer.locked_out").details["minutes"] == 10


def test_trying_while_locked_does_not_make_the_lock_longer(cast: Cast) -> None:
    give_password(cast.amina)
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        for attempt in range(5):
            post_sign_in(Client(REMOTE_ADDR=f"10.0.0.{attempt}"), "4127", "wrong")
        clock.move_to(now + timedelta(minutes=9))
        assert post_sign_in(Client(REMOTE_ADDR="10.0.9.9"), "4127", "wrong").status_code == 429
        clock.move_to(now + timedelta(minutes=10, seconds=1))
        assert post_sign_in(Client(REMOTE_ADDR="10.0.9.9"), "4127", PASSWORD).status_code == 302


def test_five_failures_lock_the_address_for_every_number(cast: Cast) -> None:
    give_password(cast.amina)
    bad = Client(REMOTE_ADDR="10.1.1.1")
    for number in ["9001", "9002", "9003", "9004", "9005"]:
        page = post_sign_in(bad, number, "wrong")
    assert page.status_code == 429
    assert post_sign_in(bad, "4127", PASSWORD).status_code == 429
    assert post_sign_in(Client(REMOTE_ADDR="10.1.1.2"), "4127", PASSWORD).status_code == 302


def test_signing_in_wins_no_fresh_guesses_at_a_colleagues_password(cast: Cast) -> None:
    give_password(cast.amina)
    give_password(cast.tom)
    for _ in range(4):
        post_sign_in(Client(REMOTE_ADDR="10.2.2.2"), "4213", "a guess")
    assert post_sign_in(Client(REMOTE_ADDR="10.2.2.2"), "4127", PASSWORD).status_code == 302
    assert post_sign_in(Client(REMOTE_ADDR="10.2.2.2"), "4213", "a guess").status_code == 429


def test_nothing_that_was_typed_reaches_the_table_of_failures(client: Client, cast: Cast) -> None:
    from axes.models import AccessAttempt

    post_sign_in(client, "4127", "a canary of a password", next="/form/canary/")
    kept = AccessAttempt.objects.values().get()
    assert "canary" not in str(kept)


@pytest.mark.parametrize(
    ("next_page", "goes_to"),
    [
        ("/form/x/", "/form/x/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("http://testserver/form/x/", "/"),
        ("http:///elsewhere.example", "/"),
    ],
)
def test_next_leads_within_this_service_only(client: Client, cast: Cast, next_page: str, goes_to: str) -> None:
    give_password(cast.amina)
    assert post_sign_in(client, "4127", PASSWORD, next=next_page)["Location"] == goes_to
    assert client.get("/sign-in/", {"next": next_page})["Location"] == goes_to


@pytest.mark.parametrize(
    "typed", ["\x00", "4127\x00", "\ud800", "x" * 5000, "\uff19" * 40, "\U0001f642", "' OR 1=1", ""]
)
def test_odd_text_for_a_number_is_an_error_beside_the_field(client: Client, cast: Cast, typed: str) -> None:
    body = {"login": typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "password": "x"}
    page = client.post("/sign-in/", body)
    assert page.status_code == 200
    assert page.context["form"].errors


@pytest.mark.parametrize("field", ["login", "password"])
def test_a_lone_surrogate_sent_in_another_encoding_is_an_error_too(client: Client, cast: Cast, field: str) -> None:
    parts = {"login": "4127", "password": "x"} | {field: "\\ud800"}
    body = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in parts.items()
    )
    kind = "multipart/form-data; boundary=b; charset=raw_unicode_escape"
    page = client.generic("POST", "/sign-in/", (body + "--b--\r\n").encode(), content_type=kind)
    assert page.status_code == 200
    assert field in page.context["form"].errors


def test_signing_out_is_a_post_and_the_browser_forgets(client: Client, cast: Cast) -> None:
    sign_in(client, cast.amina)
    assert "Do you want to sign out?" in client.get("/sign-out/").content.decode()
    assert client.get("/").status_code == 200
    response = client.post("/sign-out/")
    assert (response.status_code, response["Location"]) == (302, "/sign-in/")
    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert client.get("/").status_code == 302
    assert Entry.objects.get(event="officer.signed_out").details == {"because": "asked to"}


def test_every_page_but_the_marked_ones_asks_for_an_officer(client: Client, cast: Cast) -> None:
    assert client.get("/form/x/?a=1")["Location"] == "/sign-in/?next=/form/x/%3Fa%3D1"
    assert client.get("/health/").content == b"well"
    for page in ["/sign-in/", "/sign-in/help/", "/sign-in/no-account/", "/sign-in/closed/"]:
        assert client.get(page).status_code == 200, page
    for page in ["/password/", "/confirm-it-is-you/"]:
        assert client.get(page)["Location"].startswith("/sign-in/"), page


def test_there_is_no_sign_up(client: Client, cast: Cast) -> None:
    assert client.post("/sign-in/no-account/", {"username": "9999", "password1": PASSWORD}).status_code == 405
    assert (
        "Accounts and first passwords are made by the administrators"
        in client.get("/sign-in/no-account/").content.decode()
    )


def test_a_request_of_a_signed_in_officer_reads_session_and_officer_and_no_more(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sign_in(client, cast.amina)
    with django_assert_num_queries(2):
        page = client.get("/")
        officer = page.wsgi_request.user
        assert isinstance(officer, Officer)
        assert officer.force.name
        assert officer.unit.name


def test_a_closed_account_ends_its_open_sessions(client: Client, cast: Cast) -> None:
    sign_in(client, cast.amina)
    cast.amina.is_active = False
    cast.amina.save()
    assert client.get("/").status_code == 302


def test_every_member_of_the_cast_can_be_signed_in(client: Client, cast: Cast) -> None:
    for name, officer in cast.everybody().items():
        assert sign_in(client, officer).get("/").status_code == 200, name
    assert set(cast.everybody()) == set(CAST)
