"""The embedded server: who starts it, what it survives, and where it can live."""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

from cr_app.database.embedded import PORT, Server

REPOSITORY = Path(__file__).resolve().parents[2]
SEARCHED = os.pathsep.join([str(REPOSITORY), *filter(None, sys.path)])
NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account")
pytestmark = pytest.mark.xdist_group("embedded server")


class User:
    """A program of its own that uses the server of a folder."""

    def __init__(self, folder: Path, *, programs: str = "", account: int | None = None, python: str = "") -> None:
        environment = {**os.environ, "PYTHONPATH": SEARCHED}
        command = [python or sys.executable, "-m", "tests.database.embedded_user", str(folder), programs]
        self._process = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            env=environment,
            user=account,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self) -> None:
        """Have the program join, without waiting for the answer."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def answer(self) -> str:
        """Return what it said."""
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def join(self) -> str:
        """Have the program join and return the host, or the refusal."""
        self.ask()
        return self.answer()

    def leave(self) -> None:
        """Let the program end, if it has not."""
        if self._process.poll() is None:
            self._process.communicate()

    def kill(self) -> None:
        """End the program by kill -9."""
        self._process.kill()
        self._process.communicate()


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that every account may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="cr-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def start(place: Path) -> Iterator[Callable[..., User]]:
    """Start users of one server; those still there leave after the test."""
    with contextlib.ExitStack() as stack:

        def started(folder: Path = place / "shared", **options: Any) -> User:
            user = User(folder, **options)
            stack.callback(user.leave)
            return user

        yield started


def postmasters(folder: Path) -> list[int]:
    """Return the process numbers of the servers that run on a folder's data."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            words = (entry / "cmdline").read_bytes().split(b"\0") if entry.name.isdigit() else []
            if len(words) > 2 and words[1] == b"-D" and words[2].startswith(os.fsencode(folder)):
                found.append(int(entry.name))
    # A child of the server bears its parent's words for a moment, until it has a title of its own.
    return [number for number in found if parent_of(number) not in found]


def parent_of(number: int) -> int:
    """Return the number of a process's parent; 0 when it has ended."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait up to ten seconds for something that happens elsewhere."""
    until = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < until, "it did not happen within ten seconds"
        time.sleep(0.02)


def fetch(host: str, query: LiteralString) -> object:
    """Return one value, as the application."""
    with psycopg.connect(host=host, port=PORT, user="cr_app", dbname="cr") as connection:
        row = connection.execute(query).fetchone()
    assert row
    return row[0]


def test_the_first_user_starts_it_and_the_last_one_stops_it(place: Path, start: Callable[..., User]) -> None:
    first, second = start(), start()
    host = first.join()
    assert second.join() == host
    assert len(postmasters(place / "shared")) == 1
    first.leave()
    assert fetch(host, "SELECT current_user") == "cr_app"
    second.leave()
    assert postmasters(place / "shared") == []


def test_two_that_start_at_once_share_one_server_and_half_made_data_are_made_anew(
    place: Path, start: Callable[..., User]
) -> None:
    folder = place / "at once"
    users = [start(folder), start(folder)]
    half_made = Server(folder).folder / "data.unfinished"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").touch()
    for user in users:
        user.ask()
    first, second = (user.answer() for user in users)
    assert first == second
    assert len(postmasters(folder)) == 1
    assert not half_made.exists()


def test_it_listens_on_a_private_socket_alone(start: Callable[..., User]) -> None:
    host = start().join()
    assert fetch(host, "SELECT current_setting('listen_addresses')") == ""
    assert Path(host).stat().st_mode & 0o777 == 0o700


def test_a_killed_user_does_not_leave_it_behind(place: Path, start: Callable[..., User]) -> None:
    killed, staying = start(), start()
    killed.join()
    host = staying.join()
    killed.kill()
    time.sleep(0.2)
    assert fetch(host, "SELECT 1") == 1
    staying.kill()
    wait_until(lambda: not postmasters(place / "shared"))


def test_a_killed_server_is_started_again_for_the_same_user(place: Path, start: Callable[..., User]) -> None:
    user = start()
    host = user.join()
    (killed,) = postmasters(place / "shared")
    os.kill(killed, signal.SIGKILL)
    assert user.join() == host
    assert fetch(host, "SELECT 1") == 1
    assert postmasters(place / "shared") != [killed]


def test_a_killed_keeper_takes_the_server_along_and_the_next_user_gets_another(
    place: Path, start: Callable[..., User]
) -> None:
    user = start()
    user.join()
    (server,) = postmasters(place / "shared")
    os.kill(parent_of(server), signal.SIGKILL)
    wait_until(lambda: not postmasters(place / "shared"))
    assert fetch(user.join(), "SELECT 1") == 1


