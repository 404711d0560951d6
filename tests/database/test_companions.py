"""What runs beside the demo starts with it and ends with it, however it ends; what it sealed survives a restart."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import transaction

from cr_app.audit.models import Leaf
from cr_app.audit.sealer import unsealed
from cr_app.audit.trail import ANONYMOUS, record
from cr_app.audit.witness import read_notes
from tests.database.test_wsgi import REPOSITORY, free_port

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "sealer"]),
    pytest.mark.xdist_group("gunicorn"),
]
PARENT = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "cr_app.settings"
from cr_app.database.companions import start_companion
sys.stdout.write(f"{start_companion('seal_audit_trail', '--every=0.05')}\\n")
sys.stdout.flush()
os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(60)"])
"""

# As `manage.py` does, but that the passwords of the cast cost least.
MANAGE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "cr_app.settings"
from tests.passwords import cost_least
cost_least()
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""


@pytest.fixture
def environment(database_urls: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The environment of a demo on this test's database, with a trail of its own."""
    usual = {name: value for name, value in os.environ.items() if name not in {"CR_DISPOSABLE", "CR_DATA"}}
    demo = {"CR_DEMO": "1", "CR_DATA": str(tmp_path), "PORT": str(free_port()), "SECRET_KEY": "a key of the tests"}
    return usual | demo | database_urls


def companions_of(number: int) -> list[int]:
    """Return the processes that were told to end with this one."""
    found = []
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if folder.name.isdigit() and f"--stop-with-parent={number}\0" in (folder / "cmdline").read_text():
                found.append(int(folder.name))
    return found


def wait_until(is_so: Callable[[], object], seconds: float = 30) -> None:
    """Wait until it is so."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


@contextlib.contextmanager
def demo(environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """A demo that answers, and none of its processes when this is left."""
    command = [sys.executable, "-c", MANAGE, "run_demo", "--cases", "0"]
    service = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert service.stdout
        assert any(" answers on http://" in line for line in service.stdout)
        yield service
    finally:
        service.kill()
        service.wait()
        assert service.stdout
        service.stdout.close()
        wait_until(lambda: not companions_of(service.pid))


@pytest.mark.parametrize("wish", [signal.SIGTERM, signal.SIGKILL])
def test_a_companion_ends_with_what_started_it(environment: dict[str, str], wish: signal.Signals) -> None:
    make_key = [sys.executable, "manage.py", "make_trail_key"]
    subprocess.run(make_key, cwd=REPOSITORY, env=environment, check=True, stdout=subprocess.DEVNULL)
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    companion = int(parent.stdout.readline())
    assert companions_of(parent.pid) == [companion]
    wait_until(lambda: unsealed().count == 0)
    parent.send_signal(wish)
    parent.wait()
    parent.stdout.close()
    wait_until(lambda: not companions_of(parent.pid), seconds=10)


def test_a_companion_whose_parent_was_gone_before_it_began_ends_at_once(environment: dict[str, str]) -> None:
    make_key = [sys.executable, "manage.py", "make_trail_key"]
    subprocess.run(make_key, cwd=REPOSITORY, env=environment, check=True, stdout=subprocess.DEVNULL)
    command = [sys.executable, "manage.py", "seal_audit_trail", "--stop-with-parent=1"]
    assert subprocess.run(command, cwd=REPOSITORY, env=environment, timeout=30).returncode == 0


def test_the_demo_seals_what_it_keeps_until_it_is_killed(environment: dict[str, str], tmp_path: Path) -> None:
    with demo(environment) as service:
        with transaction.atomic():
            record("case.started", actor=ANONYMOUS, subject="case:7KQM2PXR", details={"version": 1})
        assert companions_of(service.pid)
        wait_until(lambda: unsealed().count == 0)
        service.kill()
        service.wait()
        wait_until(lambda: not companions_of(service.pid), seconds=10)
    sizes = [int(note.splitlines()[1]) for note in read_notes(tmp_path / "trail" / "witness")]
    assert sizes[-1] == Leaf.objects.count() >= 1
