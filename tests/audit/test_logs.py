"""Nothing that somebody typed reaches a log, whatever fails and whoever writes of it."""

import io
import logging
import re
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from gunicorn.config import Config

from cr_app.accounts.models import Unit
from cr_app.audit.logs import ValuesLeftOut

ROOT = Path(__file__).resolve().parents[2]
CANARY = "Zebedee"


@login_not_required
def planted(request: HttpRequest, name: str) -> HttpResponse:
    """Fail as a save does that the database refuses: its message holds the whole row."""
    try:
        Unit.objects.create(name=f"{name} Canary")
    except Exception as error:
        raise RuntimeError(f"while saving {name}") from error
    return HttpResponse()


@login_not_required
def suspicious(request: HttpRequest, name: str) -> HttpResponse:
    """Fail as a request does that Django takes for an attack: the log gets the text of the exception."""
    raise SuspiciousOperation(f"what did {name} send?")


urlpatterns = [
    path("cases/<name>/planted/", planted, name="planted"),
    path("cases/<name>/odd/", suspicious, name="odd"),
]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the service's handler writes of all records that reach it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ValuesLeftOut())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_failing_row_leaves_nothing_of_it_in_the_log(written: io.StringIO, caplog: pytest.LogCaptureFixture) -> None:
    response = Client(raise_request_exception=False).get(f"/cases/{CANARY}/planted/?sought={CANARY}")
    assert response.status_code == 500
    # Written in the usual way it would stand there.
    assert f"Failing row contains ({CANARY}" in re.sub(r"\(\d+, ", "(", caplog.text)
    log = written.getvalue()
    assert CANARY not in log
    assert "/cases/" not in log
    assert f"ERROR django.request 500 at planted (request {response['X-Request-Id']})" in log
    assert re.search(r"^  builtins\.RuntimeError$", log, flags=re.MULTILINE)
    assert re.search(r"^  from django\.db\.utils\.IntegrityError$", log, flags=re.MULTILINE)
    assert re.search(r"^    \S+/tests/audit/test_logs\.py:\d+ planted$", log, flags=re.MULTILINE)


@pytest.mark.urls(__name__)
def test_an_odd_request_leaves_nothing_of_it_in_the_log(written: io.StringIO) -> None:
    assert Client().get(f"/cases/{CANARY}/odd/").status_code == 400
    assert CANARY not in written.getvalue()
    assert "400 at odd (request " in written.getvalue()


@pytest.mark.parametrize(
    ("name", "message", "args", "says"),
    [
        ("gunicorn.error", "Error handling request %s %s", ("GET", f"/cases/{CANARY}/"), "Error handling request … …"),
        ("gunicorn.error", f"Invalid request from ip=192.0.2.7: '{CANARY}'", (), "Invalid request from ip=192.0.2.7"),
        ("gunicorn.error", ValueError(CANARY), (), "ValueError"),
        ("gunicorn.error", "Worker (pid:%s) exited with code %s.", (12, 3), "Worker (pid:12) exited with code 3."),
        ("some.library", "%(who)s failed", ({"who": CANARY},), "%(who)s failed"),
        ("some.library", "%d of them", (CANARY,), "a message that could not be formatted"),
        ("cr_app.audit.denials", "A refusal could not be written: %s", ("DataError",), "written: DataError"),
        ("cr_app.audit.denials", "Only %s", (), "Only %s"),
    ],
)
def test_what_others_put_into_their_messages_is_left_out(
    name: str, message: object, args: tuple[object, ...], says: str
) -> None:
    try:
        raise KeyError(CANARY)
    except KeyError:
        record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, args, sys.exc_info())
    line = ValuesLeftOut().format(record)
    assert CANARY not in line
    assert says in line.splitlines()[0]
    assert "  builtins.KeyError" in line


def test_an_exception_that_caused_itself_ends(written: io.StringIO) -> None:
    one, other = ValueError(CANARY), TypeError(CANARY)
    one.__cause__, other.__cause__ = other, one
    logging.getLogger("any").error("Failed", exc_info=one)
    assert written.getvalue().count("Error\n") == 2


def test_every_handler_of_the_service_leaves_values_out() -> None:
    formatters, handlers = settings.LOGGING["formatters"], settings.LOGGING["handlers"]
    assert {formatter["()"] for formatter in formatters.values()} == {"cr_app.audit.logs.ValuesLeftOut"}
    assert all(handler["formatter"] in formatters for handler in handlers.values())
    # Django's own handlers are gone, so that there is no other way out than the root's.
    for name in ("django", "django.request", "django.server", "django.security", "django.db.backends"):
        logger = logging.getLogger(name)
        assert (logger.handlers, logger.propagate) == ([], True), name


def test_gunicorn_writes_its_own_log_so_too() -> None:
    made = runpy.run_path(str(ROOT / "gunicorn.conf.py"))["logger_class"](Config())
    try:
        assert made.error_log.handlers
        assert {type(handler.formatter) for handler in made.error_log.handlers} == {ValuesLeftOut}
    finally:
        for handler in list(made.error_log.handlers):
            made.error_log.removeHandler(handler)
        made.error_log.propagate = True
