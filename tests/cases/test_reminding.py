"""Reminders of agreed actions: to whom, when, once for each due date, and not a word about anybody."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from cr_app.accounts.models import Officer
from cr_app.cases.actions.reminding import Tally, remind
from cr_app.cases.models import Case, Reminder
from tests import make
from tests.at_once import at_once
from tests.authorisations import making
from tests.cast import Cast
from tests.make_progress import recorded, with_actions

ROOT = Path(__file__).resolve().parents[2]
SOON, OVERDUE = "Something that was agreed is due soon", "Something that was agreed is overdue"


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def after(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


def due(officer: Officer, *days: int) -> str:
    """Return an issued case with an action due after each of these days."""
    return make.issued(officer, with_actions(*(make.apology(due_on=in_days(each)) for each in days)))


def told(capture: DjangoCaptureOnCommitCallbacks, now: datetime | None = None) -> list[tuple[str, str]]:
    """Remind, and return to whom what was sent."""
    before = len(mail.outbox)
    with capture(execute=True):
        remind(now or timezone.now())
    return [(message.to[0], str(message.subject)) for message in mail.outbox[before:]]


def test_its_officer_hears_of_what_is_due_within_three_days_and_once(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    due(cast.amina, 4)
    assert told(django_capture_on_commit_callbacks) == []
    # Three days before, on the day itself, and in between: once.
    assert told(django_capture_on_commit_callbacks, after(1)) == [(cast.amina.email, SOON)]
    for days in (1, 2, 4):
        assert told(django_capture_on_commit_callbacks, after(days)) == []
    assert told(django_capture_on_commit_callbacks, after(5)) == [
        (cast.amina.email, OVERDUE),
        (cast.grace.email, OVERDUE),
    ]
    assert told(django_capture_on_commit_callbacks, after(60)) == []
    assert [(row.kind, row.due_on) for row in Reminder.objects.order_by("pk")] == [
        ("coming", in_days(4)),
        ("overdue", in_days(4)),
    ]


def test_a_changed_date_reminds_again_and_what_is_done_or_not_complied_with_does_not(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    reference = due(cast.amina, 2, 2, 2)
    assert told(django_capture_on_commit_callbacks) == [(cast.amina.email, SOON)]
    recorded(reference, cast.amina, "date_changed", 1, due_on=in_days(10))
    recorded(reference, cast.amina, "completed", 2)
    recorded(reference, cast.amina, "not_complied", 3)
    assert told(django_capture_on_commit_callbacks, after(6)) == []
    assert told(django_capture_on_commit_callbacks, after(8)) == [(cast.amina.email, SOON)]
    recorded(reference, cast.amina, "partly", 1, due_on=in_days(9))
    assert told(django_capture_on_commit_callbacks, after(8)) == [(cast.amina.email, SOON)]
    recorded(reference, cast.amina, "completed", 1)
    assert told(django_capture_on_commit_callbacks, after(20)) == []
    # Recorded in error: it is open, and overdue by then.
    recorded(reference, cast.amina, "reopened", 1)
    assert (cast.amina.email, OVERDUE) in told(django_capture_on_commit_callbacks, after(20))


def test_one_message_tells_of_all_of_a_case_and_each_kind_has_its_own(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    due(cast.amina, 1, 2, 5)
    with django_capture_on_commit_callbacks(execute=True):
        assert remind(timezone.now()) == Tally(messages=1, actions=2)
    assert told(django_capture_on_commit_callbacks, after(3)) == [
        (cast.amina.email, SOON),
        (cast.amina.email, OVERDUE),
        (cast.grace.email, OVERDUE),
    ]


def test_where_its_officer_is_away_or_has_left_the_sergeants_of_the_unit_hear_of_it(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    due(cast.amina, 2)
    with make.undone():
        making.send_away(cast.amina)
        assert told(django_capture_on_commit_callbacks) == [(cast.grace.email, SOON)]
    with make.undone():
        Officer.objects.filter(pk=cast.amina.pk).update(is_active=False)
        assert told(django_capture_on_commit_callbacks) == [(cast.grace.email, SOON)]
        assert told(django_capture_on_commit_callbacks, after(5)) == [(cast.grace.email, OVERDUE)]
    with make.undone():
        Officer.objects.filter(pk=cast.amina.pk).update(roles=[])
        assert told(django_capture_on_commit_callbacks) == [(cast.grace.email, SOON)]
    with make.undone():
        # Nobody is here: she reads it when she is back.
        making.send_away(cast.amina)
        making.send_away(cast.grace)
        assert told(django_capture_on_commit_callbacks) == [(cast.amina.email, SOON)]
    assert told(django_capture_on_commit_callbacks) == [(cast.amina.email, SOON)]


def test_who_may_not_follow_it_up_hears_of_nothing(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    restricted = make.submitted(cast.amina, with_actions(make.apology(due_on=in_days(1))))
    Case.objects.filter(reference=restricted).update(is_restricted=True)
    make.issue_it(restricted, cast.amina)
    of_grace = make.shop(warrant_number=cast.grace.warrant_number)
    make.issued(cast.amina, with_actions(make.apology(due_on=in_days(1)), victims=(of_grace,)))
    assert told(django_capture_on_commit_callbacks, after(3)) == [(cast.amina.email, OVERDUE)] * 2


def test_where_nobody_follows_a_case_up_it_is_said_and_tried_again(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    due(cast.amina, 1, 2)
    Officer.objects.filter(pk__in=[cast.amina.pk, cast.grace.pk]).update(is_active=False)
    assert remind(timezone.now()) == Tally(untold=2)
    said = StringIO()
    call_command("remind", stdout=said)
    assert said.getvalue().startswith("Nobody had to be reminded.\nNobody follows up the cases of 2 agreed actions: ")
    assert not Reminder.objects.exists()
    Officer.objects.filter(pk=cast.grace.pk).update(is_active=True)
    assert told(django_capture_on_commit_callbacks) == [(cast.grace.email, SOON)]


def test_nothing_is_sent_of_a_case_that_is_over(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    rescinded, late = due(cast.amina, 1), due(cast.amina, 1, 1)
    make.submitted(cast.amina, with_actions(make.apology(due_on=in_days(1))))
    Case.objects.filter(reference=rescinded).update(status="rescinded")
    recorded(late, cast.amina, "not_complied", 1)
    # What is left of a case that is not complied with can still be done.
    assert told(django_capture_on_commit_callbacks) == [(cast.amina.email, SOON)]
    assert Reminder.objects.get().action.case.reference == late


def test_no_message_names_anybody_or_anything_of_the_case(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, settings: Settings
) -> None:
    settings.CR_BASE_URL = "https://cr.example.police.uk"
    reference = due(cast.amina, 1)
    assert len(told(django_capture_on_commit_callbacks, after(2))) == 2
    for message in mail.outbox:
        link = f"https://cr.example.police.uk/cases/{reference}/actions/progress/"
        assert f"\n{link}\n" in message.body
        written = f"{message.subject}\n{message.body}".replace(link, "")
        shown = [answer for answer in make.shop_theft().answers.values() if isinstance(answer, str) and len(answer) > 2]
        people = [officer.family_name for officer in cast.everybody().values()]
        for canary in (reference, "Ransome", "Jade", make.REPORT, make.HOLLOWAY, "apology", *shown, *people):
            assert canary.casefold() not in written.casefold(), canary


def test_the_command_says_in_one_line_what_it_sent_and_sends_once(cast: Cast) -> None:
    def run() -> str:
        said = StringIO()
        call_command("remind", stdout=said)
        return said.getvalue()

    assert run() == "Nobody had to be reminded.\n"
    due(cast.amina, 1, 2)
    due(cast.tom, 3)
    assert run() == "Sent 2 messages about 3 agreed actions.\n"
    assert run() == "Nobody had to be reminded.\n"


def test_one_case_that_fails_keeps_nobody_from_hearing_of_the_others(
    cast: Cast, settings: Settings, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    due(cast.amina, 1)
    due(cast.tom, 1)
    settings.EMAIL_BACKEND = "tests.mail_hosts.LosingTheDatabase"
    with pytest.raises(SystemExit) as ended:
        call_command("remind")
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "Sent 1 message about 1 agreed action.\n")
    assert said.err == "Nobody could be reminded of 1 case. The log says which, and what went wrong.\n"
    assert [line.rpartition(": ")[2] for line in caplog.messages] == ["DataError"]
    assert [message.to for message in mail.outbox] == [[cast.tom.email]]


@pytest.mark.django_db(transaction=True)
def test_without_a_mail_host_nothing_is_kept_as_told_and_the_next_run_tells_of_it(
    many: Cast, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    due(many.amina, 1, 2)
    due(many.tom, 1)
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    for _ in range(2):
        with pytest.raises(SystemExit) as ended:
            call_command("remind")
        said = capsys.readouterr()
        assert (ended.value.code, said.out) == (2, "Nobody was reminded.\n")
        assert said.err == (
            "The mail host did not take 2 messages: the next run tries again what nobody was told of.\n"
        )
        assert not Reminder.objects.exists()
    settings.EMAIL_BACKEND = working
    call_command("remind")
    assert capsys.readouterr().out == "Sent 2 messages about 3 agreed actions.\n"
    call_command("remind")
    assert capsys.readouterr().out == "Nobody had to be reminded.\n"


def test_one_address_that_is_refused_is_said_and_keeps_nobody_else_from_hearing_of_it(
    cast: Cast, settings: Settings
) -> None:
    due(cast.amina, 1)
    settings.EMAIL_BACKEND = "tests.mail_hosts.RefusingGrace"
    with make.undone():
        assert remind(after(2)) == Tally(messages=1, actions=1, unsent=1)
        # Somebody heard of it, so that nobody hears of it twice.
        assert remind(after(2)) == Tally()
    # Where nobody did, it is tried again: once its officer has left the sergeant alone is to be told.
    Officer.objects.filter(pk=cast.amina.pk).update(is_active=False)
    for _ in range(2):
        assert remind(after(2)) == Tally(unsent=1)


def test_professional_standards_hear_of_a_restricted_case_once_its_officer_has_left(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    reference = make.submitted(cast.amina, with_actions(make.apology(due_on=in_days(1))))
    Case.objects.filter(reference=reference).update(is_restricted=True)
    make.issue_it(reference, cast.amina)
    with make.undone():
        assert told(django_capture_on_commit_callbacks) == [(cast.amina.email, SOON)]
    Officer.objects.filter(pk=cast.amina.pk).update(is_active=False)
    assert told(django_capture_on_commit_callbacks) == [(cast.yusuf.email, SOON)]
    assert told(django_capture_on_commit_callbacks, after(3)) == [(cast.yusuf.email, OVERDUE)]


def test_in_summer_a_day_ends_at_midnight_in_this_country(cast: Cast) -> None:
    with time_machine.travel(datetime(2026, 7, 1, 12, tzinfo=UTC), tick=False):
        make.issued(cast.amina, with_actions(make.apology(due_on=date(2026, 7, 8))))
    with make.undone():
        # Half past midnight, summer time: three days before, while it is the day before in UTC.
        assert remind(datetime(2026, 7, 4, 22, 30, tzinfo=UTC)) == Tally()
        assert remind(datetime(2026, 7, 4, 23, 30, tzinfo=UTC)) == Tally(messages=1, actions=1)
        assert Reminder.objects.get().kind == "coming"
    with make.undone():
        # Half an hour before midnight on the day itself, and half an hour after it.
        remind(datetime(2026, 7, 8, 22, 30, tzinfo=UTC))
        remind(datetime(2026, 7, 8, 23, 30, tzinfo=UTC))
        assert list(Reminder.objects.order_by("pk").values_list("kind", flat=True)) == ["coming", "overdue"]


def test_without_a_database_it_says_so_in_one_sentence_and_ends_with_2() -> None:
    environment = {**os.environ, "DATABASE_URL": "postgres://cr_app:secret@127.0.0.1:9/cr", "SECRET_KEY": "k" * 50}
    ended = subprocess.run(
        [sys.executable, "manage.py", "remind"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert re.fullmatch(r"The database .*: nobody was reminded\.\n", ended.stderr)
    assert "secret" not in ended.stderr


@pytest.mark.django_db(transaction=True)
def test_of_two_runs_at_once_each_action_is_told_of_once(many: Cast) -> None:
    runs = 4
    for days in range(4):
        due(many.amina, days, 3 - days)
    now = timezone.now()
    tallies = [tally for tally in at_once([lambda: remind(now)] * runs) if isinstance(tally, Tally)]
    assert len(tallies) == runs
    assert sum(tally.actions for tally in tallies) == Reminder.objects.count() == 8
    assert sum(tally.messages for tally in tallies) == len(mail.outbox) == 4
    assert [tally.failed for tally in tallies] == [0] * runs


def test_without_the_lock_the_database_still_keeps_a_reminder_once(cast: Cast) -> None:
    reference = due(cast.amina, 1)
    assert remind(timezone.now()).actions == 1
    kept = Reminder.objects.get()
    assert kept.action.case.reference == reference
    kept.pk = None
    with pytest.raises(IntegrityError, match="reminder_is_sent_once"), transaction.atomic():
        kept.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_a_case_that_is_being_worked_on_is_left_for_the_next_run(many: Cast) -> None:
    reference = due(many.amina, 1)
    now = timezone.now()

    def elsewhere() -> Tally:
        try:
            return remind(now)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Case.objects.select_for_update().get(reference=reference)
            assert pool.submit(elsewhere).result(timeout=20) == Tally()
        assert pool.submit(elsewhere).result(timeout=20) == Tally(messages=1, actions=1)
