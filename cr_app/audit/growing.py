"""The tree of the sealed log as it grows, kept as the blocks that are not full yet. Pure.

256 hashes of leaves, or 256 subtrees of one level, make a subtree of the next; those are stored once, and for ever.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self, TypeAlias

from cr_app.audit.tree import Frontier, root_of

FANOUT = 256

# Gives the hashes of a level (0: leaves) from one place up to, but not including, another.
HashesOf: TypeAlias = Callable[[int, int, int], list[bytes]]


class Incomplete(Exception):
    """The log lacks hashes that it must have; the sentence names their place."""


@dataclass(frozen=True)
class Grown:
    """A subtree that has just become whole: the root of 256 to the power of `level` leaves."""

    level: int
    index: int
    root: bytes


class GrowingTree:
    """A tree of some size, to which leaves are added."""

    def __init__(self) -> None:
        """Begin empty."""
        self.size = 0
        # Of each level, leaves first, the hashes after its last whole block: 255 at most.
        self._rests: list[list[bytes]] = [[]]

    @classmethod
    def restored(cls, size: int, hashes: HashesOf) -> Self:
        """Return the tree of `size` from what is stored; raise Incomplete where something is missing."""
        tree = cls()
        tree.size = size
        tree._rests = []
        level, whole = 0, size
        while whole or not level:
            rest = whole % FANOUT
            found = hashes(level, whole - rest, whole) if rest else []
            if len(found) != rest:
                raise Incomplete(f"The log lacks hashes of level {level} between {whole - rest} and {whole}.")
            tree._rests.append(found)
            level, whole = level + 1, whole // FANOUT
        return tree

    def append(self, leaf: bytes) -> list[Grown]:
        """Add the hash of the next leaf, and return the subtrees that it completes, smallest first."""
        self.size += 1
        grown: list[Grown] = []
        level, root = 0, leaf
        while True:
            if level == len(self._rests):
                self._rests.append([])
            rest = self._rests[level]
            rest.append(root)
            if len(rest) < FANOUT:
                return grown
            level, root = level + 1, root_of(rest)
            rest.clear()
            grown.append(Grown(level, self.size // FANOUT**level - 1, root))

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        parts = Frontier()
        for level in range(len(self._rests) - 1, -1, -1):
            for root in self._rests[level]:
                parts.add_part(root, FANOUT**level)
        return parts.root()
