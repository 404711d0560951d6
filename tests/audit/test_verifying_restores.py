"""What hides in a trail that was restored, or in rows that wait to be sealed, is named."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from cr_app.audit.keys import verifier_key
from cr_app.audit.models import Checkpoint, Entry, Leaf
from cr_app.audit.sealer import seal
from cr_app.audit.verifying import Kind, Problem, Report, verify
from cr_app.audit.witness import Witness
from tests.audit.sealing import witness
from tests.audit.tampering import LOG, TRAIL, World, put_back_the_backup, superuser, write

__all__ = ["witness"]

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "sealer"])

FORGED = 900_000


@pytest.fixture
def world(witness: Witness) -> Iterator[World]:
    """A sealed log, a backup of it, and what was sealed after the backup."""
    write(6)
    seal()
    with superuser() as database:
        database.execute("CREATE SCHEMA backup")
        try:
            for table in (*TRAIL, *LOG):
                database.execute(f"CREATE TABLE backup.{table} AS SELECT * FROM {table}")  # noqa: S608
            write(3)
            seal()
            yield World(database, "", list(Entry.objects.order_by("pk").values_list("pk", flat=True)))
        finally:
            database.execute("DROP SCHEMA backup CASCADE")


def check(*known: int) -> Report:
    return verify(witness=settings.TRAIL_WITNESS_FILE, verifier=verifier_key(), processes=1, known_restores=known)


def found(report: Report) -> list[tuple[Kind, int | None]]:
    return [(problem.kind, problem.row_id) for problem in report.problems]


def forge(world: World, transaction_id: int) -> None:
    """Insert a copy of an entry without personal values, of this transaction."""
    columns = [str(field.column) for field in Entry._meta.concrete_fields if field.name not in ("id", "transaction_id")]
    names = ", ".join(columns)
    world.database.execute(
        f"INSERT INTO audit_entry (id, transaction_id, {names}) OVERRIDING SYSTEM VALUE"  # noqa: S608
        f" SELECT %s, %s::text::xid8, {names} FROM audit_entry WHERE id = %s",
        [FORGED, str(transaction_id), world.ids[2]],
    )
    world.database.execute(
        "INSERT INTO audit_entrypersonal (entry_id, path, value, salt)"
        " SELECT %s, path, value, salt FROM audit_entrypersonal WHERE entry_id = %s",
        [FORGED, world.ids[2]],
    )


def transaction_of(world: World) -> int:
    return int(world.entry(2).transaction_id)


def test_a_restore_that_is_known_is_told_and_no_problem(world: World) -> None:
    put_back_the_backup(world)
    seal(after_restore=True)
    write(2)
    seal()
    assert found(check()) == [(Kind.RESTORED, None)]
    assert found(check(1)) == [(Kind.RESTORED, None)]
    report = check(2)
    assert report.holds
    began, lost = report.notices
    assert began.startswith("Epoch 2 began at place 7 of the log on ")
    assert "in the same database, and sealed 0 rows" in began
    assert "The witness has seen 11 rows in epoch 1, of which this database holds 7" in lost
    said = StringIO()
    call_command("verify_audit_trail", "--known-restore", "2", stdout=said)
    assert said.getvalue().endswith(f"{began}\n{lost}\nEverything holds.\n")


def test_a_row_put_in_before_a_restore_is_named_for_good(world: World) -> None:
    put_back_the_backup(world)
    forge(world, transaction_of(world))
    seal(after_restore=True)
    write(2)
    seal()
    assert Leaf.objects.get(row_id=FORGED, table="entry").index == 7
    assert found(check(2)) == [(Kind.INSERTED, FORGED)]
    assert "put in afterwards" in check(2).problems[0].sentence


def test_rows_that_waited_when_the_backup_was_made_are_no_problem(world: World) -> None:
    put_back_the_backup(world)
    write(2)
    seal(after_restore=True)
    report = check(2)
    assert report.holds
    assert "sealed 3 rows" in report.notices[0]


def test_another_database_may_count_from_further_back_but_not_within_what_was_sealed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal()
    key = "cr_app.audit.sealer.horizon.horizon_of"
    last = Checkpoint.objects.order_by("-size")[0]
    here = type("Here", (), {"database": "elsewhere/1", "next": 500, "open": None, "end": 500})()
    monkeypatch.setattr(key, lambda *_: here)
    forge(world, 400)
    seal(after_restore=True)
    monkeypatch.undo()
    known = {problem.row_id for problem in inserted(check())}
    assert FORGED not in known
    world.database.execute("UPDATE audit_leaf SET transaction_id = %s::text::xid8 WHERE row_id = %s", ["501", FORGED])
    assert int(last.horizon) > 501
    assert FORGED in {problem.row_id for problem in inserted(check())}


def inserted(report: Report) -> list[Problem]:
    return [problem for problem in report.problems if problem.kind is Kind.INSERTED]


def test_a_row_of_a_transaction_to_come_does_not_wait_for_ever(world: World) -> None:
    forge(world, 4 * 10**15)
    report = check()
    assert found(report) == [(Kind.INSERTED, FORGED)]
    assert "names a transaction (4000000000000000) that has not begun" in report.problems[0].sentence
    assert report.unsealed.count == 0


def test_a_horizon_that_its_note_does_not_state_is_named_and_not_believed(world: World) -> None:
    forge(world, transaction_of(world))
    assert found(check()) == [(Kind.INSERTED, FORGED)]
    world.database.execute("UPDATE audit_checkpoint SET horizon = '3'")
    kinds = [problem.kind for problem in check().problems]
    assert kinds == [Kind.CHECKPOINT, Kind.CHECKPOINT, Kind.INSERTED]


@pytest.mark.parametrize("at", ["infinity", "-infinity", "0044-03-15 BC"])
def test_a_row_of_no_time_hides_nothing(world: World, at: str) -> None:
    write(2, accesses=0)
    with transaction.atomic():
        newest = Entry.objects.order_by("-pk")[0].pk
    world.database.execute("UPDATE audit_entry SET at = %s::timestamptz WHERE id = %s", [at, newest])
    report = check()
    assert found(report) == [(Kind.COLUMNS, newest)]
    assert report.unsealed.count == 2
    assert report.unsealed.oldest_at is not None


def test_a_leaf_that_names_another_transaction_than_its_row_is_named(world: World) -> None:
    leaf = Leaf.objects.order_by("-index")[0]
    moved = str(leaf.transaction_id + 1)
    world.database.execute(
        "UPDATE audit_leaf SET transaction_id = %s::text::xid8 WHERE index = %s", [moved, leaf.index]
    )
    assert found(check()) == [(Kind.CHANGED, leaf.row_id)]
