"""The registry of tables: which rows a request has, what each of them counts, and the numbers in them before protection.

Nothing of this may leave: only `releases` may import it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import cast

from cr_app.disclosure import counts
from cr_app.disclosure.asked import Asked, BadRequest, Group
from cr_app.disclosure.ledger import Counts, Key, Layout, combined_label, edges_of, laid_out
from cr_app.disclosure.notes import described
from cr_app.disclosure.row_meanings import Kind, Row
from cr_app.disclosure.suppression.combining import rows_to_combine
from cr_app.disclosure.suppression.rounding import EITHER_SIDE


@dataclass(frozen=True)
class Meant:
    """A row that a request may have: what it counts, and the same in words."""

    row: Row
    what: str


@dataclass(frozen=True)
class Report:
    """A table that was counted: its layout, its rows before any were merged, and the values that they are split by."""

    layout: Layout
    meant: tuple[Meant, ...]
    values: tuple[str, ...]
    counts: Counts


@dataclass(frozen=True)
class Counting:
    """What a request counts, at every edge of the earlier tables too: every row that it may have, every value, the numbers."""

    counted_at: datetime
    meant: tuple[Meant, ...]
    values: tuple[str, ...]
    edges: tuple[date, ...]
    counts: Counts


def counting_of(asked: Asked, *, counted_at: datetime, earlier: Sequence[Layout]) -> Counting:
    """Count what a request may have in its table, and the earlier tables; raises BadRequest where two rows would have one label."""
    meant = ROWS[asked.rows_by](asked, counts.kinds_of(asked.force))
    layouts = [*earlier, _layout(asked, counted_at, [each.row for each in meant], leaves_out=False)]
    values = counts.values_of(asked.breakdown, asked.force, as_of=counted_at)
    return Counting(counted_at, meant, values, edges_of(layouts), numbers_of(asked.force, layouts))


def report_of(asked: Asked, counting: Counting, *, zeros_too: bool = False) -> Report:
    """Lay out the table that is asked for, of what was counted.

    Rows that are not named are left out where the whole period has nothing in them and zeros are shown; so are values of the
    breakdown. `zeros_too`: zeros may be withheld where that protects, and so no row is left out, which would tell of a 0; nor
    is one where values are rounded, which would tell that it is not 0. Raises BadRequest where two rows would have one label.
    """
    leaves_out = asked.zeros == "show" and not zeros_too and asked.method != "round"
    meant, values, edges = counting.meant, counting.values, counting.edges
    here = counting.counts[counting.counted_at, asked.breakdown]
    with_further = asked.basis == "offences"
    within = {
        stretch for stretch, (begins, _) in enumerate(pairwise(edges)) if asked.period_from <= begins <= asked.period_to
    }
    found = {
        (Kind(code, encouraging), value)
        for (stretch, code, encouraging, further, value), number in here.items()
        if number and stretch in within and (with_further or not further)
    }
    if leaves_out and asked.rows_by != "named":
        occurring = {kind for kind, _ in found}
        meant = tuple(each for each in meant if not each.row.kinds.isdisjoint(occurring))
    if leaves_out:
        counted = frozenset[Kind]().union(*(each.row.kinds for each in meant))
        there = {value for kind, value in found if kind in counted}
        values = tuple(value for value in values if value in there)
    base = [each.row for each in meant]
    merged = _merged(asked, base, values, here, edges) if asked.method == "combine" else ()
    layout = _layout(asked, counting.counted_at, base, values, merged, leaves_out=leaves_out)
    return Report(layout, meant, values, counting.counts)


def numbers_of(force: str, layouts: Sequence[Layout]) -> Counts:
    """Return what these tables count, cut at all their edges, as of the moment of each and by each of their breakdowns.

    All moments of a breakdown are counted in one statement.
    """
    edges, with_further = edges_of(layouts), any(layout.with_further for layout in layouts)
    breakdowns = sorted({layout.breakdown for layout in layouts if layout.breakdown}) or [""]
    moments = sorted({layout.counted_at for layout in layouts})
    found: dict[tuple[datetime, str], Mapping[Key, int]] = {}
    for breakdown in breakdowns:
        asking = counts.Asking(force, edges, breakdown, with_further)
        for moment, numbers in counts.counted_at_each(asking, moments).items():
            # A key is a tuple, whatever the names of its parts; of a mapping mypy wants the very type.
            found[moment, breakdown] = cast("Mapping[Key, int]", numbers)
            found.setdefault((moment, ""), found[moment, breakdown])
    return found


def rows_of(asked: Asked) -> tuple[Row, ...]:
    """Return every row that a request may have, as the catalogue now has it."""
    return tuple(each.row for each in ROWS[asked.rows_by](asked, counts.kinds_of(asked.force)))


def row_of_groups(force: str, groups: Iterable[Group], label: str) -> Row:
    """Return one row that counts whatever fits any of these groups; without groups it is every offence."""
    wanted = tuple(groups) or (Group(label),)
    kinds = _every(counts.kinds_of(force))
    return Row(label, frozenset(kind for kind in kinds if any(_fits(group, kind) for group in wanted)))


def columns_of(asked: Asked) -> tuple[str, ...]:
    """Return the labels of a table's columns, the total last."""
    return (*(year.label for year in asked.columns()), "Total")


