"""`migrate` runs as the owner alone, and says how to make one."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cr_app.database.roles import operator_sql

REPOSITORY = Path(__file__).resolve().parents[2]


def test_without_an_owner_it_tells_the_sql_that_makes_one() -> None:
    environment = {**os.environ, "DATABASE_URL": "postgres://cr_app@127.0.0.1:1/cr", "ALLOWED_HOSTS": "example.test"}
    environment.pop("DATABASE_OWNER_URL", None)
    command = [sys.executable, "manage.py", "migrate"]
    ended = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True)
    assert ended.returncode == 2
    assert ended.stderr.startswith("CommandError: Migrations run as the owner of the database: set DATABASE_OWNER_URL")
    assert operator_sql() in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.django_db
def test_the_application_cannot_migrate() -> None:
    with pytest.raises(CommandError, match="leave --database out"):
        call_command("migrate", database="default")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_operator_finds_the_same_sql_in_the_documentation() -> None:
    assert operator_sql() in (REPOSITORY / "docs" / "operations.md").read_text()


def test_every_variable_of_the_environment_is_documented() -> None:
    sources = [
        *REPOSITORY.glob("cr_app/*.py"),
        REPOSITORY / "gunicorn.conf.py",
        REPOSITORY / "tests/database_plugin.py",
    ]
    read = r"""(?:environ\.get\(|environ\[|flag\(|whole\()['"]([A-Z_]+)['"]"""
    named = {name for source in sources for name in re.findall(read, source.read_text())}
    assert {"DATABASE_URL", "SECRET_KEY", "PORT", "CR_DEMO"} <= named
    documented = set(re.findall(r"`([A-Z_]+)`", (REPOSITORY / "docs" / "operations.md").read_text()))
    assert named <= documented
