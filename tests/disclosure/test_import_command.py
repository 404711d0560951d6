"""`import_cases` from the outside: what it prints, its exit status, what it leaves beside the file and in the tables."""

import csv
import re
import sys
from collections.abc import Mapping
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from cr_app.disclosure.import_file.mapping import HEADER
from cr_app.disclosure.models import ImportBatch, ImportedCase, ImportedOffence
from tests import make
from tests.cast import Cast

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db

ROW = {
    "reference": "CR/1",
    "force": "01",
    "unit": "Camden",
    "offence_code": "46/00",
    "encouraging_or_assisting": "false",
    "offence_on": "2020-02-27",
    "decided_on": "2020-02-28",
    "issued_on": "2020-02-29",
    "offender_age": "17",
    "offender_sex": "female",
    "offender_ethnicity": "W1",
    "victim_kind": "person",
    "victim_agrees": "true",
    "exception": "false",
}


def written(folder: Path, *rows: Mapping[str, str], name: str = "cases.csv") -> Path:
    """Write a file whose rows differ from ROW as told."""
    path = folder / name
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, HEADER)
        writer.writeheader()
        writer.writerows({**ROW, **row} for row in rows)
    return path


def run(*arguments: object) -> tuple[int, str, str]:
    """Run the command; return its exit status and what it wrote out and as errors."""
    out, errors = StringIO(), StringIO()
    try:
        call_command("import_cases", *map(str, arguments), stdout=out, stderr=errors)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue(), errors.getvalue()
    return 0, out.getvalue(), errors.getvalue()


def rejects_of(path: Path) -> list[list[str]]:
    """Return the lines written beside a file, without their header."""
    lines = list(csv.reader(path.with_suffix(".rejects.csv").read_text().splitlines()))
    assert lines[0] == ["line", "reason"]
    return lines[1:]


def test_one_case_is_said_to_be_one(cast: Cast, tmp_path: Path) -> None:
    assert run(written(tmp_path, {}))[1].startswith("Imported 1 case with 1 offence from ")


def test_a_file_of_cases_and_offences_is_imported(cast: Cast, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {},
        {"offence_code": "3/01", "encouraging_or_assisting": "yes", "offence_on": "2020-02-01"},
        {"reference": "CR/2", "offender_age": "", "offender_sex": "", "offender_ethnicity": "", "victim_agrees": ""},
        {"reference": "CR/3", "force": "46", "unit": "", "exception": "1"},
        {"reference": "CR/4", "offence_code": "999/99"},
    )
    status, out, errors = run(path)
    assert (status, errors) == (0, "")
    assert out.startswith(f"Imported 3 cases with 4 offences from {path} (import ")
    assert "1 line was rejected" in out
    assert rejects_of(path) == [["6", "offence_code: write a code of the offence catalogue, such as 46/00."]]
    first, second, third = ImportedCase.objects.order_by("line")
    assert (first.line, first.reference, first.force_id, first.unit) == (2, "CR/1", "01", "Camden")
    assert (first.offence_on, first.decided_on, first.issued_on) == (
        date(2020, 2, 27),
        date(2020, 2, 28),
        date(2020, 2, 29),
    )
    assert (first.offender_age, first.offender_sex, first.offender_ethnicity_id) == (17, "female", "W1")
    assert (first.victim_kind, first.victim_agrees, first.exception) == ("person", True, False)
    assert (second.offender_age, second.offender_sex, second.offender_ethnicity_id) == (None, "", None)
    assert second.victim_agrees is None
    assert (third.force_id, third.unit, third.exception) == ("46", "", True)
    offence = ImportedOffence.objects.get()
    assert (offence.case_id, offence.line, offence.offence_type_id) == (first.pk, 3, "3/01")
    assert (offence.encouraging_or_assisting, offence.offence_on) == (True, date(2020, 2, 1))
    batch = ImportBatch.objects.get()
    assert (batch.cases, batch.offences, batch.rejected, batch.lines_done) == (3, 4, 1, 6)
    assert batch.completed_at


def test_the_same_file_again_is_said_to_be_imported_and_nothing_is_done(cast: Cast, tmp_path: Path) -> None:
    path = written(tmp_path, {}, {"reference": "CR/2"})
    assert run(path)[0] == 0
    path.with_suffix(".rejects.csv").unlink()
    status, out, errors = run(path)
    on = f"{timezone.localdate():%-d %B %Y}"
    pk = ImportBatch.objects.get().pk
    assert (status, errors) == (0, "")
    assert out == (f"{path} was imported already, on {on} (import {pk}: 2 cases with 2 offences). Nothing was done.\n")
    assert ImportedCase.objects.count() == 2
    assert not path.with_suffix(".rejects.csv").exists()


