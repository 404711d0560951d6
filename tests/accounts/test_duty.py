"""Who is on duty, who is away, and who takes what is asked of them meanwhile."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from cr_app.accounts.actions.absences import end_absence, record_absence
from cr_app.accounts.actions.describing import BadOfficer
from cr_app.accounts.actions.duty import go_off_duty, go_on_duty
from cr_app.accounts.models import Absence, Officer
from cr_app.accounts.queries import absences_on
from cr_app.audit.models import Entry
from cr_app.audit.queries import timeline_of
from cr_app.pages.refusals import AccessDenied, NotAllowed
from tests.cast import Cast

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


def test_an_inspector_is_on_duty_until_the_time_she_gave(cast: Cast) -> None:
    until = NOON + timedelta(hours=8)
    go_on_duty(cast.priya, until=until, at=NOON)
    priya = Officer.objects.get(pk=cast.priya.pk)
    assert priya.is_on_duty(until - timedelta(seconds=1))
    assert not priya.is_on_duty(until)
    assert not cast.helen.is_on_duty(NOON)
    entry = Entry.objects.get(event="officer.on_duty")
    assert (entry.subject, entry.actor_key, entry.details["until"]) == (
        "officer:2051",
        str(priya.pk),
        "21 November 2026 at 20:00",
    )
    go_off_duty(cast.priya)
    assert [line.sentence for line in timeline_of(priya.subject, labels={"on_duty_until": ""}).lines] == [
        "Inspector Priya Shah said they are off duty.",
        "Inspector Priya Shah said they are on duty until 21 November 2026 at 20:00.",
    ]


def test_the_same_time_again_and_off_duty_twice_are_one_entry_each(cast: Cast) -> None:
    for _ in range(2):
        go_on_duty(cast.priya, until=NOON + timedelta(hours=8), at=NOON)
    for _ in range(2):
        go_off_duty(cast.priya)
    assert list(Entry.objects.filter(event__startswith="officer.").order_by("id").values_list("event", flat=True)) == [
        "officer.on_duty",
        "officer.off_duty",
    ]
    assert Officer.objects.get(pk=cast.priya.pk).on_duty_until is None


@pytest.mark.parametrize(
    ("ahead", "sentence"),
    [
        (timedelta(0), "still to come"),
        (timedelta(minutes=-1), "still to come"),
        (timedelta(hours=24, seconds=1), "24 hours"),
    ],
)
def test_duty_ends_within_a_day(cast: Cast, ahead: timedelta, sentence: str) -> None:
    with pytest.raises(BadOfficer, match=sentence):
        go_on_duty(cast.priya, until=NOON + ahead, at=NOON)
    assert not Entry.objects.filter(event__startswith="officer.").exists()


def test_only_who_authorises_has_the_switch(cast: Cast) -> None:
    for officer in (cast.amina, cast.grace, cast.yusuf, cast.colin):
        with pytest.raises(NotAllowed):
            go_on_duty(officer, until=NOON + timedelta(hours=1), at=NOON)


@time_machine.travel(NOON, tick=False)
def test_an_absence_counts_on_its_days_and_names_its_cover(cast: Cast) -> None:
    absence = record_absence(cast.helen.pk, by=cast.colin, from_on=MONDAY, until_on=FRIDAY, cover=" 2051")
    for day, away in ((MONDAY - timedelta(days=1), 0), (MONDAY, 1), (FRIDAY, 1), (FRIDAY + timedelta(days=1), 0)):
        assert len(absences_on("01", day)) == away, day
    assert absences_on("01", MONDAY)[cast.helen.pk].covered_by == cast.priya
    assert absences_on("46", MONDAY) == {}
    entry = Entry.objects.get(event="officer.absence_recorded")
    assert (entry.subject, entry.details["officer"], entry.details["cover"]) == ("officer:2077", "2077", "2051")
    for _ in range(2):
        end_absence(absence.pk, by=cast.colin)
    assert absences_on("01", MONDAY) == {}
    assert Entry.objects.filter(event="officer.absence_ended", subject="officer:2077").count() == 1
    record_absence(cast.helen.pk, by=cast.helen, from_on=MONDAY, until_on=FRIDAY)


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"until_on": MONDAY - timedelta(days=1)}, "not before the first"),
        ({"from_on": date(2026, 11, 1), "until_on": date(2026, 11, 20)}, "not past"),
        ({"until_on": date(2028, 1, 1)}, "within a year"),
        ({"cover": "2077"}, "nobody covers for themselves"),
        ({"cover": "9999999"}, "no active officer of this force"),
        ({"cover": "no\0number"}, "no active officer of this force"),
        ({"cover": "46-7012"}, "no active officer of this force"),
        ({"cover": "4127"}, "no role to decide"),
    ],
)
def test_what_is_wrong_with_an_absence_is_one_sentence(cast: Cast, other: dict[str, object], sentence: str) -> None:
    told: dict[str, object] = {"from_on": MONDAY, "until_on": FRIDAY, "cover": ""}
    with pytest.raises(BadOfficer, match=sentence):
        record_absence(cast.helen.pk, by=cast.colin, **(told | other))  # type: ignore[arg-type]
    assert not Entry.objects.filter(event__startswith="officer.").exists()


@time_machine.travel(NOON, tick=False)
def test_whoever_is_closed_covers_for_nobody(cast: Cast) -> None:
    Officer.objects.filter(pk=cast.priya.pk).update(is_active=False)
    with pytest.raises(BadOfficer, match="no active officer"):
        record_absence(cast.helen.pk, by=cast.helen, from_on=MONDAY, until_on=FRIDAY, cover="2051")


@time_machine.travel(NOON, tick=False)
def test_absences_of_one_officer_never_overlap(cast: Cast) -> None:
    record_absence(cast.helen.pk, by=cast.helen, from_on=MONDAY, until_on=FRIDAY)
    with pytest.raises(BadOfficer, match="recorded for some of these days"):
        record_absence(cast.helen.pk, by=cast.colin, from_on=FRIDAY, until_on=FRIDAY)
    record_absence(cast.priya.pk, by=cast.colin, from_on=MONDAY, until_on=FRIDAY)
    record_absence(cast.helen.pk, by=cast.colin, from_on=date(2026, 11, 28), until_on=date(2026, 11, 28))


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"until_on": date(2026, 11, 22)}, "an_absence_ends_after_it_begins"),
        ({"covered_by": "helen"}, "nobody_covers_for_themselves"),
        ({}, "an_officer_is_absent_once_at_a_time"),
    ],
)
def test_the_database_refuses_an_absence_that_cannot_be(cast: Cast, values: dict[str, object], constraint: str) -> None:
    told = {"officer": cast.helen, "from_on": MONDAY, "until_on": FRIDAY}
    told |= {"recorded_by": cast.colin, "recorded_at": timezone.now()}
    Absence.objects.create(**(told | {"from_on": FRIDAY}))
    if "covered_by" in values:
        values = {"covered_by": cast.helen}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Absence.objects.create(**(told | values))


@time_machine.travel(NOON, tick=False)
def test_absences_are_the_officers_own_or_the_administrators_of_the_force(cast: Cast) -> None:
    absence = record_absence(cast.helen.pk, by=cast.helen, from_on=MONDAY, until_on=FRIDAY)
    for by, officer, refusal in (
        (cast.priya, cast.helen, NotAllowed),
        (cast.amina, cast.amina, NotAllowed),
        (cast.colin, cast.owen, AccessDenied),
    ):
        with pytest.raises(refusal):
            record_absence(officer.pk, by=by, from_on=MONDAY, until_on=FRIDAY)
    theirs = record_absence(cast.owen.pk, by=cast.owen, from_on=MONDAY, until_on=FRIDAY)
    for by, pk, refusal in (
        (cast.priya, absence.pk, NotAllowed),
        (cast.colin, theirs.pk, AccessDenied),
        (cast.colin, 0, AccessDenied),
        (cast.helen, 0, NotAllowed),
    ):
        with pytest.raises(refusal):
            end_absence(pk, by=by)
    record_absence(cast.amina.pk, by=cast.colin, from_on=MONDAY, until_on=FRIDAY, cover="4213")
