"""Puts the parts of the log together, each checked by itself, and holds the whole to what checkpoints state."""

import gc
import signal
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path
from typing import TypeAlias

from django.db import connections

from cr_app.audit import replaying
from cr_app.audit.checkpoints import Statement, VerifierKey
from cr_app.audit.horizon import horizon_of
from cr_app.audit.tree import EMPTY_ROOT, Frontier
from cr_app.audit.verifying import stated
from cr_app.audit.verifying.parts import BLOCK, IDS, PART, Found, Task, check, subtree_problem
from cr_app.audit.verifying.reading import TABLES, Reader, reader
from cr_app.audit.verifying.reports import Kind, Problem, Problems, Report, Waiting
from cr_app.audit.verifying.stated import Checkpoints, Witnessed

Progress: TypeAlias = Callable[[int, int], None]

# Reading, hashing and the database's own work keep two processors busy; more connections than that take from officers.
PROCESSES = 2


def verify(
    *,
    using: str = "default",
    witness: Path | None,
    verifier: VerifierKey,
    against: Sequence[str] = (),
    progress: Progress | None = None,
    cases: bool = False,
    processes: int = PROCESSES,
) -> Report:
    """Check all that was committed and return what was found; nothing is changed, and memory does not grow with the log.

    `witness` is its file, None to do without; `against` are signed checkpoints kept elsewhere; `cases` replays each case.
    `progress` is told how many places of the log are checked, and of how many. Raises CannotVerify where the witness
    cannot be read and where `against` holds what this log's key has not signed, Django's errors where the database fails.
    """
    # Connections beside Django's own raise the driver's errors.
    with connections[using].wrap_database_errors:
        return _verify(using, witness, verifier, against, progress, cases=cases, processes=processes)


def _verify(
    using: str,
    witness: Path | None,
    verifier: VerifierKey,
    against: Sequence[str],
    progress: Progress | None,
    *,
    cases: bool,
    processes: int,
) -> Report:
    problems = Problems()
    kept = stated.open_kept(against, verifier)
    # In this order: what the witness has, the database had before; what the checkpoints cover, log and trail hold.
    notes = None if witness is None else stated.read_witness(witness)
    checkpoints = stated.read_checkpoints(using, verifier, problems)
    seen = stated.open_witness(notes or (), verifier, checkpoints, problems)
    horizon = _horizon(using, checkpoints, problems)
    size = checkpoints.size
    if checkpoints.count and not size:
        # No checkpoint is signed by the key: what the log holds can still be held to the witness.
        with reader(using) as opened:
            size = opened.count_of_leaves()
    sizes = {each.size for each in (*checkpoints.all, *seen.all)} | {each.size for each in kept}
    whole = _Whole(problems, size, sorted(each for each in sizes if each <= size))
    tasks = _tasks(using, whole, checkpoints.restarts)
    for found in _checked(tasks, using, horizon, processes):
        whole.take(found)
        if progress and not found.task.table:
            progress(found.task.end, size)
    with reader(using) as opened:
        whole.check_higher_subtrees(opened)
        _check_end(opened, problems)
    _check_checkpoints(whole, checkpoints)
    notices = _check_witness(whole, checkpoints, seen, is_there=notes is not None)
    _check_kept(whole, kept)
    replayed = replaying.check_all(problems_of_cases(problems)) if cases else None
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
        notices=notices,
    )


def problems_of_cases(problems: Problems) -> Callable[[str], None]:
    """Return what takes a sentence about a case whose rows say otherwise than its entries."""
    return lambda sentence: problems.add(Problem(Kind.CASE, sentence))


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
        for size, peaks in found.peaks.items():
            self.roots[size] = _root_of([*self._tree.peaks, *peaks])
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


def _root_of(peaks: Sequence[bytes]) -> bytes:
    """Return the root over perfect parts, largest first."""
    # So many parts make a tree of this size at the least, which is all that the sum needs.
    return Frontier((1 << len(peaks)) - 1, peaks).root()


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
    count = min(processes, cpu_count() or 1, len(tasks))
    if count < 2:
        with reader(using) as opened:
            for task in tasks:
                yield check(opened, task, horizon)
        return
    # Forked, so that they need not load the application anew; each has a connection of its own from the beginning.
    with get_context("fork").Pool(count, _begin, (using, horizon)) as pool:
        yield from pool.imap(_work, tasks)


# In a process of the pool, for as long as it lives.
_open = ExitStack()
_opened: list[tuple[Reader, int]] = []


def _begin(using: str, horizon: int) -> None:
    # What a task makes refers to nothing in circles; looking for circles in a batch's rows costs a tenth of the time.
    gc.disable()
    # The pool ends its processes by this signal; whoever forked them may have a handler that only takes note of it.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _opened.append((_open.enter_context(reader(using)), horizon))


def _work(task: Task) -> Found:
    ((opened, horizon),) = _opened
    return check(opened, task, horizon)


