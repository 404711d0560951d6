"""What the commands that export and erase ask alike: a case by its reference, and words in one line."""

import re

_REFERENCE = re.compile(r"[0-9A-Z]{8}")
_LONGEST = 1000
ASKED_BY = "who asks for this, by warrant number or name; it is kept in the trail"


class Unusable(Exception):
    """What was given to a command cannot be used; the sentence says why."""


def case_subject(text: str) -> str:
    """Return how the trail names the case with this reference, written as pages take it: small, with hyphens or spaces.

    Raises Unusable for what is no reference.
    """
    reference = text.replace(" ", "").replace("-", "").upper()
    if not _REFERENCE.fullmatch(reference):
        raise Unusable("A case is named by its reference of eight letters and digits, such as 7KQM2PXR.")
    return f"case:{reference}"


def one_line(called: str, text: str) -> str:
    """Return words without space around them; raise Unusable for none, for too many, and for more than a line."""
    if not text.strip() or len(text) > _LONGEST or not text.isprintable():
        raise Unusable(f"Give {called} in one line of up to {_LONGEST} characters.")
    return text.strip()
