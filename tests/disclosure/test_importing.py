"""Importing in chunks: cut short and gone on with, beside others, counted once it is whole, and recorded."""

import base64
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from cr_app.audit.models import Entry
from cr_app.audit.trail import system_actor
from cr_app.disclosure.actions import importing as importing_module
from cr_app.disclosure.actions.importing import Imported, import_cases
from cr_app.disclosure.counts import Asking, counted_at_each
from cr_app.disclosure.import_file import BadFile
from cr_app.disclosure.models import ImportBatch, ImportedCase, ImportedOffence, ImportReject
from tests.cast import Cast, make_cast
from tests.disclosure.test_import_command import rejects_of, run, written
from tests.disposable_database import Connection, connect_as_owner

ROOT = Path(__file__).resolve().parents[2]
# Cases whose rows lie apart, a case whose first row is rejected, and an offence that is listed twice.
ROWS = [
    {"reference": "A"},
    {"reference": "B", "offence_code": "999/99"},
    {"reference": "C"},
    {"reference": "A", "offence_code": "3/01"},
    {"reference": "B"},
    {"reference": "C"},
    {"reference": "D", "force": "46"},
    {"reference": "A", "offence_code": "8/26", "unit": ""},
    {"reference": "C", "offence_code": "3/01", "unit": "Elsewhere"},
    {"reference": "D", "force": "46", "offence_code": "8/26"},
]


class Cut(Exception):
    """What ends a run in a test."""


def importing(path: Path, *, chunk: int = 5000, cut_at: int | None = None) -> Imported:
    """Import a file, or end the run once so many lines are done."""

    def show(done: int, total: int) -> None:
        if cut_at is not None and done >= cut_at:
            raise Cut

    return import_cases(path, None, by=system_actor("import_cases"), progress=show, chunk=chunk)


def stored(batch: int) -> list[Any]:
    """Return the rows of a batch as they are in the tables, but for their keys."""
    cases = ImportedCase.objects.filter(batch=batch).order_by("line")
    offences = ImportedOffence.objects.filter(batch=batch).order_by("line")
    rejected = ImportReject.objects.filter(batch=batch)
    return [
        *((case.line, case.reference, case.force_id, case.offence_type_id, bytes(case.row_digest)) for case in cases),
        *((each.line, each.case.reference, each.offence_type_id, bytes(each.row_digest)) for each in offences),
        *((each.line, each.reason) for each in rejected),
    ]


def numbers(force: str = "01") -> int:
    """Return how many cases count in February 2020."""
    edges, moment = (date(2020, 2, 1), date(2020, 3, 1)), datetime(2100, 1, 1, tzinfo=UTC)
    return sum(counted_at_each(Asking(force, edges), [moment])[moment].values())


