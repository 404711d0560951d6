"""Commands that run beside the service: started with it, ended between two pieces of work when it ends or is told to."""

import os
import signal
import subprocess
import sys
import threading
import time
from types import FrameType, TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.management.base import CommandParser

# The service comes first where processors are few, above all while all of them start.
_NICENESS = 5
# How soon a companion sees that its parent is gone.
_LOOK_SECONDS = 0.25
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def add_parent_argument(parser: CommandParser) -> None:
    """Let a command be told to end when the process that started it does; that process may name itself."""
    parser.add_argument(
        "--stop-with-parent",
        nargs="?",
        type=int,
        const=os.getppid(),
        metavar="PID",
        help="end when the process that started this ends, however it does",
    )


class EndOfService:
    """Waits between two pieces of work, and knows when it is time to end: SIGTERM, SIGINT, or the parent gone."""

    def __init__(self, parent: int | None = None) -> None:
        """Name the parent to end with, if any."""
        self._parent = parent
        self._told = threading.Event()
        self._former: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        """Take the signals."""
        self._former = {each: signal.signal(each, self._tell) for each in _SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give them back."""
        for each, handler in self._former.items():
            signal.signal(each, handler)

    def wait(self, seconds: float) -> bool:
        """Pause for so long, or until it is time to end; tell whether it is."""
        until = time.monotonic() + seconds
        while not (self._told.is_set() or self._is_alone()):
            rest = until - time.monotonic()
            if rest <= 0:
                return False
            self._told.wait(min(rest, _LOOK_SECONDS) if self._parent else rest)
        return True

    def _is_alone(self) -> bool:
        return self._parent is not None and os.getppid() != self._parent

    def _tell(self, number: int, frame: FrameType | None) -> None:
        self._told.set()


def start_companion(command: str, *arguments: str) -> int:
    """Start a management command that ends with this process, or with what this process becomes; return its number.

    Ctrl-C reaches it by the end of its parent only, so that it ends in order.
    """
    program = [sys.executable, str(settings.BASE_DIR / "manage.py"), command, *arguments]
    started = subprocess.Popen(
        [*program, f"--stop-with-parent={os.getpid()}"],
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_yield_to_service,
    )
    # Nobody waits for it here: this process becomes another, which reaps it.
    started.returncode = 0
    return started.pid


def _yield_to_service() -> None:
    os.nice(_NICENESS)
