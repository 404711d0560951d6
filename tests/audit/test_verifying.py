"""A verification says what it read, names each row that does not hold, and works with nothing sealed and after a restore."""

import json
import os
import signal
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.utils import ProgrammingError

from cr_app.audit.checkpoints import Statement, VerifierKey, new_signing_key, open_note
from cr_app.audit.keys import verifier_key
from cr_app.audit.models import Access, Checkpoint, Entry, Leaf
from cr_app.audit.sealer import seal
from cr_app.audit.trail import look, record
from cr_app.audit.verifying import CannotVerify, Kind, Report, parts, reading, reports, verify, whole
from cr_app.audit.verifying.differing import WORDS
from cr_app.audit.verifying.stated import in_words
from cr_app.audit.witness import Witness
from tests.audit.sealing import fill, witness
from tests.audit.tampering import AMINA, CASE, World, forge_the_log, put_back_the_backup, superuser, write

__all__ = ["witness"]

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "sealer"])


def check(*, processes: int = 1, against: tuple[str, ...] = ()) -> Report:
    return verify(witness=settings.TRAIL_WITNESS_FILE, verifier=verifier_key(), against=against, processes=processes)


def problems(report: Report) -> list[tuple[Kind, int | None, int | None]]:
    return [(problem.kind, problem.row_id, problem.index) for problem in report.problems]


def run(*arguments: str) -> tuple[int, str]:
    """Run the command; return how it ended and what it said."""
    said = StringIO()
    try:
        call_command("verify_audit_trail", *arguments, stdout=said, stderr=said)
    except SystemExit as end:
        return int(str(end.code)), said.getvalue()
    return 0, said.getvalue()


def test_nothing_sealed_yet_is_no_problem_and_is_checked_all_the_same(witness: Witness) -> None:
    write(3)
    report = check()
    assert report.holds
    assert (report.size, report.rows, report.personal, report.unsealed.count) == (0, 4, 13, 4)
    assert report.unsealed.oldest_at == Entry.objects.order_by("at")[0].at
    entry = Entry.objects.order_by("pk")[1]
    with superuser() as database:
        World(database, "", []).set(entry, address="192.0.2.1")
    assert problems(check()) == [(Kind.COLUMNS, entry.pk, None)]
    status, said = run()
    assert status == 1
    assert "Nothing is sealed yet" in said
    assert "The address of the computer and its bytes differ: nothing in the bytes, “192.0.2.1” in the column." in said


@pytest.mark.parametrize(
    ("model", "column", "value"),
    [
        (Entry, "actor_name", "X"),
        (Entry, "actor_key", "X"),
        (Entry, "actor_kind", "system"),
        (Entry, "rank", "X"),
        (Entry, "warrant_number", "X"),
        (Entry, "outcome", "refused"),
        (Entry, "request_id", "6f1c2a30-9f0b-4b8e-9a51-2c9be1f3d001"),
        (Entry, "address", "X"),
        (Entry, "format_version", 2),
        (Entry, "event", "X"),
        (Entry, "subject", "X"),
        (Entry, "at", "2026-01-01T00:00:00Z"),
        (Entry, "at", "infinity"),
        (Entry, "at", "0044-03-15 BC"),
        (Entry, "details", {"number": 1.5}),
        (Entry, "details", {}),
        (Entry, "details", []),
        (Access, "kind", "erasure"),
        (Access, "subjects", []),
        (Access, "page", "X"),
        (Access, "implied", True),
        (Access, "sitting", "X"),
        (Access, "reason_digest", "ab" * 32),
        (Access, "recipient_digest", "ab" * 32),
    ],
)
def test_each_column_is_held_to_the_bytes(
    witness: Witness, model: type[Entry] | type[Access], column: str, value: object
) -> None:
    write(2)
    seal()
    assert check().holds
    row = model.objects.order_by("pk")[0]
    with superuser() as database:
        World(database, "", []).set(row, **{column: value})
    found = [problem.sentence for problem in check().problems if problem.kind is Kind.COLUMNS]
    assert len(found) == 1
    assert f"{WORDS[column][1:]} changed" in found[0] or "no canonical form" in found[0]


def test_a_finding_says_in_plain_words_what_it_is_about(witness: Witness) -> None:
    write(3)
    seal()
    one, other, gone = Entry.objects.order_by("pk")
    access = Access.objects.get()
    with superuser() as database:
        world = World(database, "", [])
        world.set(one, actor_name="Eve\nEvil")
        world.set(other, actor_name="Eve Evil", subject="case:ANOTHER1")
        world.match(other)
        world.remove(gone.pk)
        world.set(access, page="list")
    found = {(problem.table, problem.row_id): problem for problem in check().problems if problem.row_id}
    when = in_words(one.at)
    assert found["entry", one.pk].sentence == (
        "The name of who acted changed: sealed “Amina Khan”, now “Eve?Evil”. (Case 7KQM2PXR: PC Amina Khan added something,"
        f" {when}, warrant number P241775; entry {one.pk}, place 0 of the log.)"
    )
    assert found["entry", one.pk].subject == CASE
    assert found["entry", other.pk].sentence == (
        "The row is not the one that was sealed. (as it now reads, Case ANOTHER1: PC Eve Evil added something,"
        f" {in_words(other.at)}, warrant number P241775; entry {other.pk}, place 1 of the log.)"
    )
    sealed_at = in_words(Checkpoint.objects.get().made_at)
    assert found["entry", gone.pk].sentence == (
        f"It was sealed, and is not there any more. (sealed on {sealed_at}; entry {gone.pk}, place 2 of the log.)"
    )
    assert "PC Amina Khan looked at it on the page “case” (consultation)" in found["access", access.pk].sentence


