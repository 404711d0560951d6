"""How what somebody typed is shown inside a sentence: short, on one line, safe to print anywhere."""

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST = 60


def shown(text: str) -> str:
    """Return the text in quotation marks, cut to 60 characters, with everything unprintable escaped."""
    cut = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    printable = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut)
    return f'"{printable}"'


def did_you_mean(text: str, known: Iterable[str]) -> str:
    """Return " (did you mean …?)" for the nearest known word, or nothing when none is near."""
    near = get_close_matches(text[:_LONGEST], list(known), n=1, cutoff=0.75)
    return f" (did you mean {near[0]}?)" if near else ""
