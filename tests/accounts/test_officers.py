"""Officers: what the database refuses, how they are added, and what the trail keeps."""

import io
from datetime import date, timedelta
from unittest import mock

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings

from cr_app.accounts.actions.describing import BadOfficer
from cr_app.accounts.actions.officers import NewOfficer, add_officer
from cr_app.accounts.demo_cast import CAST, DEMO_PASSWORD
from cr_app.accounts.models import Officer, Unit
from cr_app.accounts.queries import administrators_of, deciders_of, officer_named, officers_of_unit, units_of_force
from cr_app.accounts.roles import Role
from cr_app.audit.models import Entry, EntryPersonal
from cr_app.audit.trail import system_actor
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db
BY = system_actor("a test")


def new(**other: object) -> NewOfficer:
    """Describe an officer who can be added, but for what is given."""
    told = {
        "warrant_number": "5150",
        "email": "n.osei@officers.example",
        "given_names": "Nana",
        "family_name": "Osei",
        "rank": "constable",
        "force": "01",
        "unit": "Emergency Response Team B",
        "roles": ["recording_officer"],
    }
    return NewOfficer(**(told | other))  # type: ignore[arg-type]


def add(described: NewOfficer, password: str = PASSWORD) -> Officer:
    return add_officer(described, password=password, must_change_password=True, by=BY)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"warrant_number": "4127 "}, "a_warrant_number_is_digits_and_capitals"),
        ({"family_name": ""}, "an_officer_has_a_name"),
        ({"email": "4213@OFFICERS.example"}, "no_two_officers_share_an_email_address"),
        ({"roles": ["superuser"]}, "an_officer_has_known_roles_only"),
        ({"substantive_rank": ""}, "an_officer_has_a_substantive_rank"),
        ({"acting_rank": "Inspector"}, "an_acting_rank_has_a_first_day"),
        ({"acting_from": date(2026, 1, 1)}, "an_acting_rank_has_a_first_day"),
        ({"substantive_before": "Sergeant"}, "a_former_rank_was_held_until_a_day"),
        (
            {"acting_rank": "Inspector", "acting_from": date(2026, 2, 1), "acting_until": date(2026, 1, 1)},
            "an_acting_rank_ends_after_it_begins",
        ),
    ],
)
def test_the_database_refuses_an_officer_who_cannot_be(cast: Cast, values: dict[str, object], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Officer.objects.filter(pk=cast.amina.pk).update(**values)


def test_the_database_refuses_a_unit_of_another_force(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="an_officer_belongs_to_a_unit_of_the_own_force"), transaction.atomic():
        Officer.objects.filter(pk=cast.amina.pk).update(unit=cast.kieran.unit)


def test_an_officer_is_titled_by_rank_number_and_name(cast: Cast) -> None:
    assert (str(cast.amina), cast.daniel.title) == ("PC 4127 Amina Khan", "A/Insp 3302 Daniel Reid")
    assert cast.tom.name == "Tom O'Neill"


def test_an_officer_acts_under_key_number_rank_and_name(cast: Cast) -> None:
    actor = cast.daniel.as_actor()
    assert (actor.kind, actor.key, actor.warrant_number) == ("officer", str(cast.daniel.pk), "3302")
    assert (actor.rank, actor.name) == ("Acting Inspector", "Daniel Reid")


def test_roles_are_given_by_name(cast: Cast) -> None:
    assert cast.grace.given_roles() == {Role.RECORDING_OFFICER, Role.SERGEANT}
    assert cast.grace.has_role(Role.SERGEANT)
    assert not cast.amina.has_role(Role.SERGEANT)


def test_officers_are_found_by_number_unit_and_force(cast: Cast) -> None:
    assert officer_named(" 4127 ") == cast.amina
    assert officer_named("not a number\0") is None
    assert set(officers_of_unit(cast.amina.unit)) == {cast.amina, cast.tom, cast.grace, cast.daniel, cast.priya}
    assert list(officers_of_unit(cast.amina.unit, role=Role.SERGEANT)) == [cast.grace]
    assert set(deciders_of("46", Role.AUTHORISING_OFFICER)) == {cast.laura, cast.owen}
    assert list(administrators_of("01")) == [cast.colin]
    assert not administrators_of("46")
    Officer.objects.filter(pk=cast.owen.pk).update(is_active=False)
    assert list(deciders_of("46", Role.AUTHORISING_OFFICER)) == [cast.laura]
    assert list(units_of_force("46")) == [cast.kieran.unit]


def test_adding_an_officer_leaves_one_entry_without_password_or_names(cast: Cast) -> None:
    officer = add(new())
    entry = Entry.objects.get(event="officer.added")
    assert (entry.event, entry.subject, officer.substantive_rank) == ("officer.added", "officer:5150", "Constable")
    assert officer.check_password(PASSWORD)
    assert officer.unit == cast.amina.unit
    kept = f"{entry.details} {bytes(entry.body)!r}"
    assert "Osei" not in kept
    assert officer.password not in kept
    assert '"Osei"' in EntryPersonal.objects.values_list("value", flat=True)


def test_a_new_unit_comes_with_its_first_officer(cast: Cast) -> None:
    officer = add(new(unit="Roads and Transport", area="Central"))
    assert str(officer.unit) == "Roads and Transport, Central"
    assert [change["row"] for change in Entry.objects.get(event="officer.added").details["changes"]] == [
        "accounts.unit",
        "accounts.officer",
    ]


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"warrant_number": "4127"}, "An officer with warrant number 4127 is here already."),
        ({"warrant_number": "x\0y"}, "Give a warrant number of"),
        ({"email": "nowhere"}, "Give an email address such as"),
        ({"email": "4127@OFFICERS.EXAMPLE"}, "Another officer has the email address"),
        ({"family_name": " "}, "Give a family name"),
        ({"family_name": "O\0sei"}, "Type the family name again"),
        ({"given_names": "N" * 91}, "Shorten the given names to 90 characters"),
        ({"rank": "Sheriff"}, "Sheriff"),
        ({"force": "99"}, "'99' is not the code of a force"),
        ({"unit": ""}, "Name the officer's unit."),
        ({"roles": ["god"]}, "'god' is not a role; the roles are recording_officer"),
        ({"acting_from": date(2026, 1, 1)}, "Name the acting rank"),
        ({"acting_rank": "inspector"}, "Say from which day"),
        ({"acting_rank": "constable", "acting_from": date(2026, 1, 1)}, "Give an acting rank above Constable."),
    ],
)
def test_what_is_wrong_with_an_officer_is_one_sentence(cast: Cast, other: dict[str, object], sentence: str) -> None:
    with pytest.raises(BadOfficer, match=sentence.replace("(", r"\(")) as refused:
        add(new(**other))
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)
    assert not Entry.objects.filter(event="officer.added").exists()


