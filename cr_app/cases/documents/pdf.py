"""A sheet as a PDF: tagged, PDF/UA-1, the same bytes whenever the same sheet is printed."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext as _

from cr_app.cases.documents.lettering import FONTS, MARK, lettered
from cr_app.cases.documents.sheets import Block, Sheet, Signed, digest_of
from cr_app.cases.documents.spoken import speaking

# Digits of the digest that stand at the foot of each page: enough to tell two versions apart.
SHORT_DIGEST = 12
BOX = (600, 200)
AUTHOR = "Community Resolutions"
_PATH = re.compile(r"M[0-9]{1,3} [0-9]{1,3}(?: [ML][0-9]{1,3} [0-9]{1,3})*")
_SOURCE = Path(__file__).parent / "sheet.typ"


def pdf_of(sheet: Sheet, *, large: bool = False) -> bytes:
    """Return the sheet as a tagged PDF/UA-1 on A4; `large` sets everything in 18 points or more.

    A character that the fonts lack is marked, and the last line says so. No clock, no network, no font of the system.
    """
    with speaking(sheet.language):
        page, note = _("Page {page} of {pages}"), _("{mark} stands for a character that cannot be printed here.")
    laid_out = {
        "language": sheet.language,
        "title": lettered(sheet.title),
        "author": AUTHOR,
        "foot": lettered(sheet.foot),
        "digest": digest_line(sheet),
        "page_words": page,
        "large": large,
        "parts": [[_laid_out(block) for block in part] for part in sheet.parts()],
        "note": note.format(mark=MARK) if cannot_be_printed(sheet) else "",
    }
    return typst.compile(
        # By its path: the compiler keeps whatever it is given as bytes, for good.
        _SOURCE,
        root=_SOURCE.parent,
        sys_inputs={"sheet": json.dumps(laid_out)},
        font_paths=shipped_fonts(),
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=0,
    )


def cannot_be_printed(sheet: Sheet) -> bool:
    """Tell whether a PDF of the sheet marks a character that its fonts lack."""
    return any(MARK in lettered(words) for words in sheet.words())


def digest_line(sheet: Sheet) -> str:
    """Return the first digits of the sheet's digest as they stand at the foot of its pages, in its language."""
    with speaking(sheet.language):
        return _("Check code {digits}").format(digits=digest_of(sheet.content())[:SHORT_DIGEST])


def drawing_path(block: Signed) -> str:
    """Return the path of a drawn signature, "" for whatever is not strokes of whole numbers."""
    return block.drawing if _PATH.fullmatch(block.drawing) else ""


def _laid_out(block: Block) -> dict[str, Any]:
    shown: dict[str, Any] = _shown_all(asdict(block))
    if isinstance(block, Signed):
        shown["svg"] = _svg(drawing_path(block))
        shown["alt"] = shown["alt"] or shown["role"]
    return shown


def _shown_all(kept: Any) -> Any:
    if isinstance(kept, str):
        return lettered(kept)
    if isinstance(kept, Mapping):
        return {name: _shown_all(value) for name, value in kept.items()}
    return [_shown_all(value) for value in kept]


def _svg(path: str) -> str:
    if not path:
        return ""
    width, height = BOX
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<path d="{path}" fill="none" stroke="#000" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/>'
        "</svg>"
    )


@lru_cache(maxsize=1)
def shipped_fonts() -> typst.Fonts:
    """Return the fonts that ship with the service, read once: neither the system's nor the compiler's own."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
