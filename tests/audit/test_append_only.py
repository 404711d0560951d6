"""The database itself refuses to change the trail, its sealed log and red flags: to the application by grants, to its
owner by triggers. What the roles of commands may do stands in test_append_only_roles.py.
"""

# ruff: noqa: S608 - the names of tables come from this file.

import json

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.db.utils import Error, IntegrityError, ProgrammingError

from cr_app.audit.bodies import access_body, entry_body
from cr_app.audit.models import Access, AccessPersonal, Entry, EntryPersonal
from cr_app.audit.queries import looks_at, replay, timeline_of
from cr_app.audit.trail import Actor, Change, look, record
from cr_app.database.grants import GRANTS_OF_COMMANDS, role_of
from tests.cast import make_cast

AMINA = Actor("officer", "12", "P241775", "PC", "Amina Khan")
CASE = "case:7KQM2PXR"
# Each table with one of its columns and its key.
TRAIL = {
    "audit_entry": ("rank", "id"),
    "audit_entrypersonal": ("value", "entry_id, path"),
    "audit_access": ("rank", "id"),
    "audit_accesspersonal": ("value", "access_id, path"),
}
# The application may read the log, and not even add to it.
LOG = {
    "audit_leaf": ("hash", "index"),
    "audit_subtree": ("root", "level, index"),
    "audit_checkpoint": ("note", "id"),
}
FLAGS = {
    "oversight_flag": ("words", "id"),
    "oversight_flagreview": ("note", "id"),
    "oversight_flagrun": ("at", "id"),
}
TABLES = TRAIL | LOG | FLAGS


def write_one_of_each() -> tuple[Entry, Access]:
    """Write an entry and an access with personal values."""
    with transaction.atomic():
        change = Change(
            "create", "cases.offender", "9", new={"last_names": "Neill"}, personal=frozenset({"last_names"})
        )
        entry = record("case.row_added", actor=AMINA, subject=CASE, reason="Why", changes=[change])
        access = look(actor=AMINA, subjects=[CASE], page="case", kind="consultation", implied=False, reason="A call")
    return entry, access


def fill(owner: psycopg.Connection) -> None:
    """Commit a row into every table: those of the log and of flags as the owner, whom no grant holds up."""
    write_one_of_each()
    reviewer = make_cast().ruth
    for statement in (
        "INSERT INTO audit_leaf VALUES (0, 'entry', 1, '5', '\\x00')",
        "INSERT INTO audit_subtree (level, index, root) VALUES (1, 0, '\\x00')",
        "INSERT INTO audit_checkpoint (epoch, size, root, made_at, origin, algorithm, key_id, horizon, database, note)"
        " VALUES (1, 1, '\\x00', now(), 'example', 'ed25519', '00000000', '6', '1/1', 'a note')",
        "INSERT INTO oversight_flag (rule, key, force_id, at, found_at, actor_key, subject, words)"
        " VALUES ('same_pair', '1', '00', now(), now(), '1', '', '{}')",
        f"INSERT INTO oversight_flagreview (flag_id, reviewed_by_id, reviewed_at, note)"
        f" SELECT id, {reviewer.pk}, now(), 'a note' FROM oversight_flag",
        "INSERT INTO oversight_flagrun (through, at) VALUES (1, now())",
    ):
        owner.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET {column} = {column}",
        "UPDATE {table} SET {column} = {column} WHERE false",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
        "INSERT INTO {table} {override} SELECT * FROM {table} ON CONFLICT ({key}) DO UPDATE SET {column} = NULL",
        "MERGE INTO {table} t USING {table} s ON t.ctid = s.ctid WHEN MATCHED THEN DELETE",
        "SELECT * FROM {table} FOR UPDATE",
        "SELECT * FROM {table} FOR SHARE",
        "LOCK TABLE {table} IN EXCLUSIVE MODE",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "ALTER TABLE {table} ADD COLUMN more text",
        "DROP TRIGGER {table}_only_grows ON {table}",
        "DROP TABLE {table}",
        "CREATE TRIGGER other BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()",
        "CREATE RULE other AS ON INSERT TO {table} DO INSTEAD NOTHING",
    ],
)
def test_the_application_can_neither_change_nor_unlock_the_trail(table: str, statement: str) -> None:
    write_one_of_each()
    column, key = TABLES[table]
    override = "OVERRIDING SYSTEM VALUE" if key == "id" else ""
    text = statement.format(table=table, column=column, key=key, override=override)
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(text)


