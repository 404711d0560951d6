"""What a superuser of the database can do to trail and log with triggers off, for the tests of who sees it."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
from django.conf import settings
from django.db import connections, transaction
from psycopg.types.json import Jsonb

from cr_app.audit.bodies import access_body, entry_body
from cr_app.audit.checkpoints import SigningKey, Statement, new_signing_key, statement_text
from cr_app.audit.growing import GrowingTree
from cr_app.audit.keys import signing_key
from cr_app.audit.models import Access, Checkpoint, Entry
from cr_app.audit.sealer import seal
from cr_app.audit.trail import Actor, Change, look, record
from cr_app.audit.tree import leaf_bytes, leaf_hash
from cr_app.database.embedded import SUPERUSER
from tests.disposable_database import Connection

AMINA = Actor("officer", "12", "P241775", "PC", "Amina Khan")
CASE = "case:7KQM2PXR"
TRAIL = ("audit_entry", "audit_entrypersonal", "audit_access", "audit_accesspersonal")
LOG = ("audit_leaf", "audit_subtree", "audit_checkpoint")
MOST_ENTRIES = 300


@contextlib.contextmanager
def superuser() -> Iterator[Connection]:
    """Connect to the database of the test as the server's superuser, whom no trigger and no key of a table stops."""
    params = connections["owner"].get_connection_params()
    address = psycopg.conninfo.make_conninfo(
        "", host=params["host"], port=params["port"], user=SUPERUSER, dbname=params["dbname"]
    )
    with contextlib.closing(psycopg.connect(address, autocommit=True)) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


def write(entries: int, accesses: int = 1) -> None:
    """Commit entries with personal values, each in a transaction of its own, and looks with reasons."""
    for number in range(entries):
        new = {
            "last_names": f"Neill “{number}”",
            "born_on": "1999-05-05",
            "is_estimated": True,
            "gravity_score": number,
        }
        personal = frozenset({"last_names", "born_on", "is_estimated"})
        with transaction.atomic():
            change = Change("create", "offender", str(number), new=new, personal=personal)
            record("case.row_added", actor=AMINA, subject=CASE, reason="It was said.", changes=[change])
    for _ in range(accesses):
        with transaction.atomic():
            look(actor=AMINA, subjects=[CASE], page="case", kind="consultation", implied=False, reason="A \\ call")


@dataclass
class World:
    """A log as it was before it was tampered with: sealed twice, a backup in between, its last checkpoint kept."""

    database: Connection
    kept: str
    ids: list[int]

    def entry(self, place: int) -> Entry:
        """Return one of the entries, by its place among them."""
        return Entry.objects.get(pk=self.ids[place])

    def set(self, row: Entry | Access, **columns: object) -> None:
        """Change columns of a row in the table, and in the object given."""
        for name, value in columns.items():
            setattr(row, name, value)
            held = Jsonb(value) if name == "details" else value
            self.database.execute(f"UPDATE {row._meta.db_table} SET {name} = %s WHERE id = %s", [held, row.pk])  # noqa: S608

    def match(self, row: Entry | Access) -> None:
        """Make the bytes of a row say what its columns say."""
        self.set(row, body=entry_body(row) if isinstance(row, Entry) else access_body(row))

    def remove(self, row_id: int) -> None:
        """Delete an entry with its personal values."""
        self.database.execute("DELETE FROM audit_entrypersonal WHERE entry_id = %s", [row_id])
        self.database.execute("DELETE FROM audit_entry WHERE id = %s", [row_id])


def build() -> tuple[str, list[int]]:
    """Write and seal twice, keeping a copy of all tables in between; return the last checkpoint and the entries' ids."""
    write(MOST_ENTRIES, accesses=2)
    seal()
    with superuser() as database:
        database.execute("CREATE SCHEMA backup")
        for table in (*TRAIL, *LOG):
            database.execute(f"CREATE TABLE backup.{table} AS SELECT * FROM {table}")  # noqa: S608
    write(3)
    seal()
    write(2)
    seal()
    note = Checkpoint.objects.order_by("-size").values_list("note", flat=True)[0]
    return note, list(Entry.objects.order_by("pk").values_list("pk", flat=True))


