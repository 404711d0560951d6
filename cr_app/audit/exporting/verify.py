"""Checks an export of the audit trail with nothing but Python 3.11 or later: python verify.py [FOLDER].

It trusts nothing but the key. The key must have signed the checkpoint; the bytes of every row must lead, by the hashes
given, to the root that was signed; every personal value must be the one whose digest those bytes hold.
Exit status: 0 everything holds; 1 something does not, each thing a line; 2 the export cannot be read, with the reason.
Sources: RFC 9162, 2.1 (the tree), RFC 8032, 5.1 (Ed25519), C2SP signed-note and tlog-checkpoint, docs/audit.md.
"""

import argparse
import base64
import hashlib
import json
import re
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

if sys.version_info < (3, 11):  # noqa: UP036 - whoever is given an export may have any Python
    sys.stderr.write("This script needs Python 3.11 or later.\n")
    sys.exit(2)

FORMAT = "community-resolutions export 1"
LARGEST, LONGEST = 2**63 - 1, 64_000_000
WHOLE, WITHHELD = {"index", "table", "id", "transaction", "body", "personal"}, {"index", "leaf"}
TABLES, COUNTED = (None, "entry", "access"), ("rows", "last", "personal_values", "withheld")
# What Python raises where a value is of another kind than it should be.
NOT_AS_EXPECTED = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
Row = dict[str, Any]


class Unreadable(ValueError):
    """What stands here cannot be read as an export; the sentence says why."""


class Wrong(Exception):
    """What stands here can be read and does not hold; the sentence says why."""


def encode(value: object) -> bytes:
    """Return the canonical bytes of a value; raise ValueError for one that has none."""
    if value is None or isinstance(value, bool):
        return b"n" if value is None else b"t" if value else b"f"
    if isinstance(value, int) and -LARGEST - 1 <= value <= LARGEST:
        return b"i%de" % value
    if isinstance(value, str):
        text = value.encode()
        return b"%d:%b" % (len(text), text)
    if isinstance(value, list):
        return b"l" + b"".join(map(encode, value)) + b"e"
    if isinstance(value, dict):
        return b"d" + b"".join(encode(key) + encode(value[key]) for key in sorted(value)) + b"e"
    raise ValueError("a value without canonical bytes")


def decode(body: bytes, at: int = 0, depth: int = 0) -> tuple[Any, int]:
    """Return the value that begins there, and where it ends; raise ValueError where there is none."""
    first = body[at : at + 1]
    if first in (b"n", b"t", b"f"):
        return {b"n": None, b"t": True, b"f": False}[first], at + 1
    if first in (b"l", b"d") and depth < 40:
        items, at = [], at + 1
        while body[at : at + 1] != b"e":
            item, at = decode(body, at, depth + 1)
            items.append(item)
        return items if first == b"l" else dict(zip(items[::2], items[1::2], strict=True)), at + 1
    if found := re.compile(rb"i(0|-?[1-9][0-9]{0,18})e").match(body, at):
        return int(found[1]), found.end()
    if (found := re.compile(rb"(0|[1-9][0-9]{0,9}):").match(body, at)) and found.end() + int(found[1]) <= len(body):
        return body[found.end() : found.end() + int(found[1])].decode(), found.end() + int(found[1])
    raise ValueError("no value")


def from_base64(text: str) -> bytes:
    """Return the bytes; raise ValueError for anything but their one way to be written."""
    found = base64.b64decode(text, validate=True)
    if base64.b64encode(found).decode() != text:
        raise ValueError("not the only base64 of its bytes")
    return found


def from_hex(value: str) -> bytes:
    """Return the 32 bytes of a hash or salt, written in lower case."""
    if not re.fullmatch("[0-9a-f]{64}", value):
        raise ValueError("not hexadecimal")
    return bytes.fromhex(value)


def whole(value: object) -> int:
    """Return a whole number from 0 to 2**63 - 1."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST:
        raise ValueError("not a number that can stand here")
    return value


P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def _add(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    both = D * a[0] * b[0] * a[1] * b[1]
    x, y = a[0] * b[1] + b[0] * a[1], a[1] * b[1] + a[0] * b[0]
    return x * pow(1 + both, -1, P) % P, y * pow(1 - both, -1, P) % P


def _times(factor: int, point: tuple[int, int]) -> tuple[int, int]:
    total = (0, 1)
    while factor:
        total = _add(total, point) if factor & 1 else total
        point, factor = _add(point, point), factor >> 1
    return total


def _point(data: bytes) -> tuple[int, int] | None:
    """Return the point with this encoding, None where there is none (RFC 8032, 5.1.3)."""
    sign, y = data[-1] >> 7, int.from_bytes(data, "little") & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if len(data) != 32 or y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x, y


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether the signature over the message is that of the public key (RFC 8032, 5.1.7)."""
    key, s = _point(public), int.from_bytes(signature[32:], "little")
    base = _point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    if len(signature) != 64 or key is None or base is None or s >= ORDER or _times(8, key) == (0, 1):
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    x, y = _add(_times(s, base), _times(k, (P - key[0], key[1])))
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


