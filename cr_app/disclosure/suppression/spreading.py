"""Moves many counts at once as far as each must be free to go, where what is published allows it. Pure.

To show of a thousand counts, one after the other, that each is wide takes a thousand programmes. Here one programme moves as
many as it can, none counted for more than it needs; what it finds are unknowns like any others, and show what they show. It
goes on from unknowns that agree with what is published, the same for all turns, so that only the moves are left to look for.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cr_app.disclosure.suppression.solver import (
    AT_LOWER,
    AT_UPPER,
    BASIC,
    INFINITE,
    TOLERANCE,
    Basis,
    Matrix,
    Meter,
    Programme,
    Unsolved,
    Vector,
    is_whole,
    matrix_of_entries,
)

# What it is worth that a count moves as far as it must, beside a cell that moves by one.
_WORTH = 200.0
# How far a search for whole numbers goes where a solution has fractions.
_NODES, _GAP = 20, 0.2


@dataclass(frozen=True)
class Priced:
    """Cells that may be moved besides, each step of one at its price: their places, prices, and how far down each may go."""

    places: NDArray[np.intp]
    prices: Vector
    room: Vector


class Spread:
    """Programmes that move many sums of unknowns. `statements` is what is published of sums or may be, `sums` the targets."""

    def __init__(self, statements: Matrix, sums: Matrix, truth: Vector, meter: Meter) -> None:
        """Take in the sums, and the true unknowns."""
        self._statements, self._sums, self._truth, self._meter = statements, sums, truth, meter
        self._value = sums.times(truth)
        self._agreeing: Programme | None = None

    def moved(
        self,
        targets: NDArray[np.integer],
        by: Vector,
        within: tuple[Vector, Vector],
        *,
        priced: Priced | None = None,
        is_rough: bool = False,
    ) -> Vector | None:
        """Return unknowns by which as many targets as can be are moved `by`, up or down; None where none were found.

        `within` are the least and the largest value of each statement; what is `priced` moves besides. The unknowns are
        whole, unless it is rough and whole ones were not found near by.
        """
        programme, columns = self._laid_out(targets, by, within, priced)
        try:
            programme.begin_at(self._beginning(targets, by, within, 0 if priced is None else len(priced.places)))
        except Unsolved:
            return None
        costs = np.zeros(columns[0])
        size, counted = len(self._truth), columns[1]
        costs[counted] = np.where(by > 0, -_WORTH, _WORTH) / np.abs(by)
        if priced is not None:
            costs[columns[2]] = costs[columns[2] + 1] = priced.prices
        try:
            found = programme.least(costs)[:size]
            if is_rough or is_whole(found):
                return np.round(found) if is_whole(found) else found
            # Whole numbers are looked for among the unknowns that were moved.
            still = np.flatnonzero(np.abs(found - self._truth) < TOLERANCE).astype(np.int32)
            programme.bound_columns(still, self._truth[still], self._truth[still])
            start = np.zeros(columns[0])
            start[:size] = self._truth
            whole = programme.least_whole(costs, np.arange(size, dtype=np.int32), nodes=_NODES, gap=_GAP, start=start)
        except Unsolved:
            return None
        return np.round(whole.columns[:size])

    def _beginning(self, targets: NDArray[np.integer], by: Vector, within: tuple[Vector, Vector], priced: int) -> Basis:
        """Return where a programme begins: at unknowns that agree, each target moved as far as these happen to move it."""
        if self._agreeing is None:
            wide = np.full(len(self._truth), INFINITE)
            self._agreeing = Programme(
                self._statements, columns=(np.zeros(len(self._truth)), wide), rows=within, meter=self._meter
            )
        self._agreeing.bound_rows(np.arange(self._statements.rows, dtype=np.int32), *within)
        unknowns = self._agreeing.least(np.zeros(len(self._truth)))
        basis = self._agreeing.basis()
        moved = self._sums.times(unknowns)[targets] - self._value[targets]
        columns = [*basis.columns]
        for each, wanted in zip(moved.tolist(), by.tolist(), strict=True):
            # Of its two columns one is where the move ends, the other at its bound.
            end, nearest = (AT_UPPER, AT_LOWER) if wanted > 0 else (AT_LOWER, AT_UPPER)
            is_further = each > wanted if wanted > 0 else each < wanted
            columns += [end, BASIC] if is_further else [BASIC, nearest]
        return Basis([*columns, *[AT_LOWER] * (2 * priced)], [*basis.rows, *[AT_LOWER] * len(targets)])

    def _laid_out(
        self, targets: NDArray[np.integer], by: Vector, within: tuple[Vector, Vector], priced: Priced | None
    ) -> tuple[Programme, tuple[int, NDArray[np.intp], NDArray[np.intp]]]:
        """Return the programme, how many columns it has, and which are those of targets and of priced cells.

        Of each target one column is its move as far as that counts, the next one the rest; of each priced cell one is its
        move up, the next one down.
        """
        size, many, rows = len(self._truth), len(targets), self._statements.rows
        more = 0 if priced is None else len(priced.places)
        counted, risen = size + 2 * np.arange(many), size + 2 * many + 2 * np.arange(more)
        at = np.full(self._sums.rows, -1)
        at[targets] = rows + np.arange(many)
        whose, which, times = self._sums.entries
        chosen = at[whose] >= 0
        entries = [self._statements.entries, (at[whose[chosen]], which[chosen], times[chosen])]
        entries += [(rows + np.arange(many), counted + beside, np.full(many, -1.0)) for beside in (0, 1)]
        width = size + 2 * many + 2 * more
        lower, upper = within[0].copy(), within[1].copy()
        least, most = np.zeros(width), np.full(width, INFINITE)
        up = by > 0
        least[counted], most[counted] = np.where(up, -INFINITE, by), np.where(up, by, INFINITE)
        least[counted + 1], most[counted + 1] = np.where(up, 0.0, -INFINITE), np.where(up, INFINITE, 0.0)
        if priced is not None:
            entries += [(priced.places, risen + beside, np.full(more, beside * 2.0 - 1)) for beside in (0, 1)]
            most[risen + 1] = priced.room
        value = self._value[targets]
        programme = Programme(
            matrix_of_entries(entries, rows + many, width),
            columns=(least, most),
            rows=(np.concatenate([lower, value]), np.concatenate([upper, value])),
            meter=self._meter,
            is_single=True,
        )
        return programme, (width, counted, risen)
