"""Proofs from the sealed log in the database: the same as from all its leaves, with few reads."""

import random
from datetime import UTC, datetime

import pytest
from django.db import connections
from pytest_django import DjangoAssertNumQueries

from benchmarks.proofs.trees import fill_log
from cr_app.audit.growing import FANOUT
from cr_app.audit.models import Checkpoint, Leaf
from cr_app.audit.proofs import LogDamaged, SealedTree
from cr_app.audit.tree import EMPTY_ROOT, check_consistency, check_inclusion, leaf_hash, root_of

pytestmark = pytest.mark.django_db(databases=["default", "sealer"])

HASHES = [leaf_hash(b"%d" % number) for number in range(FANOUT**2 + 700)]


def parts_of_trees(size: int) -> list[tuple[int, int]]:
    """Return every part that a tree of up to `size` leaves can be divided into."""
    return [
        (start, end)
        for start in range(size)
        for end in range(start + 1, size + 1)
        if start % (1 << (end - start - 1).bit_length()) == 0
    ]


def written(using: str = "sealer", **changed: object) -> Checkpoint:
    """Write a checkpoint, which says nothing true of the log."""
    row: dict[str, object] = {
        "epoch": 1,
        "size": 3,
        "root": b"",
        "made_at": datetime(2026, 11, 21, tzinfo=UTC),
        "origin": "",
        "algorithm": "",
        "key_id": "",
        "horizon": 9,
        "database": "",
        "note": "",
    }
    return Checkpoint.objects.using(using).create(**row | changed)


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 513, 600])
def test_every_part_of_a_log_has_the_root_of_its_leaves(size: int) -> None:
    fill_log(HASHES[:size], using="sealer")
    tree = SealedTree("sealer")
    assert tree.root(0, 0) == tree.root(size, size) == EMPTY_ROOT
    for start, end in parts_of_trees(size):
        assert tree.root(start, end) == root_of(HASHES[start:end]), (start, end)


@pytest.mark.parametrize("size", [FANOUT**2 - 1, FANOUT**2, FANOUT**2 + 1, FANOUT**2 + FANOUT, FANOUT**2 + 700])
def test_proofs_hold_around_the_place_where_a_level_begins(
    size: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    fill_log(HASHES[:size], using="sealer")
    root = root_of(HASHES[:size])
    assert SealedTree("sealer").root(0, size) == root
    chance = random.Random(size)
    near = {0, 1, 255, 256, 257, size // 2, size - 2, size - 1, FANOUT**2 - 1, FANOUT**2, FANOUT**2 + FANOUT}
    for index in [*near, *(chance.randrange(size) for _ in range(20))]:
        if index < size:
            with django_assert_max_num_queries(6, connection=connections["sealer"]):
                path = SealedTree("sealer").inclusion(index, size)
            check_inclusion(HASHES[index], index, size, path, root)
    for old in near:
        if 0 < old <= size:
            with django_assert_max_num_queries(6, connection=connections["sealer"]):
                path = SealedTree("sealer").consistency(old, size)
            check_consistency(old, root_of(HASHES[:old]), size, root, path)


def test_many_proofs_of_one_block_read_it_once(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    fill_log(HASHES[:2000], using="sealer")
    tree, root = SealedTree("sealer"), root_of(HASHES[:2000])
    with django_assert_max_num_queries(4, connection=connections["sealer"]):
        for index in range(512, 768):
            check_inclusion(HASHES[index], index, 2000, tree.inclusion(index, 2000), root)


def test_only_so_many_blocks_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cr_app.audit.proofs._BLOCKS_KEPT", 2)
    fill_log(HASHES[:2000], using="sealer")
    tree, root = SealedTree("sealer"), root_of(HASHES[:2000])
    for index in range(0, 2000, 97):
        check_inclusion(HASHES[index], index, 2000, tree.inclusion(index, 2000), root)
    assert len(tree._blocks) == 2


def test_leaves_added_since_are_read() -> None:
    fill_log(HASHES[:300], using="sealer")
    tree = SealedTree("sealer")
    assert tree.root(0, 300) == root_of(HASHES[:300])
    rows = [Leaf(index=at, table="entry", row_id=at + 1, transaction_id=1, hash=HASHES[at]) for at in range(300, 400)]
    Leaf.objects.using("sealer").bulk_create(rows)
    assert tree.root(0, 400) == root_of(HASHES[:400])


def test_what_is_no_part_of_any_tree_is_refused() -> None:
    for start, end in ((1, 3), (2, 6), (-2, 0), (5, 4)):
        with pytest.raises(ValueError, match="no part of a tree"):
            SealedTree("sealer").root(start, end)
    with pytest.raises(ValueError, match="has no leaf"):
        SealedTree("sealer").inclusion(3, 3)
    with pytest.raises(ValueError, match="does not grow out of"):
        SealedTree("sealer").consistency(4, 3)


def test_a_log_that_lacks_what_it_must_have_is_told_as_damaged() -> None:
    fill_log(HASHES[:256], using="sealer")
    fill_log(HASHES[256:266], using="sealer", first=256)
    fill_log([HASHES[267]], using="sealer", first=267)
    tree = SealedTree("sealer")
    assert tree.root(264, 266) == root_of(HASHES[264:266])
    for start, end in ((264, 268), (266, 267), (267, 268), (256, 512), (0, 512), (1024, 1025)):
        with pytest.raises(LogDamaged, match="lacks hashes of level"):
            tree.root(start, end)


def test_a_hash_of_another_length_counts_as_missing() -> None:
    fill_log([HASHES[0], HASHES[1][:-1]], using="sealer")
    assert SealedTree("sealer").root(0, 1) == HASHES[0]
    with pytest.raises(LogDamaged):
        SealedTree("sealer").root(0, 2)


def test_the_latest_checkpoint_is_of_the_last_epoch_and_then_the_largest() -> None:
    assert (SealedTree("sealer").size, SealedTree("sealer").latest_checkpoint()) == (0, None)
    for epoch, size in ((1, 900), (2, 5), (2, 40), (1, 30)):
        written(epoch=epoch, size=size)
    latest = SealedTree("sealer").latest_checkpoint()
    assert latest
    assert (latest.epoch, latest.size, SealedTree("sealer").size) == (2, 40, 40)


def test_one_look_at_the_log_keeps_its_checkpoint() -> None:
    written(size=3)
    tree = SealedTree("sealer")
    assert tree.size == 3
    written(size=4)
    assert tree.size == 3
    assert SealedTree("sealer").size == 4


def test_the_leaf_of_a_row_is_found_by_its_table_and_id() -> None:
    fill_log(HASHES[:5], using="sealer")
    Leaf.objects.using("sealer").create(index=5, table="access", row_id=3, transaction_id=7, hash=HASHES[5])
    tree = SealedTree("sealer")
    for table, row_id, index in (("entry", 3, 2), ("access", 3, 5)):
        leaf = tree.leaf_of(table, row_id)
        assert leaf
        assert leaf.index == index
    assert tree.leaf_of("access", 2) is None


def test_the_application_may_read_what_proofs_need() -> None:
    tree = SealedTree()
    assert (tree.size, tree.leaf_of("entry", 1)) == (0, None)
    with pytest.raises(LogDamaged):
        tree.root(0, 257)
