"""Sheets to lay out, and what a PDF made of one says: its text, its tags, its sizes of type."""

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from cr_app.cases.documents.sheets import (
    Block,
    Bullets,
    Fact,
    Facts,
    Heading,
    Language,
    Paragraph,
    Sheet,
    Signed,
)

DRAWN = "M10 150 L100 20 L180 160 M300 100 L560 90"


def sheet(language: Language = "en", *more: Block, actions: int = 2) -> Sheet:
    """Return a sheet with a block of each type, and those given after them."""
    typed: Language = "en"
    blocks: tuple[Block, ...] = (
        Facts("about", (Fact("Name", "Jade Ransome"), Fact("A label that is longer than its column", "Camden"))),
        Heading("happened", "What happened"),
        Paragraph(
            "typed", "Took two bottles.\nThen left: *not bold*, #strong[x], @a, $z$ _u_ `v` <w> \\ / // = - + 1.", typed
        ),
        Bullets("meaning", ("It is not a conviction.", "It may be shown on an enhanced DBS check.")),
        *(
            Facts(f"action_{place}", (Fact("What", f"Write letter {place}", typed), Fact("By when", "27 March 2026")))
            for place in range(actions)
        ),
        Heading("signing", "Signatures"),
        Signed(
            "offender", "The person responsible", "Jade Ransome", "3 May 2026 at 15:02", DRAWN, "Drawn by Jade Ransome"
        ),
        Signed("adult", "The appropriate adult", "", ""),
        *more,
    )
    return Sheet(
        "offender_copy", language, "adult", "Your copy", "ABCD1234", 3, "Your copy. Reference ABCD1234.", blocks
    )


def text_of(pdf: bytes, of: Sheet) -> str:
    """Return the text of all pages but for the foot of each, its white space folded, bullets left out."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return folded(" ".join(_foot(of).sub(" ", page) for page in pages))


def feet_of(pdf: bytes, of: Sheet) -> list[str]:
    """Return the foot of every page, folded; "" where there is none."""
    found = [_foot(of).search(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]
    return [folded(foot.group()) if foot else "" for foot in found]


def folded(text: str) -> str:
    """Return text without the signs of a list, its white space folded."""
    return re.sub(r"\s+", " ", text.replace("\u2022", " ")).strip()


def worded(of: Sheet) -> str:
    """Return every word of a sheet, as `text_of` returns those of its PDF."""
    return folded(" ".join(of.words()))


def _foot(of: Sheet) -> re.Pattern[str]:
    """Match the foot as it ends the text of a page: the sheet's own line, its digest, which page of how many."""
    line = r"\s+".join(re.escape(word) for word in of.foot.split())
    return re.compile(line + r"\s+(?:(?:Check code|Cod gwirio|Page|Tudalen)\s[^\n]*\s*)+$")


def sizes_of(pdf: bytes) -> set[float]:
    """Return every size of type in points."""
    found: set[float] = set()

    def seen(text: str, _cm: Any, matrix: Any, _font: Any, size: float) -> None:
        if text.strip():
            found.add(round(float(size) * abs(float(matrix[3] or 1)), 1))

    for page in PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(visitor_text=seen)
    return found


def tags_of(pdf: bytes) -> list[dict[str, str]]:
    """Return what every element of the structure says of itself, in reading order."""
    root: Any = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    said = ("/S", "/Lang", "/Alt", "/T")
    return [
        {name: str(element[name]) for name in said if name in element}
        for element in _elements(root["/StructTreeRoot"]["/K"])
    ]


def _elements(kept: Any) -> Iterator[DictionaryObject]:
    if isinstance(kept, IndirectObject):
        kept = kept.get_object()
    if isinstance(kept, list):
        for each in kept:
            yield from _elements(each)
    elif isinstance(kept, DictionaryObject):
        if "/S" in kept:
            yield kept
        if "/K" in kept:
            yield from _elements(kept["/K"])
