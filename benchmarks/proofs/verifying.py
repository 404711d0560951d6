"""Proves that a million rows of the trail are verified quickly, and with memory that does not grow with them.

The rows are those that the demo's own actions write, and as many looks, a fifth of them with a reason, copied under
other subjects, times and requests until there are enough: as many changes, digests and personal values in each as the
service really writes. The plain reading beside it reads the same bodies, by id, and takes SHA-256 of each, in one
process and in two. Three depths are timed: the sealed log alone (bytes, leaves, tree, checkpoints, witness), with
columns held to bytes, and with personal values held to digests, which is what `verify_audit_trail` does.
"""

import gc
import hashlib
import json
import math
import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction

from cr_app.audit.bodies import access_body, entry_body
from cr_app.audit.checkpoints import ALGORITHM, Statement, statement_text
from cr_app.audit.growing import GrowingTree
from cr_app.audit.keys import make_keys, signing_key, verifier_key
from cr_app.audit.models import Access, Checkpoint, Entry, Leaf
from cr_app.audit.sealer import seal
from cr_app.audit.trail import Actor, look
from cr_app.audit.verifying import Report, verify
from cr_app.audit.verifying.encoding import Digests
from cr_app.audit.verifying.parts import BATCH
from cr_app.audit.verifying.reading import COLUMNS, reader
from cr_app.audit.verifying.rows import RowChecker
from cr_app.audit.verifying.whole import PROCESSES

SIZES = (100_000, 1_000_000)
ORIGIN = "proofs.community-resolutions.example/trail"
DEMO_CASES = 60
QUICK_SIZES = (5_000, 20_000)
# As many as a sealer that works each second makes in a busy day and a night, one row each.
CHECKPOINTS, QUICK_CHECKPOINTS = 100_000, 2_000
# A transaction writes so many rows here, so that the sealer's rounds have ends.
A_TRANSACTION = 20_000
ROWS_OF_A_CASE = 40
# Memory may differ by so much between a hundred thousand rows and a million.
SLACK_KB = 32 * 1024
PLAIN, LOG = "plain, as many processes", "sealed log alone"
# A million rows of the sealed log are checked within this.
LOG_SECONDS = 10
LOOKS = Actor("officer", "12", "P241775", "PC", "Amina Khan")
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
MODELS: dict[str, type[Entry] | type[Access]] = {"entry": Entry, "access": Access}


@dataclass(frozen=True)
class Template:
    """A row that the demo wrote, with its personal values."""

    table: str
    row: Entry | Access
    personal: tuple[tuple[str, str, bytes], ...]


def prove(*, quick: bool, say: Callable[[str], None]) -> dict[str, object]:
    """Fill, seal, verify and read plainly at each size; return the figures of the largest, and memory at both."""
    # The process whose memory is measured reads the settings anew.
    os.environ["CR_TRAIL_ORIGIN"] = settings.TRAIL_ORIGIN = ORIGIN
    make_keys()
    call_command("make_demo_cast", verbosity=0)
    call_command("make_demo_cases", cases=DEMO_CASES, verbosity=0)
    _look_at_cases()
    pool = _templates()
    random.Random(1).shuffle(pool)
    figures: dict[str, object] = {"templates": len(pool)}
    memory = {}
    for size in QUICK_SIZES if quick else SIZES:
        _fill(pool, size)
        say(f"{size} rows are there")
        rounds = _seal_all()
        say(f"{size} rows are sealed in {rounds} rounds")
        memory[size] = _memory(size)
        figures |= _measure(size, rounds, say)
        figures[f"peak memory of a process at {size}, KiB"] = memory[size]
        say(f"memory at {size}: {memory[size]} KiB")
    figures |= _with_many_checkpoints(QUICK_CHECKPOINTS if quick else CHECKPOINTS, say)
    smaller, larger = memory.values()
    # A few thousand rows do not fill a batch, and the smaller log of a quick run is no more.
    assert quick or larger - smaller < SLACK_KB, f"Memory grows with the log: {smaller} KiB, then {larger} KiB."
    return figures


