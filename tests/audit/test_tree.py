"""The tree over the trail: published vectors, every proof there is at small sizes, and none that was altered."""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cr_app.audit.tree import (
    EMPTY_ROOT,
    Frontier,
    NotProved,
    RootOf,
    check_consistency,
    check_inclusion,
    consistency_path,
    inclusion_path,
    leaf_bytes,
    leaf_hash,
    node_hash,
    peaks_of,
    root_of,
)

calm = settings(deadline=None)
MOST = 70

# The vectors of Certificate Transparency's own tests (github.com/transparency-dev/merkle, testonly/constants.go and
# proof/verify_test.go): eight leaves, the roots of the first one, two, … eight of them, and proofs.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
H = {
    "0": "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "1": "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "4": "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "01": "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "23": "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "45": "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "67": "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "0123": "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4567": "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
}
INCLUSION = {
    (0, 1): [],
    (0, 2): ["1"],
    (1, 2): ["0"],
    (2, 3): ["01"],
    (1, 5): ["0", "23", "4"],
    (0, 8): ["1", "23", "4567"],
    (5, 8): ["4", "67", "0123"],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): ["1", "23", "4567"],
    (6, 8): ["45", "67", "0123"],
    (2, 5): ["23", "4"],
}
# RFC 9162, 2.1.5: seven leaves a to j (without those skipped), and the parts of the tree by the RFC's own letters.
RFC_PARTS = {
    **{letter: (index, index + 1) for index, letter in enumerate("abcdefj")},
    "g": (0, 2),
    "h": (2, 4),
    "i": (4, 6),
    "k": (0, 4),
    "l": (4, 7),
}


class Tree(NamedTuple):
    """Leaves' hashes, and the root of any part of them, by the definition in RFC 9162, 2.1.1, and nothing cleverer."""

    hashes: list[bytes]

    def root(self, start: int, end: int) -> bytes:
        """Return the root of the leaves from start to end."""
        return by_definition(tuple(self.hashes[start:end]))


@cache
def by_definition(hashes: tuple[bytes, ...]) -> bytes:
    """Return the root over hashes of leaves by the RFC's own recursion."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    middle = 1
    while middle * 2 < len(hashes):
        middle *= 2
    return hashlib.sha256(b"\x01" + by_definition(hashes[:middle]) + by_definition(hashes[middle:])).digest()


TREE = Tree([leaf_hash(b"leaf %d" % number) for number in range(MOST)])
VECTORS = Tree([leaf_hash(bytes.fromhex(each)) for each in INPUTS])
ROOT_AT = [TREE.root(0, size) for size in range(MOST + 1)]


def test_a_leaf_says_which_row_it_is_before_the_body() -> None:
    assert leaf_bytes("entry", 123, 456, b"d0:e") == b"entry 123 456\nd0:e"
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert node_hash(b"N123", b"N456").hex() == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"


def test_the_published_roots_are_found() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root_of([]) == EMPTY_ROOT
    assert [root_of(VECTORS.hashes[:size]).hex() for size in range(1, 9)] == ROOTS


@pytest.mark.parametrize(("where", "path"), INCLUSION.items(), ids=str)
def test_the_published_proofs_of_inclusion_are_made_and_hold(where: tuple[int, int], path: list[str]) -> None:
    index, size = where
    assert [each.hex() for each in inclusion_path(index, size, VECTORS.root)] == [H[each] for each in path]
    proof = [bytes.fromhex(H[each]) for each in path]
    check_inclusion(VECTORS.hashes[index], index, size, proof, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("where", "path"), CONSISTENCY.items(), ids=str)
def test_the_published_proofs_of_consistency_are_made_and_hold(where: tuple[int, int], path: list[str]) -> None:
    old, size = where
    assert [each.hex() for each in consistency_path(old, size, VECTORS.root)] == [H[each] for each in path]
    proof = [bytes.fromhex(H[each]) for each in path]
    check_consistency(old, bytes.fromhex(ROOTS[old - 1]), size, bytes.fromhex(ROOTS[size - 1]), proof)


def lettered(parts: str) -> RootOf:
    """Return a RootOf that gives a part its letter in the RFC's example instead of its hash."""
    names = {RFC_PARTS[letter]: letter.encode() for letter in parts}
    return lambda start, end: names[start, end]


@pytest.mark.parametrize(("index", "parts"), [(0, "bhl"), (3, "cgl"), (4, "fjk"), (6, "ik")])
def test_the_example_of_rfc_9162_has_its_proofs_of_inclusion(index: int, parts: str) -> None:
    assert b"".join(inclusion_path(index, 7, lettered(parts))).decode() == parts


@pytest.mark.parametrize(("old", "parts"), [(3, "cdgl"), (4, "l"), (6, "ijk")])
def test_the_example_of_rfc_9162_has_its_proofs_of_consistency(old: int, parts: str) -> None:
    assert b"".join(consistency_path(old, 7, lettered(parts))).decode() == parts


def test_every_proof_of_every_small_tree_holds() -> None:
    for size in range(MOST + 1):
        assert root_of(TREE.hashes[:size]) == ROOT_AT[size]
        for index in range(size):
            check_inclusion(TREE.hashes[index], index, size, inclusion_path(index, size, TREE.root), ROOT_AT[size])
        for old in range(size + 1):
            check_consistency(old, ROOT_AT[old], size, ROOT_AT[size], consistency_path(old, size, TREE.root))


