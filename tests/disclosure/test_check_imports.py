"""Imported cases that somebody changed behind the service's back, as only the database's owner can, are found."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from cr_app.audit.trail import system_actor
from cr_app.disclosure.actions.importing import Imported, import_cases
from cr_app.disclosure.models import ImportBatch
from cr_app.disclosure.queries import imports
from tests.cast import make_cast
from tests.disclosure.test_import_command import written
from tests.disposable_database import Connection

TABLES = ("disclosure_importbatch", "disclosure_importedcase", "disclosure_importedoffence")
OTHER_DIGEST = "substring(sha256('x'::bytea) for 16)"


def quietly(done: int, total: int) -> None:
    """Show no progress."""


def imported(path: Path) -> Imported:
    """Import a file."""
    return import_cases(path, None, by=system_actor("import_cases"), progress=quietly)


@pytest.fixture
def batch(transactional_db: None, tmp_path: Path) -> Imported:
    """Three cases with four offences, on lines 2 to 5; line 6 is rejected."""
    make_cast()
    rows = [
        {},
        {"offence_code": "3/01"},
        {"reference": "CR/2", "offender_age": ""},
        {"reference": "CR/3"},
        {"force": "xx"},
    ]
    return imported(written(tmp_path, *rows))


def check() -> tuple[int, list[str]]:
    """Run the command; return its exit status and the sentences it wrote."""
    out = StringIO()
    try:
        call_command("check_imports", stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def tamper(owner: Connection, *statements: str) -> None:
    """Change rows as the owner, with the triggers switched off and on again."""
    for table in TABLES:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for statement in statements:
        assert owner.execute(statement).rowcount == 1, statement
    for table in TABLES:
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_imports_that_nobody_touched_agree(batch: Imported) -> None:
    assert check() == (0, ["Every import is what the trail says."])


VALUES_CHANGED = (
    "unit = 'Bexley'",
    "reference = 'CR/9'",
    "force_id = '46'",
    "offence_type_id = '8/26'",
    "encouraging_or_assisting = true",
    "offence_on = NULL",
    "decided_on = NULL",
    "issued_on = '2020-04-01'",
    "offender_age = 18",
    "offender_sex = 'male'",
    "offender_ethnicity_id = NULL",
    "victim_kind = 'none'",
    "victim_agrees = NULL",
    "exception = true",
)


def test_a_value_that_was_changed_is_found_by_its_line(batch: Imported, owner: Connection) -> None:
    owner.execute("CREATE TEMPORARY TABLE kept AS SELECT * FROM disclosure_importedcase WHERE line = 5")
    found = [
        f"Import {batch.pk}, line 5: the row is not one that the trail knows.",
        f"Import {batch.pk}: 1 of the 4 rows that the trail knows are not there.",
    ]
    for change in VALUES_CHANGED:
        tamper(owner, "UPDATE disclosure_importedcase SET CHANGE WHERE line = 5".replace("CHANGE", change))
        assert check() == (1, found), change
        tamper(
            owner,
            "DELETE FROM disclosure_importedcase WHERE line = 5",
            "INSERT INTO disclosure_importedcase SELECT * FROM kept",
        )
        assert check()[0] == 0
    owner.execute("DROP TABLE kept")


def test_a_row_whose_digest_was_changed_with_it_is_found_as_well(batch: Imported, owner: Connection) -> None:
    change = "UPDATE disclosure_importedcase SET offender_age = 18, row_digest = DIGEST WHERE line = 5"
    tamper(owner, change.replace("DIGEST", OTHER_DIGEST))
    status, said = check()
    assert (status, said[0]) == (1, f"Import {batch.pk}, line 5: the row is not one that the trail knows.")


def test_a_digest_that_was_changed_alone_is_found(batch: Imported, owner: Connection) -> None:
    tamper(
        owner, "UPDATE disclosure_importedcase SET row_digest = DIGEST WHERE line = 4".replace("DIGEST", OTHER_DIGEST)
    )
    assert check() == (1, [f"Import {batch.pk}, line 4: the digest beside the row is not the row's."])


def test_a_row_that_was_taken_away_is_found(batch: Imported, owner: Connection) -> None:
    tamper(owner, "DELETE FROM disclosure_importedcase WHERE line = 5")
    assert check() == (1, [f"Import {batch.pk}: 1 of the 4 rows that the trail knows are not there."])


def test_a_row_that_was_put_in_is_found(batch: Imported, owner: Connection) -> None:
    tamper(
        owner,
        "INSERT INTO disclosure_importedcase (batch_id, line, reference, force_id, unit, offence_type_id,"
        " encouraging_or_assisting, issued_on, offender_sex, victim_kind, row_digest)"
        " SELECT batch_id, 7, 'CR/7', force_id, unit, offence_type_id, encouraging_or_assisting, issued_on, offender_sex,"
        " victim_kind, row_digest FROM disclosure_importedcase WHERE line = 4",
    )
    assert check() == (1, [f"Import {batch.pk}, line 7: the row is not one that the trail knows."])
    # Also where another stands on its line, and a stretch of lines ends there.
    tamper(owner, "UPDATE disclosure_importedcase SET line = 5 WHERE line = 7")
    assert check() == (1, [f"Import {batch.pk}, line 5: the row is not one that the trail knows."])


def test_another_principal_offence_is_found(batch: Imported, owner: Connection) -> None:
    tamper(
        owner,
        "UPDATE disclosure_importedcase SET offence_type_id = '3/01', line = 3 WHERE line = 2",
        "UPDATE disclosure_importedoffence SET offence_type_id = '46/00', line = 2 WHERE line = 3",
    )
    status, said = check()
    assert (status, said[0]) == (1, f"Import {batch.pk}, line 2: the digest beside the row is not the row's.")
    digests = owner.execute("SELECT row_digest FROM disclosure_importedcase WHERE line = 3").fetchone()
    others = owner.execute("SELECT row_digest FROM disclosure_importedoffence").fetchone()
    assert digests
    assert others
    for table in TABLES:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    owner.execute("UPDATE disclosure_importedcase SET row_digest = %s WHERE line = 3", [others[0]])
    owner.execute("UPDATE disclosure_importedoffence SET row_digest = %s", [digests[0]])
    for table in TABLES:
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    assert check() == (1, [f"Import {batch.pk}, line 2: the row stands where another stood."])


BATCH_CHANGED = {
    "cases": ("4", "cases is not what the trail says."),
    "offences": ("5", "offences is not what the trail says."),
    "rejected": ("0", "rejected is not what the trail says."),
    "digest": ("repeat('0', 64)", "file digest is not what the trail says."),
    "mapping_digest": ("repeat('0', 64)", "mapping digest is not what the trail says."),
    "completed_at": ("now() - interval '1 day'", "the moment from which it counts is not the one in the trail."),
}


def test_a_batch_that_was_changed_is_found(batch: Imported, owner: Connection) -> None:
    owner.execute("CREATE TEMPORARY TABLE kept AS SELECT * FROM disclosure_importbatch")
    for column, (value, expected) in BATCH_CHANGED.items():
        change = "UPDATE disclosure_importbatch SET COLUMN = VALUE".replace("COLUMN", column)
        tamper(owner, change.replace("VALUE", value))
        assert check() == (1, [f"Import {batch.pk}: {expected}"])
        tamper(owner, f"{change.replace('VALUE', f'kept.{column}')} FROM kept")
        assert check()[0] == 0
    owner.execute("DROP TABLE kept")


def test_a_batch_that_was_closed_without_an_entry_is_found(batch: Imported, owner: Connection) -> None:
    ImportBatch.objects.create(salt=bytes(32), digest="0" * 64, started_at=batch.completed_at)
    assert check()[0] == 0
    tamper(owner, "UPDATE disclosure_importbatch SET completed_at = started_at WHERE digest = repeat('0', 64)")
    pk = ImportBatch.objects.latest("pk").pk
    assert check() == (1, [f"Import {pk}: it is counted, and the trail has no entry of it."])


def test_a_batch_that_was_reopened_is_found(batch: Imported, owner: Connection) -> None:
    tamper(owner, "UPDATE disclosure_importbatch SET completed_at = NULL")
    assert check() == (1, [f"Import {batch.pk}: the trail has an entry of it, and no complete import is there."])


def test_lines_are_read_by_stretches_without_missing_any(batch: Imported, monkeypatch: pytest.MonkeyPatch) -> None:
    for lines in (1, 2, 3, 4, 5):
        monkeypatch.setattr(imports, "_LINES", lines)
        assert check()[0] == 0
