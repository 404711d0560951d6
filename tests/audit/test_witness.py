"""The witness keeps every note, tells a torn one from a forged one, and accepts nothing that does not add to its last."""

import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cr_app.audit.checkpoints import SigningKey, Statement, new_signing_key, statement_text
from cr_app.audit.tree import consistency_path, leaf_hash, root_of
from cr_app.audit.witness import CannotWitness, Contradiction, Witness, read_notes

KEY = new_signing_key("example.test/trail")
OTHER = new_signing_key("example.test/trail")
LEAVES = [leaf_hash(b"%d" % number) for number in range(40)]
FORKED = [leaf_hash(b"other %d" % number) for number in range(40)]


def note_of(size: int, *, epoch: int = 1, leaves: list[bytes] = LEAVES, key: SigningKey = KEY) -> str:
    """Return a signed checkpoint of the first leaves."""
    made_at = datetime(2026, 11, 21, 11, 20, size, tzinfo=UTC)
    return key.sign(statement_text(Statement(KEY.name, size, root_of(leaves[:size]), epoch, made_at, size, "7/5")))


def consistency(old: int, size: int) -> list[bytes]:
    """Prove from the leaves, as the log would."""
    return consistency_path(old, size, lambda start, end: root_of(LEAVES[start:end]))


def accept(witness: Witness, note: str) -> bool:
    """Hand a note over."""
    return witness.accept(note, KEY.verifier, consistency)


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    """A witness that has seen three checkpoints."""
    witness = Witness(tmp_path / "folder" / "witness")
    witness.make()
    for size in (3, 8, 9):
        assert accept(witness, note_of(size))
    return witness


def size_of_last(witness: Witness) -> int:
    """Return the size that its last note states."""
    seen = witness.last(KEY.verifier)
    return seen.statement.size if seen else 0


def test_notes_stand_one_after_another_each_with_an_empty_line_after_it(witness: Witness) -> None:
    notes = [note_of(size) for size in (3, 8, 9)]
    assert witness.path.read_text() == "".join(f"{note}\n" for note in notes)
    assert list(witness.notes()) == notes
    assert size_of_last(witness) == 9
    assert not witness.is_torn()


def test_what_it_has_seen_already_is_not_written_again(witness: Witness) -> None:
    before = witness.path.read_bytes()
    assert not accept(witness, note_of(9))
    assert not accept(witness, note_of(8))
    assert witness.path.read_bytes() == before


def test_it_refuses_another_log_of_the_same_size(witness: Witness) -> None:
    with pytest.raises(Contradiction, match="another checkpoint of size 9: the log was forked"):
        accept(witness, note_of(9, leaves=FORKED))


def test_it_refuses_a_log_that_does_not_add_to_the_last(witness: Witness) -> None:
    with pytest.raises(Contradiction, match="does not only add to that of 9"):
        accept(witness, note_of(12, leaves=FORKED))
    assert accept(witness, note_of(12))


def test_it_refuses_a_note_of_another_key(witness: Witness) -> None:
    with pytest.raises(ValueError, match="no signature of the key"):
        accept(witness, note_of(12, key=OTHER))


def test_a_later_epoch_may_begin_further_back_and_no_earlier_one_follows(witness: Witness) -> None:
    assert accept(witness, note_of(5, epoch=2, leaves=FORKED))
    assert not accept(witness, note_of(12))
    assert size_of_last(witness) == 5


@pytest.mark.parametrize("is_repaired", [True, False])
def test_a_note_torn_anywhere_is_left_out_and_written_again(tmp_path: Path, is_repaired: bool) -> None:
    whole = note_of(12) + "\n"
    for length in range(1, len(whole.encode())):
        witness = Witness(tmp_path / f"witness-{length}")
        witness.make()
        accept(witness, note_of(9))
        with witness.path.open("ab") as file:
            file.write(whole.encode()[:length])
        assert witness.is_torn()
        assert size_of_last(witness) == 9
        kept = [note_of(9)]
        if is_repaired:
            assert accept(witness, note_of(12))
            assert accept(witness, note_of(13))
            assert size_of_last(witness) == 13
            kept += [note_of(12), note_of(13)]
        # A note to which only the empty line is lacking is whole, and is written twice.
        assert list(dict.fromkeys(read_notes(witness.path))) == kept
        witness.path.unlink()


