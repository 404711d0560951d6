"""Whatever a superuser with triggers off does to the trail is named by whom docs/audit.md says, and by nobody else."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from cr_app.audit.keys import verifier_key
from cr_app.audit.verifying import Report, verify
from cr_app.audit.witness import Witness
from tests.audit.sealing import witness
from tests.audit.tampering import DEEDS, LOG, TRAIL, World, build, superuser
from tests.disposable_database import Connection

__all__ = ["witness"]

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "sealer"])

ROOT = Path(__file__).resolve().parents[2]
NAMED, NOT = "named", "not seen"
FILES = ("TRAIL_KEY_FILE", "TRAIL_VERIFIER_FILE", "TRAIL_WITNESS_FILE")


def table() -> dict[str, tuple[str, ...]]:
    """Read the table of docs/audit.md: who names what."""
    text = (ROOT / "docs" / "audit.md").read_text()
    section = text.partition("\n## What each kind of tampering leaves\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return {cells[0]: tuple(cell.strip() for cell in cells[1:]) for cells in rows[2:]}


@dataclass(frozen=True)
class Built:
    """What a process built once: the last checkpoint, the entries' ids, and what stood in the files beside the log."""

    kept: str
    ids: tuple[int, ...]
    files: dict[str, bytes]


@pytest.fixture(scope="module")
def built(django_db_setup: None) -> Iterator[list[Built]]:
    """The log that holds, once the first test has built it; its rows stand in a schema of their own."""
    yield []
    with superuser() as database:
        database.execute("DROP SCHEMA IF EXISTS built, backup CASCADE")


@pytest.fixture
def world(witness: Witness, built: list[Built]) -> Iterator[World]:
    """A log that holds, row by row the one that was built, and a superuser's connection to its database."""
    with superuser() as database:
        if built:
            put_in_place(database, built[0])
        else:
            built.append(keep(database, *build()))
        yield World(database, built[0].kept, list(built[0].ids))


def keep(database: Connection, note: str, ids: list[int]) -> Built:
    """Keep every row and file of the log as it stands."""
    database.execute("CREATE SCHEMA built")
    for each in (*TRAIL, *LOG):
        database.execute(f"CREATE TABLE built.{each} AS SELECT * FROM {each}")  # noqa: S608
    return Built(note, tuple(ids), {name: getattr(settings, name).read_bytes() for name in FILES})


def put_in_place(database: Connection, built: Built) -> None:
    """Let tables and files hold what was kept, and nothing else."""
    database.execute(f"TRUNCATE {', '.join((*TRAIL, *LOG))}")
    for each in (*TRAIL, *LOG):
        database.execute(f"INSERT INTO {each} OVERRIDING SYSTEM VALUE SELECT * FROM built.{each}")  # noqa: S608
    for name, held in built.files.items():
        getattr(settings, name).write_bytes(held)


def check(*, with_witness: bool, kept: str = "") -> Report:
    return verify(
        witness=settings.TRAIL_WITNESS_FILE if with_witness else None,
        verifier=verifier_key(),
        against=[kept] if kept else [],
        # That parts in two processes make the same whole is held beside; to fork four times a deed takes seconds.
        processes=1,
    )


def says(report: Report) -> str:
    return NOT if report.holds else NAMED


def test_the_table_lists_what_was_tried() -> None:
    assert [name for name in table() if not name.startswith("rewrite a case")] == list(DEEDS)


def test_what_nobody_touched_holds(world: World) -> None:
    report = check(with_witness=True, kept=world.kept)
    assert report.holds, report.problems
    assert (report.size, report.unsealed.count, report.witnessed, report.checkpoints) == (309, 0, 3, 3)
    assert (report.rows, report.personal, report.erased) == (309, 305 * 4 + 4, 0)
    assert report.notices == ()


@pytest.mark.parametrize("deed", DEEDS)
def test_tampering_is_named_by_whom_the_table_says(world: World, deed: str) -> None:
    DEEDS[deed](world)
    found = (
        says(check(with_witness=True)),
        says(check(with_witness=False)),
        says(check(with_witness=False, kept=world.kept)),
    )
    assert found == table()[deed][:3]
    for problem in check(with_witness=True, kept=world.kept).problems:
        assert "Neill" not in problem.sentence
        assert "It was said" not in problem.sentence