def _measure(size: int, rounds: int, say: Callable[[str], None]) -> dict[str, object]:
    """Return the best of three runs of each reading and of each depth of verification, one after the other."""
    works: dict[str, Callable[[], object]] = {
        "plain, one process": lambda: _read_plainly(size, 1),
        PLAIN: lambda: _read_plainly(size, PROCESSES),
        LOG: _verify_log,
        "with columns": _verify_columns,
        "with personal values": _verified,
    }
    seconds: dict[str, float] = {}
    for _ in range(3):
        for name, work in works.items():
            seconds[name] = min(_timed(work), seconds.get(name, math.inf))
        say(", ".join(f"{name} {taken:.2f} s" for name, taken in seconds.items()))
    report = _verified()
    assert report.rows >= size
    assert seconds[LOG] < LOG_SECONDS, f"The sealed log of {size} rows took {seconds[LOG]:.2f} s."
    figures: dict[str, object] = {
        "rows": report.rows,
        "of which entries": _count("entry"),
        "checkpoints": report.checkpoints,
        "rounds of sealing": rounds,
        "personal values": report.personal,
        "bytes of a body, mean": _mean_bytes(),
    }
    for name, taken in seconds.items():
        figures[f"seconds, {name}"] = round(taken, 2)
        figures[f"rows a second, {name}"] = round(report.rows / taken)
        if not name.startswith("plain"):
            figures[f"beside plain in as many processes, {name}"] = round(seconds[PLAIN] / taken, 2)
    return figures


def _with_many_checkpoints(count: int, say: Callable[[str], None]) -> dict[str, object]:
    """Add a signed checkpoint of each of the first sizes, hand them to the witness, and verify; return time and memory."""
    key, latest = signing_key(), Checkpoint.objects.order_by("-size")[0]
    held = set(Checkpoint.objects.values_list("size", flat=True))
    tree, made = GrowingTree(), []
    for leaf in Leaf.objects.filter(index__lt=count).order_by("index").iterator():
        tree.append(bytes(leaf.hash))
        if tree.size not in held:
            stated = Statement(
                key.name, tree.size, tree.root(), latest.epoch, latest.made_at, latest.horizon, latest.database
            )
            made.append((stated, key.sign(statement_text(stated))))
    columns = "epoch, size, root, made_at, origin, algorithm, key_id, horizon, database, note"
    rows = [
        (
            each.epoch,
            each.size,
            each.root,
            each.made_at,
            each.origin,
            ALGORITHM,
            key.key_id,
            each.horizon,
            each.database,
            note,
        )
        for each, note in made
    ]
    with closing(connections["owner"].copy()) as owner:
        owner.ensure_connection()
        raw: Any = owner.connection
        _write(raw, f"COPY audit_checkpoint ({columns}) FROM STDIN", rows)
        raw.commit()
    notes = Checkpoint.objects.order_by("size").values_list("note", flat=True)
    settings.TRAIL_WITNESS_FILE.write_text("".join(f"{note}\n" for note in notes))
    seconds = _timed(_verified)
    used = _memory(0)
    say(f"with {len(notes)} checkpoints: {seconds:.2f} s, {used} KiB")
    return {
        "checkpoints, of many": len(notes),
        "seconds with many checkpoints": round(seconds, 2),
        "peak memory of a process with many checkpoints, KiB": used,
    }


def _verified() -> Report:
    report = verify(witness=settings.TRAIL_WITNESS_FILE, verifier=verifier_key(), processes=PROCESSES)
    assert report.holds, report.problems[:3]
    return report


def _verify_columns() -> None:
    """Verify all but personal values."""
    with patch.object(RowChecker, "_check_personal"):
        _verified()


def _verify_log() -> None:
    """Verify the sealed log alone: bytes, leaves, tree, checkpoints and witness; other columns are not even read."""
    columns = dict.fromkeys(MODELS, "id, transaction_id, body")
    with (
        patch.dict(COLUMNS, columns),
        patch.object(RowChecker, "_entry", _as_it_is),
        patch.object(RowChecker, "_access", _as_it_is),
    ):
        _verify_columns()


def _as_it_is(_: RowChecker, row: tuple[Any, ...]) -> tuple[bytes, Digests]:
    """Stand in for making a row's bytes from its columns."""
    return row[2], ({}, ())


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _read_plainly(size: int, processes: int) -> None:
    """Read every body and take SHA-256 of it, in stretches of ids."""
    stretches = []
    with reader("default") as opened:
        for table in MODELS:
            stretches += [(table, start, start + BATCH) for start in opened.stretches(table, BATCH)]
    if processes == 1:
        _hash(stretches)
        return
    with get_context("fork").Pool(processes) as pool:
        pool.map(_hash, [stretches[each::processes] for each in range(processes)], chunksize=1)


def _hash(stretches: Sequence[tuple[str, int, int]]) -> None:
    with reader("default") as opened:
        for table, start, end in stretches:
            query = f"SELECT body FROM audit_{table} WHERE id >= %s AND id < %s"  # noqa: S608
            for (body,) in opened.rows(query, start, end):
                hashlib.sha256(body).digest()


