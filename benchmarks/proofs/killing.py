"""A hundred sealers killed with SIGKILL at random moments under load: each next one goes on, and the log is whole.

Half of the kills hit one of two sealers that work at once. At the end every row has exactly one leaf, the tree computed
again leads to every checkpoint, and the witness holds each of them, in order.
"""

import multiprocessing
import random
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from cr_app.audit.checkpoints import open_note
from cr_app.audit.keys import make_keys, verifier_key
from cr_app.audit.models import Access, Checkpoint, Entry, Leaf, LeafTable, Subtree
from cr_app.audit.sealer import seal
from cr_app.audit.trail import ANONYMOUS, look, record
from cr_app.audit.tree import Frontier, leaf_bytes, leaf_hash
from cr_app.audit.witness import read_notes

WRITERS = 2
KILLS = 100
_FORK = multiprocessing.get_context("fork")


def prove(quick: bool, say: Callable[[str], None]) -> dict[str, object]:
    """Kill, go on, and check everything; AssertionError where a row, a leaf, a checkpoint or a note is not as it should be."""
    make_keys()
    randomly = random.Random(20261121)
    kills = 10 if quick else KILLS
    connections.close_all()
    stop = _FORK.Event()
    writers = [_started(_write, stop, number) for number in range(WRITERS)]
    interrupted = 0
    for kill in range(kills):
        began = _FORK.Event()
        sealers = [_started(_seal, began) for _ in range(1 + kill % 2)]
        assert began.wait(30), "no sealer began"
        time.sleep(randomly.uniform(0, 0.15))
        sealers[0].kill()
        sealers[0].join()
        if len(sealers) > 1:
            time.sleep(randomly.uniform(0, 0.05))
            sealers[1].kill()
            sealers[1].join()
        interrupted += _checkpoints_not_witnessed()
    stop.set()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0, "a writer failed"
    while seal().has_more:
        pass
    # The control: kills did hit the moment between a commit and its hand-over.
    assert interrupted or quick, "no kill hit a round"
    say(f"{kills} times killed, {interrupted} checkpoints were handed to the witness by the next sealer")
    figures = check()
    say(f"{figures['rows']} rows, {figures['checkpoints']} checkpoints: all hold")
    return {"kills": kills, "checkpoints handed over by the next sealer": interrupted, **figures}


def check() -> dict[str, object]:
    """Compute the whole log again; return how much there was, AssertionError where something does not hold."""
    rows: dict[tuple[str, int], tuple[int, bytes]] = {}
    for table, model in ((LeafTable.ENTRY.value, Entry), (LeafTable.ACCESS.value, Access)):
        values = model._default_manager.values_list("pk", "transaction_id", "body")
        rows |= {(table, pk): (number, bytes(body)) for pk, number, body in values}
    checkpoints = {each.size: each for each in Checkpoint.objects.order_by("size")}
    tree = Frontier()
    order = []
    for index, leaf in enumerate(Leaf.objects.order_by("index")):
        number, body = rows.pop((leaf.table, leaf.row_id))
        wanted = leaf_hash(leaf_bytes(leaf.table, leaf.row_id, number, body))
        assert (leaf.index, bytes(leaf.hash)) == (index, wanted), f"leaf {index} is another row's"
        order.append((number, leaf.table, leaf.row_id))
        tree.append(wanted)
        if tree.size in checkpoints:
            assert tree.root() == bytes(checkpoints.pop(tree.size).root), f"the checkpoint of {tree.size} does not hold"
    assert not rows, f"{len(rows)} rows have no leaf"
    assert not checkpoints, "a checkpoint is larger than the log"
    assert order == sorted(order), "the log is out of order"
    assert Subtree.objects.filter(level=1).count() == tree.size // 256, "a subtree is missing"
    notes = list(read_notes(settings.TRAIL_WITNESS_FILE))
    held = list(Checkpoint.objects.order_by("size").values_list("note", flat=True))
    assert list(dict.fromkeys(notes)) == held, "the witness holds other notes than the log"
    verifier = verifier_key()
    assert [open_note(note, verifier).size for note in held] == sorted(open_note(note, verifier).size for note in held)
    return {"rows": tree.size, "checkpoints": len(held), "notes written twice": len(notes) - len(held)}


def _started(work: Callable[..., None], *arguments: Any) -> BaseProcess:
    process = _FORK.Process(target=work, args=arguments, daemon=True)
    process.start()
    return process


def _seal(began: Any) -> None:
    """Seal in small rounds without a pause, so that a kill hits a round and not the time between two."""
    seal(limit=50)
    began.set()
    while True:
        seal(limit=50)


def _write(stop: Any, number: int) -> None:
    """Write as officers do, some transactions long, some undone, until told to stop."""
    randomly = random.Random(number)
    while not stop.is_set():
        try:
            with transaction.atomic():
                for version in range(randomly.randint(1, 4)):
                    record("case.answers_saved", actor=ANONYMOUS, subject="case:7KQM2PXR", details={"version": version})
                look(actor=ANONYMOUS, subjects=["case:7KQM2PXR"], page="case", kind="consultation", implied=True)
                time.sleep(randomly.choice((0, 0, 0, 0.02)))
                if randomly.random() < 0.1:
                    raise _UndoneError
        except _UndoneError:
            pass
        time.sleep(0.002)


class _UndoneError(Exception):
    pass


def _checkpoints_not_witnessed() -> int:
    """Return how many checkpoints the kill kept from the witness; the connection is closed again, since others fork."""
    last = ""
    for note in read_notes(settings.TRAIL_WITNESS_FILE):
        last = note
    size = open_note(last, verifier_key()).size if last else 0
    count = Checkpoint.objects.filter(size__gt=size).count()
    connections.close_all()
    return count
