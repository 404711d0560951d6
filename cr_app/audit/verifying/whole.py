"""Puts the parts of the log together, each checked by itself, and holds the whole to what checkpoints state."""

import gc
import os
import signal
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import TypeAlias

from django.conf import settings
from django.db import connections

from cr_app.audit import replaying
from cr_app.audit.checkpoints import VerifierKey
from cr_app.audit.horizon import horizon_of
from cr_app.audit.tree import EMPTY_ROOT, Frontier
from cr_app.audit.verifying import holding, restores, stated, telling
from cr_app.audit.verifying.parts import BLOCK, IDS, PART, Found, Task, check, root_over, subtree_problem
from cr_app.audit.verifying.reading import TABLES, Reader, reader
from cr_app.audit.verifying.reports import PROBLEMS_KEPT, Kind, Problem, Problems, Report, Waiting, named
from cr_app.audit.verifying.stated import CannotVerify, Checkpoints

Progress: TypeAlias = Callable[[int, int], None]

# Reading, hashing and the database's own work keep two processors busy; more connections than that take from officers.
PROCESSES = 2


def verify(
    *,
    using: str = "default",
    witness: Path | None,
    verifier: VerifierKey,
    against: Sequence[str] = (),
    known_restores: Collection[int] = (),
    progress: Progress | None = None,
    cases: bool = False,
    processes: int = PROCESSES,
) -> Report:
    """Check all that was committed and return what was found; nothing is changed, and memory does not grow with the log.

    `witness` is its file, None to do without; `against` are signed checkpoints kept elsewhere; `cases` replays each case.
    What restores lost is no problem where the epochs that they began are `known_restores`. `progress` is told how many
    places of the log are checked, and of how many. Raises CannotVerify where the witness cannot be read, where `against`
    holds what this log's key has not signed and where a process that checks is killed, Django's errors where the database
    fails.
    """
    # Connections beside Django's own raise the driver's errors.
    with connections[using].wrap_database_errors:
        return _verify(
            using, witness, verifier, against, known_restores, progress, with_cases=cases, processes=processes
        )


def _verify(
    using: str,
    witness: Path | None,
    verifier: VerifierKey,
    against: Sequence[str],
    known_restores: Collection[int],
    progress: Progress | None,
    *,
    with_cases: bool,
    processes: int,
) -> Report:
    problems = Problems()
    notices: list[str] = []
    began = datetime.now(UTC)
    kept = stated.open_kept(against, verifier)
    checkpoints = stated.read_checkpoints(using, verifier, problems)
    seen = stated.Witnessed()
    if witness is not None:
        seen = stated.read_witness(witness, verifier, checkpoints, using, problems)
    horizon = _horizon(using, checkpoints, problems)
    size = checkpoints.size
    if checkpoints.count and not size:
        # No checkpoint is signed by the key: what the log holds can still be held to the witness.
        with reader(using) as opened:
            size = opened.count_of_leaves()
    sizes = {each.size for each in (*checkpoints.all, *seen.all)} | {each.size for each in kept}
    whole = _Whole(problems, size, sorted(each for each in sizes if each <= size))
    tasks = _tasks(using, whole, checkpoints.breaks)
    for found in _checked(tasks, using, horizon, processes):
        whole.take(found)
        if progress and not found.task.table:
            progress(found.task.end, size)
    with reader(using) as opened:
        whole.check_higher_subtrees(opened)
        _check_end(opened, problems)
        _check_values(opened, whole.erased, problems)
        notices += restores.check(opened, checkpoints.restarts, problems)
        problems.kept = list(telling.told(opened, problems.kept, partial(checkpoints.sealed_at, using)))
    _check_late(whole.oldest, began, problems)
    holding.check_checkpoints(whole.roots, size, checkpoints, problems)
    if witness is None:
        notices.append("No witness was read: an older copy of everything would not be seen.")
    else:
        notices += holding.check_witness(whole.roots, size, checkpoints, seen, problems, known_restores)
    holding.check_kept(whole.roots, size, kept, problems)
    replayed = replaying.check_all(problems_of_cases(problems)) if with_cases else None
    if replayed and replayed.kept:
        notices.append(_still_held(replayed))
    latest = checkpoints.latest
    return Report(
        size=size,
        root=whole.roots.get(size, EMPTY_ROOT),
        epoch=latest.epoch if latest else 0,
        checkpoints=checkpoints.count,
        sealed_at=latest.made_at if latest else None,
        witnessed=len(seen.all),
        unsealed=Waiting(whole.unsealed, whole.oldest),
        rows=whole.rows,
        personal=whole.personal,
        erased=whole.erased,
        cases=replayed.records if replayed else None,
        erased_in_cases=replayed.erased if replayed else 0,
        problems=tuple(problems.kept),
        problem_count=problems.count,
        notices=tuple(notices),
    )


