"""The canonical bytes of an entry's details, made quickly from the text in which PostgreSQL hands JSON over. Pure.

Entries of one kind are alike: the same keys in the same order, texts of the same lengths (digests and times above all).
What such a text looks like with every other byte than a sign of JSON blotted out finds its layout, and with that, values
are cut out of one text and put into the other without looking at a single character. A layout is used only where the
values put back into its own text give the very text that came, so a likeness alone never passes.
Whatever is not so plain (a backslash anywhere) goes the slow way, `json` and `canonical.encode`; a test holds them equal.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from struct import Struct
from typing import Any, TypeAlias

from cr_app.audit.canonical import DIGEST_KEY, JSON, NotCanonical, encode

# There can be any number of them: forgotten all at once beyond so many, and the words beside them.
LAYOUTS_KEPT = 2_048
WORDS_KEPT = 20_000
# Texts that look alike though their keys differ are tried one after the other.
ALIKE = 4
# By their paths, at which of the values beside them digests stand, in hexadecimal.
Digests: TypeAlias = "tuple[Mapping[bytes, int], Sequence[bytes]]"
_Pick = Callable[[Sequence[bytes]], tuple[bytes, ...]]

_SIGNS = b'"{}[],:'
_BLOTTED = bytes(byte if byte in _SIGNS else ord("x") for byte in range(256))
# Between quotation marks a text, elsewhere a word: a number, true, false or null.
_VALUE = re.compile(rb'"([^"]*)"(:?)|([^"{}\[\],: ]+)')


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where values stand in a JSON text, the text and its canonical bytes without them, which values are words, and which digests."""

    cut: Callable[[bytes], tuple[bytes, ...]]
    text: bytes
    words: _Pick
    pick: _Pick
    canonical: bytes
    digests: Mapping[bytes, int]
    pick_digests: _Pick


class DetailsEncoder:
    """Makes canonical bytes of details, remembering the layouts that it has met."""

    def __init__(self) -> None:
        """Know no layout yet."""
        self._alike: dict[bytes, list[_Layout]] = {}
        self._layouts = 0
        self._words: dict[bytes, bytes] = {}

    def encode(self, text: bytes) -> tuple[bytes, Digests]:
        """Return the canonical bytes of details given as the text of `jsonb`, and the digests of personal values in them.

        Raises NotCanonical for a value that has no canonical bytes, such as a fraction.
        """
        if b"\\" in text:
            return _encode_slowly(text)
        blotted = text.translate(_BLOTTED)
        for layout in self._alike.get(blotted, ()):
            values = layout.cut(text)
            if layout.text % values == text:
                break
        else:
            learnt = self._learn(blotted, text)
            if learnt is None:
                return _encode_slowly(text)
            layout = learnt
            values = layout.cut(text)
        try:
            words = tuple(map(self._words.__getitem__, layout.words(values)))
        except KeyError:
            words = self._learn_words(layout.words(values))
        # Nothing but the digests is kept: memory that is used again at once is near the processor.
        return layout.canonical % layout.pick(values + words), (layout.digests, layout.pick_digests(values))

    def _learn(self, blotted: bytes, text: bytes) -> _Layout | None:
        """Work out the layout of a text, None where there are enough that look like it."""
        if self._layouts >= LAYOUTS_KEPT:
            self._alike.clear()
            self._layouts = 0
        alike = self._alike.setdefault(blotted, [])
        if len(alike) >= ALIKE:
            return None
        layout = _layout_of(text)
        alike.append(layout)
        self._layouts += 1
        return layout

    def _learn_words(self, words: Sequence[bytes]) -> tuple[bytes, ...]:
        if len(self._words) >= WORDS_KEPT:
            self._words.clear()
        made = {word: _encode_word(word) for word in words}
        self._words.update(made)
        return tuple(made[word] for word in words)


def _layout_of(text: bytes) -> _Layout:
    """Return the layout of a JSON text without backslashes, drawn from it with the number of each value in its place."""
    cut, numbered = "", []
    without: list[bytes] = []
    words: list[int] = []
    lengths: list[int] = []
    end = 0
    for found in _VALUE.finditer(text):
        if found[2]:
            continue
        start, stop = found.span(1) if found[3] is None else found.span(3)
        cut += f"{start - end}x{stop - start}s"
        without += [text[end:start].replace(b"%", b"%%"), b"%b"]
        # A word is drawn as a number, a text as a text.
        numbered += [text[end:start], b"%d" % len(lengths)]
        if found[3] is not None:
            words.append(len(lengths))
        lengths.append(stop - start)
        end = stop
    drawing = _Drawing(lengths, words)
    drawing.add(json.loads(b"".join([*numbered, text[end:]])), "")
    return _Layout(
        Struct(f"{cut}{len(text) - end}x").unpack,
        b"".join([*without, text[end:].replace(b"%", b"%%")]),
        _picking(words),
        _picking(drawing.order),
        b"".join(drawing.parts),
        {path: place for place, path in enumerate(drawing.digests)},
        _picking(list(drawing.digests.values())),
    )


class _Drawing:
    """The canonical bytes of a layout as they come to be: a format, and the numbers of the values that fill it."""

    def __init__(self, lengths: Sequence[int], words: Sequence[int]) -> None:
        self._lengths = lengths
        # What is made of the words stands behind all values.
        self._of_word = {word: len(lengths) + place for place, word in enumerate(words)}
        self.parts: list[bytes] = []
        self.order: list[int] = []
        self.digests: dict[bytes, int] = {}

    def add(self, value: Any, path: str) -> None:
        """Add a value in which every text and every word is the number of one."""
        if isinstance(value, str):
            self.order.append(int(value))
            self.parts.append(b"%d:%%b" % self._lengths[int(value)])
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
            self.order.append(self._of_word[value])
            self.parts.append(b"%b")


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


def _encode_word(word: bytes) -> bytes:
    value = json.loads(word)
    if isinstance(value, float):
        raise NotCanonical("a fraction")
    return encode(value)


def _picking(places: Sequence[int]) -> _Pick:
    """Return what takes the values at these places, always as a tuple."""
    if len(places) > 1:
        return itemgetter(*places)
    if places:
        only = places[0]
        return lambda values: (values[only],)
    return lambda _: ()