def test_no_proof_serves_another_place_or_another_earlier_size() -> None:
    for size in range(1, 41):
        for index in range(size):
            path = inclusion_path(index, size, TREE.root)
            for other in set(range(-1, size + 2)) - {index}:
                with pytest.raises(NotProved):
                    check_inclusion(TREE.hashes[index], other, size, path, ROOT_AT[size])
        for old in range(1, size):
            path = consistency_path(old, size, TREE.root)
            for other in set(range(-1, size + 2)) - {old}:
                with pytest.raises(NotProved):
                    check_consistency(other, ROOT_AT[old], size, ROOT_AT[size], path)


def test_no_proof_leads_to_the_root_of_a_tree_of_another_size() -> None:
    for size in range(1, 41):
        for other in set(range(MOST)) - {size}:
            for index in range(size):
                path = inclusion_path(index, size, TREE.root)
                with pytest.raises(NotProved):
                    check_inclusion(TREE.hashes[index], index, other, path, ROOT_AT[other])
            for old in range(1, size):
                path = consistency_path(old, size, TREE.root)
                with pytest.raises(NotProved):
                    check_consistency(old, ROOT_AT[old], other, ROOT_AT[other], path)


def flipped(value: bytes, bit: int) -> bytes:
    """Return the bytes with one bit changed."""
    whole = int.from_bytes(value, "big") ^ (1 << bit % (8 * len(value)))
    return whole.to_bytes(len(value), "big")


def altered(path: Sequence[bytes], place: int, bit: int) -> Iterator[list[bytes]]:
    """Yield the proof in every way that is wrong around one place: a bit, an order, a hash too many or too few."""
    one = place % max(1, len(path))
    if path:
        yield [*path[:one], flipped(path[one], bit), *path[one + 1 :]]
        yield [*path[:one], *path[one + 1 :]]
        yield [*path[:one], path[one], *path[one:]]
        yield [*path[:one], path[one][:-1], *path[one + 1 :]]
    if one + 1 < len(path):
        first, second = path[one : one + 2]
        yield [*path[:one], second, first, *path[one + 2 :]]
        # The same bytes under one node, cut elsewhere.
        yield [*path[:one], first + second[:1], second[1:], *path[one + 2 :]]
    yield [*path, EMPTY_ROOT]
    yield [EMPTY_ROOT, *path]
    yield [*path, b""]


@calm
@given(size=st.integers(1, MOST), index=st.integers(0), place=st.integers(0), bit=st.integers(0))
@example(size=1, index=0, place=0, bit=0)
def test_an_altered_proof_of_inclusion_is_refused(size: int, index: int, place: int, bit: int) -> None:
    index %= size
    leaf, root, path = TREE.hashes[index], ROOT_AT[size], inclusion_path(index, size, TREE.root)
    check_inclusion(leaf, index, size, path, root)
    for wrong in altered(path, place, bit):
        with pytest.raises(NotProved):
            check_inclusion(leaf, index, size, wrong, root)
    for another, over in ((flipped(leaf, bit), root), (leaf, flipped(root, bit)), (leaf[:-1], root), (leaf, root[:-1])):
        with pytest.raises(NotProved):
            check_inclusion(another, index, size, path, over)


@calm
@given(size=st.integers(1, MOST), old=st.integers(0), place=st.integers(0), bit=st.integers(0))
@example(size=1, old=0, place=0, bit=0)
@example(size=1, old=1, place=0, bit=0)
def test_an_altered_proof_of_consistency_is_refused(size: int, old: int, place: int, bit: int) -> None:
    old %= size + 1
    before, root, path = ROOT_AT[old], ROOT_AT[size], consistency_path(old, size, TREE.root)
    check_consistency(old, before, size, root, path)
    for wrong in altered(path, place, bit):
        with pytest.raises(NotProved):
            check_consistency(old, before, size, root, wrong)
    with pytest.raises(NotProved):
        check_consistency(old, flipped(before, bit), size, root, path)
    if old:
        with pytest.raises(NotProved):
            check_consistency(old, before, size, flipped(root, bit), path)


@given(st.lists(st.integers(0, 5), max_size=12))
def test_perfect_parts_make_the_same_tree_as_leaves_do(heights: list[int]) -> None:
    hashes = [leaf_hash(b"%d" % number) for number in range(12 * 32 + 32)]
    tree = Frontier()
    for height in heights:
        leaves = 1 << height
        if tree.size % leaves == 0:
            tree.add_part(root_of(hashes[tree.size : tree.size + leaves]), leaves)
    assert tree.root() == root_of(hashes[: tree.size])
    assert tree.peaks == [root_of(hashes[start:end]) for start, end in peaks_of(tree.size)]
    again = Frontier(tree.size, tree.peaks)
    again.append(hashes[tree.size])
    assert again.root() == root_of(hashes[: tree.size + 1])


def test_parts_that_cannot_stand_where_they_are_put_are_refused() -> None:
    with pytest.raises(ValueError, match="1 perfect parts, not 2"):
        Frontier(4, [EMPTY_ROOT, EMPTY_ROOT])
    for size, leaves in ((1, 2), (0, 3), (2, 4)):
        with pytest.raises(ValueError, match=f"A part of {leaves} leaves cannot stand at {size}"):
            Frontier(size, [EMPTY_ROOT] * size.bit_count()).add_part(EMPTY_ROOT, leaves)
    for index, size in ((0, 0), (1, 1), (-1, 1)):
        with pytest.raises(ValueError, match="has no leaf"):
            inclusion_path(index, size, TREE.root)
    for old, size in ((2, 1), (-1, 1)):
        with pytest.raises(ValueError, match="does not grow out of"):
            consistency_path(old, size, TREE.root)
