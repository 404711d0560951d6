"""The notes as plain text, for whoever takes the table as CSV."""

import textwrap

from cr_app.disclosure.export.content import Content
from cr_app.disclosure.export.plain import one_line

_WIDTH = 100


def notes_text(content: Content) -> bytes:
    """Return what the table is, its notes and the refusal notice, in UTF-8 with a byte order mark, as in `csv_file`."""
    parts = [one_line(content.heading)]
    parts += [_wrapped(f"{note.about}: {note.text}") for note in (*content.about(), *content.notes)]
    if content.refusal_notice:
        parts += ["Refusal notice", *map(_wrapped, content.refusal_notice)]
    text = "\r\n\r\n".join(parts) + "\r\n"
    return text.encode("ascii" if text.isascii() else "utf-8-sig")


def _wrapped(text: str) -> str:
    return "\r\n".join(textwrap.wrap(one_line(text), _WIDTH, break_long_words=False, break_on_hyphens=False))
