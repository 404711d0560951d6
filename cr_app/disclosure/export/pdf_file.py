"""The table with its notes as a PDF: tagged, PDF/UA-1, the same bytes each time."""

import json
from pathlib import Path

import typst

from cr_app.cases.documents.lettering import MARK, lettered
from cr_app.cases.documents.pdf import AUTHOR, shipped_fonts
from cr_app.disclosure.export.content import Content
from cr_app.disclosure.export.plain import one_line
from cr_app.disclosure.notes import Note
from cr_app.disclosure.tables import WITHHELD

# Digits of the digest that stand at the foot of each page; the whole of it stands among the notes.
SHORT_DIGEST = 12
# Up to so many columns go on A4 upright, and on A4 on its side; more take A3 on its side.
_UPRIGHT, _ON_ITS_SIDE = 6, 14
_SOURCE = Path(__file__).parent / "release.typ"
# The compiler keeps what it worked out until so many compilations more have been made: 40 MB for each table of 180 by 13.
_NOTHING, _KEPT_FOR = Path(__file__).parent / "nothing.typ", 11


def pdf_of(content: Content) -> bytes:
    """Return the table, its notes and the refusal notice as a tagged PDF/UA-1.

    A character that the fonts lack is marked, and a note says so; the other files have it. No clock, no network, no font of
    the system.
    """
    laid_out = _laid_out(content)
    shown = _lettered(laid_out)
    if MARK in json.dumps(shown, ensure_ascii=False):
        note = Note(
            "Characters", f"{MARK} stands for a character that cannot be printed here. The other files have it."
        )
        shown = _lettered(_laid_out(content, note))
    made = typst.compile(
        # By its path: the compiler keeps whatever it is given as bytes, for good.
        _SOURCE,
        root=_SOURCE.parent,
        sys_inputs={"release": json.dumps(shown)},
        font_paths=shipped_fonts(),
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    _let_go()
    return made


def _let_go() -> None:
    """Have the compiler forget the table: some hundredths of a second, instead of half a gigabyte in each worker."""
    for _ in range(_KEPT_FOR):
        typst.compile(_NOTHING, root=_NOTHING.parent, ignore_system_fonts=True)


def _laid_out(content: Content, *more: Note) -> dict[str, object]:
    table = content.table
    columns = len(table.columns)
    return {
        "title": content.heading,
        "author": AUTHOR,
        "paper": "a4" if columns <= _ON_ITS_SIDE else "a3",
        "on_its_side": columns > _UPRIGHT,
        "about": [_said(note) for note in content.about()],
        "heads": [content.row_heading, *table.columns],
        "rows": [
            [label, *(WITHHELD if value is None else f"{value:,}" for value in values)]
            for label, values in zip(table.rows, table.values, strict=True)
        ],
        "total_row": table.total_row,
        "total_column": table.total_column,
        "notes": [_said(note) for note in (*content.notes, *more)],
        "refusal": list(content.refusal_notice),
        "foot": f"{content.asked.reference}, table {content.part}. {content.standing}. {content.force_name}.",
        "digest": f"Digest {content.digest[:SHORT_DIGEST]}",
    }


def _said(note: Note) -> list[str]:
    return [note.about, note.text]


def _lettered(kept: object) -> object:
    """Return it with every text in it as the fonts can show it."""
    if isinstance(kept, str):
        return lettered(one_line(kept))
    if isinstance(kept, dict):
        return {name: _lettered(value) for name, value in kept.items()}
    return [_lettered(value) for value in kept] if isinstance(kept, list) else kept
