"""Linear and whole-number programmes, solved by HiGHS: the same answer each time, no clock. Pure.

One thread, a fixed seed and limits on work, never on time, so that the same programme gives the same answer on any day.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import highspy
import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Places = NDArray[np.int32]
INFINITE = math.inf
# Nearer than this to a whole number is that number: counts stay far below where it would matter.
TOLERANCE = 1e-5


class Unsolved(RuntimeError):
    """A programme that has no solution, or none was found within the work allowed."""


class Exhausted(RuntimeError):
    """More work than is allowed."""


@dataclass(frozen=True)
class Matrix:
    """Sparse rows: of row r the columns `index[starts[r]:starts[r + 1]]`, each `value` times."""

    starts: Places
    index: Places
    value: Vector
    columns: int

    @cached_property
    def _row_of(self) -> Places:
        return np.repeat(np.arange(self.rows, dtype=np.int32), np.diff(self.starts))

    @property
    def rows(self) -> int:
        """Return how many rows it has."""
        return len(self.starts) - 1

    def times(self, solution: Vector) -> Vector:
        """Return the value of each row."""
        weights = self.value * solution[self.index]
        return np.bincount(self._row_of, weights=weights, minlength=self.rows).astype(np.float64)

    def times_turned(self, weights: Vector) -> Vector:
        """Return the sum of the rows, each so many times."""
        spread = self.value * weights[self._row_of]
        return np.bincount(self.index, weights=spread, minlength=self.columns).astype(np.float64)

    @property
    def entries(self) -> "Entries":
        """Return what is not 0: of each the row, the column and how often it counts."""
        return self._row_of, self.index, self.value

    def row(self, place: int) -> tuple[Places, Vector]:
        """Return the columns of a row and how often each counts."""
        among = slice(self.starts[place], self.starts[place + 1])
        return self.index[among], self.value[among]


def matrix_of(rows: Iterable[Sequence[tuple[int, float]]], columns: int) -> Matrix:
    """Return the matrix of rows of (column, times); a column named twice in a row counts twice."""
    starts, index, value = [0], [], []
    for row in rows:
        summed: dict[int, float] = {}
        for column, times in row:
            summed[column] = summed.get(column, 0) + times
        kept = {column: times for column, times in summed.items() if times}
        index += list(kept)
        value += list(kept.values())
        starts.append(len(index))
    return Matrix(np.array(starts, np.int32), np.array(index, np.int32), np.array(value, np.float64), columns)


# Of each entry of a matrix the row, the column and the value.
Entries = tuple[NDArray[np.integer], NDArray[np.integer], Vector]


def matrix_of_entries(entries: Sequence[Entries], rows: int, columns: int) -> Matrix:
    """Return the matrix of entries, none of which stands twice."""
    row_of, index, value = (np.concatenate(each) for each in zip(*entries, strict=True))
    order = np.argsort(row_of, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(row_of, minlength=rows))])
    return Matrix(starts.astype(np.int32), index[order].astype(np.int32), value[order].astype(np.float64), columns)


@dataclass(frozen=True)
class Solution:
    """What a programme gave: its value, its columns, and for a linear one the price of each row and of each column's bound."""

    value: float
    columns: Vector
    row_prices: Vector
    column_prices: Vector
    is_proved: bool = True


@dataclass
class Meter:
    """The work that programmes took so far, in units of about a microsecond on a machine of 2025: counted, never timed.

    The one that makes it more than `most` raises Exhausted.
    """

    spent: float = 0.0
    most: float = INFINITE

    def count(self, steps: int, columns: int, rows: int, *, is_search: bool = False, is_single: bool = False) -> None:
        """Count one solution that took so many steps of the simplex method.

        A search for whole numbers takes more, a step of a programme that was made smaller first takes less.
        """
        each_step = (_EACH_STEP + rows * _EACH_STEP_A_ROW) * (_MADE_SMALLER if is_single else 1)
        self.spent += (
            _EACH_TIME + (columns + rows) * (_EACH_PLACE_LAID_OUT if is_single else _EACH_PLACE) + steps * each_step
        )
        if is_search:
            self.spent += rows * _EACH_SEARCH_A_ROW + steps * (_EACH_STEP + rows * _EACH_STEP_A_ROW)
        if self.spent > self.most:
            raise Exhausted("More work than is allowed.")


