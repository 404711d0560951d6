"""Sealing goes on after a kill, and stops with one sentence where log, database and witness do not go together."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connections

from cr_app.audit import horizon, sealer
from cr_app.audit.keys import NoKey, verifier_key
from cr_app.audit.models import Checkpoint, Leaf
from cr_app.audit.sealer import CannotSeal, Sealed, check_role, seal, unsealed
from cr_app.audit.witness import CannotWitness, Witness
from tests.audit.sealing import check_log, fill, rows_of_log, rows_of_trail, tampering, witness, write
from tests.disposable_database import Connection

__all__ = ["witness"]

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "sealer"])

LOG = "audit_leaf, audit_subtree, audit_checkpoint"


class Killed(Exception):
    """Stands for the end of the process."""


def kill(*_: object) -> None:
    """End it here."""
    raise Killed


def last_size(witness: Witness) -> int:
    """Return the size that the witness has seen last."""
    seen = witness.last(verifier_key())
    return seen.statement.size if seen else 0


def test_killed_between_commit_and_witness_the_next_round_hands_over(
    witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()
    seal()
    with monkeypatch.context() as patch:
        patch.setattr(sealer, "hand_over", kill)
        write()
        with pytest.raises(Killed):
            seal()
    assert (Leaf.objects.count(), last_size(witness)) == (2, 1)
    assert seal() == Sealed(added=0, size=2)
    assert last_size(witness) == 2
    check_log(witness)


@pytest.mark.parametrize("place", ["_tree_of", "_later_than", "_last_checkpoint"])
def test_killed_within_a_round_nothing_or_all_of_it_is_done(
    witness: Witness, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    write()
    seal()
    fill(transactions=3, rows_each=100)
    with monkeypatch.context() as patch:
        patch.setattr(sealer, place, kill)
        with pytest.raises(Killed):
            seal()
    seal()
    assert rows_of_log() == rows_of_trail()
    check_log(witness)


def test_killed_while_it_signs_no_leaf_is_left(witness: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(transactions=3, rows_each=100)
    with monkeypatch.context() as patch:
        patch.setattr(sealer._Round, "_sign", kill)
        with pytest.raises(Killed):
            seal()
    assert not Leaf.objects.exists()
    assert seal().size == 300
    check_log(witness)


def test_a_torn_note_is_written_again(witness: Witness) -> None:
    write()
    seal()
    write()
    seal()
    whole = witness.path.read_bytes()
    witness.path.write_bytes(whole[:-40])
    assert seal().added == 0
    assert last_size(witness) == 2
    check_log(witness)


@pytest.mark.parametrize("kept", [None, 0, 2])
def test_a_witness_that_lost_notes_is_given_them_again_only_where_somebody_says_so(
    witness: Witness, kept: int | None
) -> None:
    for _ in range(4):
        write()
        seal()
    notes = list(witness.notes())
    if kept is None:
        witness.path.unlink()
    else:
        witness.path.write_text("".join(f"{note}\n" for note in notes[:kept]))
    write()
    for after_restore in (False, True):
        with pytest.raises(CannotSeal, match=rf"has 4 rows, but .* has only {kept or 0}.*--new-witness once"):
            seal(after_restore=after_restore)
    assert Leaf.objects.count() == 4
    assert seal(new_witness=True) == Sealed(added=1, size=5)
    assert len(list(witness.notes())) == 5
    assert list(witness.notes())[:4] == notes
    check_log(witness)
    with pytest.raises(CannotSeal, match="Leave --new-witness out"):
        seal(new_witness=True)


def test_an_old_backup_replayed_without_its_witness_stops_sealing(witness: Witness, owner: Connection) -> None:
    for _ in range(3):
        write()
        seal()
    with tampering(owner):
        owner.execute("DELETE FROM audit_entry WHERE id IN (SELECT row_id FROM audit_leaf WHERE index = 2)")
        owner.execute("DELETE FROM audit_leaf WHERE index = 2")
        owner.execute("DELETE FROM audit_checkpoint WHERE size = 3")
    witness.path.unlink()
    with pytest.raises(CannotSeal, match=r"has 2 rows, but the witness .* has only 0"):
        seal()


def test_killed_before_it_ever_handed_over_it_goes_on(witness: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sealer, "hand_over", kill)
        write()
        with pytest.raises(Killed):
            seal()
    assert (Leaf.objects.count(), last_size(witness)) == (1, 0)
    write()
    assert seal() == Sealed(added=1, size=2)
    check_log(witness)


def test_it_stops_where_the_witness_has_seen_more(witness: Witness, owner: Connection) -> None:
    write()
    seal()
    write()
    seal()
    with tampering(owner):
        owner.execute("DELETE FROM audit_leaf WHERE index = 1")
        owner.execute("DELETE FROM audit_checkpoint WHERE size = 2")
    write()
    with pytest.raises(CannotSeal, match=r"has seen 2 rows in epoch 1, the log holds 1[.] If a backup was restored"):
        seal()
    assert Leaf.objects.count() == 1
    write()
    assert unsealed().count == 3


def test_it_stops_where_the_log_was_made_anew(witness: Witness, owner: Connection, settings: Any) -> None:
    write(entries=2)
    seal()
    with tampering(owner):
        owner.execute("UPDATE audit_entry SET body = '\\x01' WHERE id = (SELECT max(id) FROM audit_entry)")
        owner.execute(f"TRUNCATE {LOG}")
    kept, settings.TRAIL_WITNESS_FILE = settings.TRAIL_WITNESS_FILE, settings.TRAIL_WITNESS_FILE.with_name("other")
    seal()
    write()
    seal()
    settings.TRAIL_WITNESS_FILE = kept
    with pytest.raises(CannotSeal, match="a checkpoint of size 2 that is not this log's: the log was forked"):
        seal()
    with pytest.raises(CannotSeal, match="the log was forked"):
        seal(after_restore=True)
    assert last_size(witness) == 2


def test_it_stops_where_the_tree_does_not_lead_to_its_checkpoint(witness: Witness, owner: Connection) -> None:
    write(entries=2)
    seal()
    with tampering(owner):
        owner.execute("UPDATE audit_leaf SET hash = decode(repeat('00', 32), 'hex') WHERE index = 1")
    write()
    with pytest.raises(CannotSeal, match="does not lead to its last checkpoint"):
        seal()
    with tampering(owner):
        owner.execute("DELETE FROM audit_leaf WHERE index = 1")
    with pytest.raises(CannotSeal, match="lacks hashes of level 0"):
        seal()


@contextlib.contextmanager
def sealed_elsewhere(**state: Any) -> Iterator[None]:
    """Let the log be sealed as on another server: one of another name, or with other numbers of transactions."""
    here = horizon.horizon_of
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(horizon, "horizon_of", lambda cursor, settled: replace(here(cursor, settled), **state))
        yield


def test_on_another_database_it_stops_until_told_and_then_seals_the_rest_in_a_new_epoch(
    witness: Witness, owner: Connection
) -> None:
    fill(transactions=300)
    with sealed_elsewhere(database="7575/5"):
        seal()
    write()
    with tampering(owner):
        # As a restored copy on another server would have it: numbers of transactions that this one has not reached.
        owner.execute("UPDATE audit_entry SET transaction_id = (transaction_id::text::bigint + 3)::text::xid8")
    with pytest.raises(
        CannotSeal, match=r"another database server, or in another database[.] If a backup was restored"
    ):
        seal()
    write()
    assert seal(after_restore=True).added == 2
    latest = Checkpoint.objects.latest("id")
    assert (latest.epoch, latest.size) == (2, 302)
    assert len(list(witness.notes())) == 2
    for _ in range(4):
        write()
    seal()
    assert len({(table, row_id) for _, table, row_id in rows_of_log()}) == Leaf.objects.count() == 306
    assert unsealed().count == 0
    assert last_size(witness) == 306


def test_on_a_database_that_counts_from_further_back_it_stops(witness: Witness, owner: Connection) -> None:
    write()
    with sealed_elsewhere(next=4_000_000_000_000):
        seal()
    with pytest.raises(CannotSeal, match="counts transactions from further back"):
        seal()
    assert seal(after_restore=True) == Sealed(added=0, size=1)
    write()
    assert seal() == Sealed(added=1, size=2)


@pytest.mark.parametrize(
    "column", ["database = 'x/1'", "horizon = '4000000000000'", "horizon = '3'", "note = note || note"]
)
def test_a_database_made_to_look_restored_gets_no_new_epoch(witness: Witness, owner: Connection, column: str) -> None:
    write(entries=3)
    seal()
    with tampering(owner):
        owner.execute(f"UPDATE audit_checkpoint SET {column}")  # noqa: S608
        # Stands for a row put in afterwards: one that the log does not hold.
        owner.execute("UPDATE audit_leaf SET row_id = row_id + 1000 WHERE index = 2")
    for after_restore in (False, True):
        with pytest.raises(CannotSeal, match=r"not what its note signs|not signed by its key") as caught:
            seal(after_restore=after_restore)
        assert "--after-restore" not in str(caught.value)
    assert (Leaf.objects.count(), Checkpoint.objects.count()) == (3, 1)


def test_rows_of_a_former_server_that_have_leaves_hold_sealing_up_nowhere(witness: Witness, owner: Connection) -> None:
    fill(transactions=30)
    with sealed_elsewhere(database="7575/5"):
        seal()
    with tampering(owner):
        # Numbers that this server comes to only now.
        owner.execute("UPDATE audit_entry SET transaction_id = (pg_current_xact_id()::text::bigint + 3)::text::xid8")
    assert seal(after_restore=True) == Sealed(added=0, size=30)
    for _ in range(5):
        write()
    rounds = 0
    while (sealed := seal(limit=2)).has_more:
        rounds += 1
        assert rounds < 10
    assert (sealed.size, unsealed().count) == (35, 0)
    assert len({(table, row_id) for _, table, row_id in rows_of_log()}) == 35
    assert Checkpoint.objects.latest("id").horizon > max(number for number, _, _ in rows_of_trail())


def test_after_an_older_backup_it_goes_on_in_a_new_epoch_when_told(witness: Witness, owner: Connection) -> None:
    write()
    seal()
    write(entries=3)
    seal()
    with tampering(owner):
        owner.execute("DELETE FROM audit_entry WHERE id IN (SELECT row_id FROM audit_leaf WHERE index > 0)")
        owner.execute("DELETE FROM audit_leaf WHERE index > 0")
        owner.execute("DELETE FROM audit_checkpoint WHERE size > 1")
    write()
    assert seal(after_restore=True) == Sealed(added=1, size=2)
    write()
    assert seal() == Sealed(added=1, size=3)
    assert [note.splitlines()[3] for note in witness.notes()] == ["epoch 1", "epoch 1", "epoch 2", "epoch 2"]


def test_where_nothing_was_restored_it_begins_no_epoch(witness: Witness) -> None:
    write()
    seal()
    with pytest.raises(CannotSeal, match="Nothing was restored"):
        seal(after_restore=True)
    assert Checkpoint.objects.count() == 1


def test_a_row_that_says_it_is_of_another_transaction_is_not_sealed_twice(witness: Witness, owner: Connection) -> None:
    write(entries=2)
    seal()
    with tampering(owner):
        owner.execute("UPDATE audit_entry SET transaction_id = pg_current_xact_id()")
    assert seal() == Sealed(added=0, size=2, has_met_again=True)
    write()
    assert seal() == Sealed(added=1, size=3, has_met_again=True)


def test_without_a_key_or_a_witness_it_seals_nothing(witness: Witness, settings: Any) -> None:
    write()
    kept = settings.TRAIL_WITNESS_FILE
    settings.TRAIL_WITNESS_FILE = kept.parent
    with pytest.raises(CannotWitness, match="cannot be written"):
        seal()
    settings.TRAIL_WITNESS_FILE, settings.TRAIL_KEY_FILE = kept, kept.with_name("nowhere")
    with pytest.raises(NoKey):
        seal()
    assert not Leaf.objects.exists()
    assert unsealed().count == 1


def test_the_sealers_role_may_do_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    check_role()
    owner, application = connections["owner"].settings_dict["USER"], connections["default"].settings_dict["USER"]
    for role, words in ((owner, "owns the database"), (application, "And [0-9]+ more")):
        connections["sealer"].close()
        with monkeypatch.context() as patch:
            patch.setitem(connections["sealer"].settings_dict, "USER", role)
            with pytest.raises(CannotSeal, match=f"does not name the role that seals.*{words}"):
                check_role()
            connections["sealer"].close()
