"""Administrators change officers and units of their own force: what is kept, what is refused, who is told."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from cr_app.accounts.actions.describing import BadOfficer
from cr_app.accounts.actions.officers import (
    ChangedOfficer,
    NewOfficer,
    add_colleague,
    change_officer,
    digest_of,
    give_first_password,
)
from cr_app.accounts.actions.units import UnitNames, add_unit, rename_unit
from cr_app.accounts.forms.officers import answers_of
from cr_app.accounts.models import Officer, Unit
from cr_app.accounts.roles import Role
from cr_app.audit.models import Entry, EntryPersonal
from cr_app.pages.refusals import AccessDenied, NotAllowed, Stale
from tests.accounts.test_officers import new
from tests.cast import PASSWORD, Cast, sign_in

pytestmark = pytest.mark.django_db
TODAY = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def wanted(officer: Officer, **other: Any) -> ChangedOfficer:
    """Describe the account as it is, but for what is given."""
    told: dict[str, Any] = answers_of(officer) | {"unit": officer.unit_id}
    return ChangedOfficer(**(told | other))


def change(officer: Officer, by: Officer, **other: Any) -> Officer:
    return change_officer(officer.pk, by=by, to=wanted(officer, **other), seen=digest_of(officer))


@time_machine.travel(TODAY, tick=False)
def test_a_change_leaves_one_entry_with_the_old_and_the_new_values(cast: Cast) -> None:
    change(
        cast.amina, cast.colin, rank="sergeant", rank_since=date(2026, 12, 1), roles=["sergeant"], email="a@b.example"
    )
    entry = Entry.objects.get(event="officer.changed")
    assert (entry.subject, entry.actor_key, entry.details["officer"]) == ("officer:4127", str(cast.colin.pk), "4127")
    (kept,) = entry.details["changes"]
    assert (kept["row"], kept["operation"]) == ("accounts.officer", "update")
    assert set(kept["new"]) == set(kept["old"]) == {
        "email", "substantive_rank", "substantive_since", "substantive_before", "roles",
    }  # fmt: skip
    assert (kept["old"]["substantive_rank"], kept["new"]["substantive_rank"]) == ("Constable", "Sergeant")
    assert (kept["new"]["substantive_since"], kept["new"]["substantive_before"]) == ("2026-12-01", "Constable")
    assert "a@b.example" not in f"{entry.details} {bytes(entry.body)!r}"
    assert '"a@b.example"' in EntryPersonal.objects.values_list("value", flat=True)


@time_machine.travel(TODAY, tick=False)
def test_a_promotion_to_come_counts_from_its_day(cast: Cast) -> None:
    change(cast.amina, cast.colin, rank="Sergeant", rank_since=date(2026, 12, 1))
    amina = Officer.objects.get(pk=cast.amina.pk)
    assert [amina.rank_on(date(2026, *day)).words for day in ((11, 30), (12, 1))] == ["Constable", "Sergeant"]
    assert amina.title == "PC 4127 Amina Khan"
    # It was not to be: the mistake is corrected, and nothing of it counts.
    change(amina, cast.colin, rank="Constable", rank_since=None)
    amina.refresh_from_db()
    assert (amina.substantive_rank, amina.substantive_before, amina.substantive_since) == ("Constable", "", None)


@time_machine.travel(TODAY, tick=False)
def test_another_promotion_keeps_the_rank_that_was_held_until_then(cast: Cast) -> None:
    change(cast.amina, cast.colin, rank="Sergeant", rank_since=date(2024, 1, 1))
    amina = Officer.objects.get(pk=cast.amina.pk)
    change(amina, cast.colin, rank="Inspector", rank_since=date(2026, 11, 1))
    amina.refresh_from_db()
    assert amina.rank_on(date(2026, 10, 31)).words == "Sergeant"
    # The day alone is moved: what went before stays.
    change(amina, cast.colin, rank_since=date(2026, 11, 15))
    amina.refresh_from_db()
    assert amina.rank_on(date(2026, 11, 14)).words == "Sergeant"


@time_machine.travel(TODAY, tick=False)
def test_a_promotion_to_come_does_not_count_today_where_no_rank_before_it_is_known(cast: Cast) -> None:
    to_come = date(2026, 12, 1)
    described = new(unit="", rank="Inspector", rank_since=to_come)
    with pytest.raises(BadOfficer, match="Give a first day that is not to come") as refused:
        add_colleague(described, unit=cast.amina.unit_id, password=PASSWORD, by=cast.colin)
    assert refused.value.field == "rank_since"
    assert not Officer.objects.filter(warrant_number="5150").exists()
    # Recorded as if always, and then moved ahead: nothing says what she was until then.
    Officer.objects.filter(pk=cast.amina.pk).update(substantive_rank="Sergeant")
    amina = Officer.objects.get(pk=cast.amina.pk)
    with pytest.raises(BadOfficer, match="so Sergeant would count today") as refused:
        change(amina, cast.colin, rank_since=to_come)
    assert refused.value.field == "rank_since"
    # Today is no day to come.
    assert change(amina, cast.colin, rank_since=date(2026, 11, 21)).rank_on(date(2026, 11, 21)).words == "Sergeant"


@time_machine.travel(TODAY, tick=False)
def test_a_promotion_is_never_recorded_as_held_from_always(cast: Cast) -> None:
    with pytest.raises(BadOfficer, match="Give the first day in the rank") as refused:
        change(cast.amina, cast.colin, rank="Sergeant", rank_since=None)
    assert refused.value.field == "rank_since"
    change(cast.amina, cast.colin, rank="Sergeant", rank_since=date(2026, 12, 1))
    amina = Officer.objects.get(pk=cast.amina.pk)
    # Nor is one to come, its day taken out.
    with pytest.raises(BadOfficer, match="Give the first day in the rank"):
        change(amina, cast.colin, rank_since=None)


@time_machine.travel(TODAY, tick=False)
def test_one_promotion_is_to_come_at_a_time(cast: Cast) -> None:
    change(cast.amina, cast.colin, rank="Sergeant", rank_since=date(2026, 12, 1))
    amina = Officer.objects.get(pk=cast.amina.pk)
    # The rank kept as held before it would be Sergeant, which she is not yet.
    with pytest.raises(BadOfficer, match="Sergeant from 1 December 2026 is recorded already"):
        change(amina, cast.colin, rank="Inspector", rank_since=date(2027, 1, 1))
    amina.refresh_from_db()
    change(amina, cast.colin, rank="Inspector", rank_since=date(2026, 12, 1))
    amina.refresh_from_db()
    assert [amina.rank_on(date(2026, *day)).words for day in ((11, 21), (12, 1))] == ["Constable", "Inspector"]
    # Put off: until then she is what she was.
    change(amina, cast.colin, rank_since=date(2027, 2, 1))
    amina.refresh_from_db()
    assert [amina.rank_on(date(2027, *day)).words for day in ((1, 31), (2, 1))] == ["Constable", "Inspector"]


def test_saving_what_is_there_already_leaves_no_entry(cast: Cast) -> None:
    change(cast.daniel, cast.colin)
    assert not Entry.objects.filter(event="officer.changed").exists()


@time_machine.travel(TODAY, tick=False)
@pytest.mark.parametrize(
    ("other", "field", "sentence"),
    [
        ({"rank": "Sheriff"}, "rank", "Sheriff"),
        ({"rank_since": date(2028, 1, 1)}, "rank_since", "within a year"),
        ({"acting_rank": "Constable", "acting_from": date(2026, 1, 1)}, "acting_rank", "above Constable"),
        ({"acting_rank": "Sergeant"}, "acting_from", "from which day"),
        ({"acting_rank": "God", "acting_from": date(2026, 1, 1)}, "acting_rank", "God"),
        ({"acting_until": date(2026, 1, 1)}, "acting_rank", "Name the acting rank"),
        (
            {"acting_rank": "Sergeant", "acting_from": date(2026, 2, 1), "acting_until": date(2026, 1, 31)},
            "acting_until",
            "not before the first",
        ),
        (
            {
                "rank": "Sergeant",
                "rank_since": date(2026, 6, 1),
                "acting_rank": "Sergeant",
                "acting_from": date(2026, 7, 1),
            },
            "acting_rank",
            "above Sergeant, held on 1 July 2026",
        ),
        ({"email": "4213@OFFICERS.example"}, "email", "Another officer has the email address"),
        ({"email": "x" * 300}, "email", "Shorten the email address"),
        ({"family_name": "  "}, "family_name", "Give a family name"),
        ({"family_name": "N" * 101}, "family_name", "Shorten the family name to 100"),
        ({"roles": ["god"]}, "roles", "'god' is not a role"),
        ({"unit": 0}, "unit", "Select a unit"),
        ({"unit": 2**70}, "unit", "Select a unit"),
    ],
)
def test_what_is_wrong_with_a_change_is_one_sentence(
    cast: Cast, other: dict[str, object], field: str, sentence: str
) -> None:
    with pytest.raises(BadOfficer, match=sentence) as refused:
        change(cast.amina, cast.colin, **other)
    assert refused.value.field == field
    assert Officer.objects.get(pk=cast.amina.pk).__dict__.keys()
    assert digest_of(Officer.objects.get(pk=cast.amina.pk)) == digest_of(cast.amina)
    assert not Entry.objects.filter(event="officer.changed").exists()


TAKING_PART = ["recording_officer", "sergeant", "authorising_officer", "professional_standards"]


@pytest.mark.parametrize("role", list(Role))
def test_whoever_looks_after_accounts_takes_no_part_in_cases(cast: Cast, role: Role) -> None:
    roles = [role.value, "administrator"]
    if role.value not in TAKING_PART:
        assert set(change(cast.amina, cast.colin, roles=roles).roles) == set(roles)
        return
    with pytest.raises(BadOfficer, match=f"give Administrator without {role.words}.") as refused:
        change(cast.amina, cast.colin, roles=roles)
    assert refused.value.field == "roles"
    with pytest.raises(BadOfficer, match="takes no part in cases"):
        add_colleague(new(unit="", roles=roles), unit=cast.amina.unit_id, password=PASSWORD, by=cast.colin)
    assert Officer.objects.get(pk=cast.amina.pk).roles == ["recording_officer"]
    assert not Officer.objects.filter(warrant_number="5150").exists()


def test_an_account_that_holds_both_is_locked_out_of_nothing_until_it_is_saved(client: Client, cast: Cast) -> None:
    Officer.objects.filter(pk=cast.grace.pk).update(roles=[*cast.grace.roles, "administrator", "authorising_officer"])
    grace = Officer.objects.get(pk=cast.grace.pk)
    sign_in(client, grace)
    for name in ("desk", "authority_queue", "duty", "officers", "units"):
        assert client.get(reverse(name)).status_code == 200, name
    change(cast.amina, grace, given_names="Aminah")
    with pytest.raises(BadOfficer, match="without Recording officer or Sergeant or Authorising officer"):
        change(grace, cast.colin, given_names="Gracie")
    change(grace, cast.colin, roles=["administrator"])
    assert Officer.objects.get(pk=grace.pk).roles == ["administrator"]


def test_a_unit_of_another_force_is_refused_by_the_action_too(cast: Cast) -> None:
    with pytest.raises(BadOfficer, match="Select a unit"):
        change(cast.amina, cast.colin, unit=cast.kieran.unit_id)
    with pytest.raises(BadOfficer, match="Select a unit"):
        add_colleague(new(unit=""), unit=cast.kieran.unit_id, password=PASSWORD, by=cast.colin)
    with pytest.raises(NotAllowed, match="own force"):
        add_colleague(new(force="46"), unit=cast.kieran.unit_id, password=PASSWORD, by=cast.colin)


def test_apostrophes_and_other_scripts_stay_as_they_are(cast: Cast) -> None:
    change(cast.amina, cast.colin, given_names="Ngọc-Ánh", family_name="O’Súilleabháin")
    assert Officer.objects.get(pk=cast.amina.pk).name == "Ngọc-Ánh O’Súilleabháin"


def test_nobody_changes_their_own_account_and_only_administrators_change_any(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="another administrator"):
        change(cast.colin, cast.colin, roles=["administrator", "authorising_officer"])
    with pytest.raises(NotAllowed, match="another administrator"):
        give_first_password(cast.colin.pk, by=cast.colin, password=PASSWORD)
    for by in (cast.priya, cast.ruth, cast.margaret):
        with pytest.raises(NotAllowed):
            change(cast.amina, by, rank="Inspector")
        with pytest.raises(NotAllowed):
            add_colleague(new(), unit=cast.amina.unit_id, password=PASSWORD, by=by)
        with pytest.raises(NotAllowed):
            give_first_password(cast.amina.pk, by=by, password=PASSWORD)
        with pytest.raises(NotAllowed):
            add_unit(UnitNames("A unit"), by=by)
        with pytest.raises(NotAllowed):
            rename_unit(cast.amina.unit_id, by=by, to=UnitNames("X"), seen=UnitNames("Y"))
    with pytest.raises(AccessDenied):
        change(cast.kieran, cast.colin, rank="Inspector")
    with pytest.raises(AccessDenied):
        rename_unit(cast.kieran.unit_id, by=cast.colin, to=UnitNames("X"), seen=UnitNames("Y"))


def test_of_two_administrators_at_once_the_second_is_told(cast: Cast) -> None:
    seen = digest_of(cast.amina)
    change_officer(cast.amina.pk, by=cast.colin, to=wanted(cast.amina, roles=["sergeant"]), seen=seen)
    with pytest.raises(Stale):
        change_officer(cast.amina.pk, by=cast.colin, to=wanted(cast.amina, rank="Sergeant"), seen=seen)
    amina = Officer.objects.get(pk=cast.amina.pk)
    assert (amina.roles, amina.substantive_rank) == (["sergeant"], "Constable")


def test_the_officers_own_switch_makes_no_administrators_page_stale(cast: Cast) -> None:
    seen = digest_of(cast.priya)
    Officer.objects.filter(pk=cast.priya.pk).update(on_duty_until=TODAY)
    change_officer(cast.priya.pk, by=cast.colin, to=wanted(cast.priya, given_names="Pria"), seen=seen)
    assert Officer.objects.get(pk=cast.priya.pk).on_duty_until == TODAY


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"roles": []}, ["4127@officers.example"]),
        ({"rank": "Sergeant", "rank_since": date(2026, 11, 1)}, ["4127@officers.example"]),
        ({"is_active": False}, ["4127@officers.example"]),
        # Whoever moves the mail away is not the only one to hear of it.
        ({"email": "n@b.example"}, ["4127@officers.example", "n@b.example"]),
        ({"email": "n@b.example", "roles": []}, ["4127@officers.example", "n@b.example"]),
        ({"email": "4127@Officers.example"}, ["4127@Officers.example"]),
        ({"given_names": "Aminah", "family_name": "Kahn"}, []),
    ],
)
def test_the_officer_is_told_by_mail_of_all_but_names_and_of_nothing_personal(
    cast: Cast,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    other: dict[str, object],
    told: list[str],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        change(cast.amina, cast.colin, **other)
    assert [message.to for message in mail.outbox] == [[address] for address in told]
    for message in mail.outbox:
        assert message.subject == "Your account was changed"
        assert not [each for each in ("Amina", "Khan", "4127", "Sergeant", "Colin") if each in str(message.body)]
        assert "http://" in str(message.body)


def test_mail_that_cannot_be_sent_undoes_nothing(
    cast: Cast,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with django_capture_on_commit_callbacks(execute=True):
        change(cast.amina, cast.colin, roles=[], email="n@b.example")
    assert Officer.objects.get(pk=cast.amina.pk).roles == []
    # The one address keeps the other from nothing.
    assert caplog.text.count("could not be sent") == 2
    assert "4127" not in caplog.text


def test_closing_an_account_ends_its_sessions_and_its_duty_for_good(client: Client, cast: Cast) -> None:
    Officer.objects.filter(pk=cast.priya.pk).update(on_duty_until=TODAY)
    priya = Officer.objects.get(pk=cast.priya.pk)
    sign_in(client, priya)
    other = sign_in(Client(), cast.helen)
    assert client.get(reverse("desk")).status_code == 200
    change(priya, cast.colin, is_active=False)
    priya.refresh_from_db()
    assert priya.on_duty_until is None
    assert client.get(reverse("desk"))["Location"].startswith("/sign-in/")
    change(priya, cast.colin, is_active=True)
    assert client.get(reverse("desk"))["Location"].startswith("/sign-in/")
    assert other.get(reverse("desk")).status_code == 200


def test_a_new_first_password_ends_the_sessions_and_is_changed_at_once(client: Client, cast: Cast) -> None:
    sign_in(client, cast.amina)
    give_first_password(cast.amina.pk, by=cast.colin, password=PASSWORD)
    amina = Officer.objects.get(pk=cast.amina.pk)
    assert amina.check_password(PASSWORD)
    assert amina.must_change_password
    assert client.get(reverse("desk"))["Location"].startswith("/sign-in/")
    entry = Entry.objects.get(event="officer.password_changed")
    assert (entry.subject, entry.actor_key) == ("officer:4127", str(cast.colin.pk))
    Officer.objects.filter(pk=cast.amina.pk).update(is_active=False)
    with pytest.raises(NotAllowed, match="closed"):
        give_first_password(cast.amina.pk, by=cast.colin, password=PASSWORD)


def test_a_colleague_is_added_to_the_own_force(cast: Cast) -> None:
    described: NewOfficer = new(unit="", roles=[Role.RECORDING_OFFICER.value], rank_since=date(2026, 1, 1))
    officer = add_colleague(described, unit=cast.amina.unit_id, password=PASSWORD, by=cast.colin)
    assert (officer.unit, officer.must_change_password, officer.substantive_since) == (
        cast.amina.unit,
        True,
        date(2026, 1, 1),
    )
    entry = Entry.objects.get(event="officer.added")
    assert (entry.actor_key, entry.subject) == (str(cast.colin.pk), "officer:5150")


def test_units_are_added_and_renamed(cast: Cast) -> None:
    unit = add_unit(UnitNames(" Roads  and Transport ", "Central"), by=cast.colin)
    assert (str(unit), unit.force_id) == ("Roads and Transport, Central", "01")
    assert Entry.objects.get(event="unit.added").subject == f"unit:{unit.pk}"
    seen = UnitNames(unit.name, unit.area)
    for _ in range(2):
        rename_unit(unit.pk, by=cast.colin, to=UnitNames("Roads"), seen=seen)
        seen = UnitNames("Roads", "")
    entry = Entry.objects.get(event="unit.changed")
    (kept,) = entry.details["changes"]
    assert (kept["old"], kept["new"]) == (
        {"name": "Roads and Transport", "area": "Central"},
        {"name": "Roads", "area": ""},
    )
    with pytest.raises(Stale):
        rename_unit(unit.pk, by=cast.colin, to=UnitNames("Other"), seen=UnitNames("Roads and Transport", "Central"))
    for name, sentence in (("Roads", "called Roads already"), ("", "Enter the name"), ("N" * 101, "Shorten the name")):
        with pytest.raises(BadOfficer, match=sentence):
            add_unit(UnitNames(name), by=cast.colin)
    with pytest.raises(BadOfficer, match="already"):
        rename_unit(unit.pk, by=cast.colin, to=UnitNames(cast.amina.unit.name), seen=UnitNames("Roads"))
    # Another force may call a unit the same.
    Officer.objects.filter(pk=cast.owen.pk).update(roles=["administrator"])
    add_unit(UnitNames("Roads"), by=Officer.objects.get(pk=cast.owen.pk))
    assert Unit.objects.filter(name="Roads").count() == 2


def test_a_title_costs_no_query(cast: Cast) -> None:
    officer = Officer.objects.get(pk=cast.amina.pk)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert officer.title
    assert len(queries) == 0
