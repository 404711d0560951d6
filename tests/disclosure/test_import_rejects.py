"""What becomes of rejected lines: every fault is said at once, the list can be had again, and a file of nothing else is refused."""

from pathlib import Path

import pytest
from django.db import connection

from cr_app.audit.models import Entry, EntryPersonal
from cr_app.database.patience import patiently
from cr_app.disclosure.models import ImportBatch
from tests.cast import Cast
from tests.disclosure.test_import_command import rejects_of, run, written

pytestmark = pytest.mark.django_db


def test_a_row_is_told_everything_that_is_wrong_with_it(cast: Cast, tmp_path: Path) -> None:
    wrong = {"reference": "", "offender_age": "9", "victim_kind": "shop"}
    path = written(
        tmp_path, {"reference": "CR/9"}, wrong, wrong | {"decided_on": "x", "issued_on": "", "exception": "-"}
    )
    assert run(path)[0] == 0
    (_, first), (_, second) = rejects_of(path)
    assert first == (
        "reference: write the case's reference, at most 40 characters. offender_age: write whole years from 10 to 120, or "
        "nothing. victim_kind: write one of none, person, organisation, or nothing."
    )
    assert second.startswith("reference: ")
    assert second.endswith("More is wrong with it.")
    assert len(second) <= 300


def test_a_file_of_which_every_line_is_rejected_ends_with_2_and_says_where_why_stands(
    cast: Cast, tmp_path: Path
) -> None:
    path = written(tmp_path, {"force": "999"}, {"offender_age": "9", "reference": "CR/2"})
    status, out, errors = run(path)
    assert (status, out) == (2, "")
    rejects = path.with_suffix(".rejects.csv")
    assert errors == f"Nothing of {path} was imported. 2 lines were rejected: {rejects} says why.\n"
    # Whoever lost the list has it again.
    rejects.unlink()
    again = run(path)
    assert again[0] == 0
    assert "2 lines were rejected" in again[1]
    assert len(rejects_of(path)) == 2


def test_a_mapping_that_names_a_column_that_is_not_there_is_what_is_wrong(cast: Cast, tmp_path: Path) -> None:
    path, mapping = written(tmp_path, {}), tmp_path / "map.toml"
    mapping.write_text("[columns]\nreference = 'nope'\n")
    status, _, errors = run(path, "--mapping", mapping)
    assert status == 2
    assert errors == (
        f"The mapping says that {path} calls reference 'nope', and it has no such column: correct the mapping.\n"
    )


def test_whoever_has_it_imported_stands_in_the_trail_apart(cast: Cast, tmp_path: Path) -> None:
    assert run(written(tmp_path, {}), "--by", "Ruth Bell")[0] == 0
    entry = Entry.objects.get(event="cases.imported")
    assert "Ruth Bell" not in str(entry.details)
    assert "Ruth Bell" in EntryPersonal.objects.get(entry=entry).value
    assert run(written(tmp_path, {"reference": "CR/2"}), "--by", "two\nlines")[0] == 2
    assert ImportBatch.objects.count() == 1


def test_a_long_command_waits_for_a_lock_as_long_as_for_a_statement(cast: Cast) -> None:
    settings = "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
    with connection.cursor() as asking:
        asking.execute(settings)
        before = asking.fetchone()
        with patiently("120s") as cursor:
            cursor.execute(settings)
            assert cursor.fetchone() == ("2min", "0")
        asking.execute(settings)
        assert asking.fetchone() == before