def test_the_same_cases_with_another_mapping_are_another_import_that_takes_none_of_them(
    cast: Cast, tmp_path: Path
) -> None:
    path, mapping = written(tmp_path, {}, {"reference": "CR/2"}), tmp_path / "map.toml"
    assert "No line was rejected." in run(path)[1]
    mapping.write_text("[values.unit]\nCamden = 'North'\n")
    status, _, errors = run(path, "--mapping", mapping)
    assert (status, ImportedCase.objects.count(), ImportBatch.objects.count()) == (2, 2, 2)
    assert f"2 lines were rejected: {path.with_suffix('.rejects.csv')} says why." in errors


def test_the_mapping_of_the_operations_page_reads_another_systems_file(cast: Cast, tmp_path: Path) -> None:
    page = (ROOT / "docs/operations.md").read_text()
    example = re.search(r"```toml\n(date_format.*?)```", page, re.DOTALL)
    assert example
    mapping, path = tmp_path / "map.toml", tmp_path / "old.csv"
    mapping.write_text(example[1])
    heads = "Officer;Occurrence No;unit;offence_code;offence_on;decided_on;Disposal date;offender_age;Sex;"
    path.write_text(
        f"{heads}offender_ethnicity;victim_kind;exception\n"
        "PC Bell;OCC 17;Camden;THEFT - SHOPLIFTING;27/02/2020;28/02/2020;29/02/2020;17;F;W1;none;Insp auth\n"
        "PC Bell;OCC 18;Camden;3/01;;;29/02/2020;;U;;;\n"
    )
    status, out, errors = run(path, "--mapping", mapping)
    assert (status, errors) == (0, "")
    assert out.startswith("Imported 2 cases with 2 offences")
    first, second = ImportedCase.objects.order_by("line")
    assert (first.reference, first.force_id, first.offence_type_id) == ("OCC 17", "01", "46/00")
    assert (first.issued_on, first.offender_sex, first.exception) == (date(2020, 2, 29), "female", True)
    assert (second.offender_sex, second.exception, second.offence_type_id) == ("not_known", False, "3/01")


def test_the_columns_of_the_operations_page_are_those_that_are_read() -> None:
    page = (ROOT / "docs/operations.md").read_text()
    table = page[page.index("| column | holds |") : page.index("**The mapping**")]
    rows = [line.split("|")[1] for line in table.splitlines()[2:] if line.startswith("|")]
    assert tuple(re.findall(r"`(\w+)`", " ".join(rows))) == HEADER


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "cannot be read: No such file or directory."),
        (b"\xff\xfea\x00", "is not UTF-8: save the file as CSV in UTF-8."),
        (b"name,age\nJade,17\n", "has no column 'reference': its first line must name reference, force, "),
        (b"", "is empty, or its first line is: that line names the columns."),
    ],
)
def test_a_file_that_cannot_be_imported_ends_with_2_and_one_sentence(
    cast: Cast, tmp_path: Path, content: bytes | None, expected: str
) -> None:
    path = tmp_path / "cases.csv"
    if content is not None:
        path.write_bytes(content)
    status, out, errors = run(path)
    assert (status, out) == (2, "")
    assert expected in errors
    assert errors.count("\n") == 1
    assert not ImportBatch.objects.exists()
    assert not path.with_suffix(".rejects.csv").exists()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "cannot be read: No such file or directory."),
        ("[values", "The mapping is not TOML: "),
        ("[columns]\nname = 'x'", "'columns' of the mapping names 'name': the columns are reference, "),
    ],
)
def test_a_mapping_that_cannot_be_read_ends_with_2_and_one_sentence(
    cast: Cast, tmp_path: Path, content: str | None, expected: str
) -> None:
    mapping = tmp_path / "map.toml"
    if content is not None:
        mapping.write_text(content)
    status, out, errors = run(written(tmp_path, {}), "--mapping", mapping)
    assert (status, out, errors.count("\n")) == (2, "", 1)
    assert expected in errors
    assert not ImportBatch.objects.exists()


def test_a_database_that_refuses_ends_with_2_and_one_sentence_without_a_value(cast: Cast, tmp_path: Path) -> None:
    path = written(tmp_path, {"unit": "Ransome"})
    with make.undone(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
        status, out, errors = run(path)
    assert (status, out) == (2, "")
    assert errors == "The database does not do what is asked of it (InternalError). Run this again to go on.\n"


class Terminal(StringIO):
    """What a terminal says of itself."""

    def isatty(self) -> bool:
        """Be one."""
        return True


def test_a_bar_is_drawn_on_a_terminal_alone(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(written(tmp_path, {}))
    assert capsys.readouterr() == ("", "")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    run(written(tmp_path, {"reference": "CR/2"}, name="second.csv"))
    assert "2/2" in terminal.getvalue()
    assert "lines" in terminal.getvalue()
