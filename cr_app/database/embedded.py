"""Runs a PostgreSQL of the project's own for demo, development and tests; production sets DATABASE_URL instead.

The server starts on the first connection, listens on a private unix socket alone, is shared by all processes that
name the same folder, and stops when the last of them ends, however it ends (see keeper.py for how).
"""

import atexit
import contextlib
import fcntl
import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import psycopg

from cr_app.database import keeper, roles
from cr_app.database.place import Account, ServerFailed, account_for, choose_folder, is_reachable, make_folder
from cr_app.database.programs import find_programs, major_version, programs_for

SUPERUSER = "postgres"
PORT = 5432
# The longest address that the kernel takes for a unix socket is 107 bytes.
LONGEST_SOCKET = 106
WAIT_SECONDS = keeper.START_SECONDS + keeper.STOP_SECONDS
INHERITED = "CR_USERS_LOCK"
ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "UTC"}


class Server:
    """One embedded server: `start` joins it, starting it when nobody did yet; `leave` lets it go."""

    def __init__(self, data_folder: Path, *, durable: bool = True, programs: str = "") -> None:
        """Describe a server; nothing is made, found or started before `start`."""
        self._data_folder = data_folder
        self._durable = durable
        self._configured = programs
        self._threads = threading.Lock()
        self._joined: tuple[int, int] | None = None

    @functools.cached_property
    def programs(self) -> Path:
        """The folder of PostgreSQL's programs."""
        return find_programs(self._configured)

    @functools.cached_property
    def folder(self) -> Path:
        """The folder of the server's data, locks and log; its name ends in PostgreSQL's major version."""
        return choose_folder(self._data_folder, major_version(self.programs))

    @property
    def host(self) -> str:
        """The folder of the unix socket of the running server."""
        return (self.folder / "address").read_text()

    def start(self) -> str:
        """Join the server, starting it when it does not answer, and return the host to connect to."""
        with self._threads:
            account = self._prepare()
            if self._joined is None:
                self._join()
            with _locked(self.folder / "start.lock"):
                if not self._answers():
                    self._await_end_or_answer()
                if not self._answers():
                    self._start_anew(account)
                self._make_roles(account)
            return self.host

    def leave(self) -> None:
        """Stop being a user; when nobody else is one, wait until the server has stopped.

        A forked child shares its parent's place and gives up nothing when it ends.
        """
        if self._joined is None or self._joined[0] != os.getpid():
            return
        os.close(self._joined[1])
        self._joined = None
        until = time.monotonic() + keeper.STOP_SECONDS
        while time.monotonic() < until and self._is_held("server.lock") and not self._has_users():
            time.sleep(0.02)

    def hand_over(self) -> None:
        """Let the program that this process is about to become keep its place among the users."""
        if self._joined is not None:
            os.set_inheritable(self._joined[1], True)
            os.environ[INHERITED] = str(self._joined[1])

    def _prepare(self) -> Account:
        """Make the folder and its locks for the account that runs the server."""
        account = account_for(self.folder / "data")
        make_folder(self.folder, account)
        for name in ("start.lock", "users.lock", "server.lock"):
            path = self.folder / name
            try:
                path.touch(mode=0o600)
                if account.is_another:
                    os.chown(path, account.uid, account.gid)
            except OSError as error:
                raise ServerFailed(
                    f"The file {path} cannot be written ({error.strerror}): name another folder in CR_DATA."
                ) from error
        return account

    def _join(self) -> None:
        """Hold the users' lock; this waits while the server is stopping after its last user went."""
        descriptor = _inherited(self.folder / "users.lock")
        if descriptor is None:
            descriptor = os.open(self.folder / "users.lock", os.O_RDWR)
            fcntl.flock(descriptor, fcntl.LOCK_SH)
        self._joined = (os.getpid(), descriptor)
        atexit.register(self.leave)

    def _is_held(self, lock: str) -> bool:
        with _opened(self.folder / lock) as descriptor:
            return not _try(descriptor, fcntl.LOCK_EX)

    def _has_users(self) -> bool:
        """Tell whether others share the users' lock; held alone by the keeper, it is stopping the server."""
        with _opened(self.folder / "users.lock") as descriptor:
            return not _try(descriptor, fcntl.LOCK_EX) and _try(descriptor, fcntl.LOCK_SH)

    def _connect(self, database: str) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host=self.host, port=PORT, user=SUPERUSER, dbname=database, autocommit=True, connect_timeout=5
        )

    def _answers(self) -> bool:
        if not self._is_held("server.lock") or not (self.folder / "address").exists():
            return False
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _await_end_or_answer(self) -> None:
        """Wait while another server is on its way up or down."""
        until = time.monotonic() + WAIT_SECONDS
        while self._is_held("server.lock") and not self._answers():
            if time.monotonic() > until:
                raise ServerFailed(
                    f"The database server in {self.folder} neither answers nor ends: see {self.folder / 'server.log'}."
                )
            time.sleep(0.02)

    def _start_anew(self, account: Account) -> None:
        programs = programs_for(account, self.programs)
        if not (self.folder / "data").exists():
            self._make_data(account, programs)
        socket = self._make_socket_folder(account)
        wanted = {
            "command": [str(programs / "postgres"), "-D", str(self.folder / "data"), *self._options(socket)],
            "environment": ENVIRONMENT,
            "data": str(self.folder / "data"),
            "log": str(self.folder / "server.log"),
            "users": str(self.folder / "users.lock"),
            "server": str(self.folder / "server.lock"),
            "socket": str(socket),
            "temporary_socket": socket.parent != self.folder,
            "account": _switch(account),
        }
        answer = subprocess.run(
            [sys.executable, "-I", "-S", keeper.__file__, json.dumps(wanted)],
            cwd="/",
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        ).stdout
        if answer != "ready\n":
            raise ServerFailed(
                f"The database server did not start: {answer.strip()}. See {self.folder / 'server.log'}."
            )

    def _options(self, socket: Path) -> list[str]:
        values = {
            "listen_addresses": "",
            "port": str(PORT),
            # The value is a list of names, in which quoting keeps commas and spaces.
            "unix_socket_directories": '"' + str(socket).replace('"', '""') + '"',
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",
            "max_connections": "120",
        }
        if not self._durable:
            values |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes", "autovacuum"), "off")
            values |= {"wal_level": "minimal", "max_wal_senders": "0", "max_wal_size": "2GB"}
        return [part for name, value in values.items() for part in ("-c", f"{name}={value}")]

    def _make_data(self, account: Account, programs: Path) -> None:
        """Make the data folder whole or not at all: an interrupted attempt leaves nothing that looks finished."""
        unfinished = self.folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if account.is_another:
            os.chown(unfinished, account.uid, account.gid)
        # The builtin provider sorts and folds alike on every machine; 17 brought it.
        unicode = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        locale = unicode if major_version(self.programs) >= 17 else ["--locale=C.UTF-8"]
        command = [
            str(programs / "initdb"),
            "-D",
            str(unfinished),
            "-U",
            SUPERUSER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            *locale,
        ]
        if not self._durable:
            command.append("--no-sync")
        made = subprocess.run(
            command, cwd="/", env=ENVIRONMENT, capture_output=True, text=True, check=False, **_switch(account)
        )
        if made.returncode:
            said = (made.stderr.strip() or "initdb said nothing").splitlines()[-1]
            raise ServerFailed(f"The database folder {self.folder} could not be made: {said}")
        unfinished.rename(self.folder / "data")

    def _make_socket_folder(self, account: Account) -> Path:
        """Make the private folder of the socket: beside the data, or a temporary one when that path will not do."""
        note = self.folder / "address"
        beside = self.folder / "socket"
        if note.exists() and (former := Path(note.read_text())) != beside:
            shutil.rmtree(former, ignore_errors=True)
        if _can_be_socket_folder(beside):
            socket = beside
            socket.mkdir(mode=0o700, exist_ok=True)
        else:
            socket = Path(tempfile.mkdtemp(prefix="cr-"))
        if account.is_another:
            os.chown(socket, account.uid, account.gid)
        if not is_reachable(socket, account) or not _can_be_socket_folder(socket):
            raise ServerFailed(
                f"The database server cannot listen in {socket}: set TMPDIR to a short folder that everybody may enter."
            )
        _write_note(note, str(socket), account)
        return socket

    def _make_roles(self, account: Account) -> None:
        """Make the roles, unless this server has them from an earlier start."""
        note = self.folder / "roles"
        wanted = hashlib.sha256(Path(roles.__file__).read_bytes()).hexdigest()
        if note.exists() and note.read_text() == wanted:
            return
        with self._connect("postgres") as server:
            roles.make_roles(server)
        with self._connect(roles.DATABASE) as database:
            roles.make_extensions(database)
        _write_note(note, wanted, account)


def _inherited(path: Path) -> int | None:
    """Return the lock that `hand_over` left open for this program."""
    descriptor = os.environ.pop(INHERITED, "")
    if not descriptor:
        return None
    os.set_inheritable(int(descriptor), False)
    return int(descriptor) if os.path.samestat(os.fstat(int(descriptor)), path.stat()) else None


def _can_be_socket_folder(folder: Path) -> bool:
    """Tell whether the socket's address is short enough, and a client does not take it for a list of hosts."""
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET and "," not in str(folder)


class _Switch(TypedDict, total=False):
    """What subprocess takes to run a program as another account."""

    user: int
    group: int
    extra_groups: list[int]


def _switch(account: Account) -> _Switch:
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account.is_another else {}


def _write_note(note: Path, text: str, account: Account) -> None:
    """Write a file that root and the server's account may both replace later."""
    unfinished = note.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.write_text(text)
    if account.is_another:
        os.chown(unfinished, account.uid, account.gid)
    unfinished.rename(note)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with _opened(path) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


def _try(descriptor: int, operation: int) -> bool:
    try:
        fcntl.flock(descriptor, operation | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
