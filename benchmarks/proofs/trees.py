"""Proves that trees, proofs and checkpoints are those of RFC 9162 and C2SP: two others' implementations agree.

pymerkle (PyPI) finds the same roots and proofs on random trees. golang.org/x/mod/sumdb (Debian), Go's own reader of such
logs, opens our checkpoints and checks our proofs; it is run where `go` is there, and what was left out is said.
"""

import base64
import json
import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.db import connections
from django.test.utils import CaptureQueriesContext
from pymerkle import InmemoryTree, verify_consistency, verify_inclusion

from cr_app.audit.checkpoints import SigningKey, Statement, new_signing_key, statement_text
from cr_app.audit.growing import FANOUT
from cr_app.audit.proofs import SealedTree
from cr_app.audit.tree import (
    check_consistency,
    check_inclusion,
    consistency_path,
    inclusion_path,
    leaf_bytes,
    leaf_hash,
    root_of,
)

INDEPENDENT = Path(__file__).parent / "independent" / "main.go"
GOPATH = Path("/usr/share/gocode")
BODY_BYTES = 40


@dataclass
class RandomTree:
    """Records such as the sealed log has, and the hashes of their leaves."""

    records: list[bytes]
    hashes: list[bytes]
    _roots: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def root(self, start: int, end: int) -> bytes:
        """Return the root of a part, from all its leaves."""
        if (start, end) not in self._roots:
            self._roots[start, end] = root_of(self.hashes[start:end])
        return self._roots[start, end]


