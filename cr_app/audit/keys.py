"""The keys of the sealed log as files: one signs, which the sealer alone may read; one checks, which is anyone's."""

import contextlib
import os
import secrets
from pathlib import Path

from django.conf import settings

from cr_app.audit.checkpoints import BadKey, SigningKey, VerifierKey, new_signing_key

_SECRET_MODE = 0o600
_PUBLIC_MODE = 0o644
# What others than the owner and the group may do with a secret, and what the group may not.
_NOBODY_ELSE = 0o027


class NoKey(Exception):
    """A key that is not there, or not as it must be; the sentence says what to do."""


def signing_key() -> SigningKey:
    """Return the key that signs checkpoints; raise NoKey where it cannot be read, is another log's or open to others."""
    path: Path = settings.TRAIL_KEY_FILE
    text = _read(path, "signing")
    if path.stat().st_mode & _NOBODY_ELSE:
        raise NoKey(f"Others may read or change the signing key {path}: run chmod 600 on it.")
    try:
        key = SigningKey.parse(text)
    except BadKey as error:
        raise NoKey(f"{path} holds no signing key. {error}") from None
    _check_name(key.name, path)
    return key


def verifier_key() -> VerifierKey:
    """Return the key that checks checkpoints; raise NoKey where it cannot be read or is another log's."""
    path: Path = settings.TRAIL_VERIFIER_FILE
    try:
        key = VerifierKey.parse(_read(path, "verifier"))
    except BadKey as error:
        raise NoKey(f"{path} holds no verifier key. {error}") from None
    _check_name(key.name, path)
    return key


def make_keys() -> bool:
    """Make both files where there is no signing key, and tell whether one was made; what is there is never overwritten.

    A verifier key alone that is missing is written anew. Raises NoKey where the log has no name, where there is a
    verifier key without its signing key, or where the two do not belong together.
    """
    secret, public = settings.TRAIL_KEY_FILE, settings.TRAIL_VERIFIER_FILE
    if is_new := not secret.exists():
        if public.exists():
            raise NoKey(
                f"{public} is there, but the signing key {secret} is not: another could not go on with this log."
            )
        try:
            key = new_signing_key(settings.TRAIL_ORIGIN)
        except BadKey as error:
            raise NoKey(f"Set CR_TRAIL_ORIGIN to a name such as cr.example.police.uk/trail. {error}") from None
        is_new = _write(secret, key.text, _SECRET_MODE)
    verifier = signing_key().verifier
    _write(public, verifier.text, _PUBLIC_MODE)
    if verifier_key() != verifier:
        raise NoKey(f"{public} does not belong to {secret}: put the right one back.")
    return is_new


def _read(path: Path, kind: str) -> str:
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        raise NoKey(f"There is no {kind} key in {path}: make_trail_key makes one.") from None
    except (OSError, UnicodeDecodeError):
        raise NoKey(f"The {kind} key in {path} cannot be read.") from None


def _check_name(name: str, path: Path) -> None:
    if name != settings.TRAIL_ORIGIN:
        raise NoKey(
            f"{path} is the key of the log {name}, but CR_TRAIL_ORIGIN is {settings.TRAIL_ORIGIN or 'not set'}."
        )


def _write(path: Path, text: str, mode: int) -> bool:
    """Put the text into a new file, whole or not at all; tell False where there is a file of this name."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
            file.write(f"{text}\n")
            file.flush()
            os.fsync(file.fileno())
        return _linked(draft, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise NoKey(f"{path} cannot be written: {error.strerror}.") from None


def _linked(draft: Path, path: Path) -> bool:
    """Give the draft its name, unless there is a file of it: unlike a rename, a link leaves that as it is."""
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True
