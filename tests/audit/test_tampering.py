"""Whatever a superuser with triggers off does to the trail is named by whom docs/audit.md says, and by nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from cr_app.audit.keys import verifier_key
from cr_app.audit.verifying import Report, verify
from cr_app.audit.witness import Witness
from tests.audit.sealing import witness
from tests.audit.tampering import DEEDS, World, build, superuser

__all__ = ["witness"]

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "sealer"])

ROOT = Path(__file__).resolve().parents[2]
NAMED, NOT = "named", "not seen"


def table() -> dict[str, tuple[str, ...]]:
    """Read the table of docs/audit.md: who names what."""
    text = (ROOT / "docs" / "audit.md").read_text()
    section = text.partition("\n## What each kind of tampering leaves\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return {cells[0]: tuple(cell.strip() for cell in cells[1:]) for cells in rows[2:]}


@pytest.fixture
def world(witness: Witness) -> Iterator[World]:
    """A log that holds, and a superuser's connection to its database."""
    kept, ids = build()
    with superuser() as database:
        try:
            yield World(database, kept, ids)
        finally:
            database.execute("DROP SCHEMA IF EXISTS backup CASCADE")


def check(*, with_witness: bool, kept: str = "") -> Report:
    return verify(
        witness=settings.TRAIL_WITNESS_FILE if with_witness else None,
        verifier=verifier_key(),
        against=[kept] if kept else [],
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
