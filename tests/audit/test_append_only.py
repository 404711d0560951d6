"""The database itself refuses to change the trail: to the application by grants, to its owner by triggers."""

# ruff: noqa: S608 - the names of tables come from this file.

import json

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import Error, IntegrityError, ProgrammingError

from cr_app.audit.bodies import access_body, entry_body
from cr_app.audit.models import Access, AccessPersonal, Entry, EntryPersonal
from cr_app.audit.queries import looks_at, replay, timeline_of
from cr_app.audit.trail import Actor, Change, look, record

AMINA = Actor("officer", "12", "P241775", "PC", "Amina Khan")
CASE = "case:7KQM2PXR"
TABLES = {
    "audit_entry": "rank",
    "audit_entrypersonal": "value",
    "audit_access": "rank",
    "audit_accesspersonal": "value",
}


def write_one_of_each() -> tuple[Entry, Access]:
    """Write an entry and an access with personal values."""
    with transaction.atomic():
        change = Change(
            "create", "cases.offender", "9", new={"last_names": "Neill"}, personal=frozenset({"last_names"})
        )
        entry = record("case.row_added", actor=AMINA, subject=CASE, reason="Why", changes=[change])
        access = look(actor=AMINA, subjects=[CASE], page="case", kind="consultation", implied=False, reason="A call")
    return entry, access


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET {column} = 'x'",
        "UPDATE {table} SET {column} = 'x' WHERE false",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
        "INSERT INTO {table} {override} SELECT * FROM {table} ON CONFLICT ({key}) DO UPDATE SET {column} = 'x'",
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
    is_numbered = table in {"audit_entry", "audit_access"}
    text = statement.format(
        table=table,
        column=TABLES[table],
        key="id" if is_numbered else f"{table[6:-8]}_id, path",
        override="OVERRIDING SYSTEM VALUE" if is_numbered else "",
    )
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "SET LOCAL session_replication_role = replica",
        "SELECT set_config('session_replication_role', 'replica', true)",
        "SET ROLE {owner}",
        "SET SESSION AUTHORIZATION {owner}",
        "CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "ALTER FUNCTION audit_refuse_change() RENAME TO gone",
        "DROP FUNCTION audit_refuse_change() CASCADE",
        "SELECT setval('audit_entry_id_seq', 1)",
        "ALTER DATABASE {database} SET session_replication_role = replica",
    ],
)
def test_the_application_cannot_put_the_triggers_out_of_force(owner: psycopg.Connection, statement: str) -> None:
    text = statement.format(owner=owner.info.user, database=owner.info.dbname)
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(text)


@pytest.mark.parametrize("table", TABLES)
def test_the_triggers_refuse_the_owner_too(owner: psycopg.Connection, table: str) -> None:
    write_one_of_each()
    before = owner.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
    for operation, statement in (
        ("UPDATE", f"UPDATE {table} SET {TABLES[table]} = 'x'"),
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


def test_erasing_personal_values_leaves_everything_else_verifiable(owner: psycopg.Connection) -> None:
    entry, access = write_one_of_each()
    assert replay(CASE) == {("cases.offender", "9"): {"last_names": "Neill"}}
    for table in ("audit_entrypersonal", "audit_accesspersonal"):
        # What retention will do under a role of its own is done here as owner.
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owner.execute(f"DELETE FROM {table}")
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
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
