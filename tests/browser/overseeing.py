"""The programs that seal and watch the trail beside the server, as `make run` has them."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.browser.programs import REPOSITORY, Server

_PATIENCE = 30


@dataclass(frozen=True)
class Overseen:
    """A server whose trail is sealed and watched."""

    environment: dict[str, str]

    def run(self, *command: str) -> str:
        """Run a management command to its end; returns what it says."""
        manage = [sys.executable, "manage.py", *command]
        done = subprocess.run(
            manage, cwd=REPOSITORY, env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def find_flags(self) -> None:
        """Have what is sealed looked through for flags now."""
        self.run("find_red_flags")


@contextlib.contextmanager
def oversee(server: Server) -> Iterator[Overseen]:
    """Seal the trail of a server each half second and carry out the checks that are asked for, until the end."""
    overseen = Overseen({**server.environment, **server.database_urls})
    overseen.environment.pop("DATABASE_OWNER_URL", None)
    overseen.run("make_trail_key")
    with contextlib.ExitStack() as running:
        for command in (["seal_audit_trail", "--every", "0.5"], ["watch_trail"]):
            manage = [sys.executable, "manage.py", *command]
            program = running.enter_context(
                subprocess.Popen(manage, cwd=REPOSITORY, env=overseen.environment, stdout=subprocess.DEVNULL)
            )
            running.callback(_end, program)
        yield overseen


def _end(program: "subprocess.Popen[bytes]") -> None:
    program.terminate()
    until = time.monotonic() + _PATIENCE
    while program.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    if program.poll() is None:
        program.kill()
