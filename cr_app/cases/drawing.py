"""A drawn signature: strokes of whole numbers in a box, read strictly and written anew. Pure.

What is kept and shown is never the text that came: it is made of the numbers that were read, of the letters M and L.
"""

import re

WIDTH, HEIGHT = 600, 200
# Characters of the text, and strokes: a long name in running hand has some 6,000 and 30.
LONGEST = 24_000
MOST_STROKES = 200

# M begins a stroke, L goes on; a space between numbers and steps. Digits are ASCII, as \d is not.
_STEP = r"[ML][0-9]{1,3} [0-9]{1,3}"
_PATH = re.compile(rf"M[0-9]{{1,3}} [0-9]{{1,3}}(?: {_STEP})*")
_EACH = re.compile(r"([ML])([0-9]{1,3}) ([0-9]{1,3})")

Point = tuple[int, int]
Strokes = tuple[tuple[Point, ...], ...]


class NotADrawing(ValueError):
    """The text is no drawing that can be kept; the sentence says what to do about it."""


UNREADABLE = "Draw the signature again, or leave it out: what was drawn could not be read. The typed name is enough"
TOO_LONG = "Draw the signature again, or leave it out: it has too many lines to be kept. The typed name is enough"


def read_drawing(text: str) -> str:
    """Return the drawing in its one form, "" for no drawing; reading that form again returns the same.

    A point that repeats the one before is left out; a stroke of one point becomes a line of no length, which a round pen
    shows as a dot. Raises NotADrawing for anything but strokes `M10 20 L30 40` within the box, for more than MOST_STROKES
    strokes and for more than LONGEST characters, as it came or as it would be kept.
    """
    if len(text) > LONGEST:
        raise NotADrawing(TOO_LONG)
    if not text:
        return ""
    strokes = _strokes_of(text)
    if len(strokes) > MOST_STROKES:
        raise NotADrawing(TOO_LONG)
    if any(x > WIDTH or y > HEIGHT for stroke in strokes for x, y in stroke):
        raise NotADrawing(UNREADABLE)
    kept = written(strokes)
    if len(kept) > LONGEST:
        raise NotADrawing(TOO_LONG)
    return kept


def written(strokes: Strokes) -> str:
    """Return strokes as the text of a path: no point twice in a row, but where a stroke is a dot."""
    return " ".join(_written_stroke(stroke) for stroke in strokes if stroke)


def shown_drawing(text: str) -> str:
    """Return a drawing in its one form, "" where it cannot be kept: what a page may show of what was sent."""
    try:
        return read_drawing(text)
    except NotADrawing:
        return ""


def _strokes_of(text: str) -> Strokes:
    if not _PATH.fullmatch(text):
        raise NotADrawing(UNREADABLE)
    strokes: list[list[Point]] = []
    for letter, x, y in _EACH.findall(text):
        if letter == "M":
            strokes.append([])
        strokes[-1].append((int(x), int(y)))
    return tuple(tuple(stroke) for stroke in strokes)


def _written_stroke(stroke: tuple[Point, ...]) -> str:
    points = [point for place, point in enumerate(stroke) if place == 0 or point != stroke[place - 1]]
    if len(points) == 1:
        points *= 2
    return " ".join(f"{'L' if place else 'M'}{x} {y}" for place, (x, y) in enumerate(points))
