"""What LibreOffice makes of CSV and XLSX: the released table, cell by cell, with nothing run. `make prove ARGS=sheets` does more."""

from pathlib import Path

import pytest

from benchmarks.proofs.sheets import BARE, differences, find_office, is_run, opened
from cr_app.disclosure.export.csv_file import csv_of
from cr_app.disclosure.export.xlsx_file import xlsx_of
from tests.disclosure.export.labels import ODD
from tests.disclosure.export.told import SUPPRESSED, asked_by, content, table_of_rows

pytestmark = pytest.mark.skipif(find_office() is None, reason="there is no LibreOffice on the PATH")


def test_it_reads_what_was_released_and_runs_nothing(tmp_path: Path) -> None:
    office = find_office() or ""
    contents = {
        "odd": content(table_of_rows(ODD), asked_by("group"), title="=1+1"),
        "plain": content(SUPPRESSED, asked_by("group")),
    }
    for name, told in contents.items():
        (tmp_path / f"{name}.csv").write_bytes(csv_of(told))
        (tmp_path / f"{name}.xlsx").write_bytes(xlsx_of(told))
    (tmp_path / "bare.csv").write_bytes(BARE)
    seen = opened(sorted(tmp_path.iterdir()), office=office)
    for name, told in contents.items():
        assert differences(told, seen[f"{name}.csv"][name], is_csv=True) == []
        assert differences(told, seen[f"{name}.xlsx"]["Table"], is_csv=False) == []
        cells = [cell for line in seen[f"{name}.xlsx"]["Notes"] for cell in line if cell.value is not None]
        assert {cell.kind for cell in cells} == {"s"}
    # Positive controls: another table is told apart, and a formula that nobody guards is run.
    assert differences(contents["odd"], seen["plain.xlsx"]["Table"], is_csv=False)
    assert is_run(seen["bare.csv"])