class Checkpoint:
    """A statement of the log, read and signed by the key: origin, size, root, epoch and time."""

    def __init__(self, note: str, key: tuple[str, bytes, bytes], which: str) -> None:
        """Raise Unreadable for what is no checkpoint, Wrong for one that the key did not sign."""
        text, _, block = note.rpartition("\n\n")
        lines = r"([^\n]+)\n(0|[1-9]\d{0,18})\n(\S{44})\nepoch ([1-9]\d{0,8})\ntime (\S{27})\n"
        said = re.fullmatch(lines + r"horizon (?:0|[1-9]\d{0,18})\ndatabase [!-~]{1,64}", text, re.A)
        signed = re.findall(r"^— (\S+) (\S+)$", block, re.M)
        if said is None or block != "".join(f"— {name} {code}\n" for name, code in signed):
            raise Unreadable(f"{which} is no checkpoint of such a log.")
        self.origin, self.size, self.root = said[1], int(said[2]), from_base64(said[3])
        self.epoch, self.time = int(said[4]), said[5]
        ours = [from_base64(code)[4:] for name, code in signed if (name, from_base64(code)[:4]) == key[:2]]
        if not ours or not all(signature_holds(key[2], f"{text}\n".encode(), each) for each in ours):
            raise Wrong(f"{which} was not signed with the key {key[0]}+{key[1].hex()}.")
        if self.origin != key[0] or self.size > LARGEST:
            raise Wrong(f"{which} is of another log than the key.")


