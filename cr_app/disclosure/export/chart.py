"""A picture of the totals: bars of what is shown, and `WITHHELD` without a bar for what is not.

Nothing in it is worked out but the lengths of the bars, and those from released values alone. The table stands beside it.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string

from cr_app.disclosure.export.content import Content
from cr_app.disclosure.export.plain import one_line
from cr_app.disclosure.tables import WITHHELD, ReleasedTable

WIDTH = 480
_MOST_BARS = 20
_LETTERS_A_LINE = 50
_LETTERS_A_FOOT = 62
_LINE, _BAR, _GAP = 20, 20, 12
_VALUE_ROOM = 90


@dataclass(frozen=True)
class Line:
    """A line of writing, with its baseline."""

    text: str
    y: int


@dataclass(frozen=True)
class Bar:
    """A bar: its label, what is written after it, and its place. Without a length there is none, but the writing is."""

    label: tuple[Line, ...]
    value: str
    y: int
    length: int
    value_x: int
    value_y: int


@dataclass(frozen=True)
class Chart:
    """A picture with its words: `title` is what it shows, `description` all that it says, for whoever does not see it.

    `heading` is the title as it is written above, `foot` says below where it is from, wherever the picture goes.
    """

    title: str
    description: str
    heading: tuple[Line, ...]
    foot: tuple[Line, ...]
    width: int
    height: int
    bar_height: int
    bars: tuple[Bar, ...]


def chart_of(content: Content) -> Chart:
    """Return the picture: the totals by year, or, where there is one year alone, its rows."""
    table = content.table
    years = len(table.columns) - (1 if table.total_column else 0)
    if years > 1 and table.total_row:
        what, shown = "total by year", list(zip(table.columns[:years], table.values[-1][:years], strict=True))
    else:
        what, shown = _rows_of(table)
    largest = max((value for _, value in shown if value is not None), default=0)
    title = f"{one_line(content.heading)}: {what}"
    heading = _lines(title, 0)
    bars, y = [], _LINE * len(heading) + _GAP
    for label, value in shown:
        bar = _bar(one_line(label), value, y, largest)
        bars.append(bar)
        y = bar.y + _BAR + _GAP
    foot = _lines(_foot(content, shown), y, _LETTERS_A_FOOT)
    return Chart(
        title=title,
        description="; ".join(f"{one_line(label)}: {_written(value)}" for label, value in shown) + ".",
        heading=heading,
        foot=foot,
        width=WIDTH,
        height=y + _LINE * len(foot) + _GAP,
        bar_height=_BAR,
        bars=tuple(bars),
    )


def chart_file(content: Content) -> bytes:
    """Return the picture as an SVG file of its own."""
    return render_to_string("disclosure/_chart.svg", {"chart": chart_of(content)}).encode()


def _rows_of(table: ReleasedTable) -> tuple[str, list[tuple[str, int | None]]]:
    """Return what is shown of a single year: its rows but for the total, the first of them where there are many."""
    rows = len(table.rows) - (1 if table.total_row and len(table.rows) > 1 else 0)
    kept = min(rows, _MOST_BARS)
    first = [(table.rows[row], table.values[row][0]) for row in range(kept)]
    what = table.columns[0]
    return what if kept == rows else f"{what}, the first {kept} of {rows} rows", first


def _bar(label: str, value: int | None, y: int, largest: int) -> Bar:
    placed = _lines(label, y)
    top = y + _LINE * len(placed)
    length = 0 if value is None or not largest else round((WIDTH - _VALUE_ROOM) * value / largest)
    return Bar(
        label=placed,
        value=WITHHELD if value is None else f"{value:,}",
        y=top,
        length=length,
        value_x=length + (8 if length else 0),
        value_y=top + _BAR - 5,
    )


def _lines(text: str, y: int, letters: int = _LETTERS_A_LINE) -> tuple[Line, ...]:
    """Return text in lines that fit, the first of them just below `y`."""
    lines = textwrap.wrap(text, letters) or [""]
    return tuple(Line(line, y + _LINE * place - 5) for place, line in enumerate(lines, start=1))


def _foot(content: Content, shown: Sequence[tuple[str, int | None]]) -> str:
    told = f"{one_line(content.asked.reference)}, table {content.part}. {content.standing}."
    return f"{WITHHELD} means withheld. {told}" if any(value is None for _, value in shown) else told


def _written(value: int | None) -> str:
    return "withheld" if value is None else f"{value:,}"
