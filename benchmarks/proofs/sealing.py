"""What sealing costs whoever writes: inserts a second into the trail beside a plain table, and how long a row waits.

The plain table has the same columns and indexes, no triggers, and is not sealed. Short rounds alternate, so that what
else the machine does meets all alike: plain, trail without a sealer, trail with one. The ratios are reported and no
bound is held to: with fewer processors than writers the sealer takes its time from them.
"""

import multiprocessing
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections

from cr_app.audit.keys import make_keys
from cr_app.audit.sealer import seal, unsealed
from cr_app.audit.witness import read_notes

WRITERS = (1, 8, 32)
PLAIN, TRAIL = "proof_plain", "audit_entry"
AIM_OF_LAG = 2.0
_FORK = multiprocessing.get_context("fork")
_MAKE_PLAIN = "CREATE TABLE proof_plain (LIKE audit_entry INCLUDING DEFAULTS INCLUDING INDEXES INCLUDING CONSTRAINTS)"
_NUMBERED = "ALTER TABLE proof_plain ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY"
_INSERT = """
    INSERT INTO {} (at, transaction_id, actor_kind, actor_key, warrant_number, rank, actor_name, outcome, address,
        format_version, body, event, subject, details)
    VALUES (now(), pg_current_xact_id(), 'officer', '12', 'P241775', 'PC', 'Amina Khan', 'done', '192.0.2.7', 1, %s,
        'case.answers_saved', %s, %s) RETURNING id
"""
_BODY = bytes(range(256)) * 3
_DETAILS = '{"section": "Incident", "version": 3, "changes": [{"key": "9", "row": "case", "operation": "update"}]}'


def prove(quick: bool, say: Callable[[str], None]) -> dict[str, object]:
    """Measure; AssertionError where a row waits longer than it should, or an open transaction delays an insert."""
    make_keys()
    with connections["owner"].cursor() as cursor:
        cursor.execute(_MAKE_PLAIN)
        cursor.execute(_NUMBERED)
    figures: dict[str, object] = {}
    for writers in WRITERS:
        figures |= _compare(writers, rounds=2 if quick else 21, seconds=1 if quick else 1.5, say=say)
    figures |= _lag(samples=5 if quick else 60, say=say)
    figures |= _open_transaction(seconds=5 if quick else 60, say=say)
    return figures


def _compare(writers: int, rounds: int, seconds: float, say: Callable[[str], None]) -> dict[str, object]:
    """Insert by turns into the plain table, the trail, and the trail with the sealer at work."""
    rates: dict[str, list[float]] = {"plain": [], "unsealed": [], "sealed": []}
    worst = dict.fromkeys(rates, 0.0)
    for turn in range(rounds):
        # Each goes first in turn.
        for kind in (*list(rates)[turn % 3 :], *list(rates)[: turn % 3]):
            while seal().has_more:
                pass
            sealer = _start_sealer() if kind == "sealed" else None
            try:
                rate, longest = _insert_all(PLAIN if kind == "plain" else TRAIL, writers, seconds)
            finally:
                _stop(sealer)
            rates[kind].append(rate)
            worst[kind] = max(worst[kind], longest)
    middle = {kind: statistics.median(found) for kind, found in rates.items()}

    def ratio(one: str, other: str) -> float:
        """Return the median of the turns' own ratios: what else goes on meets both of a turn."""
        pairs = zip(rates[one], rates[other], strict=True)
        return round(statistics.median(mine / theirs for mine, theirs in pairs), 3)

    name = f"{writers} writer{'s' if writers > 1 else ''}"
    found: dict[str, object] = {
        f"{name}: plain inserts a second": round(middle["plain"]),
        f"{name}: sealed inserts a second": round(middle["sealed"]),
        f"{name}: sealed to plain": ratio("sealed", "plain"),
        f"{name}: triggers alone to plain": ratio("unsealed", "plain"),
        f"{name}: sealer on to sealer off": ratio("sealed", "unsealed"),
        f"{name}: worst insert, sealed, ms": round(1000 * worst["sealed"], 1),
        f"{name}: worst insert, plain, ms": round(1000 * worst["plain"], 1),
    }
    say(", ".join(f"{key.partition(': ')[2]} {value}" for key, value in found.items()) + f" ({name})")
    return found


def _insert_all(table: str, writers: int, seconds: float) -> tuple[float, float]:
    """Let so many processes insert, each row in its own transaction; return rows a second and the longest insert."""
    connections.close_all()
    barrier = _FORK.Barrier(writers)
    with _FORK.Manager() as manager:
        done: Any = manager.list()
        work = [_FORK.Process(target=_insert, args=(table, seconds, barrier, done)) for _ in range(writers)]
        for each in work:
            each.start()
        for each in work:
            each.join()
        told = list(done)
    assert len(told) == writers, "a writer failed"
    return sum(count / took for count, took, _ in told), max(longest for _, _, longest in told)


