"""Checks rows: that their bytes are those sealed, that their columns say what the bytes say, and their personal values.

The bytes are made anew from the columns and compared whole, which is quicker than reading them; what differs is looked
for afterwards, where they do.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cr_app.audit.canonical import SALT_BYTES, encode
from cr_app.audit.verifying.differing import differences
from cr_app.audit.verifying.encoding import DetailsEncoder, Digests
from cr_app.audit.verifying.reading import ACCESS, ENTRY, LeafRow, Reader
from cr_app.audit.verifying.reports import Kind, Problem, Problems, named

_START = datetime(2000, 1, 1, tzinfo=UTC)
_A_MINUTE = 60_000_000
_KEPT = 20_000
_NO_VALUE = b"?"
_QUOTE = ord('"')
_DOMAIN = b"community-resolutions personal value 1\n"
_ENTRY = b"%b%b%02d.%06dZ7:details%b%b%b7:subject%d:%b5:table5:entrye"
_ACCESS = b"%b%b%02d.%06dZ%b4:page%b6:reason%d:%b9:recipient%d:%b7:request%b7:sitting%b8:subjects%b5:table6:accesse"
_NO_DIGESTS: Digests = ({}, ())
# By whether there is a reason, and a recipient.
_OF_ACCESS = {
    (True, False): {b"reason": 0},
    (False, True): {b"recipient": 1},
    (True, True): {b"reason": 0, b"recipient": 1},
}


class _Remembered(dict[Any, bytes]):
    """Bytes made of a value, kept for the next time; forgotten all at once when there are many."""

    def __init__(self, make: Callable[[Any], bytes]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, value: Any) -> bytes:
        if len(self) >= _KEPT:
            self.clear()
        made = self[value] = self._make(value)
        return made


def _text(value: bytes) -> bytes:
    return b"%d:%b" % (len(value), value)


def _front(columns: tuple[bytes, bytes, bytes, bytes, bytes, bytes]) -> bytes:
    """Return what stands before the time: who, and from which address."""
    kind, key, warrant_number, rank, name, address = map(_text, columns)
    actor = b"d3:key%b4:kind%b4:name%b4:rank%b14:warrant_number%be" % (key, kind, name, rank, warrant_number)
    return b"d5:actor%b7:address%b2:at27:" % (actor, address)


def _middle_of_entry(columns: tuple[bytes, int, bytes]) -> bytes:
    event, version, outcome = columns
    return b"5:event%b6:formati%de7:outcome%b7:request" % (_text(event), version, _text(outcome))


def _middle_of_access(columns: tuple[int, bool, bytes, bytes]) -> bytes:
    version, implied, kind, outcome = columns
    flag = b"t" if implied else b"f"
    return b"6:formati%de7:implied%b4:kind%b7:outcome%b" % (version, flag, _text(kind), _text(outcome))


def _minute(minute: int) -> bytes:
    try:
        return (_START + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:").encode()
    except OverflowError:
        return _NO_VALUE


def _subjects(subjects: tuple[bytes, ...]) -> bytes:
    return b"l%be" % b"".join(map(_text, subjects))


class RowChecker:
    """Checks batch after batch of rows, and keeps what it found."""

    def __init__(self, reader: Reader) -> None:
        """Read through `reader`."""
        self._reader = reader
        self.problems = Problems()
        self.rows = self.personal = self.erased = 0
        self._details = DetailsEncoder()
        self._texts = _Remembered(_text)
        self._fronts = _Remembered(_front)
        self._minutes = _Remembered(_minute)
        self._middles = {ENTRY: _Remembered(_middle_of_entry), ACCESS: _Remembered(_middle_of_access)}
        self._subjects = _Remembered(_subjects)
        self._values = _Remembered(_canonical)
        self._makers = {ENTRY: self._entry, ACCESS: self._access}

    def check_sealed(self, table: str, leaves: Mapping[int, LeafRow]) -> None:
        """Check the rows of one table that these leaves, by the ids of the rows, stand for."""
        self._check(table, leaves)

    def check_unsealed(self, table: str, ids: Iterable[int]) -> None:
        """Check rows of one table that no leaf stands for: their columns against their bytes alone."""
        self._check(table, dict.fromkeys(ids))

    def _check(self, table: str, wanted: Mapping[int, LeafRow | None]) -> None:
        ids = list(wanted)
        make, head, sha256 = self._makers[table], b"\x00%b %%d %%d\n" % table.encode(), hashlib.sha256
        digests: dict[int, Digests] = {}
        for row in self._reader.happenings(table, ids):
            row_id, transaction_id, body = row[:3]
            if row_id not in wanted:
                continue
            leaf = wanted[row_id]
            is_sealed = leaf is not None
            if leaf is not None and (
                sha256(head % (row_id, transaction_id) + body).digest() != leaf[4] or transaction_id != leaf[3]
            ):
                self._add_changed(table, row, leaf)
                is_sealed = False
            if row_id in digests:
                self._add(Kind.INSERTED, table, row_id, leaf, "it is there more than once")
            try:
                made, digests[row_id] = make(row)
            except (ValueError, RecursionError, TypeError):
                made, digests[row_id] = b"", _NO_DIGESTS
            if made != body:
                self._add_columns(table, row, leaf, is_sealed=is_sealed)
        self.rows += len(digests)
        for row_id in wanted.keys() - digests.keys():
            self._add_gone(table, row_id, wanted[row_id])
        self._check_personal(table, wanted, digests)

    def _entry(self, row: tuple[Any, ...]) -> tuple[bytes, Digests]:
        """Make the canonical bytes of an entry from its columns (bodies.entry_body says which), and tell its digests."""
        _, _, _, at, kind, key, warrant, rank, name, outcome, request, address, version, event, subject, details = row
        minute, rest = divmod(at, _A_MINUTE)
        encoded, digests = self._details.encode(details)
        made = _ENTRY % (
            self._fronts[kind, key, warrant, rank, name, address],
            self._minutes[minute],
            *divmod(rest, 1_000_000),
            encoded,
            self._middles[ENTRY][event, version, outcome],
            b"n" if request is None else b"36:" + request,
            len(subject),
            subject,
        )
        return made, digests

    def _access(self, row: tuple[Any, ...]) -> tuple[bytes, Digests]:
        """Make the canonical bytes of an access from its columns (bodies.access_body says which), and tell its digests."""
        _, _, _, at, actor_kind, key, warrant, rank, name, outcome, request, address, version = row[:13]
        kind, subjects, page, implied, sitting, reason, recipient = row[13:]
        minute, rest = divmod(at, _A_MINUTE)
        made = _ACCESS % (
            self._fronts[actor_kind, key, warrant, rank, name, address],
            self._minutes[minute],
            *divmod(rest, 1_000_000),
            self._middles[ACCESS][version, implied, kind, outcome],
            self._texts[page],
            len(reason),
            reason,
            len(recipient),
            recipient,
            b"n" if request is None else b"36:" + request,
            self._texts[sitting],
            self._subjects[tuple(subjects)],
        )
        if not reason and not recipient:
            return made, _NO_DIGESTS
        return made, (_OF_ACCESS[bool(reason), bool(recipient)], (reason, recipient))

    def _check_personal(self, table: str, wanted: Mapping[int, LeafRow | None], digests: Mapping[int, Digests]) -> None:
        """Hold the personal values that are still there to the digests of their rows; none may stand where there is none.

        A digest is made as canonical.digest_of makes it, of a value given as JSON text.
        """
        kept, sha256, others = 0, hashlib.sha256, self._values
        for row_id, path, value, salt in self._reader.personal(table, list(wanted)):
            if row_id not in digests:
                continue
            places, texts = digests[row_id]
            if path not in places:
                what = "a personal value is kept at a place where the row has none"
                self._add(Kind.PERSONAL, table, row_id, wanted[row_id], what)
                continue
            kept += 1
            length = len(value) - 2
            # A text without an escape stands there as it is.
            if value.find(b'"', 1) == length + 1 and value[0] == _QUOTE and b"\\" not in value:
                salted = b"%b%b%d:%b" % (_DOMAIN, salt, length, value[1:-1])
            else:
                salted = b"%b%b%b" % (_DOMAIN, salt, others[value])
            if sha256(salted).hexdigest().encode() != texts[places[path]] or len(salt) != SALT_BYTES:
                what = f"the personal value at {path.decode()} is not the one that was recorded"
                self._add(Kind.PERSONAL, table, row_id, wanted[row_id], what)
        self.personal += kept
        self.erased += sum([len(places) for places, _ in digests.values()]) - kept

    def _add_changed(self, table: str, row: tuple[Any, ...], leaf: LeafRow) -> None:
        what, sealed_with = "the row is not the one that was sealed", leaf[3]
        if row[1] != sealed_with:
            what = f"the row names another transaction ({row[1]}) than it was sealed with ({sealed_with})"
        self._add(Kind.CHANGED, table, row[0], leaf, what)

    def _add_columns(self, table: str, row: tuple[Any, ...], leaf: LeafRow | None, *, is_sealed: bool) -> None:
        for what in differences(row, self._makers[table], is_sealed=is_sealed):
            self._add(Kind.COLUMNS, table, row[0], leaf, what)

    def _add_gone(self, table: str, row_id: int, leaf: LeafRow | None) -> None:
        self._add(Kind.GONE, table, row_id, leaf, "it was sealed, and is not there any more")

    def _add(self, kind: Kind, table: str, row_id: int, leaf: LeafRow | None, what: str) -> None:
        index = None if leaf is None else leaf[0]
        self.problems.add(Problem(kind, f"{named(table, row_id, index)}: {what}.", table, row_id, index))


def _canonical(value: bytes) -> bytes:
    """Return the canonical bytes of a value given as JSON text; of what is none, bytes that no value has."""
    try:
        return encode(json.loads(value))
    except (ValueError, RecursionError):
        return _NO_VALUE
