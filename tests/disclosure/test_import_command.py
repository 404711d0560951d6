"""`import_cases` from the outside: what it prints, its exit status, what it leaves beside the file and in the tables."""

import csv
from collections.abc import Mapping
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from cr_app.disclosure.import_file.mapping import HEADER
from cr_app.disclosure.models import ImportBatch, ImportedCase, ImportedOffence
from tests.cast import Cast

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
