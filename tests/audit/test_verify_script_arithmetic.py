"""The arithmetic of verify.py against the service's own and against published vectors: two writings of one thing."""

import argparse
import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cr_app.audit import canonical, tree
from cr_app.audit.checkpoints import new_signing_key
from cr_app.audit.exporting import verify as script
from cr_app.audit.exporting.periods import perfect_parts

# RFC 8032, 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_signatures_are_checked_as_rfc_8032_has_them(public: str, message: str, signature: str) -> None:
    key, text, signed = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert script.signature_holds(key, text, signed)
    assert not script.signature_holds(key, text + b"x", signed)
    for bit in (0, 7, 255, 256, 300, 505, 511):
        altered = bytearray(signed)
        altered[bit // 8] ^= 1 << bit % 8
        assert not script.signature_holds(key, text, bytes(altered))
    # The same signature with the order of the group added to s: RFC 8032, 5.1.7, wants s below it.
    s = int.from_bytes(signed[32:], "little") + script.ORDER
    assert not script.signature_holds(key, text, signed[:32] + s.to_bytes(32, "little"))
    assert not script.signature_holds(key, text, signed[:63])
    assert not script.signature_holds(key, text, signed + b"\0")
    assert not script.signature_holds(key[:31], text, signed)


@pytest.mark.parametrize(
    "encoded",
    [
        # No x for this y; y not below p; x zero with a sign; points of small order, for which anything could be signed.
        (2).to_bytes(32, "little"),
        (2**255 - 19 + 3).to_bytes(32, "little"),
        (1 | 1 << 255).to_bytes(32, "little"),
        (1).to_bytes(32, "little"),
        (0).to_bytes(32, "little"),
        (2**255 - 20).to_bytes(32, "little"),
    ],
)
def test_no_signature_holds_under_what_is_no_proper_point(encoded: bytes) -> None:
    identity = (1).to_bytes(32, "little")
    assert not script.signature_holds(encoded, b"anything", identity + bytes(32))


@settings(max_examples=40, deadline=None)
@given(message=st.binary(max_size=200))
def test_signatures_of_the_service_are_those_that_the_script_takes(message: bytes) -> None:
    key = new_signing_key("a.example/log")
    signature = key._private.sign(message)
    assert script.signature_holds(key.verifier.public, message, signature)
    assert not script.signature_holds(new_signing_key("a.example/log").verifier.public, message, signature)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(st.characters(exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abz", max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(value=VALUES)
def test_values_have_the_bytes_that_the_service_gives_them(value: Any) -> None:
    body = canonical.encode(value)
    assert script.encode(value) == body
    assert script.decode(body) == (value, len(body))


@given(body=st.binary(max_size=40) | st.text("0123456789:ildentfe-", max_size=40).map(str.encode))
def test_bytes_that_are_no_value_are_refused_by_both(body: bytes) -> None:
    try:
        value, end = script.decode(body)
        taken = end == len(body) and script.encode(value) == body
    except script.NOT_AS_EXPECTED:
        taken = False
    try:
        canonical.decode(body)
    except canonical.NotCanonical:
        assert not taken or b"\0" in body
    else:
        assert taken


def leaves_of(size: int) -> list[bytes]:
    """Return the hashes of so many leaves."""
    return [tree.leaf_hash(str(each).encode()) for each in range(size)]


def statement(size: int, leaves: list[bytes]) -> Any:
    """Return what a checkpoint of the first leaves would say."""
    return argparse.Namespace(size=size, root=tree.root_of(leaves[:size]))


@settings(max_examples=150, deadline=None)
@given(
    shape=st.integers(1, 70).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size), st.integers(0, 255)))
)
def test_proofs_of_the_service_hold_and_no_altered_one_does(shape: tuple[int, int, int]) -> None:
    size, old, bit = shape
    leaves = leaves_of(size)
    new = statement(size, leaves)

    def root(start: int, end: int) -> bytes:
        return tree.root_of(leaves[start:end])

    path = tree.consistency_path(old, size, root)
    assert script.only_adds(statement(old, leaves), new, path)
    assert not script.only_adds(statement(old, leaves), new, [*path, bytes(32)])
    index = min(old, size - 1)
    included = tree.inclusion_path(index, size, root)
    assert script.includes(leaves[index], index, new, included)
    assert not script.includes(leaves[index], index, new, [*included, bytes(32)])
    assert size == 1 or not script.includes(leaves[index], (index + 1) % size, new, included)

    def adds(proof: list[bytes]) -> bool:
        return script.only_adds(statement(old, leaves), new, proof)

    def stands(proof: list[bytes]) -> bool:
        return script.includes(leaves[index], index, new, proof)

    for proof, holds in ((path, adds), (included, stands)):
        for place, each in enumerate(proof):
            flipped = bytearray(each)
            flipped[bit // 8] ^= 1 << bit % 8
            assert not holds([*proof[:place], bytes(flipped), *proof[place + 1 :]])
            assert not holds(proof[:place] + proof[place + 1 :])


@given(ends=st.tuples(st.integers(0, 3000), st.integers(0, 3000)).map(sorted))
def test_script_and_service_divide_a_range_alike_into_parts_that_fill_it(ends: list[int]) -> None:
    start, end = ends
    parts = perfect_parts(start, end)
    assert [(first, last - first) for first, last in parts] == list(script.perfect_parts(start, end))
    assert [each for first, last in parts for each in range(first, last)] == list(range(start, end))
    assert all(first % (last - first) == 0 for first, last in parts)
