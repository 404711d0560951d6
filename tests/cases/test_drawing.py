"""Drawn signatures: what is read, what is refused, and that only numbers that were read are ever written."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cr_app.cases.drawing import (
    HEIGHT,
    LONGEST,
    MOST_STROKES,
    WIDTH,
    NotADrawing,
    Strokes,
    read_drawing,
    shown_drawing,
    written,
)
from cr_app.cases.models.agreement import _PATH

POINTS = st.tuples(st.integers(0, WIDTH), st.integers(0, HEIGHT))
STROKES = st.lists(st.lists(POINTS, min_size=1, max_size=40).map(tuple), max_size=12).map(tuple)
ONE_FORM = re.compile(_PATH)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("", ""),
        ("M10 20 L30 40", "M10 20 L30 40"),
        ("M10 20 L30 40 M1 2 L3 4", "M10 20 L30 40 M1 2 L3 4"),
        ("M010 020 L030 040", "M10 20 L30 40"),
        ("M0 0 L600 200", "M0 0 L600 200"),
        ("M1 1 L1 1 L2 2 L2 2 L1 1", "M1 1 L2 2 L1 1"),
        # A dot, as over an i, is a line of no length.
        ("M5 5", "M5 5 L5 5"),
        ("M5 5 L5 5 L5 5", "M5 5 L5 5"),
        ("M5 5 M6 6 L7 7", "M5 5 L5 5 M6 6 L7 7"),
    ],
)
def test_strokes_are_kept_in_their_one_form(sent: str, kept: str) -> None:
    assert read_drawing(sent) == kept


@pytest.mark.parametrize(
    "sent",
    [
        " ",
        "L10 20",
        "M10",
        "M10 20 ",
        " M10 20",
        "M10 20\n",
        "M10 20\nL30 40",
        "M10  20",
        "M10,20 L30,40",
        "m10 20 l30 40",
        "M10 20 C30 40 50 60 70 80",
        "M10 20 Z",
        "M10 20L30 40",
        "M-1 20",
        "M1.5 20",
        "M1e2 20",
        "M601 0",
        "M0 201",
        "M1000 20",
        "M१० २०",
        "M10 20 L３０ 40",
        "M10 20 L30 40\x00",
        'M10 20"/><script>alert(1)</script>',
        "url(https://example.com/)",
        "M10\u00a020",
    ],
)
def test_what_is_no_path_of_whole_numbers_in_the_box_is_refused(sent: str) -> None:
    with pytest.raises(NotADrawing, match="could not be read"):
        read_drawing(sent)
    assert shown_drawing(sent) == ""


def test_a_drawing_has_as_many_strokes_and_characters_as_are_kept_and_no_more() -> None:
    most = " ".join(["M1 1 L2 2"] * MOST_STROKES)
    assert read_drawing(most) == most
    with pytest.raises(NotADrawing, match="too many lines"):
        read_drawing(f"{most} M1 1 L2 2")
    longest = "M1 1" + " L22 2 L1 11" * ((LONGEST - 4) // 12)
    assert len(longest) <= LONGEST < len(longest) + 12
    assert read_drawing(longest) == longest
    with pytest.raises(NotADrawing, match="too many lines"):
        read_drawing(longest + " L22 2 L1 11")
    # As it came it fits; written out, its dots do not.
    dots = " ".join(["M100 100"] * 100)
    line = "M1 1" + " L22 2 L1 11" * ((LONGEST - len(dots) - 5) // 12)
    assert len(f"{line} {dots}") <= LONGEST
    with pytest.raises(NotADrawing, match="too many lines"):
        read_drawing(f"{line} {dots}")


def test_the_longest_text_of_any_kind_is_answered_at_once() -> None:
    for text in ("M1 1 " * 100_000, "M" * LONGEST, "M1 1 L" * 4000, "9" * LONGEST):
        with pytest.raises(NotADrawing):
            read_drawing(text)


@given(STROKES)
def test_what_was_drawn_is_read_again_as_the_same(strokes: Strokes) -> None:
    kept = read_drawing(written(strokes))
    assert kept == written(strokes)
    assert read_drawing(kept) == kept
    assert [int(number) for number in re.findall(r"[0-9]+", kept)] == [
        number for stroke in strokes for point in _once_in_a_row(stroke) for number in point
    ]


@given(st.text(alphabet="ML0123456789 .,-\n٣", max_size=60) | st.text(max_size=30))
def test_any_text_is_refused_or_becomes_what_the_table_takes(text: str) -> None:
    try:
        kept = read_drawing(text)
    except NotADrawing:
        assert shown_drawing(text) == ""
        return
    assert shown_drawing(text) == kept
    assert kept == "" or ONE_FORM.fullmatch(kept)
    assert set(kept) <= set("ML0123456789 ")
    assert [int(number) for number in re.findall(r"[0-9]+", kept)] <= [999] * len(kept)
    assert read_drawing(kept) == kept


def _once_in_a_row(stroke: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    points = [stroke[0]] + [after for before, after in pairwise(stroke) if after != before]
    return points * 2 if len(points) == 1 else points
