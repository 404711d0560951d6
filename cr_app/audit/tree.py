"""The tree over the trail: hashes, roots and proofs of RFC 9162, section 2.1, with SHA-256. Pure.

A leaf is one entry or access; its bytes say which row it is, in which transaction it was written, and hold its body.
A part of the tree is named by the leaves it covers, from `start` up to but not including `end`.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

LeafKind: TypeAlias = str
# Gives the root of the leaves from start to end.
RootOf: TypeAlias = Callable[[int, int], bytes]

EMPTY_ROOT = hashlib.sha256(b"").digest()
HASH_BYTES = 32


class NotProved(ValueError):
    """A proof that does not show what it should; the sentence says why."""


def leaf_bytes(table: LeafKind, row_id: int, transaction_id: int, body: bytes) -> bytes:
    """Return the bytes of a leaf: a line with table ("entry" or "access"), id and transaction, then the row's body."""
    return b"%s %d %d\n%b" % (table.encode(), row_id, transaction_id, body)


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node from those of its two parts (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """Return the largest power of two that is smaller than `size`, which is 2 or more: where a part divides."""
    return 1 << ((size - 1).bit_length() - 1)


class Frontier:
    """The tree as it grows, kept in as many hashes as its size has ones: its perfect parts, from the left."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        """Begin empty, or with the roots of the perfect parts of a tree of `size`, largest first."""
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count():
            raise ValueError(f"A tree of {size} leaves has {size.bit_count()} perfect parts, not {len(self.peaks)}.")

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        self.add_part(leaf, 1)

    def add_part(self, root: bytes, leaves: int) -> None:
        """Add a perfect part of `leaves`, a power of two that divides the size so far."""
        if leaves & (leaves - 1) or self.size % leaves:
            raise ValueError(f"A part of {leaves} leaves cannot stand at {self.size}.")
        size = self.size
        while size & leaves:
            root = node_hash(self.peaks.pop(), root)
            size -= leaves
            leaves <<= 1
        self.peaks.append(root)
        self.size = size + leaves

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def peaks_of(size: int) -> list[tuple[int, int]]:
    """Return the perfect parts of a tree of `size`, largest first, as start and end."""
    found, start = [], 0
    for bit in range(size.bit_length() - 1, -1, -1):
        if size >> bit & 1:
            found.append((start, start + (1 << bit)))
            start += 1 << bit
    return found


def root_of(hashes: Iterable[bytes]) -> bytes:
    """Return the root over the hashes of leaves, in their order."""
    tree = Frontier()
    for each in hashes:
        tree.append(each)
    return tree.root()


def inclusion_path(index: int, size: int, root: RootOf) -> list[bytes]:
    """Return the proof that leaf `index` is in the tree of `size` (RFC 9162, 2.1.3.1), the leaf's neighbour first.

    Raises ValueError where there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"A tree of {size} leaves has no leaf {index}.")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(root(middle, end))
            end = middle
        else:
            path.append(root(start, middle))
            start = middle
    return path[::-1]


def consistency_path(old: int, size: int, root: RootOf) -> list[bytes]:
    """Return the proof that the tree of `size` only adds to that of `old` (RFC 9162, 2.1.4.1); none is needed for 0 and itself.

    Raises ValueError where `old` is larger.
    """
    if not 0 <= old <= size:
        raise ValueError(f"A tree of {size} leaves does not grow out of one of {old}.")
    if old in (0, size):
        return []
    path: list[bytes] = []
    start, end, is_whole = 0, size, True
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            path.append(root(middle, end))
            end = middle
        else:
            path.append(root(start, middle))
            start, is_whole = middle, False
    if not is_whole:
        path.append(root(start, end))
    return path[::-1]


def root_by_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that a proof of inclusion leads to (RFC 9162, 2.1.3.2); raise NotProved where it has no such shape."""
    if not 0 <= index < size:
        raise NotProved(f"A tree of {size} leaves has no leaf {index}.")
    _check_lengths(leaf, *path)
    place, last, root = index, size - 1, leaf
    for each in path:
        if last == 0:
            raise NotProved("The proof is too long.")
        if place & 1 or place == last:
            root = node_hash(each, root)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            root = node_hash(root, each)
        place, last = place >> 1, last >> 1
    if last:
        raise NotProved("The proof is too short.")
    return root


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Raise NotProved unless the leaf with this hash stands at `index` of the tree of `size` with this root.

    Take size and root together, from one signed checkpoint: a proof alone tells the size of a tree only roughly.
    """
    if root_by_inclusion(leaf, index, size, path) != root:
        raise NotProved("The proof leads to another root.")


def check_consistency(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> None:
    """Raise NotProved unless the tree of `size` only adds to that of `old` (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= size:
        raise NotProved(f"A tree of {size} leaves does not grow out of one of {old}.")
    if old in (0, size):
        if path or old_root != (root if old else EMPTY_ROOT):
            raise NotProved("Two trees of one size differ." if old else "An empty tree has another root.")
        return
    hashes = list(path)
    if not hashes:
        raise NotProved("The proof is too short.")
    _check_lengths(*hashes)
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = hashes[0]
    for each in hashes[1:]:
        if last == 0:
            raise NotProved("The proof is too long.")
        if place & 1 or place == last:
            before, after = node_hash(each, before), node_hash(each, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, each)
        place, last = place >> 1, last >> 1
    if last:
        raise NotProved("The proof is too short.")
    if before != old_root:
        raise NotProved("The proof leads to another earlier root.")
    if after != root:
        raise NotProved("The proof leads to another root.")


def _check_lengths(*hashes: bytes) -> None:
    """Refuse what is no hash: bytes could else be moved from one to its neighbour, unseen by the node over both."""
    if any(len(each) != HASH_BYTES for each in hashes):
        raise NotProved(f"A hash of the proof has not {HASH_BYTES} bytes.")
