"""gunicorn serves with the application's role alone; otherwise it ends with status 1 and one sentence."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cr_app.database.grants import application_role
from tests.disposable_database import Connection

REPOSITORY = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "gunicorn", "cr_app.wsgi"]
BEGINNING = "Community Resolutions does not start: "
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("gunicorn")]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def production(database_urls: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The environment of a production server on this test's database."""
    return {
        **{name: value for name, value in os.environ.items() if name != "CR_DISPOSABLE"},
        "CR_DATA": str(tmp_path),
        "DATABASE_URL": database_urls["DATABASE_URL"],
        "SECRET_KEY": "a key of the tests that is long enough for a server",
        "ALLOWED_HOSTS": "example.test",
        "PORT": str(free_port()),
    }


def refusal(environment: dict[str, str]) -> str:
    """Return why gunicorn ends, which it does at once, with status 1 and nothing but that sentence."""
    ended = subprocess.run(COMMAND, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=30)
    assert ended.returncode == 1, ended.stderr
    assert ended.stderr.startswith(BEGINNING)
    assert len(ended.stderr.splitlines()) == 1
    return ended.stderr.removeprefix(BEGINNING).strip()


def test_it_serves_as_the_application(production: dict[str, str]) -> None:
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"]
    subprocess.run(collect, cwd=REPOSITORY, env=production, check=True)
    server = subprocess.Popen(COMMAND, cwd=REPOSITORY, env=production, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    assert f"http://127.0.0.1:{production['PORT']}" in server.stdout.readline()
    with socket.create_connection(("127.0.0.1", int(production["PORT"])), timeout=10) as client:
        client.sendall(b"GET /nowhere HTTP/1.1\r\nHost: example.test\r\nConnection: close\r\n\r\n")
        assert client.recv(12).startswith(b"HTTP/1.1 ")
    server.send_signal(signal.SIGINT)
    began = time.monotonic()
    assert server.wait(timeout=15) == 0
    assert time.monotonic() - began < 15
    server.stdout.close()


def test_it_refuses_the_owner(production: dict[str, str], database_urls: dict[str, str]) -> None:
    sentence = refusal(production | {"DATABASE_URL": database_urls["DATABASE_OWNER_URL"]})
    assert sentence.startswith("DATABASE_URL names a role with more than the application's grants.")
    assert "owns the database" in sentence


@pytest.mark.parametrize(
    ("address", "right"),
    [("DATABASE_SEALER_URL", "may INSERT on audit_"), ("DATABASE_RETENTION_URL", "may DELETE on audit_")],
)
def test_it_refuses_the_roles_of_commands(
    production: dict[str, str], database_urls: dict[str, str], address: str, right: str
) -> None:
    sentence = refusal(production | {"DATABASE_URL": database_urls[address]})
    assert sentence.startswith("DATABASE_URL names a role with more than the application's grants.")
    assert right in sentence


def test_it_refuses_a_role_that_lacks_a_right(production: dict[str, str], owner: Connection) -> None:
    owner.execute(f"REVOKE INSERT ON audit_access FROM {application_role()}")
    try:
        sentence = refusal(production)
    finally:
        owner.execute(f"GRANT INSERT ON audit_access TO {application_role()}")
    assert sentence == (
        "DATABASE_URL names a role that lacks some of the application's grants. "
        f"The role {application_role()} may not INSERT on audit_access."
    )


def test_it_refuses_without_a_secret_key(production: dict[str, str]) -> None:
    assert refusal(production | {"SECRET_KEY": ""}).startswith("SECRET_KEY is not set")


def test_it_refuses_without_hosts(production: dict[str, str]) -> None:
    assert refusal(production | {"ALLOWED_HOSTS": ""}).startswith("ALLOWED_HOSTS is not set")


def test_it_refuses_a_database_behind_its_migrations(production: dict[str, str], owner: Connection) -> None:
    row = owner.execute("DELETE FROM django_migrations WHERE app = 'sessions' RETURNING app, name, applied").fetchone()
    assert row
    try:
        assert "sessions.0001_initial" in refusal(production)
    finally:
        owner.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", row)


def test_it_refuses_an_address_where_no_database_is(production: dict[str, str]) -> None:
    sentence = refusal(production | {"DATABASE_URL": f"postgres://cr_app@127.0.0.1:{free_port()}/cr"})
    assert sentence.startswith("The database cannot be used: ")


def test_it_refuses_without_static_files(production: dict[str, str]) -> None:
    assert refusal(production).startswith("Static files are not collected")


def test_it_refuses_a_setting_that_is_not_one(production: dict[str, str]) -> None:
    assert refusal(production | {"CR_DEMO": "perhaps"}) == "CR_DEMO is 'perhaps': set it to 1 or 0."
