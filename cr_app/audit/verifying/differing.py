"""Says where a row's columns and its bytes part, in plain words; values only of columns that hold nothing personal. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cr_app.audit.canonical import JSON, decode

_COLUMNS = {
    "actor.key": "actor_key",
    "actor.kind": "actor_kind",
    "actor.name": "actor_name",
    "actor.rank": "rank",
    "actor.warrant_number": "warrant_number",
    "format": "format_version",
    "reason": "reason_digest",
    "recipient": "recipient_digest",
    "request": "request_id",
}
# What a column holds, in words.
WORDS = {
    "actor_key": "the account of who acted",
    "actor_kind": "what kind of actor acted",
    "actor_name": "the name of who acted",
    "address": "the address of the computer",
    "at": "the time",
    "details": "the details",
    "event": "what happened",
    "format_version": "the version of the format",
    "implied": "whether a reason had to be given",
    "kind": "the kind of look",
    "outcome": "the outcome",
    "page": "the page",
    "rank": "the rank of who acted",
    "reason_digest": "the digest of the reason",
    "recipient_digest": "the digest of the recipient",
    "request_id": "the request",
    "sitting": "the sitting",
    "subject": "the record that it is about",
    "subjects": "the records that were looked at",
    "warrant_number": "the warrant number of who acted",
}
_TOLD = {"actor_name", "address", "at", "event", "kind", "outcome", "page", "rank", "warrant_number"}
_LONGEST = 80
_Make = Callable[[tuple[Any, ...]], tuple[bytes, object]]


def differences(row: tuple[Any, ...], make: _Make, *, is_sealed: bool) -> list[str]:
    """Return in words what differs between a row's columns, of which `make` makes bytes, and its bytes, the third of them.

    `is_sealed`: the bytes are those that were sealed.
    """
    try:
        of_bytes = decode(row[2])
    except (ValueError, RecursionError):
        return ["its bytes are no value in canonical form"]
    try:
        of_columns = decode(make(row)[0])
    except (ValueError, RecursionError, TypeError):
        return ["its columns hold what has no canonical form"]
    if not isinstance(of_bytes, dict) or not isinstance(of_columns, dict):
        return ["its bytes are no object"]
    found = []
    for name, now, then in _columns(of_columns, of_bytes, ""):
        words = WORDS.get(name, f"the column {name}")
        told = name in _TOLD
        if is_sealed:
            values = f": sealed {quoted(then)}, now {quoted(now)}" if told else ""
            found.append(f"{words} changed{values}")
        else:
            values = f": {quoted(then)} in the bytes, {quoted(now)} in the column" if told else ""
            found.append(f"{words} and its bytes differ{values}")
    return found


def quoted(value: JSON) -> str:
    """Return a value as a sentence may have it: in quotation marks, on one line, and not too long."""
    if value is None or value == "":
        return "nothing"
    text = "".join(letter if letter.isprintable() else "?" for letter in str(value))
    return f"“{text}”" if len(text) <= _LONGEST else f"“{text[:_LONGEST]}…”"


def _columns(
    of_columns: Mapping[str, JSON], of_bytes: Mapping[str, JSON], before: str
) -> Iterator[tuple[str, JSON, JSON]]:
    """Yield the columns that differ, with what they and the bytes say; a member that only one side has differs too."""
    for name in sorted(of_columns.keys() | of_bytes.keys()):
        one, other = of_columns.get(name), of_bytes.get(name)
        if one is other is None or (name in of_columns and name in of_bytes and _same(one, other)):
            if (name in of_columns) == (name in of_bytes):
                continue
            yield _COLUMNS.get(before + name, name), one, other
        elif name == "actor" and isinstance(one, dict) and isinstance(other, dict):
            yield from _columns(one, other, "actor.")
        else:
            yield _COLUMNS.get(before + name, name), one, other


def _same(one: JSON, other: JSON) -> bool:
    """Tell whether two values are the same, a number never the same as yes or no."""
    return type(one) is type(other) and repr(one) == repr(other)
