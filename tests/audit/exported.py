"""What the tests of exports share: a sealed log with a case in it, its exports, and verify.py run as a recipient does."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypedDict

import pytest
from django.db import transaction

from cr_app.audit.exporting import Exported, export_case, export_period
from cr_app.audit.sealer import seal
from cr_app.audit.trail import Actor, Change, look, record
from cr_app.audit.witness import Witness

AMINA = Actor("officer", "12", "P241775", "PC", "Amina Khan")
CASE, OTHER = "case:7KQM2PXR", "case:2B3C4D5F"
PERSONAL = frozenset({"last_names", "place"})
SCRIPT = Path(__file__).resolve().parents[2] / "cr_app/audit/exporting/verify.py"


class Told(TypedDict):
    """What an export is for, and for whom."""

    purpose: str
    recipient: str


TOLD: Told = {"purpose": "Complaint 44", "recipient": "Panel of Wandsworth"}


def tell() -> None:
    """Write a small story of two cases, each happening in a transaction of its own."""
    for number, subject in enumerate([CASE, OTHER, CASE, OTHER, CASE]):
        change = Change(
            "update",
            "offender",
            "9",
            old={"last_names": "Neill", "age": number},
            new={"last_names": "O’Neill\x1b[2J", "age": number + 1},
            personal=PERSONAL,
        )
        with transaction.atomic():
            record(
                "case.row_changed", actor=AMINA, subject=subject, reason="A slip of the pen", changes=[change],
                details={"row": "the offender", "section": "Offender", "version": number},
            )  # fmt: skip
        with transaction.atomic():
            look(actor=AMINA, subjects=[subject], page="case", kind="consultation", implied=False, reason="A call")
    with transaction.atomic():
        look(actor=AMINA, subjects=[CASE, OTHER], page="cases", kind="consultation", implied=True)


@pytest.fixture
def told(witness: Witness) -> None:
    """The story, sealed."""
    tell()
    seal()


def nothing(subject: str) -> bool:
    """Withhold nothing."""
    return False


def of_case(
    to: Path, against: str = "", *, withhold: Callable[[str], bool] = nothing, personal: bool = True
) -> Exported:
    """Export the case."""
    return export_case(CASE, to=to, withhold=withhold, with_personal=personal, against=against, **TOLD)


def of_period(to: Path, *, withhold: Callable[[str], bool] = nothing, personal: bool = True) -> Exported:
    """Export all of the day around now."""
    now = datetime.now(UTC)
    day = timedelta(days=1)
    return export_period(now - day, now + day, to=to, withhold=withhold, with_personal=personal, **TOLD)


def verify(folder: Path, *arguments: str, script: Path = SCRIPT) -> tuple[int, str]:
    """Run verify.py on a folder, without anything of this project at hand; return exit status and what it says."""
    run = subprocess.run(
        [sys.executable, "-I", "-S", str(script), str(folder), *arguments],
        cwd="/", capture_output=True, text=True, check=False, env={"PYTHONIOENCODING": "utf-8"}, encoding="utf-8",
    )  # fmt: skip
    assert "Traceback" not in run.stderr, run.stderr
    assert run.stderr == ""
    return run.returncode, run.stdout


def copied(folder: Path, to: Path) -> Path:
    """Copy an export, to alter it."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to)
    return to
