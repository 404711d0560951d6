"""A sheet: something handed over, as blocks of worded text that a page and a PDF show alike. Pure.

Everything is worded before it gets here, in the sheet's language; whoever shows it only lays it out. A sheet written as
canonical JSON is what a document keeps, and the SHA-256 of that text is its digest.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "cy"]
# For whom it is worded: an adult, a child, or police.
Reader: TypeAlias = Literal["adult", "child", "police"]


@dataclass(frozen=True)
class Heading:
    """A heading of the second level."""

    key: str
    text: str
    type: str = "heading"


@dataclass(frozen=True)
class Paragraph:
    """Text; `lang` is its language where that is not the sheet's, as with words an officer typed; lines break as typed."""

    key: str
    text: str
    lang: str = ""
    type: str = "paragraph"


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    key: str
    items: tuple[str, ...]
    lang: str = ""
    type: str = "bullets"


@dataclass(frozen=True)
class Fact:
    """A label with what it says; `lang` is the language of `value` where that is not the sheet's."""

    label: str
    value: str
    lang: str = ""


@dataclass(frozen=True)
class Facts:
    """Labels with what they say, one below the other."""

    key: str
    rows: tuple[Fact, ...]
    type: str = "facts"


@dataclass(frozen=True)
class Signed:
    """Who signed: the role and the time in the sheet's language, the name, and the drawn path where there is one.

    `drawing` is a path in a box of 600 by 200, or ""; `alt` says what the picture is. `name` "" leaves room to sign by hand.
    """

    key: str
    role: str
    name: str
    at: str
    drawing: str = ""
    alt: str = ""
    type: str = "signed"


Block: TypeAlias = Heading | Paragraph | Bullets | Facts | Signed
_BLOCKS: Mapping[str, type[Block]] = {
    "heading": Heading,
    "paragraph": Paragraph,
    "bullets": Bullets,
    "facts": Facts,
    "signed": Signed,
}


@dataclass(frozen=True)
class Sheet:
    """One document in one language. `key`s of blocks are the same in every language.

    `foot` is the line at the foot of each page: reference, what the document is, version.
    """

    kind: str
    language: Language
    reader: Reader
    title: str
    reference: str
    version: int
    foot: str
    blocks: tuple[Block, ...]

    def content(self) -> str:
        """Return the sheet as canonical JSON text: keys in order, no spaces, every character as it is."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def words(self) -> tuple[str, ...]:
        """Return every piece of text that is shown, in order, but for the foot: what a page and a PDF must both hold."""
        found = [self.title]
        for block in self.blocks:
            found += _words_of(block)
        return tuple(text for text in found if text)

    def parts(self) -> tuple[tuple[Block, ...], ...]:
        """Return the blocks in order, parted: signatures with their heading and what is between are one part, others alone.

        What is one part stands on one page where it fits on one.
        """
        parted: list[tuple[Block, ...]] = []
        for block in self.blocks:
            parted.append((block,))
            if isinstance(block, Signed):
                start = _start_of_signatures(parted)
                parted[start:] = [tuple(each for part in parted[start:] for each in part)]
        return tuple(parted)

    def keys(self) -> tuple[str, ...]:
        """Return the keys of the blocks, in order."""
        return tuple(block.key for block in self.blocks)


def _start_of_signatures(parted: Sequence[tuple[Block, ...]]) -> int:
    """Return where the part begins that the last block, a signature, belongs to: at other signatures, or at their heading."""
    for place in range(len(parted) - 2, -1, -1):
        first = parted[place][0]
        if isinstance(first, Heading) or isinstance(parted[place][-1], Signed):
            return place
        if not isinstance(first, Paragraph):
            break
    return len(parted) - 1


def _words_of(block: Block) -> list[str]:
    match block:
        case Heading() | Paragraph():
            return [block.text]
        case Bullets():
            return list(block.items)
        case Facts():
            return [text for row in block.rows for text in (row.label, row.value)]
        case Signed():
            return [block.role, block.name, block.at]


def digest_of(content: str) -> str:
    """Return the SHA-256 of a document's content, in hexadecimal."""
    return hashlib.sha256(content.encode()).hexdigest()


def read_sheet(content: str) -> Sheet:
    """Return the sheet that `content` was written from. Raises ValueError, KeyError or TypeError for other text."""
    kept = json.loads(content)
    return Sheet(**{**kept, "blocks": tuple(_read_block(block) for block in kept["blocks"])})


def _read_block(kept: dict[str, object]) -> Block:
    made = _BLOCKS[str(kept["type"])]
    if made is Facts:
        kept = {**kept, "rows": tuple(Fact(**row) for row in kept["rows"])}  # type: ignore[attr-defined]
    elif made is Bullets:
        kept = {**kept, "items": tuple(kept["items"])}  # type: ignore[arg-type]
    return made(**kept)  # type: ignore[arg-type]
