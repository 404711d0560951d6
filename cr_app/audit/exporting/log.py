"""The sealed log as an export is proved from it: the latest checkpoint, its tree, and the rows behind the leaves."""

import base64
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cr_app.audit.bodies import time_text
from cr_app.audit.canonical import JSON
from cr_app.audit.checkpoints import NotSigned, VerifierKey, open_note
from cr_app.audit.exporting.files import CannotExport, Moment
from cr_app.audit.keys import NoKey, verifier_key
from cr_app.audit.models import Access, AccessPersonal, Checkpoint, Entry, EntryPersonal, Leaf, LeafTable
from cr_app.audit.proofs import SealedTree
from cr_app.audit.tree import leaf_bytes, leaf_hash

# Sealing aims at two seconds.
WAIT_SECONDS = 4.0
_PAUSE_SECONDS = 0.25
# So many rows are read at once: well within the longest time that a statement may take.
ROWS_AT_ONCE = 1_000


@dataclass(frozen=True)
class SealedLog:
    """The log at one checkpoint, which the key vouches for; `not_sealed` rows that were asked for are newer."""

    key: VerifierKey
    checkpoint: Checkpoint
    tree: SealedTree
    not_sealed: int

    made_at: str

    @property
    def moment(self) -> Moment:
        """When the export was made, and of which checkpoint."""
        return Moment(self.checkpoint.epoch, self.checkpoint.size, self.not_sealed, self.made_at)

    def about(self) -> dict[str, JSON]:
        """Say which log it is, at which size, how many rows are newer, and when that was asked."""
        return {
            "origin": self.checkpoint.origin,
            "epoch": self.checkpoint.epoch,
            "size": self.checkpoint.size,
            "not_sealed": self.not_sealed,
            "made_at": self.made_at,
        }

    def consistency_with(self, note: str) -> JSON:
        """Return the proof that the log adds to a checkpoint that was kept elsewhere; None where none is given.

        Raises CannotExport for one that the key did not sign, or that is later than the log.
        """
        if not note:
            return None
        try:
            kept = open_note(note, self.key)
        except NotSigned as error:
            raise CannotExport(f"The checkpoint given to compare with is not one of this log. {error}") from None
        if kept.size > self.checkpoint.size:
            raise CannotExport(
                f"The checkpoint given has {kept.size} rows, the log {self.checkpoint.size}: run verify_audit_trail."
            )
        return {
            "size": kept.size,
            "proof": [each.hex() for each in self.tree.consistency(kept.size, self.checkpoint.size)],
        }


@dataclass(frozen=True)
class Row:
    """One sealed row, which is what its leaf says: bytes, and the personal values that are kept.

    `subjects` are the records that it is about. `names` are those, or where there are none whoever acted
    (officer:<warrant number>), and the other cases that it tells of: what a search found, what a case was copied from.
    """

    index: int
    table: str
    id: int
    transaction_id: int
    body: bytes
    subjects: tuple[str, ...]
    names: tuple[str, ...]
    hash: bytes
    personal: Mapping[str, JSON]

    def whole(self) -> dict[str, JSON]:
        """Return it as an export writes it."""
        return {
            "index": self.index,
            "table": self.table,
            "id": self.id,
            "transaction": self.transaction_id,
            "body": base64.b64encode(self.body).decode(),
            "personal": dict(self.personal),
        }

    def withheld(self) -> dict[str, JSON]:
        """Return what an export writes where nothing of the row may be shown: its place and its hash."""
        return {"index": self.index, "leaf": self.hash.hex()}


def sealed_log(newer_than: Callable[[Checkpoint | None], int], *, as_of: Moment | None = None) -> SealedLog:
    """Return the log as soon as it has all that was asked for, or what it has when `WAIT_SECONDS` are over.

    `newer_than` counts the rows asked for that a checkpoint does not have. `as_of` gives the log as it was then. Raises
    CannotExport without checkpoint or key.
    """
    if as_of is not None:
        tree, waiting, made_at = SealedTree(), as_of.not_sealed, as_of.made_at
        latest = Checkpoint.objects.filter(epoch=as_of.epoch, size=as_of.size).first()
    else:
        tree, waiting = _grown(newer_than)
        latest, made_at = tree.latest_checkpoint(), time_text(datetime.now(UTC))
    if latest is None:
        raise CannotExport("Nothing of the trail is sealed yet, so nothing can be proved: is seal_audit_trail running?")
    try:
        key = verifier_key()
        statement = open_note(latest.note, key)
    except (NoKey, NotSigned) as error:
        raise CannotExport(f"The log cannot be proved with its key. {error}") from None
    if (statement.size, statement.root, statement.epoch) != (latest.size, bytes(latest.root), latest.epoch):
        raise CannotExport("The latest checkpoint says other things than its signed note: run verify_audit_trail.")
    return SealedLog(key, latest, tree, waiting, made_at)


