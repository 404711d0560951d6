"""The tests' own database."""

import socket

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from cr_app.accounts.models import Officer
from cr_app.reference.models import Force
from tests import disposable_database
from tests.cast import make_cast
from tests.disposable_database import Connection


@pytest.mark.django_db
def test_tests_connect_as_the_application() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database(), current_setting('fsync')")
        user, database, fsync = cursor.fetchone()
    assert user == "cr_app"
    assert database.startswith("test_cr_")
    assert fsync == "off"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_commits_is_gone_in_the_next(turn: int, owner: Connection) -> None:
    before = ContentType.objects.count()
    owner.execute("INSERT INTO django_content_type (app_label, model) VALUES ('left', 'over')")
    assert ContentType.objects.count() == before + 1
    assert not ContentType.objects.filter(app_label="left").exclude(model="over").exists()
    assert ContentType.objects.filter(app_label="left").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("few", [0, disposable_database.FEW_BYTES], ids=["truncated", "deleted"])
def test_a_reset_brings_back_rows_and_triggers(few: int, owner: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disposable_database, "FEW_BYTES", few)
    loaded = set(Force.objects.values_list("code", "name"))
    make_cast()
    owner.execute("UPDATE reference_force SET name = name || ' of old'")
    owner.execute("ALTER TABLE audit_access DISABLE TRIGGER USER")
    assert (Officer.objects.exists(), Force.objects.filter(name__endswith=" of old").count()) == (True, len(loaded))
    disposable_database.reset()
    assert not Officer.objects.exists()
    assert set(Force.objects.values_list("code", "name")) == loaded
    assert owner.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'").fetchone() == (0,)


def test_the_network_is_refused() -> None:
    with socket.socket() as unconnected, pytest.raises(RuntimeError, match="may not use the network"):
        unconnected.connect(("192.0.2.1", 80))
