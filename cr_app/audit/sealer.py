"""Seals the trail: numbers what was committed without gaps, extends the tree, signs a checkpoint, hands it to the witness.

One round is one transaction of the sealer's own role; what is killed at any moment is undone, or done and handed over by
the next. Nothing it keeps ever changes: where it stands is what its last checkpoint says. Officers never wait for it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Q, QuerySet
from psycopg import Connection

from cr_app.audit import horizon
from cr_app.audit.checkpoints import ALGORITHM, NotSigned, SigningKey, Statement, open_note, statement_text
from cr_app.audit.growing import GrowingTree, Grown, Incomplete
from cr_app.audit.keys import signing_key
from cr_app.audit.models import Checkpoint, Leaf, Subtree
from cr_app.audit.proofs import LogDamaged, SealedTree
from cr_app.audit.tree import EMPTY_ROOT, leaf_bytes, leaf_hash
from cr_app.audit.witness import Contradiction, Seen, Witness
from cr_app.database.grants import GRANTS_OF_COMMANDS
from cr_app.database.privileges import excess_privileges, lacking_privileges

ALIAS = "sealer"
# Any number will do; two sealers of one database find each other by it.
SEALING_LOCK = 5_290_419
ROWS_A_ROUND = 20_000
_ROWS_AT_ONCE = 4_000
_FIRST_EPOCH = 1
_STOPS = "Sealing stops: see what verify_audit_trail says."
_BEGIN = """
    SELECT pg_try_advisory_xact_lock(%s),
        set_config('synchronous_commit', replace(current_setting('synchronous_commit'), 'off', 'on'), true),
        set_config('enable_seqscan', %s, true)
"""


class CannotSeal(Exception):
    """Sealing cannot go on before somebody has looked; the sentence says at what."""


@dataclass(frozen=True)
class Sealed:
    """What a round did: how many rows it added, how large the log is now, and what could not be taken.

    `waiting_since`: when the oldest row was written that an open transaction keeps back. `has_more`: the next round has
    work. `is_busy`: another sealer is at work. `has_met_again`: a row with a leaf came once more, as of another transaction.
    """

    added: int
    size: int
    waiting_since: datetime | None = None
    has_more: bool = False
    is_busy: bool = False
    has_met_again: bool = False


@dataclass(frozen=True)
class Unsealed:
    """How many rows of the trail are not in the log yet, and when the oldest of them was written."""

    count: int
    oldest_at: datetime | None

    def is_late(self, now: datetime) -> bool:
        """Tell whether sealing is so far behind that somebody should look."""
        return self.oldest_at is not None and now - self.oldest_at > timedelta(seconds=settings.TRAIL_LATE_SECONDS)


def check_role() -> None:
    """Raise CannotSeal unless the sealer's connection is there, and its role may do what sealing takes and nothing else."""
    if ALIAS not in connections:
        raise CannotSeal("Sealing has a database role of its own: set DATABASE_SEALER_URL to it.")
    grants = GRANTS_OF_COMMANDS[ALIAS]
    connection = connections[ALIAS]
    for wrong in (excess_privileges(connection, grants), lacking_privileges(connection, grants)):
        if wrong:
            more = f" And {len(wrong) - 1} more." if len(wrong) > 1 else ""
            raise CannotSeal(f"DATABASE_SEALER_URL does not name the role that seals. {wrong[0]}{more}")


def seal(limit: int = ROWS_A_ROUND, *, after_restore: bool = False, new_witness: bool = False) -> Sealed:
    """Seal about `limit` rows of whole transactions, and hand the checkpoint to the witness; nothing where nothing waits.

    `after_restore` begins a new epoch on a database that was restored, and seals whatever has no leaf. `new_witness`
    gives a witness that has lost checkpoints all that it lacks. Raises CannotSeal where log, database and witness do
    not go together, NoKey and CannotWitness, each before anything is sealed.
    """
    key, witness = signing_key(), Witness(settings.TRAIL_WITNESS_FILE)
    if not witness.is_there():
        _make(witness, is_wanted=new_witness)
    witness.must_be_writable()
    wishes = _Wishes(limit, after_restore=after_restore, new_witness=new_witness)
    while (sealed := _sealed_or_behind(key, witness, wishes)) is None:
        # Outside of the round's transaction, since there can be much to hand over.
        hand_over(witness, key)
        wishes = replace(wishes, new_witness=False)
    if sealed.added or after_restore:
        hand_over(witness, key)
    return sealed