def _memory(size: int) -> int:
    """Return the most memory, in KiB, that a process takes which does all of a verification by itself."""
    context = get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=_verify_alone, args=(queue,))
    process.start()
    holds, used = queue.get(timeout=600)
    process.join()
    assert holds
    return int(used)


def _verify_alone(queue: Any) -> None:
    import django

    django.setup()
    report = verify(witness=settings.TRAIL_WITNESS_FILE, verifier=verifier_key(), processes=1)
    # What getrusage tells would be that of the process it was forked from.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    queue.put((report.holds, int(status["VmHWM"].split()[0])))


def _look_at_cases() -> None:
    """Let an officer look at cases as often as entries were written."""
    subjects = list(Entry.objects.filter(subject__startswith="case:").values_list("subject", flat=True))
    for number, subject in enumerate(subjects):
        reason = "" if number % 5 else f"Called about it again, {number}."
        with transaction.atomic():
            look(
                actor=LOOKS,
                subjects=[subject],
                page="case",
                kind="consultation",
                implied=not reason,
                reason=reason,
                sitting="5" * 32,
            )


def _seal_all() -> int:
    rounds = 0
    while seal().added:
        rounds += 1
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return rounds


def _mean_bytes() -> int:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT avg(octet_length(body)) FROM audit_entry TABLESAMPLE SYSTEM (1)")
        return round(cursor.fetchone()[0] or 0)


def _templates() -> list[Template]:
    """Return the rows that the demo wrote, of both tables."""
    found = []
    for table, model in MODELS.items():
        for row in model.objects.prefetch_related("personal").order_by("id"):
            personal = tuple((each.path, each.value, bytes(each.salt)) for each in row.personal.all())
            found.append(Template(table, row, personal))
    return found


def _fill(pool: Sequence[Template], size: int) -> None:
    """Add copies until there are `size` rows in both tables together."""
    chance = random.Random(size)
    have = {table: _count(table) for table in MODELS}
    with closing(connections["owner"].copy()) as owner:
        owner.ensure_connection()
        raw: Any = owner.connection
        number = sum(have.values())
        ids = {table: _highest(table) for table in MODELS}
        while number < size:
            chunk = min(A_TRANSACTION, size - number)
            with raw.transaction():
                _copy(raw, pool, ids, range(number, number + chunk), chance)
            number += chunk
        for table in MODELS:
            raw.execute(f"SELECT setval(pg_get_serial_sequence('audit_{table}', 'id'), {ids[table] + 1})")
        raw.commit()
    gc.collect()


def _copy(raw: Any, pool: Sequence[Template], ids: dict[str, int], numbers: range, chance: random.Random) -> None:
    """Copy one transaction's rows, first the happenings of each table, then their personal values."""
    made: dict[str, list[Entry | Access]] = {table: [] for table in MODELS}
    personal: dict[str, list[tuple[int, str, str, bytes]]] = {table: [] for table in MODELS}
    for number in numbers:
        template = pool[number % len(pool)]
        row = template.row
        ids[template.table] += 1
        row.id = ids[template.table]
        row.at = BEGAN + timedelta(seconds=number * 7, microseconds=chance.randrange(1_000_000))
        row.request_id = UUID(int=chance.getrandbits(128))
        subject = f"case:{number // ROWS_OF_A_CASE:08X}"
        if isinstance(row, Entry):
            row.subject = subject if row.subject.startswith("case:") else row.subject
            row.body = entry_body(row)
        else:
            row.subjects = [subject if each.startswith("case:") else each for each in row.subjects]
            row.body = access_body(row)
        made[template.table].append(_values(row))
        personal[template.table] += [(row.id, *each) for each in template.personal]
    for table, model in MODELS.items():
        columns = ", ".join(field.column for field in _fields(model))
        _write(raw, f"COPY audit_{table} ({columns}) FROM STDIN", made[table])
        _write(raw, f"COPY audit_{table}personal ({table}_id, path, value, salt) FROM STDIN", personal[table])


def _values(row: Entry | Access) -> Any:
    return tuple(
        json.dumps(value) if isinstance(value, dict) else value
        for value in (getattr(row, field.attname) for field in _fields(type(row)))
    )


def _fields(model: type[Entry] | type[Access]) -> Iterator[Any]:
    """Return the columns that are given; the transaction is stamped."""
    return (field for field in model._meta.concrete_fields if field.name != "transaction_id")


def _write(raw: Any, statement: str, rows: Sequence[Any]) -> None:
    with raw.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _count(table: str) -> int:
    return MODELS[table].objects.count()


def _highest(table: str) -> int:
    row = MODELS[table].objects.order_by("-id").first()
    return row.id if row else 0
