"""What the tests of the sealed log share: a log of its own in a folder, rows to seal, and what the log then holds."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction

from cr_app.audit.keys import make_keys, verifier_key
from cr_app.audit.models import Access, Checkpoint, Entry, Leaf, Subtree
from cr_app.audit.trail import ANONYMOUS, look, record
from cr_app.audit.tree import leaf_bytes, leaf_hash, root_of
from cr_app.audit.witness import Witness
from tests.disposable_database import Connection

CASE = "case:7KQM2PXR"


@pytest.fixture
def witness(settings: Any, tmp_path: Path, owner: Connection) -> Witness:
    """Keys and a witness of this test alone, and a trail without the entries that loading reference data left."""
    with tampering(owner):
        owner.execute("TRUNCATE audit_entry, audit_entrypersonal")
    settings.TRAIL_KEY_FILE = tmp_path / "signing-key"
    settings.TRAIL_VERIFIER_FILE = tmp_path / "verifier-key"
    settings.TRAIL_WITNESS_FILE = tmp_path / "witness"
    make_keys()
    return Witness(settings.TRAIL_WITNESS_FILE)


@contextlib.contextmanager
def tampering(owner: Connection) -> Iterator[None]:
    """Let the owner do to trail and log what triggers refuse."""
    tables = ("audit_entry", "audit_entrypersonal", "audit_access", "audit_leaf", "audit_subtree", "audit_checkpoint")
    for table in tables:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    try:
        yield
    finally:
        for table in tables:
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def write(entries: int = 1, accesses: int = 0) -> None:
    """Write so many of each, in the caller's transaction or one of their own."""
    with transaction.atomic():
        for number in range(entries):
            record("case.answers_saved", actor=ANONYMOUS, subject=CASE, details={"version": number})
        for _ in range(accesses):
            look(actor=ANONYMOUS, subjects=[CASE], page="case", kind="consultation", implied=True)


def fill(transactions: int, rows_each: int = 1) -> None:
    """Commit many small entries quickly, so many to a transaction; their bodies are no canonical bytes."""
    with connection.cursor() as cursor:
        for _ in range(transactions):
            cursor.execute(
                "INSERT INTO audit_entry (at, actor_kind, actor_key, warrant_number, rank, actor_name, outcome, address,"
                " format_version, body, event, subject, details) SELECT now(), 'system', '', '', '', '', 'done', '', 1,"
                " convert_to(number::text, 'UTF8'), 'case.started', '', '{}' FROM generate_series(1, %s) AS number",
                [rows_each],
            )


def rows_of_trail() -> list[tuple[int, str, int]]:
    """Return transaction, table and id of every row, in the order in which they are to be sealed."""
    rows = [(entry.transaction_id, "entry", entry.pk) for entry in Entry.objects.all()]
    rows += [(access.transaction_id, "access", access.pk) for access in Access.objects.all()]
    return sorted(rows)


def rows_of_log() -> list[tuple[int, str, int]]:
    """Return the same of every leaf, in the order of the log."""
    return [(leaf.transaction_id, leaf.table, leaf.row_id) for leaf in Leaf.objects.order_by("index")]


def check_log(witness: Witness) -> None:
    """Hold the whole log to its rows: leaves, subtrees, checkpoints and witness, all computed again."""
    leaves = list(Leaf.objects.order_by("index"))
    assert [leaf.index for leaf in leaves] == list(range(len(leaves)))
    bodies: dict[tuple[str, int], tuple[int, bytes]] = {
        ("entry", pk): (number, bytes(body))
        for pk, number, body in Entry.objects.values_list("pk", "transaction_id", "body")
    }
    bodies |= {
        ("access", pk): (number, bytes(body))
        for pk, number, body in Access.objects.values_list("pk", "transaction_id", "body")
    }
    hashes = []
    for leaf in leaves:
        number, body = bodies[leaf.table, leaf.row_id]
        hashes.append(leaf_hash(leaf_bytes(leaf.table, leaf.row_id, number, body)))
        assert (bytes(leaf.hash), leaf.transaction_id) == (hashes[-1], number)
    subtrees = {(each.level, each.index): bytes(each.root) for each in Subtree.objects.all()}
    wanted = {}
    for level in (1, 2):
        span = 256**level
        for index in range(len(hashes) // span):
            wanted[level, index] = root_of(hashes[index * span : (index + 1) * span])
    assert subtrees == wanted
    checkpoints = list(Checkpoint.objects.order_by("epoch", "size"))
    for checkpoint in checkpoints:
        assert bytes(checkpoint.root) == root_of(hashes[: checkpoint.size])
    assert [checkpoint.note for checkpoint in checkpoints] == list(dict.fromkeys(witness.notes()))
    if checkpoints:
        seen = witness.last(verifier_key())
        assert seen
        assert seen.statement.size == len(leaves)


def close_sealer() -> None:
    """Close the sealer's connection, as a process of its own would at its end."""
    connections["sealer"].close()