def _make(witness: Witness, *, is_wanted: bool) -> None:
    """Make the witness of a log that begins, or on demand; raise CannotSeal where it was there before."""
    last = _last_checkpoint()
    if last and not is_wanted:
        raise CannotSeal(_lost_by_witness(witness, last, None))
    witness.make()


def _lost_by_witness(witness: Witness, last: Checkpoint, seen: Seen | None) -> str:
    seen_rows = seen.statement.size if seen else 0
    return (
        f"The log has {last.size} rows, but the witness {witness.path} has only {seen_rows}: it is gone, or its end is."
        " Put it back. If it is lost, hold the log to a checkpoint kept elsewhere (verify_audit_trail --against),"
        " then run seal_audit_trail --new-witness once."
    )


def _sealed_or_behind(key: SigningKey, witness: Witness, wishes: "_Wishes") -> Sealed | None:
    try:
        return _seal(key, witness, wishes)
    except IntegrityError:
        # Somebody has given a row another transaction. It has its leaf, and verifying names it; the others get theirs.
        sealed = _seal(key, witness, replace(wishes, is_careful=True))
        return replace(sealed, has_met_again=True) if sealed else None


def _seal(key: SigningKey, witness: Witness, wishes: "_Wishes") -> Sealed | None:
    """Seal one round; None where the witness has to be given checkpoints first."""
    with transaction.atomic(using=ALIAS, durable=True), connections[ALIAS].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        # A table that was filled but not analysed yet misleads the planner into reading all of it.
        cursor.execute(_BEGIN, [SEALING_LOCK, "on" if wishes.after_restore else "off"])
        if not cursor.fetchone()[0]:
            return Sealed(0, _size_of(_last_checkpoint()), is_busy=True)
        return _Round(cursor, key, witness, wishes).run()


def unsealed(using: str = "default") -> Unsealed:
    """Return what is not sealed, as any role finds it that may read trail and log."""
    last = _last_checkpoint(using)
    with connections[using].cursor() as cursor:
        return Unsealed(
            *horizon.beyond(cursor, last.horizon if last else 0, is_first=not last or last.epoch == _FIRST_EPOCH)
        )


def hand_over(witness: Witness, key: SigningKey) -> int:
    """Give the witness every checkpoint that is later than its last, and return how many; raise what `Witness` does."""
    notes = _later_than(witness.last(key.verifier)).values_list("note", flat=True).iterator(chunk_size=1000)
    try:
        return witness.accept_all(notes, key.verifier, SealedTree(ALIAS).consistency)
    except NotSigned as error:
        raise CannotSeal(f"A checkpoint of the log is not signed by its key. {error}") from None
    except (Contradiction, LogDamaged) as error:
        raise CannotSeal(f"{error} {_STOPS}") from None


@dataclass(frozen=True)
class _Wishes:
    """What a round is to do, and whether rows in its reach may have leaves already."""

    limit: int
    after_restore: bool
    new_witness: bool
    is_careful: bool = False


