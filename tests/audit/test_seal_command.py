"""`seal_audit_trail` runs until it is told to end, outlives its database, and says in one sentence what it cannot do."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command

from cr_app.audit.models import Leaf
from cr_app.audit.sealer import seal, unsealed
from cr_app.audit.witness import Witness
from tests.audit.sealing import check_log, rows_of_log, rows_of_trail, witness, write

__all__ = ["witness"]

REPOSITORY = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "manage.py", "seal_audit_trail"]
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "sealer"])


@pytest.fixture
def environment(witness: Witness, database_urls: dict[str, str], settings: Any, tmp_path: Path) -> dict[str, str]:
    """The environment of a sealer in production, on this test's database."""
    usual = {name: value for name, value in os.environ.items() if name not in {"CR_DISPOSABLE", "CR_DATA"}}
    wanted = ("DATABASE_URL", "DATABASE_SEALER_URL")
    return {
        **usual,
        **{name: database_urls[name] for name in wanted},
        "CR_DATA": str(tmp_path),
        "CR_TRAIL_FOLDER": str(tmp_path),
        "CR_TRAIL_ORIGIN": settings.TRAIL_ORIGIN,
        "ALLOWED_HOSTS": "example.test",
    }


@contextlib.contextmanager
def running(environment: dict[str, str], *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """A sealer in a process of its own, killed at the end if it is still there."""
    command = [*COMMAND, "--every", "0.05", *arguments]
    started = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        yield started
    finally:
        started.kill()
        started.wait()
        assert started.stderr
        started.stderr.close()


def wait_until(is_so: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until it is so."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


def is_sealed() -> bool:
    """Tell whether nothing waits."""
    return unsealed().count == 0


def refusal(environment: dict[str, str], *arguments: str) -> str:
    """Return the one sentence with which it ends, and status 2."""
    ended = subprocess.run(
        [*COMMAND, *arguments], cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=30
    )
    assert ended.returncode == 2, ended.stderr
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    return ended.stderr.strip()


def said(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    """Return what it says in this process: its one sentence of refusal, or what it did, with nothing beside."""
    ended = 0
    try:
        call_command("seal_audit_trail", *arguments)
    except SystemExit as refused:
        ended = int(str(refused.code))
    out, err = capsys.readouterr()
    assert (ended, bool(out), len(err.splitlines())) == (status, status == 0, int(status != 0)), err
    return (err or out).strip()


@pytest.mark.parametrize("wish", [signal.SIGTERM, signal.SIGINT])
def test_it_seals_until_it_is_told_to_end(environment: dict[str, str], witness: Witness, wish: signal.Signals) -> None:
    write(entries=2)
    with running(environment) as sealer:
        wait_until(is_sealed)
        write(accesses=2)
        wait_until(is_sealed)
        sealer.send_signal(wish)
        assert sealer.wait(timeout=10) == 0
        assert sealer.stderr
        assert sealer.stderr.read() == ""
    check_log(witness)


def test_once_seals_what_there_is(environment: dict[str, str], witness: Witness) -> None:
    write(entries=2)
    ended = subprocess.run([*COMMAND, "--once"], cwd=REPOSITORY, env=environment, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == "Sealed 2 rows. The log has 2.\n"
    check_log(witness)


def test_it_goes_on_when_its_database_is_back(
    environment: dict[str, str], witness: Witness, database_urls: dict[str, str]
) -> None:
    write()
    with running(environment) as sealer:
        wait_until(is_sealed)
        with psycopg.connect(database_urls["DATABASE_SEALER_URL"], autocommit=True) as other:
            row = other.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE usename = current_user AND datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchone()
        assert row
        assert row[0] >= 1
        write()
        wait_until(is_sealed)
        sealer.terminate()
        assert sealer.wait(timeout=10) == 0
        assert sealer.stderr
        said = sealer.stderr.read()
    assert "Sealing waits for its database (OperationalError), and tries again." in said
    assert "Sealing goes on: its database is back." in said
    assert "Traceback" not in said
    check_log(witness)


def test_it_ends_when_its_parent_is_killed(environment: dict[str, str], witness: Witness, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import pathlib, subprocess, sys, time\n"
            "started = subprocess.Popen(sys.argv[2:])\n"
            "pathlib.Path(sys.argv[1]).write_text(str(started.pid))\n"
            "time.sleep(60)",
            str(pid),
            *COMMAND,
            "--stop-with-parent",
        ],
        cwd=REPOSITORY,
        env=environment,
    )
    write()
    wait_until(is_sealed)
    parent.kill()
    parent.wait()
    wait_until(lambda: not is_running(int(pid.read_text())), seconds=10)


def is_running(number: int) -> bool:
    """Tell whether there is such a process that has not ended."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_killed_at_random_moments_it_goes_on_where_it_was(environment: dict[str, str], witness: Witness) -> None:
    for _ in range(3):
        write(entries=2, accesses=2)
        with running(environment):
            wait_until(lambda: Leaf.objects.exists())
            until = time.monotonic() + random.uniform(0, 0.3)
            while time.monotonic() < until:
                write()
    with running(environment, "--once") as last:
        assert last.wait(timeout=20) == 0
    assert rows_of_log() == rows_of_trail()
    check_log(witness)


def test_without_an_address_of_its_role_it_says_so(environment: dict[str, str]) -> None:
    environment.pop("DATABASE_SEALER_URL")
    assert refusal(environment) == "Sealing has a database role of its own: set DATABASE_SEALER_URL to it."


def test_with_the_applications_role_it_says_so(environment: dict[str, str]) -> None:
    sentence = refusal(environment | {"DATABASE_SEALER_URL": environment["DATABASE_URL"]}, "--once")
    assert sentence.startswith("DATABASE_SEALER_URL does not name the role that seals.")


def test_without_a_name_or_a_key_it_says_so(environment: dict[str, str], witness: Witness) -> None:
    assert "CR_TRAIL_ORIGIN is not set" in refusal(environment | {"CR_TRAIL_ORIGIN": ""})
    assert "make_trail_key" in refusal(environment | {"CR_TRAIL_KEY_FILE": str(witness.path.with_name("nowhere"))})


def test_without_a_witness_it_says_so(environment: dict[str, str], tmp_path: Path) -> None:
    assert "cannot be written" in refusal(environment | {"CR_TRAIL_WITNESS_FILE": str(tmp_path)})


def test_a_lost_witness_is_one_sentence_until_somebody_answers_for_a_new_one(
    environment: dict[str, str], witness: Witness, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        write()
        assert seal().added == 1
    witness.path.unlink()
    assert "run seal_audit_trail --new-witness once" in refusal(environment)
    # That a refusal ends with 2 is shown by programs; what it says comes from the same command.
    assert "run seal_audit_trail --new-witness once" in said(capsys, "--once", status=2)
    assert "Say with --by who decided" in said(capsys, "--new-witness", status=2)
    assert not witness.path.exists()
    told = said(capsys, "--new-witness", "--by", "Ruth Adeyemi")
    assert "The witness was filled anew, decided by Ruth Adeyemi, run by " in told
    assert len(list(witness.notes())) == 3
    assert "Leave --new-witness out" in said(capsys, "--new-witness", "--by", "Ruth Adeyemi", status=2)


def test_it_needs_no_password_of_the_service(environment: dict[str, str], witness: Witness) -> None:
    write()
    nobody = environment | {"DATABASE_URL": "postgres://cr_app@127.0.0.1:1/cr"}
    ended = subprocess.run([*COMMAND, "--once"], cwd=REPOSITORY, env=nobody, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "Sealed 1 rows. The log has 1.\n", "")


def test_without_a_database_it_waits_for_one_but_says_so_once_asked_once(environment: dict[str, str]) -> None:
    nowhere = environment | {"DATABASE_SEALER_URL": "postgres://cr_sealer@127.0.0.1:1/cr"}
    assert refusal(nowhere, "--once").startswith("The database does not do what is asked of it (OperationalError)")
    with running(nowhere) as sealer:
        assert sealer.stderr
        assert "Sealing waits for its database" in sealer.stderr.readline()
        sealer.terminate()
        assert sealer.wait(timeout=10) == 0


def test_every_takes_seconds_alone(environment: dict[str, str]) -> None:
    for wrong in ("0", "soon"):
        ended = subprocess.run(
            [*COMMAND, f"--every={wrong}"], cwd=REPOSITORY, env=environment, capture_output=True, text=True
        )
        assert ended.returncode == 2
        assert "give seconds, from 0.01 to 3600" in ended.stderr
        assert "Traceback" not in ended.stderr
