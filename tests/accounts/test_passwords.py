"""Changing a password, and giving it once more before something that matters."""

from typing import Any

import pytest
from django.test import Client

from cr_app.accounts.models import Officer
from cr_app.audit.models import Entry
from tests.cast import PASSWORD, Cast, give_password, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.pages")]
NEW = "four words that do not belong"


@pytest.fixture
def amina(client: Client, cast: Cast) -> Client:
    """The browser in which Amina Khan is signed in."""
    give_password(cast.amina)
    return sign_in(client, cast.amina)


def change(client: Client, old: str = PASSWORD, new: str = NEW, again: str = NEW) -> Any:
    return client.post("/password/", {"oldpassword": old, "password1": new, "password2": again})


def test_a_changed_password_counts_at_once_and_the_officer_stays_signed_in(amina: Client, cast: Cast) -> None:
    assert change(amina)["Location"] == "/"
    assert amina.get("/").status_code == 200
    assert Officer.objects.get(pk=cast.amina.pk).check_password(NEW)
    entry = Entry.objects.get(event="officer.password_changed")
    assert (entry.actor_key, entry.subject) == (str(cast.amina.pk), "officer:4127")


def test_other_sessions_of_the_officer_end(amina: Client, cast: Cast) -> None:
    elsewhere = sign_in(Client(), cast.amina)
    change(amina)
    assert elsewhere.get("/").status_code == 302


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"old": "not it"}, "oldpassword", "Check your current password: it is not right"),
        ({"old": ""}, "oldpassword", "Enter your current password"),
        ({"new": "short", "again": "short"}, "password1", "This password is too short"),
        ({"new": "4127@officers.example", "again": "4127@officers.example"}, "password1", "too similar"),
        ({"again": "another one altogether"}, "password2", "Type the new password the same way both times"),
        ({"new": "x" * 257}, "password1", "Type a password of 256 characters or fewer"),
        ({"new": "nul\0nul nul nul"}, "password1", "Type the password again: it has a character that cannot be used"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    amina: Client, cast: Cast, typed: dict[str, str], field: str, sentence: str
) -> None:
    page = change(amina, **typed)
    assert page.status_code == 200
    assert sentence in " ".join(page.context["form"].errors[field])
    assert Officer.objects.get(pk=cast.amina.pk).check_password(PASSWORD)


def test_guessing_the_present_password_locks_as_the_sign_in_does(amina: Client) -> None:
    for _ in range(5):
        page = change(amina, old="a guess at it")
    assert page.status_code == 429
    assert change(amina).status_code == 429
    assert Entry.objects.filter(event="officer.locked_out").count() == 1


def test_an_officer_changes_a_password_that_others_made_before_anything_else(amina: Client, cast: Cast) -> None:
    cast.amina.must_change_password = True
    cast.amina.save()
    for page in ["/", "/form/x/"]:
        assert amina.get(page)["Location"] == "/password/"
    assert "Somebody else made the password" in amina.get("/password/").content.decode()
    assert amina.get("/health/").status_code == 200
    change(amina)
    assert amina.get("/").status_code == 200


def test_the_password_is_asked_for_once_more(amina: Client) -> None:
    assert "Confirm that it is you" in amina.get("/confirm-it-is-you/?next=/form/x/").content.decode()
    wrong = amina.post("/confirm-it-is-you/?next=/form/x/", {"password": "not it"})
    assert "Check your password: it is not right" in wrong.content.decode()
    right = amina.post("/confirm-it-is-you/?next=/form/x/", {"password": PASSWORD})
    assert right["Location"] == "/form/x/"
