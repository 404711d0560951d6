"""Says where a row's columns and its bytes part, by the names of columns and never by their values. Pure."""

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
_Make = Callable[[tuple[Any, ...]], tuple[bytes, object]]


def differences(row: tuple[Any, ...], make: _Make) -> list[str]:
    """Return in words what differs between a row's columns, of which `make` makes bytes, and its bytes, the third of them."""
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
    return [f"its column {name} says something else than its bytes" for name in _columns(of_columns, of_bytes, "")]


def _columns(of_columns: Mapping[str, JSON], of_bytes: Mapping[str, JSON], before: str) -> Iterator[str]:
    """Yield the names of the columns that differ; a member that only one side has differs too."""
    for name in sorted(of_columns.keys() | of_bytes.keys()):
        one, other = of_columns.get(name), of_bytes.get(name)
        if one is other is None or (name in of_columns and name in of_bytes and _same(one, other)):
            if (name in of_columns) == (name in of_bytes):
                continue
            yield _COLUMNS.get(before + name, name)
        elif name == "actor" and isinstance(one, dict) and isinstance(other, dict):
            yield from _columns(one, other, "actor.")
        else:
            yield _COLUMNS.get(before + name, name)


def _same(one: JSON, other: JSON) -> bool:
    """Tell whether two values are the same, a number never the same as yes or no."""
    return type(one) is type(other) and repr(one) == repr(other)
