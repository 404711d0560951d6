"""Each role has what the list of grants says, table by table, and nothing more."""

from typing import LiteralString

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, connections
from psycopg import sql

from cr_app.database.grants import (
    APPEND,
    GRANTS,
    GRANTS_OF_COMMANDS,
    READ,
    application_role,
    granted_on,
    role_of,
)
from cr_app.database.privileges import (
    BEYOND_TABLES,
    MEMBERSHIPS,
    OWNED,
    POWERS,
    SEQUENCES,
    excess_privileges,
    lacking_privileges,
    table_privileges,
)
from cr_app.database.roles import LIMITS
from tests.disposable_database import Connection

pytestmark = pytest.mark.django_db


def test_every_table_has_exactly_the_grants_of_the_list() -> None:
    with connection.cursor() as cursor:
        held = table_privileges(cursor)
    assert held == {table: set(granted_on(table)) for table in held}
    assert len(held) >= len(apps.get_models())


@pytest.mark.parametrize("alias", GRANTS_OF_COMMANDS)
@pytest.mark.django_db(databases=["default", "sealer", "retention"])
def test_the_role_of_a_command_has_exactly_the_grants_of_its_own_list(alias: str) -> None:
    listed = GRANTS_OF_COMMANDS[alias]
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (role_of(alias),)
        held = table_privileges(cursor)
        assert held == {table: set(listed.get(table, ())) for table in held}
        assert set(listed) <= set(held)
        for query in (OWNED, POWERS, MEMBERSHIPS, BEYOND_TABLES):
            cursor.execute(query)
            assert cursor.fetchall() == []
        cursor.execute(SEQUENCES)
        sequences = cursor.fetchall()
        assert sequences
        assert [(name, right) for name, right, is_held in sequences if is_held] == []


def test_roles_of_commands_are_two_and_none_is_the_applications() -> None:
    roles = {application_role(), *(role_of(alias) for alias in GRANTS_OF_COMMANDS)}
    assert (len(roles), set(GRANTS_OF_COMMANDS)) == (3, {"sealer", "retention"})


def test_a_right_that_is_lacking_is_named(owner: Connection) -> None:
    assert lacking_privileges(connection) == []
    names = (sql.Identifier("cases_case"), sql.Identifier(application_role()))
    owner.execute(sql.SQL("REVOKE UPDATE ON {} FROM {}").format(*names))
    try:
        assert lacking_privileges(connection) == ["The role cr_app may not UPDATE on cases_case."]
    finally:
        owner.execute(sql.SQL("GRANT UPDATE ON {} TO {}").format(*names))


def test_the_list_names_no_table_that_is_not_there() -> None:
    tables = set(connection.introspection.table_names())
    assert {table for listed in GRANTS_OF_COMMANDS.values() for table in listed} <= tables
    named = {table for table in GRANTS if apps.is_installed(f"cr_app.{table.partition('_')[0]}")}
    assert named <= tables


def test_nothing_is_more_than_the_list() -> None:
    assert excess_privileges(connection) == []


@pytest.mark.parametrize(("setting", "value"), LIMITS.items())
def test_a_request_is_limited(setting: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [setting])
        assert cursor.fetchone() == (value,)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE another (id integer)",
        "CREATE TEMPORARY TABLE another (id integer)",
        "CREATE SCHEMA another",
        "CREATE DATABASE another",
        "CREATE ROLE another",
        "TRUNCATE django_session",
        "ALTER TABLE django_session DISABLE TRIGGER USER",
        "DROP TABLE django_session",
        "SET session_replication_role = replica",
        "SET ROLE cr_owner",
        "DELETE FROM django_migrations",
        "UPDATE django_content_type SET model = model",
    ],
)
@pytest.mark.django_db(transaction=True)
def test_the_application_may_not(statement: str) -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        cursor.execute(statement)


def test_the_application_cannot_pass_its_rights_on() -> None:
    with connection.cursor() as cursor:
        # PostgreSQL warns of a grant without the right to it, and grants nothing.
        cursor.execute("GRANT SELECT ON django_session TO PUBLIC")
        cursor.execute("SELECT has_table_privilege('pg_monitor', 'django_session', 'SELECT')")
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize(
    ("grant", "revoke", "sentence"),
    [
        ("GRANT TRUNCATE ON {} TO {}", "REVOKE TRUNCATE ON {} FROM {}", "may TRUNCATE on django_migrations"),
        ("GRANT UPDATE (app) ON {} TO {}", "REVOKE UPDATE (app) ON {} FROM {}", "may UPDATE on django_migrations"),
        ("GRANT DELETE ON {} TO PUBLIC", "REVOKE DELETE ON {} FROM PUBLIC", "may DELETE on django_migrations"),
        ("GRANT CREATE ON SCHEMA public TO {1}", "REVOKE CREATE ON SCHEMA public FROM {1}", "may create in the schema"),
        (
            "GRANT UPDATE ON django_migrations_id_seq TO {1}",
            "REVOKE UPDATE ON django_migrations_id_seq FROM {1}",
            "may UPDATE on the sequence",
        ),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_a_right_too_many_is_named(
    grant: LiteralString, revoke: LiteralString, sentence: str, owner: Connection
) -> None:
    names = (sql.Identifier("django_migrations"), sql.Identifier("cr_app"))
    owner.execute(sql.SQL(grant).format(*names))
    try:
        (excess,) = excess_privileges(connection)
        assert sentence in excess
    finally:
        owner.execute(sql.SQL(revoke).format(*names))
    assert excess_privileges(connection) == []


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_owner_has_far_too_much() -> None:
    excess = excess_privileges(connections["owner"])
    assert excess[0].startswith("The role cr_owner owns the database test_cr_")
    assert len(excess) > 10


def test_the_trail_can_only_be_read_and_added_to() -> None:
    assert {table for table, grants in GRANTS.items() if table.startswith("audit_") and grants == APPEND} == {
        "audit_access",
        "audit_accesspersonal",
        "audit_entry",
        "audit_entrypersonal",
    }
    assert granted_on("django_migrations") == READ
    log = {"audit_checkpoint", "audit_leaf", "audit_subtree"}
    assert {table for table, grants in GRANTS.items() if table.startswith("audit_") and grants == READ} == log