@pytest.mark.django_db
@pytest.mark.parametrize("table", LOG)
def test_the_application_reads_the_sealed_log_and_adds_nothing_to_it(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == (0,)
        for statement in ("INSERT INTO {0} SELECT * FROM {0}", "COPY {0} FROM STDIN", "INSERT INTO {0} DEFAULT VALUES"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                cursor.execute(statement.format(table))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "SET LOCAL session_replication_role = replica",
        "SELECT set_config('session_replication_role', 'replica', true)",
        "SET ROLE {owner}",
        "SET ROLE {sealer}",
        "SET ROLE {retention}",
        "SET SESSION AUTHORIZATION {owner}",
        "CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "ALTER FUNCTION audit_refuse_change() RENAME TO gone",
        "DROP FUNCTION audit_refuse_change() CASCADE",
        "CREATE OR REPLACE FUNCTION audit_refuse_all_but_erasing() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "SELECT setval('audit_entry_id_seq', 1)",
        "ALTER DATABASE {database} SET session_replication_role = replica",
    ],
)
def test_the_application_cannot_put_the_triggers_out_of_force(owner: psycopg.Connection, statement: str) -> None:
    roles = {alias: role_of(alias) for alias in GRANTS_OF_COMMANDS}
    text = statement.format(owner=owner.info.user, database=owner.info.dbname, **roles)
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(text)


def test_the_triggers_refuse_the_owner_too(owner: psycopg.Connection) -> None:
    fill(owner)
    for table, (column, _) in TABLES.items():
        before = owner.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
        for operation, statement in (
            ("UPDATE", f"UPDATE {table} SET {column} = {column}"),
            ("DELETE", f"DELETE FROM {table}"),
            ("TRUNCATE", f"TRUNCATE {table} CASCADE"),
        ):
            with pytest.raises(psycopg.errors.RestrictViolation, match=f"only grows: {operation} on {table}"):
                owner.execute(statement)
        assert before == owner.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() != []


@pytest.mark.django_db
def test_the_database_alone_numbers_rows_and_stamps_their_transaction() -> None:
    entry, _ = write_one_of_each()
    columns = [field.attname for field in Entry._meta.concrete_fields if field.attname not in {"id", "transaction_id"}]
    names = ", ".join(columns)
    copy = f"INSERT INTO audit_entry (transaction_id, {names}) SELECT '5', {names} FROM audit_entry"
    with connection.cursor() as cursor:
        cursor.execute(f"{copy} WHERE id = %s RETURNING transaction_id = pg_current_xact_id(), id > %s", [entry.pk] * 2)
        assert cursor.fetchone() == (True, True)
    with pytest.raises(Error, match="GENERATED ALWAYS"), transaction.atomic():
        Entry.objects.create(**{**{name: getattr(entry, name) for name in columns}, "id": 1})


@pytest.mark.django_db
def test_happenings_of_no_known_kind_are_refused_by_the_database() -> None:
    entry, access = write_one_of_each()
    for row, name in (
        (entry, "outcome"),
        (entry, "actor_kind"),
        (access, "outcome"),
        (access, "actor_kind"),
        (access, "kind"),
    ):
        row.pk = None
        before = getattr(row, name)
        setattr(row, name, "other")
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
        setattr(row, name, before)


@pytest.mark.django_db(transaction=True, databases=["default", "retention"])
def test_erasing_personal_values_leaves_everything_else_verifiable() -> None:
    entry, access = write_one_of_each()
    assert replay(CASE) == {("cases.offender", "9"): {"last_names": "Neill"}}
    for table in ("audit_entrypersonal", "audit_accesspersonal"):
        connections["retention"].cursor().execute(f"DELETE FROM {table}")
    assert not EntryPersonal.objects.exists()
    assert not AccessPersonal.objects.exists()
    kept, looked = Entry.objects.get(pk=entry.pk), Access.objects.get(pk=access.pk)
    assert bytes(kept.body) == entry_body(kept) == bytes(entry.body)
    assert bytes(looked.body) == access_body(looked) == bytes(access.body)
    everything = json.dumps([kept.details, looked.reason_digest])
    assert "Neill" not in everything
    (line,) = timeline_of(CASE).lines
    assert (line.reason, [str(each.new) for each in line.changes]) == ("(erased)", ["(erased)"])
    (seen,) = looks_at(CASE).lines
    assert seen.reason == "(erased)"
    assert {str(value) for values in replay(CASE).values() for value in values.values()} == {"(erased)"}
