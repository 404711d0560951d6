"""A second implementation of RFC 9162, pymerkle, finds the same roots and proofs; `make prove` asks it a thousand times."""

import random

import pytest

from benchmarks.proofs.trees import agrees_with_pymerkle, random_tree
from cr_app.audit.tree import leaf_hash


@pytest.mark.parametrize("seed", range(40))
def test_pymerkle_finds_the_same_roots_and_proofs(seed: int) -> None:
    chance = random.Random(seed)
    agrees_with_pymerkle(random_tree(chance, most=300), chance, proofs=10)


def test_pymerkle_notices_a_tree_that_differs() -> None:
    chance = random.Random(0)
    tree = random_tree(chance, most=300)
    tree.hashes[0] = leaf_hash(b"another")
    with pytest.raises(AssertionError):
        agrees_with_pymerkle(tree, chance, proofs=1)
