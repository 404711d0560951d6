"""One value, one row of bytes: the encoding under every digest of the trail, written out in docs/audit.md. Pure.

JSON text is not canonical (white space, escapes, order and numbers differ from writer to writer), so each value is
written with its type and its length, and every value has exactly one encoding.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import TypeAlias

JSON: TypeAlias = "bool | int | str | list[JSON] | dict[str, JSON] | None"

FORMAT_VERSION = 1
SALT_BYTES = 32
# An object with this one key stands for a personal value; nothing else may use the key.
DIGEST_KEY = "sha256"

_PERSONAL_DOMAIN = b"community-resolutions personal value 1\n"
_MAX_DEPTH = 32
_MAX_WHOLE = 2**63 - 1
_HEX_DIGEST = re.compile(r"[0-9a-f]{64}")
_WHOLE = re.compile(rb"i(0|-?[1-9][0-9]{0,18})e")
_LENGTH = re.compile(rb"(0|[1-9][0-9]{0,9}):")


class NotCanonical(ValueError):
    """A value that has no canonical bytes, or bytes that no value encodes to."""


def checked(value: object) -> JSON:
    """Return `value` as plain str, int, bool, None, list and dict; raise NotCanonical for anything else, floats too."""
    return _checked(value, 0)


def _checked(value: object, depth: int) -> JSON:
    if depth > _MAX_DEPTH:
        raise NotCanonical(f"a value nested deeper than {_MAX_DEPTH}")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _checked_text(value)
    if isinstance(value, int):
        if not -_MAX_WHOLE - 1 <= value <= _MAX_WHOLE:
            raise NotCanonical("a whole number beyond 64 bits")
        return int(value)
    if isinstance(value, list | tuple):
        return [_checked(item, depth + 1) for item in value]
    if isinstance(value, Mapping):
        return {_checked_key(key): _checked(item, depth + 1) for key, item in value.items()}
    raise NotCanonical(f"a value of type {type(value).__name__}")


def _checked_key(key: object) -> str:
    if not isinstance(key, str):
        raise NotCanonical(f"an object key of type {type(key).__name__}")
    if key == DIGEST_KEY:
        raise NotCanonical(f"an object with the key {DIGEST_KEY}, which is kept for digests")
    return _checked_text(key)


def _checked_text(value: str) -> str:
    # The text itself, also of an enumeration's member whose str() is another.
    text = str.__str__(value)
    if "\x00" in text:
        raise NotCanonical("text with a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotCanonical("text with a lone surrogate") from None
    return text


def digest_of(value: JSON, salt: bytes) -> dict[str, JSON]:
    """Return what stands for a personal value: SHA-256 over a fixed line, the salt and the canonical bytes."""
    if len(salt) != SALT_BYTES:
        raise NotCanonical(f"a salt of {len(salt)} bytes instead of {SALT_BYTES}")
    return {DIGEST_KEY: hashlib.sha256(_PERSONAL_DOMAIN + salt + encode(value)).hexdigest()}


def is_digest(value: object) -> bool:
    """Tell whether `value` stands for a personal value that is kept, or was, outside the canonical bytes."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    digest = value.get(DIGEST_KEY)
    return isinstance(digest, str) and _HEX_DIGEST.fullmatch(digest) is not None


def encode(value: JSON) -> bytes:
    """Return the canonical bytes of a checked value: equal values give equal bytes, different values different ones."""
    parts: list[bytes] = []
    _encode(value, parts)
    return b"".join(parts)


def _encode(value: JSON, parts: list[bytes]) -> None:
    if value is None:
        parts.append(b"n")
    elif value is True:
        parts.append(b"t")
    elif value is False:
        parts.append(b"f")
    elif isinstance(value, int):
        parts.append(b"i%de" % value)
    elif isinstance(value, str):
        text = value.encode()
        parts.append(b"%d:%b" % (len(text), text))
    elif isinstance(value, list):
        parts.append(b"l")
        for item in value:
            _encode(item, parts)
        parts.append(b"e")
    elif isinstance(value, dict):
        parts.append(b"d")
        # Order of code points, which is the order of the UTF-8 bytes.
        for key in sorted(value):
            _encode(key, parts)
            _encode(value[key], parts)
        parts.append(b"e")
    else:
        raise NotCanonical(f"a value of type {type(value).__name__}")


def decode(body: bytes) -> JSON:
    """Return the value whose canonical bytes are `body`; raise NotCanonical when no value has them."""
    value, end = _decode(body, 0, 0)
    if end != len(body):
        raise NotCanonical(f"bytes after the value, at {end}")
    return value


def _decode(body: bytes, at: int, depth: int) -> tuple[JSON, int]:
    # An entry holds values two objects and a list below its own top.
    if depth > _MAX_DEPTH + 8:
        raise NotCanonical("a value nested too deep")
    match body[at : at + 1]:
        case b"n":
            return None, at + 1
        case b"t":
            return True, at + 1
        case b"f":
            return False, at + 1
        case b"i":
            return _decode_whole(body, at)
        case b"l":
            return _decode_list(body, at + 1, depth)
        case b"d":
            return _decode_object(body, at + 1, depth)
        case _:
            return _decode_text(body, at)


def _decode_whole(body: bytes, at: int) -> tuple[int, int]:
    found = _WHOLE.match(body, at)
    if found is None:
        raise NotCanonical(f"no whole number at {at}")
    whole = int(found[1])
    if not -_MAX_WHOLE - 1 <= whole <= _MAX_WHOLE:
        raise NotCanonical(f"a whole number beyond 64 bits at {at}")
    return whole, found.end()


def _decode_text(body: bytes, at: int) -> tuple[str, int]:
    found = _LENGTH.match(body, at)
    if found is None:
        raise NotCanonical(f"no value at {at}")
    end = found.end() + int(found[1])
    if end > len(body):
        raise NotCanonical(f"text cut short at {at}")
    try:
        text = body[found.end() : end].decode()
    except UnicodeDecodeError:
        raise NotCanonical(f"text that is not UTF-8 at {at}") from None
    if "\x00" in text:
        raise NotCanonical(f"text with a NUL character at {at}")
    return text, end


def _decode_list(body: bytes, at: int, depth: int) -> tuple[list[JSON], int]:
    items: list[JSON] = []
    while body[at : at + 1] != b"e":
        item, at = _decode(body, at, depth + 1)
        items.append(item)
    return items, at + 1


def _decode_object(body: bytes, at: int, depth: int) -> tuple[dict[str, JSON], int]:
    members: dict[str, JSON] = {}
    last: str | None = None
    while body[at : at + 1] != b"e":
        key, at = _decode_text(body, at)
        if last is not None and key <= last:
            raise NotCanonical(f"keys out of order before {at}")
        members[key], at = _decode(body, at, depth + 1)
        last = key
    return members, at + 1
