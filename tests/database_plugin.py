"""Gives the tests a PostgreSQL of their own: made and reset as its owner, used as the application.

The embedded server runs with fsync off in var/test (CR_TEST_DATA names another folder). Migrations and reference data
are loaded once into a template, kept until a file behind them changes; each test process copies it, which takes a tenth
of a second. With DATABASE_URL and DATABASE_OWNER_URL set the same happens on that server.
"""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests import disposable_database

REPOSITORY = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("CR_TEST_DATA") or REPOSITORY / "var" / "test").absolute()
# Programs that a test starts read the settings anew.
os.environ |= {"CR_DATA": str(DATA), "CR_DISPOSABLE": "1"}
# More than a hundred are started: they and the test processes keep what they compiled, as Python does if not told else.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_configure(config: pytest.Config) -> None:
    """Point settings, which pytest-django reads before this file, at the folder of the tests; refuse the network."""
    from django.conf import settings
    from django.test import TransactionTestCase

    from tests.passwords import cost_least

    settings.CR_DATA = DATA
    settings.EMBEDDED_DURABLE = False
    settings.STATIC_ROOT = DATA / "static"
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    # Hashed names need collectstatic; a test of them switches them on.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    # To hash a password takes a core for a quarter of a second, on purpose; a test of that asks for `costly_passwords`.
    cost_least()
    # Django would truncate as the application, which may not.
    pytest.MonkeyPatch().setattr(TransactionTestCase, "_fixture_teardown", lambda test: disposable_database.reset())
    sys.addaudithook(_refuse_network)


def pytest_collection_finish() -> None:
    """Look for rubbish seldom, and never among the tests themselves, which stay to the end."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    """Let a test reach this machine alone."""
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and str(address[0]) not in {"127.0.0.1", "::1", "localhost"}:
            raise RuntimeError(f"A test may not use the network, but connects to {address[0]}.")


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Give this process a fresh copy of the migrated database; --create-db migrates anew."""
    with django_db_blocker.unblock(), disposable_database.copied(DATA, anew=request.config.getvalue("create_db")):
        yield


@pytest.fixture
def costly_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let passwords cost what they cost in service."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    from tests.passwords import COST

    for name, cost in COST.items():
        monkeypatch.setattr(Argon2PasswordHasher, name, cost)


@pytest.fixture
def database_urls(transactional_db: None) -> dict[str, str]:
    """DATABASE_URL and the others' of this process's database, for programs that a test starts."""
    return disposable_database.urls()


@pytest.fixture
def owner(transactional_db: None) -> "disposable_database.Connection":
    """A connection as the owner of the database, which commits each statement."""
    return disposable_database.owner_connection()
