"""What was worked out as the desk reads it: the table as it would leave, and, for the desk alone, why it is so."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from cr_app.disclosure.asked import Asked
from cr_app.disclosure.export.chart import chart_of
from cr_app.disclosure.export.content import Content
from cr_app.disclosure.presenting.shown_table import shown
from cr_app.disclosure.tables import ReleasedTable
from cr_app.pages.moments import counted, moment

# A longer list of what is withheld is folded up.
LONG = 40
_WHY = {
    "chosen": "Somebody of this desk keeps it back.",
    "difference": "It differs by so few from an earlier release that the difference would tell of single people.",
    "earlier": "With an earlier release it could give away what was withheld there.",
    "protects": "A small count could be worked out from it.",
}


@dataclass(frozen=True)
class WithheldLine:
    """One withheld cell: why, and what an outsider can work out of it."""

    row: str
    column: str
    why: str
    bounds: str
    choose_url: str


@dataclass(frozen=True)
class CollisionLine:
    """An earlier release that mattered, what was done, and the way out of it."""

    title: str
    what: str
    url: str
    cells: str
    way_out: str = ""
    way_out_url: str = ""


@dataclass(frozen=True)
class ChoiceLine:
    """A decision on one cell; `is_unused` where the table has no such cell any more."""

    what: str
    row: str
    column: str
    reason: str
    who: str
    when: str
    is_unused: bool = False
    back_url: str = ""


def table_shown(content: Content) -> dict[str, Any]:
    """Return the table, its chart and how it is protected, as they stand in what leaves."""
    table = shown(content.table)
    return {
        "table": table,
        "table_caption": content.heading,
        "first_heading": content.row_heading,
        "chart": chart_of(content),
        "protection": _protection(content),
        "notes": content.notes,
        "refusal": content.refusal_notice,
    }


def _protection(content: Content) -> list[str]:
    protection = content.protection
    found = [protection.rule, *_much_combined(content.table)]
    if not protection.withheld:
        return [*found, "No cell of this table is withheld."]
    many = f"{counted(protection.withheld, 'cell')} of {len(content.table.rows) * len(content.table.columns):,}"
    are = "is" if protection.withheld == 1 else "are"
    if protection.worst_interval is None:
        return [*found, f"{many} {are} withheld. Of none of them can an outsider work out a largest value."]
    return [
        *found,
        f"{many} {are} withheld. The least and the largest value that an outsider can work out of any of them are at least "
        f"{protection.worst_interval} apart.",
    ]


def _much_combined(table: ReleasedTable) -> list[str]:
    """Return a sentence where combining left less than half of the rows, so that another way may show more."""
    merged = {row for each in table.combined for row in each.rows}
    standing = {label for label in table.rows if label not in {each.label for each in table.combined}}
    if len(merged) <= len(standing):
        return []
    return [f"{counted(len(merged), 'row')} of this table went into combined ones. Suppressing may show more of them."]


def why_shown(content: Content, why: Mapping[str, Any], *, pk: int, may_choose: bool) -> dict[str, Any]:
    """Return, for the desk alone, why each cell is withheld, what else could be worked out, and which releases mattered."""
    address = reverse("foi_cell", args=[pk])
    lines = [_withheld_line(each, content.asked, address) for each in why.get("cells", ())]
    guards = [
        (str(each["label"]), bounds_in_words(each["low"], each["high"], is_pinned=each.get("is_pinned", False)))
        for each in why.get("guards", ())
    ]
    told_once = [
        (label, f"{words} ({times} of them)" if times > 1 else words)
        for (label, words), times in Counter(guards).items()
    ]
    return {
        "withheld": lines,
        "withheld_is_long": len(lines) > LONG,
        "guards": told_once,
        "how_many": _how_many(why.get("cells", ()), content.asked),
        "may_choose": may_choose,
        "choose_url": address if may_choose else "",
        "collisions": [_collision_line(each, pk=pk, may_change=may_choose) for each in why.get("collisions", ())],
    }


def _withheld_line(cell: Mapping[str, Any], asked: Asked, address: str) -> WithheldLine:
    row, column = str(cell["row"]), str(cell["column"])
    return WithheldLine(
        row=row,
        column=column,
        why=" ".join(_reason(reason, asked) for reason in cell["reasons"]),
        bounds=bounds_in_words(cell["low"], cell["high"], is_pinned=cell.get("is_pinned", False)),
        choose_url=_cell_url(address, row, column),
    )


def _reason(reason: str, asked: Asked) -> str:
    return _small(asked) if reason == "small" else _WHY.get(reason, "")


def _small(asked: Asked) -> str:
    small = "1" if asked.threshold == 2 else f"from 1 to {asked.threshold - 1}"
    return f"Small: {'0 or ' if asked.zeros == 'withhold' else ''}a count {small}."


def bounds_in_words(low: int, high: int | None, *, is_pinned: bool = False) -> str:
    """Return what an outsider can work out at best: between two values, at least one, or nothing."""
    if high is None:
        found = f"At least {low:,}" if low else "Nothing: 0 or more"
    elif low == high:
        found = f"Exactly {low:,}"
    else:
        found = f"Between {low:,} and {high:,}"
    return f"{found}. What was published before tells that already" if is_pinned else found


def _how_many(cells: Sequence[Mapping[str, Any]], asked: Asked) -> str:
    small = sum("small" in cell["reasons"] for cell in cells)
    chosen = sum("chosen" in cell["reasons"] and "small" not in cell["reasons"] for cell in cells)
    others = len(cells) - small - chosen
    parts = [f"{counted(small, 'cell')} with a small count"] if small else []
    parts += [f"{counted(chosen, 'cell')} that somebody keeps back"] if chosen else []
    parts += [f"{counted(others, 'cell')} to protect those"] if others else []
    words = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def _collision_line(each: Mapping[str, Any], *, pk: int, may_change: bool) -> CollisionLine:
    release, as_of = each["release"], each.get("as_of")
    is_number = isinstance(release, int)
    cells = each.get("cells") or ()
    way_out, url = "", ""
    if may_change and as_of:
        way_out = f"Count as of the extraction of release {release}, so that nothing differs" if is_number else ""
        url = f"{reverse('foi_change', args=[pk])}?{urlencode({'as_of': as_of})}"
    return CollisionLine(
        title=f"Release {release}" if is_number else str(release),
        what=str(each["what"]),
        url=reverse("release", args=[release]) if is_number else "",
        cells="; ".join(map(str, cells[:MOST_CELLS]))
        + (f"; and {len(cells) - MOST_CELLS} more" if len(cells) > MOST_CELLS else ""),
        way_out=way_out,
        way_out_url=url if way_out else "",
    )


MOST_CELLS = 12


def choice_lines(choices: Iterable[Any], *, unused: Collection[str] = (), address: str = "") -> list[ChoiceLine]:
    """Return the decisions on cells, each with who decided it, when and why, and which of them fit nothing any more.

    `address` is where one is taken back, "" where none can be.
    """
    return [
        ChoiceLine(
            what="Kept back" if each.is_withheld else "Opened",
            row=each.row,
            column=each.column,
            reason=each.reason,
            who=each.by.name,
            when=moment(each.at),
            is_unused=f"{each.row}, {each.column}" in unused,
            back_url=_cell_url(address, each.row, each.column) if address else "",
        )
        for each in choices
    ]


def _cell_url(address: str, row: str, column: str) -> str:
    return f"{address}?{urlencode({'row': row, 'column': column})}"


def extracted_in_words(content: Content, *, by: str, at: datetime) -> str:
    """Return when the cases were counted, as they stood when, and who had it worked out."""
    as_of = content.asked.as_of
    stood = f", as they stood on {moment(as_of)}" if as_of else ""
    return f"Counted on {moment(content.extracted_at)}{stood}. Worked out for {by} on {moment(at)}."
