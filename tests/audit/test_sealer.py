"""The sealer takes what was committed, all of it and nothing else, in the order of transactions, and holds nobody up."""

import contextlib
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection, connections, transaction

from cr_app.audit import growing
from cr_app.audit.models import Checkpoint, Entry, Leaf, Subtree
from cr_app.audit.sealer import Sealed, seal, unsealed
from cr_app.audit.tree import leaf_hash, root_of
from cr_app.audit.witness import Witness
from tests.audit.sealing import check_log, fill, rows_of_log, rows_of_trail, witness, write
from tests.disposable_database import connect_as_owner

__all__ = ["witness"]

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "sealer"])


@contextlib.contextmanager
def as_application() -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A second connection of the application to the same database."""
    params = connection.get_connection_params()
    address = {key: params[key] for key in ("host", "port", "user", "password", "dbname") if params.get(key)}
    with contextlib.closing(psycopg.connect(psycopg.conninfo.make_conninfo("", **address))) as other:
        yield other


def insert(database: "psycopg.Connection[tuple[object, ...]]", subject: str = "case:LATE") -> None:
    """Insert an entry as that connection, which commits nothing."""
    database.execute(
        "INSERT INTO audit_entry (at, actor_kind, actor_key, warrant_number, rank, actor_name, outcome, address,"
        " format_version, body, event, subject, details) VALUES (now(), 'system', '', '', '', '', 'done', '', 1, '\\x00',"
        " 'case.started', %s, '{}')",
        [subject],
    )


def test_everything_committed_is_sealed(witness: Witness) -> None:
    for _ in range(5):
        write(entries=2, accesses=3)
    assert unsealed().count == 25
    assert seal() == Sealed(added=25, size=25)
    assert unsealed().count == 0
    write(entries=1)
    assert seal() == Sealed(added=1, size=26)
    assert rows_of_log() == rows_of_trail()
    check_log(witness)


def test_an_empty_trail_has_no_checkpoint(witness: Witness) -> None:
    assert seal() == Sealed(added=0, size=0)
    assert not Checkpoint.objects.exists()
    assert list(witness.notes()) == []


def test_where_nothing_is_new_nothing_is_signed(witness: Witness) -> None:
    write()
    seal()
    assert seal() == Sealed(added=0, size=1)
    assert Checkpoint.objects.count() == 1


def test_a_row_undone_leaves_no_leaf(witness: Witness) -> None:
    write()
    with contextlib.suppress(RuntimeError), transaction.atomic():
        write(entries=3)
        raise RuntimeError
    write()
    assert seal().added == 2
    check_log(witness)


def test_a_row_committed_late_is_neither_missed_nor_out_of_order(witness: Witness) -> None:
    naive: list[int] = []

    def read_naively() -> None:
        """Read onwards as one would who took ids to be committed in their order."""
        naive.extend(Entry.objects.filter(pk__gt=max(naive, default=0)).order_by("pk").values_list("pk", flat=True))

    with as_application() as other:
        insert(other)
        for _ in range(3):
            write()
        read_naively()
        held = seal()
        # The control: who reads by id has gone past it.
        assert len(naive) == 3
        assert (held.added, held.size) == (0, 0)
        assert held.waiting_since
        assert unsealed().count == 3
        other.commit()
    write()
    read_naively()
    assert seal() == Sealed(added=5, size=5)
    late = Entry.objects.get(subject="case:LATE")
    assert late.pk not in naive
    assert rows_of_log()[0] == (late.transaction_id, "entry", late.pk)
    assert rows_of_log() == rows_of_trail()
    check_log(witness)


def test_rows_before_an_open_transaction_are_sealed_and_those_after_it_wait(witness: Witness) -> None:
    write()
    with as_application() as other:
        insert(other)
        write()
        assert seal().size == 1
        other.rollback()
    assert seal().size == 2
    check_log(witness)


def test_an_open_transaction_delays_no_insert(witness: Witness) -> None:
    with as_application() as other:
        insert(other)
        longest = 0.0
        for _ in range(20):
            began = time.monotonic()
            write()
            seal()
            longest = max(longest, time.monotonic() - began)
        assert longest < 2


def test_a_transaction_open_in_another_database_holds_nothing(witness: Witness) -> None:
    with contextlib.closing(connect_as_owner("postgres")) as elsewhere, contextlib.ExitStack() as stack:
        elsewhere.autocommit = False
        elsewhere.execute("SELECT pg_current_xact_id()")
        write()
        assert seal().size == 1
        # The control: the same in this database holds.
        here = stack.enter_context(as_application())
        here.execute("SELECT pg_current_xact_id()")
        write()
        assert seal().size == 1
        here.rollback()
        assert seal().size == 2


def test_the_horizon_never_goes_back(witness: Witness) -> None:
    with contextlib.closing(connect_as_owner("postgres")) as elsewhere:
        elsewhere.autocommit = False
        elsewhere.execute("SELECT pg_current_xact_id()")
        sizes = []
        for _ in range(3):
            write()
            sizes.append(seal().size)
    assert sizes == [1, 2, 3]
    horizons = list(Checkpoint.objects.order_by("size").values_list("horizon", flat=True))
    assert horizons == sorted(horizons)


def test_a_round_takes_whole_transactions_and_about_as_many_rows_as_it_may(witness: Witness) -> None:
    fill(transactions=10, rows_each=3)
    first = seal(limit=7)
    assert first.added == 6
    assert first.has_more
    while seal(limit=7).has_more:
        pass
    assert rows_of_log() == rows_of_trail()
    check_log(witness)


def test_a_transaction_of_more_rows_than_a_round_may_take_is_taken_whole(witness: Witness) -> None:
    fill(transactions=1, rows_each=50)
    write(entries=2, accesses=2)
    assert seal(limit=5) == Sealed(added=50, size=50, has_more=True)
    assert seal(limit=5).size == 54
    check_log(witness)


def test_subtrees_are_kept_where_they_become_whole(witness: Witness) -> None:
    for size in (255, 256, 257, 511, 512):
        fill(transactions=1, rows_each=size - Leaf.objects.count())
        assert seal().size == size
        assert Subtree.objects.count() == size // 256
    check_log(witness)


def test_subtrees_of_higher_levels_are_kept_where_they_become_whole() -> None:
    tree, held = growing.GrowingTree(), {}
    hashes = [leaf_hash(b"%d" % number) for number in range(65_536 + 300)]
    for place, leaf in enumerate(hashes):
        for each in tree.append(leaf):
            held[each.level, each.index] = each.root
        if place + 1 in (65_535, 65_536, 65_537):
            assert tree.root() == root_of(hashes[: place + 1])
    assert held[2, 0] == root_of(hashes[:65_536])
    assert sorted(held) == [(1, index) for index in range(257)] + [(2, 0)]

    def stored(level: int, first: int, end: int) -> list[bytes]:
        return hashes[first:end] if level == 0 else [held[level, index] for index in range(first, end)]

    for size in (0, 1, 255, 256, 65_535, 65_536, 65_537, 65_836):
        again = growing.GrowingTree.restored(size, stored)
        assert again.root() == root_of(hashes[:size])
        assert size == 65_836 or again.append(hashes[size]) == [
            growing.Grown(level, index, root)
            for (level, index), root in held.items()
            if (index + 1) * 256**level == size + 1
        ]


def test_two_sealers_at_once_seal_every_row_once(witness: Witness) -> None:
    failures: list[BaseException] = []
    stop = threading.Event()

    def work() -> None:
        try:
            while not stop.is_set():
                seal(limit=20)
        except BaseException as error:  # noqa: BLE001 - told by the test
            failures.append(error)
        finally:
            connections.close_all()

    sealers = [threading.Thread(target=work) for _ in range(2)]
    for each in sealers:
        each.start()
    for _ in range(60):
        write(entries=1, accesses=1)
    stop.set()
    for each in sealers:
        each.join()
    assert failures == []
    while seal().has_more:
        pass
    assert rows_of_log() == rows_of_trail()
    check_log(witness)


def test_the_oldest_row_that_waits_is_told_to_whoever_may_read_the_trail(witness: Witness) -> None:
    with as_application() as other:
        other.execute("SELECT pg_current_xact_id()")
        write(entries=2, accesses=1)
        sealed = seal()
        waiting = unsealed("default")
        assert sealed.waiting_since == waiting.oldest_at == Entry.objects.earliest("at").at
        assert waiting.count == 3
        assert waiting.oldest_at
        assert not waiting.is_late(waiting.oldest_at)
        other.rollback()
