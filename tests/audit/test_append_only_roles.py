"""The sealer adds to the log and the retention role deletes personal values; neither can do anything else."""

# ruff: noqa: S608 - the names of tables come from this file.

import psycopg
import pytest
from django.db import connections, transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.utils import timezone

from cr_app.audit.models import AccessPersonal, Checkpoint, Entry, EntryPersonal, Leaf, Subtree
from cr_app.database.grants import role_of
from tests.audit.test_append_only import FLAGS, LOG, TRAIL, write_one_of_each

PERSONAL = ("audit_entrypersonal", "audit_accesspersonal")
OF_OTHERS = ("cases_case", "cases_offender", "accounts_officer", "django_session", "django_migrations", *FLAGS)
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "sealer", "retention"])

# What nobody but the owner may do, on any table of the trail or of the log.
_CHANGES = (
    "UPDATE {table} SET {column} = {column}",
    "TRUNCATE {table} CASCADE",
    "SELECT * FROM {table} FOR UPDATE",
    "SELECT * FROM {table} FOR KEY SHARE",
    "MERGE INTO {table} t USING {table} s ON t.ctid = s.ctid WHEN MATCHED THEN UPDATE SET {column} = NULL",
    "INSERT INTO {table} {override} SELECT * FROM {table} ON CONFLICT ({key}) DO UPDATE SET {column} = NULL",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "DROP TRIGGER {table}_only_grows ON {table}",
    "DROP TABLE {table}",
    "CREATE RULE other AS ON INSERT TO {table} DO INSTEAD NOTHING",
)
_LOCK = "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"
_POWERS = (
    "SET session_replication_role = replica",
    "SET ROLE {owner}",
    "SET ROLE {application}",
    "SET ROLE {other}",
    "CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
    "DROP FUNCTION audit_refuse_all_but_erasing() CASCADE",
    "CREATE TABLE another (id integer)",
    "CREATE TEMPORARY TABLE another (id integer)",
    "CREATE SCHEMA another",
    "SELECT setval('audit_entry_id_seq', 1)",
    "SELECT nextval('audit_checkpoint_id_seq')",
    "GRANT {owner} TO {application}",
    "COPY audit_entry TO PROGRAM 'true'",
)


def refused(alias: str, statement: str) -> bool:
    """Tell whether a statement is refused to a role for want of rights."""
    with connections[alias].cursor() as cursor:
        try:
            with transaction.atomic(using=alias):
                cursor.execute(statement)
        except ProgrammingError as error:
            return any(words in str(error) for words in ("permission denied", "must be owner", "must be able to SET"))
    return False


def allowed_among(alias: str, statements: list[str]) -> list[str]:
    """Return the statements that are not refused for want of rights."""
    return [statement for statement in statements if not refused(alias, statement)]


def filled(statements: tuple[str, ...], tables: dict[str, tuple[str, str]]) -> list[str]:
    """Return each statement for each table."""
    return [
        statement.format(table=table, column=column, key=key, override="OVERRIDING SYSTEM VALUE" if key == "id" else "")
        for table, (column, key) in tables.items()
        for statement in statements
    ]


@pytest.mark.parametrize(("alias", "other"), [("sealer", "retention"), ("retention", "sealer")])
def test_neither_role_can_change_a_row_or_come_to_more_rights(alias: str, other: str) -> None:
    write_one_of_each()
    users = {name: str(connections[name].settings_dict["USER"]) for name in ("owner", "default", other)}
    powers = [
        statement.format(owner=users["owner"], application=users["default"], other=users[other])
        for statement in _POWERS
    ]
    # Whoever may delete from a table may also lock it, which holds up the trail but changes nothing of it.
    locks = [_LOCK.format(table=table) for table in PERSONAL] if alias == "retention" else []
    assert allowed_among(alias, filled((*_CHANGES, _LOCK), TRAIL | LOG) + powers) == locks
    # The control: what is refused is the statement, not the connection.
    assert allowed_among(alias, ["SELECT count(*) FROM audit_entry"]) == ["SELECT count(*) FROM audit_entry"]