def problems_of_cases(problems: Problems) -> Callable[[str, str], None]:
    """Return what takes a case and a sentence about it, whose rows say otherwise than its entries."""
    return lambda subject, sentence: problems.add(Problem(Kind.CASE, sentence, subject=subject))


def _still_held(replayed: replaying.Replayed) -> str:
    """Say that values stand in cases though the trail has them no more, so that nobody can tell whether they changed."""
    cases = "One case holds" if replayed.holding == 1 else f"{replayed.holding:,} cases hold"
    return f"{cases} {replayed.kept:,} values that were erased from the trail: whether they changed, nobody can tell."


@dataclass
class _Whole:
    """The tree as its parts come in, in their order, and the sums of what they found."""

    problems: Problems
    size: int
    sizes: list[int]
    roots: dict[int, bytes] = field(default_factory=lambda: {0: EMPTY_ROOT})
    rows: int = 0
    personal: int = 0
    erased: int = 0
    unsealed: int = 0
    oldest: datetime | None = None
    _tree: Frontier = field(default_factory=Frontier)
    _parts: list[bytes] = field(default_factory=list)

    def take(self, found: Found) -> None:
        """Add what a task found; the roots of its part stand on all parts before it."""
        self.problems.add_all(found.problems.kept, found.problems.count)
        self.rows += found.rows
        self.personal += found.personal
        self.erased += found.erased
        self.unsealed += found.unsealed
        self.oldest = min((each for each in (self.oldest, found.oldest) if each), default=None)
        for size, root in found.roots.items():
            self.roots[size] = root_over([*self._tree.peaks, root])
        if found.whole is not None:
            self._tree.add_part(found.whole, PART)
            self._parts.append(found.whole)
            if found.task.end in found.task.sizes:
                self.roots[found.task.end] = self._tree.root()

    def wanted(self, start: int, end: int) -> tuple[int, ...]:
        """Return the sizes that end in a part, for which its root is wanted."""
        return tuple(self.sizes[bisect_right(self.sizes, start) : bisect_left(self.sizes, end + 1)])

    def check_higher_subtrees(self, opened: Reader) -> None:
        """Hold the subtrees of many parts, and the number of all that are kept, to the tree."""
        level, roots, leaves = 3, self._parts, PART * BLOCK
        while len(roots) >= BLOCK:
            above: list[bytes] = []
            for first in range(0, len(roots) - BLOCK + 1, BLOCK):
                block = Frontier()
                for root in roots[first : first + BLOCK]:
                    block.append(root)
                above.append(block.root())
            known = opened.subtrees(level, 0, len(above))
            for index, root in enumerate(above):
                if known.get(index) != root:
                    self.problems.add(subtree_problem(level, index, leaves))
            level, roots, leaves = level + 1, above, leaves * BLOCK


def _horizon(using: str, checkpoints: Checkpoints, problems: Problems) -> int:
    """Return the transaction before which every row must be in the log; 0 where the database is not that of the log."""
    latest = checkpoints.latest
    if latest is None:
        return 0
    with connections[using].cursor() as cursor:
        here = horizon_of(cursor, latest.horizon)
    if here.database == latest.database and here.next >= latest.horizon:
        return latest.horizon
    sentence = (
        "The log was last sealed in another database than this, or in a later state of it: a copy was put in its place."
        " After a restore, seal_audit_trail --after-restore goes on from there."
    )
    problems.add(Problem(Kind.RESTORED, sentence))
    return 0