class _Round:
    """One round, within its transaction."""

    def __init__(self, cursor: CursorWrapper, key: SigningKey, witness: Witness, wishes: _Wishes) -> None:
        self.cursor = cursor
        self.key = key
        self.witness = witness
        self.wishes = wishes
        self.last = _last_checkpoint()
        self.stated = _stated(self.last, key)
        self.epoch = self.last.epoch if self.last else _FIRST_EPOCH
        # Numbers of a former database come again after a restore, so rows may stand in the log already.
        self.is_first = self.epoch == _FIRST_EPOCH and not wishes.is_careful

    @property
    def settled(self) -> int:
        """Return the number below which the log has everything."""
        return self.last.horizon if self.last else 0

    def run(self) -> Sealed | None:
        """Seal what can be sealed; None where the witness has to be given checkpoints first."""
        size = _size_of(self.last)
        seen = self.witness.last(self.key.verifier)
        self._check_witness_is_whole(seen)
        found = horizon.horizon_of(self.cursor, 0 if self.wishes.after_restore else self.settled)
        is_ahead = self._check_place(found, seen)
        if not is_ahead and self.stated != (seen.statement if seen else None):
            return None
        if self.wishes.after_restore:
            added = self._extend(horizon.rows_without_leaf(self._raw()), found, found.end)
            return Sealed(added, size + added)
        end = horizon.cut(self.cursor, self.settled, found.end, self.wishes.limit, is_first=self.is_first)
        added = 0
        if end is not None:
            rows = horizon.rows_between(self._raw(), self.settled, end, is_first=self.is_first)
            added = self._extend(rows, found, end)
        waiting_since = horizon.oldest_beyond(self.cursor, found.end) if found.open else None
        return Sealed(added, size + added, waiting_since, has_more=end is not None and end < found.end)

    def _check_witness_is_whole(self, seen: Seen | None) -> None:
        """Refuse to write again what the witness had, unless told to.

        A round begins when the witness has everything and adds one checkpoint, so a kill explains that one is missing.
        """
        is_whole = _later_than(seen)[:2].count() < 2
        if self.wishes.new_witness and is_whole:
            raise CannotSeal("The witness has what the log has. Leave --new-witness out.")
        if self.last and not is_whole and not self.wishes.new_witness:
            raise CannotSeal(_lost_by_witness(self.witness, self.last, seen))

    def _check_place(self, found: horizon.Horizon, seen: Seen | None) -> bool:
        """Refuse to go on where another database, an older one, or another log stands where the last round left off.

        Return whether the witness has seen more than the log holds, as it may after a restore.
        """
        moved = _reason_of_move(self.last, found)
        ahead = self._reason_of_witness(seen)
        if self.wishes.after_restore:
            if not moved and not ahead:
                raise CannotSeal(
                    "Nothing was restored: log, database and witness go together. Leave --after-restore out."
                )
            self.epoch = max(self.epoch, seen.statement.epoch if seen else 0) + 1
        elif moved or ahead:
            raise CannotSeal(
                f"{moved or ahead} If a backup was restored, run seal_audit_trail --after-restore once; "
                "if none was, find out who changed the database."
            )
        return bool(ahead)

    def _reason_of_witness(self, seen: Seen | None) -> str:
        """Say how the witness has seen more than the log holds; raise CannotSeal where it has seen something else."""
        if seen is None or seen.statement == self.stated:
            return ""
        said = seen.statement
        if self.last is None or (said.epoch, said.size) > (self.last.epoch, self.last.size):
            return f"The witness has seen {said.size} rows in epoch {said.epoch}, the log holds {_size_of(self.last)}."
        held = Checkpoint.objects.using(ALIAS).filter(epoch=said.epoch, size=said.size).first()
        if _stated(held, self.key) != said:
            raise CannotSeal(
                f"The witness has seen a checkpoint of size {said.size} that is not this log's: the log was forked. {_STOPS}"
            )
        return ""

    def _raw(self) -> "Connection[Any]":
        raw: Connection[Any] = connections[ALIAS].connection
        return raw

    def _extend(self, rows: Iterable[horizon.Row], found: horizon.Horizon, end: int) -> int:
        """Add leaves and subtrees for the rows that have none, and a checkpoint that says so; return how many."""
        tree = _tree_of(self.last)
        before = tree.size
        remaining = iter(rows)
        # The driver's own errors come out of its cursors.
        with connections[ALIAS].wrap_database_errors:
            while chunk := list(islice(remaining, _ROWS_AT_ONCE)):
                self._add(tree, chunk)
        if tree.size > before or self.wishes.after_restore:
            self._sign(tree, found.database, end)
        return tree.size - before

    def _add(self, tree: GrowingTree, rows: list[horizon.Row]) -> None:
        grown: list[Grown] = []
        with self._raw().cursor() as cursor:
            with cursor.copy('COPY audit_leaf (index, "table", row_id, transaction_id, hash) FROM STDIN') as leaves:
                for row in rows:
                    leaf = leaf_hash(leaf_bytes(row.table, row.id, row.transaction_id, row.body))
                    leaves.write_row((tree.size, row.table, row.id, row.transaction_id, leaf))
                    grown += tree.append(leaf)
            if grown:
                with cursor.copy("COPY audit_subtree (level, index, root) FROM STDIN") as subtrees:
                    for each in grown:
                        subtrees.write_row((each.level, each.index, each.root))

    def _sign(self, tree: GrowingTree, database: str, end: int) -> None:
        root, made_at = tree.root(), datetime.now(UTC)
        text = statement_text(Statement(self.key.name, tree.size, root, self.epoch, made_at, end, database))
        Checkpoint.objects.using(ALIAS).create(
            epoch=self.epoch,
            size=tree.size,
            root=root,
            made_at=made_at,
            origin=self.key.name,
            algorithm=ALGORITHM,
            key_id=self.key.key_id,
            horizon=end,
            database=database,
            note=self.key.sign(text),
        )


