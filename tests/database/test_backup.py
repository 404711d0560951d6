"""Backup and restore, as docs/operations.md has them, bring back rows, triggers and grants."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connections
from psycopg import sql

from cr_app.database.embedded import Server
from cr_app.database.privileges import excess_privileges
from tests import disposable_database
from tests.disposable_database import Connection

pytestmark = pytest.mark.django_db(transaction=True)
QUERY = "SELECT (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal), (SELECT count(*) FROM pg_constraint)"


@pytest.fixture
def elsewhere(owner: Connection) -> Iterator[str]:
    """An empty database of the owner's."""
    name = f"{connections['owner'].settings_dict['NAME']}_restored"
    owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    yield name
    owner.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def test_a_restored_backup_is_the_same_database(owner: Connection, elsewhere: str, tmp_path: Path) -> None:
    programs = Server(Path()).programs
    url = disposable_database.urls()["DATABASE_OWNER_URL"]
    restored_url = url.rpartition("/")[0] + f"/{elsewhere}"
    dump = tmp_path / "cr.dump"
    # The tests keep a copy of reference rows in a schema of its own, which production has not.
    options = ["--format=custom", "--exclude-schema=pristine", f"--file={dump}"]
    subprocess.run([programs / "pg_dump", *options, url], check=True)
    options = ["--no-comments", "--exit-on-error", "--single-transaction", f"--dbname={restored_url}"]
    subprocess.run([programs / "pg_restore", *options, dump], check=True)

    with psycopg.connect(restored_url) as restored:
        assert restored.execute(QUERY).fetchone() == owner.execute(QUERY).fetchone()
        rows = restored.execute("SELECT count(*) FROM django_content_type").fetchone()
    assert rows == (ContentType.objects.count(),)
    usual = connections["default"].settings_dict["NAME"]
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = elsewhere
    try:
        assert excess_privileges(connections["default"]) == []
    finally:
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = usual