def test_parts_in_two_processes_make_the_same_whole(witness: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "BATCH", 256)
    for rows in (5, 100, 151, 1, 280):
        write(rows, accesses=0)
        seal()
    alone, together = check(), check(processes=2)
    assert alone == together
    assert alone.holds
    assert alone.root == bytes(Checkpoint.objects.order_by("-size")[0].root)
    assert alone.checkpoints == 5
    place = 300
    with superuser() as database:
        database.execute("DELETE FROM audit_leaf WHERE index = %s", [place])
        assert (Kind.GAP, None, place) in problems(check(processes=2))


def test_parts_of_a_large_log_are_put_together(witness: Witness) -> None:
    # Their bodies are no canonical bytes, which is named; everything else about them holds.
    for rows in (30_000, 30_000, 10_000):
        fill(1, rows)
        seal(limit=30_000)
    report = check(processes=2)
    assert {problem.kind for problem in report.problems} == {Kind.COLUMNS}
    assert (report.size, report.rows, report.problem_count) == (70_000, 70_000, 70_000)
    assert report.root == bytes(Checkpoint.objects.order_by("-size")[0].root)
    with superuser() as database:
        database.execute("UPDATE audit_subtree SET root = %s WHERE level = 2", [b"\0" * 32])
        database.execute("UPDATE audit_entry SET body = 'd' WHERE id = (SELECT max(id) FROM audit_entry)")
        database.execute("UPDATE audit_entry SET details = '{}'")
    assert check().problem_count == 70_002


def test_a_number_far_away_holds_nothing_up(witness: Witness) -> None:
    write(3)
    seal()
    entry = Entry.objects.order_by("pk")[0]
    far = 2**62
    with superuser() as database:
        database.execute("ALTER TABLE audit_entry ALTER COLUMN id SET GENERATED BY DEFAULT")
        database.execute("UPDATE audit_entry SET id = %s WHERE id = %s", [far, entry.pk])
        database.execute("ALTER TABLE audit_entry ALTER COLUMN id SET GENERATED ALWAYS")
    found = problems(check())
    assert (Kind.GONE, entry.pk, 0) in found
    assert (Kind.INSERTED, far, None) in found


def test_many_problems_are_counted_and_some_told(witness: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "PROBLEMS_KEPT", 3)
    write(10)
    seal()
    with superuser() as database:
        database.execute("DELETE FROM audit_entry")
    report = check()
    assert report.is_cut
    assert (len(report.problems), report.problem_count) == (3, 10)
    assert "And 7 more." in run()[1]


def test_a_checkpoint_of_another_key_is_refused_not_believed(witness: Witness, tmp_path: Path) -> None:
    write(2)
    seal()
    kept = tmp_path / "kept"
    kept.write_text(Checkpoint.objects.get().note)
    assert run("--against", str(kept))[0] == 0
    assert run("--against", str(tmp_path / "nowhere")) == (
        2,
        f"The checkpoint in {tmp_path / 'nowhere'} cannot be read.\n",
    )
    other = new_signing_key(settings.TRAIL_ORIGIN)
    text = Checkpoint.objects.get().note.rpartition("\n\n")[0] + "\n"
    with pytest.raises(CannotVerify, match="not one of this log"):
        check(against=(other.sign(text),))
    kept.write_text(other.sign(text))
    assert run("--against", str(kept))[0] == 2


def test_an_operator_is_told_in_one_sentence_what_is_missing(witness: Witness) -> None:
    settings.TRAIL_VERIFIER_FILE.unlink()
    status, said = run()
    assert status == 2
    assert said.count("\n") == 1
    assert "make_trail_key" in said