def put_back_the_backup(world: World) -> None:
    """Replay an old backup of the trail's and the log's tables."""
    for table in (*TRAIL, *LOG):
        world.database.execute(f"TRUNCATE {table} CASCADE")
    for table in (*TRAIL, *LOG):
        world.database.execute(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM backup.{table}")  # noqa: S608


def forge_the_log(world: World, key: SigningKey) -> None:
    """Replace leaves, subtrees and checkpoints by those that match the rows as they are now, signed with `key`."""
    database = world.database
    sizes = list(Checkpoint.objects.order_by("size").values_list("size", flat=True))
    rows: list[tuple[int, str, int]] = []
    for table in ("access", "entry"):
        found = database.execute(f"SELECT transaction_id::text::bigint, id FROM audit_{table}").fetchall()  # noqa: S608
        rows += [(int(str(number)), table, int(str(row_id))) for number, row_id in found]
    database.execute("TRUNCATE audit_leaf, audit_subtree")
    tree = GrowingTree()
    for number, table, row_id in sorted(rows):
        found = database.execute(f"SELECT body FROM audit_{table} WHERE id = %s", [row_id]).fetchall()  # noqa: S608
        body = found[0][0]
        assert isinstance(body, bytes)
        leaf = leaf_hash(leaf_bytes(table, row_id, number, body))
        values = [tree.size, table, row_id, str(number), leaf]
        database.execute("INSERT INTO audit_leaf VALUES (%s, %s, %s, %s::xid8, %s)", values)
        for grown in tree.append(leaf):
            database.execute("INSERT INTO audit_subtree VALUES (%s, %s, %s)", [grown.level, grown.index, grown.root])
        if tree.size in sizes:
            sign(world, tree.size, tree.root(), key)


def sign(world: World, size: int, root: bytes, key: SigningKey) -> str:
    """Put another root into the checkpoint of this size, signed with `key`; return its note."""
    held = Checkpoint.objects.get(size=size)
    stated = Statement(key.name, size, root, 1, held.made_at, held.horizon, held.database)
    note = key.sign(statement_text(stated))
    world.database.execute("UPDATE audit_checkpoint SET root = %s, note = %s WHERE size = %s", [root, note, size])
    return note


def change_a_field(world: World) -> None:
    """The column alone."""
    world.set(world.entry(7), rank="Sergeant")


def change_a_field_and_bytes(world: World) -> None:
    """The column, and the bytes to match."""
    entry = world.entry(7)
    world.set(entry, rank="Sergeant")
    world.match(entry)


def change_a_time(world: World) -> None:
    """The time, and the bytes to match."""
    entry = world.entry(7)
    world.set(entry, at=datetime(2026, 1, 1, tzinfo=UTC))
    world.match(entry)


def change_bytes(world: World) -> None:
    """The bytes alone."""
    world.set(world.entry(7), body=bytes(world.entry(8).body))


def change_an_access(world: World) -> None:
    """Make a look at another record of one that was looked at."""
    access = Access.objects.all()[:1].get()
    world.set(access, subjects=["case:ANOTHER1"])
    world.match(access)


def insert_in_the_past(world: World) -> None:
    """An entry with the transaction of its neighbour and a number that was never given."""
    columns = [str(field.column) for field in Entry._meta.concrete_fields if field.name != "id"]
    names = ", ".join(columns)
    world.database.execute(
        f"INSERT INTO audit_entry (id, {names}) OVERRIDING SYSTEM VALUE"  # noqa: S608
        f" SELECT 900000, {names} FROM audit_entry WHERE id = %s",
        [world.ids[5]],
    )


def insert_with_a_leaf_of_its_own(world: World) -> None:
    """The same, with a leaf at a place that the log does not have."""
    insert_in_the_past(world)
    world.database.execute("ALTER TABLE audit_leaf DROP CONSTRAINT leaf_has_a_place_from_0")
    world.database.execute(
        'INSERT INTO audit_leaf SELECT -1, "table", 900000, transaction_id, hash FROM audit_leaf WHERE index = 5'
    )
    # Holds again for later tests: rows that are there are not looked at.
    world.database.execute("ALTER TABLE audit_leaf ADD CONSTRAINT leaf_has_a_place_from_0 CHECK (index >= 0) NOT VALID")


def keep_a_number_that_is_too_long(world: World) -> None:
    """A detail with so many digits that reading it fails."""
    world.database.execute(
        "UPDATE audit_entry SET details = jsonb_build_object('x', repeat('9', 5000)::numeric) WHERE id = %s",
        [world.ids[7]],
    )


def remove_the_witness(_: World) -> None:
    """The file that keeps every checkpoint."""
    settings.TRAIL_WITNESS_FILE.unlink()


def put_back_the_backup_without_the_witness(world: World) -> None:
    """An old backup, with nothing left that has seen more."""
    put_back_the_backup(world)
    remove_the_witness(world)


def empty_all(world: World) -> None:
    """The trail, the log and the witness: as if nothing had ever been."""
    empty(*TRAIL, *LOG)(world)
    remove_the_witness(world)


def swap_two(world: World) -> None:
    """Let two entries change their numbers, with their personal values."""
    one, other = world.ids[3], world.ids[9]
    for table, column in (("audit_entry", "id"), ("audit_entrypersonal", "entry_id")):
        if table == "audit_entry":
            world.database.execute("ALTER TABLE audit_entry ALTER COLUMN id SET GENERATED BY DEFAULT")
        for before, after in ((one, -1), (other, one), (-1, other)):
            world.database.execute(f"UPDATE {table} SET {column} = %s WHERE {column} = %s", [after, before])  # noqa: S608
    world.database.execute("ALTER TABLE audit_entry ALTER COLUMN id SET GENERATED ALWAYS")


def swap_two_places(world: World) -> None:
    """Let two leaves change their places in the log, the rows as they are."""
    for before, after in ((3, 999), (9, 3), (999, 9)):
        world.database.execute("UPDATE audit_leaf SET index = %s WHERE index = %s", [after, before])


def empty(*tables: str) -> Callable[[World], None]:
    """Return what empties these tables."""

    def do(world: World) -> None:
        for table in tables:
            world.database.execute(f"TRUNCATE {table} CASCADE")

    return do


def forge_without_the_key(world: World) -> None:
    """Change a row, make leaves, subtrees and checkpoints match, and sign with a key of one's own."""
    change_a_time(world)
    forge_the_log(world, new_signing_key(settings.TRAIL_ORIGIN))


def forge_with_the_key(world: World) -> None:
    """The same, with the key of the log stolen."""
    change_a_time(world)
    forge_the_log(world, signing_key())


def forge_with_the_key_and_the_witness(world: World) -> None:
    """The same, and the witness's file rewritten to match."""
    forge_with_the_key(world)
    notes = Checkpoint.objects.order_by("size").values_list("note", flat=True)
    settings.TRAIL_WITNESS_FILE.write_text("".join(f"{note}\n" for note in notes))


def fork(world: World) -> None:
    """Sign a second log of the same size that differs in its last row, with the key stolen; the database shows that."""
    entry = world.entry(-1)
    world.set(entry, actor_name="Somebody Else")
    world.match(entry)
    forge_the_log(world, signing_key())


def change_a_blanked_detail(world: World) -> None:
    """Erase a value, then let its digest be that of another, in the column and in the bytes."""
    entry = world.entry(4)
    world.database.execute("DELETE FROM audit_entrypersonal WHERE entry_id = %s", [entry.pk])
    world.set(entry, details={**entry.details, "reason": {"sha256": "ab" * 32}})
    world.match(entry)


def put_a_value_where_one_was_erased(world: World) -> None:
    """Erase a value, then keep another in its place, under a salt of one's own."""
    world.database.execute(
        "UPDATE audit_entrypersonal SET value = %s, salt = %s WHERE entry_id = %s AND path = 'reason'",
        ['"Another."', b"\0" * 32, world.ids[4]],
    )


def change_a_personal_value(world: World) -> None:
    """The value alone."""
    world.database.execute(
        "UPDATE audit_entrypersonal SET value = 'false' WHERE entry_id = %s AND path LIKE %s",
        [world.ids[4], "%is_estimated"],
    )


def delete_a_personal_value(world: World) -> None:
    """A value and its salt, as the retention role may."""
    world.database.execute("DELETE FROM audit_entrypersonal WHERE entry_id = %s", [world.ids[4]])


def delete_a_checkpoint(world: World) -> None:
    """One that others follow."""
    world.database.execute("DELETE FROM audit_checkpoint WHERE size = (SELECT min(size) FROM audit_checkpoint)")


def delete_the_last_checkpoint(world: World) -> None:
    """The latest."""
    world.database.execute("DELETE FROM audit_checkpoint WHERE size = (SELECT max(size) FROM audit_checkpoint)")


def change_a_subtree(world: World) -> None:
    """A hash that proofs are made of."""
    world.database.execute("UPDATE audit_subtree SET root = %s", [b"\1" * 32])


def delete_before_it_is_sealed(world: World) -> None:
    """The newest entry, before the sealer comes."""
    write(1, accesses=0)
    world.remove(Entry.objects.order_by("-pk")[0].pk)


def insert_backdated(world: World) -> None:
    """An entry of today's transaction that says it is of long ago; the sealer takes it for what it is, the newest."""
    with transaction.atomic():
        record("case.started", actor=AMINA, subject=CASE, at=datetime(2026, 1, 1, tzinfo=UTC))
    seal()


# As the first column of the table in docs/audit.md names them.
DEEDS: dict[str, Callable[[World], object]] = {
    "change a field": change_a_field,
    "change a field, and the bytes to match": change_a_field_and_bytes,
    "change a time, and the bytes to match": change_a_time,
    "change the bytes alone": change_bytes,
    "keep a number that is too long to read": keep_a_number_that_is_too_long,
    "change whom a look was at": change_an_access,
    "delete the newest": lambda world: world.remove(world.ids[-1]),
    "delete the oldest": lambda world: world.remove(world.ids[0]),
    "delete a middle one": lambda world: world.remove(world.ids[40]),
    "insert one in the past": insert_in_the_past,
    "insert one in the past, with a leaf at no place of the log": insert_with_a_leaf_of_its_own,
    "swap two": swap_two,
    "swap two places in the log": swap_two_places,
    "TRUNCATE the trail": empty(*TRAIL),
    "TRUNCATE the trail and the log": empty(*TRAIL, *LOG),
    "TRUNCATE the trail and the log, and remove the witness": empty_all,
    "replay an old backup": put_back_the_backup,
    "replay an old backup, and remove the witness": put_back_the_backup_without_the_witness,
    "remove the witness": remove_the_witness,
    "change a row, and leaves, subtrees and checkpoints to match, without the key": forge_without_the_key,
    "the same with the key stolen": forge_with_the_key,
    "the same with the key stolen and the witness rewritten": forge_with_the_key_and_the_witness,
    "fork: two checkpoints of one size, with the key stolen": fork,
    "change a blanked detail": change_a_blanked_detail,
    "keep another value where one was blanked": put_a_value_where_one_was_erased,
    "change a personal value": change_a_personal_value,
    "delete a personal value": delete_a_personal_value,
    "delete a checkpoint that others follow": delete_a_checkpoint,
    "delete the latest checkpoint": delete_the_last_checkpoint,
    "change a subtree": change_a_subtree,
    "delete the newest before it is sealed": delete_before_it_is_sealed,
    "insert one with a time in the past before sealing": insert_backdated,
}
