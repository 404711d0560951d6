"""Text that programs read as text: never a formula to a spreadsheet, never a control character to any of them."""

import unicodedata

_BEGIN_FORMULAS = frozenset("=+-@")
_QUOTES = frozenset("'\"`’‘“”")
# What opening a file as text leaves as it stands.
GUARD = "'"


def one_line(text: str) -> str:
    """Return text without control characters: each is a space, so that it stays on its line."""
    return "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in text)


def begins_as_formula(text: str) -> bool:
    """Tell whether a spreadsheet might run this text: it begins with = + - or @, in any width, also after spaces or quotes.

    Source: OWASP, CSV Injection, which adds tab and carriage return, here any control character or one that is not seen.
    """
    for letter in text:
        if unicodedata.category(letter) == "Cc":
            return True
        if letter.isspace() or letter in _QUOTES or unicodedata.category(letter) == "Cf":
            continue
        return unicodedata.normalize("NFKC", letter) in _BEGIN_FORMULAS
    return False


def guarded(text: str) -> str:
    """Return text for a file that says of no value whether it is text: what might be run gets an apostrophe before it."""
    shown = one_line(text)
    return GUARD + shown if begins_as_formula(text) else shown
