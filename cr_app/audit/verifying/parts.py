"""Checks one part of the log: 65,536 places that begin where a subtree of that size does, and their rows.

A part can be checked by itself, in a process of its own: it hands back hashes with which the whole can be put together.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from operator import lt

from cr_app.audit.tree import Frontier
from cr_app.audit.verifying.reading import TABLES, LeafRow, Reader
from cr_app.audit.verifying.reports import Kind, Problem, Problems, named
from cr_app.audit.verifying.rows import RowChecker

BLOCK = 256
PART = BLOCK * BLOCK
# Rows in memory at a time: few, for they are looked at again and again while they are near the processor.
BATCH = 1_024
# Ids looked through at a time for rows that the log does not hold.
IDS = 65_536


@dataclass(frozen=True)
class Task:
    """What to check: the places from `start` to `end`, or the ids of a table; `sizes` are those whose roots are wanted."""

    start: int
    end: int
    table: str = ""
    sizes: tuple[int, ...] = ()
    restarts: frozenset[int] = frozenset()


@dataclass
class Found:
    """What one task found; `roots` are those over the leaves of this part alone, by the wanted sizes."""

    task: Task
    problems: Problems
    rows: int = 0
    personal: int = 0
    erased: int = 0
    whole: bytes | None = None
    roots: dict[int, bytes] = field(default_factory=dict)
    unsealed: int = 0
    oldest: datetime | None = None


def check(reader: Reader, task: Task, horizon: int) -> Found:
    """Do one task; rows of transactions before `horizon` must be in the log."""
    checker = RowChecker(reader)
    found = Found(task, checker.problems)
    if task.table:
        _check_ids(reader, checker, task, horizon, found)
    else:
        _check_places(reader, checker, task, found)
    found.rows, found.personal, found.erased = checker.rows, checker.personal, checker.erased
    return found


def _check_places(reader: Reader, checker: RowChecker, task: Task, found: Found) -> None:
    """Read the leaves of a part in batches, check their rows, and put the part's tree together."""
    part = Frontier()
    last: LeafRow | None = None
    roots = reader.subtrees(1, task.start // BLOCK, -(-task.end // BLOCK))
    for start in range(task.start, task.end, BATCH):
        end = min(start + BATCH, task.end)
        leaves = reader.leaves(start, end)
        for table in TABLES:
            name = table.encode()
            if of_table := {leaf[2]: leaf for leaf in leaves if leaf[1] == name}:
                checker.check_sealed(table, of_table)
        _check_order(leaves if last is None else [last, *leaves], task.restarts, found.problems)
        last = leaves[-1] if leaves else last
        hashes = [leaf[4] for leaf in leaves]
        if [leaf[0] for leaf in leaves] != list(range(start, end)):
            hashes = _with_gaps(leaves, start, end, found.problems)
        for first in range(0, end - start, BLOCK):
            _add_block(part, hashes[first : first + BLOCK], start + first, task, found, roots)
    if task.end - task.start == PART:
        found.whole = part.root()
        place = task.start // PART
        if reader.subtrees(2, place, place + 1).get(place) != found.whole:
            found.problems.add(subtree_problem(2, place, PART))


def _add_block(
    part: Frontier, block: Sequence[bytes], first: int, task: Task, found: Found, roots: Mapping[int, bytes]
) -> None:
    """Add up to 256 leaves to the part's tree, noting its parts at each wanted size, and check the subtree kept of them."""
    end = first + len(block)
    wanted = task.sizes[bisect_right(task.sizes, first) : bisect_right(task.sizes, end)]
    inner = {size for size in wanted if size < end or len(block) < BLOCK}
    if inner or len(block) < BLOCK:
        growing = Frontier()
        for place, leaf in enumerate(block, first + 1):
            growing.append(leaf)
            if place in inner:
                found.roots[place] = root_over([*part.peaks, *growing.peaks])
    if len(block) < BLOCK:
        return
    level = block
    while len(level) > 1:
        # Written out as tree.node_hash has it: a call for each pair would take as long as its hash.
        level = [sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=True)]
    part.add_part(level[0], BLOCK)
    if end in wanted:
        found.roots[end] = part.root()
    if roots.get(first // BLOCK) != level[0]:
        found.problems.add(subtree_problem(1, first // BLOCK, BLOCK))


def root_over(peaks: Sequence[bytes]) -> bytes:
    """Return the root over perfect parts, largest first; of them the last ones may be put together already."""
    # So many parts make a tree of this size at the least, which is all that the sum needs.
    return Frontier((1 << len(peaks)) - 1, peaks).root()


def subtree_problem(level: int, index: int, leaves: int) -> Problem:
    """Return the problem that a subtree kept for proofs is not that of its leaves."""
    first = index * leaves
    return Problem(
        Kind.TREE,
        f"Subtree {index} of level {level} is not that of places {first} to {first + leaves - 1} of the log.",
        "subtree",
        None,
        first,
    )


def _with_gaps(leaves: Sequence[LeafRow], start: int, end: int, problems: Problems) -> list[bytes]:
    """Return the hashes at these places, nothing where there is no leaf; name such places, and those with several."""
    hashes = [b""] * (end - start)
    expected = start
    for leaf in leaves:
        hashes[leaf[0] - start] = leaf[4]
    for index in [*(leaf[0] for leaf in leaves), end]:
        if index > expected:
            places = f"Place {expected}" if index == expected + 1 else f"Places {expected} to {index - 1}"
            verb = "is" if index == expected + 1 else "are"
            problems.add(Problem(Kind.GAP, f"{places} of the log {verb} not there any more.", "leaf", None, expected))
        elif index < expected and index < end:
            sentence = f"Place {index} of the log is there more than once."
            problems.add(Problem(Kind.ORDER, sentence, "leaf", None, index))
        expected = index + 1
    return hashes


def _check_order(leaves: Sequence[LeafRow], restarts: frozenset[int], problems: Problems) -> None:
    """Name rows that stand before one of an earlier transaction, or twice; after a restore the order begins anew."""
    keys = [(transaction_id, table, row_id) for _, table, row_id, transaction_id, _ in leaves]
    if all(map(lt, keys, keys[1:])):
        return
    for (place, table, row_id, _, _), key, before in zip(leaves[1:], keys[1:], keys, strict=False):
        if key <= before and place not in restarts:
            name = named(table.decode(), row_id, place)
            sentence = f"{name}: it does not stand where the order of transactions has it."
            problems.add(Problem(Kind.ORDER, sentence, table.decode(), row_id, place))


def _check_ids(reader: Reader, checker: RowChecker, task: Task, horizon: int, found: Found) -> None:
    """Find the rows of a table that the log does not hold: those that it should are named, the others are checked."""
    waiting: list[int] = []
    rows = reader.without_leaf(task.table, task.start, task.end)
    # In the log's own database, where transactions are counted on.
    end = reader.next_transaction() if rows and horizon else None
    for row_id, transaction_id in rows:
        if transaction_id < horizon:
            what = "it is not in the log, though its transaction ended before the log was last sealed; it was put in afterwards"
        elif end is not None and transaction_id >= end:
            what = f"it is not in the log, and names a transaction ({transaction_id}) that has not begun; it was put in"
        else:
            waiting.append(row_id)
            continue
        found.problems.add(Problem(Kind.INSERTED, f"{named(task.table, row_id)}: {what}.", task.table, row_id))
    found.unsealed = len(waiting)
    for first in range(0, len(waiting), BATCH):
        checker.check_unsealed(task.table, waiting[first : first + BATCH])
    if waiting:
        found.oldest = reader.oldest(task.table, waiting)
