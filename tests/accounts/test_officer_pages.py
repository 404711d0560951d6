"""The pages of duty, absences, officers and units, as a browser meets them."""

import re
import time
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cr_app.accounts.models import Absence, Officer, Unit
from cr_app.accounts.sessions import SIGNED_IN_AT
from cr_app.audit.models import Entry
from tests.cast import PASSWORD, Cast, give_password, sign_in

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def shown(response: Any) -> str:
    return unescape(response.content.decode())


def fields(response: Any) -> dict[str, Any]:
    """Return what the form of a page would send as it stands."""
    form = response.context["form"]
    sent: dict[str, Any] = {}
    for field in form:
        value = field.value()
        if isinstance(value, dict):
            sent |= {f"{field.name}_{part}": typed for part, typed in value.items()}
        else:
            sent[field.name] = (
                {None: "", True: "yes", False: "no"}.get(value, value)
                if not isinstance(value, (tuple, list))
                else value
            )
    sent["shown_to"] = str(response.context["shown_to"])
    return sent


def confirm(client: Client, path: str) -> Any:
    return client.post(f"{reverse('account_reauthenticate')}?next={path}", {"password": PASSWORD, "next": path})


@pytest.fixture
def colin(client: Client, cast: Cast) -> Client:
    """The administrator, signed in ten minutes ago, with a password that pages ask for."""
    give_password(cast.colin)
    sign_in(client, cast.colin)
    session = client.session
    session[SIGNED_IN_AT] = int(time.time()) - 600
    session.save()
    return client


def test_the_list_is_narrowed_in_the_address_and_searched_without_it(colin: Client, cast: Cast) -> None:
    page = shown(colin.get(reverse("officers")))
    assert "13 officers" in page
    assert "Kieran" not in page
    narrowed = shown(colin.get(reverse("officers"), {"unit": str(cast.amina.unit_id), "role": "sergeant"}))
    assert "1 officer" in narrowed
    assert "Grace Mensah" in narrowed
    for sought in ("o'neill", " 42 13", "TOM", "o'n to"):
        found = colin.post(reverse("officers"), {"sought": sought})
        assert (found.status_code, "Tom O'Neill" in shown(found)) == (200, True), sought
    assert "Nobody found" in shown(colin.post(reverse("officers"), {"sought": "Kieran"}))
    assert colin.post(reverse("officers"), {"sought": " "}).status_code == 422
    odd: dict[str, str]
    for odd in ({"unit": "x"}, {"role": "god"}, {"page": "-1"}, {"page": "x" * 999}, {"accounts": "\0"}):
        assert colin.get(reverse("officers"), odd).status_code == 200, odd
    Officer.objects.filter(pk=cast.tom.pk).update(is_active=False)
    assert "Tom O'Neill" not in shown(colin.get(reverse("officers")))
    assert "Tom O'Neill" in shown(colin.get(reverse("officers"), {"accounts": "closed"}))


def test_changing_an_account_asks_for_the_password_again_after_five_minutes(colin: Client, cast: Cast) -> None:
    path = reverse("officer_change", args=[cast.tom.pk])
    assert colin.get(path)["Location"] == f"/confirm-it-is-you/?next={path.replace('/', '%2F')}"
    assert colin.post(path, {"family_name": "X"})["Location"].startswith("/confirm-it-is-you/")
    assert confirm(colin, path)["Location"] == path
    page = colin.get(path)
    assert page.status_code == 200
    typed = fields(page) | {"given_names": "Thomas"}
    with time_machine.travel(time.time() + 301):
        led = colin.post(path, typed)
        assert led["Location"].startswith("/confirm-it-is-you/")
        assert Officer.objects.get(pk=cast.tom.pk).given_names == "Tom"
        confirm(colin, path)
        back = colin.get(path)
        assert "What you typed is here" in shown(back)
        assert back.context["form"]["given_names"].value() == "Thomas"
        assert colin.post(path, fields(back))["Location"] == reverse("officer", args=[cast.tom.pk])
    assert Officer.objects.get(pk=cast.tom.pk).given_names == "Thomas"