@pytest.mark.parametrize("password", ["short", "password1234", "5150515051505150", "nana.osei@officers"])
def test_a_weak_password_is_refused(cast: Cast, password: str) -> None:
    with pytest.raises(BadOfficer, match=r"The password will not do\."):
        add(new(email="nana.osei@officers.example", warrant_number="515051505150"), password)


OPTIONS = {
    "warrant_number": "5150",
    "email": "n.osei@officers.example",
    "given_names": "Nana",
    "family_name": "Osei",
    "rank": "Constable",
    "force": "01",
    "unit": "Emergency Response Team B",
    "role": ["recording_officer"],
}


def test_the_command_makes_and_prints_a_first_password(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("add_officer", **OPTIONS)
    told = capsys.readouterr().out.splitlines()
    officer = Officer.objects.get(warrant_number="5150")
    assert told[0].startswith("PC 5150 Nana Osei of Emergency Response Team B")
    assert officer.check_password(told[1].removeprefix("First password, shown this once: "))
    assert officer.must_change_password


def test_the_command_reads_a_password_from_standard_input(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    with mock.patch("sys.stdin", io.StringIO(f"{PASSWORD}\n")):
        call_command("add_officer", **OPTIONS, password_stdin=True)
    assert Officer.objects.get(warrant_number="5150").check_password(PASSWORD)
    assert PASSWORD not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"rank": "PC"}, "The rank"),
        ({"role": ["administrator", "authorising_officer"]}, "Whoever looks after accounts takes no part in cases"),
        ({"unit": None}, "Give --unit: nobody is here to be asked."),
        ({"acting_rank": "Sergeant", "acting_from": "soon"}, "Write --acting-from as a date such as 2026-11-30."),
    ],
)
def test_a_mistake_in_the_command_is_one_sentence_and_exit_2(
    cast: Cast, capsys: pytest.CaptureFixture[str], other: dict[str, object], sentence: str
) -> None:
    with pytest.raises(SystemExit) as left:
        call_command("add_officer", **(OPTIONS | other))
    assert left.value.code == 2
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith(sentence)
    assert not Officer.objects.filter(warrant_number="5150").exists()


def test_the_demo_cast_is_made_once_and_covers_every_role(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.DEMO = True
    # Passwords are hashed and compared by the dozen here, and it is not they that are tested.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("load_reference", verbosity=0)
    call_command("make_demo_cast")
    first = capsys.readouterr().out
    call_command("make_demo_cast")
    assert capsys.readouterr().out == first
    assert len(first.splitlines()) == len(CAST) + 1
    assert "3302            " + DEMO_PASSWORD + "  Daniel Reid     Acting Inspector" in first.replace(
        "Reid  ", "Reid   "
    )
    officers = Officer.objects.all()
    assert {role for officer in officers for role in officer.given_roles()} == set(Role)
    assert Unit.objects.filter(force="01", officers__roles__contains=["authorising_officer"]).distinct().count() >= 2
    assert {officer.force_id for officer in officers} == {"01", "46"}
    assert Entry.objects.filter(event="officer.added").count() == len(CAST)
    assert Entry.objects.filter(event="officer.absence_recorded").count() == 1
    assert {officer.family_name for officer in officers if officer.is_on_duty(timezone.now())} == {
        *("Shah", "Brandt", "Finch", "Price")
    }
    assert Entry.objects.filter(event="officer.on_duty").count() == 4
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        call_command("make_demo_cast", verbosity=0)
    assert Entry.objects.filter(event="officer.on_duty").count() == 8


def test_the_demo_cast_is_refused_outside_the_demo(capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(SystemExit) as left:
        call_command("make_demo_cast")
    assert left.value.code == 2
    assert "in the demo only" in capsys.readouterr().err
    assert not Officer.objects.exists()