def test_the_sealer_adds_to_the_log_and_may_do_nothing_else() -> None:
    entry, _ = write_one_of_each()
    with transaction.atomic(using="sealer"), connections["sealer"].cursor() as cursor:
        for table in ("audit_entry", "audit_access"):
            cursor.execute(f"SELECT transaction_id, body FROM {table} ORDER BY id DESC")
            assert cursor.fetchone() is not None
        cursor.execute(
            "INSERT INTO audit_leaf SELECT 0, 'entry', id, transaction_id, sha256(body) FROM audit_entry WHERE id = %s",
            [entry.pk],
        )
        cursor.execute("INSERT INTO audit_subtree (level, index, root) VALUES (1, 0, sha256(''))")
        Checkpoint.objects.using("sealer").create(**_checkpoint())
    assert (Leaf.objects.get().row_id, Subtree.objects.count(), Checkpoint.objects.get().size) == (entry.pk, 1, 1)
    more = [
        *(f"DELETE FROM {table}" for table in (*TRAIL, *LOG)),
        *(
            f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM {table}"
            for table in ("audit_entry", "audit_access")
        ),
        *(f"INSERT INTO {table} SELECT * FROM {table}" for table in PERSONAL),
        *(f"SELECT * FROM {table}" for table in (*PERSONAL, *OF_OTHERS)),
        *(f"INSERT INTO {table} SELECT * FROM {table}" for table in OF_OTHERS),
        *(f"DELETE FROM {table}" for table in OF_OTHERS),
    ]
    assert allowed_among("sealer", more) == []
    assert (Leaf.objects.count(), EntryPersonal.objects.filter(entry=entry).count()) == (1, 2)


def test_the_database_takes_no_second_leaf_for_a_row_no_place_before_0_and_no_second_checkpoint_of_a_size() -> None:
    entry, _ = write_one_of_each()
    leaf = {"table": "entry", "row_id": entry.pk, "transaction_id": 5, "hash": b"0"}
    Leaf.objects.using("sealer").create(index=0, **leaf)
    Checkpoint.objects.using("sealer").create(**_checkpoint())
    other = leaf | {"row_id": 0}
    for wrong in (
        {"index": 1, **leaf},
        {"index": 0, **other},
        {"index": -1, **other},
        {"index": 1, **leaf, "table": "cases"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic(using="sealer"):
            Leaf.objects.using("sealer").create(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic(using="sealer"):
        Checkpoint.objects.using("sealer").create(**_checkpoint() | {"root": b"another"})
    assert (Leaf.objects.count(), Checkpoint.objects.count()) == (1, 1)


def test_the_retention_role_deletes_personal_values_and_may_do_nothing_else() -> None:
    entry, access = write_one_of_each()
    more = [
        *(f"DELETE FROM {table}" for table in ("audit_entry", "audit_access", *LOG, *OF_OTHERS)),
        *(f"SELECT * FROM {table}" for table in (*LOG, *OF_OTHERS)),
        *(f"INSERT INTO {table} SELECT * FROM {table}" for table in (*LOG, *OF_OTHERS)),
    ]
    assert allowed_among("retention", more) == []
    of_entry, of_access = EntryPersonal.objects.filter(entry=entry), AccessPersonal.objects.filter(access=access)
    assert of_entry.exists()
    assert of_access.exists()
    entries = Entry.objects.count()
    with transaction.atomic(using="retention"), connections["retention"].cursor() as cursor:
        for table in PERSONAL:
            cursor.execute(f"DELETE FROM {table}")
        # Its own deed goes into the trail as everybody's does.
        columns = [str(field.column) for field in Entry._meta.concrete_fields]
        names = ", ".join(name for name in columns if name not in {"id", "transaction_id"})
        cursor.execute(f"INSERT INTO audit_entry ({names}) SELECT {names} FROM audit_entry LIMIT 1")
    assert not of_entry.exists()
    assert not of_access.exists()
    assert Entry.objects.count() == entries + 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_whoever_else_may_delete_is_told_which_role_deletes_personal_values() -> None:
    entry, _ = write_one_of_each()
    with pytest.raises(IntegrityError) as caught, connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM audit_entrypersonal")
    assert isinstance(caught.value.__cause__, psycopg.Error)
    assert f"by the role {role_of('retention')} alone" in str(caught.value.__cause__.diag.message_hint)
    assert EntryPersonal.objects.filter(entry=entry).exists()


def _checkpoint() -> dict[str, object]:
    return {
        "epoch": 1,
        "size": 1,
        "root": b"root",
        "made_at": timezone.now(),
        "origin": "example",
        "algorithm": "ed25519",
        "key_id": "00000000",
        "horizon": 6,
        "database": "1/1",
        "note": "a note",
    }
