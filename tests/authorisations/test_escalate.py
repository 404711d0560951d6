"""The command that asks others, and the messages: a link to those asked, and not a word about anybody."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend as LocalMail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from cr_app.authorisations import actions
from cr_app.authorisations.actions import asking
from cr_app.authorisations.queries import Standing, standing_of
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case
from cr_app.pages.refusals import NotAllowed
from tests import make
from tests.authorisations import making
from tests.cast import Cast

ROOT = Path(__file__).resolve().parents[2]


def run(**options: object) -> str:
    """Run the command and return what it prints."""
    said = StringIO()
    call_command("escalate", stdout=said, **options)
    return said.getvalue()


def test_the_command_says_in_one_line_what_it_asked_and_asks_once(cast: Cast) -> None:
    assert run() == "Nobody had to be asked.\n"
    making.asked(cast.amina)
    making.referred(cast.tom)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert run() == "Asked 3 officers about 2 cases.\n"
        assert run() == "Nobody had to be asked.\n"


def test_one_case_that_fails_keeps_nobody_from_being_asked_about_the_others(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    first, second, third = (making.asked(cast.amina, make.knife().but(report=f"{n}/26")) for n in (1, 2, 3))

    def failing(case: Case, at: datetime) -> Standing | None:
        if case.reference == first:
            raise NotAllowed("Your force has no policy.")
        if case.reference == second:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        return standing_of(case, at)

    monkeypatch.setattr(asking, "standing_of", failing)
    with time_machine.travel(timezone.now() + timedelta(hours=25)), pytest.raises(SystemExit) as ended:
        call_command("escalate")
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "Asked 2 officers about 1 case.\n")
    assert said.err == "Nobody could be asked about 2 cases. The log says which, and what went wrong.\n"
    assert [len(making.asked_of(each)) for each in (first, second, third)] == [2, 2, 4]
    assert [line.rpartition(": ")[2] for line in caplog.messages] == ["NotAllowed", "DataError"]


def test_without_a_database_it_says_so_in_one_sentence_and_ends_with_2() -> None:
    environment = {**os.environ, "DATABASE_URL": "postgres://cr_app:secret@127.0.0.1:9/cr", "SECRET_KEY": "k" * 50}
    ended = subprocess.run(
        [sys.executable, "manage.py", "escalate"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert re.fullmatch(r"The database .*: nobody more was asked\.\n", ended.stderr)
    assert "secret" not in ended.stderr


def test_those_asked_get_a_link_once_the_request_stands(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, settings: Settings
) -> None:
    settings.CR_BASE_URL = "https://cr.example.police.uk"
    with django_capture_on_commit_callbacks(execute=True):
        reference = making.asked(cast.amina)
    assert [message.to for message in mail.outbox] == [[cast.priya.email], [cast.helen.email]]
    for message in mail.outbox:
        assert message.subject == "A request waits for you"
        assert f"\nhttps://cr.example.police.uk/authority/{reference}/\n" in message.body
    with django_capture_on_commit_callbacks(execute=True):
        actions.ask_others(making.after(25))
    assert [message.subject for message in mail.outbox[2:]] == ["A request still waits for you"] * 2


def test_no_message_names_anybody_or_anything_of_the_case(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    making.send_away(cast.priya, cover=cast.helen)
    with django_capture_on_commit_callbacks(execute=True):
        reference = making.asked(cast.amina)
    (message,) = mail.outbox
    written = f"{message.subject}\n{message.body}".replace(reference, "")
    shown = [answer for key, answer in make.knife().answers.items() if isinstance(answer, str) and len(answer) > 2]
    people = [officer.family_name for officer in cast.everybody().values()]
    for canary in ("Ransome", "Jade", make.REPORT, "knife", "blade", *shown, *people):
        assert canary.casefold() not in written.casefold(), canary


def test_what_is_undone_sends_nothing(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True), make.undone():
        making.asked(cast.amina)
    assert mail.outbox == []


class NoHost(BaseEmailBackend):
    """A mail host that hangs up."""

    def send_messages(self, email_messages: object) -> int:
        """Hang up."""
        raise SMTPServerDisconnected("mail.example says no to priya@officers.example")


class NoNetwork(BaseEmailBackend):
    """No mail host at all."""

    def send_messages(self, email_messages: object) -> int:
        """Find no way."""
        raise ConnectionRefusedError("priya@officers.example")


@pytest.mark.parametrize("backend", [NoHost, NoNetwork])
def test_a_failure_to_send_undoes_nothing_and_is_logged_without_values(
    cast: Cast,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    backend: type,
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.{backend.__name__}"
    with django_capture_on_commit_callbacks(execute=True):
        reference = making.asked(cast.amina)
    assert make.read(reference).status_now is Status.AWAITING_AUTHORITY
    assert len(making.asked_of(reference)) == 2
    (line,) = caplog.messages
    assert line.startswith("2 of 2 messages about requests could not be sent: ")
    assert "priya" not in line


class RefusesTheFirst(LocalMail):
    """A mail host that does not know the first recipient, and takes the others."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        """Refuse a message to Priya."""
        if any("2051" in address for message in messages for address in message.to):
            raise SMTPRecipientsRefused({"2051@officers.example": (550, b"No such user")})
        return super().send_messages(messages)


def test_one_recipient_refused_keeps_no_message_from_the_others(
    cast: Cast,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.RefusesTheFirst"
    with django_capture_on_commit_callbacks(execute=True):
        reference = making.asked(cast.amina)
    assert [row[0] for row in making.asked_of(reference)] == ["2051", "2077"]
    assert [message.to for message in mail.outbox] == [[cast.helen.email]]
    assert caplog.messages == ["1 of 2 messages about requests could not be sent: SMTPRecipientsRefused"]


def test_the_demo_prints_one_line_a_message(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.EMAIL_BACKEND = "cr_app.pages.mail.OneLineOnConsole"
    EmailMessage(
        "A request waits for you", "Here:\n\nhttp://127.0.0.1:8000/authority/X/\n\nEnd.", to=["a@b.example"]
    ).send()
    assert capsys.readouterr().out == (
        "Mail to a@b.example (A request waits for you) http://127.0.0.1:8000/authority/X/\n"
    )


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "django.core.mail.backends.dummy.EmailBackend True"),
        ({"CR_DEMO": "1"}, "cr_app.pages.mail.OneLineOnConsole False"),
        (
            {"EMAIL_HOST": "mail.example", "DEFAULT_FROM_EMAIL": "a@b.example", "CR_BASE_URL": "https://cr.example/"},
            "django.core.mail.backends.smtp.EmailBackend True",
        ),
        (
            {"EMAIL_HOST": "mail.example", "DEFAULT_FROM_EMAIL": "a@b.example", "CR_BASE_URL": "http://cr.example"},
            "CR_BASE_URL is what links in messages begin with",
        ),
        ({"EMAIL_HOST": "mail.example", "CR_BASE_URL": "https://cr.example"}, "DEFAULT_FROM_EMAIL is not"),
    ],
)
def test_mail_goes_out_only_where_it_was_set_up(environment: dict[str, str], said: str) -> None:
    program = "from cr_app import settings as s; print(s.EMAIL_BACKEND, s.EMAIL_USE_TLS or not s.DEMO)"
    database = {"DATABASE_URL": "postgres://cr_app@127.0.0.1:9/cr", "PATH": os.environ["PATH"]}
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**database, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said in ended.stdout + ended.stderr
