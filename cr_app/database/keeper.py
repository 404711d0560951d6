"""Keeps the embedded PostgreSQL as long as somebody uses it; a script of its own, started by embedded.py.

Locks of the kernel, never process numbers, say who is there: they are let go of however a process ends.
`users` is shared by every process that uses the server; `server` is held by this process, PostgreSQL and
all its children, so that a free `server` proves that nothing of a former server is left.
"""

import ctypes
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

START_SECONDS = 120
STOP_SECONDS = 30
_PR_SET_PDEATHSIG = 1


def _stop_with_keeper() -> Callable[[], None]:
    """Return what makes the kernel stop PostgreSQL should this process be killed."""
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _say(line: str) -> None:
    """Answer the process that waits for the start, if it still does."""
    try:
        sys.stdout.write(line)
        sys.stdout.flush()
    except BrokenPipeError:
        pass
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def _stop_when_unused(users: int, server: "subprocess.Popen[bytes]") -> None:
    """Wait until the last user went, then stop the server; newcomers wait for the lock until it is gone."""
    fcntl.flock(users, fcntl.LOCK_EX)
    for wish in (signal.SIGINT, signal.SIGQUIT):
        server.send_signal(wish)
        until = time.monotonic() + STOP_SECONDS
        while time.monotonic() < until:
            time.sleep(0.05)


def _await_ready(server: "subprocess.Popen[bytes]", status_file: Path) -> bool:
    """Wait until PostgreSQL writes `ready` in its status file; False when it ended or took too long."""
    until = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        try:
            lines = status_file.read_text().splitlines()
        except OSError:
            lines = []
        if len(lines) >= 8 and lines[0] == str(server.pid) and lines[7].strip() == "ready":
            return True
        time.sleep(0.01)
    return False


def main() -> None:
    """Start the server that the first argument describes, say `ready`, and stay until it ends."""
    if os.fork():
        os._exit(0)
    wanted = json.loads(sys.argv[1])
    data, log = Path(wanted["data"]), Path(wanted["log"])
    users = os.open(wanted["users"], os.O_RDWR)
    lock = os.open(wanted["server"], os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    # The lock proves that no process of a former server lives, whatever number its file names by now.
    (data / "postmaster.pid").unlink(missing_ok=True)
    log.unlink(missing_ok=True)
    with log.open("xb") as output:
        server = subprocess.Popen(
            wanted["command"],
            cwd="/",
            env=wanted["environment"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=[lock],
            preexec_fn=_stop_with_keeper(),
            **wanted["account"],
        )
    threading.Thread(target=_stop_when_unused, args=(users, server), daemon=True).start()
    if _await_ready(server, data / "postmaster.pid"):
        _say("ready\n")
    else:
        _say("failed\n")
        server.send_signal(signal.SIGINT)
    server.wait()
    if wanted["temporary_socket"]:
        shutil.rmtree(wanted["socket"], ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    main()