def test_a_database_that_fails_is_one_sentence_without_values(
    witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(2)
    seal()
    monkeypatch.setitem(reading.COLUMNS, "entry", "id, nonsense")
    for processes in (1, 2):
        with pytest.raises(ProgrammingError):
            check(processes=processes)
    status, said = run()
    assert status == 2
    assert said.startswith("The database does not do what is asked of it (ProgrammingError)")
    assert said.count("\n") == 1


def test_a_restored_database_stays_named_after_sealing_goes_on(witness: Witness) -> None:
    write(4)
    seal()
    with superuser() as database:
        database.execute("CREATE SCHEMA backup")
        try:
            for table in ("audit_entry", "audit_entrypersonal", "audit_access", "audit_accesspersonal"):
                database.execute(f"CREATE TABLE backup.{table} AS SELECT * FROM {table}")  # noqa: S608
            for table in ("audit_leaf", "audit_subtree", "audit_checkpoint"):
                database.execute(f"CREATE TABLE backup.{table} AS SELECT * FROM {table}")  # noqa: S608
            write(3)
            seal()
            put_back_the_backup(World(database, "", []))
        finally:
            database.execute("DROP SCHEMA backup CASCADE")
    assert problems(check()) == [(Kind.WITNESS, None, None)]
    seal(after_restore=True)
    write(2)
    seal()
    report = check()
    assert [problem.kind for problem in report.problems] == [Kind.RESTORED]
    assert "has seen 9 rows in epoch 1, of which this database holds 5" in report.problems[0].sentence
    assert report.epoch == 2


def test_values_missing_are_held_to_what_erasures_tell_of(witness: Witness) -> None:
    write(2)
    with transaction.atomic():
        look(
            actor=AMINA,
            subjects=[CASE],
            page="print",
            kind="disclosure",
            implied=True,
            recipient="Court",
            reason="Ordered",
        )
    seal()
    assert (check().personal, check().erased) == (11, 0)
    with superuser() as database:
        database.execute("DELETE FROM audit_accesspersonal WHERE path = 'recipient'")
        database.execute("DELETE FROM audit_entrypersonal WHERE path = 'reason'")
    report = check()
    assert (report.personal, report.erased) == (8, 3)
    assert problems(report) == [(Kind.MISSING, None, None)]
    assert report.problems[0].sentence.startswith("3 personal values are missing that no erasure accounts for: 3 are")
    for values, missing in ((2, "1"), (1, "")):
        with transaction.atomic():
            record("trail.values_erased", actor=AMINA, details={"values": values, "records": 1})
        found = [problem.sentence.partition(" ")[0] for problem in check().problems]
        assert found == ([missing] if missing else [])


def test_rows_that_have_waited_for_too_long_are_a_problem(witness: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    write(2)
    assert check().holds
    monkeypatch.setattr(settings, "TRAIL_LATE_SECONDS", -1)
    report = check()
    assert problems(report) == [(Kind.LATE, None, None)]
    assert "Rows have waited to be sealed since" in report.problems[0].sentence
    seal()
    assert check().holds


def test_a_process_that_is_killed_ends_the_check_with_a_sentence(
    witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(3)
    seal()
    # Forked processes have what the test has.
    monkeypatch.setattr(whole, "check", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(CannotVerify, match="was killed before it was done"):
        check(processes=2)


def test_a_witness_longer_than_the_log_is_read_note_by_note(witness: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        write(1)
        seal()
    opened: list[str] = []

    def counting(note: str, verifier: VerifierKey) -> Statement:
        opened.append(note)
        return open_note(note, verifier)

    monkeypatch.setattr("cr_app.audit.verifying.stated.open_note", counting)
    assert check().holds
    # The database's notes alone: the witness has the same.
    assert len(opened) == 3
    with superuser() as database:
        database.execute("DELETE FROM audit_checkpoint WHERE size = (SELECT min(size) FROM audit_checkpoint)")
    assert problems(check()) == [(Kind.CHECKPOINT, None, None)]
    assert len(opened) == 6


def test_the_result_can_be_read_by_a_program(witness: Witness) -> None:
    write(2)
    seal()
    status, said = run("--json")
    told = json.loads(said)
    assert status == 0
    assert (told["holds"], told["size"], told["problems"], told["epoch"]) == (True, 3, [], 1)
    leaf = Leaf.objects.get(index=1)
    with superuser() as database:
        database.execute("UPDATE audit_leaf SET hash = %s WHERE index = 1", [b"\0" * 32])
    status, said = run("--json")
    (first, second, third) = json.loads(said)["problems"]
    assert status == 1
    assert (first["kind"], first["table"], first["id"], first["index"]) == ("changed", leaf.table, leaf.row_id, 1)
    assert (second["kind"], third["kind"]) == ("tree", "witness")


def test_progress_is_told_to_the_end(witness: Witness) -> None:
    write(5)
    seal()
    told: list[tuple[int, int]] = []
    verify(witness=None, verifier=verifier_key(), progress=lambda done, total: told.append((done, total)))
    assert told == [(6, 6)]


def test_a_log_signed_by_nobody_is_still_held_to_the_witness(witness: Witness) -> None:
    write(3)
    seal()
    with superuser() as database:
        world = World(database, "", [])
        entry = Entry.objects.all()[0]
        world.set(entry, rank="Sergeant")
        world.match(entry)
        forge_the_log(world, new_signing_key(settings.TRAIL_ORIGIN))
    assert {problem.kind for problem in check().problems} == {Kind.CHECKPOINT, Kind.WITNESS}
    assert "another log of 4 rows" in check().problems[-1].sentence