def random_tree(chance: random.Random, *, most: int) -> RandomTree:
    """Return a tree of up to `most` leaves, small ones as often as large ones."""
    size = min(most, int(2 ** chance.uniform(0, most.bit_length())))
    records = [leaf_bytes("entry", number, number // 3, chance.randbytes(BODY_BYTES)) for number in range(size)]
    return RandomTree(records, list(map(leaf_hash, records)))


def agrees_with_pymerkle(tree: RandomTree, chance: random.Random, *, proofs: int) -> int:
    """Compare the root and so many proofs of each kind; return how many, and raise AssertionError where one differs.

    pymerkle's path of inclusion begins with the leaf. It writes consistency in another order, so there each side checks
    its own proof against the other's roots.
    """
    theirs = InmemoryTree(algorithm="sha256")
    theirs.append_entries(tree.records)
    size = len(tree.records)
    assert theirs.get_root() == tree.root(0, size)
    for _ in range(proofs):
        at = chance.randint(1, size)
        index = chance.randrange(at)
        root, proof = theirs.get_root(at), theirs.prove_inclusion(index + 1, at)
        path = inclusion_path(index, at, tree.root)
        assert proof.path == [tree.hashes[index], *path]
        check_inclusion(tree.hashes[index], index, at, path, root)
        verify_inclusion(tree.hashes[index], tree.root(0, at), proof)

        old = chance.randint(1, at)
        check_consistency(old, theirs.get_root(old), at, root, consistency_path(old, at, tree.root))
        verify_consistency(tree.root(0, old), tree.root(0, at), theirs.prove_consistency(old, at))
    return 2 * proofs


def fill_log(hashes: Sequence[bytes], *, using: str, first: int = 0) -> None:
    """Put leaves into the log as the sealer would, with the subtrees that they complete; `first` is a whole block's."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            'INSERT INTO audit_leaf ("index", "table", row_id, transaction_id, hash)'
            " SELECT %s + place - 1, 'entry', %s + place, '1'::xid8, hash"
            " FROM unnest(%s::bytea[]) WITH ORDINALITY AS given (hash, place)",
            [first, first, list(hashes)],
        )
        level, below = 1, list(hashes)
        while whole := len(below) // FANOUT:
            below = [root_of(below[FANOUT * each : FANOUT * (each + 1)]) for each in range(whole)]
            cursor.execute(
                'INSERT INTO audit_subtree (level, "index", root) SELECT %s, %s + place - 1, root'
                " FROM unnest(%s::bytea[]) WITH ORDINALITY AS given (root, place)",
                [level, first // FANOUT**level, below],
            )
            level += 1


def case_for_others(tree: RandomTree, chance: random.Random, key: SigningKey, *, proofs: int) -> str:
    """Return a line for the independent program: two checkpoints of the tree, and proofs between and in them."""
    size = len(tree.records)
    old = chance.randint(1, size)
    indexes = [chance.randrange(size) for _ in range(proofs)]
    return _line(
        key,
        (old, tree.root(0, old)),
        (size, tree.root(0, size)),
        consistency_path(old, size, tree.root),
        [(index, tree.records[index], inclusion_path(index, size, tree.root)) for index in indexes],
    )


def _line(
    key: SigningKey,
    earlier: tuple[int, bytes],
    later: tuple[int, bytes],
    consistency: list[bytes],
    inclusions: Iterable[tuple[int, bytes, list[bytes]]],
) -> str:
    return json.dumps(
        {
            "verifier": key.verifier.text,
            "earlier": _checkpoint(key, *earlier),
            "later": _checkpoint(key, *later),
            "consistency": _texts(consistency),
            "inclusions": [
                {"index": index, "record": base64.b64encode(record).decode(), "path": _texts(path)}
                for index, record, path in inclusions
            ],
        }
    )


def _checkpoint(key: SigningKey, size: int, root: bytes) -> str:
    return key.sign(statement_text(Statement(key.name, size, root, 1, datetime.now(UTC), size, "7/5")))


def _texts(hashes: Iterable[bytes]) -> list[str]:
    return [base64.b64encode(each).decode() for each in hashes]


def independently_checked(lines: Sequence[str]) -> dict[str, int] | str:
    """Have the Go program check the lines; return its counts, or a sentence where it cannot run here.

    Raises AssertionError with its words where it does not accept ours, or accepts an altered one.
    """
    go = shutil.which("go")
    if not go or not (GOPATH / "src/golang.org/x/mod/sumdb/note").is_dir():
        return "not run: install golang-go and golang-golang-x-mod-dev"
    with tempfile.TemporaryDirectory() as cache:
        settings = {"GO111MODULE": "off", "GOPATH": str(GOPATH), "GOCACHE": cache, "GOFLAGS": "", "CGO_ENABLED": "0"}
        run = subprocess.run(
            [go, "run", str(INDEPENDENT)],
            input="".join(f"{line}\n" for line in lines),
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stderr
    counts: dict[str, int] = json.loads(run.stdout)
    assert counts["checkpoints"] == 2 * len(lines), counts
    return counts


def prove(quick: bool, say: Callable[[str], None]) -> dict[str, object]:
    """Compare random trees with both, then proofs read from the database; return how many agreed, and how fast."""
    chance = random.Random(20261121)
    key = new_signing_key("proofs.community-resolutions.example/trail")
    count, most = (30, 200) if quick else (1000, 1000)
    trees = [random_tree(chance, most=most) for _ in range(count)]
    compared = sum(agrees_with_pymerkle(tree, chance, proofs=10) for tree in trees)
    say(f"pymerkle agrees on {count} trees and {compared} proofs")
    figures: dict[str, object] = {"trees": count, "proofs that pymerkle agrees on": compared}

    lines = [case_for_others(tree, chance, key, proofs=5) for tree in trees]
    lines.append(_from_database(quick, say, key, chance, figures))
    counts = independently_checked(lines)
    say(f"golang.org/x/mod/sumdb: {counts}")
    return {**figures, "golang.org/x/mod/sumdb": counts if isinstance(counts, str) else json.dumps(counts)}


def _from_database(
    quick: bool, say: Callable[[str], None], key: SigningKey, chance: random.Random, figures: dict[str, object]
) -> str:
    """Fill the log, prove from it with few reads, and return those proofs for the independent program."""
    size = 3000 if quick else 200_000
    records = [leaf_bytes("entry", number + 1, 1, b"%d" % number) for number in range(size)]
    tree = RandomTree(records, list(map(leaf_hash, records)))
    fill_log(tree.hashes, using="sealer")
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE audit_leaf, audit_subtree")
    root, most = tree.root(0, size), 0
    asked = [chance.randrange(size) for _ in range(20 if quick else 500)]
    inclusions, began = [], time.perf_counter()
    for index in asked:
        with CaptureQueriesContext(connections["default"]) as queries:
            path = SealedTree().inclusion(index, size)
        most = max(most, len(queries))
        check_inclusion(tree.hashes[index], index, size, path, root)
        inclusions.append((index, records[index], path))
    each = 1000 * (time.perf_counter() - began) / len(asked)
    old = chance.randrange(1, size)
    consistency = SealedTree().consistency(old, size)
    check_consistency(old, tree.root(0, old), size, root, consistency)
    # Two blocks of each of the three levels there can be below 16,777,216 leaves.
    assert most <= 6, most
    say(f"{size} leaves in the database: a proof takes {most} queries at most and {each:.1f} ms")
    figures |= {"leaves in the database": size, "queries a proof, at most": most, "ms a proof": round(each, 1)}
    return _line(key, (old, tree.root(0, old)), (size, root), consistency, inclusions)