def test_a_stale_page_shows_both_values_and_loses_neither(colin: Client, cast: Cast) -> None:
    path = reverse("officer_change", args=[cast.tom.pk])
    confirm(colin, path)
    first_day = {"rank_since_day": "1", "rank_since_month": "11", "rank_since_year": "2026"}
    typed = fields(colin.get(path)) | {"rank": "Sergeant"} | first_day
    Officer.objects.filter(pk=cast.tom.pk).update(family_name="Neill")
    stale = colin.post(path, typed)
    assert stale.status_code == 409
    assert "Somebody else has changed this account since you opened it." in shown(stale)
    rows = {row["question"]: (row["theirs"], row["yours"]) for row in stale.context["conflict"]}
    assert rows.pop("Since which day in this rank? (optional)")[0] == "Not given"
    assert rows == {"Family name": ("Neill", "O'Neill"), "Substantive rank": ("Constable", "Sergeant")}
    assert Entry.objects.filter(outcome="refused", subject="officer:4213").count() == 1
    assert colin.post(path, fields(stale)).status_code == 302
    tom = Officer.objects.get(pk=cast.tom.pk)
    assert (tom.family_name, tom.substantive_rank) == ("O'Neill", "Sergeant")


def test_a_mistake_stands_beside_its_question_with_all_that_was_typed(colin: Client, cast: Cast) -> None:
    path = reverse("officer_change", args=[cast.tom.pk])
    confirm(colin, path)
    typed = fields(colin.get(path))
    for wrong, field, sentence in (
        ({"rank": "Sheriff"}, "rank", "choose one of the answers shown"),
        ({"unit": str(cast.kieran.unit_id)}, "unit", "choose one of the answers shown"),
        ({"roles": ["god"]}, "roles", "choose one of the answers shown"),
        ({"roles": ["administrator", "sergeant"]}, "roles", "give Administrator without Sergeant."),
        ({"email": "4127@officers.example"}, "email", "Another officer has the email address"),
        ({"acting_rank": "Constable", "acting_from_day": "1", "acting_from_month": "1", "acting_from_year": "2026"},
         "acting_rank", "Give an acting rank above Constable."),
        ({"rank_since_day": "31", "rank_since_month": "2", "rank_since_year": "2026"}, "rank_since", "no day 31"),
    ):  # fmt: skip
        refused = colin.post(path, typed | wrong)
        assert refused.status_code == 422, wrong
        assert sentence in str(refused.context["form"].errors.as_data()[field]), wrong
    assert Officer.objects.get(pk=cast.tom.pk).title == cast.tom.title


def test_ones_own_account_says_who_can_change_it(colin: Client, cast: Cast) -> None:
    page = shown(colin.get(reverse("officer", args=[cast.colin.pk])))
    assert "This is your own account" in page
    assert "Your force has no other" in page
    assert "Change this account" not in page
    Officer.objects.filter(pk=cast.margaret.pk).update(roles=["administrator"])
    assert "Supt 1205 Margaret Lowe" in shown(colin.get(reverse("officer", args=[cast.colin.pk])))
    path = reverse("officer_change", args=[cast.colin.pk])
    assert (colin.get(path).status_code, colin.post(path, {}).status_code) == (403, 403)


def test_an_officer_is_added_and_the_first_password_shown_once(colin: Client, cast: Cast) -> None:
    path = reverse("officer_add")
    confirm(colin, path)
    typed = fields(colin.get(path)) | {
        "warrant_number": "51 50",
        "family_name": "Osei",
        "email": "n.osei@officers.example",
        "rank": "Constable",
        "unit": str(cast.tom.unit_id),
    }
    taken = colin.post(path, typed | {"warrant_number": "4213"})
    assert (taken.status_code, "4213 is here already" in shown(taken)) == (422, True)
    done = colin.post(path, typed)
    officer = Officer.objects.get(warrant_number="5150")
    password = done.context["password"]
    assert password in shown(done)
    assert officer.check_password(password)
    assert officer.must_change_password
    again = colin.post(path, typed)
    assert (again.status_code, password in shown(again)) == (422, False)
    other = Client()
    other.post(reverse("account_login"), {"login": "5150", "password": password})
    assert other.get(reverse("desk"))["Location"] == reverse("account_change_password")