@contextmanager
def share_of(whole: Meter | None, most: float) -> Iterator[Meter]:
    """Give a meter for one of several pieces of work that share `whole`: it allows `most`, or what is left where that is less.

    Where that is not enough it raises Unsolved.
    """
    part = Meter(most=most if whole is None else min(most, whole.most - whole.spent))
    try:
        yield part
    except Exhausted as error:
        raise Unsolved(str(error)) from error
    finally:
        if whole is not None:
            whole.spent += part.spent


@dataclass(frozen=True)
class Basis:
    """Where a linear programme stands: of each column and of each row whether it is basic, or at which of its bounds."""

    columns: Sequence[highspy.HighsBasisStatus]
    rows: Sequence[highspy.HighsBasisStatus]


BASIC, AT_LOWER, AT_UPPER = (
    highspy.HighsBasisStatus.kBasic,
    highspy.HighsBasisStatus.kLower,
    highspy.HighsBasisStatus.kUpper,
)


class Programme:
    """A programme whose bounds and costs change between solutions; a linear one starts from the last basis."""

    def __init__(
        self,
        matrix: Matrix,
        *,
        columns: tuple[Vector, Vector],
        rows: tuple[Vector, Vector],
        is_moving: bool = False,
        is_single: bool = False,
        meter: Meter | None = None,
    ) -> None:
        """Lay out `matrix` with the least and largest value of each column and each row.

        `is_moving` says that costs will change more often than bounds: the last solution then stays one to go on from;
        `is_single` that it is solved once, and had better be made smaller first. `meter` counts the work.
        """
        self._meter = meter or Meter()
        self._rows = matrix.rows
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in _OPTIONS.items():
            self._highs.setOptionValue(name, value)
        if is_single:
            self._highs.setOptionValue("presolve", "on")
        self._is_single = is_single
        self._is_moving = is_moving
        self._is_begun = False
        self._size = matrix.columns
        self._all = np.arange(self._size, dtype=np.int32)
        told = highspy.HighsLp()
        told.num_col_, told.num_row_ = matrix.columns, matrix.rows
        told.col_lower_, told.col_upper_ = columns
        told.row_lower_, told.row_upper_ = rows
        told.col_cost_ = np.zeros(matrix.columns)
        told.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        told.a_matrix_.start_, told.a_matrix_.index_, told.a_matrix_.value_ = matrix.starts, matrix.index, matrix.value
        if self._highs.passModel(told) == highspy.HighsStatus.kError:
            raise Unsolved("The programme is not well formed.")

    def bound_rows(self, places: Places, lower: Vector, upper: Vector) -> None:
        """Give rows another least and largest value."""
        self._highs.changeRowsBounds(len(places), places, lower, upper)  # type: ignore[attr-defined]

    def bound_columns(self, places: Places, lower: Vector, upper: Vector) -> None:
        """Give columns another least and largest value."""
        self._highs.changeColsBounds(len(places), places, lower, upper)

    def add_row(self, columns: Places, times: Vector, lower: float, upper: float) -> None:
        """Add a row."""
        self._rows += 1
        self._highs.addRow(lower, upper, len(columns), columns, times)

    def basis(self) -> Basis:
        """Return where the last solution stands."""
        found = self._highs.getBasis()
        return Basis(list(found.col_status), list(found.row_status))

    def begin_at(self, basis: Basis) -> None:
        """Go on from a basis that gives what columns and rows may be: from there on, costs alone are what is left to do."""
        begun = highspy.HighsBasis()
        begun.col_status, begun.row_status, begun.valid = [*basis.columns], [*basis.rows], True
        if self._highs.setBasis(begun) == highspy.HighsStatus.kError:
            raise Unsolved("The basis is not one of this programme.")
        self._is_begun, self._is_single = True, False

    def least(self, costs: Vector) -> Vector:
        """Return the columns of least cost; raises Unsolved where there are none."""
        self._solve(costs)
        return np.array(self._highs.getSolution().col_value)

    def priced(self, costs: Vector) -> Solution:
        """Return the columns of least cost with the prices of rows and columns; raises Unsolved where there are none."""
        self._solve(costs)
        found, value = self._highs.getSolution(), self._highs.getInfo().objective_function_value
        return Solution(value, np.array(found.col_value), np.array(found.row_dual), np.array(found.col_dual))

    def _solve(self, costs: Vector) -> None:
        highs = self._highs
        highs.changeColsCost(self._size, self._all, costs)
        if self._is_moving:
            # Unperturbed costs go on from the last solution in few steps, but may go in circles: those are cut short.
            highs.setOptionValue(_PERTURBED, 0.0)
            highs.setOptionValue(_STEPS, _STEPS_BEFORE_A_FRESH_START)
            self._run()
            highs.setOptionValue(_PERTURBED, 1.0)
            highs.setOptionValue(_STEPS, highspy.kHighsIInf)
        elif self._is_begun:
            highs.setOptionValue(_STRATEGY, _PRIMAL)
            highs.setOptionValue(_STEPS, _STEPS_BEFORE_A_FRESH_START)
            self._run()
            highs.setOptionValue(_STRATEGY, _DUAL)
            highs.setOptionValue(_STEPS, highspy.kHighsIInf)
            self._is_begun = False
        else:
            self._run()
        status = highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal and (
            self._is_moving or status != highspy.HighsModelStatus.kInfeasible
        ):
            highs.clearSolver()
            self._run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise Unsolved(highs.modelStatusToString(highs.getModelStatus()))

    def _run(self, *, is_search: bool = False) -> None:
        self._highs.run()
        steps = max(0, self._highs.getInfo().simplex_iteration_count)
        self._meter.count(steps, self._size, self._rows, is_search=is_search, is_single=self._is_single)

    def least_whole(
        self, costs: Vector, whole: Places, *, nodes: int, start: Vector | None = None, gap: float = 0.0
    ) -> Solution:
        """Return the cheapest solution found in which the columns `whole` are whole numbers, within so many nodes.

        `start` is a solution already known; one that costs `gap` of the least more at most is enough. Raises Unsolved where none was found.
        """
        highs = self._highs
        highs.changeColsCost(self._size, self._all, costs)
        highs.changeColsIntegrality(len(whole), whole, np.ones(len(whole), np.uint8))
        highs.setOptionValue("presolve", "on")
        highs.setOptionValue("mip_max_nodes", nodes)
        highs.setOptionValue("mip_rel_gap", gap)
        if start is not None:
            highs.setSolution(self._size, self._all, start)
        self._run(is_search=True)
        status, found, told = highs.getModelStatus(), highs.getSolution(), highs.getInfo()
        has_solution = told.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        solution = Solution(
            told.objective_function_value,
            np.array(found.col_value),
            np.zeros(0),
            np.zeros(0),
            status == highspy.HighsModelStatus.kOptimal,
        )
        highs.changeColsIntegrality(len(whole), whole, np.zeros(len(whole), np.uint8))
        highs.setOptionValue("presolve", "off")
        if not has_solution:
            raise Unsolved(highs.modelStatusToString(status))
        return solution


def is_whole(values: Vector) -> bool:
    """Tell whether each value is a whole number, within the tolerance."""
    return bool(np.all(np.abs(values - np.round(values)) < TOLERANCE))


_PERTURBED, _STEPS = "dual_simplex_cost_perturbation_multiplier", "simplex_iteration_limit"
_STEPS_BEFORE_A_FRESH_START = 20_000
_STRATEGY, _DUAL, _PRIMAL = "simplex_strategy", 1, 4
# What a solution takes, and a search for whole numbers besides, as measured.
_EACH_TIME, _EACH_PLACE, _EACH_STEP, _EACH_STEP_A_ROW, _EACH_SEARCH_A_ROW = 40.0, 0.25, 5.0, 0.08, 100.0
# The same where a programme is laid out for one solution and made smaller first.
_EACH_PLACE_LAID_OUT, _MADE_SMALLER = 3.0, 0.15
_OPTIONS: dict[str, bool | int | str | float] = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    "presolve": "off",
    "solver": "simplex",
    _STRATEGY: _DUAL,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-6,
}