def _insert(table: str, seconds: float, barrier: Any, done: Any) -> None:
    statement = _INSERT.format(table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        barrier.wait()
        began = before = time.perf_counter()
        count, longest = 0, 0.0
        while before - began < seconds:
            cursor.execute(statement, [_BODY, f"case:{count % 999:08d}", _DETAILS])
            now = time.perf_counter()
            count, longest, before = count + 1, max(longest, now - before), now
    done.append((count, before - began, longest))
    connections.close_all()


def _start_sealer() -> "subprocess.Popen[bytes]":
    """Start the sealer as it runs beside the service, and wait until it seals."""
    before = Path(settings.TRAIL_WITNESS_FILE).stat().st_size
    with connection.cursor() as cursor:
        cursor.execute(_INSERT.format(TRAIL), [_BODY, "case:7KQM2PXR", _DETAILS])
    command = [sys.executable, "manage.py", "seal_audit_trail"]
    sealer = subprocess.Popen(command, cwd=settings.BASE_DIR)
    until = time.monotonic() + 30
    while Path(settings.TRAIL_WITNESS_FILE).stat().st_size == before:
        assert time.monotonic() < until, "the sealer did not begin"
        time.sleep(0.02)
    return sealer


def _stop(sealer: "subprocess.Popen[bytes] | None") -> None:
    if sealer:
        sealer.terminate()
        assert sealer.wait(30) == 0, "the sealer failed"


def _lag(samples: int, say: Callable[[str], None]) -> dict[str, object]:
    """Measure from a row's commit to its checkpoint in the witness, at moments that are not the sealer's own."""
    sealer = _start_sealer()
    lags = []
    try:
        for sample in range(samples):
            time.sleep(0.37 + 0.11 * (sample % 7))
            before = Path(settings.TRAIL_WITNESS_FILE).stat().st_size
            with connection.cursor() as cursor:
                cursor.execute(_INSERT.format(TRAIL), [_BODY, "case:7KQM2PXR", _DETAILS])
            began = time.perf_counter()
            while Path(settings.TRAIL_WITNESS_FILE).stat().st_size == before:
                assert time.perf_counter() - began < 30, "a row was not sealed"
                time.sleep(0.005)
            lags.append(time.perf_counter() - began)
    finally:
        _stop(sealer)
    say(f"from commit to witness {statistics.median(lags):.2f} s, at most {max(lags):.2f} s")
    assert max(lags) < AIM_OF_LAG, f"a row waited {max(lags):.2f} s"
    return {"seal lag, median, s": round(statistics.median(lags), 2), "seal lag, worst, s": round(max(lags), 2)}


def _open_transaction(seconds: float, say: Callable[[str], None]) -> dict[str, object]:
    """Leave a transaction open that has a number, and insert meanwhile: rows wait for it in the log, nobody else does."""
    sealer = _start_sealer()
    times: list[float] = []
    try:
        with connections["owner"].cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_current_xact_id()")
            notes = len(list(read_notes(settings.TRAIL_WITNESS_FILE)))
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                began = time.perf_counter()
                with connection.cursor() as mine:
                    mine.execute(_INSERT.format(TRAIL), [_BODY, "case:7KQM2PXR", _DETAILS])
                times.append(time.perf_counter() - began)
                time.sleep(0.01)
            waiting = unsealed().count
            # One round may have taken its snapshot before.
            assert len(list(read_notes(settings.TRAIL_WITNESS_FILE))) <= notes + 1, "sealing did not wait"
            cursor.execute("COMMIT")
        ended = time.perf_counter()
        while unsealed().count:
            assert time.perf_counter() - ended < 30, "sealing did not go on"
            time.sleep(0.01)
        caught_up = time.perf_counter() - ended
    finally:
        _stop(sealer)
    worst = 1000 * max(times)
    say(
        f"a transaction open for {seconds} s: {waiting} rows waited, {caught_up:.2f} s after it; worst insert {worst:.0f} ms"
    )
    assert worst < 1000, "an insert waited"
    return {
        "open transaction, s": seconds,
        "open transaction: rows that waited to be sealed": waiting,
        "open transaction: sealed so many s after it ended": round(caught_up, 2),
        "open transaction: median insert, ms": round(1000 * statistics.median(times), 2),
        "open transaction: worst insert, ms": round(worst, 1),
    }
