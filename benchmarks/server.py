"""A server of the benchmark's own: fresh data folder, embedded PostgreSQL, gunicorn as in production, a free port."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WORKERS, THREADS = 2, 4
# Enough to hold what is copied when a database is filled: issued, drafts, waiting, not used, with and without victims.
DEMO_CASES = 16


class Server:
    """One service on a database of its own; `prepared` is what the preparation said."""

    def __init__(self) -> None:
        """Choose a folder and a port."""
        self.data = Path(tempfile.mkdtemp(prefix="cr-bench-"))
        self.data.chmod(0o755)
        self.port = _free_port()
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CR_DISPOSABLE")},
            "CR_DATA": str(self.data),
            "CR_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "PORT": str(self.port),
            "WEB_WORKERS": str(WORKERS),
            "WEB_THREADS": str(THREADS),
        }
        self.prepared: dict[str, Any] = {}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, total: int) -> None:
        """Prepare a database, with this many cases unless it is 0, and serve it."""
        self._run("manage.py", "run_demo", "--prepare-only", "--cases", str(DEMO_CASES))
        said = self._run("-m", "benchmarks.prepare", str(total))
        self.prepared = json.loads(said.strip().splitlines()[-1])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "benchmarks.wsgi"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
        )
        self._await_answer(self._process)

    def python(self, *arguments: str) -> str:
        """Run a Python program against this server's database and return what it prints."""
        return self._run(*arguments)

    def worker_memory(self) -> list[dict[str, float]]:
        """Return the memory of each worker in MB: resident, and proportional where the system tells it."""
        if self._process is None:
            return []
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        return [_memory_of(int(pid)) for pid in children if "gunicorn" in _command_of(int(pid))]

    def close(self) -> None:
        """Stop the service; its database stops with its last connection, and its data go."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        for note in self.data.glob("*.place"):
            shutil.rmtree(Path(note.read_text().strip()).parent, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(  # noqa: S603
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def _await_answer(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            if process.poll() is not None:
                raise RuntimeError("gunicorn ended before it answered.")
            time.sleep(0.1)
        raise RuntimeError("gunicorn did not answer within 30 seconds.")


@contextlib.contextmanager
def serving(*, total: int = 0) -> Iterator[Server]:
    """Serve for as long as the block lasts."""
    server = Server()
    try:
        server.start(total=total)
        yield server
    finally:
        server.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _command_of(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


def _memory_of(pid: int) -> dict[str, float]:
    found: dict[str, float] = {}
    names = {"Rss": "resident", "Pss": "proportional"}
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            name, _, rest = line.partition(":")
            if name in names:
                found[names[name]] = round(int(rest.split()[0]) / 1024, 1)
    return found
