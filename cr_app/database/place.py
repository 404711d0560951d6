"""Decides where the embedded server's files live and which operating system account runs it."""

import os
import pwd
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path

# Used when the data folder lies where the server's account may not go, such as a clone in root's own home.
SYSTEM_FOLDER = Path("/var/lib/community-resolutions")


class ServerFailed(RuntimeError):
    """The embedded server cannot be used; the message is one sentence that says why and what to do."""


@dataclass(frozen=True)
class Account:
    """The operating system account that runs PostgreSQL, which refuses to run as root."""

    uid: int
    gid: int
    name: str

    @property
    def is_another(self) -> bool:
        """Tell whether the server runs as somebody else than this process."""
        return self.uid != os.geteuid()


def account_for(data: Path) -> Account:
    """Return who runs the server on `data`: its owner, or for new data this account, or as root one without rights."""
    if data.exists():
        uid = data.stat().st_uid
        if os.geteuid() not in {0, uid}:
            raise ServerFailed(
                f"The database folder {data} belongs to {_account(uid).name}: "
                "use that account, or name another folder in CR_DATA."
            )
        return _account(uid)
    if os.geteuid() != 0:
        return _account(os.geteuid())
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, name)
    raise ServerFailed(
        "PostgreSQL does not run as root and there is neither a postgres nor a nobody account to run it."
    )


def _account(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Account(uid, os.getegid() if uid == os.geteuid() else uid, f"account {uid}")
    return Account(uid, entry.pw_gid, entry.pw_name)


def is_reachable(path: Path, account: Account, *, mode: str = "x") -> bool:
    """Tell whether `account` may enter or run (`x`) or read (`r`) `path`, every folder above it included."""
    if not account.is_another:
        return os.access(path, os.X_OK if mode == "x" else os.R_OK)
    command = ["/usr/bin/test", f"-{mode}", str(path)]
    return subprocess.run(command, cwd="/", user=account.uid, group=account.gid, extra_groups=[]).returncode == 0


def make_folder(folder: Path, account: Account | None = None) -> None:
    """Make `folder` and its missing parents, open for reading whatever the umask is; owned by `account` when given."""
    try:
        missing = [part for part in (folder, *folder.parents) if not part.exists()]
        for part in reversed(missing):
            part.mkdir(exist_ok=True)
            part.chmod(0o755)
    except OSError as error:
        raise ServerFailed(
            f"The folder {folder} cannot be made ({error.strerror}): name another in CR_DATA."
        ) from error
    if account is not None and account.is_another:
        os.chown(folder, account.uid, account.gid)


def choose_folder(data_folder: Path, major: int) -> Path:
    """Return the folder of the server under `data_folder`, or one under /var/lib where its account could not get there.

    The latter is written beside it (`postgresql-18.place`), so that the data are found again after the project moved.
    """
    folder = data_folder / f"postgresql-{major}"
    note = folder.with_suffix(".place")
    try:
        make_folder(data_folder)
        if note.is_file():
            return Path(note.read_text().strip())
        account = account_for(folder / "data")
        if is_reachable(data_folder, account):
            return folder
        if (folder / "data").exists():
            raise ServerFailed(
                f"The account {account.name} can no longer enter {data_folder}: "
                "allow it with chmod o+x on the folders above."
            )
        elsewhere = SYSTEM_FOLDER / secrets.token_hex(6) / folder.name
        make_folder(SYSTEM_FOLDER)
    except OSError as error:
        raise ServerFailed(
            f"{data_folder} cannot be used ({error.strerror}): name another folder in CR_DATA."
        ) from error
    if not is_reachable(SYSTEM_FOLDER, account):
        raise ServerFailed(
            f"Neither {data_folder} nor {SYSTEM_FOLDER} can be entered by {account.name}: "
            "name another folder in CR_DATA."
        )
    return _agree_on(elsewhere, note)


def _agree_on(folder: Path, note: Path) -> Path:
    """Write down the folder, whole or not at all, unless another process was first; return the one that stands there."""
    unfinished = note.with_suffix(f".{os.getpid()}")
    unfinished.write_text(f"{folder}\n")
    try:
        note.hardlink_to(unfinished)
    except FileExistsError:
        return Path(note.read_text().strip())
    finally:
        unfinished.unlink()
    return folder
