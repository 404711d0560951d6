"""Which characters the fonts of a printed sheet hold, and what stands for the others. Pure.

A tagged PDF must not hold a character that its font cannot show: the compiler refuses it. Names are kept in any script,
so what the fonts lack is marked, and the sheet says so; the page on screen has them all.
"""

import struct
import unicodedata
from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
# What stands for a character that the fonts lack: an empty box.
MARK = "\u25a1"
_FIRM_HYPHEN = "\u2011"
# Joiners, marks of direction, variants: they show nothing by themselves.
_SHOW_NOTHING = ("Cf", "Cc")


def lettered(text: str) -> str:
    """Return text as the fonts can show it: composed, unseen characters left out, `MARK` for each that they lack."""
    held = held_characters()
    kept = []
    for character in unicodedata.normalize("NFC", text):
        if character == "\n" or ord(character) in held:
            kept.append(character)
        elif unicodedata.category(character) == "Zs":
            kept.append(" ")
        elif character == _FIRM_HYPHEN:
            kept.append("-")
        elif unicodedata.category(character) not in _SHOW_NOTHING and not _is_variant(character):
            kept.append(MARK)
    return "".join(kept)


@lru_cache(maxsize=1)
def held_characters() -> frozenset[int]:
    """Return the code points that every one of the fonts holds and that show something."""
    held = [_code_points(path.read_bytes()) for path in sorted(FONTS.glob("*.ttf"))]
    return frozenset(
        point
        for point in frozenset.intersection(*held)
        if unicodedata.category(chr(point)) not in (*_SHOW_NOTHING, "Co")
    )


def _is_variant(character: str) -> bool:
    """Tell whether this only chooses how the character before it looks."""
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _code_points(font: bytes) -> frozenset[int]:
    """Return the code points of a font's table of characters.

    Source: OpenType, `cmap`, format 4, which holds the basic multilingual plane.
    """
    (count,) = struct.unpack_from(">H", font, 4)
    tables = {
        tag: offset for tag, _, offset, _ in (struct.unpack_from(">4sIII", font, 12 + 16 * at) for at in range(count))
    }
    start = tables[b"cmap"]
    (encodings,) = struct.unpack_from(">H", font, start + 2)
    for at in range(encodings):
        platform, encoding, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * at)
        if (platform, encoding) == (3, 1):
            return _segments(font, start + offset)
    raise ValueError("The font has no table of Unicode characters.")


def _segments(font: bytes, start: int) -> frozenset[int]:
    (doubled,) = struct.unpack_from(">H", font, start + 6)
    count = doubled // 2
    ends, starts, deltas, ranges = (
        start + 14,
        start + 16 + doubled,
        start + 16 + 2 * doubled,
        start + 16 + 3 * doubled,
    )
    found: set[int] = set()
    for at in range(count):
        last, first, delta, to_glyphs = (
            struct.unpack_from(">H", font, table + 2 * at)[0] for table in (ends, starts, deltas, ranges)
        )
        for point in range(first, min(last, 0xFFFE) + 1):
            if to_glyphs:
                (glyph,) = struct.unpack_from(">H", font, ranges + 2 * at + to_glyphs + 2 * (point - first))
                glyph = (glyph + delta) & 0xFFFF if glyph else 0
            else:
                glyph = (point + delta) & 0xFFFF
            if glyph:
                found.add(point)
    return frozenset(found)