def test_a_lost_password_is_made_anew_behind_the_administrators_own(colin: Client, cast: Cast) -> None:
    path = reverse("officer_first_password", args=[cast.tom.pk])
    assert colin.post(path)["Location"].startswith("/confirm-it-is-you/")
    confirm(colin, reverse("officer", args=[cast.tom.pk]))
    done = colin.post(path)
    assert Officer.objects.get(pk=cast.tom.pk).check_password(done.context["password"])
    assert "no-store" in done["Cache-Control"]


def test_absences_are_recorded_listed_and_ended(colin: Client, cast: Cast) -> None:
    path, page = reverse("officer_absence", args=[cast.helen.pk]), reverse("officer", args=[cast.helen.pk])
    typed = {
        "from_on_day": "23", "from_on_month": "11", "from_on_year": "2099",
        "until_on_day": "27", "until_on_month": "November", "until_on_year": "2099", "cover": "2051",
    }  # fmt: skip
    refused = colin.post(path, typed | {"cover": "4127"})
    assert (refused.status_code, "has no role to decide" in shown(refused)) == (422, True)
    assert colin.post(path, {}).status_code == 422
    assert colin.post(path, typed)["Location"] == page
    told = shown(colin.get(page))
    assert "23 November 2099 to 27 November 2099" in told
    assert "Covered by Insp 2051 Priya Shah" in told
    absence = Absence.objects.get()
    assert colin.post(reverse("absence_end", args=[absence.pk]))["Location"] == page
    assert "None is recorded." in shown(colin.get(page))


@time_machine.travel(NOON, tick=False)
def test_an_inspector_switches_her_duty(client: Client, cast: Cast) -> None:
    sign_in(client, cast.priya)
    page = client.get(reverse("duty"))
    assert re.findall(r"(?:Today|Tomorrow) at \d\d:\d\d", shown(page)) == [
        "Today at 14:00", "Today at 22:00", "Tomorrow at 06:00",
    ]  # fmt: skip
    for sent, status in (
        ({}, 422),
        ({"until": "other"}, 422),
        ({"until": "other", "other": "25:00"}, 422),
        ({"until": "2026-11-25T06:00"}, 422),
        ({"until": "other", "other": "11.30"}, 302),
    ):
        assert client.post(reverse("duty"), sent).status_code == status, sent
    assert "On duty until 22 November 2026 at 11:30" in shown(client.get(reverse("duty")))
    assert client.post(reverse("duty"), {"until": "2026-11-21T22:00"}).status_code == 302
    assert "On duty until 21 November 2026 at 22:00" in shown(client.get(reverse("duty")))
    assert client.post(reverse("duty"), {"off": "1"}).status_code == 302
    assert "Off duty" in shown(client.get(reverse("duty")))


def test_her_own_absence_is_recorded_and_ended_on_her_own_page(client: Client, cast: Cast) -> None:
    sign_in(client, cast.yusuf)
    page = shown(client.get(reverse("duty")))
    assert "Your absences" in page
    assert "Take requests" not in page
    path = reverse("officer_absence", args=[cast.yusuf.pk])
    typed = {f"{field}_{part}": value for field in ("from_on", "until_on")
             for part, value in (("day", "1"), ("month", "2"), ("year", "2099"))}  # fmt: skip
    assert client.post(path, typed)["Location"] == reverse("duty")
    assert "1 February 2099" in shown(client.get(reverse("duty")))
    assert client.post(reverse("absence_end", args=[Absence.objects.get().pk]))["Location"] == reverse("duty")


def test_units_are_listed_added_and_renamed(colin: Client, cast: Cast) -> None:
    assert "Emergency Response Team B" in shown(colin.get(reverse("units")))
    assert colin.post(reverse("unit_add"), {"name": "Roads"}).status_code == 302
    assert colin.post(reverse("unit_add"), {"name": "Roads"}).status_code == 422
    unit = Unit.objects.get(name="Roads")
    path = reverse("unit", args=[unit.pk])
    typed = fields(colin.get(path))
    assert colin.post(path, typed | {"name": "Roads and Rail"}).status_code == 302
    stale = colin.post(path, typed | {"name": "Rail"})
    assert stale.status_code == 409
    assert stale.context["conflict"] == [
        {"question": "Name of the unit", "theirs": "Roads and Rail", "yours": "Rail"},
    ]
    assert colin.post(path, fields(stale)).status_code == 302
    assert Unit.objects.get(pk=unit.pk).name == "Rail"