def _check_end(opened: Reader, problems: Problems) -> None:
    """Name leaves that no checkpoint covers; both are read at one moment."""
    query = (
        "SELECT (SELECT max(index) + 1 FROM audit_leaf),"
        " (SELECT size FROM audit_checkpoint ORDER BY epoch DESC, size DESC LIMIT 1)"
    )
    ((leaves, size),) = opened.rows(query)
    if (leaves or 0) > (size or 0):
        sentence = f"Places {size or 0} to {leaves - 1} of the log are covered by no checkpoint: one was removed, or never made."
        problems.add(Problem(Kind.CHECKPOINT, sentence, "leaf", None, size or 0))


def _check_checkpoints(whole: _Whole, checkpoints: Checkpoints) -> None:
    """Hold the roots that the database's checkpoints sign to the log's; name the first that differs, count the others."""
    wrong = sorted(stated.hold_to(whole.roots, checkpoints.all, whole.size), key=lambda each: each.size)
    if wrong:
        good = max((each.size for each in checkpoints.all if each.size < wrong[0].size), default=0)
        sentence = (
            f"Places {good} to {wrong[0].size - 1} of the log do not lead to the root that the checkpoint of size"
            f" {wrong[0].size} (epoch {wrong[0].epoch}) signs{_besides(len(wrong) - 1)}."
        )
        whole.problems.add(Problem(Kind.TREE, sentence, "checkpoint", None, good))


def _check_witness(whole: _Whole, checkpoints: Checkpoints, seen: Witnessed, *, is_there: bool) -> tuple[str, ...]:
    """Hold what the witness keeps to the log and to the database's checkpoints; return what is worth saying besides."""
    add = whole.problems.add
    if not is_there:
        return ("No witness was read: an older copy of everything would not be seen.",)
    if checkpoints.all and not seen.all:
        add(Problem(Kind.WITNESS, "The witness is empty or not there, though checkpoints were made.", "witness"))
        return ()
    lasts = checkpoints.last_of_epochs
    latest = checkpoints.latest
    lost = [each for each in seen.all if latest and each.epoch < latest.epoch and each.size > lasts.get(each.epoch, 0)]
    beyond = [each for each in seen.all if each.size > whole.size and each not in lost]
    if lost:
        most = max(lost, key=lambda each: each.size)
        sentence = (
            f"The witness has seen {most.size} rows in epoch {most.epoch}, of which this database holds"
            f" {lasts.get(most.epoch, 0)}: it was restored from an older copy, and what was sealed in between is lost."
        )
        add(Problem(Kind.RESTORED, sentence, "witness"))
    if beyond:
        most = max(beyond, key=lambda each: each.size)
        sentence = (
            f"The witness has seen {most.size} rows in the log, which has {whole.size}: its end was removed,"
            " or an older copy was put in its place."
        )
        add(Problem(Kind.WITNESS, sentence, "witness"))
    others = set(lost) | set(beyond)
    wrong = [each for each in stated.hold_to(whole.roots, seen.all, whole.size) if each not in others]
    if wrong:
        first = min(wrong, key=lambda each: each.size)
        sentence = (
            f"The witness has seen another log of {first.size} rows (epoch {first.epoch}): two were signed, this one is"
            f" not the one handed over{_besides(len(wrong) - 1)}."
        )
        add(Problem(Kind.WITNESS, sentence, "witness"))
    known = set(checkpoints.all)
    for place, each in seen.unknown:
        if each not in others and each not in wrong and each not in known:
            name = f"The checkpoint of size {each.size} (epoch {each.epoch}), note {place} of the witness"
            sentence = f"{name}, is not in the database any more."
            add(Problem(Kind.CHECKPOINT, sentence, "checkpoint"))
    return tuple(_check_handed_over(checkpoints, seen, whole.problems))


def _check_handed_over(checkpoints: Checkpoints, seen: Witnessed, problems: Problems) -> Iterable[str]:
    """Name checkpoints that the witness lacks, but for those after its last, which the sealer hands over next."""
    held = set(seen.all)
    missing = [each for each in checkpoints.all if each not in held]
    if not missing:
        return
    last = max((each.epoch, each.size) for each in seen.all)
    passed = [each for each in missing if (each.epoch, each.size) < last]
    for each in passed:
        sentence = (
            f"The witness lacks the checkpoint of size {each.size} (epoch {each.epoch}), though it has a later one."
        )
        problems.add(Problem(Kind.WITNESS, sentence, "witness"))
    if waiting := len(missing) - len(passed):
        are = "checkpoint is" if waiting == 1 else "checkpoints are"
        yield f"{waiting} {are} not handed to the witness yet; the sealer does so next."


def _check_kept(whole: _Whole, kept: Iterable[Statement]) -> None:
    """Hold the log to checkpoints kept elsewhere."""
    for each in kept:
        name = f"the checkpoint kept of {stated.in_words(each.made_at)}"
        if each.size > whole.size:
            sentence = f"The log has {whole.size} rows, but {name} {each.size}: its end was removed, or an older copy was put in its place."
        elif whole.roots[each.size] != each.root:
            sentence = f"The first {each.size} rows of the log are not those that {name} signs: the log was rewritten or forked."
        else:
            continue
        whole.problems.add(Problem(Kind.KEPT, sentence, "checkpoint"))


def _besides(count: int) -> str:
    return f" ({count} more differ likewise)" if count else ""