def test_a_run_that_was_cut_short_goes_on_and_leaves_what_one_run_leaves(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One salt for all batches, so that their digests can be compared.
    monkeypatch.setattr("cr_app.disclosure.actions.importing.secrets.token_bytes", bytes)
    path = written(tmp_path, *ROWS)
    left = []
    for chunk in (1, 3, 4):
        for cut_at in range(2, len(ROWS) + 2):
            with transaction.atomic():
                with pytest.raises(Cut):
                    importing(path, chunk=chunk, cut_at=cut_at)
                done = importing(path, chunk=chunk)
                assert (done.cases, done.offences, done.rejected) == (3, 6, 4)
                left.append(stored(done.pk))
                transaction.set_rollback(True)
    whole = importing(path)
    expected = stored(whole.pk)
    assert [line for line, *_ in expected] == [2, 4, 8, 5, 9, 11, 3, 6, 7, 10]
    assert expected[-4:] == [
        (3, "offence_code: write a code of the offence catalogue, such as 46/00."),
        (6, "reference: the first row of this case was rejected; put that right first."),
        (7, "offence_code: an earlier row of this case has the same offence."),
        (10, "unit: is not what line 4 says of the same case."),
    ]
    assert all(each == expected for each in left)
    assert len(left) == 30


def test_nothing_of_a_file_counts_before_all_of_it_is_read(cast: Cast, tmp_path: Path) -> None:
    path = written(tmp_path, *ROWS)
    with pytest.raises(Cut):
        importing(path, chunk=3, cut_at=len(ROWS) + 1)
    batch = ImportBatch.objects.get()
    assert (batch.lines_done, batch.cases, batch.completed_at) == (11, 3, None)
    assert (numbers(), numbers("46")) == (0, 0)
    assert not Entry.objects.filter(event="cases.imported").exists()
    done = importing(path)
    assert done.after == 11
    assert (numbers(), numbers("46")) == (2, 1)


def test_a_batch_is_recorded_once_with_the_digest_of_each_row_in_order(cast: Cast, tmp_path: Path) -> None:
    path = written(tmp_path, *ROWS)
    done = importing(path, chunk=3)
    assert importing(path).was_there
    entry = Entry.objects.get(event="cases.imported")
    batch = ImportBatch.objects.get()
    assert (entry.subject, entry.actor_kind, entry.actor_name) == (f"import:{done.pk}", "system", "import_cases")
    assert (entry.at, entry.outcome) == (batch.completed_at, "done")
    details = dict(entry.details)
    digests = base64.b64decode(str(details.pop("row_digests")))
    rows = [
        *ImportedCase.objects.values_list("line", "row_digest"),
        *ImportedOffence.objects.values_list("line", "row_digest"),
    ]
    assert digests == b"".join(bytes(digest) for _, digest in sorted(rows))
    assert len(digests) == 16 * 6
    counts = {"cases": 3, "offences": 6, "rejected": 4}
    assert details == counts | {"forces": ["01", "46"], "file_digest": batch.digest, "mapping_digest": ""}


def test_a_case_of_another_complete_import_is_rejected(cast: Cast, tmp_path: Path) -> None:
    importing(written(tmp_path, {"reference": "A"}, name="first.csv"))
    with pytest.raises(Cut):
        importing(written(tmp_path, {"reference": "B"}, {"reference": "X"}, name="open.csv"), cut_at=3)
    path = written(tmp_path, {"reference": "A"}, {"reference": "A", "offence_code": "3/01"}, {"reference": "B"})
    done = importing(path)
    refused = "reference: this case was imported before, with another file."
    assert (done.cases, rejects_of(path)) == (1, [["2", refused], ["3", refused]])


def test_an_import_that_another_overtook_with_the_same_cases_cannot_be_completed(cast: Cast, tmp_path: Path) -> None:
    slow = written(tmp_path, {"reference": "A"}, {"reference": "B"}, {"reference": "C"}, name="slow.csv")
    with pytest.raises(Cut):
        importing(slow, chunk=2, cut_at=3)
    importing(written(tmp_path, {"reference": "B"}, name="quick.csv"))
    with pytest.raises(BadFile, match=r"1 cases of this file were imported with another one .* the first on line 3"):
        importing(slow)
    assert ImportBatch.objects.get(lines_done=3, completed_at=None)
    assert numbers() == 1


def test_the_same_file_at_the_same_time_is_imported_once(cast: Cast, tmp_path: Path) -> None:
    path = written(tmp_path, *ROWS)
    inner: list[Imported] = []

    def another(done: int, total: int) -> None:
        if done == 4 and not inner:
            inner.append(importing(path))

    with pytest.raises(BadFile, match=r"Another import is running: try again when it has ended\."):
        import_cases(path, None, by=system_actor("import_cases"), progress=another, chunk=3)
    assert (inner[0].cases, inner[0].after) == (3, 4)
    assert Entry.objects.filter(event="cases.imported").count() == 1


def test_rejects_that_cannot_be_written_leave_the_batch_open(cast: Cast, tmp_path: Path) -> None:
    path = written(tmp_path, *ROWS)
    in_the_way = tmp_path / "cases.rejects.csv"
    in_the_way.mkdir()
    with pytest.raises(BadFile, match=r"cannot be written: .* nothing is counted yet: run this again\."):
        importing(path)
    assert numbers() == 0
    in_the_way.rmdir()
    assert importing(path).after == 11
    assert len(rejects_of(path)) == 4
    assert sorted(each.name for each in tmp_path.iterdir()) == ["cases.csv", "cases.rejects.csv"]


@pytest.fixture
def officers(transactional_db: None) -> Cast:
    """The cast, committed."""
    return make_cast()


def test_another_import_that_is_running_is_waited_for_only_when_one_has_begun(
    officers: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, *ROWS)
    database = connection.settings_dict["NAME"]
    with connect_as_owner(database) as other:
        other.execute("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('import of closed cases', 0))")
        assert run(path) == (2, "", "Another import is running: try again when it has ended.\n")
        other.execute("ROLLBACK")

        def hold(done: int, total: int) -> None:
            if done == 4:
                other.execute("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('import of closed cases', 0))")
                other.execute("SET lock_timeout = 0")

        monkeypatch.setattr(importing_module, "LONGEST", "1500ms")
        with connection.cursor() as cursor:
            # Whoever waits by this setting alone would end at once.
            cursor.execute("SET lock_timeout = '50ms'")
        with pytest.raises(BadFile, match="Another import is running"):
            import_cases(path, None, by=system_actor("import_cases"), progress=hold, chunk=3)
        other.execute("ROLLBACK")
    monkeypatch.undo()
    status, out, _ = run(path)
    assert (status, "going on after line 4" in out) == (0, True)


def test_an_import_that_was_killed_goes_on_where_it_was(
    officers: Cast, tmp_path: Path, database_urls: dict[str, str]
) -> None:
    rows = [{"reference": f"R{number // 2}", "offence_code": ("46/00", "3/01")[number % 2]} for number in range(12_000)]
    path = written(tmp_path, *rows)
    command = [sys.executable, str(ROOT / "manage.py"), "import_cases", str(path)]
    environment = os.environ | database_urls | {"CR_DEMO": "1"}
    started = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    until = time.monotonic() + 60
    while not ImportBatch.objects.filter(lines_done__gt=0).exists():
        assert time.monotonic() < until
        assert started.poll() is None, started.communicate()
        time.sleep(0.01)
    started.send_signal(signal.SIGKILL)
    started.communicate()
    done = ImportBatch.objects.get()
    assert done.completed_at is None
    assert numbers() == 0
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith(f"Imported 6,000 cases with 12,000 offences from {path}, going on after line ")
    assert numbers() == 6_000
    assert ImportedOffence.objects.count() == 6_000


# --- what the database holds by itself ---


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE disclosure_importedcase SET unit = 'Bexley'", "permission denied"),
        ("DELETE FROM disclosure_importedcase", "permission denied"),
        ("TRUNCATE disclosure_importedcase CASCADE", "permission denied"),
        ("UPDATE disclosure_importedoffence SET line = 1", "permission denied"),
        ("DELETE FROM disclosure_importedoffence", "permission denied"),
        ("DELETE FROM disclosure_importreject", "permission denied"),
        ("DELETE FROM disclosure_importbatch", "permission denied"),
        ("UPDATE disclosure_importbatch SET completed_at = NULL", "is complete: it cannot be changed"),
        ("UPDATE disclosure_importbatch SET cases = 9", "is complete: it cannot be changed"),
    ],
)
def test_the_application_cannot_change_what_was_imported(
    cast: Cast, tmp_path: Path, statement: str, expected: str
) -> None:
    importing(written(tmp_path, *ROWS))
    with pytest.raises(DatabaseError, match=expected), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_its_owner_cannot_either_while_the_triggers_are_on(officers: Cast, tmp_path: Path, owner: Connection) -> None:
    importing(written(tmp_path, *ROWS))
    for statement in (
        "UPDATE disclosure_importedcase SET unit = 'Bexley'",
        "DELETE FROM disclosure_importedoffence",
        "DELETE FROM disclosure_importreject",
        "TRUNCATE disclosure_importbatch CASCADE",
        "UPDATE disclosure_importbatch SET lines_done = 1",
    ):
        with pytest.raises(psycopg.errors.IntegrityError):
            owner.execute(statement)


@pytest.mark.parametrize("is_complete", [False, True])
def test_a_complete_batch_takes_no_more_rows(cast: Cast, tmp_path: Path, is_complete: bool) -> None:
    path = written(tmp_path, *ROWS)
    if is_complete:
        importing(path)
    else:
        with pytest.raises(Cut):
            importing(path, cut_at=11)
    batch, case = ImportBatch.objects.get(), ImportedCase.objects.order_by("line").first()
    assert case
    alike: dict[str, Any] = {"batch": batch, "line": 99, "offence_type_id": "8/26", "row_digest": b""}
    alike["encouraging_or_assisting"] = True
    more: list[Callable[[], object]] = [
        lambda: ImportedCase.objects.create(reference="Z", force_id="01", issued_on=date(2020, 2, 1), **alike),
        lambda: ImportedOffence.objects.create(case=case, **alike),
        lambda: ImportReject.objects.create(batch=batch, line=99, reason="…"),
    ]
    for add in more:
        with transaction.atomic():
            if is_complete:
                with pytest.raises(DatabaseError, match="a complete import takes no more rows"), transaction.atomic():
                    add()
            else:
                add()
