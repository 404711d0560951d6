"""Proofs from the sealed log, with few reads however large it is: blocks of 256 hashes, of leaves or of whole subtrees."""

from collections import OrderedDict
from collections.abc import Iterable
from functools import cached_property

from cr_app.audit.growing import FANOUT
from cr_app.audit.models import Checkpoint, Leaf, Subtree
from cr_app.audit.tree import HASH_BYTES, Frontier, consistency_path, inclusion_path, node_hash, peaks_of

_BITS = FANOUT.bit_length() - 1
_BLOCKS_KEPT = 256


class LogDamaged(Exception):
    """The log lacks a hash that it must have; the sentence names its place."""


class SealedTree:
    """The tree of the sealed log as the database has it, for proofs; its latest checkpoint is read once.

    Hashes are taken as they are: proofs show whether they lead to a signed root, `verifying` whether rows lead to them.
    """

    def __init__(self, using: str = "default") -> None:
        """Read through the connection of this alias."""
        self._using = using
        self._blocks: OrderedDict[tuple[int, int], list[list[bytes]]] = OrderedDict()

    @cached_property
    def _latest(self) -> Checkpoint | None:
        return Checkpoint.objects.using(self._using).order_by("-epoch", "-size").first()

    def latest_checkpoint(self) -> Checkpoint | None:
        """Return the checkpoint with the highest epoch and size, None where nothing is sealed."""
        return self._latest

    @property
    def size(self) -> int:
        """How many leaves that checkpoint has, 0 where there is none."""
        return self._latest.size if self._latest else 0

    def leaf_of(self, table: str, row_id: int) -> Leaf | None:
        """Return the leaf of an entry or access, None for one that is not sealed."""
        return Leaf.objects.using(self._using).filter(table=table, row_id=row_id).first()

    def root(self, start: int, end: int) -> bytes:
        """Return the root of a part of the tree, such as proofs ask for.

        Raises ValueError for leaves that are no part of any tree, LogDamaged where the log lacks one of them.
        """
        length = end - start
        if start < 0 or length < 0 or (length and start % (1 << (length - 1).bit_length())):
            raise ValueError(f"The leaves from {start} to {end} are no part of a tree.")
        part = Frontier()
        for first, last in peaks_of(length):
            part.add_part(self._perfect(start + first, last - first), last - first)
        return part.root()

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Return the proof that leaf `index` is in the tree of `size`; raise ValueError where there is no such leaf."""
        return inclusion_path(index, size, self.root)

    def consistency(self, old: int, size: int) -> list[bytes]:
        """Return the proof that the tree of `size` only adds to that of `old`; raise ValueError where that is larger."""
        return consistency_path(old, size, self.root)

    def _perfect(self, start: int, length: int) -> bytes:
        """Return the root of a perfect part: two to some power of leaves, or of subtrees of one level."""
        level, height = divmod(length.bit_length() - 1, _BITS)
        first = start >> (_BITS * level)
        block, place = first // FANOUT, (first % FANOUT) >> height
        heights = self._block(level, block)
        if height >= len(heights) or place >= len(heights[height]):
            # It has grown since, or else it is damaged.
            self._blocks.pop((level, block))
            heights = self._block(level, block)
        if height >= len(heights) or place >= len(heights[height]):
            raise LogDamaged(f"The log lacks hashes of level {level} between {first} and {first + (1 << height)}.")
        return heights[height][place]

    def _block(self, level: int, block: int) -> list[list[bytes]]:
        """Return a block's hashes, those of its pairs, of its fours, and so on, as far as they are whole."""
        key = (level, block)
        if key in self._blocks:
            self._blocks.move_to_end(key)
            return self._blocks[key]
        heights = [self._hashes(level, block * FANOUT)]
        while len(heights[-1]) > 1:
            below = heights[-1]
            heights.append([node_hash(*below[each : each + 2]) for each in range(0, len(below) - 1, 2)])
        self._blocks[key] = heights
        if len(self._blocks) > _BLOCKS_KEPT:
            self._blocks.popitem(last=False)
        return heights

    def _hashes(self, level: int, first: int) -> list[bytes]:
        """Return the hashes of one block, up to the first that is missing."""
        places = range(first, first + FANOUT)
        between = {"index__gte": places.start, "index__lt": places.stop}
        rows: Iterable[tuple[int, bytes | memoryview]]
        if level:
            subtrees = Subtree.objects.using(self._using).filter(level=level, **between)
            rows = subtrees.order_by("index").values_list("index", "root")
        else:
            rows = Leaf.objects.using(self._using).filter(**between).order_by("index").values_list("index", "hash")
        hashes: list[bytes] = []
        for place, (index, value) in zip(places, rows, strict=False):
            if index != place or len(value) != HASH_BYTES:
                break
            hashes.append(bytes(value))
        return hashes
