"""The tests' own database."""

import socket

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

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


def test_the_network_is_refused() -> None:
    with socket.socket() as unconnected, pytest.raises(RuntimeError, match="may not use the network"):
        unconnected.connect(("192.0.2.1", 80))