def test_a_process_number_left_in_its_file_and_taken_by_another_does_not_matter(
    place: Path, start: Callable[..., User]
) -> None:
    start().join()
    (server,) = postmasters(place / "shared")
    os.kill(server, signal.SIGKILL)
    data = Server(place / "shared").folder / "data"
    stranger = subprocess.Popen(["sleep", "60"], user=data.stat().st_uid if os.geteuid() == 0 else None)
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        (data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *lines[1:]]))
        assert fetch(start().join(), "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_data_survive_a_stop(start: Callable[..., User]) -> None:
    first = start()
    host = first.join()
    with psycopg.connect(host=host, port=PORT, user="cr_owner", dbname="cr") as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number; GRANT SELECT ON kept TO PUBLIC")
        connection.execute("GRANT USAGE ON SCHEMA public TO cr_app")
    first.leave()
    assert fetch(start().join(), "SELECT number FROM kept") == 7


def test_a_long_folder_with_a_space_a_comma_and_a_quote(place: Path, start: Callable[..., User]) -> None:
    for name in ('space, comma and "quote"', "long" * 40):
        host = start(place / name).join()
        assert len(os.fsencode(host)) < 107
        assert fetch(host, "SELECT 1") == 1


@as_root
def test_under_a_folder_of_roots_own_the_data_stay_in_a_system_folder(start: Callable[..., User]) -> None:
    private = Path(tempfile.mkdtemp(prefix="cr-test-"))
    user = start(private / "project" / "var")
    host = user.join()
    note = next((private / "project" / "var").glob("postgresql-*.place"))
    elsewhere = Path(note.read_text().strip())
    again = start(private / "project" / "var")
    try:
        assert private.stat().st_mode & 0o077 == 0
        assert fetch(host, "SELECT 1") == 1
        user.leave()
        assert (elsewhere / "data" / "PG_VERSION").is_file()
        assert again.join() == host
    finally:
        user.leave()
        again.leave()
        shutil.rmtree(private)
        shutil.rmtree(elsewhere.parent)


@as_root
def test_an_ordinary_account_runs_its_own_and_is_told_whose_anothers_is(
    place: Path, start: Callable[..., User]
) -> None:
    python = _python_for_everybody()
    folder = place / "ordinary"
    folder.mkdir()
    os.chown(folder, NOBODY, NOBODY)
    host = start(folder, account=NOBODY, python=python).join()
    assert fetch(host, "SELECT 1") == 1
    (server,) = postmasters(folder)
    assert Path(f"/proc/{server}").stat().st_uid == NOBODY
    owner = start()
    owner.join()
    if (Server(place / "shared").folder / "data").stat().st_uid != NOBODY:
        refusal = start(place / "shared", account=NOBODY, python=python).join()
        assert "use that account, or name another folder in CR_DATA" in refusal
    refusal = start(Path("/proc/nowhere"), account=NOBODY, python=python).join()
    assert refusal.startswith("refused: The folder /proc/nowhere cannot be made")


def _python_for_everybody() -> str:
    """Return an interpreter that an ordinary account may run on this project, or skip."""
    environment = {**os.environ, "PYTHONPATH": SEARCHED}
    for candidate in (os.path.realpath(sys.executable), "/usr/bin/python3.11", "/usr/bin/python3"):
        command = [candidate, "-c", "import tests, cr_app.database.embedded"]
        with contextlib.suppress(OSError):
            if subprocess.run(command, user=NOBODY, cwd="/", env=environment, capture_output=True).returncode == 0:
                return candidate
    pytest.skip("an ordinary account may not run this project's interpreter or read its files")


def test_programs_that_are_not_there_are_one_sentence(place: Path, start: Callable[..., User]) -> None:
    refusal = start(place / "none", programs="/nowhere").join()
    assert refusal == "refused: CR_PG_BIN is '/nowhere', but there is no program `postgres` in that folder."


def test_a_server_that_neither_answers_nor_ends_is_waited_for(place: Path, start: Callable[..., User]) -> None:
    user = start()
    user.join()
    user.leave()
    folder = Server(place / "shared").folder
    with (folder / "server.lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        next_user = start()
        next_user.ask()
        time.sleep(0.3)
        assert postmasters(place / "shared") == []
    assert fetch(next_user.answer(), "SELECT 1") == 1


def test_settings_and_commands_without_a_query_start_nothing(place: Path) -> None:
    folder = place / "untouched"
    environment = {**os.environ, "CR_DATA": str(folder)}
    command = [sys.executable, "manage.py", "shell", "-v0", "--command", "pass"]
    subprocess.run(command, cwd=REPOSITORY, env=environment, check=True)
    assert not folder.exists()