def _grown(newer_than: Callable[[Checkpoint | None], int]) -> tuple[SealedTree, int]:
    """Wait for the sealer; return the tree, and how many rows its latest checkpoint does not have."""
    until = time.monotonic() + WAIT_SECONDS
    while True:
        tree = SealedTree()
        waiting = newer_than(tree.latest_checkpoint())
        if not waiting or time.monotonic() >= until:
            return tree, waiting
        time.sleep(_PAUSE_SECONDS)


def rows_behind(leaves: Sequence[Leaf], *, with_personal: bool) -> Iterator[Row]:
    """Yield the rows of some leaves, in their order, with a query or two for each table.

    Raises CannotExport where a row is gone or is not what was sealed: what does not hold is no evidence.
    """
    ids = defaultdict(list)
    for leaf in leaves:
        ids[leaf.table].append(leaf.row_id)
    entries = Entry.objects.filter(pk__in=ids[LeafTable.ENTRY]).values_list(
        "pk", "transaction_id", "body", "warrant_number", "subject", "details__references", "details__copied_from"
    )
    accesses = Access.objects.filter(pk__in=ids[LeafTable.ACCESS])
    looks = accesses.values_list("pk", "transaction_id", "body", "warrant_number", "subjects")
    found: dict[tuple[str, int], tuple[int, bytes, tuple[str, ...], tuple[str, ...]]] = {}
    for pk, transaction_id, body, number, subject, references, copied_from in entries:
        about = (subject,) if subject else ()
        others = tuple(f"case:{each}" for each in [*(references or ()), copied_from] if each)
        found["entry", pk] = (transaction_id, bytes(body), about, (*(about or _officer(number)), *others))
    for pk, transaction_id, body, number, subjects in looks:
        found["access", pk] = (transaction_id, bytes(body), tuple(subjects), tuple(subjects) or _officer(number))
    personal = _personal(ids) if with_personal else {}
    for leaf in leaves:
        kept = found.get((leaf.table, leaf.row_id))
        if kept is None or leaf_hash(leaf_bytes(leaf.table, leaf.row_id, *kept[:2])) != bytes(leaf.hash):
            raise CannotExport(
                f"The {leaf.table} {leaf.row_id} is not what was sealed, so nothing was exported: run verify_audit_trail."
            )
        yield Row(
            index=leaf.index,
            table=leaf.table,
            id=leaf.row_id,
            transaction_id=kept[0],
            body=kept[1],
            subjects=kept[2],
            names=kept[3],
            hash=bytes(leaf.hash),
            personal=personal.get((leaf.table, leaf.row_id), {}),
        )


def _officer(warrant_number: str) -> tuple[str, ...]:
    return (f"officer:{warrant_number}",) if warrant_number else ()


def _personal(ids: Mapping[str, list[int]]) -> dict[tuple[str, int], dict[str, JSON]]:
    """Return the personal values of rows, each with its salt, by path."""
    found: dict[tuple[str, int], dict[str, JSON]] = defaultdict(dict)
    of_entries = EntryPersonal.objects.filter(entry_id__in=ids[LeafTable.ENTRY])
    of_accesses = AccessPersonal.objects.filter(access_id__in=ids[LeafTable.ACCESS])
    for pk, path, value, salt in of_entries.values_list("entry_id", "path", "value", "salt"):
        found["entry", pk][path] = {"value": value, "salt": bytes(salt).hex()}
    for pk, path, value, salt in of_accesses.values_list("access_id", "path", "value", "salt"):
        found["access", pk][path] = {"value": value, "salt": bytes(salt).hex()}
    return found
