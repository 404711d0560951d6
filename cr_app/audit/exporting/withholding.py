"""Which records an export of a period shows nothing of: whoever owns a kind of record says so when it is ready."""

from collections.abc import Callable, Iterable

_registered: dict[str, Callable[[], Iterable[str]]] = {}


def register(kind: str, keys: Callable[[], Iterable[str]]) -> None:
    """Have the records of this kind withheld whose keys `keys` yields at the time of an export."""
    _registered[kind] = keys


def restricted_subjects() -> frozenset[str]:
    """Return the subjects of all records that are restricted now."""
    return frozenset(f"{kind}:{key}" for kind, keys in _registered.items() for key in keys())
