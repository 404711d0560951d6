"""Proves that what leaves opens in LibreOffice as it was released: both published requests, cell by cell, and text stays text.

A history is imported, `disclose` answers the requests, and LibreOffice reads table.csv and table.xlsx, saves what it
understood, and that is held against release.json. The CSV is opened as unkindly as LibreOffice can: it looks for dates and
numbers in text, and runs formulas. Debian's package is installed where there is none and this may be done.
"""

import csv
import io
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from django.core.management import call_command

from cr_app.disclosure.demo.history import COLUMNS, PUBLISHED, invented, lines_of
from cr_app.disclosure.export.content import Content, read_content
from cr_app.disclosure.export.plain import guarded, one_line

REQUESTS = Path(__file__).parents[2] / "tests" / "disclosure" / "fixtures"
PACKAGE = "libreoffice-calc-nogui"
FORCE = "01"
# Comma, double quote, UTF-8, from line 1, British; look for special numbers, run formulas.
_UNKIND = "CSV:44,34,76,1,,2057,false,true,false,false,false,0,true"
_SEED = 24759
# A CSV as nobody should write it.
BARE = b'"label","2020"\r\n"=1+1",3\r\n'


@dataclass(frozen=True)
class Seen:
    """A cell as LibreOffice understood it: text, a number or a formula, and what is in it."""

    kind: str
    value: object


Sheet = list[list[Seen]]


def find_office() -> str | None:
    """Return LibreOffice's program, None where it is not on the PATH."""
    return shutil.which("soffice")


def opened(files: Sequence[Path], *, office: str) -> dict[str, dict[str, Sheet]]:
    """Let LibreOffice open files and save what it understood; return every cell by the file's name and the sheet's."""
    seen: dict[str, dict[str, Sheet]] = {}
    with tempfile.TemporaryDirectory(prefix="cr-office-") as folder:
        for ending, how in ((".csv", [f"--infilter={_UNKIND}"]), (".xlsx", [])):
            some = [file for file in files if file.suffix == ending]
            if not some:
                continue
            to = Path(folder) / ending[1:]
            command = [office, "--headless", f"-env:UserInstallation=file://{folder}/profile", *how]
            command += ["--convert-to", "xlsx", "--outdir", str(to), *map(str, some)]
            subprocess.run(command, check=True, capture_output=True, timeout=300)
            seen.update({file.name: _cells(to / f"{file.stem}.xlsx") for file in some})
    return seen


def differences(content: Content, table: Sheet, *, is_csv: bool) -> list[str]:
    """Return where a sheet that LibreOffice opened is not the released table; nothing where it is.

    In a CSV a heading of digits is a number to LibreOffice, and what a spreadsheet might run has an apostrophe before it.
    """
    text = guarded if is_csv else one_line
    wanted: list[list[object]] = [[content.row_heading, *map(text, content.table.columns)]]
    wanted += [[text(label), *values] for label, values in content.table.lines()]
    if [len(line) for line in table] != [len(line) for line in wanted]:
        return [f"{len(table)} lines instead of {len(wanted)}, or others as long."]
    found = []
    for row, (line, cells) in enumerate(zip(wanted, table, strict=True)):
        for column, (value, cell) in enumerate(zip(line, cells, strict=True)):
            is_count = row > 0 and column > 0 and str(value).isdigit()
            kind = "n" if is_count or (is_csv and row == 0 and str(value).isdigit()) else "s"
            if cell.kind != kind or str(cell.value) != str(value):
                found.append(f"{row}, {column}: {cell} instead of {value!r}")
    return found


def prove(*, quick: bool, say: Callable[[str], None]) -> dict[str, Any]:
    """Answer both published requests and compare what LibreOffice reads; the figures say how many cells."""
    office = find_office() or _installed(say)
    began = time.monotonic()
    figures: dict[str, Any] = {"LibreOffice": _version(office)}
    with tempfile.TemporaryDirectory(prefix="cr-sheets-") as folder:
        history = Path(folder) / "history.csv"
        _write_history(history, times_fewer=60 if quick else 1)
        call_command("import_cases", str(history), stdout=io.StringIO(), stderr=io.StringIO())
        earlier: list[str] = []
        for request in sorted(REQUESTS.glob("01.FOI.*.json")):
            say(f"{request.stem} …")
            out = Path(folder) / request.stem
            after = {"after": list(earlier)} if earlier else {}
            call_command("disclose", str(request), out=str(out), stdout=io.StringIO(), **after)
            earlier.append(str(out / "release.json"))
            figures[request.stem] = _compared(out, office)
        bare = Path(folder) / "bare.csv"
        bare.write_bytes(BARE)
        assert is_run(opened([bare], office=office)[bare.name]), "LibreOffice ran no formula, so none was kept from it."
    say(f"{time.monotonic() - began:.0f} s")
    return figures


def is_run(seen: Mapping[str, Sheet]) -> bool:
    """Tell whether `BARE`, as LibreOffice opened it, has a formula: else a sheet without one shows nothing."""
    (sheet,) = seen.values()
    return sheet[1][0].kind == "f"


def _compared(out: Path, office: str) -> str:
    content = read_content((out / "release.json").read_text(encoding="utf-8"))
    seen = opened([out / "table.csv", out / "table.xlsx"], office=office)
    assert list(seen["table.xlsx"]) == ["Table", "Notes"], list(seen["table.xlsx"])
    table = seen["table.csv"]["table"]
    for wrong in (
        differences(content, table, is_csv=True),
        differences(content, seen["table.xlsx"]["Table"], is_csv=False),
    ):
        assert not wrong, f"{out.name}: {wrong[:3]}"
    notes = [cell for line in seen["table.xlsx"]["Notes"] for cell in line if cell.value is not None]
    assert {cell.kind for cell in notes} == {"s"}
    rows, columns, withheld = len(table), len(table[0]), len(content.table.withheld)
    return f"{rows * columns} cells of {rows} x {columns} the same in CSV and XLSX, {withheld} of them withheld"


def _cells(path: Path) -> dict[str, Sheet]:
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: [
            [Seen(cell.data_type, cell.value) for cell in line]
            for line in sheet.iter_rows()
            if any(cell.value is not None for cell in line)
        ]
        for sheet in book.worksheets
    }


def _write_history(to: Path, *, times_fewer: int) -> None:
    cases = {year: count // times_fewer for year, count in PUBLISHED.items()}
    with to.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file)
        written.writerow(COLUMNS)
        written.writerows(lines_of(list(invented(cases, seed=_SEED)), force=FORCE, prefix="MET", seed=_SEED))


def _version(office: str) -> str:
    told = subprocess.run([office, "--version"], capture_output=True, text=True, check=True, timeout=60)
    return " ".join(told.stdout.split()[1:2])


def _installed(say: Callable[[str], None]) -> str:
    """Install Debian's package and return its program; raises AssertionError with what to do where that cannot be."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"Installing Debian's package {PACKAGE} …")
        for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", PACKAGE]):
            subprocess.run(
                ["apt-get", *command],
                check=False,
                capture_output=True,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )
    office = find_office()
    assert office, f"There is no LibreOffice to open the files with: install your system's package {PACKAGE}."
    return office
