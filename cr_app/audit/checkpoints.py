"""What a checkpoint of the sealed log says, and how it is signed: C2SP tlog-checkpoint and signed-note. Pure.

The text is origin, size, root and four lines more: epoch, time, horizon and database. A note is a text, an empty line
and signatures.
Keys are written as golang.org/x/mod/sumdb/note writes them, so that tools for that format read ours.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cr_app.audit.tree import HASH_BYTES

ALGORITHM = "ed25519"
NAME_LENGTH = 200
_TYPE = b"\x01"
_KEY_BYTES = 32
_ID_BYTES = 4
_SIGNATURE_BYTES = 64
_NOTE_LENGTH = 100_000
_SIGNATURES = 100
_PRIVATE_MARK = "PRIVATE+KEY+"
_SIGNATURE_MARK = "— "
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"
_NOT_IN_NOTES = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,18}")
_DATABASE = re.compile(r"[!-~]{1,64}")


class BadKey(ValueError):
    """A text that is no key, or a name that no key may have; the sentence never repeats a secret."""


class NotSigned(ValueError):
    """A note that the key does not vouch for, or that is none; the sentence says why."""


class NotAStatement(NotSigned):
    """A text that does not state the size and root of a log as this service writes it."""


@dataclass(frozen=True)
class Statement:
    """What a checkpoint states: the log of this name had this size and this root at this time, in this epoch.

    It has every row of the transactions before `horizon`, as `database` numbers them.
    """

    origin: str
    size: int
    root: bytes
    epoch: int
    made_at: datetime
    horizon: int
    database: str


def statement_text(statement: Statement) -> str:
    """Return the text of a checkpoint; raise NotAStatement where a part of it cannot be written."""
    if not _is_name(statement.origin):
        raise NotAStatement("The name of a log is a text without spaces and plus signs.")
    if len(statement.root) != HASH_BYTES:
        raise NotAStatement(f"A root has {HASH_BYTES} bytes, not {len(statement.root)}.")
    if statement.size < 0 or statement.epoch < 1:
        raise NotAStatement("Sizes count from 0 and epochs from 1.")
    if statement.made_at.tzinfo is None:
        raise NotAStatement("The time of a checkpoint needs its offset.")
    if statement.horizon < 0 or not _DATABASE.fullmatch(statement.database):
        raise NotAStatement("Transactions count from 0, and a database has a name without spaces.")
    lines = (
        statement.origin,
        str(statement.size),
        _to_base64(statement.root),
        f"epoch {statement.epoch}",
        f"time {statement.made_at.astimezone(UTC).strftime(_TIME)}",
        f"horizon {statement.horizon}",
        f"database {statement.database}",
    )
    return "".join(f"{line}\n" for line in lines)


def parse_statement(text: str) -> Statement:
    """Return what the text of a checkpoint states; raise NotAStatement for any other, each has one way to be written."""
    lines = text.split("\n")
    if len(lines) != 8 or lines[7]:
        raise NotAStatement("The text of a checkpoint has seven lines.")
    origin, size, root, epoch, made_at, horizon, database = lines[:7]
    numbers = size, epoch.removeprefix("epoch "), horizon.removeprefix("horizon ")
    if not all(map(_WHOLE.fullmatch, numbers)):
        raise NotAStatement("The size, the epoch or the horizon of the checkpoint is no number.")
    try:
        statement = Statement(
            origin=origin,
            size=int(numbers[0]),
            root=_from_base64(root),
            epoch=int(numbers[1]),
            made_at=datetime.strptime(made_at.removeprefix("time "), _TIME).replace(tzinfo=UTC),
            horizon=int(numbers[2]),
            database=database.removeprefix("database "),
        )
    except ValueError:
        raise NotAStatement("The root or the time of the checkpoint cannot be read.") from None
    if statement_text(statement) != text:
        raise NotAStatement("The checkpoint is not written in the one way there is.")
    return statement


@dataclass(frozen=True)
class VerifierKey:
    """The public key with which anyone checks what the log's own key signed."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key written as name+id+base64; raise BadKey for anything else."""
        name, key_id, encoded = _three(text)
        key = cls(name, _key_bytes(encoded))
        if key.key_id != key_id:
            raise BadKey("The verifier key is damaged: its id is that of another key.")
        return key

    @cached_property
    def key_id(self) -> str:
        """The first four bytes, in hexadecimal, of SHA-256 over name, newline, type and public key."""
        return hashlib.sha256(self.name.encode() + b"\n" + _TYPE + self.public).hexdigest()[: 2 * _ID_BYTES]

    @property
    def text(self) -> str:
        """The key as it is handed out."""
        return f"{self.name}+{self.key_id}+{_to_base64(_TYPE + self.public)}"

    def has_signed(self, message: bytes, signature: bytes) -> bool:
        """Tell whether the signature over the message is this key's."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """The log's own key, which the sealer alone may read."""

    name: str
    seed: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key written as PRIVATE+KEY+name+id+base64; raise BadKey for anything else."""
        if not text.startswith(_PRIVATE_MARK):
            raise BadKey(f"A signing key begins with {_PRIVATE_MARK}.")
        name, key_id, encoded = _three(text.removeprefix(_PRIVATE_MARK))
        key = cls(name, _key_bytes(encoded))
        if key.key_id != key_id:
            raise BadKey("The signing key is damaged: its id is that of another key.")
        return key

    @cached_property
    def verifier(self) -> VerifierKey:
        """The public key that belongs to it."""
        return VerifierKey(self.name, self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    @property
    def key_id(self) -> str:
        """The id of the key, the same as its verifier's."""
        return self.verifier.key_id

    @property
    def text(self) -> str:
        """The key as it is kept: a secret."""
        return f"{_PRIVATE_MARK}{self.name}+{self.key_id}+{_to_base64(_TYPE + self.seed)}"

    def sign(self, text: str) -> str:
        """Return the text as a note with this key's signature; raise NotSigned for one that no note can hold."""
        if not _is_text_of_note(text):
            raise NotSigned("A note holds lines of text, each ended by a newline.")
        signature = self._private.sign(text.encode())
        return f"{text}\n{_SIGNATURE_MARK}{self.name} {_to_base64(bytes.fromhex(self.key_id) + signature)}\n"

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def new_signing_key(name: str) -> SigningKey:
    """Make a key for the log of this name; raise BadKey for a name that cannot stand in a note."""
    if not _is_name(name):
        raise BadKey(f"A log's name is a text of up to {NAME_LENGTH} characters without spaces and plus signs.")
    return SigningKey(name, Ed25519PrivateKey.generate().private_bytes_raw())