def _last_checkpoint(using: str = ALIAS) -> Checkpoint | None:
    return Checkpoint.objects.using(using).order_by("-epoch", "-size").first()


def _stated(checkpoint: Checkpoint | None, key: SigningKey) -> Statement | None:
    """Return what a checkpoint's note states; raise CannotSeal unless the key signed it, and its columns say the same."""
    if checkpoint is None:
        return None
    try:
        said = open_note(checkpoint.note, key.verifier)
    except NotSigned as error:
        raise CannotSeal(f"A checkpoint of the log is not signed by its key. {error} {_STOPS}") from None
    held = (checkpoint.epoch, checkpoint.size, bytes(checkpoint.root), checkpoint.horizon, checkpoint.database)
    if held != (said.epoch, said.size, said.root, said.horizon, said.database):
        raise CannotSeal(
            f"The columns of the log's checkpoint of size {said.size} are not what its note signs: somebody has changed"
            f" the database. {_STOPS}"
        )
    return said


def _size_of(checkpoint: Checkpoint | None) -> int:
    return checkpoint.size if checkpoint else 0


def _later_than(seen: Seen | None) -> "QuerySet[Checkpoint]":
    checkpoints = Checkpoint.objects.using(ALIAS).order_by("epoch", "size")
    if not seen:
        return checkpoints
    said = seen.statement
    return checkpoints.filter(Q(epoch__gt=said.epoch) | Q(epoch=said.epoch, size__gt=said.size))


def _reason_of_move(last: Checkpoint | None, found: horizon.Horizon) -> str:
    """Say why the last round cannot have been on this database; nothing where it can."""
    if last and last.database != found.database:
        return "The log was last sealed on another database server, or in another database."
    if last and found.next < last.horizon:
        return "The database counts transactions from further back than the log has them."
    return ""


def _tree_of(last: Checkpoint | None) -> GrowingTree:
    """Return the tree of the last checkpoint from what is stored; raise CannotSeal where that leads to another root."""
    try:
        tree = GrowingTree.restored(_size_of(last), _hashes)
    except Incomplete as error:
        raise CannotSeal(f"{error} {_STOPS}") from None
    if tree.root() != (bytes(last.root) if last else EMPTY_ROOT):
        raise CannotSeal(f"The log does not lead to its last checkpoint. {_STOPS}")
    return tree


def _hashes(level: int, first: int, end: int) -> list[bytes]:
    rows: Iterator[tuple[int, bytes | memoryview]]
    between = {"index__gte": first, "index__lt": end}
    if level:
        subtrees = Subtree.objects.using(ALIAS).filter(level=level, **between)
        rows = iter(subtrees.order_by("index").values_list("index", "root"))
    else:
        rows = iter(Leaf.objects.using(ALIAS).filter(**between).order_by("index").values_list("index", "hash"))
    return [bytes(value) for _, value in rows]
