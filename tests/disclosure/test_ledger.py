"""Tables over the same cases are cut into the unknowns that they share, and nothing else has a say."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from cr_app.disclosure.ledger import Layout, laid_out, ledger_of, public_puzzle
from cr_app.disclosure.ledger.places import moments_as_one
from cr_app.disclosure.row_meanings import Kind, Row, rows_as_json, rows_from_json
from cr_app.disclosure.tables import ReleasedTable

FIRST, LATER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
A, B = Row("A", frozenset({Kind("1/00", False)})), Row("B", frozenset({Kind("2/00", False), Kind("3/00", False)}))
# By stretch and code, at one moment.
Numbers = Mapping[tuple[int, str], int]


def calendar(*years: int) -> tuple[tuple[date, date], ...]:
    """Return calendar years as columns."""
    return tuple((date(year, 1, 1), date(year + 1, 1, 1)) for year in years)


def layout(
    rows: Sequence[Row] = (A, B),
    columns: tuple[tuple[date, date], ...] = calendar(2020),
    *,
    values: Sequence[Sequence[int | None]] | None = None,
    name: int | None = None,
    at: datetime = FIRST,
    with_further: bool = False,
) -> Layout:
    """Return a table with a total row and a total column; with values it is an earlier one."""
    labels = tuple(str(begins.year) for begins, _ in columns)
    made = laid_out(rows)
    table = None
    if values is not None:
        shown = tuple(tuple(line) for line in values)
        table = ReleasedTable(tuple(row.label for row in made), (*labels, "Total"), shown)
    return Layout(name, columns, labels, made, at, with_further=with_further, table=table)


def counts(
    numbers: Numbers, at: datetime = FIRST, further: Numbers | None = None
) -> dict[tuple[datetime, str], dict[tuple[int, str, bool, bool, str], int]]:
    """Return numbers as they are counted."""
    found = {(stretch, code, False, False, ""): number for (stretch, code), number in numbers.items()}
    found |= {(stretch, code, False, True, ""): number for (stretch, code), number in (further or {}).items()}
    return {(at, ""): found}


def test_codes_that_fall_into_the_same_cells_are_one_unknown() -> None:
    found = ledger_of(layout(), (), counts({(0, "1/00"): 7, (0, "2/00"): 4, (0, "3/00"): 5}))
    assert found.puzzle.unknowns == (7, 9)
    assert [cell.count for cell in found.puzzle.cells] == [7, 7, 9, 9, 16, 16]
    assert found.puzzle.cells[4].terms == ((0, 1), (1, 1))


def test_a_zero_that_is_shown_is_no_unknown() -> None:
    found = ledger_of(layout(), (), counts({(0, "1/00"): 7}))
    assert found.puzzle.unknowns == (7,)
    assert found.puzzle.cells[2].terms == ()
    withheld = ledger_of(replace(layout(), zeros_shown=False, zeros_small=True), (), counts({(0, "1/00"): 7}))
    assert withheld.puzzle.unknowns == (7, 0)
    assert withheld.puzzle.floor == 0
    assert withheld.puzzle.cells[2].is_small


def test_time_is_cut_at_every_edge_of_every_table() -> None:
    financial = layout((A,), ((date(2019, 4, 1), date(2020, 4, 1)),), values=[[None, None], [None, None]], name=1)
    # 2019 from April, spring of 2020, the rest of 2020.
    found = ledger_of(layout((A,)), (financial,), counts({(0, "1/00"): 1, (1, "1/00"): 2, (2, "1/00"): 9}))
    assert sorted(found.puzzle.unknowns) == [1, 2, 9]
    assert found.puzzle.cells[0].count == 11
    assert [each.label for each in found.puzzle.guarded][:1] == ["release 1: A, 2019"]
    assert found.touching == {1: frozenset({0, 1, 2, 3})}


def test_a_group_and_its_part_share_what_is_in_both() -> None:
    part = Row("Part", frozenset({Kind("2/00", False)}))
    earlier = layout((A, B), values=[[7, 7], [9, 9], [16, 16]], name=1)
    found = ledger_of(layout((part,)), (earlier,), counts({(0, "1/00"): 7, (0, "2/00"): 4, (0, "3/00"): 5}))
    assert sorted(found.puzzle.unknowns) == [4, 5, 7]
    assert sorted((known.low, known.high) for known in found.puzzle.known) == [(7, 7), (9, 9), (16, 16)]


def test_a_table_of_other_codes_or_years_is_left_out() -> None:
    other = layout((Row("C", frozenset({Kind("9/00", False)})),), values=[[None, None], [None, None]], name=1)
    found = ledger_of(layout((A,)), (other,), counts({(0, "1/00"): 7, (0, "9/00"): 3}))
    assert (found.puzzle.known, found.puzzle.guarded, found.touching) == ((), (), {})


def test_an_unknown_that_did_not_change_between_extractions_is_one_and_one_that_grew_has_a_difference() -> None:
    earlier = layout((A, B), values=[[7, 7], [None, None], [None, None]], name=1)
    made = layout(at=LATER)
    same = ledger_of(
        made, (earlier,), counts({(0, "1/00"): 7, (0, "2/00"): 4}) | counts({(0, "1/00"): 7, (0, "2/00"): 4}, LATER)
    )
    assert sorted(same.puzzle.unknowns) == [4, 7]
    assert (same.differing, same.moved) == ({}, ())
    grown = ledger_of(
        made, (earlier,), counts({(0, "1/00"): 7, (0, "2/00"): 4}) | counts({(0, "1/00"): 9, (0, "2/00"): 4}, LATER)
    )
    assert sorted(grown.puzzle.unknowns) == [2, 4, 7]
    assert grown.differing == {0: (1,), 1: (1,)}
    assert grown.moved == (1,)
    assert grown.puzzle.cells[0].is_small
    assert "difference from release 1: A, 2020" in [each.label for each in grown.puzzle.guarded]


def test_one_that_shrank_is_known_to_be_no_larger() -> None:
    earlier = layout((A,), values=[[20, 20], [20, 20]], name=1)
    found = ledger_of(layout((A,), at=LATER), (earlier,), counts({(0, "1/00"): 20}) | counts({(0, "1/00"): 18}, LATER))
    assert sorted(found.puzzle.unknowns) == [18, 20]
    assert any((known.low, known.high) == (0, None) for known in found.puzzle.known)
    assert found.differing == {0: (1,), 1: (1,), 2: (1,), 3: (1,)}


def test_further_offences_are_unknowns_of_their_own_beside_a_table_of_cases() -> None:
    numbers = counts({(0, "1/00"): 7}, further={(0, "1/00"): 6})
    offences = layout((A,), with_further=True)
    assert ledger_of(offences, (), numbers).puzzle.unknowns == (13,)
    cases = layout((A,), values=[[7, 7], [7, 7]], name=1)
    assert sorted(ledger_of(offences, (cases,), numbers).puzzle.unknowns) == [6, 7]


def test_what_an_earlier_table_says_wrongly_is_named() -> None:
    earlier = layout((A,), values=[[8, 8], [8, 8]], name=1)
    found = ledger_of(layout((A,)), (earlier,), counts({(0, "1/00"): 7}))
    assert found.disagreeing == {1: "A, 2020"}
    assert found.puzzle.known == ()


def test_a_rounded_table_tells_each_count_within_two() -> None:
    earlier = replace(layout((A,), values=[[5, 5], [5, 5]], name=1), slack=2)
    found = ledger_of(layout((A,)), (earlier,), counts({(0, "1/00"): 7}))
    assert [(known.low, known.high) for known in found.puzzle.known] == [(3, 7)]


def test_two_breakdowns_of_the_same_cases_are_tied_to_each_other() -> None:
    by_sex = Layout(None, calendar(2020), ("2020",), laid_out((A,), values=("F", "M")), FIRST, breakdown="sex")
    by_age = Layout(1, calendar(2020), ("2020",), laid_out((A,), values=("old", "young")), FIRST, breakdown="age_band")
    shown = ReleasedTable(tuple(row.label for row in by_age.rows), ("2020", "Total"), ((6, 6), (5, 5), (11, 11)) * 2)
    numbers = {
        (FIRST, "sex"): {(0, "1/00", False, False, "F"): 4, (0, "1/00", False, False, "M"): 7},
        (FIRST, "age_band"): {(0, "1/00", False, False, "old"): 6, (0, "1/00", False, False, "young"): 5},
    }
    found = ledger_of(by_sex, (replace(by_age, table=shown),), numbers)
    assert sorted(found.puzzle.unknowns) == [4, 5, 6, 7]
    ties = [known for known in found.puzzle.known if (known.low, known.high) == (0, 0)]
    assert [sorted(times for _, times in tie.terms) for tie in ties] == [[-1, -1, 1, 1]]


def test_what_rows_count_is_written_and_read_back() -> None:
    rows = (
        A,
        Row("both", frozenset({Kind("1/00", False), Kind("1/00", True), Kind("2/00", True)})),
    )
    assert rows_from_json(rows_as_json(rows, ("x", "y"))) == (rows, ("x", "y"))
    for wrong in (None, [1], [{"label": 1}], [{"label": "A"}], [{"label": "A", "counts": [{"codes": 1}]}]):
        with pytest.raises(ValueError, match=r"It |A row "):
            rows_from_json(wrong)


def test_moments_that_count_alike_are_one() -> None:
    earlier = layout((A, B), values=[[7, 7], [None, None], [None, None]], name=1)
    numbers = {(0, "1/00"): 7, (0, "2/00"): 4}
    alike = moments_as_one([earlier, layout(at=LATER)], counts(numbers) | counts(numbers | {(0, "3/00"): 0}, LATER))
    assert {each.counted_at for each in alike} == {LATER}
    other = moments_as_one([earlier, layout(at=LATER)], counts(numbers) | counts(numbers | {(0, "3/00"): 1}, LATER))
    assert [each.counted_at for each in other] == [FIRST, LATER]


def test_a_piece_is_guarded_as_of_each_moment_at_which_it_is_small() -> None:
    financial = layout((A,), ((date(2020, 4, 1), date(2021, 4, 1)),), values=[[20, 20], [20, 20]], name=1)
    first, later = {(0, "1/00"): 2, (1, "1/00"): 20}, {(0, "1/00"): 9, (1, "1/00"): 20}
    calendar_year = replace(layout((A,), values=[[22, 22], [22, 22]], name=2))
    found = ledger_of(layout((A,), at=LATER), (financial, calendar_year), counts(first) | counts(later, LATER))
    assert 2 in {each.count for each in found.puzzle.guarded if each.label.startswith("part of")}


def test_a_guard_keeps_the_larger_threshold_and_the_names_of_its_tables() -> None:
    earlier = replace(layout((A, B), values=[[None, None], [None, None], [11, 11]], name=1), threshold=8)
    made = replace(layout(), threshold=2)
    numbers = counts({(0, "1/00"): 7, (0, "2/00"): 4})
    guarded = ledger_of(made, (earlier,), numbers).puzzle.guarded
    assert {(each.width, each.sources) for each in guarded} == {(8, (1,))}
    assert {each.width for each in ledger_of(replace(made, threshold=9), (earlier,), numbers).puzzle.guarded} == {9}


def test_a_count_withheld_under_a_low_threshold_is_a_piece_under_a_higher_one() -> None:
    whole = replace(layout((Row("both", A.kinds | B.kinds),), values=[[11, 11], [11, 11]], name=1), threshold=8)
    part = replace(layout((A,), values=[[None, None], [None, None]], name=2), threshold=3)
    found = ledger_of(replace(layout((B,)), threshold=3), (whole, part), counts({(0, "1/00"): 2, (0, "2/00"): 9}))
    told = [(each.label.split(":")[0], each.width, at in found.pieces) for at, each in enumerate(found.puzzle.guarded)]
    assert told == [("release 2", 3, False), ("part of A, 2020", 8, True)]


def test_what_anybody_can_put_together_is_the_same_for_two_truths() -> None:
    made = replace(layout((Row("both", A.kinds | B.kinds, merged=(A, B)),)), lists_found=True)
    earlier = layout((A, B), values=[[7, 7], [None, None], [None, None]], name=1, at=LATER)
    puzzles = []
    for one in (1, 4):
        numbers = {(0, "1/00"): one, (0, "2/00"): 5 - one}
        puzzle = public_puzzle(made, (earlier,), counts(numbers) | counts({(0, "1/00"): 7, (0, "2/00"): 1}, LATER))
        puzzles.append((puzzle.known, [each.terms for each in puzzle.cells], [each.terms for each in puzzle.guarded]))
    assert puzzles[0] == puzzles[1]
    assert puzzles[0][2]
