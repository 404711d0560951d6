"""The canonical bytes of an entry's details, made quickly from the text in which PostgreSQL hands JSON over. Pure.

Entries of one kind have one shape: the same keys in the same order, other texts. What stands between the quotation
marks of the JSON text tells the shape; where its texts belong in the canonical bytes is worked out once for each shape.
Whatever is not so plain (a backslash anywhere) goes the slow way, `json` and `canonical.encode`; a test holds them equal.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, TypeAlias

from cr_app.audit.canonical import DIGEST_KEY, JSON, NotCanonical, encode

# Shapes differ in their numbers too, so there can be any number of them: forgotten all at once beyond so many.
SHAPES_KEPT = 4_096
# By their paths, at which of the texts beside them digests stand, in hexadecimal.
Digests: TypeAlias = "tuple[Mapping[bytes, int], Sequence[bytes]]"
_Pick = Callable[[Sequence[bytes]], tuple[bytes, ...]]


@dataclass(frozen=True)
class _Layout:
    """How the texts of one shape make its canonical bytes, and at which of them the digests of personal values stand."""

    form: bytes
    pick: _Pick
    count: int
    digests: Mapping[bytes, int]


@dataclass
class _Outline:
    """What stands around the texts: which of them are keys, and the layout for each set of keys."""

    keys: _Pick
    layouts: dict[tuple[bytes, ...], _Layout]


class DetailsEncoder:
    """Makes canonical bytes of details, remembering the shapes that it has met."""

    def __init__(self) -> None:
        """Know no shape yet."""
        self._outlines: dict[bytes, _Outline] = {}
        self._layouts = 0

    def encode(self, text: bytes) -> tuple[bytes, Digests]:
        """Return the canonical bytes of details given as the text of `jsonb`, and the digests of personal values in them.

        Raises NotCanonical for a value that has no canonical bytes, such as a fraction.
        """
        if b"\\" in text:
            return _encode_slowly(text)
        pieces = text.split(b'"')
        texts = pieces[1::2]
        around = b'"'.join(pieces[::2])
        outline = self._outlines.get(around)
        if outline is None:
            outline = self._outlines[around] = _Outline(_picking(_places_of_keys(pieces[::2])), {})
        keys = outline.keys(texts)
        layout = outline.layouts.get(keys)
        if layout is None:
            layout = self._learn(outline, keys, pieces)
        values = layout.pick(texts)
        filling: list[int | bytes] = [0] * layout.count
        filling[::2] = map(len, values)
        filling[1::2] = values
        return layout.form % tuple(filling), (layout.digests, texts)

    def _learn(self, outline: _Outline, keys: tuple[bytes, ...], pieces: Sequence[bytes]) -> _Layout:
        """Work out the layout of a shape from its text with the number of each text in its place."""
        if self._layouts >= SHAPES_KEPT:
            self._outlines.clear()
            self._layouts = 0
        of_keys = set(_places_of_keys(pieces[::2]))
        numbered = list(pieces)
        for place in range(len(pieces) // 2):
            if place not in of_keys:
                numbered[2 * place + 1] = b"%d" % place
        drawing = _Drawing()
        drawing.add(json.loads(b'"'.join(numbered)), "")
        layout = _Layout(b"".join(drawing.parts), _picking(drawing.order), 2 * len(drawing.order), drawing.digests)
        outline.layouts[keys] = layout
        self._layouts += 1
        return layout


class _Drawing:
    """The canonical bytes of a shape as they come to be: a format, and the numbers of the texts that fill it."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.order: list[int] = []
        self.digests: dict[bytes, int] = {}

    def add(self, value: Any, path: str) -> None:
        """Add a value of which every text is the number of one."""
        if isinstance(value, str):
            self.order.append(int(value))
            self.parts.append(b"%d:%b")
        elif isinstance(value, list):
            self.parts.append(b"l")
            for index, item in enumerate(value):
                self.add(item, f"{path}{index}.")
            self.parts.append(b"e")
        elif isinstance(value, dict):
            self.parts.append(b"d")
            for key in sorted(value):
                self.parts.append(encode(key).replace(b"%", b"%%"))
                self.add(value[key], f"{path}{key}.")
            self.parts.append(b"e")
            if value.keys() == {DIGEST_KEY} and isinstance(value[DIGEST_KEY], str):
                self.digests[path.removesuffix(".").encode()] = int(value[DIGEST_KEY])
        else:
            self.parts.append(_encode_scalar(value))


def _encode_slowly(text: bytes) -> tuple[bytes, Digests]:
    value = json.loads(text)
    digests: dict[bytes, bytes] = {}
    _gather_digests(value, "", digests)
    return encode(value), ({path: place for place, path in enumerate(digests)}, list(digests.values()))


def _gather_digests(value: JSON, path: str, digests: dict[bytes, bytes]) -> None:
    if isinstance(value, list):
        for index, item in enumerate(value):
            _gather_digests(item, f"{path}{index}.", digests)
    elif isinstance(value, dict):
        digest = value.get(DIGEST_KEY)
        if len(value) == 1 and isinstance(digest, str):
            digests[path.removesuffix(".").encode()] = digest.encode()
        for key, item in value.items():
            _gather_digests(item, f"{path}{key}.", digests)


def _encode_scalar(value: Any) -> bytes:
    if isinstance(value, float):
        raise NotCanonical("a fraction")
    return encode(value)


def _places_of_keys(around: Sequence[bytes]) -> list[int]:
    """Return which texts are keys: those that a colon follows."""
    return [place for place, after in enumerate(around[1:]) if after.startswith(b":")]


def _picking(places: Sequence[int]) -> _Pick:
    """Return what takes the texts at these places, always as a tuple."""
    if len(places) > 1:
        return itemgetter(*places)
    if places:
        only = places[0]
        return lambda texts: (texts[only],)
    return lambda _: ()