def test_a_repair_that_was_torn_itself_is_repaired(witness: Witness) -> None:
    for length in range(10, len(note_of(12).encode()) - 4):
        with witness.path.open("ab") as file:
            file.write(note_of(12).encode()[:length] + b"\n\n")
        assert size_of_last(witness) == 9
    assert accept(witness, note_of(12))
    assert size_of_last(witness) == 12


def test_a_note_that_somebody_changed_is_yielded_for_whoever_checks_signatures(witness: Witness) -> None:
    changed = witness.path.read_text().replace("\n8\n", "\n7\n")
    witness.path.write_text(changed)
    assert list(witness.notes())[1].splitlines()[1] == "7"
    cut = changed.replace(note_of(3).splitlines()[-1], note_of(3).splitlines()[-1][:-8])
    witness.path.write_text(cut)
    assert len(list(witness.notes())) == 3


def test_a_last_note_that_nobody_signed_stops_it(witness: Witness) -> None:
    with witness.path.open("a") as file:
        file.write(note_of(12, key=OTHER) + "\n")
    with pytest.raises(CannotWitness, match=r"does not hold[.] The note has no signature"):
        accept(witness, note_of(12))


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "witness"
    path.write_text("Something else.\n\n")
    with pytest.raises(CannotWitness, match="holds no signed note"):
        accept(Witness(path), note_of(3))


def test_its_last_note_is_found_behind_a_long_piece(witness: Witness) -> None:
    with witness.path.open("ab") as file:
        file.write(b"x" * 100_000)
    assert size_of_last(witness) == 9
    assert accept(witness, note_of(12))
    assert size_of_last(witness) == 12


def test_it_cannot_be_where_no_file_can_be(tmp_path: Path) -> None:
    with pytest.raises(CannotWitness, match="cannot be written"):
        Witness(tmp_path).must_be_writable()
    with pytest.raises(CannotWitness, match="cannot be read"):
        list(read_notes(tmp_path / "nowhere"))


def test_two_hands_write_each_note_once_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "witness"
    Witness(path).make()

    def hand_over_all() -> None:
        for size in range(1, 40):
            accept(Witness(path), note_of(size))

    hands = [threading.Thread(target=hand_over_all) for _ in range(3)]
    for each in hands:
        each.start()
    for each in hands:
        each.join()
    sizes = [int(note.splitlines()[1]) for note in read_notes(path)]
    assert sizes == sorted(set(sizes))
    assert sizes[-1] == 39


@given(pieces=st.lists(st.sampled_from(["note", "cut", "\n\n", "x", "\n"]), max_size=8))
def test_it_reads_whatever_stands_there_without_failing(pieces: list[str]) -> None:
    parts = {"note": note_of(9) + "\n", "cut": note_of(9)[:200]}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "witness"
        path.write_text("".join(parts.get(piece, piece) for piece in pieces))
        assert all(isinstance(note, str) for note in read_notes(path))


def test_many_notes_are_written_together_and_each_is_held_to_the_one_before(
    witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced: list[int] = []
    monkeypatch.setattr("cr_app.audit.witness.os.fsync", forced.append)
    notes = [note_of(size) for size in range(8, 40)]
    assert witness.accept_all(notes, KEY.verifier, consistency) == 30
    assert (len(forced), size_of_last(witness), len(list(witness.notes()))) == (1, 39, 33)
    with pytest.raises(Contradiction):
        witness.accept_all([note_of(40), note_of(41, leaves=FORKED)], KEY.verifier, consistency)


def test_a_witness_is_made_only_when_told_to(tmp_path: Path) -> None:
    witness = Witness(tmp_path / "folder" / "witness")
    with pytest.raises(CannotWitness, match="No such file"):
        accept(witness, note_of(3))
    assert not witness.is_there()
    witness.make()
    witness.must_be_writable()
    assert (witness.is_there(), witness.path.read_bytes()) == (True, b"")