def _layout(
    asked: Asked,
    counted_at: datetime,
    base: Sequence[Row],
    values: Sequence[str] = (),
    merged: Sequence[Sequence[str]] = (),
    *,
    leaves_out: bool,
) -> Layout:
    names = [combined_label(labels, are_all=len(labels) == len(base)) for labels in merged]
    rows = laid_out(base, values=values, merged=merged, names=names)
    labels = [row.label for row in rows]
    if twice := sorted({label for label in labels if labels.count(label) > 1}):
        raise BadRequest(f"Two rows would be called {twice[0]!r}: give the named rows other names.")
    years = asked.columns()
    return Layout(
        name=None,
        columns=tuple((year.begins, year.ends) for year in years),
        column_labels=tuple(year.label for year in years),
        rows=rows,
        counted_at=counted_at,
        breakdown=asked.breakdown,
        with_further=asked.basis == "offences",
        is_whole=asked.rows_by != "named",
        zeros_shown=leaves_out,
        zeros_small=asked.zeros == "withhold",
        lists_found=leaves_out and asked.rows_by != "named",
        values_found=leaves_out,
        threshold=asked.threshold,
        slack=EITHER_SIDE if asked.method == "round" else 0,
    )


def _merged(
    asked: Asked,
    base: Sequence[Row],
    values: Sequence[str],
    here: Mapping[tuple[int, str, bool, bool, str], int],
    edges: Sequence[date],
) -> tuple[tuple[str, ...], ...]:
    """Return the labels of the rows to be merged into one, if any: those with a small count in any cell, and as few more as will do."""
    years = asked.columns()
    column_of = {
        stretch: column
        for stretch, begins in enumerate(edges[:-1])
        for column, year in enumerate(years)
        if year.begins <= begins < year.ends
    }
    row_of = {kind: place for place, row in enumerate(base) for kind in row.kinds}
    wanted = [*values, ""]
    found = [[[0] * (len(years) + 1) for _ in wanted] for _ in base]
    for (stretch, code, encouraging, further, value), number in here.items():
        row, column = row_of.get(Kind(code, encouraging)), column_of.get(stretch)
        if row is None or column is None or (further and asked.basis != "offences"):
            continue
        for which in {value, ""} & set(wanted):
            line = found[row][wanted.index(which)]
            line[column] += number
            line[-1] += number
    merged = rows_to_combine(
        [[number for line in lines for number in line] for lines in found], threshold=asked.threshold
    )
    return (tuple(base[place].label for place in merged),) if merged else ()


def _by_group(asked: Asked, kinds: Sequence[counts.Kind]) -> tuple[Meant, ...]:
    """Rows of the Home Office's offence groups, in the catalogue's order."""
    groups: dict[str, list[counts.Kind]] = {}
    for kind in kinds:
        groups.setdefault(kind.group, []).append(kind)
    return tuple(
        Meant(
            Row(group, _every(found)),
            f"Counts the offence codes of this group, and encouraging or assisting them: {_codes(found)}.",
        )
        for group, found in groups.items()
    )


def _by_offence(asked: Asked, kinds: Sequence[counts.Kind]) -> tuple[Meant, ...]:
    """Rows of single codes."""
    return tuple(
        Meant(Row(f"{kind.title} ({kind.code})", _every([kind])), described(Group(kind.title, (kind.code,))))
        for kind in kinds
    )


def _by_name(asked: Asked, kinds: Sequence[counts.Kind]) -> tuple[Meant, ...]:
    """Rows that were named: what fits several is counted in the first."""
    left, found = _every(kinds), []
    for group in asked.groups:
        mine = frozenset(kind for kind in left if _fits(group, kind))
        left -= mine
        found.append(Meant(Row(group.label, mine), described(group)))
    return tuple(found)


# How the rows of a request are made, by what it says they are.
ROWS: Mapping[str, Callable[[Asked, Sequence[counts.Kind]], tuple[Meant, ...]]] = {
    "group": _by_group,
    "offence": _by_offence,
    "named": _by_name,
}


def _every(kinds: Iterable[counts.Kind]) -> frozenset[Kind]:
    return frozenset(Kind(kind.code, encouraging) for kind in kinds for encouraging in (False, True))


def _fits(group: Group, kind: Kind) -> bool:
    return group.fits(kind.code, encouraging=kind.encouraging)


def _codes(kinds: Iterable[counts.Kind]) -> str:
    return ", ".join(kind.code for kind in kinds)