def _tasks(using: str, whole: _Whole, restarts: frozenset[int]) -> list[Task]:
    """Divide the work: the places of the log in parts, then the ids of each table."""
    tasks = []
    for start in range(0, whole.size, PART):
        end = min(start + PART, whole.size)
        tasks.append(Task(start, end, "", whole.wanted(start, end), restarts))
    with reader(using) as opened:
        tasks += [Task(start, start + IDS, table) for table in TABLES for start in opened.stretches(table, IDS)]
    return tasks


def _checked(tasks: Sequence[Task], using: str, horizon: int, processes: int) -> Iterator[Found]:
    """Do the tasks, in processes of their own where there are several, and yield what each found in their order."""
    count = min(processes, os.cpu_count() or 1, len(tasks))
    if count < 2:
        with reader(using) as opened:
            for task in tasks:
                yield check(opened, task, horizon)
        return
    # Forked, so that they need not load the application anew; each has a connection of its own.
    with ProcessPoolExecutor(count, get_context("fork"), _begin, (using, horizon)) as pool:
        try:
            yield from pool.map(_work, tasks)
        except BrokenProcessPool:
            raise CannotVerify(
                "A process that was checking rows was killed before it was done: is there too little memory?"
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


# In a process of the pool, for as long as it lives.
_open = ExitStack()
_opened: list[tuple[Reader, int]] = []
_how: list[tuple[str, int]] = []


def _begin(using: str, horizon: int) -> None:
    # What a task makes refers to nothing in circles; looking for circles in a batch's rows costs a tenth of the time.
    gc.disable()
    # Whoever forked the process may have handlers that only take note. Ctrl-C is for that one, which ends this one.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _how[:] = [(using, horizon)]
    _opened.clear()


def _end_with_parent() -> None:
    """End this process when the one that forked it is gone, which may have been killed."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(task: Task) -> Found:
    if not _opened:
        ((using, horizon),) = _how
        with connections[using].wrap_database_errors:
            _opened.append((_open.enter_context(reader(using)), horizon))
    ((opened, horizon),) = _opened
    return check(opened, task, horizon)


def _check_end(opened: Reader, problems: Problems) -> None:
    """Name leaves that no checkpoint covers, the last ones and those before the first place; both are read at one moment."""
    query = (
        "SELECT (SELECT max(index) + 1 FROM audit_leaf),"
        " (SELECT size FROM audit_checkpoint ORDER BY epoch DESC, size DESC LIMIT 1)"
    )
    ((leaves, size),) = opened.rows(query)
    if (leaves or 0) > (size or 0):
        sentence = f"Places {size or 0} to {leaves - 1} of the log are covered by no checkpoint: one was removed, or never made."
        problems.add(Problem(Kind.CHECKPOINT, sentence, "leaf", None, size or 0))
    query = 'SELECT index, "table", row_id FROM audit_leaf WHERE index < 0 ORDER BY index DESC LIMIT %s'
    for index, table, row_id in opened.rows(query, PROBLEMS_KEPT):
        name = named(table.decode(), row_id, index)
        sentence = f"{name}: the log has no such place, its leaf was put there so that the row seems sealed."
        problems.add(Problem(Kind.INSERTED, sentence, table.decode(), row_id, index))


def _check_values(opened: Reader, missing: int, problems: Problems) -> None:
    """Hold the number of personal values that are not kept to that of those whose erasure the trail tells of."""
    # Read after the rows: whoever erases says so in the same transaction.
    query = (
        "SELECT coalesce(sum(CASE jsonb_typeof(details->'values') WHEN 'number' THEN (details->>'values')::numeric END), 0)"
        " FROM audit_entry WHERE event = 'trail.values_erased' AND outcome = 'done'"
    )
    told = int(opened.rows(query)[0][0])
    if missing > told:
        sentence = (
            f"{missing - told:,} personal values are missing that no erasure accounts for: {missing:,} are not kept, and"
            f" the trail tells of {told:,} that were erased."
        )
        problems.add(Problem(Kind.MISSING, sentence))


def _check_late(oldest: datetime | None, began: datetime, problems: Problems) -> None:
    """Say so where a row had waited for too long to be sealed when the check began."""
    if oldest is not None and began - oldest > timedelta(seconds=settings.TRAIL_LATE_SECONDS):
        sentence = (
            f"Rows have waited to be sealed since {stated.in_words(oldest)}, which is too long: the sealer does not run,"
            " or something holds it up."
        )
        problems.add(Problem(Kind.LATE, sentence))