def parse_key(text: str) -> tuple[str, bytes, bytes]:
    """Return name, id and public key of a verifier key: name+8 hexadecimal digits+base64."""
    name, identity, coded = [*text.split("+", 2), "", ""][:3]
    public = from_base64(coded)
    found = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
    if public[:1] != b"\x01" or len(public) != 33 or found.hex() != identity or not re.fullmatch(r"[!-~]+", name):
        raise Unreadable("The verifier key is none, or it is damaged.")
    return name, found, public[1:]


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash over two parts of the tree (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def way_to(place: int, size: int) -> list[bool]:
    """Return the way from the root of a tree down to a leaf: False for each left part, True for each right one."""
    way, start, end = [], 0, size
    while end - start > 1:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        way.append(place >= middle)
        start, end = (middle, end) if way[-1] else (start, middle)
    return way


def includes(leaf: bytes, index: int, sealed: Checkpoint, path: list[bytes]) -> bool:
    """Tell whether a proof shows that the leaf stands at its place in the log that was sealed (RFC 9162, 2.1.3)."""
    way = way_to(index, sealed.size)
    for is_right, each in zip(reversed(way), path, strict=False):
        leaf = node(each, leaf) if is_right else node(leaf, each)
    return len(way) == len(path) and leaf == sealed.root


def only_adds(old: Checkpoint, new: Checkpoint, path: list[bytes]) -> bool:
    """Tell whether a proof shows that the larger log begins with the whole smaller one (RFC 9162, 2.1.4)."""
    if old.size in (0, new.size):
        return not path and old.root == (new.root if old.size else hashlib.sha256().digest())
    # To the largest perfect part that ends where the smaller tree does: the way to its last leaf, cut short.
    way = way_to(old.size - 1, new.size)
    way = way[: len(way) - (old.size & -old.size).bit_length() + 1]
    hashes = path if any(way) else [old.root, *path]
    if len(hashes) != len(way) + 1:
        return False
    before = after = hashes[0]
    for is_right, each in zip(reversed(way), hashes[1:], strict=True):
        before = node(each, before) if is_right else before
        after = node(each, after) if is_right else node(after, each)
    return before == old.root and after == new.root


def perfect_parts(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts that cover start to end, each the largest power of two that may begin where it does."""
    while start < end:
        length = min(start & -start or LARGEST + 1, 1 << (end - start).bit_length() - 1)
        yield start, length
        start += length


def add_part(parts: list[tuple[int, bytes]], length: int, root: bytes) -> None:
    """Add the next part to those of a tree so far; two of one size become one."""
    while parts and parts[-1][0] == length:
        root, length = node(parts.pop()[1], root), length * 2
    parts.append((length, root))


def clean(text: str) -> str:
    """Return a text that does nothing to a terminal."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def read(path: Path) -> str:
    """Return what a small file holds."""
    if not path.is_file():
        raise Unreadable(f"There is no file {path}.")
    with path.open("rb") as file:
        return file.read(LONGEST).decode()


def digests_in(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield path and digest of each personal value in details."""
    if isinstance(value, dict) and set(value) == {"sha256"}:
        yield path, value["sha256"]
    elif isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from digests_in(each, f"{path}.{key}" if path else str(key))


def opened(row: Row, subject: str | None) -> tuple[Row, Row, int]:
    """Return what a row's bytes say, its personal values, and how many others there were; raise Wrong if they disagree."""
    try:
        body, _ = decode(from_base64(row["body"]))
        if encode(body) != from_base64(row["body"]) or body["table"] != row["table"] or body["format"] != 1:
            raise Wrong("its bytes are not canonical, or of another table or format")
        if row["table"] == "entry":
            subjects, digests = [body["subject"]], dict(digests_in(body["details"]))
        else:
            subjects, digests = body["subjects"], {name: body[name] for name in ("reason", "recipient") if body[name]}
        if subject is not None and subject not in list(subjects):
            raise Wrong(f"it is not about {subject}")
        values = {}
        for path, kept in row["personal"].items():
            values[path] = value = json.loads(kept["value"])
            again = {"salt": kept["salt"], "value": json.dumps(value, ensure_ascii=False, separators=(",", ":"))}
            salted = b"community-resolutions personal value 1\n" + from_hex(kept["salt"]) + encode(value)
            if again != kept or hashlib.sha256(salted).hexdigest() != digests.get(path):
                raise Wrong(f"its value {path} is not the one that was recorded")
    except NOT_AS_EXPECTED:
        raise Wrong("its bytes or its values are not those of a row of the trail") from None
    return body, values, len(digests) - len(values)


class Export:
    """What stands in a folder; raises Unreadable or Wrong where not even the checkpoint holds."""

    def __init__(self, folder: Path, key: str) -> None:
        self.folder, self.times, text = folder, list[str](), read(folder / "about.json")
        self.about = about = json.loads(text)
        if json.dumps(about, indent=1, sort_keys=True) + "\n" != text or about["format"] != FORMAT:
            raise Unreadable("about.json does not tell of an export of the format that this script knows.")
        self.subject = str(about["subject"]) if about["what"] == "case" else None
        self.key = (key or read(folder / "verifier-key")).strip()
        self.sealed = sealed = Checkpoint(read(folder / "checkpoint"), parse_key(self.key), "The checkpoint")
        self.rows = self.withheld = self.personal = self.hidden = 0
        if (about["origin"], about["size"], about["epoch"]) != (sealed.origin, sealed.size, sealed.epoch):
            raise Wrong("about.json tells of another checkpoint than the one beside it.")

    def lines(self) -> Iterator[tuple[str, Row]]:
        """Yield each row and where it stands; there is one way to write it."""
        allowed = [WHOLE, WITHHELD] if self.subject is None else [WHOLE | {"proof"}, WITHHELD | {"proof"}]
        with (self.folder / "rows.jsonl").open("rb") as file:
            for place, line in enumerate(iter(lambda: file.readline(LONGEST), b""), start=1):
                try:
                    row = json.loads(line.decode("ascii"))
                    again = json.dumps(row, sort_keys=True, separators=(",", ":")) + "\n"
                    if again.encode() != line or set(row) not in allowed or row.get("table") not in TABLES:
                        raise ValueError("written in another way")
                    yield f"Line {place} ({row.get('table', 'withheld')} {whole(row.get('id', 0))})", row
                except NOT_AS_EXPECTED:
                    raise Unreadable(f"Line {place} of rows.jsonl is not written as exports are.") from None

    def problems(self) -> Iterator[str]:
        """Yield each thing that does not hold."""
        parts: list[tuple[int, bytes]] = []
        first, index, order, turns = whole(self.about["first"]), -1, (-1, "", -1), 1
        self.add_side(parts, "left", 0, first)
        for where, row in self.lines():
            index, self.rows, next_one = whole(row["index"]), self.rows + 1, max(index + 1, first)
            if not next_one <= index < self.sealed.size or (self.subject is None and index > next_one):
                yield f"{where} stands twice, or at another place than it must: {index}."
                return
            if "leaf" in row:
                leaf, self.withheld = from_hex(row["leaf"]), self.withheld + 1
            else:
                here = (whole(row["transaction"]), row["table"], row["id"])
                head = f"{row['table']} {row['id']} {row['transaction']}\n".encode()
                leaf = hashlib.sha256(b"\x00" + head + from_base64(row["body"])).digest()
                # A restored database may count transactions anew, in an epoch of its own.
                turns, order = turns + (here <= order), here
                if turns > self.sealed.epoch:
                    yield f"{where} stands twice, or in another order than the log's."
                try:
                    self.personal += len(row["personal"])
                    body, _, hidden = opened(row, self.subject)
                    self.hidden, at = self.hidden + hidden, str(body["at"])
                    self.times = [min(*self.times, at, at), max(*self.times, at, at)]
                except Wrong as error:
                    yield f"{where} does not hold: {error}."
            if self.subject is None:
                add_part(parts, 1, leaf)
            elif not includes(leaf, index, self.sealed, [from_hex(each) for each in row["proof"]]):
                yield f"{where} does not hold: it is not what was sealed as row {index} of the log."
        if not self.rows:
            raise Unreadable("There is not one row in rows.jsonl.")
        if [self.about[each] for each in COUNTED] != [self.rows, index, self.personal, self.withheld]:
            raise Wrong("Rows or personal values were added or left out: about.json tells of others.")
        self.add_side(parts, "right", index + 1, self.sealed.size)
        root = parts.pop()[1] if parts else self.sealed.root
        for _, each in reversed(parts):
            root = node(each, root)
        if root != self.sealed.root:
            yield f"The rows {first} to {index} are not those that were sealed: one was changed, added or left out."

    def add_side(self, parts: list[tuple[int, bytes]], side: str, start: int, end: int) -> None:
        """Add what the tree has beside the rows of a period."""
        if self.subject is None:
            if [(each[0], each[1] - each[0]) for each in self.about[side]] != list(perfect_parts(start, end)):
                raise Unreadable(f'about.json does not have the parts of the tree that must be "{side}" of the rows.')
            for begin, stop, root in self.about[side]:
                add_part(parts, stop - begin, from_hex(root))


def outcome(asked: argparse.Namespace) -> Iterator[str]:
    """Yield the lines to print; raise Unreadable, or Wrong, which says that something does not hold."""
    key = asked.key if asked.key.count("+") > 1 else asked.key and read(Path(asked.key))
    export, wrong = Export(asked.folder, key), 0
    for problem in export.problems():
        yield problem
        wrong += 1
    about, sealed = export.about, export.sealed
    if asked.against:
        kept = Checkpoint(read(asked.against), parse_key(export.key), "The checkpoint kept elsewhere")
        proof: Row = (about["consistency"] or {}) if 0 < kept.size < sealed.size else {"size": kept.size, "proof": []}
        if kept.size > sealed.size or proof.get("size") != kept.size:
            raise Unreadable("The export has no proof for the checkpoint kept elsewhere: ask for one made with it.")
        if not only_adds(kept, sealed, [from_hex(each) for each in proof["proof"]]):
            raise Wrong("The log does not go on from the checkpoint kept elsewhere: what was sealed then was changed.")
    if wrong:
        raise Wrong(f"The export does not hold, for {wrong} reason{'s' * (wrong > 1)}.")
    what = export.subject or f"the log, all from row {about['first']} to row {about['last']}"
    yield f"Everything holds: {export.rows - export.withheld * bool(export.subject)} rows of {what}."
    yield f"Their own times: {' to '.join(export.times) or 'none'}. The days asked for are the word of its maker."
    yield f"Sealed by {sealed.time}, epoch {sealed.epoch}, in the log {sealed.origin}, then of {sealed.size} rows."
    yield f"Personal values: {export.personal} are the recorded ones, {export.hidden} were erased or left out."
    yield f"Rows of which only the hash is here: {export.withheld}. What they tell, like other rows, is not shown."
    yield f"The key: {export.key}"
    yield "It is the one you gave." if key else "Compare it with the key that was given to you in another way."
    if asked.show:
        lines_of = runpy.run_path(str(Path(__file__).with_name("show.py")))["lines_of"]
        for _, row in export.lines():
            if "body" in row:
                yield from lines_of(row, *opened(row, export.subject)[:2])


def main() -> int:
    """Check what the command line names, print the outcome and return the exit status."""
    parser = argparse.ArgumentParser(description="Check an export of the audit trail.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent, help="the folder of the export")
    parser.add_argument("--key", default="", help="the verifier key that was given to you in another way, or its file")
    parser.add_argument("--against", type=Path, help="a checkpoint of the log that was kept elsewhere")
    parser.add_argument("--show", action="store_true", help="if everything holds, print the rows with personal values")
    status, coding = 0, sys.stdout.encoding or "ascii"
    try:
        for line in outcome(parser.parse_args()):
            sys.stdout.write(clean(line).encode(coding, "backslashreplace").decode(coding) + "\n")
    except (OSError, MemoryError, Wrong, *NOT_AS_EXPECTED) as error:
        status = 1 if isinstance(error, Wrong) else 2
        said = str(error) if isinstance(error, Wrong | Unreadable) else f"This cannot be read: {type(error).__name__}."
        sys.stdout.write(clean(said) + "\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