def open_note(note: str | bytes, verifier: VerifierKey) -> Statement:
    """Return what a signed checkpoint states; raise NotSigned unless this key signed it, under its own name."""
    statement = parse_statement(signed_text(note, verifier))
    if statement.origin != verifier.name:
        raise NotSigned("The checkpoint is of a log with another name than its key.")
    return statement


def signed_text(note: str | bytes, verifier: VerifierKey) -> str:
    """Return the text of a note; raise NotSigned unless this key signed it.

    Signatures of other keys count neither way; every one that claims to be this key's must be good.
    """
    text, signatures = _parts(note)
    ours = [signature for name, key_id, signature in signatures if (name, key_id) == (verifier.name, verifier.key_id)]
    if not ours:
        raise NotSigned(f"The note has no signature of the key {verifier.name}+{verifier.key_id}.")
    if not all(verifier.has_signed(text.encode(), signature) for signature in ours):
        raise NotSigned(f"The note is not what the key {verifier.name}+{verifier.key_id} signed.")
    return text


def _parts(note: str | bytes) -> tuple[str, list[tuple[str, str, bytes]]]:
    """Return a note's text, and of each signature the name, the id of the key, and its bytes."""
    if len(note) > _NOTE_LENGTH:
        raise NotSigned("This is no signed note: it is too long.")
    try:
        whole = note.decode() if isinstance(note, bytes) else note
    except UnicodeDecodeError:
        raise NotSigned("This is no signed note: it is not UTF-8.") from None
    text, divider, block = whole.rpartition("\n\n")
    text += "\n"
    lines = block.split("\n")
    if not divider or not _is_text_of_note(text) or lines.pop() or not 1 <= len(lines) <= _SIGNATURES:
        raise NotSigned("This is no signed note.")
    return text, [_signature(line) for line in lines]


def _signature(line: str) -> tuple[str, str, bytes]:
    name, _, encoded = line.removeprefix(_SIGNATURE_MARK).partition(" ")
    try:
        decoded = _from_base64(encoded)
    except ValueError:
        decoded = b""
    if not line.startswith(_SIGNATURE_MARK) or not _is_name(name) or len(decoded) <= _ID_BYTES:
        raise NotSigned("This is no signed note: a line of signature cannot be read.")
    return name, decoded[:_ID_BYTES].hex(), decoded[_ID_BYTES:]


def _three(text: str) -> tuple[str, str, str]:
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    if not _is_name(name):
        raise BadKey("The key has no name, or one that no key may have.")
    return name, key_id, encoded


def _key_bytes(encoded: str) -> bytes:
    try:
        decoded = _from_base64(encoded)
    except ValueError:
        decoded = b""
    if decoded[:1] != _TYPE or len(decoded) != 1 + _KEY_BYTES:
        raise BadKey("The key is damaged, or not one of Ed25519.")
    return decoded[1:]


def _is_name(name: str) -> bool:
    """Tell whether a key or a log can have this name: no space, no plus, nothing that cannot be seen."""
    return 0 < len(name) <= NAME_LENGTH and name.isprintable() and not any(each in "+ " for each in name)


def _is_text_of_note(text: str) -> bool:
    """Tell whether it is lines, the last one ended too, without control characters and lone surrogates."""
    return len(text) > 1 and text.endswith("\n") and not _NOT_IN_NOTES.search(text)


def _to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _from_base64(text: str) -> bytes:
    """Return the bytes; raise ValueError for whatever is not the one way to write them."""
    try:
        decoded = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
    if _to_base64(decoded) != text:
        raise ValueError("not the only base64 of its bytes")
    return decoded
